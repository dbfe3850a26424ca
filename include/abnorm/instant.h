/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Instants (UTC seconds) and time zones by POSIX TZ rules, never the machine's zone. */
#ifndef ABNORM_INSTANT_H
#define ABNORM_INSTANT_H

#include <abnorm/date.h>
#include <abnorm/error.h>

typedef int64_t abn_instant; /* seconds since 1970-01-01T00:00:00Z */

#define ABN_NO_INSTANT  INT64_MIN
#define ABN_INSTANT_MAX 32 /* room for "YYYY-MM-DDThh:mm:ss+hh:mm" */

/* One change between standard and daylight time: the `week`-th (5: last) `weekday` (0 Sunday) of
 * `month`, at `sec` seconds of local wall time. */
typedef struct abn_zone_change {
    int month, week, weekday, sec;
} abn_zone_change;

typedef struct abn_zone {
    int standard_sec, daylight_sec; /* offsets east of UTC */
    bool has_daylight;
    abn_zone_change start, end; /* of daylight time */
} abn_zone;

/* Read a POSIX TZ string with M rules, as "EST5EDT,M3.2.0,M11.1.0" or "HKT-8" or "<+03>-3". */
abn_status abn_zone_parse(abn_slice text, abn_zone *zone, abn_error *err);
/* Seconds east of UTC in force at an instant. */
int abn_zone_offset_sec(const abn_zone *zone, abn_instant at);
/* The instant of a local date and wall time in seconds after midnight. A time that daylight saving
 * skips is taken with the offset before the change; one that comes twice is the first. */
abn_instant abn_zone_instant(const abn_zone *zone, abn_date date, int sec);
/* The local date of an instant, and the seconds after midnight when `sec` is not NULL. */
abn_date abn_zone_date(const abn_zone *zone, abn_instant at, int *sec);

/* All of `text` as RFC 3339 with offset ("2025-02-11T09:21:00-05:00", "…Z"; seconds and fraction
 * may be absent, 'T' may be a space); false when it is anything else. `offset_sec` may be NULL. */
bool abn_instant_parse(abn_slice text, abn_instant *at, int *offset_sec);
/* RFC 3339 at an offset, or "" for ABN_NO_INSTANT; returns `out`. */
char *abn_instant_format(abn_instant at, int offset_sec, char out[ABN_INSTANT_MAX]);

#endif
