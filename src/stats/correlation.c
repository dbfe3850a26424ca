/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mean pairwise correlation of residuals where windows have gaps or lie apart. */
#include "estimation.h"
#include "rank.h"
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

/* One occasion's residuals on the common axis: zero and unmasked where it has none. */
typedef struct track {
    double *value, *mask;
    size_t from, to; /* on the axis */
} track;

/* Two events of one listing on different days: their estimation windows may hold the very same
 * residuals, but that says nothing of a correlation of their abnormal returns. */
static bool apart(const abn_panel *panel, size_t i, size_t j)
{
    const abn_occasion *a = panel->occasion + i, *b = panel->occasion + j;
    return a->history == b->history && a->day0 != b->day0;
}

static int compare_dates(const void *a, const void *b)
{
    abn_date x = *(const abn_date *)a, y = *(const abn_date *)b;
    return (x > y) - (x < y);
}

static abn_date key_of(const abn_panel *panel, size_t i, size_t t)
{
    const abn_occasion *o = panel->occasion + i;
    const abn_date *date = panel->history[o->history].date;
    int64_t row = (int64_t)o->day0 + panel->estimation.from + (int64_t)t;
    return date ? date[row] : (abn_date)row;
}

/* Every date on which some occasion has a residual, ascending. */
static size_t make_axis(const abn_panel *panel, const uint32_t *event, size_t n,
                        const double *residual, abn_date *axis)
{
    size_t count = 0, unique = 0;
    for (size_t j = 0; j < n; j++)
        for (size_t t = 0; t < panel->m; t++)
            if (!isnan(residual[j * panel->m + t])) axis[count++] = key_of(panel, event[j], t);
    qsort(axis, count, sizeof *axis, compare_dates);
    for (size_t i = 0; i < count; i++)
        if (unique == 0 || axis[unique - 1] != axis[i]) axis[unique++] = axis[i];
    return unique;
}

static size_t place(const abn_date *axis, size_t n, abn_date key)
{
    size_t a = 0, b = n;
    while (a < b) {
        size_t middle = (a + b) / 2;
        if (axis[middle] < key)
            a = middle + 1;
        else
            b = middle;
    }
    return a;
}

static bool lay(const abn_panel *panel, size_t i, const double *residual, abn_pairing pairing,
                const abn_date *axis, size_t length, track *out)
{
    size_t first = panel->m, last = 0;
    for (size_t t = 0; t < panel->m; t++)
        if (!isnan(residual[t])) {
            if (first == panel->m) first = t;
            last = t;
        }
    if (first == panel->m) return true;
    bool calendar = pairing == ABN_PAIR_CALENDAR;
    out->from = calendar ? place(axis, length, key_of(panel, i, first)) : first;
    out->to = 1 + (calendar ? place(axis, length, key_of(panel, i, last)) : last);
    out->value = calloc(2 * (out->to - out->from), sizeof *out->value);
    if (!out->value) return false;
    out->mask = out->value + (out->to - out->from);
    size_t at = out->from;
    for (size_t t = first; t <= last; t++) {
        if (isnan(residual[t])) continue;
        if (!calendar)
            at = t;
        else
            for (abn_date key = key_of(panel, i, t); axis[at] != key;)
                at++;
        out->value[at - out->from] = residual[t];
        out->mask[at - out->from] = 1;
    }
    return true;
}

/* Correlation over common rows; `*common` how many. */
static double correlate(const track *a, const track *b, double *common)
{
    size_t from = a->from > b->from ? a->from : b->from, to = a->to < b->to ? a->to : b->to;
    double n = 0, sa = 0, sb = 0, aa = 0, ab = 0, bb = 0;
    for (size_t t = from; t < to; t++) {
        double ma = a->mask[t - a->from], mb = b->mask[t - b->from];
        double va = a->value[t - a->from] * mb, vb = b->value[t - b->from] * ma;
        n += ma * mb;
        sa += va;
        sb += vb;
        aa += va * va;
        ab += va * vb;
        bb += vb * vb;
    }
    *common = n;
    if (n < 3) return 0;
    double x = aa - sa * sa / n, y = bb - sb * sb / n;
    return x > 0 && y > 0 ? (ab - sa * sb / n) / sqrt(x * y) : 0;
}

static void correlate_all(const abn_panel *panel, const uint32_t *event, const track *tracks,
                          size_t n, bool calendar, int threads, double *sum, double *count)
{
    int team = threads > 0 ? threads : omp_get_max_threads();
#pragma omp parallel for schedule(dynamic, 8) num_threads(team)
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            double common = 0, r = 0;
            if (calendar && apart(panel, event[i], event[j])) continue;
            if (tracks[i].value && tracks[j].value) r = correlate(tracks + i, tracks + j, &common);
            sum[i] += r;
            count[i] += common >= 3;
        }
}

abn_status abn_correlation_pairwise(const abn_panel *panel, const uint32_t *event, size_t n,
                                    abn_pairing pairing, int threads, double *mean, abn_error *err)
{
    if (n < 2) {
        *mean = NAN;
        return ABN_OK;
    }
    size_t m = panel->m, length = m;
    bool ok = true;
    double *residual = malloc(n * m * sizeof *residual), *sums = calloc(2 * n, sizeof *sums);
    abn_date *axis = malloc(n * m * sizeof *axis);
    track *tracks = calloc(n, sizeof *tracks);
    if (!residual || !sums || !axis || !tracks) ok = false;
    for (size_t j = 0; ok && j < n; j++)
        abn_panel_residuals(panel, event[j], residual + j * m);
    if (ok && pairing == ABN_PAIR_CALENDAR) length = make_axis(panel, event, n, residual, axis);
    for (size_t j = 0; ok && j < n; j++)
        ok = lay(panel, event[j], residual + j * m, pairing, axis, length, tracks + j);
    if (ok) {
        correlate_all(panel, event, tracks, n, pairing == ABN_PAIR_CALENDAR, threads, sums,
                      sums + n);
        double sum = 0, count = 0;
        for (size_t i = 0; i < n; i++) {
            sum += sums[i];
            count += sums[n + i];
        }
        if (pairing == ABN_PAIR_CALENDAR) count = (double)n * (double)(n - 1) / 2;
        *mean = sum / count;
    }
    for (size_t j = 0; tracks && j < n; j++)
        free(tracks[j].value);
    free(residual);
    free(sums);
    free(axis);
    free(tracks);
    return ok ? ABN_OK : abn_fail_memory(err);
}

/* ---- one listing's own events ---- */

/* The residuals of an occasion as a vector of length 1 about zero mean, zero where it has none;
 * false when they do not vary. */
static bool unit_vector(const abn_panel *panel, size_t i, double *z)
{
    double sum = 0, count = 0, squares = 0;
    abn_panel_residuals(panel, i, z);
    for (size_t t = 0; t < panel->m; t++)
        if (!isnan(z[t])) {
            sum += z[t];
            count++;
        }
    for (size_t t = 0; t < panel->m; t++) {
        z[t] = isnan(z[t]) ? 0 : z[t] - sum / count;
        squares += z[t] * z[t];
    }
    if (!(squares > 0)) return false;
    for (size_t t = 0; t < panel->m; t++)
        z[t] /= sqrt(squares);
    return true;
}

typedef struct listing_work {
    double *z, *other, *sum, *day;
    abn_ranked *order;
} listing_work;

/* Twice the sum over pairs of a listing's `n` events, on different days, of the product of
 * their unit vectors: all pairs by the norm of the vectors' sum, less those of one day. */
static double pairs_apart(const abn_panel *panel, const uint32_t *event, size_t n, listing_work *k)
{
    for (size_t j = 0; j < n; j++)
        k->day[j] = panel->occasion[event[j]].day0;
    abn_rank_sort(k->day, n, k->order, k->order + n);
    size_t low = (size_t)k->order[0].value, span = (size_t)k->order[n - 1].value - low + panel->m;
    memset(k->sum, 0, span * sizeof *k->sum);
    double total = 0;
    for (size_t j = 0; j < n; j++) {
        size_t i = event[k->order[j].at], at = (size_t)k->order[j].value - low;
        if (!unit_vector(panel, i, k->z)) continue;
        total -= 1;
        for (size_t t = 0; t < panel->m; t++)
            k->sum[at + t] += k->z[t];
        for (size_t b = j; b-- > 0 && !apart(panel, i, event[k->order[b].at]);) {
            if (!unit_vector(panel, event[k->order[b].at], k->other)) continue;
            size_t gap = at - ((size_t)k->order[b].value - low);
            for (size_t t = 0; t + gap < panel->m; t++)
                total -= 2 * k->z[t] * k->other[t + gap];
        }
    }
    for (size_t t = 0; t < span; t++)
        total += k->sum[t] * k->sum[t];
    return total;
}

static bool work_make(listing_work *k, const abn_panel *panel, size_t n, size_t span)
{
    k->z = malloc((panel->m + 1) * sizeof *k->z);
    k->other = malloc((panel->m + 1) * sizeof *k->other);
    k->sum = malloc((span + panel->m + 1) * sizeof *k->sum);
    k->day = malloc((n + 1) * sizeof *k->day);
    k->order = malloc((2 * n + 1) * sizeof *k->order);
    return k->z && k->other && k->sum && k->day && k->order;
}

static void work_free(listing_work *k)
{
    free(k->z);
    free(k->other);
    free(k->sum);
    free(k->day);
    free(k->order);
}

/* Bring the events of one listing together: `first` of each in `order`, histories + 1. */
static size_t by_listing(const abn_panel *panel, const uint32_t *event, size_t n, size_t *first,
                         size_t histories, uint32_t *order)
{
    size_t most = 0;
    for (size_t j = 0; j < n; j++)
        first[panel->occasion[event[j]].history + 1]++;
    for (size_t h = 0; h < histories; h++) {
        if (first[h + 1] > most) most = first[h + 1];
        first[h + 1] += first[h];
    }
    for (size_t j = n; j-- > 0;)
        order[--first[panel->occasion[event[j]].history + 1]] = event[j];
    for (size_t h = 0; h < histories; h++)
        first[h] = first[h + 1];
    first[histories] = n;
    return most;
}

abn_status abn_correlation_apart(const abn_panel *panel, const uint32_t *event, size_t n,
                                 int threads, double *sum, abn_error *err)
{
    size_t histories = 0, longest = 0;
    for (size_t j = 0; j < n; j++) {
        size_t h = panel->occasion[event[j]].history;
        if (h >= histories) histories = h + 1;
        if (panel->history[h].n > longest) longest = panel->history[h].n;
    }
    size_t *first = calloc(histories + 2, sizeof *first);
    uint32_t *order = malloc((n + 1) * sizeof *order);
    double *part = calloc(histories + 1, sizeof *part);
    bool ok = first && order && part;
    size_t most = ok ? by_listing(panel, event, n, first, histories, order) : 0;
    int team = threads > 0 ? threads : omp_get_max_threads();
#pragma omp parallel num_threads(team) if (ok)
    {
        listing_work k = {0};
        bool mine = ok && work_make(&k, panel, most, longest);
        if (!mine) {
#pragma omp atomic write
            ok = false;
        }
#pragma omp for schedule(dynamic, 4)
        for (size_t h = 0; h < histories; h++)
            if (mine && first[h + 1] - first[h] > 1)
                part[h] = pairs_apart(panel, order + first[h], first[h + 1] - first[h], &k);
        work_free(&k);
    }
    double total = 0;
    for (size_t h = 0; ok && h < histories; h++)
        total += part[h];
    *sum = total;
    free(first);
    free(order);
    free(part);
    return ok ? ABN_OK : abn_fail_memory(err);
}
