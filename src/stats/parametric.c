/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests on means: of abnormal returns, of standardised ones, of buy-and-hold ones. */
#include "tests.h"
#include "wide.h"
#include <math.h>
#include <stdlib.h>

double abn_mean(const double *v, size_t n)
{
    return abn_spread_of(v, n).mean;
}

ABN_WIDE static abn_spread spread_of(const double *v, size_t n)
{
    abn_four sum = {0}, above = {0}, square = {0}, cube = {0};
    double count = (double)n;
    ABN_FOURS (t, n) {
        abn_four one = ABN_FOUR(v, 0);
        sum += one;
        above += abn_ones(one > 0);
    }
    double mean = abn_total(sum) / count;
    ABN_FOURS (t, n) {
        abn_four d = ABN_FOUR(v, mean) - mean;
        square += d * d;
        cube += d * d * d;
    }
    abn_spread s = {mean, NAN, NAN, (size_t)abn_total(above)};
    if (n > 1) s.sd = sqrt(abn_total(square) / (count - 1));
    if (n > 2 && s.sd > 0)
        s.skewness = count / ((count - 1) * (count - 2)) * (abn_total(cube) / (s.sd * s.sd * s.sd));
    return s;
}

abn_spread abn_spread_of(const double *v, size_t n)
{
    return spread_of(v, n);
}

/* A quotient by a spread that is there; NaN otherwise. */
static double over(double value, double spread)
{
    return spread > 0 ? value / spread : NAN;
}

static void mean_t(const abn_spread *v, size_t n, abn_test *out)
{
    out->value = over(sqrt((double)n) * v->mean, v->sd);
    out->df = (double)n - 1;
    abn_test_student(out);
}

abn_status abn_test_cross_sectional(const abn_sample *s, double *scratch, abn_test *out,
                                    abn_error *err)
{
    (void)scratch, (void)err;
    out->estimate = s->of_car.mean;
    mean_t(&s->of_car, s->n, out);
    return ABN_OK;
}

abn_status abn_test_crude_dependence(const abn_sample *s, double *scratch, abn_test *out,
                                     abn_error *err)
{
    (void)scratch, (void)err;
    out->estimate = s->of_car.mean;
    out->value = over(out->estimate, sqrt((double)s->length) * s->estimation->aar_sd);
    out->df = (double)s->estimation->n_aar - 1;
    abn_test_student(out);
    return ABN_OK;
}

/* Degrees of freedom after Satterthwaite 1946, as the variances are estimated apart. */
abn_status abn_test_brown_warner(const abn_sample *s, double *scratch, abn_test *out,
                                 abn_error *err)
{
    (void)scratch, (void)err;
    const abn_estimation *e = s->estimation;
    double sum = 0, squares = 0;
    for (size_t j = 0; j < s->n; j++) {
        double v = e->variance[s->place[j]];
        sum += v;
        squares += v * v / (double)(e->rows[s->place[j]] - 1);
    }
    out->estimate = s->of_car.mean;
    out->value = over(out->estimate, sqrt((double)s->length * sum) / (double)s->n);
    out->df = sum * sum / squares;
    abn_test_student(out);
    return ABN_OK;
}

/* (M - k) / (M - k - 2): the variance of a t-distributed SAR. */
static double patell_variance(const abn_estimation *e, size_t i)
{
    double free = (double)e->rows[i] - (double)e->params[i];
    return free > 2 ? free / (free - 2) : NAN;
}

/* The sum of AR / (s C^1/4) over the window, day d weighted by d^-1/2: what eventstudy2
 * standardises. */
static double eventstudy2_sum(const abn_panel *panel, size_t i, abn_window window)
{
    double sum = 0;
    for (int day = window.from; day <= window.to; day++) {
        size_t t = i * panel->l + (size_t)(day - panel->window.from);
        if (isnan(panel->ar[t])) continue;
        double scale = panel->sigma[i] * sqrt(panel->se[t] / panel->sigma[i]);
        sum += panel->ar[t] / scale / sqrt((double)(day - window.from + 1));
    }
    return sum;
}

/* estudy2 standardises one day by the residuals' n - 1 deviation, and forecasts with all the market
 * days of the estimation window, also those on which the listing did not trade. */
static double estudy2_sar(const abn_panel *panel, size_t i, int day)
{
    const abn_occasion *o = panel->occasion + i;
    const abn_history *h = panel->history + o->history;
    double n = 0, sum = 0, squares = 0, factor = 1 + 1 / (double)panel->rows[i];
    size_t row = 0, now = 0;
    abn_panel_row(panel, i, day, &now);
    for (int turn = 0; panel->model->kind == ABN_MODEL_MARKET && turn < 2; turn++)
        for (int t = o->estimation.from; t <= o->estimation.to; t++) {
            if (!abn_panel_row(panel, i, t, &row) || isnan(h->x[0][row])) continue;
            if (turn == 0) {
                sum += h->x[0][row];
                n++;
            } else
                squares += (h->x[0][row] - sum / n) * (h->x[0][row] - sum / n);
        }
    if (squares > 0) factor += (h->x[0][now] - sum / n) * (h->x[0][now] - sum / n) / squares;
    size_t t = i * panel->l + (size_t)(day - panel->window.from);
    return panel->ar[t] / sqrt(panel->variance[i] * factor);
}

/* Standardised sums as the convention in force takes them. */
static const double *standardised(const abn_sample *s, double *scratch)
{
    const abn_estimation *e = s->estimation;
    abn_convention as = e->convention;
    if (as == ABN_AS_PAPERS || (as == ABN_AS_ESTUDY2 && s->length > 1)) return s->scar;
    for (size_t j = 0; j < s->n; j++) {
        size_t i = e->event[s->place[j]];
        scratch[j] = as == ABN_AS_ESTUDY2 ? estudy2_sar(e->panel, i, s->window.from)
                                          : eventstudy2_sum(e->panel, i, s->window);
    }
    return scratch;
}

static double patell(const abn_sample *s, double *scratch)
{
    double sum = 0, variance = 0, length = (double)s->length;
    bool whole = s->length == 1 || s->estimation->convention == ABN_AS_EVENTSTUDY2;
    const double *v = whole ? standardised(s, scratch) : s->csar;
    for (size_t j = 0; j < s->n; j++) {
        double q = patell_variance(s->estimation, s->place[j]);
        sum += whole ? v[j] : v[j] / sqrt(length * q);
        variance += whole ? q : 1;
    }
    return over(sum, sqrt(variance));
}

abn_status abn_test_patell(const abn_sample *s, double *scratch, abn_test *out, abn_error *err)
{
    (void)err;
    out->estimate = s->of_car.mean;
    out->value = patell(s, scratch);
    abn_test_normal(out);
    return ABN_OK;
}

/* 1 + (n - 1) r: how much correlation swells the variance of a sum. */
static double swelling(const abn_sample *s)
{
    double v = 1 + ((double)s->n - 1) * s->estimation->correlation;
    return v > 0 ? v : NAN;
}

abn_status abn_test_adjusted_patell(const abn_sample *s, double *scratch, abn_test *out,
                                    abn_error *err)
{
    (void)err;
    double own =
        s->estimation->convention == ABN_AS_EVENTSTUDY2 ? 1 - s->estimation->correlation : 1;
    out->estimate = s->of_car.mean;
    out->value = patell(s, scratch) * sqrt(own / swelling(s));
    abn_test_normal(out);
    return ABN_OK;
}

abn_status abn_test_bmp(const abn_sample *s, double *scratch, abn_test *out, abn_error *err)
{
    (void)err;
    out->estimate = s->of_car.mean;
    const double *v = standardised(s, scratch);
    abn_spread spread = v == s->scar ? s->of_scar : abn_spread_of(v, s->n);
    mean_t(&spread, s->n, out);
    return ABN_OK;
}

abn_status abn_test_kolari_pynnonen(const abn_sample *s, double *scratch, abn_test *out,
                                    abn_error *err)
{
    abn_status status = abn_test_bmp(s, scratch, out, err);
    out->value *= sqrt((1 - s->estimation->correlation) / swelling(s));
    abn_test_student(out);
    return status;
}

abn_status abn_test_skewness(const abn_sample *s, double *scratch, abn_test *out, abn_error *err)
{
    (void)scratch, (void)err;
    double n = (double)s->n, ratio = s->of_car.mean / s->of_car.sd, skew = s->of_car.skewness;
    out->estimate = s->of_car.mean;
    out->value = sqrt(n) * (ratio + skew * ratio * ratio / 3 +
                            skew * skew * ratio * ratio * ratio / 27 + skew / (6 * n));
    out->df = n - 1;
    abn_test_student(out);
    return ABN_OK;
}

/* Each occasion's pseudo-value of the ratio of mean to standard deviation: the whole's, n times,
 * less that without it, n - 1 times, from the sums of all over `sd`. */
ABN_WIDE static void find_pseudo(const double *scar, size_t n, double mean, double sd, double *out)
{
    double count = (double)n, each = 1 / sd, whole = count * mean / sd, sum = 0, squares = 0;
    for (size_t j = 0; j < n; j++) {
        double v = scar[j] * each;
        sum += v;
        squares += v * v;
    }
    double less = 1 / (count - 1), spread = 1 / (count - 2);
    for (size_t j = 0; j < n; j++) {
        double v = scar[j] * each, rest = (sum - v) * less;
        double variance = (squares - v * v - (count - 1) * rest * rest) * spread;
        double ratio = rest / sqrt(variance > 0 ? variance : NAN);
        out[j] = whole - (count - 1) * ratio;
    }
}

abn_status abn_test_jackknife(const abn_sample *s, double *scratch, abn_test *out, abn_error *err)
{
    (void)err;
    out->estimate = s->of_car.mean;
    if (!(s->of_scar.sd > 0)) return ABN_OK;
    find_pseudo(s->scar, s->n, s->of_scar.mean, s->of_scar.sd, scratch);
    abn_spread spread = abn_spread_of(scratch, s->n);
    mean_t(&spread, s->n, out);
    return ABN_OK;
}

abn_status abn_test_bhar(const abn_sample *s, double *scratch, abn_test *out, abn_error *err)
{
    (void)scratch, (void)err;
    out->estimate = s->of_bhar.mean;
    mean_t(&s->of_bhar, s->n, out);
    return ABN_OK;
}

/* ---- calendar time ---- */

/* The portfolio on one date. */
typedef struct holding {
    double sum, count;
} holding;

/* Mean and spread over the dates on which the portfolio holds anything. */
static void over_dates(const holding *on, size_t span, abn_test *out)
{
    double mean = 0, squares = 0, dates = 0;
    for (int turn = 0; turn < 2; turn++) {
        for (size_t t = 0; t < span; t++) {
            if (on[t].count == 0) continue;
            double r = on[t].sum / on[t].count;
            if (turn == 0) {
                mean += r;
                dates++;
            } else
                squares += (r - mean) * (r - mean);
        }
        if (turn == 0) mean /= dates;
    }
    out->estimate = mean;
    out->df = dates - 1;
    out->value = dates > 1 ? over(sqrt(dates) * mean, sqrt(squares / (dates - 1))) : NAN;
    abn_test_student(out);
}

/* Add one day of the sample's occasions. */
static void hold(const abn_sample *s, int day, holding *on)
{
    const abn_estimation *e = s->estimation;
    size_t at = (size_t)(day - e->from) * e->n;
    const double *ar = e->ar + at;
    const abn_date *date = e->date + at;
    for (size_t j = 0; j < s->n; j++) {
        size_t i = s->place[j];
        if (isnan(ar[i])) continue;
        holding *h = on + ((int64_t)date[i] - e->low);
        h->sum += ar[i];
        h->count++;
    }
}

abn_status abn_test_calendar_time(const abn_sample *s, double *scratch, abn_test *out,
                                  abn_error *err)
{
    (void)scratch;
    if (s->n == 0) return ABN_OK;
    size_t span = (size_t)((int64_t)s->estimation->high - s->estimation->low + 1);
    holding *on = calloc(span, sizeof *on);
    if (!on) return abn_fail_memory(err);
    for (int day = s->window.from; day <= s->window.to; day++)
        hold(s, day, on);
    over_dates(on, span, out);
    free(on);
    return ABN_OK;
}
