/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table_csv.h"

#include <abnorm/csv.h>
#include <abnorm/date.h>
#include <abnorm/instant.h>
#include <abnorm/number.h>
#include <abnorm/slice.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_ROWS = 1024, KEPT_COLUMNS = 64, BATCH_ROWS = 32, BATCH_BYTES = 8192 };

size_t abn_cell_int(char *out, int64_t value)
{
    char digit[24];
    size_t n = 0, len = 0;
    if (value == ABN_NO_INT) return 0;
    uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
    do
        digit[n++] = (char)('0' + size % 10);
    while (size /= 10);
    if (value < 0) out[len++] = '-';
    while (n)
        out[len++] = digit[--n];
    return len;
}

/* ---- cells ---- */

/* What a column's last cell was: neighbouring rows often share their text. */
typedef struct kept {
    const char *text; /* NULL: nothing is kept */
    size_t at, len;   /* where it was written */
} kept;

/* The month of the last date, written once for its days. */
typedef struct month {
    abn_date first;
    int days;
    char text[8]; /* "YYYY-MM-" */
} month;

typedef struct printer {
    const abn_table *table;
    int digits;
    bool safe; /* for spreadsheets */
    abn_buf *out;
    size_t room; /* for a row of numbers and dates */
    kept kept[KEPT_COLUMNS];
    month month;
    abn_number_cell *number; /* of the rows at hand, BATCH_ROWS a column */
    uint64_t *end;           /* where each row ends, from here on; NULL: it is not asked */
} printer;

/* A spreadsheet runs what begins so, also in its full-width forms. */
static bool is_formula(abn_slice text)
{
    static const char *const wide[] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D",
                                       "\xEF\xBC\xA0"};
    while (text.len && *text.ptr == ' ')
        text = (abn_slice){text.ptr + 1, text.len - 1};
    if (text.len && memchr("=+-@", *text.ptr, 4)) return true;
    for (size_t i = 0; text.len >= 3 && i < sizeof wide / sizeof *wide; i++)
        if (memcmp(text.ptr, wide[i], 3) == 0) return true;
    return false;
}

/* An apostrophe says that a cell is text. It also stands behind what some spreadsheet takes for the
 * end of a cell: semicolons, tabs and line ends. */
static void put_safe(abn_slice text, abn_buf *out)
{
    abn_buf marked = {0};
    for (size_t i = 0; i < text.len; i++) {
        abn_slice rest = {text.ptr + i, text.len - i};
        bool starts = i == 0 || memchr(";\t\r\n", text.ptr[i - 1], 4);
        if (starts && (is_formula(rest) || (i == 0 && memchr("\t\r\n", *rest.ptr, 3))))
            abn_buf_char(&marked, '\'');
        abn_buf_char(&marked, *rest.ptr);
    }
    out->failed |= marked.failed;
    abn_csv_put(out, (abn_slice){marked.data ? marked.data : "", marked.len});
    abn_buf_free(&marked);
}

static void put_text(printer *p, size_t column, const char *text)
{
    abn_buf *out = p->out;
    kept *k = column < KEPT_COLUMNS ? p->kept + column : NULL;
    size_t at = out->len;
    if (!text) return;
    if (k && k->text == text) {
        if (!abn_buf_reserve(out, k->len + p->room)) return;
        memcpy(out->data + out->len, out->data + k->at, k->len);
        out->len += k->len;
        return;
    }
    if (p->safe)
        put_safe(abn_slice_of(text), out);
    else
        abn_csv_put(out, abn_slice_of(text));
    if (k) *k = (kept){text, at, out->len - at};
    abn_buf_reserve(out, p->room);
}

static size_t print_date(printer *p, abn_date date, char *out)
{
    month *m = &p->month;
    if (date < m->first || date - m->first >= m->days) {
        char text[ABN_DATE_MAX];
        if (!*abn_date_format(date, text)) return 0;
        abn_civil c = abn_date_civil(date);
        m->first = date - c.day + 1;
        m->days = abn_days_in_month(c.year, c.month);
        memcpy(m->text, text, sizeof m->text);
    }
    int day = date - m->first + 1;
    memcpy(out, m->text, sizeof m->text);
    out[8] = (char)('0' + day / 10);
    out[9] = (char)('0' + day % 10);
    return 10;
}

/* Where a cell that is no number ends; `end` has room for one. */
static char *put_cell(printer *p, size_t column, const char *row, char *end)
{
    const abn_column *c = p->table->columns + column;
    const char *at = row + c->offset;
    abn_buf *out = p->out;
    union {
        const char *text;
        int64_t whole;
        abn_date date;
        abn_table_instant instant;
    } v;
    switch (c->kind) {
    case ABN_COLUMN_TEXT:
        memcpy(&v.text, at, sizeof v.text);
        if (column < KEPT_COLUMNS && v.text && p->kept[column].text == v.text &&
            p->kept[column].len <= 16) {
            memcpy(end, out->data + p->kept[column].at, 16);
            return end + p->kept[column].len;
        }
        out->len = (size_t)(end - out->data);
        put_text(p, column, v.text);
        return out->data + out->len;
    case ABN_COLUMN_INT:
        memcpy(&v.whole, at, sizeof v.whole);
        return end + abn_cell_int(end, v.whole);
    case ABN_COLUMN_DATE:
        memcpy(&v.date, at, sizeof v.date);
        return end + print_date(p, v.date, end);
    case ABN_COLUMN_INSTANT:
        memcpy(&v.instant, at, sizeof v.instant);
        return end + strlen(abn_instant_format(v.instant.at, v.instant.offset_sec, end));
    case ABN_COLUMN_REAL:
        break;
    }
    return end;
}

static void put_mark(abn_buf *out, char mark)
{
    if (abn_buf_reserve(out, 1)) out->data[out->len++] = mark;
}

/* ---- rows ---- */

static void put_row(printer *p, const char *row, const abn_number_cell *number)
{
    const abn_table *t = p->table;
    abn_buf *out = p->out;
    if (!abn_buf_reserve(out, p->room)) return;
    char *end = out->data + out->len;
    for (size_t c = 0; c < t->n_columns; c++) {
        if (t->columns[c].kind == ABN_COLUMN_REAL) {
            memcpy(end, number->text, sizeof number->text);
            end += number->len;
            number += BATCH_ROWS;
        } else {
            end = put_cell(p, c, row, end);
            if (out->failed) return;
        }
        *end++ = c + 1 < t->n_columns ? ',' : '\n';
    }
    out->len = (size_t)(end - out->data);
    if (p->end) *p->end++ = out->len;
}

/* At most BATCH_ROWS neighbours: their numbers column by column, then row by row. */
static void put_rows(printer *p, const char *rows, size_t n)
{
    const abn_table *t = p->table;
    abn_number_cell *number = p->number;
    for (size_t c = 0; c < t->n_columns; c++) {
        if (t->columns[c].kind != ABN_COLUMN_REAL) continue;
        abn_numbers_print(rows + t->columns[c].offset, t->row_size, n, p->digits, number);
        number += BATCH_ROWS;
    }
    for (size_t i = 0; i < n; i++)
        put_row(p, rows + i * t->row_size, p->number + i);
}

/* Names of columns may be a stranger's, too: those of factors, those of a provider. */
void abn_csv_names(const abn_table *t, bool safe, abn_buf *out)
{
    for (size_t c = 0; c < t->n_columns; c++) {
        if (c) put_mark(out, ',');
        if (safe)
            put_safe(abn_slice_of(t->columns[c].name), out);
        else
            abn_csv_put(out, abn_slice_of(t->columns[c].name));
    }
    put_mark(out, '\n');
}

/* As many rows at a time as the batch holds: a table may fill neighbours together. */
static void put_made_rows(printer *p, size_t from, size_t to)
{
    const abn_table *t = p->table;
    union {
        max_align_t align;
        char bytes[BATCH_BYTES];
    } batch;
    size_t most = sizeof batch / t->row_size < BATCH_ROWS ? sizeof batch / t->row_size : BATCH_ROWS;
    while (from < to) {
        size_t n = to - from < most ? to - from : most;
        if (t->fill) {
            t->fill(t->context, from, n, batch.bytes);
        } else {
            memset(batch.bytes, 0, n * t->row_size);
            for (size_t i = 0; i < n; i++)
                t->row(t->context, from + i, batch.bytes + i * t->row_size);
        }
        put_rows(p, batch.bytes, n);
        from += n;
    }
}

static size_t count_reals(const abn_table *t)
{
    size_t n = 0;
    for (size_t c = 0; c < t->n_columns; c++)
        n += t->columns[c].kind == ABN_COLUMN_REAL;
    return n;
}

size_t abn_csv_blocks(const abn_table *t)
{
    return t->n_rows ? (t->n_rows + BLOCK_ROWS - 1) / BLOCK_ROWS : 1;
}

static bool start(printer *p, const abn_table *t, int digits, bool safe, abn_buf *out)
{
    *p = (printer){.table = t, .digits = digits, .safe = safe, .out = out};
    p->room = t->n_columns * (ABN_CELL_MAX + 1) + 1;
    p->number = malloc((count_reals(t) * BATCH_ROWS + 1) * sizeof *p->number);
    if (!p->number) out->failed = true;
    return p->number != NULL;
}

static void put_all_rows(printer *p, size_t from, size_t to)
{
    const abn_table *t = p->table;
    if (t->row || t->fill) {
        put_made_rows(p, from, to);
        return;
    }
    for (size_t n; from < to; from += n) {
        n = to - from < BATCH_ROWS ? to - from : BATCH_ROWS;
        put_rows(p, (const char *)t->rows + from * t->row_size, n);
    }
}

void abn_csv_block(const abn_table *t, size_t block, int digits, bool safe, abn_buf *out)
{
    printer p;
    size_t from = block * BLOCK_ROWS, to = from + BLOCK_ROWS;
    if (!start(&p, t, digits, safe, out)) return;
    if (block == 0) abn_csv_names(t, safe, out);
    put_all_rows(&p, from, to < t->n_rows ? to : t->n_rows);
    if (abn_buf_reserve(out, 1)) out->data[out->len] = '\0';
    free(p.number);
}

void abn_csv_pieces(const abn_table *t, const size_t *first, size_t n, int digits, bool safe,
                    abn_buf *out, uint64_t *end)
{
    printer p;
    uint64_t *ends = calloc(first[n] - first[0] + 1, sizeof *ends);
    out->failed |= !ends;
    if (!ends || !start(&p, t, digits, safe, out)) {
        free(ends);
        return;
    }
    *ends = out->len;
    p.end = ends + 1;
    put_all_rows(&p, first[0], first[n]);
    for (size_t i = 0; i < n; i++)
        end[i] = ends[first[i + 1] - first[0]];
    free(p.number);
    free(ends);
}

/* The bytes do not depend on threads: blocks are the same for any number. */
abn_status abn_csv_format(const abn_table *t, int digits, int threads, bool safe, abn_buf *out,
                          abn_error *err)
{
    size_t blocks = abn_csv_blocks(t);
    if (blocks == 1) {
        abn_csv_block(t, 0, digits, safe, out);
        return abn_buf_status(out, err);
    }
    abn_buf *part = calloc(blocks, sizeof *part);
    if (!part) return abn_fail_memory(err);
    int team = threads > 0 ? threads : omp_get_max_threads();
#pragma omp parallel for schedule(dynamic) num_threads(team) if (team > 1)
    for (size_t b = 0; b < blocks; b++)
        abn_csv_block(t, b, digits, safe, &part[b]);
    for (size_t b = 0; b < blocks; b++) {
        if (part[b].failed) out->failed = true;
        abn_buf_add(out, part[b].data, part[b].len);
        abn_buf_free(&part[b]);
    }
    free(part);
    return abn_buf_status(out, err);
}
