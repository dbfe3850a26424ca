/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/slice.h>
#include <abnorm/verify.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Points of percent by which sources differ over one bar: snapshots minutes after the close, and
 * consolidated against primary prices. */
#define SOURCE_PCT    0.055
#define SNAPSHOT_PCT  0.1
#define RANGE_PCT     0.15
#define NEARLY_PCT    1.05 /* "nearly 3 %" has stood for 1.96 */
#define MORE_THAN_PCT 1.6
#define SOURCE_LEVEL  0.0003 /* of the price */

const char *abn_verdict_name(abn_verdict verdict)
{
    static const char *const name[] = {"untestable", "confirmed", "contradicted"};
    return name[verdict];
}

bool abn_verify_pct(double pct, double pct_unit, abn_hedge hedge, double actual)
{
    if (isnan(pct) || isnan(actual)) return false;
    double tol = fmax(pct_unit + SOURCE_PCT, SNAPSHOT_PCT);
    if (hedge == ABN_HEDGE_ABOUT) tol += fmax(pct_unit, 0.02 * fabs(pct));
    if (fabs(actual - pct) <= tol) return true;
    double beyond = (pct < 0 ? -actual : actual) - fabs(pct);
    /* large figures are rounded to tens: "nearly 50 %" */
    if (hedge == ABN_HEDGE_NEARLY)
        return beyond < 0 && -beyond < fmax(NEARLY_PCT, 0.05 * fabs(pct));
    if (hedge == ABN_HEDGE_MORE_THAN)
        return beyond > 0 && beyond < fmax(MORE_THAN_PCT, 0.1 * fabs(pct));
    return false;
}

bool abn_verify_level(double level, double level_unit, double actual)
{
    return fabs(level - actual) <= level_unit + SOURCE_LEVEL * fabs(actual);
}

static bool two_digits(const char *s, int *out)
{
    if (s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9') return false;
    *out = (s[0] - '0') * 10 + s[1] - '0';
    return true;
}

bool abn_verify_since(const char *since, abn_date session, abn_date *from, abn_date *to)
{
    int month = 0, day = 0, century, rest, year;
    size_t len = strlen(since);
    abn_civil now = abn_date_civil(session);
    if (len < 4) return false;
    bool dated = two_digits(since, &century) && two_digits(since + 2, &rest);
    if (!dated && strncmp(since, "XXXX", 4)) return false;
    if (len >= 7 && !two_digits(since + 5, &month)) return false;
    if (len >= 10 && !two_digits(since + 8, &day)) return false;
    if (!dated && !month) return false;
    year = dated ? century * 100 + rest : now.year - (month >= now.month);
    *from = abn_date_of(year, month ? month : 1, day ? day : 1);
    if (*from == ABN_NO_DATE) return false;
    *to = day ? *from : abn_date_add_months(*from, month ? 1 : 12) - 1;
    return true;
}

static void say(abn_verification *out, bool agrees, const char *reason)
{
    out->verdict = agrees ? ABN_VERDICT_CONFIRMED : ABN_VERDICT_CONTRADICTED;
    out->reason = reason;
}

static double move(double now, double base)
{
    return 100 * (now / base - 1);
}

static bool same_currency(const abn_claim *c, const abn_tape *h)
{
    return !c->currency[0] || !h->currency[0] || !strcmp(c->currency, h->currency);
}

/* The later of the last session that was as extreme by closes and the one by session prices bounds
 * what "since" may say; the earlier is the most that it can claim. */
static void verify_since(const abn_claim *c, const abn_tape *h, size_t s, abn_verification *out)
{
    abn_date from, to;
    bool high = c->extreme == ABN_EXTREME_HIGH;
    const abn_earlier *e = &h->earlier;
    size_t by_close =
        c->of_move ? (high ? e->gain : e->loss)[s] : (high ? e->close_high : e->close_low)[s];
    size_t by_range = c->of_move || c->closing_extreme ? by_close : (high ? e->high : e->low)[s];
    if (!abn_verify_since(c->since, h->date[s], &from, &to)) return;
    out->reason = "earlier extremes";
    out->actual_level = c->of_move ? NAN : h->close[s];
    out->actual_pct = c->of_move ? h->pct[s] : NAN;
    size_t first = by_close < by_range ? by_close : by_range;
    size_t last = by_close == ABN_NO_SESSION   ? by_range
                  : by_range == ABN_NO_SESSION ? by_close
                  : by_close > by_range        ? by_close
                                               : by_range;
    size_t shown = by_close != ABN_NO_SESSION ? by_close : last;
    if (shown != ABN_NO_SESSION) abn_date_format(h->date[shown], out->actual_since);
    bool reached = h->date[0] <= from;
    /* false only when both ways to read it have a session after the period that was as extreme */
    if (first != ABN_NO_SESSION && h->date[first] > to && by_close != ABN_NO_SESSION &&
        by_range != ABN_NO_SESSION)
        say(out, false, "an equal extreme came later");
    else if (reached)
        say(out, true, "no equal extreme since");
    else
        out->reason = "the quotes do not reach back";
}

static void verify_year(const abn_claim *c, const abn_tape *h, size_t s, bool in_session,
                        abn_verification *out)
{
    double base = h->year_base[s], first = h->first_base[s];
    double even = h->even_close[s] / h->close[s];
    if (isnan(c->pct) || (isnan(base) && isnan(first))) return;
    double by_close = move(h->even_close[s], base);
    double by_first = move(h->even_close[s], first);
    out->actual_pct = isnan(base) ? by_first : by_close;
    out->actual_level = h->close[s];
    if (abn_verify_pct(c->pct, c->pct_unit, c->hedge, by_close))
        say(out, true, "year to date");
    else if (abn_verify_pct(c->pct, c->pct_unit, c->hedge, by_first))
        say(out, true, "year to date from its first session");
    else if (in_session && !isnan(h->high[s]) &&
             c->pct <= move(h->high[s] * even, base) + RANGE_PCT + c->pct_unit &&
             c->pct >= move(h->low[s] * even, base) - RANGE_PCT - c->pct_unit)
        say(out, true, "year to date inside the day's range");
    else
        say(out, false, "year to date");
}

/* From the last session on or before a date. */
static double since_date(const abn_tape *h, size_t s, abn_date date)
{
    size_t base = abn_tape_at(h, date);
    return base < s ? move(h->even_close[s], h->even_close[base]) : NAN;
}

static abn_date quarter_start(abn_date date)
{
    abn_civil t = abn_date_civil(date);
    return abn_date_of(t.year, (t.month - 1) / 3 * 3 + 1, 1);
}

/* Longer horizons have more than one base in use; a figure that fits none is not held against the
 * text, for the base may be one that it does not name. */
static void verify_horizon(const abn_claim *c, const abn_tape *h, size_t s, abn_verification *out)
{
    abn_date d = h->date[s];
    double now = h->even_close[s];
    double bases[2] = {NAN, NAN};
    out->reason = "its base is not stated";
    switch (c->horizon) {
    case ABN_HORIZON_WEEK:
        bases[0] = move(now, h->week_base[s]);
        bases[1] = s >= 5 ? move(now, h->even_close[s - 5]) : NAN;
        break;
    case ABN_HORIZON_MONTH:
        bases[0] = move(now, h->month_base[s]);
        bases[1] = since_date(h, s, abn_date_add_months(d, -1));
        break;
    case ABN_HORIZON_QUARTER:
        bases[0] = since_date(h, s, quarter_start(d) - 1);
        bases[1] = since_date(h, s, abn_date_add_months(d, -3));
        break;
    case ABN_HORIZON_YEAR:
        bases[0] = since_date(h, s, abn_date_add_months(d, -12));
        break;
    default:
        return;
    }
    out->actual_pct = bases[0];
    for (int i = 0; i < 2; i++)
        if (abn_verify_pct(c->pct, c->pct_unit, c->hedge, bases[i])) {
            out->actual_pct = bases[i];
            say(out, true, "over its horizon");
            return;
        }
}

static bool inside(double x, double low, double high, double slack)
{
    return x >= low - slack && x <= high + slack;
}

static void verify_extreme(const abn_claim *c, const abn_tape *h, size_t s, abn_verification *out)
{
    bool up = c->extreme == ABN_EXTREME_HIGH ||
              (c->extreme == ABN_EXTREME_NONE && !(c->pct < 0)); /* "as much as" */
    double pct = up ? h->pct_high[s] : h->pct_low[s], level = up ? h->high[s] : h->low[s];
    double sign = up ? 1 : -1;
    out->actual_pct = pct, out->actual_level = level;
    if (isnan(level)) {
        out->reason = "the day's range is not known";
        return;
    }
    bool agrees = true;
    if (!isnan(c->pct)) {
        if (isnan(pct)) return;
        agrees = sign * pct >= sign * c->pct - fmax(RANGE_PCT, c->pct_unit);
    }
    if (!isnan(c->level) && same_currency(c, h))
        agrees = agrees && sign * level >= sign * c->level - c->level_unit - SOURCE_LEVEL * level;
    say(out, agrees, up ? "the day's high" : "the day's low");
}

static bool closes_at(const abn_claim *c, const abn_tape *h, size_t s)
{
    if (!isnan(c->level) && same_currency(c, h) &&
        !abn_verify_level(c->level, c->level_unit, h->close[s]))
        return false;
    return isnan(c->pct) || abn_verify_pct(c->pct, c->pct_unit, c->hedge, h->pct[s]) ||
           abn_verify_pct(c->pct, c->pct_unit, c->hedge, h->pct_total[s]);
}

static bool passes_through(const abn_claim *c, const abn_tape *h, size_t s)
{
    double hedge = c->hedge == ABN_HEDGE_NEARLY || c->hedge == ABN_HEDGE_MORE_THAN ? NEARLY_PCT : 0;
    if (isnan(h->low[s])) return false;
    if (!isnan(c->level) && same_currency(c, h) &&
        !inside(c->level, h->low[s], h->high[s], c->level_unit + SOURCE_LEVEL * h->close[s]))
        return false;
    return isnan(c->pct) ||
           inside(c->pct, h->pct_low[s], h->pct_high[s], fmax(RANGE_PCT, c->pct_unit) + hedge);
}

static bool is_mark(const abn_claim *c, const abn_tape *h, double pct, double level)
{
    if (isnan(level) || isnan(pct)) return false;
    if (!isnan(c->level) && same_currency(c, h) &&
        !abn_verify_level(c->level, c->level_unit, level))
        return false;
    return isnan(c->pct) || abn_verify_pct(c->pct, c->pct_unit, c->hedge, pct);
}

/* A quote of the day is most often one of its marks: then that is what it is held against. */
static void verify_range(const abn_claim *c, const abn_tape *h, size_t s, abn_verification *out)
{
    const struct {
        const double *pct, *level;
        const char *name;
    } mark[] = {{h->pct_high, h->high, "the day's high"},
                {h->pct_low, h->low, "the day's low"},
                {h->pct_open, h->open, "the open"}};
    for (size_t i = 0; i < sizeof mark / sizeof *mark; i++) {
        if (!mark[i].pct || !mark[i].level || !is_mark(c, h, mark[i].pct[s], mark[i].level[s]))
            continue;
        out->actual_pct = mark[i].pct[s], out->actual_level = mark[i].level[s];
        say(out, true, mark[i].name);
        return;
    }
    say(out, passes_through(c, h, s), "the day's range");
}

static void verify_day(const abn_claim *c, const abn_tape *h, size_t s, abn_verification *out)
{
    bool figure = !isnan(c->pct), price = !isnan(c->level) && same_currency(c, h);
    if ((!figure && !price) || (figure && isnan(h->pct[s]) && !price)) {
        out->reason = figure ? "no close before it" : "nothing to hold against the quotes";
        return;
    }
    out->actual_pct = h->pct[s], out->actual_level = h->close[s];
    if (closes_at(c, h, s))
        say(out, true, "the close");
    else if (c->kind == ABN_CLAIM_CLOSE)
        say(out, false, "the close");
    else if (isnan(h->low[s]))
        out->reason = "the day's range is not known";
    else
        verify_range(c, h, s, out);
}

void abn_verify(const abn_claim *claim, const abn_tape *tape, size_t session, bool in_session,
                abn_verification *out)
{
    *out = (abn_verification){.actual_pct = NAN, .actual_level = NAN, .reason = ""};
    if (!tape)
        out->reason = "no quotes";
    else if (session == ABN_NO_SESSION)
        out->reason = "no bar of its session";
    else if (claim->other_venue)
        out->reason = "another venue";
    else if (claim->kind == ABN_CLAIM_PREMARKET || claim->kind == ABN_CLAIM_AFTERHOURS)
        out->reason = "outside the regular session";
    else if (isnan(claim->pct) && isnan(claim->level) && claim->extreme != ABN_EXTREME_NONE)
        verify_since(claim, tape, session, out);
    else if (claim->kind == ABN_CLAIM_YTD || claim->horizon == ABN_HORIZON_YTD)
        verify_year(claim, tape, session, in_session, out);
    else if (claim->horizon != ABN_HORIZON_DAY)
        verify_horizon(claim, tape, session, out);
    else if (claim->kind != ABN_CLAIM_CLOSE &&
             (claim->extreme != ABN_EXTREME_NONE || claim->hedge == ABN_HEDGE_AS_MUCH_AS))
        verify_extreme(claim, tape, session, out);
    else
        verify_day(claim, tape, session, out);
}
