/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/table.h>

#include <abnorm/csv.h>
#include <abnorm/date.h>
#include <abnorm/instant.h>
#include <abnorm/number.h>
#include <abnorm/slice.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_ROWS 2048
#define CELL_MAX   64 /* room for any number, date or instant */

bool abn_format_parse(const char *name, abn_format *format)
{
    static const char *const names[] = {
        [ABN_FORMAT_CSV] = "csv",           [ABN_FORMAT_TEXT] = "text",
        [ABN_FORMAT_JSON] = "json",         [ABN_FORMAT_LATEX] = "latex",
        [ABN_FORMAT_MARKDOWN] = "markdown", [ABN_FORMAT_SAFE_CSV] = "safe-csv",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0) {
            *format = (abn_format)i;
            return true;
        }
    return false;
}

/* ---- cells ---- */

typedef union scratch {
    max_align_t align;
    char row[ABN_ROW_MAX];
} scratch;

static const char *row_at(const abn_table *t, size_t i, scratch *s)
{
    if (!t->row) return (const char *)t->rows + i * t->row_size;
    memset(s->row, 0, t->row_size);
    t->row(t->context, i, s->row);
    return s->row;
}

static size_t print_int(char *out, int64_t value)
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

/* The cell as text: borrowed from the row, or written to `small`. */
static abn_slice cell(const abn_column *c, const char *row, int digits, char small[CELL_MAX])
{
    const char *at = row + c->offset;
    union {
        const char *text;
        double real;
        int64_t whole;
        abn_date date;
        abn_table_instant instant;
    } v;
    switch (c->kind) {
    case ABN_COLUMN_TEXT:
        memcpy(&v.text, at, sizeof v.text);
        return abn_slice_of(v.text);
    case ABN_COLUMN_REAL:
        memcpy(&v.real, at, sizeof v.real);
        return (abn_slice){small, abn_number_print(small, v.real, digits)};
    case ABN_COLUMN_INT:
        memcpy(&v.whole, at, sizeof v.whole);
        return (abn_slice){small, print_int(small, v.whole)};
    case ABN_COLUMN_DATE:
        memcpy(&v.date, at, sizeof v.date);
        return abn_slice_of(abn_date_format(v.date, small));
    case ABN_COLUMN_INSTANT:
        memcpy(&v.instant, at, sizeof v.instant);
        return abn_slice_of(abn_instant_format(v.instant.at, v.instant.offset_sec, small));
    }
    return (abn_slice){"", 0};
}

static bool is_number(abn_column_kind kind)
{
    return kind == ABN_COLUMN_REAL || kind == ABN_COLUMN_INT;
}

/* ---- CSV ---- */

static void csv_header(const abn_table *t, abn_buf *out)
{
    for (size_t c = 0; c < t->n_columns; c++) {
        if (c) abn_buf_char(out, ',');
        abn_csv_put(out, abn_slice_of(t->columns[c].name));
    }
    abn_buf_char(out, '\n');
}

/* A spreadsheet runs a cell that begins so; the apostrophe says that it is text. */
static void safe_text(abn_slice text, abn_buf *out)
{
    abn_buf marked = {0};
    if (text.len == 0 || !memchr("=+-@\t\r", text.ptr[0], 6)) {
        abn_csv_put(out, text);
        return;
    }
    abn_buf_char(&marked, '\'');
    abn_buf_slice(&marked, text);
    out->failed |= marked.failed;
    abn_csv_put(out, (abn_slice){marked.data ? marked.data : "", marked.len});
    abn_buf_free(&marked);
}

/* Numbers and dates are printed where they stay. */
static void csv_cell(const abn_column *c, const char *row, int digits, bool safe, abn_buf *out)
{
    char small[CELL_MAX];
    if (c->kind == ABN_COLUMN_TEXT && safe)
        safe_text(cell(c, row, digits, small), out);
    else if (c->kind == ABN_COLUMN_TEXT)
        abn_csv_put(out, cell(c, row, digits, small));
    else if (abn_buf_reserve(out, CELL_MAX))
        out->len += cell(c, row, digits, out->data + out->len).len;
}

static void csv_row(const abn_table *t, const char *row, int digits, bool safe, abn_buf *out)
{
    for (size_t c = 0; c < t->n_columns; c++) {
        if (c) abn_buf_char(out, ',');
        csv_cell(&t->columns[c], row, digits, safe, out);
    }
    abn_buf_char(out, '\n');
}

static void csv_block(const abn_table *t, size_t block, int digits, bool safe, abn_buf *out)
{
    scratch s;
    size_t from = block * BLOCK_ROWS, to = from + BLOCK_ROWS;
    for (size_t i = from; i < to && i < t->n_rows; i++)
        csv_row(t, row_at(t, i, &s), digits, safe, out);
}

/* Blocks are formatted side by side and joined in order, so the bytes do not depend on threads. */
static abn_status format_csv(const abn_table *t, int digits, int threads, bool safe, abn_buf *out,
                             abn_error *err)
{
    csv_header(t, out);
    size_t blocks = (t->n_rows + BLOCK_ROWS - 1) / BLOCK_ROWS;
    if (blocks <= 1) {
        csv_block(t, 0, digits, safe, out);
        return abn_buf_status(out, err);
    }
    abn_buf *part = calloc(blocks, sizeof *part);
    if (!part) return abn_fail_memory(err);
    int team = threads > 0 ? threads : omp_get_max_threads();
#pragma omp parallel for schedule(dynamic) num_threads(team) if (team > 1)
    for (size_t b = 0; b < blocks; b++)
        csv_block(t, b, digits, safe, &part[b]);
    for (size_t b = 0; b < blocks; b++) {
        if (part[b].failed) out->failed = true;
        abn_buf_add(out, part[b].data, part[b].len);
        abn_buf_free(&part[b]);
    }
    free(part);
    return abn_buf_status(out, err);
}

/* ---- text for people ---- */

/* Columns that a character takes: UTF-8 continuation bytes take none. */
static size_t width_of(abn_slice text)
{
    size_t width = 0;
    for (size_t i = 0; i < text.len; i++)
        width += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
    return width;
}

static void pad(abn_buf *out, size_t n)
{
    while (n--)
        abn_buf_char(out, ' ');
}

/* A control character in a cell could drive the terminal. */
static void put_plain(abn_buf *out, abn_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        abn_buf_char(out, c < 0x20 || c == 0x7f ? ' ' : text.ptr[i]);
    }
}

static void put_aligned(abn_buf *out, abn_slice text, size_t width, bool right, bool last)
{
    size_t w = width_of(text), gap = w < width ? width - w : 0;
    if (right) pad(out, gap);
    put_plain(out, text);
    if (!right && !last) pad(out, gap);
    if (!last) abn_buf_text(out, "  ");
}

static void measure(const abn_table *t, int digits, size_t *width)
{
    char small[64];
    scratch s;
    for (size_t c = 0; c < t->n_columns; c++)
        width[c] = strlen(t->columns[c].name);
    for (size_t i = 0; i < t->n_rows; i++) {
        const char *row = row_at(t, i, &s);
        for (size_t c = 0; c < t->n_columns; c++) {
            size_t w = width_of(cell(&t->columns[c], row, digits, small));
            if (w > width[c]) width[c] = w;
        }
    }
}

static abn_status format_text(const abn_table *t, int digits, abn_buf *out, abn_error *err)
{
    size_t *width = calloc(t->n_columns + 1, sizeof *width);
    if (!width) return abn_fail_memory(err);
    measure(t, digits, width);
    char small[64];
    scratch s;
    for (size_t c = 0; c < t->n_columns; c++)
        put_aligned(out, abn_slice_of(t->columns[c].name), width[c], is_number(t->columns[c].kind),
                    c + 1 == t->n_columns);
    abn_buf_char(out, '\n');
    for (size_t i = 0; i < t->n_rows; i++) {
        const char *row = row_at(t, i, &s);
        for (size_t c = 0; c < t->n_columns; c++)
            put_aligned(out, cell(&t->columns[c], row, digits, small), width[c],
                        is_number(t->columns[c].kind), c + 1 == t->n_columns);
        abn_buf_char(out, '\n');
    }
    free(width);
    return abn_buf_status(out, err);
}

/* ---- JSON ---- */

static void json_string(abn_buf *out, abn_slice text)
{
    abn_buf_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '"' || c == '\\') {
            abn_buf_char(out, '\\');
            abn_buf_char(out, (char)c);
        } else if (c < 0x20) {
            abn_buf_printf(out, "\\u%04x", c);
        } else {
            abn_buf_char(out, (char)c);
        }
    }
    abn_buf_char(out, '"');
}

static abn_status format_json(const abn_table *t, int digits, abn_buf *out, abn_error *err)
{
    char small[64];
    scratch s;
    abn_buf_char(out, '[');
    for (size_t i = 0; i < t->n_rows; i++) {
        const char *row = row_at(t, i, &s);
        abn_buf_text(out, i ? ",\n {" : "\n {");
        for (size_t c = 0; c < t->n_columns; c++) {
            if (c) abn_buf_text(out, ", ");
            json_string(out, abn_slice_of(t->columns[c].name));
            abn_buf_text(out, ": ");
            abn_slice text = cell(&t->columns[c], row, digits, small);
            if (!text.len)
                abn_buf_text(out, "null");
            else if (is_number(t->columns[c].kind))
                abn_buf_slice(out, text);
            else
                json_string(out, text);
        }
        abn_buf_char(out, '}');
    }
    abn_buf_text(out, t->n_rows ? "\n]\n" : "]\n");
    return abn_buf_status(out, err);
}

/* ---- LaTeX and Markdown ---- */

static void put_latex(abn_buf *out, abn_slice text)
{
    static const char special[] = "&%$#_{}~^\\";
    static const char *const written[] = {"\\&",
                                          "\\%",
                                          "\\$",
                                          "\\#",
                                          "\\_",
                                          "\\{",
                                          "\\}",
                                          "\\textasciitilde{}",
                                          "\\textasciicircum{}",
                                          "\\textbackslash{}"};
    for (size_t i = 0; i < text.len; i++) {
        const char *hit = text.ptr[i] ? strchr(special, text.ptr[i]) : NULL;
        if (hit)
            abn_buf_text(out, written[hit - special]);
        else
            put_plain(out, (abn_slice){text.ptr + i, 1});
    }
}

static void put_markdown(abn_buf *out, abn_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '|' || text.ptr[i] == '\\' || text.ptr[i] == '<')
            abn_buf_char(out, '\\');
        put_plain(out, (abn_slice){text.ptr + i, 1});
    }
}

static void latex_row(const abn_table *t, const char *row, int digits, abn_buf *out)
{
    char small[64];
    for (size_t c = 0; c < t->n_columns; c++) {
        if (c) abn_buf_text(out, " & ");
        abn_slice text =
            row ? cell(&t->columns[c], row, digits, small) : abn_slice_of(t->columns[c].name);
        bool number = row && is_number(t->columns[c].kind) && text.len;
        if (number) abn_buf_char(out, '$'); /* math mode has a true minus sign */
        put_latex(out, text);
        if (number) abn_buf_char(out, '$');
    }
    abn_buf_text(out, " \\\\\n");
}

static abn_status format_latex(const abn_table *t, int digits, abn_buf *out, abn_error *err)
{
    scratch s;
    abn_buf_text(out, "\\begin{tabular}{");
    for (size_t c = 0; c < t->n_columns; c++)
        abn_buf_char(out, is_number(t->columns[c].kind) ? 'r' : 'l');
    abn_buf_text(out, "}\n\\toprule\n");
    latex_row(t, NULL, digits, out);
    abn_buf_text(out, "\\midrule\n");
    for (size_t i = 0; i < t->n_rows; i++)
        latex_row(t, row_at(t, i, &s), digits, out);
    abn_buf_text(out, "\\bottomrule\n\\end{tabular}\n");
    return abn_buf_status(out, err);
}

static abn_status format_markdown(const abn_table *t, int digits, abn_buf *out, abn_error *err)
{
    char small[64];
    scratch s;
    for (size_t c = 0; c < t->n_columns; c++) {
        abn_buf_text(out, "| ");
        put_markdown(out, abn_slice_of(t->columns[c].name));
        abn_buf_char(out, ' ');
    }
    abn_buf_text(out, "|\n");
    for (size_t c = 0; c < t->n_columns; c++)
        abn_buf_text(out, is_number(t->columns[c].kind) ? "|---:" : "|---");
    abn_buf_text(out, "|\n");
    for (size_t i = 0; i < t->n_rows; i++) {
        const char *row = row_at(t, i, &s);
        for (size_t c = 0; c < t->n_columns; c++) {
            abn_buf_text(out, "| ");
            put_markdown(out, cell(&t->columns[c], row, digits, small));
            abn_buf_char(out, ' ');
        }
        abn_buf_text(out, "|\n");
    }
    return abn_buf_status(out, err);
}

abn_status abn_table_format(const abn_table *t, abn_format format, int digits, int threads,
                            abn_buf *out, abn_error *err)
{
    switch (format) {
    case ABN_FORMAT_CSV:
    case ABN_FORMAT_SAFE_CSV:
        return format_csv(t, digits, threads, format == ABN_FORMAT_SAFE_CSV, out, err);
    case ABN_FORMAT_TEXT:
        return format_text(t, digits, out, err);
    case ABN_FORMAT_JSON:
        return format_json(t, digits, out, err);
    case ABN_FORMAT_LATEX:
        return format_latex(t, digits, out, err);
    case ABN_FORMAT_MARKDOWN:
        return format_markdown(t, digits, out, err);
    }
    return abn_fail(err, ABN_INTERNAL, "no table format %d", (int)format);
}
