/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expected-return models: one registry row each, from an estimation window to coefficients.
 *
 * Every model ends as a linear forecast E[R_t] = coef[0] + sum_j coef[j] x_jt, so the engine needs
 * to know nothing of how the coefficients came about. A new model is a fit function, and a row of
 * abn_models. */
#ifndef ABNORM_MODEL_H
#define ABNORM_MODEL_H

#include <abnorm/error.h>
#include <abnorm/slice.h>
#include <stdbool.h>
#include <stddef.h>

/* What a model takes its expectation from. */
typedef enum abn_model_kind {
    ABN_MODEL_MEAN,    /* nothing but the listing's own returns */
    ABN_MODEL_MARKET,  /* x_1 is the benchmark's return */
    ABN_MODEL_FACTORS, /* x_1 .. x_k are the columns of a factors file, y is in excess of its
                        * risk-free
                        */
    ABN_MODEL_DONORS   /* x_1 .. x_k are other listings' returns; coef are their weights */
} abn_model_kind;

/* One event's estimation window. Rows are complete (no NaN) and in order of time. */
typedef struct abn_design {
    size_t n;               /* rows */
    size_t k;               /* regressors without the constant */
    const double *y;        /* n returns */
    const double *const *x; /* k columns of n */
    /* The benchmark `lead` sessions later (index reach+lead), for models with a reach: columns of
     * n, NaN where the neighbour is missing. [reach] is x[0]. NULL without a reach. */
    const double *const *shifted;
    size_t reach;
    /* The event window, for models whose forecast error varies with time: its rows lie `gap` + 0,
     * 1, .. sessions after the last estimation row; those below 1 have no forecast. */
    size_t window;
    int gap;
    const double *weight; /* k given weights of donors, sum 1; NULL: none are given */
} abn_design;

#define ABN_MODEL_EXTRAS 8

/* What a fit found. The caller owns the arrays. */
typedef struct abn_fit {
    double *coef; /* k + 1: constant first; the forecast's coefficients */
    /* (X'X)^-1 of the forecast's regressors with the constant, (k + 1)^2 by rows; all zero for a
     * model that estimates nothing it forecasts with (then the forecast error is the return's own).
     */
    double *cov;
    /* Standard deviation of each event-window day's error as a multiple of sigma, before the
     * coefficients' own uncertainty; the engine fills 1 before the call, only heteroscedastic
     * models change it. */
    double *path;
    size_t n;      /* returns used (the fit may use fewer than the design has, e.g. for shifts) */
    size_t params; /* k_i of the degrees of freedom n - params */
    double sigma;  /* residual standard deviation, sqrt(SSE / (n - params)) */
    double r_squared;
    double extra[ABN_MODEL_EXTRAS]; /* named by the registry row; NaN when not filled */
    const char *note;               /* static words on what the fit met, or NULL */
} abn_fit;

/* ABN_HISTORY with too few rows, ABN_SINGULAR, ABN_CONVERGENCE: the event is left out and the text
 * says why; `fit` is untouched then. `scratch` has model->scratch(n, k, reach, window) doubles.
 * Must not allocate where it can be helped (the event loop calls it), must not depend on earlier
 * calls. */
typedef abn_status abn_fit_function(const abn_design *design, double *scratch, abn_fit *fit,
                                    abn_error *err);

typedef struct abn_model {
    const char *name;
    const char *paper;
    const char *formula;
    abn_model_kind kind;
    size_t reach;    /* leads and lags of the benchmark that the fit looks at */
    size_t min_rows; /* fewest rows beyond k + 1 that make sense */
    const char *extra[ABN_MODEL_EXTRAS +
                      1]; /* names of further numbers (columns of models.csv), ends with NULL */
    abn_fit_function *fit;
    size_t (*scratch)(size_t n, size_t k, size_t reach, size_t window); /* NULL: none */
} abn_model;

/* The registry, in the order of the manual. */
extern const abn_model abn_models[];
extern const size_t abn_models_count;
/* NULL when there is none of that name. */
const abn_model *abn_model_find(abn_slice name);

#endif
