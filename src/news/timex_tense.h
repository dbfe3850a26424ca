/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a sentence speaks of what was or of what will be. */
#ifndef ABN_NEWS_TIMEX_TENSE_H
#define ABN_NEWS_TIMEX_TENSE_H

#include "timex_tokens.h"

#pragma GCC visibility push(hidden)

/* -1 past, 1 future, 0 not told: by the preposition before token[from], else by the verb nearest to
 * [from, to) in its sentence. Looks at a bounded number of tokens. */
int abn_timex_tense(const abn_timex_lexicon *lexicon, const char *text,
                    const abn_timex_token *token, int n, int from, int to);

#pragma GCC visibility pop

#endif
