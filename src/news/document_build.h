/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the readers of text, pages and feeds share: making documents, and the days they state. */
#ifndef ABNORM_NEWS_DOCUMENT_BUILD_H
#define ABNORM_NEWS_DOCUMENT_BUILD_H

#include "document_page.h"
#include "document_stamp.h"

#include <abnorm/buf.h>
#include <abnorm/document.h>

#pragma GCC visibility push(hidden)

/* What one call of abn_document_read() works with. */
typedef struct abn_intake {
    const abn_languages *languages; /* may be NULL */
    const abn_page_words *words;
    const char *source;
    const abn_document_options *options;
    abn_document_fn each;
    void *context;
    bool *failed; /* set where a day was not found for want of memory */
} abn_intake;

/* A document of the source with no text yet; `number` (from 1) of an entry goes into its id, 0
 * none. NULL without memory. */
abn_document *abn_document_new(const abn_intake *reading, unsigned number);
/* Take over the text, choose the language, apply what the caller stated, and hand the document to
 * the caller's function. Takes the document over, also on failure. `stated` is a language tag
 * ("de-AT") or "". */
abn_status abn_document_finish(const abn_intake *reading, abn_document *document, abn_buf *text,
                               const char *stated, abn_error *err);
/* Replace the title; `title` is trimmed, its blanks folded, and cut at some 300 bytes. */
bool abn_document_set_title(abn_document *document, abn_slice title);
/* Choose the language of `text`: what the caller forces, else what the text reads like, unless
 * `stated` names another than the usual default. */
void abn_document_choose_language(const abn_intake *reading, abn_slice text, const char *stated,
                                  char lang[4]);

/* Record a publication day unless it is in the future or before the web (`earliest` year). */
bool abn_document_publish(const abn_intake *reading, abn_document *document, const abn_stamp *stamp,
                          abn_basis basis, double probability, const char *where);
/* True when a day may be one of publication. */
bool abn_day_possible(const abn_document_options *options, abn_date date, int earliest_year);

/* Find a full date in a short text: a stamp, else what the tagger of `lang` finds. */
bool abn_day_find(const abn_intake *reading, const char *lang, abn_slice text, bool month_first,
                  abn_stamp *out);
/* Do numbers alone stand month first? So in American English: `lang` "en" and no other region. */
bool abn_month_first(const char *stated_lang, const char *lang, abn_slice address);

/* Readers. Each calls reading->each for every document. */
abn_status abn_document_read_text(const abn_intake *reading, abn_slice utf8, abn_error *err);
abn_status abn_document_read_html(const abn_intake *reading, abn_slice utf8, abn_error *err);
abn_status abn_document_read_feed(const abn_intake *reading, abn_slice bytes, abn_error *err);
/* The text of a fragment of HTML, as feeds hold; "" where it has none. */
abn_status abn_webpage_fragment(const abn_intake *reading, abn_slice utf8, abn_buf *out,
                                abn_error *err);

#pragma GCC visibility pop

#endif
