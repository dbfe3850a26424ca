/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table's CSV in blocks of rows, each formatted by itself. */
#ifndef ABN_REPORT_TABLE_CSV_H
#define ABN_REPORT_TABLE_CSV_H

#include <abnorm/buf.h>
#include <abnorm/error.h>
#include <abnorm/table.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

enum { ABN_CELL_MAX = 64 }; /* room for any number, date or instant */

/* A whole number's digits; none for ABN_NO_INT. */
size_t abn_cell_int(char *out, int64_t value);
/* Blocks of a table: at least one, the first with the header. */
size_t abn_csv_blocks(const abn_table *table);
/* Append one of them, `safe` for spreadsheets; failure sticks to `out`. */
void abn_csv_block(const abn_table *table, size_t block, int digits, bool safe, abn_buf *out);
/* Append the header, and pieces of rows: piece i is rows [first[i], first[i + 1]), and ends where
 * `end[i]` says. */
void abn_csv_names(const abn_table *table, bool safe, abn_buf *out);
void abn_csv_pieces(const abn_table *table, const size_t *first, size_t n, int digits, bool safe,
                    abn_buf *out, uint64_t *end);
/* Append all, formatted side by side and joined in order. */
abn_status abn_csv_format(const abn_table *table, int digits, int threads, bool safe, abn_buf *out,
                          abn_error *err);

#pragma GCC visibility pop

#endif
