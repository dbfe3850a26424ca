/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "timex_match.h"

#include <abnorm/number.h>
#include <stddef.h>
#include <string.h>

enum { MAX_REPEAT = 6 };

void abn_timex_slots_clear(abn_timex_slots *s, int at)
{
    memset(s, 0, sizeof *s);
    s->from = at;
    s->to = -1;
    s->year = s->year_off = s->month = s->day = s->weekday = s->deictic = s->rel = s->ord =
        ABN_NO_SLOT;
    s->hour = s->minute = s->second = s->ampm = s->tens = s->offset = ABN_NO_SLOT;
    s->num = ABN_NO_SLOT;
}

static bool worth(const abn_timex_sense *sense, const char *value)
{
    long number;
    if (strcmp(sense->text, value) == 0) return true;
    return sense->text[0] == '\0' && abn_integer_parse(abn_slice_of(value), &number) &&
           number * (sense->class == ABN_TX_num ? 10 : 1) == sense->value;
}

const abn_timex_sense *abn_timex_sense_of(const abn_timex_token *t, int class, const char *value)
{
    if (!(t->mask >> class & 1) || !t->word) return NULL;
    for (int i = 0; i < t->word->n_senses; i++) {
        const abn_timex_sense *s = &t->word->sense[i];
        if (s->class == class && (t->capital || !s->capital) && (!value || worth(s, value)))
            return s;
    }
    return NULL;
}

static void set_once(int16_t *slot, int value)
{
    if (*slot == ABN_NO_SLOT) *slot = (int16_t)value;
}

static void set_text(const char **slot, const char *text)
{
    if (!*slot) *slot = text;
}

static void set_unit(abn_timex_slots *s, const abn_timex_sense *sense, bool plural)
{
    if (s->unit != ABN_UNIT_NONE) return;
    s->unit = (int16_t)abn_timex_unit_of(sense->text);
    s->plural = plural;
}

static void set_clock(abn_timex_slots *s, const char *text)
{
    if (s->hour != ABN_NO_SLOT) return;
    s->hour = (int16_t)((text[0] - '0') * 10 + (text[1] - '0'));
    s->minute = (int16_t)((text[3] - '0') * 10 + (text[4] - '0'));
}

/* Slots that take a word's value as it is; 0 for other classes (no slot is first). */
static const size_t NUMBER_SLOT[ABN_TX_CLASSES] = {
    [ABN_TX_month] = offsetof(abn_timex_slots, month),
    [ABN_TX_weekday] = offsetof(abn_timex_slots, weekday),
    [ABN_TX_deictic] = offsetof(abn_timex_slots, deictic),
    [ABN_TX_deicticadj] = offsetof(abn_timex_slots, deictic),
    [ABN_TX_relunit] = offsetof(abn_timex_slots, rel),
    [ABN_TX_rel] = offsetof(abn_timex_slots, rel),
    [ABN_TX_ord] = offsetof(abn_timex_slots, ord),
    [ABN_TX_ampm] = offsetof(abn_timex_slots, ampm),
};

/* Slots that take its text. */
static const size_t TEXT_SLOT[ABN_TX_CLASSES] = {
    [ABN_TX_part] = offsetof(abn_timex_slots, part),
    [ABN_TX_partadv] = offsetof(abn_timex_slots, part),
    [ABN_TX_deictic] = offsetof(abn_timex_slots, part),
    [ABN_TX_deicticadj] = offsetof(abn_timex_slots, part),
    [ABN_TX_season] = offsetof(abn_timex_slots, season),
    [ABN_TX_maybeseason] = offsetof(abn_timex_slots, season),
    [ABN_TX_zone] = offsetof(abn_timex_slots, zone),
    [ABN_TX_holiday] = offsetof(abn_timex_slots, text),
    [ABN_TX_ref] = offsetof(abn_timex_slots, text),
    [ABN_TX_refnoun] = offsetof(abn_timex_slots, text),
    [ABN_TX_freq] = offsetof(abn_timex_slots, text),
    [ABN_TX_span] = offsetof(abn_timex_slots, text),
};

static void note_rest(abn_timex_slots *s, const abn_timex_sense *sense)
{
    switch (sense->class) {
    case ABN_TX_unit:
    case ABN_TX_units:
    case ABN_TX_adjunit:
        set_unit(s, sense, sense->class == ABN_TX_units);
        break;
    case ABN_TX_relunit:
        s->then = true;
        set_unit(s, sense, false);
        break;
    case ABN_TX_rel:
        s->then = strcmp(sense->text, "then") == 0;
        s->over = strcmp(sense->text, "over") == 0;
        break;
    case ABN_TX_clock:
        set_clock(s, sense->text);
        break;
    case ABN_TX_decade:
        set_once(&s->tens, 190 + sense->value);
        break;
    case ABN_TX_quant:
        s->vague = true;
        break;
    case ABN_TX_every: /* every other: of two */
        if (sense->value && s->num == ABN_NO_SLOT) s->num = sense->value * 10;
        break;
    case ABN_TX_fraction:
        s->num = (s->num == ABN_NO_SLOT ? 0 : s->num) + sense->value;
        break;
    default:
        break;
    }
}

/* Note what a word said; the first to say a thing wins. */
static void note(abn_timex_slots *s, const abn_timex_sense *sense)
{
    size_t number = NUMBER_SLOT[sense->class], text = TEXT_SLOT[sense->class];
    if (number) set_once((int16_t *)(void *)((char *)s + number), sense->value);
    if (text && *sense->text) set_text((const char **)(void *)((char *)s + text), sense->text);
    note_rest(s, sense);
}

static int match_class(const abn_timex_matcher *m, const abn_timex_node *node, int at,
                       abn_timex_slots *slots)
{
    const abn_timex_sense *sense = abn_timex_sense_of(&m->token[at], node->arg, node->value);
    if (!sense) return -1;
    note(slots, sense);
    return at + 1;
}

/* A part that says a year: what is counted in it is years, and leaves the slots of the rest. */
static int match_part(abn_timex_matcher *m, const abn_timex_node *node, int at,
                      abn_timex_slots *slots)
{
    if (!node->year) return abn_timex_match_node(m, node->child, at, slots);
    abn_timex_slots inner;
    abn_timex_slots_clear(&inner, at);
    int to = abn_timex_match_node(m, node->child, at, &inner);
    if (to < 0) return -1;
    set_once(&slots->year, inner.year);
    if (inner.year == ABN_NO_SLOT)
        set_once(&slots->year_off, inner.rel == ABN_NO_SLOT ? 0 : inner.rel);
    return to;
}

static int match_choice(abn_timex_matcher *m, const abn_timex_node *node, int at,
                        abn_timex_slots *slots)
{
    bool adjoin = m->adjoin;
    for (const abn_timex_node *one = node->child; one; one = one->next) {
        abn_timex_slots tried = *slots;
        m->adjoin = adjoin;
        int to = abn_timex_match_node(m, one->child, at, &tried);
        if (to < 0) continue;
        *slots = tried;
        return to;
    }
    return -1;
}

/* Up to MAX_REPEAT times the child; never fails. */
static int match_repeat(abn_timex_matcher *m, const abn_timex_node *node, int at,
                        abn_timex_slots *slots)
{
    for (int i = 0; i < MAX_REPEAT; i++) {
        abn_timex_slots tried = *slots;
        bool adjoin = m->adjoin;
        int to = abn_timex_match_node(m, node->child, at, &tried);
        if (to <= at) {
            m->adjoin = adjoin;
            break;
        }
        *slots = tried;
        at = to;
    }
    return at;
}

/* The option and all behind it; without the option when that fails. Where all ends, or -1. */
static int match_option(abn_timex_matcher *m, const abn_timex_node *node, int at,
                        abn_timex_slots *slots)
{
    abn_timex_slots tried = *slots;
    bool adjoin = m->adjoin;
    int to = abn_timex_match_node(m, node->child, at, &tried);
    if (to > at) to = abn_timex_match_node(m, node->next, to, &tried);
    if (to > at) {
        *slots = tried;
        return to;
    }
    m->adjoin = adjoin;
    return abn_timex_match_node(m, node->next, at, slots);
}

static int look_ahead(abn_timex_matcher *m, const abn_timex_node *node, int at,
                      const abn_timex_slots *slots)
{
    abn_timex_slots tried = *slots;
    bool adjoin = m->adjoin;
    int to = abn_timex_match_node(m, node->child, at, &tried);
    m->adjoin = adjoin;
    return (to >= 0) == (node->op == ABN_OP_AND) ? at : -1;
}

/* Whether the token may follow the one before it here. */
static bool joins(const abn_timex_matcher *m, int at)
{
    const abn_timex_token *t = &m->token[at];
    if (at >= m->n || t->kind == ABN_TOKEN_END) return false;
    if (m->adjoin) return t->gap == ABN_GAP_NONE;
    return at == m->start || t->gap < ABN_GAP_PARAGRAPH;
}

static int match_one(abn_timex_matcher *m, const abn_timex_node *node, int at,
                     abn_timex_slots *slots)
{
    int to;
    switch (node->op) {
    case ABN_OP_CLASS:
    case ABN_OP_SPECIAL:
    case ABN_OP_MARK:
        if (!joins(m, at)) return -1;
        if (node->op == ABN_OP_CLASS)
            to = match_class(m, node, at, slots);
        else if (node->op == ABN_OP_SPECIAL)
            to = abn_timex_special_match(m, node->arg, at, slots);
        else
            to =
                m->token[at].kind == ABN_TOKEN_MARK && m->token[at].mark == node->arg ? at + 1 : -1;
        if (to > at) m->adjoin = false;
        return to;
    case ABN_OP_PART:
        return match_part(m, node, at, slots);
    case ABN_OP_SEQUENCE:
        return abn_timex_match_node(m, node->child, at, slots);
    case ABN_OP_CHOICE:
        return match_choice(m, node, at, slots);
    case ABN_OP_REPEAT:
        return match_repeat(m, node, at, slots);
    case ABN_OP_NOT:
    case ABN_OP_AND:
        return look_ahead(m, node, at, slots);
    case ABN_OP_ADJOIN:
        m->adjoin = true;
        return at;
    case ABN_OP_BEGIN:
        slots->from = at;
        return at;
    case ABN_OP_END:
        slots->to = at;
        return at;
    case ABN_OP_OPTION:
        break;
    }
    return -1;
}

int abn_timex_match_node(abn_timex_matcher *m, const abn_timex_node *node, int at,
                         abn_timex_slots *slots)
{
    for (; node && at >= 0; node = node->next) {
        if (node->op == ABN_OP_OPTION) return match_option(m, node, at, slots);
        at = match_one(m, node, at, slots);
    }
    return at;
}
