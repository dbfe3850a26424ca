/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <abnorm/actions.h>
#include <abnorm/file.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static abn_date date(const char *text)
{
    abn_date out;
    assert_true(abn_date_parse(abn_slice_of(text), &out));
    return out;
}

static void check_near(double got, double want, double most)
{
    if (!(fabs(got - want) <= most)) fail_msg("%.17g is not %.17g", got, want);
}

/* A path of a scratch file that holds `text`, or of one that is not there. */
static char *scratch(const char *text)
{
    char path[] = "/tmp/abnorm-actions-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    if (text)
        assert_int_equal(abn_file_write(path, text, strlen(text), NULL), ABN_OK);
    else
        remove(path);
    return strdup(path);
}

static void drop(char *path)
{
    remove(path);
    free(path);
}

static void test_shipped(void **state)
{
    (void)state;
    abn_actions *actions = NULL;
    abn_quotes *quotes = NULL;
    abn_error err = {0};
    assert_int_equal(
        abn_actions_load("data/dividends.csv", "data/splits.csv", "data/fx.csv", &actions, &err),
        ABN_OK);
    assert_int_equal(abn_quotes_load("data/quotes", NULL, NULL, &quotes, &err), ABN_OK);

    const abn_series *s = abn_quotes_find(quotes, abn_slice_of("AAPL"));
    double *ret = malloc(s->n * sizeof *ret), *level = malloc(s->n * sizeof *level);
    abn_notes *notes = abn_notes_new();
    assert_int_equal(abn_actions_returns(actions, s, "USD", notes, ret, &err), ABN_OK);
    ptrdiff_t i = abn_series_on(s, date("2025-02-10"));
    assert_true(isnan(ret[0]));
    check_near(ret[i], (s->close[i] + .25) / s->close[i - 1] - 1, 1e-13);
    check_near(ret[i + 1], s->close[i + 1] / s->close[i] - 1, 1e-13);
    assert_int_equal(abn_actions_adjusted(actions, s, "USD", notes, level, &err), ABN_OK);
    assert_true(level[s->n - 1] == s->close[s->n - 1]);
    check_near(level[i] / level[i - 1] - 1, ret[i], 1e-12);
    free(ret);
    free(level);

    /* dollars of the United States paid on a price in dollars of Hong Kong */
    s = abn_quotes_find(quotes, abn_slice_of("9988.HK"));
    ret = malloc(s->n * sizeof *ret);
    assert_int_equal(abn_actions_returns(actions, s, "HKD", notes, ret, &err), ABN_OK);
    i = abn_series_on(s, date("2024-06-12"));
    check_near(ret[i], (s->close[i] + .2075 * 7.8113) / s->close[i - 1] - 1, 1e-13);
    assert_int_equal(abn_notes_count(notes), 0);
    abn_actions_free(actions);

    assert_int_equal(abn_actions_load("data/dividends.csv", NULL, NULL, &actions, &err), ABN_OK);
    assert_int_equal(abn_actions_returns(actions, s, "HKD", notes, ret, &err), ABN_OK);
    check_near(ret[i], s->close[i] / s->close[i - 1] - 1, 1e-13);
    assert_string_equal(abn_notes_at(notes, 0)->kind, "no exchange rate");
    free(ret);
    abn_actions_free(actions);
    abn_quotes_free(quotes);
    abn_notes_free(notes);
}

static void test_rates(void **state)
{
    (void)state;
    abn_actions *actions = NULL;
    assert_int_equal(abn_actions_load(NULL, NULL, "data/fx.csv", &actions, NULL), ABN_OK);
    assert_true(abn_actions_rate(actions, "USD", "USD", 0) == 1);
    assert_true(abn_actions_rate(actions, "USD", "HKD", date("2024-06-12")) == 7.8113);
    assert_true(abn_actions_rate(actions, "USD", "HKD", date("2025-01-01")) == 7.8113);
    assert_true(abn_actions_rate(actions, "USD", "HKD", date("2030-01-01")) == 7.8043);
    assert_true(abn_actions_rate(actions, "USD", "HKD", date("2020-01-01")) == 7.8113);
    check_near(abn_actions_rate(actions, "HKD", "USD", date("2024-06-12")), 1 / 7.8113, 1e-13);
    assert_true(isnan(abn_actions_rate(actions, "EUR", "USD", 0)));
    abn_actions_free(actions);
}

/* Four shares for one on the third row, a dividend before it. */
static void check_split(const double *close, double want_dividend, size_t notes_wanted)
{
    abn_date days[4] = {10, 11, 12, 13};
    abn_series s = {.symbol = "X", .source = "x.csv", .n = 4, .date = days, .close = close};
    char *dividends = scratch("symbol,ex_date,amount\nX,1970-01-12,8\n");
    char *splits = scratch("symbol,ex_date,ratio\nX,1970-01-13,4:1\n");
    abn_actions *actions = NULL;
    abn_notes *notes = abn_notes_new();
    double ret[4];
    assert_int_equal(abn_actions_load(dividends, splits, NULL, &actions, NULL), ABN_OK);
    assert_int_equal(abn_actions_returns(actions, &s, NULL, notes, ret, NULL), ABN_OK);
    check_near(ret[1], (close[1] + want_dividend) / close[0] - 1, 1e-13);
    check_near(ret[2], .02, 1e-12);
    check_near(ret[3], close[3] / close[2] - 1, 1e-13);
    assert_int_equal(abn_notes_count(notes), notes_wanted);
    abn_notes_free(notes);
    abn_actions_free(actions);
    drop(dividends);
    drop(splits);
}

static void test_splits(void **state)
{
    (void)state;
    check_split((const double[]){410, 400, 102, 103}, 8, 0);
    check_split((const double[]){102.5, 100, 102, 103}, 2, 1); /* adjusted already */
}

/* Through the reader, as a series of returns only comes from there. */
static void test_own_returns(void **state)
{
    (void)state;
    double ret[2], stated[2] = {NAN, .5};
    abn_date days[2] = {10, 11};
    abn_series s = {.symbol = "X", .source = "x.csv", .n = 2, .date = days, .ret = stated};
    assert_int_equal(abn_actions_returns(NULL, &s, NULL, NULL, ret, NULL), ABN_OK);
    assert_true(isnan(ret[0]) && ret[1] == .5);
    assert_int_equal(abn_actions_adjusted(NULL, &s, NULL, NULL, ret, NULL), ABN_DATA);
}

static void check_bad(const char *dividends, const char *splits, long line, long column,
                      const char *text)
{
    char *a = dividends ? scratch(dividends) : NULL, *b = splits ? scratch(splits) : NULL;
    abn_actions *actions = NULL;
    abn_error err = {0};
    assert_int_equal(abn_actions_load(a, b, NULL, &actions, &err), ABN_DATA);
    assert_null(actions);
    assert_int_equal(err.line, line);
    assert_int_equal(err.column, column);
    assert_string_equal(err.text, text);
    if (a) drop(a);
    if (b) drop(b);
}

static void test_bad_files(void **state)
{
    (void)state;
    check_bad("symbol,ex_date,amount\nX,2024-02-30,1\n", NULL, 2, 3,
              "bad date \"2024-02-30\" (expected YYYY-MM-DD)");
    check_bad("symbol,ex_date,amount\nX,2024-02-01,1\nX,2024-02-02,-1\n", NULL, 3, 14,
              "bad amount \"-1\" (expected a number above 0)");
    check_bad("symbol,amount\nX,1\n", NULL, 1, 0,
              "no column \"ex_date\" (expected symbol, ex_date, amount)");
    check_bad(NULL, "symbol,ex_date,ratio\nX,2024-02-01,4:0\n", 2, 14,
              "bad ratio \"4:0\" (expected a number above 0)");
    check_bad(NULL, "symbol,ex_date,ratio\nX,2024-02-01,4\nX,2024-02-01,4\n", 3, 0,
              "X has this ratio in line 2 already");
    check_bad(NULL, "symbol,ex_date,ratio\nX,2024-02-01,1e300:1e-300\n", 2, 14,
              "bad ratio \"1e300:1e-300\" (expected a number above 0)");
    char *none = scratch(NULL);
    abn_actions *actions = NULL;
    assert_int_equal(abn_actions_load(none, NULL, NULL, &actions, NULL), ABN_NO_INPUT);
    free(none);
}

/* A listing's rows of the second source stand in place of the first's from its own first on. */
static void test_add(void **state)
{
    (void)state;
    char *base = scratch("symbol,ex_date,ratio\nA,2020-01-10,2\nA,2024-03-01,3\nB,2024-03-01,5\n");
    char *more = scratch("symbol,ex_date,ratio\nA,2024-03-04,3\n");
    char *bad = scratch("symbol,ex_date,ratio\nA,2024-03-04,0\n");
    abn_slice a = abn_slice_of("A"), b = abn_slice_of("B");
    abn_date from = date("2019-01-01"), to = date("2025-01-01");
    abn_actions *actions = NULL;
    assert_int_equal(abn_actions_load(NULL, base, NULL, &actions, NULL), ABN_OK);
    assert_int_equal(abn_actions_add(actions, NULL, bad, NULL), ABN_DATA);
    assert_true(abn_actions_split(actions, a, from, to) == 6);
    assert_int_equal(abn_actions_add(actions, NULL, more, NULL), ABN_OK);
    assert_true(abn_actions_split(actions, a, from, to) == 6);
    assert_true(abn_actions_split(actions, a, from, date("2024-03-02")) == 2);
    assert_true(abn_actions_split(actions, b, from, to) == 5);
    assert_int_equal(abn_actions_add(actions, NULL, NULL, NULL), ABN_OK);
    abn_actions_free(actions);
    drop(base);
    drop(more);
    drop(bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shipped),   cmocka_unit_test(test_rates),
        cmocka_unit_test(test_splits),    cmocka_unit_test(test_own_returns),
        cmocka_unit_test(test_bad_files), cmocka_unit_test(test_add),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
