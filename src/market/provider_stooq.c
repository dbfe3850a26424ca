/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stooq: CSV, and errors as plain text under HTTP 200. */
#include "provider_parts.h"

#include <abnorm/http.h>
#include <ctype.h>
#include <string.h>

/* Its endings for those of our symbols. */
static const struct {
    const char *ours, *its;
} endings[] = {{".hk", ".hk"}, {".l", ".uk"}, {".t", ".jp"}, {".de", ".de"}, {".bd", ".hu"}};

/* Its names for indexes where they differ. */
static const struct {
    const char *ours, *its;
} indexes[] = {
    {"^GSPC", "^spx"}, {"^IXIC", "^ndq"}, {"^GDAXI", "^dax"}, {"^FCHI", "^cac"}, {"^N225", "^nkx"}};

static void add_lower(abn_buf *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        abn_buf_char(out, (char)tolower((unsigned char)text[i]));
}

/* "BRK.B" is brk-b.us, "0700.HK" 700.hk, "^HSI" ^hsi, "AAPL" aapl.us */
static void spell(const char *symbol, abn_buf *out)
{
    size_t len = strlen(symbol);
    const char *dot = strrchr(symbol, '.');
    for (size_t i = 0; i < sizeof indexes / sizeof *indexes; i++)
        if (abn_slice_ieq(abn_slice_of(symbol), indexes[i].ours)) {
            abn_buf_text(out, indexes[i].its);
            return;
        }
    for (size_t i = 0; dot && i < sizeof endings / sizeof *endings; i++) {
        if (!abn_slice_ieq(abn_slice_of(dot), endings[i].ours)) continue;
        while (*symbol == '0' && symbol + 1 < dot)
            symbol++;
        add_lower(out, symbol, (size_t)(dot - symbol));
        abn_buf_text(out, endings[i].its);
        return;
    }
    if (dot && dot == symbol + len - 2) {
        add_lower(out, symbol, len - 2);
        abn_buf_char(out, '-');
        add_lower(out, symbol + len - 1, 1);
        abn_buf_text(out, ".us");
        return;
    }
    add_lower(out, symbol, len);
    if (symbol[0] != '^' && !dot) abn_buf_text(out, ".us");
}

static abn_status url(const abn_query *query, abn_buf *out, abn_error *err)
{
    (void)err;
    abn_provider_base(&abn_provider_stooq, query, out);
    abn_buf_text(out, "/q/d/l/?s=");
    abn_http_escape(out, query->spelling);
    abn_buf_text(out, "&i=d");
    abn_provider_date(out, "d1", query->from, true);
    abn_provider_date(out, "d2", query->to, true);
    return ABN_OK;
}

static abn_status parse(const abn_query *query, abn_slice body, abn_bars *bars, abn_notes *notes,
                        abn_error *err)
{
    return abn_provider_csv(query->symbol, body, bars, notes, err);
}

const abn_provider abn_provider_stooq = {
    .name = "stooq",
    .title = "Stooq",
    .base_url = "https://stooq.com",
    .key_query = "apikey",
    .pace_sec = 1,
    .settle_min = 60,
    .basis = "adjusted",
    .gives = "open, high, low, close (adjusted), volume",
    .limits = "a daily number of hits; asks for a key at times",
    .url = url,
    .parse = parse,
    .spell = spell,
};
