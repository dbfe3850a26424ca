/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What tests see of every occasion of a group, by columns: of this process, or with a crew on rank
 * 0 of all of them. */
#ifndef ABN_STATS_SHEET_H
#define ABN_STATS_SHEET_H

#include "members.h"

#pragma GCC visibility push(hidden)

/* The arrays of a sample, each of `room`. */
typedef struct abn_columns {
    size_t n, room;
    uint32_t *place;
    double *car, *scar, *csar, *bhar, *weight;
    double *all; /* owned */
} abn_columns;

bool abn_columns_make(abn_columns *c, size_t room);
void abn_columns_free(abn_columns *c);

/* Days lie one after the other, as a test of one day reads that day of all occasions. */
typedef struct abn_sheet {
    size_t n, l;
    uint32_t *place; /* n: 0, 1, .. */
    double *variance;
    uint32_t *rows, *params;
    double *ar, *sar;    /* l x n: abnormal returns, and standardised; NaN missing */
    abn_date *date;      /* l x n: dates (or rows); 0 missing */
    bool *whole;         /* l: whether every occasion has the day */
    abn_date low, high;  /* between which the days lie that any has */
    size_t first, total; /* with a crew: this rank's members among all, and how many these are */
} abn_sheet;

/* This process's members. */
abn_status abn_sheet_new(const abn_panel *panel, const abn_members *members, int threads,
                         abn_sheet *out, abn_error *err);
/* Those of all ranks on rank 0; elsewhere only `first` and `total` are filled. */
abn_status abn_sheet_gather(const abn_crew *crew, const abn_panel *panel,
                            const abn_members *members, int threads, abn_sheet *out,
                            abn_error *err);
void abn_sheet_free(abn_sheet *sheet);

/* Whether the crew's panels are of one shape, and that shape for a rank that has none; `empty` is
 * where it is kept. */
abn_status abn_crew_shape(const abn_crew *crew, const abn_panel **panel, abn_panel *empty,
                          abn_error *err);
/* Standard deviation of all ranks' values (NaN left out), on rank 0. */
abn_status abn_crew_sd(const abn_crew *crew, const double *value, size_t n, size_t total,
                       double *sd, abn_error *err);
/* The samples of all ranks one after the other, on rank 0. */
abn_status abn_crew_sample(const abn_crew *crew, const abn_sheet *sheet, const abn_columns *mine,
                           abn_columns *to, abn_error *err);

#pragma GCC visibility pop

#endif
