/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A group that several ranks share is tested to the same bytes as one. The ranks are threads here;
 * what they see of one another is the crew. */
#include "unit.h"
#include <abnorm/random.h>
#include <abnorm/statistic.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

enum { LISTINGS = 24, DAYS = 500, EVENTS = 800, M = 120, RANKS_MOST = 4, WINDOWS = 7, STATS = 64 };

/* ---- a crew of threads ---- */

typedef struct hall {
    size_t count;
    pthread_barrier_t meet;
    abn_status status[RANKS_MOST];
    const void *bytes[RANKS_MOST];
    size_t size[RANKS_MOST];
} hall;

typedef struct seat {
    hall *hall;
    size_t rank;
} seat;

static void meet(seat *s)
{
    pthread_barrier_wait(&s->hall->meet);
}

static abn_status agree(void *context, abn_status mine, abn_error *err)
{
    seat *s = context;
    abn_status all = ABN_OK;
    s->hall->status[s->rank] = mine;
    meet(s);
    for (size_t r = s->hall->count; r-- > 0;)
        if (s->hall->status[r] != ABN_OK) all = s->hall->status[r];
    meet(s);
    return all == ABN_OK ? ABN_OK : abn_fail(err, all, "another rank failed");
}

static abn_status gather(void *context, const void *bytes, size_t size, abn_crew_take *take,
                         void *to, abn_error *err)
{
    seat *s = context;
    abn_status status = ABN_OK;
    s->hall->bytes[s->rank] = bytes;
    s->hall->size[s->rank] = size;
    meet(s);
    for (size_t r = 0; s->rank == 0 && status == ABN_OK && r < s->hall->count; r++)
        status = take(to, s->hall->bytes[r], s->hall->size[r], err);
    meet(s);
    return status;
}

static abn_status share(void *context, void *bytes, size_t size, abn_error *err)
{
    seat *s = context;
    (void)err;
    if (s->rank == 0) s->hall->bytes[0] = bytes;
    meet(s);
    if (s->rank) memcpy(bytes, s->hall->bytes[0], size);
    meet(s);
    return ABN_OK;
}

/* ---- a study that can be divided ---- */

typedef struct world {
    double y[LISTINGS][DAYS], x[DAYS];
    const double *xp[1];
    abn_date date[DAYS];
    size_t events;
    uint32_t listing[EVENTS], block[LISTINGS];
    int32_t day0[EVENTS];
} world;

static void build(world *w, size_t events, double missing)
{
    w->events = events;
    abn_random random;
    abn_random_start(&random, 5, 0, 0);
    for (int t = 0; t < DAYS; t++) {
        w->x[t] = .01 * abn_random_normal(&random);
        w->date[t] = 15000 + t + t / 5 * 2;
    }
    w->xp[0] = w->x;
    for (int h = 0; h < LISTINGS; h++) {
        w->block[h] = (uint32_t)h / 2;
        for (int t = 0; t < DAYS; t++) {
            w->y[h][t] = w->x[t] + .02 * abn_random_normal(&random);
            if (abn_random_uniform(&random) < missing) w->y[h][t] = NAN;
        }
    }
    for (size_t i = 0; i < events; i++) {
        w->listing[i] = (uint32_t)(i * 7 % LISTINGS);
        w->day0[i] = 140 + (int32_t)abn_random_below(&random, DAYS - 160);
        while (isnan(w->y[w->listing[i]][w->day0[i]]))
            w->day0[i]++;
    }
}

/* One rank's share: listings [from, to). */
typedef struct share_of {
    const world *world;
    size_t from, to, n;
    seat seat;
    bool alone;
    int threads;
    abn_pairing pairing;
    abn_test out[WINDOWS * STATS];
    abn_correlation correlation;
    abn_status status;
} share_of;

static size_t choose(const abn_statistic **out)
{
    size_t n = 0;
    for (size_t i = 0; i < abn_statistics_count; i++)
        if (abn_statistics[i].test) out[n++] = abn_statistics + i;
    return n;
}

static abn_panel *fit(const share_of *s, abn_history *history, abn_occasion *occasion,
                      uint32_t *block, size_t *n)
{
    const world *w = s->world;
    abn_panel *panel = NULL;
    abn_panel_options options = {.model = abn_model_find(abn_slice_of("market")),
                                 .min_estimation = 40,
                                 .threads = 1,
                                 .covers = true,
                                 .estimation = {-M - 9, -10},
                                 .window = {-3, 3}};
    for (size_t h = s->from; h < s->to; h++)
        history[h - s->from] =
            (abn_history){.n = DAYS, .k = 1, .y = w->y[h], .x = w->xp, .date = w->date};
    for (size_t i = 0; i < w->events; i++) {
        if (w->listing[i] < s->from || w->listing[i] >= s->to) continue;
        block[*n] = w->block[w->listing[i]];
        occasion[(*n)++] = (abn_occasion){.history = (uint32_t)(w->listing[i] - s->from),
                                          .day0 = w->day0[i],
                                          .estimation = {-M - 9, -10},
                                          .window = {-3, 3}};
    }
    if (*n)
        assert_int_equal(
            abn_panel_fit(history, s->to - s->from, occasion, *n, &options, &panel, NULL), ABN_OK);
    return panel;
}

static void *work(void *context)
{
    share_of *s = context;
    abn_history history[LISTINGS];
    abn_occasion occasion[EVENTS];
    uint32_t block[EVENTS], event[EVENTS];
    size_t n = 0, members = 0;
    abn_window window[WINDOWS] = {{-3, -3}, {-1, -1}, {0, 0}, {1, 1}, {-1, 1}, {0, 2}, {-3, 3}};
    const abn_statistic *statistic[STATS];
    abn_panel *panel = fit(s, history, occasion, block, &n);
    for (size_t i = 0; i < n; i++)
        if (panel->status[i] == ABN_OK && panel->sigma[i] > 0) event[members++] = (uint32_t)i;
    abn_crew crew = {.rank = s->seat.rank,
                     .count = s->seat.hall ? s->seat.hall->count : 1,
                     .context = &s->seat,
                     .agree = agree,
                     .gather = gather,
                     .share = share};
    abn_tests_options options = {.statistic = statistic,
                                 .count = choose(statistic),
                                 .window = window,
                                 .windows = WINDOWS,
                                 .pairing = s->pairing,
                                 .replicates = 49,
                                 .threads = s->threads,
                                 .block = block,
                                 .crew = s->alone ? NULL : &crew};
    s->status = abn_tests_run(panel, event, members, &options, s->out, &s->correlation, NULL);
    abn_panel_free(panel);
    return NULL;
}

static share_of run_alone(const world *w, abn_pairing pairing, int threads)
{
    share_of s = {
        .world = w, .to = LISTINGS, .alone = true, .threads = threads, .pairing = pairing};
    work(&s);
    assert_int_equal(s.status, ABN_OK);
    return s;
}

static void compare(const share_of *one, const share_of *many)
{
    const abn_statistic *statistic[STATS];
    size_t count = choose(statistic);
    for (size_t i = 0; i < WINDOWS * count; i++) {
        const abn_test *a = one->out + i, *b = many->out + i;
        if (a->n == b->n && memcmp(&a->estimate, &b->estimate, 6 * sizeof(double)) == 0) continue;
        print_message("# %s, window %zu: %.17g, not %.17g\n", statistic[i % count]->name, i / count,
                      b->value, a->value);
        fail();
    }
    assert_memory_equal(&one->correlation.mean, &many->correlation.mean, sizeof(double));
    assert_int_equal(one->correlation.exact, many->correlation.exact);
    assert_int_equal(one->correlation.n, many->correlation.n);
}

/* Listings [cut[r], cut[r + 1]) are rank r's. */
static void check_ranks(const world *w, abn_pairing pairing, const size_t *cut, size_t ranks)
{
    share_of one = run_alone(w, pairing, 1), many[RANKS_MOST];
    pthread_t thread[RANKS_MOST];
    hall h = {.count = ranks};
    pthread_barrier_init(&h.meet, NULL, (unsigned)ranks);
    for (size_t r = 0; r < ranks; r++) {
        many[r] = (share_of){.world = w,
                             .from = cut[r],
                             .to = cut[r + 1],
                             .seat = {&h, r},
                             .threads = 1,
                             .pairing = pairing};
        assert_int_equal(pthread_create(thread + r, NULL, work, many + r), 0);
    }
    for (size_t r = 0; r < ranks; r++) {
        pthread_join(thread[r], NULL);
        assert_int_equal(many[r].status, ABN_OK);
    }
    pthread_barrier_destroy(&h.meet);
    compare(&one, many);
}

static void test_same_bytes(void **state)
{
    (void)state;
    static world w;
    static const size_t two[] = {0, 10, LISTINGS}, four[] = {0, 2, 8, 18, LISTINGS},
                        idle[] = {0, 0, 12, 12, LISTINGS}, one[] = {0, LISTINGS};
    /* Few events are paired one by one by date; many, and whole windows, by their vectors' sum. */
    for (int turn = 0; turn < 4; turn++) {
        build(&w, turn / 2 ? EVENTS : 90, turn % 2 * .1);
        for (int p = 0; p < 2; p++) {
            abn_pairing pairing = p ? ABN_PAIR_EVENT : ABN_PAIR_CALENDAR;
            check_ranks(&w, pairing, one, 1);
            check_ranks(&w, pairing, two, 2);
            check_ranks(&w, pairing, four, 4);
            check_ranks(&w, pairing, idle, 4);
        }
    }
}

/* Blocks whose windows lie on other dates than their neighbours' are still added in their order. */
static void test_threads(void **state)
{
    (void)state;
    static world w;
    build(&w, EVENTS, .1);
    for (int turn = 0; turn < 60; turn++) {
        share_of one = run_alone(&w, ABN_PAIR_CALENDAR, 1),
                 many = run_alone(&w, ABN_PAIR_CALENDAR, 2 + turn % 4);
        compare(&one, &many);
    }
}

/* One rank without a bench to stand on: all fail, none waits. */
static void test_one_fails(void **state)
{
    (void)state;
    hall h = {.count = 1};
    seat s = {&h, 0};
    pthread_barrier_init(&h.meet, NULL, 1);
    abn_crew crew = {.count = 1, .context = &s, .agree = agree, .gather = gather, .share = share};
    abn_error err = {0};
    assert_int_equal(abn_crew_gather(&crew, ABN_MEMORY, "", 0, NULL, NULL, &err), ABN_MEMORY);
    assert_int_equal(err.status, ABN_MEMORY);
    assert_int_equal(abn_crew_agree(NULL, ABN_DATA, NULL), ABN_DATA);
    pthread_barrier_destroy(&h.meet);
}

UNIT_MAIN(unit(test_same_bytes), unit(test_threads), unit(test_one_fails))
