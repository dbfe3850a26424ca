/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brown and Warner's experiment: how often each test rejects, with and without an effect. */
#ifndef ABNORM_SIMULATE_H
#define ABNORM_SIMULATE_H

#include <abnorm/crew.h>
#include <abnorm/engine.h>
#include <abnorm/statistic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each sample draws `securities` occasions without an event, adds the shock to day 0, and runs
 * every test. Without `history` the returns are R = beta R_m + s e, beta uniform on (.6, 1.4), s =
 * .0265 exp(N(0, .25)), R_m = .008 z of an own path each (of one path when clustered), e =
 * sqrt(rho) c + sqrt(1 - rho) u with c one path for all, u normal or Student's t scaled to unit
 * variance; day 0's e is multiplied by event_sd (Brown and Warner 1980, 1985; Kolari and Pynnonen
 * 2010). With `history` a sample is random days of random listings, of one day when clustered, and
 * event_sd adds a normal of variance (event_sd^2 - 1) s_i^2 to the abnormal return of day 0. */
typedef struct abn_simulation {
    size_t samples, securities;
    const double *shock; /* decimals */
    size_t shocks;
    double rho;      /* correlation of residuals; above 0 the sample is clustered */
    bool clustered;  /* all events on one day */
    double event_sd; /* residual standard deviation of day 0 as a multiple; 1: as ever */
    double df;       /* of Student's t innovations, above 2; 0: normal */
    double missing;  /* probability that a listing does not trade on a day but day 0 */
    abn_window estimation, window; /* window holds day 0 */
    const abn_model *model;        /* of kind mean or market without `history` */
    const abn_statistic *const *statistic;
    size_t statistics;
    size_t replicates;           /* of resampling tests; 0: they are left out */
    double level;                /* of the tests: .05 */
    abn_alternative alternative; /* sq_p and placebo_p have two sides only */
    uint64_t seed;
    int threads; /* 0: all; the result does not depend on it */
    abn_pairing pairing;
    const abn_history *history; /* the user's own data; NULL: synthetic */
    size_t histories;
    bool log;              /* its returns are logarithmic */
    size_t min_estimation; /* with history: as in abn_panel_options */
    /* Told how many samples are done, by one thread; may be NULL. */
    void (*tell)(void *context, size_t done);
    void *context;
    const abn_crew *crew; /* processes that share the samples; NULL: alone */
} abn_simulation;

/* One statistic at one shock. */
typedef struct abn_simulated {
    const abn_statistic *statistic;
    double shock;
    size_t samples;  /* in which the test exists */
    size_t rejected; /* p <= level */
    double rate;     /* NaN when it exists in none */
    double lo, hi;   /* 95 % interval of the rate (Wilson 1927) */
} abn_simulated;

/* Fill `out` (shocks x statistics, by rows). Tests of one occasion see the first of each sample.
 * Sample i draws from the random stream (seed, i). ABN_USAGE for a design that is none, ABN_HISTORY
 * when the user's data hold too few days. With a crew all get the same. */
abn_status abn_simulate_run(const abn_simulation *design, abn_simulated *out, abn_error *err);

#endif
