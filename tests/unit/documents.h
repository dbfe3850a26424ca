/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents as tests read them: all that one call delivers, kept. */
#ifndef DOCUMENTS_H
#define DOCUMENTS_H

#include "unit.h"

#include <abnorm/document.h>

enum { MORE = 8 };

static abn_languages *languages;

/* What one call of abn_document_read() delivered. */
typedef struct reading {
    abn_document *document[MORE];
    size_t count;
    abn_error err;
    abn_status status;
} reading;

static abn_status keep(void *context, abn_document *document, abn_error *err)
{
    (void)err;
    reading *r = context;
    assert_true(r->count < MORE);
    r->document[r->count++] = document;
    return ABN_OK;
}

static reading read_bytes(const char *source, const char *bytes, size_t len)
{
    abn_document_options options = {.given = ABN_NO_DATE, .today = abn_date_of(2026, 11, 20)};
    reading r = {0};
    r.status =
        abn_document_read(languages, source, (abn_slice){bytes, len}, &options, keep, &r, &r.err);
    return r;
}

static void drop(reading *r)
{
    for (size_t i = 0; i < r->count; i++)
        abn_document_free(r->document[i]);
    r->count = 0;
}

static const char *day_of(const abn_document *document)
{
    static char out[ABN_DATE_MAX];
    return abn_date_format(document->published, out);
}

static int load(void **state)
{
    (void)state;
    abn_error err = {0};
    return abn_languages_load("data", &languages, &err) == ABN_OK ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    abn_languages_free(languages);
    return 0;
}

#endif
