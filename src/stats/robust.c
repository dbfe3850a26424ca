/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/robust.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TUNE            1.345
#define NORMAL_QUARTILE .6745 /* so that the scale is that of a normal's standard deviation */

enum { ROUNDS = 500 };

typedef struct workspace {
    double *block;
    double *leverage;  /* n: 1 / sqrt(1 - h) */
    double *size;      /* n: sorted |residual| */
    double *root;      /* n: square root of the weights */
    double *y;         /* n: weighted */
    double *x;         /* n x k, weighted, the constant's column first */
    const double **at; /* k: its columns */
    double *coef;      /* k */
    abn_lstsq *weighted;
} workspace;

static bool workspace_make(workspace *w, size_t n, size_t k)
{
    *w = (workspace){.block = calloc(4 * n + n * k + k, sizeof *w->block),
                     .at = calloc(k, sizeof *w->at),
                     .weighted = abn_lstsq_new(n, k)};
    if (!w->block || !w->at || !w->weighted) return false;
    w->leverage = w->block, w->size = w->leverage + n, w->root = w->size + n;
    w->y = w->root + n, w->x = w->y + n, w->coef = w->x + n * k;
    for (size_t j = 0; j < k; j++)
        w->at[j] = w->x + j * n;
    return true;
}

static void workspace_free(workspace *w)
{
    free(w->block);
    free(w->at);
    abn_lstsq_free(w->weighted);
}

static void find_leverage(workspace *w, const abn_lstsq *fit, const double *const *x)
{
    size_t n = fit->n, k = fit->k;
    double *point = w->coef;
    for (size_t t = 0; t < n; t++) {
        point[0] = 1;
        for (size_t j = 1; j < k; j++)
            point[j] = x[j - 1][t];
        double h = fmin(abn_lstsq_leverage(fit, point), .9999);
        w->leverage[t] = 1 / sqrt(1 - h);
    }
}

/* Median absolute residual, of those divided by sqrt(1 - h) if asked, over the normal's. */
static double median_scale(workspace *w, const double *residual, bool divided, size_t n, size_t k)
{
    for (size_t t = 0; t < n; t++)
        w->size[t] = fabs(residual[t]) * (divided ? w->leverage[t] : 1);
    gsl_sort(w->size, 1, n);
    /* k residuals of the fit may be zero by construction. */
    const double *from = w->size + k - 1;
    size_t m = n - k + 1;
    return (m % 2 ? from[m / 2] : (from[m / 2 - 1] + from[m / 2]) / 2) / NORMAL_QUARTILE;
}

static void find_residuals(double *residual, const double *y, size_t n, const double *const *x,
                           size_t k, const double *coef)
{
    for (size_t t = 0; t < n; t++) {
        residual[t] = y[t] - coef[0];
        for (size_t j = 1; j < k; j++)
            residual[t] -= coef[j] * x[j - 1][t];
    }
}

/* One weighted fit; `fit->coef` is moved to it. The largest change relative to its coefficient. */
static abn_status reweigh(workspace *w, abn_lstsq *fit, const double *y, const double *const *x,
                          double scale, double *change, abn_error *err)
{
    size_t n = fit->n, k = fit->k;
    for (size_t t = 0; t < n; t++) {
        double u = fabs(fit->residual[t]) * w->leverage[t] / (scale * TUNE);
        double root = u <= 1 ? 1 : sqrt(1 / u);
        w->y[t] = y[t] * root;
        for (size_t j = 0; j < k; j++)
            w->x[j * n + t] = root * (j == 0 ? 1 : x[j - 1][t]);
    }
    abn_status status = abn_lstsq_fit(w->weighted, w->y, n, w->at, k, false, err);
    if (status) return status;
    *change = 0;
    for (size_t j = 0; j < k; j++) {
        double step = fabs(w->weighted->coef[j] - fit->coef[j]);
        *change = fmax(*change, step / fit->se[j]);
        fit->coef[j] = w->weighted->coef[j];
    }
    find_residuals(fit->residual, y, n, x, k, fit->coef);
    return ABN_OK;
}

/* The residual deviation whose square, times (X'X)^-1, is the estimate's covariance. */
static double robust_sigma(const workspace *w, const abn_lstsq *fit, double scale, double plain)
{
    size_t n = fit->n, k = fit->k;
    double slope = 0, squares = 0, count = (double)n, params = (double)k;
    for (size_t t = 0; t < n; t++) {
        double u = fit->residual[t] * w->leverage[t] / (scale * TUNE);
        double psi = fmin(fmax(u, -1), 1);
        slope += fabs(u) < 1;
        squares += psi * psi / (w->leverage[t] * w->leverage[t]);
    }
    slope /= count;
    double lambda = 1 + params / count * (1 - slope) / slope;
    double own = lambda * sqrt(squares / (count - params)) * scale * TUNE / slope;
    double mixed =
        (plain * plain * params * params + own * own * count) / (params * params + count);
    return fmax(own, sqrt(mixed));
}

static double sum_squares(const double *v, size_t n, double centre)
{
    double sum = 0;
    for (size_t t = 0; t < n; t++)
        sum += (v[t] - centre) * (v[t] - centre);
    return sum;
}

static void take(workspace *w, abn_lstsq *fit, const double *y, double scale)
{
    double mean = 0, plain = fit->sigma;
    for (size_t t = 0; t < fit->n; t++)
        mean += y[t] / (double)fit->n;
    fit->sigma = robust_sigma(w, fit, scale, plain);
    fit->sse = sum_squares(fit->residual, fit->n, 0);
    fit->r_squared = 1 - fit->sse / sum_squares(y, fit->n, mean);
    for (size_t j = 0; j < fit->k; j++)
        fit->se[j] = fit->sigma * sqrt(fit->inverse[j * fit->k + j]);
}

abn_status abn_robust_fit(abn_lstsq *fit, const double *y, size_t n, const double *const *x,
                          size_t columns, abn_error *err)
{
    size_t k = columns + 1;
    workspace w = {0};
    double change = HUGE_VAL, scale = 0;
    abn_status status = abn_lstsq_fit(fit, y, n, x, columns, true, err);
    if (status) return status;
    if (!workspace_make(&w, n, k)) {
        status = abn_fail_memory(err);
        goto done;
    }
    find_leverage(&w, fit, x);
    for (int round = 0; round < ROUNDS && change > 1e-10; round++) {
        scale = median_scale(&w, fit->residual, true, n, k);
        /* Half of the residuals are zero: the line through those is the estimate. */
        if (!(scale > 1e-10 * fit->sigma)) break;
        if ((status = reweigh(&w, fit, y, x, scale, &change, err))) goto done;
    }
    if (!(scale > 1e-10 * fit->sigma) || change > 1e-10) {
        status = abn_fail(err, ABN_CONVERGENCE, "the robust regression's weights do not settle");
        goto done;
    }
    take(&w, fit, y, median_scale(&w, fit->residual, false, n, k));
done:
    workspace_free(&w);
    return status;
}
