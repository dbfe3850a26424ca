/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the engine's files share: rows, forecasts, and the fits of one history. */
#ifndef ABN_STATS_ENGINE_PARTS_H
#define ABN_STATS_ENGINE_PARTS_H

#include "sums.h"
#include <abnorm/engine.h>

#pragma GCC visibility push(hidden)

/* Regressors that the forecast uses: none for the mean, whatever the history carries. */
static inline size_t abn_regressors(const abn_model *model, const abn_history *h)
{
    if (model->kind == ABN_MODEL_MEAN) return 0;
    return model->kind == ABN_MODEL_MARKET ? 1 : h->k;
}

static inline double abn_expected(const abn_panel *panel, size_t i, const abn_history *h, size_t k,
                                  size_t row)
{
    const double *coef = panel->coef + i * panel->k;
    double sum = coef[0];
    for (size_t j = 0; j < k; j++)
        sum += coef[j + 1] * h->x[j][row];
    return sum;
}

/* (1, x)' G (1, x) for sums `x` over `days` rows: the coefficients' share of a forecast's variance.
 */
static inline double abn_leverage(const abn_panel *panel, size_t i, size_t k, double days,
                                  const double *x)
{
    const double *g = panel->cov + i * panel->k * panel->k;
    double sum = g[0] * days * days;
    for (size_t a = 0; a < k; a++) {
        const double *line = g + (a + 1) * (k + 1);
        sum += 2 * line[0] * days * x[a];
        for (size_t b = 0; b < k; b++)
            sum += line[b + 1] * x[a] * x[b];
    }
    return sum;
}

/* The same with at most one regressor. */
static inline double abn_line_leverage(const abn_panel *panel, size_t i, size_t k, double days,
                                       double x)
{
    const double *g = panel->cov + i * panel->k * panel->k;
    return g[0] * days * days + (k ? 2 * g[2] * days * x + g[3] * x * x : 0);
}

/* Sessions that the return of a row spans. */
static inline double abn_sessions_spanned(const abn_history *h, size_t row)
{
    return h->before && h->before[row] < row ? (double)(row - h->before[row]) : 1;
}

/* What one thread fits with. */
typedef struct abn_fitter {
    abn_panel *panel;
    const abn_panel_options *options;
    const uint32_t *order; /* occasions by history */
    const size_t *first;   /* where each history's begin in `order` */
    size_t reach;          /* widest shift */
    abn_sums sums;
    double *column;   /* complete rows: y, x_1 .. x_k, the shifted benchmark */
    const double **x; /* pointers to these */
    double *scratch;
    double bound; /* no return of the window at hand is larger */
} abn_fitter;

/* Room for histories of at most `longest` rows; `f` has its borrowed parts. */
bool abn_fitter_make(abn_fitter *f, size_t longest);
void abn_fitter_free(abn_fitter *f);
/* Every occasion of a history. */
void abn_fit_history(abn_fitter *f, size_t history);

#pragma GCC visibility pop

#endif
