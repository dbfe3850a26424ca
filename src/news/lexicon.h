/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a phrase can be to the claim reader, and one language's phrases compiled for matching. */
#ifndef ABNORM_NEWS_LEXICON_H
#define ABNORM_NEWS_LEXICON_H

#include <abnorm/claim.h>
#include <abnorm/listing.h>
#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

/* What a phrase can be: a set of these, for one word may be several things. */
#define ABN_CUE_LIST(X)                                                \
    X(MOVE)      /* verb of going up or down: dir, tense */            \
    X(NOUN)      /* "gain", "Minus": dir */                            \
    X(PRED)      /* "higher", "im Plus": dir */                        \
    X(NEUTRAL)   /* verb of standing somewhere: tense */               \
    X(SEPARABLE) /* verb whose particle, later, gives the direction */ \
    X(PARTICLE)  /* dir */                                             \
    X(SIGN)      /* "minus" before a number: dir */                    \
    X(AUX)       /* tense */                                           \
    X(TRIM)      /* "pared gains to": the first direction holds */     \
    X(HEDGE)     /* hedge */                                           \
    X(PERCENT)                                                         \
    X(PERCENT_ADJ) /* "prozentige" */                                  \
    X(POINTS)                                                          \
    X(SCALE)    /* "million": number */                                \
    X(CURRENCY) /* currency */                                         \
    X(CENTS)                                                           \
    X(NUMBER)       /* number */                                       \
    X(ORDINAL)      /* number */                                       \
    X(STREAK)       /* "straight" */                                   \
    X(SESSION_UNIT) /* "sessions", "days" */                           \
    X(STOCK)        /* "shares": of the company named, or in focus */  \
    X(STOCKS)       /* "stocks", "market": of no one company */        \
    X(SUFFIX)       /* "Inc" */                                        \
    X(FIRM)         /* "the company" */                                \
    X(PRONOUN)                                                         \
    X(ACCOUNT)  /* revenue, tariffs: what else is stated in percent */ \
    X(NOT_MOVE) /* price targets, technical levels */                  \
    X(DISTANCE) /* "above", "short of" */                              \
    X(COND)     /* "would": not yet a fact */                          \
    X(SESSION)  /* session */                                          \
    X(DAY)      /* day: 1 to 7 or ABN_DAY_... */                       \
    X(HORIZON)  /* horizon */                                          \
    X(SINCE)                                                           \
    X(AGO)                                                             \
    X(EXTREME)      /* "highest": dir */                               \
    X(EXTREME_MOVE) /* "biggest gain": dir */                          \
    X(RECORD)                                                          \
    X(MONTH) /* month */                                               \
    X(RESP)  /* "respectively" */                                      \
    X(EACH)  /* "both", "apiece" */                                    \
    X(AND)                                                             \
    X(CONJ) /* opens a clause */                                       \
    X(SOFT_CONJ)                                                       \
    X(RANGE) /* "between" */                                           \
    X(TO)    /* before a price */                                      \
    X(PAST)  /* "above $300": a threshold, not a price */              \
    X(BY)                                                              \
    X(OF)                                                              \
    X(DET)                                                             \
    X(PREP)                                                            \
    X(FUNC)                                                            \
    X(PARTITIVE) /* "of" after a percentage */                         \
    X(VENUE)     /* text: MICs joined by '+' */                        \
    X(RELATIVE)                                                        \
    X(NEGATION)                                                        \
    X(PERSON)                                                          \
    X(NAME)         /* company, listing */                             \
    X(EPITHET)      /* company */                                      \
    X(CLUE)         /* company that a product or founder points to */  \
    X(ABBREVIATION) /* its full stop ends no sentence */               \
    X(TYPE)         /* cue of an announcement's type: event */         \
    X(STATUS)       /* cue of its status: event */                     \
    X(MEDIUM)       /* newspaper or agency: text */                    \
    X(TOPIC)        /* text */

enum abn_cue {
#define ABN_CUE_ENUM(name) ABN_CUE_##name,
    ABN_CUE_LIST(ABN_CUE_ENUM)
#undef ABN_CUE_ENUM
        ABN_CUES
};
#define ABN_IS(name) (UINT64_C(1) << ABN_CUE_##name)

enum { ABN_DAY_TODAY = 8, ABN_DAY_YESTERDAY = 9 };

typedef enum abn_tense {
    ABN_TENSE_NONE,
    ABN_TENSE_PAST,
    ABN_TENSE_PRESENT,
    ABN_TENSE_IMPERFECT,
    ABN_TENSE_GERUND, /* and infinitives */
    ABN_TENSE_PARTICIPLE
} abn_tense;

typedef enum abn_session_kind {
    ABN_AT_NONE,
    ABN_AT_CLOSE,
    ABN_AT_OPEN,
    ABN_AT_INTRADAY,
    ABN_AT_PREMARKET,
    ABN_AT_AFTERHOURS,
    ABN_AT_WHOLE
} abn_session_kind;

typedef struct abn_term {
    uint64_t is;
    int8_t dir;
    uint8_t tense, session, day, horizon, hedge, month, event, status;
    bool capital; /* a name: its text must begin with a capital letter */
    char currency[4];
    uint32_t company; /* of lexicon.companies, or UINT32_MAX */
    uint32_t listing; /* the one listing that the name stands for, or ABN_NO_LISTING */
    double number;    /* of number words, ordinals and scales */
    const char *text; /* the value column: mics of a venue, name of a medium, topic */
} abn_term;

typedef struct abn_company {
    const char *name;
    uint32_t listing[4]; /* its listings in the file's order */
    size_t n;
    bool index; /* an index or fund: moves in points, has no epithets */
} abn_company;

typedef struct abn_lexicon abn_lexicon;

/* Compile data/lang/LANG/claims.csv and the listings' names in that language. */
abn_status abn_lexicon_new(const abn_languages *languages, const char *lang,
                           const abn_listings *listings, abn_lexicon **out, abn_error *err);
void abn_lexicon_free(abn_lexicon *lexicon);

/* The number of a word as written (any case), 0 when no phrase has it. */
uint32_t abn_lexicon_word(const abn_lexicon *lexicon, const char *bytes, size_t len);
/* Walk phrases: the node after `word`, 0 when none; node 0 is the start. */
uint32_t abn_lexicon_step(const abn_lexicon *lexicon, uint32_t node, uint32_t word);
/* The term of the phrase that ends at `node`, or NULL. */
const abn_term *abn_lexicon_term(const abn_lexicon *lexicon, uint32_t node);

const abn_company *abn_lexicon_company(const abn_lexicon *lexicon, uint32_t company);
const char *abn_lexicon_lang(const abn_lexicon *lexicon);
/* Grammar of the language. */
char abn_lexicon_decimal(const abn_lexicon *lexicon);
bool abn_lexicon_capital_nouns(const abn_lexicon *lexicon);
bool abn_lexicon_space_groups(const abn_lexicon *lexicon);
const char *abn_lexicon_adverb_suffix(const abn_lexicon *lexicon);

#pragma GCC visibility pop

#endif
