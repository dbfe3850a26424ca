/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference.h"
#include <abnorm/lstsq.h>

#include "unit.h"

enum { ROWS = 128, TERMS = 11 };

typedef struct problem {
    const char *name;
    size_t columns; /* 1: powers of the one column up to `degree` */
    size_t degree;
    bool constant;
    double digits; /* of the coefficients, at least */
} problem;

static const problem problems[] = {
    {"norris", 1, 1, true, 12},   {"pontius", 1, 2, true, 12},  {"noint1", 1, 1, false, 13},
    {"noint2", 1, 1, false, 13},  {"filip", 1, 10, true, 7},    {"longley", 6, 1, true, 12},
    {"wampler1", 1, 5, true, 12}, {"wampler2", 1, 5, true, 12}, {"wampler3", 1, 5, true, 12},
    {"wampler4", 1, 5, true, 12}, {"wampler5", 1, 5, true, 12},
};

typedef struct exact {
    double coef[TERMS], se[TERMS], sigma, r_squared;
    size_t k;
} exact;

static bool load_exact(const char *name, exact *e)
{
    FILE *f = reference_open("truth/nist/certified.csv");
    char line[512], set[32], term[32];
    e->k = 0;
    if (!f) return false;
    while (fgets(line, sizeof line, f)) {
        double v[4];
        if (sscanf(line, "%31[^,],%31[^,],%lf,%lf,%lf,%lf", set, term, v, v + 1, v + 2, v + 3) != 6)
            continue;
        if (strcmp(set, name) != 0) continue;
        e->coef[e->k] = v[0], e->se[e->k++] = v[1];
        e->sigma = v[2], e->r_squared = v[3];
    }
    fclose(f);
    return e->k > 0;
}

/* Columns of the problem in `x`, `y` apart; the number of observations. */
static size_t load_data(const problem *p, double *y, double x[TERMS][ROWS])
{
    static double cell[ROWS * 8];
    char path[64];
    size_t width = 0;
    snprintf(path, sizeof path, "truth/nist/%s.csv", p->name);
    size_t cells = reference_numbers(path, cell, ROWS * 8, &width);
    size_t n = width ? cells / width : 0;
    for (size_t t = 0; t < n; t++) {
        y[t] = cell[t * width];
        for (size_t j = 0; j < p->columns; j++)
            x[j][t] = cell[t * width + 1 + j];
        for (size_t j = 1; j < p->degree; j++)
            x[j][t] = x[j - 1][t] * x[0][t];
    }
    return n;
}

static void nist_problem(const problem *p)
{
    static double y[ROWS], x[TERMS][ROWS];
    const double *columns[TERMS];
    exact e = {0};
    if (!load_exact(p->name, &e)) skip();
    size_t n = load_data(p, y, x), count = p->columns * p->degree;
    double worst = 16, worst_se = 16;
    for (size_t j = 0; j < count; j++)
        columns[j] = x[j];
    abn_lstsq *fit = abn_lstsq_new(n, e.k);
    assert_non_null(fit);
    assert_int_equal(abn_lstsq_fit(fit, y, n, columns, count, p->constant, NULL), ABN_OK);
    for (size_t j = 0; j < e.k; j++) {
        worst = fmin(worst, reference_digits(fit->coef[j], e.coef[j]));
        if (e.se[j] > 0) worst_se = fmin(worst_se, reference_digits(fit->se[j], e.se[j]));
    }
    print_message("# %s: %.1f digits of coefficients, %.1f of their errors\n", p->name, worst,
                  worst_se);
    assert_true(worst >= p->digits);
    assert_true(worst_se >= fmin(p->digits, 10));
    if (e.sigma > 0) assert_true(reference_digits(fit->sigma, e.sigma) >= fmin(p->digits, 12));
    assert_true(reference_digits(fit->r_squared, e.r_squared) >= fmin(p->digits, 12));
    abn_lstsq_free(fit);
}

static void test_nist(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++)
        nist_problem(&problems[i]);
}

static void test_refuses(void **state)
{
    (void)state;
    double y[6] = {1, 2, 4, 3, 5, 7}, flat[6] = {.1, .1, .1, .1, .1, .1};
    double a[6] = {1, 0, 2, 1, 4, 3}, twice[6], holed[6] = {1, NAN, 2, 1, 4, 3}, zero[6] = {0};
    double shifted[6];
    for (int t = 0; t < 6; t++)
        twice[t] = 2 * a[t] / 3, shifted[t] = .3 - a[t] / 7;
    abn_lstsq *fit = abn_lstsq_new(6, 3);
    const double *good[] = {a}, *bad[] = {flat}, *pair[] = {a, twice}, *hole[] = {holed};
    const double *none[] = {zero}, *moved[] = {a, shifted}, *many[] = {a, flat, a};
    abn_error err = {0};
    assert_int_equal(abn_lstsq_fit(fit, y, 6, good, 1, true, NULL), ABN_OK);
    double kept = fit->coef[1];
    assert_int_equal(abn_lstsq_fit(fit, y, 6, bad, 1, true, &err), ABN_SINGULAR);
    assert_int_equal(err.status, ABN_SINGULAR);
    assert_int_equal(abn_lstsq_fit(fit, y, 6, pair, 2, true, NULL), ABN_SINGULAR);
    assert_int_equal(abn_lstsq_fit(fit, y, 6, moved, 2, true, NULL), ABN_SINGULAR);
    assert_int_equal(abn_lstsq_fit(fit, y, 6, none, 1, false, NULL), ABN_SINGULAR);
    assert_int_equal(abn_lstsq_fit(fit, y, 6, hole, 1, true, NULL), ABN_DATA);
    assert_int_equal(abn_lstsq_fit(fit, y, 2, good, 1, true, NULL), ABN_HISTORY);
    assert_int_equal(abn_lstsq_fit(fit, y, 6, many, 3, true, NULL), ABN_USAGE);
    assert_true(fit->coef[1] == kept);
    assert_int_equal(abn_lstsq_fit(fit, y, 6, bad, 1, false, NULL), ABN_OK);
    abn_lstsq_free(fit);
    assert_null(abn_lstsq_new(0, 1));
    assert_null(abn_lstsq_new(SIZE_MAX / 2, 2));
}

static void test_scales(void **state)
{
    (void)state;
    double y[5] = {.1, .4, .2, .8, .5}, x[5] = {1, 3, 2, 5, 4}, tiny[5], huge[5];
    const double *plain[] = {x}, *small[] = {tiny};
    for (int t = 0; t < 5; t++)
        tiny[t] = ldexp(x[t], -600), huge[t] = ldexp(y[t], 500);
    abn_lstsq *a = abn_lstsq_new(5, 2), *b = abn_lstsq_new(5, 2);
    assert_int_equal(abn_lstsq_fit(a, y, 5, plain, 1, true, NULL), ABN_OK);
    assert_int_equal(abn_lstsq_fit(b, huge, 5, small, 1, true, NULL), ABN_OK);
    assert_true(b->coef[0] == ldexp(a->coef[0], 500));
    assert_true(b->sigma == ldexp(a->sigma, 500));
    assert_true(b->r_squared == a->r_squared);
    double point[2] = {1, 6}, sum = 0; /* 1/n + (x - mean)^2 / Sxx */
    for (int t = 0; t < 5; t++)
        sum += (x[t] - 3) * (x[t] - 3);
    assert_true(fabs(abn_lstsq_leverage(a, point) - (.2 + 9 / sum)) < 1e-15);
    abn_lstsq_free(a);
    abn_lstsq_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nist),
        cmocka_unit_test(test_refuses),
        cmocka_unit_test(test_scales),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
