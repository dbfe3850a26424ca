/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is odd in an answer though each row is well formed: flat bars, jumps, adjustments that no
 * event explains, units of a hundredth. Nothing is changed; whoever reads the notes decides. */
#include "provider_parts.h"

#include <math.h>
#include <string.h>

#define JUMP       .5   /* of a close from one session to the next */
#define ADJUSTMENT .001 /* least step of adj_close / close that counts */

/* Columns of the checks, -1 where the answer has none. */
typedef struct columns {
    int open, high, low, close, adj, volume;
} columns;

static double value(const abn_bar *bar, int column)
{
    return column < 0 ? NAN : bar->value[column];
}

/* No trade made it, or the vendor filled a gap. */
static bool is_stale(const abn_bar *bar, const columns *at)
{
    double close = value(bar, at->close);
    return value(bar, at->volume) == 0 && value(bar, at->open) == close &&
           value(bar, at->high) == close && value(bar, at->low) == close;
}

static bool split_on(const abn_bars *bars, abn_date date)
{
    for (size_t i = 0; i < bars->splits; i++)
        if (bars->split[i].date == date) return true;
    return false;
}

/* On the scale of the closes: those of `adjusted` ones are divided by every later split. */
static double dividend_on(const abn_bars *bars, abn_date date, bool adjusted)
{
    double amount = 0;
    for (size_t i = 0; i < bars->dividends; i++)
        if (bars->dividend[i].ex_date == date) amount += bars->dividend[i].amount;
    for (size_t i = 0; adjusted && i < bars->splits; i++)
        if (bars->split[i].date > date) amount /= bars->split[i].ratio;
    return amount;
}

static void check_jump(const char *symbol, const abn_bars *bars, const columns *at, size_t i,
                       abn_notes *notes)
{
    double before = value(&bars->bar[i - 1], at->close), close = value(&bars->bar[i], at->close);
    char date[ABN_DATE_MAX];
    if (fabs(close / before - 1) > JUMP && !split_on(bars, bars->bar[i].date))
        abn_note_at(notes, "jump", symbol, 0, 0, "%s: close moves by %+.0f %% without a split",
                    abn_date_format(bars->bar[i].date, date), (close / before - 1) * 100);
}

/* adj_close / close steps up by 1 / (1 - dividend / close before) on an ex-date, and only then; a
 * vendor whose closes are raw steps by a split too. */
static void check_adjustment(const char *symbol, const abn_bars *bars, const columns *at, size_t i,
                             bool adjusted, abn_notes *notes)
{
    const abn_bar *was = &bars->bar[i - 1], *is = &bars->bar[i];
    double step =
        value(is, at->adj) / value(is, at->close) / (value(was, at->adj) / value(was, at->close)) -
        1;
    double due = dividend_on(bars, is->date, adjusted) / value(was, at->close);
    char date[ABN_DATE_MAX];
    if (isnan(step) || split_on(bars, is->date)) return;
    if (fabs(step) > ADJUSTMENT && due == 0)
        abn_note_at(notes, "adjustment without event", symbol, 0, 0,
                    "%s: adj_close steps by %+.2f %% without a dividend or split",
                    abn_date_format(is->date, date), step * 100);
    else if (due > 2 * ADJUSTMENT && fabs(step) < due / 2)
        abn_note_at(notes, "event without adjustment", symbol, 0, 0,
                    "%s: a dividend of %.2f %% is not in adj_close",
                    abn_date_format(is->date, date), due * 100);
}

/* Pence, cents and agorot, as the vendors write them. */
static void check_unit(const char *symbol, const abn_bars *bars, abn_notes *notes)
{
    static const char *const units[] = {"GBp", "GBX", "ZAc", "ILA"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(bars->currency, units[i]) == 0)
            abn_note_at(notes, "unit of a hundredth", symbol, 0, 0,
                        "prices are in %s, a hundredth of the currency", units[i]);
}

void abn_provider_check(const abn_query *query, const abn_bars *bars, abn_date to, bool adjusted,
                        abn_notes *notes)
{
    columns at = {
        abn_bars_find_column(bars, "open"),      abn_bars_find_column(bars, "high"),
        abn_bars_find_column(bars, "low"),       abn_bars_find_column(bars, "close"),
        abn_bars_find_column(bars, "adj_close"), abn_bars_find_column(bars, "volume"),
    };
    if (at.close < 0 || !notes) return;
    check_unit(query->symbol, bars, notes);
    for (size_t i = 0; i < bars->n && bars->bar[i].date <= to; i++) {
        char date[ABN_DATE_MAX];
        if (query->from != ABN_NO_DATE && bars->bar[i].date < query->from) continue;
        if (is_stale(&bars->bar[i], &at))
            abn_note_at(notes, "stale bar", query->symbol, 0, 0, "%s is flat with zero volume",
                        abn_date_format(bars->bar[i].date, date));
        if (i == 0) continue;
        check_jump(query->symbol, bars, &at, i, notes);
        if (bars->dividends + bars->splits > 0)
            check_adjustment(query->symbol, bars, &at, i, adjusted, notes);
    }
}
