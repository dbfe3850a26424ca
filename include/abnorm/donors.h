/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison portfolio of other listings: given weights, or weights fitted before the event. */
#ifndef ABNORM_DONORS_H
#define ABNORM_DONORS_H

#include <abnorm/error.h>
#include <stddef.h>

/* How well a portfolio follows a listing. */
typedef struct abn_donors {
    double sse;       /* sum of squared differences */
    double r_squared; /* 1 - sse / sum of squares about the mean; may be below zero */
    size_t held;      /* weights above zero */
} abn_donors;

/* Weights that minimise the sum of squared differences between y (n returns) and the portfolio of
 * the k columns x, none negative, summing to one: synthetic control on returns (Abadie,
 * Diamond, Hainmueller 2010), by an active-set method after Lawson and Hanson 1974. `weight` (k)
 * and, when not NULL, `inverse` (k x k by rows: variance of the weights over sigma^2 with the zero
 * ones held at zero) are filled. Among equally good portfolios it is one of few holdings.
 * ABN_HISTORY with fewer than two rows or no donor, ABN_DATA for a value that is not finite,
 * ABN_CONVERGENCE should the active set not settle. */
abn_status abn_donors_fit(const double *y, size_t n, const double *const *x, size_t k,
                          double *weight, double *inverse, abn_donors *out, abn_error *err);

/* The same figures for given weights. */
void abn_donors_follow(const double *y, size_t n, const double *const *x, size_t k,
                       const double *weight, abn_donors *out);

#endif
