/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One bar at a time: stale, impossible, taken too early. */
#include "checks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDING .00001 /* relative; vendors keep prices in single precision */

enum { USUAL_ROWS = 60 };

typedef struct bar {
    double open, high, low, close, volume;
} bar;

static bar bar_of(const abn_series *s, size_t i)
{
    return (bar){s->open ? s->open[i] : NAN, s->high ? s->high[i] : NAN, s->low ? s->low[i] : NAN,
                 s->close ? s->close[i] : NAN, s->volume ? s->volume[i] : NAN};
}

static bool is_flat(const bar *b)
{
    return b->open == b->high && b->high == b->low && b->low == b->close;
}

static bool is_copy(const bar *b, const bar *last)
{
    bool volume = b->volume == last->volume || (isnan(b->volume) && isnan(last->volume));
    return b->open == last->open && b->high == last->high && b->low == last->low &&
           b->close == last->close && volume;
}

static const char *half_day(const abn_checker *c, size_t i)
{
    abn_session session;
    bool half = c->exchange && abn_exchange_session(c->exchange, c->series->date[i], &session) &&
                session.early;
    return half ? ", though the exchange was open (a half day)" : "";
}

static void check_stale(abn_checker *c, size_t i, const bar *b, const bar *last)
{
    bool flat = is_flat(b), empty = flat && b->volume == 0;
    bool filled = last && flat && isnan(b->volume) && b->close == last->close;
    bool copied = last && !flat && is_copy(b, last);
    if (!empty && !filled && !copied) return;
    if (abn_checker_opening(c, c->series->date[i]) == ABN_CLOSED) return; /* told as such */
    if (empty)
        abn_checker_add(c, ABN_CHECK_STALE_BAR, i, b->close,
                        "stale bar: open, high, low and close are %.10g and the volume is 0%s",
                        b->close, half_day(c, i));
    else if (filled)
        abn_checker_add(c, ABN_CHECK_STALE_BAR, i, b->close,
                        "stale bar: open, high and low are the last close, %.10g", b->close);
    else
        abn_checker_add(c, ABN_CHECK_STALE_BAR, i, b->close,
                        "stale bar: a copy of the bar before it");
}

static bool is_outside(double price, const bar *b)
{
    return price < b->low * (1 - ROUNDING) || price > b->high * (1 + ROUNDING);
}

static void check_possible(abn_checker *c, size_t i, const bar *b)
{
    if (b->low > b->high * (1 + ROUNDING))
        abn_checker_add(c, ABN_CHECK_IMPOSSIBLE_BAR, i, NAN, "low %.10g above high %.10g", b->low,
                        b->high);
    else if (is_outside(b->close, b))
        abn_checker_add(c, ABN_CHECK_IMPOSSIBLE_BAR, i, NAN,
                        "close %.10g outside low %.10g and high %.10g", b->close, b->low, b->high);
    else if (is_outside(b->open, b))
        abn_checker_add(c, ABN_CHECK_IMPOSSIBLE_BAR, i, NAN,
                        "open %.10g outside low %.10g and high %.10g", b->open, b->low, b->high);
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median(double *value, size_t n)
{
    qsort(value, n, sizeof *value, compare_doubles);
    return value[n / 2];
}

/* Whether the last volume is far below those before it: by the median and the median deviation of
 * their logarithms. */
static bool is_thin(const double *volume, size_t last, double *usual)
{
    double size[USUAL_ROWS], off[USUAL_ROWS];
    size_t n = 0;
    for (size_t k = last - USUAL_ROWS; k < last; k++)
        if (volume[k] > 0) size[n++] = log(volume[k]);
    if (n < USUAL_ROWS / 2) return false;
    double middle = median(size, n), least = size[0];
    for (size_t k = 0; k < n; k++)
        off[k] = fabs(size[k] - middle);
    double sigma = median(off, n) / .6745, low = log(volume[last]);
    *usual = exp(middle);
    return low < least - log(4) ||
           (low < middle - log(1 / .3) && low < middle - 4 * (sigma > .1 ? sigma : .1));
}

/* A bar of today that a vendor keeps appending while it changes. */
static bool has_other_versions(const abn_checker *c, abn_date last)
{
    for (size_t i = abn_quotes_rejects(c->quotes); i-- > 0;) {
        const abn_reject *r = abn_quotes_reject_at(c->quotes, i);
        if (r->date == last && strcmp(r->kind, "disagreeing row") == 0 &&
            strcmp(r->symbol, c->series->symbol) == 0)
            return true;
    }
    return false;
}

/* A last bar whose session had not closed, or whose volume is too small for a whole session. */
static void check_partial(abn_checker *c)
{
    const abn_series *s = c->series;
    size_t i = s->n - 1;
    double usual;
    abn_session session = {0};
    bool open = c->exchange && abn_exchange_session(c->exchange, s->date[i], &session);
    if (c->in->now > 0 && open && session.close > c->in->now) {
        abn_checker_add(c, ABN_CHECK_PARTIAL_BAR, i, s->volume ? s->volume[i] : NAN,
                        "partial bar: the session has not closed yet");
        return;
    }
    if (has_other_versions(c, s->date[i])) {
        abn_checker_add(c, ABN_CHECK_PARTIAL_BAR, i, s->volume ? s->volume[i] : NAN,
                        "partial bar: the last day is there more than once, with other values");
        return;
    }
    if (!s->volume || s->n <= USUAL_ROWS || !(s->volume[i] > 0) || session.early) return;
    if (is_thin(s->volume, i, &usual))
        abn_checker_add(c, ABN_CHECK_PARTIAL_BAR, i, s->volume[i],
                        "partial bar: volume %.10g where %.4g is usual", s->volume[i], usual);
}

void abn_check_bars(abn_checker *c)
{
    const abn_series *s = c->series;
    if (!s->close) return;
    bool whole = s->open || s->high || s->low; /* a close alone can be neither */
    bar last = {0};
    for (size_t i = 0; whole && i < s->n; i++) {
        bar b = bar_of(s, i);
        check_stale(c, i, &b, i > 0 ? &last : NULL);
        check_possible(c, i, &b);
        last = b;
    }
    check_partial(c);
}
