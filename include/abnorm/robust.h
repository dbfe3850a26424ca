/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linear regression that a few wild observations cannot carry away. */
#ifndef ABNORM_ROBUST_H
#define ABNORM_ROBUST_H

#include <abnorm/lstsq.h>

/* Fit y (n) on a constant and `columns` regressors by Huber's M-estimator, constant 1.345 (Huber
 * 1964), reweighting least squares until it settles: residuals are divided by sqrt(1 - leverage)
 * and by the median absolute residual over .6745. sigma follows Street, Carroll and Ruppert 1988
 * with DuMouchel and O'Brien's 1989 guard, se and inverse = (X'X)^-1 belong to it. `fit` needs room
 * for n and columns + 1; its residual and sse are of the robust line, r_squared is 1 - sse/sst.
 * Statuses as abn_lstsq_fit(); ABN_CONVERGENCE when the weights do not settle. */
abn_status abn_robust_fit(abn_lstsq *fit, const double *y, size_t n, const double *const *x,
                          size_t columns, abn_error *err);

#endif
