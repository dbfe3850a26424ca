/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web.h"

#include <abnorm/file.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/resource.h>
#include <sys/stat.h>

static const char *environment(const char *lower, const char *upper)
{
    const char *value = getenv(lower);
    if (!value || !value[0]) value = upper ? getenv(upper) : NULL;
    return value && value[0] ? value : NULL;
}

abn_http_options web_defaults(void)
{
    abn_http_options options = abn_http_defaults();
    const char *any = environment("all_proxy", "ALL_PROXY");
    options.https_proxy = environment("https_proxy", "HTTPS_PROXY");
    options.http_proxy = environment("http_proxy", NULL); /* a web server may set HTTP_PROXY */
    if (!options.https_proxy) options.https_proxy = any;
    if (!options.http_proxy) options.http_proxy = any;
    options.no_proxy = environment("no_proxy", "NO_PROXY");
    options.ca_file = environment("SSL_CERT_FILE", NULL);
    return options;
}

abn_status web_get(const char *url, size_t limit, abn_http_response *response, abn_error *err)
{
    static abn_http *client; /* for the life of the process */
    abn_http_options options = web_defaults();
    abn_http_request request = {.url = url};
    abn_http_response got = {0};
    if (limit > 0 && limit < options.limit) options.limit = limit;
    abn_status status = client ? ABN_OK : abn_http_new(&options, &client, err);
    if (status == ABN_OK) status = abn_http_get(client, &request, &got, err);
    if (status == ABN_OK) status = abn_http_check(&got, err);
    if (status == ABN_OK)
        *response = got;
    else
        abn_http_response_free(&got);
    return status;
}

/* ---- keys ---- */

static char *from_environment(const char *provider)
{
    char name[64];
    snprintf(name, sizeof name, "ABNORM_%s_KEY", provider);
    for (char *p = name; *p; p++)
        *p = (char)toupper((unsigned char)*p);
    const char *value = getenv(name);
    return value && value[0] ? strdup(value) : NULL;
}

/* The value of a line "NAME = VALUE" of that name; false for any other line. */
static bool read_line(abn_slice line, const char *name, abn_slice *value)
{
    size_t len = 0;
    line = abn_slice_trim(line);
    while (len < line.len && !strchr(" \t=:,", line.ptr[len]))
        len++;
    if (!abn_slice_ieq((abn_slice){line.ptr, len}, name)) return false;
    while (len < line.len && strchr(" \t=:,", line.ptr[len]))
        len++;
    *value = (abn_slice){line.ptr + len, line.len - len};
    return true;
}

static void note_open_file(cli *c, const char *path)
{
    struct stat about;
    if (stat(path, &about) == 0 && about.st_mode & (S_IRGRP | S_IROTH))
        abn_note_at(c->notes, "keys that others can read", path, 0, 0,
                    "others can read the keys in this file (chmod 600 helps)");
}

static abn_status from_file(cli *c, const char *provider, const char *path, char **key)
{
    abn_file file = {0};
    abn_status status = abn_file_open(path, 1 << 20, &file, &c->err);
    if (status != ABN_OK) return status;
    abn_slice rest = {file.data, file.len}, line, value;
    note_open_file(c, path);
    while (!*key && abn_slice_split(&rest, '\n', &line))
        if (read_line(line, provider, &value)) *key = abn_slice_dup(value);
    abn_file_close(&file);
    return ABN_OK;
}

/* A core file of this process would hold the key. */
static void forbid_dumps(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
    prctl(PR_SET_DUMPABLE, 0); /* also where the kernel pipes core files to a program */
#endif
}

/* A key travels in headers and addresses: nothing but visible ASCII belongs there. */
static bool is_visible(const char *key)
{
    for (; *key; key++)
        if (*key <= ' ' || *key > '~') return false;
    return true;
}

abn_status web_key(cli *c, const char *provider, const char *keys_file, char **key)
{
    char *found = from_environment(provider);
    abn_status status = ABN_OK;
    if (!found && keys_file) status = from_file(c, provider, keys_file, &found);
    if (status != ABN_OK) return status;
    if (!found) found = strdup("");
    if (!found) return abn_fail_memory(&c->err);
    if (!is_visible(found)) {
        free(found);
        return abn_fail(&c->err, ABN_DATA, "the key for %s has characters that no key has",
                        provider);
    }
    if (*found) forbid_dumps();
    *key = found;
    return ABN_OK;
}
