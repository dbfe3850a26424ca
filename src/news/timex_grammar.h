/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The grammar of expressions of time, shared by all languages: what each consists of, in classes of
 * words (timex_lexicon.h). Compiled once; matching takes bounded time at each place. */
#ifndef ABN_NEWS_TIMEX_GRAMMAR_H
#define ABN_NEWS_TIMEX_GRAMMAR_H

#include "timex_tokens.h"

#pragma GCC visibility push(hidden)

/* What an expression is, which decides how its value is worked out. */
typedef enum abn_timex_kind {
    ABN_KIND_NONE, /* not a time: takes its words away from what would match inside */
    ABN_KIND_DAY,
    ABN_KIND_MONTH,
    ABN_KIND_YEAR,
    ABN_KIND_QUARTER,
    ABN_KIND_HALF,
    ABN_KIND_SEASON,
    ABN_KIND_DECADE,
    ABN_KIND_CENTURY,
    ABN_KIND_HOLIDAY,
    ABN_KIND_WEEKDAY,
    ABN_KIND_DEICTIC,
    ABN_KIND_RELATIVE,  /* last week, the end of the year */
    ABN_KIND_NEIGHBOUR, /* the day after, Vorjahr: counted from what was spoken of */
    ABN_KIND_SAME,      /* the same month */
    ABN_KIND_NTH,       /* the last week of March */
    ABN_KIND_PART,      /* this morning */
    ABN_KIND_CLOCK,
    ABN_KIND_SPAN,
    ABN_KIND_AGO,
    ABN_KIND_LATER,
    ABN_KIND_SET,
    ABN_KIND_REF
} abn_timex_kind;

enum { ABN_NO_SLOT = -9999 };

/* What an expression said; ABN_NO_SLOT where it said nothing. */
typedef struct abn_timex_slots {
    int from, to;                       /* tokens that are tagged: [from, to) */
    int32_t num;                        /* ten times the number */
    int16_t year, year_off, month, day; /* year_off: years from the anchor's */
    int16_t weekday, deictic, rel, ord;
    int16_t hour, minute, second, ampm;
    int16_t offset; /* minutes from UTC, of an ISO time */
    int16_t unit;   /* abn_timex_unit */
    int16_t tens;   /* of a decade */
    bool plural, vague;
    bool range;                       /* the hours of its end are not its own */
    bool over;                        /* the past year: its span */
    bool then;                        /* counted from what was spoken of, not from the anchor */
    const char *part, *season, *zone; /* NULL: nothing */
    const char *text;                 /* of ref, freq, span, holiday */
} abn_timex_slots;

typedef struct abn_timex_grammar abn_timex_grammar;

/* How a language differs from others in grammar. */
typedef struct abn_timex_settings {
    bool month_first;     /* February 11 */
    bool habit;           /* le mercredi: every Wednesday */
    bool year_cue;        /* a year wants a word before it that asks for one */
    bool today_now;       /* today may mean nowadays */
    bool verbless_future; /* without a verb, a weekday is the next one */
} abn_timex_settings;

abn_status abn_timex_grammar_new(abn_timex_grammar **out, abn_error *err);
void abn_timex_grammar_free(abn_timex_grammar *grammar);
/* The longest expression that begins at token[at] of `n`, the first of equals; `near` has the
 * classes of the token and of those that follow as far as an expression reaches. ABN_KIND_NONE with
 * slots->to == at when there is none. */
abn_timex_kind abn_timex_match(const abn_timex_grammar *grammar, const abn_timex_settings *settings,
                               const abn_timex_token *token, int n, int at, uint64_t near,
                               abn_timex_slots *slots);

#pragma GCC visibility pop

#endif
