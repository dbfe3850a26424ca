/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/arena.h>
#include <abnorm/csv.h>
#include <abnorm/events.h>
#include <abnorm/number.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MOST = 256, SESSIONS_MOST = 100000 };

struct abn_event_list {
    abn_arena *arena;
    abn_study_event *at;
    const char *const **cells; /* of each event's row */
    size_t count, room;
    const char **name; /* columns */
    size_t columns;
};

void abn_events_free(abn_event_list *events)
{
    if (!events) return;
    abn_arena_free(events->arena);
    free(events->at);
    free(events->cells);
    free(events);
}

size_t abn_events_count(const abn_event_list *events)
{
    return events->count;
}

const abn_study_event *abn_events_at(const abn_event_list *events, size_t i)
{
    return events->at + i;
}

static int column_of(const abn_event_list *events, const char *name)
{
    for (size_t c = 0; c < events->columns; c++)
        if (abn_slice_ieq(abn_slice_of(events->name[c]), name)) return (int)c;
    return -1;
}

const char *abn_events_cell(const abn_event_list *events, size_t i, const char *column)
{
    int c = column_of(events, column);
    return c < 0 ? NULL : events->cells[i][c];
}

abn_status abn_events_group(abn_event_list *events, const char *column, abn_error *err)
{
    int c = column_of(events, column);
    if (c < 0) return abn_fail(err, ABN_USAGE, "the events have no column \"%s\"", column);
    for (size_t i = 0; i < events->count; i++)
        events->at[i].group = events->cells[i][c];
    return ABN_OK;
}

abn_instant abn_event_instant(const abn_study_event *e, const abn_exchanges *exchanges)
{
    abn_session session;
    if (e->at != ABN_NO_INSTANT || !exchanges || !e->clock || !*e->clock) return e->at;
    const abn_exchange *x = abn_exchanges_find(exchanges, abn_slice_of(e->clock));
    if (!x || e->on < x->known_from || e->on > x->known_to) return ABN_NO_INSTANT;
    bool open = abn_exchange_session(x, abn_exchange_next(x, e->on), &session);
    return open ? session.open : ABN_NO_INSTANT;
}

/* ---- rows ---- */

/* Where a file keeps what: column numbers, -1 for none. */
typedef struct form {
    int id, symbol, symbols, date, instant, clock, benchmark, status, precision, type;
    int estimation, window, estimation_from, estimation_to, window_from, window_to, length;
} form;

typedef struct reading {
    abn_csv *csv;
    abn_notes *notes;
    abn_event_list *events;
    form f;
    const char *const *cell;
    const char *source;
    size_t row;
} reading;

/* The first of several names (joined by '|') that the file has. */
static int either(const abn_event_list *events, const char *names)
{
    abn_slice rest = abn_slice_of(names), part;
    char name[64];
    while (abn_slice_split(&rest, '|', &part)) {
        memcpy(name, part.ptr, part.len);
        name[part.len] = 0;
        int c = column_of(events, name);
        if (c >= 0) return c;
    }
    return -1;
}

static form find_form(const abn_event_list *e)
{
    return (form){.id = either(e, "event_id|id|event"),
                  .symbol = either(e, "symbol|ticker|security_ticker|firm"),
                  .symbols = either(e, "symbols"),
                  .date = either(e, "event_date|announced_on|date"),
                  .instant = either(e, "announced_at|event_instant|instant"),
                  .clock = either(e, "clock"),
                  .benchmark = either(e, "benchmark|market_ticker|market"),
                  .status = either(e, "status"),
                  .precision = either(e, "precision"),
                  .type = either(e, "type"),
                  .estimation = either(e, "estimation"),
                  .window = either(e, "event_window"),
                  .estimation_from = either(e, "estimation_from|est_start"),
                  .estimation_to = either(e, "estimation_to|estimation_end|est_end"),
                  .window_from = either(e, "window_from|window_start|ev_start"),
                  .window_to = either(e, "window_to|window_end|ev_end"),
                  .length = either(e, "estimation_length|est_len")};
}

static const char *cell(const reading *r, int column)
{
    return column < 0 ? "" : r->cell[column];
}

static bool is_empty(const reading *r, int column)
{
    return !*cell(r, column);
}

/* What is wrong with a row, and in which column. */
typedef struct fault {
    int column; /* -1: nothing */
    const char *expected;
} fault;

static bool integer(const reading *r, int column, int *out, fault *bad)
{
    long v;
    bool fine = abn_integer_parse(abn_slice_of(cell(r, column)), &v) && v >= -SESSIONS_MOST &&
                v <= SESSIONS_MOST;
    if (fine)
        *out = (int)v;
    else
        *bad = (fault){column, "a whole number of sessions"};
    return fine;
}

/* "A:B" in one column. */
static bool read_range(const reading *r, int column, abn_window *out, fault *bad)
{
    abn_slice rest = abn_slice_of(cell(r, column)), from;
    long a, b;
    if (is_empty(r, column)) return false;
    bool fine = abn_slice_split(&rest, ':', &from) && abn_integer_parse(from, &a) &&
                abn_integer_parse(rest, &b) && a <= b && a >= -SESSIONS_MOST && b <= SESSIONS_MOST;
    if (fine)
        *out = (abn_window){(int)a, (int)b};
    else
        *bad = (fault){column, "A:B with A <= B, as -1:1"};
    return fine;
}

/* Two columns, both of which have a value or neither. */
static bool read_pair(const reading *r, int from, int to, abn_window *out, fault *bad)
{
    abn_window w;
    if (from < 0 || to < 0 || (is_empty(r, from) && is_empty(r, to))) return false;
    if (!integer(r, from, &w.from, bad) || !integer(r, to, &w.to, bad)) return false;
    if (w.from > w.to) *bad = (fault){to, "an end that is not before the start"};
    if (w.from <= w.to) *out = w;
    return w.from <= w.to;
}

/* An end and how many sessions lead to it. */
static bool read_length(const reading *r, int length, int to, abn_window *out, fault *bad)
{
    abn_window w;
    int sessions;
    if (length < 0 || to < 0 || (is_empty(r, length) && is_empty(r, to))) return false;
    if (!integer(r, to, &w.to, bad) || !integer(r, length, &sessions, bad)) return false;
    if (sessions < 1) *bad = (fault){length, "a number of sessions above 0"};
    if (sessions < 1) return false;
    *out = (abn_window){w.to - sessions + 1, w.to};
    return true;
}

static void find_windows(const reading *r, abn_study_event *e, fault *bad)
{
    const form *f = &r->f;
    bool starts = f->estimation_from >= 0 && !is_empty(r, f->estimation_from);
    e->has_window = is_empty(r, f->window)
                        ? read_pair(r, f->window_from, f->window_to, &e->window, bad)
                        : read_range(r, f->window, &e->window, bad);
    if (!is_empty(r, f->estimation))
        e->has_estimation = read_range(r, f->estimation, &e->estimation, bad);
    else if (starts || f->length < 0)
        e->has_estimation = read_pair(r, f->estimation_from, f->estimation_to, &e->estimation, bad);
    else
        e->has_estimation = read_length(r, f->length, f->estimation_to, &e->estimation, bad);
}

/* "dd.mm.yyyy" or "YYYY-MM-DD". */
static bool parse_day(abn_slice text, abn_date *out)
{
    abn_slice rest = text, part;
    long d, m, y;
    if (abn_date_parse(text, out)) return true;
    if (!abn_slice_split(&rest, '.', &part) || !abn_integer_parse(part, &d)) return false;
    if (!abn_slice_split(&rest, '.', &part) || !abn_integer_parse(part, &m)) return false;
    if (rest.len != 4 || !abn_integer_parse(rest, &y)) return false;
    *out = abn_date_of((int)y, (int)m, (int)d);
    return *out != ABN_NO_DATE;
}

/* An instant, and the date as it was written with its offset. */
static bool parse_when(const char *text, abn_study_event *e)
{
    abn_instant at;
    int offset = 0;
    e->at = ABN_NO_INSTANT;
    if (parse_day(abn_slice_of(text), &e->on)) return true;
    if (!abn_instant_parse(abn_slice_of(text), &at, &offset)) return false;
    abn_zone zone = {.standard_sec = offset, .daylight_sec = offset};
    e->at = at;
    e->on = abn_zone_date(&zone, at, NULL);
    return true;
}

static void find_day(const reading *r, abn_study_event *e, fault *bad)
{
    bool dated = is_empty(r, r->f.instant) && r->f.date >= 0;
    int column = dated ? r->f.date : r->f.instant;
    if (!parse_when(cell(r, column), e))
        *bad = (fault){column, "YYYY-MM-DD, or an instant with offset"};
}

static void leave_out(const reading *r, const char *id, int column, const char *why)
{
    abn_note_at(r->notes, "event left out", r->source, abn_csv_line(r->csv),
                abn_csv_field_column(r->csv, column), "event %s: %s", id, why);
}

static void tell_fault(const reading *r, const char *id, const fault *bad)
{
    const char *text = cell(r, bad->column);
    abn_note_at(r->notes, ABN_MALFORMED_EVENT, r->source, abn_csv_line(r->csv),
                abn_csv_field_column(r->csv, bad->column),
                "event %s: bad %s \"%.40s\" (expected %s); left out", id,
                r->events->name[bad->column], text, bad->expected);
}

/* Why a row is nothing to study, or NULL; `column` is that of the cell that lacks, or -1. */
static const char *unfit(const reading *r, int *column)
{
    *column = -1;
    const char *precision = cell(r, r->f.precision);
    if (strcmp(cell(r, r->f.status), "scheduled") == 0) return "it is only scheduled";
    if (strcmp(precision, "month") == 0 || strcmp(precision, "week") == 0)
        return "its day is not known";
    if (r->f.symbols >= 0 && strcmp(cell(r, r->f.type), "market") == 0)
        return "it only reports moves";
    *column = r->f.date >= 0 ? r->f.date : r->f.instant;
    if (is_empty(r, r->f.instant) && is_empty(r, r->f.date)) return "it has no date";
    *column = r->f.symbol < 0 ? r->f.symbols : r->f.symbol;
    return is_empty(r, *column) ? "no symbol" : NULL;
}

static bool append(reading *r, const abn_study_event *e)
{
    abn_event_list *events = r->events;
    if (events->count == events->room) {
        size_t room = events->room ? 2 * events->room : 256;
        abn_study_event *at = realloc(events->at, room * sizeof *at);
        if (!at) return false;
        events->at = at;
        const char *const **cells = realloc(events->cells, room * sizeof *cells);
        if (!cells) return false;
        events->cells = cells;
        events->room = room;
    }
    events->cells[events->count] = r->cell;
    events->at[events->count++] = *e;
    return true;
}

/* One event a symbol. */
static abn_status take_row(reading *r, abn_error *err)
{
    abn_study_event e = {.source = r->source,
                         .line = abn_csv_line(r->csv),
                         .clock = cell(r, r->f.clock),
                         .benchmark = cell(r, r->f.benchmark),
                         .group = ""};
    char number[ABN_NUMBER_MAX];
    size_t digits = abn_number_print(number, (double)++r->row, 15);
    e.event_id = *cell(r, r->f.id) ? cell(r, r->f.id)
                                   : abn_arena_slice(r->events->arena, (abn_slice){number, digits});
    if (!e.event_id) return abn_fail_memory(err);
    int column;
    const char *why = unfit(r, &column);
    if (why) {
        leave_out(r, e.event_id, column, why);
        return ABN_OK;
    }
    fault bad = {.column = -1};
    find_windows(r, &e, &bad);
    find_day(r, &e, &bad);
    if (bad.column >= 0) {
        tell_fault(r, e.event_id, &bad);
        return ABN_OK;
    }
    bool many = r->f.symbol < 0;
    abn_slice rest = abn_slice_of(cell(r, many ? r->f.symbols : r->f.symbol)), part;
    while (rest.len) {
        if (!many || !abn_slice_split(&rest, ';', &part)) {
            part = rest;
            rest.len = 0;
        }
        part = abn_slice_trim(part);
        if (!part.len) continue;
        e.symbol = abn_arena_slice(r->events->arena, part);
        if (!e.symbol || !append(r, &e)) return abn_fail_memory(err);
    }
    return ABN_OK;
}

static bool keep_cells(reading *r)
{
    abn_event_list *events = r->events;
    const char **cells = abn_arena_alloc(events->arena, events->columns * sizeof *cells);
    if (!cells) return false;
    for (size_t c = 0; c < events->columns; c++)
        if (!(cells[c] = abn_arena_slice(events->arena, abn_csv_field(r->csv, (int)c))))
            return false;
    r->cell = cells;
    return true;
}

static abn_status check_form(const reading *r, abn_error *err)
{
    if (r->f.symbol < 0 && r->f.symbols < 0)
        return abn_csv_fail(r->csv, -1, err, "no column symbol (or symbols)");
    if (r->f.date < 0 && r->f.instant < 0)
        return abn_csv_fail(r->csv, -1, err, "no column event_date (or announced_at)");
    return ABN_OK;
}

static abn_status take_all(reading *r, abn_error *err)
{
    abn_status status = check_form(r, err);
    bool more = true;
    while (status == ABN_OK) {
        status = abn_csv_next(r->csv, &more, err);
        if (status != ABN_OK || !more) break;
        status = keep_cells(r) ? take_row(r, err) : abn_fail_memory(err);
    }
    return status;
}

static bool name_columns(abn_event_list *events, const abn_csv *csv, const char *const *fixed,
                         size_t n)
{
    events->columns = fixed ? n : abn_csv_columns(csv);
    if (events->columns > COLUMNS_MOST) events->columns = COLUMNS_MOST;
    events->name = abn_arena_alloc(events->arena, (events->columns + 1) * sizeof *events->name);
    for (size_t c = 0; events->name && c < events->columns; c++) {
        events->name[c] =
            abn_arena_strdup(events->arena, fixed ? fixed[c] : abn_csv_column_name(csv, c));
        if (!events->name[c]) return false;
    }
    return events->name != NULL;
}

/* Takes the table over. */
static abn_status take(abn_csv *csv, const char *const *fixed, size_t n, abn_notes *notes,
                       abn_event_list **out, abn_error *err)
{
    reading r = {.csv = csv, .notes = notes, .events = calloc(1, sizeof *r.events)};
    abn_status status = ABN_OK;
    if (r.events) r.events->arena = abn_arena_new();
    if (!r.events || !r.events->arena) status = abn_fail_memory(err);
    if (status == ABN_OK && !fixed) status = abn_csv_header(r.csv, err);
    if (status == ABN_OK && !name_columns(r.events, r.csv, fixed, n)) status = abn_fail_memory(err);
    if (status == ABN_OK) {
        r.source = abn_arena_strdup(r.events->arena, abn_csv_name(csv));
        r.f = find_form(r.events);
        status = r.source ? take_all(&r, err) : abn_fail_memory(err);
    }
    abn_csv_free(r.csv);
    if (status == ABN_OK)
        *out = r.events;
    else
        abn_events_free(r.events);
    return status;
}

static abn_status load(const char *path, char separator, const char *const *fixed, size_t n,
                       abn_notes *notes, abn_event_list **out, abn_error *err)
{
    abn_csv *csv;
    abn_event_list *events = NULL;
    abn_status status = abn_csv_open(path, separator, &csv, err);
    if (status == ABN_OK) status = take(csv, fixed, n, notes, &events, err);
    if (status == ABN_OK && !events->count)
        status = abn_fail_at(err, ABN_DATA, path, 0, 0, "no event to study");
    if (status == ABN_OK)
        *out = events;
    else
        abn_events_free(events);
    return status;
}

abn_status abn_events_load(const char *path, abn_notes *notes, abn_event_list **out, abn_error *err)
{
    return load(path, 0, NULL, 0, notes, out, err);
}

abn_status abn_events_read(const char *name, abn_slice bytes, abn_notes *notes,
                           abn_event_list **out, abn_error *err)
{
    abn_csv *csv;
    abn_status status = abn_csv_read(name, bytes, 0, &csv, err);
    return status == ABN_OK ? take(csv, NULL, 0, notes, out, err) : status;
}

abn_status abn_events_request(const char *path, abn_notes *notes, abn_event_list **out,
                              abn_error *err)
{
    static const char *const columns[] = {"event_id",  "firm",          "market",
                                          "date",      "group",         "window_from",
                                          "window_to", "estimation_to", "estimation_length"};
    return load(path, ';', columns, sizeof columns / sizeof *columns, notes, out, err);
}
