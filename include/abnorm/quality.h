/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quotes that can be trusted: what is missing, stale, impossible or on another footing. */
#ifndef ABNORM_QUALITY_H
#define ABNORM_QUALITY_H

#include <abnorm/actions.h>
#include <abnorm/error.h>
#include <abnorm/exchange.h>
#include <abnorm/instant.h>
#include <abnorm/listing.h>
#include <abnorm/notes.h>
#include <abnorm/quotes.h>
#include <stdbool.h>
#include <stddef.h>

/* X(NAME, name in tables, whether a study leaves the row out, what it means) */
#define ABN_CHECK_LIST(X)                                                                        \
    X(MISSING_SESSION, "missing_session", false, "an open session without a row")                \
    X(EXTRA_SESSION, "extra_session", true, "a row on a day on which the exchange was closed")   \
    X(STALE_BAR, "stale_bar", true, "a flat bar without volume, or a copy of the one before")    \
    X(IMPOSSIBLE_BAR, "impossible_bar", false, "low above high, or open or close outside them")  \
    X(PARTIAL_BAR, "partial_bar", true, "a last bar taken before its session had closed")        \
    X(SPLIT, "split", false, "a jump of a split's ratio that no split on file explains")         \
    X(SPLICE, "splice", false, "a stretch on another footing, adjusted amid raw or the reverse") \
    X(UNIT_JUMP, "unit_jump", false, "a jump of a hundred or a thousand: another currency unit") \
    X(SPIKE, "spike", false, "a price far off for one session")                                  \
    X(LARGE_MOVE, "large_move", false, "a return above 50 % without a split on file")            \
    X(DISAGREEING_ROW, "disagreeing_row", true, "a date twice, with different values")           \
    X(REPEATED_ROW, "repeated_row", true, "a date twice, with the same values")                  \
    X(BAD_PRICE, "price_not_positive", true, "a price of zero or below")                         \
    X(BAD_ROW, "bad_row", true, "a row that could not be read")                                  \
    X(NOT_DAILY, "not_daily", false, "most sessions have no row")

typedef enum abn_check {
#define ABN_CHECK_ENUM(name, text, drops, meaning) ABN_CHECK_##name,
    ABN_CHECK_LIST(ABN_CHECK_ENUM)
#undef ABN_CHECK_ENUM
        ABN_CHECKS
} abn_check;

const char *abn_check_name(abn_check check);
const char *abn_check_meaning(abn_check check);

typedef struct abn_finding {
    abn_check check;
    const char *symbol, *source; /* of the quotes */
    abn_date date;               /* ABN_NO_DATE where it could not be read */
    abn_date until;              /* last date of a stretch; ABN_NO_DATE for one day */
    long line, column;           /* 0 when not known */
    double value;                /* ratio of a jump, volume of a partial bar; else NaN */
    bool dropped;                /* no observation */
    char text[160];
} abn_finding;

typedef struct abn_findings abn_findings;

/* What the quotes are held against; every member may be left out. */
typedef struct abn_quality_inputs {
    const abn_exchanges *exchanges;
    const abn_listings *listings;
    const abn_actions *actions; /* splits on file */
    abn_instant now;            /* a session that closes later is not over; 0: not known */
} abn_quality_inputs;

/* Check every series; findings by symbol, date and check. A series of no exchange is held against
 * the days on which most series of its kind have rows. */
abn_status abn_quality_check(const abn_quotes *quotes, const abn_quality_inputs *inputs,
                             abn_findings **out, abn_error *err);
void abn_findings_free(abn_findings *findings);
size_t abn_findings_count(const abn_findings *findings);
const abn_finding *abn_findings_at(const abn_findings *findings, size_t i);

/* Note only jumps without a split, splices and unit jumps; for a reader that leaves rows out by
 * itself. */
abn_status abn_quality_warn(const abn_quotes *quotes, const abn_quality_inputs *inputs,
                            abn_notes *notes, abn_error *err);
/* For a study: leave the rows out that are no observation (stale and partial bars, rows on closed
 * days) and note each; note jumps without a split, splices and unit jumps, which stay. */
abn_status abn_quality_clean(abn_quotes *quotes, const abn_quality_inputs *inputs, abn_notes *notes,
                             abn_error *err);

#endif
