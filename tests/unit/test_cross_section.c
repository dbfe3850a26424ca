/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures without another source were worked out from the papers' formulas with thirty digits. */
#include "reference.h"
#include <abnorm/cross_section.h>
#include <abnorm/groups.h>
#include <abnorm/power.h>

#include "unit.h"

static void close_to(double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance * fmax(1, fabs(want))))
        fail_msg("%.17g, not %.17g", got, want);
}

/* ---- regression ---- */

static const double y[] = {1.1, 2.9, 2.2, 5.1, 4.2, 6.6, 5.0, 9.9};
static const double x1[] = {1, 2, 3, 4, 5, 6, 7, 8}, x2[] = {0, 1, 0, 1, 1, 0, 0, 1};
static const double *const columns[] = {x1, x2};

static void test_robust_errors(void **state)
{
    (void)state;
    static const struct {
        abn_errors errors;
        double se[3], df;
    } known[] = {
        {ABN_ERRORS_HC0, {.53471033010967033, .14855020477236224, .70590902450465665}, 5},
        {ABN_ERRORS_HC1, {.676361012626828, .18790279758603171, .89291213532093151}, 5},
        {ABN_ERRORS_HC2, {.75031791145449242, .20215213669867334, .89501121664656243}, 5},
        {ABN_ERRORS_HC3, {1.0564494492115447, .27646832424544042, 1.1480205191269363}, 5},
        {ABN_ERRORS_CLUSTER, {.62658684652759975, .099891412990422379, .61058747444251907}, 2},
    };
    const uint32_t cluster[] = {5, 5, 9, 9, 9, 2, 2, 2};
    abn_lstsq *fit = abn_lstsq_new(8, 3);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        double df = 0, covariance[9];
        assert_int_equal(abn_cross_section_fit(fit, y, 8, columns, 2, known[i].errors, cluster,
                                               covariance, &df, NULL),
                         ABN_OK);
        close_to(fit->coef[1], .973493975903614458, 1e-14);
        for (size_t j = 0; j < 3; j++) {
            close_to(fit->se[j], known[i].se[j], 1e-12);
            close_to(covariance[4 * j], known[i].se[j] * known[i].se[j], 1e-12);
        }
        assert_true(df == known[i].df);
    }
    abn_lstsq_free(fit);
}

/* Every event its own cluster is HC1. */
static void test_lone_clusters(void **state)
{
    (void)state;
    const uint32_t own[] = {7, 6, 5, 4, 3, 2, 1, 0};
    double df, se[3];
    abn_lstsq *fit = abn_lstsq_new(8, 3);
    assert_int_equal(
        abn_cross_section_fit(fit, y, 8, columns, 2, ABN_ERRORS_CLUSTER, own, NULL, &df, NULL),
        ABN_OK);
    memcpy(se, fit->se, sizeof se);
    assert_true(df == 7);
    assert_int_equal(
        abn_cross_section_fit(fit, y, 8, columns, 2, ABN_ERRORS_HC1, NULL, NULL, &df, NULL),
        ABN_OK);
    for (int j = 0; j < 3; j++)
        close_to(se[j], fit->se[j], 1e-13);
    abn_lstsq_free(fit);
}

static void test_regression_refuses(void **state)
{
    (void)state;
    const uint32_t one[8] = {0};
    const double lone[] = {0, 0, 0, 0, 0, 0, 0, 1}, *const only[] = {lone};
    double df;
    abn_lstsq *fit = abn_lstsq_new(8, 3);
    assert_int_equal(
        abn_cross_section_fit(fit, y, 8, columns, 2, ABN_ERRORS_CLUSTER, one, NULL, &df, NULL),
        ABN_HISTORY);
    assert_int_equal(
        abn_cross_section_fit(fit, y, 8, only, 1, ABN_ERRORS_HC3, NULL, NULL, &df, NULL),
        ABN_SINGULAR);
    assert_int_equal(
        abn_cross_section_fit(fit, y, 8, only, 1, ABN_ERRORS_HC1, NULL, NULL, &df, NULL), ABN_OK);
    abn_lstsq_free(fit);
}

/* ---- groups ---- */

static const double v[] = {1.2, .4, 2.5, 3.1, .9, 1.7, .3, 1.1, -.4, .2, 2.0, 4.1, 3.3, 2.9, 5.2};
static const uint32_t of[] = {0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 3, 3, 3, 3};

static void test_groups(void **state)
{
    (void)state;
    abn_difference d;
    assert_int_equal(abn_groups_welch(v, of, 11, 4, &d, NULL), ABN_OK);
    close_to(d.estimate, .99333333333333333, 1e-14);
    close_to(d.value, 1.6926900827009293, 1e-13);
    close_to(d.df, 8.8841246075772601, 1e-13);
    close_to(d.p, .12520461140838415, 1e-12);
    assert_int_equal(abn_groups_welch(v, of, 15, 4, &d, NULL), ABN_OK);
    assert_int_equal(d.groups, 3);
    assert_true(isnan(d.estimate));
    close_to(d.value, 11.314301653332127, 1e-12);
    close_to(d.df2, 7.3425466033600495, 1e-12);
    close_to(d.p, .0057197642270133808, 1e-11);
    assert_int_equal(abn_groups_kruskal_wallis(v, of, 15, 4, &d, NULL), ABN_OK);
    close_to(d.value, 9.1558333333333333, 1e-13);
    close_to(d.p, .010276282933700053, 1e-12);
    assert_int_equal(abn_groups_rank_sum(v, of, 11, 4, &d, NULL), ABN_OK);
    close_to(d.p, .12554112554112554, 1e-14); /* by counting all 462 choices */
    close_to(d.value, 1.551880579597970655, 1e-14);
}

static void test_ties(void **state)
{
    (void)state;
    const double tied[] = {1, 2, 2, 3, 3, 3, 4, 2, 3, 5, 5, 6};
    const uint32_t group[] = {0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1};
    abn_difference d;
    assert_int_equal(abn_groups_rank_sum(tied, group, 12, 2, &d, NULL), ABN_OK);
    close_to(d.value, -1.5849183772421115, 1e-14);
    close_to(d.p, .11298488054328262, 1e-13);
    close_to(d.estimate, -2, 1e-15);
}

static void test_groups_refuse(void **state)
{
    (void)state;
    const double flat[] = {1, 1, 1, 1}, holed[] = {1, NAN, 2, 3};
    const uint32_t pair[] = {0, 0, 1, 1}, alone[] = {0, 0, 0, 1}, one[] = {0, 0, 0, 0};
    abn_difference d = {.n = 7};
    assert_int_equal(abn_groups_welch(flat, pair, 4, 2, &d, NULL), ABN_SINGULAR);
    assert_int_equal(abn_groups_rank_sum(flat, pair, 4, 2, &d, NULL), ABN_SINGULAR);
    assert_int_equal(abn_groups_kruskal_wallis(flat, pair, 4, 2, &d, NULL), ABN_SINGULAR);
    assert_int_equal(abn_groups_welch(v, alone, 4, 2, &d, NULL), ABN_HISTORY);
    assert_int_equal(abn_groups_welch(v, one, 4, 2, &d, NULL), ABN_HISTORY);
    assert_int_equal(abn_groups_welch(holed, pair, 4, 2, &d, NULL), ABN_DATA);
    assert_int_equal(abn_groups_rank_sum(v, of, 15, 4, &d, NULL), ABN_USAGE);
    assert_int_equal(d.n, 7);
}

/* ---- means ---- */

static void test_weighted_mean(void **state)
{
    (void)state;
    const double w[] = {2, 1, 1, 0}, value[] = {.1, .3, -.1, 9}, holed[] = {.1, NAN};
    const double negative[] = {1, -1};
    abn_weighted out;
    assert_int_equal(abn_cross_section_mean(value, w, 4, &out, NULL), ABN_OK);
    close_to(out.mean, .1, 1e-15);
    close_to(out.se, sqrt((.2 * .2 + .2 * .2) / 16 * 3 / 2), 1e-15);
    assert_true(out.df == 2);
    /* Equal weights are the plain t. */
    assert_int_equal(abn_cross_section_mean(value, NULL, 3, &out, NULL), ABN_OK);
    close_to(out.t, .1 / sqrt(.08 / 2 / 3), 1e-14);
    assert_int_equal(abn_cross_section_mean(holed, NULL, 2, &out, NULL), ABN_DATA);
    assert_int_equal(abn_cross_section_mean(value, negative, 2, &out, NULL), ABN_DATA);
    assert_int_equal(abn_cross_section_mean(value, w, 1, &out, NULL), ABN_HISTORY);
}

static void test_winsorise(void **state)
{
    (void)state;
    const double wild[] = {9, 1, 2, NAN, 3, -7, 4, 5, 6, 7, 8}; /* ten values */
    double out[11];
    assert_int_equal(abn_cross_section_winsorise(wild, 11, .19, out, NULL), ABN_OK);
    assert_true(out[5] == 1 && out[0] == 8 && isnan(out[3]) && out[4] == 3);
    assert_int_equal(abn_cross_section_winsorise(wild, 11, 0, out, NULL), ABN_OK);
    assert_true(out[5] == -7);
    assert_int_equal(abn_cross_section_winsorise(wild, 11, .5, out, NULL), ABN_USAGE);
}

/* ---- power ---- */

static void test_mackinlay_table(void **state)
{
    (void)state;
    static double cell[1000];
    const double effect[] = {.005, .01, .015, .02};
    size_t width = 0,
           n = reference_numbers("truth/published/mackinlay1997_power.csv", cell, 1000, &width);
    if (n == 0) skip();
    for (size_t row = 0; row + width <= n; row += width)
        for (size_t j = 0; j < 4; j++) {
            double power = abn_power_z((size_t)cell[row + 1], cell[row], effect[j], .05);
            assert_true(fabs(power - cell[row + 2 + j]) < 1e-6);
        }
    assert_true(n > 300);
}

static void test_minimum_effect(void **state)
{
    (void)state;
    for (size_t n = 1; n < 1000; n = 3 * n + 2) {
        double effect = abn_power_effect(n, .03, .8, .05);
        close_to(abn_power_z(n, .03, effect, .05), .8, 1e-12);
        assert_int_equal(abn_power_events(.03, effect * (1 + 1e-9), .8, .05), n);
        assert_int_equal(abn_power_events(.03, effect * (1 - 1e-9), .8, .05), n + 1);
    }
    /* The usual rule of thumb: 2.8 standard errors. */
    close_to(abn_power_effect(100, .1, .8, .05), .028015851, 1e-7);
    assert_true(isnan(abn_power_effect(0, .03, .8, .05)));
    assert_true(isnan(abn_power_effect(10, .03, .04, .05)));
    assert_true(isnan(abn_power_z(10, 0, .01, .05)));
    assert_int_equal(abn_power_events(.03, 0, .8, .05), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_robust_errors),
        cmocka_unit_test(test_lone_clusters),
        cmocka_unit_test(test_regression_refuses),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_ties),
        cmocka_unit_test(test_groups_refuse),
        cmocka_unit_test(test_weighted_mean),
        cmocka_unit_test(test_winsorise),
        cmocka_unit_test(test_mackinlay_table),
        cmocka_unit_test(test_minimum_effect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
