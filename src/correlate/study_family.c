/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Histories for the engine: each listing's returns beside what a model explains them by. */
#include "order.h"
#include "study_parts.h"
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

void abn_family_free(abn_family *f)
{
    for (size_t i = 0; f->column && i < f->n_columns; i++)
        free(f->column[i]);
    for (size_t h = 0; f->x && h < f->n; h++)
        free(f->x[h]);
    for (size_t h = 0; f->donor && h < f->n; h++)
        free(f->donor[h]);
    for (size_t h = 0; f->weight && h < f->n; h++)
        free(f->weight[h]);
    free(f->donor);
    free(f->weight);
    free(f->column);
    free(f->x);
    free(f->history);
    free(f->of);
    free(f->why);
    free(f->shift);
    *f = (abn_family){0};
}

/* What tells histories apart: a line and its benchmark; donors differ by event. */
typedef struct key {
    uint32_t line, benchmark, event;
} key;

static bool same_key(const key *a, const key *b)
{
    return a->line == b->line && a->benchmark == b->benchmark;
}

/* Whether each event has a history of its own. */
static bool own_histories(const abn_study *s, const abn_family *f)
{
    return f->kind == ABN_MODEL_DONORS || s->settings.measure == ABN_MEASURE_VOLUME_SHARE;
}

/* Number the distinct keys in the order of lines and benchmarks; `first` gets one of each. */
static bool number_keys(const abn_study *s, abn_family *f, key **first)
{
    size_t n = s->input.n_events, usable = 0;
    key *all = malloc((n + 1) * sizeof *all);
    abn_ordered *order = malloc((n + 1) * sizeof *order);
    f->of = malloc((n + 1) * sizeof *f->of);
    f->why = calloc(n + 1, sizeof *f->why);
    bool fine = all && order && f->of && f->why;
    for (size_t i = 0; fine && i < n; i++) {
        const abn_place *p = s->place + i;
        f->of[i] = UINT32_MAX;
        if (p->problem) continue;
        bool market = f->kind == ABN_MODEL_MARKET;
        if (market && p->benchmark == ABN_NO_LINE) {
            f->why[i] = *p->benchmark_symbol ? "no quotes of its benchmark" : "no benchmark";
            continue;
        }
        uint64_t benchmark = market ? p->benchmark : 0;
        order[usable++] = (abn_ordered){(uint64_t)p->line << 32 | benchmark, (uint32_t)i};
    }
    fine = fine && abn_order(order, usable);
    for (size_t j = 0; fine && j < usable; j++) {
        key now = {(uint32_t)(order[j].key >> 32), (uint32_t)order[j].key, order[j].event};
        bool fresh = j == 0 || own_histories(s, f) || !same_key(all + f->n - 1, &now);
        if (fresh) all[f->n++] = now;
        f->of[now.event] = (uint32_t)(f->n - 1);
    }
    free(order);
    if (fine)
        *first = all;
    else
        free(all);
    return fine;
}

/* ---- columns ---- */

/* A benchmark whose days are the line's own needs no matching. */
static bool same_days(const abn_line *a, const abn_line *b)
{
    return a->n == b->n && b->price && a->price &&
           (a->date == b->date || memcmp(a->date, b->date, a->n * sizeof *a->date) == 0) &&
           (a->before == b->before || memcmp(a->before, b->before, a->n * sizeof *a->before) == 0);
}

static bool market_column(const abn_study *s, const abn_line *line, const abn_line *benchmark,
                          double **own, const double **x)
{
    *own = NULL;
    if (same_days(line, benchmark)) {
        *x = benchmark->y;
        return true;
    }
    *own = malloc((line->n + 1) * sizeof **own);
    if (!*own) return false;
    abn_line_match(line, benchmark, s->settings.log, *own);
    *x = *own;
    return true;
}

/* y less the risk-free rate, then the factors: `own` gets 1 + n columns. */
static bool factor_columns(const abn_study *s, const abn_family *f, const abn_line *line,
                           double **own, const double **x)
{
    const abn_factors *all = s->input.factors;
    for (size_t c = 0; c <= f->n_factors; c++)
        if (!(own[c] = malloc((line->n + 1) * sizeof **own))) return false;
    for (size_t c = 0; c < f->n_factors; c++) {
        const double *value = all->value[abn_factors_find(all, f->factor[c])];
        abn_line_match_returns(line, all->date, value, all->n, s->settings.log, own[c + 1]);
        x[c] = own[c + 1];
    }
    if (all->risk_free)
        abn_line_match_returns(line, all->date, all->risk_free, all->n, s->settings.log, own[0]);
    for (size_t t = 0; t < line->n; t++)
        own[0][t] = line->y[t] - (all->risk_free ? own[0][t] : 0);
    return true;
}

static abn_status fill_history(const abn_study *s, abn_family *f, size_t h, const key *k,
                               abn_error *err)
{
    const abn_line *line = s->line + k->line;
    bool factors = f->kind == ABN_MODEL_FACTORS, ok = true;
    f->x[h] = malloc((f->width + 1) * sizeof *f->x[h]);
    if (!f->x[h]) return abn_fail_memory(err);
    double **own = f->column + h * (f->width + 1);
    if (f->kind == ABN_MODEL_MARKET)
        ok = market_column(s, line, s->line + k->benchmark, own, f->x[h]);
    if (factors) ok = factor_columns(s, f, line, own, f->x[h]);
    f->history[h] = (abn_history){.n = line->n,
                                  .k = f->width,
                                  .y = factors ? own[0] : line->y,
                                  .x = f->x[h],
                                  .date = line->date,
                                  .before = line->before};
    return ok ? ABN_OK : abn_fail_memory(err);
}

/* ---- donors ---- */

static bool is_benchmark(const abn_study *s, uint32_t line)
{
    for (size_t i = 0; i < s->input.n_events; i++)
        if (s->place[i].benchmark == line) return true;
    return false;
}

/* Rows of an event's two windows, as far as its line has them. */
static void event_rows(const abn_line *line, const abn_place *p, size_t *from, size_t *to)
{
    int64_t a = (int64_t)p->row + p->estimation.from, b = (int64_t)p->row + p->window.to + 1;
    int64_t n = (int64_t)line->n;
    *from = (size_t)(a < 0 ? 0 : a > n ? n : a);
    *to = (size_t)(b > n ? n : b < (int64_t)*from ? (int64_t)*from : b);
}

static bool complete(const abn_line *line, const double *x, size_t from, size_t to)
{
    for (size_t t = from; t < to; t++)
        if (isnan(x[t]) && !isnan(line->y[t])) return false;
    return true;
}

/* First and last day of an event's window that have quotes. */
static bool window_days(const abn_study *s, const abn_place *p, abn_date *from, abn_date *to)
{
    if (p->line == ABN_NO_LINE || p->row < 0) return false;
    const abn_line *line = s->line + p->line;
    int64_t a = (int64_t)p->row + p->window.from, b = (int64_t)p->row + p->window.to;
    int64_t last = (int64_t)line->n - 1;
    if (b < 0 || a > last) return false;
    *from = line->date[a < 0 ? 0 : a];
    *to = line->date[b > last ? last : b];
    return true;
}

/* Lines that have an event of their own while the window of event `k` is open. */
static void mark_busy(const abn_study *s, uint32_t k, bool *busy)
{
    abn_date from, to, first, last;
    memset(busy, 0, s->n_lines * sizeof *busy);
    if (!window_days(s, s->place + k, &from, &to)) return;
    for (size_t i = 0; i < s->input.n_events; i++)
        if (window_days(s, s->place + i, &first, &last) && first <= to && last >= from)
            busy[s->place[i].line] = true;
}

/* Shares of value of the donors that are left, when they are given. */
static bool given_weights(abn_family *f, size_t h, const double *weight)
{
    size_t n = f->history[h].k;
    double sum = 0;
    if (!weight) return true;
    double *own = f->weight[h] = malloc((n + 1) * sizeof *own);
    if (!own) return false;
    for (size_t j = 0; j < n; j++)
        sum += own[j] = weight[f->donor[h][j]];
    for (size_t j = 0; j < n; j++)
        own[j] /= sum;
    f->history[h].weight = isfinite(sum) && sum > 0 ? own : NULL;
    return true;
}

/* One history an event: the donors are those with every return of its windows. */
static abn_status donor_history(const abn_study *s, abn_family *f, size_t h, const key *k,
                                const bool *donor, const bool *busy, abn_error *err)
{
    const abn_line *line = s->line + k->line;
    const abn_place *p = s->place + k->event;
    size_t from, to, count = 0;
    event_rows(line, p, &from, &to);
    f->x[h] = malloc((s->n_lines + 1) * sizeof *f->x[h]);
    f->donor[h] = malloc((s->n_lines + 1) * sizeof *f->donor[h]);
    double *all = malloc((line->n + 1) * sizeof *all);
    double *kept = malloc(((to - from) * s->n_lines + 1) * sizeof *kept);
    bool ok = f->x[h] && f->donor[h] && all && kept;
    f->column[h * (f->width + 1)] = kept;
    for (size_t j = 0; ok && j < s->n_lines; j++) {
        if (!donor[j] || busy[j] || j == k->line) continue;
        abn_line_match(line, s->line + j, s->settings.log, all);
        if (!complete(line, all, from, to)) continue;
        double *x = kept + count * (to - from);
        memcpy(x, all + from, (to - from) * sizeof *x);
        f->donor[h][count] = (uint32_t)j;
        f->x[h][count++] = x;
    }
    free(all);
    if (!ok) return abn_fail_memory(err);
    f->shift[h] = (int32_t)from;
    f->history[h] = (abn_history){
        .n = to - from, .k = count, .y = line->y + from, .x = f->x[h], .date = line->date + from};
    if (!count) f->why[k->event] = "no donor: none has every return and no event of its own";
    return ABN_OK;
}

/* Which lines may be donors, and their given values (NULL where one has none). */
static abn_status choose_donors(const abn_study *s, bool *donor, double *value, bool *valued,
                                abn_error *err)
{
    const abn_study_settings *o = &s->settings;
    for (size_t j = 0; j < s->n_lines; j++)
        donor[j] = o->n_donors == 0 && !is_benchmark(s, (uint32_t)j);
    *valued = o->n_donors > 0;
    for (size_t i = 0; i < o->n_donors; i++) {
        uint32_t j = abn_map_find(s->symbols, abn_slice_of(o->donor[i].symbol));
        if (j == ABN_MAP_NONE)
            return abn_fail(err, ABN_DATA, "no quotes of donor %s", o->donor[i].symbol);
        donor[j] = true;
        value[j] = o->donor[i].weight;
        if (!(value[j] > 0)) *valued = false;
    }
    return ABN_OK;
}

static abn_status fill_donors(const abn_study *s, abn_family *f, const key *first, abn_error *err)
{
    bool *donor = calloc(2 * s->n_lines + 2, sizeof *donor), *busy = donor + s->n_lines + 1;
    double *value = calloc(s->n_lines + 1, sizeof *value);
    bool valued = false;
    f->shift = calloc(f->n + 1, sizeof *f->shift);
    f->donor = calloc(f->n + 1, sizeof *f->donor);
    f->weight = calloc(f->n + 1, sizeof *f->weight);
    bool ok = donor && value && f->shift && f->donor && f->weight;
    abn_status status = ok ? choose_donors(s, donor, value, &valued, err) : abn_fail_memory(err);
    for (size_t h = 0; status == ABN_OK && h < f->n; h++) {
        if (s->settings.n_donors == 0) mark_busy(s, first[h].event, busy);
        status = donor_history(s, f, h, first + h, donor, busy, err);
        if (status == ABN_OK && !given_weights(f, h, valued ? value : NULL))
            status = abn_fail_memory(err);
    }
    free(donor);
    free(value);
    return status;
}

/* ---- days of other events ---- */

/* A copy of each history's returns without the days inside any event's window. */
static abn_status mask_events(const abn_study *s, abn_family *f, abn_error *err)
{
    double **more = realloc(f->column, (f->n_columns + f->n + 1) * sizeof *more);
    if (!more) return abn_fail_memory(err);
    f->column = more;
    for (size_t h = 0; h < f->n; h++) {
        abn_history *history = f->history + h;
        double *y = malloc((history->n + 1) * sizeof *y);
        if (!y) return abn_fail_memory(err);
        f->column[f->n_columns++] = y;
        memcpy(y, history->y, history->n * sizeof *y);
        history->fit_y = y;
    }
    for (size_t i = 0; i < s->input.n_events; i++) {
        const abn_place *p = s->place + i;
        if (f->of[i] == UINT32_MAX) continue;
        const abn_history *history = f->history + f->of[i];
        double *y = f->column[f->n_columns - f->n + f->of[i]];
        int32_t shift = f->shift ? f->shift[f->of[i]] : 0;
        for (int day = p->window.from; day <= p->window.to; day++) {
            int64_t t = (int64_t)p->row - shift + day;
            if (t >= 0 && t < (int64_t)history->n) y[t] = NAN;
        }
    }
    return ABN_OK;
}

/* ---- shares ---- */

static double mean_of_estimation(const abn_history *h, const abn_place *p, int32_t shift)
{
    double sum = 0, count = 0;
    for (int day = p->estimation.from; day <= p->estimation.to; day++) {
        int64_t t = (int64_t)p->row - shift + day;
        if (t < 0 || t >= (int64_t)h->n || isnan(h->y[t])) continue;
        sum += h->y[t];
        count++;
    }
    return sum / count;
}

/* Each history's values over their mean in its event's estimation window, less one. */
static abn_status take_shares(const abn_study *s, abn_family *f, const key *first, abn_error *err)
{
    double **more = realloc(f->column, (f->n_columns + f->n + 1) * sizeof *more);
    if (!more) return abn_fail_memory(err);
    f->column = more;
    for (size_t h = 0; h < f->n; h++) {
        abn_history *history = f->history + h;
        double *y = malloc((history->n + 1) * sizeof *y);
        if (!y) return abn_fail_memory(err);
        f->column[f->n_columns++] = y;
        double mean =
            mean_of_estimation(history, s->place + first[h].event, f->shift ? f->shift[h] : 0);
        for (size_t t = 0; t < history->n; t++)
            y[t] = mean > 0 ? history->y[t] / mean - 1 : NAN;
        history->y = y;
    }
    return ABN_OK;
}

/* ---- a family ---- */

static bool same_family(const abn_family *f, abn_model_kind kind, const char *const *factor,
                        size_t n)
{
    if (f->kind != kind || f->n_factors != n) return false;
    for (size_t i = 0; i < n; i++)
        if (strcmp(f->factor[i], factor[i]) != 0) return false;
    return true;
}

static abn_status check_factors(const abn_study *s, const abn_study_model *model, abn_error *err)
{
    if (!s->input.factors)
        return abn_fail(err, ABN_USAGE, "model %s needs a factors file", model->label);
    for (size_t c = 0; c < model->n_factors; c++)
        if (abn_factors_find(s->input.factors, model->factor[c]) < 0)
            return abn_fail(err, ABN_USAGE, "model %s needs a factor %s, which the file has not",
                            model->label, model->factor[c]);
    return ABN_OK;
}

static abn_status fill_all(const abn_study *s, abn_family *f, const key *first, abn_error *err)
{
    f->n_columns = f->n * (f->width + 1);
    f->history = calloc(f->n + 1, sizeof *f->history);
    f->column = calloc(f->n_columns + 1, sizeof *f->column);
    f->x = calloc(f->n + 1, sizeof *f->x);
    if (!f->history || !f->column || !f->x) return abn_fail_memory(err);
    if (f->kind == ABN_MODEL_DONORS) return fill_donors(s, f, first, err);
    abn_status status = ABN_OK;
    int threads = s->settings.threads > 0 ? s->settings.threads : omp_get_max_threads();
#pragma omp parallel for schedule(dynamic, 4) num_threads(threads)
    for (size_t h = 0; h < f->n; h++) {
        abn_status one = fill_history(s, f, h, first + h, NULL);
        if (one == ABN_OK) continue;
#pragma omp critical
        status = one;
    }
    return status == ABN_OK ? ABN_OK : abn_fail_memory(err);
}

abn_status abn_study_family(abn_study *s, size_t m, abn_family **out, abn_error *err)
{
    const abn_study_model *model = s->settings.model + m;
    abn_model_kind kind = model->model->kind;
    const char *const *factor = NULL;
    size_t n_factors = 0;
    if (kind == ABN_MODEL_FACTORS) {
        abn_status status = check_factors(s, model, err);
        if (status != ABN_OK) return status;
        bool all = model->n_factors == 0;
        n_factors = all ? s->input.factors->count : model->n_factors;
        const char **names = abn_arena_alloc(s->arena, (n_factors + 1) * sizeof *names);
        if (!names) return abn_fail_memory(err);
        /* As the file writes them. */
        for (size_t c = 0; c < n_factors; c++) {
            int at = all ? (int)c : abn_factors_find(s->input.factors, model->factor[c]);
            names[c] = s->input.factors->name[at];
        }
        factor = names;
    }
    for (size_t i = 0; i < s->n_families; i++)
        if (same_family(s->family + i, kind, factor, n_factors)) {
            *out = s->family + i;
            return ABN_OK;
        }
    abn_family *f = s->family + s->n_families++;
    *f = (abn_family){.kind = kind, .factor = factor, .n_factors = n_factors};
    f->width = kind == ABN_MODEL_MARKET ? 1 : kind == ABN_MODEL_FACTORS ? n_factors : 0;
    key *first = NULL;
    abn_status status = number_keys(s, f, &first) ? ABN_OK : abn_fail_memory(err);
    if (status == ABN_OK) status = fill_all(s, f, first, err);
    if (status == ABN_OK && s->settings.measure == ABN_MEASURE_VOLUME_SHARE)
        status = take_shares(s, f, first, err);
    if (status == ABN_OK && s->settings.exclude_events) status = mask_events(s, f, err);
    free(first);
    if (status == ABN_OK) *out = f;
    return status;
}
