/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fits and abnormal returns of one history's occasions. */
#include "engine_parts.h"
#include "wide.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

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
    size_t k = abn_regressors(panel->model, h);
    double sum = 0;
    for (size_t t = from; t < to; t++) {
        double e = y[t] - abn_expected(panel, i, h, k, t) - mean;
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

static void fit_quick(abn_fitter *f, size_t i, enum quick kind, size_t from, size_t to)
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
static size_t gather(abn_fitter *f, const abn_history *h, size_t k, size_t from, size_t to)
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

static void fit_general(abn_fitter *f, size_t i, size_t from, size_t to)
{
    abn_panel *panel = f->panel;
    const abn_occasion *o = panel->occasion + i;
    const abn_history *h = panel->history + o->history;
    size_t k = abn_regressors(panel->model, h), width = panel->m;
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
    size_t k = abn_regressors(panel->model, h), base = i * panel->l;
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
        panel->ar[at] = h->y[row] - abn_expected(panel, i, h, k, row);
        panel->se[at] = panel->sigma[i] * sqrt(path * path * abn_sessions_spanned(h, row) +
                                               abn_leverage(panel, i, k, 1, x));
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
    ABN_FOURS (t, to - from) {
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

static void fit_one(abn_fitter *f, size_t i, enum quick kind)
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
static bool mark_windows(abn_fitter *f, size_t history, size_t *from, size_t *to)
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

void abn_fit_history(abn_fitter *f, size_t history)
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

/* ---- memory ---- */

static void *take(size_t n, size_t size, bool *ok)
{
    void *p = calloc(n ? n : 1, size);
    if (!p) *ok = false;
    return p;
}

void abn_fitter_free(abn_fitter *f)
{
    free(f->sums.row);
    free(f->sums.edge);
    free(f->column);
    free(f->x);
    free(f->scratch);
}

bool abn_fitter_make(abn_fitter *f, size_t longest)
{
    const abn_panel *panel = f->panel;
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
