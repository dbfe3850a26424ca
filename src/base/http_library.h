/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libcurl, loaded by the first fetch: it brings thirty more libraries, and to start them takes
 * longer than most of what never fetches. */
#ifndef ABN_BASE_HTTP_LIBRARY_H
#define ABN_BASE_HTTP_LIBRARY_H

#include <abnorm/error.h>
#include <curl/curl.h>

#pragma GCC visibility push(hidden)

/* Its functions that are used, by their names without "curl_". */
#define ABN_CURL_FUNCTIONS(F)                                                                  \
    F(easy_cleanup)                                                                            \
    F(easy_getinfo)                                                                            \
    F(easy_init)                                                                               \
    F(easy_setopt)                                                                             \
    F(easy_strerror) F(global_cleanup) F(global_init) F(multi_add_handle) F(multi_cleanup)     \
        F(multi_info_read) F(multi_init) F(multi_perform) F(multi_poll) F(multi_remove_handle) \
            F(slist_append) F(slist_free_all)

typedef struct abn_curl {
#define ABN_CURL_MEMBER(name) __typeof__(curl_##name) *name;
    ABN_CURL_FUNCTIONS(ABN_CURL_MEMBER)
#undef ABN_CURL_MEMBER
} abn_curl;

/* ABN_UNAVAILABLE where it is not installed. It stays loaded. */
abn_status abn_curl_load(abn_curl *curl, abn_error *err);

#pragma GCC visibility pop

#endif
