/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lines.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

abn_status abn_sessions_make(abn_sessions *s, const abn_exchange *exchange, abn_date from,
                             abn_date to, abn_error *err)
{
    if (from < exchange->known_from) from = exchange->known_from;
    if (to > exchange->known_to) to = exchange->known_to;
    *s = (abn_sessions){.exchange = exchange, .from = from, .to = to};
    size_t room = to >= from ? (size_t)(to - from + 1) : 0;
    s->date = malloc((room + 1) * sizeof *s->date);
    if (!s->date) return abn_fail_memory(err);
    abn_session session;
    for (abn_date d = from; d <= to; d++)
        if (abn_exchange_session(exchange, d, &session)) s->date[s->n++] = d;
    return ABN_OK;
}

bool abn_bar_is_stale(const abn_series *s, size_t i)
{
    return s->volume && s->open && s->high && s->low && s->close && s->volume[i] == 0 &&
           s->open[i] == s->close[i] && s->high[i] == s->close[i] && s->low[i] == s->close[i];
}

/* The column that returns come from: prices where there are any. */
static const double *levels(const abn_series *s)
{
    return s->close ? s->close : s->adj_close;
}

static bool observed(const abn_series *s, const double *price, size_t i)
{
    return !isnan(price ? price[i] : s->ret[i]) && !abn_bar_is_stale(s, i);
}

abn_status abn_sessions_of_series(abn_sessions *s, const abn_series *series, abn_error *err)
{
    *s = (abn_sessions){.whole = true};
    s->date = malloc((series->n + 1) * sizeof *s->date);
    if (!s->date) return abn_fail_memory(err);
    for (size_t i = 0; i < series->n; i++)
        if (observed(series, levels(series), i)) s->date[s->n++] = series->date[i];
    s->from = s->n ? s->date[0] : 0;
    s->to = s->n ? s->date[s->n - 1] : -1;
    return ABN_OK;
}

/* Whether every row is an observation: then no calendar means the rows themselves. */
static bool all_observed(const abn_series *s, const double *price)
{
    const double *level = price ? price : s->ret;
    size_t missing = 0;
    for (size_t i = 0; i < s->n; i++)
        missing += isnan(level[i]) != 0;
    for (size_t i = 0; s->volume && !missing && i < s->n; i++)
        missing += abn_bar_is_stale(s, i);
    return missing == 0;
}

/* Rows of the series that are observations on days when the exchange was open, in `keep`. */
static size_t screen(abn_line *line, const double *price, const abn_sessions *sessions,
                     uint32_t *keep)
{
    const abn_series *s = line->series;
    size_t kept = 0, at = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (!observed(s, price, i)) {
            line->stale += abn_bar_is_stale(s, i);
            continue;
        }
        abn_date d = s->date[i];
        if (sessions && d >= sessions->from && d <= sessions->to) {
            while (at < sessions->n && sessions->date[at] < d)
                at++;
            if (at == sessions->n || sessions->date[at] != d) {
                line->closed++;
                continue;
            }
        }
        keep[kept++] = (uint32_t)i;
    }
    return kept;
}

/* Lay the kept rows on the union of their own days and the exchange's between first and last. */
static void lay(abn_line *line, const double *from, const uint32_t *keep, size_t kept,
                const abn_sessions *sessions)
{
    const abn_series *s = line->series;
    size_t at = 0, n = 0;
    abn_date first = kept ? s->date[keep[0]] : 0;
    if (sessions && !sessions->whole)
        while (at < sessions->n && sessions->date[at] < first)
            at++;
    for (size_t i = 0; i < kept; i++) {
        abn_date d = s->date[keep[i]];
        for (; sessions && at < sessions->n && sessions->date[at] <= d; at++) {
            if (sessions->date[at] == d) continue;
            line->own_date[n] = sessions->date[at];
            line->own_price[n++] = NAN;
        }
        line->own_date[n] = d;
        line->own_price[n++] = from[keep[i]];
    }
    line->n = n;
}

static double change(double now, double before, bool log)
{
    return log ? log1p((now - before) / before) : now / before - 1;
}

/* Of prices without a gap. */
static void find_plain_returns(abn_line *line, bool log)
{
    const double *price = line->price;
    line->y[0] = NAN;
    for (size_t t = 0; !line->lent_before && t < line->n; t++)
        line->before[t] = t ? (uint32_t)t - 1 : UINT32_MAX;
    if (log)
        for (size_t t = 1; t < line->n; t++)
            line->y[t] = change(price[t], price[t - 1], true);
    else
        for (size_t t = 1; t < line->n; t++)
            line->y[t] = change(price[t], price[t - 1], false);
}

static void find_returns(abn_line *line, const abn_line_options *o)
{
    uint32_t last = UINT32_MAX;
    for (size_t t = 0; t < line->n; t++) {
        double level = line->price ? line->price[t] : line->stated[t];
        line->before[t] = UINT32_MAX;
        line->y[t] = NAN;
        if (isnan(level)) continue;
        bool next = last != UINT32_MAX && last + 1 == t;
        if (!line->price && t > 0) {
            line->before[t] = (uint32_t)t - 1;
            line->y[t] = o->log ? log1p(level) : level;
        } else if (line->price && (next || (last != UINT32_MAX && !o->single_sessions))) {
            line->before[t] = last;
            line->y[t] = change(level, line->price[last], o->log);
        }
        last = (uint32_t)t;
    }
    /* The first stated return has no row before it, but it is a return. */
    if (!line->price && line->n && !isnan(line->stated[0]))
        line->y[0] = o->log ? log1p(line->stated[0]) : line->stated[0];
}

/* Closes times all growth that dividends and splits add from the first row on: their ratios are
 * total returns, also over skipped rows, and closes stay as they are where nothing was paid. */
static abn_status add_actions(const abn_series *series, const double *price, const char *currency,
                              const abn_actions *actions, abn_notes *notes, double *out,
                              abn_error *err)
{
    abn_status status = abn_actions_returns(actions, series, currency, notes, out, err);
    if (status != ABN_OK) return status;
    double growth = 1;
    for (size_t i = 0; i < series->n; i++) {
        double total = out[i], plain = i ? price[i] / price[i - 1] - 1 : NAN;
        double added = (1 + total) / (1 + plain);
        if (fabs(added - 1) > 1e-12) growth *= added;
        out[i] = price[i] * growth;
    }
    return ABN_OK;
}

/* The days and levels of the line, from the kept rows of the series. */
static bool fill(abn_line *line, const double *from, const uint32_t *keep, size_t kept,
                 const abn_sessions *sessions, bool prices, const abn_line_room *lent)
{
    const abn_series *series = line->series;
    bool plain = kept == series->n && !sessions;
    size_t room = series->n + (sessions ? sessions->n : 0) + 1;
    line->n = series->n;
    if (!plain) {
        double *level = malloc(room * sizeof *level);
        line->own_date = malloc(room * sizeof *line->own_date);
        if (!level || !line->own_date) {
            free(level);
            return false;
        }
        double *used = line->own_price;
        line->own_price = level;
        lay(line, from, keep, kept, sessions);
        free(used);
    }
    const double *level = plain ? from : line->own_price;
    line->date = plain ? series->date : line->own_date;
    line->price = prices ? level : NULL;
    line->stated = prices ? NULL : level;
    line->lent_y = lent && line->n < lent->n;
    line->lent_before = line->lent_y && plain && prices && !keep;
    line->before = line->lent_before ? lent->before : malloc((line->n + 1) * sizeof *line->before);
    line->y = line->lent_y ? lent->y : malloc((line->n + 1) * sizeof *line->y);
    return line->before && line->y;
}

/* The series with a measure in place of its prices; `line` owns the values. */
static abn_status measure(abn_line *line, const abn_series *series, abn_measure measure,
                          abn_series *out, abn_error *err)
{
    line->own_price = malloc((series->n + 1) * sizeof *line->own_price);
    if (!line->own_price) return abn_fail_memory(err);
    abn_measure_fill(measure, levels(series), series->high, series->low, series->volume, series->n,
                     line->own_price);
    *out = *series;
    out->close = out->adj_close = NULL;
    out->ret = line->own_price;
    return ABN_OK;
}

abn_status abn_line_make(abn_line *line, const abn_series *series, const abn_sessions *sessions,
                         const char *currency, const abn_line_options *options,
                         const abn_line_room *room, abn_notes *notes, abn_error *err)
{
    const abn_series *whole = series;
    abn_series measured;
    *line = (abn_line){0};
    if (options->measure != ABN_MEASURE_RETURN) {
        abn_status status = measure(line, series, options->measure, &measured, err);
        if (status != ABN_OK) return status;
        series = &measured;
    }
    line->series = series;
    const double *price = levels(series), *from = price ? price : series->ret;
    if (!from) return abn_fail(err, ABN_DATA, "%s has neither prices nor returns", series->symbol);
    abn_status status = ABN_OK;
    bool total =
        series->close && abn_actions_concern(options->actions, abn_slice_of(series->symbol));
    bool gapless = !sessions && !total && all_observed(series, price);
    uint32_t *keep = gapless ? NULL : malloc((series->n + 1) * sizeof *keep);
    if (!gapless && !keep) {
        abn_line_free(line);
        return abn_fail_memory(err);
    }
    if (total) {
        line->own_price = malloc((series->n + 1) * sizeof *line->own_price);
        if (line->own_price)
            status =
                add_actions(series, price, currency, options->actions, notes, line->own_price, err);
        else
            status = abn_fail_memory(err);
        from = line->own_price;
    }
    if (status == ABN_OK) {
        size_t kept = gapless ? series->n : screen(line, price, sessions, keep);
        if (!fill(line, from, keep, kept, sessions, price != NULL, room))
            status = abn_fail_memory(err);
    }
    free(keep);
    line->series = whole;
    if (status != ABN_OK)
        abn_line_free(line);
    else if (gapless && line->price && line->n)
        find_plain_returns(line, options->log);
    else
        find_returns(line, options);
    return status;
}

void abn_line_free(abn_line *line)
{
    if (!line->lent_before) free(line->before);
    if (!line->lent_y) free(line->y);
    free(line->own_date);
    free(line->own_price);
    *line = (abn_line){0};
}

/* ---- matching ---- */

/* Prices of `other` on the dates of `line`, NaN where it has none. */
static void lay_prices(const abn_line *line, const abn_line *other, double *out)
{
    for (size_t t = 0, j = 0; t < line->n; t++) {
        while (j < other->n && other->date[j] < line->date[t])
            j++;
        bool there = j < other->n && other->date[j] == line->date[t];
        out[t] = there ? other->price[j] : NAN;
    }
}

void abn_line_match(const abn_line *line, const abn_line *other, bool log, double *out)
{
    if (!other->price) {
        abn_line_match_returns(line, other->date, other->stated, other->n, log, out);
        return;
    }
    lay_prices(line, other, out);
    /* From the end, as a return needs the prices before it. A day without a return of the line has
     * the day's own: no fit uses it, but some software counts it. */
    for (size_t t = line->n; t-- > 0;) {
        uint32_t before = line->before[t];
        if (before == UINT32_MAX) before = t > 0 ? (uint32_t)t - 1 : UINT32_MAX;
        out[t] = before == UINT32_MAX ? NAN : change(out[t], out[before], log);
    }
}

void abn_line_match_returns(const abn_line *line, const abn_date *date, const double *value,
                            size_t n, bool log, double *out)
{
    size_t j = 0;
    for (size_t t = 0; t < line->n; t++) {
        out[t] = NAN;
        if (isnan(line->y[t])) continue;
        /* A stated return is the day's, a price's goes back to the price before. */
        bool spans = line->price && line->before[t] != UINT32_MAX;
        abn_date after = spans ? line->date[line->before[t]] : line->date[t] - 1;
        while (j < n && date[j] <= after)
            j++;
        double growth = 1, last = NAN;
        size_t days = 0;
        bool reached = false;
        for (; j < n && date[j] <= line->date[t]; j++, days++) {
            last = value[j];
            growth *= 1 + value[j];
            reached = date[j] == line->date[t];
        }
        if (!reached) continue;
        out[t] = days == 1 ? last : growth - 1;
        if (log) out[t] = log1p(out[t]);
    }
}
