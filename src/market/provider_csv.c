/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV answers: one reader for every vendor's spelling of the same few columns. */
#include "provider_parts.h"

#include <abnorm/csv.h>
#include <abnorm/number.h>
#include <math.h>
#include <string.h>

typedef enum { DATE, VALUE, DIVIDEND, SPLIT } role;

static const struct {
    const char *header;
    role role;
    const char *column;
} spellings[] = {
    {"date", DATE, NULL},
    {"timestamp", DATE, NULL},
    {"open", VALUE, "open"},
    {"high", VALUE, "high"},
    {"low", VALUE, "low"},
    {"close", VALUE, "close"},
    {"adj close", VALUE, "adj_close"},
    {"adjclose", VALUE, "adj_close"},
    {"adj_close", VALUE, "adj_close"},
    {"adjusted_close", VALUE, "adj_close"},
    {"adjusted close", VALUE, "adj_close"},
    {"volume", VALUE, "volume"},
    {"divcash", DIVIDEND, NULL},
    {"dividend_amount", DIVIDEND, NULL},
    {"splitfactor", SPLIT, NULL},
    {"split_coefficient", SPLIT, NULL},
};

/* Where the fields of a row go. */
typedef struct layout {
    int date, dividend, split; /* field, or -1 */
    int column[32];            /* of field i, or -1 */
    int fields;
} layout;

bool abn_provider_is_csv(abn_slice body)
{
    const char *end = body.len ? memchr(body.ptr, '\n', body.len) : NULL;
    size_t len = end ? (size_t)(end - body.ptr) : body.len;
    abn_slice line = abn_slice_trim((abn_slice){body.ptr, len < 400 ? len : 400});
    if (line.len >= 3 && memcmp(line.ptr, "\xef\xbb\xbf", 3) == 0)
        line = (abn_slice){line.ptr + 3, line.len - 3};
    abn_slice first;
    return abn_slice_split(&line, ',', &first) && line.len > 0 &&
           (abn_slice_ieq(first, "date") || abn_slice_ieq(first, "timestamp"));
}

static bool place(layout *at, int field, const char *header, abn_bars *bars)
{
    at->column[field] = -1;
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        if (!abn_slice_ieq(abn_slice_of(header), spellings[i].header)) continue;
        if (spellings[i].role == DATE)
            at->date = field;
        else if (spellings[i].role == DIVIDEND)
            at->dividend = field;
        else if (spellings[i].role == SPLIT)
            at->split = field;
        else
            at->column[field] = abn_bars_column(bars, spellings[i].column);
        return true;
    }
    return false;
}

static abn_status read_layout(abn_csv *csv, abn_bars *bars, layout *at, abn_error *err)
{
    *at = (layout){.date = -1, .dividend = -1, .split = -1};
    abn_status status = abn_csv_header(csv, err);
    if (status) return status;
    at->fields = (int)abn_csv_columns(csv);
    if (at->fields > 32) return abn_csv_fail(csv, 0, err, "too many columns in the answer");
    for (int f = 0; f < at->fields; f++)
        place(at, f, abn_csv_column_name(csv, (size_t)f), bars);
    if (at->date < 0 || abn_bars_find_column(bars, "close") < 0)
        return abn_csv_fail(csv, 0, err, "the answer has no date and close");
    return ABN_OK;
}

static bool blank(abn_slice cell)
{
    return cell.len == 0 || abn_slice_ieq(cell, "null") || abn_slice_ieq(cell, "n/a") ||
           abn_slice_ieq(cell, "nan") || abn_slice_eq(cell, ".") || abn_slice_eq(cell, "-");
}

static abn_status read_values(const abn_csv *csv, const layout *at, abn_bar *bar, abn_error *err)
{
    for (int f = 0; f < at->fields; f++) {
        abn_slice cell = abn_csv_field(csv, f);
        if (at->column[f] < 0 || blank(cell)) continue;
        if (!abn_number_parse(cell, &bar->value[at->column[f]]))
            return abn_csv_fail(csv, f, err, "bad number \"%.*s\" in the answer",
                                (int)(cell.len < 40 ? cell.len : 40), cell.ptr);
    }
    return ABN_OK;
}

static bool read_events(const abn_csv *csv, const layout *at, abn_date date, abn_bars *bars)
{
    double value;
    if (at->dividend >= 0 && abn_number_parse(abn_csv_field(csv, at->dividend), &value) &&
        value > 0 && !abn_bars_add_dividend(bars, date, value, ""))
        return false;
    return !(at->split >= 0 && abn_number_parse(abn_csv_field(csv, at->split), &value) &&
             value > 0 && value != 1 && !abn_bars_add_split(bars, date, value));
}

static abn_status read_row(const abn_csv *csv, const layout *at, abn_bars *bars, abn_error *err)
{
    abn_date date;
    abn_slice cell = abn_csv_field(csv, at->date);
    abn_slice day = {cell.ptr, cell.len < 10 ? cell.len : 10};
    if (!abn_date_parse(day, &date))
        return abn_csv_fail(csv, at->date, err, "bad date \"%.*s\" in the answer",
                            (int)(cell.len < 40 ? cell.len : 40), cell.ptr);
    abn_bar *bar = abn_bars_add(bars, date);
    if (!bar) return abn_fail_memory(err);
    abn_status status = read_values(csv, at, bar, err);
    if (status) return status;
    if (isnan(bar->value[abn_bars_find_column(bars, "close")]))
        bars->n--; /* no close is no observation */
    return read_events(csv, at, date, bars) ? ABN_OK : abn_fail_memory(err);
}

/* The body up to its last line end. A number before no line end may have lost digits. */
static abn_slice whole_lines(abn_slice body, const char *source, abn_notes *notes)
{
    size_t len = body.len;
    while (len > 0 && body.ptr[len - 1] != '\n' && body.ptr[len - 1] != '\r')
        len--;
    if (len < body.len && len > 0)
        abn_note_at(notes, "unended row", source, 0, 0,
                    "the answer's last row has no line end and may be cut: left out");
    return (abn_slice){body.ptr, len};
}

static bool row_is_short(abn_slice body, abn_slice whole)
{
    size_t has = 0, wants = 0;
    for (size_t i = whole.len; i < body.len; i++)
        has += body.ptr[i] == ',';
    for (size_t i = 0; i < body.len && body.ptr[i] != '\n' && body.ptr[i] != '\r'; i++)
        wants += body.ptr[i] == ',';
    return whole.len < body.len && has < wants;
}

abn_status abn_provider_csv(const char *source, abn_slice body, abn_bars *bars, abn_notes *notes,
                            abn_error *err)
{
    abn_csv *csv = NULL;
    layout at;
    bool more = true;
    if (!abn_provider_is_csv(body)) return abn_provider_fail(source, body, ABN_DATA, err);
    abn_slice whole = whole_lines(body, source, notes);
    if (row_is_short(body, whole))
        return abn_fail_at(err, ABN_DATA, source, 0, 0, "the answer ends in the middle of a row");
    abn_status status = abn_csv_read(source, whole, ',', &csv, err);
    if (status == ABN_OK) status = read_layout(csv, bars, &at, err);
    while (status == ABN_OK) {
        status = abn_csv_next(csv, &more, err);
        if (status || !more) break;
        status = read_row(csv, &at, bars, err);
    }
    abn_csv_free(csv);
    return status;
}
