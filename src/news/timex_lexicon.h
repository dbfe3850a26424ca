/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of time of one language, from its time.csv.
 *
 * A form with a capital wants one in the text; a form of small letters does not care. A form may
 * have several words or marks: `a.m.`, `the day before yesterday`. A value is an integer, a text,
 * or both: `-1 Y`. The classes, and their values:
 *
 * - month 1-12, weekday 1-7, part (of a day) MO MI AF EV NI DT (partadv only after a day), season
 * SP SU FA WI (maybeseason where the word has other meanings), unit and units (its plural) TS TM TH
 * D WE W M Q H Y DE CE, adjunit (a unit inside an adjective), yearword (before the number of a
 * year)
 * - deictic (days from today, and a part), deicticadj (the same before a weekday), relunit (`-1 Y`,
 *   the year before), holiday (MM-DD, easter+N or M/WEEKDAY/N), ref PAST_REF PRESENT_REF FUTURE_REF
 *   (refnoun where it needs an article), freq and span (a duration)
 * - clock HH:MM, hourmark (hours where it is a
 *   unit too and wants a clockpre before its number), ampm 0 or 12, zone (Z, +HH:MM or nothing),
 * decade 2-9 (its tens), quarter and half (letters before a number)
 * - num, fraction, ord (-1 last), rel (-1 last, 0 this, 1 next; `then` counts from what was spoken
 *   of, `over` is the span), quant (a vague number), every, per, times, whole, same, mod (early,
 *   end), approx, later, ago (after a span), agopre (before it), long (after it), adj (before its
 *   unit), age (around it: no time; 1 ends an age), daysuffix, decadesuffix, det
 * - to, and, of, at, prep (before a year), durprep (before bare units), since, until, notyear (the
 *   number beside it is no year)
 * - past and future: verbs that tell tense; pastsuffix and futuresuffix: `-ed`, with the least
 * number of bytes before it
 * - notime: a form that is no time although its words may be (le quotidien, Lunar New Year)
 * - setting, of the language: month-first (02/11 and February 11), habit (le mercredi: every one),
 *   today-now (today may mean nowadays), year-cue
 *   (a year wants a word before it that asks for one), verbless-future; joiner (between units and
 * tens: und); compound (the form: two classes that are written as one word; the value: what is
 * between) */
#ifndef ABN_NEWS_TIMEX_LEXICON_H
#define ABN_NEWS_TIMEX_LEXICON_H

#include "languages.h"

#include <abnorm/slice.h>
#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

/* X(class); those before `det` carry time by themselves; the last three are numbers as the text
 * writes them, of no lexicon: 11, 11.02.2025, 09:30. */
/* clang-format off */
#define ABN_TIMEX_CLASSES(X) \
    X(month) X(weekday) X(unit) X(units) X(part) X(partadv) X(deictic) X(season) X(holiday) X(ref) X(freq) \
    X(span) X(relunit) X(clock) X(hourmark) X(ampm) X(zone) X(adjunit) X(decade) X(quarter) X(half) \
    X(yearword) X(hours) X(maybeseason) X(refnoun) X(deicticadj) \
    X(det) X(num) X(ord) X(rel) X(approx) X(quant) X(every) X(per) X(fraction) X(mod) X(modn) X(modof) X(ago) \
    X(agopre) X(later) X(whole) X(same) X(long) X(adj) X(daysuffix) X(decadesuffix) X(times) X(age) \
    X(to) X(and) X(of) X(at) X(prep) X(durprep) X(since) X(until) X(clockpre) X(past) X(future) X(notyear) \
    X(digits) X(datenum) X(clocknum)
/* Classes of rows that say something of the language, not of a word in a text. */
#define ABN_TIMEX_ROW_CLASSES(X) X(notime) X(pastsuffix) X(futuresuffix) X(setting) X(joiner) X(compound)
/* clang-format on */

typedef enum abn_timex_class {
#define ABN_TIMEX_ENUM(name) ABN_TX_##name,
    ABN_TIMEX_CLASSES(ABN_TIMEX_ENUM) ABN_TIMEX_ROW_CLASSES(ABN_TIMEX_ENUM)
#undef ABN_TIMEX_ENUM
        ABN_TX_CLASSES
} abn_timex_class;

#define ABN_TX_BIT(class) (UINT64_C(1) << ABN_TX_##class)
/* Classes that carry time by themselves; digits may (a year). */
#define ABN_TX_STRONG (ABN_TX_BIT(det) - 1)

typedef enum abn_timex_unit {
    ABN_UNIT_NONE,
    ABN_UNIT_SECOND,
    ABN_UNIT_MINUTE,
    ABN_UNIT_HOUR,
    ABN_UNIT_DAY,
    ABN_UNIT_WEEKEND,
    ABN_UNIT_WEEK,
    ABN_UNIT_MONTH,
    ABN_UNIT_QUARTER,
    ABN_UNIT_HALF,
    ABN_UNIT_YEAR,
    ABN_UNIT_DECADE,
    ABN_UNIT_CENTURY
} abn_timex_unit;

typedef struct abn_timex_sense {
    uint8_t class; /* abn_timex_class */
    bool capital;  /* only where the word has a capital */
    int32_t value; /* of `num`: ten times the number */
    const char *text;
} abn_timex_sense;

typedef struct abn_timex_word {
    const abn_timex_sense *sense;
    uint8_t n_senses;
    bool starts;   /* a form of several words */
    uint8_t split; /* bytes of the first of two words written as one; 0: it is one */
    const struct abn_timex_word *left, *right;
    uint64_t mask;         /* ABN_TX_BIT of the senses that need no capital ... */
    uint64_t capital_mask; /* ... and of those that do */
} abn_timex_word;

typedef struct abn_timex_lexicon abn_timex_lexicon;

abn_status abn_timex_lexicon_new(const abn_language_row *rows, size_t n, const char *path,
                                 abn_timex_lexicon **out, abn_error *err);
void abn_timex_lexicon_free(abn_timex_lexicon *lexicon);

/* The word in small letters, or NULL. Words of a form are joined by a blank, or by \2 where none is
 * between them. */
const abn_timex_word *abn_timex_lexicon_find(const abn_timex_lexicon *lexicon, abn_slice folded);
/* False when the word, as the text writes it, is not in the lexicon; true when it may be. */
bool abn_timex_lexicon_may_have(const abn_timex_lexicon *lexicon, abn_slice word);
bool abn_timex_lexicon_setting(const abn_timex_lexicon *lexicon, const char *name);
/* A form's tail such as "-ed" that tells tense, by its class: -1 past, 1 future, 0 none. */
int abn_timex_lexicon_tail(const abn_timex_lexicon *lexicon, abn_slice folded);
/* The class of that name, or -1. */
int abn_timex_class_of(abn_slice name);
abn_timex_unit abn_timex_unit_of(const char *code);

#pragma GCC visibility pop

#endif
