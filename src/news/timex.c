/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/timex.h>

#include "timex_grammar.h"
#include "timex_tense.h"
#include "timex_value.h"

#include <stdlib.h>
#include <string.h>

/* Tokens held at a time: BEHIND are kept for their context, AHEAD are needed by the longest
 * expression and its sentence. */
enum { WINDOW = 1024, BEHIND = 48, AHEAD = 64, NEAR = 16 };

#define CARRIES_TIME (ABN_TX_STRONG | ABN_TX_BIT(datenum) | ABN_TX_BIT(clocknum))

typedef struct tagger {
    abn_timex_reader reader;
    const abn_timex_grammar *grammar;
    abn_timex_context context;
    abn_timex_settings settings;
    abn_timexes *out;
    abn_slice text;
    size_t day_end;   /* where the day that is remembered was spoken of */
    size_t *doubtful; /* results for today that may mean nowadays */
    size_t n_doubtful, cap_doubtful;
    bool other_day;    /* the text speaks of a day near the anchor by another word */
    int n, at, strong; /* tokens held, the one looked at, the next that carries time */
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
        t->strong = t->strong > drop ? t->strong - drop : 0;
    }
    while (t->n < WINDOW && !t->ended) {
        abn_timex_token *next = &t->token[t->n];
        abn_timex_reader_next(&t->reader, next);
        t->ended = next->kind == ABN_TOKEN_END;
        t->n += !t->ended;
    }
}

static bool carries_time(const abn_timex_token *token)
{
    return token->year || (token->mask & CARRIES_TIME) != 0;
}

/* '98, '90s */
static bool is_short_year(const tagger *t)
{
    const abn_timex_token *token = &t->token[t->at];
    return token->kind == ABN_TOKEN_MARK && token->mark == '\'' && t->at + 1 < t->n &&
           token[1].kind == ABN_TOKEN_NUMBER && token[1].gap == ABN_GAP_NONE &&
           token[1].digits == 2 && token->gap != ABN_GAP_NONE;
}

/* The classes of words here and near behind, or 0 when no expression can begin here. */
static uint64_t classes_near(tagger *t)
{
    const abn_timex_token *token = &t->token[t->at];
    if (token->mask == 0 && !is_short_year(t)) return 0;
    if (t->strong < t->at) t->strong = t->at;
    while (t->strong < t->n && !carries_time(&t->token[t->strong]))
        t->strong++;
    uint64_t near = token->mask ? token->mask : 1;
    if (t->strong >= t->at + NEAR || t->strong >= t->n) return token->mask == 0;
    int i = t->at + 1;
    for (; i < t->n && i < t->at + NEAR; i++) {
        if (abn_timex_sentence_ends(t->token, t->n, i)) break;
        near |= t->token[i].mask;
    }
    return t->strong < i || token->mask == 0 ? near : 0;
}

/* The number of `n` digits, or -1 when there are fewer. */
static int digits_at(const char *text, int n)
{
    int number = 0;
    for (int i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9') return -1;
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

static void remember(tagger *t, abn_timex_kind kind, const abn_timex *found)
{
    bool day = kind == ABN_KIND_DAY || kind == ABN_KIND_WEEKDAY || kind == ABN_KIND_DEICTIC ||
               kind == ABN_KIND_HOLIDAY || kind == ABN_KIND_NEIGHBOUR || kind == ABN_KIND_CLOCK ||
               kind == ABN_KIND_PART;
    /* tomorrow is not dwelt upon: times that follow are of the day spoken of before */
    if (kind == ABN_KIND_DEICTIC && found->date > t->context.anchor) day = false;
    if (day && found->date != ABN_NO_DATE) t->context.day = found->date;
    if (day) t->day_end = found->end;
    if (day && found->date != ABN_NO_DATE && kind != ABN_KIND_DEICTIC)
        t->context.told = found->date;
    int year = digits_at(found->value, 4), month = digits_at(found->value + 5, 2);
    if (found->type != ABN_TIMEX_DATE || year < 1000) return;
    t->context.year = year;
    t->context.month = found->value[4] == '-' && month > 0 ? month : 0;
}

/* Names that look like words of time: MAY, NOW in capitals, Investor's Business Daily. */
static bool is_name(const tagger *t, abn_timex_kind kind, int from, int to)
{
    const abn_timex_token *token = &t->token[from];
    if (to - from != 1 || token->kind != ABN_TOKEN_WORD || !token->capital) return false;
    if (kind == ABN_KIND_SET)
        return from > 0 && token->gap == ABN_GAP_SPACE && token[-1].kind == ABN_TOKEN_WORD &&
               token[-1].capital;
    bool capitals = token->end - token->start <= 3;
    for (size_t i = token->start; capitals && i < token->end; i++)
        capitals = t->text.ptr[i] >= 'A' && t->text.ptr[i] <= 'Z';
    return capitals;
}

static abn_status doubt(tagger *t, abn_error *err)
{
    if (t->n_doubtful == t->cap_doubtful) {
        size_t cap = t->cap_doubtful ? t->cap_doubtful * 2 : 16;
        size_t *grown = realloc(t->doubtful, cap * sizeof *grown);
        if (!grown) return abn_fail_memory(err);
        t->doubtful = grown;
        t->cap_doubtful = cap;
    }
    t->doubtful[t->n_doubtful++] = t->out->count;
    return ABN_OK;
}

/* "Heute ..." is nowadays when it comes first with a comma behind it, or in the present tense of a
 * text that speaks of no other day; not where there are figures. */
static abn_status weigh_today(tagger *t, int from, int to, abn_timex *found, abn_error *err)
{
    const abn_timex_token *token = t->token;
    if (abn_timex_sentence_has(token, t->n, from, to,
                               ABN_TX_BIT(digits) | ABN_TX_BIT(clocknum) | ABN_TX_BIT(deictic)))
        return ABN_OK;
    if (to < t->n && token[to].kind == ABN_TOKEN_MARK && token[to].mark == ',' &&
        abn_timex_sentence_begins(token, t->n, from)) {
        strcpy(found->value, "PRESENT_REF");
        return ABN_OK;
    }
    int tense = abn_timex_tense(t->reader.lexicon, t->text.ptr, token, t->n, from, to);
    return tense < 0 ? ABN_OK : doubt(t, err);
}

static void settle_doubts(tagger *t)
{
    for (size_t i = 0; i < t->n_doubtful && !t->other_day; i++)
        strcpy(t->out->at[t->doubtful[i]].value, "PRESENT_REF");
}

static abn_status tag_here(tagger *t, uint64_t near, abn_error *err)
{
    abn_timex_slots slots;
    abn_timex_kind kind =
        abn_timex_match(t->grammar, &t->settings, t->token, t->n, t->at, near, &slots);
    int from = slots.from, to = slots.to;
    if (to <= t->at) {
        t->at++;
        return ABN_OK;
    }
    t->at = to;
    if (kind == ABN_KIND_NONE || is_name(t, kind, from, to)) return ABN_OK;
    t->context.near = abn_timex_sentence_reaches(t->token, t->n, from, t->day_end);
    t->context.tense =
        abn_timex_wants_tense(kind, &slots)
            ? abn_timex_tense(t->reader.lexicon, t->text.ptr, t->token, t->n, from, to)
            : 0;
    /* without a verb a weekday is announced, unless with figures, which are of what has been */
    if (kind == ABN_KIND_WEEKDAY && t->context.tense == 0 && t->settings.verbless_future &&
        !abn_timex_sentence_has(t->token, t->n, from, to, ABN_TX_BIT(notyear)))
        t->context.tense = 1;
    abn_timex found = {
        .start = t->token[from].start, .end = t->token[to - 1].end, .date = ABN_NO_DATE};
    if (!abn_timex_value(kind, &slots, &t->context, &found)) return ABN_OK;
    remember(t, kind, &found);
    bool today = kind == ABN_KIND_DEICTIC && slots.deictic == 0 && found.type == ABN_TIMEX_DATE;
    if (!today && found.relative && found.date != ABN_NO_DATE && t->context.anchor != ABN_NO_DATE &&
        labs((long)found.date - t->context.anchor) <= 7)
        t->other_day = true;
    if (today && t->settings.today_now && slots.weekday == ABN_NO_SLOT) {
        abn_status status = weigh_today(t, from, to, &found, err);
        if (status != ABN_OK) return status;
    }
    return keep(t->out, &found, err);
}

static abn_status tag_all(tagger *t, abn_error *err)
{
    abn_status status = ABN_OK;
    uint64_t near;
    do {
        fill(t);
        int limit = t->ended ? t->n : t->n - AHEAD;
        while (status == ABN_OK && t->at < limit)
            if ((near = classes_near(t)) != 0)
                status = tag_here(t, near, err);
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
    tagger *t = calloc(1, sizeof *t);
    if (!t) return abn_fail_memory(err);
    abn_timex_reader_start(&t->reader, lexicon, text);
    t->grammar = abn_languages_grammar(languages);
    t->settings = (abn_timex_settings){
        .month_first = abn_timex_lexicon_setting(lexicon, "month-first"),
        .year_cue = abn_timex_lexicon_setting(lexicon, "year-cue"),
        .today_now = abn_timex_lexicon_setting(lexicon, "today-now"),
        .habit = abn_timex_lexicon_setting(lexicon, "habit"),
        .verbless_future = abn_timex_lexicon_setting(lexicon, "verbless-future")};
    t->context = (abn_timex_context){.anchor = anchor, .day = anchor, .told = anchor};
    t->text = text;
    t->out = out;
    out->count = 0;
    abn_status status = tag_all(t, err);
    if (status == ABN_OK) settle_doubts(t);
    free(t->doubtful);
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
