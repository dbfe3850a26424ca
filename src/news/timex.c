/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/timex.h>

#include "timex_grammar.h"
#include "timex_tense.h"
#include "timex_value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Tokens held at a time: BEHIND are kept for their context, AHEAD are needed by the longest
 * expression and its sentence. */
enum { WINDOW = 1024, BEHIND = 48, AHEAD = 64, NEAR = 12 };

typedef struct tagger {
    abn_timex_reader reader;
    const abn_timex_grammar *grammar;
    abn_timex_context context;
    abn_timex_settings settings;
    abn_timexes *out;
    abn_slice text;
    int n, at;
    bool ended;
    abn_timex_token token[WINDOW];
} tagger;

static abn_status keep(abn_timexes *out, const abn_timex *timex, abn_error *err)
{
    if (out->count == out->cap) {
        size_t cap = out->cap ? out->cap * 2 : 32;
        abn_timex *grown = realloc(out->at, cap * sizeof *grown);
        if (!grown) return abn_fail_memory(err);
        out->at = grown;
        out->cap = cap;
    }
    out->at[out->count++] = *timex;
    return ABN_OK;
}

static void fill(tagger *t)
{
    int drop = t->at - BEHIND;
    if (drop > 0) {
        memmove(t->token, t->token + drop, (size_t)(t->n - drop) * sizeof *t->token);
        t->n -= drop;
        t->at -= drop;
    }
    while (t->n < WINDOW && !t->ended) {
        abn_timex_token *next = &t->token[t->n];
        abn_timex_reader_next(&t->reader, next);
        t->ended = next->kind == ABN_TOKEN_END;
        t->n += !t->ended;
    }
}

static bool is_strong(const abn_timex_token *token)
{
    return token->year ||
           (token->mask & (ABN_TX_STRONG | ABN_TX_BIT(datenum) | ABN_TX_BIT(clocknum))) != 0;
}

/* Whether an expression may begin here: a word of time is near. */
static bool may_begin(const tagger *t)
{
    const abn_timex_token *token = &t->token[t->at];
    if (token->mask == 0 && !(token->kind == ABN_TOKEN_MARK && token->mark == '\'')) return false;
    for (int i = t->at; i < t->n && i < t->at + NEAR; i++)
        if (is_strong(&t->token[i])) return true;
    return false;
}

static void remember(tagger *t, abn_timex_kind kind, const abn_timex *found)
{
    bool day = kind == ABN_KIND_DAY || kind == ABN_KIND_WEEKDAY || kind == ABN_KIND_DEICTIC ||
               kind == ABN_KIND_HOLIDAY || kind == ABN_KIND_NEIGHBOUR || kind == ABN_KIND_CLOCK;
    /* tomorrow is not dwelt upon: times that follow are of the day spoken of before */
    if (kind == ABN_KIND_DEICTIC && found->date > t->context.anchor) day = false;
    if (day && found->date != ABN_NO_DATE) t->context.day = found->date;
    int year, month;
    int n = found->type == ABN_TIMEX_DATE ? sscanf(found->value, "%4d-%2d", &year, &month) : 0;
    if (n < 1 || year < 1000) return;
    t->context.year = year;
    t->context.month = n == 2 && month > 0 ? month : 0;
}

static abn_status tag_here(tagger *t, abn_error *err)
{
    abn_timex_slots slots;
    abn_timex_kind kind = abn_timex_match(t->grammar, &t->settings, t->token, t->n, t->at, &slots);
    int from = slots.from, to = slots.to;
    if (to <= t->at) {
        t->at++;
        return ABN_OK;
    }
    t->at = to;
    if (kind == ABN_KIND_NONE) return ABN_OK;
    t->context.tense =
        abn_timex_wants_tense(kind, &slots)
            ? abn_timex_tense(t->reader.lexicon, t->text.ptr, t->token, t->n, from, to)
            : 0;
    abn_timex found = {
        .start = t->token[from].start, .end = t->token[to - 1].end, .date = ABN_NO_DATE};
    if (!abn_timex_value(kind, &slots, &t->context, &found)) return ABN_OK;
    remember(t, kind, &found);
    return keep(t->out, &found, err);
}

static abn_status tag_all(tagger *t, abn_error *err)
{
    abn_status status = ABN_OK;
    do {
        fill(t);
        int limit = t->ended ? t->n : t->n - AHEAD;
        while (status == ABN_OK && t->at < limit)
            if (may_begin(t))
                status = tag_here(t, err);
            else
                t->at++;
    } while (status == ABN_OK && !(t->ended && t->at >= t->n));
    return status;
}

abn_status abn_timex_tag(const abn_languages *languages, const char *lang, abn_slice text,
                         abn_date anchor, abn_timexes *out, abn_error *err)
{
    const abn_timex_lexicon *lexicon = abn_languages_lexicon(languages, lang);
    if (!lexicon) return abn_fail(err, ABN_USAGE, "no words of time for language \"%s\"", lang);
    tagger *t = malloc(sizeof *t);
    if (!t) return abn_fail_memory(err);
    abn_timex_reader_start(&t->reader, lexicon, text);
    t->grammar = abn_languages_grammar(languages);
    t->settings = (abn_timex_settings){
        .month_first = abn_timex_lexicon_setting(lexicon, "month-first"),
        .today_now = abn_timex_lexicon_setting(lexicon, "today-now"),
        .habit = abn_timex_lexicon_setting(lexicon, "habit"),
        .verbless_future = abn_timex_lexicon_setting(lexicon, "verbless-future")};
    t->context = (abn_timex_context){.anchor = anchor, .day = anchor};
    t->text = text;
    t->n = t->at = 0;
    t->ended = false;
    t->out = out;
    out->count = 0;
    abn_status status = tag_all(t, err);
    free(t);
    return status;
}

void abn_timexes_free(abn_timexes *timexes)
{
    free(timexes->at);
    *timexes = (abn_timexes){0};
}

const char *abn_timex_type_name(abn_timex_type type)
{
    static const char *const NAME[] = {"DATE", "TIME", "DURATION", "SET"};
    return NAME[type];
}
