/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A listing's returns on its own sessions, and a benchmark's over the very same days. */
#include "correlate/lines.h"
#include "unit.h"
#include <math.h>

enum { N = 8 };

static const abn_date days[N] = {0, 1, 2, 3, 4, 5, 6, 7};
static const double prices[N] = {100, 102, NAN, 104, 104, 110, 99, 100};
static const double index_prices[N] = {50, 51, 52, 53, 54, NAN, 56, 57};

static abn_series series_of(const double *close, size_t n)
{
    return (abn_series){.symbol = "A", .source = "", .n = n, .date = days, .close = close};
}

static void near(double got, double want)
{
    if (fabs(got - want) <= 1e-15 * (1 + fabs(want))) return;
    print_message("# %.17g, not %.17g\n", got, want);
    fail();
}

static abn_line line_of(const abn_series *series, const abn_sessions *sessions, bool log,
                        bool single)
{
    abn_line line;
    abn_line_options options = {.log = log, .single_sessions = single};
    assert_int_equal(abn_line_make(&line, series, sessions, "", &options, NULL, NULL, NULL),
                     ABN_OK);
    return line;
}

/* Without a calendar a day without a price is no session: the return goes back to the price before.
 */
static void test_own_rows(void **state)
{
    (void)state;
    abn_series a = series_of(prices, N), b = series_of(index_prices, N);
    abn_line line = line_of(&a, NULL, false, false), other = line_of(&b, NULL, false, false);
    double x[N];
    assert_int_equal(line.n, 7);
    assert_int_equal(line.date[2], 3);
    assert_true(isnan(line.y[0]));
    near(line.y[2], 104. / 102 - 1);
    abn_line_match(&line, &other, false, x);
    near(x[1], 51. / 50 - 1);
    near(x[2], 53. / 51 - 1);
    assert_true(isnan(x[4]) && isnan(x[5])); /* the index has no price on day 5 */
    near(x[6], 57. / 56 - 1);
    abn_line_free(&line);
    abn_line_free(&other);
}

/* With one, the day stays as a session without a return, and the next return spans two. */
static void test_calendar(void **state)
{
    (void)state;
    abn_date open[] = {0, 1, 2, 3, 5, 6, 7};
    abn_sessions sessions = {.date = open, .n = 7, .from = 0, .to = 7};
    abn_series a = series_of(prices, N), b = series_of(index_prices, N);
    abn_line line = line_of(&a, &sessions, true, false), other = line_of(&b, NULL, true, false);
    double x[N];
    assert_int_equal(line.n, 7);
    assert_int_equal(line.closed, 1); /* day 4 */
    assert_true(isnan(line.y[2]));
    near(line.y[3], log1p((104. - 102) / 102));
    assert_int_equal(line.before[3], 1);
    abn_line_match(&line, &other, true, x);
    near(x[3], log1p((53. - 51) / 51));
    abn_line_free(&line);
    line = line_of(&a, &sessions, false, true);
    assert_true(isnan(line.y[3]));
    near(line.y[4], 110. / 104 - 1);
    abn_line_free(&line);
    abn_line_free(&other);
}

static void test_stale(void **state)
{
    (void)state;
    double volume[N] = {1, 1, 1, 1, 0, 1, 1, 1};
    abn_series a = series_of(prices, N);
    a.open = a.high = a.low = prices;
    a.volume = volume;
    abn_line line = line_of(&a, NULL, false, false);
    assert_int_equal(line.stale, 1);
    assert_int_equal(line.n, 6);
    near(line.y[3], 110. / 104 - 1);
    abn_line_free(&line);
}

/* Factors are returns by date: compounded over the days that a price return spans, whole or not at
 * all. */
static void test_factors(void **state)
{
    (void)state;
    static const abn_date dates[] = {1, 2, 3, 4, 6, 7};
    static const double value[] = {.01, .02, .03, .04, .06, .07};
    abn_series a = series_of(prices, N);
    abn_line line = line_of(&a, NULL, false, false);
    double x[N];
    abn_line_match_returns(&line, dates, value, 6, false, x);
    assert_true(isnan(x[0]));
    near(x[1], .01);
    near(x[2], 1.02 * 1.03 - 1);
    near(x[3], .04);
    assert_true(isnan(x[4])); /* no row on day 5 */
    near(x[5], .06);
    abn_line_match_returns(&line, dates, value, 6, true, x);
    near(x[2], log1p(1.02 * 1.03 - 1));
    abn_line_free(&line);
}

static void test_stated_returns(void **state)
{
    (void)state;
    static const double stated[N] = {.01, -.02, NAN, .03, .01, 0, .02, .01};
    abn_series a = {.symbol = "A", .source = "", .n = N, .date = days, .ret = stated};
    abn_line line = line_of(&a, NULL, false, false);
    double x[N];
    assert_int_equal(line.n, 7);
    near(line.y[0], .01);
    near(line.y[2], .03);
    abn_line_match(&line, &line, false, x);
    for (size_t t = 0; t < line.n; t++)
        near(x[t], line.y[t]);
    abn_line_free(&line);
    abn_series none = {.symbol = "B", .source = "", .n = N, .date = days};
    abn_line_options options = {0};
    assert_int_equal(abn_line_make(&line, &none, NULL, "", &options, NULL, NULL, NULL), ABN_DATA);
}

UNIT_MAIN(unit(test_own_rows), unit(test_calendar), unit(test_stale), unit(test_factors),
          unit(test_stated_returns))
