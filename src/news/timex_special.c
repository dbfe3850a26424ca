/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of speech that no lexicon lists: days, years, numbers, hours as text writes them. */
#include "timex_match.h"

#include <string.h>

typedef int special_fn(const abn_timex_matcher *m, int at, abn_timex_slots *s);

static void set_once(int16_t *slot, int value)
{
    if (*slot == ABN_NO_SLOT) *slot = (int16_t)value;
}

static void set_number(abn_timex_slots *s, int tenths)
{
    if (s->num == ABN_NO_SLOT) s->num = tenths;
}

static const abn_timex_token *token_at(const abn_timex_matcher *m, int at)
{
    static const abn_timex_token END = {.kind = ABN_TOKEN_END};
    return at >= 0 && at < m->n ? &m->token[at] : &END;
}

static bool has(const abn_timex_token *t, int class)
{
    return t->mask >> class & 1;
}

/* Digits without decimals, at most `most` of them. */
static bool is_whole(const abn_timex_token *t, int most)
{
    return has(t, ABN_TX_digits) && t->frac_digits == 0 && t->digits <= most;
}

static int match_day(const abn_timex_matcher *m, int at, abn_timex_slots *s)
{
    const abn_timex_token *t = token_at(m, at);
    const abn_timex_sense *ord = abn_timex_sense_of(t, ABN_TX_ord, NULL);
    int day = is_whole(t, 2) ? t->number : ord ? ord->value : 0;
    if (day < 1 || day > 31) return -1;
    set_once(&s->day, day);
    const abn_timex_token *next = token_at(m, at + 1);
    return !ord && next->gap == ABN_GAP_NONE && has(next, ABN_TX_daysuffix) ? at + 2 : at + 1;
}

static int match_year(const abn_timex_matcher *m, int at, abn_timex_slots *s)
{
    const abn_timex_token *t = token_at(m, at);
    if (t->year) {
        set_once(&s->year, t->number);
        return at + 1;
    }
    const abn_timex_token *next = token_at(m, at + 1);
    if (t->kind != ABN_TOKEN_MARK || t->mark != '\'' || !is_whole(next, 2) || next->digits != 2 ||
        next->gap != ABN_GAP_NONE)
        return -1;
    set_once(&s->year, next->number < 50 ? 2000 + next->number : 1900 + next->number);
    return at + 2;
}

/* A year that stands alone: nothing counts by it, and a number without a word before it that asks
 * for a year must look like one. */
static int match_goodyear(const abn_timex_matcher *m, int at, abn_timex_slots *s)
{
    const abn_timex_token *t = token_at(m, at), *next = token_at(m, at + 1),
                          *before = token_at(m, at - 1);
    if (!t->year || t->number < 1200 || t->number > 2100) return -1;
    if (has(next, ABN_TX_notyear) || has(before, ABN_TX_notyear) || has(before, ABN_TX_approx))
        return -1;
    if (next->kind == ABN_TOKEN_MARK && next->gap == ABN_GAP_NONE && next->mark == '-' &&
        token_at(m, at + 2)->kind == ABN_TOKEN_WORD)
        return -1;
    if (next->gap == ABN_GAP_NONE && next->kind == ABN_TOKEN_WORD) return -1;
    bool asked = (before->mask & (ABN_TX_BIT(prep) | ABN_TX_BIT(since) | ABN_TX_BIT(until))) != 0;
    if (!asked && m->year_cue && before->kind == ABN_TOKEN_WORD && !before->word &&
        !before->capital)
        return -1;
    bool unknown = next->kind == ABN_TOKEN_WORD && !next->word;
    if (!asked && (t->number < 1500 || (unknown && before->kind == ABN_TOKEN_NUMBER))) return -1;
    set_once(&s->year, t->number);
    return at + 1;
}

/* Whether `more` (in tenths) may follow `sum` in a number of several words. */
static bool adds(int sum, int more)
{
    if (more <= 0) return false;
    if (sum % 1000 == 0) return more < 1000;
    if (sum == 100) return more >= 70 && more < 100; /* dix-huit */
    if (sum % 100 == 0 && sum % 1000 >= 200) return more < 100 || (sum % 1000 >= 600 && more < 200);
    return false;
}

static int match_words(const abn_timex_matcher *m, int at, int *value)
{
    int sum = 0, to = -1;
    for (int i = at; i < at + 9; i++) {
        const abn_timex_token *t = token_at(m, i);
        bool link = i > at && (t->mark == '-' || has(t, ABN_TX_and));
        const abn_timex_sense *num = abn_timex_sense_of(t, ABN_TX_num, NULL);
        if (link && !num) continue;
        if (!num || (i > at && t->gap >= ABN_GAP_PARAGRAPH)) break;
        if (i == at)
            sum = num->value;
        else if (num->value >= 1000 && sum < 1000 && num->value <= 10000)
            sum *= num->value / 10;
        else if (adds(sum, num->value))
            sum += num->value;
        else
            break;
        to = i + 1;
    }
    *value = sum;
    return to;
}

static int match_number(const abn_timex_matcher *m, int at, abn_timex_slots *s)
{
    const abn_timex_token *t = token_at(m, at);
    if (has(t, ABN_TX_num)) {
        int value = 0, to = match_words(m, at, &value);
        if (to > 0) set_number(s, value);
        return to;
    }
    if (!has(t, ABN_TX_digits) || t->number > 100000000) return -1;
    if (t->frac_digits > 1 || (t->frac_digits == 1 && t->mark == '\'')) return -1;
    set_number(s, t->number * 10 + (t->frac_digits ? t->frac : 0));
    return at + 1;
}

/* Nothing, behind a word with a capital. */
static int match_aftername(const abn_timex_matcher *m, int at, abn_timex_slots *s)
{
    (void)s;
    const abn_timex_token *before = token_at(m, at - 1);
    return before->kind == ABN_TOKEN_WORD && before->capital ? at : -1;
}

/* Nothing, behind a comma or an opening parenthesis. */
static int match_aftercomma(const abn_timex_matcher *m, int at, abn_timex_slots *s)
{
    (void)s;
    const abn_timex_token *before = token_at(m, at - 1);
    bool set_off = before->mark == ',' || before->mark == '(';
    return before->kind == ABN_TOKEN_MARK && set_off ? at : -1;
}

static int match_anynumber(const abn_timex_matcher *m, int at, abn_timex_slots *s)
{
    (void)s;
    return has(token_at(m, at), ABN_TX_digits) ? at + 1 : -1;
}

/* The number of a year that the word before calls one: Jahr 578. */
static int match_yearnumber(const abn_timex_matcher *m, int at, abn_timex_slots *s)
{
    const abn_timex_token *t = token_at(m, at);
    if (!is_whole(t, 4) || t->digits < 3) return -1;
    set_once(&s->year, t->number);
    return at + 1;
}

/* "soixante", "soixante-dix" behind "années". */
static int match_tenswords(const abn_timex_matcher *m, int at, abn_timex_slots *s)
{
    int value = 0, to = match_words(m, at, &value);
    if (to < 0 || value % 100 || value < 200 || value > 900) return -1;
    set_once(&s->tens, 190 + value / 100);
    return to;
}

/* Nothing, where a weekday with an article is every such day. */
static int match_habit(const abn_timex_matcher *m, int at, abn_timex_slots *s)
{
    (void)s;
    return m->habit ? at : -1;
}

static int match_hour(const abn_timex_matcher *m, int at, abn_timex_slots *s)
{
    const abn_timex_token *t = token_at(m, at);
    if (!is_whole(t, 2) || t->number > 24) return -1;
    if (s->hour == ABN_NO_SLOT) {
        s->hour = (int16_t)(t->number);
        s->minute = 0;
    } else {
        s->range = true;
    }
    return at + 1;
}

static int match_minute(const abn_timex_matcher *m, int at, abn_timex_slots *s)
{
    const abn_timex_token *t = token_at(m, at);
    if (!is_whole(t, 2) || t->digits != 2 || t->number > 59 || t->gap > ABN_GAP_SPACE) return -1;
    if (!s->range) s->minute = (int16_t)(t->number);
    return at + 1;
}

static int match_dotclock(const abn_timex_matcher *m, int at, abn_timex_slots *s)
{
    const abn_timex_token *t = token_at(m, at);
    if (!has(t, ABN_TX_digits) || t->digits > 2 || t->frac_digits != 2 || t->mark != '.' ||
        t->number > 24 || t->frac > 59)
        return -1;
    if (s->hour == ABN_NO_SLOT) {
        s->hour = (int16_t)(t->number);
        s->minute = (int16_t)(t->frac);
    }
    return at + 1;
}

static int match_barehour(const abn_timex_matcher *m, int at, abn_timex_slots *s)
{
    int to = match_dotclock(m, at, s);
    return to > 0 ? to : match_hour(m, at, s);
}

static int match_clocknum(const abn_timex_matcher *m, int at, abn_timex_slots *s)
{
    const abn_timex_token *t = token_at(m, at);
    if (!has(t, ABN_TX_clocknum)) return -1;
    if (s->hour == ABN_NO_SLOT) {
        s->hour = t->part[3];
        s->minute = t->part[4];
        s->second = t->part[5] < 0 ? ABN_NO_SLOT : t->part[5];
    }
    return at + 1;
}

static int match_datenum(const abn_timex_matcher *m, int at, abn_timex_slots *s)
{
    const abn_timex_token *t = token_at(m, at);
    if (!has(t, ABN_TX_datenum)) return -1;
    s->year = t->part[0] < 0 ? ABN_NO_SLOT : t->part[0];
    s->month = t->part[1];
    s->day = t->part[2];
    if (t->part[3] >= 0) {
        s->hour = t->part[3];
        s->minute = t->part[4];
        s->second = t->part[5] < 0 ? ABN_NO_SLOT : t->part[5];
        s->offset = t->mark == 'Z' ? (int16_t)t->number : ABN_NO_SLOT;
    }
    return at + 1;
}

/* An hour as a word or a number, up to twelve. */
static int match_numhour(const abn_timex_matcher *m, int at, abn_timex_slots *s)
{
    const abn_timex_sense *num = abn_timex_sense_of(token_at(m, at), ABN_TX_num, NULL);
    int hour = num && num->value % 10 == 0 ? num->value / 10 : 0;
    if (hour < 1 || hour > 24) return -1;
    if (s->hour == ABN_NO_SLOT) {
        s->hour = (int16_t)hour;
        s->minute = 0;
    }
    return at + 1;
}

/* "halb neun": half an hour before. */
static int match_hourword(const abn_timex_matcher *m, int at, abn_timex_slots *s)
{
    int to = match_numhour(m, at, s);
    if (to < 0) to = match_hour(m, at, s);
    if (to < 0 || s->num != -5) return -1;
    s->num = ABN_NO_SLOT;
    if (s->hour > 0) {
        s->hour--;
        s->minute = 30;
    }
    return to;
}

static int match_military(const abn_timex_matcher *m, int at, abn_timex_slots *s)
{
    const abn_timex_token *t = token_at(m, at);
    if (!is_whole(t, 4) || t->digits != 4 || t->number / 100 > 23 || t->number % 100 > 59)
        return -1;
    if (s->hour == ABN_NO_SLOT) {
        s->hour = (int16_t)(t->number / 100);
        s->minute = (int16_t)(t->number % 100);
    }
    return at + 1;
}

static int match_tens(const abn_timex_matcher *m, int at, abn_timex_slots *s)
{
    const abn_timex_token *t = token_at(m, at);
    if (!is_whole(t, 4) || t->number % 10 || (t->digits != 4 && t->digits != 2)) return -1;
    if (t->digits == 4 && (t->number < 1100 || t->number > 2100)) return -1;
    set_once(&s->tens, t->digits == 4 ? t->number / 10 : 190 + t->number / 10);
    return at + 1;
}

static int match_small(const abn_timex_matcher *m, int at, abn_timex_slots *s)
{
    const abn_timex_token *t = token_at(m, at);
    if (!is_whole(t, 2) || t->number < 1) return -1;
    set_once(&s->ord, t->number);
    return at + 1;
}

static int match_monthfirst(const abn_timex_matcher *m, int at, abn_timex_slots *s)
{
    (void)s;
    return m->month_first ? at : -1;
}

/* A small word that is not in the lexicon: an adjective before its unit. */
static int match_someword(const abn_timex_matcher *m, int at, abn_timex_slots *s)
{
    (void)s;
    const abn_timex_token *t = token_at(m, at);
    return t->kind == ABN_TOKEN_WORD && !t->word && !t->capital && t->end - t->start > 3 ? at + 1
                                                                                         : -1;
}

static int match_mark(const abn_timex_matcher *m, int at, abn_timex_slots *s)
{
    (void)s;
    const abn_timex_token *t = token_at(m, at);
    return t->kind == ABN_TOKEN_MARK && t->gap == ABN_GAP_NONE ? at + 1 : -1;
}

static const struct {
    const char *name;
    uint64_t first;
    bool empty;
    special_fn *match;
} SPECIAL[] = {
    {"day", ABN_TX_BIT(digits) | ABN_TX_BIT(ord), false, match_day},
    {"year", UINT64_MAX, false, match_year},
    {"goodyear", ABN_TX_BIT(digits), false, match_goodyear},
    {"number", ABN_TX_BIT(digits) | ABN_TX_BIT(num), false, match_number},
    {"hour", ABN_TX_BIT(digits), false, match_hour},
    {"minute", ABN_TX_BIT(digits), false, match_minute},
    {"dotclock", ABN_TX_BIT(digits), false, match_dotclock},
    {"barehour", ABN_TX_BIT(digits), false, match_barehour},
    {"clocknum", ABN_TX_BIT(clocknum), false, match_clocknum},
    {"datenum", ABN_TX_BIT(datenum), false, match_datenum},
    {"numhour", ABN_TX_BIT(num), false, match_numhour},
    {"hourword", ABN_TX_BIT(digits) | ABN_TX_BIT(num), false, match_hourword},
    {"military", ABN_TX_BIT(digits), false, match_military},
    {"tens", ABN_TX_BIT(digits), false, match_tens},
    {"small", ABN_TX_BIT(digits), false, match_small},
    {"monthfirst", 0, true, match_monthfirst},
    {"aftername", 0, true, match_aftername},
    {"aftercomma", 0, true, match_aftercomma},
    {"habit", 0, true, match_habit},
    {"anynumber", ABN_TX_BIT(digits), false, match_anynumber},
    {"yearnumber", ABN_TX_BIT(digits), false, match_yearnumber},
    {"tenswords", ABN_TX_BIT(num), false, match_tenswords},
    {"someword", UINT64_MAX, false, match_someword},
    {"mark", UINT64_MAX, false, match_mark},
};

int abn_timex_special_of(abn_slice name)
{
    for (size_t i = 0; i < sizeof SPECIAL / sizeof *SPECIAL; i++)
        if (abn_slice_eq(name, SPECIAL[i].name)) return (int)i;
    return -1;
}

uint64_t abn_timex_special_first(int special, bool *empty)
{
    *empty = SPECIAL[special].empty;
    return SPECIAL[special].first;
}

int abn_timex_special_match(const abn_timex_matcher *m, int special, int at, abn_timex_slots *s)
{
    return SPECIAL[special].match(m, at, s);
}
