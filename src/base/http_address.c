/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words around a transfer: addresses, keys that must not show, codes. */
#include "http_parts.h"

#include <string.h>
#include <strings.h>

void abn_http_escape(abn_buf *out, const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ||
            strchr("-._~", *p))
            abn_buf_char(out, (char)*p);
        else
            abn_buf_printf(out, "%%%02X", *p);
}

static void overwrite(char *text, size_t len, const char *key, size_t key_len)
{
    if (key_len == 0) return;
    for (size_t i = 0; i + key_len <= len; i++)
        if (strncasecmp(text + i, key, key_len) == 0) {
            memset(text + i, '*', key_len);
            i += key_len - 1;
        }
}

void abn_http_redact(char *text, size_t len, const char *key)
{
    if (!text || !key) return;
    overwrite(text, len, key, strlen(key));
    abn_buf escaped = {0};
    abn_http_escape(&escaped, key);
    if (escaped.data && !escaped.failed) overwrite(text, len, escaped.data, escaped.len);
    abn_buf_free(&escaped);
}

bool abn_http_has_key(const abn_http_request *request)
{
    return request->key && request->key[0];
}

/* This machine itself: nobody listens on the way. */
static bool is_loopback(abn_slice name)
{
    static const char *const names[] = {"localhost", "[::1]"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t len = strlen(names[i]);
        if (name.len >= len && strncasecmp(name.ptr, names[i], len) == 0 &&
            (name.len == len || name.ptr[len] == ':'))
            return true;
    }
    /* 127.0.0.1, but not the machine 127.0.0.1.elsewhere. */
    size_t digits = 0;
    while (digits < name.len && strchr("0123456789.", name.ptr[digits]))
        digits++;
    return name.len > 4 && memcmp(name.ptr, "127.", 4) == 0 &&
           (digits == name.len || name.ptr[digits] == ':');
}

abn_status abn_http_origin(const abn_http_request *request, abn_slice *origin, abn_error *err)
{
    const char *url = request->url;
    size_t scheme = strncasecmp(url, "https://", 8) == 0  ? 8
                    : strncasecmp(url, "http://", 7) == 0 ? 7
                                                          : 0;
    if (scheme == 0)
        return abn_fail_at(err, ABN_USAGE, url, 0, 0, "not an http:// or https:// address");
    size_t len = strcspn(url + scheme, "/?#");
    if (len == 0) return abn_fail_at(err, ABN_USAGE, url, 0, 0, "an address without a host");
    if (memchr(url + scheme, '@', len))
        return abn_fail(err, ABN_USAGE, "an address must not carry a user or password");
    if (abn_http_has_key(request) && scheme == 7 && !is_loopback((abn_slice){url + scheme, len}))
        return abn_fail_at(err, ABN_USAGE, url, 0, 0, "a key is only sent over https");
    *origin = (abn_slice){url, scheme + len};
    return ABN_OK;
}

abn_status abn_http_code_status(long code)
{
    if (code >= 200 && code < 300) return ABN_OK;
    switch (code) {
    case 401:
    case 402:
    case 403:
    case 407:
    case 451:
        return ABN_REFUSED;
    case 404:
    case 410:
        return ABN_NO_INPUT;
    case 429:
        return ABN_TRY_LATER;
    default:
        return ABN_UNAVAILABLE;
    }
}

abn_status abn_http_check(const abn_http_response *response, abn_error *err)
{
    abn_status status = abn_http_code_status(response->code);
    if (status == ABN_OK) return ABN_OK;
    const char *what = status == ABN_REFUSED     ? "refused"
                       : status == ABN_NO_INPUT  ? "not found"
                       : status == ABN_TRY_LATER ? "too many requests"
                                                 : "no success";
    if (response->retry_after_sec > 0)
        return abn_fail_at(err, status, response->url, 0, 0,
                           "%s (HTTP %ld; asks to come back in %.0f s)", what, response->code,
                           response->retry_after_sec);
    return abn_fail_at(err, status, response->url, 0, 0, "%s (HTTP %ld)", what, response->code);
}
