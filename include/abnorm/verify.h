/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A claimed move against the daily bar of its session. */
#ifndef ABNORM_VERIFY_H
#define ABNORM_VERIFY_H

#include <abnorm/claim.h>
#include <abnorm/tape.h>
#include <stdbool.h>

typedef enum abn_verdict {
    ABN_VERDICT_UNTESTABLE,
    ABN_VERDICT_CONFIRMED,
    ABN_VERDICT_CONTRADICTED
} abn_verdict;

/* The figures are NaN, the texts "" where they do not apply. `actual_pct` and `actual_level` are
 * what the quotes have for the same thing: the close (also for an intraday claim, whose own moment
 * daily bars do not show), the session's extreme, the year to date. */
typedef struct abn_verification {
    abn_verdict verdict;
    double actual_pct, actual_level;
    char actual_since[ABN_DATE_MAX]; /* the session after which the extreme is one */
    const char *reason;              /* static words: what it was held against */
} abn_verification;

/* A figure as printed and the true value it may stand for, both signed: what rounding, hedges and
 * the usual differences between sources allow. `pct_unit` as in abn_claim. */
bool abn_verify_pct(double pct, double pct_unit, abn_hedge hedge, double actual);
/* A printed price against a true one. */
bool abn_verify_level(double level, double level_unit, double actual);

/* The first and last day that a claim's `since` can mean at a session; false when it has none. A
 * month without its year is the last one before the session's own. */
bool abn_verify_since(const char *since, abn_date session, abn_date *from, abn_date *to);

/* Test `claim` at row `session` of `tape` (ABN_NO_SESSION: no such bar; tape NULL: no
 * quotes). `in_session`: the text was written while the session went on, so that a figure for the
 * year lies inside the day's range. Fills `out` always. */
void abn_verify(const abn_claim *claim, const abn_tape *tape, size_t session, bool in_session,
                abn_verification *out);
/* "confirmed", "contradicted", "untestable". */
const char *abn_verdict_name(abn_verdict verdict);

#endif
