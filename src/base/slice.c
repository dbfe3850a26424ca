/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/slice.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

abn_slice abn_slice_of(const char *text)
{
    return (abn_slice){text ? text : "", text ? strlen(text) : 0};
}

bool abn_slice_eq(abn_slice a, const char *b)
{
    return strlen(b) == a.len && (a.len == 0 || memcmp(a.ptr, b, a.len) == 0);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool abn_slice_ieq(abn_slice a, const char *b)
{
    if (strlen(b) != a.len) return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b[i])) return false;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

abn_slice abn_slice_trim(abn_slice a)
{
    while (a.len && is_blank(a.ptr[0])) {
        a.ptr++;
        a.len--;
    }
    while (a.len && is_blank(a.ptr[a.len - 1]))
        a.len--;
    return a;
}

bool abn_slice_split(abn_slice *rest, char sep, abn_slice *part)
{
    if (!rest->ptr) return false;
    const char *hit = rest->len ? memchr(rest->ptr, sep, rest->len) : NULL;
    if (!hit) {
        *part = *rest;
        *rest = (abn_slice){NULL, 0};
        return true;
    }
    *part = (abn_slice){rest->ptr, (size_t)(hit - rest->ptr)};
    *rest = (abn_slice){hit + 1, rest->len - part->len - 1};
    return true;
}

char *abn_slice_dup(abn_slice a)
{
    char *copy = malloc(a.len + 1);
    if (!copy) return NULL;
    if (a.len) memcpy(copy, a.ptr, a.len);
    copy[a.len] = '\0';
    return copy;
}
