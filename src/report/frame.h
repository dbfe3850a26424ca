/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result table read back whole: cells as text, columns by name. */
#ifndef FRAME_H
#define FRAME_H

#include <abnorm/error.h>
#include <abnorm/slice.h>
#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(hidden)

typedef struct abn_frame abn_frame;

/* Read FOLDER/NAME.csv. `*out` is NULL with ABN_OK when there is no such file. */
abn_status abn_frame_load(const char *folder, const char *name, abn_frame **out, abn_error *err);
void abn_frame_free(abn_frame *frame);
size_t abn_frame_rows(const abn_frame *frame); /* 0 for NULL */
bool abn_frame_has(const abn_frame *frame, const char *column);
size_t abn_frame_columns(const abn_frame *frame);
const char *abn_frame_column(const abn_frame *frame, size_t c);
/* "" where the column or the cell is missing. */
const char *abn_frame_text(const abn_frame *frame, size_t row, const char *column);
/* The same where the cell is a number, a date or an instant; else "": what may stand bare in a
 * script. */
const char *abn_frame_plain(const abn_frame *frame, size_t row, const char *column);
/* NaN where it is missing or no number. */
double abn_frame_real(const abn_frame *frame, size_t row, const char *column);

#pragma GCC visibility pop

#endif
