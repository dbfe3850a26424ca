/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/map.h>

#include <abnorm/arena.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef struct entry {
    const char *name;
    size_t len;
    uint64_t hash;
} entry;

/* Open addressing with linear probing, at most half full; slots hold entry numbers + 1. */
struct abn_map {
    entry *entry;
    size_t count, cap;
    uint32_t *slot;
    size_t slots;
    abn_arena *arena;
};

abn_map *abn_map_new(void)
{
    abn_map *map = calloc(1, sizeof *map);
    if (map && !(map->arena = abn_arena_new())) {
        free(map);
        return NULL;
    }
    return map;
}

void abn_map_free(abn_map *map)
{
    if (!map) return;
    abn_arena_free(map->arena);
    free(map->entry);
    free(map->slot);
    free(map);
}

/* Eight bytes a step, each mixed by a multiplication whose high bits are folded back; names are
 * short, and most of a text's look-ups end here. */
static uint64_t mix(uint64_t h, uint64_t word)
{
    h = (h ^ word) * 0x9E3779B97F4A7C15u;
    return h ^ h >> 29;
}

static uint64_t hash_of(abn_slice name)
{
    uint64_t h = name.len, word = 0;
    size_t i = 0;
    for (; i + 8 <= name.len; i += 8) {
        memcpy(&word, name.ptr + i, 8);
        h = mix(h, word);
    }
    word = 0;
    if (i < name.len) memcpy(&word, name.ptr + i, name.len - i);
    h = mix(h, word);
    return h ^ h >> 32;
}

static size_t probe(const abn_map *map, abn_slice name, uint64_t hash)
{
    size_t at = (size_t)hash & (map->slots - 1);
    while (map->slot[at]) {
        const entry *e = &map->entry[map->slot[at] - 1];
        if (e->hash == hash && e->len == name.len &&
            (name.len == 0 || memcmp(e->name, name.ptr, name.len) == 0))
            break;
        at = (at + 1) & (map->slots - 1);
    }
    return at;
}

static bool grow(abn_map *map)
{
    if (map->count < map->cap) return true;
    size_t cap = map->cap ? map->cap * 2 : 32, slots = cap * 2;
    entry *e = realloc(map->entry, cap * sizeof *e);
    if (!e) return false;
    map->entry = e;
    uint32_t *slot = calloc(slots, sizeof *slot);
    if (!slot) return false;
    free(map->slot);
    map->slot = slot;
    map->slots = slots;
    map->cap = cap;
    for (size_t i = 0; i < map->count; i++) {
        abn_slice name = {e[i].name, e[i].len};
        slot[probe(map, name, e[i].hash)] = (uint32_t)i + 1;
    }
    return true;
}

uint32_t abn_map_find(const abn_map *map, abn_slice name)
{
    if (!map->slots) return ABN_MAP_NONE;
    uint32_t found = map->slot[probe(map, name, hash_of(name))];
    return found ? found - 1 : ABN_MAP_NONE;
}

uint32_t abn_map_add(abn_map *map, abn_slice name)
{
    uint32_t found = abn_map_find(map, name);
    if (found != ABN_MAP_NONE) return found;
    if (map->count >= ABN_MAP_NONE - 1 || !grow(map)) return ABN_MAP_NONE;
    const char *copy = abn_arena_slice(map->arena, name);
    if (!copy) return ABN_MAP_NONE;
    uint64_t hash = hash_of(name);
    map->slot[probe(map, name, hash)] = (uint32_t)map->count + 1;
    map->entry[map->count] = (entry){copy, name.len, hash};
    return (uint32_t)map->count++;
}

size_t abn_map_count(const abn_map *map)
{
    return map->count;
}

const char *abn_map_name(const abn_map *map, uint32_t i)
{
    return map->entry[i].name;
}
