/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/ziggurat.h"
#include <abnorm/random.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* The published known answers of Philox 4x32 with ten rounds. */
static void test_known_answers(void **state)
{
    (void)state;
    const struct {
        uint32_t counter[4], key[2], out[4];
    } known[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        uint32_t out[4];
        abn_random_philox(known[i].counter, known[i].key, out);
        assert_memory_equal(out, known[i].out, sizeof out);
    }
}

static void test_streams_are_blocks(void **state)
{
    (void)state;
    abn_random random;
    uint64_t seed = 0x0123456789abcdef, index = 0xfedcba9876543210;
    uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    abn_random_start(&random, seed, 7, index);
    for (uint32_t block = 0; block < 40; block++) {
        uint32_t counter[4] = {block, 7, (uint32_t)index, (uint32_t)(index >> 32)}, out[4];
        abn_random_philox(counter, key, out);
        assert_true(abn_random_word(&random) == (out[0] | (uint64_t)out[1] << 32));
        assert_true(abn_random_word(&random) == (out[2] | (uint64_t)out[3] << 32));
    }
}

static void test_layers_have_equal_area(void **state)
{
    (void)state;
    const double *edge = abn_ziggurat_edge;
    double r = edge[1], tail = sqrt(2 * acos(-1)) * gsl_cdf_gaussian_Q(r, 1);
    double area = r * exp(-r * r / 2) + tail;
    assert_true(fabs(edge[0] * exp(-r * r / 2) - area) < 1e-15);
    for (int i = 1; i < 256; i++) {
        double low = exp(-edge[i] * edge[i] / 2), high = exp(-edge[i + 1] * edge[i + 1] / 2);
        assert_true(fabs(edge[i] * (high - low) - area) < 1e-14);
    }
    assert_true(edge[256] == 0);
}

/* Chi-squared of counts in 64 cells of equal probability. */
static double chi_squared(double (*draw)(abn_random *), double (*cdf)(double))
{
    enum { CELLS = 64, DRAWS = 400000 };
    int count[CELLS] = {0};
    abn_random random;
    double sum = 0, expected = (double)DRAWS / CELLS;
    abn_random_start(&random, 20261120, 1, 0);
    for (int i = 0; i < DRAWS; i++)
        count[(int)(cdf(draw(&random)) * CELLS) % CELLS]++;
    for (int i = 0; i < CELLS; i++)
        sum += (count[i] - expected) * (count[i] - expected) / expected;
    return gsl_cdf_chisq_Q(sum, CELLS - 1);
}

static double identity(double x)
{
    return x;
}

static double normal_cdf(double x)
{
    return gsl_cdf_gaussian_P(x, 1);
}

static double t4_cdf(double x)
{
    return gsl_cdf_tdist_P(x, 4);
}

static double t5_cdf(double x)
{
    return gsl_cdf_tdist_P(x, 5);
}

static double draw_t4(abn_random *random)
{
    return abn_random_t(random, 4);
}

static double draw_t5(abn_random *random)
{
    return abn_random_t(random, 5);
}

/* A quarter of the words is refused here, so the unbiased path runs. */
static double draw_refused(abn_random *random)
{
    return ((double)abn_random_below(random, 0xC0000000u) + .5) / 0xC0000000u;
}

static void test_distributions(void **state)
{
    (void)state;
    assert_true(chi_squared(abn_random_uniform, identity) > .001);
    assert_true(chi_squared(abn_random_normal, normal_cdf) > .001);
    assert_true(chi_squared(draw_t4, t4_cdf) > .001);
    assert_true(chi_squared(draw_t5, t5_cdf) > .001);
    assert_true(chi_squared(draw_refused, identity) > .001);
}

static void test_tails(void **state)
{
    (void)state;
    enum { DRAWS = 4000000 };
    abn_random random;
    double beyond = 0, expected = DRAWS * 2 * gsl_cdf_gaussian_Q(3.7, 1), sum = 0, squares = 0;
    abn_random_start(&random, 5, 2, 9);
    for (int i = 0; i < DRAWS; i++) {
        double x = abn_random_normal(&random);
        beyond += fabs(x) > 3.7;
        sum += x, squares += x * x;
    }
    assert_true(fabs(beyond - expected) < 4 * sqrt(expected));
    assert_true(fabs(sum / DRAWS) < 4 / sqrt(DRAWS));
    assert_true(fabs(squares / DRAWS - 1) < 4 * sqrt(2. / DRAWS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers),
        cmocka_unit_test(test_streams_are_blocks),
        cmocka_unit_test(test_layers_have_equal_area),
        cmocka_unit_test(test_distributions),
        cmocka_unit_test(test_tails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
