/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of a fetch: planning, storing, and the folder with its lock and journal. */
#ifndef ABNORM_FETCH_PARTS_H
#define ABNORM_FETCH_PARTS_H

#include <abnorm/fetch.h>

#define ABN_FETCH_SYMBOL_MAX 64

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

/* Write a file unless it holds these bytes already. */
abn_status abn_fetch_write(const char *path, const abn_buf *text, abn_error *err);

/* Put the dividends as they were paid, and the splits, into FOLDER/actions/dividends.csv and
 * splits.csv. */
abn_status abn_fetch_actions(const char *folder, const char *symbol, const abn_bars *bars,
                             abn_error *err);

typedef enum abn_fetch_stage {
    ABN_FETCH_PLANNED,
    ABN_FETCH_ASKED,
    ABN_FETCH_ASK_ALL, /* once more, for the whole history */
    ABN_FETCH_FINISHED
} abn_fetch_stage;

/* One symbol on its way. */
typedef struct abn_fetch_job {
    abn_fetch_result *result;
    abn_notes *notes;
    abn_fetch_stage stage;
    bool all; /* the answer covers the whole history */
    const abn_exchange *exchange;
    char *csv, *json;
    abn_buf spelling, url;
    bool exists;
    size_t rows;
    abn_date first, last; /* of the file; ABN_NO_DATE without */
    abn_date asked_from;  /* the file's history was asked for from here; ABN_NO_DATE: all */
    abn_date from;        /* this question's */
    bool known;           /* the file is this provider's, by its record */
} abn_fetch_job;

/* One call of abn_fetch(). */
typedef struct abn_fetch_run {
    abn_http *http;
    const abn_provider *provider;
    const abn_fetch_options *options;
    abn_fetch_job *job;
    size_t count, done;
    abn_fetch_folder folder;
    abn_fetch_job **asked; /* of the requests under way, in their order */
    bool worked;           /* some answer was good */
    abn_error stop;        /* why nothing more is asked */
} abn_fetch_run;

/* Read what is on file of a symbol, and choose what to ask for. */
abn_status abn_fetch_plan(const abn_fetch_run *f, abn_fetch_job *j, abn_error *err);
/* Write the address of the question again, when `from` has changed. */
abn_status abn_fetch_plan_url(const abn_fetch_run *f, abn_fetch_job *j, abn_error *err);
abn_query abn_fetch_query(const abn_fetch_run *f, const abn_fetch_job *j);
/* From when on all of a history is: as the caller says, but not less than is on file. */
abn_date abn_fetch_whole_from(const abn_fetch_run *f, const abn_fetch_job *j);
abn_date abn_fetch_last_wanted(const abn_fetch_run *f, const abn_fetch_job *j);

/* Merge an answer's rows into the file, and write it with its record; or set the stage to
 * ABN_FETCH_ASK_ALL when they show that the vendor has restated the past. `body` is the answer. */
abn_status abn_fetch_store(const abn_fetch_run *f, abn_fetch_job *j, const abn_bars *fresh,
                           abn_slice body, abn_error *err);

#pragma GCC visibility pop

#endif
