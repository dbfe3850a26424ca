/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sample.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TRIES = 10000 };

/* ---- rows that admit a placebo ---- */

static uint64_t admissible(const abn_simulation *d, const abn_history *h)
{
    int64_t rows = (int64_t)h->n - d->window.to + d->estimation.from;
    return rows > 0 ? (uint64_t)rows : 0;
}

abn_status abn_pool_new(const abn_simulation *d, abn_pool *pool, abn_error *err)
{
    *pool = (abn_pool){.histories = d->histories,
                       .before = calloc(d->histories + 1, sizeof *pool->before)};
    if (!pool->before) return abn_fail_memory(err);
    for (size_t h = 0; h < d->histories; h++)
        pool->before[h + 1] = pool->before[h] + admissible(d, d->history + h);
    if (d->history && pool->before[d->histories] == 0)
        return abn_fail(err, ABN_HISTORY, "no listing has %d sessions",
                        d->window.to - d->estimation.from + 1);
    return ABN_OK;
}

void abn_pool_free(abn_pool *pool)
{
    free(pool->before);
}

/* ---- memory ---- */

abn_status abn_drawn_new(const abn_simulation *d, abn_drawn *s, abn_error *err)
{
    size_t k = d->model->kind == ABN_MODEL_MEAN ? 0 : 1;
    for (size_t h = 0; h < d->histories; h++)
        if (d->history[h].k > k) k = d->history[h].k;
    size_t n = d->securities, days = (size_t)(d->window.to - d->estimation.from + 1);
    *s = (abn_drawn){.n = n, .days = days, .k = k, .day0 = (size_t)-d->estimation.from};
    s->y = calloc(n * days, sizeof *s->y);
    s->x = calloc(n * k * days + 1, sizeof *s->x);
    s->column = calloc(n * k + 1, sizeof *s->column);
    s->date = calloc(n * days, sizeof *s->date);
    s->before = calloc(n * days, sizeof *s->before);
    s->span = 2 * (size_t)((double)days / (1 - d->missing)) + 200;
    s->market = calloc(2 * s->span, sizeof *s->market);
    s->history = calloc(n, sizeof *s->history);
    s->occasion = calloc(n, sizeof *s->occasion);
    if (!s->y || !s->x || !s->column || !s->date || !s->before || !s->market || !s->history ||
        !s->occasion)
        return abn_fail_memory(err);
    s->common = s->market + s->span;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < k; j++)
            s->column[i * k + j] = s->x + (i * k + j) * days;
        s->history[i] = (abn_history){.n = days,
                                      .k = k,
                                      .y = s->y + i * days,
                                      .x = s->column + i * k,
                                      .date = s->date + i * days};
        s->occasion[i] = (abn_occasion){.history = (uint32_t)i,
                                        .day0 = (int32_t)s->day0,
                                        .estimation = d->estimation,
                                        .window = d->window};
    }
    return ABN_OK;
}

void abn_drawn_free(abn_drawn *s)
{
    free(s->y);
    free(s->x);
    free(s->column);
    free(s->date);
    free(s->before);
    free(s->market);
    free(s->history);
    free(s->occasion);
}

/* ---- synthetic returns ---- */

static double innovation(const abn_simulation *d, abn_random *random)
{
    return d->df > 0 ? abn_random_t(random, d->df) * sqrt((d->df - 2) / d->df)
                     : abn_random_normal(random);
}

/* The days on which a listing trades, around day 0; each other day it does so with probability 1 -
 * missing. A listing has its own sessions, so a day that it misses is no row. */
static void draw_days(const abn_simulation *d, abn_random *random, abn_drawn *s, abn_date event,
                      abn_date *date)
{
    abn_date day = event;
    for (size_t t = s->day0; t-- > 0;) {
        do
            day--;
        while (d->missing > 0 && abn_random_uniform(random) < d->missing);
        date[t] = day;
    }
    date[s->day0] = day = event;
    for (size_t t = s->day0 + 1; t < s->days; t++) {
        do
            day++;
        while (d->missing > 0 && abn_random_uniform(random) < d->missing);
        date[t] = day;
    }
}

/* One listing; its shared paths, where there are any, are looked up by date. */
static void draw_listing(const abn_simulation *d, bool shared, abn_random *random, abn_drawn *s,
                         size_t i)
{
    double *y = s->y + i * s->days, beta = .6 + .8 * abn_random_uniform(random);
    double scale = .0265 * exp(.25 * abn_random_normal(random));
    double own = sqrt(1 - d->rho), common = sqrt(d->rho);
    abn_date middle = (abn_date)(s->span / 2), *date = s->date + i * s->days;
    draw_days(d, random, s, shared ? middle : (abn_date)(i * s->span), date);
    for (size_t t = 0; t < s->days; t++) {
        size_t at = (size_t)date[t] % s->span; /* of the shared paths; far gaps wrap around */
        double market = shared ? s->market[at] : .008 * abn_random_normal(random);
        double e = own * innovation(d, random);
        if (common > 0) e += common * s->common[at];
        if (t == s->day0) e *= d->event_sd;
        if (s->k) s->x[i * s->k * s->days + t] = market;
        y[t] = beta * market + scale * e;
    }
}

static void draw_synthetic(const abn_simulation *d, abn_random *random, abn_drawn *s)
{
    bool shared = d->clustered || d->rho > 0;
    for (size_t t = 0; shared && t < s->span; t++)
        s->market[t] = .008 * abn_random_normal(random);
    for (size_t t = 0; d->rho > 0 && t < s->span; t++)
        s->common[t] = innovation(d, random);
    for (size_t i = 0; i < s->n; i++)
        draw_listing(d, shared, random, s, i);
}

/* ---- the user's returns ---- */

/* Row `admitted` among the admissible of all histories. */
static void locate(const abn_simulation *d, const abn_pool *pool, uint64_t admitted,
                   size_t *history, size_t *row)
{
    size_t low = 0, high = pool->histories;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (pool->before[middle] <= admitted)
            low = middle;
        else
            high = middle;
    }
    *history = low;
    *row = (size_t)(admitted - pool->before[low]) + (size_t)-d->estimation.from;
}

static uint64_t draw_below(abn_random *random, uint64_t n)
{
    return n <= UINT32_MAX ? abn_random_below(random, (uint32_t)n) : abn_random_word(random) % n;
}

/* Enough returns, and one on day 0, with their regressors. */
static bool usable(const abn_simulation *d, const abn_history *h, size_t row)
{
    size_t asked = (size_t)(d->estimation.to - d->estimation.from + 1), rows = 0;
    size_t least = d->min_estimation ? d->min_estimation : (7 * asked + 9) / 10;
    for (int day = d->estimation.from; day <= d->window.to; day++) {
        size_t t = (size_t)((int64_t)row + day);
        bool whole = !isnan(h->y[t]);
        for (size_t j = 0; whole && j < h->k; j++)
            whole = !isnan(h->x[j][t]);
        if (day == 0 && !whole) return false;
        if (day <= d->estimation.to) rows += whole;
    }
    return rows >= least;
}

static void copy_rows(const abn_simulation *d, const abn_history *h, size_t row, abn_random *random,
                      abn_drawn *s, size_t i)
{
    size_t from = row - (size_t)-d->estimation.from;
    double *y = s->y + i * s->days;
    memcpy(y, h->y + from, s->days * sizeof *y);
    for (size_t j = 0; j < h->k; j++)
        memcpy(s->x + (i * s->k + j) * s->days, h->x[j] + from, s->days * sizeof *y);
    for (size_t t = 0; t < s->days; t++)
        s->date[i * s->days + t] = h->date ? h->date[from + t] : (abn_date)(from + t);
    for (size_t t = 0; h->before && t < s->days; t++)
        s->before[i * s->days + t] =
            (uint32_t)(h->before[from + t] > from ? h->before[from + t] - from : 0);
    s->history[i].k = h->k;
    s->history[i].before = h->before ? s->before + i * s->days : NULL;
    for (size_t t = 0; d->missing > 0 && t < s->days; t++)
        if (t != s->day0 && abn_random_uniform(random) < d->missing) y[t] = NAN;
}

/* The row of a history on a date, if it admits a placebo there. */
static bool row_on(const abn_simulation *d, const abn_history *h, abn_date date, size_t *row)
{
    size_t low = 0, high = h->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if ((h->date ? h->date[middle] : (abn_date)middle) < date)
            low = middle + 1;
        else
            high = middle;
    }
    if (low >= h->n || (h->date ? h->date[low] : (abn_date)low) != date) return false;
    *row = low;
    return low >= (size_t)-d->estimation.from && low + (size_t)d->window.to < h->n;
}

/* Fill from all listings that are usable on one random day, chosen in random order. */
static bool draw_day(const abn_simulation *d, const abn_pool *pool, abn_random *random,
                     abn_drawn *s, uint32_t *order)
{
    size_t history, row, found = 0;
    locate(d, pool, draw_below(random, pool->before[pool->histories]), &history, &row);
    const abn_history *first = d->history + history;
    abn_date date = first->date ? first->date[row] : (abn_date)row;
    for (size_t i = 0; i < d->histories; i++)
        order[i] = (uint32_t)i;
    for (size_t i = 0; i < d->histories && found < s->n; i++) {
        size_t other = i + abn_random_below(random, (uint32_t)(d->histories - i));
        uint32_t chosen = order[other];
        order[other] = order[i];
        const abn_history *h = d->history + chosen;
        if (!row_on(d, h, date, &row) || !usable(d, h, row)) continue;
        copy_rows(d, h, row, random, s, found++);
    }
    return found == s->n;
}

static abn_status draw_clustered(const abn_simulation *d, const abn_pool *pool, abn_random *random,
                                 abn_drawn *s, abn_error *err)
{
    uint32_t *order = malloc((d->histories + 1) * sizeof *order);
    if (!order) return abn_fail_memory(err);
    bool found = false;
    for (int try = 0; !found && try < TRIES / 10; try++)
        found = draw_day(d, pool, random, s, order);
    free(order);
    if (found) return ABN_OK;
    return abn_fail(err, ABN_HISTORY, "no day on which %zu listings have enough returns", s->n);
}

static abn_status draw_own(const abn_simulation *d, const abn_pool *pool, abn_random *random,
                           abn_drawn *s, abn_error *err)
{
    if (d->clustered) return draw_clustered(d, pool, random, s, err);
    for (size_t i = 0; i < s->n; i++) {
        size_t history, row;
        int try = 0;
        do
            locate(d, pool, draw_below(random, pool->before[pool->histories]), &history, &row);
        while (!usable(d, d->history + history, row) && ++try < TRIES);
        if (try == TRIES)
            return abn_fail(err, ABN_HISTORY, "hardly a day has enough returns before it");
        copy_rows(d, d->history + history, row, random, s, i);
    }
    return ABN_OK;
}

abn_status abn_draw(const abn_simulation *d, const abn_pool *pool, abn_random *random, abn_drawn *s,
                    abn_error *err)
{
    if (d->history) return draw_own(d, pool, random, s, err);
    draw_synthetic(d, random, s);
    return ABN_OK;
}
