/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table_csv.h"
#include <abnorm/table.h>

#include <abnorm/date.h>
#include <abnorm/instant.h>
#include <abnorm/number.h>
#include <abnorm/plain.h>
#include <abnorm/slice.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* The cell as text: borrowed from the row, or written to `small`. */
static abn_slice cell(const abn_column *c, const char *row, int digits, char small[ABN_CELL_MAX])
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
        return (abn_slice){small, abn_cell_int(small, v.whole)};
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

/* ---- text for people ---- */

/* What a step along a text takes: a character, or a byte that is none. */
static size_t step_of(abn_slice text)
{
    size_t n = abn_plain_letter(text);
    return n ? n : 1;
}

static size_t width_of(abn_slice text)
{
    size_t width = 0;
    for (size_t i = 0; i < text.len; width++)
        i += step_of((abn_slice){text.ptr + i, text.len - i});
    return width;
}

static void pad(abn_buf *out, size_t n)
{
    while (n--)
        abn_buf_char(out, ' ');
}

/* A blank for what could drive the terminal, and for each special character what is written for it.
 */
static void put_plain(abn_buf *out, abn_slice text, const char *special, const char *const *written)
{
    for (size_t i = 0, n; i < text.len; i += n) {
        abn_slice rest = {text.ptr + i, text.len - i};
        const char *hit = *rest.ptr ? strchr(special, *rest.ptr) : NULL;
        n = step_of(rest);
        if (hit)
            abn_buf_text(out, written[hit - special]);
        else if (abn_plain_letter(rest))
            abn_buf_add(out, rest.ptr, n);
        else
            abn_buf_char(out, ' ');
    }
}

static void put_aligned(abn_buf *out, abn_slice text, size_t width, bool right, bool last)
{
    size_t w = width_of(text), gap = w < width ? width - w : 0;
    if (right) pad(out, gap);
    put_plain(out, text, "", NULL);
    if (!right && !last) pad(out, gap);
    if (!last) abn_buf_text(out, "  ");
}

static void measure(const abn_table *t, int digits, size_t *width)
{
    char small[ABN_CELL_MAX];
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
    char small[ABN_CELL_MAX];
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

static abn_status format_json(const abn_table *t, int digits, abn_buf *out, abn_error *err)
{
    char small[ABN_CELL_MAX];
    scratch s;
    abn_buf_char(out, '[');
    for (size_t i = 0; i < t->n_rows; i++) {
        const char *row = row_at(t, i, &s);
        abn_buf_text(out, i ? ",\n {" : "\n {");
        for (size_t c = 0; c < t->n_columns; c++) {
            if (c) abn_buf_text(out, ", ");
            abn_plain_json(out, abn_slice_of(t->columns[c].name));
            abn_buf_text(out, ": ");
            abn_slice text = cell(&t->columns[c], row, digits, small);
            if (!text.len)
                abn_buf_text(out, "null");
            else if (is_number(t->columns[c].kind))
                abn_buf_slice(out, text);
            else
                abn_plain_json(out, text);
        }
        abn_buf_char(out, '}');
    }
    abn_buf_text(out, t->n_rows ? "\n]\n" : "]\n");
    return abn_buf_status(out, err);
}

/* ---- LaTeX and Markdown ---- */

static void put_latex(abn_buf *out, abn_slice text)
{
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
    put_plain(out, text, "&%$#_{}~^\\", written);
}

static void put_markdown(abn_buf *out, abn_slice text)
{
    static const char *const written[] = {"\\|", "\\\\", "\\<", "\\[", "\\`"};
    put_plain(out, text, "|\\<[`", written);
}

static void latex_row(const abn_table *t, const char *row, int digits, abn_buf *out)
{
    char small[ABN_CELL_MAX];
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
    char small[ABN_CELL_MAX];
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
        return abn_csv_format(t, digits, threads, format == ABN_FORMAT_SAFE_CSV, out, err);
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
