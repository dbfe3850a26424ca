/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An event study: events and quotes in, five tables' rows out. */
#ifndef ABNORM_STUDY_H
#define ABNORM_STUDY_H

#include <abnorm/actions.h>
#include <abnorm/crew.h>
#include <abnorm/engine.h>
#include <abnorm/error.h>
#include <abnorm/events.h>
#include <abnorm/exchange.h>
#include <abnorm/factors.h>
#include <abnorm/listing.h>
#include <abnorm/measure.h>
#include <abnorm/notes.h>
#include <abnorm/quotes.h>
#include <abnorm/statistic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All borrowed until abn_study_free(). */
typedef struct abn_study_input {
    const abn_study_event *event;
    size_t n_events;
    const abn_quotes *quotes;
    const abn_quotes *shared;       /* of listings that other processes have; NULL: none */
    const abn_quotes *market;       /* where symbols are sought that both lack; NULL: nowhere */
    const abn_exchanges *exchanges; /* NULL: every listing's own rows are its calendar */
    const abn_listings *listings;   /* NULL: no listing's exchange or benchmark is known */
    const abn_factors *factors;     /* NULL: none */
    const abn_actions *actions;     /* NULL: returns of closes; else total returns */
    /* Processes that share the study; NULL: alone. Each gives all events, and quotes of the
     * listings that are its own (partition.h) and of their benchmarks. */
    const abn_crew *crew;
} abn_study_input;

/* Which benchmark for which listings: by symbol, else by MIC, else "" (all). An event's own comes
 * first, the listing's default last. */
typedef struct abn_benchmark_rule {
    const char *key, *symbol;
} abn_benchmark_rule;

typedef struct abn_study_model {
    const abn_model *model;
    const char *label;         /* what tables call it */
    const char *const *factor; /* names of the factors file's columns to use; NULL: all */
    size_t n_factors;
} abn_study_model;

/* A listing of the comparison portfolio. */
typedef struct abn_donor {
    const char *symbol;
    double weight; /* its share of value; NaN: equal */
} abn_donor;

typedef struct abn_study_settings {
    const abn_study_model *model;
    size_t n_models;
    const abn_statistic *const *statistic;
    size_t n_statistics;
    abn_window estimation, window; /* of events that have none of their own */
    const abn_window *windows;     /* for CARs and tests; within the event windows */
    size_t n_windows;
    const abn_benchmark_rule *rule;
    size_t n_rules;
    /* None: every other listing of the quotes but benchmarks, and those with an event of their own
     * in the event's window. */
    const abn_donor *donor;
    size_t n_donors;
    size_t min_estimation; /* 0: 70 % of the estimation window */
    bool log;
    abn_measure measure; /* what is studied; other than returns, nothing is compounded */
    bool
        single_sessions; /* a return over skipped sessions is missing, not matched trade to trade */
    bool exclude_events; /* leave days of a listing's other events out of its estimation windows */
    bool group;          /* test each value of the events' group, too */
    abn_pairing pairing;
    abn_convention convention;
    abn_alternative alternative;
    double level; /* of the intervals */
    size_t replicates;
    uint64_t seed;
    int threads; /* 0: all; the result does not depend on it */
} abn_study_settings;

/* No model named (the market model), no statistic named (every one), -250:-11, -10:10, windows 0:0,
 * -1:1 and -10:10, .95, 999 replicates. */
abn_study_settings abn_study_defaults(void);

typedef struct abn_study abn_study;

/* Align every event with its listing's first session, fit every model, run every test on all events
 * and on each group. An event that cannot be measured stays in the alignment with the reason in its
 * note. ABN_DATA when none can, ABN_USAGE when settings contradict one another.
 *
 * With a crew every process runs it and has the rows of its own listings' events; the first has all
 * tests and notes. ABN_USAGE for what cannot be divided (abn_study_divides). */
abn_status abn_study_run(const abn_study_input *input, const abn_study_settings *settings,
                         abn_notes *notes, abn_study **out, abn_error *err);
void abn_study_free(abn_study *study);
/* Whether listings can be studied apart: not where each has others as donors, or takes its days
 * from them, as estudy2 does. */
bool abn_study_divides(const abn_study_settings *settings);
/* The symbol of an event's benchmark, "" for none; `listings` may be NULL. */
const char *abn_study_benchmark_of(const abn_study_event *event, const abn_study_settings *settings,
                                   const abn_listings *listings);

/* ---- rows ---- */

typedef struct abn_alignment_row {
    const char *event_id, *symbol, *mic;
    abn_date first_session;
    const char *phase;
    abn_date estimation_from, estimation_to, window_from, window_to;
    int64_t estimation_n; /* returns in the estimation window */
    const char *note;     /* what was moved, is missing or overlaps; why it is left out */
} abn_alignment_row;

enum { ABN_STUDY_COEFFICIENTS = 12 };

typedef struct abn_model_row {
    const char *event_id, *symbol, *model, *benchmark;
    int64_t n;
    double alpha, beta;                    /* beta: of the benchmark, or of the first factor */
    double factor[ABN_STUDY_COEFFICIENTS]; /* of further factors */
    double extra[ABN_MODEL_EXTRAS];
    double sigma, r_squared;
    const char *note;
} abn_model_row;

typedef struct abn_return_row {
    const char *event_id, *symbol, *model;
    abn_date date;
    int64_t event_time;
    double value, expected, abnormal, abnormal_se, standardized, cumulative, cumulative_se;
} abn_return_row;

typedef struct abn_car_row {
    const char *event_id, *symbol, *model;
    int64_t window_from, window_to;
    int64_t n; /* days of the window with an abnormal return */
    double car, car_se, lo, hi, t, p, scar, bhar, sq_p, placebo_p;
} abn_car_row;

typedef struct abn_tests_row {
    const char *group, *model;
    int64_t window_from, window_to;
    const char *statistic;
    int64_t n;
    double estimate, value, df, p, p_holm, p_bh;
} abn_tests_row;

/* Rows are made when asked for, by any thread; text lives as long as the study. */
typedef enum abn_study_rows {
    ABN_ROWS_ALIGNMENT,
    ABN_ROWS_MODELS,
    ABN_ROWS_RETURNS,
    ABN_ROWS_CARS
} abn_study_rows;
/* Which of a table's rows this process has; NULL for one alone, which has all. */
const abn_crew_rows *abn_study_crew_rows(const abn_study *study, abn_study_rows table);
size_t abn_study_alignments(const abn_study *study);
void abn_study_alignment(const abn_study *study, size_t i, abn_alignment_row *row);
size_t abn_study_model_count(const abn_study *study);
void abn_study_model_row(const abn_study *study, size_t i, abn_model_row *row);
size_t abn_study_returns(const abn_study *study);
void abn_study_return(const abn_study *study, size_t i, abn_return_row *row);
/* n neighbours, which cost less together. */
void abn_study_return_rows(const abn_study *study, size_t i, size_t n, abn_return_row *rows);
size_t abn_study_cars(const abn_study *study);
void abn_study_car(const abn_study *study, size_t i, abn_car_row *row);
size_t abn_study_tests(const abn_study *study);
void abn_study_test(const abn_study *study, size_t i, abn_tests_row *row);

/* Names of further factor columns and extras of the models, by slot; NULL past the last. */
const char *abn_study_factor_name(const abn_study *study, size_t slot);
const char *abn_study_extra_name(const abn_study *study, size_t slot);

/* Model m's panel, and the event (of the input) behind each of its occasions. */
const abn_panel *abn_study_panel(const abn_study *study, size_t m, const uint32_t **event);
/* Mean pairwise correlation of all fitted events' residuals under model m; NaN when no test needed
 * it. */
double abn_study_correlation(const abn_study *study, size_t m);

#endif
