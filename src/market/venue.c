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

enum { OUTVOTES = 1 << 28, NAME_ROOM = 512 };

/* What all processes together know of the series of one calendar. */
typedef struct census {
    uint64_t n;           /* series */
    abn_date from, to;    /* what they cover */
    uint64_t benchmark_n; /* rows of their benchmark; 0: none is there */
    uint64_t rank;        /* who found it */
    abn_date benchmark_from, benchmark_to;
    char benchmark[NAME_ROOM];
} census;

/* The series of one calendar that this process has. */
typedef struct group {
    const abn_exchange *exchange;
    const abn_series **series;
    size_t n;
    const abn_series *benchmark; /* NULL when none is there */
    census all;
} group;

typedef struct inference {
    abn_exchanges *exchanges;
    const abn_quotes *quotes, *shared;
    const abn_listings *listings;
    const abn_crew *crew;
    const abn_exchange **venue;
    const abn_series **series; /* room for all */
    census *census;            /* by exchange */
} inference;

static const abn_series *find_benchmark(const inference *in, const abn_series *s)
{
    uint32_t i =
        in->listings ? abn_listings_find(in->listings, abn_slice_of(s->symbol)) : ABN_NO_LISTING;
    if (i == ABN_NO_LISTING) return NULL;
    const abn_listing *listing = abn_listings_at(in->listings, i);
    if (listing->benchmark[0] == '\0') return strcmp(listing->kind, "index") == 0 ? s : NULL;
    abn_slice name = abn_slice_of(listing->benchmark);
    const abn_series *found = abn_quotes_find(in->quotes, name);
    return found || !in->shared ? found : abn_quotes_find(in->shared, name);
}

/* Of exchanges with one calendar the first stands for all. */
static bool is_first(const inference *in, size_t i)
{
    const char *calendar = abn_exchanges_at(in->exchanges, i)->calendar;
    for (size_t j = 0; j < i; j++)
        if (strcmp(abn_exchanges_at(in->exchanges, j)->calendar, calendar) == 0) return false;
    return true;
}

/* The benchmark that covers most, the first of equals. */
static group gather_group(const inference *in, size_t exchange)
{
    group g = {.exchange = abn_exchanges_at(in->exchanges, exchange), .series = in->series};
    for (size_t i = 0; i < abn_quotes_count(in->quotes); i++) {
        const abn_series *s = abn_quotes_at(in->quotes, i);
        if (!in->venue[i] || strcmp(in->venue[i]->calendar, g.exchange->calendar) != 0) continue;
        g.series[g.n++] = s;
        const abn_series *b = find_benchmark(in, s);
        if (b && (!g.benchmark || b->n > g.benchmark->n)) g.benchmark = b;
    }
    return g;
}

static census count_group(const group *g, size_t rank)
{
    census c = {.n = g->n, .rank = rank};
    for (size_t i = 0; i < g->n; i++) {
        const abn_series *s = g->series[i];
        if (i == 0 || s->date[0] < c.from) c.from = s->date[0];
        if (i == 0 || s->date[s->n - 1] > c.to) c.to = s->date[s->n - 1];
    }
    const abn_series *b = g->benchmark;
    if (!b) return c;
    c.benchmark_n = b->n;
    c.benchmark_from = b->date[0];
    c.benchmark_to = b->date[b->n - 1];
    snprintf(c.benchmark, sizeof c.benchmark, "%s", b->symbol);
    return c;
}

static void add_census(census *all, const census *one)
{
    if (one->n && (!all->n || one->from < all->from)) all->from = one->from;
    if (one->n && (!all->n || one->to > all->to)) all->to = one->to;
    all->n += one->n;
    if (one->benchmark_n <= all->benchmark_n) return;
    all->benchmark_n = one->benchmark_n;
    all->rank = one->rank;
    all->benchmark_from = one->benchmark_from;
    all->benchmark_to = one->benchmark_to;
    memcpy(all->benchmark, one->benchmark, sizeof all->benchmark);
}

static abn_status take_census(void *to, const void *bytes, size_t size, abn_error *err)
{
    census *all = to, one;
    (void)err;
    for (size_t i = 0; (i + 1) * sizeof one <= size; i++) {
        memcpy(&one, (const char *)bytes + i * sizeof one, sizeof one);
        add_census(all + i, &one);
    }
    return ABN_OK;
}

static abn_status count_all(inference *in, abn_status mine, abn_error *err)
{
    size_t n = abn_exchanges_count(in->exchanges), rank = in->crew ? in->crew->rank : 0;
    census *own = calloc(n + 1, sizeof *own);
    in->census = calloc(n + 1, sizeof *in->census);
    if (mine == ABN_OK && (!own || !in->census)) mine = abn_fail_memory(err);
    for (size_t i = 0; mine == ABN_OK && i < n; i++) {
        if (!is_first(in, i)) continue;
        group g = gather_group(in, i);
        own[i] = count_group(&g, rank);
    }
    size_t size = n * sizeof *own;
    abn_status status = abn_crew_gather(in->crew, mine, own, size, take_census, in->census, err);
    if (status == ABN_OK) status = abn_crew_share(in->crew, ABN_OK, in->census, size, err);
    free(own);
    return status;
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

/* A row of the benchmark counts more than all others. */
static void add_benchmark(int *vote, const abn_series *benchmark, abn_date from, abn_date to)
{
    for (size_t i = abn_series_lower(benchmark, from); i < benchmark->n && benchmark->date[i] <= to;
         i++)
        vote[benchmark->date[i] - from] = OUTVOTES;
}

typedef struct votes {
    int *vote;
    size_t n;
} votes;

static abn_status take_votes(void *to, const void *bytes, size_t size, abn_error *err)
{
    votes *all = to;
    (void)err;
    for (size_t d = 0; d < all->n && (d + 1) * sizeof(int) <= size; d++) {
        int one;
        memcpy(&one, (const char *)bytes + d * sizeof one, sizeof one);
        all->vote[d] += one;
    }
    return ABN_OK;
}

/* The votes of all processes' series; NULL only with a status. */
static abn_status poll(const inference *in, const group *g, abn_date from, abn_date to, int **out,
                       abn_error *err)
{
    size_t n = (size_t)(to - from) + 1;
    int *own = count_votes(g, from, to);
    votes all = {calloc(n, sizeof *all.vote), n};
    bool fine = own && all.vote, mine = !in->crew || in->crew->rank == g->all.rank;
    if (fine && mine && g->all.benchmark_n) add_benchmark(own, g->benchmark, from, to);
    abn_status status = abn_crew_gather(in->crew, fine ? ABN_OK : abn_fail_memory(err), own,
                                        n * sizeof *own, take_votes, &all, err);
    if (status == ABN_OK)
        status = abn_crew_share(in->crew, ABN_OK, all.vote, n * sizeof *all.vote, err);
    free(own);
    if (status == ABN_OK)
        *out = all.vote;
    else
        free(all.vote);
    return status;
}

static size_t list_sessions(const int *vote, abn_date from, abn_date to, abn_date *date)
{
    size_t n = 0;
    for (abn_date d = from; d <= to; d++)
        if (vote[d - from] > 0) date[n++] = d;
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
    snprintf(others, sizeof others, "most of %zu series", (size_t)g->all.n);
    abn_note_at(notes, "sessions inferred", NULL, 0, 0,
                "no calendar of %s is on file from %s to %s: its sessions are inferred from %s",
                g->exchange->calendar, abn_date_format(from, a), abn_date_format(to, b),
                g->all.benchmark_n ? g->all.benchmark : others);
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

static abn_status infer_group(const inference *in, const group *g, abn_notes *notes, abn_error *err)
{
    bool led = g->all.benchmark_n > 0;
    abn_date from = led ? g->all.benchmark_from : g->all.from;
    abn_date to = led ? g->all.benchmark_to : g->all.to;
    abn_date known_from = g->exchange->known_from, known_to = g->exchange->known_to;
    int *vote = NULL;
    if (g->all.n == 0 || (!led && g->all.n < LEAST_SERIES)) return ABN_OK;
    if (is_on_file(g->exchange, from, to)) return ABN_OK;
    abn_status status = poll(in, g, from, to, &vote, err);
    if (status != ABN_OK) return status;
    abn_date *date = malloc(((size_t)(to - from) + 1) * sizeof *date);
    status = date ? abn_exchanges_infer(in->exchanges, g->exchange, date,
                                        list_sessions(vote, from, to, date), err)
                  : abn_fail_memory(err);
    if (status == ABN_OK && abn_crew_leads(in->crew))
        note_both(g, from, to, known_from, known_to, notes);
    free(vote);
    free(date);
    return abn_crew_agree(in->crew, status, err);
}

abn_status abn_venue_infer_together(abn_exchanges *exchanges, const abn_quotes *quotes,
                                    const abn_quotes *shared, const abn_listings *listings,
                                    const abn_crew *crew, abn_notes *notes, abn_error *err)
{
    inference in = {.exchanges = exchanges,
                    .quotes = quotes,
                    .shared = shared,
                    .listings = listings,
                    .crew = crew,
                    .venue = abn_venue_all(exchanges, listings, quotes)};
    in.series = malloc((abn_quotes_count(quotes) + 1) * sizeof *in.series);
    abn_status status = count_all(&in, in.series && in.venue ? ABN_OK : abn_fail_memory(err), err);
    for (size_t i = 0; status == ABN_OK && i < abn_exchanges_count(exchanges); i++) {
        if (!in.census[i].n) continue;
        group g = gather_group(&in, i);
        g.all = in.census[i];
        status = infer_group(&in, &g, notes, err);
    }
    free(in.series);
    free(in.venue);
    free(in.census);
    return status;
}

abn_status abn_venue_infer(abn_exchanges *exchanges, const abn_quotes *quotes,
                           const abn_listings *listings, abn_notes *notes, abn_error *err)
{
    return abn_venue_infer_together(exchanges, quotes, NULL, listings, NULL, notes, err);
}
