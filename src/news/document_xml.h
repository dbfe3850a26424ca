/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libxml2 kept silent: what it tells outside a parser's own handlers goes nowhere. */
#ifndef ABNORM_NEWS_DOCUMENT_XML_H
#define ABNORM_NEWS_DOCUMENT_XML_H

#include <libxml/xmlerror.h>

#pragma GCC visibility push(hidden)

/* This thread's handler, to be put back. */
typedef struct abn_xml_silence {
    xmlStructuredErrorFunc handler;
    void *context;
} abn_xml_silence;

abn_xml_silence abn_xml_silence_begin(void);
void abn_xml_silence_end(abn_xml_silence before);

#pragma GCC visibility pop

#endif
