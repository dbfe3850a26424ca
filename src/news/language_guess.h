/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which language a text is in, by its commonest words. */
#ifndef ABN_NEWS_LANGUAGE_GUESS_H
#define ABN_NEWS_LANGUAGE_GUESS_H

#include "languages.h"

#include <abnorm/slice.h>

#pragma GCC visibility push(hidden)

typedef struct abn_language_guesser abn_language_guesser;

/* Reads the words.csv of each language. Borrows `languages`. */
abn_status abn_language_guesser_new(const abn_languages *languages, abn_language_guesser **out,
                                    abn_error *err);
void abn_language_guesser_free(abn_language_guesser *guesser);
/* The code of the language, or "" when too little tells; looks at no more than some 64 kB. */
const char *abn_language_guesser_guess(const abn_language_guesser *guesser, abn_slice text);

#pragma GCC visibility pop

#endif
