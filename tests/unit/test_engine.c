/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine against plain formulas written out here, on data with gaps. */
#include "unit.h"
#include <abnorm/statistic.h>
#include <math.h>
#include <stdlib.h>

enum { LISTINGS = 12, DAYS = 700, EVENTS = 40, M = 120, L = 5 };

typedef struct world {
    double y[LISTINGS][DAYS], x[DAYS];
    const double *xp[LISTINGS][1];
    abn_date date[DAYS];
    abn_history history[LISTINGS];
    abn_occasion occasion[EVENTS];
} world;

/* Numerical Recipes' quick generator is enough for test data. */
static uint32_t seed;

static double uniform(void)
{
    seed = seed * 1664525u + 1013904223u;
    return ((double)(seed >> 8) + .5) / 16777216;
}

static double normal(void)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += uniform();
    return sum;
}

static void build(world *w, double missing)
{
    seed = 7;
    for (int t = 0; t < DAYS; t++) {
        w->x[t] = .01 * normal();
        w->date[t] = 10000 + t;
    }
    for (int h = 0; h < LISTINGS; h++) {
        for (int t = 0; t < DAYS; t++) {
            w->y[h][t] = .001 * h + (.5 + .1 * h) * w->x[t] + .02 * normal();
            if (uniform() < missing) w->y[h][t] = NAN;
        }
        w->xp[h][0] = w->x;
        w->history[h] =
            (abn_history){.n = DAYS, .k = 1, .y = w->y[h], .x = w->xp[h], .date = w->date};
    }
    for (int i = 0; i < EVENTS; i++) {
        int day = 200 + (int)(400 * uniform());
        w->occasion[i] = (abn_occasion){.history = (uint32_t)(i % LISTINGS),
                                        .day0 = day,
                                        .estimation = {-M - 9, -10},
                                        .window = {-2, 2}};
        while (isnan(w->y[i % LISTINGS][w->occasion[i].day0]))
            w->occasion[i].day0++;
    }
}

static abn_panel *fit(const world *w, const char *model, int threads)
{
    abn_panel *panel = NULL;
    abn_panel_options options = {
        .model = abn_model_find(abn_slice_of(model)), .min_estimation = 40, .threads = threads};
    assert_int_equal(
        abn_panel_fit(w->history, LISTINGS, w->occasion, EVENTS, &options, &panel, NULL), ABN_OK);
    return panel;
}

static void near(double got, double want, double tolerance)
{
    if (fabs(got - want) <= tolerance * (fabs(want) > 1e-6 ? fabs(want) : 1e-6)) return;
    print_message("# %.17g, not %.17g\n", got, want);
    fail();
}

/* ---- fits ---- */

static void check_line(const world *w, const abn_panel *p, size_t i)
{
    const abn_occasion *o = w->occasion + i;
    const double *y = w->y[o->history];
    long double sx = 0, sy = 0, n = 0, xx = 0, xy = 0, yy = 0, sse = 0;
    for (int t = o->day0 - M - 9; t <= o->day0 - 10; t++)
        if (!isnan(y[t])) sx += w->x[t], sy += y[t], n++;
    for (int t = o->day0 - M - 9; t <= o->day0 - 10; t++)
        if (!isnan(y[t])) {
            xx += (w->x[t] - sx / n) * (w->x[t] - sx / n);
            xy += (w->x[t] - sx / n) * (y[t] - sy / n);
            yy += (y[t] - sy / n) * (y[t] - sy / n);
        }
    long double b = xy / xx, a = sy / n - b * sx / n;
    for (int t = o->day0 - M - 9; t <= o->day0 - 10; t++)
        if (!isnan(y[t])) sse += (y[t] - a - b * w->x[t]) * (y[t] - a - b * w->x[t]);
    near(p->coef[2 * i], (double)a, 1e-12);
    near(p->coef[2 * i + 1], (double)b, 1e-12);
    near(p->sigma[i], (double)sqrtl(sse / (n - 2)), 1e-12);
    near(p->r_squared[i], (double)(1 - sse / yy), 1e-12);
    assert_int_equal(p->rows[i], (int)n);
    for (int day = -2; day <= 2; day++) {
        int t = o->day0 + day;
        double ar = p->ar[i * p->l + (size_t)(day + 2)];
        if (isnan(y[t])) {
            assert_true(isnan(ar));
            continue;
        }
        long double c = 1 + 1 / n + (w->x[t] - sx / n) * (w->x[t] - sx / n) / xx;
        near(ar, (double)(y[t] - a - b * w->x[t]), 1e-11);
        near(p->se[i * p->l + (size_t)(day + 2)], (double)sqrtl(sse / (n - 2) * c), 1e-12);
    }
}

static void test_fits(void **state)
{
    (void)state;
    static world w;
    for (int gaps = 0; gaps < 2; gaps++) {
        build(&w, gaps * .2);
        abn_panel *p = fit(&w, "market", 0);
        for (size_t i = 0; i < EVENTS; i++)
            check_line(&w, p, i);
        abn_panel_free(p);
    }
}

/* After a return of 1000 % the running sums must still give the later windows' own digits. */
static void test_outlier(void **state)
{
    (void)state;
    static world w;
    build(&w, 0);
    for (int h = 0; h < LISTINGS; h++) {
        w.y[h][20] = 10;
        for (int t = 0; t < DAYS; t++)
            if (t != 20) w.y[h][t] *= 1e-3;
    }
    w.x[20] = 5;
    for (int t = 0; t < DAYS; t++)
        if (t != 20) w.x[t] *= 1e-3;
    abn_panel *p = fit(&w, "market", 0);
    for (size_t i = 0; i < EVENTS; i++)
        check_line(&w, p, i);
    abn_panel_free(p);
}

/* ---- statistics with gaps, from their definitions ---- */

static double residual(const abn_panel *p, size_t i, int t, double *all)
{
    abn_panel_residuals(p, i, all);
    return all[t];
}

static double rank_in(const double *v, int n, int at)
{
    double rank = .5;
    for (int t = 0; t < n; t++)
        if (v[t] < v[at])
            rank++;
        else if (v[t] == v[at])
            rank += .5;
    return rank;
}

static int count_numbers(const double *v, int n)
{
    int count = 0;
    for (int t = 0; t < n; t++)
        count += !isnan(v[t]);
    return count;
}

typedef struct expected {
    double cda, gsign, rank, zivney, grank, correlation;
} expected;

static double plain_correlation(const abn_panel *p)
{
    static double e[EVENTS][M];
    double total = 0, pairs = 0;
    for (size_t i = 0; i < EVENTS; i++)
        abn_panel_residuals(p, i, e[i]);
    for (size_t i = 0; i < EVENTS; i++)
        for (size_t j = i + 1; j < EVENTS; j++) {
            double n = 0, a = 0, b = 0, aa = 0, ab = 0, bb = 0;
            for (int t = 0; t < M; t++)
                if (!isnan(e[i][t]) && !isnan(e[j][t])) a += e[i][t], b += e[j][t], n++;
            for (int t = 0; t < M; t++)
                if (!isnan(e[i][t]) && !isnan(e[j][t])) {
                    aa += (e[i][t] - a / n) * (e[i][t] - a / n);
                    ab += (e[i][t] - a / n) * (e[j][t] - b / n);
                    bb += (e[j][t] - b / n) * (e[j][t] - b / n);
                }
            total += ab / sqrt(aa * bb);
            pairs++;
        }
    return total / pairs;
}

/* Generalised ranks of day `day`, one occasion at a time. */
static double plain_grank(const abn_panel *p, int day)
{
    static double sum[M + 1], count[M + 1];
    double star[EVENTS], mean = 0, n = 0, sd = 0, e[M + 1];
    memset(sum, 0, sizeof sum);
    memset(count, 0, sizeof count);
    for (size_t i = 0; i < EVENTS; i++) {
        size_t at = i * p->l + (size_t)(day + 2);
        star[i] = p->ar[at] / p->se[at];
        if (!isnan(star[i])) mean += star[i], n++;
    }
    for (size_t i = 0; i < EVENTS; i++)
        if (!isnan(star[i])) sd += (star[i] - mean / n) * (star[i] - mean / n) / (n - 1);
    for (size_t i = 0; i < EVENTS; i++) {
        if (isnan(star[i])) continue;
        abn_panel_residuals(p, i, e);
        for (int t = 0; t < M; t++)
            e[t] /= p->sigma[i];
        e[M] = star[i] / sqrt(sd);
        int ranked = count_numbers(e, M + 1);
        for (int t = 0; t <= M; t++)
            if (!isnan(e[t])) {
                sum[t] += rank_in(e, M + 1, t) / (ranked + 1) - .5;
                count[t]++;
            }
    }
    double squares = 0, days = 0;
    for (int t = 0; t <= M; t++)
        if (count[t] > 0) {
            squares += count[t] / n * (sum[t] / count[t]) * (sum[t] / count[t]);
            days++;
        }
    double z = sum[M] / count[M] / sqrt(squares / days);
    return z * sqrt((days - 2) / (days - 1 - z * z));
}

static expected plain(const abn_panel *p, int day)
{
    static double u[M + L], nt[M + L], aar[M], na[M];
    double all[M + L], share = 0, positive = 0, n = 0, car = 0;
    memset(u, 0, sizeof u), memset(nt, 0, sizeof nt);
    memset(aar, 0, sizeof aar), memset(na, 0, sizeof na);
    for (size_t i = 0; i < EVENTS; i++) {
        residual(p, i, 0, all);
        memcpy(all + M, p->ar + i * p->l, L * sizeof *all);
        int ranked = count_numbers(all, M + L), estimated = count_numbers(all, M);
        for (int t = 0; t < M + L; t++)
            if (!isnan(all[t])) {
                u[t] += rank_in(all, M + L, t) / (ranked + 1);
                nt[t]++;
            }
        for (int t = 0; t < M; t++)
            if (!isnan(all[t])) {
                aar[t] += all[t];
                na[t]++;
                share += (all[t] > 0) / (double)estimated / EVENTS;
            }
        double ar = p->ar[i * p->l + (size_t)(day + 2)];
        if (isnan(ar)) continue;
        n++;
        car += ar;
        positive += ar > 0;
    }
    double squares = 0, weighted = 0, mean = 0, var = 0;
    for (int t = 0; t < M + L; t++) {
        squares += nt[t] / EVENTS * pow(u[t] / nt[t] - .5, 2) / (M + L);
        weighted += nt[t] * pow(u[t] / nt[t] - .5, 2) / (M + L);
    }
    for (int t = 0; t < M; t++)
        mean += aar[t] / na[t] / M;
    for (int t = 0; t < M; t++)
        var += pow(aar[t] / na[t] - mean, 2) / (M - 1);
    int at = M + day + 2;
    return (expected){.cda = car / n / sqrt(var),
                      .gsign = (positive - n * share) / sqrt(n * share * (1 - share)),
                      .rank = (u[at] / nt[at] - .5) / sqrt(squares),
                      .zivney = sqrt(nt[at]) * (u[at] / nt[at] - .5) / sqrt(weighted),
                      .grank = plain_grank(p, day),
                      .correlation = plain_correlation(p)};
}

static abn_status run_statistics(const abn_panel *p, const char *const *name, size_t count, int day,
                                 int threads, abn_test *out, abn_correlation *correlation)
{
    const abn_statistic *statistic[64];
    uint32_t event[EVENTS];
    abn_window window[2] = {{day, day}, {-2, 2}};
    for (size_t i = 0; i < EVENTS; i++)
        event[i] = (uint32_t)i;
    for (size_t i = 0; i < count; i++)
        statistic[i] = abn_statistic_find(abn_slice_of(name[i]));
    abn_tests_options options = {.statistic = statistic,
                                 .count = count,
                                 .window = window,
                                 .windows = 2,
                                 .pairing = ABN_PAIR_EVENT,
                                 .threads = threads};
    return abn_tests_run(p, event, EVENTS, &options, out, correlation, NULL);
}

static void test_gaps(void **state)
{
    (void)state;
    static const char *const names[] = {"cda_t",   "generalised_sign_z", "rank_z",
                                        "grank_t", "corrado_zivney_z",   "kolari_pynnonen_t"};
    static world w;
    abn_test t[12];
    build(&w, .25);
    abn_panel *p = fit(&w, "market", 0);
    for (int day = -1; day <= 1; day++) {
        abn_correlation r;
        assert_int_equal(run_statistics(p, names, 6, day, 0, t, &r), ABN_OK);
        expected e = plain(p, day);
        near(t[0].value, e.cda, 1e-11);
        near(t[1].value, e.gsign, 1e-11);
        near(t[2].value, e.rank, 1e-10);
        near(t[3].value, e.grank, 1e-10);
        near(t[4].value, e.zivney, 1e-10);
        near(r.mean, e.correlation, 1e-10);
    }
    abn_panel_free(p);
}

/* ---- properties ---- */

static void test_threads(void **state)
{
    (void)state;
    static const char *const names[] = {
        "cross_sectional_t", "kolari_pynnonen_t", "rank_z",
        "grank_t",           "jackknife_t",       "calendar_time_t"};
    static world w;
    abn_test one[12], many[12];
    build(&w, .1);
    for (int threads = 2; threads <= 5; threads++) {
        abn_panel *p = fit(&w, "market", 1), *q = fit(&w, "market", threads);
        assert_memory_equal(p->coef, q->coef, EVENTS * p->k * sizeof *p->coef);
        assert_memory_equal(p->ar, q->ar, EVENTS * p->l * sizeof *p->ar);
        assert_int_equal(run_statistics(p, names, 6, 0, 1, one, NULL), ABN_OK);
        assert_int_equal(run_statistics(q, names, 6, 0, threads, many, NULL), ABN_OK);
        for (int i = 0; i < 12; i++)
            assert_memory_equal(&one[i].value, &many[i].value, sizeof(double));
        abn_panel_free(p);
        abn_panel_free(q);
    }
}

static void test_benchmark_on_itself(void **state)
{
    (void)state;
    static world w;
    build(&w, 0);
    w.history[0].y = w.x;
    abn_panel *p = fit(&w, "market", 0);
    assert_int_equal(p->status[0], ABN_OK);
    assert_true(p->sigma[0] == 0);
    for (size_t t = 0; t < p->l; t++)
        assert_true(p->ar[t] == 0);
    abn_panel_free(p);
}

static void test_cars_add_up(void **state)
{
    (void)state;
    static world w;
    build(&w, 0);
    abn_panel *p = fit(&w, "market", 0);
    for (size_t i = 0; i < EVENTS; i++) {
        double a = abn_panel_car(p, i, (abn_window){-2, 0}).car;
        double b = abn_panel_car(p, i, (abn_window){1, 2}).car;
        near(abn_panel_car(p, i, (abn_window){-2, 2}).car, a + b, 1e-12);
        assert_true(isnan(abn_panel_car(p, i, (abn_window){-3, 2}).car));
    }
    abn_panel_free(p);
}

/* A day that a later return of the window spans does not break the sum; one that none spans does.
 */
static void test_spanned_day(void **state)
{
    (void)state;
    static world w;
    static uint32_t before[DAYS];
    build(&w, 0);
    for (uint32_t t = 1; t < DAYS; t++)
        before[t] = t - 1;
    int day0 = w.occasion[0].day0;
    w.y[0][day0 + 1] = NAN;
    abn_panel *p = fit(&w, "market", 0);
    assert_true(isnan(abn_panel_car(p, 0, (abn_window){0, 2}).car));
    abn_panel_free(p);
    before[day0 + 2] = (uint32_t)day0;
    w.history[0].before = before;
    p = fit(&w, "market", 0);
    abn_car c = abn_panel_car(p, 0, (abn_window){0, 2});
    near(c.car, p->ar[2] + p->ar[4], 1e-14);
    assert_true(p->se[4] > 1.3 * p->se[2]);
    assert_true(isnan(abn_panel_car(p, 0, (abn_window){0, 1}).car));
    abn_panel_free(p);
}

static void test_exclusions(void **state)
{
    (void)state;
    static world w;
    build(&w, 0);
    w.y[0][w.occasion[0].day0] = NAN;
    w.occasion[1].day0 = 60;
    for (int t = 0; t < DAYS; t++)
        w.y[2][t] = .01;
    w.occasion[3].day0 = DAYS;
    w.occasion[4].day0 = DAYS - 1;
    abn_panel *p = fit(&w, "market", 0);
    assert_int_equal(p->status[0], ABN_HISTORY);
    assert_string_equal(p->reason[0], "no return on day 0");
    assert_int_equal(p->status[1], ABN_OK);
    assert_int_equal(p->rows[1], 51);
    assert_true(p->sigma[2] == 0);
    assert_int_equal(p->status[3], ABN_HISTORY);
    assert_int_equal(p->status[4], ABN_OK);
    assert_true(isnan(abn_panel_car(p, 4, (abn_window){0, 1}).car));
    assert_true(!isnan(abn_panel_car(p, 4, (abn_window){0, 0}).car));
    abn_panel_free(p);
    for (int t = 0; t < DAYS; t++)
        w.x[t] = .01;
    p = fit(&w, "market", 0);
    assert_int_equal(p->status[5], ABN_SINGULAR);
    assert_true(isnan(p->ar[5 * p->l]));
    abn_panel_free(p);
}

/* ---- correlation by date ---- */

static double correlation_of(const world *w, size_t n, abn_pairing pairing)
{
    const abn_statistic *statistic = abn_statistic_find(abn_slice_of("kolari_pynnonen_t"));
    uint32_t event[EVENTS];
    abn_window window = {0, 0};
    abn_test t;
    abn_correlation r;
    abn_panel *p = fit(w, "mean", 0);
    for (size_t i = 0; i < EVENTS; i++)
        event[i] = (uint32_t)i;
    abn_tests_options options = {
        .statistic = &statistic, .count = 1, .window = &window, .windows = 1, .pairing = pairing};
    assert_int_equal(abn_tests_run(p, event, n, &options, &t, &r, NULL), ABN_OK);
    abn_panel_free(p);
    return r.mean;
}

static void test_calendar_pairs(void **state)
{
    (void)state;
    static world w;
    build(&w, 0);
    for (int i = 0; i < LISTINGS; i++)
        w.occasion[i].day0 = 300;
    near(correlation_of(&w, LISTINGS, ABN_PAIR_CALENDAR),
         correlation_of(&w, LISTINGS, ABN_PAIR_EVENT), 1e-10);
    assert_true(correlation_of(&w, LISTINGS, ABN_PAIR_CALENDAR) > .05);
    /* The same returns, three hundred days apart: one by event time, nothing by date. */
    w.occasion[0].day0 = 500;
    w.occasion[1].day0 = 200;
    for (int t = 0; t < 400; t++)
        w.y[1][t] = w.y[0][t + 300];
    near(correlation_of(&w, 2, ABN_PAIR_EVENT), 1, 1e-12);
    assert_true(correlation_of(&w, 2, ABN_PAIR_CALENDAR) == 0);
    /* One listing on different days: its windows hold the same residuals, and still count nothing.
     */
    for (int i = 0; i < LISTINGS; i++) {
        w.occasion[i].history = 0;
        w.occasion[i].day0 = 300 + i;
    }
    assert_true(correlation_of(&w, LISTINGS, ABN_PAIR_CALENDAR) == 0);
}

/* ---- adjusted p ---- */

static void test_adjusted(void **state)
{
    (void)state;
    const double p[] = {.01, NAN, .04, .03, .005}, holm[] = {.03, NAN, .06, .06, .02},
                 bh[] = {.02, NAN, .04, .04, .02};
    double got[5];
    assert_int_equal(abn_adjust_holm(p, 5, got, NULL), ABN_OK);
    for (int i = 0; i < 5; i++)
        assert_true(isnan(holm[i]) ? isnan(got[i]) : fabs(got[i] - holm[i]) < 1e-15);
    assert_int_equal(abn_adjust_bh(p, 5, got, NULL), ABN_OK);
    for (int i = 0; i < 5; i++)
        assert_true(isnan(bh[i]) ? isnan(got[i]) : fabs(got[i] - bh[i]) < 1e-15);
}

static void test_position(void **state)
{
    (void)state;
    double e[] = {.1, -.2, .3, NAN, .05, -.1}, sums[14];
    abn_position_prepare(e, 6, sums);
    /* Five residuals; .25 lies under one of them, -.3 and .3 are sizes above it: one. */
    near(abn_position_find(sums, 6, .25, 1).sq_p, 2. * 2 / 6, 1e-15);
    near(abn_position_find(sums, 6, .25, 1).placebo_p, 2. / 6, 1e-15);
    /* Sums of two: -.1, .1, -.05; the gap cuts the others. */
    near(abn_position_find(sums, 6, .5, 2).placebo_p, 1. / 4, 1e-15);
}

/* Values by the regularised incomplete beta function in forty digits; none may end the program. */
static void test_student(void **state)
{
    (void)state;
    near(abn_student_p(2, 5), .10193947882985828, 1e-13);
    near(abn_student_p(20, 250) * 1e50, 8.6143669595e-4, 1e-9);
    near(abn_student_p(1, 1e6), .31731074983396, 1e-9);
    near(abn_student_p(2, 2.5e8), .04550026497616, 1e-9);
    assert_true(abn_student_p(1e300, 30) == 0);
    assert_true(abn_student_p(1e8, 250) == 0);
    assert_true(abn_student_p(INFINITY, 3) == 0);
    assert_true(isnan(abn_student_p(NAN, 3)) && isnan(abn_student_p(1, 0)));
    near(abn_student_quantile(.95, 30), 2.042272456301238, 1e-10);
}

UNIT_MAIN(unit(test_student), unit(test_fits), unit(test_outlier), unit(test_gaps),
          unit(test_threads), unit(test_benchmark_on_itself), unit(test_cars_add_up),
          unit(test_spanned_day), unit(test_exclusions), unit(test_calendar_pairs),
          unit(test_adjusted), unit(test_position))
