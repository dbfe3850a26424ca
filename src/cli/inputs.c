/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inputs.h"
#include "web.h"

#include <abnorm/buf.h>
#include <abnorm/file.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FOLDERS_DEEP 32

static bool is_address(const char *name)
{
    return strncmp(name, "https://", 8) == 0 || strncmp(name, "http://", 7) == 0;
}

/* Takes `name` over. */
static abn_status add_name(inputs *out, char *name, abn_error *err)
{
    if (name && out->count == out->cap) {
        size_t cap = out->cap ? out->cap * 2 : 64;
        char **grown = realloc(out->name, cap * sizeof *grown);
        if (grown) {
            out->name = grown;
            out->cap = cap;
        }
    }
    if (!name || out->count == out->cap) {
        free(name);
        return abn_fail_memory(err);
    }
    out->name[out->count++] = name;
    return ABN_OK;
}

/* A pipe or a device in a folder would keep us waiting, or never end. */
static abn_status add_found(cli *c, inputs *out, char *path, abn_error *err)
{
    if (!path || abn_is_file(path) || access(path, F_OK) != 0) return add_name(out, path, err);
    abn_error odd = {0};
    abn_fail_at(&odd, ABN_NO_INPUT, path, 0, 0, "is no plain file");
    free(path);
    return inputs_failed(c, &odd);
}

static abn_status add_folder(cli *c, inputs *out, const char *folder, int deep, abn_error *err)
{
    abn_names names = {0};
    if (deep > FOLDERS_DEEP)
        return abn_fail_at(err, ABN_DATA, folder, 0, 0, "more than %d folders deep", FOLDERS_DEEP);
    abn_status status = abn_folder_list(folder, NULL, &names, err);
    for (size_t i = 0; status == ABN_OK && i < names.count; i++) {
        char *path = abn_path_join(folder, names.name[i]);
        if (path && abn_is_link(path) && abn_is_folder(path)) {
            abn_note_at(c->notes, "link to a folder", path, 0, 0,
                        "a link to a folder is not followed (name it to read it)");
            free(path);
        } else if (path && abn_is_folder(path)) {
            status = add_folder(c, out, path, deep + 1, err);
            free(path);
        } else {
            status = add_found(c, out, path, err);
        }
    }
    abn_names_free(&names);
    return status;
}

static abn_status add_argument(cli *c, inputs *out, const char *arg, abn_error *err)
{
    if (strcmp(arg, "-") != 0 && !is_address(arg)) {
        if (abn_is_folder(arg)) return add_folder(c, out, arg, 0, err);
        if (access(arg, F_OK) != 0)
            return abn_fail_at(err, ABN_NO_INPUT, arg, 0, 0, "no such file or folder");
    }
    return add_name(out, strdup(arg), err);
}

abn_status inputs_failed(cli *c, const abn_error *err)
{
    if (err->status == ABN_MEMORY || err->status == ABN_SYSTEM || err->status == ABN_INTERNAL) {
        c->err = *err;
        return err->status;
    }
    abn_note_at(c->notes, CLI_FAILED_INPUT, err->source[0] ? err->source : NULL, err->line,
                err->column, "%s", err->text);
    c->some_failed = true;
    return ABN_OK;
}

abn_status inputs_list(cli *c, const char *const *args, size_t n, inputs *out)
{
    abn_error first = {0};
    for (size_t i = 0; i < n; i++) {
        abn_error err = {0};
        if (add_argument(c, out, args[i], &err) == ABN_OK) continue;
        if (first.status == ABN_OK) first = err;
        if (n == 1 && !out->count) break; /* the one failure is the command's */
        abn_status status = inputs_failed(c, &err);
        if (status != ABN_OK) return status;
    }
    if (out->count > 0 || first.status == ABN_OK) return ABN_OK;
    c->err = first;
    return first.status;
}

void inputs_free(inputs *in)
{
    for (size_t i = 0; i < in->count; i++)
        free(in->name[i]);
    free(in->name);
    *in = (inputs){0};
}

static abn_status read_stdin(size_t limit, input_fn each, void *context, abn_error *err)
{
    abn_buf bytes = {0};
    abn_status status = abn_file_read_fd(STDIN_FILENO, "stdin", limit, &bytes, err);
    if (status == ABN_OK)
        status = each(context, "stdin", (abn_slice){bytes.data ? bytes.data : "", bytes.len}, err);
    abn_buf_free(&bytes);
    return status;
}

static abn_status read_address(const char *url, size_t limit, input_fn each, void *context,
                               abn_error *err)
{
    abn_http_response response = {0};
    abn_status status = web_get(url, limit, &response, err);
    if (status != ABN_OK) return status;
    abn_slice bytes = {response.body.data ? response.body.data : "", response.body.len};
    status = each(context, url, bytes, err);
    abn_http_response_free(&response);
    return status;
}

abn_status inputs_read(const char *name, size_t limit, input_fn each, void *context, abn_error *err)
{
    if (strcmp(name, "-") == 0) return read_stdin(limit, each, context, err);
    if (is_address(name)) return read_address(name, limit, each, context, err);
    abn_file file = {0};
    abn_status status = abn_file_open(name, limit, &file, err);
    if (status != ABN_OK) return status;
    status = each(context, name, (abn_slice){file.data, file.len}, err);
    abn_file_close(&file);
    return status;
}

abn_status inputs_each(cli *c, const char *const *args, size_t n, size_t limit, input_fn each,
                       void *context)
{
    inputs all = {0};
    abn_error first = {0};
    size_t read = 0;
    abn_status status = inputs_list(c, args, n, &all);
    for (size_t i = 0; status == ABN_OK && i < all.count; i++) {
        abn_error err = {0};
        cli_progress(c, "reading %zu of %zu", i + 1, all.count);
        if (inputs_read(all.name[i], limit, each, context, &err) == ABN_OK) {
            read++;
            continue;
        }
        if (first.status == ABN_OK) first = err;
        if (all.count > 1) status = inputs_failed(c, &err);
    }
    if (status == ABN_OK && read == 0 && first.status != ABN_OK) {
        status = first.status;
        if (all.count == 1)
            c->err = first;
        else
            abn_fail(&c->err, status, "none of %zu inputs could be read", all.count);
    }
    inputs_free(&all);
    return status;
}
