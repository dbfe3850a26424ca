/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a benchmark model was fitted to: the returns of the estimation window against the
 * benchmark's. */
#ifndef ABNORM_SCATTER_H
#define ABNORM_SCATTER_H

#include <abnorm/date.h>
#include <abnorm/error.h>
#include <abnorm/study.h>
#include <stddef.h>

typedef struct abn_scatter_row {
    const char *event_id, *symbol, *model; /* live as long as the study */
    abn_date date;
    double value, benchmark; /* returns of the listing and of its benchmark */
    double alpha, beta;      /* of the fit, the same on every row of an event */
} abn_scatter_row;

/* Rows by model, event, date of the first `most` fitted events under each model that has one
 * benchmark; days without either return are left out. free() the rows. */
abn_status abn_scatter_rows(const abn_study *study, size_t most, abn_scatter_row **rows, size_t *n,
                            abn_error *err);

#endif
