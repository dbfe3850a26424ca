/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running sums over one history: the moments of any window from two rows. */
#ifndef ABN_STATS_SUMS_H
#define ABN_STATS_SUMS_H

#include <abnorm/engine.h>

#pragma GCC visibility push(hidden)

/* Sums of all complete rows before a row, each in two doubles, of values less the history's means.
 */
typedef struct abn_sums_row {
    double high[5], low[5]; /* y, x, yy, xy, xx */
    double count;
} abn_sums_row;

typedef struct abn_sums {
    abn_sums_row *row; /* rows from..to and one more; the caller's */
    size_t from;
    double mean_y, mean_x;
} abn_sums;

/* Moments of a window about its own means. */
typedef struct abn_moments {
    size_t n;
    double mean_y, mean_x, yy, xy, xx;
} abn_moments;

/* Sum rows [from, to) of y and x (NULL: none); `sums->row` has room for to - from + 1. */
void abn_sums_make(abn_sums *sums, const double *y, const double *x, size_t from, size_t to);
/* Rows [from, to) within those summed. */
abn_moments abn_sums_window(const abn_sums *sums, size_t from, size_t to);

#pragma GCC visibility pop

#endif
