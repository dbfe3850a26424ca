/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The furniture of pages in words: menus, share buttons, cookie notices, comment forms, and the
 * words that stand around a date of publication; from the page.csv of each language:
 *   chrome        a line of nothing but this is furniture (blanks, digits, signs do not count)
 *   chrome_start  a short line that starts so is
 *   end           after such a line the article is over: comments, other articles
 *   lead          a word that may stand on a date line ("published", "by")
 *   update        ... and says that the date is that of an update
 *   by            ... and names an author, filler: ... and says nothing
 * and the names of months in many languages, from months.csv beside the languages' folders. */
#ifndef ABNORM_NEWS_DOCUMENT_PAGE_H
#define ABNORM_NEWS_DOCUMENT_PAGE_H

#include <abnorm/error.h>
#include <abnorm/slice.h>
#include <abnorm/timex.h>
#include <stdbool.h>

#pragma GCC visibility push(hidden)

typedef struct abn_page_words abn_page_words;

typedef enum abn_page_line { ABN_PAGE_TEXT, ABN_PAGE_CHROME, ABN_PAGE_END } abn_page_line;

/* Compile the tables of all languages: pages mix them. abn_languages_load() does so once. */
abn_status abn_page_words_new(const abn_languages *languages, const char *lang_folder,
                              abn_page_words **out, abn_error *err);
void abn_page_words_free(abn_page_words *words);

/* The number of a month by its name in any language of months.csv, or 0. */
int abn_page_month(const abn_page_words *words, abn_slice name);

/* What a line or paragraph is; long ones are text. NULL words: nothing is known to be furniture. */
abn_page_line abn_page_line_kind(const abn_page_words *words, abn_slice line);

/* The day that a line states as the document's own, by its form alone. */
typedef struct abn_date_line {
    bool by;     /* an author is named */
    bool lead;   /* a word says that this is the date of publication */
    bool update; /* ... or of an update */
    bool alone;  /* the line holds little else */
} abn_date_line;

/* Judge what surrounds the date at bytes `start` to `end` of a line; false when the line is prose.
 */
bool abn_page_date_line(const abn_page_words *words, abn_slice line, size_t start, size_t end,
                        abn_date_line *out);

#pragma GCC visibility pop

#endif
