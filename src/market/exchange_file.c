/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exchanges and calendars from their files. */
#include "exchange_parts.h"

#include <abnorm/csv.h>
#include <abnorm/file.h>
#include <stdlib.h>
#include <string.h>

enum { EXCHANGES_COLUMNS = 10 };

static const char *const exchanges_columns[EXCHANGES_COLUMNS] = {
    "mic",  "name",  "aliases",     "calendar",   "posix_tz",
    "open", "close", "early_close", "known_from", "known_to"};

static bool parse_clock(abn_slice text, int *sec)
{
    if (text.len != 5 || text.ptr[2] != ':') return false;
    int digit[4], at[4] = {0, 1, 3, 4};
    for (int i = 0; i < 4; i++) {
        digit[i] = text.ptr[at[i]] - '0';
        if (digit[i] < 0 || digit[i] > 9) return false;
    }
    int hour = digit[0] * 10 + digit[1], minute = digit[2] * 10 + digit[3];
    if (hour > 24 || minute > 59 || hour * 60 + minute > 24 * 60) return false;
    *sec = hour * 3600 + minute * 60;
    return true;
}

static abn_status read_clock(const abn_csv *csv, int column, int *sec, abn_error *err)
{
    abn_slice text = abn_csv_field(csv, column);
    if (parse_clock(text, sec)) return ABN_OK;
    return abn_csv_fail(csv, column, err, "bad time \"%.*s\" (expected HH:MM)", (int)text.len,
                        text.ptr);
}

static abn_status read_date(const abn_csv *csv, int column, abn_date *date, abn_error *err)
{
    abn_slice text = abn_csv_field(csv, column);
    if (abn_date_parse(text, date)) return ABN_OK;
    return abn_csv_fail(csv, column, err, "bad date \"%.*s\" (expected YYYY-MM-DD)", (int)text.len,
                        text.ptr);
}

/* Indices of named columns; every one must be there. */
static abn_status find_columns(const abn_csv *csv, const char *const *name, int n, int *at,
                               abn_error *err)
{
    for (int i = 0; i < n; i++) {
        at[i] = abn_csv_column(csv, name[i]);
        if (at[i] < 0)
            return abn_fail_at(err, ABN_DATA, abn_csv_name(csv), abn_csv_line(csv), 0,
                               "no column \"%s\"", name[i]);
    }
    return ABN_OK;
}

static abn_calendar *calendar_named(abn_exchanges *all, abn_slice name)
{
    for (size_t i = 0; i < all->count; i++)
        if (abn_slice_ieq(name, all->item[i].calendar->name)) return all->item[i].calendar;
    abn_calendar *fresh = abn_arena_alloc(all->arena, sizeof *fresh);
    if (fresh) fresh->name = abn_arena_slice(all->arena, name);
    return fresh && fresh->name ? fresh : NULL;
}

static abn_status read_hours(const abn_csv *csv, const int *at, abn_era *hours, abn_error *err)
{
    abn_slice rules = abn_csv_field(csv, at[4]);
    if (abn_zone_parse(rules, &hours->zone, NULL) != ABN_OK)
        return abn_csv_fail(csv, at[4], err, "bad time zone \"%.*s\" (expected POSIX TZ rules)",
                            (int)rules.len, rules.ptr);
    abn_status status = read_clock(csv, at[5], &hours->open_sec, err);
    if (status == ABN_OK) status = read_clock(csv, at[6], &hours->close_sec, err);
    hours->early_close_sec = -1;
    if (status == ABN_OK && abn_csv_field(csv, at[7]).len > 0)
        status = read_clock(csv, at[7], &hours->early_close_sec, err);
    return status;
}

static abn_status read_exchange(abn_exchanges *all, const abn_csv *csv, const int *at,
                                abn_exchange_entry *x, abn_error *err)
{
    abn_exchange *pub = &x->pub;
    abn_era hours;
    abn_status status = read_hours(csv, at, &hours, err);
    pub->known_to = pub->known_from - 1; /* hours are known, closures are not */
    bool closures = abn_csv_field(csv, at[8]).len > 0 || abn_csv_field(csv, at[9]).len > 0;
    if (status == ABN_OK && closures) status = read_date(csv, at[8], &pub->known_from, err);
    if (status == ABN_OK && closures) status = read_date(csv, at[9], &pub->known_to, err);
    if (status != ABN_OK) return status;
    pub->zone = hours.zone;
    pub->open_sec = hours.open_sec;
    pub->close_sec = hours.close_sec;
    pub->early_close_sec = hours.early_close_sec;
    pub->mic = abn_arena_slice(all->arena, abn_csv_field(csv, at[0]));
    pub->name = abn_arena_slice(all->arena, abn_csv_field(csv, at[1]));
    x->aliases = abn_arena_slice(all->arena, abn_csv_field(csv, at[2]));
    x->calendar = calendar_named(all, abn_csv_field(csv, at[3]));
    if (!pub->mic || !pub->name || !x->aliases || !x->calendar) return abn_fail_memory(err);
    pub->calendar = x->calendar->name;
    return ABN_OK;
}

/* A row with a date in `until` tells what an exchange above it kept before. */
static abn_status read_era(abn_exchanges *all, const abn_csv *csv, const int *at, int until,
                           abn_error *err)
{
    abn_slice mic = abn_csv_field(csv, at[0]);
    abn_era hours;
    abn_status status = read_hours(csv, at, &hours, err);
    if (status == ABN_OK) status = read_date(csv, until, &hours.until, err);
    if (status != ABN_OK) return status;
    for (size_t i = 0; i < all->count; i++) {
        abn_exchange_entry *x = &all->item[i];
        if (!abn_slice_ieq(mic, x->pub.mic)) continue;
        abn_era *grown = abn_arena_alloc(all->arena, (x->eras + 1) * sizeof *grown);
        if (!grown) return abn_fail_memory(err);
        size_t n = 0;
        for (; n < x->eras && x->era[n].until < hours.until; n++)
            grown[n] = x->era[n];
        grown[n] = hours;
        for (; n < x->eras; n++)
            grown[n + 1] = x->era[n];
        x->era = grown;
        x->eras++;
        return ABN_OK;
    }
    return abn_csv_fail(csv, at[0], err, "no row of %.*s above (one without until)", (int)mic.len,
                        mic.ptr);
}

static abn_status read_exchanges(abn_exchanges *all, const char *path, abn_error *err)
{
    abn_csv *csv = NULL;
    int at[EXCHANGES_COLUMNS];
    abn_status status = abn_csv_open(path, ',', &csv, err);
    if (status == ABN_OK) status = abn_csv_header(csv, err);
    if (status == ABN_OK) status = find_columns(csv, exchanges_columns, EXCHANGES_COLUMNS, at, err);
    int until = status == ABN_OK ? abn_csv_column(csv, "until") : -1;
    for (bool more; status == ABN_OK;) {
        status = abn_csv_next(csv, &more, err);
        if (status != ABN_OK || !more) break;
        if (abn_csv_field(csv, until).len > 0) {
            status = read_era(all, csv, at, until, err);
            continue;
        }
        abn_exchange_entry *grown = realloc(all->item, (all->count + 1) * sizeof *grown);
        if (!grown) {
            status = abn_fail_memory(err);
            break;
        }
        all->item = grown;
        memset(&grown[all->count], 0, sizeof *grown);
        status = read_exchange(all, csv, at, &grown[all->count], err);
        all->count += status == ABN_OK;
    }
    abn_csv_free(csv);
    return status;
}

/* The calendar of an exchange, or one that several share by its own name. */
static const abn_exchange_entry *exchange_for_row(const abn_exchanges *all, abn_slice name)
{
    const abn_exchange *found = abn_exchanges_find(all, name);
    if (found) return (const abn_exchange_entry *)found;
    for (size_t i = 0; i < all->count; i++)
        if (abn_slice_ieq(name, all->item[i].calendar->name)) return &all->item[i];
    return NULL;
}

static abn_status read_special_day(const abn_exchanges *all, const abn_csv *csv, const int *at,
                                   abn_pending *list, abn_error *err)
{
    abn_slice name = abn_csv_field(csv, at[0]), kind = abn_csv_field(csv, at[2]);
    const abn_exchange_entry *x = exchange_for_row(all, name);
    if (!x)
        return abn_csv_fail(csv, at[0], err, "unknown exchange \"%.*s\"", (int)name.len, name.ptr);
    abn_special_day day = {.open = true, .open_sec = -1, .close_sec = -1};
    abn_status status = read_date(csv, at[1], &day.date, err);
    if (status != ABN_OK) return status;
    bool timed = at[3] >= 0 && abn_csv_field(csv, at[3]).len > 0;
    if (abn_slice_ieq(kind, "closed")) {
        day.open = false;
    } else if (abn_slice_ieq(kind, "early")) {
        day.close_sec = x->pub.early_close_sec;
        if (timed || day.close_sec < 0) status = read_clock(csv, at[3], &day.close_sec, err);
    } else if (abn_slice_ieq(kind, "late")) {
        status = read_clock(csv, at[3], &day.open_sec, err);
    } else if (!abn_slice_ieq(kind, "open")) {
        return abn_csv_fail(csv, at[2], err,
                            "bad kind \"%.*s\" (expected closed, early, late or open)",
                            (int)kind.len, kind.ptr);
    }
    return status == ABN_OK ? abn_pending_push(list, x->calendar, day, err) : status;
}

abn_status abn_exchanges_add(abn_exchanges *exchanges, const char *calendar_path, abn_error *err)
{
    static const char *const columns[3] = {"exchange", "date", "kind"};
    abn_csv *csv = NULL;
    abn_pending list = {0};
    int at[4];
    abn_status status = abn_csv_open(calendar_path, ',', &csv, err);
    if (status == ABN_OK) status = abn_csv_header(csv, err);
    if (status == ABN_OK) status = find_columns(csv, columns, 3, at, err);
    if (status == ABN_OK) at[3] = abn_csv_column(csv, "local_time");
    for (bool more; status == ABN_OK;) {
        status = abn_csv_next(csv, &more, err);
        if (status != ABN_OK || !more) break;
        status = read_special_day(exchanges, csv, at, &list, err);
    }
    if (status == ABN_OK) status = abn_calendars_merge(exchanges, &list, err);
    free(list.row);
    abn_csv_free(csv);
    return status;
}

abn_status abn_exchanges_load(const char *data_folder, abn_exchanges **out, abn_error *err)
{
    abn_status status = ABN_OK;
    char *hours = abn_path_join(data_folder, "exchanges.csv");
    char *days = abn_path_join(data_folder, "calendars.csv");
    abn_exchanges *all = calloc(1, sizeof *all);
    if (all) all->arena = abn_arena_new();
    if (!hours || !days || !all || !all->arena) status = abn_fail_memory(err);
    if (status == ABN_OK) status = read_exchanges(all, hours, err);
    if (status == ABN_OK) status = abn_exchanges_add(all, days, err);
    if (status == ABN_OK)
        *out = all;
    else
        abn_exchanges_free(all);
    free(hours);
    free(days);
    return status;
}
