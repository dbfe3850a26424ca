/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/document.h>

#include "document_build.h"
#include "document_charset.h"
#include "languages.h"

#include <stdlib.h>
#include <string.h>

#define SNIFF_BYTES 2048

const char *abn_basis_name(abn_basis basis)
{
    static const char *const names[] = {"none", "metadata", "text", "given", "claims", "event"};
    return names[basis];
}

void abn_document_free(abn_document *document)
{
    if (document == NULL) return;
    free(document->id);
    free(document->source);
    free(document->link);
    free(document->title);
    free(document->text);
    free(document);
}

/* Formats that are no text, by their first bytes. */
static const struct magic {
    const char *bytes;
    size_t len;
    const char *what;
} MAGIC[] = {{"%PDF-", 5, "a PDF (convert it to text first)"},
             {"PK\x03\x04", 4, "a zip archive or an office document (convert it to text first)"},
             {"\xD0\xCF\x11\xE0", 4, "an office document (convert it to text first)"},
             {"{\\rtf", 5, "an RTF document (convert it to text first)"},
             {"\x89PNG", 4, "a PNG image"},
             {"\xFF\xD8\xFF", 3, "a JPEG image"},
             {"GIF8", 4, "a GIF image"},
             {"RIFF", 4, "a RIFF media file"},
             {"\x7F"
              "ELF",
              4, "a program"},
             {"MZ\x90", 3, "a program"},
             {"\x1F\x8B", 2, "gzip data inside gzip data"},
             {"BZh", 3, "bzip2 data"},
             {"\xFD"
              "7zXZ",
              5, "xz data"},
             {"7z\xBC\xAF", 4, "a 7z archive"},
             {"\x28\xB5\x2F\xFD", 4, "zstd data"},
             {"SQLite format 3", 15, "a database"}};

static abn_status refuse_binary(abn_slice bytes, const char *source, abn_error *err)
{
    for (size_t i = 0; i < sizeof MAGIC / sizeof *MAGIC; i++)
        if (bytes.len >= MAGIC[i].len && memcmp(bytes.ptr, MAGIC[i].bytes, MAGIC[i].len) == 0)
            return abn_fail_at(err, ABN_DATA, source, 0, 0, "not a text: %s", MAGIC[i].what);
    return ABN_OK;
}

static bool is_odd(unsigned char c)
{
    return (c < 0x20 && !strchr("\t\n\v\f\r\x1B\x1A\b", c)) || c == 0x7F;
}

/* A NUL, or more than a few of the control characters that no text has. */
static abn_status refuse_controls(abn_slice bytes, const char *source, abn_error *err)
{
    const char *nul = memchr(bytes.ptr, '\0', bytes.len);
    if (nul)
        return abn_charset_fail(bytes, (size_t)(nul - bytes.ptr), source, err,
                                "not a text: binary data (a NUL)");
    size_t n = bytes.len < 65536 ? bytes.len : 65536, odd = 0, first = 0;
    for (size_t i = 0; i < n; i++) {
        if (!is_odd((unsigned char)bytes.ptr[i])) continue;
        if (odd++ == 0) first = i;
    }
    return odd * 100 <= n
               ? ABN_OK
               : abn_charset_fail(bytes, first, source, err,
                                  "not a text: binary data (%zu control characters in %zu bytes)",
                                  odd, n);
}

abn_status abn_document_check_text(const char *source, abn_slice bytes, abn_error *err)
{
    abn_status status = refuse_binary(bytes, source, err);
    return status == ABN_OK && bytes.len ? refuse_controls(bytes, source, err) : status;
}

typedef enum kind { KIND_TEXT, KIND_HTML, KIND_XML } kind;

static bool starts(abn_slice text, const char *word)
{
    size_t n = strlen(word);
    return text.len >= n && abn_slice_ieq((abn_slice){text.ptr, n}, word);
}

/* Pass over blanks, comments, and processing instructions and doctypes of other kinds. */
static bool skip_prolog(abn_slice *text)
{
    const char *close = NULL;
    *text = abn_slice_trim(*text);
    if (starts(*text, "<!--"))
        close = "-->";
    else if (starts(*text, "<?"))
        close = "?>";
    if (close == NULL) return false;
    size_t n = strlen(close);
    for (size_t i = 2; i + n <= text->len; i++)
        if (memcmp(text->ptr + i, close, n) == 0) {
            *text = (abn_slice){text->ptr + i + n, text->len - i - n};
            return true;
        }
    return false;
}

static bool has_ending(const char *source, const char *ending)
{
    size_t n = strlen(source), m = strlen(ending);
    return n >= m && abn_slice_ieq((abn_slice){source + n - m, m}, ending);
}

static kind sniff(abn_slice text, const char *source)
{
    static const char *const html[] = {"<!doctype html", "<html",  "<head",  "<body", "<title",
                                       "<meta",          "<div",   "<p>",    "<p ",   "<article",
                                       "<script",        "<h1",    "<table", "<span", "<section",
                                       "<main",          "<style", "<link",  "<base"};
    bool xml = starts(abn_slice_trim(text), "<?xml");
    if (text.len > 65536) text.len = 65536;
    while (skip_prolog(&text))
        ;
    if (xml && text.len == 0) return KIND_XML;
    if (text.len == 0 || text.ptr[0] != '<')
        return has_ending(source, ".html") || has_ending(source, ".htm") ? KIND_HTML : KIND_TEXT;
    for (size_t i = 0; i < sizeof html / sizeof *html; i++)
        if (starts(text, html[i])) return KIND_HTML;
    if (xml || starts(text, "<rss") || starts(text, "<feed") || starts(text, "<rdf") ||
        starts(text, "<!doctype"))
        return KIND_XML;
    return has_ending(source, ".html") || has_ending(source, ".htm") ? KIND_HTML : KIND_TEXT;
}

/* The character set that markup names in its first bytes: charset=... or encoding="...". */
static abn_slice declared_charset(abn_slice bytes)
{
    size_t n = bytes.len < SNIFF_BYTES ? bytes.len : SNIFF_BYTES;
    for (size_t i = 0; i + 9 < n; i++) {
        abn_slice at = {bytes.ptr + i, n - i};
        size_t skip = starts(at, "charset=") ? 8 : starts(at, "encoding=") ? 9 : 0;
        if (skip == 0) continue;
        size_t start = i + skip;
        while (start < n && strchr("\"' ", bytes.ptr[start]))
            start++;
        size_t end = start;
        while (end < n && bytes.ptr[end] && !strchr("\"' ;/>\r\n", bytes.ptr[end]))
            end++;
        return (abn_slice){bytes.ptr + start, end - start};
    }
    return (abn_slice){"", 0};
}

static abn_status read_utf8(const abn_intake *reading, abn_slice text, abn_error *err)
{
    switch (sniff(text, reading->source)) {
    case KIND_HTML:
        return abn_document_read_html(reading, text, err);
    case KIND_XML:
        return abn_document_read_feed(reading, text, err);
    default:
        return abn_document_read_text(reading, text, err);
    }
}

abn_status abn_document_read(const abn_languages *languages, const char *source, abn_slice bytes,
                             const abn_document_options *options, abn_document_fn each,
                             void *context, abn_error *err)
{
    abn_decoded decoded = {0};
    if (abn_slice_trim(bytes).len == 0) return abn_fail_at(err, ABN_DATA, source, 0, 0, "empty");
    abn_status status = refuse_binary(bytes, source, err);
    if (status != ABN_OK) return status;
    bool markup = sniff(bytes, source) != KIND_TEXT;
    abn_slice declared = markup ? declared_charset(bytes) : (abn_slice){"", 0};
    if (!markup && !abn_charset_is_utf16(bytes)) status = refuse_controls(bytes, source, err);
    if (status == ABN_OK)
        status = abn_charset_decode(bytes, declared, markup, source, &decoded, err);
    if (status == ABN_OK && abn_slice_trim(decoded.text).len == 0)
        status = abn_fail_at(err, ABN_DATA, source, 0, 0, "empty");
    if (status == ABN_OK) {
        const abn_page_words *words = languages ? abn_languages_page(languages) : NULL;
        bool failed = false;
        abn_intake reading = {languages, words, source, options, each, context, &failed};
        status = read_utf8(&reading, decoded.text, err);
    }
    abn_charset_free(&decoded);
    return status;
}
