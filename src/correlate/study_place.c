/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where each event falls: its listing's first session, windows, benchmark, and what speaks against
 * it. */
#include "order.h"
#include "study_parts.h"
#include <abnorm/buf.h>
#include <abnorm/memory.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE_BY_SIDE = 500 }; /* events; fewer are placed by one thread */

static int threads_of(const abn_study *s)
{
    return s->settings.threads > 0 ? s->settings.threads : omp_get_max_threads();
}

/* ---- what is known of a symbol ---- */

static const abn_listing *listing_of(const abn_study *s, const char *symbol)
{
    if (!s->input.listings) return NULL;
    uint32_t i = abn_listings_find(s->input.listings, abn_slice_of(symbol));
    return i == ABN_NO_LISTING ? NULL : abn_listings_at(s->input.listings, i);
}

static const abn_exchange *exchange_of(const abn_study *s, const abn_listing *listing)
{
    if (!listing || !s->input.exchanges || !*listing->mic) return NULL;
    return abn_exchanges_find(s->input.exchanges, abn_slice_of(listing->mic));
}

static const char *benchmark_of(const abn_study_event *e, const abn_study_settings *settings,
                                const abn_listing *listing)
{
    const char *by_mic = NULL, *by_all = NULL;
    if (*e->benchmark) return e->benchmark;
    for (size_t i = 0; i < settings->n_rules; i++) {
        const abn_benchmark_rule *rule = settings->rule + i;
        if (strcmp(rule->key, e->symbol) == 0) return rule->symbol;
        if (listing && *listing->mic && strcmp(rule->key, listing->mic) == 0) by_mic = rule->symbol;
        if (!*rule->key) by_all = rule->symbol;
    }
    if (by_mic || by_all) return by_mic ? by_mic : by_all;
    return listing ? listing->benchmark : "";
}

const char *abn_study_benchmark_of(const abn_study_event *e, const abn_study_settings *settings,
                                   const abn_listings *listings)
{
    uint32_t at = listings ? abn_listings_find(listings, abn_slice_of(e->symbol)) : ABN_NO_LISTING;
    return benchmark_of(e, settings, at == ABN_NO_LISTING ? NULL : abn_listings_at(listings, at));
}

const char *abn_study_benchmark(const abn_study *s, const abn_study_event *e)
{
    return benchmark_of(e, &s->settings, listing_of(s, e->symbol));
}

/* ---- lines ---- */

static const abn_series *series_of(const abn_study *s, const char *symbol)
{
    const abn_quotes *from[] = {s->input.quotes, s->input.shared, s->input.market};
    const abn_series *series = NULL;
    for (size_t i = 0; i < sizeof from / sizeof *from && !series; i++)
        if (from[i]) series = abn_quotes_find(from[i], abn_slice_of(symbol));
    return series;
}

/* What an event is called by here, until its lines are numbered: ABN_NO_LINE for no symbol. False
 * without memory. */
static bool add_name(abn_map *names, const char *symbol, uint32_t *name)
{
    *name = ABN_NO_LINE;
    if (!*symbol) return true;
    *name = abn_map_add(names, abn_slice_of(symbol));
    return *name != ABN_MAP_NONE;
}

static bool name_events(abn_study *s, abn_map *names)
{
    size_t n = s->input.n_events;
    bool fine = true;
#pragma omp parallel for schedule(static) num_threads(threads_of(s)) if (n > SIDE_BY_SIDE)
    for (size_t i = 0; i < n; i++) {
        const abn_study_event *e = s->input.event + i;
        const abn_listing *listing = listing_of(s, e->symbol);
        s->place[i] = (abn_place){.row = -1,
                                  .session = ABN_NO_DATE,
                                  .phase = ABN_PHASE_DAY,
                                  .mic = "",
                                  .listing = listing,
                                  .benchmark_symbol = benchmark_of(e, &s->settings, listing)};
    }
    for (size_t i = 0; i < n; i++) {
        abn_place *p = s->place + i, *before = i ? p - 1 : p;
        bool again = i && before->benchmark_symbol == p->benchmark_symbol;
        fine = fine && add_name(names, s->input.event[i].symbol, &p->line);
        if (again)
            p->benchmark = before->benchmark;
        else
            fine = fine && add_name(names, p->benchmark_symbol, &p->benchmark);
    }
    return fine;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A study's lines by the bytes of their symbols: of two listings the same comes first in any part
 * of it. */
static bool number_lines(abn_study *s, const abn_map *names, const char **sorted, uint32_t *line)
{
    size_t n = abn_map_count(names);
    for (uint32_t i = 0; i < n; i++)
        sorted[i] = abn_map_name(names, i);
    if (!s->every_listing) qsort(sorted, n, sizeof *sorted, by_bytes);
    for (size_t i = 0; i < n; i++) {
        uint32_t *own = line + abn_map_find(names, abn_slice_of(sorted[i]));
        *own = ABN_NO_LINE;
        if (series_of(s, sorted[i])) {
            *own = abn_map_add(s->symbols, abn_slice_of(sorted[i]));
            if (*own == ABN_MAP_NONE) return false;
        }
    }
    for (size_t i = 0; i < s->input.n_events; i++) {
        abn_place *p = s->place + i;
        if (p->line != ABN_NO_LINE) p->line = line[p->line];
        if (p->benchmark != ABN_NO_LINE) p->benchmark = line[p->benchmark];
    }
    return true;
}

/* Lines of all that the events name, or of `every` series of the quotes, too. */
static bool name_lines(abn_study *s, bool every)
{
    abn_map *names = abn_map_new();
    bool fine = names && name_events(s, names);
    for (size_t i = 0; fine && every && i < abn_quotes_count(s->input.quotes); i++)
        fine = abn_map_add(names, abn_slice_of(abn_quotes_at(s->input.quotes, i)->symbol)) !=
               ABN_MAP_NONE;
    size_t n = names ? abn_map_count(names) : 0;
    const char **sorted = malloc((n + 1) * sizeof *sorted);
    uint32_t *line = malloc((n + 1) * sizeof *line);
    fine = fine && sorted && line && number_lines(s, names, sorted, line);
    free(sorted);
    free(line);
    abn_map_free(names);
    return fine;
}

static bool wants_donors(const abn_study *s)
{
    for (size_t m = 0; m < s->settings.n_models; m++)
        if (s->settings.model[m].model->kind == ABN_MODEL_DONORS) return true;
    return false;
}

static const abn_sessions *sessions_of(const abn_study *s, const abn_exchange *exchange)
{
    for (size_t i = 0; i < s->n_sessions; i++)
        if (s->sessions[i].exchange == exchange) return s->sessions + i;
    return NULL;
}

/* The sessions of every exchange that a line trades on. */
static abn_status make_sessions(abn_study *s, abn_error *err)
{
    size_t most = s->input.exchanges ? abn_exchanges_count(s->input.exchanges) : 0;
    s->sessions = calloc(most + 1, sizeof *s->sessions);
    if (!s->sessions) return abn_fail_memory(err);
    for (size_t i = 0; i < s->n_lines; i++) {
        const char *symbol = abn_map_name(s->symbols, (uint32_t)i);
        const abn_exchange *x = exchange_of(s, listing_of(s, symbol));
        if (!x || sessions_of(s, x)) continue;
        abn_status status =
            abn_sessions_make(s->sessions + s->n_sessions, x, x->known_from, x->known_to, err);
        if (status != ABN_OK) return status;
        s->n_sessions++;
    }
    return ABN_OK;
}

/* The series whose days estudy2 takes for a listing's: that of the benchmark its returns are merged
 * with. */
static const abn_series *merged_with(const abn_study *s, size_t line)
{
    if (s->settings.convention != ABN_AS_ESTUDY2) return NULL;
    for (size_t i = 0; i < s->input.n_events; i++) {
        const abn_place *p = s->place + i;
        if (p->line == line && p->benchmark != ABN_NO_LINE && p->benchmark != line)
            return series_of(s, p->benchmark_symbol);
    }
    return NULL;
}

/* Room for each line's returns, one behind the other; none where there is no memory for all. */
static abn_line_room *make_room(abn_study *s)
{
    abn_line_room *room = calloc(s->n_lines + 1, sizeof *room);
    size_t all = 0, most = 1;
    if (!room) return NULL;
    for (size_t i = 0; i < s->n_lines; i++) {
        all += room[i].n = series_of(s, abn_map_name(s->symbols, (uint32_t)i))->n + 1;
        if (room[i].n > most) most = room[i].n;
    }
    double *y = s->line_room = abn_columns_alloc(all * sizeof *y + most * sizeof(uint32_t));
    uint32_t *before = y ? (uint32_t *)(void *)(y + all) : NULL;
    for (size_t t = 0; y && t < most; t++)
        before[t] = t ? (uint32_t)t - 1 : UINT32_MAX;
    for (size_t i = 0; i < s->n_lines; y += room[i++].n) {
        room[i].n = y ? room[i].n : 0;
        room[i].y = y;
        room[i].before = before;
    }
    return room;
}

static abn_status make_line(abn_study *s, size_t i, const abn_line_room *room, abn_notes *notes,
                            abn_error *err)
{
    const char *symbol = abn_map_name(s->symbols, (uint32_t)i);
    const abn_listing *listing = listing_of(s, symbol);
    const abn_exchange *x = exchange_of(s, listing);
    const abn_series *merged = merged_with(s, i);
    const abn_sessions *sessions = x ? sessions_of(s, x) : NULL;
    abn_sessions own = {0};
    abn_status status = merged ? abn_sessions_of_series(&own, merged, err) : ABN_OK;
    if (status == ABN_OK)
        status =
            abn_line_make(s->line + i, series_of(s, symbol), merged ? &own : sessions,
                          listing ? listing->currency : "", &s->line_options, room, notes, err);
    free(own.date);
    return status;
}

static abn_status make_lines(abn_study *s, abn_keyed *keyed, abn_error *err)
{
    s->n_lines = abn_map_count(s->symbols);
    s->line = calloc(s->n_lines + 1, sizeof *s->line);
    if (!s->line) return abn_fail_memory(err);
    abn_status status = make_sessions(s, err);
    if (status != ABN_OK) return status;
    /* Each line keeps its notes, so that they come in the lines' order. */
    abn_notes **notes = calloc(s->n_lines + 1, sizeof(abn_notes *));
    abn_line_room *room = make_room(s);
    if (!notes || !room) {
        free(notes);
        free(room);
        return abn_fail_memory(err);
    }
#pragma omp parallel for schedule(dynamic, 4) num_threads(threads_of(s))
    for (size_t i = 0; i < s->n_lines; i++) {
        abn_error local = {0};
        if (s->input.actions) notes[i] = abn_notes_new();
        abn_status one = make_line(s, i, room + i, notes[i], &local);
        if (one == ABN_OK) continue;
#pragma omp critical
        if (status == ABN_OK) {
            status = one;
            if (err && err->status == ABN_OK) *err = local;
        }
    }
    for (size_t i = 0; i < s->n_lines; i++) {
        if (notes[i] && s->notes) abn_notes_move(s->notes, notes[i]);
        if (s->crew) abn_keyed_add(keyed, s->notes, abn_map_name(s->symbols, (uint32_t)i));
        abn_notes_free(notes[i]);
    }
    free(notes);
    free(room);
    return status;
}

static void note_line(abn_study *s, const abn_line *line)
{
    char day[ABN_DATE_MAX];
    const abn_series *series = line->series;
    for (size_t t = 0; line->stale && t < series->n; t++) {
        if (!abn_bar_is_stale(series, t)) continue;
        long at = abn_quotes_line(s->input.quotes, series, t);
        if (!at && s->input.shared) at = abn_quotes_line(s->input.shared, series, t);
        abn_note_at(s->notes, "stale bar", series->source, at, 0,
                    "%s %s: flat without volume, no observation", series->symbol,
                    abn_date_format(series->date[t], day));
    }
    if (line->closed)
        abn_note_at(s->notes, "row on a closed day", series->source, 0, 0,
                    "%s: %zu rows on days when its exchange was closed, no observations",
                    series->symbol, line->closed);
}

/* A benchmark's line is made by each process that needs it, and spoken of once. */
static abn_status note_lines(abn_study *s, abn_error *err)
{
    abn_keyed keyed = abn_keyed_start(s->notes);
    for (size_t i = 0; i < s->n_lines; i++) {
        note_line(s, s->line + i);
        if (s->crew) abn_keyed_add(&keyed, s->notes, abn_map_name(s->symbols, (uint32_t)i));
    }
    return abn_keyed_gather(&keyed, s->notes, s->crew, ABN_OK, err);
}

/* ---- one event ---- */

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
    const abn_exchange *x = exchange_of(s, p->listing);
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
#pragma omp parallel num_threads(threads_of(s)) if (n > SIDE_BY_SIDE)
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
#pragma omp parallel num_threads(threads_of(s)) if (s->input.n_events > SIDE_BY_SIDE)
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
    size_t n = (size_t)threads_of(s);
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
    abn_keyed keyed = abn_keyed_start(s->notes);
    s->place = calloc(s->input.n_events + 1, sizeof *s->place);
    s->symbols = abn_map_new();
    bool fine = s->place && s->symbols;
    if (mine == ABN_OK && (!fine || !name_lines(s, s->every_listing || wants_donors(s))))
        mine = abn_fail_memory(err);
    if (mine == ABN_OK) mine = make_lines(s, &keyed, err);
    abn_status status = abn_keyed_gather(&keyed, s->notes, s->crew, mine, err);
    if (status == ABN_OK) status = note_lines(s, err);
    if (status == ABN_OK) status = place_all(s, err);
    return abn_crew_agree(s->crew, status, err);
}

/* ---- dependence ---- */

static uint32_t day_of(const abn_ordered *one)
{
    return (uint32_t)(one->key >> 32);
}

/* Observations by news day and company, 0 for none. */
static bool order_meetings(const abn_study *s, abn_ordered *all, size_t *count)
{
    abn_map *names = abn_map_new();
    bool fine = names != NULL;
    size_t n = 0;
    for (size_t i = 0; fine && i < s->n_all; i++) {
        if (!s->told[i].usable) continue;
        const abn_listing *listing =
            s->crew ? listing_of(s, s->all[i].symbol) : s->place[i].listing;
        uint32_t company = 0;
        if (listing && *listing->company) {
            uint32_t at = abn_map_add(names, abn_slice_of(listing->company));
            fine = at != ABN_MAP_NONE;
            company = at + 1;
        }
        /* One piece of news may reach listings in different zones on neighbouring dates. */
        uint32_t day = (uint32_t)s->all[i].on;
        all[n++] = (abn_ordered){(uint64_t)day << 32 | company, (uint32_t)i};
    }
    abn_map_free(names);
    *count = n;
    return fine && abn_order(all, n);
}

abn_status abn_study_note_dependence(abn_study *s, abn_error *err)
{
    size_t n = 0, shared = 0, companies = 0, run = 0, most = 0;
    abn_ordered *all = malloc((s->n_all + 1) * sizeof *all);
    if (!all || !order_meetings(s, all, &n)) {
        free(all);
        return abn_fail_memory(err);
    }
    for (size_t j = 0; j < n; j++) {
        bool before = j > 0 && day_of(all + j - 1) == day_of(all + j);
        bool after = j + 1 < n && day_of(all + j + 1) == day_of(all + j);
        shared += before || after;
        run = before ? run + 1 : 1;
        if (run > most) most = run;
        companies += before && (uint32_t)all[j].key && all[j - 1].key == all[j].key;
    }
    /* In a large sample some days coincide by chance. */
    if (20 * companies > n)
        abn_note_at(s->notes, "dependent events", NULL, 0, 0,
                    "%zu of %zu observations share their news day with another, %zu with another "
                    "listing of the same company: they are not independent, and tests across "
                    "events overstate",
                    shared, n, companies);
    else if (5 * most >= n && most > 1)
        abn_note_at(s->notes, "dependent events", NULL, 0, 0,
                    "%zu of %zu observations share their news day with another: prefer tests that "
                    "allow for correlation (kolari_pynnonen_t, grank_t)",
                    shared, n);
    free(all);
    return ABN_OK;
}
