/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of an extraction: one entry a document, shared by the files that fill its rows. */
#ifndef ABNORM_EXTRACTION_H
#define ABNORM_EXTRACTION_H

#include "dater.h"
#include <abnorm/extract.h>

/* A document once its text is gone. */
typedef struct abn_read_document {
    char *id, *title, *source;
    char lang[4];
    abn_instant published_at;
    int published_offset_sec;
    char where[64];
    abn_reading reading;
    abn_dating dating;
    const char *event; /* that gave it its day, or NULL */
} abn_read_document;

struct abn_extraction {
    abn_extract_facts facts;
    abn_extract_options options;
    abn_dater *dater;
    abn_reader *reader;
    abn_arena *arena; /* texts of rows */
    abn_read_document *document;
    size_t n_documents, cap_documents;
    abn_document_row *document_row;
    abn_claim_row *claim_row;
    size_t n_claims;
    abn_events events;
};

#pragma GCC visibility push(hidden)

/* Mentions of all documents, and a market event for each that only reports moves; with `dated_only`
 * neither those nor documents without a day. To free(). */
abn_status abn_extraction_told(abn_extraction *x, bool dated_only, abn_told **told, size_t *n,
                               abn_error *err);
/* Let dated events date documents that tell of them and have no day of their own. */
abn_status abn_extraction_date_by_events(abn_extraction *x, abn_error *err);
/* "2025-02-12 .998", what decided, and the long account; in the extraction's arena. */
abn_status abn_extraction_explain(abn_extraction *x, size_t document, abn_document_row *row,
                                  abn_error *err);

#pragma GCC visibility pop

#endif
