/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linear regressions with GARCH(1,1) or EGARCH(1,1) errors, by maximum likelihood. */
#ifndef ABNORM_GARCH_H
#define ABNORM_GARCH_H

#include <abnorm/error.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum abn_garch_kind {
    /* h_t = omega + alpha e_{t-1}^2 + beta h_{t-1} (Bollerslev 1986) */
    ABN_GARCH,
    /* log h_t = omega + alpha (|z_{t-1}| - sqrt(2/pi)) + beta log h_{t-1} + gamma z_{t-1},
     * z = e / sqrt(h) (Nelson 1991) */
    ABN_EGARCH
} abn_garch_kind;

/* Parameters in this order: `k` mean coefficients (constant first), omega, alpha, beta, gamma. */
typedef struct abn_garch {
    abn_garch_kind kind;
    size_t n, k, params; /* observations, mean coefficients, all parameters */
    double *coef;        /* params */
    double *se;          /* params: from the analytic Hessian; NaN for one on its bound */
    double *cov;         /* params x params, by rows: inverse of the negative Hessian */
    double *residual;    /* n */
    double *variance;    /* n: h_t */
    double log_likelihood;
    bool constant; /* no ARCH effect: the maximum lies at alpha = 0, where h_t is one number */
    struct abn_garch_scratch *scratch;
} abn_garch;

/* Room for `n` observations and `k` mean coefficients; NULL without memory. One per thread. */
abn_garch *abn_garch_new(size_t n, size_t k);
void abn_garch_free(abn_garch *fit);

/* Fit y (n, in order of time) on a constant and `columns` regressors x[j] (n each) with normal
 * errors. Before the sample e^2 and h are the mean squared residual (log h likewise, and z = 0), as
 * in Fiorentini, Calzolari and Panattoni 1996, whose benchmark this meets. GSL's BFGS goes most of
 * the way, Newton's method with the analytic Hessian the rest. alpha and beta stay within [0, 1);
 * EGARCH's |z| is sqrt(z^2 + 1e-6), which has derivatives. ABN_HISTORY below 20 observations
 * more than parameters, ABN_DATA for a value that is not finite, ABN_SINGULAR for collinear
 * regressors or no residual, ABN_CONVERGENCE when no maximum was reached; `fit` then keeps the last
 * results. */
abn_status abn_garch_fit(abn_garch *fit, abn_garch_kind kind, const double *y, size_t n,
                         const double *const *x, size_t columns, abn_error *err);

/* Expected variances of the `steps` days after the sample. */
void abn_garch_forecast(const abn_garch *fit, double *variance, size_t steps);

#endif
