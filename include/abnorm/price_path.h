/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prices of the studied listings around their events, indexed, for the picture that shows both. */
#ifndef ABNORM_PRICE_PATH_H
#define ABNORM_PRICE_PATH_H

#include <abnorm/date.h>
#include <abnorm/error.h>
#include <abnorm/study.h>
#include <stddef.h>

typedef struct abn_price_row {
    const char *symbol; /* lives as long as the quotes */
    abn_date date;
    double close;
    double index;         /* 100 on the first day shown */
    const char *event_id; /* whose first session it is; "" none; lives as long as the study */
} abn_price_row;

/* Closes of every listing that has an event, from `before` sessions ahead of the first event to
 * `after` sessions past the last, by symbol and date. free() the rows. */
abn_status abn_price_rows(const abn_study *study, const abn_quotes *quotes, size_t before,
                          size_t after, abn_price_row **rows, size_t *n, abn_error *err);

#endif
