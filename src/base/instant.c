/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/instant.h>

#include <stdio.h>

#define DAY_SEC 86400

/* ---- POSIX TZ strings ---- */

typedef struct reader {
    const char *p, *end;
} reader;

static bool take(reader *r, char c)
{
    if (r->p == r->end || *r->p != c) return false;
    r->p++;
    return true;
}

static bool take_number(reader *r, int most, int *value)
{
    const char *start = r->p;
    int v = 0;
    for (; r->p < r->end && *r->p >= '0' && *r->p <= '9' && r->p - start < 4; r->p++)
        v = v * 10 + (*r->p - '0');
    *value = v;
    return r->p > start && v <= most;
}

/* Letters, or anything between < and >; at least three. */
static bool take_name(reader *r)
{
    const char *start = r->p;
    if (take(r, '<')) {
        while (r->p < r->end && *r->p != '>')
            r->p++;
        return r->p - start >= 4 && take(r, '>');
    }
    while (r->p < r->end && ((*r->p >= 'A' && *r->p <= 'Z') || (*r->p >= 'a' && *r->p <= 'z')))
        r->p++;
    return r->p - start >= 3;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool take_time(reader *r, int *sec)
{
    bool negative = take(r, '-');
    int h, m = 0, s = 0;
    if (!negative) take(r, '+');
    if (!take_number(r, 167, &h) || (take(r, ':') && !take_number(r, 59, &m)) ||
        (take(r, ':') && !take_number(r, 59, &s)))
        return false;
    *sec = (h * 60 + m) * 60 + s;
    if (negative) *sec = -*sec;
    return true;
}

static bool take_change(reader *r, abn_zone_change *change)
{
    change->sec = 2 * 3600;
    return take(r, ',') && take(r, 'M') && take_number(r, 12, &change->month) &&
           change->month >= 1 && take(r, '.') && take_number(r, 5, &change->week) &&
           change->week >= 1 && take(r, '.') && take_number(r, 6, &change->weekday) &&
           (!take(r, '/') || take_time(r, &change->sec));
}

static bool read_zone(reader *r, abn_zone *zone)
{
    int west;
    if (!take_name(r) || !take_time(r, &west)) return false;
    zone->standard_sec = zone->daylight_sec = -west;
    if (r->p == r->end) return true;
    zone->has_daylight = true;
    zone->daylight_sec = zone->standard_sec + 3600;
    if (!take_name(r)) return false;
    if (r->p < r->end && *r->p != ',') {
        if (!take_time(r, &west)) return false;
        zone->daylight_sec = -west;
    }
    return take_change(r, &zone->start) && take_change(r, &zone->end) && r->p == r->end;
}

abn_status abn_zone_parse(abn_slice text, abn_zone *zone, abn_error *err)
{
    abn_zone found = {0};
    reader r = {text.ptr, text.ptr + text.len};
    if (!read_zone(&r, &found))
        return abn_fail(err, ABN_DATA,
                        "bad time zone \"%.*s\" (expected POSIX rules as EST5EDT,M3.2.0,M11.1.0)",
                        (int)(text.len < 60 ? text.len : 60), text.ptr);
    *zone = found;
    return ABN_OK;
}

/* ---- offsets ---- */

static abn_instant floor_div(abn_instant a, abn_instant b)
{
    return a / b - (a % b < 0);
}

/* The local wall time, as seconds since 1970-01-01 there, at which a change of `year` comes. */
static abn_instant change_wall(const abn_zone_change *change, int year)
{
    abn_date first = abn_date_of(year, change->month, 1);
    int weekday = abn_weekday(first) % 7; /* 0 Sunday */
    int day = (change->weekday - weekday + 7) % 7 + 7 * (change->week - 1);
    while (day >= abn_days_in_month(year, change->month))
        day -= 7;
    return (abn_instant)(first + day) * DAY_SEC + change->sec;
}

static bool is_daylight(const abn_zone *zone, abn_instant at)
{
    abn_date day = (abn_date)floor_div(at + zone->standard_sec, DAY_SEC);
    int year = abn_date_civil(day).year;
    if (year < 1 || year > 9999) return false;
    abn_instant start = change_wall(&zone->start, year) - zone->standard_sec;
    abn_instant end = change_wall(&zone->end, year) - zone->daylight_sec;
    return start < end ? at >= start && at < end : at >= start || at < end;
}

int abn_zone_offset_sec(const abn_zone *zone, abn_instant at)
{
    return zone->has_daylight && is_daylight(zone, at) ? zone->daylight_sec : zone->standard_sec;
}

abn_instant abn_zone_instant(const abn_zone *zone, abn_date date, int sec)
{
    abn_instant wall = (abn_instant)date * DAY_SEC + sec;
    int low = zone->standard_sec, high = zone->daylight_sec;
    if (low > high) {
        int swap = low;
        low = high;
        high = swap;
    }
    /* The larger offset gives the earlier instant: the first of two that share a wall time. */
    if (abn_zone_offset_sec(zone, wall - high) == high) return wall - high;
    return wall - low;
}

abn_date abn_zone_date(const abn_zone *zone, abn_instant at, int *sec)
{
    abn_instant wall = at + abn_zone_offset_sec(zone, at);
    abn_instant day = floor_div(wall, DAY_SEC);
    if (sec) *sec = (int)(wall - day * DAY_SEC);
    return (abn_date)day;
}

/* ---- RFC 3339 ---- */

static bool two(reader *r, int most, int *value)
{
    if (r->end - r->p < 2 || r->p[0] < '0' || r->p[0] > '9' || r->p[1] < '0' || r->p[1] > '9')
        return false;
    *value = (r->p[0] - '0') * 10 + (r->p[1] - '0');
    r->p += 2;
    return *value <= most;
}

static bool read_offset(reader *r, int *offset)
{
    if (take(r, 'Z') || take(r, 'z')) {
        *offset = 0;
        return true;
    }
    bool west = take(r, '-');
    int h, m;
    if ((!west && !take(r, '+')) || !two(r, 23, &h)) return false;
    take(r, ':');
    if (!two(r, 59, &m)) return false;
    *offset = (h * 60 + m) * 60;
    if (west) *offset = -*offset;
    return true;
}

static bool read_clock(reader *r, int *sec)
{
    int h, m, s = 0;
    if (!two(r, 23, &h) || !take(r, ':') || !two(r, 59, &m)) return false;
    if (take(r, ':')) {
        if (!two(r, 60, &s)) return false;
        if (take(r, '.'))
            while (r->p < r->end && *r->p >= '0' && *r->p <= '9')
                r->p++;
    }
    *sec = (h * 60 + m) * 60 + s;
    return true;
}

bool abn_instant_parse(abn_slice text, abn_instant *at, int *offset_sec)
{
    abn_date date;
    int sec, offset;
    if (text.len < 17 || !abn_date_parse((abn_slice){text.ptr, 10}, &date)) return false;
    reader r = {text.ptr + 10, text.ptr + text.len};
    if (!take(&r, 'T') && !take(&r, 't') && !take(&r, ' ')) return false;
    if (!read_clock(&r, &sec) || !read_offset(&r, &offset) || r.p != r.end) return false;
    *at = (abn_instant)date * DAY_SEC + sec - offset;
    if (offset_sec) *offset_sec = offset;
    return true;
}

char *abn_instant_format(abn_instant at, int offset_sec, char out[ABN_INSTANT_MAX])
{
    out[0] = '\0';
    if (at == ABN_NO_INSTANT) return out;
    abn_instant wall = at + offset_sec, day = floor_div(wall, DAY_SEC);
    int sec = (int)(wall - day * DAY_SEC), off = offset_sec < 0 ? -offset_sec : offset_sec;
    char date[ABN_DATE_MAX];
    if (!abn_date_format((abn_date)day, date)[0]) return out;
    snprintf(out, ABN_INSTANT_MAX, "%sT%02u:%02u:%02u%c%02u:%02u", date, (unsigned)sec / 3600 % 24,
             (unsigned)sec / 60 % 60, (unsigned)sec % 60, offset_sec < 0 ? '-' : '+',
             (unsigned)off / 3600 % 100, (unsigned)off / 60 % 60);
    return out;
}
