/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The folder side of a fetch: lock, journal of a stopped run, dividends and splits. */
#ifndef ABNORM_FETCH_PARTS_H
#define ABNORM_FETCH_PARTS_H

#include <abnorm/fetch.h>

#pragma GCC visibility push(hidden)

/* A folder that one fetch works in. */
typedef struct abn_fetch_folder {
    const char *path;
    char *journal_path;
    int lock, journal; /* descriptors, or -1 */
    char *done;        /* what a stopped run had done: "\nAAPL\nBABA\n" */
} abn_fetch_folder;

/* Make and lock the folder, and read the journal of a run with the same `job` line that was stopped
 * less than 12 hours ago. ABN_TRY_LATER when another run holds the folder. */
abn_status abn_fetch_folder_open(abn_fetch_folder *folder, const char *path, const char *job,
                                 abn_instant now, abn_error *err);
/* Whether the stopped run had done a symbol. */
bool abn_fetch_folder_done(const abn_fetch_folder *folder, const char *symbol);
/* Note that a symbol is done; a journal that cannot be written costs no more than a second asking.
 */
void abn_fetch_folder_mark(abn_fetch_folder *folder, const char *symbol);
/* Unlock and free; the journal goes when everything is done. */
void abn_fetch_folder_close(abn_fetch_folder *folder, bool finished);
/* Remove what a killed run left of the temporary files of these names, and of the folder's own. */
void abn_fetch_folder_sweep(const abn_fetch_folder *folder, const char *const *name, size_t count);

/* Put the dividends, and the splits unless prices are adjusted for them, into
 * FOLDER/actions/dividends.csv and splits.csv. */
abn_status abn_fetch_actions(const char *folder, const char *symbol, const abn_bars *bars,
                             bool splits, abn_error *err);

#pragma GCC visibility pop

#endif
