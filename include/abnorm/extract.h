/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents in, dated documents, verified claims and merged events out. */
#ifndef ABNORM_EXTRACT_H
#define ABNORM_EXTRACT_H

#include <abnorm/announcement.h>
#include <abnorm/dating.h>
#include <abnorm/document.h>
#include <abnorm/error.h>
#include <abnorm/exchange.h>
#include <abnorm/listing.h>
#include <abnorm/quotes.h>
#include <abnorm/tape.h>
#include <abnorm/timex.h>
#include <abnorm/verify.h>
#include <stdbool.h>
#include <stddef.h>

/* What the texts are read against; all borrowed, and quotes, exchanges and actions may be NULL. */
typedef struct abn_extract_facts {
    const abn_languages *languages;
    const abn_listings *listings;
    const abn_quotes *quotes;
    const abn_exchanges *exchanges;
    const abn_actions *actions;
} abn_extract_facts;

typedef struct abn_extract_options {
    abn_document_options document; /* forced language, given day, latest possible day */
    bool explain;                  /* keep a person's account of how each document was dated */
} abn_extract_options;

/* Rows of the three tables. Text is never NULL and lives as long as the extraction. */
typedef struct abn_document_row {
    const char *doc, *lang, *title;
    abn_date published;
    const char *published_basis;
    double published_probability; /* NaN where nothing is asserted */
    abn_date runner_up;           /* the best day that is not asserted */
    double runner_up_probability;
    const char *candidates; /* further days with their probability, while none is certain */
    const char *evidence;   /* what decided */
    const char *source;
    const char *explanation; /* several lines; "" unless asked for */
} abn_document_row;

typedef struct abn_claim_row {
    const char *doc;
    int64_t claim; /* number within its document */
    const char *symbol, *kind;
    double pct, level;
    const char *currency;
    abn_date session;
    const char *extreme, *since, *horizon, *hedge, *verdict;
    double actual_pct, actual_level;
    int64_t start, end; /* code points */
    const char *quote;
    const char *actual_since, *tested; /* what it was held against */
    double session_probability;        /* NaN without a session */
} abn_claim_row;

typedef struct abn_extraction abn_extraction;

abn_status abn_extraction_new(const abn_extract_facts *facts, const abn_extract_options *options,
                              abn_extraction **out, abn_error *err);
void abn_extraction_free(abn_extraction *extraction);
/* Forget every document, finished or not, and keep what was compiled of languages, listings and
 * quotes: the next ones are read as by a new extraction, sooner. Rows given out are gone. */
abn_status abn_extraction_clear(abn_extraction *extraction, abn_error *err);

/* Read the bytes of one file or feed. `extraction` is an abn_extraction; the type lets this be the
 * callback of whatever lists inputs. When it fails, documents before the fault are kept and others
 * can still be added. Memory grows with claims and mentions, not with text. */
abn_status abn_extraction_read(void *extraction, const char *name, abn_slice bytes, abn_error *err);

/* After the last document: let events date what claims did not, merge events, verify claims. */
abn_status abn_extraction_finish(abn_extraction *extraction, abn_error *err);

/* Borrowed rows, in order of documents; events by day. */
const abn_document_row *abn_extraction_documents(const abn_extraction *extraction, size_t *n);
const abn_claim_row *abn_extraction_claims(const abn_extraction *extraction, size_t *n);
const abn_event *abn_extraction_events(const abn_extraction *extraction, size_t *n);

#endif
