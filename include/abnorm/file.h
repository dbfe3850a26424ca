/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files: whole reads, folders in sorted order, writes that are all or nothing. */
#ifndef ABNORM_FILE_H
#define ABNORM_FILE_H

#include <abnorm/buf.h>
#include <abnorm/error.h>
#include <stdbool.h>
#include <stddef.h>

/* A file's bytes, mapped where the file allows it (plain file), read otherwise (pipe, gzip). A
 * mapped file that another program cuts short gives SIGBUS to who reads behind its new end. */
typedef struct abn_file {
    const char *data;
    size_t len;
    void *map;   /* private */
    char *owned; /* private */
} abn_file;

/* Read `path`; gzip data is unpacked, up to `limit` bytes (0: 64 MB, or a hundred times the file).
 * ABN_NO_INPUT when it cannot be read, ABN_DATA when it is larger than `limit` or damaged. */
abn_status abn_file_open(const char *path, size_t limit, abn_file *file, abn_error *err);
/* The same of a file that was found in a folder, which someone else may have filled: a pipe or a
 * device, which would keep us waiting or never end, is ABN_NO_INPUT. */
abn_status abn_file_open_found(const char *path, size_t limit, abn_file *file, abn_error *err);
/* A part that has been read for good: a mapped file's pages there need not stay in memory. */
void abn_file_done(const abn_file *file, abn_slice part);
void abn_file_close(abn_file *file);
/* Read a descriptor to its end, up to `limit` bytes (0: no limit). */
abn_status abn_file_read_fd(int fd, const char *name, size_t limit, abn_buf *out, abn_error *err);
/* Unpack gzip bytes up to `limit` (0: no limit). */
abn_status abn_gunzip(abn_slice packed, const char *name, size_t limit, abn_buf *out,
                      abn_error *err);

bool abn_is_folder(const char *path);
bool abn_is_file(const char *path);
bool abn_is_link(const char *path); /* whatever it leads to */

/* Names (no folder) in a folder, sorted by bytes, hidden ones left out; `suffix` may be NULL. */
typedef struct abn_names {
    char **name;
    size_t count;
} abn_names;
abn_status abn_folder_list(const char *path, const char *suffix, abn_names *names, abn_error *err);
void abn_names_free(abn_names *names);
/* Make a folder and those above it. */
abn_status abn_folder_make(const char *path, abn_error *err);
/* Become a folder's one writer until `*lock` is closed, or the process ends in whatever way.
 * ABN_TRY_LATER when another process is. */
abn_status abn_folder_lock(const char *path, int *lock, abn_error *err);
/* "folder/name", to free(); NULL without memory. */
char *abn_path_join(const char *folder, const char *name);
/* The file name without folder and last extension (".csv.gz" counts as one), to free(). */
char *abn_path_stem(const char *path);

/* What a committed file outlives: with ABN_LASTING a power cut, as its bytes are synced first; with
 * ABN_PASSING, for what can be made again, a killed process. */
typedef enum abn_lifetime { ABN_PASSING, ABN_LASTING } abn_lifetime;

/* A file being written: nothing is at `path` until abn_output_commit(), which renames. */
typedef struct abn_output abn_output;
abn_status abn_output_new(const char *path, abn_lifetime lifetime, abn_output **out,
                          abn_error *err);
abn_status abn_output_write(abn_output *out, const void *data, size_t len, abn_error *err);
/* Bring all of a lasting one to the disk; nothing more can be written. Commit does so where it was
 * not done: several files are synced first, so that only their renames are left to fail. */
abn_status abn_output_sync(abn_output *out, abn_error *err);
abn_status abn_output_commit(abn_output *out, abn_error *err);
/* Free; removes the temporary file unless committed. */
void abn_output_free(abn_output *out);
/* The three calls in one, lasting. */
abn_status abn_file_write(const char *path, const void *data, size_t len, abn_error *err);

#endif
