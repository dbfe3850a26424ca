/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RFC 4180 tables: rows of fields, each with its place in the file. */
#ifndef ABNORM_CSV_H
#define ABNORM_CSV_H

#include <abnorm/buf.h>
#include <abnorm/error.h>
#include <abnorm/slice.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct abn_csv abn_csv;

/* Open a file (gzip too), or read bytes that outlive the reader; `name` is what errors call it. A
 * byte-order mark is skipped; LF, CRLF and CR end lines; blank lines are passed over. `separator`
 * 0: whichever of , ; tab | the first line has most of. */
abn_status abn_csv_open(const char *path, char separator, abn_csv **csv, abn_error *err);
abn_status abn_csv_read(const char *name, abn_slice bytes, char separator, abn_csv **csv,
                        abn_error *err);
void abn_csv_free(abn_csv *csv);

/* Take the next row; `*more` is false at the end. ABN_DATA on an unclosed quote. */
abn_status abn_csv_next(abn_csv *csv, bool *more, abn_error *err);
/* Take the next row as the header, so that abn_csv_column() finds fields by name. ABN_DATA when
 * there is no row, or a name twice. */
abn_status abn_csv_header(abn_csv *csv, abn_error *err);
/* Index of a header name in any case, or -1. */
int abn_csv_column(const abn_csv *csv, const char *name);
size_t abn_csv_columns(const abn_csv *csv);
const char *abn_csv_column_name(const abn_csv *csv, size_t i);

/* Of the row taken last: the number of fields; field `i` unquoted and trimmed of blanks ("" past
 * the last or for -1); the place. */
size_t abn_csv_fields(const abn_csv *csv);
abn_slice abn_csv_field(const abn_csv *csv, int i);
const char *abn_csv_name(const abn_csv *csv);
long abn_csv_line(const abn_csv *csv);
long abn_csv_field_column(const abn_csv *csv, int i);
/* Record a failure at field `i` of the row taken last. */
abn_status abn_csv_fail(const abn_csv *csv, int i, abn_error *err, const char *fmt, ...)
    ABN_PRINTF(4, 5);

/* Append one field, quoted where RFC 4180 asks for it. */
void abn_csv_put(abn_buf *out, abn_slice field);

#endif
