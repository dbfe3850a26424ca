/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/arena.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 4000
#define ALIGN      16

typedef struct block {
    struct block *next;
    size_t used, size;
    _Alignas(ALIGN) char data[];
} block;

struct abn_arena {
    block *first; /* the one being filled */
};

abn_arena *abn_arena_new(void)
{
    return calloc(1, sizeof(abn_arena));
}

void abn_arena_free(abn_arena *arena)
{
    if (!arena) return;
    for (block *b = arena->first; b;) {
        block *next = b->next;
        free(b);
        b = next;
    }
    free(arena);
}

/* A request that would waste most of a block gets one of its own behind the current one. */
static block *add_block(abn_arena *arena, size_t size)
{
    bool own = size > BLOCK_SIZE / 4;
    size_t room = own ? size : BLOCK_SIZE;
    block *b = room > SIZE_MAX - sizeof *b ? NULL : malloc(sizeof *b + room);
    if (!b) return NULL;
    *b = (block){.size = room};
    if (own && arena->first) {
        b->next = arena->first->next;
        arena->first->next = b;
    } else {
        b->next = arena->first;
        arena->first = b;
    }
    return b;
}

void *abn_arena_alloc(abn_arena *arena, size_t size)
{
    if (size > SIZE_MAX - ALIGN) return NULL;
    size = (size + ALIGN - 1) / ALIGN * ALIGN;
    block *b = arena->first;
    if (!b || b->size - b->used < size) b = add_block(arena, size);
    if (!b) return NULL;
    void *at = b->data + b->used;
    b->used += size;
    return memset(at, 0, size);
}

char *abn_arena_slice(abn_arena *arena, abn_slice slice)
{
    char *copy = slice.len == SIZE_MAX ? NULL : abn_arena_alloc(arena, slice.len + 1);
    if (copy && slice.len) memcpy(copy, slice.ptr, slice.len);
    return copy;
}

char *abn_arena_strdup(abn_arena *arena, const char *text)
{
    return abn_arena_slice(arena, abn_slice_of(text));
}
