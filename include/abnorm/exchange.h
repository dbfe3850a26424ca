/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exchanges and their sessions: when a market was open, and which session met an announcement
 * first. */
#ifndef ABNORM_EXCHANGE_H
#define ABNORM_EXCHANGE_H

#include <abnorm/date.h>
#include <abnorm/error.h>
#include <abnorm/instant.h>
#include <abnorm/slice.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct abn_exchange {
    const char *mic; /* ISO 10383 */
    const char *name;
    const char *calendar;          /* exchanges of one calendar close on the same days */
    abn_zone zone;                 /* today's; years ago rules and hours may have been others */
    int open_sec, close_sec;       /* local seconds after midnight, of a regular session */
    int early_close_sec;           /* of a half day; -1 where there are none */
    abn_date known_from, known_to; /* closures are on file, or inferred next to such years, for
                                      these days (both included) */
} abn_exchange;

typedef struct abn_session {
    abn_date date; /* the exchange's own date */
    abn_instant open, close;
    bool early; /* closed before the regular hour */
} abn_session;

typedef enum abn_phase {
    ABN_PHASE_PRE_OPEN,
    ABN_PHASE_INTRADAY,
    ABN_PHASE_AFTER_CLOSE, /* announced when the exchange had closed: the next session is the first
                            */
    ABN_PHASE_DAY          /* only a date is known */
} abn_phase;

typedef struct abn_exchanges abn_exchanges;

/* Read exchanges.csv and calendars.csv from a data folder. */
abn_status abn_exchanges_load(const char *data_folder, abn_exchanges **out, abn_error *err);
/* Add a user's own calendar rows (exchange,date,kind,local_time,reason). */
abn_status abn_exchanges_add(abn_exchanges *exchanges, const char *calendar_path, abn_error *err);
/* Take `n` ascending dates, as of a benchmark, for the sessions of an exchange and of those that
 * share its calendar, from the first to the last of them where the calendar is not on file. Hours
 * of such days are the regular ones. */
abn_status abn_exchanges_infer(abn_exchanges *exchanges, const abn_exchange *exchange,
                               const abn_date *date, size_t n, abn_error *err);
void abn_exchanges_free(abn_exchanges *exchanges);
size_t abn_exchanges_count(const abn_exchanges *exchanges);
const abn_exchange *abn_exchanges_at(const abn_exchanges *exchanges, size_t i);
/* By MIC or alias in any case; NULL when unknown. */
const abn_exchange *abn_exchanges_find(const abn_exchanges *exchanges, abn_slice mic);

/* The session of a date; false when the exchange was closed. Outside known_from..known_to weekdays
 * are taken as regular sessions. */
bool abn_exchange_session(const abn_exchange *exchange, abn_date date, abn_session *session);
/* Whether closures of that time are on file or were inferred; where they are not, weekdays are a
 * guess. */
bool abn_exchange_knows(const abn_exchange *exchange, abn_date date);
/* Whether what is known of a day is inferred. */
bool abn_exchange_inferred(const abn_exchange *exchange, abn_date date);
/* Seconds east of UTC at an instant, by the rules of its time. */
int abn_exchange_offset_sec(const abn_exchange *exchange, abn_instant at);
/* The first open date on or after `date`; the last on or before it. */
abn_date abn_exchange_next(const abn_exchange *exchange, abn_date date);
abn_date abn_exchange_previous(const abn_exchange *exchange, abn_date date);
/* The first session whose close is strictly after the instant, and the phase in which it was met.
 */
abn_session abn_exchange_first_session(const abn_exchange *exchange, abn_instant at,
                                       abn_phase *phase);
/* "pre_open", "intraday", "after_close", "day". */
const char *abn_phase_name(abn_phase phase);

#endif
