/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The estimators that are more than a running sum, as fit functions of the registry of models. */
#include "models.h"
#include <abnorm/donors.h>
#include <abnorm/garch.h>
#include <abnorm/lstsq.h>
#include <abnorm/robust.h>
#include <abnorm/thin.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

size_t abn_least_squares_scratch(size_t n, size_t k, size_t reach, size_t window)
{
    (void)reach, (void)window;
    return abn_lstsq_room(n, k + 1);
}

static void take_line(const abn_lstsq *line, abn_fit *fit)
{
    memcpy(fit->coef, line->coef, line->k * sizeof *fit->coef);
    memcpy(fit->cov, line->inverse, line->k * line->k * sizeof *fit->cov);
    fit->n = line->n;
    fit->params = line->k;
    fit->sigma = line->sigma;
    fit->r_squared = line->r_squared;
}

abn_status abn_fit_least_squares(const abn_design *d, double *scratch, abn_fit *fit, abn_error *err)
{
    abn_lstsq *line = abn_lstsq_place(scratch, d->n, d->k + 1);
    abn_status status = abn_lstsq_fit(line, d->y, d->n, d->x, d->k, true, err);
    if (!status) take_line(line, fit);
    return status;
}

abn_status abn_fit_robust(const abn_design *d, double *scratch, abn_fit *fit, abn_error *err)
{
    abn_lstsq *line = abn_lstsq_place(scratch, d->n, d->k + 1);
    abn_status status = abn_robust_fit(line, d->y, d->n, d->x, d->k, err);
    if (!status) take_line(line, fit);
    return status;
}

static void take_thin(const abn_thin *thin, abn_fit *fit)
{
    fit->coef[0] = thin->alpha, fit->coef[1] = thin->beta;
    memcpy(fit->cov, thin->inverse, sizeof thin->inverse);
    fit->n = thin->n;
    fit->params = thin->params;
    fit->sigma = thin->sigma;
    fit->r_squared = thin->r_squared;
}

abn_status abn_fit_scholes_williams(const abn_design *d, double *scratch, abn_fit *fit,
                                    abn_error *err)
{
    abn_thin thin;
    (void)scratch;
    abn_status status = abn_thin_scholes_williams(d->y, d->shifted, d->n, &thin, err);
    if (!status) take_thin(&thin, fit);
    return status;
}

abn_status abn_fit_dimson(const abn_design *d, double *scratch, abn_fit *fit, abn_error *err)
{
    abn_thin thin;
    (void)scratch;
    abn_status status = abn_thin_dimson(d->y, d->shifted, d->reach, d->n, &thin, err);
    if (!status) take_thin(&thin, fit);
    return status;
}

static double squares_about(const double *v, size_t n, double centre)
{
    double sum = 0;
    for (size_t t = 0; t < n; t++)
        sum += (v[t] - centre) * (v[t] - centre);
    return sum;
}

static double mean_of(const double *v, size_t n)
{
    double sum = 0;
    for (size_t t = 0; t < n; t++)
        sum += v[t];
    return sum / (double)n;
}

/* Coefficients and their covariance in units of the mean residual variance, so that sigma has the
 * meaning it has for least squares; the variance parameters go to the extras: their values, their
 * standard errors, and the log likelihood while there is room. */
static void take_garch(const abn_garch *g, const abn_design *d, abn_fit *fit)
{
    size_t k = g->k, p = g->params, extras = p - k;
    double sse = squares_about(g->residual, g->n, 0);
    double variance = sse / (double)(g->n - k);
    memcpy(fit->coef, g->coef, k * sizeof *fit->coef);
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            fit->cov[i * k + j] = g->cov[i * p + j] / variance;
    fit->n = g->n;
    fit->params = k;
    fit->sigma = sqrt(variance);
    fit->r_squared = 1 - sse / squares_about(d->y, d->n, mean_of(d->y, d->n));
    for (size_t i = 0; i < extras; i++) {
        fit->extra[i] = g->coef[k + i];
        fit->extra[extras + i] = g->se[k + i];
    }
    if (2 * extras < ABN_MODEL_EXTRAS) fit->extra[2 * extras] = g->log_likelihood;
    fit->note = g->constant ? "no ARCH effect in the estimation window: constant variance" : NULL;
}

static abn_status fit_garch(abn_garch_kind kind, const abn_design *d, abn_fit *fit, abn_error *err)
{
    int64_t days = d->gap - 1 + (int64_t)d->window;
    if (days < 0) days = 0;
    abn_garch *g = abn_garch_new(d->n, d->k + 1);
    double *ahead = calloc((size_t)days + 1, sizeof *ahead);
    abn_status status =
        g && ahead ? abn_garch_fit(g, kind, d->y, d->n, d->x, d->k, err) : abn_fail_memory(err);
    if (!status) {
        take_garch(g, d, fit);
        abn_garch_forecast(g, ahead, (size_t)days);
        for (size_t t = 0; fit->path && t < d->window; t++) {
            int64_t day = d->gap - 1 + (int64_t)t;
            fit->path[t] = day < 0 ? NAN : sqrt(ahead[day]) / fit->sigma;
        }
    }
    free(ahead);
    abn_garch_free(g);
    return status;
}

abn_status abn_fit_garch(const abn_design *d, double *scratch, abn_fit *fit, abn_error *err)
{
    (void)scratch;
    return fit_garch(ABN_GARCH, d, fit, err);
}

abn_status abn_fit_egarch(const abn_design *d, double *scratch, abn_fit *fit, abn_error *err)
{
    (void)scratch;
    return fit_garch(ABN_EGARCH, d, fit, err);
}

/* Given weights, or equal ones. */
static double share_of(const abn_design *d, size_t j)
{
    return d->weight ? d->weight[j] : 1 / (double)d->k;
}

/* Differences from the portfolio: their sd about the mean, as of market-adjusted returns. */
abn_status abn_fit_portfolio(const abn_design *d, double *scratch, abn_fit *fit, abn_error *err)
{
    double *gap = scratch;
    if (d->n < 2) return abn_fail(err, ABN_HISTORY, "a standard deviation needs two returns");
    for (size_t t = 0; t < d->n; t++) {
        double sum = 0;
        for (size_t j = 0; j < d->k; j++)
            sum += share_of(d, j) * d->x[j][t];
        gap[t] = d->y[t] - sum;
    }
    memset(fit->cov, 0, (d->k + 1) * (d->k + 1) * sizeof *fit->cov);
    fit->coef[0] = 0;
    for (size_t j = 0; j < d->k; j++)
        fit->coef[j + 1] = share_of(d, j);
    fit->n = d->n;
    fit->params = 1;
    fit->sigma = sqrt(squares_about(gap, d->n, mean_of(gap, d->n)) / (double)(d->n - 1));
    fit->r_squared =
        1 - squares_about(gap, d->n, 0) / squares_about(d->y, d->n, mean_of(d->y, d->n));
    return ABN_OK;
}

size_t abn_donors_scratch(size_t n, size_t k, size_t reach, size_t window)
{
    (void)reach, (void)window;
    return n + k + k * k;
}

abn_status abn_fit_synthetic(const abn_design *d, double *scratch, abn_fit *fit, abn_error *err)
{
    size_t k = d->k;
    double *weight = scratch, *inverse = weight + k;
    abn_donors out;
    abn_status status = abn_donors_fit(d->y, d->n, d->x, k, weight, inverse, &out, err);
    if (status) return status;
    fit->n = d->n;
    fit->params = out.held > 1 ? out.held - 1 : 1;
    if (fit->n <= fit->params)
        return abn_fail(err, ABN_HISTORY, "%zu rows for %zu weights", fit->n, out.held);
    memset(fit->cov, 0, (k + 1) * (k + 1) * sizeof *fit->cov);
    fit->coef[0] = 0;
    for (size_t i = 0; i < k; i++) {
        fit->coef[i + 1] = weight[i];
        for (size_t j = 0; j < k; j++)
            fit->cov[(i + 1) * (k + 1) + j + 1] = inverse[i * k + j];
    }
    fit->sigma = sqrt(out.sse / (double)(fit->n - fit->params));
    fit->r_squared = out.r_squared;
    return ABN_OK;
}
