/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study_parts.h"
#include <abnorm/study_donors.h>
#include <stdlib.h>
#include <string.h>

static int by_weight(const void *a, const void *b)
{
    const abn_donor_row *x = a, *y = b;
    if (x->weight != y->weight) return x->weight > y->weight ? -1 : 1;
    return strcmp(x->donor, y->donor);
}

/* The rows of one fitted occasion; how many. */
static size_t fill(const abn_study *s, size_t m, size_t occasion, abn_donor_row *row)
{
    const abn_study_fit *fit = s->fit + m;
    const abn_panel *panel = fit->panel;
    const abn_study_event *e = s->input.event + fit->event[occasion];
    size_t h = panel->occasion[occasion].history, n = 0;
    for (size_t j = 0; j < panel->history[h].k; j++) {
        double weight = panel->coef[occasion * panel->k + j + 1];
        if (!(weight > 0)) continue;
        const char *donor = abn_map_name(s->symbols, fit->family->donor[h][j]);
        row[n++] =
            (abn_donor_row){e->event_id, e->symbol, s->settings.model[m].label, donor, weight};
    }
    qsort(row, n, sizeof *row, by_weight);
    return n;
}

static bool has_donors(const abn_study *s, size_t m)
{
    return s->settings.model[m].model->kind == ABN_MODEL_DONORS && s->fit[m].panel;
}

abn_status abn_donor_rows(const abn_study *s, abn_donor_row **rows, size_t *n, abn_error *err)
{
    size_t room = 0, count = 0;
    for (size_t m = 0; m < s->settings.n_models; m++)
        for (size_t j = 0; has_donors(s, m) && j < s->fit[m].n_fitted; j++)
            room += s->fit[m].panel->k - 1;
    abn_donor_row *all = malloc((room + 1) * sizeof *all);
    if (!all) return abn_fail_memory(err);
    for (size_t m = 0; m < s->settings.n_models; m++)
        for (size_t j = 0; has_donors(s, m) && j < s->fit[m].n_fitted; j++)
            count += fill(s, m, s->fit[m].fitted[j], all + count);
    *rows = all;
    *n = count;
    return ABN_OK;
}
