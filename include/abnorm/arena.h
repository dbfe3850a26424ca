/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many small allocations that are freed together. */
#ifndef ABNORM_ARENA_H
#define ABNORM_ARENA_H

#include <abnorm/slice.h>
#include <stddef.h>

typedef struct abn_arena abn_arena;

abn_arena *abn_arena_new(void);
void abn_arena_free(abn_arena *arena);
/* Zeroed, aligned for any type; NULL without memory. */
void *abn_arena_alloc(abn_arena *arena, size_t size);
char *abn_arena_strdup(abn_arena *arena, const char *text);
char *abn_arena_slice(abn_arena *arena, abn_slice slice);

#endif
