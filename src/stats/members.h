/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The occasions of a group in the order in which they are summed. */
#ifndef ABN_STATS_MEMBERS_H
#define ABN_STATS_MEMBERS_H

#include <abnorm/statistic.h>

#pragma GCC visibility push(hidden)

/* By history, then by day 0, then as given; in blocks of whole histories, whose sums are added in
 * order. */
typedef struct abn_members {
    size_t n, blocks;
    uint32_t *event; /* n: indices into the panel */
    size_t *first;   /* blocks + 1: where each begins in `event` */
} abn_members;

/* `block` by panel occasion, or NULL (abn_tests_options). */
abn_status abn_members_new(const abn_panel *panel, const uint32_t *event, size_t n,
                           const uint32_t *block, int threads, abn_members *out, abn_error *err);
void abn_members_free(abn_members *members);

#pragma GCC visibility pop

#endif
