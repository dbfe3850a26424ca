/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch_news.h"
#include "interrupt.h"

#include <abnorm/csv.h>
#include <abnorm/document.h>
#include <abnorm/file.h>
#include <abnorm/map.h>
#include <abnorm/results.h>
#include <abnorm/sha256.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define INDEX      ".abnorm.news.csv" /* hidden: extract reads what is not */
#define HASH_SHOWN 16                 /* digits of the hash in a file's name */

typedef struct entry {
    abn_document *document;
    const char *status;
    char file[HASH_SHOWN + 8];     /* "" when nothing was written */
    char own_file[HASH_SHOWN + 8]; /* of the entry itself, were it kept */
} entry;

typedef struct news {
    cli *c;
    const char *folder;
    entry *entry;
    size_t count, cap, done, asked_count;
    entry **asked;                      /* of the requests under way */
    abn_map *known;                     /* addresses that the index has */
    char (*known_file)[HASH_SHOWN + 8]; /* of each, by its number */
    int index;
} news;

/* ---- the index ---- */

static abn_status know(news *n, abn_slice link, abn_slice name, abn_error *err)
{
    size_t count = abn_map_count(n->known);
    uint32_t i = abn_map_add(n->known, link);
    if (i == ABN_MAP_NONE) return abn_fail_memory(err);
    if (i == count) {
        void *grown = realloc(n->known_file, (count + 1) * sizeof *n->known_file);
        if (!grown) return abn_fail_memory(err);
        n->known_file = grown;
    }
    snprintf(n->known_file[i], sizeof *n->known_file, "%.*s", (int)(name.len < 40 ? name.len : 40),
             name.ptr);
    return ABN_OK;
}

static abn_status read_index(news *n, const char *path, abn_error *err)
{
    abn_file file = {0};
    abn_csv *csv = NULL;
    bool more = true;
    if (!abn_is_file(path)) return ABN_OK;
    abn_status status = abn_file_open_found(path, 0, &file, err);
    if (status != ABN_OK) return status;
    while (file.len > 0 && file.data[file.len - 1] != '\n')
        file.len--; /* a line that a kill cut short */
    if (file.len > 0) status = abn_csv_read(path, (abn_slice){file.data, file.len}, ',', &csv, err);
    while (csv && status == ABN_OK) {
        status = abn_csv_next(csv, &more, err);
        if (status != ABN_OK || !more) break;
        status = know(n, abn_csv_field(csv, 0), abn_csv_field(csv, 1), err);
    }
    abn_csv_free(csv);
    abn_file_close(&file);
    return status;
}

static abn_status open_index(news *n, abn_error *err)
{
    char *path = abn_path_join(n->folder, INDEX);
    abn_status status = path ? read_index(n, path, err) : abn_fail_memory(err);
    if (status == ABN_OK) {
        n->index =
            open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
        if (n->index < 0) status = abn_fail_at(err, ABN_SYSTEM, path, 0, 0, "%s", strerror(errno));
    }
    free(path);
    return status;
}

/* One write a line; it begins with a line end, so that a line cut short spoils no other. */
static void add_to_index(const news *n, const entry *e)
{
    abn_buf line = {0};
    abn_buf_char(&line, '\n');
    abn_csv_put(&line, abn_slice_of(e->document->link));
    abn_buf_char(&line, ',');
    abn_buf_text(&line, e->file);
    abn_buf_char(&line, '\n');
    if (!line.failed && write(n->index, line.data, line.len) < 0)
        abn_note_at(n->c->notes, "index", n->folder, 0, 0, "%s", strerror(errno));
    abn_buf_free(&line);
}

/* ---- articles ---- */

static abn_status keep_bytes(const news *n, const char *name, abn_slice bytes, abn_error *err)
{
    char *path = abn_path_join(n->folder, name);
    abn_status status = path ? ABN_OK : abn_fail_memory(err);
    interrupt_hold(true);
    if (status == ABN_OK && !abn_is_file(path))
        status = abn_file_write(path, bytes.ptr, bytes.len, err);
    interrupt_hold(false);
    free(path);
    return status;
}

static void name_by_hash(abn_slice bytes, const char *ending, char out[HASH_SHOWN + 8])
{
    char hex[ABN_SHA256_HEX];
    abn_sha256(bytes.ptr, bytes.len, hex);
    snprintf(out, HASH_SHOWN + 8, "%.*s%s", HASH_SHOWN, hex, ending);
}

/* Text as HTML inside XML: escaped once for each. */
static void put_escaped(abn_buf *out, const char *text)
{
    for (; *text; text++)
        if (*text == '&')
            abn_buf_text(out, "&amp;amp;");
        else if (*text == '<')
            abn_buf_text(out, "&amp;lt;");
        else if (*text == '>')
            abn_buf_text(out, "&amp;gt;");
        else if (*text == '\n')
            abn_buf_text(out, "&lt;br&gt;\n");
        else
            abn_buf_char(out, *text);
}

static void put_attribute(abn_buf *out, const char *text)
{
    for (; *text; text++)
        if (strchr("&<>\"", *text))
            abn_buf_printf(out, "&#%d;", *text);
        else
            abn_buf_char(out, *text);
}

/* The entry as a feed of one. */
static void print_entry(const abn_document *d, abn_buf *out)
{
    char when[ABN_INSTANT_MAX], date[ABN_DATE_MAX];
    size_t title = strlen(d->title);
    const char *text = d->text;
    if (title > 0 && strncmp(text, d->title, title) == 0) text += title;
    abn_instant_format(d->published_at, d->published_offset_sec, when);
    abn_buf_text(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                      "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"");
    put_attribute(out, d->lang);
    abn_buf_text(out, "\">\n<entry>\n<title type=\"html\">");
    put_escaped(out, d->title);
    abn_buf_text(out, "</title>\n<link href=\"");
    put_attribute(out, d->link);
    abn_buf_text(out, "\"/>\n");
    if (d->published != ABN_NO_DATE)
        abn_buf_printf(out, "<published>%s</published>\n",
                       when[0] ? when : abn_date_format(d->published, date));
    abn_buf_text(out, "<content type=\"html\">");
    put_escaped(out, text + strspn(text, "\n "));
    abn_buf_text(out, "</content>\n</entry>\n</feed>\n");
}

static abn_status keep_entry(const news *n, entry *e, abn_error *err)
{
    abn_buf text = {0};
    print_entry(e->document, &text);
    abn_status status = abn_buf_status(&text, err);
    if (status == ABN_OK)
        status = keep_bytes(n, e->own_file, (abn_slice){text.data, text.len}, err);
    if (status == ABN_OK) strcpy(e->file, e->own_file);
    abn_buf_free(&text);
    return status;
}

static bool has_type(const char *type, const char *wanted)
{
    return strncasecmp(type, wanted, strlen(wanted)) == 0;
}

/* The ending under which a page is kept; NULL for what is no text. */
static const char *ending_of(const char *type)
{
    if (type[0] == '\0' || has_type(type, "text/html") || has_type(type, "application/xhtml"))
        return ".html";
    return has_type(type, "text/plain") ? ".txt" : NULL;
}

static abn_status keep_page(news *n, entry *e, const abn_http_response *response, abn_error *err)
{
    const char *ending = ending_of(response->content_type);
    abn_slice bytes = {response->body.data, response->body.len};
    abn_status status = abn_http_check(response, err);
    if (status == ABN_OK && (!ending || bytes.len == 0))
        status = abn_fail_at(err, ABN_DATA, e->document->link, 0, 0, "no text but \"%s\"",
                             response->content_type);
    if (status != ABN_OK) return status;
    name_by_hash(bytes, ending, e->file);
    status = keep_bytes(n, e->file, bytes, err);
    if (status != ABN_OK) return status;
    char *own = abn_path_join(n->folder, e->own_file);
    if (own) unlink(own); /* the page says more than the entry that stood for it */
    free(own);
    add_to_index(n, e);
    return ABN_OK;
}

/* ---- the feed ---- */

static abn_status on_entry(void *context, abn_document *document, abn_error *err)
{
    news *n = context;
    if (n->count == n->cap) {
        size_t cap = n->cap ? n->cap * 2 : 64;
        entry *grown = realloc(n->entry, cap * sizeof *grown);
        if (!grown) {
            abn_document_free(document);
            return abn_fail_memory(err);
        }
        n->entry = grown;
        n->cap = cap;
    }
    abn_buf text = {0};
    entry *e = &n->entry[n->count++];
    *e = (entry){.document = document, .status = "failed"};
    print_entry(document, &text);
    name_by_hash((abn_slice){text.data, text.len}, ".xml", e->own_file);
    abn_status status = abn_buf_status(&text, err);
    abn_buf_free(&text);
    return status;
}

static abn_status read_feed(news *n, abn_http *http, const char *url, abn_error *err)
{
    abn_http_request request = {.url = url};
    abn_http_response response = {0};
    abn_document_options how = {.given = ABN_NO_DATE, .today = ABN_NO_DATE};
    abn_status status = abn_http_get(http, &request, &response, err);
    if (status == ABN_OK) status = abn_http_check(&response, err);
    abn_slice bytes = {response.body.data ? response.body.data : "", response.body.len};
    if (status == ABN_OK) status = abn_document_read(NULL, url, bytes, &how, on_entry, n, err);
    abn_http_response_free(&response);
    if (status == ABN_DATA && n->count > 0) { /* what could be read is worth having */
        abn_note_at(n->c->notes, "feed", err->source, err->line, err->column, "%s", err->text);
        n->c->some_failed = true;
        abn_error_clear(err);
        return ABN_OK;
    }
    return status;
}

/* ---- the run ---- */

static bool on_page(void *context, size_t i, abn_http_response *response, const abn_error *error)
{
    news *n = context;
    entry *e = n->asked[i];
    abn_error err = *error;
    if (err.status == ABN_OK) keep_page(n, e, response, &err);
    if (err.status == ABN_OK) {
        e->status = "new";
    } else {
        abn_error own = {0};
        abn_note_at(n->c->notes, "pages that failed", err.source, 0, 0, "%s: the entry is kept",
                    err.text);
        e->status = keep_entry(n, e, &own) == ABN_OK ? "entry" : "failed";
        if (own.status) n->c->some_failed = true;
    }
    cli_progress(n->c, "%zu of %zu articles", ++n->done, n->asked_count);
    return true;
}

static bool is_address(const char *link)
{
    return strncasecmp(link, "https://", 8) == 0 || strncasecmp(link, "http://", 7) == 0;
}

/* Sort out what is known, what has a page, and what is only an entry. */
static abn_status plan(news *n, abn_http_request *request, abn_error *err)
{
    abn_status status = ABN_OK;
    for (size_t i = 0; status == ABN_OK && i < n->count; i++) {
        entry *e = &n->entry[i];
        abn_slice link = abn_slice_of(e->document->link);
        uint32_t known = abn_map_find(n->known, link);
        if (!is_address(e->document->link)) {
            e->status = "entry";
            status = keep_entry(n, e, err);
        } else if (known != ABN_MAP_NONE) {
            e->status = "known";
            strcpy(e->file, n->known_file[known]);
        } else if ((status = know(n, link, (abn_slice){"", 0}, err)) == ABN_OK) {
            request[n->asked_count] = (abn_http_request){.url = e->document->link};
            n->asked[n->asked_count++] = e;
        }
    }
    return status;
}

static abn_status get_pages(news *n, abn_http *http, abn_error *err)
{
    abn_http_request *request = calloc(n->count ? n->count : 1, sizeof *request);
    n->asked = calloc(n->count ? n->count : 1, sizeof *n->asked);
    abn_status status = request && n->asked ? plan(n, request, err) : abn_fail_memory(err);
    if (status == ABN_OK && n->asked_count > 0)
        status = abn_http_get_many(http, request, n->asked_count, on_page, n, err);
    free(request);
    return status;
}

typedef struct news_row {
    const char *file, *status, *title, *url;
    abn_date published;
} news_row;

static const abn_column columns[] = {
    {"file", ABN_COLUMN_TEXT, offsetof(news_row, file)},
    {"status", ABN_COLUMN_TEXT, offsetof(news_row, status)},
    {"published", ABN_COLUMN_DATE, offsetof(news_row, published)},
    {"title", ABN_COLUMN_TEXT, offsetof(news_row, title)},
    {"url", ABN_COLUMN_TEXT, offsetof(news_row, url)},
};

static void fill_row(const void *context, size_t i, void *into)
{
    const entry *e = &((const news *)context)->entry[i];
    *(news_row *)into = (news_row){.file = e->file,
                                   .status = e->status,
                                   .title = e->document->title,
                                   .url = e->document->link,
                                   .published = e->document->published};
}

static abn_status show(news *n)
{
    abn_table table = {.name = "news",
                       .columns = columns,
                       .n_columns = sizeof columns / sizeof *columns,
                       .n_rows = n->count,
                       .row_size = sizeof(news_row),
                       .row = fill_row,
                       .context = n};
    cli_progress_end();
    return cli_show(n->c, &table);
}

abn_status fetch_news(cli *c, abn_http *http, const char *url, const char *folder)
{
    news n = {.c = c, .folder = folder, .index = -1};
    abn_results *lock = NULL;
    n.known = abn_map_new();
    abn_status status = n.known ? ABN_OK : abn_fail_memory(&c->err);
    if (status == ABN_OK) status = abn_results_open(folder, &lock, &c->err);
    if (status == ABN_OK) status = open_index(&n, &c->err);
    if (status == ABN_OK) status = read_feed(&n, http, url, &c->err);
    if (status == ABN_OK) status = get_pages(&n, http, &c->err);
    if (status == ABN_OK) status = show(&n);
    if (n.index >= 0) close(n.index);
    for (size_t i = 0; i < n.count; i++)
        abn_document_free(n.entry[i].document);
    free(n.entry);
    free(n.asked);
    abn_map_free(n.known);
    free(n.known_file);
    abn_results_free(lock);
    return status;
}
