/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "named.h"

#include <abnorm/map.h>
#include <stdlib.h>

typedef struct numbers {
    size_t *at, n, cap;
} numbers;

struct abn_named {
    abn_map *names;
    numbers *under; /* of each name */
    size_t cap;
    numbers found;
};

abn_named *abn_named_new(void)
{
    abn_named *named = calloc(1, sizeof *named);
    if (named && !(named->names = abn_map_new())) {
        free(named);
        return NULL;
    }
    return named;
}

void abn_named_free(abn_named *named)
{
    if (!named) return;
    for (size_t i = 0; i < named->cap; i++)
        free(named->under[i].at);
    free(named->under);
    free(named->found.at);
    abn_map_free(named->names);
    free(named);
}

static bool push(numbers *list, size_t number)
{
    if (list->n == list->cap) {
        size_t cap = list->cap ? 2 * list->cap : 8;
        size_t *grown = realloc(list->at, cap * sizeof *grown);
        if (!grown) return false;
        list->at = grown, list->cap = cap;
    }
    list->at[list->n++] = number;
    return true;
}

static numbers *list_of(abn_named *named, abn_slice name)
{
    uint32_t i = abn_map_add(named->names, name);
    if (i == ABN_MAP_NONE) return NULL;
    if (i >= named->cap) {
        size_t cap = named->cap ? 2 * named->cap : 64;
        numbers *grown = realloc(named->under, cap * sizeof *grown);
        if (!grown) return NULL;
        for (size_t k = named->cap; k < cap; k++)
            grown[k] = (numbers){0};
        named->under = grown, named->cap = cap;
    }
    return &named->under[i];
}

bool abn_named_add(abn_named *named, const char *companies, size_t number)
{
    abn_slice rest = abn_slice_of(companies), name = {"", 0};
    do {
        abn_slice_split(&rest, ';', &name);
        numbers *list = list_of(named, name);
        if (!list || !push(list, number)) return false;
    } while (rest.len);
    return true;
}

static int ascending(const void *pa, const void *pb)
{
    size_t a = *(const size_t *)pa, b = *(const size_t *)pb;
    return a < b ? -1 : a > b;
}

bool abn_named_find(abn_named *named, const char *companies, size_t from, const size_t **at,
                    size_t *n)
{
    numbers *found = &named->found;
    abn_slice rest = abn_slice_of(companies), name = {"", 0};
    size_t kept = 0;
    found->n = 0;
    do {
        abn_slice_split(&rest, ';', &name);
        uint32_t i = abn_map_find(named->names, name);
        for (size_t k = 0; i != ABN_MAP_NONE && k < named->under[i].n; k++)
            if (named->under[i].at[k] >= from && !push(found, named->under[i].at[k])) return false;
    } while (rest.len);
    if (found->n) qsort(found->at, found->n, sizeof *found->at, ascending);
    for (size_t k = 0; k < found->n; k++)
        if (!k || found->at[k] != found->at[k - 1]) found->at[kept++] = found->at[k];
    found->n = kept;
    *at = found->at, *n = kept;
    return true;
}
