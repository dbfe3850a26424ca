/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/random.h>
#include <abnorm/robust.h>
#include <gsl/gsl_multifit.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { N = 120 };

/* A market model with one wild return in ten. */
static void simulate(uint64_t seed, double *y, double *x)
{
    abn_random random;
    abn_random_start(&random, seed, 0, 0);
    for (int t = 0; t < N; t++) {
        x[t] = .01 * abn_random_normal(&random);
        y[t] = .001 + 1.3 * x[t] + .02 * abn_random_normal(&random);
        if (t % 10 == 3) y[t] += .2 * abn_random_normal(&random);
    }
}

/* GSL has the same estimator, but ends a program whose weights do not settle. */
static void test_agrees_with_gsl(void **state)
{
    (void)state;
    double y[N], x[N];
    const double *column[] = {x};
    for (uint64_t seed = 0; seed < 20; seed++) {
        simulate(seed, y, x);
        gsl_multifit_robust_workspace *work =
            gsl_multifit_robust_alloc(gsl_multifit_robust_huber, N, 2);
        gsl_matrix *design = gsl_matrix_alloc(N, 2), *cov = gsl_matrix_alloc(2, 2);
        gsl_vector *coef = gsl_vector_alloc(2);
        gsl_vector_view at = gsl_vector_view_array(y, N);
        for (size_t t = 0; t < N; t++) {
            gsl_matrix_set(design, t, 0, 1);
            gsl_matrix_set(design, t, 1, x[t]);
        }
        gsl_multifit_robust_maxiter(1000, work);
        assert_int_equal(gsl_multifit_robust(design, &at.vector, coef, cov, work), 0);
        abn_lstsq *fit = abn_lstsq_new(N, 2);
        assert_int_equal(abn_robust_fit(fit, y, N, column, 1, NULL), ABN_OK);
        for (size_t j = 0; j < 2; j++) {
            assert_true(fabs(fit->coef[j] - gsl_vector_get(coef, j)) < 1e-5 * fit->se[j]);
            assert_true(fabs(fit->se[j] / sqrt(gsl_matrix_get(cov, j, j)) - 1) < 1e-5);
        }
        abn_lstsq_free(fit);
        gsl_multifit_robust_free(work);
        gsl_matrix_free(design);
        gsl_matrix_free(cov);
        gsl_vector_free(coef);
    }
}

static void test_wild_return_hardly_moves_it(void **state)
{
    (void)state;
    double y[N], x[N], before;
    const double *column[] = {x};
    simulate(3, y, x);
    abn_lstsq *fit = abn_lstsq_new(N, 2);
    assert_int_equal(abn_robust_fit(fit, y, N, column, 1, NULL), ABN_OK);
    before = fit->coef[1];
    y[50] += 100;
    assert_int_equal(abn_robust_fit(fit, y, N, column, 1, NULL), ABN_OK);
    assert_true(fabs(fit->coef[1] - before) < .3);
    assert_int_equal(abn_lstsq_fit(fit, y, N, column, 1, true, NULL), ABN_OK);
    assert_true(fabs(fit->coef[1] - before) > 3);
    abn_lstsq_free(fit);
}

static void test_refuses(void **state)
{
    (void)state;
    double y[N], x[N];
    const double *column[] = {x};
    simulate(3, y, x);
    abn_lstsq *fit = abn_lstsq_new(N, 2);
    for (int t = 0; t < N; t++)
        y[t] = t < 100 ? 2 * x[t] : y[t]; /* most residuals are zero: no scale */
    assert_int_equal(abn_robust_fit(fit, y, N, column, 1, NULL), ABN_CONVERGENCE);
    for (int t = 0; t < N; t++)
        x[t] = .5;
    assert_int_equal(abn_robust_fit(fit, y, N, column, 1, NULL), ABN_SINGULAR);
    assert_int_equal(abn_robust_fit(fit, y, 2, column, 1, NULL), ABN_HISTORY);
    abn_lstsq_free(fit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agrees_with_gsl),
        cmocka_unit_test(test_wild_return_hardly_moves_it),
        cmocka_unit_test(test_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
