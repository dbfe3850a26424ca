/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Download daily quotes into a folder of SYMBOL.csv, adding to what is there. */
#ifndef ABNORM_FETCH_H
#define ABNORM_FETCH_H

#include <abnorm/bars.h>
#include <abnorm/date.h>
#include <abnorm/error.h>
#include <abnorm/exchange.h>
#include <abnorm/http.h>
#include <abnorm/instant.h>
#include <abnorm/listing.h>
#include <abnorm/notes.h>
#include <abnorm/provider.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct abn_fetch_options {
    const char *folder;             /* NULL: keep the rows in the results, write nothing */
    abn_date from, to;              /* ABN_NO_DATE: as far as the provider goes */
    abn_instant now;                /* what has not closed by now is never kept */
    const char *key;                /* or NULL */
    const char *base_url;           /* instead of the provider's own, or NULL */
    bool refresh;                   /* take the whole history anew and replace the files */
    const abn_listings *listings;   /* spellings and exchanges; may be NULL */
    const abn_exchanges *exchanges; /* may be NULL */
    /* Called after each symbol; may be NULL. */
    void (*progress)(void *context, size_t done, size_t count, const char *symbol);
    /* Called before files of the folder are written, and after; may be NULL. */
    void (*writing)(void *context, bool begins);
    void *context;
} abn_fetch_options;

/* What came of one symbol; `error` holds ABN_OK or why nothing was changed. */
typedef struct abn_fetch_result {
    const char *symbol; /* the caller's */
    abn_error error;
    char *path; /* of its file, or NULL */
    size_t rows, added, corrected;
    abn_date first, last;
    bool kept;     /* nothing was asked: it was done by a run that was stopped, or is on file */
    abn_bars bars; /* without a folder */
} abn_fetch_result;

/* Ask `provider` for every symbol, the stalest file first, and merge each answer into FOLDER/SYMBOL
 * .csv with a record of its origin beside it in SYMBOL.json; dividends and splits go to
 * FOLDER/actions. A file on hand is asked for from a month before its end; from its beginning when
 * the vendor has restated it. Every file appears whole or not at all, and a run that was stopped is
 * taken up where it stood. After a quota's end nothing more is asked. `result` has `count` slots,
 * each for abn_fetch_result_free() also after a failure. Fails as a whole only when the folder
 * cannot be used (ABN_TRY_LATER: another run does), a symbol is no file name, or a key is missing
 * (ABN_REFUSED). */
abn_status abn_fetch(abn_http *http, const abn_provider *provider, const char *const *symbol,
                     size_t count, const abn_fetch_options *options, abn_notes *notes,
                     abn_fetch_result *result, abn_error *err);
void abn_fetch_result_free(abn_fetch_result *result);

#endif
