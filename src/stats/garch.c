/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact.h"
#include "garch_likelihood.h"
#include <abnorm/garch.h>
#include <abnorm/lstsq.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_multimin.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Less log likelihood than this above constant variance is no ARCH effect. */
#define LEAST_GAIN  1e-3
#define BETA_MAX    .9999
#define ROUND_FIRST .05
#define ROUND_LAST  1e-3

enum { VARIANCE_PARAMS = 4, SPARE = 20, NEWTON_STEPS = 200, DESCENT_STEPS = 300, HALVINGS = 40 };

/* Inside, y and the regressors are multiplied by powers of two that bring them near one. */
struct abn_garch_scratch {
    size_t n_max, k_max;
    abn_lstsq *line;
    double *block;                   /* holds all arrays of this struct */
    double *y, *z;                   /* n; n x k by columns */
    double *scale;                   /* k + 1: of each regressor, and of y */
    double *likelihood;              /* the problem's arrays */
    double *theta, *next;            /* p: the point reached; the one tried */
    double *tau;                     /* p: theta without bounds, for the descent */
    double *gradient, *step, *shift; /* p */
    double *hessian, *factor;        /* p x p */
    size_t *order;                   /* p: of the factor's pivots */
    bool *fixed;                     /* p: held at a bound */
};

abn_garch *abn_garch_new(size_t n, size_t k)
{
    if (n == 0 || k == 0 || k > 256 || n > SIZE_MAX / 64 / (k + 4)) return NULL;
    size_t p = k + VARIANCE_PARAMS;
    size_t total = n * (k + 1) + k + 1 + abn_garch_problem_size(n, k, p) + 6 * p + 2 * p * p;
    abn_garch *fit = calloc(1, sizeof *fit);
    struct abn_garch_scratch *s = calloc(1, sizeof *s);
    if (!fit || !s) goto fail;
    fit->scratch = s;
    s->n_max = n, s->k_max = k;
    s->line = abn_lstsq_new(n, k);
    s->block = calloc(total, sizeof *s->block);
    s->order = calloc(p, sizeof *s->order);
    s->fixed = calloc(p, sizeof *s->fixed);
    fit->coef = calloc(2 * p + p * p + 2 * n, sizeof *fit->coef);
    if (!s->line || !s->block || !s->order || !s->fixed || !fit->coef) {
        abn_garch_free(fit);
        return NULL;
    }
    s->y = s->block, s->z = s->y + n, s->scale = s->z + n * k, s->theta = s->scale + k + 1;
    s->next = s->theta + p, s->tau = s->next + p, s->gradient = s->tau + p;
    s->step = s->gradient + p, s->shift = s->step + p, s->hessian = s->shift + p;
    s->factor = s->hessian + p * p, s->likelihood = s->factor + p * p;
    fit->se = fit->coef + p, fit->cov = fit->se + p;
    fit->residual = fit->cov + p * p, fit->variance = fit->residual + n;
    return fit;
fail:
    free(fit);
    free(s);
    return NULL;
}

void abn_garch_free(abn_garch *fit)
{
    if (!fit) return;
    abn_lstsq_free(fit->scratch->line);
    free(fit->scratch->block);
    free(fit->scratch->order);
    free(fit->scratch->fixed);
    free(fit->scratch);
    free(fit->coef);
    free(fit);
}

/* The descent's coordinates: omega = exp(a), and alpha and beta as shares of a persistence below
 * one; of EGARCH alpha = exp(b) and beta between zero and one. */
static void theta_of(const abn_garch_problem *q, const double *tau, double *theta)
{
    size_t k = q->k;
    memcpy(theta, tau, q->p * sizeof *theta);
    if (q->kind == ABN_EGARCH) {
        theta[k + 1] = exp(tau[k + 1]);
        theta[k + 2] = 1 / (1 + exp(-tau[k + 2]));
        return;
    }
    double sum = 1 / (1 + exp(-tau[k + 1])), share = 1 / (1 + exp(-tau[k + 2]));
    theta[k] = exp(tau[k]);
    theta[k + 1] = sum * share;
    theta[k + 2] = sum * (1 - share);
}

static void tau_of(const abn_garch_problem *q, const double *theta, double *tau)
{
    size_t k = q->k;
    memcpy(tau, theta, q->p * sizeof *tau);
    if (q->kind == ABN_EGARCH) {
        tau[k + 1] = log(theta[k + 1]);
        tau[k + 2] = log(theta[k + 2] / (1 - theta[k + 2]));
        return;
    }
    double sum = theta[k + 1] + theta[k + 2];
    tau[k] = log(theta[k]);
    tau[k + 1] = log(sum / (1 - sum));
    tau[k + 2] = log(theta[k + 1] / theta[k + 2]);
}

/* Turn the gradient by theta into that by tau. */
static void turn_gradient(const abn_garch_problem *q, const double *tau, const double *theta,
                          double *gradient)
{
    double *g = gradient + q->k;
    const double *v = theta + q->k;
    if (q->kind == ABN_EGARCH) {
        g[1] *= v[1];
        g[2] *= v[2] * (1 - v[2]);
        return;
    }
    double sum = v[1] + v[2], share = 1 / (1 + exp(-tau[q->k + 2]));
    double by_sum = g[1] * share + g[2] * (1 - share), by_share = (g[1] - g[2]) * sum;
    g[0] *= v[0];
    g[1] = by_sum * sum * (1 - sum);
    g[2] = by_share * share * (1 - share);
}

typedef struct descent {
    abn_garch_problem *problem;
    double *theta;
} descent;

static void both_at(const gsl_vector *at, void *data, double *value, gsl_vector *gradient)
{
    descent *d = data;
    theta_of(d->problem, at->data, d->theta);
    *value = abn_garch_minus_log(d->problem, d->theta, gradient ? gradient->data : NULL, NULL);
    if (gradient) turn_gradient(d->problem, at->data, d->theta, gradient->data);
}

static double value_at(const gsl_vector *at, void *data)
{
    double value;
    both_at(at, data, &value, NULL);
    return value;
}

static void gradient_at(const gsl_vector *at, void *data, gsl_vector *gradient)
{
    double value;
    both_at(at, data, &value, gradient);
}

/* BFGS from s->theta; s->theta moves only downhill. */
static abn_status descend(struct abn_garch_scratch *s, abn_garch_problem *q, abn_error *err)
{
    descent d = {q, s->next};
    gsl_multimin_function_fdf f = {value_at, gradient_at, both_at, q->p, &d};
    gsl_multimin_fdfminimizer *m =
        gsl_multimin_fdfminimizer_alloc(gsl_multimin_fdfminimizer_vector_bfgs2, q->p);
    if (!m) return abn_fail_memory(err);
    double start = abn_garch_minus_log(q, s->theta, NULL, NULL);
    tau_of(q, s->theta, s->tau);
    gsl_vector_view tau = gsl_vector_view_array(s->tau, q->p);
    gsl_multimin_fdfminimizer_set(m, &f, &tau.vector, .1, .1);
    for (int i = 0; i < DESCENT_STEPS; i++) {
        if (gsl_multimin_fdfminimizer_iterate(m)) break;
        double square = 0;
        for (size_t j = 0; j < q->p; j++)
            square += m->gradient->data[j] * m->gradient->data[j];
        if (!(square > 1e-4)) break;
    }
    if (m->f < start) theta_of(q, m->x->data, s->theta);
    gsl_multimin_fdfminimizer_free(m);
    return ABN_OK;
}

/* The best of a few usual values, around the variance that least squares found. */
static void start(struct abn_garch_scratch *s, abn_garch_problem *q)
{
    static const double garch[][2] = {{.05, .9}, {.1, .8}, {.1, .5}, {.3, .4}, {.05, .5}};
    static const double egarch[][2] = {{.1, .95}, {.2, .8}, {.2, .4}, {.4, .8}, {.1, .1}};
    double best = INFINITY, *v = s->theta + q->k;
    size_t chosen = 0;
    for (size_t i = 0; i <= sizeof garch / sizeof *garch; i++) {
        bool again = i == sizeof garch / sizeof *garch;
        const double *pair =
            q->kind == ABN_GARCH ? garch[again ? chosen : i] : egarch[again ? chosen : i];
        v[0] = q->kind == ABN_GARCH ? q->variance * (1 - pair[0] - pair[1])
                                    : (1 - pair[1]) * log(q->variance);
        v[1] = pair[0], v[2] = pair[1];
        if (q->kind == ABN_EGARCH) v[3] = 0;
        double value = again ? best : abn_garch_minus_log(q, s->theta, NULL, NULL);
        if (value < best) best = value, chosen = i;
    }
}

/* The range of parameter i. EGARCH's alpha and beta are not negative: below zero the past's
 * variances cannot be recovered from its returns, and the likelihood is chaotic. */
static void range_of(const abn_garch_problem *q, size_t i, double *low, double *high)
{
    size_t at = i - q->k;
    *low = -INFINITY, *high = INFINITY;
    if (i < q->k) return;
    if (at == 0 && q->kind == ABN_GARCH) *low = 1e-7 * q->variance;
    if (at == 1) *low = 0;
    if (at == 2) *low = 0, *high = BETA_MAX;
}

/* Hold a variance parameter that lies on its bound and would go beyond. */
static void hold(struct abn_garch_scratch *s, const abn_garch_problem *q)
{
    for (size_t i = 0; i < q->p; i++) {
        double low, high, g = s->gradient[i];
        range_of(q, i, &low, &high);
        s->fixed[i] = (s->theta[i] <= low && g > 0) || (s->theta[i] >= high && g < 0);
    }
}

static void clip(const abn_garch_problem *q, double *theta)
{
    for (size_t i = q->k; i < q->p; i++) {
        double low, high;
        range_of(q, i, &low, &high);
        theta[i] = fmin(fmax(theta[i], low), high);
    }
}

/* Factor the Hessian of the parameters that are not held; false when it had to be changed to be
 * positive definite. */
static bool factor(struct abn_garch_scratch *s, size_t p)
{
    double top = 0, added = 0;
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++) {
            bool out = s->fixed[i] || s->fixed[j];
            s->factor[i * p + j] = out ? i == j : s->hessian[i * p + j];
        }
    if (!abn_all_finite(s->factor, p * p)) return false;
    gsl_matrix_view a = gsl_matrix_view_array(s->factor, p, p);
    gsl_vector_view e = gsl_vector_view_array(s->shift, p);
    gsl_permutation order = {p, s->order};
    for (size_t i = 0; i < p; i++)
        top = fmax(top, fabs(s->hessian[i * p + i]));
    gsl_linalg_mcholesky_decomp(&a.matrix, &order, &e.vector);
    for (size_t i = 0; i < p; i++)
        added = fmax(added, s->shift[i]);
    return added <= 1e-13 * top;
}

static void solve(struct abn_garch_scratch *s, size_t p)
{
    gsl_matrix_view a = gsl_matrix_view_array(s->factor, p, p);
    gsl_permutation order = {p, s->order};
    for (size_t i = 0; i < p; i++)
        s->next[i] = s->fixed[i] ? 0 : -s->gradient[i];
    gsl_vector_view b = gsl_vector_view_array(s->next, p);
    gsl_vector_view x = gsl_vector_view_array(s->step, p);
    gsl_linalg_mcholesky_solve(&a.matrix, &order, &b.vector, &x.vector);
}

/* Go along the step, stopping at bounds, as far as the value falls enough. False: nowhere. */
static bool advance(struct abn_garch_scratch *s, abn_garch_problem *q, double value, double slope)
{
    double length = 1;
    for (int i = 0; i < HALVINGS; i++, length /= 2) {
        for (size_t j = 0; j < q->p; j++)
            s->next[j] = s->theta[j] + length * s->step[j];
        clip(q, s->next);
        double other = abn_garch_minus_log(q, s->next, NULL, NULL);
        if (other <= value - 1e-4 * length * slope) {
            memcpy(s->theta, s->next, q->p * sizeof *s->theta);
            return true;
        }
    }
    return false;
}

/* Newton's method from s->theta to a maximum; leaves gradient, Hessian and its factor there. */
static abn_status newton(struct abn_garch_scratch *s, abn_garch_problem *q, double *value,
                         abn_error *err)
{
    bool last = false;
    clip(q, s->theta);
    for (int i = 0; i < NEWTON_STEPS; i++) {
        *value = abn_garch_minus_log(q, s->theta, s->gradient, s->hessian);
        hold(s, q);
        bool positive = factor(s, q->p);
        if (!isfinite(*value) || !abn_all_finite(s->factor, q->p * q->p)) break;
        if (last && positive) return ABN_OK;
        solve(s, q->p);
        double slope = 0;
        for (size_t j = 0; j < q->p; j++)
            slope -= s->gradient[j] * s->step[j];
        /* The value cannot tell steps this small apart; the last one is taken on trust. */
        last = slope < 1e-9 * (1 + fabs(*value));
        if (!advance(s, q, *value, last ? -1e-6 : slope)) break;
    }
    return abn_fail(err, ABN_CONVERGENCE, "the likelihood's maximum was not reached");
}

/* From the start to a maximum. EGARCH's |z| is first well rounded, or the descent would stop at the
 * edge that every residual of zero makes. */
static abn_status climb(struct abn_garch_scratch *s, abn_garch_problem *q, double *value,
                        abn_error *err)
{
    q->round = ROUND_FIRST;
    start(s, q);
    abn_status status = descend(s, q, err);
    if (!status && q->kind == ABN_EGARCH) newton(s, q, value, NULL);
    q->round = ROUND_LAST;
    if (!status) status = newton(s, q, value, err);
    if (status || q->kind == ABN_GARCH) return status;
    /* The curve of a rounded edge says nothing of the estimate's precision. */
    q->round = 0;
    *value = abn_garch_minus_log(q, s->theta, s->gradient, s->hessian);
    if (factor(s, q->p)) return ABN_OK;
    q->round = ROUND_LAST;
    *value = abn_garch_minus_log(q, s->theta, s->gradient, s->hessian);
    factor(s, q->p);
    return ABN_OK;
}

static void put(struct abn_garch_scratch *s, abn_garch_problem *q, const double *y,
                const double *const *x)
{
    size_t n = q->n, k = q->k;
    s->scale[0] = 1, s->scale[k] = abn_scale_of(y, n);
    for (size_t t = 0; t < n; t++)
        s->y[t] = y[t] * s->scale[k], s->z[t] = 1;
    for (size_t j = 1; j < k; j++) {
        s->scale[j] = abn_scale_of(x[j - 1], n);
        for (size_t t = 0; t < n; t++)
            s->z[j * n + t] = x[j - 1][t] * s->scale[j];
    }
    q->y = s->y, q->z = s->z;
    abn_garch_problem_set(q, s->likelihood);
}

/* Covariance in the caller's units: cov = J inverse J', J diagonal but that EGARCH's omega takes
 * part of beta, since scaling shifts the log variance. */
static void take_covariance(abn_garch *fit, const abn_garch_problem *q, const double *unit,
                            double shift)
{
    struct abn_garch_scratch *s = fit->scratch;
    size_t p = q->p, omega = q->k, beta = q->k + 2;
    gsl_matrix_view a = gsl_matrix_view_array(s->factor, p, p);
    gsl_matrix_view inverse = gsl_matrix_view_array(fit->cov, p, p);
    gsl_permutation order = {p, s->order};
    gsl_linalg_mcholesky_invert(&a.matrix, &order, &inverse.matrix);
    double *c = fit->cov;
    for (size_t i = 0; i < p; i++)
        c[omega * p + i] += shift * c[beta * p + i];
    for (size_t i = 0; i < p; i++)
        c[i * p + omega] += shift * c[i * p + beta];
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++)
            c[i * p + j] *= s->fixed[i] || s->fixed[j] ? NAN : unit[i] * unit[j];
    for (size_t i = 0; i < p; i++)
        fit->se[i] = sqrt(c[i * p + i]);
}

static void take(abn_garch *fit, const abn_garch_problem *q, double value)
{
    struct abn_garch_scratch *s = fit->scratch;
    size_t n = q->n, k = q->k, p = q->p;
    double unit = s->scale[k], *by = s->tau; /* what a parameter is multiplied by */
    double shift = q->kind == ABN_EGARCH ? 2 * log(unit) : 0;
    for (size_t i = 0; i < p; i++)
        by[i] = i < k ? s->scale[i] / unit : 1;
    if (q->kind == ABN_GARCH) by[k] = 1 / unit / unit;
    for (size_t i = 0; i < p; i++)
        fit->coef[i] = s->theta[i] * by[i];
    fit->coef[k] -= shift * (1 - s->theta[k + 2]);
    fit->kind = q->kind, fit->n = n, fit->k = k, fit->params = p;
    fit->log_likelihood = (double)n * log(unit) - value;
    fit->constant = false;
    for (size_t t = 0; t < n; t++) {
        fit->residual[t] = q->e[t] / unit;
        fit->variance[t] = q->h[t] / unit / unit;
    }
    take_covariance(fit, q, by, shift);
}

/* Least squares is the maximum: its coefficients, with the variance that has no degrees taken off.
 */
static void take_constant(abn_garch *fit, const abn_garch_problem *q)
{
    const abn_lstsq *line = fit->scratch->line;
    size_t n = q->n, k = q->k, p = q->p;
    double variance = line->sse / (double)n;
    fit->kind = q->kind, fit->n = n, fit->k = k, fit->params = p;
    fit->constant = true;
    fit->log_likelihood = -.5 * (double)n * (log(2 * acos(-1) * variance) + 1);
    for (size_t i = 0; i < p * p; i++)
        fit->cov[i] = NAN;
    for (size_t i = 0; i < p; i++)
        fit->coef[i] = i < k ? line->coef[i] : 0, fit->se[i] = NAN;
    fit->coef[k] = q->kind == ABN_GARCH ? variance : log(variance);
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j < k; j++)
            fit->cov[i * p + j] = variance * line->inverse[i * k + j];
        fit->se[i] = sqrt(fit->cov[i * p + i]);
    }
    for (size_t t = 0; t < n; t++)
        fit->residual[t] = line->residual[t], fit->variance[t] = variance;
}

static abn_status check(const abn_garch *fit, abn_garch_kind kind, const double *y, size_t n,
                        const double *const *x, size_t columns, abn_error *err)
{
    struct abn_garch_scratch *s = fit->scratch;
    size_t k = columns + 1, p = k + (kind == ABN_GARCH ? 3 : 4);
    if (n > s->n_max || k > s->k_max)
        return abn_fail(err, ABN_USAGE, "a regression of %zu on %zu is larger than its room", n, k);
    if (n < p + SPARE)
        return abn_fail(err, ABN_HISTORY, "%zu observations for %zu parameters", n, p);
    abn_status status = abn_lstsq_fit(s->line, y, n, x, columns, true, err);
    if (status) return status;
    double top = 0;
    for (size_t t = 0; t < n; t++)
        top = fmax(top, fabs(y[t]));
    if (!(s->line->sigma > 1e-12 * top))
        return abn_fail(err, ABN_SINGULAR, "the regression leaves no residual");
    return ABN_OK;
}

abn_status abn_garch_fit(abn_garch *fit, abn_garch_kind kind, const double *y, size_t n,
                         const double *const *x, size_t columns, abn_error *err)
{
    struct abn_garch_scratch *s = fit->scratch;
    abn_status status = check(fit, kind, y, n, x, columns, err);
    if (status) return status;
    abn_garch_problem q = {.kind = kind, .n = n, .k = columns + 1};
    q.p = q.k + (kind == ABN_GARCH ? 3 : 4);
    put(s, &q, y, x);
    double unit = s->scale[q.k], value;
    q.variance = s->line->sse / (double)n * unit * unit;
    for (size_t j = 0; j < q.k; j++)
        s->theta[j] = s->line->coef[j] * unit / s->scale[j];
    abn_error own = {0};
    status = climb(s, &q, &value, &own);
    if (status && status != ABN_CONVERGENCE) return abn_fail(err, status, "%s", own.text);
    /* With no ARCH effect alpha ends at zero, beta is free and the Hessian singular. */
    double least = .5 * (double)n * (log(2 * acos(-1) * q.variance) + 1);
    if ((isfinite(value) && value > least - LEAST_GAIN) ||
        (kind == ABN_GARCH && s->theta[q.k + 1] <= 0))
        take_constant(fit, &q);
    else if (status)
        return abn_fail(err, status, "%s", own.text);
    else
        take(fit, &q, value);
    return ABN_OK;
}

/* E exp(b (alpha (|z| - E|z|) + gamma z)) of a standard normal z. */
static double shock_factor(double b, double alpha, double gamma)
{
    double up = b * (alpha + gamma), down = b * (alpha - gamma);
    return exp(-b * alpha * sqrt(2 / acos(-1))) *
           (exp(.5 * up * up) * gsl_cdf_ugaussian_P(up) +
            exp(.5 * down * down) * gsl_cdf_ugaussian_P(down));
}

void abn_garch_forecast(const abn_garch *fit, double *variance, size_t steps)
{
    const double *v = fit->coef + fit->k;
    double e = fit->residual[fit->n - 1], h = fit->variance[fit->n - 1], z = e / sqrt(h);
    double level = 0, scale = 1, power = 1; /* of EGARCH: E h = exp(level) scale */
    for (size_t t = 0; t < steps; t++) {
        if (fit->constant) {
            variance[t] = h;
        } else if (fit->kind == ABN_GARCH) {
            h = t == 0 ? v[0] + v[1] * e * e + v[2] * h : v[0] + (v[1] + v[2]) * h;
            variance[t] = h;
        } else {
            if (t > 0) scale *= shock_factor(power, v[1], v[3]), power *= v[2];
            level = t == 0 ? v[0] + v[1] * (fabs(z) - sqrt(2 / acos(-1))) + v[2] * log(h) + v[3] * z
                           : v[0] + v[2] * level;
            variance[t] = exp(level) * scale;
        }
    }
}
