/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is large in calm weeks need not be large in wild ones: z by the scale of the z before it. */
#include "scan_parts.h"

#include <math.h>
#include <stdlib.h>

#define DECAY   0.94 /* a session, of the rolling scale (RiskMetrics 1996) */
#define WARM_UP 20   /* sessions before a rolling scale is trusted */
#define BOUND   16 /* one extreme session is no new regime: it counts as four deviations at most */

/* z without gaps: what the recursions run over. */
typedef struct dense {
    double *z;  /* as measured */
    double *h;  /* variance expected from the sessions before */
    size_t *at; /* row */
    size_t n;
} dense;

static bool make_dense(const abn_scanned *l, dense *d)
{
    size_t most = l->tested + 1;
    *d = (dense){malloc(most * sizeof *d->z), malloc(most * sizeof *d->h),
                 malloc(most * sizeof *d->at), 0};
    if (!d->z || !d->h || !d->at) return false;
    for (size_t t = l->first; t < l->end; t++)
        if (!isnan(l->z[t])) {
            d->at[d->n] = t;
            d->z[d->n++] = l->z[t];
        }
    return true;
}

static void free_dense(dense *d)
{
    free(d->z);
    free(d->h);
    free(d->at);
}

static double shock(double z, double h)
{
    return fmin(z * z, BOUND * h);
}

static void roll(dense *d)
{
    double h = 1;
    for (size_t i = 0; i < d->n; i++) {
        d->h[i] = i < WARM_UP ? 1 : h;
        h = DECAY * h + (1 - DECAY) * shock(d->z[i], h);
    }
}

abn_status abn_scan_scale(abn_scanned *l, abn_volatility volatility, abn_error *err)
{
    dense d;
    if (volatility == ABN_VOLATILITY_CONSTANT) return ABN_OK;
    abn_status status = make_dense(l, &d) ? ABN_OK : abn_fail_memory(err);
    if (status == ABN_OK) {
        roll(&d);
        for (size_t i = 0; i < d.n; i++)
            l->z[d.at[i]] = d.z[i] / sqrt(d.h[i]);
    }
    free_dense(&d);
    return status;
}
