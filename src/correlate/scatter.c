/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study_parts.h"

#include <abnorm/scatter.h>
#include <math.h>
#include <stdlib.h>

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

abn_status abn_scatter_rows(const abn_study *s, size_t most, abn_scatter_row **rows, size_t *n,
                            abn_error *err)
{
    size_t room = 1, count = 0;
    for (size_t m = 0; m < s->settings.n_models; m++)
        room += shown(s, m, most) * (s->fit[m].panel ? s->fit[m].panel->m : 0);
    abn_scatter_row *all = malloc(room * sizeof *all);
    if (!all) return abn_fail_memory(err);
    for (size_t m = 0; m < s->settings.n_models; m++)
        for (size_t i = 0; i < shown(s, m, most); i++)
            count += fill(s, m, s->fit[m].fitted[i], all + count);
    *rows = all;
    *n = count;
    return ABN_OK;
}
