/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From moves back to events: which sessions moved abnormally, what explains them, and is that more
 * than chance?
 *
 * A session's abnormal return is that of a model estimated on the sessions before it (no
 * look-ahead), divided by its forecast error. Its p is of a Student's t fitted to all those ratios
 * (tail.h), its q by Benjamini and Hochberg 1995 over the scan. */
#ifndef ABNORM_SCAN_H
#define ABNORM_SCAN_H

#include <abnorm/date.h>
#include <abnorm/error.h>
#include <abnorm/notes.h>
#include <abnorm/study.h>
#include <abnorm/tail.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum abn_volatility {
    ABN_VOLATILITY_CONSTANT, /* of the estimation window */
    ABN_VOLATILITY_ROLLING   /* times an exponentially weighted scale of the sessions before */
} abn_volatility;

typedef struct abn_scan_settings {
    const abn_model *model; /* mean, market_adjusted or market */
    abn_window estimation;  /* before the session; ends at -1 or earlier */
    abn_window lag;         /* sessions from an event's first session to the move's peak */
    const abn_benchmark_rule *rule;
    size_t n_rules;
    abn_volatility volatility;
    double level;    /* of q, or of p */
    bool unadjusted; /* a session is significant by its p, not by its q */
    size_t replicates;
    uint64_t seed;
    int threads; /* 0: all; the result does not depend on it */
} abn_scan_settings;

/* The market model, -120:-1, lags 0:1, q at most .05, 999 replicates. */
abn_scan_settings abn_scan_defaults(void);

/* What a text said of one listing's session, in favour of an event that the same text tells of. */
typedef struct abn_scan_claim {
    const char *symbol;
    abn_date session;
    const char *document;
} abn_scan_claim;

/* Events and what they bring: `study.event[i].group` is the event's type. */
typedef struct abn_scan_input {
    abn_study_input study;
    const char *const
        *documents; /* an event: ids of its texts joined by ';', or NULL; NULL: none */
    const abn_scan_claim *claim;
    size_t n_claims;
} abn_scan_input;

typedef struct abn_scan abn_scan;

/* Scan every listing of the quotes that is no index and no one's benchmark. ABN_HISTORY when none
 * is long enough. */
abn_status abn_scan_run(const abn_scan_input *input, const abn_scan_settings *settings,
                        abn_notes *notes, abn_scan **out, abn_error *err);
void abn_scan_free(abn_scan *scan);

/* One move: consecutive significant sessions of one sign. */
typedef struct abn_move_row {
    const char *symbol;
    abn_date date; /* of its largest |z| */
    double value;  /* return of that session */
    double abnormal, z, p, q;
    const char *event_id;  /* best candidate, or "" */
    int64_t lag_sessions;  /* from that event's first session to `date`; ABN_NO_LAG */
    const char *explained; /* "yes", "partly", "no" */
    abn_date from, to;
    int64_t sessions;
    double cumulative;      /* sum of abnormal returns from `from` to `to` */
    double p_sample;        /* rank of |z| among the listing's own; at least 1 / (n + 1) */
    double score;           /* of the best candidate, NaN without */
    const char *candidates; /* all candidates "event_id:score" joined by ';' */
} abn_move_row;
#define ABN_NO_LAG INT64_MIN

/* One event of one listing, with the move it made. */
typedef struct abn_event_move_row {
    const char *event_id, *symbol, *type;
    abn_date first_session;
    abn_date move; /* ABN_NO_DATE: none */
    int64_t lag_sessions;
    double abnormal, z, p, q; /* of the first session */
    double score;
} abn_event_move_row;

/* Is it more than chance? Observed against circular shifts of the events within each listing's
 * sessions; listings of one company shift together. */
typedef struct abn_coincidence_row {
    const char *measure; /* "coincidence", "cross_correlation" */
    const char *type;    /* of events; "all" */
    int64_t lag;         /* of a cross-correlation; ABN_NO_LAG */
    int64_t events, moves;
    double observed; /* moves with an event in the lag window; or the correlation */
    double expected; /* mean over shifts */
    double p; /* ties broken by the abnormal size of the events' sessions; NaN for a correlation's
                 lag */
    double share_moves;  /* explained share of moves */
    double share_events; /* share of events followed by a move */
    double lo, hi;       /* 95 % of shifts; of a correlation: simultaneous over the lags */
} abn_coincidence_row;

/* Borrowed rows: moves by symbol and date; events in order of input; coincidence by type, then
 * lags. */
const abn_move_row *abn_scan_moves(const abn_scan *scan, size_t *n);
const abn_event_move_row *abn_scan_events(const abn_scan *scan, size_t *n);
const abn_coincidence_row *abn_scan_coincidences(const abn_scan *scan, size_t *n);
/* The tail that p was taken from, and how many sessions were tested. */
abn_tail abn_scan_tail(const abn_scan *scan);
size_t abn_scan_tested(const abn_scan *scan);

#endif
