/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/random.h>
#include <abnorm/resample.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { EVENTS = 50, SAMPLES = 1500, REPLICATES = 199 };

static const abn_resample_plan plan = {REPLICATES, 42};

static void test_small_sample_is_exact(void **state)
{
    (void)state;
    /* Of 32 patterns, only all plus, all minus, and those that flip .1 reach the sum of 1.9. */
    double x[5] = {.1, .3, .4, .5, .6};
    abn_resampled out;
    abn_resample_plan wide = {999, 1};
    abn_resample_workspace *work = abn_resample_workspace_new(999);
    assert_int_equal(abn_resample_sign_flip(work, x, 5, &wide, &out, NULL), ABN_OK);
    assert_true(out.p == 2. / 32);
    double y[5] = {-.1, .3, .4, .5, .6};
    assert_int_equal(abn_resample_sign_flip(work, y, 5, &wide, &out, NULL), ABN_OK);
    assert_true(out.p == 4. / 32);
    abn_resample_workspace_free(work);
}

static void test_sign_sums_agree_with_plain_loop(void **state)
{
    (void)state;
    enum { N = 300 };
    static double x[N];
    abn_random random;
    abn_resampled out;
    abn_resample_workspace *work = abn_resample_workspace_new(REPLICATES);
    double sum = 0;
    abn_random_start(&random, 3, 0, 0);
    for (int i = 0; i < N; i++)
        sum += x[i] = .08 + abn_random_normal(&random);
    assert_int_equal(abn_resample_sign_flip(work, x, N, &plan, &out, NULL), ABN_OK);
    int beyond = 0;
    for (uint32_t r = 0; r < REPLICATES; r++) {
        double other = 0;
        for (uint32_t i = 0; i < N; i++) {
            uint32_t counter[4] = {i / 128, 0x51, r, 0}, key[2] = {42, 0}, bits[4];
            abn_random_philox(counter, key, bits);
            other += bits[i % 128 / 32] >> i % 32 & 1 ? -x[i] : x[i];
        }
        beyond += fabs(other) >= fabs(sum);
    }
    assert_true(out.p == (beyond + 1.) / (REPLICATES + 1));
    abn_resample_workspace_free(work);
}

static void test_refuses(void **state)
{
    (void)state;
    double flat[6] = {.1, .1, .1, .1, .1, .1}, hole[6] = {1, 2, NAN, 3, 4, 5};
    abn_resampled out = {.value = 7, .p = 7};
    abn_resample_plan large = {1000, 1};
    abn_resample_workspace *work = abn_resample_workspace_new(REPLICATES);
    assert_int_equal(abn_resample_wild(work, flat, 6, &plan, &out, NULL), ABN_SINGULAR);
    assert_int_equal(abn_resample_sign_flip(work, hole, 6, &plan, &out, NULL), ABN_DATA);
    assert_int_equal(abn_resample_skewness(work, flat, 4, &plan, &out, NULL), ABN_HISTORY);
    assert_int_equal(abn_resample_wild(work, hole, 6, &large, &out, NULL), ABN_USAGE);
    assert_true(out.value == 7 && out.p == 7);
    abn_resample_workspace_free(work);
}

/* Under the null each test rejects 5 % of samples, within the 99.9 % interval of that many. */
static void test_size(void **state)
{
    (void)state;
    enum { TESTS = 3 };
    int rejected[TESTS] = {0};
    abn_resample_workspace *work = abn_resample_workspace_new(REPLICATES);
    for (uint64_t s = 0; s < SAMPLES; s++) {
        double x[EVENTS];
        abn_random random;
        abn_resampled out[TESTS];
        abn_resample_plan own = {REPLICATES, s};
        abn_random_start(&random, 11, 0, s);
        abn_random_normals(&random, x, EVENTS);
        assert_int_equal(abn_resample_sign_flip(work, x, EVENTS, &own, out, NULL), ABN_OK);
        assert_int_equal(abn_resample_wild(work, x, EVENTS, &own, out + 1, NULL), ABN_OK);
        assert_int_equal(abn_resample_skewness(work, x, EVENTS, &own, out + 2, NULL), ABN_OK);
        for (int i = 0; i < TESTS; i++)
            rejected[i] += out[i].p <= .05;
    }
    for (int i = 0; i < TESTS; i++) {
        double rate = (double)rejected[i] / SAMPLES;
        print_message("# test %d rejects %.4f\n", i, rate);
        assert_true(fabs(rate - .05) < 3.29 * sqrt(.05 * .95 / SAMPLES));
    }
    abn_resample_workspace_free(work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_sample_is_exact),
        cmocka_unit_test(test_sign_sums_agree_with_plain_loop),
        cmocka_unit_test(test_refuses),
        cmocka_unit_test(test_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
