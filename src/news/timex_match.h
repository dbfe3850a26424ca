/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compiled rules, and how they are held against tokens. */
#ifndef ABN_NEWS_TIMEX_MATCH_H
#define ABN_NEWS_TIMEX_MATCH_H

#include "timex_grammar.h"

#pragma GCC visibility push(hidden)

typedef enum abn_timex_op {
    ABN_OP_CLASS,   /* arg: the class; value: what it must be worth, or NULL */
    ABN_OP_SPECIAL, /* arg: number of the part of speech that the reader knows */
    ABN_OP_PART,    /* child: another rule */
    ABN_OP_SEQUENCE,
    ABN_OP_CHOICE, /* children are alternatives */
    ABN_OP_OPTION,
    ABN_OP_REPEAT,
    ABN_OP_MARK, /* arg: the mark */
    ABN_OP_NOT,
    ABN_OP_AND,
    ABN_OP_ADJOIN,
    ABN_OP_BEGIN,
    ABN_OP_END
} abn_timex_op;

typedef struct abn_timex_node {
    abn_timex_op op;
    int arg;
    bool year; /* a part that says a year: what it counts becomes year_off */
    const char *value;
    struct abn_timex_node *child, *next;
} abn_timex_node;

typedef struct abn_timex_matcher {
    const abn_timex_token *token;
    int n;
    int start;                         /* token the rule begins at */
    bool month_first, habit, year_cue; /* settings of the language */
    bool adjoin;                       /* the next element must adjoin the one before */
} abn_timex_matcher;

/* Where the nodes from `node` on end when they begin at `at`, or -1; slots hold what they said. */
int abn_timex_match_node(abn_timex_matcher *m, const abn_timex_node *node, int at,
                         abn_timex_slots *slots);
void abn_timex_slots_clear(abn_timex_slots *slots, int at);

/* Parts of speech that the reader knows without a lexicon ("day", "year", "number", ...). */
int abn_timex_special_of(abn_slice name);
/* Classes that it may begin with; `empty` when it takes no token. */
uint64_t abn_timex_special_first(int special, bool *empty);
/* Where it ends when it begins at `at`, or -1. */
int abn_timex_special_match(const abn_timex_matcher *m, int special, int at,
                            abn_timex_slots *slots);
/* The sense of that class that the token has here, or NULL; the first of that value, if given. */
const abn_timex_sense *abn_timex_sense_of(const abn_timex_token *token, int class,
                                          const char *value);

#pragma GCC visibility pop

#endif
