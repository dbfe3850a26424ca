/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests whose null distribution is drawn from the sample. */
#include "rank.h"
#include "tests.h"
#include <abnorm/resample.h>
#include <math.h>
#include <stdlib.h>

typedef abn_status resample_function(abn_resample_workspace *work, const double *x, size_t n,
                                     const abn_resample_plan *plan, abn_resampled *out,
                                     abn_error *err);

/* `x` in ascending order, so that what is drawn does not depend on the order of the events. */
static bool put_in_order(const double *x, size_t n, double *out)
{
    abn_ranked *work = malloc((2 * n + 1) * sizeof *work);
    if (!work) return false;
    abn_rank_sort(x, n, work, work + n);
    for (size_t i = 0; i < n; i++)
        out[i] = work[i].value;
    free(work);
    return true;
}

/* Run one on `x`. A sample that cannot be tested leaves the cell empty; only memory fails. */
static abn_status run(resample_function *function, const abn_sample *s, const double *x,
                      double *scratch, abn_test *out, abn_error *err)
{
    abn_resample_plan plan = {s->replicates, s->seed};
    abn_resampled found;
    abn_resample_workspace *work = abn_resample_workspace_new(s->replicates);
    if (!work || !put_in_order(x, s->n, scratch)) {
        abn_resample_workspace_free(work);
        return abn_fail_memory(err);
    }
    out->estimate = abn_mean(scratch, s->n);
    if (function(work, scratch, s->n, &plan, &found, NULL) == ABN_OK) {
        out->value = found.value;
        out->p = found.p;
        out->p_upper = found.p_upper;
        out->p_lower = found.p_lower;
    }
    abn_resample_workspace_free(work);
    return ABN_OK;
}

abn_status abn_test_wild_bootstrap(const abn_sample *s, double *scratch, abn_test *out,
                                   abn_error *err)
{
    return run(abn_resample_wild, s, s->car, scratch, out, err);
}

abn_status abn_test_permutation(const abn_sample *s, double *scratch, abn_test *out, abn_error *err)
{
    return run(abn_resample_sign_flip, s, s->car, scratch, out, err);
}

abn_status abn_test_bhar_skewness(const abn_sample *s, double *scratch, abn_test *out,
                                  abn_error *err)
{
    return run(abn_resample_skewness, s, s->bhar, scratch, out, err);
}
