/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What rank 0 holds of the occasions of every rank, and how it comes there. */
#ifndef ABN_STATS_TOGETHER_H
#define ABN_STATS_TOGETHER_H

#include "members.h"

#pragma GCC visibility push(hidden)

/* The arrays of a sample, each of `room`. */
typedef struct abn_columns {
    size_t n, room;
    uint32_t *event;
    double *car, *scar, *csar, *bhar, *weight;
    double *all; /* owned */
} abn_columns;

bool abn_columns_make(abn_columns *c, size_t room);
void abn_columns_free(abn_columns *c);

typedef struct abn_together {
    abn_panel panel; /* of all members: variance, rows, params, ar, date; no histories */
    uint32_t *event; /* n: their places in it */
    size_t n;
    size_t first; /* of this rank's members among all */
} abn_together;

/* Whether the crew's panels are of one shape, and that shape for a rank that has none; `empty` is
 * where it is kept. */
abn_status abn_together_shape(const abn_crew *crew, const abn_panel **panel, abn_panel *empty,
                              abn_error *err);
/* On rank 0 every rank's; elsewhere only `first` and `n` are right. */
abn_status abn_together_new(const abn_crew *crew, const abn_panel *panel,
                            const abn_members *members, abn_together *out, abn_error *err);
void abn_together_free(abn_together *all);

/* Spread of all ranks' values (NaN left out), known to all. */
abn_status abn_together_sd(const abn_crew *crew, const double *value, size_t n, size_t total,
                           double *sd, abn_error *err);
/* The samples of all ranks one after the other into `all`, on rank 0; `mine` has places among this
 * rank's members for `event`. */
abn_status abn_together_sample(const abn_crew *crew, const abn_together *all,
                               const abn_columns *mine, abn_columns *to, abn_error *err);

#pragma GCC visibility pop

#endif
