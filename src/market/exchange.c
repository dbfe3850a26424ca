/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/arena.h>
#include <abnorm/csv.h>
#include <abnorm/exchange.h>
#include <abnorm/file.h>
#include <stdlib.h>
#include <string.h>

/* A date on which an exchange did not keep its regular hours. */
typedef struct special_day {
    abn_date date;
    bool open;
    int open_sec, close_sec; /* -1: the regular hour */
} special_day;

typedef struct span {
    abn_date from, to; /* both included */
} span;

/* Exchanges that close on the same days share one. */
typedef struct calendar {
    const char *name;
    special_day *day; /* ascending, each date once */
    size_t n;
    abn_date first;       /* of `state` */
    size_t days;          /* from the first special day to the last */
    unsigned char *state; /* 0 as any other day, 1 closed, 2 open */
    span *inferred;       /* from prices, not from a file */
    size_t inferred_n;
} calendar;

typedef struct exchange_entry {
    abn_exchange pub; /* first, so that a public pointer is also one of these */
    const char *aliases;
    calendar *calendar;
    span on_file; /* what the public range was before anything was inferred */
} exchange_entry;

struct abn_exchanges {
    abn_arena *arena;
    exchange_entry *item;
    size_t count;
};

/* Special days as a file states them, before they are merged into the calendars. */
typedef struct pending_day {
    calendar *calendar;
    special_day day;
    size_t order;
} pending_day;

typedef struct pending {
    pending_day *row;
    size_t n, cap;
} pending;

enum { EXCHANGES_COLUMNS = 10, GAP_DAYS = 5 };

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

static calendar *calendar_named(abn_exchanges *all, abn_slice name)
{
    for (size_t i = 0; i < all->count; i++)
        if (abn_slice_ieq(name, all->item[i].calendar->name)) return all->item[i].calendar;
    calendar *fresh = abn_arena_alloc(all->arena, sizeof *fresh);
    if (fresh) fresh->name = abn_arena_slice(all->arena, name);
    return fresh && fresh->name ? fresh : NULL;
}

static abn_status read_exchange(abn_exchanges *all, const abn_csv *csv, const int *at,
                                exchange_entry *x, abn_error *err)
{
    abn_exchange *pub = &x->pub;
    abn_status status = abn_zone_parse(abn_csv_field(csv, at[4]), &pub->zone, NULL);
    if (status != ABN_OK)
        return abn_csv_fail(csv, at[4], err, "bad time zone \"%.*s\" (expected POSIX TZ rules)",
                            (int)abn_csv_field(csv, at[4]).len, abn_csv_field(csv, at[4]).ptr);
    status = read_clock(csv, at[5], &pub->open_sec, err);
    if (status == ABN_OK) status = read_clock(csv, at[6], &pub->close_sec, err);
    pub->early_close_sec = -1;
    if (status == ABN_OK && abn_csv_field(csv, at[7]).len > 0)
        status = read_clock(csv, at[7], &pub->early_close_sec, err);
    pub->known_to = pub->known_from - 1; /* hours are known, closures are not */
    bool closures = abn_csv_field(csv, at[8]).len > 0 || abn_csv_field(csv, at[9]).len > 0;
    if (status == ABN_OK && closures) status = read_date(csv, at[8], &pub->known_from, err);
    if (status == ABN_OK && closures) status = read_date(csv, at[9], &pub->known_to, err);
    if (status != ABN_OK) return status;
    pub->mic = abn_arena_slice(all->arena, abn_csv_field(csv, at[0]));
    pub->name = abn_arena_slice(all->arena, abn_csv_field(csv, at[1]));
    x->aliases = abn_arena_slice(all->arena, abn_csv_field(csv, at[2]));
    x->calendar = calendar_named(all, abn_csv_field(csv, at[3]));
    if (!pub->mic || !pub->name || !x->aliases || !x->calendar) return abn_fail_memory(err);
    pub->calendar = x->calendar->name;
    return ABN_OK;
}

static abn_status read_exchanges(abn_exchanges *all, const char *path, abn_error *err)
{
    abn_csv *csv = NULL;
    int at[EXCHANGES_COLUMNS];
    abn_status status = abn_csv_open(path, ',', &csv, err);
    if (status == ABN_OK) status = abn_csv_header(csv, err);
    if (status == ABN_OK) status = find_columns(csv, exchanges_columns, EXCHANGES_COLUMNS, at, err);
    for (bool more; status == ABN_OK;) {
        status = abn_csv_next(csv, &more, err);
        if (status != ABN_OK || !more) break;
        exchange_entry *grown = realloc(all->item, (all->count + 1) * sizeof *grown);
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

static abn_status push_pending(pending *list, calendar *of, special_day day, abn_error *err)
{
    if (list->n == list->cap) {
        size_t cap = list->cap ? 2 * list->cap : 64;
        pending_day *grown = realloc(list->row, cap * sizeof *grown);
        if (!grown) return abn_fail_memory(err);
        list->row = grown;
        list->cap = cap;
    }
    list->row[list->n] = (pending_day){of, day, list->n};
    list->n++;
    return ABN_OK;
}

/* The calendar of an exchange, or one that several share by its own name. */
static const exchange_entry *exchange_for_row(const abn_exchanges *all, abn_slice name)
{
    const abn_exchange *found = abn_exchanges_find(all, name);
    if (found) return (const exchange_entry *)found;
    for (size_t i = 0; i < all->count; i++)
        if (abn_slice_ieq(name, all->item[i].calendar->name)) return &all->item[i];
    return NULL;
}

static abn_status read_special_day(const abn_exchanges *all, const abn_csv *csv, const int *at,
                                   pending *list, abn_error *err)
{
    abn_slice name = abn_csv_field(csv, at[0]), kind = abn_csv_field(csv, at[2]);
    const exchange_entry *x = exchange_for_row(all, name);
    if (!x)
        return abn_csv_fail(csv, at[0], err, "unknown exchange \"%.*s\"", (int)name.len, name.ptr);
    special_day day = {.open = true, .open_sec = -1, .close_sec = -1};
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
    return status == ABN_OK ? push_pending(list, x->calendar, day, err) : status;
}

static int compare_pending(const void *a, const void *b)
{
    const pending_day *x = a, *y = b;
    if (x->day.date != y->day.date) return x->day.date < y->day.date ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* Special days by date, since every row of every series asks for its own. */
static abn_status mark_days(abn_exchanges *all, calendar *of, abn_error *err)
{
    if (of->n == 0) return ABN_OK;
    size_t days = (size_t)(of->day[of->n - 1].date - of->day[0].date) + 1;
    unsigned char *state = abn_arena_alloc(all->arena, days);
    if (!state) return abn_fail_memory(err);
    for (size_t i = 0; i < of->n; i++)
        state[of->day[i].date - of->day[0].date] = of->day[i].open ? 2 : 1;
    of->first = of->day[0].date;
    of->days = days;
    of->state = state;
    return ABN_OK;
}

/* Days of `fresh`, ascending, replace those of the same date; the later of two wins. */
static abn_status merge_days(abn_exchanges *all, calendar *into, const pending *fresh,
                             abn_error *err)
{
    special_day *merged = abn_arena_alloc(all->arena, (into->n + fresh->n) * sizeof *merged);
    if (!merged) return abn_fail_memory(err);
    size_t n = 0, i = 0;
    for (size_t j = 0; j < fresh->n; j++) {
        if (fresh->row[j].calendar != into) continue;
        special_day day = fresh->row[j].day;
        while (i < into->n && into->day[i].date < day.date)
            merged[n++] = into->day[i++];
        if (i < into->n && into->day[i].date == day.date) i++;
        if (n > 0 && merged[n - 1].date == day.date) n--;
        merged[n++] = day;
    }
    while (i < into->n)
        merged[n++] = into->day[i++];
    into->day = merged;
    into->n = n;
    return mark_days(all, into, err);
}

static bool year_has_closures(const calendar *of, int year)
{
    abn_date from = abn_date_of(year, 1, 1), to = abn_date_of(year, 12, 31);
    for (size_t i = 0; i < of->n; i++)
        if (!of->day[i].open && of->day[i].date >= from && of->day[i].date <= to) return true;
    return false;
}

static const special_day *first_closure(const calendar *of)
{
    for (size_t i = 0; i < of->n; i++)
        if (!of->day[i].open) return &of->day[i];
    return NULL;
}

/* Years that a user's rows add next to the known ones are known too; where none were, those from
 * the first with closures on. */
static void extend_known(exchange_entry *x)
{
    const special_day *first = first_closure(x->calendar);
    if (x->pub.known_from > x->pub.known_to) {
        if (!first) return;
        x->pub.known_from = abn_date_of(abn_date_civil(first->date).year, 1, 1);
        x->pub.known_to = abn_date_of(abn_date_civil(first->date).year, 12, 31);
    }
    int year = abn_date_civil(x->pub.known_from).year;
    while (year_has_closures(x->calendar, year - 1))
        x->pub.known_from = abn_date_of(--year, 1, 1);
    year = abn_date_civil(x->pub.known_to).year;
    while (year_has_closures(x->calendar, year + 1))
        x->pub.known_to = abn_date_of(++year, 12, 31);
}

static abn_status merge_pending(abn_exchanges *all, pending *list, abn_error *err)
{
    if (list->n > 0) qsort(list->row, list->n, sizeof *list->row, compare_pending);
    for (size_t i = 0; i < all->count; i++) {
        bool first = true;
        for (size_t j = 0; j < i; j++)
            first &= all->item[j].calendar != all->item[i].calendar;
        abn_status status = first ? merge_days(all, all->item[i].calendar, list, err) : ABN_OK;
        if (status != ABN_OK) return status;
        extend_known(&all->item[i]);
        all->item[i].on_file = (span){all->item[i].pub.known_from, all->item[i].pub.known_to};
    }
    return ABN_OK;
}

abn_status abn_exchanges_add(abn_exchanges *exchanges, const char *calendar_path, abn_error *err)
{
    static const char *const columns[3] = {"exchange", "date", "kind"};
    abn_csv *csv = NULL;
    pending list = {0};
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
    if (status == ABN_OK) status = merge_pending(exchanges, &list, err);
    free(list.row);
    abn_csv_free(csv);
    return status;
}

static bool is_on_file(const abn_exchange *x, abn_date date)
{
    const span *on_file = &((const exchange_entry *)x)->on_file;
    return date >= on_file->from && date <= on_file->to;
}

/* A span that joins the known years makes them longer. */
static void join_known(abn_exchanges *all, const calendar *of, span inferred)
{
    for (size_t i = 0; i < all->count; i++) {
        abn_exchange *x = &all->item[i].pub;
        if (all->item[i].calendar != of) continue;
        if (x->known_from > x->known_to) { /* nothing on file */
            x->known_from = inferred.from;
            x->known_to = inferred.to;
        }
        bool before = inferred.from < x->known_from && inferred.to >= x->known_from - GAP_DAYS;
        bool after = inferred.to > x->known_to && inferred.from <= x->known_to + GAP_DAYS;
        if (before) x->known_from = inferred.from;
        if (after) x->known_to = inferred.to;
    }
}

/* Weekdays that are not among the dates are closed, weekends that are open. */
static abn_status push_inferred(const exchange_entry *x, const abn_date *date, size_t n,
                                pending *list, abn_error *err)
{
    abn_status status = ABN_OK;
    size_t i = 0;
    for (abn_date d = date[0]; status == ABN_OK && d <= date[n - 1]; d++) {
        while (date[i] < d)
            i++;
        bool open = date[i] == d, weekday = abn_weekday(d) <= 5;
        special_day day = {.date = d, .open = open, .open_sec = -1, .close_sec = -1};
        if (!is_on_file(&x->pub, d) && open != weekday)
            status = push_pending(list, x->calendar, day, err);
    }
    return status;
}

abn_status abn_exchanges_infer(abn_exchanges *exchanges, const abn_exchange *exchange,
                               const abn_date *date, size_t n, abn_error *err)
{
    const exchange_entry *x = (const exchange_entry *)exchange;
    calendar *of = x->calendar;
    pending list = {0};
    if (n == 0) return ABN_OK;
    span *grown = abn_arena_alloc(exchanges->arena, (of->inferred_n + 1) * sizeof *grown);
    abn_status status = grown ? push_inferred(x, date, n, &list, err) : abn_fail_memory(err);
    if (status == ABN_OK) status = merge_days(exchanges, of, &list, err);
    free(list.row);
    if (status != ABN_OK) return status;
    if (of->inferred_n > 0) memcpy(grown, of->inferred, of->inferred_n * sizeof *grown);
    grown[of->inferred_n] = (span){date[0], date[n - 1]};
    of->inferred = grown;
    of->inferred_n++;
    join_known(exchanges, of, grown[of->inferred_n - 1]);
    return ABN_OK;
}

bool abn_exchange_knows(const abn_exchange *exchange, abn_date date)
{
    const calendar *of = ((const exchange_entry *)exchange)->calendar;
    if (date >= exchange->known_from && date <= exchange->known_to) return true;
    for (size_t i = 0; i < of->inferred_n; i++)
        if (date >= of->inferred[i].from && date <= of->inferred[i].to) return true;
    return false;
}

bool abn_exchange_inferred(const abn_exchange *exchange, abn_date date)
{
    return abn_exchange_knows(exchange, date) && !is_on_file(exchange, date);
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

void abn_exchanges_free(abn_exchanges *exchanges)
{
    if (!exchanges) return;
    abn_arena_free(exchanges->arena);
    free(exchanges->item);
    free(exchanges);
}

size_t abn_exchanges_count(const abn_exchanges *exchanges)
{
    return exchanges->count;
}

const abn_exchange *abn_exchanges_at(const abn_exchanges *exchanges, size_t i)
{
    return &exchanges->item[i].pub;
}

static bool has_alias(const exchange_entry *x, abn_slice name)
{
    abn_slice rest = abn_slice_of(x->aliases), part;
    while (abn_slice_split(&rest, ';', &part))
        if (part.len == name.len && name.len > 0) {
            size_t i = 0;
            while (i < name.len && (part.ptr[i] | 32) == (name.ptr[i] | 32))
                i++;
            if (i == name.len) return true;
        }
    return false;
}

const abn_exchange *abn_exchanges_find(const abn_exchanges *exchanges, abn_slice mic)
{
    for (size_t i = 0; i < exchanges->count; i++)
        if (abn_slice_ieq(mic, exchanges->item[i].pub.mic)) return &exchanges->item[i].pub;
    for (size_t i = 0; i < exchanges->count; i++)
        if (has_alias(&exchanges->item[i], mic)) return &exchanges->item[i].pub;
    return NULL;
}

static const special_day *find_special(const calendar *in, abn_date date)
{
    size_t lo = 0, hi = in->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (in->day[mid].date < date)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < in->n && in->day[lo].date == date ? &in->day[lo] : NULL;
}

static bool is_open(const calendar *of, abn_date date)
{
    int64_t at = (int64_t)date - of->first;
    int state = at >= 0 && at < (int64_t)of->days ? of->state[at] : 0;
    return state ? state == 2 : abn_weekday(date) <= 5;
}

bool abn_exchange_session(const abn_exchange *exchange, abn_date date, abn_session *session)
{
    const exchange_entry *x = (const exchange_entry *)exchange;
    if (!is_open(x->calendar, date)) return false;
    if (!session) return true;
    const special_day *special = find_special(x->calendar, date);
    int open = x->pub.open_sec, close = x->pub.close_sec;
    if (special && special->open_sec >= 0) open = special->open_sec;
    if (special && special->close_sec >= 0) close = special->close_sec;
    session->date = date;
    session->open = abn_zone_instant(&x->pub.zone, date, open);
    session->close = abn_zone_instant(&x->pub.zone, date, close);
    session->early = close < x->pub.close_sec;
    return true;
}

abn_date abn_exchange_next(const abn_exchange *exchange, abn_date date)
{
    while (!abn_exchange_session(exchange, date, NULL))
        date++;
    return date;
}

abn_date abn_exchange_previous(const abn_exchange *exchange, abn_date date)
{
    while (!abn_exchange_session(exchange, date, NULL))
        date--;
    return date;
}

abn_session abn_exchange_first_session(const abn_exchange *exchange, abn_instant at,
                                       abn_phase *phase)
{
    abn_date today = abn_zone_date(&exchange->zone, at, NULL);
    abn_session met;
    abn_date date = abn_exchange_next(exchange, today);
    abn_exchange_session(exchange, date, &met);
    if (met.close <= at) {
        date = abn_exchange_next(exchange, date + 1);
        abn_exchange_session(exchange, date, &met);
    }
    if (phase)
        *phase = met.date != today ? ABN_PHASE_AFTER_CLOSE
                 : at < met.open   ? ABN_PHASE_PRE_OPEN
                                   : ABN_PHASE_INTRADAY;
    return met;
}

const char *abn_phase_name(abn_phase phase)
{
    static const char *const name[] = {"pre_open", "intraday", "after_close", "day"};
    return name[phase];
}
