/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Temporal expressions (TIMEX3) in running text. */
#ifndef ABNORM_TIMEX_H
#define ABNORM_TIMEX_H

#include <abnorm/date.h>
#include <abnorm/error.h>
#include <abnorm/slice.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum abn_timex_type {
    ABN_TIMEX_DATE,
    ABN_TIMEX_TIME,
    ABN_TIMEX_DURATION,
    ABN_TIMEX_SET
} abn_timex_type;

#define ABN_TIMEX_VALUE 32

typedef struct abn_timex {
    size_t start, end; /* bytes in the text */
    abn_timex_type type;
    char value[ABN_TIMEX_VALUE]; /* TIMEX3: "2025-02-11", "2025-W07", "PAST_REF", "P3D",
                                    "XXXX-02-11" without anchor */
    abn_date date;       /* the day the value names, or ABN_NO_DATE when it is no single day; of a
                            "today" that means nowadays (PRESENT_REF) still the anchor */
    signed char weekday; /* 1 Monday to 7 where the text named a weekday, else 0 */
    bool relative;       /* the value was worked out from the anchor date */
} abn_timex;

/* The languages' lexicons and patterns, read from data/lang/. Immutable after loading: share it
 * between threads. */
typedef struct abn_languages abn_languages;

abn_status abn_languages_load(const char *data_folder, abn_languages **out, abn_error *err);
void abn_languages_free(abn_languages *languages);
/* The language of a text ("en", "fr", "de", ...), "" when too little tells. */
const char *abn_language_guess(const abn_languages *languages, abn_slice text);

/* A caller-owned growing list that one tagger call fills; reuse it over documents. */
typedef struct abn_timexes {
    abn_timex *at;
    size_t count, cap;
} abn_timexes;
void abn_timexes_free(abn_timexes *timexes);

/* Tag `text` (UTF-8; invalid bytes are passed over) in language `lang`. `anchor` is the day the
 * text was written, or ABN_NO_DATE: then relative expressions get the placeholders that TIMEX3 has
 * for unknown parts. Time is linear in the length of the text. Results are in order of place and do
 * not overlap. */
abn_status abn_timex_tag(const abn_languages *languages, const char *lang, abn_slice text,
                         abn_date anchor, abn_timexes *out, abn_error *err);
/* "DATE", ... */
const char *abn_timex_type_name(abn_timex_type type);

#endif
