/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A study that several processes share: what they tell one another. */
#include "study_parts.h"
#include <abnorm/buf.h>
#include <stdlib.h>
#include <string.h>

/* ---- whose events ---- */

abn_status abn_study_take_share(abn_study *s, abn_error *err)
{
    s->all = s->input.event;
    s->n_all = s->input.n_events;
    abn_status status =
        abn_partition_make(s->all, s->n_all, abn_crew_count(s->crew), &s->partition, err);
    if (status != ABN_OK || !s->crew) return status;
    s->own = malloc((s->n_all + 1) * sizeof *s->own);
    s->number = malloc((s->n_all + 1) * sizeof *s->number);
    if (!s->own || !s->number) return abn_fail_memory(err);
    size_t n = 0;
    for (size_t i = 0; i < s->n_all; i++) {
        if (abn_partition_rank(s->partition, i) != s->crew->rank) continue;
        s->own[n] = s->all[i];
        s->number[n++] = (uint32_t)i;
    }
    s->input.event = s->own;
    s->input.n_events = n;
    return ABN_OK;
}

/* ---- notes ---- */

abn_keyed abn_keyed_start(const abn_notes *notes)
{
    return (abn_keyed){.from = abn_notes_count(notes)};
}

void abn_keyed_add(abn_keyed *k, const abn_notes *notes, const char *key)
{
    size_t n = abn_notes_count(notes) - k->from;
    if (n > k->cap) {
        size_t cap = 2 * n;
        const char **more = realloc(k->key, cap * sizeof *more);
        k->failed |= !more;
        if (!more) return;
        k->key = more;
        k->cap = cap;
    }
    while (k->n < n)
        k->key[k->n++] = key;
}

abn_status abn_keyed_gather(abn_keyed *k, abn_notes *notes, const abn_crew *crew, abn_status mine,
                            abn_error *err)
{
    static const char *const none[] = {""};
    if (k->failed && mine == ABN_OK) mine = abn_fail_memory(err);
    abn_status status = abn_crew_agree(crew, mine, err);
    if (status == ABN_OK && notes)
        status = abn_notes_gather(notes, k->from, k->n ? k->key : none, crew, err);
    free(k->key);
    *k = (abn_keyed){0};
    return status;
}

/* ---- figures ---- */

typedef struct sums {
    uint64_t *count;
    size_t n;
} sums;

static abn_status take_counts(void *to, const void *bytes, size_t size, abn_error *err)
{
    sums *all = to;
    const char *at = bytes;
    (void)err;
    for (size_t i = 0; i < all->n && (i + 1) * sizeof(uint64_t) <= size; i++) {
        uint64_t one;
        memcpy(&one, at + i * sizeof one, sizeof one);
        all->count[i] += one;
    }
    return ABN_OK;
}

abn_status abn_study_sum(const abn_study *s, abn_status mine, uint64_t *count, size_t n,
                         abn_error *err)
{
    sums all = {calloc(n + 1, sizeof *all.count), n};
    if (!all.count && mine == ABN_OK) mine = abn_fail_memory(err);
    abn_status status =
        abn_crew_gather(s->crew, mine, count, n * sizeof *count, take_counts, &all, err);
    if (status == ABN_OK)
        status = abn_crew_share(s->crew, ABN_OK, all.count, n * sizeof *count, err);
    if (status == ABN_OK) memcpy(count, all.count, n * sizeof *count);
    free(all.count);
    return status;
}

typedef struct reach {
    uint64_t occasions;
    abn_window estimation, window;
} reach;

static abn_window wider(abn_window a, abn_window b)
{
    return (abn_window){a.from < b.from ? a.from : b.from, a.to > b.to ? a.to : b.to};
}

static abn_status take_reach(void *to, const void *bytes, size_t size, abn_error *err)
{
    reach *all = to, one;
    (void)err;
    memcpy(&one, bytes, size);
    if (!one.occasions) return ABN_OK;
    if (all->occasions) {
        one.estimation = wider(one.estimation, all->estimation);
        one.window = wider(one.window, all->window);
        one.occasions += all->occasions;
    }
    *all = one;
    return ABN_OK;
}

abn_status abn_study_meet_windows(const abn_study *s, abn_study_fit *fit, abn_status mine,
                                  abn_panel_options *options, abn_error *err)
{
    reach own = {.occasions = mine == ABN_OK ? fit->n : 0}, all = {0};
    for (size_t j = 0; j < own.occasions; j++) {
        const abn_occasion *o = fit->occasion + j;
        own.estimation = j ? wider(own.estimation, o->estimation) : o->estimation;
        own.window = j ? wider(own.window, o->window) : o->window;
    }
    abn_status status = abn_crew_gather(s->crew, mine, &own, sizeof own, take_reach, &all, err);
    if (status == ABN_OK) status = abn_crew_share(s->crew, ABN_OK, &all, sizeof all, err);
    if (status != ABN_OK) return status;
    fit->total = all.occasions;
    fit->window = all.window;
    options->covers = true;
    options->estimation = all.estimation;
    options->window = all.window;
    return ABN_OK;
}

/* ---- places ---- */

typedef struct one_place {
    uint32_t number, usable;
    abn_date session;
} one_place;

static abn_status take_places(void *to, const void *bytes, size_t size, abn_error *err)
{
    abn_told *told = to;
    (void)err;
    for (size_t at = 0; at < size; at += sizeof(one_place)) {
        one_place p;
        memcpy(&p, (const char *)bytes + at, sizeof p);
        told[p.number] = (abn_told){p.session, p.usable != 0};
    }
    return ABN_OK;
}

abn_status abn_study_tell_places(abn_study *s, abn_status mine, abn_error *err)
{
    size_t n = s->input.n_events;
    one_place *own = mine == ABN_OK ? malloc((n + 1) * sizeof *own) : NULL;
    if (abn_crew_leads(s->crew)) s->told = calloc(s->n_all + 1, sizeof *s->told);
    bool fine = own && (s->told || !abn_crew_leads(s->crew));
    for (size_t i = 0; fine && i < n; i++)
        own[i] = (one_place){abn_study_number(s, i), !s->place[i].problem, s->place[i].session};
    if (mine == ABN_OK && !fine) mine = abn_fail_memory(err);
    abn_status status =
        abn_crew_gather(s->crew, mine, own, n * sizeof *own, take_places, s->told, err);
    free(own);
    return status;
}

/* ---- rows of tables ---- */

static bool rows_make(abn_crew_rows *r, size_t n, uint64_t pieces)
{
    *r = (abn_crew_rows){.pieces = pieces};
    r->first = malloc((n + 1) * sizeof *r->first);
    r->place = malloc((n + 1) * sizeof *r->place);
    if (r->first) r->first[0] = 0;
    return r->first && r->place;
}

static void rows_add(abn_crew_rows *r, uint64_t place, size_t count)
{
    r->place[r->n] = place;
    r->first[r->n + 1] = r->first[r->n] + count;
    r->n++;
}

/* Rows go model by model, in each by event. */
abn_status abn_study_place_rows(abn_study *s, abn_error *err)
{
    size_t models = s->settings.n_models, occasions = 0, fitted = 0, n = s->n_all;
    if (!s->crew) return ABN_OK;
    for (size_t m = 0; m < models; m++) {
        occasions += s->fit[m].n;
        fitted += s->fit[m].n_fitted;
    }
    if (!rows_make(&s->rows[ABN_ROWS_ALIGNMENT], s->input.n_events, n) ||
        !rows_make(&s->rows[ABN_ROWS_MODELS], fitted, n * models) ||
        !rows_make(&s->rows[ABN_ROWS_RETURNS], occasions, n * models) ||
        !rows_make(&s->rows[ABN_ROWS_CARS], fitted, n * models))
        return abn_fail_memory(err);
    for (size_t i = 0; i < s->input.n_events; i++)
        rows_add(&s->rows[ABN_ROWS_ALIGNMENT], s->number[i], 1);
    for (size_t m = 0; m < models; m++) {
        const abn_study_fit *fit = s->fit + m;
        uint64_t before = (uint64_t)m * n;
        for (size_t k = 0; k < fit->n; k++)
            rows_add(&s->rows[ABN_ROWS_RETURNS], before + s->number[fit->event[fit->order[k]]],
                     fit->first_return[k + 1] - fit->first_return[k]);
        for (size_t k = 0; k < fit->n_fitted; k++) {
            uint64_t place = before + s->number[fit->event[fit->fitted[k]]];
            rows_add(&s->rows[ABN_ROWS_MODELS], place, 1);
            rows_add(&s->rows[ABN_ROWS_CARS], place, s->settings.n_windows);
        }
    }
    return ABN_OK;
}

const abn_crew_rows *abn_study_crew_rows(const abn_study *s, abn_study_rows table)
{
    return s->crew ? s->rows + table : NULL;
}
