/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "document_charset.h"

#include "document_xml.h"
#include "utf8.h"

#include <libxml/encoding.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define REPLACEMENT 0xFFFDu

/* windows-1252's 0x80 to 0x9F; 0 where it has no character. */
static const uint16_t WINDOWS_1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

static void put(abn_buf *out, uint32_t c)
{
    char bytes[4];
    abn_buf_add(out, bytes, abn_utf8_put(c, bytes));
}

/* Length of the valid sequence at `at` (1 to 4), or 0. */
static size_t sequence(abn_slice text, size_t at)
{
    uint32_t code;
    return abn_utf8_next(text.ptr + at, text.ptr + text.len, &code);
}

size_t abn_charset_valid(abn_slice text)
{
    size_t i = 0;
    while (i < text.len) {
        uint64_t eight;
        while (i + sizeof eight <= text.len) {
            memcpy(&eight, text.ptr + i, sizeof eight);
            if (eight & UINT64_C(0x8080808080808080)) break;
            i += sizeof eight;
        }
        if (i >= text.len) break;
        size_t n = sequence(text, i);
        if (n == 0) break;
        i += n;
    }
    return i;
}

void abn_charset_free(abn_decoded *decoded)
{
    abn_buf_free(&decoded->owned);
    decoded->text = (abn_slice){0};
}

static unsigned unit_at(const unsigned char *s, bool big)
{
    return big ? (unsigned)s[0] << 8 | s[1] : (unsigned)s[1] << 8 | s[0];
}

static void from_utf16(abn_slice bytes, bool big, abn_buf *out)
{
    const unsigned char *s = (const unsigned char *)bytes.ptr;
    size_t n = bytes.len / 2;
    for (size_t i = 0; i < n; i++) {
        uint32_t c = unit_at(s + 2 * i, big);
        if (c >= 0xD800 && c < 0xDC00 && i + 1 < n) {
            uint32_t low = unit_at(s + 2 * i + 2, big);
            if (low >= 0xDC00 && low < 0xE000) {
                c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
                i++;
            }
        }
        if (c == 0 || (c >= 0xD800 && c < 0xE000)) c = REPLACEMENT;
        if (c != 0xFEFF || i > 0) put(out, c);
    }
}

static void from_windows_1252(abn_slice bytes, abn_buf *out)
{
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.ptr[i];
        uint32_t wide = c >= 0x80 && c < 0xA0 ? WINDOWS_1252[c - 0x80] : c;
        put(out, wide ? wide : REPLACEMENT);
    }
}

static void with_replacements(abn_slice text, abn_buf *out)
{
    for (size_t i = 0; i < text.len;) {
        size_t n = text.ptr[i] == '\0' ? 0 : sequence(text, i);
        if (n == 0) {
            put(out, REPLACEMENT);
            i++;
        } else {
            abn_buf_add(out, text.ptr + i, n);
            i += n;
        }
    }
}

/* 'L' or 'B' for UTF-16 by its mark; without one, in Western text every second byte is NUL. */
static char utf16_order(abn_slice bytes)
{
    const char *s = bytes.ptr;
    if (bytes.len >= 2 &&
        ((s[0] == '\xFF' && s[1] == '\xFE') || (s[0] == '\xFE' && s[1] == '\xFF')))
        return s[0] == '\xFF' ? 'L' : 'B';
    size_t n = bytes.len < 4096 ? bytes.len & ~(size_t)1 : 4096, zero[2] = {0};
    for (size_t i = 0; i < n; i++)
        zero[i & 1] += s[i] == '\0';
    if (n < 4) return 0;
    if (zero[1] * 5 >= n && zero[0] * 50 <= n) return 'L';
    return zero[0] * 5 >= n && zero[1] * 50 <= n ? 'B' : 0;
}

bool abn_charset_is_utf16(abn_slice bytes)
{
    return utf16_order(bytes) != 0;
}

static bool is_letter(unsigned char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c >= 0xC0;
}

/* Would a Western writer put byte `c`, with these neighbours, into windows-1252 text? */
static bool plausible(unsigned char before, unsigned char c, unsigned char after)
{
    static const char marks[] = "\x80\x82\x84\x85\x8B\x91\x92\x93\x94\x95\x96\x97\x99\x9B\xA0\xA1"
                                "\xA3\xA5\xA7\xA9\xAA\xAB\xAD\xAE\xB0\xB1\xB2\xB3\xB4\xB5\xB7\xBA"
                                "\xBB\xBC\xBD\xBE\xBF";
    static const char rare[] = "\xC3\xD0\xD5\xD7\xDD\xDE\xF0\xF7\xFD\xFE\xFF";
    if (c == 0x8C || c == 0x9C || c == 0x8A || c == 0x9A || c == 0x8E || c == 0x9E)
        return is_letter(before) || is_letter(after);
    if (c < 0xC0) return memchr(marks, c, sizeof marks - 1) != NULL;
    if (memchr(rare, c, sizeof rare - 1))
        return c != 0xFF && c != 0xFE && c != 0xD7 && c != 0xF7 && is_letter(before) &&
               is_letter(after) && before < 0x80 && after < 0x80;
    return c == 0xE0 || c == 0xC0 || is_letter(before) || is_letter(after);
}

/* Windows-1252 rather than damaged UTF-8: few sequences are valid, and the high bytes are ones that
 * Western languages use. */
static bool reads_as_western(abn_slice bytes)
{
    const unsigned char *s = (const unsigned char *)bytes.ptr;
    size_t n = bytes.len < 1 << 20 ? bytes.len : 1 << 20, valid = 0, high = 0, odd = 0;
    for (size_t i = 0; i < n;) {
        size_t len = s[i] < 0x80 ? 1 : sequence(bytes, i);
        if (len > 1) {
            valid++;
            i += len;
            continue;
        }
        if (len == 0) {
            high++;
            odd += !plausible(i ? s[i - 1] : ' ', s[i], i + 1 < bytes.len ? s[i + 1] : ' ');
        }
        i++;
    }
    return valid < high && odd * 20 <= high;
}

/* Has the name of a set that the ladder below knows without a library. */
static bool is_ladder_set(abn_slice name)
{
    static const char *const known[] = {"utf-8",       "utf8",   "iso-8859-1", "latin1",
                                        "iso8859-1",   "ascii",  "us-ascii",   "windows-1252",
                                        "iso-8859-15", "cp1252", "utf-16",     "unicode"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (abn_slice_ieq(name, known[i])) return true;
    return false;
}

static abn_slice whole(const xmlBuffer *buffer)
{
    return (abn_slice){(const char *)xmlBufferContent(buffer), (size_t)xmlBufferLength(buffer)};
}

/* Decode by the declared name; false when it is unknown or the bytes are not of that set. */
static bool from_declared(abn_slice bytes, abn_slice declared, abn_buf *out)
{
    char name[32];
    if (declared.len == 0 || declared.len >= sizeof name || is_ladder_set(declared) ||
        bytes.len > INT32_MAX / 4)
        return false;
    memcpy(name, declared.ptr, declared.len);
    name[declared.len] = '\0';
    abn_xml_silence before = abn_xml_silence_begin();
    xmlCharEncodingHandlerPtr handler = xmlFindCharEncodingHandler(name);
    xmlBufferPtr from =
        handler ? xmlBufferCreateStatic((void *)(uintptr_t)bytes.ptr, bytes.len) : NULL;
    xmlBufferPtr to = from ? xmlBufferCreate() : NULL;
    bool done = to && xmlCharEncInFunc(handler, to, from) >= 0 && xmlBufferLength(to) > 0;
    if (done) with_replacements(whole(to), out);
    if (to) xmlBufferFree(to);
    if (from) xmlBufferFree(from);
    if (handler) xmlCharEncCloseFunc(handler);
    abn_xml_silence_end(before);
    return done;
}

abn_status abn_charset_fail(abn_slice bytes, size_t at, const char *source, abn_error *err,
                            const char *fmt, ...)
{
    char text[256];
    long line = 1;
    size_t start = 0;
    va_list args;
    for (size_t i = 0; i < at; i++)
        if (bytes.ptr[i] == '\n') {
            line++;
            start = i + 1;
        }
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return abn_fail_at(err, ABN_DATA, source, line, (long)(at - start) + 1, "%s", text);
}

static abn_status fail_invalid(abn_slice bytes, size_t at, const char *source, abn_error *err)
{
    return abn_charset_fail(bytes, at, source, err,
                            "invalid UTF-8 (byte 0x%02X), and not Latin-1 or windows-1252 either",
                            (unsigned char)bytes.ptr[at]);
}

abn_status abn_charset_decode(abn_slice bytes, abn_slice declared, bool lenient, const char *source,
                              abn_decoded *out, abn_error *err)
{
    const char *s = bytes.ptr;
    abn_decoded got = {0};
    char order = utf16_order(bytes);
    if (bytes.len >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0)
        bytes = (abn_slice){s + 3, bytes.len - 3};
    size_t valid = order ? 0 : abn_charset_valid(bytes);
    bool nul = !order && lenient && memchr(bytes.ptr, '\0', bytes.len) != NULL;
    if (order)
        from_utf16(bytes, order == 'B', &got.owned);
    else if (valid == bytes.len && !nul)
        got.text = bytes;
    else if (from_declared(bytes, declared, &got.owned))
        ;
    else if (valid < bytes.len && reads_as_western(bytes))
        from_windows_1252(bytes, &got.owned);
    else if (lenient)
        with_replacements(bytes, &got.owned);
    else
        return fail_invalid(bytes, valid, source, err);
    abn_status status = abn_buf_status(&got.owned, err);
    if (status != ABN_OK) {
        abn_charset_free(&got);
        return status;
    }
    if (got.text.ptr == NULL)
        got.text = (abn_slice){got.owned.data ? got.owned.data : "", got.owned.len};
    *out = got;
    return ABN_OK;
}
