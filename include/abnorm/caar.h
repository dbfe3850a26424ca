/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Average abnormal returns along event time, summed up: the path that an event-study picture shows.
 */
#ifndef ABNORM_CAAR_H
#define ABNORM_CAAR_H

#include <abnorm/error.h>
#include <abnorm/study.h>
#include <stddef.h>
#include <stdint.h>

/* One group and model on one day relative to the event. */
typedef struct abn_caar_row {
    const char *group, *model; /* live as long as the study and its events; "all" is every event */
    int64_t event_time;
    int64_t n;        /* events whose abnormal returns are all there up to this day */
    double aar, caar; /* means over them: of the day, of the sum since the window's first day */
    double caar_se, lo,
        hi; /* cross-sectional: sd / sqrt(n), and the interval of Student's t; NaN for one event */
} abn_caar_row;

/* Rows by model, group ("all" first, then in order of names where `groups`), day.
 * free() the rows. */
abn_status abn_caar_rows(const abn_study *study, abn_caar_row **rows, size_t *n, abn_error *err);

#endif
