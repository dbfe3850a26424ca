/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine alone, without files: events a second of fits and tests, on one thread and on several,
 * and the bytes that it reads at least beside what this machine's memory gives.
 *     study_engine EVENTS LISTINGS DAYS THREADS */
#include <abnorm/engine.h>
#include <abnorm/quiet.h>
#include <abnorm/random.h>
#include <abnorm/statistic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BEFORE = 260, AFTER = 10, SPANS = 23, TURNS = 3, STREAM = 1 << 24 };

typedef struct world {
    size_t listings, days, events;
    double *market, *returns;
    abn_date *date;
    abn_history *history;
    abn_occasion *occasion;
    uint32_t *event;
    const double *x[1];
} world;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bool make(world *w)
{
    abn_random random;
    abn_random_start(&random, 1, 0, 0);
    w->market = malloc(w->days * sizeof *w->market);
    w->returns = malloc(w->listings * w->days * sizeof *w->returns);
    w->date = malloc(w->days * sizeof *w->date);
    w->history = calloc(w->listings, sizeof *w->history);
    w->occasion = calloc(w->events, sizeof *w->occasion);
    w->event = malloc(w->events * sizeof *w->event);
    if (!w->market || !w->returns || !w->date || !w->history || !w->occasion || !w->event)
        return false;
    abn_random_normals(&random, w->market, w->days);
    abn_random_normals(&random, w->returns, w->listings * w->days);
    for (size_t t = 0; t < w->days; t++) {
        w->market[t] *= .01;
        w->date[t] = (abn_date)t;
    }
    w->x[0] = w->market;
    for (size_t i = 0; i < w->listings; i++) {
        double *y = w->returns + i * w->days;
        for (size_t t = 0; t < w->days; t++)
            y[t] = .02 * y[t] + w->market[t];
        w->history[i] = (abn_history){.n = w->days, .k = 1, .y = y, .x = w->x, .date = w->date};
    }
    for (size_t e = 0; e < w->events; e++) {
        uint32_t rows = (uint32_t)(w->days - BEFORE - AFTER);
        /* By history, as a study lays its occasions. */
        w->occasion[e] = (abn_occasion){.history = (uint32_t)(e * w->listings / w->events),
                                        .day0 = BEFORE + (int32_t)abn_random_below(&random, rows),
                                        .estimation = {-BEFORE, -AFTER - 1},
                                        .window = {-AFTER, AFTER}};
        w->event[e] = (uint32_t)e;
    }
    return true;
}

/* Statistics without resampling; with `ranks` or without. */
static size_t choose(bool ranks, const abn_statistic **chosen)
{
    size_t n = 0;
    for (size_t i = 0; i < abn_statistics_count; i++) {
        const abn_statistic *s = abn_statistics + i;
        bool ranked = (s->needs & (ABN_NEED_RANKS | ABN_NEED_GRANKS)) || s->test == NULL ||
                      strcmp(s->name, "wilcoxon_z") == 0;
        if (s->test && !(s->needs & ABN_NEED_REPLICATES) && (ranks || !ranked)) chosen[n++] = s;
    }
    return n;
}

/* Seconds of the fits and of the tests, the best of several turns. */
static double measure(const world *w, bool ranks, int threads, double *fits)
{
    const abn_statistic *chosen[64];
    abn_window span[SPANS];
    size_t count = choose(ranks, chosen);
    for (int d = -AFTER; d <= AFTER; d++)
        span[d + AFTER] = (abn_window){d, d};
    span[21] = (abn_window){-1, 1};
    span[22] = (abn_window){-AFTER, AFTER};
    abn_panel_options fit = {.model = abn_model_find(abn_slice_of("market")), .threads = threads};
    abn_tests_options tests = {
        .statistic = chosen, .count = count, .window = span, .windows = SPANS, .threads = threads};
    abn_test *out = malloc(SPANS * count * sizeof *out);
    double best = 1e9;
    *fits = 1e9;
    for (int turn = 0; turn < TURNS && out; turn++) {
        abn_panel *panel = NULL;
        double a = now();
        if (abn_panel_fit(w->history, w->listings, w->occasion, w->events, &fit, &panel, NULL))
            exit(70);
        double b = now();
        if (abn_tests_run(panel, w->event, w->events, &tests, out, NULL, NULL)) exit(70);
        double c = now();
        if (b - a < *fits) *fits = b - a;
        if (c - a < best) best = c - a;
        abn_panel_free(panel);
    }
    free(out);
    return best;
}

/* Bytes a second that a read of much memory gets on `threads` threads. */
static double bandwidth(int threads)
{
    double *much = malloc(STREAM * sizeof *much), best = 0, sum = 0;
    for (size_t i = 0; much && i < STREAM; i++)
        much[i] = 1;
    for (int turn = 0; turn < 5 && much; turn++) {
        double a = now();
#pragma omp parallel for reduction(+ : sum) num_threads(threads)
        for (size_t b = 0; b < STREAM / 4096; b++) {
            double part[8] = {0};
            for (size_t i = 0; i < 4096; i++)
                part[i % 8] += much[b * 4096 + i];
            sum += part[0] + part[1] + part[2] + part[3] + part[4] + part[5] + part[6] + part[7];
        }
        double rate = STREAM * sizeof *much / (now() - a);
        if (rate > best) best = rate;
    }
    free(much);
    return sum > 0 ? best : 0;
}

int main(int argc, char **argv)
{
    if (argc != 5) return 64;
    world w = {.events = (size_t)atol(argv[1]),
               .listings = (size_t)atol(argv[2]),
               .days = (size_t)atol(argv[3])};
    int most = atoi(argv[4]);
    abn_stats_quiet_gsl();
    if (w.days < BEFORE + AFTER + 2 || w.events < 2 || !make(&w)) return 64;
    double n = (double)w.events, fits, seconds = 0, one[2] = {0};
    for (int threads = 1; threads <= most; threads += most > 1 ? most - 1 : 1)
        for (int ranks = 0; ranks < 2; ranks++) {
            seconds = measure(&w, ranks, threads, &fits);
            printf("engine: %s, %d thread%s: %.0f events/s, the fits alone %.0f/s",
                   ranks ? "all tests" : "parametric", threads, threads > 1 ? "s" : "", n / seconds,
                   n / fits);
            if (threads == 1)
                one[ranks] = seconds;
            else
                printf(", %.2f times one thread", one[ranks] / seconds);
            putchar('\n');
        }
    double bytes = n * 8 * (2 * (BEFORE - AFTER) + 4 * (2 * AFTER + 1)), rate = bandwidth(most);
    printf("roofline: %.0f MB of windows at %.1f GB/s are %.4f s; all tests take %.1f times that\n",
           bytes / 1e6, rate / 1e9, bytes / rate, seconds / (bytes / rate));
    return 0;
}
