/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/lstsq.h>
#include <abnorm/thin.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Complete rows of y and the shifted columns. */
typedef struct rows {
    size_t n, columns;
    double *y;
    const double **x; /* columns of n */
    double *block;
} rows;

static void rows_free(rows *r)
{
    free(r->block);
    free(r->x);
}

static abn_status rows_take(rows *r, const double *y, const double *const *x, size_t columns,
                            size_t n, abn_error *err)
{
    *r = (rows){.columns = columns,
                .block = calloc((columns + 1) * n + 1, sizeof *r->block),
                .x = calloc(columns, sizeof *r->x)};
    if (!r->block || !r->x) return abn_fail_memory(err);
    r->y = r->block;
    for (size_t j = 0; j < columns; j++)
        r->x[j] = r->block + (j + 1) * n;
    for (size_t t = 0; t < n; t++) {
        bool whole = !isnan(y[t]);
        for (size_t j = 0; j < columns; j++)
            whole = whole && !isnan(x[j][t]);
        if (!whole) continue;
        r->y[r->n] = y[t];
        for (size_t j = 0; j < columns; j++)
            r->block[(j + 1) * n + r->n] = x[j][t];
        r->n++;
    }
    if (r->n <= columns + 1)
        return abn_fail(err, ABN_HISTORY, "%zu rows beside all neighbours for %zu coefficients",
                        r->n, columns + 1);
    return ABN_OK;
}

static double mean_of(const double *v, size_t n)
{
    double sum = 0;
    for (size_t t = 0; t < n; t++)
        sum += v[t];
    return sum / (double)n;
}

static double product_about(const double *a, const double *b, size_t n)
{
    double mean_a = mean_of(a, n), mean_b = mean_of(b, n), sum = 0;
    for (size_t t = 0; t < n; t++)
        sum += (a[t] - mean_a) * (b[t] - mean_b);
    return sum;
}

/* The line through the means with slope `beta`, whose variance is `spread` sigma^2. */
static void line_of(const rows *r, double beta, double spread, size_t params, abn_thin *out)
{
    const double *x = r->x[r->columns / 2];
    double mean_x = mean_of(x, r->n), sse = 0;
    double total = product_about(r->y, r->y, r->n);
    out->beta = beta;
    out->alpha = mean_of(r->y, r->n) - beta * mean_x;
    for (size_t t = 0; t < r->n; t++) {
        double e = r->y[t] - out->alpha - beta * x[t];
        sse += e * e;
    }
    out->inverse[0] = 1 / (double)r->n + mean_x * mean_x * spread;
    out->inverse[1] = out->inverse[2] = -mean_x * spread;
    out->inverse[3] = spread;
    out->n = r->n;
    out->params = params;
    out->sigma = sqrt(sse / (double)(r->n - params));
    out->r_squared = total > 0 ? 1 - sse / total : NAN;
    out->raw_beta = product_about(x, r->y, r->n) / product_about(x, x, r->n);
}

static bool varies(const double *x, size_t n)
{
    double top = 0;
    for (size_t t = 0; t < n; t++)
        top = fmax(top, fabs(x[t]));
    return product_about(x, x, n) > 1e-24 * top * top * (double)n;
}

abn_status abn_thin_scholes_williams(const double *y, const double *const *shifted, size_t n,
                                     abn_thin *out, abn_error *err)
{
    rows r;
    abn_status status = rows_take(&r, y, shifted, 3, n, err);
    if (status) goto done;
    double slopes = 0, own = 0, with = 0, square = 0;
    for (size_t j = 0; j < 3; j++) {
        if (!varies(r.x[j], r.n)) {
            status = abn_fail(err, ABN_SINGULAR, "the benchmark's return does not vary");
            goto done;
        }
        double variance = product_about(r.x[j], r.x[j], r.n);
        slopes += product_about(r.x[j], r.y, r.n) / variance;
        own += product_about(r.x[j], r.x[1], r.n) / variance;
        with += product_about(r.x[1], r.x[j], r.n);
        for (size_t i = 0; i < 3; i++)
            square += product_about(r.x[i], r.x[j], r.n);
    }
    if (!(own > .05)) {
        status = abn_fail(err, ABN_SINGULAR, "the benchmark's 1 + 2 rho is %.3g", own);
        goto done;
    }
    line_of(&r, slopes / own, square / (with * with), 2, out);
done:
    rows_free(&r);
    return status;
}

abn_status abn_thin_dimson(const double *y, const double *const *shifted, size_t reach, size_t n,
                           abn_thin *out, abn_error *err)
{
    size_t columns = 2 * reach + 1;
    rows r;
    abn_lstsq *fit = NULL;
    abn_status status = rows_take(&r, y, shifted, columns, n, err);
    if (status) goto done;
    fit = abn_lstsq_new(r.n, columns + 1);
    status = fit ? abn_lstsq_fit(fit, r.y, r.n, r.x, columns, true, err) : abn_fail_memory(err);
    if (status) goto done;
    double beta = 0, spread = 0;
    for (size_t i = 1; i <= columns; i++) {
        beta += fit->coef[i];
        for (size_t j = 1; j <= columns; j++)
            spread += fit->inverse[i * fit->k + j];
    }
    line_of(&r, beta, spread, columns + 1, out);
done:
    abn_lstsq_free(fit);
    rows_free(&r);
    return status;
}
