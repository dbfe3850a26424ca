/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RSS and Atom: a document an entry, handed out as it is read. */
#include "document_build.h"
#include "document_xml.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>
#include <string.h>

#define EARLIEST 1970

typedef enum field {
    FIELD_NONE,
    FIELD_TITLE,
    FIELD_CONTENT,
    FIELD_SUMMARY,
    FIELD_PUBLISHED,
    FIELD_UPDATED,
    FIELD_LANG,
    FIELD_LINK,
    FIELDS
} field;

typedef struct feed {
    const abn_intake *reading;
    xmlParserCtxtPtr parser;
    abn_buf value[FIELDS]; /* of the entry being read */
    char published_name[32], updated_name[32];
    char lang[16], entry_lang[16]; /* stated by the feed, by the entry */
    const char *form;              /* "rss" or "atom"; NULL before the root */
    int depth, entry_depth, field_depth;
    field into;
    unsigned entries;
    long line; /* where the entry started */
    xmlEntity entity;
    char entity_text[8];
    abn_status status, bad_date;
    bool refused, unknown_root;
    char root[40];
    abn_error *err;
} feed;

static void stop(feed *in, abn_status status)
{
    if (in->status == ABN_OK) in->status = status;
    xmlStopParser(in->parser);
}

static abn_slice slice_of(const abn_buf *buf)
{
    return (abn_slice){buf->data ? buf->data : "", buf->len};
}

/* Text of a member that may be HTML, folded into `out`. */
static void add_member(feed *in, abn_slice value, abn_buf *out)
{
    value = abn_slice_trim(value);
    if (value.len == 0) return;
    if (memchr(value.ptr, '<', value.len) || memchr(value.ptr, '&', value.len)) {
        abn_status status = abn_webpage_fragment(in->reading, value, out, in->err);
        if (status != ABN_OK) stop(in, status);
        return;
    }
    abn_buf_slice(out, value);
    abn_buf_char(out, '\n');
}

/* One stated date; a bad one is reported, and the entry read on. */
static bool read_date(feed *in, field which, const char *name, double probability,
                      abn_document *document)
{
    abn_slice value = abn_slice_trim(slice_of(&in->value[which]));
    char where[64] = "";
    abn_stamp stamp;
    if (value.len == 0) return false;
    abn_stamp_ways ways = {strcmp(in->form, "rss") == 0, in->reading->words};
    if (!abn_stamp_read(value, ways, &stamp)) {
        in->bad_date =
            abn_fail_at(in->err, ABN_DATA, in->reading->source, in->line, 0,
                        "bad date \"%.*s\" in %s of entry %u",
                        (int)(value.len < 40 ? value.len : 40), value.ptr, name, in->entries);
        return false;
    }
    if (!abn_day_possible(in->reading->options, stamp.date, EARLIEST)) return false;
    strncat(where, in->form, 8);
    strncat(where, " ", 2);
    strncat(where, name, 31);
    return abn_document_publish(in->reading, document, &stamp, ABN_BASIS_METADATA, probability,
                                where);
}

static void finish_entry(feed *in)
{
    abn_buf text = {0}, title = {0};
    abn_document *document = abn_document_new(in->reading, in->entries);
    if (document == NULL) {
        stop(in, abn_fail_memory(in->err));
        return;
    }
    add_member(in, slice_of(&in->value[FIELD_TITLE]), &title);
    bool titled = abn_document_set_title(document, slice_of(&title));
    abn_buf_slice(&text, slice_of(&title));
    field body = in->value[FIELD_CONTENT].len ? FIELD_CONTENT : FIELD_SUMMARY;
    add_member(in, slice_of(&in->value[body]), &text);
    if (!read_date(in, FIELD_PUBLISHED, in->published_name, .97, document))
        read_date(in, FIELD_UPDATED, in->updated_name, .7, document);
    const char *lang = in->entry_lang[0] ? in->entry_lang : in->lang;
    char *link = abn_slice_dup(abn_slice_trim(slice_of(&in->value[FIELD_LINK])));
    if (link) {
        free(document->link);
        document->link = link;
    }
    if (titled && in->status == ABN_OK) {
        abn_status status = abn_document_finish(in->reading, document, &text, lang, in->err);
        document = NULL;
        if (status != ABN_OK) stop(in, status);
    } else if (!titled) {
        stop(in, abn_fail_memory(in->err));
    }
    abn_document_free(document);
    abn_buf_free(&title);
    abn_buf_free(&text);
}

static field field_of(const char *name, bool in_entry)
{
    static const struct {
        const char *name;
        field field;
    } names[] = {{"title", FIELD_TITLE},
                 {"encoded", FIELD_CONTENT},
                 {"content", FIELD_CONTENT},
                 {"description", FIELD_SUMMARY},
                 {"summary", FIELD_SUMMARY},
                 {"pubDate", FIELD_PUBLISHED},
                 {"published", FIELD_PUBLISHED},
                 {"date", FIELD_PUBLISHED},
                 {"issued", FIELD_PUBLISHED},
                 {"created", FIELD_PUBLISHED},
                 {"updated", FIELD_UPDATED},
                 {"modified", FIELD_UPDATED},
                 {"link", FIELD_LINK}};
    if (!in_entry) return strcmp(name, "language") == 0 ? FIELD_LANG : FIELD_NONE;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i].name) == 0) return names[i].field;
    return FIELD_NONE;
}

/* Media and other extensions have titles and dates of their own. */
static bool is_own(const xmlChar *prefix)
{
    const char *p = (const char *)prefix;
    return p == NULL || strcmp(p, "content") == 0 || strcmp(p, "dc") == 0 ||
           strcmp(p, "atom") == 0 || strcmp(p, "dcterms") == 0;
}

static void read_root(feed *in, const char *name)
{
    if (strcmp(name, "rss") == 0 || strcmp(name, "RDF") == 0)
        in->form = "rss";
    else if (strcmp(name, "feed") == 0)
        in->form = "atom";
    else {
        in->unknown_root = true;
        strncpy(in->root, name, sizeof in->root - 1);
        stop(in, ABN_DATA);
    }
}

/* xml:lang among an element's attributes. */
static void read_lang(const xmlChar **atts, int n, char out[16])
{
    for (int i = 0; i < n; i++, atts += 5) {
        size_t len = (size_t)(atts[4] - atts[3]);
        if (strcmp((const char *)atts[0], "lang") != 0 || len >= 16) continue;
        memcpy(out, atts[3], len);
        out[len] = '\0';
    }
}

/* Atom keeps the address of an entry's page in an attribute; other relations lead elsewhere. An
 * ampersand is the one character that the parser hands out escaped there. */
static void read_link(feed *in, const xmlChar **atts, int n)
{
    abn_slice href = {"", 0}, rel = {"alternate", 9};
    for (int i = 0; i < n; i++, atts += 5) {
        abn_slice value = {(const char *)atts[3], (size_t)(atts[4] - atts[3])};
        if (strcmp((const char *)atts[0], "href") == 0) href = value;
        if (strcmp((const char *)atts[0], "rel") == 0) rel = value;
    }
    if (!abn_slice_eq(rel, "alternate") || in->value[FIELD_LINK].len > 0) return;
    for (size_t i = 0; i < href.len; i++) {
        bool escaped = href.len - i >= 5 && memcmp(href.ptr + i, "&#38;", 5) == 0;
        abn_buf_char(&in->value[FIELD_LINK], href.ptr[i]);
        i += escaped ? 4 : 0;
    }
}

static void open_entry(feed *in, const xmlChar **atts, int n)
{
    in->entry_depth = in->depth;
    in->entries++;
    in->line = xmlSAX2GetLineNumber(in->parser);
    in->entry_lang[0] = in->published_name[0] = in->updated_name[0] = '\0';
    read_lang(atts, n, in->entry_lang);
    for (int f = 0; f < FIELDS; f++)
        abn_buf_clear(&in->value[f]);
}

static void open_field(feed *in, const char *name, const xmlChar *prefix)
{
    field which = is_own(prefix) ? field_of(name, in->entry_depth > 0) : FIELD_NONE;
    if (which == FIELD_NONE || (in->value[which].len > 0 && which != FIELD_CONTENT)) return;
    if (which == FIELD_CONTENT) abn_buf_clear(&in->value[which]);
    if (which == FIELD_PUBLISHED) strncpy(in->published_name, name, sizeof in->published_name - 1);
    if (which == FIELD_UPDATED) strncpy(in->updated_name, name, sizeof in->updated_name - 1);
    in->into = which;
    in->field_depth = in->depth;
}

static void start_element(void *user, const xmlChar *local, const xmlChar *prefix,
                          const xmlChar *uri, int n_ns, const xmlChar **ns, int n_atts,
                          int n_default, const xmlChar **atts)
{
    (void)uri, (void)n_ns, (void)ns, (void)n_default;
    feed *in = user;
    const char *name = (const char *)local;
    in->depth++;
    if (in->depth == 1) {
        read_lang(atts, n_atts, in->lang); /* stopping the parser frees what `atts` points into */
        read_root(in, name);
    } else if (in->into != FIELD_NONE) {
        abn_buf_char(&in->value[in->into], '\n'); /* XHTML inside a member */
    } else if (in->entry_depth == 0 && (strcmp(name, "item") == 0 || strcmp(name, "entry") == 0)) {
        open_entry(in, atts, n_atts);
    } else if (in->entry_depth > 0 && strcmp(name, "link") == 0 && n_atts > 0) {
        read_link(in, atts, n_atts);
    } else if (in->entry_depth == 0 || in->depth == in->entry_depth + 1) {
        open_field(in, name, prefix);
    }
}

static void end_element(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
    (void)local, (void)prefix, (void)uri;
    feed *in = user;
    if (in->into != FIELD_NONE && in->depth == in->field_depth) {
        abn_slice value = abn_slice_trim(slice_of(&in->value[in->into]));
        if (in->into == FIELD_LANG && value.len < sizeof in->lang) {
            memcpy(in->lang, value.ptr, value.len);
            in->lang[value.len] = '\0';
        }
        in->into = FIELD_NONE;
    }
    if (in->entry_depth > 0 && in->depth == in->entry_depth) {
        finish_entry(in);
        in->entry_depth = 0;
    }
    in->depth--;
}

static void characters(void *user, const xmlChar *s, int n)
{
    feed *in = user;
    if (in->into != FIELD_NONE && n > 0) abn_buf_add(&in->value[in->into], s, (size_t)n);
}

/* Entities of HTML are common in feeds that declare none. */
static xmlEntityPtr get_entity(void *user, const xmlChar *name)
{
    feed *in = user;
    const htmlEntityDesc *known = htmlEntityLookup(name);
    if (known == NULL) return NULL;
    int n = 0;
    n = xmlCopyChar(0, (xmlChar *)in->entity_text, (int)known->value);
    in->entity_text[n] = '\0';
    in->entity = (xmlEntity){.type = XML_ENTITY_DECL,
                             .name = name,
                             .orig = NULL,
                             .content = (xmlChar *)in->entity_text,
                             .length = n,
                             .etype = XML_INTERNAL_PREDEFINED_ENTITY};
    return &in->entity;
}

/* A feed has no use for entities of its own; those who declare them mean to multiply them. */
static void refuse_entity(void *user, const xmlChar *name, int type, const xmlChar *public_id,
                          const xmlChar *system_id, xmlChar *content)
{
    (void)name, (void)type, (void)public_id, (void)system_id, (void)content;
    feed *in = user;
    in->refused = true;
    stop(in, ABN_DATA);
}

/* Without memory the parser is not to go on. */
static void judge_error(void *user, xmlErrorPtr error)
{
    feed *in = user;
    if (error && error->code == XML_ERR_NO_MEMORY && in->parser) stop(in, ABN_MEMORY);
}

static xmlParserCtxtPtr new_parser(abn_slice bytes, feed *in)
{
    xmlParserCtxtPtr parser = xmlCreateMemoryParserCtxt(bytes.ptr, (int)bytes.len);
    if (parser == NULL) return NULL;
    xmlCtxtUseOptions(parser, XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR |
                                  XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC);
    static const xmlSAXHandler calls = {.startElementNs = start_element,
                                        .endElementNs = end_element,
                                        .characters = characters,
                                        .ignorableWhitespace = characters,
                                        .cdataBlock = characters,
                                        .getEntity = get_entity,
                                        .entityDecl = refuse_entity,
                                        .serror = judge_error};
    abn_xml_aim(parser, &calls, in);
    return parser;
}

static abn_status judge(const feed *in, abn_error *err)
{
    const char *source = in->reading->source;
    const xmlError *last = &in->parser->lastError;
    if (in->refused)
        return abn_fail_at(err, ABN_DATA, source, 0, 0, "XML that declares entities of its own");
    if (in->unknown_root)
        return abn_fail_at(err, ABN_DATA, source, 0, 0,
                           "XML that is neither RSS nor Atom (its root is <%s>)", in->root);
    if (in->status == ABN_MEMORY || in->parser->errNo == XML_ERR_NO_MEMORY)
        return abn_fail_memory(err);
    if (in->status != ABN_OK) return in->status;
    if (!in->parser->wellFormed) {
        const char *why = last->message ? last->message : "not well-formed";
        size_t n = strcspn(why, "\n");
        return abn_fail_at(err, ABN_DATA, source, last->line, last->int2,
                           "bad XML: %.*s (%u entries read)", (int)(n < 200 ? n : 200), why,
                           in->entries);
    }
    return in->bad_date;
}

abn_status abn_document_read_feed(const abn_intake *reading, abn_slice bytes, abn_error *err)
{
    if (bytes.len > INT32_MAX - 64)
        return abn_fail_at(err, ABN_DATA, reading->source, 0, 0, "feed larger than 2 GB");
    feed *in = calloc(1, sizeof *in);
    if (in == NULL) return abn_fail_memory(err);
    abn_status status = ABN_OK;
    abn_xml_silence before = abn_xml_silence_begin();
    in->reading = reading;
    in->err = err;
    in->parser = new_parser(bytes, in);
    if (in->parser == NULL) {
        status = abn_fail_memory(err);
        goto done;
    }
    xmlParseDocument(in->parser);
    status = judge(in, err);
done:
    abn_xml_drop(in->parser);
    abn_xml_silence_end(before);
    for (int f = 0; f < FIELDS; f++)
        abn_buf_free(&in->value[f]);
    free(in);
    return status;
}
