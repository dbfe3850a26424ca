/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How exchanges are kept: today's hours, those of other years, and special days by calendar. */
#ifndef ABNORM_EXCHANGE_PARTS_H
#define ABNORM_EXCHANGE_PARTS_H

#include <abnorm/arena.h>
#include <abnorm/exchange.h>

#pragma GCC visibility push(hidden)

/* A date on which an exchange did not keep its regular hours. */
typedef struct abn_special_day {
    abn_date date;
    bool open;
    int open_sec, close_sec; /* -1: the regular hour */
} abn_special_day;

typedef struct abn_date_span {
    abn_date from, to; /* both included */
} abn_date_span;

/* Exchanges that close on the same days share one. */
typedef struct abn_calendar {
    const char *name;
    abn_special_day *day; /* ascending, each date once */
    size_t n;
    abn_date first;          /* of `state` */
    size_t days;             /* from the first special day to the last */
    unsigned char *state;    /* 0 as any other day, 1 closed, 2 open */
    abn_date_span *inferred; /* from prices, not from a file */
    size_t inferred_n;
} abn_calendar;

/* Hours and zone rules up to a date, where they were others than today's. */
typedef struct abn_era {
    abn_date until; /* included */
    abn_zone zone;
    int open_sec, close_sec, early_close_sec;
} abn_era;

typedef struct abn_exchange_entry {
    abn_exchange pub; /* first, so that a public pointer is also one of these */
    abn_era *era;     /* by `until`, the earliest first */
    size_t eras;
    const char *aliases;
    abn_calendar *calendar;
    abn_date_span on_file; /* what the public range was before anything was inferred */
} abn_exchange_entry;

struct abn_exchanges {
    abn_arena *arena;
    abn_exchange_entry *item;
    size_t count;
};

/* Special days as a file states them, before they are merged into the calendars. */
typedef struct abn_pending_day {
    abn_calendar *calendar;
    abn_special_day day;
    size_t order;
} abn_pending_day;

typedef struct abn_pending {
    abn_pending_day *row;
    size_t n, cap;
} abn_pending;

/* Add a day to a list; ABN_MEMORY without memory. */
abn_status abn_pending_push(abn_pending *list, abn_calendar *of, abn_special_day day,
                            abn_error *err);
/* Merge a list, in any order, into one calendar of its own, which it alone names. */
abn_status abn_calendar_merge(abn_exchanges *all, abn_calendar *into, const abn_pending *fresh,
                              abn_error *err);
/* Merge a file's list into all calendars, and let known years reach as far as closures do. */
abn_status abn_calendars_merge(abn_exchanges *all, abn_pending *list, abn_error *err);

/* The first and the last day of which sessions are known; the last is before the first where none
 * are.
 */
void abn_exchange_known_span(const abn_exchange *exchange, abn_date *from, abn_date *to);

#pragma GCC visibility pop

#endif
