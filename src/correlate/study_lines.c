/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines of a study: which series its events and benchmarks need, and what is known of them. */
#include "order.h"
#include "study_parts.h"
#include <abnorm/memory.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

int abn_study_threads(const abn_study *s)
{
    return s->settings.threads > 0 ? s->settings.threads : omp_get_max_threads();
}

/* ---- what is known of a symbol ---- */

const abn_listing *abn_study_listing(const abn_study *s, const char *symbol)
{
    if (!s->input.listings) return NULL;
    uint32_t i = abn_listings_find(s->input.listings, abn_slice_of(symbol));
    return i == ABN_NO_LISTING ? NULL : abn_listings_at(s->input.listings, i);
}

const abn_exchange *abn_study_exchange(const abn_study *s, const abn_listing *listing)
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
    return benchmark_of(e, &s->settings, abn_study_listing(s, e->symbol));
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
#pragma omp parallel for schedule(static) \
    num_threads(abn_study_threads(s)) if (n > ABN_SIDE_BY_SIDE)
    for (size_t i = 0; i < n; i++) {
        const abn_study_event *e = s->input.event + i;
        const abn_listing *listing = abn_study_listing(s, e->symbol);
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
        const abn_exchange *x = abn_study_exchange(s, abn_study_listing(s, symbol));
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
    const abn_listing *listing = abn_study_listing(s, symbol);
    const abn_exchange *x = abn_study_exchange(s, listing);
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
#pragma omp parallel for schedule(dynamic, 4) num_threads(abn_study_threads(s))
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

abn_status abn_study_lines(abn_study *s, abn_status mine, abn_error *err)
{
    abn_keyed keyed = abn_keyed_start(s->notes);
    if (mine == ABN_OK && !name_lines(s, s->every_listing || wants_donors(s)))
        mine = abn_fail_memory(err);
    if (mine == ABN_OK) mine = make_lines(s, &keyed, err);
    abn_status status = abn_keyed_gather(&keyed, s->notes, s->crew, mine, err);
    return status == ABN_OK ? note_lines(s, err) : status;
}
