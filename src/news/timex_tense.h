/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a sentence speaks of what was or of what will be. */
#ifndef ABN_NEWS_TIMEX_TENSE_H
#define ABN_NEWS_TIMEX_TENSE_H

#include "timex_tokens.h"

#pragma GCC visibility push(hidden)

/* -1 past, 1 future, 0 not told by the verb nearest to [from, to) in its sentence; -2 when "since"
 * stands before it, which leaves no choice. Looks at a bounded number of tokens. */
int abn_timex_tense(const abn_timex_lexicon *lexicon, const char *text,
                    const abn_timex_token *token, int n, int from, int to);

/* Whether a token of the sentence around [from, to) is of a class in `mask`; [from, to) left out.
 */
bool abn_timex_sentence_has(const abn_timex_token *token, int n, int from, int to, uint64_t mask);
/* Whether what ended at byte `end` stands in the sentence of token[from]. */
bool abn_timex_sentence_reaches(const abn_timex_token *token, int n, int from, size_t end);
/* Whether no expression goes on past token[i]: the stop of a sentence, or the end of a paragraph
 * before it. */
bool abn_timex_sentence_ends(const abn_timex_token *token, int n, int i);
/* Whether token[from] is the first of its sentence. */
bool abn_timex_sentence_begins(const abn_timex_token *token, int n, int from);

#pragma GCC visibility pop

#endif
