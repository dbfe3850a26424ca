/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "jsonld.h"

#include <abnorm/buf.h>
#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <strings.h>

#define DEPTH_MAX 24

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcasecmp(text + n - m, end) == 0;
}

static int type_rank(const char *type)
{
    if (ends_with(type, "Article") || ends_with(type, "Posting") || ends_with(type, "Report") ||
        ends_with(type, "Recipe") || ends_with(type, "CreativeWork"))
        return 3;
    if (ends_with(type, "Page") || ends_with(type, "VideoObject") || ends_with(type, "Event"))
        return 2;
    return 1;
}

/* The best rank among the types of a node; a node of no type is worth least. */
static int node_rank(const json_t *node)
{
    const json_t *type = json_object_get(node, "@type");
    if (json_is_string(type)) return type_rank(json_string_value(type));
    int best = 1;
    for (size_t i = 0; i < json_array_size(type); i++) {
        const char *name = json_string_value(json_array_get(type, i));
        int rank = name ? type_rank(name) : 1;
        best = rank > best ? rank : best;
    }
    return best;
}

/* Copy a string member cut to `size`, never inside a UTF-8 sequence. */
static void copy_member(const json_t *node, const char *key, char *out, size_t size)
{
    const json_t *value = json_object_get(node, key);
    if (json_is_array(value)) value = json_array_get(value, 0);
    const char *text = json_string_value(value);
    if (text == NULL) return;
    size_t n = strlen(text);
    if (n >= size) n = size - 1;
    while (n > 0 && text[n] != '\0' && ((unsigned char)text[n] & 0xC0) == 0x80)
        n--;
    memcpy(out, text, n);
    out[n] = '\0';
}

static void read_node(const json_t *node, abn_jsonld *out)
{
    int rank = node_rank(node);
    bool dated = json_object_get(node, "datePublished") || json_object_get(node, "dateCreated") ||
                 json_object_get(node, "dateModified");
    if (!dated || rank < out->rank || (rank == out->rank && out->published[0])) return;
    if (rank == out->rank && !json_object_get(node, "datePublished")) return;
    abn_jsonld got = {.rank = rank};
    copy_member(node, "datePublished", got.published, sizeof got.published);
    copy_member(node, "dateCreated", got.created, sizeof got.created);
    copy_member(node, "dateModified", got.modified, sizeof got.modified);
    copy_member(node, "inLanguage", got.lang, sizeof got.lang);
    copy_member(node, "headline", got.headline, sizeof got.headline);
    *out = got;
}

/* Members whose nodes are other works than the page's own. */
static bool is_foreign(const char *key)
{
    static const char *const keys[] = {
        "comment",         "review",          "author",        "publisher",       "image",
        "video",           "isRelatedTo",     "mentions",      "itemListElement", "citation",
        "hasPart",         "liveBlogUpdate",  "isPartOf",      "about",           "reviews",
        "associatedMedia", "suggestedAnswer", "acceptedAnswer"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(key, keys[i]) == 0) return true;
    return false;
}

static void walk(json_t *node, int depth, abn_jsonld *out)
{
    if (depth > DEPTH_MAX) return;
    if (json_is_array(node)) {
        for (size_t i = 0; i < json_array_size(node); i++)
            walk(json_array_get(node, i), depth + 1, out);
        return;
    }
    if (!json_is_object(node)) return;
    read_node(node, out);
    const char *key;
    json_t *value;
    json_object_foreach(node, key, value)
    {
        if (!is_foreign(key)) walk(value, depth + 1, out);
    }
}

/* The string value of the first member `key` in text that need not be whole JSON. */
static void scan_member(abn_slice text, const char *key, char *out, size_t size)
{
    size_t n = strlen(key);
    for (size_t i = 0; i + n + 4 < text.len; i++) {
        if (text.ptr[i] != '"' || memcmp(text.ptr + i + 1, key, n) != 0 ||
            text.ptr[i + 1 + n] != '"')
            continue;
        size_t at = i + n + 2;
        while (at < text.len && strchr(" \t\r\n:", text.ptr[at]) && text.ptr[at])
            at++;
        if (at >= text.len || text.ptr[at] != '"') continue;
        size_t len = 0;
        for (at++; at + len < text.len && text.ptr[at + len] != '"' && len + 1 < size; len++)
            out[len] = text.ptr[at + len];
        out[len] = '\0';
        return;
    }
}

static void scan_broken(abn_slice text, abn_jsonld *out)
{
    if (out->rank > 0) return;
    scan_member(text, "datePublished", out->published, sizeof out->published);
    scan_member(text, "dateModified", out->modified, sizeof out->modified);
    if (out->published[0]) out->rank = 2;
}

abn_status abn_jsonld_read(abn_slice script, abn_jsonld *out, abn_error *err)
{
    abn_buf clean = {0};
    abn_buf_slice(&clean, script);
    abn_status status = abn_buf_status(&clean, err);
    if (status != ABN_OK || clean.len == 0) goto done;
    /* Raw line breaks inside strings are common, and not JSON. */
    for (size_t i = 0; i < clean.len; i++)
        if ((unsigned char)clean.data[i] < 0x20) clean.data[i] = ' ';
    abn_slice json = abn_slice_trim((abn_slice){clean.data, clean.len});
    while (json.len && json.ptr[0] != '{' && json.ptr[0] != '[') {
        json.ptr++;
        json.len--;
    }
    json_error_t why;
    errno = 0; /* jansson takes lack of memory for a bad token, or drops bytes of a good one */
    json_t *root = json_loadb(json.ptr, json.len, JSON_DISABLE_EOF_CHECK, &why);
    if (errno == ENOMEM)
        status = abn_fail_memory(err);
    else if (root)
        walk(root, 0, out);
    else
        scan_broken(json, out);
    json_decref(root);
done:
    abn_buf_free(&clean);
    return status;
}
