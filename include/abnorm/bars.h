/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Daily rows as a vendor sends them and as a file keeps them: read, put in order, merged, printed.
 */
#ifndef ABNORM_BARS_H
#define ABNORM_BARS_H

#include <abnorm/buf.h>
#include <abnorm/date.h>
#include <abnorm/error.h>
#include <abnorm/notes.h>
#include <abnorm/slice.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ABN_BARS_COLUMNS 12
#define ABN_BARS_NAME    24 /* longest column name and its NUL */

typedef struct abn_bar {
    abn_date date;
    double value[ABN_BARS_COLUMNS]; /* NaN: missing */
} abn_bar;

/* Money a share paid to who held it before the ex-date, not adjusted for later splits. */
typedef struct abn_bar_dividend {
    abn_date ex_date;
    double amount;
    char currency[8]; /* "" when not stated */
} abn_bar_dividend;

typedef struct abn_bar_split {
    abn_date date;
    double ratio; /* new shares for one old */
} abn_bar_split;

/* Zero-initialise; abn_bars_free(). Columns are named open, high, low, close, adj_close,
 * volume, or otherwise (factors: mkt_rf, smb, ...). */
typedef struct abn_bars {
    size_t n, cap;
    abn_bar *bar;
    int columns;
    char column[ABN_BARS_COLUMNS][ABN_BARS_NAME];
    size_t dividends, splits;
    abn_bar_dividend *dividend;
    abn_bar_split *split;
    char currency[8]; /* of prices; "" when not stated */
    bool has_session; /* the answer itself states the session under way, or the next */
    abn_date session;
    int64_t session_end; /* UTC seconds */
} abn_bars;

void abn_bars_free(abn_bars *bars);
/* The number of a column, added at the end when new; -1 when there are too many or the name is too
 * long. */
int abn_bars_column(abn_bars *bars, const char *name);
/* The number of a column, or -1. */
int abn_bars_find_column(const abn_bars *bars, const char *name);
/* Append a row with every value missing; NULL without memory. */
abn_bar *abn_bars_add(abn_bars *bars, abn_date date);
bool abn_bars_add_dividend(abn_bars *bars, abn_date ex_date, double amount, const char *currency);
bool abn_bars_add_split(abn_bars *bars, abn_date date, double ratio);

/* Sort rows by date, leave out those without any value and those that repeat a date (the first
 * stays; a note says when they differ). `source` is what notes name. */
void abn_bars_settle(abn_bars *bars, const char *source, abn_notes *notes);
/* Keep only rows, dividends and splits with from <= date <= to; ABN_NO_DATE leaves an end open.
 * Returns the number of rows left out. */
size_t abn_bars_cut(abn_bars *bars, abn_date from, abn_date to);

/* Read a CSV whose first column is a date and whose others are numbers or empty; names are taken in
 * lower case with '_' for blanks. ABN_NO_INPUT when
 * there is no such file, ABN_DATA with the place when it is anything else. */
abn_status abn_bars_read(const char *path, abn_bars *bars, abn_error *err);
/* Append as CSV: date, then the columns of quotes in their usual order, then others; shortest
 * decimals that read back as the same doubles. */
void abn_bars_print(const abn_bars *bars, abn_buf *out);

/* What a merge came to. */
typedef struct abn_bars_change {
    size_t added;     /* dates that the old rows lacked */
    size_t corrected; /* old rows of which a value changed */
    size_t met;       /* dates in both */
    size_t rescaled;  /* of those, close or adj_close changed */
} abn_bars_change;

/* How `fresh` differs from `old`, both settled. */
abn_bars_change abn_bars_compare(const abn_bars *old, const abn_bars *fresh);
/* Put `fresh` into `old`, both settled: a value that is not missing in `fresh` wins; rows and
 * columns of one alone stay. Each correction becomes a note that names date, column and both
 * values, unless `notes` is NULL. After a failure `old` is only good for abn_bars_free(). */
abn_status abn_bars_merge(abn_bars *old, const abn_bars *fresh, const char *source,
                          abn_notes *notes, abn_bars_change *change, abn_error *err);

#endif
