/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events to study: which listing, when, and what a file says of how to measure it. */
#ifndef ABNORM_EVENTS_H
#define ABNORM_EVENTS_H

#include <abnorm/date.h>
#include <abnorm/engine.h>
#include <abnorm/error.h>
#include <abnorm/exchange.h>
#include <abnorm/instant.h>
#include <abnorm/notes.h>
#include <abnorm/slice.h>
#include <stdbool.h>
#include <stddef.h>

/* The kind of a note that tells of a row with a cell that cannot be read. */
#define ABN_MALFORMED_EVENT "malformed event"

/* One event of one listing. Strings are never NULL; "" is not stated. All borrowed. */
typedef struct abn_study_event {
    const char *event_id, *symbol;
    abn_instant at;    /* when it was announced, or ABN_NO_INSTANT */
    abn_date on;       /* its date, as written */
    const char *clock; /* MIC of the exchange whose date that is, where no instant is known; "" */
    const char *benchmark;
    bool has_estimation, has_window;
    abn_window estimation, window; /* its own, where it has them */
    const char *group;
    const char *source; /* file and line it came from, for notes */
    long line;
} abn_study_event;

/* Events read from a file, in its order, with every cell of their rows. */
typedef struct abn_event_list abn_event_list;

/* Read an events file. The simple form has event_id, symbol and event_date (a date, or an instant
 * with offset), and may have announced_at, benchmark, estimation and event_window ("A:B", or
 * estimation_from, .. to, window_from, .. to), and any further columns. The form that extract
 * writes has announced_at, announced_on and symbols joined by ';': one event a symbol; scheduled,
 * undated and market-report rows, and those precise to the month or week only, are left out with a
 * note. A row without a date is left out with a note, too, and so is one with a date or a window
 * that cannot be read; the note has its place. ABN_DATA when columns are missing or no row is left.
 */
abn_status abn_events_load(const char *path, abn_notes *notes, abn_event_list **out,
                           abn_error *err);
/* The same from bytes, which need not outlive the call; a table with nothing to study gives an
 * empty list. */
abn_status abn_events_read(const char *name, abn_slice bytes, abn_notes *notes,
                           abn_event_list **out, abn_error *err);
/* Read a request file without header: event;firm;market;date;group;window start;window
 * end;estimation end;estimation length, dates dd.mm.yyyy. */
abn_status abn_events_request(const char *path, abn_notes *notes, abn_event_list **out,
                              abn_error *err);
void abn_events_free(abn_event_list *events);
size_t abn_events_count(const abn_event_list *events);
const abn_study_event *abn_events_at(const abn_event_list *events, size_t i); /* contiguous */
/* When an event counts: its instant; else the open of the first session on or after its date on the
 * exchange whose day that is; else ABN_NO_INSTANT. `exchanges` may be NULL. */
abn_instant abn_event_instant(const abn_study_event *event, const abn_exchanges *exchanges);
/* Use a column as each event's group; ABN_USAGE when there is no such column. */
abn_status abn_events_group(abn_event_list *events, const char *column, abn_error *err);
/* The cell of any column of event `i`'s row; NULL when the file has no such column. */
const char *abn_events_cell(const abn_event_list *events, size_t i, const char *column);

#endif
