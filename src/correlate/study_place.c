/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where each event falls: its listing's first session, windows, benchmark, and what speaks against
 * it. */
#include "order.h"
#include "study_parts.h"
#include <abnorm/buf.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Texts of one event's note, joined. */
typedef struct remarks {
    abn_buf text;
} remarks;

static void remark(remarks *r, const char *text)
{
    if (r->text.len) abn_buf_text(&r->text, "; ");
    abn_buf_text(&r->text, text);
}

/* The first row on or after a date. Sessions are spread evenly enough that most are found within a
 * few rows of where a straight line has them. */
static size_t lower(const abn_line *line, abn_date date)
{
    enum { NEAR = 16 };
    size_t a = 0, b = line->n;
    if (b > 4 * NEAR && date > line->date[0] && date <= line->date[b - 1]) {
        int64_t days = (int64_t)line->date[b - 1] - line->date[0];
        int64_t at = ((int64_t)date - line->date[0]) * (int64_t)(b - 1) / days;
        size_t low = at > NEAR ? (size_t)at - NEAR : 0, high = low + 2 * NEAR;
        if (line->date[low] < date) a = low + 1;
        if (high < b && line->date[high] >= date) b = high;
    }
    while (a < b) {
        size_t middle = (a + b) / 2;
        if (line->date[middle] < date)
            a = middle + 1;
        else
            b = middle;
    }
    return a;
}

static void remark_moved(remarks *r, abn_date from, abn_date to)
{
    char a[ABN_DATE_MAX], b[ABN_DATE_MAX], text[96];
    if (from == to) return;
    snprintf(text, sizeof text, "%s is no session: moved to %s", abn_date_format(from, a),
             abn_date_format(to, b));
    remark(r, text);
}

/* The first session by the exchange's calendar; false where it is not on file for the day. */
static bool by_calendar(const abn_study *s, const abn_study_event *e, const abn_exchange *x,
                        abn_place *p, remarks *r)
{
    abn_instant at = abn_event_instant(e, s->input.exchanges);
    abn_date date = at == ABN_NO_INSTANT ? e->on : abn_zone_date(&x->zone, at, NULL);
    if (date < x->known_from || date > x->known_to) return false;
    if (at == ABN_NO_INSTANT) {
        p->session = abn_exchange_next(x, e->on);
        remark_moved(r, e->on, p->session);
        return true;
    }
    p->session = abn_exchange_first_session(x, at, &p->phase).date;
    if (e->at != ABN_NO_INSTANT) return true;
    char text[96];
    snprintf(text, sizeof text, "only the day is known, by the clock of %s", e->clock);
    remark(r, text);
    p->phase = ABN_PHASE_DAY;
    return true;
}

/* The first of the listing's own rows; an instant after the close moves on where hours are known.
 */
static void by_rows(const abn_study_event *e, const abn_exchange *x, const abn_line *line,
                    abn_place *p, remarks *r)
{
    abn_date date = e->on;
    if (e->at != ABN_NO_INSTANT && x)
        date = abn_exchange_first_session(x, e->at, &p->phase).date;
    else if (e->at != ABN_NO_INSTANT)
        remark(r, "exchange not known: the instant's date is taken");
    size_t row = lower(line, date);
    p->session = date;
    if (row == line->n || (row == 0 && date < line->date[0])) return;
    p->session = line->date[row];
    remark_moved(r, date, p->session);
}

static void find_row(const abn_line *line, abn_place *p)
{
    size_t row = lower(line, p->session);
    if (line->n == 0)
        p->problem = "the listing has no quotes";
    else if (p->session < line->date[0])
        p->problem = "it lies before the listing's first quote";
    else if (p->session > line->date[line->n - 1])
        p->problem = "it lies after the listing's last quote";
    else if (line->date[row] != p->session)
        p->problem = "no quote on day 0";
    else {
        p->row = (int32_t)row;
        double level = line->price ? line->price[row] : line->stated[row];
        if (isnan(level)) p->problem = "no price on day 0";
    }
}

static void remark_windows(const abn_line *line, const abn_place *p, remarks *r)
{
    if (p->row < 0) return;
    if ((int64_t)p->row + p->estimation.from < 0)
        remark(r, "the estimation window starts before the first quote");
    if ((int64_t)p->row + p->window.from < 0)
        remark(r, "the event window starts before the first quote");
    if ((int64_t)p->row + p->window.to >= (int64_t)line->n)
        remark(r, "the event window ends after the last quote");
    size_t missing = 0;
    for (int day = p->window.from; day <= p->window.to; day++) {
        int64_t t = (int64_t)p->row + day;
        if (t >= 0 && t < (int64_t)line->n && isnan(line->y[t])) missing++;
    }
    char text[64];
    snprintf(text, sizeof text, "%zu of the event window's returns missing", missing);
    if (missing) remark(r, text);
}

static void place_event(abn_study *s, size_t i, remarks *r)
{
    const abn_study_event *e = s->input.event + i;
    abn_place *p = s->place + i;
    const abn_exchange *x = abn_study_exchange(s, p->listing);
    p->estimation = e->has_estimation ? e->estimation : s->settings.estimation;
    p->window = e->has_window ? e->window : s->settings.window;
    if (x) p->mic = x->mic;
    if (p->line == ABN_NO_LINE) {
        p->problem = "no quotes of the listing";
        return;
    }
    const abn_line *line = s->line + p->line;
    if (!x || !by_calendar(s, e, x, p, r)) by_rows(e, x, line, p, r);
    find_row(line, p);
    if (p->row < 0 && !x) p->session = ABN_NO_DATE;
    remark_windows(line, p, r);
    if (!p->problem && p->estimation.to >= p->window.from)
        p->problem = "its estimation window does not end before its event window";
}

/* ---- other events of the listing ---- */

typedef struct spot {
    uint32_t line, event;
    int32_t row;
} spot;

static bool overlap(int64_t a, int64_t b, int64_t c, int64_t d)
{
    return a <= d && c <= b;
}

/* How far any event's window reaches from its day 0, so that a walk along the listing can stop. */
static abn_window widest(const abn_study *s)
{
    abn_window w = s->settings.window;
    for (size_t i = 0; i < s->input.n_events; i++) {
        if (s->place[i].window.from < w.from) w.from = s->place[i].window.from;
        if (s->place[i].window.to > w.to) w.to = s->place[i].window.to;
    }
    return w;
}

/* One neighbour of an event: named where the windows meet (the first three), counted where its
 * window lies in the estimation window. */
static void remark_neighbour(abn_study *s, const spot *one, const spot *other, size_t *named,
                             size_t *inside, remarks *r)
{
    const abn_place *p = s->place + one->event, *q = s->place + other->event;
    *inside += overlap(p->row + p->estimation.from, p->row + p->estimation.to,
                       q->row + q->window.from, q->row + q->window.to);
    if (!overlap(p->row + p->window.from, p->row + p->window.to, q->row + q->window.from,
                 q->row + q->window.to))
        return;
    if (++*named > 3) return;
    char text[160];
    snprintf(text, sizeof text, "overlaps event %s", s->input.event[other->event].event_id);
    remark(r, text);
}

static void remark_others(abn_study *s, const spot *all, size_t n, size_t at, abn_window reach,
                          remarks *r)
{
    const abn_place *p = s->place + all[at].event;
    size_t named = 0, inside = 0;
    int64_t low = (int64_t)p->row + p->estimation.from - reach.to;
    int64_t high = (int64_t)p->row + p->window.to - reach.from;
    for (size_t j = at; j-- > 0 && all[j].line == all[at].line && all[j].row >= low;)
        remark_neighbour(s, all + at, all + j, &named, &inside, r);
    for (size_t j = at + 1; j < n && all[j].line == all[at].line && all[j].row <= high; j++)
        remark_neighbour(s, all + at, all + j, &named, &inside, r);
    if (!inside) return;
    char text[96];
    snprintf(text, sizeof text, "%zu other event%s in the estimation window%s", inside,
             inside > 1 ? "s" : "", s->settings.exclude_events ? ", left out of it" : "");
    remark(r, text);
}

/* Seal an event's remarks into its note; false without memory. */
static bool seal(abn_study *s, remarks *r, size_t i, abn_arena *arena)
{
    abn_place *p = s->place + i;
    if (p->problem) {
        if (r->text.len) abn_buf_text(&r->text, "; ");
        abn_buf_text(&r->text, "left out: ");
        abn_buf_text(&r->text, p->problem);
    }
    if (r->text.failed) return false;
    if (!r->text.len) return true;
    if (p->note) {
        abn_buf all = {0};
        abn_buf_printf(&all, "%s; %s", p->note, r->text.data);
        p->note = all.failed ? NULL : abn_arena_strdup(arena, all.data);
        abn_buf_free(&all);
    } else
        p->note = abn_arena_strdup(arena, r->text.data);
    abn_buf_clear(&r->text);
    return p->note != NULL;
}

static bool place_events(abn_study *s)
{
    size_t n = s->input.n_events;
    bool fine = true;
#pragma omp parallel num_threads(abn_study_threads(s)) if (n > ABN_SIDE_BY_SIDE)
    {
        remarks r = {0};
        bool mine = true;
#pragma omp for schedule(dynamic, 64)
        for (size_t i = 0; i < n; i++) {
            place_event(s, i, &r);
            mine = seal(s, &r, i, s->thread_arena[omp_get_thread_num()]) && mine;
        }
        abn_buf_free(&r.text);
        if (!mine) {
#pragma omp atomic write
            fine = false;
        }
    }
    return fine;
}

/* Events that have a place by line, row and number; `first` gets where each line's begin, n_lines
 * + 1.
 */
static bool group_spots(const abn_study *s, spot *spots, size_t *first)
{
    abn_ordered *order = malloc((s->input.n_events + 1) * sizeof *order);
    size_t n = 0;
    for (size_t i = 0; order && i < s->input.n_events; i++) {
        const abn_place *p = s->place + i;
        if (p->problem) continue;
        order[n++] = (abn_ordered){(uint64_t)p->line << 32 | (uint32_t)p->row, (uint32_t)i};
        first[p->line + 1]++;
    }
    bool fine = order && abn_order(order, n);
    for (size_t j = 0; fine && j < n; j++)
        spots[j] =
            (spot){(uint32_t)(order[j].key >> 32), order[j].event, (int32_t)(uint32_t)order[j].key};
    for (size_t l = 0; l < s->n_lines; l++)
        first[l + 1] += first[l];
    free(order);
    return fine;
}

/* What the events of each listing say of each other. */
static bool compare_events(abn_study *s, const spot *spots, const size_t *first)
{
    abn_window reach = widest(s);
    bool fine = true;
#pragma omp parallel num_threads(abn_study_threads(s)) if (s->input.n_events > ABN_SIDE_BY_SIDE)
    {
        remarks r = {0};
        bool mine = true;
#pragma omp for schedule(dynamic, 4)
        for (size_t l = 0; l < s->n_lines; l++) {
            const spot *own = spots + first[l];
            size_t n = first[l + 1] - first[l];
            for (size_t j = 0; n > 1 && j < n; j++) {
                remark_others(s, own, n, j, reach, &r);
                mine = seal(s, &r, own[j].event, s->thread_arena[omp_get_thread_num()]) && mine;
            }
        }
        abn_buf_free(&r.text);
        if (!mine) {
#pragma omp atomic write
            fine = false;
        }
    }
    return fine;
}

/* Threads write their notes without waiting for each other. */
static bool make_arenas(abn_study *s)
{
    size_t n = (size_t)abn_study_threads(s);
    s->thread_arena = calloc(n, sizeof *s->thread_arena);
    if (!s->thread_arena) return false;
    for (; s->n_thread_arenas < n; s->n_thread_arenas++)
        if (!(s->thread_arena[s->n_thread_arenas] = abn_arena_new())) return false;
    return true;
}

static abn_status place_all(abn_study *s, abn_error *err)
{
    spot *spots = malloc((s->input.n_events + 1) * sizeof *spots);
    size_t *first = calloc(s->n_lines + 2, sizeof *first);
    bool fine = spots && first && make_arenas(s) && place_events(s) &&
                group_spots(s, spots, first) && compare_events(s, spots, first);
    free(spots);
    free(first);
    return fine ? ABN_OK : abn_fail_memory(err);
}

abn_status abn_study_place(abn_study *s, abn_status mine, abn_error *err)
{
    s->place = calloc(s->input.n_events + 1, sizeof *s->place);
    s->symbols = abn_map_new();
    if (mine == ABN_OK && (!s->place || !s->symbols)) mine = abn_fail_memory(err);
    abn_status status = abn_study_lines(s, mine, err);
    if (status == ABN_OK) status = place_all(s, err);
    return abn_crew_agree(s->crew, status, err);
}
