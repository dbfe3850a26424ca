/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/random.h>
#include <abnorm/thin.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { N = 4000 };

/* True beta 1.5, of which only .6 shows on the day, .9 a day late; the benchmark itself is
 * autocorrelated. */
static void simulate(double *y, double *lag, double *same, double *lead)
{
    abn_random random;
    double m[N + 3], last = 0;
    abn_random_start(&random, 1, 0, 0);
    for (int t = 0; t < N + 3; t++) {
        double news = .01 * abn_random_normal(&random);
        m[t] = news + .3 * last;
        last = news;
    }
    for (int t = 0; t < N; t++) {
        lag[t] = m[t], same[t] = m[t + 1], lead[t] = m[t + 2];
        y[t] = .0002 + .6 * same[t] + .9 * lag[t] + .01 * abn_random_normal(&random);
    }
}

static void test_late_betas(void **state)
{
    (void)state;
    static double y[N], lag[N], same[N], lead[N];
    const double *shifted[] = {lag, same, lead};
    abn_thin sw, dimson;
    simulate(y, lag, same, lead);
    assert_int_equal(abn_thin_scholes_williams(y, shifted, N, &sw, NULL), ABN_OK);
    assert_int_equal(abn_thin_dimson(y, shifted, 1, N, &dimson, NULL), ABN_OK);
    /* What the three covariances add up to for a benchmark of one lag. */
    double rho = .3 / 1.09, seen = (1.5 + 2.1 * rho) / (1 + 2 * rho);
    assert_true(fabs(sw.beta - seen) < .1);
    assert_true(fabs(dimson.beta - 1.5) < .1);
    assert_true(sw.raw_beta < 1.1 && dimson.raw_beta < 1.1);
    assert_true(fabs(dimson.beta - 1.5) < 4 * dimson.sigma * sqrt(dimson.inverse[3]));
    assert_int_equal(dimson.params, 4);
    assert_int_equal(sw.n, N);
}

/* Five rows by hand: slopes, autocorrelation and means. */
static void test_formula(void **state)
{
    (void)state;
    double m[] = {1, 3, 2, 5, 4, 4, 6}, y[] = {2, 1, 4, 3, 6}, mean_y = 3.2;
    const double *shifted[] = {m, m + 1, m + 2};
    abn_thin out;
    double slopes = 0, own = 0, at[3];
    for (int j = 0; j < 3; j++) {
        double sum = 0, xy = 0, xx = 0, xm = 0;
        for (int t = 0; t < 5; t++)
            sum += m[t + j];
        at[j] = sum / 5;
        for (int t = 0; t < 5; t++) {
            xy += (m[t + j] - at[j]) * (y[t] - mean_y);
            xm += (m[t + j] - at[j]) * m[t + 1];
            xx += (m[t + j] - at[j]) * (m[t + j] - at[j]);
        }
        slopes += xy / xx;
        own += xm / xx;
    }
    double beta = slopes / own;
    assert_int_equal(abn_thin_scholes_williams(y, shifted, 5, &out, NULL), ABN_OK);
    assert_true(fabs(out.beta - beta) < 1e-13);
    assert_true(fabs(out.alpha - (mean_y - beta * at[1])) < 1e-13);
}

static void test_rows_without_neighbours(void **state)
{
    (void)state;
    static double y[N], lag[N], same[N], lead[N];
    const double *shifted[] = {lag, same, lead};
    abn_thin whole, cut;
    simulate(y, lag, same, lead);
    assert_int_equal(abn_thin_scholes_williams(y + 1,
                                               (const double *[]){lag + 1, same + 1, lead + 1},
                                               N - 1, &whole, NULL),
                     ABN_OK);
    lag[0] = NAN;
    assert_int_equal(abn_thin_scholes_williams(y, shifted, N, &cut, NULL), ABN_OK);
    assert_true(cut.beta == whole.beta && cut.n == N - 1);
    for (int t = 0; t < N; t++)
        lag[t] = same[t] = lead[t] = .001;
    assert_int_equal(abn_thin_scholes_williams(y, shifted, N, &cut, NULL), ABN_SINGULAR);
    assert_int_equal(abn_thin_dimson(y, shifted, 1, N, &cut, NULL), ABN_SINGULAR);
    assert_int_equal(abn_thin_dimson(y, shifted, 1, 4, &cut, NULL), ABN_HISTORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_late_betas),
        cmocka_unit_test(test_formula),
        cmocka_unit_test(test_rows_without_neighbours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
