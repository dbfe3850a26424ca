/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "moves.h"
#include "unit.h"

#include <abnorm/quotes.h>
#include <abnorm/verify.h>

static abn_quotes *quotes;

static int setup(void **state)
{
    (void)state;
    return abn_quotes_load("data/quotes", NULL, NULL, &quotes, NULL) != ABN_OK;
}

static int teardown(void **state)
{
    (void)state;
    abn_quotes_free(quotes);
    return 0;
}

static abn_tape *load(const char *symbol)
{
    abn_tape *h = NULL;
    const abn_series *series = abn_quotes_find(quotes, abn_slice_of(symbol));
    assert_int_equal(abn_tape_new(series, "", NULL, &h, NULL), ABN_OK);
    return h;
}

static abn_verification at(const abn_tape *h, const abn_claim *claim, const char *date)
{
    abn_verification v;
    size_t row = abn_tape_at(h, day(date));
    bool open = row != ABN_NO_SESSION && h->date[row] == day(date);
    abn_verify(claim, h, open ? row : ABN_NO_SESSION, false, &v);
    return v;
}

static void closes_and_ranges(void **state)
{
    (void)state;
    abn_tape *h = load("9988.HK");
    abn_claim c = move_of("9988.HK", ABN_CLAIM_CLOSE, 8.48, 0.005);
    abn_verification v = at(h, &c, "2025-02-12");
    assert_int_equal(v.verdict, ABN_VERDICT_CONFIRMED);
    assert_true(fabs(v.actual_pct - 8.484) < 1e-3);
    c.pct = 8.7;
    assert_int_equal(at(h, &c, "2025-02-12").verdict, ABN_VERDICT_CONTRADICTED);
    c = move_of("9988.HK", ABN_CLAIM_INTRADAY, 9.2, 0.05);
    c.level = 124.3, c.level_unit = 0.05;
    assert_int_equal(at(h, &c, "2025-02-13").verdict, ABN_VERDICT_CONFIRMED);
    /* the next day touched the same price, and was up 6.5 % with it */
    assert_int_equal(at(h, &c, "2025-02-14").verdict, ABN_VERDICT_CONTRADICTED);
    c.extreme = ABN_EXTREME_HIGH;
    v = at(h, &c, "2025-02-13");
    assert_int_equal(v.verdict, ABN_VERDICT_CONFIRMED);
    assert_true(fabs(v.actual_level - 124.3) < 1e-9 && fabs(v.actual_pct - 9.227) < 1e-3);
    assert_int_equal(at(h, &c, "2025-02-15").verdict, ABN_VERDICT_UNTESTABLE);
    c.other_venue = true;
    assert_int_equal(at(h, &c, "2025-02-13").verdict, ABN_VERDICT_UNTESTABLE);
    abn_tape_free(h);
}

static void off_hours_have_no_bar(void **state)
{
    (void)state;
    abn_tape *h = load("AAPL");
    abn_claim c = move_of("AAPL", ABN_CLAIM_PREMARKET, 0.09, 0.005);
    assert_int_equal(at(h, &c, "2025-02-12").verdict, ABN_VERDICT_UNTESTABLE);
    abn_tape_free(h);
}

static void highest_since(void **state)
{
    (void)state;
    abn_tape *h = load("9988.HK");
    abn_claim c = move_of("9988.HK", ABN_CLAIM_UNSPECIFIED, NAN, 0);
    c.extreme = ABN_EXTREME_HIGH;
    strcpy(c.since, "XXXX-09");
    abn_verification v = at(h, &c, "2025-02-12");
    assert_int_equal(v.verdict, ABN_VERDICT_CONTRADICTED);
    assert_string_equal(v.actual_since, "2024-10-07");
    strcpy(c.since, "2024-10");
    assert_int_equal(at(h, &c, "2025-02-12").verdict, ABN_VERDICT_CONFIRMED);
    strcpy(c.since, "2022-01"); /* before the quotes begin */
    assert_int_equal(at(h, &c, "2025-02-13").verdict, ABN_VERDICT_UNTESTABLE);
    assert_int_equal(at(h, &c, "2025-02-11").verdict, ABN_VERDICT_CONTRADICTED);
    abn_tape_free(h);
}

static void year_to_date(void **state)
{
    (void)state;
    abn_tape *h = load("9988.HK");
    abn_claim c = move_of("9988.HK", ABN_CLAIM_YTD, 36, 0.5);
    abn_verification v = at(h, &c, "2025-02-12");
    assert_int_equal(v.verdict, ABN_VERDICT_CONTRADICTED);
    assert_true(v.actual_pct > 37.3 && v.actual_pct < 38.8);
    c.pct = round(10 * v.actual_pct) / 10, c.pct_unit = 0.05;
    assert_int_equal(at(h, &c, "2025-02-12").verdict, ABN_VERDICT_CONFIRMED);
    abn_tape_free(h);
}

static void hedges(void **state)
{
    (void)state;
    assert_true(abn_verify_pct(3, 0.5, ABN_HEDGE_NEARLY, 2.0));
    assert_false(abn_verify_pct(3, 0.5, ABN_HEDGE_NEARLY, 3.8));
    assert_true(abn_verify_pct(-4, 0.5, ABN_HEDGE_MORE_THAN, -4.85));
    assert_false(abn_verify_pct(-4, 0.5, ABN_HEDGE_MORE_THAN, -3.2));
    assert_true(abn_verify_pct(8.5, 0.05, ABN_HEDGE_NONE, 8.484));
    assert_false(abn_verify_pct(8.5, 0.05, ABN_HEDGE_NONE, 8.7));
    assert_false(abn_verify_pct(2, 0.5, ABN_HEDGE_NONE, -2));
    assert_false(abn_verify_pct(2, 0.5, ABN_HEDGE_NONE, NAN));
}

/* Four new shares for one, once in a file that was adjusted for it and once in one that was not. */
static void splits_keep_prices_of_their_day(void **state)
{
    (void)state;
    abn_actions *actions = NULL;
    abn_date first = day("2020-08-27");
    abn_date date[] = {first, first + 1, first + 4, first + 5};
    double even[] = {100, 101, 102, 103}, raw[] = {400, 404, 102, 103};
    assert_int_equal(abn_actions_load(NULL, "data/splits.csv", NULL, &actions, NULL), ABN_OK);
    for (int i = 0; i < 2; i++) {
        abn_series s = {.symbol = "AAPL", .n = 4, .date = date, .close = i ? raw : even};
        abn_tape *h = NULL;
        assert_int_equal(abn_tape_new(&s, "USD", actions, &h, NULL), ABN_OK);
        assert_true(fabs(h->close[1] - 404) < 1e-9 && fabs(h->close[2] - 102) < 1e-9);
        assert_true(fabs(h->pct[2] - 100.0 / 101) < 1e-9);
        assert_int_equal(h->run[3], 3);
        assert_true(h->earlier.close_high[3] == ABN_NO_SESSION);
        assert_int_equal(h->earlier.close_low[3], 2);
        abn_tape_free(h);
    }
    abn_actions_free(actions);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit(closes_and_ranges),
        unit(off_hours_have_no_bar),
        unit(highest_since),
        unit(year_to_date),
        unit(hedges),
        unit(splits_keep_prices_of_their_day),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, setup, teardown);
}
