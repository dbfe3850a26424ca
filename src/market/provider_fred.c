/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FRED: one series of closes a file, days without a value marked by a full stop. */
#include "provider_parts.h"

#include <abnorm/csv.h>
#include <abnorm/http.h>
#include <abnorm/number.h>

/* Its series for the indexes it has. */
static const struct {
    const char *ours, *its;
} series[] = {{"^GSPC", "SP500"},
              {"^DJI", "DJIA"},
              {"^IXIC", "NASDAQCOM"},
              {"^VIX", "VIXCLS"},
              {"^N225", "NIKKEI225"}};

static void spell(const char *symbol, abn_buf *out)
{
    for (size_t i = 0; i < sizeof series / sizeof *series; i++)
        if (abn_slice_ieq(abn_slice_of(symbol), series[i].ours)) {
            abn_buf_text(out, series[i].its);
            return;
        }
    abn_buf_text(out, symbol);
}

static abn_status url(const abn_query *query, abn_buf *out, abn_error *err)
{
    (void)err;
    abn_provider_base(&abn_provider_fred, query, out);
    abn_buf_text(out, "/graph/fredgraph.csv?id=");
    abn_http_escape(out, query->spelling);
    abn_provider_date(out, "cosd", query->from, false);
    abn_provider_date(out, "coed", query->to, false);
    return ABN_OK;
}

static abn_status read_row(const abn_csv *csv, abn_bars *bars, abn_error *err)
{
    abn_date date;
    abn_slice day = abn_csv_field(csv, 0), cell = abn_csv_field(csv, 1);
    double value;
    if (!abn_date_parse(day, &date))
        return abn_csv_fail(csv, 0, err, "bad date \"%.*s\" in the answer",
                            (int)(day.len < 40 ? day.len : 40), day.ptr);
    if (cell.len == 0 || abn_slice_eq(cell, ".")) return ABN_OK;
    if (!abn_number_parse(cell, &value))
        return abn_csv_fail(csv, 1, err, "bad number \"%.*s\" in the answer",
                            (int)(cell.len < 40 ? cell.len : 40), cell.ptr);
    abn_bar *bar = abn_bars_add(bars, date);
    if (!bar) return abn_fail_memory(err);
    bar->value[0] = value;
    return ABN_OK;
}

/* The name of the date column has changed over the years: columns count by position. */
static abn_status read_rows(abn_csv *csv, abn_bars *bars, abn_error *err)
{
    bool more = true;
    abn_status status = abn_csv_header(csv, err);
    if (status == ABN_OK && abn_csv_columns(csv) != 2)
        status = abn_csv_fail(csv, 0, err, "the answer has not two columns");
    while (status == ABN_OK) {
        status = abn_csv_next(csv, &more, err);
        if (status || !more) break;
        status = read_row(csv, bars, err);
    }
    return status;
}

static bool has_header(abn_slice body)
{
    abn_slice first;
    return abn_slice_split(&body, ',', &first) &&
           (abn_slice_ieq(first, "observation_date") || abn_slice_ieq(first, "date"));
}

/* A series it does not know is answered with a page. */
static abn_status parse(const abn_query *query, abn_slice body, abn_bars *bars, abn_notes *notes,
                        abn_error *err)
{
    abn_csv *csv = NULL;
    abn_slice text = abn_slice_trim(body);
    if (!has_header(text))
        return abn_provider_fail(query->symbol, body,
                                 text.len > 0 && text.ptr[0] == '<' ? ABN_NO_INPUT : ABN_DATA, err);
    if (body.ptr[body.len - 1] != '\n') {
        abn_note_at(notes, "unended row", query->symbol, 0, 0,
                    "the answer's last row has no line end and may be cut: left out");
        while (body.len > 0 && body.ptr[body.len - 1] != '\n')
            body.len--;
    }
    abn_bars_column(bars, "close");
    abn_status status = abn_csv_read(query->symbol, body, ',', &csv, err);
    if (status == ABN_OK) status = read_rows(csv, bars, err);
    abn_csv_free(csv);
    return status;
}

const abn_provider abn_provider_fred = {
    .name = "fred",
    .title = "FRED",
    .base_url = "https://fred.stlouisfed.org",
    .pace_sec = 1,
    .settle_min = 240,
    .basis = "raw",
    .gives = "close",
    .limits = "indexes for ten years back",
    .url = url,
    .parse = parse,
    .spell = spell,
};
