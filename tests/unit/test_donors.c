/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/donors.h>
#include <abnorm/random.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { N = 60, MOST = 90 };

static double x[MOST][N], y[N];
static const double *column[MOST];

static void simulate(uint64_t seed, size_t k)
{
    abn_random random;
    abn_random_start(&random, seed, 0, k);
    for (int t = 0; t < N; t++) {
        double market = abn_random_normal(&random);
        for (size_t j = 0; j < k; j++)
            x[j][t] = .01 * (market + abn_random_normal(&random));
        y[t] = .01 * (market + .5 * abn_random_normal(&random));
    }
    for (size_t j = 0; j < k; j++)
        column[j] = x[j];
}

/* The minimum's conditions: every held donor has the same slope, no other one a lower one. */
static void check_minimum(size_t k, const double *weight)
{
    double sum = 0, gap[N], slope[MOST], common = 0, size = 0;
    for (int t = 0; t < N; t++) {
        gap[t] = y[t];
        for (size_t j = 0; j < k; j++)
            gap[t] -= weight[j] * x[j][t];
        size += gap[t] * gap[t];
    }
    for (size_t j = 0; j < k; j++) {
        assert_true(weight[j] >= 0);
        sum += weight[j];
        slope[j] = 0;
        for (int t = 0; t < N; t++)
            slope[j] -= gap[t] * x[j][t];
        common += weight[j] * slope[j];
    }
    assert_true(fabs(sum - 1) < 1e-12);
    for (size_t j = 0; j < k; j++) {
        double above = (slope[j] - common) / sqrt(size);
        assert_true(above > -1e-9);
        if (weight[j] > 1e-9) assert_true(above < 1e-9);
    }
}

static void test_minimum(void **state)
{
    (void)state;
    double weight[MOST];
    abn_donors out;
    for (uint64_t seed = 0; seed < 30; seed++)
        for (size_t k = 1; k <= MOST; k = 2 * k + 1) {
            simulate(seed, k);
            assert_int_equal(abn_donors_fit(y, N, column, k, weight, NULL, &out, NULL), ABN_OK);
            check_minimum(k, weight);
        }
}

static void test_finds_the_portfolio(void **state)
{
    (void)state;
    double weight[8], inverse[64], true_weight[8] = {0, .5, 0, .2, 0, 0, .3, 0};
    abn_donors out;
    simulate(5, 8);
    for (int t = 0; t < N; t++) {
        y[t] = 0;
        for (int j = 0; j < 8; j++)
            y[t] += true_weight[j] * x[j][t];
    }
    assert_int_equal(abn_donors_fit(y, N, column, 8, weight, inverse, &out, NULL), ABN_OK);
    for (int j = 0; j < 8; j++)
        assert_true(fabs(weight[j] - true_weight[j]) < 1e-9);
    assert_true(out.sse < 1e-20 && out.r_squared > 1 - 1e-12);
    for (int i = 0; i < 8; i++) {
        double row = 0; /* weights sum to one, so their errors sum to zero */
        for (int j = 0; j < 8; j++)
            row += inverse[8 * i + j];
        assert_true(fabs(row) < 1e-6);
    }
    assert_true(inverse[9] > 0 && inverse[0] == 0);
}

static void test_twins(void **state)
{
    (void)state;
    double weight[4];
    abn_donors out;
    simulate(2, 4);
    for (int t = 0; t < N; t++)
        x[1][t] = x[0][t], x[3][t] = .5 * (x[0][t] + x[2][t]);
    assert_int_equal(abn_donors_fit(y, N, column, 4, weight, NULL, &out, NULL), ABN_OK);
    check_minimum(4, weight);
}

static void test_refuses(void **state)
{
    (void)state;
    double weight[2] = {7, 7};
    abn_donors out;
    simulate(2, 2);
    assert_int_equal(abn_donors_fit(y, 1, column, 2, weight, NULL, &out, NULL), ABN_HISTORY);
    assert_int_equal(abn_donors_fit(y, N, column, 0, weight, NULL, &out, NULL), ABN_HISTORY);
    x[1][4] = NAN;
    assert_int_equal(abn_donors_fit(y, N, column, 2, weight, NULL, &out, NULL), ABN_DATA);
    assert_true(weight[0] == 7 && weight[1] == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_minimum),
        cmocka_unit_test(test_finds_the_portfolio),
        cmocka_unit_test(test_twins),
        cmocka_unit_test(test_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
