/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a study's listings are divided: into blocks that sums are made of, the same however many
 * processes there are, and blocks among processes. */
#ifndef ABNORM_PARTITION_H
#define ABNORM_PARTITION_H

#include <abnorm/error.h>
#include <abnorm/events.h>
#include <stddef.h>
#include <stdint.h>

/* Listings go by the bytes of their symbols. A block is a run of whole listings with at least 256
 * events (fewer in a study of few events), a process has a run of blocks. */
typedef struct abn_partition {
    size_t n;            /* events */
    const char **symbol; /* of the events, each once, ascending; borrowed from them */
    size_t symbols;
    uint32_t *symbol_of; /* n: event -> symbol */
    uint32_t *block_of;  /* symbol -> block */
    size_t blocks;
    uint32_t *rank_of; /* symbol -> process */
    size_t ranks;
} abn_partition;

/* The events are borrowed. */
abn_status abn_partition_make(const abn_study_event *event, size_t n, size_t ranks,
                              abn_partition **out, abn_error *err);
void abn_partition_free(abn_partition *partition);

uint32_t abn_partition_block(const abn_partition *partition, size_t event);
size_t abn_partition_rank(const abn_partition *partition, size_t event);
/* Who has a symbol that may be no event's: the one with the events' last before it. */
size_t abn_partition_owner(const abn_partition *partition, const char *symbol);

#endif
