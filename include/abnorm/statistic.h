/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Test statistics: one registry row each, a function over a sample.
 *
 * A sample is one group of a panel's occasions over one window (one day is a window of length 1).
 * What a test needs of the estimation windows is summed over the group once and shared by its
 * samples (abn_estimation). A new test is a function and a row of abn_statistics. */
#ifndef ABNORM_STATISTIC_H
#define ABNORM_STATISTIC_H

#include <abnorm/crew.h>
#include <abnorm/engine.h>
#include <abnorm/error.h>
#include <abnorm/slice.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What must have been summed before a test can run; or'ed. */
typedef enum abn_need {
    ABN_NEED_AAR = 1,         /* average residual of each estimation day */
    ABN_NEED_SIGNS = 2,       /* share of positive residuals */
    ABN_NEED_CORRELATION = 4, /* mean pairwise correlation of residuals */
    ABN_NEED_RANKS = 8,       /* ranks over estimation and event window */
    ABN_NEED_GRANKS = 16,     /* generalised ranks, a pass a window */
    ABN_NEED_BHAR = 32,
    ABN_NEED_REPLICATES = 64, /* resamples: windows only */
    ABN_NEED_RESIDUALS = 128  /* reads single residual series through abn_panel_residuals() */
} abn_need;

typedef enum abn_null {
    ABN_NULL_NORMAL,
    ABN_NULL_STUDENT,
    ABN_NULL_BINOMIAL,
    ABN_NULL_RESAMPLED
} abn_null;

typedef enum abn_scope {
    ABN_SCOPE_ONE,    /* one occasion: columns of returns.csv and cars.csv */
    ABN_SCOPE_MANY,   /* a group, each day and each window */
    ABN_SCOPE_WINDOWS /* a group, windows only */
} abn_scope;

/* How residuals of two events are paired for their correlation. */
typedef enum abn_pairing { ABN_PAIR_CALENDAR, ABN_PAIR_EVENT } abn_pairing;

/* Whose conventions to follow where software differs. */
typedef enum abn_convention { ABN_AS_PAPERS, ABN_AS_ESTUDY2, ABN_AS_EVENTSTUDY2 } abn_convention;

/* Generalised ranks (Kolari and Pynnonen 2011) of one window: the residuals and the re-standardised
 * SCAR of each occasion ranked together, U = rank / (T_i + 1) - 1/2. */
typedef struct abn_grank {
    size_t n;             /* occasions */
    size_t days;          /* T: estimation days with a rank, and the event */
    double u;             /* mean U of the event */
    double s;             /* sqrt of the mean over T of (N_t / N) U_t^2 */
    double s_independent; /* sd of u under independence */
} abn_grank;

/* A group of n fitted occasions: their event windows, of l days from `from` on, and sums over their
 * estimation windows; there t runs over the panel's m estimation days, then (ranks) the l window
 * days. */
typedef struct abn_estimation {
    size_t n, m, l;
    int from;
    /* By occasion. */
    const double *variance; /* n: of the residuals (abn_panel) */
    const uint32_t *rows;   /* n: M_i */
    const uint32_t *params; /* n: k_i */
    const uint32_t *ranked; /* n: T_i */
    /* By day and occasion, l x n: the occasions of one day lie together. */
    const double *ar;     /* abnormal returns, NaN missing */
    const double *sar;    /* over their standard errors */
    const abn_date *date; /* dates (or rows) */
    const float *rank;    /* rank among its occasion's T_i, NaN missing */
    abn_date low, high;   /* dates between which the event windows lie */
    /* Sums. */
    const double *aar; /* m: mean residual of estimation day t over the occasions that have one */
    size_t n_aar;      /* days with one */
    double aar_sd;     /* their standard deviation, n - 1 */
    double positive_share; /* mean over occasions of the share of positive residuals */
    double positive_pooled;
    double correlation;     /* mean pairwise correlation of residuals */
    bool exact;             /* whether it is that (abn_correlation) */
    const double *u;        /* m + l: mean of U = rank / (1 + T_i) */
    const uint32_t *nt;     /* m + l: occasions with a rank */
    const abn_grank *grank; /* one a window of the run */
    abn_pairing pairing;
    abn_convention convention;
    /* Where other software's conventions look further; NULL with a crew. */
    const abn_panel *panel;
    const uint32_t *event; /* n indices into the panel */
} abn_estimation;

/* Mean, standard deviation (n - 1) and skewness (of a sample) of n numbers, and how many are
 * positive. */
typedef struct abn_spread {
    double mean, sd, skewness;
    size_t positive;
} abn_spread;

/* What a test sees. Arrays of n, one an occasion that has every day of the window. */
typedef struct abn_sample {
    const abn_estimation *estimation;
    abn_window window;
    const abn_grank *grank; /* of this window */
    size_t length;          /* L = to - from + 1 */
    size_t n;
    const uint32_t *place; /* of each among the group's occasions */
    const double *car;     /* sum of AR */
    const double *scar;    /* CAR / (s sqrt(1'V1)) */
    const double *csar;    /* sum of SAR */
    const double *bhar;
    abn_spread of_car, of_scar, of_bhar;
    const double *weight; /* NULL: equal; else positive, sum 1 */
    /* Resampling. */
    size_t replicates;
    uint64_t seed;
} abn_sample;

/* One row of tests.csv before p is adjusted. NaN is "does not exist here". */
typedef struct abn_test {
    size_t n;
    double estimate; /* what is tested against zero: AAR, CAAR, mean rank ... */
    double value;    /* the statistic */
    double df;       /* of Student's t; NaN otherwise */
    double p;        /* two-sided */
    double p_upper;  /* one-sided against a positive effect; the other side is 1 - p_upper but for
                        ties */
    double p_lower;
} abn_test;

/* `scratch` has 8 n doubles. A test that cannot be computed (n too small, no spread) leaves value
 * and p NaN and returns ABN_OK; a status is for failures such as memory. */
typedef abn_status abn_test_function(const abn_sample *sample, double *scratch, abn_test *out,
                                     abn_error *err);

typedef struct abn_statistic {
    const char *name;
    const char *paper;
    const char *formula;
    abn_null null;
    abn_scope scope;
    unsigned needs;          /* abn_need */
    size_t min_n;            /* fewest occasions with which the test exists */
    const char *caution;     /* when its size does not hold, or "" */
    abn_test_function *test; /* NULL for those of one occasion */
} abn_statistic;

extern const abn_statistic abn_statistics[];
extern const size_t abn_statistics_count;
const abn_statistic *abn_statistic_find(abn_slice name);

/* Run `count` statistics over a group on each of `windows`. */
typedef struct abn_tests_options {
    const abn_statistic *const *statistic;
    size_t count;
    const abn_window *window;
    const bool *resample; /* a window: whether resampling tests run on it; NULL: on all */
    size_t windows;
    abn_pairing pairing;
    abn_convention convention;
    const double *weight; /* by panel occasion, or NULL */
    size_t replicates;
    uint64_t seed;
    int threads; /* 0: all; the result does not depend on it */
    /* By panel occasion: which block of the study it is in, ascending over the histories' order, a
     * history in one block; what is summed over occasions is summed by block. NULL: at least 256
     * occasions of whole histories. */
    const uint32_t *block;
    const abn_crew *crew; /* each with a panel of its own; NULL: alone */
} abn_tests_options;

/* Mean pairwise correlation of a group's residuals; NaN when no test needs it. It is the mean over
 * pairs of the correlation on the days that both have where these are few enough, or all windows
 * are without gaps. Otherwise it is found from the sum of unit residual vectors, in which a missing
 * day counts as a zero residual: nearer to zero by at most the share of days that pairs do not have
 * in common. */
typedef struct abn_correlation {
    double mean;
    bool exact;
    size_t n; /* occasions */
} abn_correlation;

/* `event` are n indices of fitted occasions, best by history; `out` is windows x count, by rows.
 * What does not exist (too few occasions, statistics of one occasion) has NaN value and p.
 * `correlation` may be NULL. Partial sums over fixed blocks of occasions are added in order, so
 * threads leave no trace.
 *
 * With a crew each rank brings its own panel and members (none is fine, the panel then may be
 * NULL), of histories that come after those of the ranks before it; panels agree in model, windows,
 * m and l. `out` and `correlation` are filled on rank 0. */
abn_status abn_tests_run(const abn_panel *panel, const uint32_t *event, size_t n,
                         const abn_tests_options *options, abn_test *out,
                         abn_correlation *correlation, abn_error *err);

/* What a test holds against its null. */
typedef enum abn_alternative { ABN_TWO_SIDED, ABN_GREATER, ABN_LESS } abn_alternative;

/* Fill test->p and its sides from value and df. */
void abn_test_normal(abn_test *test);
void abn_test_student(abn_test *test);

/* Two-sided p of Student's t, and the t that has probability `level` between itself and its
 * negative. */
double abn_student_p(double t, double df);
double abn_student_quantile(double level, double df);

/* Adjust n two-sided p values (NaN stay NaN and do not count): Holm 1979, Benjamini-Hochberg 1995.
 */
abn_status abn_adjust_holm(const double *p, size_t n, double *adjusted, abn_error *err);
abn_status abn_adjust_bh(const double *p, size_t n, double *adjusted, abn_error *err);

/* One occasion against its own estimation residuals: where the sum of `length` abnormal returns
 * lies among sums of as many consecutive residuals; runs that a gap cuts are left out. sq:
 * two-sided position (Gelbach, Helland and Klick 2013); placebo: share of those sums at least as
 * large in size, the event's own included. */
typedef struct abn_position {
    double sq_p, placebo_p;
} abn_position;

/* Running sums of m residuals (NaN missing) into `sums` of 2 (m + 1) doubles, once for all windows.
 */
void abn_position_prepare(const double *residual, size_t m, double *sums);
abn_position abn_position_find(const double *sums, size_t m, double car, size_t length);

#endif
