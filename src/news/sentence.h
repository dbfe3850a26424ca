/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running text as sentences of units: phrases of a lexicon, other words, numbers, marks. */
#ifndef ABNORM_NEWS_SENTENCE_H
#define ABNORM_NEWS_SENTENCE_H

#include "lexicon.h"

#include <abnorm/slice.h>

#pragma GCC visibility push(hidden)

enum { ABN_SENTENCE_MAX = 400 }; /* units; a longer sentence is cut, so time stays linear */

/* Cues of announcements are kept apart: to the reader of moves such words are like any other. */
#define ABN_NEWS_CUES (ABN_IS(TYPE) | ABN_IS(STATUS) | ABN_IS(MEDIUM) | ABN_IS(TOPIC))

typedef enum abn_unit_kind { ABN_UNIT_WORD, ABN_UNIT_NUMBER, ABN_UNIT_MARK } abn_unit_kind;

typedef struct abn_unit {
    size_t start, end;    /* bytes */
    const abn_term *term; /* NULL: not in the lexicon */
    uint64_t is;          /* what it is to a move, here */
    uint64_t tells;       /* what it is to an announcement: ABN_NEWS_CUES */
    double value;         /* of a number, sign included; NaN none */
    double half;          /* half a unit of its last digit */
    uint8_t kind;
    char mark;        /* of a mark: . , ; : ! ? ( ) - / */
    int8_t sign;      /* written before the number */
    uint8_t decimals; /* of the number as written */
    bool capital;     /* begins with a capital letter */
    bool glued;       /* joined by a hyphen to the unit before */
    bool possessive;  /* ends in 's */
    bool tail;        /* a number that is part of a word, time, date or code */
    bool ly;          /* has the language's adverb suffix */
} abn_unit;

typedef struct abn_sentence {
    const abn_unit *at;
    size_t n;
    size_t start, end; /* bytes */
    bool paragraph;    /* the first of its line */
    bool heading;      /* a line of its own without a full stop */
} abn_sentence;

typedef struct abn_sentences abn_sentences;

/* A reader of many texts in turn. Borrows the lexicon. */
abn_status abn_sentences_new(abn_sentences **out, abn_error *err);
void abn_sentences_free(abn_sentences *reader);
void abn_sentences_start(abn_sentences *reader, const abn_lexicon *lexicon, abn_slice text);
/* The next sentence, valid until the next call; false at the end. */
bool abn_sentences_next(abn_sentences *reader, abn_sentence *sentence);

#pragma GCC visibility pop

#endif
