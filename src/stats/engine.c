/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sums.h"
#include "wide.h"
#include <abnorm/engine.h>
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

/* Regressors that the forecast uses: none for the mean, whatever the history carries. */
static size_t regressors(const abn_model *model, const abn_history *h)
{
    if (model->kind == ABN_MODEL_MEAN) return 0;
    return model->kind == ABN_MODEL_MARKET ? 1 : h->k;
}

static double expected(const abn_panel *panel, size_t i, const abn_history *h, size_t k, size_t row)
{
    const double *coef = panel->coef + i * panel->k;
    double sum = coef[0];
    for (size_t j = 0; j < k; j++)
        sum += coef[j + 1] * h->x[j][row];
    return sum;
}

double abn_panel_expected(const abn_panel *panel, size_t i, size_t row)
{
    const abn_history *h = panel->history + panel->occasion[i].history;
    return expected(panel, i, h, regressors(panel->model, h), row);
}

/* (1, x)' G (1, x) for sums `x` over `days` rows: the coefficients' share of a forecast's variance.
 */
static double leverage(const abn_panel *panel, size_t i, size_t k, double days, const double *x)
{
    const double *g = panel->cov + i * panel->k * panel->k;
    double sum = g[0] * days * days;
    for (size_t a = 0; a < k; a++) {
        const double *line = g + (a + 1) * (k + 1);
        sum += 2 * line[0] * days * x[a];
        for (size_t b = 0; b < k; b++)
            sum += line[b + 1] * x[a] * x[b];
    }
    return sum;
}

/* The same with at most one regressor. */
static double line_leverage(const abn_panel *panel, size_t i, size_t k, double days, double x)
{
    const double *g = panel->cov + i * panel->k * panel->k;
    return g[0] * days * days + (k ? 2 * g[2] * days * x + g[3] * x * x : 0);
}

ABN_WIDE static void find_residuals(const abn_panel *panel, size_t i, double *residual)
{
    const abn_occasion *o = panel->occasion + i;
    const abn_history *h = panel->history + o->history;
    const double *y = h->fit_y ? h->fit_y : h->y;
    size_t k = regressors(panel->model, h);
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

/* Sessions that the return of a row spans. */
static double sessions(const abn_history *h, size_t row)
{
    return h->before && h->before[row] < row ? (double)(row - h->before[row]) : 1;
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
    ABN_FOURS(t, n)
    {
        abn_four a = ABN_FOUR(ar, 0), actual = ABN_FOUR(y, 0);
        car += a;
        csar += a / ABN_FOUR(se, 1);
        held *= 1 + actual;
        forecast *= 1 + (actual - a);
        sum += ABN_FOUR(x, 0);
    }
    double all = abn_total(car);
    double variance =
        all_sessions(h, first, n) + line_leverage(panel, i, k, (double)n, abn_total(sum));
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
    size_t k = regressors(panel->model, h);
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
        if (missing != SIZE_MAX && (double)(row - missing) >= sessions(h, row)) break;
        missing = SIZE_MAX;
        double actual = h->y[row], mean = actual - ar[day];
        out.car += ar[day];
        out.csar += ar[day] / se[day];
        own += (path ? path[day] * path[day] : 1) * sessions(h, row);
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
    double variance = own + leverage(panel, i, k, (double)days, x);
    out.se = panel->sigma[i] * sqrt(variance);
    out.scar = out.car / out.se;
    out.bhar = held - forecast;
    free(many);
    return out;
}

ABN_WIDE static double sum_of(const double *v, size_t n)
{
    abn_four sum = {0};
    ABN_FOURS(t, n)
    sum += ABN_FOUR(v, 0);
    return abn_total(sum);
}

double abn_panel_scar(const abn_panel *panel, size_t i, abn_window window)
{
    const abn_occasion *o = panel->occasion + i;
    const abn_history *h = panel->history + o->history;
    const double *ar = panel->ar + i * panel->l - panel->window.from;
    size_t k = regressors(panel->model, h);
    bool inside = window.from >= panel->window.from && window.to <= panel->window.to;
    if (!inside || k > 1 || panel->path || !has_days(ar, window))
        return abn_panel_car(panel, i, window).scar;
    size_t first = (size_t)(o->day0 + window.from), n = (size_t)(window.to - window.from + 1);
    double car = sum_of(ar + window.from, n), x_sum = 0;
    if (k) x_sum = sum_of(h->x[0] + first, n);
    double variance = all_sessions(h, first, n) + line_leverage(panel, i, k, (double)n, x_sum);
    return car / (panel->sigma[i] * sqrt(variance));
}

double abn_panel_car_se_walk(const abn_panel *panel, size_t i, abn_window window,
                             abn_car_walk *walk)
{
    const abn_occasion *o = panel->occasion + i;
    const abn_history *h = panel->history + o->history;
    const double *ar = panel->ar + i * panel->l - panel->window.from;
    const double *path = panel->path ? panel->path + i * panel->l - panel->window.from : NULL;
    size_t k = regressors(panel->model, h);
    if (k > sizeof walk->x / sizeof *walk->x) return abn_panel_car(panel, i, window).se;
    for (int day = window.from + (int)walk->seen; day <= window.to; day++, walk->seen++) {
        size_t row = (size_t)(o->day0 + day);
        if (isnan(ar[day])) continue;
        walk->own += (path ? path[day] * path[day] : 1) * sessions(h, row);
        for (size_t j = 0; j < k; j++)
            walk->x[j] += h->x[j][row];
        walk->days++;
    }
    return panel->sigma[i] * sqrt(walk->own + leverage(panel, i, k, (double)walk->days, walk->x));
}

double abn_panel_car_se(const abn_panel *panel, size_t i, abn_window window)
{
    abn_car_walk walk = {0};
    return abn_panel_car_se_walk(panel, i, window, &walk);
}

/* ---- fitting ---- */

typedef struct fitter {
    abn_panel *panel;
    const abn_panel_options *options;
    const uint32_t *order; /* occasions by history */
    const size_t *first;   /* where each history's begin in `order` */
    size_t reach;          /* widest shift */
    abn_sums sums;
    double *column;   /* complete rows: y, x_1 .. x_k, the shifted benchmark */
    const double **x; /* pointers to these */
    double *scratch;
    double bound; /* no return of the window at hand is larger */
} fitter;

static void fail(abn_panel *panel, size_t i, abn_status status, const char *why)
{
    panel->status[i] = status;
    panel->reason[i] = why;
}

static const char *reason_of(abn_status status)
{
    switch (status) {
    case ABN_SINGULAR:
        return "regressors are constant or collinear in the estimation window";
    case ABN_CONVERGENCE:
        return "the model's fit did not converge";
    case ABN_HISTORY:
        return "too few returns in the estimation window";
    default:
        return "the model could not be fitted";
    }
}

static void keep_line(abn_panel *panel, size_t i, const abn_moments *m, double alpha, double beta)
{
    double *coef = panel->coef + i * panel->k;
    coef[0] = alpha;
    if (panel->k > 1) coef[1] = beta;
    panel->rows[i] = (uint32_t)m->n;
}

/* SSE by the residuals themselves, where the difference of moments would cancel. */
static double direct_sse(const abn_panel *panel, size_t i, size_t from, size_t to, double mean)
{
    const abn_history *h = panel->history + panel->occasion[i].history;
    const double *y = h->fit_y ? h->fit_y : h->y;
    size_t k = regressors(panel->model, h);
    double sum = 0;
    for (size_t t = from; t < to; t++) {
        double e = y[t] - expected(panel, i, h, k, t) - mean;
        if (!isnan(e)) sum += e * e;
    }
    return sum;
}

enum quick { QUICK_NONE, QUICK_MEAN, QUICK_ADJUSTED, QUICK_LINE };

/* Models whose fit is closed in a window's moments. */
static enum quick quick_kind(const abn_model *model)
{
    if (strcmp(model->name, "mean") == 0) return QUICK_MEAN;
    if (strcmp(model->name, "market_adjusted") == 0) return QUICK_ADJUSTED;
    if (strcmp(model->name, "market") == 0) return QUICK_LINE;
    return QUICK_NONE;
}

static void fit_mean(abn_panel *panel, size_t i, const abn_moments *m)
{
    double n = (double)m->n;
    keep_line(panel, i, m, m->mean_y, 0);
    panel->cov[i * panel->k * panel->k] = 1 / n;
    panel->params[i] = 1;
    panel->variance[i] = m->yy / (n - 1);
    panel->sigma[i] = sqrt(panel->variance[i]);
    panel->r_squared[i] = 0;
}

static void fit_adjusted(abn_panel *panel, size_t i, const abn_moments *m, size_t from, size_t to)
{
    double n = (double)m->n, squares = m->yy - 2 * m->xy + m->xx;
    keep_line(panel, i, m, 0, 1);
    if (squares < 1e-2 * (m->yy + m->xx))
        squares = direct_sse(panel, i, from, to, m->mean_y - m->mean_x);
    panel->params[i] = 1;
    panel->variance[i] = squares / (n - 1);
    panel->sigma[i] = sqrt(panel->variance[i]);
    panel->r_squared[i] = NAN;
}

/* The line through the means with the slope of the moments. */
static bool fit_line(abn_panel *panel, size_t i, const abn_moments *m, size_t from, size_t to)
{
    double n = (double)m->n;
    if (!(m->xx > 1e-26 * n * m->mean_x * m->mean_x) || m->xx <= 0) return false;
    double beta = m->xy / m->xx, sse = m->yy - beta * m->xy;
    keep_line(panel, i, m, m->mean_y - beta * m->mean_x, beta);
    if (sse < 1e-2 * m->yy) sse = direct_sse(panel, i, from, to, 0);
    double *g = panel->cov + i * panel->k * panel->k;
    g[0] = 1 / n + m->mean_x * m->mean_x / m->xx;
    g[1] = g[2] = -m->mean_x / m->xx;
    g[3] = 1 / m->xx;
    panel->params[i] = 2;
    panel->variance[i] = sse / (n - 1);
    panel->sigma[i] = sqrt(sse / (n - 2));
    panel->r_squared[i] = 1 - sse / m->yy;
    return true;
}

static void fit_quick(fitter *f, size_t i, enum quick kind, size_t from, size_t to)
{
    abn_panel *panel = f->panel;
    abn_moments m = abn_sums_window(&f->sums, from, to);
    f->bound = fabs(m.mean_y) + sqrt(m.yy);
    panel->rows[i] = (uint32_t)m.n;
    bool fitted = true;
    if (kind == QUICK_MEAN) fit_mean(panel, i, &m);
    if (kind == QUICK_ADJUSTED) fit_adjusted(panel, i, &m, from, to);
    if (kind == QUICK_LINE) fitted = fit_line(panel, i, &m, from, to);
    if (!fitted) fail(panel, i, ABN_SINGULAR, "the benchmark is constant in the estimation window");
}

/* Copy the complete rows of [from, to) into the fitter's columns. */
static size_t gather(fitter *f, const abn_history *h, size_t k, size_t from, size_t to)
{
    const double *y = h->fit_y ? h->fit_y : h->y;
    size_t width = f->panel->m, n = 0, reach = f->reach;
    for (size_t t = from; t < to; t++) {
        bool complete = !isnan(y[t]);
        for (size_t j = 0; j < k && complete; j++)
            complete = !isnan(h->x[j][t]);
        if (!complete) continue;
        f->column[n] = y[t];
        for (size_t j = 0; j < k; j++)
            f->column[(j + 1) * width + n] = h->x[j][t];
        for (size_t s = 0; reach && s <= 2 * reach; s++) {
            int64_t r = (int64_t)t + (int64_t)s - (int64_t)reach;
            bool inside = r >= 0 && r < (int64_t)h->n;
            f->column[(k + 1 + s) * width + n] = inside ? h->x[0][r] : NAN;
        }
        n++;
    }
    return n;
}

static double residual_variance(const abn_design *d, const double *coef)
{
    double sum = 0, squares = 0, n = (double)d->n;
    for (int turn = 0; turn < 2; turn++) {
        double mean = sum / n;
        for (size_t t = 0; t < d->n; t++) {
            double e = d->y[t] - coef[0];
            for (size_t j = 0; j < d->k; j++)
                e -= coef[j + 1] * d->x[j][t];
            if (turn == 0)
                sum += e;
            else
                squares += (e - mean) * (e - mean);
        }
    }
    return squares / (n - 1);
}

static void fit_general(fitter *f, size_t i, size_t from, size_t to)
{
    abn_panel *panel = f->panel;
    const abn_occasion *o = panel->occasion + i;
    const abn_history *h = panel->history + o->history;
    size_t k = regressors(panel->model, h), width = panel->m;
    for (size_t j = 0; j < k + 2 * f->reach + 1; j++)
        f->x[j] = f->column + (j + 1) * width;
    double *extra = panel->extra ? panel->extra + i * ABN_MODEL_EXTRAS : NULL;
    abn_design d = {.n = gather(f, h, k, from, to),
                    .k = k,
                    .y = f->column,
                    .x = f->x,
                    .shifted = f->reach ? f->x + k : NULL,
                    .reach = f->reach,
                    .window = panel->l,
                    .gap = panel->window.from - o->estimation.to,
                    .weight = h->weight};
    abn_fit fit = {.coef = panel->coef + i * panel->k,
                   .cov = panel->cov + i * panel->k * panel->k,
                   .path = panel->path ? panel->path + i * panel->l : NULL};
    for (int j = 0; j < ABN_MODEL_EXTRAS; j++)
        fit.extra[j] = NAN;
    for (size_t t = 0; fit.path && t < panel->l; t++)
        fit.path[t] = 1;
    abn_status status = panel->model->fit(&d, f->scratch, &fit, NULL);
    if (status != ABN_OK) {
        fail(panel, i, status, reason_of(status));
        return;
    }
    panel->rows[i] = (uint32_t)fit.n;
    panel->params[i] = (uint32_t)fit.params;
    panel->sigma[i] = fit.sigma;
    panel->r_squared[i] = fit.r_squared;
    panel->variance[i] = residual_variance(&d, fit.coef);
    panel->reason[i] = fit.note;
    if (extra) memcpy(extra, fit.extra, sizeof fit.extra);
}

/* With at most one regressor and one variance: rows [first, first + n) of the history. */
ABN_WIDE static void line_abnormal(const abn_panel *panel, size_t i, const abn_history *h, size_t k,
                                   size_t first, size_t n, double *ar, double *se)
{
    const double *coef = panel->coef + i * panel->k, *g = panel->cov + i * panel->k * panel->k;
    const double *y = h->y + first, *x = k ? h->x[0] + first : y;
    double alpha = coef[0], beta = k ? coef[1] : 0, sigma = panel->sigma[i];
    double own = g[0], cross = k ? 2 * g[2] : 0, square = k ? g[3] : 0;
    for (size_t t = 0; t < n; t++) {
        double span = 1, value = k ? x[t] : 0;
        if (h->before) {
            int32_t rows = (int32_t)(first + t) - (int32_t)h->before[first + t];
            span = rows < 1 ? 1 : rows;
        }
        ar[t] = y[t] - (alpha + beta * value);
        se[t] = sigma * sqrt(span + (own + cross * value + square * value * value));
    }
}

static void find_abnormal(abn_panel *panel, size_t i)
{
    enum { MOST = 64 };
    const abn_occasion *o = panel->occasion + i;
    const abn_history *h = panel->history + o->history;
    size_t k = regressors(panel->model, h), base = i * panel->l;
    double few[MOST], *x = k > MOST ? malloc(k * sizeof *x) : few;
    int64_t from = o->day0 + (int64_t)o->window.from, to = o->day0 + (int64_t)o->window.to + 1;
    if (from < 0) from = 0;
    if (to > (int64_t)h->n) to = (int64_t)h->n;
    size_t at = base + (size_t)(from - o->day0 - panel->window.from);
    if (k <= 1 && !panel->path && from < to) {
        line_abnormal(panel, i, h, k, (size_t)from, (size_t)(to - from), panel->ar + at,
                      panel->se + at);
        return;
    }
    for (int64_t r = from; x && r < to; r++, at++) {
        size_t row = (size_t)r;
        double path = panel->path ? panel->path[at] : 1;
        for (size_t j = 0; j < k; j++)
            x[j] = h->x[j][row];
        panel->ar[at] = h->y[row] - expected(panel, i, h, k, row);
        panel->se[at] =
            panel->sigma[i] * sqrt(path * path * sessions(h, row) + leverage(panel, i, k, 1, x));
    }
    if (x != few) free(x);
}

/* A listing whose forecast leaves nothing over (its own benchmark, a constant) has no scale to
 * measure by: what is left is rounding. */
ABN_WIDE static bool has_scale(const abn_panel *panel, size_t i, size_t from, size_t to)
{
    const abn_history *h = panel->history + panel->occasion[i].history;
    const double *y = (h->fit_y ? h->fit_y : h->y) + from;
    abn_four most = {0}, least = {0};
    ABN_FOURS(t, to - from)
    {
        abn_four v = ABN_FOUR(y, 0);
        abn_four_bits above = v > most, below = v < least;
        most = (abn_four)(((abn_four_bits)v & above) | ((abn_four_bits)most & ~above));
        least = (abn_four)(((abn_four_bits)v & below) | ((abn_four_bits)least & ~below));
    }
    double size = 0;
    for (int l = 0; l < ABN_LANES; l++)
        size = fmax(size, fmax(most[l], -least[l]));
    return panel->sigma[i] > 1e-14 * size;
}

/* Rows [from, to) of an estimation window, as far as the history has them; false for none. */
static bool estimation_rows(const abn_history *h, const abn_occasion *o, size_t *from, size_t *to)
{
    int64_t a = (int64_t)o->day0 + o->estimation.from, b = (int64_t)o->day0 + o->estimation.to + 1;
    if (a < 0) a = 0;
    if (b > (int64_t)h->n) b = (int64_t)h->n;
    *from = (size_t)a;
    *to = b > a ? (size_t)b : (size_t)a;
    return b > a;
}

static void fit_one(fitter *f, size_t i, enum quick kind)
{
    abn_panel *panel = f->panel;
    const abn_occasion *o = panel->occasion + i;
    const abn_history *h = panel->history + o->history;
    size_t a, b;
    if (o->day0 < 0 || o->day0 >= (int64_t)h->n || isnan(h->y[o->day0])) {
        fail(panel, i, ABN_HISTORY, "no return on day 0");
        return;
    }
    if (!estimation_rows(h, o, &a, &b)) {
        fail(panel, i, ABN_HISTORY, "no quotes in the estimation window");
        return;
    }
    panel->status[i] = ABN_OK;
    f->bound = INFINITY;
    if (kind != QUICK_NONE)
        fit_quick(f, i, kind, a, b);
    else
        fit_general(f, i, a, b);
    if (panel->status[i] != ABN_OK) return;
    size_t asked = (size_t)(o->estimation.to - o->estimation.from + 1);
    size_t least = f->options->min_estimation ? f->options->min_estimation : (7 * asked + 9) / 10;
    if (panel->rows[i] < least || panel->rows[i] <= panel->params[i])
        fail(panel, i, ABN_HISTORY, "too few returns in the estimation window");
    if (panel->status[i] != ABN_OK) return;
    if (!(panel->sigma[i] > 1e-14 * f->bound) && !has_scale(panel, i, a, b)) panel->sigma[i] = 0;
    find_abnormal(panel, i);
    if (panel->sigma[i] == 0) panel->reason[i] = "the returns do not vary about their expectation";
}

static void blank(abn_panel *panel, size_t i)
{
    for (size_t j = 0; j < panel->k; j++)
        panel->coef[i * panel->k + j] = NAN;
    panel->sigma[i] = panel->r_squared[i] = panel->variance[i] = NAN;
    for (size_t t = 0; t < panel->l; t++)
        panel->ar[i * panel->l + t] = panel->se[i * panel->l + t] = NAN;
}

/* The rows that the windows of a history's occasions cover; false when there are none. Their edges
 * are marked. */
static bool mark_windows(fitter *f, size_t history, size_t *from, size_t *to)
{
    const abn_history *h = f->panel->history + history;
    size_t low = h->n, high = 0;
    for (size_t e = f->first[history]; e < f->first[history + 1]; e++) {
        size_t a, b;
        if (!estimation_rows(h, f->panel->occasion + f->order[e], &a, &b)) continue;
        abn_sums_mark(&f->sums, a);
        abn_sums_mark(&f->sums, b);
        if (a < low) low = a;
        if (b > high) high = b;
    }
    *from = low;
    *to = high;
    return low < high;
}

static void fit_history(fitter *f, size_t history)
{
    abn_panel *panel = f->panel;
    const abn_history *h = panel->history + history;
    enum quick kind = quick_kind(panel->model);
    size_t from = 0, to = 0;
    bool any = kind != QUICK_NONE && mark_windows(f, history, &from, &to);
    if (any)
        abn_sums_make(&f->sums, h->fit_y ? h->fit_y : h->y, kind == QUICK_MEAN ? NULL : h->x[0],
                      from, to);
    for (size_t e = f->first[history]; e < f->first[history + 1]; e++) {
        size_t i = f->order[e];
        blank(panel, i);
        fit_one(f, i, kind);
        if (panel->status[i] != ABN_OK) blank(panel, i);
    }
    if (any) abn_sums_clear(&f->sums, from, to);
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
    p->ar = take(n * p->l, d, &ok);
    p->se = take(n * p->l, d, &ok);
    p->rows = take(n, sizeof *p->rows, &ok);
    p->params = take(n, sizeof *p->params, &ok);
    p->status = take(n, sizeof *p->status, &ok);
    p->reason = take(n, sizeof *p->reason, &ok);
    if (p->model->extra[0]) {
        p->extra = take(n * ABN_MODEL_EXTRAS, d, &ok);
        p->path = take(n * p->l, d, &ok);
    }
    return ok;
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

static void release(fitter *f)
{
    free(f->sums.row);
    free(f->sums.edge);
    free(f->column);
    free(f->x);
    free(f->scratch);
}

static bool prepare(fitter *f, const abn_panel *panel, size_t longest)
{
    const abn_model *model = panel->model;
    size_t k = panel->k - 1, columns = k + 2 * f->reach + 3;
    bool ok = true;
    f->sums.row = take(longest + 1, sizeof *f->sums.row, &ok);
    f->sums.edge = take(longest + 1, sizeof *f->sums.edge, &ok);
    f->column = take(columns * panel->m, sizeof *f->column, &ok);
    f->x = take(columns, sizeof *f->x, &ok);
    size_t room = model->scratch ? model->scratch(panel->m, k, f->reach, panel->l) : 1;
    f->scratch = take(room, sizeof *f->scratch, &ok);
    return ok;
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
            fitter f = {.panel = panel,
                        .options = options,
                        .order = order,
                        .first = first,
                        .reach = panel->model->reach};
            bool mine = prepare(&f, panel, longest);
            if (!mine) {
#pragma omp atomic write
                ok = false;
            }
#pragma omp for schedule(dynamic, 4)
            for (size_t h = 0; h < histories; h++)
                if (mine && first[h] < first[h + 1]) fit_history(&f, h);
            release(&f);
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
        if (regressors(options->model, history + h) + 1 > panel->k)
            panel->k = regressors(options->model, history + h) + 1;
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
