/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A listing's tape: its quotes prepared for what texts say of them, as moves in percent, prices as
 * they were printed in their day, earlier extremes, runs of one sign. */
#ifndef ABNORM_HISTORY_H
#define ABNORM_HISTORY_H

#include <abnorm/actions.h>
#include <abnorm/date.h>
#include <abnorm/error.h>
#include <abnorm/quotes.h>
#include <stddef.h>
#include <stdint.h>

#define ABN_NO_SESSION SIZE_MAX

/* The nearest earlier session whose value was at least as extreme, or ABN_NO_SESSION. */
typedef struct abn_earlier {
    const size_t *close_high, *close_low; /* among closes */
    const size_t *high, *low;             /* among session highs and lows */
    const size_t *gain, *loss;            /* among closing moves */
} abn_earlier;

/* Columns of `n` sessions; NaN where the quotes do not tell. Percentages are against the close of
 * the session before. */
typedef struct abn_tape {
    const char *symbol;
    char currency[4]; /* of the prices; "" when not known */
    size_t n;
    const abn_date *date;
    const double *close, *high, *low, *open;           /* as printed in their day */
    const double *pct, *pct_high, *pct_low, *pct_open; /* a flat bar has no high and low */
    const double *pct_total;                           /* with dividends */
    const double *even_close;                          /* closes on one scale over all splits */
    const double *year_base;  /* last close of the year before, on the scale of `even_close` */
    const double *first_base; /* the first session's close of the same year, likewise */
    const double *week_base, *month_base; /* last close before the session's week, its month */
    const double *pct_year, *pct_week, *pct_month; /* the close against these */
    const int *run; /* closes in a row of one sign up to this one; below 0 for falls */
    abn_earlier earlier;
} abn_tape;

/* `actions` may be NULL: no splits and dividends but those in adjusted closes. Whether a series is
 * adjusted for a split is told from the series itself. Copies all it needs but `series->symbol`. */
abn_status abn_tape_new(const abn_series *series, const char *currency, const abn_actions *actions,
                        abn_tape **out, abn_error *err);
void abn_tape_free(abn_tape *tape);
/* The last session on or before `date`, or ABN_NO_SESSION. */
size_t abn_tape_at(const abn_tape *tape, abn_date date);

#endif
