/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The processes that work on one study, each with listings of its own, and how they meet.
 *
 * Rank 0 leads: it takes what the others give, and writes. Every function here is called by all of
 * them in the same order, and returns the same status to all: when one failed, all fail with the
 * status and error of the first by rank. From there on each fails with that at once, without
 * meeting: so one that gives up by itself has only to say so before it ends, wherever the others
 * are. A NULL crew is a process alone. */
#ifndef ABNORM_CREW_H
#define ABNORM_CREW_H

#include <abnorm/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What rank 0 does with the `size` bytes that a rank gives. */
typedef abn_status abn_crew_take(void *to, const void *bytes, size_t size, abn_error *err);

typedef struct abn_crew {
    size_t rank, count;
    void *context;
    abn_status (*agree)(void *context, abn_status mine, abn_error *err);
    abn_status (*gather)(void *context, const void *bytes, size_t size, abn_crew_take *take,
                         void *to, abn_error *err);
    abn_status (*share)(void *context, void *bytes, size_t size, abn_error *err);
} abn_crew;

size_t abn_crew_count(const abn_crew *crew);
bool abn_crew_leads(const abn_crew *crew);

/* ABN_OK when `mine` is that on every rank. */
abn_status abn_crew_agree(const abn_crew *crew, abn_status mine, abn_error *err);

/* If all agree on `mine`: rank 0 calls `take` once a rank, in the order of ranks, with what it
 * gives, its own first. `take` and `to` matter on rank 0 only. */
abn_status abn_crew_gather(const abn_crew *crew, abn_status mine, const void *bytes, size_t size,
                           abn_crew_take *take, void *to, abn_error *err);

/* If all agree on `mine`: rank 0's bytes to all. */
abn_status abn_crew_share(const abn_crew *crew, abn_status mine, void *bytes, size_t size,
                          abn_error *err);

/* Which of a long list are here: its entries come in pieces, and [first[i], first[i + 1]) of those
 * that this process has are piece `place[i]`, ascending, of `pieces`. */
typedef struct abn_crew_rows {
    size_t n;
    size_t *first;   /* n + 1 */
    uint64_t *place; /* n */
    uint64_t pieces;
} abn_crew_rows;

#endif
