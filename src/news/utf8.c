/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "utf8.h"

#include <stdbool.h>

static bool continues(const char *at)
{
    return ((unsigned char)*at & 0xC0) == 0x80;
}

static uint32_t low6(const char *at)
{
    return (unsigned char)*at & 0x3FU;
}

size_t abn_utf8_next(const char *at, const char *end, uint32_t *code)
{
    unsigned char lead = (unsigned char)*at;
    if (lead < 0x80) {
        *code = lead;
        return 1;
    }
    if (lead >= 0xC2 && lead < 0xE0 && end - at >= 2 && continues(at + 1)) {
        *code = (lead & 0x1FU) << 6 | low6(at + 1);
        return 2;
    }
    if (lead >= 0xE0 && lead < 0xF0 && end - at >= 3 && continues(at + 1) && continues(at + 2)) {
        *code = (lead & 0x0FU) << 12 | low6(at + 1) << 6 | low6(at + 2);
        return *code >= 0x800 && (*code < 0xD800 || *code > 0xDFFF) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead < 0xF5 && end - at >= 4 && continues(at + 1) && continues(at + 2) &&
        continues(at + 3)) {
        *code = (lead & 0x07U) << 18 | low6(at + 1) << 12 | low6(at + 2) << 6 | low6(at + 3);
        return *code >= 0x10000 && *code <= 0x10FFFF ? 4 : 0;
    }
    return 0;
}

uint32_t abn_utf8_lower(uint32_t c)
{
    if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
    if (c >= 0xC0 && c <= 0xDE) return c == 0xD7 ? c : c + 32;
    if ((c >= 0x100 && c <= 0x137 && c != 0x130) || (c >= 0x14A && c <= 0x177)) return c | 1;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E)) return c + (c & 1);
    if (c == 0x178) return 0xFF;
    if (c >= 0x391 && c <= 0x3AB) return c + 32;
    if (c >= 0x410 && c <= 0x42F) return c + 32;
    if (c >= 0x400 && c <= 0x40F) return c + 80;
    return c;
}

size_t abn_utf8_put(uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

size_t abn_utf8_fold(abn_slice text, char *out, size_t size)
{
    const char *at = text.ptr, *end = text.ptr + text.len;
    size_t n = 0;
    if (text.len > size) return 0;
    while (at < end) {
        uint32_t code;
        size_t len = abn_utf8_next(at, end, &code);
        if (len == 0) {
            out[n++] = *at++;
        } else {
            n += abn_utf8_put(abn_utf8_lower(code), out + n);
            at += len;
        }
    }
    return n;
}

size_t abn_utf8_count(const char *text, size_t len)
{
    const char *at = text, *end = text + len;
    size_t n = 0;
    while (at < end) {
        uint32_t code;
        size_t step = (unsigned char)*at < 0x80 ? 1 : abn_utf8_next(at, end, &code);
        at += step ? step : 1;
        n++;
    }
    return n;
}
