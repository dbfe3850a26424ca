/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which session a text's words mean, seen from a day of writing. */
#ifndef ABNORM_SESSIONS_H
#define ABNORM_SESSIONS_H

#include <abnorm/claim.h>
#include <abnorm/date.h>
#include <abnorm/exchange.h>
#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(hidden)

/* Sessions seen from a day: the last one up to it, the two before that, the one after it. */
enum { ABN_LAG_OWN, ABN_LAG_BEFORE, ABN_LAG_BEFORE2, ABN_LAG_AFTER, ABN_LAGS };

/* A market's open days over a grid of `n` days from `first`: those that its listings' quotes have.
 * `n` stands for no day: nothing within a week. */
typedef struct abn_market {
    const char *key;
    const abn_exchange *exchange; /* NULL: not known */
    abn_date first;
    int n;
    int *lag[ABN_LAGS]; /* n each */
} abn_market;

/* One reading of the words: an open day (on the grid) and how likely writers mean it. */
typedef struct abn_option {
    int day;
    double weight;
} abn_option;

#define ABN_OPTIONS_MAX 4

/* The words of a claim that decide its session. */
typedef struct abn_session_key {
    abn_session_word word;
    int weekday;
    abn_date date;
    abn_claim_kind kind; /* CLOSE, INTRADAY, PREMARKET or AFTERHOURS */
    bool overseas;       /* written where the market's evening is the next morning */
} abn_session_key;

/* `lang` is the document's. */
abn_session_key abn_session_key_of(const abn_claim *claim, const char *lang,
                                   const abn_exchange *exchange);
bool abn_session_key_same(const abn_session_key *a, const abn_session_key *b);
/* Fill `option`; weights add up to one at most, the rest is "some other day". */
int abn_session_options(const abn_market *market, const abn_session_key *key, int written,
                        abn_option option[ABN_OPTIONS_MAX]);
/* Multiply the `weight` of each day of `range` (first and last) by what the words expect of
 * `ratio`, which has n + 1 values by day of the session: the last, 1, is for sessions that the
 * quotes do not have. Returns the largest. */
double abn_session_spread(const abn_market *market, const abn_session_key *key, const double *ratio,
                          const int range[2], double *weight);
/* How likely a writer names a session `lag` days back by its weekday, against one in seven. */
double abn_weekday_ratio(int lag);
/* The session by words and calendar alone, for days without quotes. */
abn_date abn_session_by_calendar(const abn_exchange *exchange, const abn_session_key *key,
                                 abn_date written);

#pragma GCC visibility pop

#endif
