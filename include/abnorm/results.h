/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result folder: every file of a run appears together, or none does. */
#ifndef ABNORM_RESULTS_H
#define ABNORM_RESULTS_H

#include <abnorm/crew.h>
#include <abnorm/error.h>
#include <abnorm/slice.h>
#include <abnorm/table.h>

typedef struct abn_results abn_results;

/* Make the folder where it is missing, lock it and remove what killed runs left. ABN_TRY_LATER
 * when another run holds it. */
abn_status abn_results_open(const char *folder, abn_results **out, abn_error *err);
/* From here on tables are written as ABN_FORMAT_SAFE_CSV. */
void abn_results_make_safe(abn_results *results);
/* Work that one thread does while others print. */
typedef struct abn_beside {
    abn_status (*work)(void *context, abn_error *err);
    void *context;
} abn_beside;
/* Write tables as NAME.csv to temporary files beside their places. What is to be done beside (NULL:
 * nothing) is done once; its failure is the call's. */
abn_status abn_results_tables(abn_results *results, const abn_table *const *table, size_t n,
                              int digits, int threads, const abn_beside *beside, abn_error *err);
/* The same for a crew, each with its own rows of tables that are shared; `results` is NULL but on
 * the first process, which writes. All agreed so far. */
abn_status abn_results_share(abn_results *results, const abn_crew *crew,
                             const abn_table *const *table, size_t n, int digits, int threads,
                             abn_error *err);
/* One table, or `bytes` as `name`. */
abn_status abn_results_table(abn_results *results, const abn_table *table, int digits, int threads,
                             abn_error *err);
abn_status abn_results_file(abn_results *results, const char *name, abn_slice bytes,
                            abn_error *err);
/* Say that a new set begins: the next commit removes an older run.json even where the new one is
 * only written for a later commit. */
abn_status abn_results_begin(abn_results *results, abn_error *err);
/* Put every file in its place, in the order in which they were written: write run.json last. An
 * older run.json goes first, so one that is seen vouches for a whole set. More may be written and
 * committed after. */
abn_status abn_results_commit(abn_results *results, abn_error *err);
/* Remove temporary files of runs that were killed; the folder must be locked. */
void abn_results_sweep(const char *folder);
/* From another thread, before the process ends: wait for a commit under way, remove what is not in
 * place, and hold back whoever writes on. */
void abn_results_stop(abn_results *results);
/* Unlock and free; what was not committed is removed. */
void abn_results_free(abn_results *results);

#endif
