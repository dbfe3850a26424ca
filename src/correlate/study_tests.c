/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups of events, and every test on each. */
#include "study_parts.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Names are those of all events, in the order in which they come; members are this process's. */
static abn_status make_groups(abn_study *s, abn_error *err)
{
    size_t n = s->input.n_events;
    abn_map *names = abn_map_new();
    if (s->settings.group) s->group_of = malloc((s->n_all + 1) * sizeof *s->group_of);
    if (!names || (s->settings.group && !s->group_of)) {
        abn_map_free(names);
        return abn_fail_memory(err);
    }
    bool ok = true;
    for (size_t i = 0; s->settings.group && ok && i < s->n_all; i++) {
        uint32_t id = abn_map_add(names, abn_slice_of(s->all[i].group));
        ok = id != ABN_MAP_NONE;
        s->group_of[i] = 1 + id;
    }
    s->n_groups = 1 + abn_map_count(names);
    s->group = calloc(s->n_groups, sizeof *s->group);
    ok = ok && s->group;
    for (size_t i = 0; ok && i < n; i++) {
        s->group[0].n++;
        if (s->settings.group) s->group[s->group_of[abn_study_number(s, i)]].n++;
    }
    for (size_t g = 0; ok && g < s->n_groups; g++) {
        s->group[g].event = malloc((s->group[g].n + 1) * sizeof *s->group[g].event);
        const char *name = g ? abn_map_name(names, (uint32_t)g - 1) : "all";
        s->group[g].name = abn_arena_strdup(s->arena, *name ? name : "(none)");
        s->group[g].n = 0;
        ok = s->group[g].event && s->group[g].name;
    }
    for (size_t i = 0; ok && i < n; i++) {
        s->group[0].event[s->group[0].n++] = (uint32_t)i;
        if (!s->settings.group) continue;
        abn_group *g = s->group + s->group_of[abn_study_number(s, i)];
        g->event[g->n++] = (uint32_t)i;
    }
    abn_map_free(names);
    return ok ? ABN_OK : abn_fail_memory(err);
}

/* Each day of the event window, then each longer window; one-day windows are days. */
typedef struct spans {
    abn_window *at;
    bool *resample;
    size_t n;
} spans;

static bool make_spans(const abn_study *s, spans *out)
{
    const abn_study_settings *o = &s->settings;
    abn_window days = o->window;
    for (size_t i = 0; i < s->n_all; i++) {
        if (!s->all[i].has_window) continue;
        if (s->all[i].window.from < days.from) days.from = s->all[i].window.from;
        if (s->all[i].window.to > days.to) days.to = s->all[i].window.to;
    }
    size_t room = (size_t)(days.to - days.from + 1) + o->n_windows;
    out->at = calloc(room, sizeof *out->at);
    out->resample = calloc(room, sizeof *out->resample);
    if (!out->at || !out->resample) return false;
    for (int day = days.from; day <= days.to; day++)
        out->at[out->n++] = (abn_window){day, day};
    for (size_t w = 0; w < o->n_windows; w++) {
        size_t at = o->windows[w].from == o->windows[w].to
                        ? (size_t)(o->windows[w].from - days.from)
                        : out->n++;
        out->at[at] = o->windows[w];
        out->resample[at] = true;
    }
    return true;
}

/* Occasions of a group that can be standardised. */
static size_t members(const abn_study_fit *fit, const abn_group *g, uint32_t *out)
{
    size_t n = 0;
    for (size_t i = 0; i < g->n; i++) {
        uint32_t j = fit->index[g->event[i]];
        if (j != UINT32_MAX && fit->panel->status[j] == ABN_OK && fit->panel->sigma[j] > 0)
            out[n++] = j;
    }
    return n;
}

static double side(const abn_test *t, abn_alternative alternative)
{
    return alternative == ABN_GREATER ? t->p_upper : alternative == ABN_LESS ? t->p_lower : t->p;
}

static void keep_tests(abn_study *s, const abn_group *g, const char *label, const spans *w,
                       const abn_statistic *const *statistic, size_t count, const abn_test *t)
{
    for (size_t i = 0; i < w->n; i++)
        for (size_t k = 0; k < count; k++, t++) {
            if (statistic[k]->scope == ABN_SCOPE_WINDOWS && !w->resample[i]) continue;
            if ((statistic[k]->needs & ABN_NEED_REPLICATES) && !w->resample[i]) continue;
            s->test[s->n_tests++] = (abn_tests_row){.group = g->name,
                                                    .model = label,
                                                    .window_from = w->at[i].from,
                                                    .window_to = w->at[i].to,
                                                    .statistic = statistic[k]->name,
                                                    .n = (int64_t)t->n,
                                                    .estimate = t->estimate,
                                                    .value = t->value,
                                                    .df = t->df,
                                                    .p = side(t, s->settings.alternative),
                                                    .p_holm = NAN,
                                                    .p_bh = NAN};
        }
}

/* Say what the correlation is where it is not the mean over pairs. */
static void note_correlation(abn_study *s, const abn_correlation *r)
{
    if (isnan(r->mean) || r->exact) return;
    abn_note_at(s->notes, "correlation", NULL, 0, 0,
                "mean correlation of %zu events from the sum of their residual vectors: %s", r->n,
                s->settings.pairing == ABN_PAIR_CALENDAR
                    ? "days that a pair of estimation windows does not share count as zero"
                    : "missing days count as zero");
}

/* Each occasion's block. */
static bool list_blocks(const abn_study *s, const abn_study_fit *fit, uint32_t *block)
{
    for (size_t j = 0; block && j < fit->n; j++)
        block[j] = abn_study_block(s, fit->event[j]);
    return block != NULL;
}

static abn_status test_group(abn_study *s, size_t m, size_t g, const spans *w,
                             const abn_statistic *const *statistic, size_t count, abn_error *err)
{
    abn_study_fit *fit = s->fit + m;
    uint32_t *event = malloc((fit->n + 1) * sizeof *event);
    uint32_t *block = malloc((fit->n + 1) * sizeof *block);
    abn_test *out = malloc((w->n * count + 1) * sizeof *out);
    bool fine = event && out && list_blocks(s, fit, block);
    abn_status status = abn_crew_agree(s->crew, fine ? ABN_OK : abn_fail_memory(err), err);
    size_t n = status == ABN_OK ? members(fit, s->group + g, event) : 0;
    abn_tests_options options = {.statistic = statistic,
                                 .count = count,
                                 .window = w->at,
                                 .resample = w->resample,
                                 .windows = w->n,
                                 .pairing = s->settings.pairing,
                                 .convention = s->settings.convention,
                                 .replicates = s->settings.replicates,
                                 .seed = s->settings.seed,
                                 .threads = s->settings.threads,
                                 .block = block,
                                 .crew = s->crew};
    abn_correlation r;
    if (status == ABN_OK) status = abn_tests_run(fit->panel, event, n, &options, out, &r, err);
    if (status == ABN_OK && abn_crew_leads(s->crew)) {
        if (g == 0) fit->correlation = r.mean;
        if (g == 0) note_correlation(s, &r);
        keep_tests(s, s->group + g, s->settings.model[m].label, w, statistic, count, out);
    }
    free(event);
    free(block);
    free(out);
    return status;
}

static abn_status adjust(abn_study *s, abn_error *err)
{
    size_t n = s->n_tests;
    double *p = malloc((3 * n + 1) * sizeof *p);
    if (!p) return abn_fail_memory(err);
    for (size_t i = 0; i < n; i++)
        p[i] = s->test[i].p;
    abn_status status = abn_adjust_holm(p, n, p + n, err);
    if (status == ABN_OK) status = abn_adjust_bh(p, n, p + 2 * n, err);
    for (size_t i = 0; status == ABN_OK && i < n; i++) {
        s->test[i].p_holm = p[n + i];
        s->test[i].p_bh = p[2 * n + i];
    }
    free(p);
    return status;
}

/* How many members each group has under each model, in all processes. */
static abn_status count_members(const abn_study *s, abn_status mine, uint64_t **out, abn_error *err)
{
    size_t models = s->settings.n_models;
    uint64_t *count = mine == ABN_OK ? calloc(s->n_groups * models + 1, sizeof *count) : NULL;
    uint32_t *event = malloc((s->input.n_events + 1) * sizeof *event);
    if (mine == ABN_OK && (!count || !event)) mine = abn_fail_memory(err);
    for (size_t g = 0; mine == ABN_OK && g < s->n_groups; g++)
        for (size_t m = 0; m < models; m++)
            count[g * models + m] = members(s->fit + m, s->group + g, event);
    free(event);
    abn_status status = abn_study_sum(s, mine, count, count ? s->n_groups * models : 0, err);
    if (status == ABN_OK)
        *out = count;
    else
        free(count);
    return status;
}

static abn_status test_each(abn_study *s, const spans *w, const abn_statistic *const *statistic,
                            size_t count, const uint64_t *n, abn_error *err)
{
    abn_status status = ABN_OK;
    for (size_t g = 0; status == ABN_OK && g < s->n_groups; g++)
        for (size_t m = 0; status == ABN_OK && m < s->settings.n_models; m++)
            if (count && n[g * s->settings.n_models + m])
                status = test_group(s, m, g, w, statistic, count, err);
    if (status == ABN_OK && abn_crew_leads(s->crew)) status = adjust(s, err);
    return abn_crew_agree(s->crew, status, err);
}

abn_status abn_study_test_all(abn_study *s, abn_error *err)
{
    size_t count = 0;
    spans w = {0};
    uint64_t *n = NULL;
    const abn_statistic **many = malloc((s->settings.n_statistics + 1) * sizeof *many);
    abn_status status = many && make_spans(s, &w) ? ABN_OK : abn_fail_memory(err);
    for (size_t i = 0; status == ABN_OK && i < s->settings.n_statistics; i++)
        if (s->settings.statistic[i]->test) many[count++] = s->settings.statistic[i];
    if (status == ABN_OK) status = make_groups(s, err);
    if (status == ABN_OK) {
        s->test = malloc((s->n_groups * s->settings.n_models * w.n * count + 1) * sizeof *s->test);
        if (!s->test) status = abn_fail_memory(err);
    }
    status = count_members(s, status, &n, err);
    if (status == ABN_OK) status = test_each(s, &w, many, count, n, err);
    free(n);
    free(many);
    free(w.at);
    free(w.resample);
    return status;
}
