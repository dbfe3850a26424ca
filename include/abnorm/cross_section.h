/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What explains the differences between events: a regression of CARs with robust errors, weighted
 * and winsorised means. */
#ifndef ABNORM_CROSS_SECTION_H
#define ABNORM_CROSS_SECTION_H

#include <abnorm/lstsq.h>
#include <stdint.h>

/* How the coefficients' covariance is estimated from the residuals e and leverages h. */
typedef enum abn_errors {
    ABN_ERRORS_CLASSIC, /* one variance */
    ABN_ERRORS_HC0,     /* e^2 (White 1980) */
    ABN_ERRORS_HC1,     /* HC0 times n / (n - k) */
    ABN_ERRORS_HC2,     /* e^2 / (1 - h) (MacKinnon, White 1985) */
    ABN_ERRORS_HC3,     /* e^2 / (1 - h)^2: HC2 and this for few events */
    ABN_ERRORS_CLUSTER  /* summed within clusters, times G/(G-1) (n-1)/(n-k) (Liang, Zeger 1986) */
} abn_errors;

/* Regress v (n) on a constant and x[j] (n each), then replace fit->se, and fit->inverse times
 * sigma^2, by what `errors` says: `covariance` (k x k by rows; may be NULL) gets it. `cluster` (n
 * numbers, any) is read for ABN_ERRORS_CLUSTER only. `df` gets n - k, or clusters less one, for
 * Student's t. Statuses as abn_lstsq_fit(); ABN_HISTORY with fewer than two clusters, ABN_SINGULAR
 * when an event's leverage is one under HC2 or HC3. */
abn_status abn_cross_section_fit(abn_lstsq *fit, const double *v, size_t n, const double *const *x,
                                 size_t columns, abn_errors errors, const uint32_t *cluster,
                                 double *covariance, double *df, abn_error *err);

/* A weighted mean and its test. */
typedef struct abn_weighted {
    double mean, se, t, df, p;
} abn_weighted;

/* Mean of v with weights w (n, not negative, not all zero; NULL: equal), se from the weighted
 * squares about it times n/(n-1), which with equal weights is the usual one. ABN_HISTORY with fewer
 * than two weights above zero, ABN_SINGULAR without spread, ABN_DATA for a value or weight that is
 * none. Value weights are market values, precision weights one over the variance of each CAR. */
abn_status abn_cross_section_mean(const double *v, const double *w, size_t n, abn_weighted *out,
                                  abn_error *err);

/* Copy v to `out` with the lowest and the highest `share` (below a half) of its n values, rounded
 * down, set to the nearest value that is kept; NaN stay and do not count. ABN_USAGE for another
 * share. */
abn_status abn_cross_section_winsorise(const double *v, size_t n, double share, double *out,
                                       abn_error *err);

#endif
