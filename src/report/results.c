/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/results.h>

#include <abnorm/file.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct abn_results {
    char *folder;
    int lock;
    abn_format format;
    pthread_mutex_t writing; /* while temporary files appear or go */
    char *record;            /* the path of run.json, once that is written */
    abn_output **output;     /* written, not yet in place */
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

/* ".NAME.XXXXXX" as an abn_output names it, and what a picture is drawn to. */
static bool is_leftover(const char *entry)
{
    static const char *const kind[] = {".csv", ".json", ".gp", ".png", ".svg", ".pdf", ".html"};
    size_t len = strlen(entry);
    if (entry[0] != '.' || len < 10 || (entry[len - 7] != '.' && strcmp(entry + len - 5, ".part")))
        return false;
    size_t end = entry[len - 7] == '.' ? len - 7 : len - 5;
    for (size_t i = 0; i < sizeof kind / sizeof *kind; i++) {
        size_t n = strlen(kind[i]);
        if (end > n && memcmp(entry + end - n, kind[i], n) == 0) return true;
    }
    return false;
}

void abn_results_sweep(const char *folder)
{
    DIR *dir = opendir(folder);
    if (!dir) return;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        if (is_leftover(entry->d_name)) unlinkat(dirfd(dir), entry->d_name, 0);
    closedir(dir);
}

abn_status abn_results_open(const char *folder, abn_results **out, abn_error *err)
{
    abn_results *r = calloc(1, sizeof *r);
    if (!r) return abn_fail_memory(err);
    r->lock = -1;
    r->format = ABN_FORMAT_CSV;
    pthread_mutex_init(&r->writing, NULL);
    r->folder = strdup(folder);
    abn_status status = r->folder ? abn_folder_make(folder, err) : abn_fail_memory(err);
    if (status == ABN_OK) status = take_lock(r, err);
    if (status == ABN_OK)
        abn_results_sweep(folder);
    else
        abn_results_free(r);
    if (status == ABN_OK) *out = r;
    return status;
}

void abn_results_make_safe(abn_results *r)
{
    r->format = ABN_FORMAT_SAFE_CSV;
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
    pthread_mutex_lock(&r->writing);
    abn_status status = abn_output_new(path, &output, err);
    if (status == ABN_OK) status = abn_output_write(output, bytes.ptr, bytes.len, err);
    if (status == ABN_OK) status = add(r, output, err);
    if (status != ABN_OK) abn_output_free(output);
    pthread_mutex_unlock(&r->writing);
    if (status == ABN_OK && strcmp(name, "run.json") == 0 && !r->record) {
        r->record = path;
        return ABN_OK;
    }
    free(path);
    return status;
}

abn_status abn_results_table(abn_results *r, const abn_table *table, int digits, int threads,
                             abn_error *err)
{
    abn_buf text = {0}, name = {0};
    abn_buf_printf(&name, "%s.csv", table->name);
    abn_status status = abn_buf_status(&name, err);
    if (status == ABN_OK) status = abn_table_format(table, r->format, digits, threads, &text, err);
    if (status == ABN_OK)
        status = abn_results_file(r, name.data, (abn_slice){text.data, text.len}, err);
    abn_buf_free(&text);
    abn_buf_free(&name);
    return status;
}

static void drop_outputs(abn_results *r)
{
    for (size_t i = 0; i < r->count; i++)
        abn_output_free(r->output[i]);
    r->count = 0;
    free(r->record);
    r->record = NULL;
}

abn_status abn_results_commit(abn_results *r, abn_error *err)
{
    abn_status status = ABN_OK;
    pthread_mutex_lock(&r->writing);
    for (size_t i = 0; status == ABN_OK && i < r->count; i++)
        status = abn_output_sync(r->output[i], err);
    /* From the first rename to the last the set is mixed: no record may vouch for it. */
    if (status == ABN_OK && r->record && unlink(r->record) != 0 && errno != ENOENT)
        status = abn_fail_at(err, ABN_SYSTEM, r->record, 0, 0, "%s", strerror(errno));
    for (size_t i = 0; status == ABN_OK && i < r->count; i++)
        status = abn_output_commit(r->output[i], err);
    if (status == ABN_OK) drop_outputs(r);
    pthread_mutex_unlock(&r->writing);
    return status;
}

void abn_results_stop(abn_results *r)
{
    pthread_mutex_lock(&r->writing);
    abn_results_sweep(r->folder);
}

void abn_results_free(abn_results *r)
{
    if (!r) return;
    pthread_mutex_destroy(&r->writing);
    drop_outputs(r);
    if (r->lock >= 0) close(r->lock);
    free(r->output);
    free(r->folder);
    free(r);
}
