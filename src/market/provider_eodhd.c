/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EODHD: raw prices with an adjusted close, many exchanges. */
#include "provider_parts.h"

#include <abnorm/http.h>
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

static const abn_json_column columns[] = {{"open", "open"},
                                          {"high", "high"},
                                          {"low", "low"},
                                          {"close", "close"},
                                          {"adjusted_close", "adj_close"},
                                          {"volume", "volume"},
                                          {0}};

static abn_status parse(const abn_query *query, abn_slice body, abn_bars *bars, abn_notes *notes,
                        abn_error *err)
{
    return abn_provider_days(query, body, columns, NULL, bars, notes, err);
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
