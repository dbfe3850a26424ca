/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder of quotes that processes share: each reads its own listings' files, and those of
 * benchmarks that another has. */
#ifndef STUDY_QUOTES_H
#define STUDY_QUOTES_H

#include "market_facts.h"
#include "record.h"

#include <abnorm/events.h>
#include <abnorm/partition.h>
#include <abnorm/study.h>

typedef struct quotes_share {
    const abn_crew *crew;
    abn_partition *partition;
    abn_map *benchmarks; /* of this process's listings */
    bool divided;        /* else each process has read all */
} quotes_share;

void quotes_share_free(quotes_share *share);
/* Read this process's files; all of them where the folder cannot be divided, as one with files of
 * several symbols. `c->notes` get on the first process what one alone would note. */
abn_status quotes_share_load(cli *c, const char *path, const abn_event_list *events,
                             quotes_share *share, abn_quotes **own);
/* Then, of a divided folder: read the benchmarks, infer sessions, clean, and note that. */
abn_status quotes_share_complete(cli *c, const char *path, const abn_event_list *events,
                                 const abn_study_settings *settings, const market_facts *facts,
                                 quotes_share *share, abn_quotes *own, abn_quotes **benchmarks);
/* Put every process's files on record, which each has hashed. */
abn_status quotes_share_record(const quotes_share *share, const abn_quotes *own, record *r,
                               abn_error *err);

#endif
