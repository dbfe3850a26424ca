/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One listing's prices on its own sessions, and other series matched to them. */
#ifndef ABN_CORRELATE_LINES_H
#define ABN_CORRELATE_LINES_H

#include <abnorm/actions.h>
#include <abnorm/exchange.h>
#include <abnorm/measure.h>
#include <abnorm/quotes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

/* The open days of an exchange, as far as its holidays are on file. */
typedef struct abn_sessions {
    const abn_exchange *exchange;
    abn_date *date;
    size_t n;
    abn_date from, to;
    bool whole; /* also those before a listing's first quote */
} abn_sessions;

abn_status abn_sessions_make(abn_sessions *s, const abn_exchange *exchange, abn_date from,
                             abn_date to, abn_error *err);

/* The days on which a series has an observation, as sessions. */
abn_status abn_sessions_of_series(abn_sessions *s, const abn_series *series, abn_error *err);

/* A row a session: of the exchange where its calendar is on file, else of the listing's own rows
 * that have an observation. */
typedef struct abn_line {
    const abn_series *series;
    size_t n;
    const abn_date *date;
    const double *price;  /* n, NaN without trade; NULL when the series states returns only */
    const double *stated; /* n, returns as the series states them; NULL when it has prices */
    uint32_t *before;     /* n: the row that the return starts from; UINT32_MAX: no return */
    double *y;            /* n: returns */
    size_t stale,
        closed; /* rows dropped: flat without volume; on days when the exchange was closed */
    abn_date *own_date;
    double *own_price;
    bool lent_y, lent_before; /* the lender's to free */
} abn_line;

/* Memory for the longest columns of a line, one after the other for many lines. */
typedef struct abn_line_room {
    double *y;
    size_t n;         /* a line that needs more finds its own */
    uint32_t *before; /* n: what `before` is of a line without a gap; shared */
} abn_line_room;

typedef struct abn_line_options {
    bool log, single_sessions;
    abn_measure
        measure; /* another than returns: y is that, a day at a time, as if it were stated */
    const abn_actions *actions; /* prices become total-return prices; NULL: closes */
} abn_line_options;

/* `sessions` may be NULL: own rows. `currency` is that of the prices; `room` may be NULL. */
abn_status abn_line_make(abn_line *line, const abn_series *series, const abn_sessions *sessions,
                         const char *currency, const abn_line_options *options,
                         const abn_line_room *room, abn_notes *notes, abn_error *err);
void abn_line_free(abn_line *line);
/* Whether row `i` of a series is a flat bar without volume. */
bool abn_bar_is_stale(const abn_series *series, size_t i);

/* Returns of `other` over the very days that the returns of `line` span, NaN where either end (of
 * prices) or any day (of returns) is missing. */
void abn_line_match(const abn_line *line, const abn_line *other, bool log, double *out);
/* The same of a column of simple returns by date, compounded over the days. */
void abn_line_match_returns(const abn_line *line, const abn_date *date, const double *value,
                            size_t n, bool log, double *out);

#pragma GCC visibility pop

#endif
