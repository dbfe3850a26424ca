/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "frame.h"

#include <abnorm/arena.h>
#include <abnorm/buf.h>
#include <abnorm/csv.h>
#include <abnorm/file.h>
#include <abnorm/number.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct abn_frame {
    abn_arena *arena;
    const char **name;
    const char **cell; /* rows x columns */
    size_t rows, columns, cap;
};

void abn_frame_free(abn_frame *f)
{
    if (!f) return;
    abn_arena_free(f->arena);
    free(f->cell);
    free(f);
}

static abn_status take_header(abn_frame *f, abn_csv *csv, abn_error *err)
{
    abn_status status = abn_csv_header(csv, err);
    if (status != ABN_OK) return status;
    f->columns = abn_csv_columns(csv);
    f->name = abn_arena_alloc(f->arena, f->columns * sizeof *f->name);
    if (!f->name) return abn_fail_memory(err);
    for (size_t c = 0; c < f->columns; c++)
        if (!(f->name[c] = abn_arena_strdup(f->arena, abn_csv_column_name(csv, c))))
            return abn_fail_memory(err);
    return ABN_OK;
}

static abn_status take_row(abn_frame *f, const abn_csv *csv, abn_error *err)
{
    if (f->rows == f->cap) {
        size_t cap = f->cap ? f->cap * 2 : 256;
        const char **cell = realloc(f->cell, cap * f->columns * sizeof *cell);
        if (!cell) return abn_fail_memory(err);
        f->cell = cell;
        f->cap = cap;
    }
    for (size_t c = 0; c < f->columns; c++) {
        abn_slice text = abn_csv_field(csv, (int)c);
        const char *kept = text.len ? abn_arena_slice(f->arena, text) : "";
        if (!kept) return abn_fail_memory(err);
        f->cell[f->rows * f->columns + c] = kept;
    }
    f->rows++;
    return ABN_OK;
}

static abn_status read_all(abn_frame *f, const char *path, abn_error *err)
{
    abn_csv *csv = NULL;
    abn_status status = abn_csv_open(path, ',', &csv, err);
    if (status == ABN_OK) status = take_header(f, csv, err);
    for (bool more = true; status == ABN_OK && more;) {
        status = abn_csv_next(csv, &more, err);
        if (status == ABN_OK && more) status = take_row(f, csv, err);
    }
    abn_csv_free(csv);
    return status;
}

abn_status abn_frame_load(const char *folder, const char *name, abn_frame **out, abn_error *err)
{
    abn_buf path = {0};
    abn_buf_printf(&path, "%s/%s.csv", folder, name);
    abn_status status = abn_buf_status(&path, err);
    abn_frame *f = NULL;
    if (status == ABN_OK && abn_is_file(path.data)) {
        f = calloc(1, sizeof *f);
        if (f) f->arena = abn_arena_new();
        status = f && f->arena ? read_all(f, path.data, err) : abn_fail_memory(err);
    }
    abn_buf_free(&path);
    if (status != ABN_OK)
        abn_frame_free(f);
    else
        *out = f;
    return status;
}

size_t abn_frame_rows(const abn_frame *f)
{
    return f ? f->rows : 0;
}

size_t abn_frame_columns(const abn_frame *f)
{
    return f ? f->columns : 0;
}

const char *abn_frame_column(const abn_frame *f, size_t c)
{
    return f->name[c];
}

static size_t find(const abn_frame *f, const char *column)
{
    for (size_t c = 0; c < f->columns; c++)
        if (strcmp(f->name[c], column) == 0) return c;
    return f->columns;
}

bool abn_frame_has(const abn_frame *f, const char *column)
{
    return f && find(f, column) < f->columns;
}

const char *abn_frame_text(const abn_frame *f, size_t row, const char *column)
{
    size_t c = f && row < f->rows ? find(f, column) : 0;
    return f && row < f->rows && c < f->columns ? f->cell[row * f->columns + c] : "";
}

const char *abn_frame_plain(const abn_frame *f, size_t row, const char *column)
{
    const char *text = abn_frame_text(f, row, column);
    return text[strspn(text, "0123456789+-.:eETZ")] ? "" : text;
}

double abn_frame_real(const abn_frame *f, size_t row, const char *column)
{
    double value;
    return abn_number_parse(abn_slice_of(abn_frame_text(f, row, column)), &value) ? value : NAN;
}
