/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/csv.h>

#include <abnorm/file.h>
#include <abnorm/map.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct field {
    abn_slice text;
    long column; /* from 1 */
} field;

struct abn_csv {
    char *name;
    abn_file file; /* only when opened by path */
    const char *p, *end;
    const char *line_start;
    char separator;
    long line, row_line; /* of the next byte; of the row taken last */
    field *field;
    size_t n_fields, cap;
    abn_buf unquoted; /* fields whose quotes had to be taken out */
    abn_map *header;  /* lower-case names */
    size_t n_header;
};

static char best_separator(abn_slice bytes)
{
    static const char candidates[] = ",;\t|";
    size_t count[4] = {0};
    bool quoted = false;
    for (size_t i = 0; i < bytes.len && (quoted || (bytes.ptr[i] != '\n' && bytes.ptr[i] != '\r'));
         i++) {
        const char *hit = bytes.ptr[i] ? strchr(candidates, bytes.ptr[i]) : NULL;
        if (bytes.ptr[i] == '"')
            quoted = !quoted;
        else if (hit && !quoted)
            count[hit - candidates]++;
    }
    int best = 0;
    for (int i = 1; i < 4; i++)
        if (count[i] > count[best]) best = i;
    return candidates[best];
}

abn_status abn_csv_read(const char *name, abn_slice bytes, char separator, abn_csv **csv,
                        abn_error *err)
{
    abn_csv *c = calloc(1, sizeof *c);
    if (!c || !(c->name = strdup(name))) {
        free(c);
        return abn_fail_memory(err);
    }
    if (bytes.len >= 3 && memcmp(bytes.ptr, "\xEF\xBB\xBF", 3) == 0) {
        bytes.ptr += 3;
        bytes.len -= 3;
    }
    c->p = c->line_start = bytes.len ? bytes.ptr : "";
    c->end = c->p + bytes.len;
    c->line = 1;
    c->separator = separator ? separator : best_separator(bytes);
    *csv = c;
    return ABN_OK;
}

abn_status abn_csv_open(const char *path, char separator, abn_csv **csv, abn_error *err)
{
    abn_file file;
    abn_status status = abn_file_open(path, 0, &file, err);
    if (status != ABN_OK) return status;
    status = abn_csv_read(path, (abn_slice){file.data, file.len}, separator, csv, err);
    if (status != ABN_OK)
        abn_file_close(&file);
    else
        (*csv)->file = file;
    return status;
}

void abn_csv_free(abn_csv *csv)
{
    if (!csv) return;
    abn_file_close(&csv->file);
    abn_buf_free(&csv->unquoted);
    abn_map_free(csv->header);
    free(csv->field);
    free(csv->name);
    free(csv);
}

static abn_status add_field(abn_csv *c, abn_slice text, long column, abn_error *err)
{
    if (c->n_fields == c->cap) {
        size_t cap = c->cap ? c->cap * 2 : 16;
        field *f = realloc(c->field, cap * sizeof *f);
        if (!f) return abn_fail_memory(err);
        c->field = f;
        c->cap = cap;
    }
    c->field[c->n_fields++] = (field){text, column};
    return ABN_OK;
}

static bool at_line_end(const abn_csv *c)
{
    return c->p == c->end || *c->p == '\n' || *c->p == '\r';
}

static void end_line(abn_csv *c)
{
    if (c->p < c->end && *c->p == '\r') c->p++;
    if (c->p < c->end && *c->p == '\n') c->p++;
    c->line++;
    c->line_start = c->p;
}

/* What follows a NUL would be lost where fields become strings: "AAPL\0x" is not AAPL. */
static abn_status fail_nul(const abn_csv *c, const char *at, abn_error *err)
{
    return abn_fail_at(err, ABN_DATA, c->name, c->line, (long)(at - c->line_start) + 1,
                       "a NUL byte (expected text)");
}

/* Inside quotes line ends belong to the field, and a doubled quote is one. The text goes to a
 * buffer that may move: fields point into it by offset until the row is whole. */
static abn_status take_quoted(abn_csv *c, long column, abn_error *err)
{
    long line = c->line;
    size_t start = c->unquoted.len;
    for (c->p++;; c->p++) {
        if (c->p == c->end)
            return abn_fail_at(err, ABN_DATA, c->name, line, column,
                               "quoted field never ends (expected a closing \")");
        if (*c->p == '"') {
            if (c->p + 1 < c->end && c->p[1] == '"')
                c->p++;
            else
                break;
        }
        if (*c->p == '\n') {
            c->line++;
            c->line_start = c->p + 1;
        }
        if (*c->p == '\0') return fail_nul(c, c->p, err);
        abn_buf_char(&c->unquoted, *c->p);
    }
    c->p++;
    for (; !at_line_end(c) && *c->p != c->separator; c->p++)
        if (*c->p != ' ' && *c->p != '\t')
            return abn_fail_at(err, ABN_DATA, c->name, c->line, (long)(c->p - c->line_start) + 1,
                               "text after a closing quote (expected a separator)");
    abn_slice text = {NULL, c->unquoted.len - start};
    abn_buf_char(&c->unquoted, '\0');
    abn_status status = abn_buf_status(&c->unquoted, err);
    if (status == ABN_OK) status = add_field(c, text, column, err);
    return status;
}

static abn_status take_plain(abn_csv *c, long column, abn_error *err)
{
    const char *start = c->p;
    while (!at_line_end(c) && *c->p != c->separator)
        c->p++;
    const char *nul = c->p > start ? memchr(start, '\0', (size_t)(c->p - start)) : NULL;
    if (nul) return fail_nul(c, nul, err);
    return add_field(c, abn_slice_trim((abn_slice){start, (size_t)(c->p - start)}), column, err);
}

static void settle_quoted(abn_csv *c)
{
    const char *at = c->unquoted.data;
    for (size_t i = 0; i < c->n_fields; i++) {
        if (c->field[i].text.ptr) continue;
        c->field[i].text.ptr = at;
        at += c->field[i].text.len + 1;
    }
}

abn_status abn_csv_next(abn_csv *c, bool *more, abn_error *err)
{
    c->n_fields = 0;
    abn_buf_clear(&c->unquoted);
    while (c->p < c->end && at_line_end(c))
        end_line(c);
    *more = c->p < c->end;
    if (!*more) return ABN_OK;
    c->row_line = c->line;
    for (;;) {
        const char *q = c->p;
        while (q < c->end && *q == ' ')
            q++;
        long column = (long)(c->p - c->line_start) + 1;
        bool quoted = q < c->end && *q == '"';
        if (quoted) c->p = q;
        abn_status status = quoted ? take_quoted(c, column, err) : take_plain(c, column, err);
        if (status != ABN_OK) return status;
        if (at_line_end(c)) break;
        c->p++;
    }
    if (c->p < c->end) end_line(c);
    settle_quoted(c);
    return ABN_OK;
}

static abn_slice lower_name(abn_slice name, char out[256])
{
    size_t len = name.len < 255 ? name.len : 255;
    for (size_t i = 0; i < len; i++)
        out[i] = name.ptr[i] >= 'A' && name.ptr[i] <= 'Z' ? (char)(name.ptr[i] + 32) : name.ptr[i];
    return (abn_slice){out, len};
}

abn_status abn_csv_header(abn_csv *c, abn_error *err)
{
    bool more;
    abn_status status = abn_csv_next(c, &more, err);
    if (status != ABN_OK) return status;
    if (!more) return abn_fail_at(err, ABN_DATA, c->name, 0, 0, "empty (expected a header line)");
    abn_map_free(c->header);
    if (!(c->header = abn_map_new())) return abn_fail_memory(err);
    for (size_t i = 0; i < c->n_fields; i++) {
        char low[256];
        abn_slice name = lower_name(c->field[i].text, low);
        uint32_t at = abn_map_add(c->header, name);
        if (at == ABN_MAP_NONE) return abn_fail_memory(err);
        if (at != i)
            return abn_csv_fail(c, (int)i, err, "column \"%.*s\" stands twice", (int)name.len,
                                name.ptr);
    }
    c->n_header = c->n_fields;
    return ABN_OK;
}

int abn_csv_column(const abn_csv *c, const char *name)
{
    char low[256];
    uint32_t at =
        c->header ? abn_map_find(c->header, lower_name(abn_slice_of(name), low)) : ABN_MAP_NONE;
    return at == ABN_MAP_NONE ? -1 : (int)at;
}

size_t abn_csv_columns(const abn_csv *c)
{
    return c->n_header;
}

const char *abn_csv_column_name(const abn_csv *c, size_t i)
{
    return i < c->n_header ? abn_map_name(c->header, (uint32_t)i) : "";
}

size_t abn_csv_fields(const abn_csv *c)
{
    return c->n_fields;
}

abn_slice abn_csv_field(const abn_csv *c, int i)
{
    return i >= 0 && (size_t)i < c->n_fields ? c->field[i].text : (abn_slice){"", 0};
}

const char *abn_csv_name(const abn_csv *c)
{
    return c->name;
}

long abn_csv_line(const abn_csv *c)
{
    return c->row_line;
}

long abn_csv_field_column(const abn_csv *c, int i)
{
    return i >= 0 && (size_t)i < c->n_fields ? c->field[i].column : 0;
}

abn_status abn_csv_fail(const abn_csv *c, int i, abn_error *err, const char *fmt, ...)
{
    char text[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return abn_fail_at(err, ABN_DATA, c->name, c->row_line, abn_csv_field_column(c, i), "%s", text);
}

void abn_csv_put(abn_buf *out, abn_slice f)
{
    bool plain = true;
    for (size_t i = 0; i < f.len && plain; i++)
        plain = f.ptr[i] != ',' && f.ptr[i] != '"' && f.ptr[i] != '\n' && f.ptr[i] != '\r';
    if (f.len && (f.ptr[0] == ' ' || f.ptr[f.len - 1] == ' ')) plain = false;
    if (plain) {
        abn_buf_slice(out, f);
        return;
    }
    abn_buf_char(out, '"');
    for (size_t i = 0; i < f.len; i++) {
        if (f.ptr[i] == '"') abn_buf_char(out, '"');
        abn_buf_char(out, f.ptr[i]);
    }
    abn_buf_char(out, '"');
}
