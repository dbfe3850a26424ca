/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Market models of listings that trade thinly. */
#ifndef ABNORM_THIN_H
#define ABNORM_THIN_H

#include <abnorm/error.h>
#include <stddef.h>

/* A line alpha + beta x whose slope was not found by regressing on x alone. */
typedef struct abn_thin {
    double alpha, beta;
    double inverse[4]; /* variance of (alpha, beta) over sigma^2, by rows */
    double sigma;      /* sqrt(sum of squared residuals / (n - params)) */
    double r_squared;  /* 1 - sse/sst; may be below zero */
    double raw_beta;   /* the slope of a plain regression on the same rows */
    size_t n, params;  /* rows used; coefficients estimated */
} abn_thin;

/* `shifted[reach + s]` is the benchmark's return s sessions later, s = -reach .. reach, columns of
 * n beside y; rows with a NaN in one of them are left out. ABN_HISTORY with no more rows than
 * coefficients, ABN_SINGULAR when the benchmark does not vary. */

/* beta = (b_-1 + b_0 + b_1) / (1 + 2 rho), b_s the slope on the benchmark s sessions later, 1 + 2
 * rho the same three slopes of the benchmark's own return, so that its own beta is one; alpha from
 * the means (Scholes, Williams 1977). The variance is that of the instrumental variable that the
 * sum of the three columns is. reach is 1. */
abn_status abn_thin_scholes_williams(const double *y, const double *const *shifted, size_t n,
                                     abn_thin *out, abn_error *err);

/* beta = the sum of the coefficients of one regression on all shifted columns; alpha from the means
 * (Dimson 1979). reach >= 1. */
abn_status abn_thin_dimson(const double *y, const double *const *shifted, size_t reach, size_t n,
                           abn_thin *out, abn_error *err);

#endif
