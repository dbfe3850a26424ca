/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the checks of quotes share. */
#ifndef ABNORM_CHECKS_H
#define ABNORM_CHECKS_H

#include <abnorm/quality.h>

#pragma GCC visibility push(hidden)

/* Days on which a group of series without an exchange has rows. */
typedef struct abn_votes {
    abn_date from, to;
    int *vote;      /* above 0 where most series that cover the day have a row */
    int *cover;     /* how many cover it */
    int *opens;     /* days before it with a vote above 0 */
    abn_date *open; /* days with such a vote of more than two series, ascending */
    size_t n_open;
} abn_votes;

typedef struct abn_checker {
    const abn_quotes *quotes;
    const abn_quality_inputs *in;
    const abn_series *series;
    const abn_exchange *exchange;     /* NULL: none */
    const abn_votes *votes;           /* of the series without an exchange */
    bool weekdays;                    /* no exchange, and a row on nearly every weekday */
    const abn_reject *const *refused; /* by date, then symbol */
    size_t n_refused;
    abn_findings *out;
} abn_checker;

/* Add a finding of the series at hand: row `i` gives date and line. */
abn_finding *abn_checker_add(abn_checker *c, abn_check check, size_t i, double value,
                             const char *fmt, ...) ABN_PRINTF(5, 6);
/* The same for a day without a row. */
abn_finding *abn_checker_add_day(abn_checker *c, abn_check check, abn_date date, const char *fmt,
                                 ...) ABN_PRINTF(4, 5);

typedef enum abn_opening { ABN_CLOSED, ABN_OPEN, ABN_OPENING_UNKNOWN } abn_opening;

/* Whether a day was a session, as far as calendars, inference or other series tell. */
abn_opening abn_checker_opening(const abn_checker *c, abn_date date);

int abn_compare_rejects(const void *a, const void *b);
void abn_check_sessions(abn_checker *c);
/* Only rows on days whose closure is known. */
void abn_check_closed_days(abn_checker *c);
void abn_check_bars(abn_checker *c);
void abn_check_jumps(abn_checker *c);

#pragma GCC visibility pop

#endif
