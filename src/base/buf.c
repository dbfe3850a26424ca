/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/buf.h>

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void abn_buf_free(abn_buf *buf)
{
    if (!buf) return;
    free(buf->data);
    *buf = (abn_buf){0};
}

void abn_buf_clear(abn_buf *buf)
{
    buf->len = 0;
    if (buf->data) buf->data[0] = '\0';
}

bool abn_buf_reserve(abn_buf *buf, size_t more)
{
    if (buf->failed) return false;
    if (more < buf->cap - buf->len) return true;
    size_t cap = buf->cap ? buf->cap : 64;
    while (cap - buf->len <= more) {
        if (cap > SIZE_MAX / 2) {
            buf->failed = true;
            return false;
        }
        cap *= 2;
    }
    char *data = realloc(buf->data, cap);
    if (!data) {
        buf->failed = true;
        return false;
    }
    buf->data = data;
    buf->cap = cap;
    return true;
}

void abn_buf_add(abn_buf *buf, const void *bytes, size_t len)
{
    if (!abn_buf_reserve(buf, len)) return;
    if (len) memcpy(buf->data + buf->len, bytes, len);
    buf->len += len;
    buf->data[buf->len] = '\0';
}

void abn_buf_char(abn_buf *buf, char c)
{
    abn_buf_add(buf, &c, 1);
}

void abn_buf_text(abn_buf *buf, const char *text)
{
    abn_buf_add(buf, text, strlen(text));
}

void abn_buf_slice(abn_buf *buf, abn_slice slice)
{
    abn_buf_add(buf, slice.ptr, slice.len);
}

void abn_buf_printf(abn_buf *buf, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (len < 0)
        buf->failed = true;
    else if (abn_buf_reserve(buf, (size_t)len)) {
        vsnprintf(buf->data + buf->len, (size_t)len + 1, fmt, again);
        buf->len += (size_t)len;
    }
    va_end(again);
}

abn_status abn_buf_status(const abn_buf *buf, abn_error *err)
{
    return buf->failed ? abn_fail_memory(err) : ABN_OK;
}

char *abn_buf_take(abn_buf *buf)
{
    if (!abn_buf_reserve(buf, 0)) {
        abn_buf_free(buf);
        return NULL;
    }
    char *data = buf->data;
    data[buf->len] = '\0';
    *buf = (abn_buf){0};
    return data;
}
