/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What tells a study's events apart: regressions of their CARs on columns, differences between
 * groups, weighted means, and the smallest effect that so many events can show. */
#ifndef ABNORM_STUDY_CROSS_H
#define ABNORM_STUDY_CROSS_H

#include <abnorm/cross_section.h>
#include <abnorm/events.h>
#include <abnorm/study.h>

typedef enum abn_cluster { ABN_CLUSTER_FIRM, ABN_CLUSTER_DATE } abn_cluster;

typedef struct abn_cross_settings {
    /* Columns of the events to regress on. A column of numbers is one regressor; one of words is an
     * indicator for each but the first in order of bytes. Events with an empty cell are left out.
     */
    const char *const *regress;
    size_t n_regress;
    abn_errors errors;   /* HC3 for want of another */
    abn_cluster cluster; /* for ABN_ERRORS_CLUSTER: listings, or first sessions */
    const char *weights; /* column of value weights, or NULL */
    double winsorise;    /* share set to the nearest value kept at either end, 0: none */
    double power, level; /* of the smallest effect: .8 and .05 */
} abn_cross_settings;

/* One line of cross_section.csv. `analysis` is mean, precision_weighted_mean, value_weighted_mean,
 * minimum_effect, regression_* with a row a coefficient, welch_t or welch_f, rank_sum_z,
 * kruskal_wallis_h. */
typedef struct abn_cross_row {
    const char *model;
    int64_t window_from, window_to;
    const char *analysis, *term; /* term: a regressor, or the groups */
    int64_t n;
    double estimate, se, value, df, df2, p, r_squared;
    const char *note; /* why there is no figure, or NULL */
} abn_cross_row;

typedef struct abn_cross abn_cross;

/* All models and windows of the study; differences between groups where it has them. An analysis
 * that cannot be made keeps its row, with a note. ABN_USAGE for a column that is not there or holds
 * more than 50 words. Rows live as long as the cross and the study. */
abn_status abn_cross_new(const abn_study *study, const abn_event_list *events,
                         const abn_cross_settings *settings, abn_cross **out, abn_error *err);
void abn_cross_free(abn_cross *cross);
const abn_cross_row *abn_cross_rows(const abn_cross *cross, size_t *n);

#endif
