/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/measure.h>
#include <math.h>
#include <string.h>

bool abn_measure_parse(const char *name, abn_measure *out)
{
    static const char *const names[] = {"return", "log_volume", "volume_share", "range",
                                        "absolute_return"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0) {
            *out = (abn_measure)i;
            return true;
        }
    return false;
}

static double log_of(double x)
{
    return x > 0 ? log(x) : NAN;
}

void abn_measure_fill(abn_measure measure, const double *close, const double *high,
                      const double *low, const double *volume, size_t n, double *out)
{
    double before = NAN;
    for (size_t t = 0; t < n; t++) {
        out[t] = NAN;
        if (measure == ABN_MEASURE_LOG_VOLUME && volume) out[t] = log_of(volume[t]);
        if (measure == ABN_MEASURE_VOLUME_SHARE && volume && volume[t] >= 0) out[t] = volume[t];
        if (measure == ABN_MEASURE_RANGE && high && low && high[t] >= low[t])
            out[t] = log_of(high[t]) - log_of(low[t]);
        if (measure != ABN_MEASURE_ABSOLUTE || !close || isnan(close[t])) continue;
        out[t] = fabs(log_of(close[t]) - log_of(before));
        before = close[t];
    }
}
