/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/power.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

static bool is_share(double p)
{
    return p > 0 && p < 1;
}

/* Power at a distance of `shift` standard errors. */
static double power_at(double shift, double level)
{
    double z = gsl_cdf_ugaussian_Qinv(level / 2);
    return gsl_cdf_ugaussian_Q(z - shift) + gsl_cdf_ugaussian_Q(z + shift);
}

double abn_power_z(size_t n, double sigma, double effect, double level)
{
    if (n == 0 || !(sigma > 0) || !is_share(level)) return NAN;
    return power_at(fabs(effect) * sqrt((double)n) / sigma, level);
}

/* The distance at which power is reached; power grows with it from the level to one. */
static double shift_for(double power, double level)
{
    double low = 0, high = 1;
    while (power_at(high, level) < power && high < 1e3)
        high *= 2;
    for (int i = 0; i < 200 && high - low > 1e-15 * high; i++) {
        double middle = (low + high) / 2;
        if (power_at(middle, level) < power)
            low = middle;
        else
            high = middle;
    }
    return high;
}

double abn_power_effect(size_t n, double sigma, double power, double level)
{
    if (n == 0 || !(sigma > 0) || !is_share(level) || !is_share(power) || power <= level)
        return NAN;
    return shift_for(power, level) * sigma / sqrt((double)n);
}

size_t abn_power_events(double sigma, double effect, double power, double level)
{
    if (!(sigma > 0) || !(fabs(effect) > 0) || !is_share(level) || !is_share(power)) return 0;
    if (power <= level) return 1;
    double root = shift_for(power, level) * sigma / fabs(effect);
    double n = ceil(root * root * (1 - 1e-12));
    return n < 1 ? 1 : n < 1e15 ? (size_t)n : 0;
}
