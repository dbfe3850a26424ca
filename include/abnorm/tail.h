/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far abnormal returns stray when nothing happens: a Student's t for standardised residuals.
 *
 * Daily returns have tails that a normal distribution does not know; its p-values of large moves
 * are wrong by orders of magnitude. The fit is by maximum likelihood of |z| with the largest share
 * censored (their number counts, their size does not), so that the moves which are looked for do
 * not make the tail that they are held against. */
#ifndef ABNORM_TAIL_H
#define ABNORM_TAIL_H

#include <abnorm/error.h>
#include <stddef.h>

typedef struct abn_tail {
    double nu;    /* degrees of freedom: the tail index; at most 200, which is normal for any use */
    double scale; /* z / scale has the t distribution */
    size_t n;     /* values it was fitted to */
} abn_tail;

/* Fit to `n` standardised residuals (NaN are passed over), the largest `censored` share of them by
 * number only (.01). ABN_HISTORY with fewer than 50 values or no spread. */
abn_status abn_tail_fit(const double *z, size_t n, double censored, abn_tail *tail, abn_error *err);
/* Two-sided p of one standardised residual. */
double abn_tail_p(const abn_tail *tail, double z);

#endif
