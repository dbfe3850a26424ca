/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events that share their news day: whether a study's observations are independent. */
#include "order.h"
#include "study_parts.h"
#include <stdlib.h>

static uint32_t day_of(const abn_ordered *one)
{
    return (uint32_t)(one->key >> 32);
}

/* Observations by news day and company, 0 for none. */
static bool order_meetings(const abn_study *s, abn_ordered *all, size_t *count)
{
    abn_map *names = abn_map_new();
    bool fine = names != NULL;
    size_t n = 0;
    for (size_t i = 0; fine && i < s->n_all; i++) {
        if (!s->told[i].usable) continue;
        const abn_listing *listing =
            s->crew ? abn_study_listing(s, s->all[i].symbol) : s->place[i].listing;
        uint32_t company = 0;
        if (listing && *listing->company) {
            uint32_t at = abn_map_add(names, abn_slice_of(listing->company));
            fine = at != ABN_MAP_NONE;
            company = at + 1;
        }
        /* One piece of news may reach listings in different zones on neighbouring dates. */
        uint32_t day = (uint32_t)s->all[i].on;
        all[n++] = (abn_ordered){(uint64_t)day << 32 | company, (uint32_t)i};
    }
    abn_map_free(names);
    *count = n;
    return fine && abn_order(all, n);
}

abn_status abn_study_note_dependence(abn_study *s, abn_error *err)
{
    size_t n = 0, shared = 0, companies = 0, run = 0, most = 0;
    abn_ordered *all = malloc((s->n_all + 1) * sizeof *all);
    if (!all || !order_meetings(s, all, &n)) {
        free(all);
        return abn_fail_memory(err);
    }
    for (size_t j = 0; j < n; j++) {
        bool before = j > 0 && day_of(all + j - 1) == day_of(all + j);
        bool after = j + 1 < n && day_of(all + j + 1) == day_of(all + j);
        shared += before || after;
        run = before ? run + 1 : 1;
        if (run > most) most = run;
        companies += before && (uint32_t)all[j].key && all[j - 1].key == all[j].key;
    }
    /* In a large sample some days coincide by chance. */
    if (20 * companies > n)
        abn_note_at(s->notes, "dependent events", NULL, 0, 0,
                    "%zu of %zu observations share their news day with another, %zu with another "
                    "listing of the same company: they are not independent, and tests across "
                    "events overstate",
                    shared, n, companies);
    else if (5 * most >= n && most > 1)
        abn_note_at(s->notes, "dependent events", NULL, 0, 0,
                    "%zu of %zu observations share their news day with another: prefer tests that "
                    "allow for correlation (kolari_pynnonen_t, grank_t)",
                    shared, n);
    free(all);
    return ABN_OK;
}
