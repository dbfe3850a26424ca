/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests on signs and ranks. */
#include "rank.h"
#include "tests.h"
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

/* ---- signs ---- */

static double share_z(double count, double n, double p)
{
    double variance = n * p * (1 - p);
    return variance > 0 ? (count - n * p) / sqrt(variance) : NAN;
}

/* The value is the binomial's normal form, p the exact binomial's: the normal form's size is off by
 * a quarter at fifty events. */
abn_status abn_test_sign(const abn_sample *s, double *scratch, abn_test *out, abn_error *err)
{
    (void)scratch, (void)err;
    unsigned count = (unsigned)s->of_car.positive, n = (unsigned)s->n;
    out->estimate = (double)count / (double)n;
    out->value = share_z(count, n, .5);
    out->p_lower = gsl_cdf_binomial_P(count, .5, n);
    out->p_upper = count == 0 ? 1 : gsl_cdf_binomial_Q(count - 1, .5, n);
    out->p = fmin(1, 2 * fmin(out->p_lower, out->p_upper));
    return ABN_OK;
}

abn_status abn_test_generalised_sign(const abn_sample *s, double *scratch, abn_test *out,
                                     abn_error *err)
{
    (void)scratch, (void)err;
    bool pooled = s->estimation->convention == ABN_AS_ESTUDY2;
    double p = pooled ? s->estimation->positive_pooled : s->estimation->positive_share;
    double count = (double)s->of_car.positive;
    out->estimate = count / (double)s->n - p;
    out->value = share_z(count, (double)s->n, p);
    abn_test_normal(out);
    return ABN_OK;
}

/* ---- signed ranks ---- */

/* P(W <= w) and P(W >= w) of the signed-rank sum of n values without ties, by counting subsets. */
static bool exact_wilcoxon(size_t n, double w, double *lower, double *upper)
{
    size_t most = n * (n + 1) / 2;
    double *ways = calloc(most + 1, sizeof *ways);
    if (!ways) return false;
    ways[0] = 1;
    for (size_t r = 1; r <= n; r++)
        for (size_t sum = most + 1; sum-- > 0;)
            ways[sum] = .5 * ways[sum] + (sum >= r ? .5 * ways[sum - r] : 0);
    *lower = *upper = 0;
    for (size_t sum = 0; sum <= most; sum++) {
        if ((double)sum <= w) *lower += ways[sum];
        if ((double)sum >= w) *upper += ways[sum];
    }
    free(ways);
    return true;
}

enum { EXACT_MOST = 50 };

abn_status abn_test_wilcoxon(const abn_sample *s, double *scratch, abn_test *out, abn_error *err)
{
    size_t n = 0;
    double *size = scratch, *rank = scratch + s->n, w = 0;
    abn_ranked *work = malloc((2 * s->n + 1) * sizeof *work);
    if (!work) return abn_fail_memory(err);
    for (size_t j = 0; j < s->n; j++)
        if (s->car[j] != 0) size[n++] = fabs(s->car[j]);
    abn_rank_mid(size, n, rank, work);
    free(work);
    bool ties = false;
    for (size_t j = 0, i = 0; j < s->n; j++) {
        if (s->car[j] == 0) continue;
        if (rank[i] != floor(rank[i])) ties = true;
        if (s->car[j] > 0) w += rank[i];
        i++;
    }
    if (n == 0) return ABN_OK;
    double count = (double)n, mean = count * (count + 1) / 4;
    out->n = n;
    out->estimate = w;
    out->value = (w - mean) / sqrt(count * (count + 1) * (2 * count + 1) / 24);
    abn_test_normal(out);
    if (n <= EXACT_MOST && !ties && n == s->n) {
        if (!exact_wilcoxon(n, w, &out->p_lower, &out->p_upper)) return abn_fail_memory(err);
        out->p = fmin(1, 2 * fmin(out->p_lower, out->p_upper));
    }
    if (s->estimation->convention == ABN_AS_ESTUDY2) out->value = w;
    return ABN_OK;
}

/* ---- ranks over estimation and event window ---- */

/* Mean of U over the window, of all occasions that have the day. */
static double window_u(const abn_sample *s, double weight(double))
{
    const abn_estimation *e = s->estimation;
    size_t first = e->m + (size_t)(s->window.from - e->from);
    double sum = 0;
    for (size_t t = first; t < first + s->length; t++)
        sum += (e->u[t] - .5) * (weight ? weight((double)e->nt[t]) : 1);
    return sum / (double)s->length;
}

/* Mean square of U - 1/2 over all days, each weighted by its occasions. */
static double rank_variance(const abn_estimation *e, double divisor)
{
    size_t total = e->m + e->l;
    double sum = 0, days = 0;
    for (size_t t = 0; t < total; t++) {
        if (e->nt[t] == 0) continue;
        sum += e->nt[t] * (e->u[t] - .5) * (e->u[t] - .5);
        days++;
    }
    return sum / divisor / days;
}

/* estudy2's modified rank test: U's deviation over the root of the day's occasions, and the sum of
 * squares over the mean number of ranks, not of days. */
static double estudy2_modified_rank(const abn_sample *s)
{
    const abn_estimation *e = s->estimation;
    double sum = 0, ranks = 0;
    for (size_t t = 0; t < e->m + e->l; t++)
        if (e->nt[t] > 0) sum += (e->u[t] - .5) * (e->u[t] - .5) / e->nt[t];
    for (size_t j = 0; j < e->n; j++)
        ranks += e->ranked[j];
    size_t t = e->m + (size_t)(s->window.from - e->from);
    return (e->u[t] - .5) / sqrt(e->nt[t]) / sqrt(sum / (ranks / (double)e->n));
}

/* estudy2's rank test: raw ranks less their mean, averaged over the occasions of the day. */
static double estudy2_rank(const abn_sample *s)
{
    const abn_estimation *e = s->estimation;
    const abn_panel *panel = e->panel;
    size_t total = panel->m + panel->l, n = e->n;
    double *deviation = calloc(2 * total, sizeof *deviation), *count = deviation + total;
    double *value = malloc(2 * total * sizeof *value), *rank = value + total;
    abn_ranked *work = malloc(2 * total * sizeof *work);
    double sum = 0, out = NAN, ranks = 0;
    if (deviation && value && work) {
        for (size_t j = 0; j < n; j++) {
            abn_panel_residuals(panel, e->event[j], value);
            for (size_t t = 0; t < panel->l; t++)
                value[panel->m + t] = panel->ar[e->event[j] * panel->l + t];
            double ranked = (double)abn_rank_mid(value, total, rank, work);
            ranks += ranked;
            for (size_t t = 0; t < total; t++)
                if (!isnan(rank[t])) {
                    deviation[t] += rank[t] - (ranked + 1) / 2;
                    count[t]++;
                }
        }
        for (size_t t = 0; t < total; t++)
            if (count[t] > 0) {
                double d = deviation[t] / count[t] * (double)n / count[t];
                sum += d * d;
            }
        size_t t = panel->m + (size_t)(s->window.from - panel->window.from);
        out = deviation[t] / count[t] * (double)n / count[t] / sqrt(sum / (ranks / (double)n));
    }
    free(deviation);
    free(value);
    free(work);
    return out;
}

abn_status abn_test_rank(const abn_sample *s, double *scratch, abn_test *out, abn_error *err)
{
    (void)scratch, (void)err;
    double u = window_u(s, NULL), variance = rank_variance(s->estimation, (double)s->estimation->n);
    out->estimate = u + .5;
    out->value = variance > 0 ? sqrt((double)s->length) * u / sqrt(variance) : NAN;
    if (s->estimation->convention == ABN_AS_ESTUDY2 && s->length == 1) out->value = estudy2_rank(s);
    abn_test_normal(out);
    return ABN_OK;
}

abn_status abn_test_corrado_zivney(const abn_sample *s, double *scratch, abn_test *out,
                                   abn_error *err)
{
    (void)scratch, (void)err;
    double u = window_u(s, sqrt), variance = rank_variance(s->estimation, 1);
    out->estimate = window_u(s, NULL) + .5;
    out->value = variance > 0 ? sqrt((double)s->length) * u / sqrt(variance) : NAN;
    abn_test_normal(out);
    return ABN_OK;
}

abn_status abn_test_modified_rank(const abn_sample *s, double *scratch, abn_test *out,
                                  abn_error *err)
{
    (void)err;
    const abn_estimation *e = s->estimation;
    size_t first = (size_t)(s->window.from - e->from);
    for (size_t j = 0; j < s->n; j++) {
        size_t i = s->place[j];
        double sum = 0, days = 0;
        for (size_t t = first; t < first + s->length; t++) {
            double rank = (double)e->rank[t * e->n + i];
            if (isnan(rank)) continue;
            sum += rank / (double)(e->ranked[i] + 1) - .5;
            days++;
        }
        scratch[j] = sum / days;
    }
    double n = (double)s->n;
    abn_spread of = abn_spread_of(scratch, s->n);
    out->estimate = of.mean + .5;
    out->value = of.sd > 0 ? sqrt(n) * of.mean / of.sd : NAN;
    out->df = n - 1;
    abn_test_student(out);
    if (e->convention != ABN_AS_ESTUDY2 || s->length > 1) return ABN_OK;
    out->df = NAN;
    out->value = estudy2_modified_rank(s);
    abn_test_normal(out);
    return ABN_OK;
}

/* ---- generalised ranks ---- */

abn_status abn_test_grank_t(const abn_sample *s, double *scratch, abn_test *out, abn_error *err)
{
    (void)scratch, (void)err;
    double z = s->grank->u / s->grank->s, days = (double)s->grank->days;
    out->estimate = s->grank->u + .5;
    out->value = z * sqrt((days - 2) / (days - 1 - z * z));
    out->df = days - 2;
    abn_test_student(out);
    return ABN_OK;
}

abn_status abn_test_grank_z(const abn_sample *s, double *scratch, abn_test *out, abn_error *err)
{
    (void)scratch, (void)err;
    out->estimate = s->grank->u + .5;
    out->value = s->grank->u / s->grank->s_independent;
    abn_test_normal(out);
    return ABN_OK;
}
