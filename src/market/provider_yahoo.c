/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Yahoo's chart service. It is undocumented and turns programs away at times; abnorm says who it is
 * and takes no for an answer. */
#include "provider_parts.h"

#include <abnorm/http.h>
#include <math.h>
#include <string.h>

#define DAY_SEC      86400
#define FIRST_PERIOD (-1500000000LL) /* 1922: before any row it has */

static void spell(const char *symbol, abn_buf *out)
{
    size_t len = strlen(symbol);
    bool class_share = len > 2 && symbol[len - 2] == '.' && strchr("ABab", symbol[len - 1]);
    if (!class_share) {
        abn_buf_text(out, symbol);
        return;
    }
    abn_buf_add(out, symbol, len - 2);
    abn_buf_char(out, '-');
    abn_buf_char(out, symbol[len - 1]);
}

/* Periods are instants: wide enough for a date anywhere on earth; parse() cuts to the dates. The
 * end is the present whatever is asked for: dividends are adjusted for every split up to today, and
 * only an answer that has them all can be undone. */
static abn_status url(const abn_query *query, abn_buf *out, abn_error *err)
{
    long long from =
        query->from == ABN_NO_DATE ? FIRST_PERIOD : (long long)query->from * DAY_SEC - 14 * 3600;
    long long to = (long long)query->now + DAY_SEC;
    (void)err;
    abn_provider_base(&abn_provider_yahoo, query, out);
    abn_buf_text(out, "/v8/finance/chart/");
    abn_http_escape(out, query->spelling);
    abn_buf_printf(out,
                   "?period1=%lld&period2=%lld&interval=1d&events=div%%2Csplits%%2CcapitalGains"
                   "&includePrePost=false",
                   from, to);
    return ABN_OK;
}

/* Local dates: by the exchange's rules where they agree with the offset that the answer states, as
 * that one holds for the day of the answer only. */
typedef struct local_clock {
    const abn_zone *zone;
    int offset_sec;
} local_clock;

static local_clock clock_of(const abn_query *query, const json_t *meta)
{
    local_clock c = {.offset_sec = (int)json_integer_value(json_object_get(meta, "gmtoffset"))};
    const json_t *at = json_object_get(
        json_object_get(json_object_get(meta, "currentTradingPeriod"), "regular"), "start");
    if (!json_is_integer(at)) at = json_object_get(meta, "regularMarketTime");
    abn_instant when = json_is_integer(at) ? json_integer_value(at) : query->now;
    if (query->exchange && (abn_zone_offset_sec(&query->exchange->zone, when) == c.offset_sec ||
                            !json_is_integer(json_object_get(meta, "gmtoffset"))))
        c.zone = &query->exchange->zone;
    return c;
}

/* ABN_NO_DATE for what is no instant of the last and next centuries. */
static abn_date local_date(const local_clock *c, const json_t *timestamp)
{
    if (!json_is_integer(timestamp)) return ABN_NO_DATE;
    json_int_t at = json_integer_value(timestamp);
    if (at < -6000000000LL || at > 8000000000LL) return ABN_NO_DATE;
    if (c->zone) return abn_zone_date(c->zone, at, NULL);
    json_int_t local = at + c->offset_sec;
    return (abn_date)(local / DAY_SEC - (local % DAY_SEC < 0));
}

static void read_session(const local_clock *c, const json_t *meta, abn_bars *bars)
{
    const json_t *regular =
        json_object_get(json_object_get(meta, "currentTradingPeriod"), "regular");
    abn_date date = local_date(c, json_object_get(regular, "start"));
    const json_t *end = json_object_get(regular, "end");
    if (date == ABN_NO_DATE || !json_is_integer(end)) return;
    bars->has_session = true;
    bars->session = date;
    bars->session_end = json_integer_value(end);
}

static abn_status read_rows(const abn_query *query, const local_clock *c, const json_t *result,
                            abn_bars *bars, abn_error *err)
{
    static const char *const names[] = {"open", "high", "low", "close", "volume"};
    const json_t *indicators = json_object_get(result, "indicators");
    const json_t *quote = json_array_get(json_object_get(indicators, "quote"), 0);
    const json_t *adjusted =
        json_object_get(json_array_get(json_object_get(indicators, "adjclose"), 0), "adjclose");
    const json_t *timestamp = json_object_get(result, "timestamp");
    const json_t *column[5];
    int at[5], adj = -1;
    for (int k = 0; k < 5; k++) {
        column[k] = json_object_get(quote, names[k]);
        if (k == 4 && adjusted) adj = abn_bars_column(bars, "adj_close");
        at[k] = abn_bars_column(bars, names[k]);
    }
    if (json_array_size(timestamp) > 0 && json_array_size(column[3]) == 0)
        return abn_fail_at(err, ABN_DATA, query->symbol, 0, 0, "the answer has no closes");
    for (size_t i = 0; i < json_array_size(timestamp); i++) {
        abn_date date = local_date(c, json_array_get(timestamp, i));
        double close = abn_json_number(json_array_get(column[3], i));
        if (date == ABN_NO_DATE)
            return abn_fail_at(err, ABN_DATA, query->symbol, 0, 0, "bad timestamp in the answer");
        if (isnan(close)) continue; /* null: no observation */
        abn_bar *bar = abn_bars_add(bars, date);
        if (!bar) return abn_fail_memory(err);
        for (int k = 0; k < 5; k++)
            bar->value[at[k]] = abn_json_number(json_array_get(column[k], i));
        if (adj >= 0) bar->value[adj] = abn_json_number(json_array_get(adjusted, i));
    }
    return ABN_OK;
}

/* Dividends and a fund's distributed gains alike are money paid. Unless it is said, the currency is
 * only known in America: elsewhere it may be another than that of the prices. */
static bool read_payments(const local_clock *c, json_t *events, abn_bars *bars)
{
    const char *key;
    json_t *event;
    json_object_foreach(events, key, event)
    {
        abn_date date = local_date(c, json_object_get(event, "date"));
        double amount = abn_json_number(json_object_get(event, "amount"));
        const char *currency = json_string_value(json_object_get(event, "currency"));
        if (!currency && strcmp(bars->currency, "USD") == 0) currency = bars->currency;
        if (date != ABN_NO_DATE && amount > 0 &&
            !abn_bars_add_dividend(bars, date, amount, currency))
            return false;
    }
    return true;
}

static bool read_splits(const local_clock *c, json_t *events, abn_bars *bars)
{
    const char *key;
    json_t *event;
    json_object_foreach(events, key, event)
    {
        abn_date date = local_date(c, json_object_get(event, "date"));
        double ratio = abn_json_number(json_object_get(event, "numerator")) /
                       abn_json_number(json_object_get(event, "denominator"));
        if (date != ABN_NO_DATE && ratio > 0 && isfinite(ratio) &&
            !abn_bars_add_split(bars, date, ratio))
            return false;
    }
    return true;
}

/* Amounts as they were paid. */
static void undo_splits(abn_bars *bars)
{
    for (size_t d = 0; d < bars->dividends; d++)
        for (size_t i = 0; i < bars->splits; i++)
            if (bars->split[i].date > bars->dividend[d].ex_date)
                bars->dividend[d].amount *= bars->split[i].ratio;
}

static abn_status read_result(const abn_query *query, json_t *result, abn_bars *bars,
                              abn_error *err)
{
    const json_t *meta = json_object_get(result, "meta");
    json_t *events = json_object_get(result, "events");
    const char *currency = json_string_value(json_object_get(meta, "currency"));
    local_clock c = clock_of(query, meta);
    if (!json_is_object(meta) || !json_is_object(json_object_get(result, "indicators")))
        return abn_fail_at(err, ABN_DATA, query->symbol, 0, 0, "the answer is no chart");
    strncat(bars->currency, currency ? currency : "", sizeof bars->currency - 1);
    read_session(&c, meta, bars);
    abn_status status = read_rows(query, &c, result, bars, err);
    if (status) return status;
    if (!read_payments(&c, json_object_get(events, "dividends"), bars) ||
        !read_payments(&c, json_object_get(events, "capitalGains"), bars) ||
        !read_splits(&c, json_object_get(events, "splits"), bars))
        return abn_fail_memory(err);
    undo_splits(bars);
    return ABN_OK;
}

static abn_status parse(const abn_query *query, abn_slice body, abn_bars *bars, abn_notes *notes,
                        abn_error *err)
{
    json_t *root = NULL;
    (void)notes;
    abn_status status = abn_provider_json(query->symbol, body, &root, err);
    if (status) return status;
    json_t *result = json_array_get(json_object_get(json_object_get(root, "chart"), "result"), 0);
    if (json_is_object(result))
        status = read_result(query, result, bars, err);
    else
        status = abn_provider_fail(query->symbol, body, ABN_UNAVAILABLE, err);
    json_decref(root);
    return status;
}

const abn_provider abn_provider_yahoo = {
    .name = "yahoo",
    .title = "Yahoo Finance",
    .base_url = "https://query2.finance.yahoo.com",
    .pace_sec = 1,
    .settle_min = 15,
    .basis = "split-adjusted",
    .gives = "open, high, low, close (split-adjusted), adj_close, volume, dividends, splits",
    .limits = "undocumented; turns programs away at times",
    .url = url,
    .parse = parse,
    .spell = spell,
};
