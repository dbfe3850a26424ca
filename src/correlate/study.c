/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study_parts.h"
#include <abnorm/buf.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

abn_study_settings abn_study_defaults(void)
{
    static const abn_window windows[] = {{0, 0}, {-1, 1}, {-10, 10}};
    return (abn_study_settings){.estimation = {-250, -11},
                                .window = {-10, 10},
                                .windows = windows,
                                .n_windows = 3,
                                .level = .95,
                                .replicates = 999};
}

/* The market model and every statistic where the settings name none. */
static void fill_settings(abn_study *s)
{
    if (!s->settings.n_models) {
        s->market =
            (abn_study_model){.model = abn_model_find(abn_slice_of("market")), .label = "market"};
        s->settings.model = &s->market;
        s->settings.n_models = 1;
    }
    bool given = s->settings.n_statistics > 0,
         compounds = s->settings.measure == ABN_MEASURE_RETURN;
    size_t all = given ? s->settings.n_statistics : abn_statistics_count, n = 0;
    for (size_t i = 0; i < all && n < ABN_STATISTICS_MOST; i++) {
        const abn_statistic *one = given ? s->settings.statistic[i] : abn_statistics + i;
        if (compounds || !(one->needs & ABN_NEED_BHAR)) s->every[n++] = one;
    }
    s->settings.statistic = s->every;
    s->settings.n_statistics = n;
}

/* ---- one model ---- */

static bool can_be_fitted(const abn_study *s, const abn_family *f, size_t i)
{
    const abn_place *p = s->place + i;
    if (p->problem || f->of[i] == UINT32_MAX || f->why[i]) return false;
    if (f->kind == ABN_MODEL_FACTORS && !isnan(s->line[p->line].y[p->row]) &&
        isnan(f->history[f->of[i]].y[p->row]))
        f->why[i] = "no factors on day 0";
    return !f->why[i];
}

static void make_occasion(const abn_study *s, abn_study_fit *fit, size_t i, uint32_t j)
{
    const abn_place *p = s->place + i;
    const abn_family *f = fit->family;
    fit->occasion[j] = (abn_occasion){.history = f->of[i],
                                      .day0 = p->row - (f->shift ? f->shift[f->of[i]] : 0),
                                      .estimation = p->estimation,
                                      .window = p->window};
    fit->event[j] = (uint32_t)i;
    fit->index[i] = j;
    fit->order[fit->n++] = j;
}

/* Occasions lie by history, as they are fitted and summed; `order` has them by event. */
static bool make_occasions(const abn_study *s, abn_study_fit *fit)
{
    size_t n = s->input.n_events;
    const abn_family *f = fit->family;
    uint32_t *first = calloc(f->n + 1, sizeof *first);
    fit->occasion = calloc(n + 1, sizeof *fit->occasion);
    fit->event = malloc((n + 1) * sizeof *fit->event);
    fit->index = malloc((n + 1) * sizeof *fit->index);
    fit->order = malloc((n + 1) * sizeof *fit->order);
    bool ok = first && fit->occasion && fit->event && fit->index && fit->order;
    for (size_t i = 0; ok && i < n; i++) {
        fit->index[i] = can_be_fitted(s, f, i) ? 0 : UINT32_MAX;
        if (fit->index[i] == 0) first[f->of[i] + 1]++;
    }
    for (size_t h = 0; ok && h < f->n; h++)
        first[h + 1] += first[h];
    for (size_t i = 0; ok && i < n; i++)
        if (fit->index[i] == 0) make_occasion(s, fit, i, first[f->of[i]]++);
    free(first);
    return ok;
}

/* Rows of returns.csv an occasion has: the sessions of its own window that its listing has. */
static size_t count_returns(const abn_study_fit *fit, size_t j)
{
    const abn_occasion *o = fit->occasion + j;
    if (fit->panel->status[j] != ABN_OK) return 0;
    int64_t n = (int64_t)fit->panel->history[o->history].n;
    int64_t from = (int64_t)o->day0 + o->window.from, to = (int64_t)o->day0 + o->window.to;
    if (from < 0) from = 0;
    if (to >= n) to = n - 1;
    return to < from ? 0 : (size_t)(to - from + 1);
}

static bool index_rows(abn_study_fit *fit)
{
    fit->first_return = malloc((fit->n + 1) * sizeof *fit->first_return);
    fit->fitted = malloc((fit->n + 1) * sizeof *fit->fitted);
    if (!fit->first_return || !fit->fitted) return false;
    size_t total = 0;
    for (size_t k = 0; k < fit->n; k++) {
        uint32_t j = fit->order[k];
        fit->first_return[k] = total;
        total += count_returns(fit, j);
        if (fit->panel->status[j] == ABN_OK) fit->fitted[fit->n_fitted++] = j;
    }
    fit->first_return[fit->n] = total;
    return true;
}

static bool wants(const abn_study *s, const char *name)
{
    for (size_t i = 0; i < s->settings.n_statistics; i++)
        if (strcmp(s->settings.statistic[i]->name, name) == 0) return true;
    return false;
}

/* Position of each CAR among sums of its own residuals. */
static abn_status find_positions(abn_study *s, abn_study_fit *fit, abn_error *err)
{
    size_t n = fit->n_fitted, w = s->settings.n_windows, m = fit->panel->m;
    bool sq = wants(s, "sq_p"), placebo = wants(s, "placebo_p"), ok = true;
    if (!sq && !placebo) return ABN_OK;
    fit->sq = malloc((n * w + 1) * sizeof *fit->sq);
    fit->placebo = malloc((n * w + 1) * sizeof *fit->placebo);
    if (!fit->sq || !fit->placebo) return abn_fail_memory(err);
    int threads = s->settings.threads > 0 ? s->settings.threads : omp_get_max_threads();
#pragma omp parallel num_threads(threads)
    {
        double *residual = malloc((3 * m + 2) * sizeof *residual);
        if (!residual) {
#pragma omp atomic write
            ok = false;
        }
#pragma omp for schedule(static, 64)
        for (size_t j = 0; j < n; j++) {
            if (!residual) continue;
            abn_panel_residuals(fit->panel, fit->fitted[j], residual);
            abn_position_prepare(residual, m, residual + m);
            for (size_t k = 0; k < w; k++) {
                abn_window window = s->settings.windows[k];
                size_t length = (size_t)(window.to - window.from + 1);
                double car = abn_panel_car(fit->panel, fit->fitted[j], window).car;
                abn_position p = abn_position_find(residual + m, m, car, length);
                fit->sq[j * w + k] = sq ? p.sq_p : NAN;
                fit->placebo[j * w + k] = placebo ? p.placebo_p : NAN;
            }
        }
        free(residual);
    }
    return ok ? ABN_OK : abn_fail_memory(err);
}

static abn_status fit_panel(abn_study *s, abn_study_fit *fit, const abn_panel_options *options,
                            abn_error *err)
{
    abn_status status = abn_panel_fit(fit->family->history, fit->family->n, fit->occasion, fit->n,
                                      options, &fit->panel, err);
    if (status != ABN_OK) return status;
    if (!index_rows(fit)) return abn_fail_memory(err);
    return find_positions(s, fit, err);
}

static abn_status fit_model(abn_study *s, size_t m, abn_error *err)
{
    abn_study_fit *fit = s->fit + m;
    abn_panel_options options = {.model = s->settings.model[m].model,
                                 .min_estimation = s->settings.min_estimation,
                                 .log = s->settings.log,
                                 .threads = s->settings.threads};
    fit->correlation = NAN;
    abn_status status = abn_study_family(s, m, &fit->family, err);
    if (status == ABN_OK && !make_occasions(s, fit)) status = abn_fail_memory(err);
    status = abn_study_meet_windows(s, fit, status, &options, err);
    if (status == ABN_OK && fit->n) status = fit_panel(s, fit, &options, err);
    return abn_crew_agree(s->crew, status, err);
}

/* ---- why events are missing ---- */

static abn_status add_note(abn_study *s, size_t i, const char *model, const char *why,
                           abn_error *err)
{
    abn_place *p = s->place + i;
    abn_buf text = {0};
    if (p->note) abn_buf_printf(&text, "%s; ", p->note);
    if (model) abn_buf_printf(&text, "%s: ", model);
    abn_buf_text(&text, why);
    p->note = text.failed ? NULL : abn_arena_strdup(s->arena, text.data);
    abn_buf_free(&text);
    return p->note ? ABN_OK : abn_fail_memory(err);
}

/* What a model says of an event: why it has no fit, or what the fit met. */
static const char *remark_of(const abn_study_fit *fit, size_t i, bool *left_out)
{
    *left_out = true;
    if (fit->family->why[i]) return fit->family->why[i];
    uint32_t j = fit->index[i];
    if (j == UINT32_MAX) return NULL;
    *left_out = fit->panel->status[j] != ABN_OK;
    return fit->panel->reason[j];
}

static abn_status explain(abn_study *s, abn_error *err)
{
    abn_status status = ABN_OK;
    for (size_t i = 0; i < s->input.n_events && status == ABN_OK; i++) {
        if (s->place[i].problem) continue;
        const char *last = NULL;
        for (size_t m = 0; m < s->settings.n_models && status == ABN_OK; m++) {
            bool left_out;
            char text[160];
            const char *why = remark_of(s->fit + m, i, &left_out);
            if (!why || why == last) continue;
            last = why;
            uint32_t j = s->fit[m].index[i];
            bool thin = left_out && j != UINT32_MAX && s->fit[m].panel->status[j] == ABN_HISTORY &&
                        s->fit[m].panel->rows[j] > 0;
            int n = snprintf(text, sizeof text, "%s%s", left_out ? "left out: " : "", why);
            if (thin)
                snprintf(text + n, sizeof text - (size_t)n, " (%u)", s->fit[m].panel->rows[j]);
            bool several = s->settings.n_models > 1;
            status = add_note(s, i, several ? s->settings.model[m].label : NULL, text, err);
        }
    }
    return status;
}

static bool is_measured(const abn_study *s, size_t i)
{
    for (size_t m = 0; m < s->settings.n_models; m++) {
        const abn_study_fit *fit = s->fit + m;
        uint32_t j = fit->index ? fit->index[i] : UINT32_MAX;
        if (j != UINT32_MAX && fit->panel->status[j] == ABN_OK) return true;
    }
    return false;
}

/* The first event in order that nobody could measure, and how many were measured. */
typedef struct outcome {
    uint64_t measured, first;
    char note[480];
} outcome;

static abn_status take_outcome(void *to, const void *bytes, size_t size, abn_error *err)
{
    outcome *all = to, one;
    (void)err;
    memcpy(&one, bytes, size);
    one.measured += all->measured;
    if (all->first < one.first) {
        one.first = all->first;
        memcpy(one.note, all->note, sizeof one.note);
    }
    *all = one;
    return ABN_OK;
}

/* Name each event that no model could measure. */
static abn_status count_measured(abn_study *s, abn_status mine, abn_error *err)
{
    outcome own = {.first = UINT64_MAX}, all = {.first = UINT64_MAX, .note = "none given"};
    abn_keyed keyed = abn_keyed_start(s->notes);
    for (size_t i = 0; mine == ABN_OK && i < s->input.n_events; i++) {
        bool measured = is_measured(s, i);
        own.measured += measured;
        if (measured) continue;
        const abn_study_event *e = s->input.event + i;
        const char *note = s->place[i].note ? s->place[i].note : "left out";
        if (own.first == UINT64_MAX) {
            own.first = abn_study_number(s, i);
            snprintf(own.note, sizeof own.note, "%s", note);
        }
        abn_note_at(s->notes, "event left out", e->source, e->line, 0, "event %s, %s: %s",
                    e->event_id, e->symbol, note);
        if (!s->crew) continue;
        char key[16];
        snprintf(key, sizeof key, "%010u", abn_study_number(s, i));
        abn_keyed_add(&keyed, s->notes, abn_arena_strdup(s->arena, key));
    }
    abn_status status = abn_keyed_gather(&keyed, s->notes, s->crew, mine, err);
    if (status == ABN_OK)
        status = abn_crew_gather(s->crew, ABN_OK, &own, sizeof own, take_outcome, &all, err);
    if (status == ABN_OK && abn_crew_leads(s->crew) && !all.measured)
        status = abn_fail(err, ABN_DATA, "no event can be measured (the first: %s)", all.note);
    return abn_crew_agree(s->crew, status, err);
}

/* ---- what tables need ---- */

static bool index_models(abn_study *s)
{
    size_t n = s->settings.n_models, w = s->settings.n_windows, most = 0;
    s->first_return = calloc(3 * (n + 1), sizeof *s->first_return);
    if (!s->first_return) return false;
    s->first_car = s->first_return + n + 1;
    s->first_model = s->first_car + n + 1;
    for (size_t m = 0; m < n; m++) {
        const abn_study_fit *fit = s->fit + m;
        size_t returns = fit->n ? fit->first_return[fit->n] : 0;
        s->first_return[m + 1] = s->first_return[m] + returns;
        s->first_car[m + 1] = s->first_car[m] + fit->n_fitted * w;
        s->first_model[m + 1] = s->first_model[m] + fit->n_fitted;
        for (size_t j = 0; j < fit->n; j++)
            if (fit->panel->rows[j] > most) most = fit->panel->rows[j];
    }
    s->n_quantiles = most + 1;
    s->quantile = malloc(s->n_quantiles * sizeof *s->quantile);
    if (!s->quantile) return false;
    for (size_t df = 0; df < s->n_quantiles; df++)
        s->quantile[df] = NAN;
    for (size_t m = 0; m < n; m++)
        for (size_t j = 0; j < s->fit[m].n_fitted; j++) {
            uint32_t i = s->fit[m].fitted[j];
            size_t df = s->fit[m].panel->rows[i] - s->fit[m].panel->params[i];
            if (isnan(s->quantile[df]))
                s->quantile[df] = abn_student_quantile(s->settings.level, (double)df);
        }
    return true;
}

static size_t slot(const char **names, size_t most, const char *name)
{
    for (size_t i = 0; i < most; i++) {
        if (!names[i]) names[i] = name;
        if (strcmp(names[i], name) == 0) return i;
    }
    return most;
}

static void name_slots(abn_study *s)
{
    for (size_t m = 0; m < s->settings.n_models; m++) {
        const abn_study_fit *fit = s->fit + m;
        const abn_model *model = s->settings.model[m].model;
        for (size_t c = 0; c < fit->family->n_factors; c++)
            slot(s->factor_name, ABN_STUDY_COEFFICIENTS, fit->family->factor[c]);
        for (size_t c = 0; c < ABN_MODEL_EXTRAS && model->extra[c]; c++)
            slot(s->extra_name, ABN_MODEL_EXTRAS, model->extra[c]);
    }
}

/* ---- the run ---- */

bool abn_study_divides(const abn_study_settings *o)
{
    for (size_t m = 0; m < o->n_models; m++)
        if (o->model[m].model->kind == ABN_MODEL_DONORS) return false;
    return o->convention == ABN_AS_PAPERS;
}

static abn_status check_settings(const abn_study_settings *o, const abn_crew *crew, abn_error *err)
{
    if (crew && !abn_study_divides(o))
        return abn_fail(err, ABN_USAGE, "this study cannot be divided among processes");
    if (o->estimation.to >= o->window.from)
        return abn_fail(err, ABN_USAGE,
                        "the estimation window %d:%d must end before the event window %d:%d",
                        o->estimation.from, o->estimation.to, o->window.from, o->window.to);
    for (size_t w = 0; w < o->n_windows; w++)
        if (o->windows[w].from < o->window.from || o->windows[w].to > o->window.to)
            return abn_fail(err, ABN_USAGE, "window %d:%d lies outside the event window %d:%d",
                            o->windows[w].from, o->windows[w].to, o->window.from, o->window.to);
    return ABN_OK;
}

static abn_status run(abn_study *s, abn_error *err)
{
    abn_status status = ABN_OK;
    for (size_t m = 0; status == ABN_OK && m < s->settings.n_models; m++)
        status = fit_model(s, m, err);
    if (status != ABN_OK) return status;
    status = explain(s, err);
    status = count_measured(s, status, err);
    if (status != ABN_OK) return status;
    if (!index_models(s)) status = abn_fail_memory(err);
    if (status == ABN_OK) status = abn_study_place_rows(s, err);
    name_slots(s);
    status = abn_study_tell_places(s, status, err);
    if (status == ABN_OK && abn_crew_leads(s->crew)) status = abn_study_note_dependence(s, err);
    status = abn_crew_agree(s->crew, status, err);
    if (status == ABN_OK) status = abn_study_test_all(s, err);
    s->notes = NULL;
    return status;
}

abn_status abn_study_open(const abn_study_input *input, const abn_study_settings *settings,
                          bool every_listing, abn_notes *notes, abn_study **out, abn_error *err)
{
    abn_study *s = calloc(1, sizeof *s);
    if (!s) return abn_fail_memory(err);
    s->input = *input;
    s->settings = *settings;
    s->settings.log = settings->log && settings->measure == ABN_MEASURE_RETURN;
    fill_settings(s);
    s->crew = input->crew;
    s->notes = notes;
    s->every_listing = every_listing;
    s->line_options = (abn_line_options){.log = s->settings.log,
                                         .single_sessions = settings->single_sessions,
                                         .measure = settings->measure,
                                         .actions = input->actions};
    s->arena = abn_arena_new();
    s->fit = calloc(s->settings.n_models, sizeof *s->fit);
    s->family = calloc(s->settings.n_models, sizeof *s->family);
    abn_status status = s->arena && s->fit && s->family ? ABN_OK : abn_fail_memory(err);
    if (status == ABN_OK && !every_listing) status = abn_study_take_share(s, err);
    if (status == ABN_OK || s->crew) status = abn_study_place(s, status, err);
    if (status == ABN_OK)
        *out = s;
    else
        abn_study_free(s);
    return status;
}

abn_status abn_study_run(const abn_study_input *input, const abn_study_settings *settings,
                         abn_notes *notes, abn_study **out, abn_error *err)
{
    abn_study *s = NULL;
    abn_status status = check_settings(settings, input->crew, err);
    if (status == ABN_OK) status = abn_study_open(input, settings, false, notes, &s, err);
    if (status == ABN_OK) status = run(s, err);
    if (status == ABN_OK)
        *out = s;
    else
        abn_study_free(s);
    return status;
}

static void free_fit(abn_study_fit *fit)
{
    abn_panel_free(fit->panel);
    free(fit->occasion);
    free(fit->event);
    free(fit->index);
    free(fit->order);
    free(fit->first_return);
    free(fit->fitted);
    free(fit->sq);
    free(fit->placebo);
}

void abn_study_free(abn_study *s)
{
    if (!s) return;
    for (size_t m = 0; s->fit && m < s->settings.n_models; m++)
        free_fit(s->fit + m);
    for (size_t f = 0; f < s->n_families; f++)
        abn_family_free(s->family + f);
    for (size_t i = 0; s->line && i < s->n_lines; i++)
        abn_line_free(s->line + i);
    for (size_t i = 0; i < s->n_sessions; i++)
        free(s->sessions[i].date);
    for (size_t g = 0; s->group && g < s->n_groups; g++)
        free(s->group[g].event);
    for (size_t r = 0; r < ABN_STUDY_TABLES; r++) {
        free(s->rows[r].first);
        free(s->rows[r].place);
    }
    abn_partition_free(s->partition);
    free(s->own);
    free(s->number);
    free(s->told);
    free(s->group_of);
    free(s->fit);
    free(s->family);
    free(s->line);
    free(s->line_room);
    free(s->sessions);
    free(s->place);
    free(s->group);
    free(s->test);
    free(s->first_return);
    free(s->quantile);
    abn_map_free(s->symbols);
    abn_arena_free(s->arena);
    for (size_t i = 0; i < s->n_thread_arenas; i++)
        abn_arena_free(s->thread_arena[i]);
    free(s->thread_arena);
    free(s);
}
