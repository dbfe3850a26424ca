/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model: a writer takes a figure from the bar (its close, its extreme, or a moment inside its
 * range), rounds it and prints it; some figures are wrong. P(figure | bar) is the mass that this
 * puts on the printed digits; P(figure) is the same mass averaged over the tape, smoothed by a
 * window around the figure. */
#include "likelihood.h"
#include <abnorm/verify.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WRONG_FIGURE 0.08 /* of claims: misprints, misreadings, other papers */
#define WRONG_PRICE  0.5  /* a price alone may well be an old one that the text recalls */
#define WRONG_SINCE  0.25
#define WRONG_STREAK 0.15
#define YEAR_ALONE   270   /* days: of what is nearer, a writer says the month */
#define SOURCE_PCT   0.055 /* points by which sources differ over one bar */
#define RANGE_PCT    0.1
#define SOURCE_LEVEL 0.0003

/* Mass of a printed figure by how far the true one lies beyond it (away from zero). */
typedef struct window {
    double lo, hi, mass;          /* what rounding and the hedge alone allow */
    double lo2, hi2, mass2;       /* what sources differ by */
    double x, sign, step, weight; /* the figure; its printed step; the integral of the mass */
} window;

static window window_finish(window w)
{
    w.weight = w.mass * (w.hi - w.lo) + w.mass2 * (w.hi2 - w.lo2);
    return w;
}

static window window_of_pct(const abn_claim *c)
{
    double unit = c->pct_unit > 0 ? c->pct_unit : 0.05, step = 2 * unit, size = fabs(c->pct);
    window w = {.x = c->pct, .sign = c->pct < 0 ? -1 : 1, .step = step};
    switch (c->hedge) {
    case ABN_HEDGE_NEARLY:
        w.lo = -step, w.hi = 0.2 * unit, w.mass = 0.75;
        w.lo2 = -fmax(1.05, 0.05 * size), w.hi2 = unit;
        break;
    case ABN_HEDGE_MORE_THAN:
        w.lo = -0.2 * unit, w.hi = step, w.mass = 0.75;
        w.lo2 = -unit, w.hi2 = fmax(1.6, 0.1 * size);
        break;
    case ABN_HEDGE_ABOUT:
        w.lo = -1.2 * unit, w.hi = 1.2 * unit, w.mass = 0.6;
        w.lo2 = -3 * unit - SOURCE_PCT, w.hi2 = -w.lo2;
        break;
    default:
        w.lo = -unit - 0.006, w.hi = -w.lo, w.mass = 0.85;
        w.lo2 = -fmax(unit + SOURCE_PCT, 0.1), w.hi2 = -w.lo2;
    }
    w.mass2 = (1 - w.mass) * step / (w.hi2 - w.lo2);
    return window_finish(w);
}

static window window_of_level(const abn_claim *c)
{
    double unit = c->level_unit > 0 ? c->level_unit : 0.005;
    window w = {.x = c->level, .sign = 1, .step = 2 * unit, .mass = 0.85};
    w.hi = unit + 0.006, w.lo = -w.hi;
    w.hi2 = unit + 0.006 + SOURCE_LEVEL * c->level, w.lo2 = -w.hi2;
    w.mass2 = (1 - w.mass) * w.step / (w.hi2 - w.lo2);
    return window_finish(w);
}

static inline double window_mass(const window *w, double actual)
{
    double beyond = w->sign * (actual - w->x);
    return (beyond >= w->lo && beyond <= w->hi ? w->mass : 0) +
           (beyond >= w->lo2 && beyond <= w->hi2 ? w->mass2 : 0);
}

/* Density of a column around x: how common such a value is. */
static double density(const double *column, size_t n, double x, double reach)
{
    double near = 0;
#pragma omp simd reduction(+ : near) /* counts: exact in any order */
    for (size_t i = 0; i < n; i++)
        near += fabs(column[i] - x) <= reach ? 1.0 : 0.0;
    return (near + 0.5) / ((double)(n + 1) * 2 * reach);
}

/* Densities among days that other claims already narrow down. */
#define KNOWN_PCT   0.1  /* a point: moves of one day lie within some points of each other */
#define KNOWN_LEVEL 0.04 /* a price lies within this share of another of its day */

static double pct_density(const double *column, size_t n, double x, double reach, abn_known known)
{
    double f = density(column, n, x, reach);
    return known.moved ? fmax(f, KNOWN_PCT) : f;
}

static double level_density(const double *column, size_t n, double x, abn_known known)
{
    double f = density(column, n, x, 0.15 * x);
    return known.priced ? fmax(f, 1 / (KNOWN_LEVEL * x)) : f;
}

static double pct_reach(const window *w)
{
    return 0.25 * fabs(w->x) + 0.25 + w->step;
}

/* A moment's figure inside a range, all moments alike. */
static inline double range_mass(double x, double step, double low, double high, double slack)
{
    return x >= low - slack && x <= high + slack ? fmin(1, step / (high - low + 2 * slack)) : 0;
}

/* Whether a true value is near enough for any mass at all: most sessions are not. */
static inline bool window_near(const window *w, double actual)
{
    double beyond = w->sign * (actual - w->x);
    return beyond >= w->lo2 && beyond <= w->hi2;
}

static inline void settle(double *ratio, double mass, double base, double wrong)
{
    double lr = wrong + (1 - wrong) * mass / base;
    if (lr == lr) *ratio *= lr; /* a bar that does not tell leaves it as it is */
}

/* How a figure is drawn from a bar: at its moment (the close, the high, the low), at the open or
 * the peak, or at any other. */
typedef struct draw {
    const double *pct, *level; /* the columns of its moment */
    double share_at, share_open, share_peak, share_in;
    const double *pct_peak, *peak; /* where its move goes furthest */
} draw;

static draw draw_of(const abn_claim *c, const abn_tape *h)
{
    bool running = c->hedge == ABN_HEDGE_AS_MUCH_AS, up = !(c->pct < 0);
    draw d = {.pct = h->pct, .level = h->close};
    if (c->kind == ABN_CLAIM_CLOSE) {
        d.share_at = c->kind_implied ? 0.75 : 0.9;
        d.share_open = d.share_peak = 0.02;
    } else if (running || c->extreme != ABN_EXTREME_NONE) {
        if (c->extreme != ABN_EXTREME_NONE) up = c->extreme == ABN_EXTREME_HIGH;
        d.pct = up ? h->pct_high : h->pct_low, d.level = up ? h->high : h->low;
        d.share_at = 0.7;
    } else {
        d.share_at = c->kind != ABN_CLAIM_INTRADAY ? 0.6 : c->kind_implied ? 0.3 : 0.15;
        d.share_open = d.share_peak = 0.08;
    }
    d.pct_peak = up ? h->pct_high : h->pct_low, d.peak = up ? h->high : h->low;
    d.share_in = 1 - d.share_at - d.share_open - d.share_peak;
    return d;
}

/* The range column of a bar that has none is NaN: such a moment may have been anywhere. */
static void apply_pct(const abn_claim *c, const abn_tape *h, abn_known known, double *ratio)
{
    window w = window_of_pct(c);
    draw d = draw_of(c, h);
    const double *low = h->pct_low, *high = h->pct_high, *total = h->pct_total;
    double f = pct_density(d.pct, h->n, w.x, pct_reach(&w), known);
    double base = f * ((1 - d.share_in) * w.weight + d.share_in * w.step);
    double slack = fmax(RANGE_PCT, c->hedge == ABN_HEDGE_NONE ? c->pct_unit : w.step);
    bool closes = d.pct == h->pct;
    for (size_t s = 0; s < h->n; s++) {
        bool ranged = low[s] == low[s];
        bool near = window_near(&w, d.pct[s]) || (closes && window_near(&w, total[s]));
        if (h->pct[s] != h->pct[s]) continue;
        if (!near && ranged && !(w.x >= low[s] - slack && w.x <= high[s] + slack)) {
            ratio[s] *= WRONG_FIGURE;
            continue;
        }
        double at = window_mass(&w, d.pct[s]);
        if (closes) at = fmax(at, 0.5 * window_mass(&w, total[s]));
        double inside = ranged ? range_mass(w.x, w.step, low[s], high[s], slack) : f * w.step;
        double open = ranged ? window_mass(&w, h->pct_open[s]) : f * w.weight;
        double peak = ranged ? window_mass(&w, d.pct_peak[s]) : f * w.weight;
        settle(&ratio[s],
               d.share_at * at + d.share_open * open + d.share_peak * peak + d.share_in * inside,
               base, WRONG_FIGURE);
    }
}

static void apply_level(const abn_claim *c, const abn_tape *h, abn_known known, double *ratio)
{
    window w = window_of_level(c);
    draw d = draw_of(c, h);
    const double *low = h->low, *high = h->high;
    double f = level_density(d.level, h->n, w.x, known);
    double base = f * ((1 - d.share_in) * w.weight + d.share_in * w.step);
    double slack = c->level_unit + SOURCE_LEVEL * w.x;
    double wrong = c->kind == ABN_CLAIM_CLOSE ? WRONG_FIGURE : WRONG_PRICE;
    for (size_t s = 0; s < h->n; s++) {
        bool ranged = low[s] == low[s];
        if (ranged && !window_near(&w, d.level[s]) &&
            !(w.x >= low[s] - slack && w.x <= high[s] + slack)) {
            ratio[s] *= wrong;
            continue;
        }
        double inside = ranged ? range_mass(w.x, w.step, low[s], high[s], slack) : f * w.step;
        double open = ranged ? window_mass(&w, h->open[s]) : f * w.weight;
        double peak = ranged ? window_mass(&w, d.peak[s]) : f * w.weight;
        double at = window_mass(&w, d.level[s]);
        settle(&ratio[s],
               d.share_at * at + d.share_open * open + d.share_peak * peak + d.share_in * inside,
               base, wrong);
    }
}

/* Percentage and price of one moment fix the close that the percentage counts from. */
static double implied_base_mass(const abn_claim *c, double base)
{
    double apart = fabs(base * (1 + c->pct / 100) - c->level);
    double rounding = base * c->pct_unit / 100 + c->level_unit;
    double sources = rounding + SOURCE_LEVEL * base;
    return (apart <= rounding ? 0.7 * fmin(1, c->level_unit / rounding) : 0) +
           (apart <= sources ? 0.3 * fmin(1, c->level_unit / sources) : 0);
}

static double base_of(const abn_tape *h, size_t s)
{
    return h->close[s] / (1 + h->pct[s] / 100);
}

static void apply_both(const abn_claim *c, const abn_tape *h, abn_known known, double *ratio)
{
    window wp = window_of_pct(c), wl = window_of_level(c);
    draw d = draw_of(c, h);
    double p0 = pct_density(d.pct, h->n, wp.x, pct_reach(&wp), known) * wp.step;
    double l0 = level_density(d.level, h->n, wl.x, known) * wl.step;
    double slack = fmax(RANGE_PCT, c->pct_unit);
    double base =
        p0 * l0 * ((1 - d.share_in) * (wp.weight / wp.step) * (wl.weight / wl.step) + d.share_in);
    for (size_t s = 0; s < h->n; s++) {
        if (h->pct[s] != h->pct[s]) continue;
        if (!window_near(&wp, d.pct[s]) && !window_near(&wl, d.level[s]) &&
            !(wl.x >= h->low[s] - wl.hi2 && wl.x <= h->high[s] + wl.hi2)) {
            ratio[s] *= WRONG_FIGURE;
            continue;
        }
        double p = window_mass(&wp, d.pct[s]), l = window_mass(&wl, d.level[s]);
        double p_in = range_mass(wp.x, wp.step, h->pct_low[s], h->pct_high[s], slack);
        double l_in = range_mass(wl.x, wl.step, h->low[s], h->high[s], wl.hi2);
        double open = window_mass(&wp, h->pct_open[s]) * window_mass(&wl, h->open[s]);
        double peak = window_mass(&wp, d.pct_peak[s]) * window_mass(&wl, d.peak[s]);
        double joint = d.share_at * p * l + d.share_open * open + d.share_peak * peak;
        if (p_in > 0 && l_in > 0) joint += d.share_in * p_in * implied_base_mass(c, base_of(h, s));
        /* one of the two may be wrong, or of another moment */
        double apart = p_in * l_in + d.share_at * (p * l0 + l * p0);
        settle(&ratio[s], 0.9 * joint + 0.1 * apart, base, WRONG_FIGURE);
    }
}

/* Before and after hours a price with its percentage still tells the close that it counts from. */
static void apply_off_hours(const abn_claim *c, const abn_tape *h, double *ratio)
{
    double f = density(h->close, h->n, c->level, 0.15 * c->level) * 2 * c->level_unit;
    for (size_t s = 0; s < h->n; s++) {
        double base = c->kind == ABN_CLAIM_PREMARKET ? base_of(h, s) : h->close[s];
        if (base == base) settle(&ratio[s], implied_base_mass(c, base), f, 2 * WRONG_FIGURE);
    }
}

/* Moves over longer than a day; some count from another base, or from a moment of the session. */
static void apply_longer(const abn_claim *c, const double *pct, size_t n, double *ratio)
{
    window w = window_of_pct(c);
    double near = 1.5 + w.step, elsewhere = w.step / (2 * near);
    double f = density(pct, n, w.x, pct_reach(&w));
    double base = f * (0.75 * w.weight + 0.25 * w.step);
    for (size_t s = 0; s < n; s++) {
        bool about = fabs(pct[s] - w.x) <= near;
        if (pct[s] != pct[s]) continue;
        if (!about && !window_near(&w, pct[s])) {
            ratio[s] *= 2 * WRONG_FIGURE;
            continue;
        }
        double mass = 0.75 * window_mass(&w, pct[s]) + (about ? 0.25 * elsewhere : 0);
        settle(&ratio[s], mass, base, 2 * WRONG_FIGURE);
    }
}

/* Mass of "highest since P" at a session: the last one as extreme lies in P (`latest` at most, for
 * P to be said so), before, or after. */
static double since_mass(const abn_tape *h, size_t by_close, size_t by_range, abn_date from,
                         abn_date to, abn_date latest)
{
    double best = 0.02;
    for (int i = 0; i < 2; i++) {
        size_t e = i ? by_range : by_close;
        if (e == ABN_NO_SESSION)
            best = fmax(best, 0.1); /* true, but a record would be said to be one */
        else if (h->date[e] >= from - 3 && h->date[e] <= to + 3)
            best = fmax(best, h->date[e] <= latest ? 0.8 : 0.15);
        else if (h->date[e] < from)
            best = fmax(best, 0.08);
    }
    return best;
}

static bool apply_since(const abn_claim *c, const abn_tape *h, double *ratio)
{
    const abn_earlier *e = &h->earlier;
    bool high = c->extreme == ABN_EXTREME_HIGH, floating = c->since[0] == 'X';
    const size_t *close =
        c->of_move ? (high ? e->gain : e->loss) : (high ? e->close_high : e->close_low);
    const size_t *range = c->of_move || c->closing_extreme ? close : high ? e->high : e->low;
    abn_date from = ABN_NO_DATE, to = ABN_NO_DATE;
    int ago = strlen(c->since) == 4 ? YEAR_ALONE : 0;
    if (!h->n || !abn_verify_since(c->since, h->date[0], &from, &to)) return false;
    double sum = 0, known = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t s = 0; s < h->n; s++) {
            if (floating && (s == 0 || h->month_base[s] != h->month_base[s - 1]))
                abn_verify_since(c->since, h->date[s], &from, &to);
            if (from < h->date[0]) continue;
            double mass = to >= h->date[s]
                              ? 0.02
                              : since_mass(h, close[s], range[s], from, to, h->date[s] - ago);
            if (pass)
                settle(&ratio[s], mass, (sum + 1) / (known + 1), WRONG_SINCE);
            else
                sum += mass, known++;
        }
    return known > 0;
}

static void apply_streak(const abn_claim *c, const abn_tape *h, double *ratio)
{
    int sign = c->pct > 0 ? 1 : c->pct < 0 ? -1 : 0;
    double sum = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t s = 0; s < h->n; s++) {
            int run = sign < 0 ? -h->run[s] : sign > 0 ? h->run[s] : abs(h->run[s]);
            double mass = run == c->streak ? 0.8 : run > c->streak ? 0.06 : 0.02;
            if (pass)
                settle(&ratio[s], mass, (sum + 1) / ((double)h->n + 1), WRONG_STREAK);
            else
                sum += mass;
        }
}

static bool apply_figures(const abn_claim *c, const abn_tape *h, abn_known known, double *ratio)
{
    bool pct = !isnan(c->pct);
    bool level = !isnan(c->level) && c->level > 0 &&
                 (!c->currency[0] || !h->currency[0] ||
                  abn_slice_eq(abn_slice_of(c->currency), h->currency));
    if (c->kind == ABN_CLAIM_PREMARKET || c->kind == ABN_CLAIM_AFTERHOURS) {
        if (pct && level) apply_off_hours(c, h, ratio);
        return pct && level;
    }
    bool ytd = c->kind == ABN_CLAIM_YTD || c->horizon == ABN_HORIZON_YTD;
    if (ytd || c->horizon != ABN_HORIZON_DAY) {
        const double *longer = ytd                               ? h->pct_year
                               : c->horizon == ABN_HORIZON_WEEK  ? h->pct_week
                               : c->horizon == ABN_HORIZON_MONTH ? h->pct_month
                                                                 : NULL;
        if (pct && longer) apply_longer(c, longer, h->n, ratio);
        return pct && longer;
    }
    if (pct && level)
        apply_both(c, h, known, ratio);
    else if (pct)
        apply_pct(c, h, known, ratio);
    else if (level)
        apply_level(c, h, known, ratio);
    return pct || level;
}

bool abn_likelihood_apply(const abn_claim *claim, const abn_tape *tape, abn_known known,
                          double *ratio)
{
    if (!tape || claim->other_venue) return false;
    bool told = apply_figures(claim, tape, known, ratio);
    if (claim->extreme != ABN_EXTREME_NONE && claim->since[0])
        told |= apply_since(claim, tape, ratio);
    if (claim->streak > 1) {
        apply_streak(claim, tape, ratio);
        told = true;
    }
    return told;
}
