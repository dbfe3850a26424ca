/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libxml2 on a short lead: it builds no tree, and what it tells outside a parser's own handlers
 * goes nowhere. */
#ifndef ABNORM_NEWS_DOCUMENT_XML_H
#define ABNORM_NEWS_DOCUMENT_XML_H

#include <libxml/parser.h>

#pragma GCC visibility push(hidden)

/* This thread's handler, to be put back. */
typedef struct abn_xml_silence {
    xmlStructuredErrorFunc handler;
    void *context;
} abn_xml_silence;

abn_xml_silence abn_xml_silence_begin(void);
void abn_xml_silence_end(abn_xml_silence before);

/* Have a parser, of HTML too, read UTF-8 and call back into `user`. */
void abn_xml_aim(xmlParserCtxtPtr parser, const xmlSAXHandler *calls, void *user);
/* Free a parser (NULL: none), and what a doctype made of a tree. */
void abn_xml_drop(xmlParserCtxtPtr parser);

#pragma GCC visibility pop

#endif
