/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine_parts.h"
#include "wide.h"
#include <abnorm/engine.h>
#include <abnorm/memory.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

/* ---- rows and forecasts ---- */

static bool row_of(const abn_history *h, const abn_occasion *o, int day, size_t *row)
{
    int64_t r = (int64_t)o->day0 + day;
    if (r < 0 || r >= (int64_t)h->n) return false;
    *row = (size_t)r;
    return true;
}

bool abn_panel_row(const abn_panel *panel, size_t i, int day, size_t *row)
{
    const abn_occasion *o = panel->occasion + i;
    return row_of(panel->history + o->history, o, day, row);
}

double abn_panel_expected(const abn_panel *panel, size_t i, size_t row)
{
    const abn_history *h = panel->history + panel->occasion[i].history;
    return abn_expected(panel, i, h, abn_regressors(panel->model, h), row);
}

ABN_WIDE static void find_residuals(const abn_panel *panel, size_t i, double *residual)
{
    const abn_occasion *o = panel->occasion + i;
    const abn_history *h = panel->history + o->history;
    const double *y = h->fit_y ? h->fit_y : h->y;
    size_t k = abn_regressors(panel->model, h);
    int64_t first = (int64_t)o->day0 + panel->estimation.from;
    int64_t a = (int64_t)o->day0 + o->estimation.from, b = (int64_t)o->day0 + o->estimation.to + 1;
    if (a < 0) a = 0;
    if (b > (int64_t)h->n) b = (int64_t)h->n;
    if (b < a) b = a;
    size_t before = (size_t)(a - first), count = (size_t)(b - a);
    if (before > panel->m) before = panel->m;
    for (size_t t = 0; t < before; t++)
        residual[t] = NAN;
    double *e = residual + before;
    const double *coef = panel->coef + i * panel->k;
    for (size_t t = 0; t < count; t++)
        e[t] = y[a + (int64_t)t] - coef[0];
    for (size_t j = 0; j < k; j++) {
        const double *x = h->x[j] + a;
        double beta = coef[j + 1];
        for (size_t t = 0; t < count; t++)
            e[t] -= beta * x[t];
    }
    for (size_t t = before + count; t < panel->m; t++)
        residual[t] = NAN;
}

void abn_panel_residuals(const abn_panel *panel, size_t i, double *residual)
{
    find_residuals(panel, i, residual);
}

/* ---- one window ---- */

/* A window of one day is read off the panel. */
static abn_car one_day(const abn_panel *panel, size_t i, int day)
{
    size_t t = i * panel->l + (size_t)(day - panel->window.from);
    double ar = panel->ar[t], se = panel->se[t], bhar = ar;
    if (panel->log && !isnan(ar)) {
        const abn_occasion *o = panel->occasion + i;
        double actual = panel->history[o->history].y[o->day0 + day];
        bhar = exp(actual) - exp(actual - ar);
    }
    return (abn_car){ar, se, ar / se, ar / se, bhar};
}

static bool has_days(const double *ar, abn_window window)
{
    double sum = 0;
    for (int day = window.from; day <= window.to; day++)
        sum += ar[day];
    return sum == sum;
}

/* Sessions that n rows from `first` on span together. */
ABN_WIDE static double all_sessions(const abn_history *h, size_t first, size_t n)
{
    const uint32_t *before = h->before ? h->before + first : NULL;
    int64_t sum = before ? 0 : (int64_t)n;
    for (size_t t = 0; before && t < n; t++) {
        int32_t span = (int32_t)(first + t) - (int32_t)before[t];
        sum += span < 1 ? 1 : span;
    }
    return (double)sum;
}

/* With at most one regressor, one variance and simple returns: what most studies ask for, and most
 * often. */
ABN_WIDE static abn_car line_window(const abn_panel *panel, size_t i, size_t k, abn_window window)
{
    const abn_occasion *o = panel->occasion + i;
    const abn_history *h = panel->history + o->history;
    size_t first = (size_t)(o->day0 + window.from), n = (size_t)(window.to - window.from + 1);
    size_t at = i * panel->l + (size_t)(window.from - panel->window.from);
    const double *ar = panel->ar + at, *se = panel->se + at, *y = h->y + first;
    const double *x = k ? h->x[0] + first : y;
    abn_four car = {0}, csar = {0}, sum = {0}, held = {1, 1, 1, 1}, forecast = {1, 1, 1, 1};
    ABN_FOURS (t, n) {
        abn_four a = ABN_FOUR(ar, 0), actual = ABN_FOUR(y, 0);
        car += a;
        csar += a / ABN_FOUR(se, 1);
        held *= 1 + actual;
        forecast *= 1 + (actual - a);
        sum += ABN_FOUR(x, 0);
    }
    double all = abn_total(car);
    double variance =
        all_sessions(h, first, n) + abn_line_leverage(panel, i, k, (double)n, abn_total(sum));
    double full = panel->sigma[i] * sqrt(variance);
    double bhar = (held[0] * held[1]) * (held[2] * held[3]) -
                  (forecast[0] * forecast[1]) * (forecast[2] * forecast[3]);
    return (abn_car){all, full, all / full, abn_total(csar), bhar};
}

abn_car abn_panel_car(const abn_panel *panel, size_t i, abn_window window)
{
    enum { MOST = 64 };
    abn_car none = {NAN, NAN, NAN, NAN, NAN}, out = {0, 0, 0, 0, 0};
    if (window.from < panel->window.from || window.to > panel->window.to) return none;
    if (window.from == window.to) return one_day(panel, i, window.from);
    const abn_occasion *o = panel->occasion + i;
    const abn_history *h = panel->history + o->history;
    const double *ar = panel->ar + i * panel->l - panel->window.from;
    const double *se = panel->se + i * panel->l - panel->window.from;
    const double *path = panel->path ? panel->path + i * panel->l - panel->window.from : NULL;
    size_t k = abn_regressors(panel->model, h);
    if (k <= 1 && !path && !panel->log && has_days(ar, window))
        return line_window(panel, i, k, window);
    double held = 1, forecast = 1, own = 0, few[MOST], *x = few;
    double *many = k > MOST ? malloc(k * sizeof *many) : NULL;
    if (k > MOST && !(x = many)) return none;
    memset(x, 0, k * sizeof *x);
    size_t missing = SIZE_MAX, days = 0;
    for (int day = window.from; day <= window.to; day++) {
        size_t row = (size_t)(o->day0 + day);
        if (isnan(ar[day])) {
            if (missing == SIZE_MAX) missing = row;
            continue;
        }
        if (missing != SIZE_MAX && (double)(row - missing) >= abn_sessions_spanned(h, row)) break;
        missing = SIZE_MAX;
        double actual = h->y[row], mean = actual - ar[day];
        out.car += ar[day];
        out.csar += ar[day] / se[day];
        own += (path ? path[day] * path[day] : 1) * abn_sessions_spanned(h, row);
        held *= panel->log ? exp(actual) : 1 + actual;
        forecast *= panel->log ? exp(mean) : 1 + mean;
        for (size_t j = 0; j < k; j++)
            x[j] += h->x[j][row];
        days++;
    }
    if (missing != SIZE_MAX) {
        free(many);
        return none;
    }
    double variance = own + abn_leverage(panel, i, k, (double)days, x);
    out.se = panel->sigma[i] * sqrt(variance);
    out.scar = out.car / out.se;
    out.bhar = held - forecast;
    free(many);
    return out;
}

ABN_WIDE static double sum_of(const double *v, size_t n)
{
    abn_four sum = {0};
    ABN_FOURS (t, n)
        sum += ABN_FOUR(v, 0);
    return abn_total(sum);
}

double abn_panel_scar(const abn_panel *panel, size_t i, abn_window window)
{
    const abn_occasion *o = panel->occasion + i;
    const abn_history *h = panel->history + o->history;
    const double *ar = panel->ar + i * panel->l - panel->window.from;
    size_t k = abn_regressors(panel->model, h);
    bool inside = window.from >= panel->window.from && window.to <= panel->window.to;
    if (!inside || k > 1 || panel->path || !has_days(ar, window))
        return abn_panel_car(panel, i, window).scar;
    size_t first = (size_t)(o->day0 + window.from), n = (size_t)(window.to - window.from + 1);
    double car = sum_of(ar + window.from, n), x_sum = 0;
    if (k) x_sum = sum_of(h->x[0] + first, n);
    double variance = all_sessions(h, first, n) + abn_line_leverage(panel, i, k, (double)n, x_sum);
    return car / (panel->sigma[i] * sqrt(variance));
}

double abn_panel_car_se_walk(const abn_panel *panel, size_t i, abn_window window,
                             abn_car_walk *walk)
{
    const abn_occasion *o = panel->occasion + i;
    const abn_history *h = panel->history + o->history;
    const double *ar = panel->ar + i * panel->l - panel->window.from;
    const double *path = panel->path ? panel->path + i * panel->l - panel->window.from : NULL;
    size_t k = abn_regressors(panel->model, h);
    if (k > sizeof walk->x / sizeof *walk->x) return abn_panel_car(panel, i, window).se;
    for (int day = window.from + (int)walk->seen; day <= window.to; day++, walk->seen++) {
        size_t row = (size_t)(o->day0 + day);
        if (isnan(ar[day])) continue;
        walk->own += (path ? path[day] * path[day] : 1) * abn_sessions_spanned(h, row);
        for (size_t j = 0; j < k; j++)
            walk->x[j] += h->x[j][row];
        walk->days++;
    }
    return panel->sigma[i] *
           sqrt(walk->own + abn_leverage(panel, i, k, (double)walk->days, walk->x));
}

/* ---- making a panel ---- */

static void widen(abn_window *all, abn_window one)
{
    if (one.from < all->from) all->from = one.from;
    if (one.to > all->to) all->to = one.to;
}

static abn_status check(const abn_history *history, size_t histories, const abn_occasion *occasion,
                        size_t n, const abn_model *model, abn_error *err)
{
    for (size_t i = 0; i < n; i++) {
        const abn_occasion *o = occasion + i;
        if (o->history >= histories)
            return abn_fail(err, ABN_INTERNAL, "an occasion without a history");
        if (model->kind != ABN_MODEL_MEAN && history[o->history].k == 0)
            return abn_fail(err, ABN_USAGE, "model %s needs %s", model->name,
                            model->kind == ABN_MODEL_MARKET    ? "a benchmark"
                            : model->kind == ABN_MODEL_FACTORS ? "factors"
                                                               : "other listings");
        if (o->estimation.from > o->estimation.to || o->window.from > o->window.to)
            return abn_fail(err, ABN_USAGE, "a window ends before it starts");
        if (o->estimation.to >= o->window.from)
            return abn_fail(err, ABN_USAGE,
                            "the estimation window %d:%d must end before the event window %d:%d",
                            o->estimation.from, o->estimation.to, o->window.from, o->window.to);
    }
    return ABN_OK;
}

static void measure(abn_panel *panel, const abn_panel_options *options)
{
    panel->estimation = options->covers ? options->estimation : panel->occasion[0].estimation;
    panel->window = options->covers ? options->window : panel->occasion[0].window;
    for (size_t i = 0; i < panel->n; i++) {
        widen(&panel->estimation, panel->occasion[i].estimation);
        widen(&panel->window, panel->occasion[i].window);
    }
    panel->m = (size_t)(panel->estimation.to - panel->estimation.from + 1);
    panel->l = (size_t)(panel->window.to - panel->window.from + 1);
}

static void *take(size_t n, size_t size, bool *ok)
{
    void *p = calloc(n ? n : 1, size);
    if (!p) *ok = false;
    return p;
}

static bool allocate(abn_panel *p)
{
    bool ok = true;
    size_t n = p->n, d = sizeof(double);
    p->coef = take(n * p->k, d, &ok);
    p->cov = take(n * p->k * p->k, d, &ok);
    p->sigma = take(n, d, &ok);
    p->variance = take(n, d, &ok);
    p->r_squared = take(n, d, &ok);
    p->ar = abn_columns_alloc((n * p->l + 1) * d); /* every occasion fills its own */
    p->se = abn_columns_alloc((n * p->l + 1) * d);
    p->rows = take(n, sizeof *p->rows, &ok);
    p->params = take(n, sizeof *p->params, &ok);
    p->status = take(n, sizeof *p->status, &ok);
    p->reason = take(n, sizeof *p->reason, &ok);
    if (p->model->extra[0]) {
        p->extra = take(n * ABN_MODEL_EXTRAS, d, &ok);
        p->path = take(n * p->l, d, &ok);
    }
    return ok && p->ar && p->se;
}

/* Occasions by history, in their own order within each. */
static void sort_by_history(const abn_panel *panel, size_t histories, size_t *first,
                            uint32_t *order)
{
    for (size_t i = 0; i < panel->n; i++)
        first[panel->occasion[i].history + 1]++;
    for (size_t h = 0; h < histories; h++)
        first[h + 1] += first[h];
    for (size_t i = panel->n; i-- > 0;)
        order[--first[panel->occasion[i].history + 1]] = (uint32_t)i;
    for (size_t h = 0; h < histories; h++)
        first[h] = first[h + 1];
    first[histories] = panel->n;
}

static abn_status fit_all(abn_panel *panel, size_t histories, const abn_panel_options *options,
                          abn_error *err)
{
    bool ok = true;
    size_t longest = 0;
    for (size_t h = 0; h < histories; h++)
        if (panel->history[h].n > longest) longest = panel->history[h].n;
    size_t *first = take(histories + 2, sizeof *first, &ok);
    uint32_t *order = take(panel->n, sizeof *order, &ok);
    if (ok) sort_by_history(panel, histories, first, order);
    int threads = options->threads > 0 ? options->threads : omp_get_max_threads();
    if (ok) {
#pragma omp parallel num_threads(threads)
        {
            abn_fitter f = {.panel = panel,
                            .options = options,
                            .order = order,
                            .first = first,
                            .reach = panel->model->reach};
            bool mine = abn_fitter_make(&f, longest);
            if (!mine) {
#pragma omp atomic write
                ok = false;
            }
#pragma omp for schedule(dynamic, 4)
            for (size_t h = 0; h < histories; h++)
                if (mine && first[h] < first[h + 1]) abn_fit_history(&f, h);
            abn_fitter_free(&f);
        }
    }
    free(first);
    free(order);
    return ok ? ABN_OK : abn_fail_memory(err);
}

abn_status abn_panel_fit(const abn_history *history, size_t n_histories,
                         const abn_occasion *occasion, size_t n, const abn_panel_options *options,
                         abn_panel **out, abn_error *err)
{
    if (n == 0) return abn_fail(err, ABN_HISTORY, "no event to study");
    abn_status status = check(history, n_histories, occasion, n, options->model, err);
    if (status != ABN_OK) return status;
    abn_panel *panel = calloc(1, sizeof *panel);
    if (!panel) return abn_fail_memory(err);
    *panel = (abn_panel){.model = options->model,
                         .history = history,
                         .occasion = occasion,
                         .n = n,
                         .k = 1,
                         .log = options->log};
    for (size_t h = 0; h < n_histories; h++)
        if (abn_regressors(options->model, history + h) + 1 > panel->k)
            panel->k = abn_regressors(options->model, history + h) + 1;
    measure(panel, options);
    status = allocate(panel) ? fit_all(panel, n_histories, options, err) : abn_fail_memory(err);
    if (status == ABN_OK)
        *out = panel;
    else
        abn_panel_free(panel);
    return status;
}

void abn_panel_free(abn_panel *panel)
{
    if (!panel) return;
    free(panel->coef);
    free(panel->cov);
    free(panel->sigma);
    free(panel->variance);
    free(panel->r_squared);
    free(panel->extra);
    free(panel->rows);
    free(panel->params);
    free(panel->ar);
    free(panel->se);
    free(panel->path);
    free(panel->status);
    free(panel->reason);
    free(panel);
}
