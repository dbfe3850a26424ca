/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a page's JSON-LD says of its article. */
#ifndef ABNORM_NEWS_JSONLD_H
#define ABNORM_NEWS_JSONLD_H

#include <abnorm/error.h>
#include <abnorm/slice.h>

#pragma GCC visibility push(hidden)

#define ABN_JSONLD_STAMP 48

/* Strings as written, "" where not stated. Zero-initialise; read each script of a page into it: a
 * node of a better type replaces what a lesser one said, the first of equals stays. */
typedef struct abn_jsonld {
    int rank; /* of the node read: 3 article, 2 page, 1 anything else with a date */
    char published[ABN_JSONLD_STAMP];
    char created[ABN_JSONLD_STAMP];
    char modified[ABN_JSONLD_STAMP];
    char lang[16];
    char headline[400];
} abn_jsonld;

/* Broken JSON is read for its dates as far as it goes. Only memory can run out. */
abn_status abn_jsonld_read(abn_slice script, abn_jsonld *out, abn_error *err);

#pragma GCC visibility pop

#endif
