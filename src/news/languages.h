/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of languages: one folder of tables each under data/lang/.
 *
 * To add a language, make a folder data/lang/XX (two letters) and put into it
 *   words.csv  form,class,value: its commonest words (class "word", value a weight from 1 to 9), by
 *              which a text in it is known
 *   time.csv   form,class,value: its words of time (classes: see timex_lexicon.h)
 * and the tables of the other readers (moves.csv, page.csv, ...). Nothing else is needed: the
 * grammars are shared by all languages.
 *
 * Every .csv file there whose first columns are form and class is kept as rows. A form
 * `a|b c|d` stands for three rows with the forms `a`, `b c`, `d`; `word(e|en|)` for `worde`,
 * `worden` and `word`. Tables hold no comments. */
#ifndef ABN_NEWS_LANGUAGES_H
#define ABN_NEWS_LANGUAGES_H

#include <abnorm/error.h>
#include <abnorm/timex.h>
#include <stddef.h>

#pragma GCC visibility push(hidden)

typedef struct abn_language_row {
    const char *form;
    const char *class; /* never NULL */
    const char *value; /* third column, "" when there is none */
    long line;         /* in the file */
} abn_language_row;

size_t abn_languages_count(const abn_languages *languages);
/* Code of language `i`: "de", "en", ... in order of bytes. */
const char *abn_languages_code(const abn_languages *languages, size_t i);
/* The rows of data/lang/LANG/NAME.csv in their order, forms spelled out; 0 when there is no such
 * language or table. They live as long as the languages. */
size_t abn_language_rows(const abn_languages *languages, const char *lang, const char *name,
                         const abn_language_row **rows);
/* Where the table came from, for messages; NULL when there is none. */
const char *abn_language_path(const abn_languages *languages, const char *lang, const char *name);

struct abn_page_words;
struct abn_timex_lexicon;
struct abn_timex_grammar;
/* What abn_languages_load() compiled for the tagger; NULL when the language has no time.csv. */
const struct abn_timex_lexicon *abn_languages_lexicon(const abn_languages *languages,
                                                      const char *lang);
const struct abn_timex_grammar *abn_languages_grammar(const abn_languages *languages);
/* What it compiled of the page.csv of all languages. */
const struct abn_page_words *abn_languages_page(const abn_languages *languages);

#pragma GCC visibility pop

#endif
