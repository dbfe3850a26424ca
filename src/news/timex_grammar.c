/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "timex_grammar.h"

#include "timex_match.h"
#include "timex_rules.h"

#include <abnorm/arena.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_WANTED = 6, MASK_BITS = 64 };
enum {
    N_RULES = sizeof RULE / sizeof *RULE,
    N_PARTS = sizeof PART_RULE / sizeof *PART_RULE,
    RULE_WORDS = (N_RULES + 63) / 64
};

struct abn_timex_grammar {
    abn_arena *arena;
    abn_timex_node *part[N_PARTS];
    abn_timex_node *rule[N_RULES];
    uint64_t starts[MASK_BITS][RULE_WORDS]; /* bits of the rules that a class may begin */
    uint64_t wants[N_RULES][MOST_WANTED];   /* classes one of which must be near, each */
    int n_wants[N_RULES];
};

/* A rule's text under way to nodes. */
typedef struct compiler {
    abn_timex_grammar *grammar;
    abn_slice rest;
    abn_error *err;
    bool failed;
} compiler;

static abn_timex_node *fail(compiler *c, const char *why, abn_slice at)
{
    if (!c->failed)
        abn_fail(c->err, ABN_INTERNAL, "grammar of times: %s at \"%.*s\"", why, (int)at.len,
                 at.ptr);
    c->failed = true;
    return NULL;
}

static abn_timex_node *new_node(compiler *c, abn_timex_op op)
{
    abn_timex_node *node = abn_arena_alloc(c->grammar->arena, sizeof *node);
    if (!node) {
        if (!c->failed) abn_fail_memory(c->err);
        c->failed = true;
        return NULL;
    }
    node->op = op;
    return node;
}

static abn_slice next_word(compiler *c)
{
    static const char SIGNS[] = "[]{}|*~<>!&";
    abn_slice word;
    c->rest = abn_slice_trim(c->rest);
    size_t n = c->rest.len ? 1 : 0;
    if (n && *c->rest.ptr == '\'' && c->rest.len > 1)
        n = 2;
    else if (n && !strchr(SIGNS, *c->rest.ptr))
        while (n < c->rest.len && c->rest.ptr[n] != ' ' && !strchr(SIGNS, c->rest.ptr[n]))
            n++;
    word = (abn_slice){c->rest.ptr, n};
    c->rest = (abn_slice){c->rest.ptr + word.len, c->rest.len - word.len};
    return word;
}

static abn_timex_node *compile_name(compiler *c, abn_slice word)
{
    const char *equal = memchr(word.ptr, '=', word.len);
    abn_slice name = {word.ptr, equal ? (size_t)(equal - word.ptr) : word.len};
    for (size_t i = 0; i < N_PARTS; i++) {
        if (!abn_slice_eq(name, PART_RULE[i].name)) continue;
        abn_timex_node *node = new_node(c, ABN_OP_PART);
        if (node) {
            node->child = c->grammar->part[i];
            node->year = abn_slice_eq(name, "yearexp");
        }
        return node && node->child ? node : fail(c, "part used before it is known", word);
    }
    int special = abn_timex_special_of(name), class = abn_timex_class_of(name);
    if (special < 0 && class < 0) return fail(c, "no such class", word);
    abn_timex_node *node = new_node(c, special >= 0 ? ABN_OP_SPECIAL : ABN_OP_CLASS);
    if (!node) return NULL;
    node->arg = special >= 0 ? special : class;
    if (equal) {
        abn_slice value = {equal + 1, (size_t)(word.ptr + word.len - equal - 1)};
        node->value = abn_arena_slice(c->grammar->arena, value);
    }
    return node;
}

static abn_timex_node *compile_sequence(compiler *c, char close);

/* { a | b } behind its brace. */
static abn_timex_node *compile_choice(compiler *c)
{
    abn_timex_node *choice = new_node(c, ABN_OP_CHOICE), **tail = choice ? &choice->child : NULL;
    while (tail && !c->failed) {
        abn_timex_node *one = new_node(c, ABN_OP_SEQUENCE);
        if (!one) break;
        one->child = compile_sequence(c, '}');
        *tail = one;
        tail = &one->next;
        if (c->rest.ptr[-1] == '}') break;
    }
    return choice;
}

static abn_timex_node *compile_around(compiler *c, abn_timex_op op);

static abn_timex_node *compile_element(compiler *c, abn_slice word)
{
    switch (*word.ptr) {
    case '[': {
        abn_timex_node *node = new_node(c, ABN_OP_OPTION);
        if (node) node->child = compile_sequence(c, ']');
        return node;
    }
    case '{':
        return compile_choice(c);
    case '*':
        return compile_around(c, ABN_OP_REPEAT);
    case '!':
        return compile_around(c, ABN_OP_NOT);
    case '&':
        return compile_around(c, ABN_OP_AND);
    case '~':
        return new_node(c, ABN_OP_ADJOIN);
    case '<':
        return new_node(c, ABN_OP_BEGIN);
    case '>':
        return new_node(c, ABN_OP_END);
    case '\'': {
        abn_timex_node *node = new_node(c, ABN_OP_MARK);
        if (node) node->arg = word.ptr[1];
        return node;
    }
    default:
        return compile_name(c, word);
    }
}

static abn_timex_node *compile_around(compiler *c, abn_timex_op op)
{
    abn_timex_node *node = new_node(c, op);
    abn_slice word = next_word(c);
    if (word.len == 0) return fail(c, "nothing follows", c->rest);
    if (node) node->child = compile_element(c, word);
    return node;
}

/* Elements up to `close` ('|' too ends one in braces), or to the end for 0. */
static abn_timex_node *compile_sequence(compiler *c, char close)
{
    abn_timex_node *head = NULL, **tail = &head;
    while (!c->failed) {
        abn_slice word = next_word(c);
        if (word.len == 0) {
            if (close) fail(c, "unclosed bracket", c->rest);
            break;
        }
        if (word.len == 1 && (*word.ptr == close || (*word.ptr == '|' && close == '}'))) break;
        abn_timex_node *node = compile_element(c, word);
        if (!node) break;
        *tail = node;
        tail = &node->next;
    }
    return head;
}

static uint64_t first_of(const abn_timex_node *node, bool *empty);

static uint64_t first_of_one(const abn_timex_node *node, bool *empty)
{
    uint64_t mask = 0;
    bool some = false;
    *empty = false;
    switch (node->op) {
    case ABN_OP_CLASS:
        return UINT64_C(1) << node->arg;
    case ABN_OP_SPECIAL:
        return abn_timex_special_first(node->arg, empty);
    case ABN_OP_PART:
    case ABN_OP_SEQUENCE:
        return first_of(node->child, empty);
    case ABN_OP_CHOICE:
        for (const abn_timex_node *one = node->child; one; one = one->next) {
            mask |= first_of_one(one, &some);
            *empty = *empty || some;
        }
        return mask;
    case ABN_OP_OPTION:
    case ABN_OP_REPEAT:
        mask = first_of(node->child, &some);
        *empty = true;
        return mask;
    case ABN_OP_MARK:
        return UINT64_MAX;
    default:
        *empty = true;
        return 0;
    }
}

static uint64_t first_of(const abn_timex_node *node, bool *empty)
{
    uint64_t mask = 0;
    *empty = true;
    for (; node && *empty; node = node->next)
        mask |= first_of_one(node, empty);
    return mask;
}

/* What no match of the rule can do without; how many. */
static int find_wanted(const abn_timex_node *node, uint64_t wants[MOST_WANTED])
{
    int n = 0;
    for (; node && n < MOST_WANTED; node = node->next) {
        bool empty;
        uint64_t mask = first_of_one(node, &empty);
        if (!empty && mask != UINT64_MAX) wants[n++] = mask;
    }
    return n;
}

static abn_timex_node *compile_rule(compiler *c, const char *body)
{
    c->rest = abn_slice_of(body);
    return compile_sequence(c, 0);
}

abn_status abn_timex_grammar_new(abn_timex_grammar **out, abn_error *err)
{
    abn_timex_grammar *g = calloc(1, sizeof *g);
    if (!g || !(g->arena = abn_arena_new())) {
        free(g);
        return abn_fail_memory(err);
    }
    compiler c = {.grammar = g, .err = err};
    for (size_t i = 0; i < N_PARTS && !c.failed; i++)
        g->part[i] = compile_rule(&c, PART_RULE[i].body);
    for (size_t i = 0; i < N_RULES && !c.failed; i++) {
        bool empty;
        g->rule[i] = compile_rule(&c, RULE[i].body);
        uint64_t first = first_of(g->rule[i], &empty);
        g->n_wants[i] = find_wanted(g->rule[i], g->wants[i]);
        for (int k = 0; k < MASK_BITS; k++)
            if (first >> k & 1) g->starts[k][i / 64] |= UINT64_C(1) << i % 64;
    }
    if (c.failed) {
        abn_timex_grammar_free(g);
        return err ? err->status : ABN_INTERNAL;
    }
    *out = g;
    return ABN_OK;
}

void abn_timex_grammar_free(abn_timex_grammar *g)
{
    if (!g) return;
    abn_arena_free(g->arena);
    free(g);
}

static bool may_match(const abn_timex_grammar *g, size_t rule, uint64_t near)
{
    for (int i = g->n_wants[rule] - 1; i >= 0; i--)
        if (!(g->wants[rule][i] & near)) return false;
    return true;
}

static size_t lowest_bit(uint64_t bits)
{
    size_t n = 0;
#if defined(__GNUC__)
    n = (size_t)__builtin_ctzll(bits);
#else
    while (!(bits >> n & 1))
        n++;
#endif
    return n;
}

/* Bits of the rules that may begin with one of these classes. */
static void rules_of(const abn_timex_grammar *g, uint64_t mask, uint64_t rules[RULE_WORDS])
{
    memset(rules, 0, RULE_WORDS * sizeof *rules);
    for (; mask; mask &= mask - 1)
        for (int w = 0; w < RULE_WORDS; w++)
            rules[w] |= g->starts[lowest_bit(mask)][w];
}

/* The first rule from `i` on, or N_RULES. */
static size_t next_rule(const uint64_t rules[RULE_WORDS], size_t i)
{
    for (; i < N_RULES; i = (i / 64 + 1) * 64) {
        uint64_t left = rules[i / 64] >> i % 64;
        if (left) return i + lowest_bit(left);
    }
    return N_RULES;
}

abn_timex_kind abn_timex_match(const abn_timex_grammar *g, const abn_timex_settings *settings,
                               const abn_timex_token *token, int n, int at, uint64_t near,
                               abn_timex_slots *slots)
{
    abn_timex_kind kind = ABN_KIND_NONE;
    abn_timex_matcher m = {.token = token,
                           .n = n,
                           .month_first = settings->month_first,
                           .habit = settings->habit,
                           .year_cue = settings->year_cue,
                           .start = at};
    int best = at;
    /* an apostrophe may begin a year: '98 */
    uint64_t mask = token[at].kind == ABN_TOKEN_MARK ? UINT64_MAX : token[at].mask;
    uint64_t rules[RULE_WORDS];
    rules_of(g, mask, rules);
    for (size_t i = next_rule(rules, 0); i < N_RULES; i = next_rule(rules, i + 1)) {
        if (!may_match(g, i, near)) continue;
        abn_timex_slots found;
        m.adjoin = false;
        abn_timex_slots_clear(&found, at);
        int to = abn_timex_match_node(&m, g->rule[i], at, &found);
        if (to < 0) continue;
        if (found.to < 0) found.to = to;
        if (found.to <= best) continue;
        best = found.to;
        kind = RULE[i].kind;
        *slots = found;
    }
    if (best == at) {
        abn_timex_slots_clear(slots, at);
        slots->to = at;
    }
    return kind;
}
