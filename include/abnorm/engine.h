/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The event-study engine: histories and occasions in, abnormal returns and what tests need out.
 *
 * A history is one listing's returns beside its regressors; an occasion is one event in one
 * history. abn_panel_fit() makes a panel: the fit and the abnormal returns of each occasion. A
 * sample (statistic.h) is a group of its occasions over one window; tests see samples. */
#ifndef ABNORM_ENGINE_H
#define ABNORM_ENGINE_H

#include <abnorm/date.h>
#include <abnorm/error.h>
#include <abnorm/model.h>
#include <abnorm/notes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One listing against its regressors, a row a session. All borrowed. */
typedef struct abn_history {
    size_t n, k;
    const double *y; /* n returns (in excess of the risk-free rate for factors); NaN is missing */
    const double
        *fit_y; /* the same where rows may be used for estimation, NaN elsewhere; NULL: y */
    const double *const *x; /* k columns of n; NaN is missing */
    const abn_date *date;   /* n ascending dates; NULL: rows are numbered */
    /* n: the row that each return starts from, for returns over several sessions; NULL: the row
     * before. A missing day that a later return of the window spans is not missing from a sum. */
    const uint32_t *before;
    const double *weight; /* k weights of donors that are given, sum 1; NULL: none are */
} abn_history;

/* Windows are counted in sessions from day 0, both ends included. */
typedef struct abn_window {
    int from, to;
} abn_window;

/* One event of one listing. Rows of its windows that lie outside the history are missing. */
typedef struct abn_occasion {
    uint32_t history;
    int32_t day0; /* row of the history */
    abn_window estimation, window;
} abn_occasion;

typedef struct abn_panel_options {
    const abn_model *model;
    size_t min_estimation; /* fewest returns; 0: 70 % of the estimation window */
    bool log;              /* returns are logarithmic: buy-and-hold compounds exp(y) */
    int threads;           /* 0: all; the result does not depend on it */
    bool covers;           /* the panel covers at least these, whatever its occasions need */
    abn_window estimation, window;
} abn_panel_options;

/* The fits and abnormal returns of N occasions over the union of their windows. Arrays by occasion
 * are in the occasions' order; a failed occasion (status not ABN_OK) has NaN everywhere. Where
 * returns equal their expectation (a benchmark on itself) sigma is 0, and nothing can be
 * standardised. */
typedef struct abn_panel {
    const abn_model *model;
    const abn_history *history;
    const abn_occasion *occasion;
    size_t n;
    size_t k;    /* coefficients an occasion, the constant included: 1 + the widest history's k */
    size_t m, l; /* sessions of the widest estimation window and of the event window */
    abn_window estimation, window; /* unions over the occasions */
    bool log;
    double *coef;        /* n x k */
    double *cov;         /* n x k x k: (X'X)^-1 */
    double *sigma;       /* n */
    double *variance;    /* n: of the residuals about their own mean, M - 1 (Brown-Warner 1980) */
    double *r_squared;   /* n */
    double *extra;       /* n x ABN_MODEL_EXTRAS, or NULL when the model has none */
    uint32_t *rows;      /* n: M_i */
    uint32_t *params;    /* n: k_i */
    double *ar;          /* n x l: abnormal returns, NaN missing */
    double *se;          /* n x l: standard error of each, sigma sqrt(C_it) */
    double *path;        /* n x l: sigma multiples, or NULL when the model is homoscedastic */
    abn_status *status;  /* n */
    const char **reason; /* n: static words why an occasion failed or what its fit met, or NULL */
} abn_panel;

/* Fit every occasion. Cost of a fit does not depend on the window's length for mean,
 * market_adjusted and market (running sums, centred and carried in two doubles). ABN_USAGE when
 * histories lack the regressors that the model needs; single occasions fail by their status. */
abn_status abn_panel_fit(const abn_history *history, size_t n_histories,
                         const abn_occasion *occasion, size_t n, const abn_panel_options *options,
                         abn_panel **panel, abn_error *err);
void abn_panel_free(abn_panel *panel);

/* The residuals of occasion `i` over panel->estimation, m values, NaN where there is none. */
void abn_panel_residuals(const abn_panel *panel, size_t i, double *residual);
/* A row of the panel's history for relative day `day`; false outside the history. */
bool abn_panel_row(const abn_panel *panel, size_t i, int day, size_t *row);
/* Expected return of occasion `i` on row `row` of its history. */
double abn_panel_expected(const abn_panel *panel, size_t i, size_t row);

/* One occasion over one window. car is NaN unless every day of the window has its abnormal return,
 * or lies within a later one's.
 */
typedef struct abn_car {
    double car;  /* sum of AR */
    double se;   /* sigma sqrt(1'V1), V = I + X_v (X'X)^-1 X_v' */
    double scar; /* car / se */
    double csar; /* sum of AR / (sigma sqrt(C)) */
    double bhar; /* prod(1 + R) - prod(1 + E[R]), of simple returns */
} abn_car;
abn_car abn_panel_car(const abn_panel *panel, size_t i, abn_window window);
/* Its scar alone, which costs less. */
double abn_panel_scar(const abn_panel *panel, size_t i, abn_window window);
/* Its se alone, over the days of a window inside the panel's that have their abnormal return, for
 * windows that grow by a day at a time: start with a zeroed walk on the first day, and each of
 * `window` that it has not seen is added. */
typedef struct abn_car_walk {
    double own, x[8];
    size_t seen, days;
} abn_car_walk;
double abn_panel_car_se_walk(const abn_panel *panel, size_t i, abn_window window,
                             abn_car_walk *walk);

#endif
