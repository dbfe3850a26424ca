/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The models that need no more than means. */
#include "models.h"
#include <math.h>
#include <string.h>

static double mean_of(const double *v, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += v[i];
    double mean = sum / (double)n, rest = 0;
    for (size_t i = 0; i < n; i++)
        rest += v[i] - mean;
    return mean + rest / (double)n;
}

static double squares_about(const double *v, size_t n, double centre)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (v[i] - centre) * (v[i] - centre);
    return sum;
}

abn_status abn_fit_mean(const abn_design *d, double *scratch, abn_fit *fit, abn_error *err)
{
    (void)scratch;
    if (d->n < 2) return abn_fail(err, ABN_HISTORY, "a mean needs two returns");
    double mean = mean_of(d->y, d->n);
    fit->coef[0] = mean;
    fit->cov[0] = 1 / (double)d->n;
    fit->n = d->n;
    fit->params = 1;
    fit->sigma = sqrt(squares_about(d->y, d->n, mean) / (double)(d->n - 1));
    fit->r_squared = 0;
    return ABN_OK;
}

abn_status abn_fit_market_adjusted(const abn_design *d, double *scratch, abn_fit *fit,
                                   abn_error *err)
{
    (void)scratch;
    if (d->n < 2) return abn_fail(err, ABN_HISTORY, "a standard deviation needs two returns");
    double mean = 0, squares = 0;
    for (size_t i = 0; i < d->n; i++)
        mean += d->y[i] - d->x[0][i];
    mean /= (double)d->n;
    for (size_t i = 0; i < d->n; i++) {
        double e = d->y[i] - d->x[0][i] - mean;
        squares += e * e;
    }
    memset(fit->coef, 0, (d->k + 1) * sizeof *fit->coef);
    memset(fit->cov, 0, (d->k + 1) * (d->k + 1) * sizeof *fit->cov);
    fit->coef[1] = 1;
    fit->n = d->n;
    fit->params = 1;
    fit->sigma = sqrt(squares / (double)(d->n - 1));
    fit->r_squared = NAN;
    return ABN_OK;
}
