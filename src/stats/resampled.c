/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests whose null distribution is drawn from the sample. */
#include "tests.h"
#include <abnorm/resample.h>
#include <math.h>

typedef abn_status resample_function(abn_resample_workspace *work, const double *x, size_t n,
                                     const abn_resample_plan *plan, abn_resampled *out,
                                     abn_error *err);

/* Run one on `x`. A sample that cannot be tested leaves the cell empty; only memory fails. */
static abn_status run(resample_function *function, const abn_sample *s, const double *x,
                      abn_test *out, abn_error *err)
{
    abn_resample_plan plan = {s->replicates, s->seed};
    abn_resampled found;
    abn_resample_workspace *work = abn_resample_workspace_new(s->replicates);
    if (!work) return abn_fail_memory(err);
    out->estimate = abn_mean(x, s->n);
    if (function(work, x, s->n, &plan, &found, NULL) == ABN_OK) {
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
    (void)scratch;
    return run(abn_resample_wild, s, s->car, out, err);
}

abn_status abn_test_permutation(const abn_sample *s, double *scratch, abn_test *out, abn_error *err)
{
    (void)scratch;
    return run(abn_resample_sign_flip, s, s->car, out, err);
}

abn_status abn_test_bhar_skewness(const abn_sample *s, double *scratch, abn_test *out,
                                  abn_error *err)
{
    (void)scratch;
    return run(abn_resample_skewness, s, s->bhar, out, err);
}
