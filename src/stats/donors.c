/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact.h"
#include <abnorm/donors.h>
#include <abnorm/lstsq.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Weights sum to one, so the portfolio is one held donor, the base, plus differences from it: on
 * the set that is held, an ordinary regression without a constant. */
typedef struct search {
    size_t n, k;
    const double *y, *const *x;
    double *weight;     /* k: of the point reached */
    double *wish;       /* k: of the held set's best, which may be negative */
    double *gap;        /* n: y less the base, or less the portfolio */
    double *difference; /* n x held */
    const double **column;
    size_t *held;       /* indices, the base first */
    size_t count, most; /* of `held` */
    bool *refused;      /* k: a combination of those held */
    abn_lstsq *fit;
    double *block;
} search;

static void search_free(search *s)
{
    free(s->block);
    free(s->column);
    free(s->held);
    free(s->refused);
    abn_lstsq_free(s->fit);
}

static abn_status search_make(search *s, abn_error *err)
{
    s->most = s->k < s->n ? s->k : s->n - 1;
    s->block = calloc(2 * s->k + s->n * (s->most + 1), sizeof *s->block);
    s->column = calloc(s->most, sizeof *s->column);
    s->held = calloc(s->most, sizeof *s->held);
    s->refused = calloc(s->k, sizeof *s->refused);
    s->fit = abn_lstsq_new(s->n, s->most);
    if (!s->block || !s->column || !s->held || !s->refused || !s->fit) return abn_fail_memory(err);
    s->weight = s->block, s->wish = s->weight + s->k;
    s->gap = s->wish + s->k, s->difference = s->gap + s->n;
    for (size_t j = 0; j < s->most; j++)
        s->column[j] = s->difference + j * s->n;
    return ABN_OK;
}

static double squares_from(const search *s, size_t donor)
{
    double sum = 0;
    for (size_t t = 0; t < s->n; t++)
        sum += (s->y[t] - s->x[donor][t]) * (s->y[t] - s->x[donor][t]);
    return sum;
}

/* The donor that follows best alone. */
static void begin(search *s)
{
    double best = HUGE_VAL;
    for (size_t j = 0; j < s->k; j++) {
        double sum = squares_from(s, j);
        if (sum < best) best = sum, s->held[0] = j;
    }
    s->count = 1;
    s->weight[s->held[0]] = 1;
}

/* Best weights on the held set, whatever their sign. */
static abn_status solve(search *s)
{
    const double *base = s->x[s->held[0]];
    double rest = 1;
    memset(s->wish, 0, s->k * sizeof *s->wish);
    for (size_t t = 0; t < s->n; t++)
        s->gap[t] = s->y[t] - base[t];
    for (size_t j = 1; j < s->count; j++)
        for (size_t t = 0; t < s->n; t++)
            s->difference[(j - 1) * s->n + t] = s->x[s->held[j]][t] - base[t];
    if (s->count > 1) {
        abn_status status =
            abn_lstsq_fit(s->fit, s->gap, s->n, s->column, s->count - 1, false, NULL);
        if (status) return status;
    }
    for (size_t j = 1; j < s->count; j++) {
        s->wish[s->held[j]] = s->fit->coef[j - 1];
        rest -= s->fit->coef[j - 1];
    }
    s->wish[s->held[0]] = rest;
    return ABN_OK;
}

/* Move towards the wish until a weight reaches zero, and let that one go. True when none did. */
static bool step(search *s)
{
    double length = 1;
    size_t out = s->count;
    for (size_t j = 0; j < s->count; j++) {
        size_t i = s->held[j];
        if (s->wish[i] > 0) continue;
        double reach = s->weight[i] / (s->weight[i] - s->wish[i]);
        if (reach < length || out == s->count) length = fmin(length, reach), out = j;
    }
    for (size_t j = 0; j < s->count; j++) {
        size_t i = s->held[j];
        s->weight[i] += length * (s->wish[i] - s->weight[i]);
    }
    if (out == s->count) return true;
    s->weight[s->held[out]] = 0;
    memmove(s->held + out, s->held + out + 1, (s->count - out - 1) * sizeof *s->held);
    s->count--;
    return false;
}

static void find_gap(search *s)
{
    for (size_t t = 0; t < s->n; t++) {
        double sum = s->y[t];
        for (size_t j = 0; j < s->count; j++)
            sum -= s->weight[s->held[j]] * s->x[s->held[j]][t];
        s->gap[t] = sum;
    }
}

static double slope_to(const search *s, const double *from, const double *to)
{
    double sum = 0;
    for (size_t t = 0; t < s->n; t++)
        sum += s->gap[t] * (to[t] - from[t]);
    return sum;
}

/* The donor that improves most when weight moves to it from those held; k when none does. */
static size_t next_donor(search *s)
{
    double best = 0;
    size_t found = s->k;
    find_gap(s);
    const double *base = s->x[s->held[0]];
    for (size_t j = 0; j < s->k; j++) {
        if (s->weight[j] > 0 || s->refused[j]) continue;
        double length = 0;
        for (size_t t = 0; t < s->n; t++)
            length += (s->x[j][t] - base[t]) * (s->x[j][t] - base[t]);
        double slope = slope_to(s, base, s->x[j]) / sqrt(length);
        if (length > 0 && slope > best) best = slope, found = j;
    }
    double size = 0;
    for (size_t t = 0; t < s->n; t++)
        size += s->gap[t] * s->gap[t];
    return best > 1e-10 * sqrt(size) ? found : s->k;
}

static abn_status settle(search *s, abn_error *err)
{
    begin(s);
    for (size_t round = 0; round < 20 * s->k + 100; round++) {
        size_t donor = next_donor(s);
        if (donor == s->k || s->count == s->most) return ABN_OK;
        s->held[s->count++] = donor;
        if (solve(s) || s->wish[donor] <= 0) {
            s->refused[donor] = true;
            s->count--;
            continue;
        }
        while (!step(s))
            if (solve(s)) return abn_fail(err, ABN_SINGULAR, "the donors are collinear");
        memset(s->refused, 0, s->k * sizeof *s->refused);
    }
    return abn_fail(err, ABN_CONVERGENCE, "the donors' weights do not settle");
}

/* Var(weights)/sigma^2: differences' own inverse, and the base's by the sum to one. */
static void spread(search *s, double *inverse)
{
    memset(inverse, 0, s->k * s->k * sizeof *inverse);
    size_t m = s->count - 1, base = s->held[0];
    if (m == 0 || solve(s)) return;
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++) {
            double v = s->fit->inverse[i * m + j];
            size_t a = s->held[i + 1], b = s->held[j + 1];
            inverse[a * s->k + b] = v;
            inverse[a * s->k + base] -= v;
            inverse[base * s->k + b] -= v;
            inverse[base * s->k + base] += v;
        }
}

abn_status abn_donors_fit(const double *y, size_t n, const double *const *x, size_t k,
                          double *weight, double *inverse, abn_donors *out, abn_error *err)
{
    if (n < 2 || k == 0) return abn_fail(err, ABN_HISTORY, "%zu rows, %zu donors", n, k);
    bool finite = abn_all_finite(y, n);
    for (size_t j = 0; finite && j < k; j++)
        finite = abn_all_finite(x[j], n);
    if (!finite) return abn_fail(err, ABN_DATA, "a return is not finite");
    search s = {.n = n, .k = k, .y = y, .x = x};
    abn_status status = search_make(&s, err);
    if (!status) status = settle(&s, err);
    if (!status) {
        memcpy(weight, s.weight, k * sizeof *weight);
        if (inverse) spread(&s, inverse);
        abn_donors_follow(y, n, x, k, weight, out);
    }
    search_free(&s);
    return status;
}

void abn_donors_follow(const double *y, size_t n, const double *const *x, size_t k,
                       const double *weight, abn_donors *out)
{
    double mean = 0, sse = 0, total = 0;
    for (size_t t = 0; t < n; t++)
        mean += y[t] / (double)n;
    for (size_t t = 0; t < n; t++) {
        double e = y[t];
        for (size_t j = 0; j < k; j++)
            e -= weight[j] * x[j][t];
        sse += e * e;
        total += (y[t] - mean) * (y[t] - mean);
    }
    out->sse = sse;
    out->r_squared = total > 0 ? 1 - sse / total : NAN;
    out->held = 0;
    for (size_t j = 0; j < k; j++)
        out->held += weight[j] > 0 ? 1 : 0;
}
