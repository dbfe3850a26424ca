/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples of occasions without an event: drawn from a model of returns, or from the user's data. */
#ifndef ABN_STATS_SAMPLE_H
#define ABN_STATS_SAMPLE_H

#include <abnorm/random.h>
#include <abnorm/simulate.h>

#pragma GCC visibility push(hidden)

/* Where the user's data admit a placebo: rows whose windows lie inside the listing's history. */
typedef struct abn_pool {
    size_t histories;
    uint64_t *before; /* histories + 1: admissible rows of the histories before */
} abn_pool;

abn_status abn_pool_new(const abn_simulation *design, abn_pool *pool, abn_error *err);
void abn_pool_free(abn_pool *pool);

/* One thread's sample: each occasion has a short history of its own. */
typedef struct abn_drawn {
    size_t n, days, k;       /* securities, rows a history, regressors */
    size_t day0;             /* row of the event */
    double *y;               /* n x days */
    double *x;               /* n x k x days */
    const double **column;   /* n x k: into x */
    abn_date *date;          /* n x days */
    uint32_t *before;        /* n x days: rows that returns start from */
    size_t span;             /* calendar days that the synthetic dates lie in */
    double *market, *common; /* span: shared paths of the market and of residuals */
    abn_history *history;    /* n */
    abn_occasion *occasion;  /* n */
} abn_drawn;

abn_status abn_drawn_new(const abn_simulation *design, abn_drawn *drawn, abn_error *err);
void abn_drawn_free(abn_drawn *drawn);
/* Fill it from `random`; the synthetic kind cannot fail. */
abn_status abn_draw(const abn_simulation *design, const abn_pool *pool, abn_random *random,
                    abn_drawn *drawn, abn_error *err);

#pragma GCC visibility pop

#endif
