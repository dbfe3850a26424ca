/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Daily quotes: one listing's history as contiguous columns, and sets of them from files. */
#ifndef ABNORM_QUOTES_H
#define ABNORM_QUOTES_H

#include <abnorm/date.h>
#include <abnorm/error.h>
#include <abnorm/notes.h>
#include <abnorm/slice.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One listing's sessions in ascending order of date, each date once. Columns have `n` values, NaN
 * where the file had none; a column that the file does not have is NULL. `close` is NULL only for a
 * file of returns. */
typedef struct abn_series {
    const char *symbol;
    const char *source; /* the file it came from */
    size_t n;
    const abn_date *date;
    const double *open, *high, *low, *close, *adj_close, *volume;
    const double *ret; /* simple return as the file states it, decimal */
} abn_series;

typedef struct abn_quotes abn_quotes;

typedef enum abn_negative_price {
    ABN_NEGATIVE_MISSING, /* a price below zero is no observation */
    ABN_NEGATIVE_ABS      /* CRSP: a negative price is a bid-ask mean, its size the price */
} abn_negative_price;

/* A row, or a cell of a wide file, that is no observation. */
typedef struct abn_reject {
    const char *kind;   /* "bad date", "bad number", "price not positive", "repeated row", ... */
    const char *source; /* file */
    const char *symbol; /* "" where it could not be read */
    abn_date date;      /* ABN_NO_DATE where it could not be read */
    long line, column;
    char text[104]; /* what is wrong, quoting the cell */
} abn_reject;

typedef struct abn_quotes_options {
    bool returns; /* a wide file's cells are returns */
    abn_negative_price negative;
    int threads; /* 0: all */
    /* Of a folder read only the files that are named after these symbols, if there are any; NULL:
     * all. Files that cannot be read are no failure then. */
    bool (*wanted)(const void *context, const char *symbol);
    const void *context;
} abn_quotes_options;

/* The kind of note about a file of a folder that is left out; the load goes on with the others, but
 * not where memory or the system failed. */
#define ABN_UNREADABLE_FILE "unreadable file"

/* The kind of the first note of a load that looks across files: a symbol is in several. Notes
 * before it go by file, those after it by symbol. */
#define ABN_TWO_FILES "symbol in two files"

/* Read a folder of SYMBOL.csv[.gz], or one long or wide file. A row with a bad date, number,
 * duplicate or price that is not positive is no observation: a note names file, line and column.
 * `options` and `notes` may be NULL. ABN_NO_INPUT when nothing is there, ABN_DATA when no row could
 * be read. */
abn_status abn_quotes_load(const char *path, const abn_quotes_options *options, abn_notes *notes,
                           abn_quotes **quotes, abn_error *err);
void abn_quotes_free(abn_quotes *quotes);
size_t abn_quotes_count(const abn_quotes *quotes);
/* Series in ascending order of symbol bytes; borrowed. */
const abn_series *abn_quotes_at(const abn_quotes *quotes, size_t i);
/* NULL when there is none. */
const abn_series *abn_quotes_find(const abn_quotes *quotes, abn_slice symbol);
/* What was left out while reading, by file and line; each was also noted. */
size_t abn_quotes_rejects(const abn_quotes *quotes);
const abn_reject *abn_quotes_reject_at(const abn_quotes *quotes, size_t i);
/* Line of row `i` of one of these series in its file; 0 when it is not known. */
long abn_quotes_line(const abn_quotes *quotes, const abn_series *series, size_t i);
/* Leave `n` rows, by ascending index, out of one of these series. */
void abn_quotes_drop(abn_quotes *quotes, const abn_series *series, const size_t *row, size_t n);
/* Index of the first row on or after `date`; n when all lie before. */
size_t abn_series_lower(const abn_series *series, abn_date date);
/* Index of the row on `date`, or -1. */
ptrdiff_t abn_series_on(const abn_series *series, abn_date date);

#endif
