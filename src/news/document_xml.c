/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "document_xml.h"

#include <libxml/globals.h>
#include <libxml/parserInternals.h>

static void ignore(void *user, xmlErrorPtr error)
{
    (void)user;
    (void)error;
}

abn_xml_silence abn_xml_silence_begin(void)
{
    xmlInitParser();
    abn_xml_silence before = {xmlStructuredError, xmlStructuredErrorContext};
    xmlSetStructuredErrorFunc(NULL, ignore);
    return before;
}

void abn_xml_silence_end(abn_xml_silence before)
{
    xmlResetLastError();
    xmlSetStructuredErrorFunc(before.context, before.handler);
}

void abn_xml_aim(xmlParserCtxtPtr parser, const xmlSAXHandler *calls, void *user)
{
    xmlSwitchEncoding(parser, XML_CHAR_ENCODING_UTF8);
    *parser->sax = *calls;
    parser->sax->initialized = XML_SAX2_MAGIC;
    parser->userData = user;
}

void abn_xml_drop(xmlParserCtxtPtr parser)
{
    if (!parser) return;
    if (parser->myDoc) xmlFreeDoc(parser->myDoc);
    xmlFreeParserCtxt(parser);
}
