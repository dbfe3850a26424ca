/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study_parts.h"

#include <abnorm/caar.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "all", then each value of the events' groups once. */
static abn_status list_groups(const abn_study_input *in, bool groups, const char ***names,
                              size_t *count, abn_error *err)
{
    const char **name = malloc((in->n_events + 1) * sizeof *name);
    if (!name) return abn_fail_memory(err);
    size_t n = 0;
    for (size_t i = 0; groups && i < in->n_events; i++)
        if (in->event[i].group[0]) name[n++] = in->event[i].group;
    if (n) qsort(name, n, sizeof *name, by_name);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!kept || strcmp(name[kept - 1], name[i]) != 0) name[kept++] = name[i];
    memmove(name + 1, name, kept * sizeof *name);
    name[0] = "all";
    *names = name;
    *count = kept + 1;
    return ABN_OK;
}

/* Running mean and sum of squares about it (Welford 1962) of each day's cumulative return. */
typedef struct moments {
    size_t n;
    double aar, mean, squares;
} moments;

static void add(moments *m, double ar, double car)
{
    m->n++;
    double step = car - m->mean;
    m->aar += (ar - m->aar) / (double)m->n;
    m->mean += step / (double)m->n;
    m->squares += step * (car - m->mean);
}

static void accumulate(const abn_panel *panel, const uint32_t *event, const abn_study_input *in,
                       const char *group, moments *day)
{
    for (size_t i = 0; i < panel->n; i++) {
        bool all = strcmp(group, "all") == 0;
        if (panel->status[i] != ABN_OK || (!all && strcmp(in->event[event[i]].group, group) != 0))
            continue;
        double car = 0;
        for (size_t t = 0; t < panel->l; t++) {
            double ar = panel->ar[i * panel->l + t];
            if (isnan(ar)) break;
            car += ar;
            add(&day[t], ar, car);
        }
    }
}

static abn_caar_row row_of(const moments *m, double level)
{
    abn_caar_row row = {
        .n = (int64_t)m->n, .aar = NAN, .caar = NAN, .caar_se = NAN, .lo = NAN, .hi = NAN};
    if (!m->n) return row;
    row.aar = m->aar;
    row.caar = m->mean;
    if (m->n < 2) return row;
    double n = (double)m->n, t = abn_student_quantile(level, n - 1);
    row.caar_se = sqrt(m->squares / (n - 1) / n);
    row.lo = row.caar - t * row.caar_se;
    row.hi = row.caar + t * row.caar_se;
    return row;
}

static abn_status add_rows(const abn_study *study, size_t model, const char *group,
                           abn_caar_row **rows, size_t *n, abn_error *err)
{
    const uint32_t *event;
    const abn_panel *panel = abn_study_panel(study, model, &event);
    if (!panel) return ABN_OK; /* no event could be measured by this model */
    moments *day = calloc(panel->l + 1, sizeof *day);
    abn_caar_row *grown = day ? realloc(*rows, (*n + panel->l + 1) * sizeof *grown) : NULL;
    if (!grown) {
        free(day);
        return abn_fail_memory(err);
    }
    *rows = grown;
    accumulate(panel, event, &study->input, group, day);
    for (size_t t = 0; t < panel->l; t++) {
        abn_caar_row row = row_of(&day[t], study->settings.level);
        row.group = group;
        row.model = study->settings.model[model].label;
        row.event_time = panel->window.from + (int64_t)t;
        grown[(*n)++] = row;
    }
    free(day);
    return ABN_OK;
}

abn_status abn_caar_rows(const abn_study *study, abn_caar_row **rows, size_t *n, abn_error *err)
{
    const char **group = NULL;
    size_t groups = 0, count = 0;
    abn_caar_row *all = NULL;
    abn_status status = list_groups(&study->input, study->settings.group, &group, &groups, err);
    for (size_t m = 0; status == ABN_OK && m < study->settings.n_models; m++)
        for (size_t g = 0; status == ABN_OK && g < groups; g++)
            status = add_rows(study, m, group[g], &all, &count, err);
    free(group);
    if (status != ABN_OK) {
        free(all);
        return status;
    }
    *rows = all;
    *n = count;
    return ABN_OK;
}
