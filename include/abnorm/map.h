/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names to small numbers, in order of first sight. */
#ifndef ABNORM_MAP_H
#define ABNORM_MAP_H

#include <abnorm/slice.h>
#include <stddef.h>
#include <stdint.h>

#define ABN_MAP_NONE UINT32_MAX

typedef struct abn_map abn_map;

abn_map *abn_map_new(void);
void abn_map_free(abn_map *map);
/* The number of `name`, given out now when it is new; ABN_MAP_NONE without memory. */
uint32_t abn_map_add(abn_map *map, abn_slice name);
/* The number of `name`, or ABN_MAP_NONE. */
uint32_t abn_map_find(const abn_map *map, abn_slice name);
size_t abn_map_count(const abn_map *map);
/* The name of number `i`, terminated; lives as long as the map. */
const char *abn_map_name(const abn_map *map, uint32_t i);

#endif
