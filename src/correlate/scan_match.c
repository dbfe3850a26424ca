/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moves, and the events that may explain them. */
#include "scan_parts.h"

#include <abnorm/buf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EXPLAINED 0.6 /* score from which an event explains a move */
#define PARTLY    0.25

int32_t abn_scan_row(const abn_scan *scan, size_t i)
{
    const abn_place *p = &scan->study->place[i];
    return p->line == ABN_NO_LINE ? -1 : p->row;
}

/* ---- moves ---- */

static bool is_significant(const abn_scan *scan, const abn_scanned *l, size_t t)
{
    return (scan->settings.unadjusted ? l->p[t] : l->q[t]) <= scan->settings.level;
}

/* The next tested row, so that a session without a return does not cut a run. */
static size_t next_tested(const abn_scanned *l, size_t t)
{
    do
        t++;
    while (t < l->end && isnan(l->z[t]));
    return t;
}

static abn_run run_from(const abn_scan *scan, const abn_scanned *l, uint32_t listing, size_t t)
{
    abn_run run = {listing, (int32_t)t, (int32_t)t, (int32_t)t};
    for (size_t u = next_tested(l, t);
         u < l->end && is_significant(scan, l, u) && (l->z[u] > 0) == (l->z[t] > 0);
         u = next_tested(l, u)) {
        run.to = (int32_t)u;
        if (fabs(l->z[u]) > fabs(l->z[run.peak])) run.peak = (int32_t)u;
    }
    return run;
}

static abn_status find_runs(abn_scan *scan, abn_error *err)
{
    size_t room = 0;
    for (size_t i = 0; i < scan->n_listings; i++) {
        abn_scanned *l = &scan->listing[i];
        l->first_move = scan->n_moves;
        for (size_t t = l->first; l->z && t < l->end; t++) {
            if (isnan(l->z[t]) || !is_significant(scan, l, t)) continue;
            if (scan->n_moves == room) {
                room = room ? 2 * room : 64;
                abn_run *grown = realloc(scan->run, room * sizeof *grown);
                if (!grown) return abn_fail_memory(err);
                scan->run = grown;
            }
            abn_run run = run_from(scan, l, (uint32_t)i, t);
            scan->run[scan->n_moves++] = run;
            t = (size_t)run.to;
        }
        l->n_moves = scan->n_moves - l->first_move;
    }
    return ABN_OK;
}

/* ---- events of each listing ---- */

static int by_row(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Events are few beside sessions: a sorted list of (row, event) a listing. */
static abn_status place_events(abn_scan *scan, abn_error *err)
{
    size_t n = scan->input.study.n_events;
    uint32_t *listing_of = malloc((scan->study->n_lines + 1) * sizeof *listing_of);
    int64_t *key = malloc((n + 1) * sizeof *key);
    abn_status status = listing_of && key ? ABN_OK : abn_fail_memory(err);
    for (size_t i = 0; status == ABN_OK && i < scan->n_listings; i++) {
        abn_scanned *l = &scan->listing[i];
        uint32_t line = (uint32_t)(l->line - scan->study->line);
        size_t count = 0;
        for (size_t e = 0; e < n; e++)
            if (scan->study->place[e].line == line && abn_scan_row(scan, e) >= 0)
                key[count++] = (int64_t)abn_scan_row(scan, e) << 32 | (int64_t)e;
        if (count) qsort(key, count, sizeof *key, by_row);
        l->event = malloc((count + 1) * sizeof *l->event);
        if (!l->event) status = abn_fail_memory(err);
        for (size_t k = 0; l->event && k < count; k++)
            l->event[k] = (uint32_t)(key[k] & UINT32_MAX);
        l->n_events = l->event ? count : 0;
    }
    free(listing_of);
    free(key);
    return status;
}

/* ---- scores ---- */

static double weight_of_type(const char *type)
{
    static const struct {
        const char *type;
        double weight;
    } weights[] = {{"earnings", 1},  {"partnership", 1}, {"regulatory", 1},
                   {"product", 0.9}, {"buyback", 1},     {"analyst", 0.8},
                   {"legal", 0.9},   {"macro", 0.7},     {"market", 0.3}};
    for (size_t i = 0; i < sizeof weights / sizeof *weights; i++)
        if (strcmp(type, weights[i].type) == 0) return weights[i].weight;
    return 0.9;
}

/* An event whose first session lies in the run is on time; each session of distance costs. */
static double weight_of_lag(const abn_run *m, int32_t row)
{
    if (row >= m->from && row <= m->peak) return 1;
    if (row > m->peak) return 0.3; /* the move came first: news that was known, or another cause */
    return 1 / (1 + 0.6 * (double)(m->from - row));
}

static bool lists(const char *list, const char *one)
{
    abn_slice rest = abn_slice_of(list), part;
    while (abn_slice_split(&rest, ';', &part))
        if (abn_slice_eq(part, one)) return true;
    return false;
}

/* Whether a text of this event claims a move of this listing in a session of the run. */
static bool is_claimed(const abn_scan *scan, const abn_scanned *l, const abn_run *m, size_t event)
{
    const char *documents = scan->input.documents ? scan->input.documents[event] : NULL;
    for (size_t i = 0; documents && i < scan->input.n_claims; i++) {
        const abn_scan_claim *c = &scan->input.claim[i];
        if (strcmp(c->symbol, l->symbol) == 0 && c->session >= l->line->date[m->from] &&
            c->session <= l->line->date[m->to] && lists(documents, c->document))
            return true;
    }
    return false;
}

static double score(const abn_scan *scan, const abn_scanned *l, const abn_run *m, size_t event)
{
    double s = weight_of_lag(m, abn_scan_row(scan, event)) *
               weight_of_type(scan->input.study.event[event].group);
    return is_claimed(scan, l, m, event) ? fmin(1, s + 0.3) : s;
}

static bool is_candidate(const abn_scan *scan, const abn_run *m, int32_t row)
{
    int32_t lag = m->peak - row;
    return (lag >= scan->settings.lag.from && lag <= scan->settings.lag.to) ||
           (row >= m->from && row <= m->to);
}

/* ---- rows ---- */

static double sample_p(const abn_scanned *l, double z)
{
    size_t larger = 0;
    for (size_t t = l->first; t < l->end; t++)
        larger += fabs(l->z[t]) >= fabs(z); /* NaN compares false; z itself counts */
    return (double)larger / (double)(l->tested + 1);
}

static void put_candidate(abn_buf *out, const char *id, double s)
{
    abn_buf_printf(out, "%s%s:%.2f", out->len ? ";" : "", id, s);
}

static abn_status match_move(abn_scan *scan, size_t i, abn_error *err)
{
    const abn_run *m = &scan->run[i];
    const abn_scanned *l = &scan->listing[m->listing];
    size_t peak = (size_t)m->peak;
    abn_move_row *row = &scan->move[i];
    abn_buf all = {0};
    *row = (abn_move_row){.symbol = l->symbol,
                          .date = l->line->date[peak],
                          .value = l->line->y[peak],
                          .abnormal = l->ar[peak],
                          .z = l->z[peak],
                          .p = l->p[peak],
                          .q = l->q[peak],
                          .event_id = "",
                          .lag_sessions = ABN_NO_LAG,
                          .explained = "no",
                          .from = l->line->date[m->from],
                          .to = l->line->date[m->to],
                          .p_sample = sample_p(l, l->z[peak]),
                          .score = NAN,
                          .candidates = ""};
    for (int32_t t = m->from; t <= m->to; t++)
        if (!isnan(l->ar[t])) {
            row->cumulative += l->ar[t];
            row->sessions++;
        }
    for (size_t k = 0; k < l->n_events; k++) {
        size_t e = l->event[k];
        if (!is_candidate(scan, m, abn_scan_row(scan, e))) continue;
        double s = score(scan, l, m, e);
        const char *id = scan->input.study.event[e].event_id;
        put_candidate(&all, id, s);
        if (!isnan(row->score) && s <= row->score) continue;
        row->score = s;
        row->event_id = id;
        row->lag_sessions = m->peak - abn_scan_row(scan, e);
        row->explained = s >= EXPLAINED ? "yes" : s >= PARTLY ? "partly" : "no";
    }
    if (all.len) row->candidates = abn_arena_strdup(scan->arena, all.data);
    bool failed = all.failed || !row->candidates;
    abn_buf_free(&all);
    return failed ? abn_fail_memory(err) : ABN_OK;
}

static void match_event(const abn_scan *scan, const abn_scanned *l, size_t e,
                        abn_event_move_row *row)
{
    const abn_study_event *event = &scan->input.study.event[e];
    int32_t at = abn_scan_row(scan, e);
    *row = (abn_event_move_row){.event_id = event->event_id,
                                .symbol = event->symbol,
                                .type = event->group,
                                .first_session = scan->study->place[e].session,
                                .move = ABN_NO_DATE,
                                .lag_sessions = ABN_NO_LAG,
                                .abnormal = NAN,
                                .z = NAN,
                                .p = NAN,
                                .q = NAN,
                                .score = NAN};
    if (!l || at < 0 || !l->z) return;
    row->abnormal = l->ar[at];
    row->z = l->z[at];
    row->p = l->p[at];
    row->q = l->q[at];
    for (size_t i = l->first_move; i < l->first_move + l->n_moves; i++) {
        const abn_run *m = &scan->run[i];
        double s = is_candidate(scan, m, at) ? score(scan, l, m, e) : NAN;
        if (isnan(s) || s <= row->score) continue;
        row->score = s;
        row->move = l->line->date[m->peak];
        row->lag_sessions = m->peak - at;
    }
}

static const abn_scanned *listing_of(const abn_scan *scan, size_t e)
{
    for (size_t i = 0; i < scan->n_listings; i++)
        if ((uint32_t)(scan->listing[i].line - scan->study->line) == scan->study->place[e].line)
            return &scan->listing[i];
    return NULL;
}

abn_status abn_scan_match(abn_scan *scan, abn_error *err)
{
    abn_status status = find_runs(scan, err);
    if (status == ABN_OK) status = place_events(scan, err);
    scan->n_events = scan->input.study.n_events;
    scan->move = calloc(scan->n_moves + 1, sizeof *scan->move);
    scan->event = calloc(scan->n_events + 1, sizeof *scan->event);
    if (status == ABN_OK && (!scan->move || !scan->event)) status = abn_fail_memory(err);
    for (size_t i = 0; status == ABN_OK && i < scan->n_moves; i++)
        status = match_move(scan, i, err);
    for (size_t e = 0; status == ABN_OK && e < scan->n_events; e++)
        match_event(scan, listing_of(scan, e), e, &scan->event[e]);
    return status;
}
