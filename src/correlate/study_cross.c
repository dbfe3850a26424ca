/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cross_columns.h"
#include "study_parts.h"
#include <abnorm/groups.h>
#include <abnorm/power.h>
#include <abnorm/study_cross.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct abn_cross {
    abn_arena *arena;
    abn_cross_row *row;
    size_t n, cap;
};

/* One model and window: the events that have a CAR there. */
typedef struct sample {
    const abn_study *study;
    const abn_cross_settings *settings;
    abn_cross *cross;
    abn_cross_row head;    /* what every row of this sample begins with */
    abn_regressor *column; /* by event of the study */
    size_t columns;
    double *weight; /* by event, or NULL */
    size_t n;
    uint32_t *event; /* of the study */
    double *car, *variance;
    double *x; /* columns x n, compact, for the regression */
    double *y, *w;
    uint32_t *number; /* groups, or clusters */
} sample;

/* ---- rows ---- */

/* A new row; NULL without memory. */
static abn_cross_row *add(sample *s, const char *analysis, const char *term)
{
    abn_cross *c = s->cross;
    if (c->n == c->cap) {
        size_t cap = c->cap ? 2 * c->cap : 64;
        abn_cross_row *more = realloc(c->row, cap * sizeof *more);
        if (!more) return NULL;
        c->row = more, c->cap = cap;
    }
    abn_cross_row *row = &c->row[c->n++];
    *row = s->head;
    row->analysis = analysis;
    row->term = term;
    row->n = (int64_t)s->n;
    return row;
}

/* Why a figure is missing, on its row; running out of memory is no such reason. */
static abn_status explain(sample *s, abn_cross_row *row, const abn_error *why, abn_error *err)
{
    if (why->status == ABN_MEMORY) return abn_fail_memory(err);
    row->note = abn_arena_strdup(s->cross->arena, why->text);
    return row->note ? ABN_OK : abn_fail_memory(err);
}

/* ---- means ---- */

static abn_status add_mean(sample *s, const char *analysis, const char *term, const double *weight,
                           abn_error *err)
{
    abn_weighted found;
    abn_error why = {0};
    abn_cross_row *row = add(s, analysis, term);
    if (!row) return abn_fail_memory(err);
    if (abn_cross_section_mean(s->car, weight, s->n, &found, &why))
        return explain(s, row, &why, err);
    row->estimate = found.mean, row->se = found.se;
    row->value = found.t, row->df = found.df, row->p = found.p;
    return ABN_OK;
}

static abn_status add_means(sample *s, abn_error *err)
{
    abn_status status = add_mean(s, "mean", NULL, NULL, err);
    for (size_t i = 0; i < s->n; i++)
        s->w[i] = s->variance[i] > 0 ? 1 / s->variance[i] : 0;
    if (!status) status = add_mean(s, "precision_weighted_mean", NULL, s->w, err);
    if (status || !s->weight) return status;
    for (size_t i = 0; i < s->n; i++) {
        double own = s->weight[s->event[i]];
        s->w[i] = own > 0 ? own : 0;
    }
    const char *term = abn_arena_strdup(s->cross->arena, s->settings->weights);
    if (!term) return abn_fail_memory(err);
    return add_mean(s, "value_weighted_mean", term, s->w, err);
}

static abn_status add_minimum_effect(sample *s, abn_error *err)
{
    double mean = 0, squares = 0, n = (double)s->n;
    abn_cross_row *row = add(s, "minimum_effect", NULL);
    if (!row) return abn_fail_memory(err);
    for (size_t i = 0; i < s->n; i++)
        mean += s->car[i] / n;
    for (size_t i = 0; i < s->n; i++)
        squares += (s->car[i] - mean) * (s->car[i] - mean);
    double sd = sqrt(squares / (n - 1));
    row->estimate = abn_power_effect(s->n, sd, s->settings->power, s->settings->level);
    row->se = sd / sqrt(n);
    return ABN_OK;
}

/* ---- regression ---- */

/* Compact the events that have every regressor; their clusters are numbered. */
static size_t gather(sample *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        uint32_t event = s->event[i];
        bool whole = true;
        for (size_t j = 0; j < s->columns; j++)
            whole = whole && !isnan(s->column[j].value[event]);
        if (!whole) continue;
        for (size_t j = 0; j < s->columns; j++)
            s->x[j * s->n + n] = s->column[j].value[event];
        bool firm = s->settings->cluster == ABN_CLUSTER_FIRM;
        s->number[n] =
            firm ? s->study->partition->symbol_of[event] : (uint32_t)s->study->told[event].session;
        s->y[n++] = s->car[i];
    }
    return n;
}

static const char *regression_name(const abn_cross_settings *settings)
{
    static const char *const names[] = {"regression_classic", "regression_hc0", "regression_hc1",
                                        "regression_hc2",     "regression_hc3", NULL};
    if (settings->errors != ABN_ERRORS_CLUSTER) return names[settings->errors];
    return settings->cluster == ABN_CLUSTER_FIRM ? "regression_by_firm" : "regression_by_date";
}

static abn_status put_coefficients(sample *s, const char *name, const abn_lstsq *fit, double df,
                                   abn_error *err)
{
    for (size_t j = 0; j < fit->k; j++) {
        abn_cross_row *row = add(s, name, j ? s->column[j - 1].name : "constant");
        if (!row) return abn_fail_memory(err);
        row->n = (int64_t)fit->n;
        row->estimate = fit->coef[j], row->se = fit->se[j];
        row->value = fit->coef[j] / fit->se[j];
        row->df = df;
        row->p = abn_student_p(row->value, df);
        row->r_squared = fit->r_squared;
    }
    return ABN_OK;
}

static abn_status add_regression(sample *s, abn_error *err)
{
    if (!s->columns) return ABN_OK;
    const char *name = regression_name(s->settings);
    const double *x[ABN_REGRESSORS_MOST];
    double df = NAN;
    abn_error why = {0};
    size_t n = gather(s);
    for (size_t j = 0; j < s->columns; j++)
        x[j] = s->x + j * s->n;
    abn_lstsq *fit = abn_lstsq_new(n ? n : 1, s->columns + 1);
    if (!fit) return abn_fail_memory(err);
    abn_status status = abn_cross_section_fit(fit, s->y, n, x, s->columns, s->settings->errors,
                                              s->number, NULL, &df, &why);
    if (status) {
        abn_cross_row *row = add(s, name, NULL);
        if (row) row->n = (int64_t)n;
        status = row ? explain(s, row, &why, err) : abn_fail_memory(err);
    } else
        status = put_coefficients(s, name, fit, df, err);
    abn_lstsq_free(fit);
    return status;
}

/* ---- groups ---- */

/* CARs of events that belong to a group, beside its number; `last` gets how many groups have one,
 * `term` their names. */
static size_t gather_groups(sample *s, size_t *seen, char *term, size_t room)
{
    size_t n = 0;
    *seen = 0;
    term[0] = 0;
    for (uint32_t g = 1; g < s->study->n_groups; g++) { /* the first is all events */
        size_t before = n;
        if (!*s->study->group[g].name) continue;
        for (size_t i = 0; i < s->n && n < s->n; i++) {
            if (s->study->group_of[s->event[i]] != g) continue;
            s->number[n] = (uint32_t)*seen;
            s->y[n++] = s->car[i];
        }
        if (n == before) continue;
        size_t used = strlen(term);
        snprintf(term + used, room - used, "%s%s", *seen ? " - " : "", s->study->group[g].name);
        ++*seen;
    }
    return n;
}

typedef abn_status difference_function(const double *, const uint32_t *, size_t, size_t,
                                       abn_difference *, abn_error *);

static abn_status add_difference(sample *s, difference_function *test, const char *name,
                                 const char *term, size_t n, size_t groups, abn_error *err)
{
    abn_difference found;
    abn_error why = {0};
    abn_cross_row *row = add(s, name, term);
    if (!row) return abn_fail_memory(err);
    row->n = (int64_t)n;
    if (test(s->y, s->number, n, groups, &found, &why)) return explain(s, row, &why, err);
    row->estimate = found.estimate, row->value = found.value;
    row->df = found.df, row->df2 = found.df2, row->p = found.p;
    return ABN_OK;
}

static abn_status add_differences(sample *s, abn_error *err)
{
    char text[512];
    size_t groups, n = gather_groups(s, &groups, text, sizeof text);
    if (groups < 2) return ABN_OK;
    bool pair = groups == 2;
    const char *term = pair ? abn_arena_strdup(s->cross->arena, text) : NULL;
    if (pair && !term) return abn_fail_memory(err);
    abn_status status =
        add_difference(s, abn_groups_welch, pair ? "welch_t" : "welch_f", term, n, groups, err);
    if (!status && pair)
        status = add_difference(s, abn_groups_rank_sum, "rank_sum_z", term, n, groups, err);
    if (!status)
        status =
            add_difference(s, abn_groups_kruskal_wallis, "kruskal_wallis_h", term, n, groups, err);
    return status;
}

/* ---- the whole ---- */

static abn_status sample_make(sample *s, abn_arena *arena, abn_error *err)
{
    size_t n = s->study->n_all + 1;
    s->event = abn_arena_alloc(arena, n * sizeof *s->event);
    s->number = abn_arena_alloc(arena, n * sizeof *s->number);
    s->car = abn_arena_alloc(arena, (4 + s->columns) * n * sizeof *s->car);
    if (!s->event || !s->number || !s->car) return abn_fail_memory(err);
    s->variance = s->car + n, s->y = s->variance + n, s->w = s->y + n, s->x = s->w + n;
    return ABN_OK;
}

/* One event's CAR, as a process gives it. */
typedef struct given {
    uint64_t event;
    double car, se;
} given;

typedef struct collection {
    given *at;
    size_t n;
} collection;

static int by_event(const void *a, const void *b)
{
    const given *x = a, *y = b;
    return x->event < y->event ? -1 : x->event > y->event;
}

static abn_status take_cars(void *to, const void *bytes, size_t size, abn_error *err)
{
    collection *c = to;
    size_t more = size / sizeof(given);
    given *at = realloc(c->at, (c->n + more + 1) * sizeof *at);
    if (!at) return abn_fail_memory(err);
    c->at = at;
    if (more) memcpy(at + c->n, bytes, more * sizeof *at);
    c->n += more;
    return ABN_OK;
}

/* Every process's CARs of a model and window by event, on the first. */
static abn_status gather_cars(const abn_study *study, size_t m, abn_window window, abn_status mine,
                              collection *out, abn_error *err)
{
    const abn_study_fit *fit = study->fit + m;
    size_t n = 0;
    given *own = malloc((fit->n_fitted + 1) * sizeof *own);
    if (!own && mine == ABN_OK) mine = abn_fail_memory(err);
    for (size_t j = 0; mine == ABN_OK && j < fit->n_fitted; j++) {
        abn_car car = abn_panel_car(fit->panel, fit->fitted[j], window);
        if (isfinite(car.car))
            own[n++] =
                (given){abn_study_number(study, fit->event[fit->fitted[j]]), car.car, car.se};
    }
    abn_status status =
        abn_crew_gather(study->crew, mine, own, n * sizeof *own, take_cars, out, err);
    if (status == ABN_OK && out->n) qsort(out->at, out->n, sizeof *out->at, by_event);
    free(own);
    return status;
}

static abn_status fill(sample *s, size_t m, abn_window window, abn_status mine, abn_error *err)
{
    collection all = {0};
    abn_status status = gather_cars(s->study, m, window, mine, &all, err);
    s->n = 0;
    for (size_t j = 0; status == ABN_OK && j < all.n; j++) {
        s->event[s->n] = (uint32_t)all.at[j].event;
        s->variance[s->n] = all.at[j].se * all.at[j].se;
        s->car[s->n++] = all.at[j].car;
    }
    free(all.at);
    s->head = (abn_cross_row){.model = s->study->settings.model[m].label,
                              .window_from = window.from,
                              .window_to = window.to,
                              .estimate = NAN,
                              .se = NAN,
                              .value = NAN,
                              .df = NAN,
                              .df2 = NAN,
                              .p = NAN,
                              .r_squared = NAN};
    return status;
}

static abn_status analyse(sample *s, abn_error *err)
{
    abn_status status = ABN_OK;
    if (s->settings->winsorise > 0)
        status = abn_cross_section_winsorise(s->car, s->n, s->settings->winsorise, s->car, err);
    if (!status) status = add_means(s, err);
    if (!status) status = add_minimum_effect(s, err);
    if (!status) status = add_regression(s, err);
    if (!status) status = add_differences(s, err);
    return status;
}

/* Each process gives its CARs of every model and window; the first analyses them. */
static abn_status run_all(sample *s, abn_status mine, abn_error *err)
{
    const abn_study_settings *o = &s->study->settings;
    abn_status status = mine;
    for (size_t m = 0; m < o->n_models; m++)
        for (size_t w = 0; w < o->n_windows; w++) {
            status = fill(s, m, o->windows[w], status, err);
            if (status) return status;
            if (abn_crew_leads(s->study->crew)) status = analyse(s, err);
        }
    return abn_crew_agree(s->study->crew, status, err);
}

static abn_status load_columns(sample *s, const abn_event_list *events, abn_error *err)
{
    const abn_cross_settings *o = s->settings;
    abn_arena *arena = s->cross->arena;
    s->column = abn_arena_alloc(arena, ABN_REGRESSORS_MOST * sizeof *s->column);
    if (!s->column) return abn_fail_memory(err);
    abn_status status = ABN_OK;
    for (size_t i = 0; !status && i < o->n_regress; i++)
        status = abn_regressors_add(events, o->regress[i], arena, s->column, &s->columns, err);
    if (!status && o->weights)
        status = abn_regressor_numbers(events, o->weights, arena, &s->weight, err);
    return status;
}

abn_status abn_cross_new(const abn_study *study, const abn_event_list *events,
                         const abn_cross_settings *settings, abn_cross **out, abn_error *err)
{
    abn_cross *c = calloc(1, sizeof *c);
    abn_arena *scratch = abn_arena_new();
    if (c) c->arena = abn_arena_new();
    sample s = {.study = study, .settings = settings, .cross = c};
    abn_status status = c && c->arena && scratch ? ABN_OK : abn_fail_memory(err);
    if (!status && abn_crew_leads(study->crew)) status = load_columns(&s, events, err);
    if (!status && abn_crew_leads(study->crew)) status = sample_make(&s, scratch, err);
    status = run_all(&s, status, err);
    abn_arena_free(scratch);
    if (status)
        abn_cross_free(c);
    else
        *out = c;
    return status;
}

void abn_cross_free(abn_cross *cross)
{
    if (!cross) return;
    free(cross->row);
    abn_arena_free(cross->arena);
    free(cross);
}

const abn_cross_row *abn_cross_rows(const abn_cross *cross, size_t *n)
{
    *n = cross->n;
    return cross->row;
}
