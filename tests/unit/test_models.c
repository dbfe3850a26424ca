/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every model of the registry, run by the engine on simulated listings. */
#include <abnorm/engine.h>
#include <abnorm/random.h>
#include <abnorm/statistic.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DAYS = 330, LISTINGS = 24, DONORS = 4, DAY0 = 300 };

static double y[LISTINGS][DAYS], x[DONORS][DAYS];
static const double *column[DONORS];
static abn_history history[LISTINGS];
static abn_occasion occasion[LISTINGS];

/* Listings that follow the first donor, the market, with beta 1.2; the other donors do as well. */
static void simulate(void)
{
    abn_random random;
    abn_random_start(&random, 20, 0, 0);
    for (int t = 0; t < DAYS; t++) {
        x[0][t] = .01 * abn_random_normal(&random);
        for (int j = 1; j < DONORS; j++)
            x[j][t] = x[0][t] + .01 * abn_random_normal(&random);
        for (int i = 0; i < LISTINGS; i++)
            y[i][t] = .0003 + 1.2 * x[0][t] + .02 * abn_random_normal(&random);
    }
    for (int j = 0; j < DONORS; j++)
        column[j] = x[j];
    for (uint32_t i = 0; i < LISTINGS; i++) {
        history[i] = (abn_history){.n = DAYS, .k = DONORS, .y = y[i], .x = column};
        occasion[i] = (abn_occasion){
            .history = i, .day0 = DAY0, .estimation = {-250, -11}, .window = {-10, 10}};
    }
}

static abn_panel *fit(const abn_model *model)
{
    abn_panel *panel = NULL;
    abn_panel_options options = {.model = model, .threads = 2};
    for (int i = 0; i < LISTINGS; i++)
        history[i].k = model->kind == ABN_MODEL_MARKET ? 1 : DONORS;
    assert_int_equal(abn_panel_fit(history, LISTINGS, occasion, LISTINGS, &options, &panel, NULL),
                     ABN_OK);
    return panel;
}

static void check_listing(const abn_panel *p, size_t i)
{
    const abn_model *model = p->model;
    const double *coef = p->coef + i * p->k;
    assert_true(p->rows[i] >= 230 && p->rows[i] <= 240);
    assert_true(p->sigma[i] > .015 && p->sigma[i] < .03);
    for (size_t t = 0; t < p->l; t++) {
        assert_true(isfinite(p->ar[i * p->l + t]));
        assert_true(p->se[i * p->l + t] > .5 * p->sigma[i]);
    }
    if (model->kind == ABN_MODEL_MARKET && strcmp(model->name, "market_adjusted") != 0)
        assert_true(fabs(coef[1] - 1.2) < 1);
    if (model->kind == ABN_MODEL_DONORS) {
        double sum = 0;
        for (size_t j = 1; j <= DONORS; j++)
            sum += coef[j];
        assert_true(coef[0] == 0 && fabs(sum - 1) < 1e-12);
    }
    for (int j = 0; model->extra[j]; j++)
        assert_true(!(p->extra[i * ABN_MODEL_EXTRAS + (size_t)j] < -1e9));
}

static void test_every_model_fits(void **state)
{
    (void)state;
    simulate();
    for (size_t m = 0; m < abn_models_count; m++) {
        abn_panel *panel = fit(&abn_models[m]);
        int fitted = 0;
        for (size_t i = 0; i < LISTINGS; i++) {
            if (panel->status[i] == ABN_CONVERGENCE) continue;
            assert_int_equal(panel->status[i], ABN_OK);
            check_listing(panel, i);
            fitted++;
        }
        assert_true(fitted >= LISTINGS - 1);
        abn_panel_free(panel);
    }
}

static void test_flat_market(void **state)
{
    (void)state;
    simulate();
    for (int t = 0; t < DAYS; t++)
        x[0][t] = .001;
    for (size_t m = 0; m < abn_models_count; m++) {
        const abn_model *model = &abn_models[m];
        if (model->kind != ABN_MODEL_MARKET && model->kind != ABN_MODEL_FACTORS) continue;
        if (strcmp(model->name, "market_adjusted") == 0) continue;
        abn_panel *panel = fit(model);
        for (size_t i = 0; i < LISTINGS; i++) {
            assert_int_equal(panel->status[i], ABN_SINGULAR);
            assert_true(isnan(panel->ar[i * panel->l]));
            assert_non_null(panel->reason[i]);
        }
        abn_panel_free(panel);
    }
}

/* The market against itself has no abnormal return, or the fit says that it has no residual. */
static void test_market_itself(void **state)
{
    (void)state;
    simulate();
    memcpy(y[0], x[0], sizeof y[0]);
    for (size_t m = 0; m < abn_models_count; m++) {
        if (abn_models[m].kind == ABN_MODEL_MEAN) continue;
        if (strcmp(abn_models[m].name, "portfolio") == 0) continue;
        abn_panel *panel = fit(&abn_models[m]);
        for (size_t t = 0; t < panel->l && panel->status[0] == ABN_OK; t++)
            assert_true(fabs(panel->ar[t]) < 1e-15);
        assert_true(panel->status[0] == ABN_OK || panel->status[0] == ABN_SINGULAR ||
                    panel->status[0] == ABN_CONVERGENCE);
        abn_panel_free(panel);
    }
}

/* A volatile end of the estimation window widens the GARCH forecast of the first event day. */
static void test_variance_path(void **state)
{
    (void)state;
    simulate();
    abn_random random;
    abn_random_start(&random, 3, 1, 0);
    for (int i = 0; i < LISTINGS; i++) {
        double h = 1;
        for (int t = 0; t < DAYS; t++) {
            double e = sqrt(h) * abn_random_normal(&random);
            if (t >= DAY0 - 14 && t < DAY0 - 10) e = 4;
            y[i][t] = 1.2 * x[0][t] + .02 * e;
            h = .1 + .2 * e * e + .7 * h;
        }
    }
    int wider = 0;
    abn_panel *panel = fit(abn_model_find(abn_slice_of("garch")));
    for (size_t i = 0; i < LISTINGS; i++) {
        if (panel->status[i] != ABN_OK) continue;
        wider += panel->se[i * panel->l] > 1.1 * panel->se[i * panel->l + 20];
    }
    assert_true(wider >= LISTINGS - 3);
    abn_panel_free(panel);
}

static void test_resampling_rows(void **state)
{
    (void)state;
    const char *names[] = {"wild_bootstrap_p", "permutation_p", "bhar_skewness_t"};
    const abn_statistic *statistic[3];
    abn_window window = {-1, 1};
    uint32_t event[LISTINGS];
    abn_test a[3], b[3];
    simulate();
    abn_panel *panel = fit(abn_model_find(abn_slice_of("market")));
    for (uint32_t i = 0; i < LISTINGS; i++)
        event[i] = i;
    for (int i = 0; i < 3; i++) {
        statistic[i] = abn_statistic_find(abn_slice_of(names[i]));
        assert_non_null(statistic[i]);
    }
    abn_tests_options options = {.statistic = statistic,
                                 .count = 3,
                                 .window = &window,
                                 .windows = 1,
                                 .replicates = 999,
                                 .seed = 7,
                                 .threads = 1};
    assert_int_equal(abn_tests_run(panel, event, LISTINGS, &options, a, NULL, NULL), ABN_OK);
    options.threads = 2;
    assert_int_equal(abn_tests_run(panel, event, LISTINGS, &options, b, NULL, NULL), ABN_OK);
    for (int i = 0; i < 3; i++) {
        assert_true(a[i].p > 0 && a[i].p <= 1 && a[i].p == b[i].p);
        assert_true(a[i].p_upper + a[i].p_lower > .99);
        assert_true(isfinite(a[i].value));
    }
    abn_panel_free(panel);
}

/* What a model fits alone is what the panel holds of it; too few returns are told. */
static void test_fit_alone(void **state)
{
    (void)state;
    static const char *const names[] = {"mean", "market_adjusted"};
    for (size_t m = 0; m < 2; m++) {
        const abn_model *model = abn_model_find(abn_slice_of(names[m]));
        abn_panel *panel = fit(model);
        double coef[2] = {9, 9}, cov[4] = {9, 9, 9, 9};
        const double *market = x[0] + DAY0 - 250;
        abn_design d = {.n = 240, .k = m, .y = y[3] + DAY0 - 250, .x = &market};
        abn_fit found = {.coef = coef, .cov = cov};
        assert_int_equal(model->fit(&d, NULL, &found, NULL), ABN_OK);
        assert_int_equal(found.n, 240);
        assert_true(fabs(found.sigma - panel->sigma[3]) < 1e-12);
        assert_true(fabs(coef[0] - panel->coef[3 * panel->k]) < 1e-12);
        if (m) assert_true(coef[1] == 1 && cov[0] == 0 && cov[3] == 0);
        d.n = 1;
        abn_error err = {0};
        assert_int_equal(model->fit(&d, NULL, &found, &err), ABN_HISTORY);
        abn_panel_free(panel);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_model_fits), cmocka_unit_test(test_flat_market),
        cmocka_unit_test(test_market_itself),    cmocka_unit_test(test_variance_path),
        cmocka_unit_test(test_resampling_rows),  cmocka_unit_test(test_fit_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
