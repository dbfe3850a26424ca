/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what an expression of time said to its TIMEX3 value. */
#ifndef ABN_NEWS_TIMEX_VALUE_H
#define ABN_NEWS_TIMEX_VALUE_H

#include "timex_grammar.h"

#pragma GCC visibility push(hidden)

typedef struct abn_timex_context {
    abn_date anchor; /* day of writing, or ABN_NO_DATE */
    abn_date day;    /* day spoken of last; the anchor at first */
    abn_date told;   /* the same, today and yesterday left out */
    int year, month; /* spoken of last, or 0 */
    bool near;       /* `day` was spoken of in this sentence */
    int tense;       /* of the sentence: -1 past, 1 future, 0 not told */
} abn_timex_context;

/* Fill type, value, date, weekday, relative of `out`; false when it is no time after all (the 31st
 * of June). */
bool abn_timex_value(abn_timex_kind kind, const abn_timex_slots *slots,
                     const abn_timex_context *context, abn_timex *out);
/* Whether the value of such an expression hangs on the tense around it. */
bool abn_timex_wants_tense(abn_timex_kind kind, const abn_timex_slots *slots);

#pragma GCC visibility pop

#endif
