/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/results.h>

#include <abnorm/file.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct abn_results {
    char *folder;
    int lock;
    abn_output **output; /* written, not yet in place */
    size_t count, cap;
};

/* The kernel drops a record lock when its process ends, however it ends. */
static abn_status take_lock(abn_results *r, abn_error *err)
{
    char *path = abn_path_join(r->folder, ".abnorm.lock");
    if (!path) return abn_fail_memory(err);
    r->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    abn_status status = ABN_OK;
    if (r->lock < 0)
        status = abn_fail_at(err, ABN_SYSTEM, path, 0, 0, "%s", strerror(errno));
    else if (fcntl(r->lock, F_SETLK, &lock) != 0)
        status = errno == EACCES || errno == EAGAIN
                     ? abn_fail_at(err, ABN_TRY_LATER, r->folder, 0, 0,
                                   "another run writes to this folder")
                     : abn_fail_at(err, ABN_SYSTEM, path, 0, 0, "%s", strerror(errno));
    free(path);
    return status;
}

abn_status abn_results_open(const char *folder, abn_results **out, abn_error *err)
{
    abn_results *r = calloc(1, sizeof *r);
    if (!r) return abn_fail_memory(err);
    r->lock = -1;
    r->folder = strdup(folder);
    abn_status status = r->folder ? abn_folder_make(folder, err) : abn_fail_memory(err);
    if (status == ABN_OK) status = take_lock(r, err);
    if (status != ABN_OK)
        abn_results_free(r);
    else
        *out = r;
    return status;
}

static abn_status add(abn_results *r, abn_output *output, abn_error *err)
{
    if (r->count == r->cap) {
        size_t cap = r->cap ? r->cap * 2 : 16;
        abn_output **grown = realloc(r->output, cap * sizeof *grown);
        if (!grown) return abn_fail_memory(err);
        r->output = grown;
        r->cap = cap;
    }
    r->output[r->count++] = output;
    return ABN_OK;
}

abn_status abn_results_file(abn_results *r, const char *name, abn_slice bytes, abn_error *err)
{
    char *path = abn_path_join(r->folder, name);
    if (!path) return abn_fail_memory(err);
    abn_output *output = NULL;
    abn_status status = abn_output_new(path, &output, err);
    if (status == ABN_OK) status = abn_output_write(output, bytes.ptr, bytes.len, err);
    if (status == ABN_OK) status = add(r, output, err);
    if (status != ABN_OK) abn_output_free(output);
    free(path);
    return status;
}

abn_status abn_results_table(abn_results *r, const abn_table *table, int digits, int threads,
                             abn_error *err)
{
    abn_buf text = {0}, name = {0};
    abn_buf_printf(&name, "%s.csv", table->name);
    abn_status status = abn_buf_status(&name, err);
    if (status == ABN_OK)
        status = abn_table_format(table, ABN_FORMAT_CSV, digits, threads, &text, err);
    if (status == ABN_OK)
        status = abn_results_file(r, name.data, (abn_slice){text.data, text.len}, err);
    abn_buf_free(&text);
    abn_buf_free(&name);
    return status;
}

abn_status abn_results_commit(abn_results *r, abn_error *err)
{
    for (size_t i = 0; i < r->count; i++) {
        abn_status status = abn_output_commit(r->output[i], err);
        if (status != ABN_OK) return status;
    }
    return ABN_OK;
}

void abn_results_free(abn_results *r)
{
    if (!r) return;
    for (size_t i = 0; i < r->count; i++)
        abn_output_free(r->output[i]);
    if (r->lock >= 0) close(r->lock);
    free(r->output);
    free(r->folder);
    free(r);
}
