/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ordinary least squares, accurate to about the last digits that the data determine. */
#ifndef ABNORM_LSTSQ_H
#define ABNORM_LSTSQ_H

#include <abnorm/error.h>
#include <stdbool.h>
#include <stddef.h>

/* One regression's results, and the memory for the next one. `k` counts coefficients, the constant
 * (first, when there is one) included. */
typedef struct abn_lstsq {
    size_t n, k;
    double *coef;     /* k */
    double *se;       /* k: sigma times the root of the inverse's diagonal */
    double *inverse;  /* k x k, by rows: (X'X)^-1 */
    double *residual; /* n */
    double sse;       /* sum of squared residuals */
    double sigma;     /* sqrt(sse / (n - k)) */
    double r_squared; /* about the mean with a constant, about zero without */
    struct abn_lstsq_scratch *scratch;
} abn_lstsq;

/* Room for regressions of up to `n` observations on `k` coefficients; NULL without memory. One per
 * thread: a fit allocates nothing. */
abn_lstsq *abn_lstsq_new(size_t n, size_t k);
void abn_lstsq_free(abn_lstsq *fit);

/* The same in memory of the caller's: abn_lstsq_room() doubles, for which malloc() would do. */
size_t abn_lstsq_room(size_t n, size_t k);
abn_lstsq *abn_lstsq_place(double *room, size_t n, size_t k);

/* Regress `y` (n) on the `columns` arrays x[j] (n each), with a constant first if asked.
 * Householder QR of columns scaled by powers of two, then Björck's refinement of residuals and
 * coefficients together with dot products in twice the working precision (Björck 1967, BIT 7).
 * ABN_HISTORY when n <= k, ABN_DATA for a value that is not finite, ABN_SINGULAR for a regressor
 * that is constant beside a constant, zero, or a combination of others up to rounding. A fit larger
 * than the room is ABN_USAGE. On failure `fit` keeps the last results. */
abn_status abn_lstsq_fit(abn_lstsq *fit, const double *y, size_t n, const double *const *x,
                         size_t columns, bool constant, abn_error *err);

/* x'(X'X)^-1 x of the last fit at a point (k values, 1 first for a constant): the part that
 * estimation adds to a forecast's variance factor. */
double abn_lstsq_leverage(const abn_lstsq *fit, const double *point);

#endif
