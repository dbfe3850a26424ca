/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sample.h"
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { STREAM_SAMPLE = 0x5A };

static const double z95 = 1.959963984540054;

/* ---- one thread's bench ---- */

typedef struct bench {
    const abn_simulation *design;
    const abn_pool *pool;
    abn_drawn drawn;
    uint32_t *event;            /* securities: the fitted ones */
    double *base_y;             /* securities: y of day 0 before the shock */
    double *base_ar;            /* securities: AR of day 0 likewise */
    double *residual, *scratch; /* estimation days; twice as many and two */
    abn_test *test;             /* statistics */
    size_t *exists, *rejected;  /* shocks x statistics */
} bench;

static abn_status bench_make(bench *b, const abn_simulation *d, const abn_pool *pool,
                             abn_error *err)
{
    size_t n = d->securities, m = (size_t)(d->estimation.to - d->estimation.from + 1);
    *b = (bench){.design = d, .pool = pool};
    abn_status status = abn_drawn_new(d, &b->drawn, err);
    b->event = calloc(n, sizeof *b->event);
    b->base_y = calloc(2 * n + 3 * m + 2, sizeof *b->base_y);
    b->test = calloc(d->statistics, sizeof *b->test);
    b->exists = calloc(2 * d->shocks * d->statistics, sizeof *b->exists);
    if (status) return status;
    if (!b->event || !b->base_y || !b->test || !b->exists) return abn_fail_memory(err);
    b->base_ar = b->base_y + n, b->residual = b->base_ar + n, b->scratch = b->residual + m;
    b->rejected = b->exists + d->shocks * d->statistics;
    return ABN_OK;
}

static void bench_free(bench *b)
{
    abn_drawn_free(&b->drawn);
    free(b->event);
    free(b->base_y);
    free(b->test);
    free(b->exists);
}

/* ---- one sample ---- */

static double *abnormal_of(const abn_panel *panel, size_t i)
{
    return panel->ar + i * panel->l - panel->window.from;
}

/* Fitted occasions with an abnormal return on day 0; what the shock is added to. */
static size_t remember(bench *b, abn_panel *panel, abn_random *random)
{
    const abn_simulation *d = b->design;
    double extra = d->history ? sqrt(fmax(d->event_sd * d->event_sd - 1, 0)) : 0;
    size_t n = 0;
    for (size_t i = 0; i < panel->n; i++) {
        double *ar = abnormal_of(panel, i), *y = b->drawn.y + i * b->drawn.days + b->drawn.day0;
        double noise = extra > 0 ? extra * panel->sigma[i] * abn_random_normal(random) : 0;
        if (panel->status[i] != ABN_OK || isnan(*ar)) continue;
        b->base_ar[n] = *ar + noise, b->base_y[n] = *y + noise;
        b->event[n++] = (uint32_t)i;
    }
    return n;
}

static void add_shock(const bench *b, abn_panel *panel, size_t n, double shock)
{
    for (size_t j = 0; j < n; j++) {
        size_t i = b->event[j];
        *abnormal_of(panel, i) = b->base_ar[j] + shock;
        b->drawn.y[i * b->drawn.days + b->drawn.day0] = b->base_y[j] + shock;
    }
}

static double side(const abn_test *t, abn_alternative alternative)
{
    return alternative == ABN_GREATER ? t->p_upper : alternative == ABN_LESS ? t->p_lower : t->p;
}

/* p of a test of one occasion, the sample's first. */
static double single_p(const bench *b, const abn_panel *panel, const char *name)
{
    size_t i = b->event[0];
    abn_car car = abn_panel_car(panel, i, panel->window);
    size_t length = (size_t)(panel->window.to - panel->window.from + 1);
    abn_test test = {.value = car.scar, .df = (double)panel->rows[i] - (double)panel->params[i]};
    if (strcmp(name, "ar_t") == 0)
        test.value = *abnormal_of(panel, i) / panel->se[i * panel->l - (size_t)panel->window.from];
    if (name[0] == 's' || name[0] == 'p') {
        if (b->design->alternative != ABN_TWO_SIDED) return NAN;
        abn_panel_residuals(panel, i, b->residual);
        abn_position_prepare(b->residual, panel->m, b->scratch);
        abn_position at = abn_position_find(b->scratch, panel->m, car.car, length);
        return name[0] == 's' ? at.sq_p : at.placebo_p;
    }
    abn_test_student(&test);
    return side(&test, b->design->alternative);
}

static void count(bench *b, const abn_panel *panel, size_t shock)
{
    const abn_simulation *d = b->design;
    for (size_t s = 0; s < d->statistics; s++) {
        const abn_statistic *statistic = d->statistic[s];
        double p = statistic->scope == ABN_SCOPE_ONE ? single_p(b, panel, statistic->name)
                                                     : side(&b->test[s], d->alternative);
        if (isnan(p)) continue;
        b->exists[shock * d->statistics + s]++;
        b->rejected[shock * d->statistics + s] += p <= d->level;
    }
}

static abn_status run_sample(bench *b, uint64_t index, abn_error *err)
{
    const abn_simulation *d = b->design;
    abn_panel *panel = NULL;
    abn_random random;
    bool resample = d->replicates > 0;
    abn_panel_options fit = {
        .model = d->model, .min_estimation = d->min_estimation, .log = d->log, .threads = 1};
    abn_tests_options tests = {.statistic = d->statistic,
                               .count = d->statistics,
                               .window = &d->window,
                               .resample = &resample,
                               .windows = 1,
                               .pairing = d->pairing,
                               .replicates = d->replicates,
                               .seed = d->seed + index,
                               .threads = 1};
    abn_random_start(&random, d->seed, STREAM_SAMPLE, index);
    abn_status status = abn_draw(d, b->pool, &random, &b->drawn, err);
    if (!status)
        status = abn_panel_fit(b->drawn.history, b->drawn.n, b->drawn.occasion, b->drawn.n, &fit,
                               &panel, err);
    if (status) return status;
    size_t n = remember(b, panel, &random);
    for (size_t i = 0; n > 0 && !status && i < d->shocks; i++) {
        add_shock(b, panel, n, d->shock[i]);
        status = abn_tests_run(panel, b->event, n, &tests, b->test, NULL, err);
        if (!status) count(b, panel, i);
    }
    abn_panel_free(panel);
    return status;
}

/* ---- all samples ---- */

static void interval(abn_simulated *s)
{
    double n = (double)s->samples, p = (double)s->rejected / n, square = z95 * z95;
    double centre = (p + square / (2 * n)) / (1 + square / n);
    double half = z95 / (1 + square / n) * sqrt(p * (1 - p) / n + square / (4 * n * n));
    s->rate = s->samples ? p : NAN;
    s->lo = s->samples == 0 ? NAN : s->rejected == 0 ? 0 : centre - half;
    s->hi = s->samples == 0 ? NAN : s->rejected == s->samples ? 1 : centre + half;
}

static void add_counts(const bench *b, abn_simulated *out)
{
    for (size_t i = 0; i < b->design->shocks * b->design->statistics; i++) {
        out[i].samples += b->exists[i];
        out[i].rejected += b->rejected[i];
    }
}

/* Others are about as far. */
static void tell(const abn_simulation *d, size_t *finished)
{
    size_t done;
#pragma omp atomic capture
    done = ++*finished;
    done *= abn_crew_count(d->crew);
    if (d->tell && omp_get_thread_num() == 0)
        d->tell(d->context, done < d->samples ? done : d->samples);
}

static abn_status take_counts(void *to, const void *bytes, size_t size, abn_error *err)
{
    abn_simulated *all = to, one;
    (void)err;
    for (size_t i = 0; (i + 1) * sizeof one <= size; i++) {
        memcpy(&one, (const char *)bytes + i * sizeof one, sizeof one);
        all[i].samples += one.samples;
        all[i].rejected += one.rejected;
    }
    return ABN_OK;
}

/* What every process has counted, for all of them. */
static abn_status meet(const abn_simulation *d, abn_status mine, abn_simulated *sum, size_t rows,
                       abn_error *err)
{
    abn_simulated *all = calloc(rows, sizeof *all);
    size_t size = rows * sizeof *all;
    if (!all && !mine) mine = abn_fail_memory(err);
    abn_status status = abn_crew_gather(d->crew, mine, sum, size, take_counts, all, err);
    if (!status) status = abn_crew_share(d->crew, ABN_OK, all, size, err);
    if (!status) memcpy(sum, all, size);
    free(all);
    return status;
}

static abn_status check(const abn_simulation *d, abn_error *err)
{
    if (d->samples == 0 || d->securities == 0 || d->shocks == 0 || d->statistics == 0)
        return abn_fail(err, ABN_USAGE, "a simulation needs samples, securities, shocks and tests");
    if (d->securities > 100000)
        return abn_fail(err, ABN_USAGE, "%zu securities are too many for a sample", d->securities);
    if (d->estimation.from > d->estimation.to || d->estimation.to >= d->window.from ||
        d->window.from > 0 || d->window.to < 0)
        return abn_fail(err, ABN_USAGE,
                        "the estimation window must end before an event window that holds day 0");
    if (!(d->rho >= 0 && d->rho < 1))
        return abn_fail(err, ABN_USAGE, "a residual correlation of %g is not in [0, 1)", d->rho);
    if (!(d->df == 0 || d->df > 2))
        return abn_fail(err, ABN_USAGE, "Student's t with %g degrees of freedom has no variance",
                        d->df);
    if (!(d->event_sd > 0) || !(d->missing >= 0 && d->missing < 1))
        return abn_fail(err, ABN_USAGE, "an event's deviation must be positive, a share below one");
    if (!d->history && d->model->kind != ABN_MODEL_MEAN && d->model->kind != ABN_MODEL_MARKET)
        return abn_fail(err, ABN_USAGE, "model %s needs data of your own", d->model->name);
    return ABN_OK;
}

abn_status abn_simulate_run(const abn_simulation *design, abn_simulated *out, abn_error *err)
{
    abn_pool pool = {0};
    size_t rows = design->shocks * design->statistics, finished = 0;
    abn_simulated *sum = NULL;
    abn_status status = check(design, err);
    if (status) return status;
    if ((status = abn_pool_new(design, &pool, err))) goto done;
    if (!(sum = calloc(rows, sizeof *sum))) {
        status = abn_fail_memory(err);
        goto done;
    }
    int threads = design->threads > 0 ? design->threads : omp_get_max_threads();
    size_t first = design->crew ? design->crew->rank : 0, step = abn_crew_count(design->crew);
#pragma omp parallel num_threads(threads)
    {
        bench b;
        abn_error local = {0};
        abn_status mine = bench_make(&b, design, &pool, &local);
#pragma omp for schedule(dynamic, 16)
        for (size_t i = first; i < design->samples; i += step) {
            if (mine) continue;
            mine = run_sample(&b, i, &local);
            tell(design, &finished);
        }
#pragma omp critical
        {
            if (!mine) add_counts(&b, sum);
            if (mine && !status) {
                status = mine;
                abn_fail(err, mine, "%s", local.text);
            }
        }
        bench_free(&b);
    }
    status = meet(design, status, sum, rows, err);
    if (status) goto done;
    for (size_t i = 0; i < rows; i++) {
        sum[i].statistic = design->statistic[i % design->statistics];
        sum[i].shock = design->shock[i / design->statistics];
        interval(&sum[i]);
        out[i] = sum[i];
    }
done:
    free(sum);
    abn_pool_free(&pool);
    return status;
}
