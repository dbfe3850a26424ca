/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who a sentence speaks of: its candidates for what a figure is said of, in order. */
#ifndef ABNORM_NEWS_SUBJECT_H
#define ABNORM_NEWS_SUBJECT_H

#include "sentence.h"

#pragma GCC visibility push(hidden)

typedef enum abn_subject_kind {
    ABN_SUBJECT_COMPANY, /* of the listings; indexes too */
    ABN_SUBJECT_FOCUS,   /* "the stock", "it": whoever the text is about here */
    ABN_SUBJECT_ACCOUNT, /* revenue, tariffs, "Apple's margin" */
    ABN_SUBJECT_OTHER    /* a company, person or thing that no listing names */
} abn_subject_kind;

typedef struct abn_subject {
    size_t at, end; /* units */
    abn_subject_kind kind;
    uint32_t company; /* of the lexicon */
    uint32_t listing; /* where a ticker tells, or ABN_NO_LISTING */
    bool stock;       /* its shares are named */
    bool oblique;     /* behind a preposition: seldom what the verb is about */
    bool joined;      /* coordinated with the candidate before it: "Boeing, Apple and Amgen" */
    bool pronoun;
    bool anaphora; /* its company was found in other words than its own */
} abn_subject;

enum { ABN_SUBJECTS_MAX = 64 };

typedef struct abn_subjects {
    abn_subject at[ABN_SUBJECTS_MAX];
    size_t n;
} abn_subjects;

/* Find them all; later ones than the list holds are passed over. */
void abn_subjects_find(const abn_lexicon *lexicon, const abn_sentence *sentence, bool title_case,
                       abn_subjects *out);

/* Unit `i`, or an end that is nothing. */
const abn_unit *abn_unit_at(const abn_sentence *sentence, size_t i);
bool abn_unit_is(const abn_sentence *sentence, size_t i, uint64_t cues);
bool abn_unit_mark(const abn_sentence *sentence, size_t i, char mark);

#pragma GCC visibility pop

#endif
