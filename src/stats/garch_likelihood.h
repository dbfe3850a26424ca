/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The normal likelihood of a regression with (E)GARCH errors, and its first two derivatives. */
#ifndef ABNORM_STATS_GARCH_LIKELIHOOD_H
#define ABNORM_STATS_GARCH_LIKELIHOOD_H

#include <abnorm/garch.h>
#include <stddef.h>

#pragma GCC visibility push(hidden)

typedef struct abn_garch_problem {
    abn_garch_kind kind;
    size_t n, k, p;  /* observations, mean coefficients, parameters */
    double round;    /* EGARCH: |z| is sqrt(z^2 + round^2) */
    const double *y; /* n */
    const double *z; /* k columns of n, the first all one */
    double *e, *h;   /* n: residuals and variances of the last evaluation */
    double variance; /* of least squares' residuals */
    double start;    /* mean squared residual, and its derivatives */
    double *start1;  /* k */
    double *start2;  /* k x k; does not depend on the parameters */
    double *s1, *s2; /* p, p x p: derivatives of h (GARCH) or log h (EGARCH) */
    double *z1;      /* p: derivatives of e / sqrt(h) */
    double *u1;      /* p: derivatives of log h */
} abn_garch_problem;

/* Doubles that a problem's arrays from e on need. */
size_t abn_garch_problem_size(size_t n, size_t k, size_t p);
/* Point the arrays into `block`, and fill what depends on the regressors alone. */
void abn_garch_problem_set(abn_garch_problem *problem, double *block);

/* Minus the log likelihood at `theta`, infinite outside the parameters' range; with its gradient
 * (p) and Hessian (p x p) where these are not NULL. */
double abn_garch_minus_log(abn_garch_problem *problem, const double *theta, double *gradient,
                           double *hessian);

#pragma GCC visibility pop

#endif
