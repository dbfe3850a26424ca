/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small table read whole, for tests that compare with one. */
#ifndef TESTS_SHEET_H
#define TESTS_SHEET_H

#include "reference.h"
#include <abnorm/csv.h>
#include <abnorm/date.h>
#include <abnorm/number.h>

typedef struct sheet {
    size_t rows, columns;
    char **name; /* columns */
    char **cell; /* rows x columns */
} sheet;

/* Read a file of the shared folder; false where there is none. */
static inline int sheet_load(const char *name, sheet *s)
{
    const char *roots[] = {getenv("ABNORM_SHARED"), "../shared", "../../shared"};
    memset(s, 0, sizeof *s);
    for (size_t i = 0; i < 3; i++) {
        char path[1024];
        abn_csv *csv = NULL;
        bool more;
        if (!roots[i] || !*roots[i]) continue;
        snprintf(path, sizeof path, "%s/%s", roots[i], name);
        if (abn_csv_open(path, ',', &csv, NULL) != ABN_OK) continue;
        if (abn_csv_header(csv, NULL) != ABN_OK) exit(1);
        s->columns = abn_csv_columns(csv);
        s->name = calloc(s->columns, sizeof *s->name);
        for (size_t c = 0; c < s->columns; c++)
            s->name[c] = abn_slice_dup(abn_slice_of(abn_csv_column_name(csv, c)));
        size_t room = 0;
        while (abn_csv_next(csv, &more, NULL) == ABN_OK && more) {
            if (s->rows == room) {
                room = room ? 2 * room : 64;
                s->cell = realloc(s->cell, room * s->columns * sizeof *s->cell);
            }
            for (size_t c = 0; c < s->columns; c++)
                s->cell[s->rows * s->columns + c] = abn_slice_dup(abn_csv_field(csv, (int)c));
            s->rows++;
        }
        abn_csv_free(csv);
        return 1;
    }
    return 0;
}

static inline void sheet_free(sheet *s)
{
    for (size_t i = 0; i < s->rows * s->columns; i++)
        free(s->cell[i]);
    for (size_t c = 0; c < s->columns; c++)
        free(s->name[c]);
    free(s->cell);
    free(s->name);
}

static inline const char *sheet_text(const sheet *s, size_t row, const char *column)
{
    for (size_t c = 0; c < s->columns; c++)
        if (abn_slice_ieq(abn_slice_of(s->name[c]), column)) return s->cell[row * s->columns + c];
    return "";
}

static inline double sheet_number(const sheet *s, size_t row, const char *column)
{
    double v;
    return abn_number_parse(abn_slice_of(sheet_text(s, row, column)), &v) ? v : NAN;
}

static inline abn_date sheet_date(const sheet *s, size_t row, const char *column)
{
    abn_date d;
    return abn_date_parse(abn_slice_of(sheet_text(s, row, column)), &d) ? d : ABN_NO_DATE;
}

#endif
