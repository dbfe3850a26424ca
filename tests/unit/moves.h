/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Claims made by hand for the tests of verification and dating. */
#ifndef MOVES_H
#define MOVES_H

#include <abnorm/claim.h>
#include <math.h>

/* A move without a price, of a session that no word names; `unit` as in abn_claim. */
static inline abn_claim move_of(const char *symbol, abn_claim_kind kind, double pct, double unit)
{
    return (abn_claim){.symbol = symbol,
                       .kind = kind,
                       .pct = pct,
                       .pct_unit = unit,
                       .level = NAN,
                       .session_date = ABN_NO_DATE,
                       .quote = ""};
}

static inline abn_date day(const char *text)
{
    abn_date date = ABN_NO_DATE;
    abn_date_parse(abn_slice_of(text), &date);
    return date;
}

#endif
