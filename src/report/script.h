/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What gnuplot scripts share: their head, safe strings, panels. */
#ifndef SCRIPT_H
#define SCRIPT_H

#include "frame.h"

#include <abnorm/buf.h>
#include <abnorm/error.h>
#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(hidden)

/* The head of NAME.gp: what it shows, forms (png, svg, pdf), data format, colours, axes. */
void abn_script_head(abn_buf *out, const char *name, const char *shows, int width, int height);
/* Text as a gnuplot string that nothing in it can end or expand. */
void abn_script_string(abn_buf *out, const char *text);
/* The same as the label of a tic, which gnuplot reads as a format. */
void abn_script_tic(abn_buf *out, const char *text);
/* Text as a quoted cell of an inline block, in which no line may end. */
void abn_script_cell(abn_buf *out, const char *text);
/* A title of data text: quoted, never interpreted. */
void abn_script_title(abn_buf *out, const char *text);

/* Text of at most `most` characters; a longer one ends in an ellipsis. */
void abn_script_cut(abn_buf *out, const char *text, size_t most);
/* Define is(x): x on the rows that share row `first`'s cells of up to three columns, else NaN. */
void abn_script_is(abn_buf *out, const abn_frame *frame, const char *const columns[3],
                   size_t first);

/* Rows of a table that have an event_id, as the block $sessions of key (symbol or depositary), date
 * and `value`: gnuplot cannot tell an empty last cell. */
void abn_script_marks(const abn_frame *frame, const char *value, abn_buf *out);

/* Rows of a table that share some columns, in order of first sight. */
typedef struct abn_groups {
    size_t *first; /* a row of each group */
    size_t *rows;  /* number of rows of each */
    size_t count;
} abn_groups;
/* Group the rows that have a number in column `value` (NULL: all rows) by up to three columns
 * (NULL: fewer): gnuplot gives up on a picture with a panel of nothing. */
abn_status abn_groups_of(const abn_frame *frame, const char *const columns[3], const char *value,
                         abn_groups *groups, abn_error *err);
void abn_groups_free(abn_groups *groups);

/* Rows and columns of a page of `n` panels. */
void abn_script_layout(size_t n, size_t *rows, size_t *columns);

/* The pictures, each an abn_plot's `script`. */
abn_status abn_plot_car(const char *folder, abn_buf *out, abn_error *err);
abn_status abn_plot_ar(const char *folder, abn_buf *out, abn_error *err);
abn_status abn_plot_caar(const char *folder, abn_buf *out, abn_error *err);
abn_status abn_plot_forest(const char *folder, abn_buf *out, abn_error *err);
abn_status abn_plot_fit(const char *folder, abn_buf *out, abn_error *err);
abn_status abn_plot_prices(const char *folder, abn_buf *out, abn_error *err);
abn_status abn_plot_claims(const char *folder, abn_buf *out, abn_error *err);
abn_status abn_plot_moves(const char *folder, abn_buf *out, abn_error *err);
abn_status abn_plot_coincidence(const char *folder, abn_buf *out, abn_error *err);
abn_status abn_plot_parity(const char *folder, abn_buf *out, abn_error *err);
abn_status abn_plot_leadlag(const char *folder, abn_buf *out, abn_error *err);
abn_status abn_plot_venues(const char *folder, abn_buf *out, abn_error *err);
abn_status abn_plot_power(const char *folder, abn_buf *out, abn_error *err);

#pragma GCC visibility pop

#endif
