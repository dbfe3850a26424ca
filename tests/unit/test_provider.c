/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference.h"
#include "unit.h"

#include <abnorm/provider.h>

static abn_instant at(const char *text)
{
    abn_instant when;
    assert_true(abn_instant_parse(abn_slice_of(text), &when, NULL));
    return when;
}

static abn_query question(const char *symbol)
{
    return (abn_query){.symbol = symbol,
                       .spelling = symbol,
                       .from = ABN_NO_DATE,
                       .to = ABN_NO_DATE,
                       .now = at("2026-11-20T12:00:00Z")};
}

static abn_status parse(const char *name, const abn_query *query, long code, const char *body,
                        abn_bars *bars, abn_error *err)
{
    return abn_provider_parse(abn_provider_find(name), query, code, abn_slice_of(body), bars, NULL,
                              err);
}

static double value(const abn_bars *bars, size_t row, const char *column)
{
    int c = abn_bars_find_column(bars, column);
    assert_true(c >= 0 && row < bars->n);
    return bars->bar[row].value[c];
}

static void assert_date(abn_date date, const char *want)
{
    char text[ABN_DATE_MAX];
    assert_string_equal(abn_date_format(date, text), want);
}

static void every_provider_is_whole(void **state)
{
    (void)state;
    assert_int_equal(abn_provider_count(), 7);
    for (size_t i = 0; i < abn_provider_count(); i++) {
        const abn_provider *p = abn_provider_at(i);
        assert_true(p->title && p->basis && p->gives && p->limits && p->url && p->parse &&
                    p->spell);
        assert_int_equal(strncmp(p->base_url, "https://", 8), 0);
        assert_true(!p->key_needed || p->key_query || p->key_header);
        assert_ptr_equal(abn_provider_find(p->name), p);
    }
    assert_ptr_equal(abn_provider_find("Alpha-Vantage"), abn_provider_find("alphavantage"));
    assert_null(abn_provider_find("alpha"));
    assert_null(abn_provider_at(7));
}

static void symbols_are_spelled_as_each_knows_them(void **state)
{
    static const char *const cases[][3] = {
        {"yahoo", "BRK.B", "BRK-B"},     {"yahoo", "9988.HK", "9988.HK"},
        {"yahoo", "VOD.L", "VOD.L"},     {"stooq", "AAPL", "aapl.us"},
        {"stooq", "BRK.B", "brk-b.us"},  {"stooq", "0700.HK", "700.hk"},
        {"stooq", "^HSI", "^hsi"},       {"stooq", "VOD.L", "vod.uk"},
        {"eodhd", "AAPL", "AAPL.US"},    {"eodhd", "0700.HK", "0700.HK"},
        {"eodhd", "^GSPC", "GSPC.INDX"}, {"eodhd", "BRK.B", "BRK-B.US"},
        {"tiingo", "BRK.B", "BRK-B"},    {"alphavantage", "AAPL", "AAPL"},
        {"fred", "SP500", "SP500"},      {"fred", "^GSPC", "SP500"},
        {"stooq", "^FCHI", "^cac"},      {"french", "us3", "F-F_Research_Data_Factors_daily"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        abn_buf got = {0};
        abn_provider_spell(abn_provider_find(cases[i][0]), NULL, cases[i][1], &got);
        assert_string_equal(got.data, cases[i][2]);
        abn_buf_free(&got);
    }
}

static void listings_know_better(void **state)
{
    abn_listings *listings = NULL;
    abn_buf got = {0};
    (void)state;
    assert_int_equal(abn_listings_load("data/listings.csv", NULL, &listings, NULL), ABN_OK);
    abn_provider_spell(abn_provider_find("stooq"), listings, "^GSPC", &got);
    assert_string_equal(got.data, "^spx");
    abn_buf_free(&got);
    abn_listings_free(listings);
}

static void addresses_hold_what_is_asked(void **state)
{
    static const char *const cases[][2] = {
        {"yahoo", "/v8/finance/chart/%5EHSI?period1=1735639200&period2=1795262400&interval=1d"
                  "&events=div%2Csplits%2CcapitalGains&includePrePost=false"},
        {"stooq", "/q/d/l/?s=%5EHSI&i=d&d1=20250101&d2=20250131"},
        {"alphavantage", "/query?function=TIME_SERIES_DAILY&symbol=%5EHSI&outputsize=full"
                         "&datatype=json"},
        {"tiingo", "/tiingo/daily/%5EHSI/prices?format=json&startDate=2025-01-01"
                   "&endDate=2025-01-31"},
        {"eodhd", "/api/eod/%5EHSI?fmt=json&period=d&order=a&from=2025-01-01&to=2025-01-31"},
        {"fred", "/graph/fredgraph.csv?id=%5EHSI&cosd=2025-01-01&coed=2025-01-31"},
        {"french", "/pages/faculty/ken.french/ftp/%5EHSI_CSV.zip"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        abn_query query = question("^HSI");
        abn_buf url = {0};
        query.from = abn_date_of(2025, 1, 1);
        query.to = abn_date_of(2025, 1, 31);
        query.base_url = "http://127.0.0.1:1/";
        assert_int_equal(abn_provider_url(abn_provider_find(cases[i][0]), &query, &url, NULL),
                         ABN_OK);
        assert_int_equal(strncmp(url.data, "http://127.0.0.1:1", 18), 0);
        assert_string_equal(url.data + 18, cases[i][1]);
        abn_buf_free(&url);
    }
}

/* Opens of 2025-03-07 and 2025-03-10 lie on both sides of a change of clocks; a null row, a row
 * whose day comes again, NaN where JSON has none. */
static const char yahoo_body[] =
    "{\"chart\":{\"result\":[{\"meta\":{\"currency\":\"USD\",\"gmtoffset\":-14400,"
    "\"currentTradingPeriod\":{\"regular\":{\"start\":1741613400,\"end\":1741636800}}},"
    "\"timestamp\":[1741271400,1741357800,1741613400,1741620000],"
    "\"events\":{\"dividends\":{\"1\":{\"amount\":0.5,\"date\":1741357800}},"
    "\"splits\":{\"1\":{\"date\":1741613400,\"numerator\":3,\"denominator\":2}}},"
    "\"indicators\":{\"quote\":[{\"open\":[1,2,NaN,9],\"high\":[2,3,4,9],\"low\":[1,1,3,9],"
    "\"close\":[null,2.5,3.5,9],\"volume\":[10,20,30,90]}],"
    "\"adjclose\":[{\"adjclose\":[1,2.25,-Infinity,9]}]}}],\"error\":null}}";

static void yahoo_charts_are_read(void **state)
{
    abn_query query = question("X");
    abn_bars bars = {0};
    (void)state;
    assert_int_equal(parse("yahoo", &query, 200, yahoo_body, &bars, NULL), ABN_OK);
    assert_int_equal(bars.n, 2);
    assert_date(bars.bar[0].date, "2025-03-07");
    assert_date(bars.bar[1].date, "2025-03-10");
    assert_true(value(&bars, 1, "close") == 3.5);
    assert_true(isnan(value(&bars, 1, "open")) && isnan(value(&bars, 1, "adj_close")));
    assert_true(value(&bars, 0, "adj_close") == 2.25);
    assert_int_equal(bars.dividends, 1);
    assert_string_equal(bars.dividend[0].currency, "USD");
    assert_true(bars.dividend[0].amount == .75); /* as paid: .5 is adjusted for the split */
    assert_date(bars.split[0].date, "2025-03-10");
    assert_true(bars.split[0].ratio == 1.5);
    abn_bars_free(&bars);
    query.now = at("2025-03-10T16:10:00-04:00"); /* closed, but not final */
    assert_int_equal(parse("yahoo", &query, 200, yahoo_body, &bars, NULL), ABN_OK);
    assert_int_equal(bars.n, 1);
    assert_int_equal(bars.splits, 0);
    abn_bars_free(&bars);
    query.now = at("2025-03-10T16:15:00-04:00");
    assert_int_equal(parse("yahoo", &query, 200, yahoo_body, &bars, NULL), ABN_OK);
    assert_int_equal(bars.n, 2);
    abn_bars_free(&bars);
}

/* 01:30Z is 09:30 in Hong Kong; asked on a weekend the stamp is the close and five minutes. */
static void dates_are_the_exchanges(void **state)
{
    static const char body[] =
        "{\"chart\":{\"result\":[{\"meta\":{\"currency\":\"HKD\",\"gmtoffset\":28800},"
        "\"timestamp\":[1739237400,1739347500],\"indicators\":{\"quote\":[{\"close\":[1,2]}]}}]}}";
    abn_query query = question("9988.HK");
    abn_bars bars = {0};
    (void)state;
    assert_int_equal(parse("yahoo", &query, 200, body, &bars, NULL), ABN_OK);
    assert_int_equal(bars.n, 2);
    assert_date(bars.bar[0].date, "2025-02-11");
    assert_date(bars.bar[1].date, "2025-02-12");
    abn_bars_free(&bars);
}

static void the_others_are_read(void **state)
{
    static const struct {
        const char *provider, *body;
        const char *first;
        double close, volume;
        size_t rows;
    } cases[] = {
        {"stooq",
         "Date,Open,High,Low,Close,Volume\r\n2025-01-02,1,2,0.5,1.5,7\r\n"
         "2025-01-03,1,2,.5,1.75\r\n",
         "2025-01-02", 1.5, 7, 2},
        {"alphavantage",
         "{\"Meta Data\":{},\"Time Series (Daily)\":{\"2025-01-03\":{\"1. open\":"
         "\"1\",\"4. close\":\"9.5\",\"5. volume\":\"8\"},\"2025-01-02\":{\"4. "
         "close\":\"1.5\",\"6. volume\":\"7\",\"5. adjusted close\":\"1\"}}}",
         "2025-01-02", 1.5, 7, 2},
        {"alphavantage",
         "timestamp,open,high,low,close,volume\n2025-01-03,1,2,1,9.5,8\n"
         "2025-01-02,1,2,1,1.5,7\n",
         "2025-01-02", 1.5, 7, 2},
        {"tiingo",
         "[{\"date\":\"2025-01-02T00:00:00.000Z\",\"close\":1.5,\"adjClose\":1,"
         "\"volume\":7,\"divCash\":0.25,\"splitFactor\":2.0}]",
         "2025-01-02", 1.5, 7, 1},
        {"eodhd",
         "[{\"warning\":\"one year only\"},{\"date\":\"2025-01-02\",\"close\":1.5,"
         "\"adjusted_close\":1,\"volume\":7},{\"date\":\"2025-01-03\",\"close\":null}]",
         "2025-01-02", 1.5, 7, 1},
        {"eodhd", "Date,Open,High,Low,Close,Adjusted_close,Volume\n2025-01-02,1,2,1,1.5,1,7\n",
         "2025-01-02", 1.5, 7, 1},
        {"fred", "observation_date,X\n2025-01-01,.\n2025-01-02,1.5\n2025-01-03,\n", "2025-01-02",
         1.5, NAN, 1},
        {"fred", "DATE,X\n2025-01-02,1.5\n2025-01-03,2", "2025-01-02", 1.5, NAN, 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        abn_query query = question("X");
        abn_bars bars = {0};
        assert_int_equal(parse(cases[i].provider, &query, 200, cases[i].body, &bars, NULL), ABN_OK);
        assert_int_equal(bars.n, cases[i].rows);
        assert_date(bars.bar[0].date, cases[i].first);
        assert_true(value(&bars, 0, "close") == cases[i].close);
        assert_true(isnan(cases[i].volume) || value(&bars, 0, "volume") == cases[i].volume);
        assert_int_equal(bars.dividends, strstr(cases[i].body, "divCash") ? 1 : 0);
        assert_int_equal(bars.splits, strstr(cases[i].body, "divCash") ? 1 : 0);
        abn_bars_free(&bars);
    }
}

static void errors_are_told_in_their_words(void **state)
{
    static const struct {
        const char *provider;
        long code;
        const char *body;
        abn_status status;
        const char *words;
    } cases[] = {
        {"yahoo", 200, "", ABN_DATA, "without data"},
        {"yahoo", 200, "Too Many Requests\r\n", ABN_TRY_LATER, "says: Too Many Requests"},
        {"yahoo", 200, "<html><title>Will be right back</title>", ABN_UNAVAILABLE, "right back"},
        {"yahoo", 200, "{\"chart\":{\"result\":[{}]}}", ABN_DATA, "no chart"},
        {"yahoo", 200, "{\"chart\":{\"result\":[]}}", ABN_UNAVAILABLE, "without data"},
        {"yahoo", 200,
         "{\"chart\":{\"result\":[{\"meta\":{},\"timestamp\":[1e99],\"indicators\":"
         "{\"quote\":[{\"close\":[1]}]}}]}}",
         ABN_DATA, "bad timestamp"},
        {"yahoo", 400,
         "{\"chart\":{\"error\":{\"description\":\"Data doesn't exist for startDate\""
         "}}}",
         ABN_NO_INPUT, "HTTP 400, the provider says: Data doesn't exist"},
        {"stooq", 200, "Open,High\n1,2\n", ABN_DATA, "says: Open,High"},
        {"stooq", 200, "Date,Open,High,Low,Close,Volume\n2025-13-01,1,1,1,1,1\n", ABN_DATA,
         "bad date \"2025-13-01\""},
        {"stooq", 200, "Date,Open,High,Low,Close,Volume\n2025-01-01,1,1,1,x,1\n", ABN_DATA,
         "bad number \"x\""},
        {"stooq", 200, "Date,Open,High,Low,Close,Volume\n2025-01-01,1,1", ABN_DATA,
         "middle of a row"},
        {"tiingo", 200, "[{\"close\":1}]", ABN_DATA, "without date"},
        {"tiingo", 200, "[{\"date\":\"2025-01-02\",\"close\":1}", ABN_DATA, "damaged JSON"},
        {"alphavantage", 200, "{\"Time Series (Daily)\":{\"soon\":{}}}", ABN_DATA, "bad date"},
        {"alphavantage", 200, "{\"Information\":\"This is a premium endpoint\"}", ABN_REFUSED,
         "premium"},
        {"fred", 200, "observation_date,X,Y\n2025-01-01,1,2\n", ABN_DATA, "two columns"},
        {"fred", 200, "<!DOCTYPE html><title>None</title>", ABN_NO_INPUT, "titled: None"},
        {"french", 200, "PK but no archive", ABN_DATA, "zip"},
        {"eodhd", 500, "", ABN_UNAVAILABLE, "HTTP 500"},
        {"eodhd", 423, "Payment token?", ABN_REFUSED, "HTTP 423"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        abn_query query = question("X");
        abn_bars bars = {0};
        abn_error err = {0};
        assert_int_equal(
            parse(cases[i].provider, &query, cases[i].code, cases[i].body, &bars, &err),
            cases[i].status);
        if (!strstr(err.text, cases[i].words)) fail_msg("%s: %s", cases[i].words, err.text);
        assert_null(bars.bar);
    }
}

static void what_has_not_closed_is_left_out(void **state)
{
    abn_exchanges *all = NULL;
    (void)state;
    assert_int_equal(abn_exchanges_load("data", &all, NULL), ABN_OK);
    const abn_exchange *ny = abn_exchanges_find(all, abn_slice_of("XNYS"));
    static const struct {
        const char *now, *settled;
        int wait_min;
    } cases[] = {{"2025-03-14T15:59:59-04:00", "2025-03-13", 0},
                 {"2025-03-14T16:00:00-04:00", "2025-03-14", 0},
                 {"2025-03-14T16:14:00-04:00", "2025-03-13", 15},
                 {"2025-11-28T13:20:00-05:00", "2025-11-28", 15},  /* closed at 13:00 */
                 {"2025-03-15T23:00:00-04:00", "2025-03-14", 15}}; /* Saturday: no session */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_date(abn_provider_settled(ny, at(cases[i].now), cases[i].wait_min),
                    cases[i].settled);
    assert_date(abn_provider_settled(NULL, at("2025-03-14T11:59:00Z"), 0), "2025-03-12");
    assert_date(abn_provider_settled(NULL, at("2025-03-14T12:00:00Z"), 0), "2025-03-13");
    abn_exchanges_free(all);
}

/* A jump, a flat bar, an adjustment no event explains, a dividend that is not adjusted for. */
static void what_is_odd_is_noted(void **state)
{
    static const char body[] =
        "[{\"date\":\"2025-01-02\",\"open\":10,\"high\":11,\"low\":9,\"close\":10,\"adjClose\":9,"
        "\"volume\":5},{\"date\":\"2025-01-03\",\"open\":4,\"high\":4,\"low\":4,\"close\":4,"
        "\"adjClose\":4,\"volume\":0},{\"date\":\"2025-01-06\",\"close\":4,\"adjClose\":4,"
        "\"divCash\":0.4},{\"date\":\"2025-01-07\",\"close\":1,\"adjClose\":4,\"splitFactor\":4}]";
    static const char *const want[] = {
        "2025-01-03 is flat with zero volume",
        "2025-01-03: close moves by -60 % without a split",
        "2025-01-03: adj_close steps by +11.11 % without a dividend or split",
        "2025-01-06: a dividend of 10.00 % is not in adj_close",
    };
    abn_query query = question("X");
    abn_bars bars = {0};
    abn_notes *notes = abn_notes_new();
    (void)state;
    assert_int_equal(abn_provider_parse(abn_provider_find("tiingo"), &query, 200,
                                        abn_slice_of(body), &bars, notes, NULL),
                     ABN_OK);
    assert_int_equal(abn_notes_count(notes), 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(abn_notes_at(notes, i)->text, want[i]);
    abn_bars_free(&bars);
    abn_notes_free(notes);
}

/* Cut anywhere, an answer fails or gives rows that the whole one has. */
static void no_cut_answer_makes_a_wrong_row(void **state)
{
    static const char *const bodies[][2] = {
        {"yahoo", yahoo_body},
        {"stooq", "Date,Open,High,Low,Close,Volume\n2025-01-02,1,2,0.5,1.5,712\n"
                  "2025-01-03,1,2,.5,1.75,8123\n"},
        {"tiingo", "[{\"date\":\"2025-01-02T00:00:00.000Z\",\"close\":1.55,\"volume\":777}]"},
        {"fred", "observation_date,X\n2025-01-02,1.55\n2025-01-03,1.66\n"},
    };
    (void)state;
    for (size_t b = 0; b < sizeof bodies / sizeof *bodies; b++) {
        abn_query query = question("X");
        abn_bars whole = {0}, cut;
        const abn_provider *p = abn_provider_find(bodies[b][0]);
        assert_int_equal(parse(bodies[b][0], &query, 200, bodies[b][1], &whole, NULL), ABN_OK);
        for (size_t len = 0; len < strlen(bodies[b][1]); len++) {
            cut = (abn_bars){0};
            if (abn_provider_parse(p, &query, 200, (abn_slice){bodies[b][1], len}, &cut, NULL,
                                   NULL) != ABN_OK)
                continue;
            assert_true(cut.n <= whole.n && cut.columns == whole.columns);
            abn_bars_change change = abn_bars_compare(&whole, &cut);
            assert_int_equal(change.added + change.corrected, 0);
            abn_bars_free(&cut);
        }
        abn_bars_free(&whole);
    }
}

/* Damage of every kind; whatever comes of it, the sanitizers are content. */
static void no_damage_harms(void **state)
{
    uint64_t random = 88172645463325252u;
    (void)state;
    for (size_t i = 0; i < abn_provider_count(); i++)
        for (int turn = 0; turn < 1500; turn++) {
            char body[sizeof yahoo_body];
            abn_query query = question("X");
            abn_bars bars = {0};
            memcpy(body, yahoo_body, sizeof body);
            for (int k = 0; k < 1 + turn % 5; k++) {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                body[random % (sizeof body - 1)] = (char)(random >> 40);
            }
            if (abn_provider_parse(abn_provider_at(i), &query, 200,
                                   (abn_slice){body, sizeof body - 1}, &bars, NULL, NULL) == ABN_OK)
                abn_bars_free(&bars);
        }
}

/* Answers as they were recorded, where the shared folder is present. */
static void recorded_answers_are_understood(void **state)
{
    static const struct {
        const char *file, *provider;
        long code;
        abn_status status;
        const char *words; /* of the error */
        size_t rows;
    } cases[] = {
        {"alphavantage_200_note_2020.json", "alphavantage", 200, ABN_TRY_LATER,
         "5 calls per minute", 0},
        {"alphavantage_200_rate_limit_2024.json", "alphavantage", 200, ABN_TRY_LATER,
         "25 requests per day", 0},
        {"alphavantage_200_rate_limit_2025.json", "alphavantage", 200, ABN_TRY_LATER,
         "We have detected your API key", 0},
        {"stooq_200_limit.txt", "stooq", 200, ABN_TRY_LATER, "Exceeded the daily hits limit", 0},
        {"stooq_200_no_data.txt", "stooq", 200, ABN_NO_INPUT, "No data", 0},
        {"tiingo_403_no_token.json", "tiingo", 403, ABN_REFUSED, "Please supply a token", 0},
        {"tiingo_invalid_token.json", "tiingo", 200, ABN_REFUSED, "Invalid token.", 0},
        {"tiingo_invalid_token.json", "tiingo", 401, ABN_REFUSED, "Invalid token.", 0},
        {"tiingo_daily.json", "tiingo", 200, ABN_OK, NULL, 2},
        {"yahoo_400_search.json", "yahoo", 400, ABN_UNAVAILABLE, "Missing required query", 0},
        {"yahoo_404_not_found.json", "yahoo", 404, ABN_NO_INPUT,
         "No data found, symbol may be delisted", 0},
        {"yahoo_v8_aapl_split_dividends.json", "yahoo", 200, ABN_OK, NULL, 49},
        {"yahoo_v8_empty_session.json", "yahoo", 200, ABN_OK, NULL, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static char body[1 << 20];
        char name[256];
        abn_query query = question("AAPL");
        abn_bars bars = {0};
        abn_error err = {0};
        abn_notes *notes = abn_notes_new();
        snprintf(name, sizeof name, "wire/%s", cases[i].file);
        FILE *f = reference_open(name);
        if (!f) {
            abn_notes_free(notes);
            skip();
        }
        size_t len = fread(body, 1, sizeof body, f);
        fclose(f);
        assert_int_equal(abn_provider_parse(abn_provider_find(cases[i].provider), &query,
                                            cases[i].code, (abn_slice){body, len}, &bars, notes,
                                            &err),
                         cases[i].status);
        assert_int_equal(bars.n, cases[i].rows);
        if (cases[i].words && !strstr(err.text, cases[i].words))
            fail_msg("%s: %s", cases[i].file, err.text);
        assert_int_equal(abn_notes_count(notes), 0);
        abn_notes_free(notes);
        if (bars.n == 49) {
            assert_date(bars.bar[0].date, "2020-08-31");
            assert_date(bars.bar[48].date, "2020-11-06");
            assert_true(bars.splits == 1 && bars.split[0].ratio == 4);
            assert_true(bars.dividends == 1 && bars.dividend[0].amount == .205);
        }
        abn_bars_free(&bars);
    }
}

UNIT_MAIN(unit(every_provider_is_whole), unit(symbols_are_spelled_as_each_knows_them),
          unit(listings_know_better), unit(addresses_hold_what_is_asked),
          unit(yahoo_charts_are_read), unit(dates_are_the_exchanges), unit(the_others_are_read),
          unit(errors_are_told_in_their_words), unit(what_has_not_closed_is_left_out),
          unit(what_is_odd_is_noted), unit(no_cut_answer_makes_a_wrong_row), unit(no_damage_harms),
          unit(recorded_answers_are_understood))
