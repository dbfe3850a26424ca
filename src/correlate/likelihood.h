/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How well each session of a listing explains what a text claims of it. */
#ifndef ABNORM_LIKELIHOOD_H
#define ABNORM_LIKELIHOOD_H

#include <abnorm/claim.h>
#include <abnorm/tape.h>
#include <stdbool.h>

#pragma GCC visibility push(hidden)

/* What earlier claims of the text already tell about the same session: figures of one day go
 * together, so the next one is less of a surprise. */
typedef struct abn_known {
    bool moved;  /* another move of that market */
    bool priced; /* another price of that listing, near this one */
} abn_known;

/* Multiply `ratio[s]` of every session by P(claim | session s) / P(claim | a day at random): above
 * 1 where the bar explains the figures, the more the rarer they are in this tape; a small share
 * of claims is wrong about any day. NULL-safe tape. Returns false, with `ratio` untouched, when the
 * claim says nothing that daily bars could tell days apart by. */
bool abn_likelihood_apply(const abn_claim *claim, const abn_tape *tape, abn_known known,
                          double *ratio);

#pragma GCC visibility pop

#endif
