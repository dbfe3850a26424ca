/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kenneth French's daily factors: a zip with one text file, prose around its tables, percent. */
#include "provider_parts.h"

#include <abnorm/http.h>
#include <abnorm/number.h>
#include <abnorm/zip.h>
#include <ctype.h>
#include <string.h>

#define UNPACKED_MAX ((size_t)64 << 20)

/* Short names for the archives most asked for; any other is named in full. */
static const struct {
    const char *name, *archive;
} archives[] = {
    {"us3", "F-F_Research_Data_Factors_daily"},
    {"us5", "F-F_Research_Data_5_Factors_2x3_daily"},
    {"momentum", "F-F_Momentum_Factor_daily"},
    {"developed3", "Developed_3_Factors_Daily"},
    {"europe3", "Europe_3_Factors_Daily"},
    {"japan3", "Japan_3_Factors_Daily"},
    {"asia3", "Asia_Pacific_ex_Japan_3_Factors_Daily"},
};

static void spell(const char *symbol, abn_buf *out)
{
    for (size_t i = 0; i < sizeof archives / sizeof *archives; i++)
        if (abn_slice_ieq(abn_slice_of(symbol), archives[i].name)) {
            abn_buf_text(out, archives[i].archive);
            return;
        }
    abn_buf_text(out, symbol);
}

static abn_status url(const abn_query *query, abn_buf *out, abn_error *err)
{
    (void)err;
    abn_provider_base(&abn_provider_french, query, out);
    abn_buf_text(out, "/pages/faculty/ken.french/ftp/");
    abn_http_escape(out, query->spelling);
    abn_buf_text(out, "_CSV.zip");
    return ABN_OK;
}

/* The next line, whatever ends it (lone CRs occur); false at the end. */
static bool next_line(abn_slice *rest, abn_slice *line)
{
    if (rest->len == 0) return false;
    size_t len = 0;
    while (len < rest->len && rest->ptr[len] != '\n' && rest->ptr[len] != '\r')
        len++;
    *line = abn_slice_trim((abn_slice){rest->ptr, len});
    if (len < rest->len && rest->ptr[len] == '\r' && len + 1 < rest->len &&
        rest->ptr[len + 1] == '\n')
        len++;
    len += len < rest->len;
    *rest = (abn_slice){rest->ptr + len, rest->len - len};
    return true;
}

/* "Mkt-RF" is mkt_rf. */
static bool add_factor(abn_bars *bars, abn_slice name)
{
    char plain[ABN_BARS_NAME];
    if (name.len == 0 || name.len >= sizeof plain) return false;
    for (size_t i = 0; i < name.len; i++) {
        int c = tolower((unsigned char)name.ptr[i]);
        plain[i] = (char)(isalnum(c) ? c : '_');
    }
    plain[name.len] = '\0';
    return abn_bars_column(bars, plain) == bars->columns - 1;
}

/* A table begins at a line whose first field is empty and whose others are names. */
static bool read_header(abn_slice line, abn_bars *bars)
{
    abn_slice name;
    if (line.len < 2 || line.ptr[0] != ',') return false;
    line = (abn_slice){line.ptr + 1, line.len - 1};
    while (abn_slice_split(&line, ',', &name))
        if (!add_factor(bars, abn_slice_trim(name))) return false;
    return bars->columns > 0;
}

/* Percent to decimal in the text, so that the result is the nearest double to what is written. */
static bool read_percent(abn_slice cell, double *value)
{
    char text[64];
    double pct;
    if (cell.len == 0 || cell.len > 48 || !abn_number_parse(cell, &pct)) return false;
    if (pct == -99.99 || pct == -99.9 || pct == -999) return true; /* missing */
    memcpy(text, cell.ptr, cell.len);
    memcpy(text + cell.len, "e-2", 3);
    if (abn_number_parse((abn_slice){text, cell.len + 3}, value)) return true;
    *value = pct / 100; /* it has an exponent already */
    return true;
}

static bool read_day(abn_slice cell, abn_date *date)
{
    long number;
    if (cell.len != 8 || !abn_integer_parse(cell, &number)) return false;
    *date = abn_date_of((int)(number / 10000), (int)(number / 100 % 100), (int)(number % 100));
    return *date != ABN_NO_DATE;
}

static abn_status read_row(const abn_query *query, abn_slice line, long number, abn_bars *bars,
                           abn_error *err)
{
    abn_slice cell = {NULL, 0};
    abn_date date;
    abn_slice_split(&line, ',', &cell);
    cell = abn_slice_trim(cell);
    if (!read_day(cell, &date))
        return abn_fail_at(err, ABN_DATA, query->symbol, number, 0,
                           "bad day \"%.*s\" in the archive (daily factors have YYYYMMDD)",
                           (int)(cell.len < 40 ? cell.len : 40), cell.ptr);
    abn_bar *bar = abn_bars_add(bars, date);
    if (!bar) return abn_fail_memory(err);
    for (int c = 0; c < bars->columns; c++)
        if (!abn_slice_split(&line, ',', &cell) ||
            !read_percent(abn_slice_trim(cell), &bar->value[c]))
            return abn_fail_at(err, ABN_DATA, query->symbol, number, 0,
                               "bad number in the archive's column %s", bars->column[c]);
    return ABN_OK;
}

/* The first table of the file, up to the blank line behind it. */
static abn_status read_table(const abn_query *query, abn_slice text, abn_bars *bars, abn_error *err)
{
    abn_slice line;
    long number = 0;
    abn_status status = ABN_OK;
    while (bars->columns == 0 && next_line(&text, &line)) {
        number++;
        if (!read_header(line, bars)) bars->columns = 0;
    }
    if (bars->columns == 0)
        return abn_fail_at(err, ABN_DATA, query->symbol, 0, 0,
                           "no table of factors in the archive");
    while (status == ABN_OK && next_line(&text, &line) && line.len > 0)
        status = read_row(query, line, ++number, bars, err);
    return status;
}

static abn_status parse(const abn_query *query, abn_slice body, abn_bars *bars, abn_notes *notes,
                        abn_error *err)
{
    abn_buf text = {0};
    (void)notes;
    if (body.len < 2 || memcmp(body.ptr, "PK", 2) != 0)
        return abn_provider_fail(query->symbol, body, ABN_DATA, err);
    abn_status status = abn_unzip(body, query->symbol, ".csv", UNPACKED_MAX, &text, err);
    if (status == ABN_OK) status = read_table(query, (abn_slice){text.data, text.len}, bars, err);
    abn_buf_free(&text);
    return status;
}

const abn_provider abn_provider_french = {
    .name = "french",
    .title = "Kenneth French's data library",
    .base_url = "https://mba.tuck.dartmouth.edu",
    .whole = true,
    .pace_sec = 2,
    .settle_min = 0,
    .basis = "return",
    .gives = "daily factors as decimals: mkt_rf, smb, hml, rf and others",
    .limits = "updated monthly",
    .url = url,
    .parse = parse,
    .spell = spell,
};
