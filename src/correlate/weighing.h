/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One text's claims weighed against every day. */
#ifndef ABNORM_WEIGHING_H
#define ABNORM_WEIGHING_H

#include "dater.h"
#include <stdbool.h>

typedef struct abn_weighing {
    abn_dater *dater; /* its `posterior` is the result */
    const abn_reading *reading;
    const char *lang;
    size_t n;                     /* claims weighed */
    bool tells[ABN_DATED_CLAIMS]; /* whether claim_ratio holds its ratios */
    const abn_tape *tape[ABN_DATED_CLAIMS];
    const abn_group *of[ABN_DATED_CLAIMS]; /* NULL: of no group */
    abn_group group[ABN_GROUPS];
    int n_groups;
    int range[2];    /* first and last day of the grid that the claims' quotes cover */
    double outside;  /* probability of a day that the quotes do not have */
    double evidence; /* log P(claims) against claims of a day at random */
} abn_weighing;

#pragma GCC visibility push(hidden)

/* Forget the claims of the text before. */
void abn_weighing_forget(abn_dater *dater);
/* Set dater, reading and lang first. Ratios of each claim and group. */
abn_status abn_weighing_claims(abn_weighing *w, abn_error *err);
/* The posterior over all days, or with `only` that day alone. False when no claim tells days
 * apart. */
bool abn_weighing_days(abn_weighing *w, abn_date only);
/* Place every claim of a weighed text; where only a tense implied a claim's kind, prices settle it
 * in the reading, which is the one that was weighed. */
void abn_weighing_place(const abn_weighing *w, abn_reading *reading, abn_dating *dating);
/* Let prices choose between a company's listings for claims that do not say which they mean. */
abn_status abn_weighing_venues(abn_dater *dater, const abn_document *document, abn_reading *reading,
                               abn_error *err);

#pragma GCC visibility pop

#endif
