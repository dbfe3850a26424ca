/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/map.h>
#include <abnorm/partition.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_EVENTS = 256, LEAST_BLOCKS = 64 };

void abn_partition_free(abn_partition *p)
{
    if (!p) return;
    free(p->symbol);
    free(p->symbol_of);
    free(p->block_of);
    free(p->rank_of);
    free(p);
}

/* A symbol and what it was called when it was first seen. */
typedef struct entry {
    const char *symbol;
    uint32_t seen;
    size_t events;
} entry;

static int by_symbol(const void *a, const void *b)
{
    return strcmp(((const entry *)a)->symbol, ((const entry *)b)->symbol);
}

/* The distinct symbols in order; `symbol_of` holds the order of first sight until it is known. */
static entry *list_symbols(abn_partition *p, const abn_study_event *event)
{
    abn_map *map = abn_map_new();
    size_t cap = 0;
    entry *all = NULL;
    bool fine = map != NULL;
    for (size_t i = 0; fine && i < p->n; i++) {
        uint32_t id = abn_map_add(map, abn_slice_of(event[i].symbol));
        if (id != ABN_MAP_NONE && id == cap) {
            cap = cap ? 2 * cap : 64;
            entry *more = realloc(all, cap * sizeof *more);
            if (more) all = more;
            fine = more != NULL;
        }
        fine = fine && id != ABN_MAP_NONE;
        if (!fine) break;
        if (id == p->symbols) all[p->symbols++] = (entry){event[i].symbol, id, 0};
        all[id].events++;
        p->symbol_of[i] = id;
    }
    abn_map_free(map);
    if (fine && !all) all = malloc(sizeof *all); /* no event */
    if (!fine) {
        free(all);
        return NULL;
    }
    qsort(all, p->symbols, sizeof *all, by_symbol);
    return all;
}

static bool number_symbols(abn_partition *p, const entry *all)
{
    uint32_t *place = malloc((p->symbols + 1) * sizeof *place);
    p->symbol = malloc((p->symbols + 1) * sizeof *p->symbol);
    if (!place || !p->symbol) {
        free(place);
        return false;
    }
    for (size_t s = 0; s < p->symbols; s++) {
        p->symbol[s] = all[s].symbol;
        place[all[s].seen] = (uint32_t)s;
    }
    for (size_t i = 0; i < p->n; i++)
        p->symbol_of[i] = place[p->symbol_of[i]];
    free(place);
    return true;
}

/* A block goes to the process in whose share of the events its middle lies. */
static void divide(abn_partition *p, const entry *all)
{
    size_t least = p->n / LEAST_BLOCKS, before = 0, from = 0;
    if (least > BLOCK_EVENTS) least = BLOCK_EVENTS;
    while (from < p->symbols) {
        size_t to = from, events = 0;
        while (to < p->symbols && (to == from || events < least))
            events += all[to++].events;
        size_t rank = (2 * before + events) * p->ranks / (2 * p->n);
        for (; from < to; from++) {
            p->block_of[from] = (uint32_t)p->blocks;
            p->rank_of[from] = (uint32_t)rank;
        }
        p->blocks++;
        before += events;
    }
}

abn_status abn_partition_make(const abn_study_event *event, size_t n, size_t ranks,
                              abn_partition **out, abn_error *err)
{
    abn_partition *p = calloc(1, sizeof *p);
    if (!p) return abn_fail_memory(err);
    p->n = n;
    p->ranks = ranks;
    p->symbol_of = malloc((n + 1) * sizeof *p->symbol_of);
    entry *all = p->symbol_of ? list_symbols(p, event) : NULL;
    bool fine = all && number_symbols(p, all);
    if (fine) {
        p->block_of = malloc((p->symbols + 1) * sizeof *p->block_of);
        p->rank_of = malloc((p->symbols + 1) * sizeof *p->rank_of);
        fine = p->block_of && p->rank_of;
    }
    if (fine) divide(p, all);
    free(all);
    if (!fine) {
        abn_partition_free(p);
        return abn_fail_memory(err);
    }
    *out = p;
    return ABN_OK;
}

uint32_t abn_partition_block(const abn_partition *p, size_t event)
{
    return p->block_of[p->symbol_of[event]];
}

size_t abn_partition_rank(const abn_partition *p, size_t event)
{
    return p->rank_of[p->symbol_of[event]];
}

size_t abn_partition_owner(const abn_partition *p, const char *symbol)
{
    size_t a = 0, b = p->symbols; /* the first symbol after it */
    while (a < b) {
        size_t middle = (a + b) / 2;
        if (strcmp(p->symbol[middle], symbol) <= 0)
            a = middle + 1;
        else
            b = middle;
    }
    return p->symbols ? p->rank_of[a ? a - 1 : 0] : 0;
}
