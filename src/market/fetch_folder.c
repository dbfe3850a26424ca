/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch_parts.h"

#include <abnorm/file.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RESUME_SEC  (12 * 3600)
#define JOURNAL_MAX ((size_t)16 << 20)
#define JOURNAL     ".abnorm.fetch"
#define RANDOM_LEN  6 /* of an abn_output's ending */

/* The journal: "SECONDS JOB", then a symbol a line. A line cut by a kill has no end and is not
 * believed. */
static void read_journal(abn_fetch_folder *f, const char *job, abn_instant now)
{
    abn_file file = {0};
    if (abn_file_open_found(f->journal_path, JOURNAL_MAX, &file, NULL) != ABN_OK) return;
    const char *space = file.len ? memchr(file.data, ' ', file.len) : NULL;
    const char *end = space ? memchr(space, '\n', file.len - (size_t)(space - file.data)) : NULL;
    abn_instant started = space ? strtoll(file.data, NULL, 10) : 0;
    size_t len = end ? (size_t)(end - space) - 1 : 0;
    if (end && len == strlen(job) && memcmp(space + 1, job, len) == 0 && now >= started &&
        now - started < RESUME_SEC) {
        size_t rest = file.len - (size_t)(end - file.data);
        while (rest > 1 && end[rest - 1] != '\n')
            rest--;
        f->done = abn_slice_dup((abn_slice){end, rest});
    }
    abn_file_close(&file);
}

/* Start the journal anew, or go on with it. */
static abn_status start_journal(abn_fetch_folder *f, const char *job, abn_instant now,
                                abn_error *err)
{
    char head[32];
    abn_buf text = {0};
    f->journal_path = abn_path_join(f->path, JOURNAL);
    if (!f->journal_path) return abn_fail_memory(err);
    read_journal(f, job, now);
    if (!f->done) {
        snprintf(head, sizeof head, "%lld ", (long long)now);
        abn_buf_text(&text, head);
        abn_buf_text(&text, job);
        abn_buf_char(&text, '\n');
        abn_status status = abn_buf_status(&text, err);
        if (status == ABN_OK) status = abn_file_write(f->journal_path, text.data, text.len, err);
        abn_buf_free(&text);
        if (status) return status;
    }
    f->journal = open(f->journal_path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
    return ABN_OK;
}

abn_status abn_fetch_folder_open(abn_fetch_folder *folder, const char *path, const char *job,
                                 abn_instant now, abn_error *err)
{
    *folder = (abn_fetch_folder){.path = path, .lock = -1, .journal = -1};
    abn_status status = abn_folder_make(path, err);
    if (status == ABN_OK) status = abn_folder_lock(path, &folder->lock, err);
    if (status == ABN_OK) status = start_journal(folder, job, now, err);
    if (status) abn_fetch_folder_close(folder, false);
    return status;
}

static char *as_line(const char *symbol)
{
    size_t len = strlen(symbol);
    char *line = malloc(len + 3);
    if (line) snprintf(line, len + 3, "\n%s\n", symbol);
    return line;
}

bool abn_fetch_folder_done(const abn_fetch_folder *folder, const char *symbol)
{
    char *line = as_line(symbol);
    bool done = line && folder->done && strstr(folder->done, line);
    free(line);
    return done;
}

void abn_fetch_folder_mark(abn_fetch_folder *folder, const char *symbol)
{
    char *line = as_line(symbol);
    if (line && folder->journal >= 0) {
        /* A line that is not whole is not believed, so the result does not matter. */
        ssize_t put = write(folder->journal, line + 1, strlen(line) - 1);
        (void)put;
    }
    free(line);
}

void abn_fetch_folder_close(abn_fetch_folder *folder, bool finished)
{
    if (folder->journal >= 0) close(folder->journal);
    if (finished && folder->journal_path) unlink(folder->journal_path);
    if (folder->lock >= 0) close(folder->lock);
    free(folder->journal_path);
    free(folder->done);
    *folder = (abn_fetch_folder){.lock = -1, .journal = -1};
}

/* ".NAME.XXXXXX" of one of the names. */
static bool is_leftover(const char *entry, const char *const *name, size_t count)
{
    size_t len = strlen(entry);
    for (size_t i = 0; i < count; i++) {
        size_t n = strlen(name[i]);
        if (entry[0] == '.' && len == n + 2 + RANDOM_LEN && memcmp(entry + 1, name[i], n) == 0 &&
            entry[n + 1] == '.')
            return true;
    }
    return false;
}

static void sweep(const char *folder, const char *const *name, size_t count)
{
    DIR *dir = opendir(folder);
    if (!dir) return;
    for (struct dirent *entry; (entry = readdir(dir));) {
        char *path = entry->d_name[0] == '.' && is_leftover(entry->d_name, name, count)
                         ? abn_path_join(folder, entry->d_name)
                         : NULL;
        if (path) unlink(path);
        free(path);
    }
    closedir(dir);
}

void abn_fetch_folder_sweep(const abn_fetch_folder *folder, const char *const *name, size_t count)
{
    static const char *const own[] = {JOURNAL}, *const actions[] = {"dividends.csv", "splits.csv"};
    char *below = abn_path_join(folder->path, "actions");
    sweep(folder->path, name, count);
    sweep(folder->path, own, 1);
    if (below) sweep(below, actions, 2);
    free(below);
}

static bool holds(const char *path, const abn_buf *text)
{
    abn_file file = {0};
    if (abn_file_open_found(path, 0, &file, NULL) != ABN_OK) return false;
    bool same = file.len == text->len && memcmp(file.data, text->data, text->len) == 0;
    abn_file_close(&file);
    return same;
}

abn_status abn_fetch_write(const char *path, const abn_buf *text, abn_error *err)
{
    abn_status status = abn_buf_status(text, err);
    if (status != ABN_OK || holds(path, text)) return status;
    return abn_file_write(path, text->data, text->len, err);
}
