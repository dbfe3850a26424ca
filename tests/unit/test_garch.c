/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference.h"
#include "stats/garch_likelihood.h"
#include <abnorm/garch.h>
#include <abnorm/random.h>

#include "unit.h"

enum { N = 600, P = 6 };

/* A market model whose errors follow GARCH or EGARCH; `level` scales all. */
static void simulate(abn_garch_kind kind, uint64_t seed, double level, double *y, double *x)
{
    abn_random random;
    double h = kind == ABN_GARCH ? 1 : 0;
    abn_random_start(&random, seed, 0, 0);
    for (int t = 0; t < N; t++) {
        double z = abn_random_normal(&random);
        double e = z * (kind == ABN_GARCH ? sqrt(h) : exp(h / 2));
        x[t] = level * abn_random_normal(&random);
        y[t] = level * .05 + 1.2 * x[t] + level * e;
        if (kind == ABN_GARCH)
            h = .05 + .15 * e * e + .8 * h;
        else
            h = .3 * (fabs(z) - sqrt(2 / acos(-1))) + .9 * h - .1 * z;
    }
}

static void test_benchmark(void **state)
{
    (void)state;
    static double y[2000];
    /* Fiorentini, Calzolari, Panattoni 1996; McCullough, Renfro 1999 */
    const double coef[] = {-.00619041, .0107613, .153134, .805974};
    const double se[] = {.00846212, .00285271, .0265228, .0335527};
    size_t n = reference_numbers("truth/garch_fcp/dem2gbp.csv", y, 2000, NULL);
    if (n == 0) skip();
    assert_int_equal(n, 1974);
    abn_garch *fit = abn_garch_new(n, 1);
    assert_int_equal(abn_garch_fit(fit, ABN_GARCH, y, n, NULL, 0, NULL), ABN_OK);
    for (int i = 0; i < 4; i++) {
        print_message("# %.9g (%.9g), %.9g (%.9g)\n", fit->coef[i], coef[i], fit->se[i], se[i]);
        assert_true(fabs(fit->coef[i] / coef[i] - 1) < 1e-5);
        assert_true(fabs(fit->se[i] / se[i] - 1) < 5e-4);
    }
    print_message("# log likelihood %.9g\n", fit->log_likelihood);
    abn_garch_free(fit);
}

/* Gradient and Hessian against central differences of the value and the gradient. */
static void derivatives(abn_garch_kind kind, const double *theta)
{
    static double y[N], z[2 * N];
    double block[3000], g[P], h[P * P], up[P], down[P], at[P];
    size_t p = kind == ABN_GARCH ? 5 : 6;
    abn_garch_problem q = {.kind = kind, .n = N, .k = 2, .p = p, .round = .05, .y = y, .z = z};
    simulate(kind, 4, 1, y, z + N);
    for (int t = 0; t < N; t++)
        z[t] = 1;
    assert_true(abn_garch_problem_size(N, 2, p) <= 3000);
    abn_garch_problem_set(&q, block);
    abn_garch_minus_log(&q, theta, g, h);
    for (size_t i = 0; i < p; i++) {
        double step = 1e-6;
        memcpy(at, theta, sizeof at);
        at[i] = theta[i] + step;
        double above = abn_garch_minus_log(&q, at, up, NULL);
        at[i] = theta[i] - step;
        double below = abn_garch_minus_log(&q, at, down, NULL);
        assert_true(fabs((above - below) / (2 * step) - g[i]) < 1e-5 * (10 + fabs(g[i])));
        for (size_t j = 0; j < p; j++) {
            double rough = (up[j] - down[j]) / (2 * step), scale = 100 + fabs(h[i * p + j]);
            assert_true(fabs(rough - h[i * p + j]) < 2e-4 * scale);
        }
    }
}

static void test_derivatives(void **state)
{
    (void)state;
    const double garch[P] = {.03, 1.1, .08, .2, .7}, egarch[P] = {.03, 1.1, .05, .25, .8, -.15};
    derivatives(ABN_GARCH, garch);
    derivatives(ABN_EGARCH, egarch);
}

/* Estimates lie within four standard errors of the truth, and scale with the data. */
static void recovers(abn_garch_kind kind, const double *truth, size_t p)
{
    static double y[N], x[N];
    const double *column[] = {x};
    abn_garch *fit = abn_garch_new(N, 2), *small = abn_garch_new(N, 2);
    simulate(kind, 17, 1, y, x);
    assert_int_equal(abn_garch_fit(fit, kind, y, N, column, 1, NULL), ABN_OK);
    assert_false(fit->constant);
    for (size_t i = 0; i < p; i++) {
        print_message("# %g, true %g, error %g\n", fit->coef[i], truth[i], fit->se[i]);
        assert_true(fabs(fit->coef[i] - truth[i]) < 4 * fit->se[i]);
    }
    simulate(kind, 17, .013, y, x);
    assert_int_equal(abn_garch_fit(small, kind, y, N, column, 1, NULL), ABN_OK);
    assert_true(fabs(small->coef[0] / (.013 * fit->coef[0]) - 1) < 1e-6);
    assert_true(fabs(small->se[0] / (.013 * fit->se[0]) - 1) < 1e-6);
    for (size_t i = 1; i < p; i++)
        if (i != 2) {
            assert_true(fabs(small->coef[i] / fit->coef[i] - 1) < 1e-6);
            assert_true(fabs(small->se[i] / fit->se[i] - 1) < 1e-6);
        }
    double shift = 2 * log(.013); /* of the log variance */
    double omega =
        kind == ABN_GARCH ? fit->coef[2] * .013 * .013 : fit->coef[2] + shift * (1 - fit->coef[4]);
    assert_true(fabs(small->coef[2] / omega - 1) < 1e-6);
    abn_garch_free(fit);
    abn_garch_free(small);
}

static void test_recovers(void **state)
{
    (void)state;
    const double garch[] = {.05, 1.2, .05, .15, .8}, egarch[] = {.05, 1.2, 0, .3, .9, -.1};
    recovers(ABN_GARCH, garch, 5);
    recovers(ABN_EGARCH, egarch, 6);
}

/* The forecast of EGARCH against the mean of simulated paths. */
static void test_forecast(void **state)
{
    (void)state;
    static double y[N], x[N];
    const double *column[] = {x};
    double expected[4], sum[4] = {0};
    enum { PATHS = 200000 };
    abn_garch *fit = abn_garch_new(N, 2);
    simulate(ABN_EGARCH, 17, 1, y, x);
    assert_int_equal(abn_garch_fit(fit, ABN_EGARCH, y, N, column, 1, NULL), ABN_OK);
    abn_garch_forecast(fit, expected, 4);
    for (uint64_t path = 0; path < PATHS; path++) {
        abn_random random;
        double u = log(fit->variance[N - 1]), z = fit->residual[N - 1] / exp(u / 2);
        abn_random_start(&random, 1, 0, path);
        for (int t = 0; t < 4; t++) {
            u = fit->coef[2] + fit->coef[3] * (fabs(z) - sqrt(2 / acos(-1))) + fit->coef[4] * u +
                fit->coef[5] * z;
            z = abn_random_normal(&random);
            sum[t] += exp(u) / PATHS;
        }
    }
    for (int t = 0; t < 4; t++)
        assert_true(fabs(sum[t] / expected[t] - 1) < 5e-3);
    simulate(ABN_GARCH, 17, 1, y, x);
    assert_int_equal(abn_garch_fit(fit, ABN_GARCH, y, N, column, 1, NULL), ABN_OK);
    abn_garch_forecast(fit, expected, 2);
    assert_true(fabs(expected[1] - fit->coef[2] - (fit->coef[3] + fit->coef[4]) * expected[0]) <
                1e-12);
    abn_garch_free(fit);
}

static void test_refuses(void **state)
{
    (void)state;
    static double y[N], x[N];
    const double *column[] = {x};
    abn_garch *fit = abn_garch_new(N, 2);
    simulate(ABN_GARCH, 1, 1, y, x);
    assert_int_equal(abn_garch_fit(fit, ABN_GARCH, x, N, column, 1, NULL), ABN_SINGULAR);
    assert_int_equal(abn_garch_fit(fit, ABN_GARCH, y, 20, column, 1, NULL), ABN_HISTORY);
    for (int t = 0; t < N; t++)
        x[t] = .25;
    assert_int_equal(abn_garch_fit(fit, ABN_EGARCH, y, N, column, 1, NULL), ABN_SINGULAR);
    x[7] = NAN;
    assert_int_equal(abn_garch_fit(fit, ABN_GARCH, y, N, column, 1, NULL), ABN_DATA);
    abn_garch_free(fit);
}

/* Short windows of plain noise: every fit ends, as a maximum or as constant variance. */
static void test_noise_ends(void **state)
{
    (void)state;
    enum { SHORT = 120, TRIES = 150 };
    double y[SHORT], x[SHORT];
    const double *column[] = {x};
    int constant = 0, failed = 0;
    abn_garch *fit = abn_garch_new(SHORT, 2);
    for (uint64_t i = 0; i < TRIES; i++) {
        abn_random random;
        abn_random_start(&random, 8, 0, i);
        abn_random_normals(&random, x, SHORT);
        abn_random_normals(&random, y, SHORT);
        for (int kind = ABN_GARCH; kind <= ABN_EGARCH; kind++) {
            abn_status status = abn_garch_fit(fit, (abn_garch_kind)kind, y, SHORT, column, 1, NULL);
            failed += status != ABN_OK;
            assert_true(status == ABN_OK || status == ABN_CONVERGENCE);
            if (status) continue;
            assert_true(isfinite(fit->log_likelihood));
            if (kind == ABN_GARCH) constant += fit->constant;
        }
    }
    print_message("# %d of %d constant, %d not converged\n", constant, TRIES, failed);
    assert_true(failed <= 6);
    abn_garch_free(fit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_benchmark), cmocka_unit_test(test_derivatives),
        cmocka_unit_test(test_recovers),  cmocka_unit_test(test_forecast),
        cmocka_unit_test(test_refuses),   cmocka_unit_test(test_noise_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
