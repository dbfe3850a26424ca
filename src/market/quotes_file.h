/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the quotes reader sees one file: its layout, the rows taken from it, the rows refused. */
#ifndef ABNORM_QUOTES_FILE_H
#define ABNORM_QUOTES_FILE_H

#include <abnorm/date.h>
#include <abnorm/map.h>
#include <abnorm/quotes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

/* What a column of a file means. The first seven are also the columns of a series. */
typedef enum abn_field {
    ABN_FIELD_OPEN,
    ABN_FIELD_HIGH,
    ABN_FIELD_LOW,
    ABN_FIELD_CLOSE,
    ABN_FIELD_ADJ_CLOSE,
    ABN_FIELD_VOLUME,
    ABN_FIELD_RETURN,
    ABN_FIELD_DELISTING,
    ABN_FIELD_DATE,
    ABN_FIELD_SYMBOL,
    ABN_FIELD_SKIP
} abn_field;

enum { ABN_SERIES_FIELDS = ABN_FIELD_RETURN + 1 };

/* What a column may be called; of several columns with one meaning the least rank is taken. */
typedef struct abn_known_name {
    const char *name;
    abn_field field;
    int rank;
} abn_known_name;

/* The meaning of a heading, NULL when it has none; `letters` allows o, h, l and c. */
const abn_known_name *abn_heading_meaning(abn_slice heading, bool letters);

typedef enum abn_form {
    ABN_FORM_SINGLE, /* one listing; its name is the file's, or stands in the header */
    ABN_FORM_LONG,   /* a symbol in each row */
    ABN_FORM_WIDE    /* a column, or several, a symbol */
} abn_form;

typedef enum abn_date_style {
    ABN_DATE_ISO, /* and every form whose parts cannot be mistaken */
    ABN_DATE_MONTH_FIRST,
    ABN_DATE_DAY_FIRST
} abn_date_style;

typedef struct abn_layout_column {
    abn_field field;
    int slot;    /* column of abn_rows; -1 where nothing is kept */
    int listing; /* of a wide file: index into abn_layout.listing */
    int before;  /* the column of the same listing before this one, or -1 */
} abn_layout_column;

typedef struct abn_layout {
    abn_form form;
    char separator;
    abn_date_style date_style;
    abn_negative_price negative;
    size_t start; /* offset of the first row */
    long line;    /* its line */
    abn_layout_column *column;
    size_t columns, slots;
    int delisting;  /* slot of the delisting return, or -1 */
    int close, ret; /* slots of the price and the return that make a row, or -1 */
    char **listing; /* symbols that the header names */
    int *last;      /* of each listing: its last column */
    size_t listings;
    bool timed; /* dates carry a time */
} abn_layout;

/* Read a file's first lines. `returns` says that a wide file's cells are returns. ABN_DATA, with
 * line, when they are no quotes. */
abn_status abn_layout_read(abn_slice text, const char *source, const abn_quotes_options *options,
                           abn_layout *layout, abn_error *err);
void abn_layout_free(abn_layout *layout);

/* ---- cells ---- */

typedef enum abn_cell { ABN_CELL_VALUE, ABN_CELL_MISSING, ABN_CELL_BAD } abn_cell;

/* A number as vendors write it: quoted, with thousands separators, a currency sign, a percent sign,
 * K, M or B. `comma` says that a comma marks decimals. */
abn_cell abn_cell_number(abn_slice text, bool comma, double *value);
/* A date in any form that vendors use; the time and offset that may follow are not looked at
 * but for `*timed`. */
bool abn_cell_date(abn_slice text, abn_date_style style, abn_date *date, bool *timed);
/* Without quotes and blanks around it. */
abn_slice abn_cell_trim(abn_slice text);
/* The end of the field that begins at `p`, before the separator or the line's end. */
const char *abn_cell_end(const char *p, const char *end, char separator);
/* Where the line that holds `p` ends, and where the next begins. */
const char *abn_line_end(const char *p, const char *end);
const char *abn_line_next(const char *line_end, const char *end);

/* ---- rows ---- */

typedef struct abn_refusal {
    const char *kind;
    uint32_t symbol; /* of the chunk's map, or ABN_MAP_NONE */
    abn_date date;   /* ABN_NO_DATE where it could not be read */
    long line, column;
    char text[88];
} abn_refusal;

/* Rows of one symbol on lines that follow each other. */
typedef struct abn_run {
    uint32_t symbol; /* of the chunk's map; 0 where the file has none */
    uint32_t rows;
    long line; /* of the first, counted from the chunk's first line */
} abn_run;

/* What one stretch of a file held. */
typedef struct abn_rows {
    size_t n, cap, slots;
    abn_date *date;
    double **value; /* `slots` columns */
    abn_run *run;
    size_t runs, run_cap;
    abn_map *symbols; /* of a long file */
    abn_refusal *refusal;
    size_t refusals, refusal_cap, refused; /* kept, room, met */
    long lines;
    bool lent;   /* the columns lie in someone else's memory */
    bool failed; /* memory ran out */
} abn_rows;

/* Room for the rows of a text, from the lengths of some of its lines: mostly enough. */
size_t abn_rows_expect(abn_slice text);
/* Let rows begin in columns of `cap` that the lender frees; `value` has one a slot. */
bool abn_rows_lend(abn_rows *rows, const abn_layout *layout, size_t cap, abn_date *date,
                   double *value, size_t apart);

/* Take every row of `text`, which begins at a line's start; `rows` is reused when it was used. */
void abn_rows_read(abn_rows *rows, const abn_layout *layout, abn_slice text);
void abn_rows_free(abn_rows *rows);
void abn_rows_refuse(abn_rows *rows, const abn_refusal *refusal);

/* ---- series ---- */

/* Memory that lives as long as the quotes; one a thread, so that none waits. */
typedef struct abn_store {
    struct abn_store_block *block; /* the newest */
} abn_store;

/* Not zeroed, aligned for doubles; NULL without memory. */
void *abn_store_take(abn_store *store, size_t size);
char *abn_store_text(abn_store *store, abn_slice text);
/* Take over what abn_columns_alloc() gave; false without memory. */
bool abn_store_adopt(abn_store *store, void *memory);
/* Hand all of `from` to `to`. */
void abn_store_join(abn_store *to, abn_store *from);
void abn_store_free(abn_store *store);

/* Consecutive rows of a file whose lines follow each other. */
typedef struct abn_line_span {
    size_t row; /* the first, of the series */
    long line;
    int step; /* 1, or -1 in a file with the newest row first */
} abn_line_span;

/* 0 when the spans do not tell. */
long abn_line_of(const abn_line_span *span, size_t spans, size_t row);

typedef struct abn_series_entry {
    abn_series pub; /* first, so that a public pointer is also one of these */
    const abn_line_span *span;
    size_t spans; /* 0: lines are not known */
} abn_series_entry;

typedef struct abn_rejects {
    abn_reject *row;
    size_t n, cap;
    size_t more; /* past a million, which are counted only */
    bool failed; /* memory ran out */
} abn_rejects;

void abn_rejects_add(abn_rejects *list, const abn_reject *reject);

/* Rows to make a series of, in the order of the file. */
typedef struct abn_piece {
    const abn_rows *rows;
    size_t first, n;
    long line; /* of the first, in the file; 0 when not known */
} abn_piece;

typedef struct abn_series_plan {
    const char *symbol, *source; /* as the series has them */
    const abn_piece *piece;
    size_t pieces;
    int slot[ABN_SERIES_FIELDS]; /* of the rows; -1 where the file has no such column */
    bool sparse;                 /* rows without price and return are passed over */
    bool timed;                  /* dates carried a time */
    bool stays;                  /* the rows' memory lives as long as the series */
} abn_series_plan;

/* Copy rows into columns in ascending order of date, each date once: the first row of the file
 * stays, later ones are rejected. Rows that stay where they are and are in order are not copied.
 * False without memory. */
bool abn_series_build(abn_store *store, const abn_series_plan *plan, abn_series_entry *out,
                      abn_rejects *rejects);

/* ---- one file ---- */

/* What a thread keeps from file to file. */
typedef struct abn_worker {
    abn_store store;
    abn_rows rows;
} abn_worker;

typedef struct abn_file_quotes {
    abn_series_entry *series;
    size_t n;
    abn_rejects rejects;
    size_t refused; /* rows refused that `rejects` does not list */
    abn_status status;
    abn_error err;
} abn_file_quotes;

/* Read one file. `symbol` names a file of one listing (NULL: its header, or else its stem does);
 * `threads` more than one splits it. Failure is left in `out`. */
void abn_file_quotes_read(const char *path, const char *symbol, const abn_quotes_options *options,
                          int threads, abn_worker *worker, abn_file_quotes *out);
void abn_file_quotes_free(abn_file_quotes *quotes);

#pragma GCC visibility pop

#endif
