/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running sums over one history: the moments of any window from two of its edges. */
#ifndef ABN_STATS_SUMS_H
#define ABN_STATS_SUMS_H

#include <abnorm/engine.h>

#pragma GCC visibility push(hidden)

/* Sums of all complete rows before an edge, each in two doubles, of values less the history's
 * means; every fourth row in one lane. */
typedef struct abn_sums_row {
    double high[5][4], low[5][4]; /* y, x, yy, xy, xx */
    double count;
} abn_sums_row;

/* The caller's memory: `edge` for every row of the history and one more, zero; `row` for every edge
 * that is marked, at most as many. */
typedef struct abn_sums {
    uint32_t *edge;
    abn_sums_row *row;
    double mean_y, mean_x;
} abn_sums;

/* Moments of a window about its own means. */
typedef struct abn_moments {
    size_t n;
    double mean_y, mean_x, yy, xy, xx;
} abn_moments;

/* A row where some window begins, or the one after its last. */
void abn_sums_mark(abn_sums *sums, size_t row);
/* Sum rows [from, to) of y and x (NULL: none) up to each edge that was marked; from and to are
 * edges. */
void abn_sums_make(abn_sums *sums, const double *y, const double *x, size_t from, size_t to);
/* Rows [from, to) between two edges. */
abn_moments abn_sums_window(const abn_sums *sums, size_t from, size_t to);
/* Forget the edges of [from, to]. */
void abn_sums_clear(abn_sums *sums, size_t from, size_t to);

#pragma GCC visibility pop

#endif
