/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/json_memory.h>

#include <jansson.h>
#include <stdlib.h>

static void (*end)(void);

static void *allocate(size_t size)
{
    void *got = malloc(size);
    if (!got && size) end();
    return got;
}

void abn_json_on_no_memory(void (*lack)(void))
{
    end = lack;
    json_set_alloc_funcs(allocate, free);
}
