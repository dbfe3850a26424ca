/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a text says: stock moves it claims, announcements it mentions. Nothing here has seen a
 * price. */
#ifndef ABNORM_CLAIM_H
#define ABNORM_CLAIM_H

#include <abnorm/arena.h>
#include <abnorm/date.h>
#include <abnorm/document.h>
#include <abnorm/error.h>
#include <abnorm/listing.h>
#include <abnorm/timex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum abn_claim_kind {
    ABN_CLAIM_UNSPECIFIED,
    ABN_CLAIM_CLOSE,
    ABN_CLAIM_INTRADAY,
    ABN_CLAIM_PREMARKET,
    ABN_CLAIM_AFTERHOURS,
    ABN_CLAIM_YTD
} abn_claim_kind;

typedef enum abn_extreme { ABN_EXTREME_NONE, ABN_EXTREME_HIGH, ABN_EXTREME_LOW } abn_extreme;

typedef enum abn_hedge {
    ABN_HEDGE_NONE,
    ABN_HEDGE_ABOUT,
    ABN_HEDGE_MORE_THAN, /* the true figure is above: "more than", "plus de", "gut" */
    ABN_HEDGE_NEARLY,    /* the true figure is below: "nearly", "près de", "knapp" */
    ABN_HEDGE_AS_MUCH_AS /* a running extreme: "as much as", "jusqu'à", "bis zu" */
} abn_hedge;

/* How the text speaks of the session that a claim is about. */
typedef enum abn_session_word {
    ABN_SESSION_UNSTATED,  /* the latest session by the time of writing */
    ABN_SESSION_TODAY,     /* the session of the day of writing */
    ABN_SESSION_YESTERDAY, /* that market's session before it */
    ABN_SESSION_WEEKDAY,   /* session_weekday, at or before the day of writing */
    ABN_SESSION_DATE       /* session_date */
} abn_session_word;

/* What the percentage is measured over. */
typedef enum abn_horizon {
    ABN_HORIZON_DAY,
    ABN_HORIZON_WEEK,
    ABN_HORIZON_MONTH,
    ABN_HORIZON_QUARTER,
    ABN_HORIZON_YTD,
    ABN_HORIZON_YEAR,
    ABN_HORIZON_OTHER
} abn_horizon;

typedef struct abn_claim {
    const char *symbol; /* of the listings */
    abn_claim_kind kind;
    bool kind_implied;  /* no word says so, only the tense: of a close that prices contradict and a
                           range that holds the figure, take intraday; and the other way round */
    bool venue_implied; /* the company has other listings and nothing near says which is meant:
                           prices may tell */
    double pct;         /* signed, in percent; NaN when not stated */
    double level;       /* NaN when not stated */
    double level_unit;  /* half a unit of the last digit of `level` as printed, in its currency */
    double pct_unit;    /* half a unit of the last digit of `pct` as printed */
    char currency[4];   /* of the level; "" when not stated */
    abn_session_word session_word;
    int session_weekday;   /* 1 Monday to 7, or 0 */
    abn_date session_date; /* ABN_NO_DATE unless the text gives a full date, or one that its own
                              publication day completes */
    abn_extreme extreme;
    char since[16]; /* a row of its own, without pct and level: YYYY-MM or YYYY-MM-DD or YYYY as
                       stated ("XXXX-09" when the year is not); "" none */
    bool of_move; /* the extreme is about the size of the move, not the level: "biggest gain since"
                   */
    bool closing_extreme; /* "highest close since" */
    abn_horizon horizon;
    abn_hedge hedge;
    int streak;        /* consecutive sessions of the same sign up to this one, 0 when not stated */
    bool other_venue;  /* said of a venue that is not the listing's: Frankfurt, Tradegate */
    size_t start, end; /* Unicode code points in the document's text */
    const char *quote; /* the words, whole clause */
} abn_claim;

typedef enum abn_event_type {
    ABN_EVENT_OTHER,
    ABN_EVENT_PARTNERSHIP,
    ABN_EVENT_EARNINGS,
    ABN_EVENT_REGULATORY,
    ABN_EVENT_PRODUCT,
    ABN_EVENT_BUYBACK,
    ABN_EVENT_ANALYST,
    ABN_EVENT_MACRO,
    ABN_EVENT_LEGAL,
    ABN_EVENT_MARKET /* a report of moves only */
} abn_event_type;

typedef enum abn_event_status {
    ABN_EVENT_REPORTED,
    ABN_EVENT_CONFIRMED,
    ABN_EVENT_DENIED,
    ABN_EVENT_SCHEDULED
} abn_event_status;

typedef enum abn_precision {
    ABN_PRECISION_NONE, /* the text does not state it */
    ABN_PRECISION_MONTH,
    ABN_PRECISION_WEEK,
    ABN_PRECISION_DAY,
    ABN_PRECISION_INSTANT
} abn_precision;

/* One announcement as one document speaks of it. */
typedef struct abn_mention {
    abn_event_type type;
    abn_event_status status;
    const char *companies; /* company names of the listings, sorted, joined by ';' */
    const char *actor; /* who told it: "The Information", "Reuters", "Alibaba"; "" when not said */
    const char *topic; /* normalised keywords that tell events of one type apart, joined by ' ' */
    bool main;         /* what the document is about (not background) */
    abn_session_word day_word; /* as for claims: UNSTATED, TODAY, YESTERDAY, WEEKDAY, DATE */
    int weekday;
    abn_date date;                 /* stated day; first day of a week or month */
    abn_instant instant;           /* stated, or ABN_NO_INSTANT */
    char partial[ABN_TIMEX_VALUE]; /* TIMEX3 value as stated when the year is not known:
                                      "XXXX-03-25", "XXXX-04" */
    abn_precision precision;
    double confidence;
    size_t start, end; /* Unicode code points */
    const char *quote;
} abn_mention;

/* All that one document says. Strings live in `arena`. */
typedef struct abn_reading {
    abn_arena *arena;
    abn_claim *claim;
    size_t n_claims;
    abn_mention *mention;
    size_t n_mentions;
    int day_weekday; /* weekday that the text itself puts on its day of writing ("on Thursday"), or
                        0 */
} abn_reading;

/* The vocabulary of the claim reader: listings' names and data/lang/ compiled for matching. Borrows
 * both arguments. */
typedef struct abn_reader abn_reader;
abn_status abn_reader_new(const abn_languages *languages, const abn_listings *listings,
                          abn_reader **out, abn_error *err);
void abn_reader_free(abn_reader *reader);

/* Read one document. Time is linear in its length. The reading owns all it holds. */
abn_status abn_reader_read(const abn_reader *reader, const abn_document *document, abn_reading *out,
                           abn_error *err);
void abn_reading_free(abn_reading *reading);

const char *abn_claim_kind_name(abn_claim_kind kind);
const char *abn_hedge_name(abn_hedge hedge); /* "", "about", "more_than", "nearly", "as_much_as" */
const char *abn_extreme_name(abn_extreme extreme);
const char *abn_horizon_name(abn_horizon horizon);
const char *abn_event_type_name(abn_event_type type);
const char *abn_event_status_name(abn_event_status status);
const char *abn_precision_name(abn_precision precision);

#endif
