/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/venue.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_ROWS = 60, MOST_ROWS = 400, LEAST_SERIES = 3, MOST_BREAKS_PCT = 2 };

/* ---- which exchange ---- */

/* Sessions on file that the series has no row for, and rows on closed days, of its latest rows: up
 * to `most`, or more than that. */
static size_t count_breaks(const abn_exchange *x, const abn_series *s, size_t most, size_t *rows)
{
    size_t first = abn_series_lower(s, x->known_from), last = abn_series_lower(s, x->known_to + 1);
    if (last - first > MOST_ROWS) first = last - MOST_ROWS;
    size_t breaks = 0, i = first;
    *rows = last - first;
    if (*rows < LEAST_ROWS) return 0;
    if (most > *rows * MOST_BREAKS_PCT / 100) most = *rows * MOST_BREAKS_PCT / 100;
    for (abn_date d = s->date[first]; d <= s->date[last - 1] && breaks <= most; d++) {
        bool row = s->date[i] == d;
        breaks += row != abn_exchange_session(x, d, NULL);
        i += row;
    }
    return breaks;
}

/* Of exchanges that share a calendar its namesake stands for all. */
static const abn_exchange *fit_exchange(const abn_exchanges *exchanges, const abn_series *series)
{
    const abn_exchange *best = NULL;
    size_t least = 0;
    for (size_t i = 0; i < abn_exchanges_count(exchanges); i++) {
        const abn_exchange *x = abn_exchanges_at(exchanges, i);
        size_t rows;
        if (strcmp(x->mic, x->calendar) != 0) continue;
        if (best && least == 0) break;
        size_t breaks = count_breaks(x, series, best ? least - 1 : SIZE_MAX, &rows);
        if (rows < LEAST_ROWS || breaks * 100 > rows * MOST_BREAKS_PCT) continue;
        if (best && breaks >= least) continue;
        best = x;
        least = breaks;
    }
    return best;
}

const abn_exchange *abn_venue_find(const abn_exchanges *exchanges, const abn_listings *listings,
                                   const abn_series *series)
{
    uint32_t i =
        listings ? abn_listings_find(listings, abn_slice_of(series->symbol)) : ABN_NO_LISTING;
    const abn_exchange *x = NULL;
    if (i != ABN_NO_LISTING)
        x = abn_exchanges_find(exchanges, abn_slice_of(abn_listings_at(listings, i)->mic));
    return x ? x : fit_exchange(exchanges, series);
}

/* ---- sessions from prices ---- */

/* The series of one calendar. */
typedef struct group {
    const abn_exchange *exchange;
    const abn_series **series;
    size_t n;
    const abn_series *benchmark; /* NULL when none is there */
} group;

static const abn_series *find_benchmark(const abn_quotes *quotes, const abn_listings *listings,
                                        const abn_series *s)
{
    uint32_t i = listings ? abn_listings_find(listings, abn_slice_of(s->symbol)) : ABN_NO_LISTING;
    if (i == ABN_NO_LISTING) return NULL;
    const abn_listing *listing = abn_listings_at(listings, i);
    if (listing->benchmark[0] == '\0') return strcmp(listing->kind, "index") == 0 ? s : NULL;
    return abn_quotes_find(quotes, abn_slice_of(listing->benchmark));
}

/* The benchmark that covers most, the first of equals. */
static void gather_group(const abn_quotes *quotes, const abn_listings *listings,
                         const abn_exchange *const *venue, group *g)
{
    for (size_t i = 0; i < abn_quotes_count(quotes); i++) {
        const abn_series *s = abn_quotes_at(quotes, i);
        if (!venue[i] || strcmp(venue[i]->calendar, g->exchange->calendar) != 0) continue;
        g->series[g->n++] = s;
        const abn_series *b = find_benchmark(quotes, listings, s);
        if (b && (!g->benchmark || b->n > g->benchmark->n)) g->benchmark = b;
    }
}

static void find_range(const group *g, abn_date *from, abn_date *to)
{
    const abn_series *first = g->benchmark ? g->benchmark : g->series[0];
    *from = first->date[0];
    *to = first->date[first->n - 1];
    for (size_t i = 0; !g->benchmark && i < g->n; i++) {
        const abn_series *s = g->series[i];
        if (s->date[0] < *from) *from = s->date[0];
        if (s->date[s->n - 1] > *to) *to = s->date[s->n - 1];
    }
}

/* Rows less half the cover of each day: above zero where most of the series have a row. */
static int *count_votes(const group *g, abn_date from, abn_date to)
{
    size_t days = (size_t)(to - from) + 2;
    int *vote = calloc(days, sizeof *vote), cover = 0;
    int *change = calloc(days, sizeof *change);
    for (size_t k = 0; vote && change && k < g->n; k++) {
        const abn_series *s = g->series[k];
        for (size_t i = abn_series_lower(s, from); i < s->n && s->date[i] <= to; i++)
            vote[s->date[i] - from] += 2;
        if (s->date[0] > to || s->date[s->n - 1] < from) continue;
        change[s->date[0] > from ? s->date[0] - from : 0]++;
        change[s->date[s->n - 1] < to ? s->date[s->n - 1] - from + 1 : to - from + 1]--;
    }
    for (size_t d = 0; vote && change && d < days; d++) {
        cover += change[d];
        vote[d] -= cover;
    }
    free(change);
    return vote;
}

static size_t list_sessions(const group *g, const int *vote, abn_date from, abn_date to,
                            abn_date *date)
{
    size_t n = 0;
    for (abn_date d = from; d <= to; d++)
        if ((g->benchmark && abn_series_on(g->benchmark, d) >= 0) || vote[d - from] > 0)
            date[n++] = d;
    return n;
}

static bool is_on_file(const abn_exchange *x, abn_date from, abn_date to)
{
    return from >= x->known_from && to <= x->known_to;
}

static void note_inference(const group *g, abn_date from, abn_date to, abn_notes *notes)
{
    char a[ABN_DATE_MAX], b[ABN_DATE_MAX], others[48];
    if (from > to) return;
    snprintf(others, sizeof others, "most of %zu series", g->n);
    abn_note_at(notes, "sessions inferred", NULL, 0, 0,
                "no calendar of %s is on file from %s to %s: its sessions are inferred from %s",
                g->exchange->calendar, abn_date_format(from, a), abn_date_format(to, b),
                g->benchmark ? g->benchmark->symbol : others);
}

static abn_date earlier(abn_date a, abn_date b)
{
    return a < b ? a : b;
}

/* The years before those on file, and those after. */
static void note_both(const group *g, abn_date from, abn_date to, abn_date known_from,
                      abn_date known_to, abn_notes *notes)
{
    if (known_from > known_to) {
        note_inference(g, from, to, notes);
        return;
    }
    note_inference(g, from, earlier(to, known_from - 1), notes);
    note_inference(g, from > known_to ? from : known_to + 1, to, notes);
}

static abn_status infer_group(abn_exchanges *exchanges, const group *g, abn_notes *notes,
                              abn_error *err)
{
    abn_date from, to, known_from = g->exchange->known_from, known_to = g->exchange->known_to;
    if (g->n == 0 || (!g->benchmark && g->n < LEAST_SERIES)) return ABN_OK;
    find_range(g, &from, &to);
    if (is_on_file(g->exchange, from, to)) return ABN_OK;
    int *vote = count_votes(g, from, to);
    abn_date *date = malloc(((size_t)(to - from) + 1) * sizeof *date);
    abn_status status = vote && date ? ABN_OK : abn_fail_memory(err);
    if (status == ABN_OK)
        status = abn_exchanges_infer(exchanges, g->exchange, date,
                                     list_sessions(g, vote, from, to, date), err);
    if (status == ABN_OK) note_both(g, from, to, known_from, known_to, notes);
    free(vote);
    free(date);
    return status;
}

const abn_exchange **abn_venue_all(const abn_exchanges *exchanges, const abn_listings *listings,
                                   const abn_quotes *quotes)
{
    int64_t n = (int64_t)abn_quotes_count(quotes);
    const abn_exchange **venue = calloc((size_t)n + 1, sizeof *venue);
    if (!venue || !exchanges) return venue;
#pragma omp parallel for schedule(dynamic, 16) if (n > 64)
    for (int64_t i = 0; i < n; i++)
        venue[i] = abn_venue_find(exchanges, listings, abn_quotes_at(quotes, (size_t)i));
    return venue;
}

abn_status abn_venue_infer(abn_exchanges *exchanges, const abn_quotes *quotes,
                           const abn_listings *listings, abn_notes *notes, abn_error *err)
{
    size_t n = abn_quotes_count(quotes);
    const abn_series **series = malloc((n + 1) * sizeof *series);
    const abn_exchange **venue = abn_venue_all(exchanges, listings, quotes);
    abn_status status = series && venue ? ABN_OK : abn_fail_memory(err);
    for (size_t i = 0; status == ABN_OK && i < abn_exchanges_count(exchanges); i++) {
        const abn_exchange *x = abn_exchanges_at(exchanges, i);
        bool done = false;
        for (size_t j = 0; j < i; j++)
            done |= strcmp(abn_exchanges_at(exchanges, j)->calendar, x->calendar) == 0;
        group g = {.exchange = x, .series = series};
        if (!done) gather_group(quotes, listings, venue, &g);
        status = infer_group(exchanges, &g, notes, err);
    }
    free(series);
    free(venue);
    return status;
}
