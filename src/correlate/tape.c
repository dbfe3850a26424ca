/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/arena.h>
#include <abnorm/tape.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef struct tape_impl {
    abn_tape pub; /* first: the public record is the object */
    abn_arena *arena;
} tape_impl;

/* Every column, writable while it is being filled. */
typedef struct columns {
    abn_date *date;
    double *close, *high, *low, *open, *pct, *pct_high, *pct_low, *pct_open, *pct_total;
    double *even_close, *year_base, *first_base, *week_base, *month_base;
    double *pct_year, *pct_week, *pct_month;
    int *run;
    size_t *close_high, *close_low, *above, *below, *gain, *loss, *stack;
    double *even_high, *even_low;
} columns;

static bool allocate(abn_arena *arena, size_t n, columns *c)
{
    double **doubles[] = {&c->close,     &c->high,       &c->low,       &c->open,
                          &c->pct,       &c->pct_high,   &c->pct_low,   &c->pct_open,
                          &c->pct_total, &c->even_close, &c->year_base, &c->first_base,
                          &c->week_base, &c->month_base, &c->pct_year,  &c->pct_week,
                          &c->pct_month, &c->even_high,  &c->even_low};
    size_t **indices[] = {&c->close_high, &c->close_low, &c->above, &c->below,
                          &c->gain,       &c->loss,      &c->stack};
    for (size_t i = 0; i < sizeof doubles / sizeof *doubles; i++)
        if (!(*doubles[i] = abn_arena_alloc(arena, (n + 1) * sizeof(double)))) return false;
    for (size_t i = 0; i < sizeof indices / sizeof *indices; i++)
        if (!(*indices[i] = abn_arena_alloc(arena, (n + 1) * sizeof(size_t)))) return false;
    c->run = abn_arena_alloc(arena, (n + 1) * sizeof(int));
    c->date = abn_arena_alloc(arena, (n + 1) * sizeof(abn_date));
    return c->run && c->date;
}

static double value(const double *column, size_t i)
{
    return column ? column[i] : NAN;
}

/* The split between two rows that lie side by side; whether the file's prices still jump by it. */
static double split_before(const abn_series *series, const abn_actions *actions, size_t i,
                           bool *raw)
{
    double ratio = actions ? abn_actions_split(actions, abn_slice_of(series->symbol),
                                               series->date[i - 1], series->date[i])
                           : 1;
    double jump = log(series->close[i - 1] / series->close[i]);
    *raw = fabs(jump - log(ratio)) < fabs(jump);
    return ratio > 0 ? ratio : 1;
}

/* Backwards, so that each price is scaled by the splits after it: to its day's own scale where the
 * file is adjusted, to the last day's where it is not. */
static void fill_prices(const abn_series *series, const abn_actions *actions, columns *c)
{
    double printed = 1, even = 1;
    bool raw;
    for (size_t i = series->n; i-- > 0;) {
        double close = series->close[i], high = value(series->high, i), low = value(series->low, i);
        bool flat = !(high > low);
        c->date[i] = series->date[i];
        c->close[i] = close * printed;
        c->open[i] = value(series->open, i) * printed;
        c->high[i] = flat ? NAN : high * printed;
        c->low[i] = flat ? NAN : low * printed;
        c->even_close[i] = close * even;
        c->even_high[i] = (flat ? close : high) * even;
        c->even_low[i] = (flat ? close : low) * even;
        double ratio = i ? split_before(series, actions, i, &raw) : 1;
        if (ratio != 1) *(raw ? &even : &printed) *= raw ? 1 / ratio : ratio;
    }
}

static double move(double now, double before)
{
    return before > 0 ? 100 * (now / before - 1) : NAN;
}

static void fill_moves(const abn_series *series, columns *c)
{
    for (size_t i = 0; i < series->n; i++) {
        double before = i ? c->even_close[i - 1] : NAN;
        double even = c->even_close[i] / c->close[i]; /* of this day's printed prices */
        c->pct[i] = move(c->even_close[i], before);
        c->pct_high[i] = move(c->high[i] * even, before);
        c->pct_low[i] = move(c->low[i] * even, before);
        c->pct_open[i] = move(c->open[i] * even, before);
        int sign = c->pct[i] > 0 ? 1 : c->pct[i] < 0 ? -1 : 0;
        int last = i ? c->run[i - 1] : 0;
        c->run[i] = sign == 0 ? 0 : (last * sign > 0 ? last : 0) + sign;
    }
}

/* Returns with dividends on file, and what adjusted closes say where none are. */
static abn_status fill_total(const abn_series *series, const abn_actions *actions,
                             const char *currency, columns *c, abn_error *err)
{
    abn_status status = ABN_OK;
    for (size_t i = 0; i < series->n; i++)
        c->pct_total[i] = NAN;
    if (actions) status = abn_actions_returns(actions, series, currency, NULL, c->pct_total, err);
    for (size_t i = 0; i < series->n && status == ABN_OK; i++) {
        double by_file =
            i ? move(value(series->adj_close, i), value(series->adj_close, i - 1)) : NAN;
        double total = 100 * c->pct_total[i];
        c->pct_total[i] = fabs(total - c->pct[i]) > 1e-6 ? total : by_file;
    }
    return status;
}

static void fill_years(size_t n, columns *c)
{
    double base = NAN, first = NAN;
    int year = 0;
    for (size_t i = 0; i < n; i++) {
        int y = abn_date_civil(c->date[i]).year;
        if (y != year) {
            base = i && y == year + 1 ? c->even_close[i - 1] : NAN;
            first = i ? c->even_close[i] : NAN; /* the series may start inside the year */
            year = y;
        }
        c->year_base[i] = base;
        c->first_base[i] = first;
    }
}

static void fill_periods(size_t n, columns *c)
{
    double week = NAN, month = NAN;
    for (size_t i = 0; i < n; i++) {
        abn_date d = c->date[i], before = i ? c->date[i - 1] : d;
        if (i && d - abn_weekday(d) >= before) week = c->even_close[i - 1];
        if (i && abn_date_civil(d).month != abn_date_civil(before).month)
            month = c->even_close[i - 1];
        c->week_base[i] = week;
        c->month_base[i] = month;
        c->pct_week[i] = move(c->even_close[i], week);
        c->pct_month[i] = move(c->even_close[i], month);
        c->pct_year[i] = move(c->even_close[i], c->year_base[i]);
    }
}

/* For every value the nearest earlier one that is at least as large (as `sign` sees it), by a stack
 * of those not yet surpassed; NaN neither asks nor answers. */
static void earlier_of(const double *x, size_t n, double sign, size_t *stack, size_t *out)
{
    size_t top = 0;
    for (size_t i = 0; i < n; i++) {
        out[i] = ABN_NO_SESSION;
        if (isnan(x[i])) continue;
        while (top && sign * x[stack[top - 1]] < sign * x[i])
            top--;
        if (top) out[i] = stack[top - 1];
        stack[top++] = i;
    }
}

static void publish(tape_impl *h, const columns *c)
{
    abn_tape *p = &h->pub;
    p->date = c->date;
    p->close = c->close, p->high = c->high, p->low = c->low, p->open = c->open;
    p->pct = c->pct, p->pct_high = c->pct_high, p->pct_low = c->pct_low, p->pct_open = c->pct_open;
    p->pct_total = c->pct_total, p->even_close = c->even_close;
    p->week_base = c->week_base, p->month_base = c->month_base;
    p->pct_year = c->pct_year, p->pct_week = c->pct_week, p->pct_month = c->pct_month;
    p->year_base = c->year_base, p->first_base = c->first_base, p->run = c->run;
    p->earlier = (abn_earlier){.close_high = c->close_high,
                               .close_low = c->close_low,
                               .high = c->above,
                               .low = c->below,
                               .gain = c->gain,
                               .loss = c->loss};
}

static void fill_earlier(columns *c, size_t n)
{
    earlier_of(c->even_close, n, 1, c->stack, c->close_high);
    earlier_of(c->even_close, n, -1, c->stack, c->close_low);
    earlier_of(c->even_high, n, 1, c->stack, c->above);
    earlier_of(c->even_low, n, -1, c->stack, c->below);
    earlier_of(c->pct, n, 1, c->stack, c->gain);
    earlier_of(c->pct, n, -1, c->stack, c->loss);
}

abn_status abn_tape_new(const abn_series *series, const char *currency, const abn_actions *actions,
                        abn_tape **out, abn_error *err)
{
    if (!series->close)
        return abn_fail(err, ABN_DATA, "%s: texts speak of prices, and these quotes are returns",
                        series->symbol);
    abn_arena *arena = abn_arena_new();
    tape_impl *h = arena ? abn_arena_alloc(arena, sizeof *h) : NULL;
    columns c;
    abn_status status = h && allocate(arena, series->n, &c) ? ABN_OK : abn_fail_memory(err);
    if (status == ABN_OK) {
        h->arena = arena;
        h->pub.symbol = series->symbol;
        h->pub.n = series->n;
        strncpy(h->pub.currency, currency ? currency : "", sizeof h->pub.currency - 1);
        fill_prices(series, actions, &c);
        fill_moves(series, &c);
        fill_years(series->n, &c);
        fill_periods(series->n, &c);
        fill_earlier(&c, series->n);
        publish(h, &c);
        status = fill_total(series, actions, currency, &c, err);
    }
    if (status == ABN_OK)
        *out = &h->pub;
    else
        abn_arena_free(arena);
    return status;
}

void abn_tape_free(abn_tape *tape)
{
    if (tape) abn_arena_free(((tape_impl *)tape)->arena);
}

size_t abn_tape_at(const abn_tape *tape, abn_date date)
{
    size_t lo = 0, hi = tape->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (tape->date[mid] <= date)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo ? lo - 1 : ABN_NO_SESSION;
}
