/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows against sessions: which open day has none, which row fell on a closed one. */
#include "checks.h"

#include <math.h>

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

/* A row that was refused is told as such, not as a session without a row. */
static bool is_refused(const abn_checker *c, abn_date date)
{
    for (size_t i = 0; i < abn_quotes_rejects(c->quotes); i++) {
        const abn_reject *r = abn_quotes_reject_at(c->quotes, i);
        if (r->date == date && abn_slice_eq(abn_slice_of(r->symbol), c->series->symbol))
            return true;
    }
    return false;
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
    for (abn_date d = after + 1; d < before; d++) {
        if (abn_checker_opening(c, d) != ABN_OPEN || is_refused(c, d)) continue;
        if (open++ == 0) first = d;
        last = d;
    }
    if (open > LONG_GAP) {
        add_gap(c, first, last, open);
        return open;
    }
    for (abn_date d = after + 1; open > 0 && d < before; d++)
        if (abn_checker_opening(c, d) == ABN_OPEN && !is_refused(c, d))
            abn_checker_add_day(c, ABN_CHECK_MISSING_SESSION, d, "no row for an open session");
    return open;
}

/* Open days from the first row to the last; 0 where weekdays alone show that rows are enough. */
static size_t count_open(const abn_checker *c)
{
    const abn_series *s = c->series;
    size_t open = 0, days = (size_t)(s->date[s->n - 1] - s->date[0]) + 1;
    if (days < 2 * s->n) return 0;
    for (abn_date d = s->date[0]; d <= s->date[s->n - 1]; d++)
        open += abn_checker_opening(c, d) == ABN_OPEN;
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
