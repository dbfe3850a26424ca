/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mean pairwise correlation of residuals where windows have gaps or lie apart. */
#include "estimation.h"
#include <abnorm/buf.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

/* One occasion's residuals on the common axis: zero and unmasked where it has none. */
typedef struct track {
    double *value, *mask;
    size_t from, to; /* on the axis */
} track;

/* The residuals of an occasion and whose they are, in one piece with what follows: m residuals and
 * the m dates (or rows) that they are of. */
typedef struct owner {
    uint32_t rank, history;
    int32_t day0;
} owner;

/* Those of all occasions. */
typedef struct residuals {
    size_t n, m;
    owner *owner;
    double *value;
    abn_date *key;
} residuals;

/* Two events of one listing on different days: their estimation windows may hold the very same
 * residuals, but that says nothing of a correlation of their abnormal returns. */
static bool apart(const owner *a, const owner *b)
{
    return a->rank == b->rank && a->history == b->history && a->day0 != b->day0;
}

/* Where each date on which some occasion has a residual lies among them; by event time, the day
 * itself. */
typedef struct axis {
    bool calendar;
    abn_date low;
    uint32_t *place; /* by date from `low` on */
} axis;

static bool make_axis(const residuals *r, bool calendar, axis *out)
{
    abn_date low = INT32_MAX, high = INT32_MIN;
    *out = (axis){.calendar = calendar};
    for (size_t i = 0; i < r->n * r->m; i++) {
        if (isnan(r->value[i])) continue;
        if (r->key[i] < low) low = r->key[i];
        if (r->key[i] > high) high = r->key[i];
    }
    if (!calendar || low > high) return true;
    size_t span = (size_t)((int64_t)high - low) + 1;
    out->low = low;
    if (!(out->place = calloc(span, sizeof *out->place))) return false;
    for (size_t i = 0; i < r->n * r->m; i++)
        if (!isnan(r->value[i])) out->place[(int64_t)r->key[i] - low] = 1;
    uint32_t count = 0;
    for (size_t t = 0; t < span; t++)
        if (out->place[t]) out->place[t] = count++;
    return true;
}

static size_t place_of(const axis *a, abn_date key, size_t t)
{
    return a->calendar ? a->place[(int64_t)key - a->low] : t;
}

static bool lay(const residuals *r, size_t j, const axis *days, track *out)
{
    const double *residual = r->value + j * r->m;
    const abn_date *key = r->key + j * r->m;
    size_t first = r->m, last = 0;
    for (size_t t = 0; t < r->m; t++)
        if (!isnan(residual[t])) {
            if (first == r->m) first = t;
            last = t;
        }
    if (first == r->m) return true;
    out->from = place_of(days, key[first], first);
    out->to = 1 + place_of(days, key[last], last);
    out->value = calloc(2 * (out->to - out->from), sizeof *out->value);
    if (!out->value) return false;
    out->mask = out->value + (out->to - out->from);
    for (size_t t = first; t <= last; t++) {
        if (isnan(residual[t])) continue;
        size_t at = place_of(days, key[t], t) - out->from;
        out->value[at] = residual[t];
        out->mask[at] = 1;
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

static void correlate_all(const residuals *r, const track *tracks, bool calendar, int threads,
                          double *sum, double *count)
{
    int team = threads > 0 ? threads : omp_get_max_threads();
#pragma omp parallel for schedule(dynamic, 8) num_threads(team)
    for (size_t i = 0; i < r->n; i++)
        for (size_t j = i + 1; j < r->n; j++) {
            double common = 0, one = 0;
            if (calendar && apart(r->owner + i, r->owner + j)) continue;
            if (tracks[i].value && tracks[j].value)
                one = correlate(tracks + i, tracks + j, &common);
            sum[i] += one;
            count[i] += common >= 3;
        }
}

static abn_status mean_over_pairs(const residuals *r, bool calendar, int threads, double *mean,
                                  abn_error *err)
{
    double *sums = calloc(2 * r->n, sizeof *sums);
    track *tracks = calloc(r->n, sizeof *tracks);
    axis days = {.place = NULL};
    bool ok = sums && tracks && make_axis(r, calendar, &days);
    for (size_t j = 0; ok && j < r->n; j++)
        ok = lay(r, j, &days, tracks + j);
    if (ok) {
        correlate_all(r, tracks, calendar, threads, sums, sums + r->n);
        double sum = 0, count = 0, n = (double)r->n;
        for (size_t i = 0; i < r->n; i++) {
            sum += sums[i];
            count += sums[r->n + i];
        }
        *mean = sum / (calendar ? n * (n - 1) / 2 : count);
    }
    for (size_t j = 0; tracks && j < r->n; j++)
        free(tracks[j].value);
    free(sums);
    free(days.place);
    free(tracks);
    return ok ? ABN_OK : abn_fail_memory(err);
}

/* ---- from every rank ---- */

static bool pack(const abn_panel *panel, const abn_members *members, const abn_crew *crew,
                 abn_buf *out)
{
    size_t m = panel->m;
    double *value = malloc((m + 1) * sizeof *value);
    abn_date *key = malloc((m + 1) * sizeof *key);
    for (size_t j = 0; value && key && j < members->n; j++) {
        size_t i = members->event[j];
        const abn_occasion *o = panel->occasion + i;
        const abn_date *date = panel->history[o->history].date;
        owner whose = {crew ? (uint32_t)crew->rank : 0, o->history, o->day0};
        abn_panel_residuals(panel, i, value);
        for (size_t t = 0; t < m; t++) {
            int64_t row = (int64_t)o->day0 + panel->estimation.from + (int64_t)t;
            key[t] = isnan(value[t]) ? 0 : date ? date[row] : (abn_date)row;
        }
        abn_buf_add(out, &whose, sizeof whose);
        abn_buf_add(out, value, m * sizeof *value);
        abn_buf_add(out, key, m * sizeof *key);
    }
    bool ok = value && key && !out->failed;
    free(value);
    free(key);
    return ok;
}

static abn_status take(void *to, const void *bytes, size_t size, abn_error *err)
{
    residuals *r = to;
    (void)err;
    size_t values = r->m * sizeof *r->value, keys = r->m * sizeof *r->key;
    for (const char *at = bytes, *end = at + size; at < end; r->n++) {
        memcpy(r->owner + r->n, at, sizeof *r->owner);
        memcpy(r->value + r->n * r->m, at += sizeof *r->owner, values);
        memcpy(r->key + r->n * r->m, at += values, keys);
        at += keys;
    }
    return ABN_OK;
}

abn_status abn_correlation_pairwise(const abn_panel *panel, const abn_members *members, size_t n,
                                    const abn_tests_options *options, double *mean, abn_error *err)
{
    const abn_crew *crew = options->crew;
    size_t room = abn_crew_leads(crew) ? n : 0;
    abn_buf mine = {0};
    residuals r = {.m = panel->m,
                   .owner = malloc((room + 1) * sizeof *r.owner),
                   .value = malloc((room * panel->m + 1) * sizeof *r.value),
                   .key = malloc((room * panel->m + 1) * sizeof *r.key)};
    bool ok = r.owner && r.value && r.key && pack(panel, members, crew, &mine);
    abn_status status = ok ? ABN_OK : abn_fail_memory(err);
    status = abn_crew_gather(crew, status, mine.data, mine.len, take, &r, err);
    abn_buf_free(&mine);
    *mean = NAN;
    if (status == ABN_OK && r.n > 1)
        status =
            mean_over_pairs(&r, options->pairing == ABN_PAIR_CALENDAR, options->threads, mean, err);
    free(r.owner);
    free(r.value);
    free(r.key);
    return abn_crew_agree(crew, status, err);
}
