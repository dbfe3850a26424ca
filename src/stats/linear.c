/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Least squares on one window: Householder triangularisation, so that nearly collinear factors keep
 * their digits. */
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

size_t abn_least_squares_scratch(size_t n, size_t k, size_t reach, size_t window)
{
    (void)reach, (void)window;
    size_t p = k + 1;
    return n * (p + 2) + p * p + 4 * p;
}

/* Reflect column j of the n x p matrix `a` (by columns) onto the j-th axis, and all after it and
 * `b` likewise. The reflector stays below the diagonal, its head in `head`; R's diagonal is
 * returned. */
static double reflect(double *a, size_t n, size_t p, size_t j, double *head)
{
    double *v = a + j * n, norm = 0;
    for (size_t i = j; i < n; i++)
        norm = hypot(norm, v[i]);
    if (norm == 0) return 0;
    double alpha = v[j] > 0 ? -norm : norm;
    *head = v[j] - alpha;
    double scale = -alpha * *head; /* |u|^2 / 2 */
    for (size_t c = j + 1; c < p; c++) {
        double *w = a + c * n, dot = *head * w[j];
        for (size_t i = j + 1; i < n; i++)
            dot += v[i] * w[i];
        dot /= scale;
        w[j] -= dot * *head;
        for (size_t i = j + 1; i < n; i++)
            w[i] -= dot * v[i];
    }
    return alpha;
}

static void apply(const double *a, size_t n, size_t p, const double *head, const double *diag,
                  double *b)
{
    for (size_t j = 0; j < p; j++) {
        const double *v = a + j * n;
        double dot = head[j] * b[j];
        for (size_t i = j + 1; i < n; i++)
            dot += v[i] * b[i];
        dot /= -diag[j] * head[j];
        b[j] -= dot * head[j];
        for (size_t i = j + 1; i < n; i++)
            b[i] -= dot * v[i];
    }
}

static void solve_upper(const double *a, size_t n, size_t p, const double *diag, const double *b,
                        double *x)
{
    for (size_t j = p; j-- > 0;) {
        double sum = b[j];
        for (size_t c = j + 1; c < p; c++)
            sum -= a[c * n + j] * x[c];
        x[j] = sum / diag[j];
    }
}

/* (R'R)^-1 from R, by columns of R^-1. */
static void invert_gram(const double *a, size_t n, size_t p, const double *diag, double *inverse,
                        double *cov)
{
    for (size_t c = 0; c < p; c++)
        for (size_t j = p; j-- > 0;) {
            double sum = j == c ? 1 : 0;
            for (size_t i = j + 1; i < p; i++)
                sum -= a[i * n + j] * inverse[i * p + c];
            inverse[j * p + c] = sum / diag[j];
        }
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++) {
            double sum = 0;
            for (size_t c = i > j ? i : j; c < p; c++)
                sum += inverse[i * p + c] * inverse[j * p + c];
            cov[i * p + j] = sum;
        }
}

static void residuals_of(const abn_design *d, const double *coef, double *e)
{
    for (size_t i = 0; i < d->n; i++)
        e[i] = d->y[i] - coef[0];
    for (size_t j = 0; j < d->k; j++)
        for (size_t i = 0; i < d->n; i++)
            e[i] -= coef[j + 1] * d->x[j][i];
}

abn_status abn_fit_least_squares(const abn_design *d, double *scratch, abn_fit *fit, abn_error *err)
{
    size_t n = d->n, p = d->k + 1;
    if (n <= p) return abn_fail(err, ABN_HISTORY, "no more returns than coefficients");
    double *a = scratch, *e = a + n * p, *b = e + n, *inverse = b + n;
    double *head = inverse + p * p, *diag = head + p, *coef = diag + p, *step = coef + p;
    for (size_t i = 0; i < n; i++)
        a[i] = 1;
    for (size_t j = 0; j < d->k; j++)
        memcpy(a + (j + 1) * n, d->x[j], n * sizeof *a);
    for (size_t j = 0; j < p; j++) {
        double length = sqrt(squares_about(a + j * n, n, 0));
        diag[j] = reflect(a, n, p, j, head + j);
        if (!(fabs(diag[j]) > 1e-13 * length))
            return abn_fail(err, ABN_SINGULAR, "regressors are constant or collinear");
    }
    memset(coef, 0, p * sizeof *coef);
    /* The second turn fits what rounding left of the first. */
    for (int turn = 0; turn < 2; turn++) {
        residuals_of(d, coef, b);
        apply(a, n, p, head, diag, b);
        solve_upper(a, n, p, diag, b, step);
        for (size_t j = 0; j < p; j++)
            coef[j] += step[j];
    }
    residuals_of(d, coef, e);
    double sse = squares_about(e, n, 0);
    memcpy(fit->coef, coef, p * sizeof *coef);
    invert_gram(a, n, p, diag, inverse, fit->cov);
    fit->n = n;
    fit->params = p;
    fit->sigma = sqrt(sse / (double)(n - p));
    fit->r_squared = 1 - sse / squares_about(d->y, n, mean_of(d->y, n));
    return ABN_OK;
}
