/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of a mean that draw their null distribution from the sample itself. */
#ifndef ABNORM_RESAMPLE_H
#define ABNORM_RESAMPLE_H

#include <abnorm/error.h>
#include <stddef.h>
#include <stdint.h>

/* Replicate r of a test draws from the random stream (seed, the test's own stream, r), so that a
 * result depends on no order of work. p counts the sample itself: (1 + exceeding) / (1 + drawn). */
typedef struct abn_resample_plan {
    size_t replicates;
    uint64_t seed;
} abn_resample_plan;

typedef struct abn_resampled {
    double value;            /* the sample's statistic */
    double p;                /* two-sided */
    double p_upper, p_lower; /* one-sided: replicates at least as high, at least as low */
} abn_resampled;

/* Room for `replicates` sums; NULL without memory. One per thread: the tests allocate nothing. */
typedef struct abn_resample_workspace abn_resample_workspace;
abn_resample_workspace *abn_resample_workspace_new(size_t replicates);
void abn_resample_workspace_free(abn_resample_workspace *work);

/* In all of these `x` holds one finite value an event. ABN_HISTORY for fewer than two of them (five
 * for the skewness test), ABN_SINGULAR when they do not vary, ABN_USAGE when the workspace is
 * smaller than the plan. `out` is then untouched. */

/* Permutation of signs: the mean's t among those of the samples with every sign drawn anew, exact
 * under symmetry about zero. All 2^n patterns when they are no more than the plan's (Fisher 1935).
 */
abn_status abn_resample_sign_flip(abn_resample_workspace *work, const double *x, size_t n,
                                  const abn_resample_plan *plan, abn_resampled *out,
                                  abn_error *err);

/* Wild bootstrap: the mean's t among those of deviations from the mean times +1 or -1 (Wu 1986; Liu
 * 1988; the weights of Davidson and Flachaire 2008). */
abn_status abn_resample_wild(abn_resample_workspace *work, const double *x, size_t n,
                             const abn_resample_plan *plan, abn_resampled *out, abn_error *err);

/* The skewness-adjusted t of mean buy-and-hold abnormal returns, sqrt(n)(S + g S^2/3 + g/(6n)) with
 * S mean over sd and g the skewness, among those of resamples about the sample's mean; p is twice
 * the smaller tail (Johnson 1978; Lyon, Barber, Tsai 1999). A resample has n/4 events as theirs,
 * but at least fifty, or all: smaller ones have fatter tails than the sample's statistic. */
abn_status abn_resample_skewness(abn_resample_workspace *work, const double *x, size_t n,
                                 const abn_resample_plan *plan, abn_resampled *out, abn_error *err);

#endif
