/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Listings of one company on several exchanges: who moved first, and how far their prices lie
 * apart.
 *
 * Prices are compared in one currency and for one ordinary share, on one clock: the instants of the
 * closes. */
#ifndef ABNORM_VENUES_H
#define ABNORM_VENUES_H

#include <abnorm/date.h>
#include <abnorm/error.h>
#include <abnorm/instant.h>
#include <abnorm/study.h>
#include <stddef.h>
#include <stdint.h>

/* Price of a depositary listing against that of the ordinary share it stands for. */
typedef struct abn_parity_row {
    const char *company, *depositary, *ordinary;
    abn_date date; /* session of the depositary listing */
    double close;
    abn_date ordinary_date; /* the last session that had closed by then */
    double ordinary_close;
    double rate;          /* units of the depositary's currency a unit of the ordinary's */
    double implied;       /* ordinary_close x ordinary shares a unit x rate */
    double deviation;     /* close / implied - 1 */
    const char *event_id; /* whose first session on the depositary's exchange it is, or "" */
} abn_parity_row;

/* A listing's return on the latest close-to-close return of another that was known before. */
typedef struct abn_leadlag_row {
    const char *company, *leader, *follower;
    const char *segment; /* of the follower: "close_to_close", "overnight" (close to open),
                            "session" (open to close) */
    int64_t lag;         /* 1: the leader's latest return, 2: the one before */
    double
        overlap_hours; /* mean time that the leader's return shares with the follower's segment */
    int64_t n;
    double beta, correlation, t, p;
} abn_leadlag_row;

/* One close on the common clock around an event, and what it added to the company's price. */
typedef struct abn_venue_row {
    const char *event_id, *company, *symbol, *mic;
    int64_t step;      /* 0: the last close before the announcement */
    abn_instant at;    /* of the close */
    int offset_sec;    /* of the exchange's zone then */
    double log_price;  /* one ordinary share in one currency, less the listing's usual premium */
    double added;      /* since the close before, of whichever exchange; credited to this one */
    double cumulative; /* since step 0 */
    double share;      /* of the whole move over the steps */
} abn_venue_row;

typedef struct abn_venues abn_venues;

/* Compare every two listings of one company in the quotes. An event's group is ignored. Without
 * exchanges, listings or a second listing there are no rows. */
abn_status abn_venues_run(const abn_study_input *input, abn_venues **out, abn_error *err);
void abn_venues_free(abn_venues *venues);
const abn_parity_row *abn_venues_parity(const abn_venues *venues, size_t *n);
const abn_leadlag_row *abn_venues_leadlag(const abn_venues *venues, size_t *n);
const abn_venue_row *abn_venues_steps(const abn_venues *venues, size_t *n);

#endif
