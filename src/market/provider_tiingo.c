/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tiingo: raw and adjusted values in one row, with the dividend and split of the day. */
#include "provider_parts.h"

#include <abnorm/http.h>

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

static const abn_json_column columns[] = {{"open", "open"},
                                          {"high", "high"},
                                          {"low", "low"},
                                          {"close", "close"},
                                          {"adjClose", "adj_close"},
                                          {"volume", "volume"},
                                          {0}};

static bool take_actions(const json_t *day, abn_date date, abn_bars *bars)
{
    double dividend = abn_json_number(json_object_get(day, "divCash"));
    double split = abn_json_number(json_object_get(day, "splitFactor"));
    if (dividend > 0 && !abn_bars_add_dividend(bars, date, dividend, "")) return false;
    return !(split > 0 && split != 1) || abn_bars_add_split(bars, date, split);
}

static abn_status parse(const abn_query *query, abn_slice body, abn_bars *bars, abn_notes *notes,
                        abn_error *err)
{
    return abn_provider_days(query, body, columns, take_actions, bars, notes, err);
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
