/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study_parts.h"

#include <abnorm/scatter.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The rows of one fitted occasion; how many. */
static size_t fill(const abn_study *s, size_t m, size_t j, abn_scatter_row *row)
{
    const abn_study_fit *fit = s->fit + m;
    const abn_panel *panel = fit->panel;
    const abn_occasion *o = panel->occasion + j;
    const abn_history *h = panel->history + o->history;
    const abn_study_event *e = s->input.event + fit->event[j];
    const double *y = h->fit_y ? h->fit_y : h->y, *coef = panel->coef + j * panel->k;
    size_t n = 0, t;
    for (int day = o->estimation.from; day <= o->estimation.to; day++) {
        if (!abn_panel_row(panel, j, day, &t) || isnan(y[t]) || isnan(h->x[0][t])) continue;
        row[n++] = (abn_scatter_row){.event_id = e->event_id,
                                     .symbol = e->symbol,
                                     .model = s->settings.model[m].label,
                                     .date = h->date[t],
                                     .value = y[t],
                                     .benchmark = h->x[0][t],
                                     .alpha = coef[0],
                                     .beta = coef[1]};
    }
    return n;
}

/* How many of a model's fitted events are shown. */
static size_t shown(const abn_study *s, size_t m, size_t most)
{
    if (s->settings.model[m].model->kind != ABN_MODEL_MARKET || !s->fit[m].panel) return 0;
    return s->fit[m].n_fitted < most ? s->fit[m].n_fitted : most;
}

/* A row, and what its texts come from. */
typedef struct placed {
    uint32_t model, number; /* of the event among all */
    size_t order;
    abn_scatter_row row;
} placed;

typedef struct collection {
    placed *at;
    size_t n;
} collection;

static abn_status take_rows(void *to, const void *bytes, size_t size, abn_error *err)
{
    collection *c = to;
    size_t more = size / sizeof(placed);
    placed *at = realloc(c->at, (c->n + more + 1) * sizeof *at);
    if (!at) return abn_fail_memory(err);
    c->at = at;
    if (more) memcpy(at + c->n, bytes, more * sizeof *at);
    for (size_t i = 0; i < more; i++, c->n++)
        at[c->n].order = c->n;
    return ABN_OK;
}

static int by_event(const void *a, const void *b)
{
    const placed *x = a, *y = b;
    if (x->model != y->model) return x->model < y->model ? -1 : 1;
    if (x->number != y->number) return x->number < y->number ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* Of what each process shows, the first `most` events of each model. */
static size_t choose(const abn_study *s, collection *c, size_t most, abn_scatter_row *out)
{
    size_t n = 0, events = 0;
    if (c->n) qsort(c->at, c->n, sizeof *c->at, by_event);
    for (size_t i = 0; i < c->n; i++) {
        const placed *p = c->at + i, *last = i ? p - 1 : NULL;
        if (!last || last->model != p->model)
            events = 1;
        else
            events += last->number != p->number;
        if (events > most) continue;
        out[n] = p->row;
        out[n].event_id = s->all[p->number].event_id;
        out[n].symbol = s->all[p->number].symbol;
        out[n++].model = s->settings.model[p->model].label;
    }
    return n;
}

static bool list_placed(const abn_study *s, size_t most, abn_scatter_row *all, collection *out)
{
    size_t room = 1;
    for (size_t m = 0; m < s->settings.n_models; m++)
        room += shown(s, m, most) * (s->fit[m].panel ? s->fit[m].panel->m : 0);
    out->at = calloc(room, sizeof *out->at);
    for (uint32_t m = 0; out->at && m < s->settings.n_models; m++)
        for (size_t i = 0; i < shown(s, m, most); i++) {
            size_t j = s->fit[m].fitted[i], n = fill(s, m, j, all);
            for (size_t k = 0; k < n; k++)
                out->at[out->n++] = (placed){m, abn_study_number(s, s->fit[m].event[j]), 0, all[k]};
        }
    return out->at != NULL;
}

abn_status abn_scatter_rows(const abn_study *s, size_t most, abn_scatter_row **rows, size_t *n,
                            abn_error *err)
{
    collection own = {0}, all = {0};
    abn_scatter_row *out = NULL;
    size_t longest = 1;
    for (size_t m = 0; m < s->settings.n_models; m++)
        if (s->fit[m].panel && s->fit[m].panel->m > longest) longest = s->fit[m].panel->m;
    abn_scatter_row *one = malloc(longest * sizeof *one);
    bool fine = one && list_placed(s, most, one, &own);
    abn_status status = abn_crew_gather(s->crew, fine ? ABN_OK : abn_fail_memory(err), own.at,
                                        own.n * sizeof *own.at, take_rows, &all, err);
    if (status == ABN_OK && !(out = malloc((all.n + 1) * sizeof *out)))
        status = abn_fail_memory(err);
    status = abn_crew_agree(s->crew, status, err);
    if (status == ABN_OK) {
        *n = choose(s, &all, most, out);
        *rows = out;
    } else
        free(out);
    free(one);
    free(own.at);
    free(all.at);
    return status;
}
