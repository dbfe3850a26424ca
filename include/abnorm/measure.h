/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an event study can measure beside returns: how much was traded, and how wide prices swung.
 */
#ifndef ABNORM_MEASURE_H
#define ABNORM_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

typedef enum abn_measure {
    ABN_MEASURE_RETURN,
    ABN_MEASURE_LOG_VOLUME,   /* log of volume (Ajinkya, Jain 1989) */
    ABN_MEASURE_VOLUME_SHARE, /* volume; the study divides it by the estimation window's mean and
                                 takes one off (Beaver 1968; Campbell, Wasley 1996) */
    ABN_MEASURE_RANGE,        /* log(high / low), the day's range (Parkinson 1980) */
    ABN_MEASURE_ABSOLUTE      /* |log(close / close before)|, where there are no highs and lows */
} abn_measure;

/* "return", "log_volume", "volume_share", "range", "absolute_return"; false when it is none. */
bool abn_measure_parse(const char *name, abn_measure *out);

/* Fill `out` (n) from a listing's columns (n each, NaN missing; NULL: none at all). What cannot be
 * measured is NaN: no volume, a volume of zero for its log, a high below its low. A return measure
 * gives NaN throughout: returns are not a measure of one day's row. */
void abn_measure_fill(abn_measure measure, const double *close, const double *high,
                      const double *low, const double *volume, size_t n, double *out);

#endif
