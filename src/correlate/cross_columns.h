/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of an events file as regressors. */
#ifndef ABN_CORRELATE_CROSS_COLUMNS_H
#define ABN_CORRELATE_CROSS_COLUMNS_H

#include <abnorm/arena.h>
#include <abnorm/events.h>

#pragma GCC visibility push(hidden)

enum { ABN_REGRESSORS_MOST = 256 };

/* A value an event, NaN where the cell is empty. */
typedef struct abn_regressor {
    const char *name;
    double *value;
} abn_regressor;

/* Append the regressors of column `name` to `out` (`*n` of ABN_REGRESSORS_MOST so far): itself if
 * all its cells are numbers, else an indicator for each word but the first. */
abn_status abn_regressors_add(const abn_event_list *events, const char *name, abn_arena *arena,
                              abn_regressor *out, size_t *n, abn_error *err);
/* A column that must hold numbers. */
abn_status abn_regressor_numbers(const abn_event_list *events, const char *name, abn_arena *arena,
                                 double **out, abn_error *err);

#pragma GCC visibility pop

#endif
