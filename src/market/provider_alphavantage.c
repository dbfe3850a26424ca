/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alpha Vantage: an object of dates, numbers as strings, errors under HTTP 200. */
#include "provider_parts.h"

#include <abnorm/http.h>
#include <math.h>
#include <string.h>

#define COMPACT_DAYS 130 /* the compact answer has 100 sessions */

static void spell(const char *symbol, abn_buf *out)
{
    abn_provider_yahoo.spell(symbol, out);
}

/* The whole history is asked for only where the short answer cannot reach: it needs a paid key. */
static abn_status url(const abn_query *query, abn_buf *out, abn_error *err)
{
    bool full = query->from != ABN_NO_DATE && query->from < query->now / 86400 - COMPACT_DAYS;
    (void)err;
    abn_provider_base(&abn_provider_alphavantage, query, out);
    abn_buf_text(out, "/query?function=TIME_SERIES_DAILY&symbol=");
    abn_http_escape(out, query->spelling);
    abn_buf_printf(out, "&outputsize=%s&datatype=json", full ? "full" : "compact");
    return ABN_OK;
}

/* Fields are named "4. close"; the number before the name differs between functions. */
static const char *field_name(const char *key)
{
    const char *dot = strstr(key, ". ");
    return dot ? dot + 2 : key;
}

static bool read_field(const char *name, double value, abn_bar *bar, abn_bars *bars)
{
    static const struct {
        const char *name, *column;
    } fields[] = {{"open", "open"},   {"high", "high"},     {"low", "low"},
                  {"close", "close"}, {"volume", "volume"}, {"adjusted close", "adj_close"}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(name, fields[i].name) == 0)
            bar->value[abn_bars_column(bars, fields[i].column)] = value;
    if (strcmp(name, "dividend amount") == 0 && value > 0)
        return abn_bars_add_dividend(bars, bar->date, value, "");
    if (strcmp(name, "split coefficient") == 0 && value > 0 && value != 1)
        return abn_bars_add_split(bars, bar->date, value);
    return true;
}

static abn_status read_day(const abn_query *query, const char *date, json_t *day, abn_bars *bars,
                           abn_error *err)
{
    abn_date on;
    const char *key;
    json_t *value;
    if (!abn_date_parse(abn_slice_of(date), &on))
        return abn_fail_at(err, ABN_DATA, query->symbol, 0, 0, "bad date \"%.40s\" in the answer",
                           date);
    abn_bar *bar = abn_bars_add(bars, on);
    if (!bar) return abn_fail_memory(err);
    json_object_foreach(day, key, value)
    {
        if (!read_field(field_name(key), abn_json_number(value), bar, bars))
            return abn_fail_memory(err);
    }
    int close = abn_bars_find_column(bars, "close");
    if (close < 0 || isnan(bar->value[close])) bars->n--;
    return ABN_OK;
}

static abn_status read_days(const abn_query *query, json_t *series, abn_bars *bars, abn_error *err)
{
    static const char *const columns[] = {"open", "high", "low", "close", "volume"};
    const char *date;
    json_t *day;
    abn_status status = ABN_OK;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        abn_bars_column(bars, columns[i]);
    json_object_foreach(series, date, day)
    {
        if (status == ABN_OK) status = read_day(query, date, day, bars, err);
    }
    return status;
}

static abn_status parse(const abn_query *query, abn_slice body, abn_bars *bars, abn_notes *notes,
                        abn_error *err)
{
    json_t *root = NULL, *value, *series = NULL;
    const char *key;
    if (abn_provider_is_csv(body)) return abn_provider_csv(query->symbol, body, bars, notes, err);
    abn_status status = abn_provider_json(query->symbol, body, &root, err);
    if (status) return status;
    json_object_foreach(root, key, value)
    {
        if (strncmp(key, "Time Series", 11) == 0 && json_is_object(value)) series = value;
    }
    status = series ? read_days(query, series, bars, err)
                    : abn_provider_fail(query->symbol, body, ABN_UNAVAILABLE, err);
    json_decref(root);
    return status;
}

const abn_provider abn_provider_alphavantage = {
    .name = "alphavantage",
    .title = "Alpha Vantage",
    .base_url = "https://www.alphavantage.co",
    .key_query = "apikey",
    .key_needed = true,
    .pace_sec = 1.2,
    .settle_min = 240,
    .basis = "raw",
    .gives = "open, high, low, close, volume (raw)",
    .limits = "25 requests a day and 100 sessions without a paid key",
    .url = url,
    .parse = parse,
    .spell = spell,
};
