/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "timex_tense.h"

#include "utf8.h"

#include <string.h>

enum { REACH = 30, MAX_WORD = 48 };

static bool ends_sentence(const abn_timex_token *token, int n, int i)
{
    const abn_timex_token *t = &token[i];
    if (t->kind != ABN_TOKEN_MARK) return false;
    if (t->mark == '!' || t->mark == '?') return true;
    if (t->mark != '.' || i + 1 >= n || token[i + 1].gap == ABN_GAP_NONE) return false;
    return token[i + 1].capital || token[i + 1].kind != ABN_TOKEN_WORD;
}

static int tense_of(const abn_timex_lexicon *lexicon, const char *text, const abn_timex_token *t)
{
    if (t->mask & ABN_TX_BIT(past)) return -1;
    if (t->mask & ABN_TX_BIT(future)) return 1;
    if (t->kind != ABN_TOKEN_WORD || t->word || t->capital) return 0;
    char folded[MAX_WORD];
    size_t n = abn_utf8_fold((abn_slice){text + t->start, t->end - t->start}, folded, MAX_WORD);
    return n ? abn_timex_lexicon_tail(lexicon, (abn_slice){folded, n}) : 0;
}

/* "to be released": a participle behind a verb of the future. */
static bool is_to_be(const abn_timex_token *token, int i)
{
    if (token[i].mask & ABN_TX_BIT(past)) return false;
    for (int k = i - 1; k >= 0 && k >= i - 2; k--)
        if (token[k].mask & ABN_TX_BIT(future)) return true;
    return false;
}

/* Tense told within REACH tokens from `from` on in steps of `step`; `distance` to where. */
static int seek(const abn_timex_lexicon *lexicon, const char *text, const abn_timex_token *token,
                int n, int from, int step, int *distance)
{
    *distance = REACH + 1;
    for (int i = from, d = 1; d <= REACH && i >= 0 && i < n; i += step, d++) {
        if (step > 0 && token[i].gap == ABN_GAP_PARAGRAPH) break;
        if (token[i].kind == ABN_TOKEN_END || ends_sentence(token, n, i)) break;
        int tense = tense_of(lexicon, text, &token[i]);
        if (tense < 0 && is_to_be(token, i)) tense = 1;
        if (tense != 0) {
            *distance = d;
            return tense;
        }
        if (step < 0 && token[i].gap == ABN_GAP_PARAGRAPH) break;
    }
    return 0;
}

/* "since", "until" in the three words before. */
static int by_preposition(const abn_timex_token *token, int from)
{
    for (int i = from - 1; i >= 0 && i >= from - 2; i--) {
        if (token[i].mask & ABN_TX_BIT(since)) return -2;
        if (token[i].mask & ABN_TX_BIT(until)) return 1;
    }
    return 0;
}

int abn_timex_tense(const abn_timex_lexicon *lexicon, const char *text,
                    const abn_timex_token *token, int n, int from, int to)
{
    int left, right, tense = by_preposition(token, from);
    if (tense != 0) return tense;
    int before = seek(lexicon, text, token, n, from - 1, -1, &left);
    int after = seek(lexicon, text, token, n, to, 1, &right);
    return left <= right ? before : after;
}

bool abn_timex_sentence_has(const abn_timex_token *token, int n, int from, int to, uint64_t mask)
{
    for (int i = to; i < n && i < to + REACH; i++) {
        if (token[i].gap == ABN_GAP_PARAGRAPH || ends_sentence(token, n, i)) break;
        if (token[i].mask & mask) return true;
    }
    for (int i = from - 1; i >= 0 && i >= from - REACH; i--) {
        if (token[i + 1].gap == ABN_GAP_PARAGRAPH || ends_sentence(token, n, i)) break;
        if (token[i].mask & mask) return true;
    }
    return false;
}

bool abn_timex_sentence_reaches(const abn_timex_token *token, int n, int from, size_t end)
{
    for (int i = from - 1; i >= 0 && i >= from - REACH; i--) {
        if (token[i].start < end) return true;
        if (token[i + 1].gap == ABN_GAP_PARAGRAPH || ends_sentence(token, n, i)) return false;
    }
    return false;
}

bool abn_timex_sentence_begins(const abn_timex_token *token, int n, int from)
{
    return from == 0 || token[from].gap >= ABN_GAP_LINE || ends_sentence(token, n, from - 1);
}

bool abn_timex_sentence_ends(const abn_timex_token *token, int n, int i)
{
    if (token[i].gap == ABN_GAP_PARAGRAPH) return true;
    return token[i].mask == 0 && ends_sentence(token, n, i);
}
