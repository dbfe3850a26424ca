/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/tail.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define FEWEST 50
#define MOST   20000 /* more are summarised by as many groups of neighbours */
#define MAX_NU 200

/* |z| in ascending order, cut at `limit`; each stands for `weight` values. */
typedef struct sample {
    double *z;
    size_t n;
    double weight;
    double limit, beyond; /* how many values lie past it */
} sample;

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double log_density(double z, double nu, double constant)
{
    return constant - (nu + 1) / 2 * log1p(z * z / nu);
}

/* Minus the log-likelihood at (log nu, log scale). */
static double objective(const gsl_vector *at, void *data)
{
    const sample *s = data;
    double nu = exp(gsl_vector_get(at, 0)), scale = exp(gsl_vector_get(at, 1));
    if (!(nu > 0.5) || nu > MAX_NU || !(scale > 1e-12) || !isfinite(scale)) return 1e300;
    double constant = gsl_sf_lngamma((nu + 1) / 2) - gsl_sf_lngamma(nu / 2) - 0.5 * log(nu * M_PI) -
                      log(scale) + M_LN2;
    double sum = 0;
    for (size_t i = 0; i < s->n; i++)
        sum += log_density(s->z[i] / scale, nu, constant);
    sum *= s->weight;
    if (s->beyond > 0) sum += s->beyond * log(2 * gsl_cdf_tdist_Q(s->limit / scale, nu));
    return isfinite(sum) ? -sum : 1e300;
}

/* Nelder and Mead's simplex: two parameters, a smooth surface. */
static abn_status maximise(sample *s, abn_tail *tail, abn_error *err)
{
    gsl_multimin_function f = {objective, 2, s};
    gsl_vector *start = gsl_vector_alloc(2), *step = gsl_vector_alloc(2);
    gsl_multimin_fminimizer *m =
        gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, 2);
    abn_status status = start && step && m ? ABN_OK : abn_fail_memory(err);
    if (status == ABN_OK) {
        gsl_vector_set(start, 0, log(6));
        gsl_vector_set(start, 1, log(s->z[s->n / 2] / 0.72)); /* the median of |t(6)| */
        gsl_vector_set(step, 0, 0.7);
        gsl_vector_set(step, 1, 0.2);
        gsl_multimin_fminimizer_set(m, &f, start, step);
        bool done = false;
        for (int i = 0; i < 400 && !done; i++)
            done =
                gsl_multimin_fminimizer_iterate(m) != 0 || gsl_multimin_fminimizer_size(m) < 1e-5;
        if (done) {
            tail->nu = exp(gsl_vector_get(m->x, 0));
            tail->scale = exp(gsl_vector_get(m->x, 1));
        } else {
            status = abn_fail(err, ABN_CONVERGENCE, "the t distribution of residuals: no maximum");
        }
    }
    gsl_multimin_fminimizer_free(m);
    gsl_vector_free(start);
    gsl_vector_free(step);
    return status;
}

/* Means of neighbours stand for many values: the likelihood is smooth, they are close. */
static void summarise(sample *s)
{
    if (s->n <= MOST) return;
    size_t group = (s->n + MOST - 1) / MOST, groups = s->n / group;
    for (size_t g = 0; g < groups; g++) {
        double sum = 0;
        for (size_t i = 0; i < group; i++)
            sum += s->z[g * group + i];
        s->z[g] = sum / (double)group;
    }
    s->weight = (double)s->n / (double)groups;
    s->n = groups;
}

abn_status abn_tail_fit(const double *z, size_t n, double censored, abn_tail *tail, abn_error *err)
{
    sample s = {.z = malloc((n + !n) * sizeof *s.z), .weight = 1};
    if (!s.z) return abn_fail_memory(err);
    for (size_t i = 0; i < n; i++)
        if (isfinite(z[i])) s.z[s.n++] = fabs(z[i]);
    abn_tail found = {.n = s.n};
    qsort(s.z, s.n, sizeof *s.z, ascending);
    size_t cut = (size_t)((double)s.n * censored);
    abn_status status = ABN_OK;
    if (s.n < FEWEST || !(s.z[s.n / 2] > 0)) {
        status = abn_fail(err, ABN_HISTORY,
                          "%zu standardised residuals are too few for their tail (expected %d)",
                          s.n, FEWEST);
    } else {
        s.n -= cut;
        s.limit = s.z[s.n - 1];
        s.beyond = (double)cut;
        summarise(&s);
        status = maximise(&s, &found, err);
    }
    free(s.z);
    if (status == ABN_OK) *tail = found;
    return status;
}

double abn_tail_p(const abn_tail *tail, double z)
{
    return isfinite(z) ? 2 * gsl_cdf_tdist_Q(fabs(z) / tail->scale, tail->nu) : NAN;
}
