/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine and its tests against three published samples computed by textbook formulas. */
#include "sheet.h"
#include "unit.h"
#include <abnorm/statistic.h>

enum { SERIES_MOST = 16, EVENTS_MOST = 64, WINDOWS_MOST = 32 };

/* One sample: histories of one calendar each, and events. */
typedef struct study {
    abn_history history[SERIES_MOST];
    char symbol[SERIES_MOST][32];
    double *column[SERIES_MOST][6];
    abn_date *date[SERIES_MOST];
    const double *x[SERIES_MOST][4];
    size_t histories;
    abn_occasion occasion[EVENTS_MOST];
    size_t events;
} study;

static void study_free(study *s)
{
    for (size_t h = 0; h < s->histories; h++) {
        for (int c = 0; c < 6; c++)
            free(s->column[h][c]);
        free(s->date[h]);
    }
}

static const char *const paper_names[][3] = {
    /* truth's column, statistic, which number */
    {"csect_t", "cross_sectional_t", "value"},
    {"csect_t_p", "cross_sectional_t", "p"},
    {"AAR", "cross_sectional_t", "estimate"},
    {"CAAR", "cross_sectional_t", "estimate"},
    {"cda_t_ddof1", "cda_t", "value"},
    {"cda_t_p", "cda_t", "p"},
    {"bw80_indep_t", "brown_warner_1980_t", "value"},
    {"patell_z", "patell_z", "value"},
    {"patell_z_p", "patell_z", "p"},
    {"adj_patell_z", "adjusted_patell_z", "value"},
    {"bmp_t", "bmp_t", "value"},
    {"bmp_t_p", "bmp_t", "p"},
    {"adj_bmp_t", "kolari_pynnonen_t", "value"},
    {"adj_bmp_t_p", "kolari_pynnonen_t", "p"},
    {"sign_z", "sign_z", "value"},
    {"gsign_z_meanp", "generalised_sign_z", "value"},
    {"rank_z", "rank_z", "value"},
    {"rank_z_cz", "corrado_zivney_z", "value"},
    {"skew_t", "skewness_t", "value"},
    {"wilcoxon_W", "wilcoxon_z", "estimate"},
    {"wilcoxon_z", "wilcoxon_z", "value"},
    {"grank_t", "grank_t", "value"},
    {"grank_z", "grank_z", "value"},
    {"ABHAR", "bhar_t", "estimate"},
    {"abhar_t", "bhar_t", "value"},
    {"N", "cross_sectional_t", "n"},
};

/* The same under eventstudy2's conventions. */
static const char *const eventstudy2_names[][3] = {
    {"patell_z_es2_c14", "patell_z", "value"},
    {"bmp_t_es2_c14", "bmp_t", "value"},
};

static double number_of(const abn_test *t, const char *what)
{
    return strcmp(what, "p") == 0          ? t->p
           : strcmp(what, "estimate") == 0 ? t->estimate
           : strcmp(what, "n") == 0        ? (double)t->n
                                           : t->value;
}

static void close_to(const char *file, const char *column, size_t row, double got, double want,
                     double tolerance)
{
    double gap = fabs(got - want) / (fabs(want) > 1e-9 ? fabs(want) : 1);
    if (gap <= tolerance) return;
    print_message("# %s row %zu %s: %.17g, not %.17g\n", file, row, column, got, want);
    fail();
}

static size_t statistic_at(const abn_statistic *const *all, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(all[i]->name, name) == 0) return i;
    print_message("# no statistic %s\n", name);
    fail();
    return 0;
}

/* Columns of `s` with a counterpart, row by row, against `t`. BHAR of log returns is compounded
 * otherwise there. */
static size_t compare(const char *file, const sheet *s, const abn_test *t,
                      const abn_statistic *const *all, size_t count, bool log, double tolerance,
                      const char *const (*names)[3], size_t n_names)
{
    size_t compared = 0;
    for (size_t c = 0; c < n_names; c++) {
        if (!*sheet_text(s, 0, names[c][0])) continue;
        if (log && strstr(names[c][1], "bhar")) continue;
        size_t at = statistic_at(all, count, names[c][1]);
        for (size_t w = 0; w < s->rows; w++) {
            double want = sheet_number(s, w, names[c][0]);
            if (isnan(want)) continue;
            close_to(file, names[c][0], w, number_of(t + w * count + at, names[c][2]), want,
                     tolerance);
            compared++;
        }
    }
    return compared;
}

static abn_panel *fit(study *s, const char *model, bool log)
{
    abn_panel *panel = NULL;
    abn_panel_options options = {.model = abn_model_find(abn_slice_of(model)), .log = log};
    assert_non_null(options.model);
    assert_int_equal(
        abn_panel_fit(s->history, s->histories, s->occasion, s->events, &options, &panel, NULL),
        ABN_OK);
    return panel;
}

static size_t check(const abn_panel *panel, const char *file, bool log, double tolerance,
                    abn_convention convention)
{
    const abn_statistic *all[64];
    uint32_t event[EVENTS_MOST];
    abn_window window[WINDOWS_MOST];
    size_t count = 0, n = 0;
    sheet s;
    assert_true(sheet_load(file, &s));
    for (size_t i = 0; i < abn_statistics_count; i++)
        if (abn_statistics[i].test) all[count++] = abn_statistics + i;
    for (size_t i = 0; i < panel->n; i++)
        if (panel->status[i] == ABN_OK) event[n++] = (uint32_t)i;
    bool days = *sheet_text(&s, 0, "day") != 0;
    for (size_t w = 0; w < s.rows; w++) {
        int from = (int)sheet_number(&s, w, days ? "day" : "a");
        int to = (int)sheet_number(&s, w, days ? "day" : "b");
        window[w] = (abn_window){from, to};
    }
    abn_test *t = calloc(s.rows * count, sizeof *t);
    abn_correlation r;
    abn_tests_options options = {.statistic = all,
                                 .count = count,
                                 .window = window,
                                 .windows = s.rows,
                                 .convention = convention,
                                 .pairing = ABN_PAIR_EVENT};
    assert_int_equal(abn_tests_run(panel, event, n, &options, t, &r, NULL), ABN_OK);
    bool papers = convention == ABN_AS_PAPERS;
    size_t compared =
        compare(file, &s, t, all, count, log, tolerance, papers ? paper_names : eventstudy2_names,
                papers ? sizeof paper_names / sizeof *paper_names
                       : sizeof eventstudy2_names / sizeof *eventstudy2_names);
    if (*sheet_text(&s, 0, "rbar"))
        close_to(file, "rbar", 0, r.mean, sheet_number(&s, 0, "rbar"), tolerance);
    free(t);
    sheet_free(&s);
    return compared;
}

/* ---- sixteen index additions ---- */

static double change(double now, double before, bool log)
{
    return log ? log1p((now - before) / before) : now / before - 1;
}

static void sp500_load(study *s, const sheet *firms, const sheet *market, const sheet *events,
                       bool log)
{
    for (size_t r = 0; r < firms->rows; r++) {
        const char *firm = sheet_text(firms, r, "firm");
        size_t h = 0;
        while (h < s->histories && strcmp(s->symbol[h], firm) != 0)
            h++;
        if (h == s->histories) {
            s->histories++;
            snprintf(s->symbol[h], sizeof s->symbol[h], "%s", firm);
            for (int c = 0; c < 3; c++)
                s->column[h][c] = malloc(firms->rows * sizeof(double));
            s->date[h] = malloc(firms->rows * sizeof(abn_date));
        }
        size_t n = s->history[h].n++;
        s->date[h][n] = sheet_date(firms, r, "date");
        s->column[h][2][n] = sheet_number(firms, r, "close");
    }
    double *level = malloc(firms->rows * sizeof *level);
    for (size_t h = 0; h < s->histories; h++) {
        double *y = s->column[h][0], *x = s->column[h][1], *close = s->column[h][2];
        for (size_t t = 0, m = 0; t < s->history[h].n; t++) {
            while (m + 1 < market->rows && sheet_date(market, m, "date") < s->date[h][t])
                m++;
            level[t] = sheet_date(market, m, "date") == s->date[h][t]
                           ? sheet_number(market, m, "close")
                           : NAN;
            bool priced = t > 0 && close[t] > 0 && close[t - 1] > 0;
            y[t] = priced ? change(close[t], close[t - 1], log) : NAN;
            x[t] = t > 0 ? change(level[t], level[t - 1], log) : NAN;
        }
        s->x[h][0] = x;
        s->history[h] =
            (abn_history){.n = s->history[h].n, .k = 1, .y = y, .x = s->x[h], .date = s->date[h]};
    }
    free(level);
    s->events = events->rows;
    for (size_t i = 0; i < events->rows; i++) {
        abn_occasion *o = s->occasion + i;
        while (strcmp(s->symbol[o->history], sheet_text(events, i, "firm")) != 0)
            o->history++;
        while (s->date[o->history][o->day0] < sheet_date(events, i, "date"))
            o->day0++;
        o->estimation = (abn_window){-130, -11};
        o->window = (abn_window){-2, 2};
    }
}

static void check_fits(const abn_panel *panel, const char *file, const char *names4[4],
                       double tolerance)
{
    sheet s;
    size_t i = 0;
    assert_true(sheet_load(file, &s));
    for (size_t r = 0; r < s.rows; r++, i++) {
        while (panel->status[i] != ABN_OK)
            i++;
        close_to(file, names4[0], r, panel->coef[i * panel->k], sheet_number(&s, r, names4[0]),
                 tolerance);
        double beta = sheet_number(&s, r, names4[1]);
        if (!isnan(beta))
            close_to(file, names4[1], r, panel->coef[i * panel->k + 1], beta, tolerance);
        close_to(file, "sigma", r, panel->sigma[i], sheet_number(&s, r, "sigma"), tolerance);
        assert_int_equal(panel->rows[i], (int)sheet_number(&s, r, "M"));
    }
    sheet_free(&s);
}

static void check_returns(const abn_panel *panel, const char *file, double tolerance)
{
    sheet s;
    assert_true(sheet_load(file, &s));
    size_t i = 0;
    for (size_t r = 0; r < s.rows; r++) {
        int day = (int)sheet_number(&s, r, "rel");
        if (r && day == panel->window.from) i++;
        while (panel->status[i] != ABN_OK)
            i++;
        size_t t = i * panel->l + (size_t)(day - panel->window.from);
        abn_car c = abn_panel_car(panel, i, (abn_window){panel->window.from, day});
        close_to(file, "ar", r, panel->ar[t], sheet_number(&s, r, "ar"), tolerance);
        close_to(file, "sar", r, panel->ar[t] / panel->se[t], sheet_number(&s, r, "sar"),
                 tolerance);
        close_to(file, "car", r, c.car, sheet_number(&s, r, "car"), tolerance);
        double scar = sheet_number(&s, r, "scar");
        if (!isnan(scar)) close_to(file, "scar", r, c.scar, scar, tolerance);
    }
    sheet_free(&s);
}

static void test_sp500(void **state)
{
    (void)state;
    static const char *const models[][2] = {
        {"mm", "market"}, {"mean", "mean"}, {"madj", "market_adjusted"}};
    const char *fit_names[] = {"alpha", "beta", "", ""};
    sheet firms, market, events;
    size_t compared = 0;
    if (!sheet_load("truth/sp500_example/firm_prices.csv", &firms)) {
        skip();
        return;
    }
    assert_true(sheet_load("truth/sp500_example/market_prices.csv", &market));
    assert_true(sheet_load("truth/sp500_example/events.csv", &events));
    for (int log = 0; log < 2; log++) {
        study s = {0};
        sp500_load(&s, &firms, &market, &events, log);
        for (size_t m = 0; m < 3; m++) {
            char stem[128], file[160];
            abn_panel *panel = fit(&s, models[m][1], log);
            snprintf(stem, sizeof stem, "truth/sp500_example/A_%s_%s", log ? "log" : "simple",
                     models[m][0]);
            snprintf(file, sizeof file, "%s_aar.csv", stem);
            compared += check(panel, file, log, 1e-9, ABN_AS_PAPERS);
            snprintf(file, sizeof file, "%s_caar.csv", stem);
            compared += check(panel, file, log, 1e-9, ABN_AS_PAPERS);
            compared += check(panel, file, log, 1e-9, ABN_AS_EVENTSTUDY2);
            snprintf(file, sizeof file, "%s_model.csv", stem);
            check_fits(panel, file, fit_names, 1e-9);
            snprintf(file, sizeof file, "%s_ar.csv", stem);
            check_returns(panel, file, 1e-9);
            abn_panel_free(panel);
        }
        study_free(&s);
    }
    print_message("# %zu numbers compared\n", compared);
    assert_true(compared > 600);
    sheet_free(&firms);
    sheet_free(&market);
    sheet_free(&events);
}

/* ---- five technology firms' reports ---- */

static void gafam_load(study *s, const sheet *returns, const sheet *factors, const sheet *events)
{
    static const char *const columns[] = {"Mkt-RF", "SMB", "HML", "RF"};
    size_t n = returns->rows;
    for (size_t h = 0; h + 2 < returns->columns; h++, s->histories++) {
        snprintf(s->symbol[h], sizeof s->symbol[h], "%s", returns->name[h + 1]);
        for (int c = 0; c < 6; c++)
            s->column[h][c] = malloc(n * sizeof(double));
        s->date[h] = malloc(n * sizeof(abn_date));
        for (size_t t = 0, f = 0; t < n; t++) {
            abn_date date = s->date[h][t] = sheet_date(returns, t, "date");
            s->column[h][0][t] = sheet_number(returns, t, s->symbol[h]);
            s->column[h][1][t] = sheet_number(returns, t, "SPY");
            if (!factors) continue;
            while (f + 1 < factors->rows && sheet_date(factors, f, "date") < date)
                f++;
            bool there = sheet_date(factors, f, "date") == date;
            for (int c = 0; c < 3; c++)
                s->column[h][c + 1][t] = there ? sheet_number(factors, f, columns[c]) : NAN;
            s->column[h][0][t] -= there ? sheet_number(factors, f, columns[3]) : NAN;
        }
        for (int c = 0; c < 3; c++)
            s->x[h][c] = s->column[h][c + 1];
        s->history[h] = (abn_history){
            .n = n, .k = factors ? 3 : 1, .y = s->column[h][0], .x = s->x[h], .date = s->date[h]};
    }
    for (size_t i = 0; i < events->rows; i++) {
        abn_occasion *o = s->occasion + s->events;
        *o = (abn_occasion){.estimation = {-235, -36}, .window = {-5, 10}};
        while (!abn_slice_ieq(abn_slice_of(s->symbol[o->history]),
                              sheet_text(events, i, "security_ticker")))
            o->history++;
        abn_date day = sheet_date(events, i, "event_date");
        while ((size_t)o->day0 < n && s->date[o->history][o->day0] < day)
            o->day0++;
        s->events += (size_t)o->day0 + 10 < n;
    }
}

static void test_gafam(void **state)
{
    (void)state;
    static const char *const models[][2] = {{"mm", "market"}, {"mean", "mean"}, {"ff3", "factors"}};
    const char *fit_names[] = {"b0", "b1", "", ""};
    sheet returns, factors, events;
    if (!sheet_load("truth/gafam_10k/returns.csv", &returns)) {
        skip();
        return;
    }
    assert_true(sheet_load("truth/gafam_10k/ff3_decimal.csv", &factors));
    assert_true(sheet_load("truth/gafam_10k/events.csv", &events));
    for (size_t m = 0; m < 3; m++) {
        study s = {0};
        char file[160];
        gafam_load(&s, &returns, m == 2 ? &factors : NULL, &events);
        abn_panel *panel = fit(&s, models[m][1], false);
        snprintf(file, sizeof file, "truth/gafam_10k/%s_aar.csv", models[m][0]);
        check(panel, file, false, 1e-9, ABN_AS_PAPERS);
        snprintf(file, sizeof file, "truth/gafam_10k/%s_caar.csv", models[m][0]);
        check(panel, file, false, 1e-9, ABN_AS_PAPERS);
        snprintf(file, sizeof file, "truth/gafam_10k/%s_model.csv", models[m][0]);
        check_fits(panel, file, fit_names, 1e-9);
        snprintf(file, sizeof file, "truth/gafam_10k/%s_ar.csv", models[m][0]);
        check_returns(panel, file, 1e-9);
        abn_panel_free(panel);
        study_free(&s);
    }
    sheet_free(&returns);
    sheet_free(&factors);
    sheet_free(&events);
}

/* ---- seven firms on one date ---- */

static void estudy2_load(study *s, const sheet *rates, const sheet *market)
{
    size_t n = rates->rows;
    for (size_t h = 0; h + 1 < rates->columns; h++, s->histories++, s->events++) {
        for (int c = 0; c < 2; c++)
            s->column[h][c] = malloc(n * sizeof(double));
        s->date[h] = malloc(n * sizeof(abn_date));
        for (size_t t = 0; t < n; t++) {
            s->date[h][t] = sheet_date(rates, t, "date");
            s->column[h][0][t] = sheet_number(rates, t, rates->name[h + 1]);
            s->column[h][1][t] = sheet_number(market, t, "^GSPC");
        }
        s->x[h][0] = s->column[h][1];
        s->history[h] =
            (abn_history){.n = n, .k = 1, .y = s->column[h][0], .x = s->x[h], .date = s->date[h]};
        abn_occasion *o = s->occasion + h;
        *o = (abn_occasion){.history = (uint32_t)h, .estimation = {-240, -1}, .window = {0, 4}};
        while (s->date[h][o->day0] < abn_date_of(2020, 3, 16))
            o->day0++;
    }
}

static void compare_estudy2(const abn_panel *panel, const char *stem, const char *model,
                            abn_convention convention, const char *const pairs[][2],
                            double tolerance)
{
    char file[160];
    uint32_t event[EVENTS_MOST];
    sheet s;
    snprintf(file, sizeof file, "truth/estudy2/%s_%s.csv", stem, model);
    assert_true(sheet_load(file, &s));
    for (size_t i = 0; i < panel->n; i++)
        event[i] = (uint32_t)i;
    for (size_t c = 0; pairs[c][0]; c++) {
        const abn_statistic *one = abn_statistic_find(abn_slice_of(pairs[c][1]));
        assert_non_null(one);
        if (!*sheet_text(&s, 0, pairs[c][0])) continue;
        for (int day = 0; day < 5; day++) {
            abn_test t;
            abn_window window = {day, day};
            abn_tests_options options = {.statistic = &one,
                                         .count = 1,
                                         .window = &window,
                                         .windows = 1,
                                         .convention = convention,
                                         .pairing = ABN_PAIR_EVENT};
            assert_int_equal(abn_tests_run(panel, event, panel->n, &options, &t, NULL, NULL),
                             ABN_OK);
            close_to(file, pairs[c][0], (size_t)day, t.value,
                     sheet_number(&s, (size_t)day, pairs[c][0]), tolerance);
        }
    }
    sheet_free(&s);
}

static void test_estudy2(void **state)
{
    (void)state;
    static const char *const models[][2] = {
        {"sim", "market"}, {"mean_adj", "mean"}, {"mrkt_adj", "market_adjusted"}};
    static const char *const papers[][2] = {{"bw_1980_stat", "brown_warner_1980_t"},
                                            {"bw_1985_stat", "cda_t"},
                                            {"t_test_stat", "cross_sectional_t"},
                                            {NULL, NULL}};
    static const char *const signs[][2] = {{"sign_stat", "sign_z"}, {NULL, NULL}};
    static const char *const theirs[][2] = {
        {"pt_stat", "patell_z"}, {"bh_stat", "bmp_t"}, {NULL, NULL}};
    static const char *const their_ranks[][2] = {{"gsign_stat", "generalised_sign_z"},
                                                 {"rank_stat", "rank_z"},
                                                 {"mrank_stat", "modified_rank_t"},
                                                 {"wlcx_stat", "wilcoxon_z"},
                                                 {NULL, NULL}};
    sheet rates, market;
    if (!sheet_load("truth/estudy2/input/rates.csv", &rates)) {
        skip();
        return;
    }
    assert_true(sheet_load("truth/estudy2/input/rates_indx.csv", &market));
    study s = {0};
    estudy2_load(&s, &rates, &market);
    for (size_t m = 0; m < 3; m++) {
        abn_panel *panel = fit(&s, models[m][1], false);
        compare_estudy2(panel, "parametric", models[m][0], ABN_AS_PAPERS, papers, 1e-10);
        compare_estudy2(panel, "nonparametric", models[m][0], ABN_AS_PAPERS, signs, 1e-10);
        compare_estudy2(panel, "parametric", models[m][0], ABN_AS_ESTUDY2, theirs, 1e-10);
        compare_estudy2(panel, "nonparametric", models[m][0], ABN_AS_ESTUDY2, their_ranks, 1e-10);
        if (m == 0) {
            check(panel, "truth/estudy2/textbook_sim_aar.csv", false, 1e-9, ABN_AS_PAPERS);
            check(panel, "truth/estudy2/textbook_sim_caar.csv", false, 1e-9, ABN_AS_PAPERS);
        }
        abn_panel_free(panel);
    }
    study_free(&s);
    sheet_free(&rates);
    sheet_free(&market);
}

int main(void)
{
    const struct CMUnitTest tests[] = {unit(test_sp500), unit(test_gafam), unit(test_estudy2)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
