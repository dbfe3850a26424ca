/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tiingo: raw and adjusted values in one row, with the dividend and split of the day. */
#include "provider_parts.h"

#include <abnorm/http.h>
#include <math.h>

static void spell(const char *symbol, abn_buf *out)
{
    abn_provider_yahoo.spell(symbol, out);
}

static abn_status url(const abn_query *query, abn_buf *out, abn_error *err)
{
    (void)err;
    abn_provider_base(&abn_provider_tiingo, query, out);
    abn_buf_text(out, "/tiingo/daily/");
    abn_http_escape(out, query->spelling);
    abn_buf_text(out, "/prices?format=json");
    /* Without a start it sends the last day alone. */
    abn_provider_date(out, "startDate",
                      query->from == ABN_NO_DATE ? abn_date_of(1900, 1, 1) : query->from, false);
    abn_provider_date(out, "endDate", query->to, false);
    return ABN_OK;
}

static const struct {
    const char *name, *column;
} fields[] = {{"open", "open"},   {"high", "high"},          {"low", "low"},
              {"close", "close"}, {"adjClose", "adj_close"}, {"volume", "volume"}};

#define FIELDS (sizeof fields / sizeof *fields)

static abn_status read_day(const abn_query *query, const json_t *day, const int *at, abn_bars *bars,
                           abn_error *err)
{
    abn_date date = abn_json_date(json_object_get(day, "date"));
    double dividend = abn_json_number(json_object_get(day, "divCash"));
    double split = abn_json_number(json_object_get(day, "splitFactor"));
    if (date == ABN_NO_DATE)
        return abn_fail_at(err, ABN_DATA, query->symbol, 0, 0, "a row without date in the answer");
    if (dividend > 0 && !abn_bars_add_dividend(bars, date, dividend, ""))
        return abn_fail_memory(err);
    if (split > 0 && split != 1 && !abn_bars_add_split(bars, date, split))
        return abn_fail_memory(err);
    if (isnan(abn_json_number(json_object_get(day, "close")))) return ABN_OK;
    abn_bar *bar = abn_bars_add(bars, date);
    if (!bar) return abn_fail_memory(err);
    for (size_t k = 0; k < FIELDS; k++)
        bar->value[at[k]] = abn_json_number(json_object_get(day, fields[k].name));
    return ABN_OK;
}

static abn_status read_days(const abn_query *query, const json_t *root, abn_bars *bars,
                            abn_error *err)
{
    int at[FIELDS];
    abn_status status = ABN_OK;
    for (size_t k = 0; k < FIELDS; k++)
        at[k] = abn_bars_column(bars, fields[k].column);
    for (size_t i = 0; status == ABN_OK && i < json_array_size(root); i++)
        status = read_day(query, json_array_get(root, i), at, bars, err);
    return status;
}

static abn_status parse(const abn_query *query, abn_slice body, abn_bars *bars, abn_notes *notes,
                        abn_error *err)
{
    json_t *root = NULL;
    if (abn_provider_is_csv(body)) return abn_provider_csv(query->symbol, body, bars, notes, err);
    abn_status status = abn_provider_json(query->symbol, body, &root, err);
    if (status) return status;
    status = json_is_array(root) ? read_days(query, root, bars, err)
                                 : abn_provider_fail(query->symbol, body, ABN_UNAVAILABLE, err);
    json_decref(root);
    return status;
}

const abn_provider abn_provider_tiingo = {
    .name = "tiingo",
    .title = "Tiingo",
    .base_url = "https://api.tiingo.com",
    .key_header = "Authorization: Token ",
    .key_needed = true,
    .pace_sec = .5,
    .settle_min = 245,
    .basis = "raw",
    .gives = "open, high, low, close, volume (raw), adj_close, dividends, splits",
    .limits = "United States and China; some requests an hour without a paid key",
    .url = url,
    .parse = parse,
    .spell = spell,
};
