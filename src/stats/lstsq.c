/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact.h"
#include <abnorm/lstsq.h>
#include <float.h>
#include <gsl/gsl_blas.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* All in scaled units: a column, and y, times a power of two that brings its norm near one. */
struct abn_lstsq_scratch {
    size_t n_max, k_max;
    double *x;         /* n x k, by columns: the regressors */
    double *qr;        /* n x k, by rows: GSL's packed factors */
    double *tau;       /* k */
    double *y;         /* n */
    double *r;         /* n: refined residuals */
    double *f;         /* n: y - r - Xb, then Q'f */
    double *b, *g, *z; /* k: coefficients; -X'r; work */
    double *norm;      /* k: each column's norm */
    double *scale;     /* k + 1: what each column, and y, was multiplied by */
};

static size_t words(size_t bytes)
{
    return (bytes + sizeof(double) - 1) / sizeof(double);
}

size_t abn_lstsq_room(size_t n, size_t k)
{
    size_t heads = words(sizeof(abn_lstsq)) + words(sizeof(struct abn_lstsq_scratch));
    return heads + 2 * n * k + 4 * n + k * k + 8 * k + 1;
}

abn_lstsq *abn_lstsq_place(double *room, size_t n, size_t k)
{
    abn_lstsq *fit = (void *)room;
    struct abn_lstsq_scratch *s = (void *)(room + words(sizeof *fit));
    fit->scratch = s;
    s->n_max = n, s->k_max = k;
    s->x = room + words(sizeof *fit) + words(sizeof *s), s->qr = s->x + n * k;
    s->y = s->qr + n * k, s->r = s->y + n, s->f = s->r + n, s->tau = s->f + n;
    s->b = s->tau + k, s->g = s->b + k, s->z = s->g + k;
    s->norm = s->z + k, s->scale = s->norm + k;
    fit->n = fit->k = 0;
    fit->coef = s->scale + k + 1, fit->se = fit->coef + k;
    fit->inverse = fit->se + k, fit->residual = fit->inverse + k * k;
    return fit;
}

abn_lstsq *abn_lstsq_new(size_t n, size_t k)
{
    if (n == 0 || k == 0 || k > 4096 || n > (SIZE_MAX / 64) / (k + 1)) return NULL;
    double *room = calloc(abn_lstsq_room(n, k), sizeof *room);
    return room ? abn_lstsq_place(room, n, k) : NULL;
}

void abn_lstsq_free(abn_lstsq *fit)
{
    free(fit);
}

static abn_status check(const abn_lstsq *fit, const double *y, size_t n, const double *const *x,
                        size_t columns, size_t k, abn_error *err)
{
    if (k == 0) return abn_fail(err, ABN_USAGE, "a regression needs a regressor");
    if (n > fit->scratch->n_max || k > fit->scratch->k_max)
        return abn_fail(err, ABN_USAGE, "a regression of %zu on %zu is larger than its room", n, k);
    if (n <= k) return abn_fail(err, ABN_HISTORY, "%zu observations for %zu coefficients", n, k);
    bool finite = abn_all_finite(y, n);
    for (size_t j = 0; finite && j < columns; j++)
        finite = abn_all_finite(x[j], n);
    if (!finite) return abn_fail(err, ABN_DATA, "a value of the regression is not finite");
    return ABN_OK;
}

/* Copy one column, scaled, to where the residuals need it and to where QR destroys it. */
static void put_column(struct abn_lstsq_scratch *s, const double *from, size_t n, size_t k,
                       size_t j)
{
    double *column = s->x + j * n, scale = from ? abn_scale_of(from, n) : 1, sum = 0;
    for (size_t t = 0; t < n; t++) {
        column[t] = from ? from[t] * scale : 1;
        s->qr[t * k + j] = column[t];
        sum += column[t] * column[t];
    }
    s->scale[j] = scale;
    s->norm[j] = sqrt(sum);
}

static void put(struct abn_lstsq_scratch *s, const double *y, size_t n, const double *const *x,
                size_t k, bool constant)
{
    if (constant) put_column(s, NULL, n, k, 0);
    for (size_t j = constant ? 1 : 0; j < k; j++)
        put_column(s, x[constant ? j - 1 : j], n, k, j);
    s->scale[k] = abn_scale_of(y, n);
    for (size_t t = 0; t < n; t++)
        s->y[t] = y[t] * s->scale[k];
    memset(s->r, 0, n * sizeof *s->r);
    memset(s->b, 0, k * sizeof *s->b);
}

/* What is left of a column after those before it, against its norm. */
static bool singular(const struct abn_lstsq_scratch *s, size_t n, size_t k)
{
    double tolerance = 8 * DBL_EPSILON * (double)n;
    for (size_t j = 0; j < k; j++)
        if (!(fabs(s->qr[j * k + j]) > tolerance * s->norm[j])) return true;
    return false;
}

static void defects(struct abn_lstsq_scratch *s, size_t n, size_t k)
{
    for (size_t t = 0; t < n; t++) {
        abn_exact sum = {s->y[t], 0};
        abn_exact_add(&sum, -s->r[t]);
        for (size_t j = 0; j < k; j++)
            abn_exact_add_product(&sum, -s->b[j], s->x[j * n + t]);
        s->f[t] = abn_exact_value(&sum);
    }
    for (size_t j = 0; j < k; j++) {
        abn_exact sum = {0, 0};
        for (size_t t = 0; t < n; t++)
            abn_exact_add_product(&sum, -s->r[t], s->x[j * n + t]);
        s->g[j] = abn_exact_value(&sum);
    }
}

/* One correction of the system r + Xb = y, X'r = 0, from its defects. Returns the largest change of
 * a coefficient relative to it. */
static double refine(struct abn_lstsq_scratch *s, size_t n, size_t k)
{
    gsl_matrix_view qr = gsl_matrix_view_array(s->qr, n, k);
    gsl_matrix_view top = gsl_matrix_submatrix(&qr.matrix, 0, 0, k, k);
    gsl_vector_view tau = gsl_vector_view_array(s->tau, k), f = gsl_vector_view_array(s->f, n);
    gsl_vector_view g = gsl_vector_view_array(s->g, k), z = gsl_vector_view_array(s->z, k);
    double change = 0;
    defects(s, n, k);
    gsl_blas_dtrsv(CblasUpper, CblasTrans, CblasNonUnit, &top.matrix, &g.vector);
    gsl_linalg_QR_QTvec(&qr.matrix, &tau.vector, &f.vector);
    for (size_t j = 0; j < k; j++) {
        s->z[j] = s->f[j] - s->g[j];
        s->f[j] = s->g[j];
    }
    gsl_blas_dtrsv(CblasUpper, CblasNoTrans, CblasNonUnit, &top.matrix, &z.vector);
    gsl_linalg_QR_Qvec(&qr.matrix, &tau.vector, &f.vector);
    for (size_t t = 0; t < n; t++)
        s->r[t] += s->f[t];
    for (size_t j = 0; j < k; j++) {
        s->b[j] += s->z[j];
        if (s->z[j] != 0) change = fmax(change, fabs(s->z[j]) / fmax(fabs(s->b[j]), DBL_MIN));
    }
    return change;
}

/* (X'X)^-1 = R^-1 R^-T, in the caller's units. */
static void invert(abn_lstsq *fit, size_t n, size_t k)
{
    struct abn_lstsq_scratch *s = fit->scratch;
    gsl_matrix_view qr = gsl_matrix_view_array(s->qr, n, k);
    gsl_matrix_view top = gsl_matrix_submatrix(&qr.matrix, 0, 0, k, k);
    gsl_vector_view z = gsl_vector_view_array(s->z, k);
    for (size_t j = 0; j < k; j++) {
        memset(s->z, 0, k * sizeof *s->z);
        s->z[j] = 1;
        gsl_blas_dtrsv(CblasUpper, CblasTrans, CblasNonUnit, &top.matrix, &z.vector);
        gsl_blas_dtrsv(CblasUpper, CblasNoTrans, CblasNonUnit, &top.matrix, &z.vector);
        for (size_t i = 0; i < k; i++)
            fit->inverse[i * k + j] = s->z[i] * s->scale[i] * s->scale[j];
    }
}

static double squares_about(const double *v, size_t n, double centre)
{
    abn_exact sum = {0, 0};
    for (size_t t = 0; t < n; t++)
        abn_exact_add_product(&sum, v[t] - centre, v[t] - centre);
    return abn_exact_value(&sum);
}

static double mean_of(const double *v, size_t n)
{
    abn_exact sum = {0, 0};
    for (size_t t = 0; t < n; t++)
        abn_exact_add(&sum, v[t]);
    return abn_exact_value(&sum) / (double)n;
}

static void take(abn_lstsq *fit, size_t n, size_t k, bool constant)
{
    const struct abn_lstsq_scratch *s = fit->scratch;
    double unit = s->scale[k], total = squares_about(s->y, n, constant ? mean_of(s->y, n) : 0);
    double sse = squares_about(s->r, n, 0);
    fit->n = n, fit->k = k;
    fit->sse = sse / unit / unit;
    fit->sigma = sqrt(sse / (double)(n - k)) / unit;
    fit->r_squared = total > 0 ? 1 - sse / total : NAN;
    for (size_t t = 0; t < n; t++)
        fit->residual[t] = s->r[t] / unit;
    invert(fit, n, k);
    for (size_t j = 0; j < k; j++) {
        fit->coef[j] = s->b[j] * s->scale[j] / unit;
        fit->se[j] = fit->sigma * sqrt(fit->inverse[j * k + j]);
    }
}

abn_status abn_lstsq_fit(abn_lstsq *fit, const double *y, size_t n, const double *const *x,
                         size_t columns, bool constant, abn_error *err)
{
    struct abn_lstsq_scratch *s = fit->scratch;
    size_t k = columns + (constant ? 1 : 0);
    abn_status status = check(fit, y, n, x, columns, k, err);
    if (status) return status;
    put(s, y, n, x, k, constant);
    gsl_matrix_view qr = gsl_matrix_view_array(s->qr, n, k);
    gsl_vector_view tau = gsl_vector_view_array(s->tau, k);
    gsl_linalg_QR_decomp(&qr.matrix, &tau.vector);
    if (singular(s, n, k))
        return abn_fail(err, ABN_SINGULAR, "a regressor is constant or a combination of others");
    double last = HUGE_VAL;
    for (int i = 0; i < 12; i++) {
        double change = refine(s, n, k);
        if (i > 0 && (change <= DBL_EPSILON || change > last / 2)) break;
        if (i > 0) last = change;
    }
    take(fit, n, k, constant);
    return ABN_OK;
}

double abn_lstsq_leverage(const abn_lstsq *fit, const double *point)
{
    double sum = 0;
    for (size_t i = 0; i < fit->k; i++)
        for (size_t j = 0; j < fit->k; j++)
            sum += point[i] * fit->inverse[i * fit->k + j] * point[j];
    return sum;
}
