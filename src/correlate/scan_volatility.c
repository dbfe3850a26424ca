/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is large in calm weeks need not be large in wild ones: z by the scale of the z before it. */
#include "scan_parts.h"

#include <abnorm/garch.h>
#include <math.h>
#include <stdlib.h>

#define DECAY   0.94 /* a session, of the rolling scale (RiskMetrics 1996) */
#define WARM_UP 20   /* sessions before a rolling scale is trusted */
#define LEAST   150  /* sessions before a GARCH fit */
#define QUARTER 63   /* sessions until it is fitted anew */
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

/* From `from` to `to` by parameters that were fitted to what lies before. */
static void filter(dense *d, size_t from, size_t to, double omega, double alpha, double beta)
{
    double unconditional = alpha + beta < 0.999 ? omega / (1 - alpha - beta) : 1;
    double h = unconditional;
    for (size_t i = 0; i < to; i++) {
        if (i >= from) d->h[i] = h;
        h = omega + alpha * shock(d->z[i], h) + beta * h;
    }
}

/* Extremes are drawn in before the fit, or one move would pass for persistent volatility. */
static abn_status fit_quarters(dense *d, abn_error *err)
{
    abn_garch *fit = abn_garch_new(d->n, 1);
    double *tame = malloc((d->n + 1) * sizeof *tame);
    abn_status status = fit && tame ? ABN_OK : abn_fail_memory(err);
    for (size_t i = 0; tame && i < d->n; i++)
        tame[i] = fmax(-4, fmin(4, d->z[i]));
    for (size_t from = LEAST; status == ABN_OK && from < d->n; from += QUARTER) {
        size_t to = from + QUARTER < d->n ? from + QUARTER : d->n;
        abn_status one = abn_garch_fit(fit, ABN_GARCH, tame, from, NULL, 0, NULL);
        if (one == ABN_MEMORY) status = abn_fail_memory(err);
        /* Where no maximum is found, the rolling scale stays. */
        if (one == ABN_OK && !fit->constant)
            filter(d, from, to, fit->coef[1], fit->coef[2], fit->coef[3]);
    }
    free(tame);
    abn_garch_free(fit);
    return status;
}

abn_status abn_scan_scale(abn_scanned *l, abn_volatility volatility, abn_error *err)
{
    dense d;
    if (volatility == ABN_VOLATILITY_CONSTANT) return ABN_OK;
    abn_status status = make_dense(l, &d) ? ABN_OK : abn_fail_memory(err);
    if (status == ABN_OK) {
        roll(&d);
        if (volatility == ABN_VOLATILITY_GARCH && d.n > LEAST) status = fit_quarters(&d, err);
        for (size_t i = 0; i < d.n; i++)
            l->z[d.at[i]] = d.z[i] / sqrt(d.h[i]);
    }
    free_dense(&d);
    return status;
}
