/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET over HTTP and HTTPS, politely: paced a host, bounded in time and size, retried with care. */
#ifndef ABNORM_HTTP_H
#define ABNORM_HTTP_H

#include <abnorm/buf.h>
#include <abnorm/error.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct abn_http abn_http;

/* How a client behaves. Start from abn_http_defaults(). Strings are borrowed for the client's life.
 */
typedef struct abn_http_options {
    double pace_sec;            /* least time between the starts of two requests to one host */
    double connect_timeout_sec; /* to reach the host */
    double timeout_sec;         /* of one try as a whole */
    double stall_sec;           /* a try that stays under 64 bytes a second so long has timed out */
    double retry_sec;           /* before the second try; doubled before the third; jitter added */
    double patience_sec;        /* a longer Retry-After is not waited for */
    size_t limit;               /* largest body, unpacked, in bytes */
    int tries;                  /* 1 to 3 */
    int at_once;                /* transfers under way at the same time */
    const char *ca_file;        /* PEM certificates to trust, or NULL: the system's */
    const char *https_proxy; /* what https:// goes through, or NULL; the environment is not read */
    const char *http_proxy;  /* what http:// goes through, or NULL */
    const char *no_proxy;    /* hosts reached without one, joined by ',', or NULL */
} abn_http_options;

abn_http_options abn_http_defaults(void);

/* What to get. The key is kept apart from the address, so that no message and no record can show
 * it. Strings are borrowed until the call returns. */
typedef struct abn_http_request {
    const char *url;        /* http:// or https://, without the key */
    const char *key;        /* or NULL */
    const char *key_query;  /* the query parameter that carries the key, or NULL */
    const char *key_header; /* what stands before it in the header: "Authorization: Token ", or NULL
                             */
} abn_http_request;

/* What came. Owned: abn_http_response_free(). */
typedef struct abn_http_response {
    long code;              /* 200, 404, ... */
    char *url;              /* where the redirects ended, without the key */
    char content_type[128]; /* "" when not stated */
    abn_buf body;           /* unpacked */
    int tries;              /* requests sent for it */
    double retry_after_sec; /* what the server asked for, or 0 */
} abn_http_response;

/* NULL options are the defaults. Certificates and host names are always checked. */
abn_status abn_http_new(const abn_http_options *options, abn_http **http, abn_error *err);
void abn_http_free(abn_http *http);

/* Get one address. A response of any code is ABN_OK: abn_http_check() judges it. 429, 5xx and
 * time-outs are tried again. ABN_UNAVAILABLE when no whole response came (no such host, no answer,
 * cut short, certificate does not verify, redirect loop or redirect to what is not HTTP),
 * ABN_DATA when it is too large or its compression is damaged, ABN_USAGE for another scheme. */
abn_status abn_http_get(abn_http *http, const abn_http_request *request,
                        abn_http_response *response, abn_error *err);
void abn_http_response_free(abn_http_response *response);

/* Called once a request, in the calling thread, in order of completion. `error` holds ABN_OK or the
 * failure; the response is empty then. It may take the body over by clearing the struct. False:
 * send no more requests; those not sent yet are not reported. */
typedef bool (*abn_http_fn)(void *context, size_t i, abn_http_response *response,
                            const abn_error *error);
/* Get several addresses, some at once. Failures of single requests go to `each`. */
abn_status abn_http_get_many(abn_http *http, const abn_http_request *request, size_t count,
                             abn_http_fn each, void *context, abn_error *err);

/* What a response code comes to: ABN_OK (2xx), ABN_REFUSED (401, 402, 403, 407, 451), ABN_NO_INPUT
 * (404, 410), ABN_TRY_LATER (429), ABN_UNAVAILABLE (others). */
abn_status abn_http_code_status(long code);
/* Record a response that is no success: the code, and when to try again if it says so. */
abn_status abn_http_check(const abn_http_response *response, abn_error *err);

/* Append `text` percent-encoded but for letters, digits and -._~ */
void abn_http_escape(abn_buf *out, const char *text);
/* Overwrite each occurrence of `key`, plain or percent-encoded, in `text` with '*'. */
void abn_http_redact(char *text, size_t len, const char *key);

#endif
