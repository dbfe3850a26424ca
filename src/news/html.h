/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A web page as a flat list of blocks of text, with what it says of its date. */
#ifndef ABNORM_NEWS_HTML_H
#define ABNORM_NEWS_HTML_H

#include "document_build.h"
#include "jsonld.h"

#include <abnorm/buf.h>
#include <abnorm/document.h>
#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

/* Where a piece of the page stands; children inherit. */
enum {
    ABN_HTML_SKIP = 1 << 0,    /* scripts, styles, controls */
    ABN_HTML_CHROME = 1 << 1,  /* navigation, footers, asides, by their tag */
    ABN_HTML_NAMED = 1 << 2,   /* the same by a class or id */
    ABN_HTML_COMMENT = 1 << 3, /* what readers wrote */
    ABN_HTML_HEADER = 1 << 4,  /* a header outside the article */
    ABN_HTML_CAPTION = 1 << 5,
    ABN_HTML_LINK = 1 << 6,
    ABN_HTML_DATED = 1 << 7,   /* a class or id speaks of a date */
    ABN_HTML_UPDATED = 1 << 8, /* ... of an update */
    ABN_HTML_ARTICLE = 1 << 9,
    ABN_HTML_BODY = 1 << 10 /* declared to be the article's text */
};

typedef enum abn_webpage_tag {
    ABN_HTML_PLAIN,
    ABN_HTML_P,
    ABN_HTML_H1,
    ABN_HTML_H2, /* to h6 */
    ABN_HTML_LI,
    ABN_HTML_CELL
} abn_webpage_tag;

/* A run of text between two block borders, blanks folded, never empty. */
typedef struct abn_webpage_block {
    size_t start, len; /* in abn_webpage.text */
    size_t linked;     /* bytes of it inside links */
    uint32_t box;      /* the innermost container */
    uint32_t flags;
    abn_webpage_tag tag;
} abn_webpage_block;

/* A container of blocks: div, section, article, td, ... Box 0 is the page. */
typedef struct abn_webpage_box {
    uint32_t parent;
    uint32_t first, end; /* blocks */
    uint32_t flags;
    double score;
} abn_webpage_box;

/* A place that states a date: a meta element, a time element, an attribute of microdata. */
typedef enum abn_webpage_source {
    ABN_HTML_META,
    ABN_HTML_ITEMPROP,
    ABN_HTML_TIME,
    ABN_HTML_NAME /* an element whose class speaks of a date */
} abn_webpage_source;

typedef struct abn_webpage_mark {
    abn_webpage_source source;
    char name[48];   /* of the property, lower case; classes for a time element */
    char value[128]; /* as written */
    uint32_t block;  /* blocks before it */
    uint32_t flags;
} abn_webpage_mark;

typedef struct abn_webpage {
    abn_buf text;
    abn_webpage_block *blocks;
    abn_webpage_box *boxes;
    abn_webpage_mark *marks;
    uint32_t n_blocks, cap_blocks, n_boxes, cap_boxes, n_marks, cap_marks;
    abn_jsonld json;
    char lang[16];
    abn_buf title, og_title, address; /* the last is the page's own, canonical one */
} abn_webpage;

/* Parse a page in UTF-8, in one pass and with memory in proportion to its text. ABN_DATA when it is
 * nested too deep. abn_webpage_free() the result, also after failure. */
abn_status abn_webpage_parse(abn_slice utf8, const char *source, abn_webpage *out, abn_error *err);
void abn_webpage_free(abn_webpage *html);
abn_slice abn_webpage_text(const abn_webpage *html, uint32_t block);

/* The flags that an element's class and id words stand for. */
uint32_t abn_webpage_class_flags(const char *class_names, const char *id);

/* Append the main text, a paragraph a line. */
abn_status abn_webpage_main_text(abn_webpage *html, const abn_page_words *words, abn_buf *out,
                                 abn_error *err);
/* The heading that the page's title repeats, else the first of rank 1 outside the furniture; or
 * UINT32_MAX. */
uint32_t abn_webpage_headline(const abn_webpage *html);

/* Set the document's publication day from what the page states, if it does. */
void abn_webpage_date(const abn_webpage *html, const abn_intake *reading, abn_document *document);

#pragma GCC visibility pop

#endif
