/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running text as words, numbers and marks, each with what a lexicon knows of it. */
#ifndef ABN_NEWS_TIMEX_TOKENS_H
#define ABN_NEWS_TIMEX_TOKENS_H

#include "timex_lexicon.h"

#pragma GCC visibility push(hidden)

typedef enum abn_timex_token_kind {
    ABN_TOKEN_WORD,
    ABN_TOKEN_NUMBER,
    ABN_TOKEN_MARK, /* `mark` says which; dashes are '-', apostrophes '\'' */
    ABN_TOKEN_END
} abn_timex_token_kind;

typedef enum abn_timex_gap {
    ABN_GAP_NONE, /* adjoins the token before */
    ABN_GAP_SPACE,
    ABN_GAP_LINE,
    ABN_GAP_PARAGRAPH
} abn_timex_gap;

typedef struct abn_timex_token {
    size_t start, end;          /* bytes */
    const abn_timex_word *word; /* NULL: not in the lexicon */
    uint64_t mask;              /* classes that it has here */
    uint8_t kind, gap;
    bool capital, year; /* a number that may be a year */
    char mark;          /* of a mark; between the parts of a decimal number */
    uint8_t digits, frac_digits;
    int32_t number, frac; /* a number and its decimals */
    int16_t part[6];      /* year, month, day, hour, minute, second of datenum and clocknum; -1 */
} abn_timex_token;

typedef struct abn_timex_reader {
    const abn_timex_lexicon *lexicon;
    const char *text, *end, *at;
    abn_timex_token held; /* second half of a compound */
    bool has_held, month_first;
    bool day_dot; /* 11. is a day */
} abn_timex_reader;

void abn_timex_reader_start(abn_timex_reader *reader, const abn_timex_lexicon *lexicon,
                            abn_slice text);
/* The next token; ABN_TOKEN_END at the end, again and again. */
void abn_timex_reader_next(abn_timex_reader *reader, abn_timex_token *token);

#pragma GCC visibility pop

#endif
