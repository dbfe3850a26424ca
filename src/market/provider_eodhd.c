/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EODHD: raw prices with an adjusted close, many exchanges. */
#include "provider_parts.h"

#include <abnorm/http.h>
#include <math.h>
#include <string.h>

/* "AAPL" is AAPL.US, "BRK.B" BRK-B.US, "^GSPC" GSPC.INDX; other endings are its own. */
static void spell(const char *symbol, abn_buf *out)
{
    abn_buf plain = {0};
    abn_provider_yahoo.spell(symbol, &plain);
    const char *name = plain.data ? plain.data : symbol;
    if (name[0] == '^') {
        abn_buf_text(out, name + 1);
        abn_buf_text(out, ".INDX");
    } else {
        abn_buf_text(out, name);
        abn_buf_text(out, strchr(name, '.') ? "" : ".US");
    }
    abn_buf_free(&plain);
}

static abn_status url(const abn_query *query, abn_buf *out, abn_error *err)
{
    (void)err;
    abn_provider_base(&abn_provider_eodhd, query, out);
    abn_buf_text(out, "/api/eod/");
    abn_http_escape(out, query->spelling);
    abn_buf_text(out, "?fmt=json&period=d&order=a");
    abn_provider_date(out, "from", query->from, false);
    abn_provider_date(out, "to", query->to, false);
    return ABN_OK;
}

static const struct {
    const char *name, *column;
} fields[] = {{"open", "open"},
              {"high", "high"},
              {"low", "low"},
              {"close", "close"},
              {"adjusted_close", "adj_close"},
              {"volume", "volume"}};

#define FIELDS (sizeof fields / sizeof *fields)

static abn_status read_day(const abn_query *query, const json_t *day, const int *at, abn_bars *bars,
                           abn_notes *notes, abn_error *err)
{
    abn_date date = abn_json_date(json_object_get(day, "date"));
    const char *warning = json_string_value(json_object_get(day, "warning"));
    if (date == ABN_NO_DATE && warning) {
        abn_note_at(notes, "provider's warning", query->symbol, 0, 0, "%.200s", warning);
        return ABN_OK;
    }
    if (date == ABN_NO_DATE)
        return abn_fail_at(err, ABN_DATA, query->symbol, 0, 0, "a row without date in the answer");
    if (isnan(abn_json_number(json_object_get(day, "close")))) return ABN_OK;
    abn_bar *bar = abn_bars_add(bars, date);
    if (!bar) return abn_fail_memory(err);
    for (size_t k = 0; k < FIELDS; k++)
        bar->value[at[k]] = abn_json_number(json_object_get(day, fields[k].name));
    return ABN_OK;
}

static abn_status read_days(const abn_query *query, const json_t *root, abn_bars *bars,
                            abn_notes *notes, abn_error *err)
{
    int at[FIELDS];
    abn_status status = ABN_OK;
    for (size_t k = 0; k < FIELDS; k++)
        at[k] = abn_bars_column(bars, fields[k].column);
    for (size_t i = 0; status == ABN_OK && i < json_array_size(root); i++)
        status = read_day(query, json_array_get(root, i), at, bars, notes, err);
    return status;
}

static abn_status parse(const abn_query *query, abn_slice body, abn_bars *bars, abn_notes *notes,
                        abn_error *err)
{
    json_t *root = NULL;
    if (abn_provider_is_csv(body)) return abn_provider_csv(query->symbol, body, bars, notes, err);
    abn_status status = abn_provider_json(query->symbol, body, &root, err);
    if (status) return status;
    status = json_is_array(root) ? read_days(query, root, bars, notes, err)
                                 : abn_provider_fail(query->symbol, body, ABN_UNAVAILABLE, err);
    json_decref(root);
    return status;
}

const abn_provider abn_provider_eodhd = {
    .name = "eodhd",
    .title = "EODHD",
    .base_url = "https://eodhd.com",
    .key_query = "api_token",
    .key_needed = true,
    .pace_sec = .5,
    .settle_min = 120,
    .basis = "raw",
    .gives = "open, high, low, close, volume (raw), adj_close",
    .limits = "20 requests a day and one year without a paid key",
    .url = url,
    .parse = parse,
    .spell = spell,
};
