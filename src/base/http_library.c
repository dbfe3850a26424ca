/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http_library.h"

#include <dlfcn.h>
#include <string.h>

#ifdef __APPLE__
#define LIBRARY "libcurl.4.dylib"
#else
#define LIBRARY "libcurl.so.4"
#endif

abn_status abn_curl_load(abn_curl *curl, abn_error *err)
{
    abn_curl found;
    void *symbol;
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_NODELETE);
    if (!library) return abn_fail(err, ABN_UNAVAILABLE, "no HTTP library: %s", dlerror());
#define FIND(name)                                                                     \
    symbol = dlsym(library, "curl_" #name);                                            \
    if (!symbol) return abn_fail(err, ABN_UNAVAILABLE, LIBRARY " has no curl_" #name); \
    memcpy(&found.name, &symbol, sizeof symbol);
    ABN_CURL_FUNCTIONS(FIND)
#undef FIND
    *curl = found;
    return ABN_OK;
}
