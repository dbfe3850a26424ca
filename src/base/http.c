/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One driver over curl's multi interface: a request waits for its host's turn, runs, and is
 * finished or waits again. A single get is a run of one. */
#include "http_library.h"
#include "http_parts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define MAX_REDIRECTS 5L
#define LONGEST_NAP   1000 /* ms between looks at the clock */
#define NO_TURN       INT64_MAX

/* A host (with scheme and port) and when its next request may start. */
typedef struct host {
    char *name;
    int64_t next_ms;
} host;

struct abn_http {
    abn_http_options options;
    abn_curl curl;
    CURLM *multi;
    host *host;
    size_t hosts;
    uint64_t random;
    bool global;
};

typedef enum { WAITING, RUNNING, DONE } phase;

typedef struct transfer {
    const abn_http *http;
    const abn_http_request *request;
    phase phase;
    CURL *easy;
    struct curl_slist *headers;
    abn_buf body;
    bool too_large;
    int tries;
    size_t host;
    int64_t due_ms; /* not before this */
    char detail[CURL_ERROR_SIZE];
} transfer;

typedef struct run {
    abn_http *http;
    transfer *transfer;
    size_t count, left;
    int running;
    bool stopped;
    abn_http_fn each;
    void *context;
} run;

abn_http_options abn_http_defaults(void)
{
    return (abn_http_options){.pace_sec = 1,
                              .connect_timeout_sec = 10,
                              .timeout_sec = 60,
                              .stall_sec = 15,
                              .retry_sec = 1,
                              .patience_sec = 60,
                              .limit = (size_t)32 << 20,
                              .tries = 3,
                              .at_once = 10};
}

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t ms_of(double sec)
{
    return sec > 0 ? (int64_t)(sec * 1000 + .5) : 0;
}

/* Uniform in [0, 1): for jitter only, never for results. */
static double random_unit(abn_http *http)
{
    http->random ^= http->random << 13;
    http->random ^= http->random >> 7;
    http->random ^= http->random << 17;
    return (double)(http->random >> 11) * 0x1p-53;
}

abn_status abn_http_new(const abn_http_options *options, abn_http **http, abn_error *err)
{
    abn_http *made = calloc(1, sizeof *made);
    if (!made) return abn_fail_memory(err);
    made->options = options ? *options : abn_http_defaults();
    if (made->options.tries < 1) made->options.tries = 1;
    if (made->options.tries > 3) made->options.tries = 3;
    if (made->options.at_once < 1) made->options.at_once = 1;
    made->random = (uint64_t)clock_ms() * 0x9e3779b97f4a7c15u | 1;
    abn_status status = abn_curl_load(&made->curl, err);
    if (status != ABN_OK) {
        free(made);
        return status;
    }
    made->global = made->curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    made->multi = made->global ? made->curl.multi_init() : NULL;
    if (!made->multi) {
        abn_http_free(made);
        return abn_fail(err, ABN_SYSTEM, "cannot start the HTTP library");
    }
    *http = made;
    return ABN_OK;
}

void abn_http_free(abn_http *http)
{
    if (!http) return;
    if (http->multi) http->curl.multi_cleanup(http->multi);
    if (http->global) http->curl.global_cleanup();
    for (size_t i = 0; i < http->hosts; i++)
        free(http->host[i].name);
    free(http->host);
    free(http);
}

void abn_http_response_free(abn_http_response *response)
{
    if (!response) return;
    free(response->url);
    abn_buf_free(&response->body);
    *response = (abn_http_response){0};
}

/* ---- addresses ---- */

static abn_status host_of(abn_http *http, const abn_http_request *request, size_t *index,
                          abn_error *err)
{
    abn_slice origin;
    abn_status status = abn_http_origin(request, &origin, err);
    if (status) return status;
    for (size_t i = 0; i < http->hosts; i++)
        if (abn_slice_ieq(origin, http->host[i].name)) {
            *index = i;
            return ABN_OK;
        }
    host *grown = realloc(http->host, (http->hosts + 1) * sizeof *grown);
    if (!grown) return abn_fail_memory(err);
    http->host = grown;
    char *name = abn_slice_dup(origin);
    if (!name) return abn_fail_memory(err);
    http->host[http->hosts] = (host){.name = name};
    *index = http->hosts++;
    return ABN_OK;
}

/* The address as it is sent: with the key where it travels in the query. */
static void full_url(const abn_http_request *request, abn_buf *url)
{
    abn_buf_text(url, request->url);
    if (!abn_http_has_key(request) || !request->key_query) return;
    abn_buf_char(url, strchr(request->url, '?') ? '&' : '?');
    abn_buf_text(url, request->key_query);
    abn_buf_char(url, '=');
    abn_http_escape(url, request->key);
}

/* ---- one transfer ---- */

static size_t take_bytes(char *bytes, size_t size, size_t count, void *context)
{
    transfer *t = context;
    size_t len = size * count;
    if (len > t->http->options.limit - t->body.len) {
        t->too_large = true;
        return 0;
    }
    abn_buf_add(&t->body, bytes, len);
    return t->body.failed ? 0 : len;
}

static bool add_key_header(transfer *t)
{
    if (!abn_http_has_key(t->request) || !t->request->key_header) return true;
    abn_buf line = {0};
    abn_buf_text(&line, t->request->key_header);
    abn_buf_text(&line, t->request->key);
    if (!line.failed) t->headers = t->http->curl.slist_append(NULL, line.data);
    abn_buf_free(&line);
    return t->headers != NULL;
}

static void set_limits(transfer *t)
{
    const abn_http_options *options = &t->http->options;
    long connect_ms = (long)ms_of(options->connect_timeout_sec);
    long total_ms = (long)ms_of(options->timeout_sec);
    long stall_sec = (long)(options->stall_sec + .999);
    t->http->curl.easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    t->http->curl.easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, total_ms);
    t->http->curl.easy_setopt(t->easy, CURLOPT_LOW_SPEED_LIMIT, 64L);
    t->http->curl.easy_setopt(t->easy, CURLOPT_LOW_SPEED_TIME, stall_sec);
    t->http->curl.easy_setopt(t->easy, CURLOPT_MAXREDIRS, MAX_REDIRECTS);
    t->http->curl.easy_setopt(t->easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)options->limit);
}

/* Named by text since curl 7.85. */
static void set_protocols(transfer *t, bool tls_only)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    t->http->curl.easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    t->http->curl.easy_setopt(t->easy, CURLOPT_REDIR_PROTOCOLS_STR,
                              tls_only ? "https" : "http,https");
#else
    long web = CURLPROTO_HTTP | CURLPROTO_HTTPS;
    t->http->curl.easy_setopt(t->easy, CURLOPT_PROTOCOLS, web);
    t->http->curl.easy_setopt(t->easy, CURLOPT_REDIR_PROTOCOLS,
                              tls_only ? (long)CURLPROTO_HTTPS : web);
#endif
}

/* What may be spoken, and whom to trust. A key never follows a redirect out of TLS. */
static void set_trust(transfer *t)
{
    const abn_http_options *options = &t->http->options;
    bool tls = strncasecmp(t->request->url, "https:", 6) == 0;
    bool tls_only = tls && abn_http_has_key(t->request);
    const char *proxy = tls ? options->https_proxy : options->http_proxy;
    set_protocols(t, tls_only);
    t->http->curl.easy_setopt(t->easy, CURLOPT_SSL_VERIFYPEER, 1L);
    t->http->curl.easy_setopt(t->easy, CURLOPT_SSL_VERIFYHOST, 2L);
    t->http->curl.easy_setopt(t->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (options->ca_file) t->http->curl.easy_setopt(t->easy, CURLOPT_CAINFO, options->ca_file);
    /* Empty strings keep curl from asking the environment. */
    t->http->curl.easy_setopt(t->easy, CURLOPT_PROXY, proxy ? proxy : "");
    t->http->curl.easy_setopt(t->easy, CURLOPT_NOPROXY, options->no_proxy ? options->no_proxy : "");
}

static bool set_up(transfer *t)
{
    abn_buf url = {0};
    full_url(t->request, &url);
    t->easy = url.failed ? NULL : t->http->curl.easy_init();
    bool ok = t->easy && t->http->curl.easy_setopt(t->easy, CURLOPT_URL, url.data) == CURLE_OK &&
              add_key_header(t);
    abn_buf_free(&url);
    if (!ok) return false;
    t->detail[0] = '\0';
    set_limits(t);
    set_trust(t);
    t->http->curl.easy_setopt(t->easy, CURLOPT_FOLLOWLOCATION, 1L);
    t->http->curl.easy_setopt(t->easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    t->http->curl.easy_setopt(t->easy, CURLOPT_USERAGENT, "abnorm/" ABN_VERSION);
    t->http->curl.easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
    t->http->curl.easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
    t->http->curl.easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->detail);
    t->http->curl.easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, take_bytes);
    t->http->curl.easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
    t->http->curl.easy_setopt(t->easy, CURLOPT_PRIVATE, t);
    return true;
}

static void take_down(transfer *t)
{
    if (t->easy) {
        t->http->curl.multi_remove_handle(t->http->multi, t->easy);
        t->http->curl.easy_cleanup(t->easy);
    }
    t->http->curl.slist_free_all(t->headers);
    t->easy = NULL;
    t->headers = NULL;
}

/* ---- what came of it ---- */

typedef struct curl_failure {
    CURLcode code;
    abn_status status;
    const char *text;
} curl_failure;

static const curl_failure curl_failures[] = {
    {CURLE_COULDNT_RESOLVE_HOST, ABN_UNAVAILABLE, "no such host"},
    {CURLE_COULDNT_RESOLVE_PROXY, ABN_UNAVAILABLE, "no such proxy"},
    {CURLE_COULDNT_CONNECT, ABN_UNAVAILABLE, "cannot connect"},
    {CURLE_PARTIAL_FILE, ABN_UNAVAILABLE, "the answer was cut short"},
    {CURLE_GOT_NOTHING, ABN_UNAVAILABLE, "the server closed without an answer"},
    {CURLE_RECV_ERROR, ABN_UNAVAILABLE, "the connection broke"},
    {CURLE_SEND_ERROR, ABN_UNAVAILABLE, "the connection broke"},
    {CURLE_OPERATION_TIMEDOUT, ABN_UNAVAILABLE, "the server took too long"},
    {CURLE_TOO_MANY_REDIRECTS, ABN_UNAVAILABLE, "too many redirects"},
    {CURLE_UNSUPPORTED_PROTOCOL, ABN_UNAVAILABLE, "a redirect to an address that is not allowed"},
    {CURLE_PEER_FAILED_VERIFICATION, ABN_UNAVAILABLE, "the server's certificate does not verify"},
    {CURLE_SSL_CACERT_BADFILE, ABN_NO_INPUT, "cannot read the file of trusted certificates"},
    {CURLE_SSL_CONNECT_ERROR, ABN_UNAVAILABLE, "no secure connection"},
    {CURLE_WEIRD_SERVER_REPLY, ABN_UNAVAILABLE, "the answer is not HTTP"},
    {CURLE_BAD_CONTENT_ENCODING, ABN_DATA, "the answer's compression is damaged"},
    {CURLE_URL_MALFORMAT, ABN_USAGE, "not an address"},
    {CURLE_OUT_OF_MEMORY, ABN_MEMORY, "out of memory"},
};

/* Words for a failure, with curl's detail where it says more. */
static abn_status fail_transfer(const transfer *t, CURLcode code, abn_error *err)
{
    const char *source = t->request->url;
    if (t->too_large || code == CURLE_FILESIZE_EXCEEDED)
        return abn_fail_at(err, ABN_DATA, source, 0, 0, "the answer is larger than %.6g MB",
                           (double)t->http->options.limit / 1048576);
    if (t->body.failed) return abn_fail_memory(err);
    curl_failure failure = {code, ABN_UNAVAILABLE, t->http->curl.easy_strerror(code)};
    for (size_t i = 0; i < sizeof curl_failures / sizeof *curl_failures; i++)
        if (curl_failures[i].code == code) {
            failure = curl_failures[i];
            break;
        }
    char detail[CURL_ERROR_SIZE + 4] = "";
    if (t->detail[0]) {
        detail[0] = ' ';
        detail[1] = '(';
        strcpy(detail + 2, t->detail);
        strcat(detail, ")");
        abn_http_redact(detail, strlen(detail), t->request->key);
    }
    const char *tried = t->tries > 1 ? t->tries > 2 ? ", tried 3 times" : ", tried twice" : "";
    return abn_fail_at(err, failure.status, source, 0, 0, "%s%s%s", failure.text, detail, tried);
}

static char *final_url(const transfer *t)
{
    long redirects = 0;
    char *url = NULL;
    t->http->curl.easy_getinfo(t->easy, CURLINFO_REDIRECT_COUNT, &redirects);
    t->http->curl.easy_getinfo(t->easy, CURLINFO_EFFECTIVE_URL, &url);
    char *copy = strdup(redirects > 0 && url ? url : t->request->url);
    if (copy && redirects > 0) abn_http_redact(copy, strlen(copy), t->request->key);
    return copy;
}

static double retry_after_sec(const transfer *t)
{
    curl_off_t sec = 0;
    t->http->curl.easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &sec);
    return sec > 0 ? (double)sec : 0;
}

static abn_status fill_response(transfer *t, long code, abn_http_response *response, abn_error *err)
{
    char *type = NULL;
    t->http->curl.easy_getinfo(t->easy, CURLINFO_CONTENT_TYPE, &type);
    char *url = final_url(t);
    if (!url) return abn_fail_memory(err);
    *response = (abn_http_response){.code = code,
                                    .url = url,
                                    .body = t->body,
                                    .tries = t->tries,
                                    .retry_after_sec = retry_after_sec(t)};
    if (type) strncat(response->content_type, type, sizeof response->content_type - 1);
    t->body = (abn_buf){0};
    return ABN_OK;
}

/* Whether to send it again, and when. A whole host waits where it asked for it. */
static bool retry(run *r, transfer *t, CURLcode curl, long code)
{
    abn_http *http = r->http;
    bool passing =
        curl == CURLE_OPERATION_TIMEDOUT || (curl == CURLE_OK && (code == 429 || code >= 500));
    double asked = curl == CURLE_OK ? retry_after_sec(t) : 0;
    if (!passing || r->stopped || t->tries >= http->options.tries ||
        asked > http->options.patience_sec)
        return false;
    double wait = http->options.retry_sec * (t->tries == 1 ? 1 : 2);
    wait = (asked > wait ? asked : wait) + wait * random_unit(http);
    t->due_ms = clock_ms() + ms_of(wait);
    if (asked > 0 && http->host[t->host].next_ms < t->due_ms)
        http->host[t->host].next_ms = t->due_ms;
    return true;
}

static void report(run *r, transfer *t, abn_http_response *response, const abn_error *error)
{
    t->phase = DONE;
    r->left--;
    if (!r->each(r->context, (size_t)(t - r->transfer), response, error)) r->stopped = true;
    abn_http_response_free(response);
}

static void finish(run *r, transfer *t, CURLcode curl)
{
    abn_error error = {0};
    abn_http_response response = {0};
    long code = 0;
    t->http->curl.easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &code);
    r->running--;
    bool again = retry(r, t, curl, code);
    if (!again && curl == CURLE_OK)
        fill_response(t, code, &response, &error);
    else if (!again)
        fail_transfer(t, curl, &error);
    take_down(t);
    abn_buf_free(&t->body);
    if (again)
        t->phase = WAITING;
    else
        report(r, t, &response, &error);
}

/* ---- the run ---- */

static void start(run *r, transfer *t, int64_t now)
{
    host *at = &r->http->host[t->host];
    at->next_ms = now + ms_of(r->http->options.pace_sec);
    t->tries++;
    t->too_large = false;
    if (set_up(t) && r->http->curl.multi_add_handle(r->http->multi, t->easy) == CURLM_OK) {
        t->phase = RUNNING;
        r->running++;
        return;
    }
    take_down(t);
    abn_error error = {0};
    abn_http_response none = {0};
    abn_fail_memory(&error);
    report(r, t, &none, &error);
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Start what is due; returns when the next one will be. */
static int64_t start_due(run *r)
{
    int64_t next = NO_TURN;
    for (size_t i = 0; i < r->count && !r->stopped; i++) {
        transfer *t = &r->transfer[i];
        if (t->phase != WAITING) continue;
        if (r->running >= r->http->options.at_once)
            return NO_TURN; /* the end of a running one wakes the loop */
        int64_t now = clock_ms();
        int64_t turn = later(t->due_ms, r->http->host[t->host].next_ms);
        if (turn <= now)
            start(r, t, now);
        else if (turn < next)
            next = turn;
    }
    return next;
}

static void collect(run *r)
{
    int queued;
    for (CURLMsg *m; (m = r->http->curl.multi_info_read(r->http->multi, &queued));) {
        if (m->msg != CURLMSG_DONE) continue;
        transfer *t = NULL;
        CURLcode result = m->data.result;
        r->http->curl.easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&t);
        finish(r, t, result);
    }
}

static abn_status drive(run *r, abn_error *err)
{
    while (r->left > 0) {
        int64_t next = start_due(r);
        int alive;
        if (r->http->curl.multi_perform(r->http->multi, &alive) != CURLM_OK)
            return abn_fail(err, ABN_SYSTEM, "the HTTP library failed");
        size_t left = r->left;
        int running = r->running;
        collect(r);
        if (r->stopped && r->running == 0) return ABN_OK;
        if (r->left < left || r->running < running || r->left == 0) continue;
        int64_t nap = next == NO_TURN ? LONGEST_NAP : next - clock_ms();
        nap = nap < 1 ? 1 : nap > LONGEST_NAP ? LONGEST_NAP : nap;
        if (r->http->curl.multi_poll(r->http->multi, NULL, 0, (int)nap, NULL) != CURLM_OK)
            return abn_fail(err, ABN_SYSTEM, "the HTTP library failed");
    }
    return ABN_OK;
}

abn_status abn_http_get_many(abn_http *http, const abn_http_request *request, size_t count,
                             abn_http_fn each, void *context, abn_error *err)
{
    run r = {.http = http, .count = count, .left = count, .each = each, .context = context};
    abn_status status = ABN_OK;
    r.transfer = calloc(count ? count : 1, sizeof *r.transfer);
    if (!r.transfer) return abn_fail_memory(err);
    for (size_t i = 0; i < count && !r.stopped; i++) {
        transfer *t = &r.transfer[i];
        abn_error error = {0};
        abn_http_response none = {0};
        *t = (transfer){.http = http, .request = &request[i]};
        if (host_of(http, &request[i], &t->host, &error)) report(&r, t, &none, &error);
    }
    if (!r.stopped) status = drive(&r, err);
    for (size_t i = 0; i < count; i++) {
        if (r.transfer[i].easy) take_down(&r.transfer[i]);
        abn_buf_free(&r.transfer[i].body);
    }
    free(r.transfer);
    return status;
}

typedef struct single {
    abn_http_response response;
    abn_error error;
} single;

static bool keep_single(void *context, size_t i, abn_http_response *response,
                        const abn_error *error)
{
    single *s = context;
    (void)i;
    s->response = *response;
    s->error = *error;
    *response = (abn_http_response){0};
    return true;
}

abn_status abn_http_get(abn_http *http, const abn_http_request *request,
                        abn_http_response *response, abn_error *err)
{
    single s = {0};
    abn_status status = abn_http_get_many(http, request, 1, keep_single, &s, err);
    if (status) {
        abn_http_response_free(&s.response);
        return status;
    }
    if (s.error.status)
        return abn_fail_at(err, s.error.status, s.error.source[0] ? s.error.source : NULL, 0, 0,
                           "%s", s.error.text);
    *response = s.response;
    return ABN_OK;
}
