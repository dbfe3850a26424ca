/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Do groups of events differ? */
#ifndef ABNORM_GROUPS_H
#define ABNORM_GROUPS_H

#include <abnorm/error.h>
#include <stddef.h>
#include <stdint.h>

typedef struct abn_difference {
    size_t n, groups; /* values and groups that took part */
    double estimate;  /* of two groups: first less second (means, or the Hodges-Lehmann shift of up
                       * to 2,000 values); else NaN */
    double value;     /* the statistic */
    double df, df2;   /* degrees of freedom; NaN where it has none */
    double p;         /* two-sided; upper tail of F and chi-squared */
} abn_difference;

/* In all of these `group[i]` is the group, from 0 to groups - 1, of the finite value v[i]; groups
 * without a value are passed over. ABN_HISTORY when fewer than two groups are left or one is too
 * small, ABN_SINGULAR without spread, ABN_DATA for a value that is not finite. */

/* Welch's t of two means, df after Satterthwaite; Welch's F of more (Welch 1947, 1951). Groups need
 * two values. */
abn_status abn_groups_welch(const double *v, const uint32_t *group, size_t n, size_t groups,
                            abn_difference *out, abn_error *err);

/* Rank-sum test of two groups; the value is z with mid-ranks, corrected for ties and continuity, p
 * exact when both have fewer than 50 values and none are equal (Wilcoxon 1945; Mann, Whitney 1947).
 */
abn_status abn_groups_rank_sum(const double *v, const uint32_t *group, size_t n, size_t groups,
                               abn_difference *out, abn_error *err);

/* Kruskal-Wallis H of any number of groups, corrected for ties (1952). */
abn_status abn_groups_kruskal_wallis(const double *v, const uint32_t *group, size_t n,
                                     size_t groups, abn_difference *out, abn_error *err);

#endif
