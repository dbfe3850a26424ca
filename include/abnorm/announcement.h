/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Announcements: what many texts mention, as one event each, with its day and its status. */
#ifndef ABNORM_ANNOUNCEMENT_H
#define ABNORM_ANNOUNCEMENT_H

#include <abnorm/arena.h>
#include <abnorm/claim.h>
#include <abnorm/date.h>
#include <abnorm/error.h>
#include <abnorm/instant.h>
#include <abnorm/listing.h>
#include <stdbool.h>
#include <stddef.h>

/* One mention with what its document adds to it. All borrowed. */
typedef struct abn_told {
    size_t document; /* index, in order of documents.csv */
    const char *document_id;
    const abn_mention *mention;
    abn_date written; /* the document's day, or ABN_NO_DATE */
    double written_probability;
    abn_instant written_at; /* when the document says so and was no later report of the day's
                               trading; else ABN_NO_INSTANT */
    int written_offset_sec;
    const char *symbols;   /* of a market report, those that moved, joined by ';'; else NULL: all of
                              the companies' stocks */
    const char *moved_mic; /* the exchange whose day `moved` is, or NULL */
    abn_date moved; /* first session among the document's moves of these companies near its day, or
                  ABN_NO_DATE */
} abn_told;

/* When a mention's announcement was, by its own words and its document. */
typedef struct abn_told_day {
    abn_date day; /* ABN_NO_DATE when nothing says */
    abn_precision precision;
    bool stated; /* by a word or a date, not only by the document's own day */
} abn_told_day;
abn_told_day abn_told_resolve(const abn_told *told);

/* One announcement. Strings live in the arena given to abn_events_merge(). */
typedef struct abn_event {
    const char *id; /* "partnership-2025-02-11", "regulatory-undated", "...-2" */
    abn_instant at; /* ABN_NO_INSTANT unless precision is INSTANT */
    int offset_sec;
    const char *clock; /* MIC of the exchange whose day `on` is, where moves tell it; "" else */
    abn_date on;       /* the day it was told, or is due; first day of a week or month; or none */
    abn_precision precision;
    abn_event_type type;
    abn_event_status status;
    const char *companies, *symbols; /* sorted, joined by ';' */
    const char *documents;           /* ids in order, joined by ';' */
    double confidence;
    const char *confirms; /* an id, or "" */
    const char *evidence; /* "DOC:START-END: the words" */
    const char *topic;    /* of its first mention */
    size_t n_documents;
} abn_event;

typedef struct abn_events {
    abn_event *at; /* by day, the undated last; then type, status, companies */
    size_t count;
    size_t *event_of; /* of each told, its event */
} abn_events;

/* Merge mentions of one announcement: same type and status, the same companies, topics and days
 * that agree. A confirmation names the latest report before it. */
abn_status abn_events_merge(const abn_told *told, size_t n, const abn_listings *listings,
                            abn_arena *arena, abn_events *out, abn_error *err);

/* Whether a mention, its day left aside, can be of an event that other texts tell of: type, status,
 * companies, at least two words of topic in common. */
bool abn_event_matches(const abn_event *event, const abn_mention *mention);

#endif
