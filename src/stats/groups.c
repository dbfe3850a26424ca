/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact.h"
#include "rank.h"
#include <abnorm/groups.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { EXACT_BELOW = 50, SHIFT_UP_TO = 2000 };

/* Count, sum and squares about the mean of each group that has a value. */
typedef struct cell {
    size_t n;
    double sum, squares;
} cell;

static abn_status cells_make(const double *v, const uint32_t *group, size_t n, size_t groups,
                             size_t least, cell **out, size_t *kept, abn_error *err)
{
    if (!abn_all_finite(v, n)) return abn_fail(err, ABN_DATA, "a value is not finite");
    cell *c = calloc(groups + 1, sizeof *c);
    if (!c) return abn_fail_memory(err);
    size_t count = 0, smallest = SIZE_MAX;
    for (size_t i = 0; i < n; i++)
        c[group[i]].n++, c[group[i]].sum += v[i];
    for (size_t i = 0; i < n; i++) {
        double d = v[i] - c[group[i]].sum / (double)c[group[i]].n;
        c[group[i]].squares += d * d;
    }
    for (size_t g = 0; g < groups; g++) {
        if (c[g].n == 0) continue;
        if (c[g].n < smallest) smallest = c[g].n;
        c[count++] = c[g];
    }
    if (count < 2 || smallest < least) {
        free(c);
        return abn_fail(err, ABN_HISTORY, "%zu groups, the smallest of %zu events", count,
                        count ? smallest : 0);
    }
    *out = c, *kept = count;
    return ABN_OK;
}

static void welch_t(const cell *c, abn_difference *out)
{
    double part[2];
    for (int g = 0; g < 2; g++)
        part[g] = c[g].squares / ((double)c[g].n - 1) / (double)c[g].n;
    double variance = part[0] + part[1];
    out->estimate = c[0].sum / (double)c[0].n - c[1].sum / (double)c[1].n;
    out->value = out->estimate / sqrt(variance);
    out->df = variance * variance /
              (part[0] * part[0] / ((double)c[0].n - 1) + part[1] * part[1] / ((double)c[1].n - 1));
    out->p = 2 * gsl_cdf_tdist_Q(fabs(out->value), out->df);
}

static void welch_f(const cell *c, size_t groups, abn_difference *out)
{
    double weight = 0, mean = 0, between = 0, spread = 0, k = (double)groups;
    for (size_t g = 0; g < groups; g++) {
        double w = (double)c[g].n * ((double)c[g].n - 1) / c[g].squares;
        weight += w;
        mean += w * c[g].sum / (double)c[g].n;
    }
    mean /= weight;
    for (size_t g = 0; g < groups; g++) {
        double n = (double)c[g].n, w = n * (n - 1) / c[g].squares, d = c[g].sum / n - mean;
        between += w * d * d / (k - 1);
        spread += (1 - w / weight) * (1 - w / weight) / (n - 1);
    }
    out->value = between / (1 + 2 * (k - 2) / (k * k - 1) * spread);
    out->df = k - 1;
    out->df2 = (k * k - 1) / (3 * spread);
    out->p = gsl_cdf_fdist_Q(out->value, out->df, out->df2);
}

abn_status abn_groups_welch(const double *v, const uint32_t *group, size_t n, size_t groups,
                            abn_difference *out, abn_error *err)
{
    cell *c;
    size_t kept, flat = 0;
    abn_status status = cells_make(v, group, n, groups, 2, &c, &kept, err);
    if (status) return status;
    for (size_t g = 0; g < kept; g++)
        flat += c[g].squares > 0 ? 0 : 1;
    if (flat == kept || (flat && kept > 2)) {
        free(c);
        return abn_fail(err, ABN_SINGULAR, "the events of a group do not vary");
    }
    *out = (abn_difference){
        .n = n, .groups = kept, .estimate = NAN, .df = NAN, .df2 = NAN, .value = NAN, .p = NAN};
    if (kept == 2)
        welch_t(c, out);
    else
        welch_f(c, kept, out);
    free(c);
    return ABN_OK;
}

/* Mid-ranks of all values, and the sum of t^3 - t over ties. */
static abn_status rank_all(const double *v, size_t n, double **rank, double *ties, abn_error *err)
{
    abn_ranked *work = malloc((2 * n + 1) * sizeof *work);
    double *out = malloc((n + 1) * sizeof *out);
    if (!work || !out) {
        free(work);
        free(out);
        return abn_fail_memory(err);
    }
    abn_rank_mid(v, n, out, work);
    abn_rank_sort(v, n, work, work + n);
    *ties = 0;
    for (size_t i = 0, j; i < n; i = j) {
        for (j = i + 1; j < n && work[j].value == work[i].value; j++)
            ;
        double t = (double)(j - i);
        *ties += t * t * t - t;
    }
    free(work);
    *rank = out;
    return ABN_OK;
}

/* P(U <= u) of m against n values without ties: ways[j][k] counts arrangements of j of the first
 * among the ranks so far with U = k, one rank at a time. */
static bool exact_tail(size_t m, size_t n, double u, double *p)
{
    size_t most = m * n;
    double *ways = calloc((m + 1) * (most + 1), sizeof *ways);
    if (!ways) return false;
    ways[0] = 1;
    /* The number r of all ranks, if it is the j-th of the first group, has r - j of the other below
     * it. */
    for (size_t r = 1; r <= m + n; r++)
        for (size_t j = r < m ? r : m; j > 0; j--)
            for (size_t k = most + 1; r - j <= n && k-- > r - j;)
                ways[j * (most + 1) + k] += ways[(j - 1) * (most + 1) + k - (r - j)];
    double below = 0, all = 0;
    for (size_t k = 0; k <= most; k++) {
        all += ways[m * (most + 1) + k];
        if ((double)k <= u) below += ways[m * (most + 1) + k];
    }
    *p = below / all;
    free(ways);
    return true;
}

/* Median of all differences between a value of the first group and one of the second. */
static double hodges_lehmann(const double *v, const uint32_t *group, size_t n, uint32_t first,
                             size_t m)
{
    size_t pairs = 0;
    double *d = malloc((m * (n - m) + 1) * sizeof *d);
    if (!d) return NAN;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; group[i] == first && j < n; j++)
            if (group[j] != first) d[pairs++] = v[i] - v[j];
    gsl_sort(d, 1, pairs);
    double median = pairs % 2 ? d[pairs / 2] : (d[pairs / 2 - 1] + d[pairs / 2]) / 2;
    free(d);
    return median;
}

abn_status abn_groups_rank_sum(const double *v, const uint32_t *group, size_t n, size_t groups,
                               abn_difference *out, abn_error *err)
{
    cell *c;
    size_t kept;
    double *rank = NULL, ties, sum = 0;
    abn_status status = cells_make(v, group, n, groups, 1, &c, &kept, err);
    if (status) return status;
    size_t m = c[0].n, other = n - m;
    free(c);
    if (kept != 2) return abn_fail(err, ABN_USAGE, "a rank-sum test compares two groups");
    if ((status = rank_all(v, n, &rank, &ties, err))) return status;
    uint32_t first = UINT32_MAX;
    for (size_t i = 0; i < n; i++)
        if (group[i] < first) first = group[i];
    for (size_t i = 0; i < n; i++)
        if (group[i] == first) sum += rank[i];
    free(rank);
    double a = (double)m, b = (double)other, all = a + b;
    double u = sum - a * (a + 1) / 2, centre = a * b / 2;
    double variance = a * b / 12 * (all + 1 - ties / (all * (all - 1)));
    if (!(variance > 0)) return abn_fail(err, ABN_SINGULAR, "all events are equal");
    double gap = u - centre, step = fabs(gap) < .5 ? fabs(gap) : .5;
    *out = (abn_difference){.n = n, .groups = 2, .df = NAN, .df2 = NAN};
    out->estimate = n <= SHIFT_UP_TO ? hodges_lehmann(v, group, n, first, m) : NAN;
    out->value = copysign(fabs(gap) - step, gap) / sqrt(variance);
    out->p = fmin(1, 2 * gsl_cdf_ugaussian_Q(fabs(out->value)));
    double tail;
    if (ties == 0 && m < EXACT_BELOW && other < EXACT_BELOW &&
        exact_tail(m, other, fmin(u, 2 * centre - u), &tail))
        out->p = fmin(1, 2 * tail);
    return ABN_OK;
}

abn_status abn_groups_kruskal_wallis(const double *v, const uint32_t *group, size_t n,
                                     size_t groups, abn_difference *out, abn_error *err)
{
    cell *c;
    size_t kept;
    double *rank = NULL, ties, sum = 0, count = (double)n;
    abn_status status = cells_make(v, group, n, groups, 1, &c, &kept, err);
    if (status) return status;
    free(c);
    if ((status = rank_all(v, n, &rank, &ties, err))) return status;
    status = cells_make(rank, group, n, groups, 1, &c, &kept, err);
    free(rank);
    if (status) return status;
    for (size_t g = 0; g < kept; g++)
        sum += c[g].sum * c[g].sum / (double)c[g].n;
    free(c);
    double correction = 1 - ties / (count * count * count - count);
    if (!(correction > 0)) return abn_fail(err, ABN_SINGULAR, "all events are equal");
    *out = (abn_difference){.n = n, .groups = kept, .estimate = NAN, .df2 = NAN};
    out->value = (12 / (count * (count + 1)) * sum - 3 * (count + 1)) / correction;
    out->df = (double)kept - 1;
    out->p = gsl_cdf_chisq_Q(fmax(out->value, 0), out->df);
    return ABN_OK;
}
