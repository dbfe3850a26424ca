/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "document_xml.h"
#include "html.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Browsers stop at about 512; the parser's own work on a stray end tag grows with the depth. */
#define DEPTH_MAX  512
#define NAMES_MAX  (DEPTH_MAX + 64) /* elements that the parser has open itself */
#define BLOCKS_MAX 4000000u
/* Bytes of all addresses that a page gives itself, and of a script that may be JSON-LD. */
#define ADDRESS_MAX 8192
#define SCRIPT_MAX  4000000

typedef struct frame {
    uint32_t flags;
    bool block, boxed;
    abn_webpage_tag tag;
    uint32_t mark;     /* mark + 1 whose value is the text of this element */
    size_t text_start; /* of that text */
} frame;

typedef struct reader {
    abn_webpage *out;
    htmlParserCtxtPtr parser;
    frame stack[DEPTH_MAX + 1];
    int depth;
    uint32_t box;
    /* the block being filled */
    size_t start, linked;
    bool blank; /* a blank is due before the next word */
    /* text that is not part of the page's */
    abn_buf script;
    abn_buf *aside; /* where characters go instead: script or title */
    abn_status status;
    bool too_deep, too_many;
} reader;

/* Room for one more in a list of the page. */
static void *grown(void *list, uint32_t count, uint32_t *cap, size_t size)
{
    if (count < *cap) return list;
    uint32_t more = *cap ? *cap * 2 : 64;
    void *bigger = realloc(list, more * size);
    if (bigger) *cap = more;
    return bigger;
}

static void stop(reader *in, abn_status status)
{
    if (in->status == ABN_OK) in->status = status;
    xmlStopParser(in->parser);
}

static abn_webpage_tag block_tag(const reader *in)
{
    for (int i = in->depth; i > 0; i--)
        if (in->stack[i].tag != ABN_HTML_PLAIN)
            return in->stack[i].tag;
        else if (in->stack[i].boxed)
            break;
    return ABN_HTML_PLAIN;
}

/* End the block being filled, and start the next. */
static void flush(reader *in)
{
    abn_webpage *page = in->out;
    while (page->text.len > in->start && strchr(" \n", page->text.data[page->text.len - 1]))
        page->text.data[--page->text.len] = '\0';
    if (page->text.len > in->start) {
        abn_webpage_block *list =
            page->n_blocks < BLOCKS_MAX
                ? grown(page->blocks, page->n_blocks, &page->cap_blocks, sizeof *page->blocks)
                : NULL;
        if (list == NULL) {
            in->too_many = page->n_blocks >= BLOCKS_MAX;
            stop(in, in->too_many ? ABN_DATA : ABN_MEMORY);
            return;
        }
        page->blocks = list;
        list[page->n_blocks++] = (abn_webpage_block){.start = in->start,
                                                     .len = page->text.len - in->start,
                                                     .linked = in->linked,
                                                     .box = in->box,
                                                     .flags = in->stack[in->depth].flags,
                                                     .tag = block_tag(in)};
    }
    in->start = page->text.len;
    in->linked = 0;
    in->blank = false;
}

static void open_box(reader *in, frame *top)
{
    abn_webpage *page = in->out;
    abn_webpage_box *list =
        grown(page->boxes, page->n_boxes, &page->cap_boxes, sizeof *page->boxes);
    if (list == NULL) {
        stop(in, ABN_MEMORY);
        return;
    }
    page->boxes = list;
    list[page->n_boxes] = (abn_webpage_box){
        .parent = in->box, .first = page->n_blocks, .end = page->n_blocks, .flags = top->flags};
    in->box = page->n_boxes++;
    top->boxed = true;
}

static abn_webpage_mark *add_mark(reader *in, abn_webpage_source source, const char *name,
                                  const char *value)
{
    abn_webpage *page = in->out;
    abn_webpage_mark *list =
        grown(page->marks, page->n_marks, &page->cap_marks, sizeof *page->marks);
    if (list == NULL) {
        stop(in, ABN_MEMORY);
        return NULL;
    }
    page->marks = list;
    abn_webpage_mark *mark = &list[page->n_marks++];
    *mark = (abn_webpage_mark){
        .source = source, .block = page->n_blocks, .flags = in->stack[in->depth].flags};
    for (size_t i = 0; name[i] && i + 1 < sizeof mark->name; i++)
        mark->name[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] + 32) : name[i];
    if (value) strncpy(mark->value, value, sizeof mark->value - 1);
    return mark;
}

static const char *attribute(const xmlChar **atts, const char *name)
{
    for (; atts && atts[0]; atts += 2)
        if (strcasecmp((const char *)atts[0], name) == 0)
            return atts[1] ? (const char *)atts[1] : "";
    return NULL;
}

static bool is_one_of(const char *name, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(name, *list) == 0) return true;
    return false;
}

static uint32_t tag_flags(const char *name, uint32_t above)
{
    static const char *const skip[] = {
        "script",   "style",  "noscript", "template", "svg",    "iframe", "object", "select",
        "textarea", "button", "audio",    "video",    "canvas", "math",   "head",   NULL};
    static const char *const chrome[] = {"nav", "aside", "footer", "menu", "dialog", NULL};
    if (is_one_of(name, skip)) return ABN_HTML_SKIP;
    if (is_one_of(name, chrome)) return ABN_HTML_CHROME;
    if (strcmp(name, "article") == 0 || strcmp(name, "main") == 0) return ABN_HTML_ARTICLE;
    if (strcmp(name, "header") == 0) return above & ABN_HTML_ARTICLE ? 0 : ABN_HTML_HEADER;
    if (strcmp(name, "figcaption") == 0) return ABN_HTML_CAPTION;
    return strcmp(name, "a") == 0 ? ABN_HTML_LINK : 0;
}

static const char *const BOXES[] = {"div",     "section", "article", "main", "td",         "aside",
                                    "nav",     "header",  "footer",  "ul",   "ol",         "table",
                                    "form",    "dl",      "figure",  "th",   "blockquote", "body",
                                    "details", "center",  NULL};
static const char *const BLOCKS[] = {
    "p",  "h1", "h2", "h3", "h4",      "h5",      "h6",         "li",      "pre", "dt",
    "dd", "tr", "hr", "br", "address", "summary", "figcaption", "caption", NULL};

static abn_webpage_tag text_tag(const char *name)
{
    if (name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && name[2] == '\0')
        return name[1] == '1' ? ABN_HTML_H1 : ABN_HTML_H2;
    if (strcmp(name, "p") == 0 || strcmp(name, "pre") == 0) return ABN_HTML_P;
    if (strcmp(name, "li") == 0 || strcmp(name, "dd") == 0) return ABN_HTML_LI;
    return strcmp(name, "td") == 0 || strcmp(name, "th") == 0 ? ABN_HTML_CELL : ABN_HTML_PLAIN;
}

static void add_address(reader *in, const char *address)
{
    abn_buf *all = &in->out->address;
    if (all->len + strlen(address) > ADDRESS_MAX) return;
    abn_buf_text(all, address);
    abn_buf_char(all, ' ');
}

/* A meta or link element. */
static void read_meta(reader *in, const char *name, const xmlChar **atts)
{
    const char *content = attribute(atts, "content"), *key = attribute(atts, "property");
    if (strcmp(name, "link") == 0) {
        const char *rel = attribute(atts, "rel"), *href = attribute(atts, "href");
        if (rel && href && strcasecmp(rel, "canonical") == 0) add_address(in, href);
        return;
    }
    key = key ? key : attribute(atts, "name");
    const char *item = attribute(atts, "itemprop"), *equiv = attribute(atts, "http-equiv");
    if (content == NULL) return;
    if (equiv && strcasecmp(equiv, "content-language") == 0 && !in->out->lang[0])
        strncpy(in->out->lang, content, sizeof in->out->lang - 1);
    if (item) add_mark(in, ABN_HTML_ITEMPROP, item, content);
    if (key == NULL) return;
    if (strcasecmp(key, "og:title") == 0 && in->out->og_title.len == 0)
        abn_buf_text(&in->out->og_title, content);
    else if (strcasecmp(key, "og:url") == 0)
        add_address(in, content);
    else
        add_mark(in, ABN_HTML_META, key, content);
}

/* The text of an element is the value of the mark made last. */
static void mark_text(reader *in, frame *top)
{
    top->mark = in->out->n_marks;
    top->text_start = in->out->text.len;
}

/* A time element, one that microdata call a date, or one whose class does. */
static void read_stated(reader *in, const char *name, const xmlChar **atts, frame *top,
                        uint32_t own)
{
    const char *item = attribute(atts, "itemprop"), *when = attribute(atts, "datetime");
    const char *names = attribute(atts, "class");
    bool time = strcmp(name, "time") == 0, dated = item && strncasecmp(item, "date", 4) == 0;
    names = names ? names : "";
    if (attribute(atts, "pubdate") && !dated) names = "published";
    if (when == NULL || when[0] == '\0')
        when = attribute(atts, dated || time ? "content" : "title");
    if (!time && !dated && !(own & (ABN_HTML_DATED | ABN_HTML_UPDATED))) return;
    abn_webpage_source source = dated ? ABN_HTML_ITEMPROP : time ? ABN_HTML_TIME : ABN_HTML_NAME;
    bool stated = when && when[0] && (source != ABN_HTML_NAME || strcmp(name, "abbr") == 0);
    if (add_mark(in, source, dated ? item : names, stated ? when : NULL) && !stated)
        mark_text(in, top);
}

static void push(reader *in, const char *name, const xmlChar **atts)
{
    frame above = in->stack[in->depth];
    frame *top = &in->stack[++in->depth];
    uint32_t flags = above.flags | tag_flags(name, above.flags);
    bool wide = strcmp(name, "body") == 0 || strcmp(name, "html") == 0 ||
                strcmp(name, "article") == 0 || strcmp(name, "main") == 0;
    uint32_t own =
        wide ? 0 : abn_webpage_class_flags(attribute(atts, "class"), attribute(atts, "id"));
    flags |= own;
    const char *item = attribute(atts, "itemprop"), *role = attribute(atts, "role");
    if (item && strcasecmp(item, "articleBody") == 0) flags |= ABN_HTML_BODY | ABN_HTML_ARTICLE;
    if (role && (strcmp(role, "navigation") == 0 || strcmp(role, "complementary") == 0 ||
                 strcmp(role, "contentinfo") == 0 || strcmp(role, "dialog") == 0))
        flags |= ABN_HTML_CHROME;
    *top = (frame){.flags = flags, .tag = text_tag(name)};
    bool boxed = is_one_of(name, BOXES);
    top->block = boxed || is_one_of(name, BLOCKS);
    if (boxed) open_box(in, top);
    read_stated(in, name, atts, top, own);
}

static bool is_json(const char *type)
{
    size_t n = strlen(type);
    return n >= 4 && strcasecmp(type + n - 4, "json") == 0;
}

static void start_element(void *user, const xmlChar *tag, const xmlChar **atts)
{
    reader *in = user;
    const char *name = (const char *)tag;
    if (in->depth >= DEPTH_MAX) {
        in->too_deep = true;
        stop(in, ABN_DATA);
        return;
    }
    if (is_one_of(name, BLOCKS) || is_one_of(name, BOXES))
        if (strcmp(name, "br") != 0) flush(in);
    if (strcmp(name, "br") == 0 && in->out->text.len > in->start) {
        abn_buf_char(&in->out->text, '\n');
        in->blank = false;
    }
    push(in, name, atts);
    if (strcmp(name, "meta") == 0 || strcmp(name, "link") == 0) read_meta(in, name, atts);
    if (strcmp(name, "html") == 0) {
        const char *lang = attribute(atts, "lang");
        lang = lang ? lang : attribute(atts, "xml:lang");
        if (lang) strncpy(in->out->lang, lang, sizeof in->out->lang - 1);
    }
    const char *type = attribute(atts, "type");
    if (strcmp(name, "script") == 0 && (type == NULL || is_json(type))) {
        abn_buf_clear(&in->script);
        in->aside = &in->script;
    }
    if (strcmp(name, "title") == 0 && in->out->title.len == 0 &&
        (in->stack[in->depth].flags & ABN_HTML_SKIP))
        in->aside = &in->out->title;
}

/* The text of an element whose date had no attribute. */
static void close_mark(reader *in, const frame *top)
{
    const abn_webpage *page = in->out;
    abn_webpage_mark *mark = &page->marks[top->mark - 1];
    if (top->text_start >= page->text.len) return;
    abn_slice text = {page->text.data + top->text_start, page->text.len - top->text_start};
    text = abn_slice_trim(text);
    if (text.len >= sizeof mark->value) return;
    memcpy(mark->value, text.ptr, text.len);
    mark->value[text.len] = '\0';
}

/* JSON-LD, whether its type says so or its first bytes. */
static void read_script(reader *in)
{
    abn_slice script = {in->script.data ? in->script.data : "", in->script.len};
    script = abn_slice_trim(script);
    bool brace = script.len > 2 && strchr("{[<\"/", script.ptr[0]);
    if (brace && strstr(script.ptr, "\"@type\"") && in->out->json.rank < 3 &&
        abn_jsonld_read(script, &in->out->json, NULL) != ABN_OK)
        stop(in, ABN_MEMORY);
}

static void end_element(void *user, const xmlChar *tag)
{
    reader *in = user;
    const char *name = (const char *)tag;
    if (in->depth == 0) return;
    frame *top = &in->stack[in->depth];
    if (top->mark) close_mark(in, top);
    if (top->block && strcmp(name, "br") != 0) flush(in);
    if (top->boxed) {
        abn_webpage_box *box = &in->out->boxes[in->box];
        box->end = in->out->n_blocks;
        in->box = box->parent;
    }
    in->depth--;
    if (in->aside == &in->script && strcmp(name, "script") == 0) {
        read_script(in);
        in->aside = NULL;
    } else if (in->aside && strcmp(name, "title") == 0) {
        in->aside = NULL;
    }
}

/* Add characters with runs of blanks folded into one. */
static void add_text(reader *in, const char *s, size_t n, bool linked)
{
    abn_buf *text = &in->out->text;
    for (size_t i = 0; i < n;) {
        if (strchr(" \t\r\n\f\v", s[i])) {
            in->blank = text->len > in->start && text->data[text->len - 1] != '\n';
            i++;
            continue;
        }
        size_t word = i;
        while (i < n && !strchr(" \t\r\n\f\v", s[i]))
            i++;
        if (in->blank) abn_buf_char(text, ' ');
        in->blank = false;
        abn_buf_add(text, s + word, i - word);
        if (linked) in->linked += i - word + 1;
    }
}

static void characters(void *user, const xmlChar *s, int n)
{
    reader *in = user;
    if (n <= 0) return;
    uint32_t flags = in->stack[in->depth].flags;
    if (in->aside && in->aside->len < SCRIPT_MAX)
        abn_buf_add(in->aside, s, (size_t)n);
    else if (in->aside == NULL && !(flags & ABN_HTML_SKIP))
        add_text(in, (const char *)s, (size_t)n, flags & ABN_HTML_LINK);
}

static void ignore_error(void *user, const char *format, ...)
{
    (void)user;
    (void)format;
}

/* Without memory the parser would wait for ever for a character. */
static void judge_error(void *user, xmlErrorPtr error)
{
    reader *in = user;
    if (error && error->code == XML_ERR_NO_MEMORY && in->parser) stop(in, ABN_MEMORY);
}

/* The parser calls back into `in`, builds no tree, and reaches for nothing outside the bytes. */
static htmlParserCtxtPtr new_parser(abn_slice utf8, reader *in)
{
    htmlParserCtxtPtr parser = htmlCreateMemoryParserCtxt(utf8.ptr, (int)utf8.len);
    if (parser == NULL) return NULL;
    /* The parser loses its stack of names when that cannot grow; so it need not. */
    const xmlChar **names = xmlRealloc(parser->nameTab, NAMES_MAX * sizeof *names);
    if (names == NULL) {
        htmlFreeParserCtxt(parser);
        return NULL;
    }
    parser->nameTab = names;
    parser->nameMax = NAMES_MAX;
    htmlCtxtUseOptions(parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                   HTML_PARSE_NONET | HTML_PARSE_NODEFDTD | HTML_PARSE_IGNORE_ENC);
    static const xmlSAXHandler calls = {.startElement = start_element,
                                        .endElement = end_element,
                                        .characters = characters,
                                        .ignorableWhitespace = characters,
                                        .cdataBlock = characters,
                                        .error = ignore_error,
                                        .warning = ignore_error,
                                        .fatalError = ignore_error,
                                        .serror = judge_error};
    abn_xml_aim(parser, &calls, in);
    return parser;
}

static abn_status parsed(const reader *in, const char *source, abn_error *err)
{
    if (in->too_deep)
        return abn_fail_at(err, ABN_DATA, source, 0, 0, "HTML nested more than %d elements deep",
                           DEPTH_MAX);
    if (in->too_many)
        return abn_fail_at(err, ABN_DATA, source, 0, 0, "HTML with more than %u blocks of text",
                           BLOCKS_MAX);
    if (in->status != ABN_OK || in->parser->errNo == XML_ERR_NO_MEMORY) return abn_fail_memory(err);
    return ABN_OK;
}

abn_status abn_webpage_parse(abn_slice utf8, const char *source, abn_webpage *out, abn_error *err)
{
    if (utf8.len > INT32_MAX - 64)
        return abn_fail_at(err, ABN_DATA, source, 0, 0, "HTML larger than 2 GB");
    reader *in = calloc(1, sizeof *in);
    if (in == NULL) return abn_fail_memory(err);
    abn_status status = ABN_OK;
    abn_xml_silence before = abn_xml_silence_begin();
    in->out = out;
    in->parser = new_parser(utf8, in);
    if (in->parser == NULL) {
        status = abn_fail_memory(err);
        goto done;
    }
    open_box(in, &in->stack[0]);
    in->box = 0;
    if (in->status == ABN_OK) htmlParseDocument(in->parser);
    if (in->status == ABN_OK) flush(in);
    if (out->n_boxes > 0) out->boxes[0].end = out->n_blocks;
    status = parsed(in, source, err);
    if (status == ABN_OK) status = abn_buf_status(&out->text, err);
done:
    abn_xml_drop(in->parser);
    abn_xml_silence_end(before);
    abn_buf_free(&in->script);
    free(in);
    return status;
}

void abn_webpage_free(abn_webpage *html)
{
    abn_buf_free(&html->text);
    abn_buf_free(&html->title);
    abn_buf_free(&html->og_title);
    abn_buf_free(&html->address);
    free(html->blocks);
    free(html->boxes);
    free(html->marks);
    *html = (abn_webpage){0};
}

abn_slice abn_webpage_text(const abn_webpage *html, uint32_t block)
{
    return (abn_slice){html->text.data + html->blocks[block].start, html->blocks[block].len};
}
