/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows against sessions: which open day has none, which row fell on a closed one. */
#include "checks.h"
#include "exchange_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LONG_GAP = 10 };

abn_opening abn_checker_opening(const abn_checker *c, abn_date date)
{
    if (c->exchange) {
        if (!abn_exchange_knows(c->exchange, date)) return ABN_OPENING_UNKNOWN;
        return abn_exchange_session(c->exchange, date, NULL) ? ABN_OPEN : ABN_CLOSED;
    }
    const abn_votes *v = c->votes;
    if (v && date >= v->from && date <= v->to && v->cover[date - v->from] > 2)
        return v->vote[date - v->from] > 0 ? ABN_OPEN : ABN_CLOSED;
    if (c->weekdays) return abn_weekday(date) <= 5 ? ABN_OPEN : ABN_CLOSED;
    return ABN_OPENING_UNKNOWN;
}

int abn_compare_rejects(const void *a, const void *b)
{
    const abn_reject *x = *(const abn_reject *const *)a, *y = *(const abn_reject *const *)b;
    if (x->date != y->date) return x->date < y->date ? -1 : 1;
    return strcmp(x->symbol, y->symbol);
}

/* A row that was refused is told as such, not as a session without a row. */
static bool is_refused(const abn_checker *c, abn_date date)
{
    abn_reject sought = {.date = date, .symbol = c->series->symbol};
    const abn_reject *at = &sought;
    return c->n_refused > 0 &&
           bsearch(&at, c->refused, c->n_refused, sizeof at, abn_compare_rejects) != NULL;
}

/* Of the days that votes call open, the first from `date` on. */
static size_t first_open(const abn_votes *v, abn_date date)
{
    size_t low = 0, high = v->n_open;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (v->open[middle] < date)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static abn_date next_before(const abn_checker *c, abn_date day, abn_date limit, abn_date none)
{
    while (++day < limit)
        if (abn_checker_opening(c, day) == ABN_OPEN) return day;
    return none;
}

/* The first open day after `day` and before `end`, or `end`. A file of two rows may span ten
 * thousand years: days of which nothing is known are leapt over. */
static abn_date next_open(const abn_checker *c, abn_date day, abn_date end)
{
    const abn_exchange *x = c->exchange;
    if (!x && c->votes) {
        size_t i = first_open(c->votes, day + 1);
        return i < c->votes->n_open && c->votes->open[i] < end ? c->votes->open[i] : end;
    }
    if (!x && !c->weekdays) return end;
    abn_date from, to;
    if (x) {
        abn_exchange_known_span(x, &from, &to);
        if (day < from - 1) day = from - 1;
        if (end > to + 1) return next_before(c, day, to + 1, end);
    }
    return next_before(c, day, end, end);
}

static void add_gap(abn_checker *c, abn_date from, abn_date until, size_t days)
{
    char last[ABN_DATE_MAX];
    abn_finding *f = abn_checker_add_day(c, ABN_CHECK_MISSING_SESSION, from,
                                         "no rows for %zu open sessions until %s", days,
                                         abn_date_format(until, last));
    if (f) f->until = until;
}

/* Open days between two rows. A long gap is one finding. */
static size_t check_gap(abn_checker *c, abn_date after, abn_date before)
{
    size_t open = 0;
    abn_date first = 0, last = 0;
    for (abn_date d = after; (d = next_open(c, d, before)) < before;) {
        if (is_refused(c, d)) continue;
        if (open++ == 0) first = d;
        last = d;
    }
    if (open > LONG_GAP) {
        add_gap(c, first, last, open);
        return open;
    }
    for (abn_date d = after; open > 0 && (d = next_open(c, d, before)) < before;)
        if (!is_refused(c, d))
            abn_checker_add_day(c, ABN_CHECK_MISSING_SESSION, d, "no row for an open session");
    return open;
}

/* Open days from the first row to the last; 0 where weekdays alone show that rows are enough. */
static size_t count_open(const abn_checker *c)
{
    const abn_series *s = c->series;
    size_t open = 0, days = (size_t)(s->date[s->n - 1] - s->date[0]) + 1;
    if (days < 2 * s->n) return 0;
    abn_date end = s->date[s->n - 1] + 1;
    if (!c->exchange && c->votes)
        return first_open(c->votes, end) - first_open(c->votes, s->date[0]);
    for (abn_date d = s->date[0] - 1; (d = next_open(c, d, end)) < end;)
        open++;
    return open;
}

/* Left out by a study only where the closure is on file, not where it was inferred. */
static void check_extra(abn_checker *c, size_t i)
{
    const abn_series *s = c->series;
    const abn_exchange *x = c->exchange;
    const char *weekend = abn_weekday(s->date[i]) > 5 ? " (a weekend)" : "";
    abn_finding *f = abn_checker_add(c, ABN_CHECK_EXTRA_SESSION, i, s->close ? s->close[i] : NAN,
                                     "a row on a day without a session%s", weekend);
    if (f) f->dropped = x && !abn_exchange_inferred(x, s->date[i]);
}

void abn_check_closed_days(abn_checker *c)
{
    for (size_t i = 0; i < c->series->n; i++)
        if (abn_checker_opening(c, c->series->date[i]) == ABN_CLOSED) check_extra(c, i);
}

void abn_check_sessions(abn_checker *c)
{
    const abn_series *s = c->series;
    size_t open = count_open(c);
    if (open > 2 * s->n) {
        abn_checker_add(c, ABN_CHECK_NOT_DAILY, 0, (double)s->n / (double)open,
                        "rows for %zu of %zu sessions: not daily quotes", s->n, open);
        return;
    }
    for (size_t i = 1; i < s->n; i++)
        if (s->date[i] - s->date[i - 1] > 1) check_gap(c, s->date[i - 1], s->date[i]);
    abn_check_closed_days(c);
}
