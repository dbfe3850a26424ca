/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference.h"
#include <abnorm/random.h>
#include <abnorm/simulate.h>

#include "unit.h"

enum { MOST = 40, SAMPLES = 800 };

static const abn_statistic *all[MOST];
static const double none[] = {0};

static abn_simulation design(void)
{
    for (size_t i = 0; i < abn_statistics_count; i++)
        all[i] = &abn_statistics[i];
    return (abn_simulation){.samples = SAMPLES,
                            .securities = 50,
                            .shock = none,
                            .shocks = 1,
                            .event_sd = 1,
                            .estimation = {-239, -1},
                            .model = abn_model_find(abn_slice_of("market")),
                            .statistic = all,
                            .statistics = abn_statistics_count,
                            .level = .05,
                            .seed = 2026,
                            .pairing = ABN_PAIR_EVENT};
}

static const abn_simulated *row(const abn_simulated *out, const char *name)
{
    for (size_t i = 0; i < abn_statistics_count; i++)
        if (strcmp(out[i].statistic->name, name) == 0) return &out[i];
    fail_msg("no row %s", name);
    return NULL;
}

/* Within `sds` standard errors of `rate`, of both experiments when the other had `others` samples.
 */
static void near(const abn_simulated *s, double rate, double others, double sds)
{
    double sd = sqrt(rate * (1 - rate) * (1 / (double)s->samples + (others > 0 ? 1 / others : 0)));
    if (fabs(s->rate - rate) > sds * sd)
        fail_msg("%s rejects %.4f, expected %.4f", s->statistic->name, s->rate, rate);
}

/* Exact tests of few outcomes reject at most as often as they say; these do so less. */
static int discrete(const char *name)
{
    return strcmp(name, "sign_z") == 0 || strcmp(name, "jackknife_t") == 0;
}

static void check_size(const abn_simulation *d)
{
    abn_simulated out[MOST];
    assert_int_equal(abn_simulate_run(d, out, NULL), ABN_OK);
    for (size_t i = 0; i < abn_statistics_count; i++) {
        if (out[i].statistic->needs & ABN_NEED_REPLICATES && d->replicates == 0) {
            assert_int_equal(out[i].samples, 0);
            assert_true(isnan(out[i].rate));
            continue;
        }
        assert_true(out[i].samples == d->samples);
        assert_true(out[i].lo <= out[i].rate && out[i].rate <= out[i].hi);
        if (discrete(out[i].statistic->name))
            assert_true(out[i].rate < .065);
        else
            near(&out[i], .05, 0, 3.3);
    }
}

static void test_size(void **state)
{
    (void)state;
    abn_simulation d = design();
    d.replicates = 199;
    check_size(&d);
}

/* Listings that trade on half of the days keep every test's size. */
static void test_size_with_half_missing(void **state)
{
    (void)state;
    abn_simulation d = design();
    d.missing = .5;
    d.pairing = ABN_PAIR_CALENDAR;
    check_size(&d);
}

/* Kolari and Pynnonen's design: which tests break when events cluster and the variance rises. */
static void clustered(double rho, double event_sd, const char *prefix)
{
    static const char *const pairs[][2] = {
        {"cda_mm", "cda_t"},  {"csect_t", "cross_sectional_t"}, {"patell", "patell_z"},
        {"bmp", "bmp_t"},     {"kp_bmp", "kolari_pynnonen_t"},  {"adj_patell", "adjusted_patell_z"},
        {"rank_z", "rank_z"}, {"grank_t", "grank_t"},           {"gsign", "generalised_sign_z"}};
    abn_simulated out[MOST];
    abn_simulation d = design();
    char line[256];
    FILE *f = reference_open("truth/published/size_clustered_kp_design.csv");
    if (!f) skip();
    d.rho = rho, d.event_sd = event_sd;
    assert_int_equal(abn_simulate_run(&d, out, NULL), ABN_OK);
    int compared = 0;
    while (fgets(line, sizeof line, f)) {
        char name[32];
        double rate;
        if (strncmp(line, prefix, strlen(prefix)) != 0) continue;
        if (sscanf(line + strlen(prefix), "%31[^,],50,239,2000,%lf", name, &rate) != 2) continue;
        for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
            if (strcmp(pairs[i][0], name) == 0)
                near(row(out, pairs[i][1]), rate, 2000, 3.5), compared++;
    }
    fclose(f);
    assert_int_equal(compared, 9);
}

static void test_clustered(void **state)
{
    (void)state;
    clustered(.05, 1, "0.05,1.0,");
    clustered(.1, 2, "0.1,2.0,");
}

static void test_power(void **state)
{
    (void)state;
    /* From the published experiment: a shock of one percent, normal and t(4). */
    static const struct {
        const char *name;
        double normal, t4;
    } known[] = {{"cross_sectional_t", .701, .736}, {"patell_z", .788, .7985},
                 {"bmp_t", .7665, .7885},           {"rank_z", .761, .889},
                 {"grank_t", .758, .882},           {"generalised_sign_z", .598, .793}};
    const double shocks[] = {0, .01};
    abn_simulated out[2 * MOST];
    abn_simulation d = design();
    d.shock = shocks, d.shocks = 2;
    for (int t4 = 0; t4 < 2; t4++) {
        d.df = t4 ? 4 : 0;
        assert_int_equal(abn_simulate_run(&d, out, NULL), ABN_OK);
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            near(row(out + abn_statistics_count, known[i].name), t4 ? known[i].t4 : known[i].normal,
                 2000, 3.5);
    }
}

/* The same experiment against a positive effect only. */
static void test_one_sided(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double rate;
    } known[] = {{"cross_sectional_t", .7935},
                 {"patell_z", .869},
                 {"bmp_t", .857},
                 {"cda_t", .8065},
                 {"rank_z", .8515},
                 {"grank_t", .8495}};
    const double shock[] = {.01};
    abn_simulated out[MOST];
    abn_simulation d = design();
    d.shock = shock;
    d.alternative = ABN_GREATER;
    assert_int_equal(abn_simulate_run(&d, out, NULL), ABN_OK);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        near(row(out, known[i].name), known[i].rate, 2000, 3.5);
    assert_int_equal(row(out, "sq_p")->samples, 0);
    d.alternative = ABN_LESS;
    assert_int_equal(abn_simulate_run(&d, out, NULL), ABN_OK);
    assert_true(row(out, "patell_z")->rate < .01);
}

static void test_threads_leave_no_trace(void **state)
{
    (void)state;
    abn_simulated one[MOST], three[MOST];
    abn_simulation d = design();
    d.samples = 40, d.replicates = 49, d.df = 5, d.rho = .1, d.missing = .1;
    d.threads = 1;
    assert_int_equal(abn_simulate_run(&d, one, NULL), ABN_OK);
    d.threads = 3;
    assert_int_equal(abn_simulate_run(&d, three, NULL), ABN_OK);
    for (size_t i = 0; i < abn_statistics_count; i++)
        assert_true(one[i].rejected == three[i].rejected && one[i].samples == three[i].samples);
}

/* Placebo days of given histories: the size holds; too short ones are refused. */
static void test_own_data(void **state)
{
    (void)state;
    enum { LISTINGS = 12, DAYS = 700 };
    static double y[LISTINGS][DAYS], m[DAYS];
    static const double *column[] = {m};
    abn_history history[LISTINGS];
    abn_simulated out[MOST];
    abn_random random;
    abn_random_start(&random, 6, 0, 0);
    for (int t = 0; t < DAYS; t++)
        m[t] = .01 * abn_random_normal(&random);
    for (int i = 0; i < LISTINGS; i++) {
        for (int t = 0; t < DAYS; t++)
            y[i][t] = m[t] + .02 * abn_random_t(&random, 5);
        history[i] = (abn_history){.n = DAYS, .k = 1, .y = y[i], .x = column};
    }
    abn_simulation d = design();
    d.samples = 400, d.securities = 10, d.history = history, d.histories = LISTINGS;
    d.pairing = ABN_PAIR_CALENDAR;
    for (int together = 0; together < 2; together++) {
        d.clustered = together;
        assert_int_equal(abn_simulate_run(&d, out, NULL), ABN_OK);
        near(row(out, "kolari_pynnonen_t"), .05, 0, 3.3);
        near(row(out, "rank_z"), .05, 0, 3.3);
    }
    d.securities = 13;
    assert_int_equal(abn_simulate_run(&d, out, NULL), ABN_HISTORY);
    d.estimation.from = -700;
    assert_int_equal(abn_simulate_run(&d, out, NULL), ABN_HISTORY);
}

static void test_refuses(void **state)
{
    (void)state;
    abn_simulated out[MOST];
    abn_simulation d = design();
    d.rho = 1;
    assert_int_equal(abn_simulate_run(&d, out, NULL), ABN_USAGE);
    d = design();
    d.df = 2;
    assert_int_equal(abn_simulate_run(&d, out, NULL), ABN_USAGE);
    d = design();
    d.window.from = 1, d.window.to = 2;
    assert_int_equal(abn_simulate_run(&d, out, NULL), ABN_USAGE);
    d = design();
    d.model = abn_model_find(abn_slice_of("factors"));
    assert_int_equal(abn_simulate_run(&d, out, NULL), ABN_USAGE);
    d = design();
    d.samples = 0;
    assert_int_equal(abn_simulate_run(&d, out, NULL), ABN_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_size),      cmocka_unit_test(test_size_with_half_missing),
        cmocka_unit_test(test_clustered), cmocka_unit_test(test_power),
        cmocka_unit_test(test_one_sided), cmocka_unit_test(test_threads_leave_no_trace),
        cmocka_unit_test(test_own_data),  cmocka_unit_test(test_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
