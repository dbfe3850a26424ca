/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents: bytes of unknown kind in, title, main text and publication date out. */
#ifndef ABNORM_DOCUMENT_H
#define ABNORM_DOCUMENT_H

#include <abnorm/date.h>
#include <abnorm/error.h>
#include <abnorm/instant.h>
#include <abnorm/slice.h>
#include <abnorm/timex.h>
#include <stddef.h>

/* How a publication day came to be known. */
typedef enum abn_basis {
    ABN_BASIS_NONE,
    ABN_BASIS_METADATA, /* JSON-LD, meta, feed */
    ABN_BASIS_TEXT,     /* a date line or time element that people see */
    ABN_BASIS_GIVEN,    /* the caller stated it */
    ABN_BASIS_CLAIMS,   /* the stock moves that it reports */
    ABN_BASIS_EVENT     /* the event that it reports, dated by other documents */
} abn_basis;

/* One document, owned: abn_document_free(). Strings are UTF-8, never NULL. */
typedef struct abn_document {
    char *id;     /* file name without folder and last extension */
    char *source; /* path or address */
    char *link;   /* the address that a feed's entry gives for its page, or "" */
    char lang[4]; /* "" when not known */
    char *title;
    char *text; /* main text with paragraphs on lines of their own; title included where the source
                   shows one in it */
    size_t text_len;
    abn_date published;        /* stated by the document itself, or ABN_NO_DATE */
    abn_instant published_at;  /* with its hour, or ABN_NO_INSTANT */
    int published_offset_sec;  /* of the zone published_at was stated in */
    abn_basis published_basis; /* METADATA or TEXT; NONE when not stated */
    double published_probability;
    char published_where[64]; /* "json-ld datePublished", "meta article:published_time", ... */
} abn_document;

typedef struct abn_document_options {
    const char *lang; /* force a language, or NULL */
    abn_date given;   /* --published, or ABN_NO_DATE */
    abn_date today;   /* nothing is published after it; ABN_NO_DATE: not checked */
} abn_document_options;

/* Read bytes as what they are: plain text, HTML, RSS 2.0 or Atom (one document an entry, ids
 * "NAME#1", ...), in UTF-8, UTF-16, Latin-1 or windows-1252. `each` is called once a document and
 * takes it over. ABN_DATA for binary data, PDF and what cannot be parsed; parsing is bounded in
 * depth and expansion, and never touches the network. */
typedef abn_status (*abn_document_fn)(void *context, abn_document *document, abn_error *err);
abn_status abn_document_read(const abn_languages *languages, const char *source, abn_slice bytes,
                             const abn_document_options *options, abn_document_fn each,
                             void *context, abn_error *err);
/* ABN_DATA with the place, for bytes that are no plain text of one byte or more a character:
 * formats known by their first bytes, a NUL, many control characters. */
abn_status abn_document_check_text(const char *source, abn_slice bytes, abn_error *err);
void abn_document_free(abn_document *document);
/* "metadata", "text", "given", "claims", "event", "none". */
const char *abn_basis_name(abn_basis basis);

#endif
