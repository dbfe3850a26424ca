/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "members.h"
#include "rank.h"
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 256, FEW = 32 };

static bool before(const abn_panel *panel, uint32_t i, uint32_t j)
{
    const abn_occasion *a = panel->occasion + i, *b = panel->occasion + j;
    return a->history != b->history ? a->history < b->history : a->day0 < b->day0;
}

static bool in_order(const abn_panel *panel, const uint32_t *event, size_t n)
{
    for (size_t j = 1; j < n; j++)
        if (before(panel, event[j], event[j - 1])) return false;
    return true;
}

/* Bring the events of one history together, in their order within each: where each history's end,
 * histories + 1. */
static size_t *by_history(const abn_panel *panel, const uint32_t *event, size_t n, uint32_t *out,
                          size_t *histories)
{
    size_t count = 0;
    for (size_t j = 0; j < n; j++)
        if (panel->occasion[event[j]].history >= count)
            count = (size_t)panel->occasion[event[j]].history + 1;
    size_t *at = calloc(count + 1, sizeof *at);
    if (!at) return NULL;
    for (size_t j = 0; j < n; j++)
        at[panel->occasion[event[j]].history + 1]++;
    for (size_t h = 0; h < count; h++)
        at[h + 1] += at[h];
    for (size_t j = 0; j < n; j++)
        out[at[panel->occasion[event[j]].history]++] = event[j];
    *histories = count;
    return at;
}

static void insert(const abn_panel *panel, uint32_t *event, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        uint32_t one = event[i];
        size_t j = i;
        for (; j > 0 && before(panel, one, event[j - 1]); j--)
            event[j] = event[j - 1];
        event[j] = one;
    }
}

static bool sort_days(const abn_panel *panel, uint32_t *event, size_t n)
{
    double *day = malloc(n * sizeof *day);
    abn_ranked *order = malloc(2 * n * sizeof *order);
    uint32_t *copy = malloc(n * sizeof *copy);
    bool ok = day && order && copy;
    for (size_t j = 0; ok && j < n; j++)
        day[j] = panel->occasion[copy[j] = event[j]].day0;
    if (ok) abn_rank_sort(day, n, order, order + n);
    for (size_t j = 0; ok && j < n; j++)
        event[j] = copy[order[j].at];
    free(day);
    free(order);
    free(copy);
    return ok;
}

/* Each history's events by day. */
static bool by_day(const abn_panel *panel, const size_t *end, size_t histories, int threads,
                   uint32_t *event)
{
    bool ok = true;
    int team = threads > 0 ? threads : omp_get_max_threads();
#pragma omp parallel for num_threads(team) schedule(dynamic, 16)
    for (size_t h = 0; h < histories; h++) {
        size_t from = h ? end[h - 1] : 0, n = end[h] - from;
        if (n <= FEW)
            insert(panel, event + from, n);
        else if (!sort_days(panel, event + from, n)) {
#pragma omp atomic write
            ok = false;
        }
    }
    return ok;
}

static bool put_in_order(const abn_panel *panel, const uint32_t *event, size_t n, int threads,
                         uint32_t *out)
{
    size_t histories = 0, *end = by_history(panel, event, n, out, &histories);
    bool ok = end && by_day(panel, end, histories, threads, out);
    free(end);
    return ok;
}

static void cut(const abn_panel *panel, const uint32_t *block, abn_members *m)
{
    m->first[0] = 0;
    for (size_t j = 1; j < m->n; j++) {
        uint32_t last = m->event[j - 1], now = m->event[j];
        bool next = block ? block[now] != block[last]
                          : j - m->first[m->blocks] >= BLOCK &&
                                panel->occasion[now].history != panel->occasion[last].history;
        if (next) m->first[++m->blocks] = j;
    }
    if (m->n) m->first[++m->blocks] = m->n;
}

abn_status abn_members_new(const abn_panel *panel, const uint32_t *event, size_t n,
                           const uint32_t *block, int threads, abn_members *out, abn_error *err)
{
    abn_members m = {.n = n,
                     .event = malloc((n + 1) * sizeof *m.event),
                     .first = malloc((n + 1) * sizeof *m.first)};
    bool ok = m.event && m.first;
    if (ok && in_order(panel, event, n))
        memcpy(m.event, event, n * sizeof *event);
    else if (ok)
        ok = put_in_order(panel, event, n, threads, m.event);
    if (!ok) {
        abn_members_free(&m);
        return abn_fail_memory(err);
    }
    cut(panel, block, &m);
    *out = m;
    return ABN_OK;
}

void abn_members_free(abn_members *members)
{
    free(members->event);
    free(members->first);
}
