/* SPDX-License-Identifier: GPL-3.0-or-later */
/* P values adjusted for how many there are. */
#include "rank.h"
#include <abnorm/statistic.h>
#include <math.h>
#include <stdlib.h>

static abn_status sorted(const double *p, size_t n, abn_ranked **out, size_t *count, abn_error *err)
{
    abn_ranked *work = malloc((2 * n + 1) * sizeof *work);
    if (!work) return abn_fail_memory(err);
    *count = abn_rank_sort(p, n, work, work + n);
    *out = work;
    return ABN_OK;
}

abn_status abn_adjust_holm(const double *p, size_t n, double *adjusted, abn_error *err)
{
    abn_ranked *order = NULL;
    size_t count = 0;
    abn_status status = sorted(p, n, &order, &count, err);
    if (status != ABN_OK) return status;
    for (size_t i = 0; i < n; i++)
        adjusted[i] = NAN;
    double most = 0;
    for (size_t i = 0; i < count; i++) {
        double v = (double)(count - i) * order[i].value;
        if (v > most) most = v;
        adjusted[order[i].at] = most < 1 ? most : 1;
    }
    free(order);
    return ABN_OK;
}

abn_status abn_adjust_bh(const double *p, size_t n, double *adjusted, abn_error *err)
{
    abn_ranked *order = NULL;
    size_t count = 0;
    abn_status status = sorted(p, n, &order, &count, err);
    if (status != ABN_OK) return status;
    for (size_t i = 0; i < n; i++)
        adjusted[i] = NAN;
    double least = 1;
    for (size_t i = count; i-- > 0;) {
        double v = (double)count / (double)(i + 1) * order[i].value;
        if (v < least) least = v;
        adjusted[order[i].at] = least;
    }
    free(order);
    return ABN_OK;
}
