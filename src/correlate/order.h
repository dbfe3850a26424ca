/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events in the order of a key. */
#ifndef ABN_CORRELATE_ORDER_H
#define ABN_CORRELATE_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

typedef struct abn_ordered {
    uint64_t key;
    uint32_t event;
} abn_ordered;

/* Sort by key; those of one key stay in their order. False without memory. */
bool abn_order(abn_ordered *all, size_t n);

#pragma GCC visibility pop

#endif
