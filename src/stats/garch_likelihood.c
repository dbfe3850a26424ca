/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "garch_likelihood.h"
#include <math.h>
#include <string.h>

/* E|z| of a standard normal: sqrt(2/pi). */
#define MEAN_ABS 0.79788456080286535588

#define LOG_TWO_PI 1.83787706640934548356

size_t abn_garch_problem_size(size_t n, size_t k, size_t p)
{
    return 2 * n + k + k * k + 3 * p + p * p;
}

void abn_garch_problem_set(abn_garch_problem *q, double *block)
{
    size_t n = q->n, k = q->k, p = q->p;
    q->e = block, q->h = q->e + n;
    q->start1 = q->h + n, q->start2 = q->start1 + k;
    q->s1 = q->start2 + k * k, q->s2 = q->s1 + p;
    q->z1 = q->s2 + p * p, q->u1 = q->z1 + p;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            double sum = 0;
            for (size_t t = 0; t < n; t++)
                sum += q->z[i * n + t] * q->z[j * n + t];
            q->start2[i * k + j] = 2 * sum / (double)n;
        }
}

static void residuals(abn_garch_problem *q, const double *theta)
{
    size_t n = q->n, k = q->k;
    double squares = 0;
    for (size_t t = 0; t < n; t++) {
        double e = q->y[t];
        for (size_t j = 0; j < k; j++)
            e -= theta[j] * q->z[j * n + t];
        q->e[t] = e;
        squares += e * e;
    }
    q->start = squares / (double)n;
    for (size_t j = 0; j < k; j++) {
        double sum = 0;
        for (size_t t = 0; t < n; t++)
            sum += q->e[t] * q->z[j * n + t];
        q->start1[j] = -2 * sum / (double)n;
    }
}

/* The derivatives below follow the recursions, term by term; only the lower triangle of s2 is kept.
 * Indices of the variance parameters start at k: omega, alpha, beta, gamma. */

static double first_garch(abn_garch_problem *q, const double *theta, int order)
{
    size_t k = q->k, p = q->p, beta = k + 2;
    double persistence = theta[k + 1] + theta[beta];
    if (order > 0) {
        for (size_t i = 0; i < k; i++)
            q->s1[i] = persistence * q->start1[i];
        q->s1[k] = 1, q->s1[k + 1] = q->s1[beta] = q->start;
    }
    if (order > 1) {
        memset(q->s2, 0, p * p * sizeof *q->s2);
        for (size_t i = 0; i < k; i++) {
            for (size_t j = 0; j <= i; j++)
                q->s2[i * p + j] = persistence * q->start2[i * k + j];
            q->s2[(k + 1) * p + i] = q->s2[beta * p + i] = q->start1[i];
        }
    }
    return theta[k] + persistence * q->start;
}

static void second_garch(abn_garch_problem *q, const double *theta, size_t t)
{
    size_t n = q->n, k = q->k, p = q->p, beta = k + 2;
    for (size_t i = 0; i < p * p; i++)
        q->s2[i] *= theta[beta];
    for (size_t i = 0; i < k; i++) {
        double z = q->z[i * n + t];
        for (size_t j = 0; j <= i; j++)
            q->s2[i * p + j] += 2 * theta[k + 1] * z * q->z[j * n + t];
        q->s2[(k + 1) * p + i] -= 2 * q->e[t] * z;
    }
    for (size_t j = 0; j < beta; j++)
        q->s2[beta * p + j] += q->s1[j];
    q->s2[beta * p + beta] += 2 * q->s1[beta];
}

/* h of day t + 1 from day t. */
static double next_garch(abn_garch_problem *q, const double *theta, size_t t, int order)
{
    size_t n = q->n, k = q->k, p = q->p;
    double e = q->e[t], h = q->h[t], alpha = theta[k + 1], beta = theta[k + 2];
    if (order > 1) second_garch(q, theta, t);
    if (order > 0) {
        for (size_t i = 0; i < p; i++)
            q->s1[i] *= beta;
        for (size_t i = 0; i < k; i++)
            q->s1[i] -= 2 * alpha * e * q->z[i * n + t];
        q->s1[k] += 1, q->s1[k + 1] += e * e, q->s1[k + 2] += h;
    }
    return theta[k] + alpha * e * e + beta * h;
}

static double first_egarch(abn_garch_problem *q, const double *theta, int order)
{
    size_t k = q->k, p = q->p, beta = k + 2;
    double m = q->start;
    if (order > 0) {
        for (size_t i = 0; i < k; i++)
            q->s1[i] = theta[beta] * q->start1[i] / m;
        q->s1[k] = 1, q->s1[k + 1] = 0, q->s1[beta] = log(m), q->s1[k + 3] = 0;
    }
    if (order > 1) {
        memset(q->s2, 0, p * p * sizeof *q->s2);
        for (size_t i = 0; i < k; i++) {
            for (size_t j = 0; j <= i; j++)
                q->s2[i * p + j] = theta[beta] * (q->start2[i * k + j] / m -
                                                  q->start1[i] * q->start1[j] / (m * m));
            q->s2[beta * p + i] = q->start1[i] / m;
        }
    }
    return theta[k] + theta[beta] * log(m);
}

/* The terms that multiply one parameter's own derivative, for row and column alike. */
static double own_egarch(const abn_garch_problem *q, size_t i, size_t j, double sign)
{
    size_t k = q->k;
    if (i == k + 1) return sign * q->z1[j];
    if (i == k + 2) return q->s1[j];
    return i == k + 3 ? q->z1[j] : 0;
}

/* |z|, rounded near zero. */
static double size_of(const abn_garch_problem *q, double z)
{
    return sqrt(z * z + q->round * q->round);
}

static void second_egarch(abn_garch_problem *q, const double *theta, size_t t, double z,
                          double root)
{
    size_t n = q->n, k = q->k, p = q->p;
    double size = size_of(q, z), sign = z / size, slope = theta[k + 1] * sign + theta[k + 3];
    double bend = theta[k + 1] * q->round * q->round / (size * size * size);
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j <= i; j++) {
            double ei = i < k ? -q->z[i * n + t] : 0, ej = j < k ? -q->z[j * n + t] : 0;
            double a = q->s1[i], b = q->s1[j], both = q->s2[i * p + j];
            double z2 = -.5 * root * (ei * b + ej * a) + .25 * z * a * b - .5 * z * both;
            q->s2[i * p + j] = theta[k + 2] * both + slope * z2 + bend * q->z1[i] * q->z1[j] +
                               own_egarch(q, i, j, sign) + own_egarch(q, j, i, sign);
        }
}

/* log h of day t + 1 from day t. */
static double next_egarch(abn_garch_problem *q, const double *theta, size_t t, int order)
{
    size_t n = q->n, k = q->k, p = q->p;
    double u = log(q->h[t]), root = 1 / sqrt(q->h[t]), z = q->e[t] * root;
    double size = size_of(q, z);
    double alpha = theta[k + 1], beta = theta[k + 2], gamma = theta[k + 3];
    if (order > 0)
        for (size_t i = 0; i < p; i++)
            q->z1[i] = (i < k ? -q->z[i * n + t] * root : 0) - .5 * z * q->s1[i];
    if (order > 1) second_egarch(q, theta, t, z, root);
    if (order > 0) {
        double slope = gamma + alpha * z / size;
        for (size_t i = 0; i < p; i++)
            q->s1[i] = beta * q->s1[i] + slope * q->z1[i];
        q->s1[k] += 1, q->s1[k + 1] += size - MEAN_ABS;
        q->s1[k + 2] += u, q->s1[k + 3] += z;
    }
    return theta[k] + alpha * (size - MEAN_ABS) + beta * u + gamma * z;
}

/* Add day t's part of minus the log likelihood's derivatives. */
static void add_day(abn_garch_problem *q, size_t t, double *gradient, double *hessian)
{
    size_t n = q->n, k = q->k, p = q->p;
    double e = q->e[t], h = q->h[t], square = e * e / h;
    double to_u = q->kind == ABN_GARCH ? 1 / h : 1; /* from h's derivative to log h's */
    for (size_t i = 0; i < p; i++) {
        double ei = i < k ? -q->z[i * n + t] : 0;
        q->u1[i] = q->s1[i] * to_u;
        gradient[i] += .5 * (1 - square) * q->u1[i] + e / h * ei;
    }
    for (size_t i = 0; hessian && i < p; i++)
        for (size_t j = 0; j <= i; j++) {
            double ei = i < k ? -q->z[i * n + t] : 0, ej = j < k ? -q->z[j * n + t] : 0;
            double a = q->u1[i], b = q->u1[j], both = q->s2[i * p + j] * to_u;
            if (q->kind == ABN_GARCH) both -= a * b;
            hessian[i * p + j] += .5 * (1 - square) * both + .5 * square * a * b -
                                  e / h * (ei * b + ej * a) + ei * ej / h;
        }
}

static bool admissible(const abn_garch_problem *q, const double *theta)
{
    const double *v = theta + q->k;
    for (size_t i = 0; i < q->p; i++)
        if (!isfinite(theta[i])) return false;
    return v[1] >= 0 && v[2] >= 0 && v[2] < 1 && (q->kind == ABN_EGARCH || v[0] > 0);
}

double abn_garch_minus_log(abn_garch_problem *q, const double *theta, double *gradient,
                           double *hessian)
{
    size_t p = q->p;
    int order = hessian ? 2 : gradient ? 1 : 0;
    double sum = 0;
    bool garch = q->kind == ABN_GARCH;
    if (!admissible(q, theta)) return INFINITY;
    residuals(q, theta);
    if (gradient) memset(gradient, 0, p * sizeof *gradient);
    if (hessian) memset(hessian, 0, p * p * sizeof *hessian);
    double state = garch ? first_garch(q, theta, order) : first_egarch(q, theta, order);
    for (size_t t = 0; t < q->n; t++) {
        if (t > 0)
            state =
                garch ? next_garch(q, theta, t - 1, order) : next_egarch(q, theta, t - 1, order);
        double h = garch ? state : exp(state), u = garch ? log(state) : state;
        if (!(h > 1e-300 && h < 1e300)) return INFINITY;
        q->h[t] = h;
        sum += u + q->e[t] * q->e[t] / h;
        if (order > 0) add_day(q, t, gradient, hessian);
    }
    for (size_t i = 0; hessian && i < p; i++)
        for (size_t j = i + 1; j < p; j++)
            hessian[i * p + j] = hessian[j * p + i];
    return .5 * (sum + (double)q->n * LOG_TWO_PI);
}
