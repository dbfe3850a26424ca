/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <abnorm/random.h>
#include <abnorm/tail.h>
#include <math.h>
#include <stdlib.h>

#define N 60000

static double z[N];

static void fit_recovers(double nu, double scale, double censored)
{
    abn_tail tail;
    assert_int_equal(abn_tail_fit(z, N, censored, &tail, NULL), ABN_OK);
    assert_true(fabs(log(tail.nu / nu)) < 0.12);
    assert_true(fabs(tail.scale / scale - 1) < 0.02);
}

static void draw(double nu, double scale, uint32_t stream)
{
    abn_random r;
    abn_random_start(&r, 42, stream, 0);
    for (size_t i = 0; i < N; i++)
        z[i] = scale * abn_random_t(&r, nu);
}

static void tails_are_recovered(void **state)
{
    (void)state;
    draw(4, 0.7, 1);
    fit_recovers(4, 0.7, 0);
    fit_recovers(4, 0.7, 0.01);
    draw(10, 1.3, 2);
    fit_recovers(10, 1.3, 0.01);
}

/* One value in 400 moved far out: censored, it hardly bends the tail. */
static void moves_do_not_make_the_tail(void **state)
{
    (void)state;
    draw(10, 1, 3);
    for (size_t i = 0; i < N; i += 400)
        z[i] = 12;
    abn_tail censored, all;
    assert_int_equal(abn_tail_fit(z, N, 0.01, &censored, NULL), ABN_OK);
    assert_int_equal(abn_tail_fit(z, N, 0, &all, NULL), ABN_OK);
    assert_true(censored.nu > 7);
    assert_true(all.nu < censored.nu - 1);
}

static void p_is_two_sided_student(void **state)
{
    (void)state;
    abn_tail tail = {.nu = 4, .scale = 2, .n = 100};
    assert_true(fabs(abn_tail_p(&tail, -2 * 2.776445105) - 0.05) < 1e-9);
    assert_true(isnan(abn_tail_p(&tail, NAN)));
}

static void too_few_are_refused(void **state)
{
    (void)state;
    double few[60] = {0};
    abn_tail tail = {.nu = -1};
    for (int i = 0; i < 60; i++)
        few[i] = i < 20 ? (double)i : (double)NAN;
    assert_int_equal(abn_tail_fit(few, 60, 0.01, &tail, NULL), ABN_HISTORY);
    assert_int_equal(abn_tail_fit(z, 0, 0.01, &tail, NULL), ABN_HISTORY);
    assert_true(tail.nu == -1);
}

UNIT_MAIN(unit(tails_are_recovered), unit(moves_do_not_make_the_tail), unit(p_is_two_sided_student),
          unit(too_few_are_refused))
