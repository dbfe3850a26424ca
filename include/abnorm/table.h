/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables as data: a list of columns over rows of one struct type, printed in any format. */
#ifndef ABNORM_TABLE_H
#define ABNORM_TABLE_H

#include <abnorm/buf.h>
#include <abnorm/crew.h>
#include <abnorm/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum abn_column_kind {
    ABN_COLUMN_TEXT,    /* const char *; NULL and "" are missing */
    ABN_COLUMN_REAL,    /* double; NaN and the infinities are missing */
    ABN_COLUMN_INT,     /* int64_t; ABN_NO_INT is missing */
    ABN_COLUMN_DATE,    /* abn_date; ABN_NO_DATE is missing */
    ABN_COLUMN_INSTANT, /* abn_table_instant; ABN_NO_INSTANT is missing */
} abn_column_kind;

#define ABN_NO_INT INT64_MIN

typedef struct abn_table_instant {
    int64_t at;
    int offset_sec; /* of the zone it is shown in */
} abn_table_instant;

typedef struct abn_column {
    const char *name; /* snake_case */
    abn_column_kind kind;
    size_t offset; /* of the member in a row */
} abn_column;

/* Either `rows` points to `n_rows` structs of `row_size` bytes, or `row` fills the struct of row
 * `i` (thread-safe; text it points to lives as long as the table). All borrowed. */
typedef struct abn_table {
    const char *name; /* file name without ".csv" */
    const abn_column *columns;
    size_t n_columns;
    size_t n_rows;
    size_t row_size; /* at most ABN_ROW_MAX when `row` is used */
    const void *rows;
    void (*row)(const void *context, size_t i, void *into);
    /* The same for `n` neighbours at a time where that is cheaper, beside `row`; may be NULL. */
    void (*fill)(const void *context, size_t from, size_t n, void *into);
    const void *context;
    const abn_crew_rows *shared; /* which of a crew's rows these are; NULL: all of them */
} abn_table;

#define ABN_ROW_MAX 1024

typedef enum abn_format {
    ABN_FORMAT_CSV,      /* RFC 4180, LF, missing is empty */
    ABN_FORMAT_TEXT,     /* aligned, for people */
    ABN_FORMAT_JSON,     /* an array of objects, missing is null */
    ABN_FORMAT_LATEX,    /* booktabs tabular */
    ABN_FORMAT_MARKDOWN, /* pipe table */
    ABN_FORMAT_SAFE_CSV, /* CSV for a spreadsheet: a text that it would run as a formula, which
                            begins with = + - @ tab or CR, gets an apostrophe before it */
} abn_format;

/* "csv", "text", ... to a format; false when it is none. */
bool abn_format_parse(const char *name, abn_format *format);

/* Append the whole table to `out`. Numbers have `digits` significant digits (%.<digits>g). CSV rows
 * are formatted on `threads` threads (0: all) with the same bytes for any number. */
abn_status abn_table_format(const abn_table *table, abn_format format, int digits, int threads,
                            abn_buf *out, abn_error *err);

/* Takes bytes of a table in order. */
typedef abn_status abn_table_put(void *to, const char *bytes, size_t len, abn_error *err);

/* Print a table whose rows a crew shares as CSV (`safe`: ABN_FORMAT_SAFE_CSV): each process prints
 * its own, the first puts them in order. `put` and `to` matter there only. All agreed so far. */
abn_status abn_table_share(const abn_table *table, const abn_crew *crew, int digits, int threads,
                           bool safe, abn_table_put *put, void *to, abn_error *err);

#endif
