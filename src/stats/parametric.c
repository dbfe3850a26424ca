/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests on means: of abnormal returns, of standardised ones, of buy-and-hold ones. */
#include "tests.h"
#include <math.h>
#include <stdlib.h>

double abn_mean(const double *v, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += v[i];
    return sum / (double)n;
}

double abn_sd(const double *v, size_t n, double mean)
{
    if (n < 2) return NAN;
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (v[i] - mean) * (v[i] - mean);
    return sqrt(sum / (double)(n - 1));
}

/* A quotient by a spread that is there; NaN otherwise. */
static double over(double value, double spread)
{
    return spread > 0 ? value / spread : NAN;
}

static void mean_t(const double *v, size_t n, abn_test *out)
{
    double mean = abn_mean(v, n);
    out->value = over(sqrt((double)n) * mean, abn_sd(v, n, mean));
    out->df = (double)n - 1;
    abn_test_student(out);
}

abn_status abn_test_cross_sectional(const abn_sample *s, double *scratch, abn_test *out,
                                    abn_error *err)
{
    (void)scratch, (void)err;
    out->estimate = abn_mean(s->car, s->n);
    mean_t(s->car, s->n, out);
    return ABN_OK;
}

abn_status abn_test_crude_dependence(const abn_sample *s, double *scratch, abn_test *out,
                                     abn_error *err)
{
    (void)scratch, (void)err;
    out->estimate = abn_mean(s->car, s->n);
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
    const abn_panel *panel = s->estimation->panel;
    double sum = 0, squares = 0;
    for (size_t j = 0; j < s->n; j++) {
        double v = panel->variance[s->event[j]];
        sum += v;
        squares += v * v / (double)(panel->rows[s->event[j]] - 1);
    }
    out->estimate = abn_mean(s->car, s->n);
    out->value = over(out->estimate, sqrt((double)s->length * sum) / (double)s->n);
    out->df = sum * sum / squares;
    abn_test_student(out);
    return ABN_OK;
}

/* (M - k) / (M - k - 2): the variance of a t-distributed SAR. */
static double patell_variance(const abn_panel *panel, size_t i)
{
    double free = (double)panel->rows[i] - (double)panel->params[i];
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
    const abn_panel *panel = s->estimation->panel;
    abn_convention as = s->estimation->convention;
    if (as == ABN_AS_PAPERS || (as == ABN_AS_ESTUDY2 && s->length > 1)) return s->scar;
    for (size_t j = 0; j < s->n; j++)
        scratch[j] = as == ABN_AS_ESTUDY2 ? estudy2_sar(panel, s->event[j], s->window.from)
                                          : eventstudy2_sum(panel, s->event[j], s->window);
    return scratch;
}

static double patell(const abn_sample *s, double *scratch)
{
    const abn_panel *panel = s->estimation->panel;
    double sum = 0, variance = 0, length = (double)s->length;
    bool whole = s->length == 1 || s->estimation->convention == ABN_AS_EVENTSTUDY2;
    const double *v = whole ? standardised(s, scratch) : s->csar;
    for (size_t j = 0; j < s->n; j++) {
        double q = patell_variance(panel, s->event[j]);
        sum += whole ? v[j] : v[j] / sqrt(length * q);
        variance += whole ? q : 1;
    }
    return over(sum, sqrt(variance));
}

abn_status abn_test_patell(const abn_sample *s, double *scratch, abn_test *out, abn_error *err)
{
    (void)err;
    out->estimate = abn_mean(s->car, s->n);
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
    out->estimate = abn_mean(s->car, s->n);
    out->value = patell(s, scratch) * sqrt(own / swelling(s));
    abn_test_normal(out);
    return ABN_OK;
}

abn_status abn_test_bmp(const abn_sample *s, double *scratch, abn_test *out, abn_error *err)
{
    (void)err;
    out->estimate = abn_mean(s->car, s->n);
    mean_t(standardised(s, scratch), s->n, out);
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

double abn_skewness_t(const double *v, size_t n)
{
    double count = (double)n, mean = abn_mean(v, n), sd = abn_sd(v, n, mean), cubes = 0;
    if (n < 3 || !(sd > 0)) return NAN;
    for (size_t i = 0; i < n; i++) {
        double d = (v[i] - mean) / sd;
        cubes += d * d * d;
    }
    double ratio = mean / sd, skew = count / ((count - 1) * (count - 2)) * cubes;
    return sqrt(count) * (ratio + skew * ratio * ratio / 3 +
                          skew * skew * ratio * ratio * ratio / 27 + skew / (6 * count));
}

abn_status abn_test_skewness(const abn_sample *s, double *scratch, abn_test *out, abn_error *err)
{
    (void)scratch, (void)err;
    out->estimate = abn_mean(s->car, s->n);
    out->value = abn_skewness_t(s->car, s->n);
    out->df = (double)s->n - 1;
    abn_test_student(out);
    return ABN_OK;
}

/* The ratio of mean to standard deviation of SCAR without occasion j, from the whole's sums. */
static double ratio_without(double n, double sum, double squares, double v)
{
    double mean = (sum - v) / (n - 1);
    double variance = (squares - v * v - (n - 1) * mean * mean) / (n - 2);
    return variance > 0 ? mean / sqrt(variance) : NAN;
}

abn_status abn_test_jackknife(const abn_sample *s, double *scratch, abn_test *out, abn_error *err)
{
    (void)err;
    double n = (double)s->n, mean = abn_mean(s->scar, s->n), sd = abn_sd(s->scar, s->n, mean);
    out->estimate = abn_mean(s->car, s->n);
    if (!(sd > 0)) return ABN_OK;
    double sum = 0, squares = 0;
    for (size_t j = 0; j < s->n; j++) {
        sum += s->scar[j] / sd;
        squares += s->scar[j] / sd * (s->scar[j] / sd);
    }
    for (size_t j = 0; j < s->n; j++)
        scratch[j] = n * mean / sd - (n - 1) * ratio_without(n, sum, squares, s->scar[j] / sd);
    mean_t(scratch, s->n, out);
    return ABN_OK;
}

abn_status abn_test_bhar(const abn_sample *s, double *scratch, abn_test *out, abn_error *err)
{
    (void)scratch, (void)err;
    out->estimate = abn_mean(s->bhar, s->n);
    mean_t(s->bhar, s->n, out);
    return ABN_OK;
}

/* ---- calendar time ---- */

static abn_date date_of(const abn_panel *panel, size_t i, int day)
{
    size_t row = 0;
    const abn_date *date = panel->history[panel->occasion[i].history].date;
    abn_panel_row(panel, i, day, &row);
    return date ? date[row] : (abn_date)row;
}

/* Mean and spread over the dates on which the portfolio holds anything. */
static void over_dates(const double *sum, const double *count, size_t span, abn_test *out)
{
    double mean = 0, squares = 0, dates = 0;
    for (int turn = 0; turn < 2; turn++) {
        for (size_t t = 0; t < span; t++) {
            if (count[t] == 0) continue;
            double r = sum[t] / count[t];
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

abn_status abn_test_calendar_time(const abn_sample *s, double *scratch, abn_test *out,
                                  abn_error *err)
{
    (void)scratch;
    const abn_panel *panel = s->estimation->panel;
    abn_date low = INT32_MAX, high = INT32_MIN;
    for (size_t j = 0; j < s->n; j++) {
        abn_date a = date_of(panel, s->event[j], s->window.from);
        abn_date b = date_of(panel, s->event[j], s->window.to);
        if (a < low) low = a;
        if (b > high) high = b;
    }
    if (s->n == 0) return ABN_OK;
    size_t span = (size_t)((int64_t)high - low + 1);
    double *sum = calloc(2 * span, sizeof *sum), *count = sum + span;
    if (!sum) return abn_fail_memory(err);
    for (size_t j = 0; j < s->n; j++)
        for (int day = s->window.from; day <= s->window.to; day++) {
            double ar = panel->ar[s->event[j] * panel->l + (size_t)(day - panel->window.from)];
            if (isnan(ar)) continue;
            size_t t = (size_t)((int64_t)date_of(panel, s->event[j], day) - low);
            sum[t] += ar;
            count[t]++;
        }
    over_dates(sum, count, span, out);
    free(sum);
    return ABN_OK;
}
