/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/plain.h>

#include <string.h>

/* Bytes that a character takes by its first, and the least that its second may be: shorter
 * spellings of a character, surrogates and what lies beyond Unicode are none. */
static size_t length_of(const unsigned char *p, size_t len)
{
    size_t n = p[0] < 0x80   ? 1
               : p[0] < 0xc2 ? 0
               : p[0] < 0xe0 ? 2
               : p[0] < 0xf0 ? 3
               : p[0] < 0xf5 ? 4
                             : 0;
    if (n == 0 || n > len) return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80) return 0;
    bool wrong = (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
                 (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f);
    return wrong ? 0 : n;
}

/* Marks that let a terminal show text in another order than it has: U+202A to U+202E, U+2066 to
 * U+2069. */
static bool turns(const unsigned char *p)
{
    return p[0] == 0xe2 && ((p[1] == 0x80 && p[2] >= 0xaa && p[2] <= 0xae) ||
                            (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9));
}

size_t abn_letter(abn_slice text)
{
    return text.len ? length_of((const unsigned char *)text.ptr, text.len) : 0;
}

size_t abn_plain_letter(abn_slice text)
{
    const unsigned char *p = (const unsigned char *)text.ptr;
    size_t n = abn_letter(text);
    bool control = n == 1 ? p[0] < ' ' || p[0] == 0x7f : n == 2 && p[0] == 0xc2 && p[1] < 0xa0;
    return control || (n == 3 && turns(p)) ? 0 : n;
}

static char *make_plain(char *text, const char *kept)
{
    abn_slice rest = abn_slice_of(text);
    for (char *p = text; rest.len;) {
        size_t n = abn_plain_letter(rest);
        if (n == 0 && !strchr(kept, *p)) *p = strchr("\n\r\t\v\f", *p) ? ' ' : '?';
        if (n == 0) n = 1;
        p += n;
        rest = (abn_slice){p, rest.len - n};
    }
    return text;
}

char *abn_plain_line(char *text)
{
    return make_plain(text, "");
}

char *abn_plain_text(char *text)
{
    return make_plain(text, "\n");
}

void abn_plain_json(abn_buf *out, abn_slice text)
{
    abn_buf_char(out, '"');
    for (size_t i = 0, n; i < text.len; i += n) {
        unsigned char c = (unsigned char)text.ptr[i];
        n = abn_letter((abn_slice){text.ptr + i, text.len - i});
        if (c == '"' || c == '\\')
            abn_buf_printf(out, "\\%c", c);
        else if (c < 0x20)
            abn_buf_printf(out, "\\u%04x", c);
        else if (n == 0)
            abn_buf_text(out, "\xEF\xBF\xBD");
        else
            abn_buf_add(out, text.ptr + i, n);
        if (n == 0) n = 1;
    }
    abn_buf_char(out, '"');
}
