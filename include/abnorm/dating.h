/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The day a text was written, told by the stock moves that it reports: a posterior over days from
 * all its claims jointly, with weekday words, each market's own sessions and a share of wrong
 * claims. */
#ifndef ABNORM_DATING_H
#define ABNORM_DATING_H

#include <abnorm/buf.h>
#include <abnorm/claim.h>
#include <abnorm/document.h>
#include <abnorm/exchange.h>
#include <abnorm/listing.h>
#include <abnorm/quotes.h>
#include <abnorm/tape.h>
#include <stdbool.h>

/* Tapes of every listing with quotes, their markets' sessions, and scratch memory: one a
 * thread. Borrows the listings and exchanges. */
typedef struct abn_dater abn_dater;

/* `quotes`, `exchanges` and `actions` may be NULL. A day is asserted from probability .5
 * on, where it and its neighbours together reach .7. */
abn_status abn_dater_new(const abn_listings *listings, const abn_quotes *quotes,
                         const abn_exchanges *exchanges, const abn_actions *actions,
                         abn_dater **out, abn_error *err);
void abn_dater_free(abn_dater *dater);
/* NULL when there are no quotes of the symbol. */
const abn_tape *abn_dater_tape(const abn_dater *dater, const char *symbol);

typedef struct abn_day {
    abn_date date;
    double probability;
} abn_day;

#define ABN_DAYS_MAX 48

/* The session that a claim is about. */
typedef struct abn_claim_session {
    abn_date session; /* ABN_NO_DATE below probability .5 */
    size_t row;       /* of the listing's tape, or ABN_NO_SESSION */
    double probability;
    double ratio;     /* P(claim | that session) / P(claim | a day at random) */
    size_t n_fitting; /* sessions of the tape whose bars explain it better than chance */
} abn_claim_session;

/* Owned: abn_dating_free(). */
typedef struct abn_dating {
    abn_day published; /* date ABN_NO_DATE when nothing reaches one half */
    abn_basis basis;
    abn_day day[ABN_DAYS_MAX]; /* candidates, the likeliest first; ties by date */
    size_t n_days;
    double elsewhere;         /* probability of no day of the quotes */
    abn_claim_session *claim; /* one each claim of the reading */
    size_t n_claims;
} abn_dating;

/* Date one text. A day that the document states, or that was given, wins; prices then only find
 * each claim's session. Where a claim leaves its venue or kind to be implied, prices settle it in
 * the reading. */
abn_status abn_dater_date(abn_dater *dater, const abn_document *document, abn_reading *reading,
                          abn_dating *out, abn_error *err);
/* What the claims alone make of `n` days from `first`; `*told` false when they tell nothing. */
abn_status abn_dater_weigh(abn_dater *dater, abn_reading *reading, const char *lang, abn_date first,
                           size_t n, double *probability, bool *told, abn_error *err);
/* Settle the day from outside (an event that other texts date) and place the claims anew. */
abn_status abn_dater_place(abn_dater *dater, abn_reading *reading, const char *lang, abn_day day,
                           abn_dating *dating, abn_error *err);
void abn_dating_free(abn_dating *dating);

#endif
