/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* fallocate() */
#include <abnorm/file.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#define UNPACKED_FREE ((size_t)64 << 20)
#define UNPACKED_MOST 100 /* times the packed size; tables of numbers reach 30 */

/* ---- reading ---- */

static abn_status fail_errno(abn_error *err, abn_status status, const char *path)
{
    if (errno == ENOMEM) return abn_fail_memory(err);
    if (errno == EMFILE || errno == ENFILE) status = ABN_SYSTEM; /* not this file's fault */
    return abn_fail_at(err, status, path, 0, 0, "%s", strerror(errno));
}

static abn_status too_large(abn_error *err, const char *name, size_t limit)
{
    return abn_fail_at(err, ABN_DATA, name, 0, 0, "larger than %zu bytes", limit);
}

abn_status abn_file_read_fd(int fd, const char *name, size_t limit, abn_buf *out, abn_error *err)
{
    size_t start = out->len;
    for (;;) {
        if (!abn_buf_reserve(out, 65536)) return abn_fail_memory(err);
        ssize_t got = read(fd, out->data + out->len, 65536);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_errno(err, ABN_NO_INPUT, name);
        if (got == 0) break;
        out->len += (size_t)got;
        if (limit && out->len - start > limit) return too_large(err, name, limit);
    }
    out->data[out->len] = '\0';
    return ABN_OK;
}

static abn_status inflate_all(z_stream *z, const char *name, size_t limit, abn_buf *out,
                              abn_error *err)
{
    size_t start = out->len;
    int got = Z_OK;
    while (got != Z_STREAM_END || z->avail_in) {
        if (got == Z_STREAM_END && inflateReset(z) != Z_OK) /* gzip members may follow each other */
            return abn_fail_at(err, ABN_INTERNAL, name, 0, 0, "cannot restart inflate");
        if (!abn_buf_reserve(out, 262144)) return abn_fail_memory(err);
        z->next_out = (Bytef *)out->data + out->len;
        z->avail_out = 262144;
        got = inflate(z, Z_NO_FLUSH);
        out->len += 262144 - z->avail_out;
        if (limit && out->len - start > limit) return too_large(err, name, limit);
        if (got != Z_OK && got != Z_STREAM_END)
            return abn_fail_at(err, ABN_DATA, name, 0, 0, "damaged gzip data%s",
                               got == Z_BUF_ERROR ? " (it ends early)" : "");
    }
    out->data[out->len] = '\0';
    return ABN_OK;
}

abn_status abn_gunzip(abn_slice packed, const char *name, size_t limit, abn_buf *out,
                      abn_error *err)
{
    z_stream z = {0};
    if (packed.len > UINT32_MAX) return too_large(err, name, UINT32_MAX);
    if (inflateInit2(&z, 15 + 16) != Z_OK) return abn_fail_memory(err);
    union {
        const char *in;
        Bytef *bytes; /* zlib does not write there */
    } next = {packed.ptr};
    z.next_in = next.bytes;
    z.avail_in = (uInt)packed.len;
    abn_status status = inflate_all(&z, name, limit, out, err);
    inflateEnd(&z);
    return status;
}

/* What grows so much was made to. */
static size_t bound_of(size_t packed)
{
    return packed > UNPACKED_FREE / UNPACKED_MOST ? packed * UNPACKED_MOST : UNPACKED_FREE;
}

static bool is_gzip(const char *data, size_t len)
{
    return len >= 2 && (unsigned char)data[0] == 0x1f && (unsigned char)data[1] == 0x8b;
}

static abn_status unpack(const char *path, size_t limit, abn_file *file, abn_error *err)
{
    abn_buf out = {0};
    size_t most = limit ? limit : bound_of(file->len);
    abn_status status = abn_gunzip((abn_slice){file->data, file->len}, path, most, &out, err);
    if (status != ABN_OK) {
        abn_buf_free(&out);
        return status;
    }
    abn_file_close(file);
    size_t len = out.len;
    char *owned = abn_buf_take(&out);
    if (!owned) return abn_fail_memory(err);
    *file = (abn_file){.data = owned, .len = len, .owned = owned};
    return ABN_OK;
}

static abn_status read_pipe(int fd, const char *path, size_t limit, abn_file *file, abn_error *err)
{
    abn_buf buf = {0};
    abn_status status = abn_file_read_fd(fd, path, limit, &buf, err);
    size_t len = buf.len;
    char *owned = status == ABN_OK ? abn_buf_take(&buf) : NULL;
    if (!owned) {
        abn_buf_free(&buf);
        return status != ABN_OK ? status : abn_fail_memory(err);
    }
    *file = (abn_file){.data = owned, .len = len, .owned = owned};
    return ABN_OK;
}

static abn_status map_plain(int fd, const char *path, size_t size, size_t limit, abn_file *file,
                            abn_error *err)
{
    if (limit && size > limit) return too_large(err, path, limit);
    *file = (abn_file){.data = ""};
    if (size == 0) return ABN_OK;
    void *map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (map == MAP_FAILED) return fail_errno(err, ABN_SYSTEM, path);
    *file = (abn_file){.data = map, .len = size, .map = map};
    return ABN_OK;
}

static abn_status open_file(const char *path, bool found, size_t limit, abn_file *file,
                            abn_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (found ? O_NONBLOCK : 0));
    if (fd < 0) return fail_errno(err, ABN_NO_INPUT, path);
    struct stat st;
    abn_file got = {0};
    abn_status status;
    if (fstat(fd, &st) != 0)
        status = fail_errno(err, ABN_NO_INPUT, path);
    else if (S_ISDIR(st.st_mode))
        status = abn_fail_at(err, ABN_NO_INPUT, path, 0, 0, "is a folder (expected a file)");
    else if (S_ISREG(st.st_mode))
        status = map_plain(fd, path, (size_t)st.st_size, limit, &got, err);
    else if (found)
        status = abn_fail_at(err, ABN_NO_INPUT, path, 0, 0, "is no plain file");
    else
        status = read_pipe(fd, path, limit, &got, err);
    close(fd);
    if (status == ABN_OK && is_gzip(got.data, got.len)) {
        status = unpack(path, limit, &got, err);
        if (status != ABN_OK) abn_file_close(&got);
    }
    if (status == ABN_OK) *file = got;
    return status;
}

abn_status abn_file_open(const char *path, size_t limit, abn_file *file, abn_error *err)
{
    return open_file(path, false, limit, file, err);
}

abn_status abn_file_open_found(const char *path, size_t limit, abn_file *file, abn_error *err)
{
    return open_file(path, true, limit, file, err);
}

void abn_file_done(const abn_file *file, abn_slice part)
{
#ifdef MADV_DONTNEED
    long page = sysconf(_SC_PAGESIZE);
    if (!file->map || page <= 0) return;
    size_t size = (size_t)page, from = (size_t)(part.ptr - file->data), to = from + part.len;
    from = (from + size - 1) / size * size;
    to = to / size * size;
    if (from < to) (void)madvise((char *)file->map + from, to - from, MADV_DONTNEED);
#else
    (void)file;
    (void)part;
#endif
}

void abn_file_close(abn_file *file)
{
    if (!file) return;
    if (file->map) munmap(file->map, file->len);
    free(file->owned);
    *file = (abn_file){0};
}

/* ---- folders and paths ---- */

bool abn_is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool abn_is_file(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

bool abn_is_link(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

static bool has_suffix(const char *name, const char *suffix)
{
    size_t n = strlen(name), s = suffix ? strlen(suffix) : 0;
    return n > s && (s == 0 || memcmp(name + n - s, suffix, s) == 0);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool add_name(abn_names *names, size_t *cap, const char *name)
{
    if (names->count == *cap) {
        size_t more = *cap ? *cap * 2 : 64;
        char **grown = realloc(names->name, more * sizeof *grown);
        if (!grown) return false;
        names->name = grown;
        *cap = more;
    }
    names->name[names->count] = strdup(name);
    return names->name[names->count] && ++names->count;
}

abn_status abn_folder_list(const char *path, const char *suffix, abn_names *names, abn_error *err)
{
    DIR *dir = opendir(path);
    if (!dir) return fail_errno(err, ABN_NO_INPUT, path);
    abn_names found = {0};
    size_t cap = 0;
    abn_status status = ABN_OK;
    errno = 0;
    for (struct dirent *e; status == ABN_OK && (e = readdir(dir)) != NULL; errno = 0)
        if (e->d_name[0] != '.' && has_suffix(e->d_name, suffix) &&
            !add_name(&found, &cap, e->d_name))
            status = abn_fail_memory(err);
    if (status == ABN_OK && errno) status = fail_errno(err, ABN_NO_INPUT, path);
    closedir(dir);
    if (status != ABN_OK) {
        abn_names_free(&found);
        return status;
    }
    if (found.count) qsort(found.name, found.count, sizeof *found.name, by_bytes);
    *names = found;
    return ABN_OK;
}

void abn_names_free(abn_names *names)
{
    if (!names) return;
    for (size_t i = 0; i < names->count; i++)
        free(names->name[i]);
    free(names->name);
    *names = (abn_names){0};
}

abn_status abn_folder_make(const char *path, abn_error *err)
{
    char *copy = strdup(path);
    if (!copy) return abn_fail_memory(err);
    abn_status status = ABN_OK;
    for (char *p = copy; status == ABN_OK && *p; p++) {
        if (p[1] != '/' && p[1] != '\0') continue;
        char keep = p[1];
        p[1] = '\0';
        if (mkdir(copy, 0777) != 0 && !abn_is_folder(copy))
            status = fail_errno(err, ABN_SYSTEM, copy);
        p[1] = keep;
    }
    free(copy);
    return status;
}

abn_status abn_folder_lock(const char *path, int *lock, abn_error *err)
{
    char *name = abn_path_join(path, ".abnorm.lock");
    if (!name) return abn_fail_memory(err);
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    struct stat st;
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
    abn_status status = ABN_OK;
    if (fd < 0)
        status = fail_errno(err, ABN_SYSTEM, name);
    else if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        status = abn_fail_at(err, ABN_SYSTEM, name, 0, 0, "is no plain file");
    else if (fcntl(fd, F_SETLK, &whole) != 0)
        status =
            errno == EACCES || errno == EAGAIN
                ? abn_fail_at(err, ABN_TRY_LATER, path, 0, 0, "another run writes to this folder")
                : fail_errno(err, ABN_SYSTEM, name);
    if (status == ABN_OK)
        *lock = fd;
    else if (fd >= 0)
        close(fd);
    free(name);
    return status;
}

char *abn_path_join(const char *folder, const char *name)
{
    size_t n = strlen(folder), size = n + strlen(name) + 2;
    char *path = malloc(size);
    if (path) snprintf(path, size, "%s%s%s", folder, n && folder[n - 1] != '/' ? "/" : "", name);
    return path;
}

char *abn_path_stem(const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    size_t len = strlen(base);
    if (len > 3 && strcmp(base + len - 3, ".gz") == 0) len -= 3;
    for (size_t i = len; i > 1; i--)
        if (base[i - 1] == '.') {
            len = i - 1;
            break;
        }
    return abn_slice_dup((abn_slice){base, len});
}

/* ---- writing ---- */

/* Whole chunks at their own alignment cost the page cache least. */
enum { CHUNK = 1 << 17, MOST_RESERVED = 1 << 26 };

struct abn_output {
    char *path, *temporary;
    int fd;
    abn_lifetime lifetime;
    bool committed;
    char *held; /* a chunk that is not full yet */
    size_t n_held, written, reserved;
};

/* mkstemp() with the caller's umask, which cannot be asked for without changing it for all threads.
 * The last six letters of `path` are chosen; whatever has the name already is left alone. */
static int open_temporary(char *path)
{
    char *ending = path + strlen(path) - 6;
    uint64_t random = (uint64_t)(uintptr_t)path ^ (uint64_t)getpid() << 32;
    for (int tries = 0; tries < 100; tries++) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        random = (random ^ (uint64_t)now.tv_nsec ^ (uint64_t)now.tv_sec << 30) *
                 UINT64_C(0x9E3779B97F4A7C15);
        random ^= random >> 29;
        for (uint64_t i = 0, left = random >> 8; i < 6; i++, left /= 36)
            ending[i] = "abcdefghijklmnopqrstuvwxyz0123456789"[left % 36];
        int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (fd >= 0 || errno != EEXIST) return fd;
    }
    return -1;
}

abn_status abn_output_new(const char *path, abn_lifetime lifetime, abn_output **out, abn_error *err)
{
    size_t size = strlen(path) + 16;
    abn_output *o = calloc(1, sizeof *o);
    if (o) {
        o->fd = -1;
        o->lifetime = lifetime;
        o->path = strdup(path);
        o->temporary = malloc(size);
    }
    if (!o || !o->path || !o->temporary) {
        abn_output_free(o);
        return abn_fail_memory(err);
    }
    /* Hidden, so that what a killed run leaves is not taken for a result. */
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    snprintf(o->temporary, size, "%.*s.%s.XXXXXX", (int)(name - path), path, name);
    o->fd = open_temporary(o->temporary);
    if (o->fd < 0) {
        abn_status status = fail_errno(err, ABN_SYSTEM, path);
        free(o->temporary); /* it is not ours to remove */
        o->temporary = NULL;
        abn_output_free(o);
        return status;
    }
    *out = o;
    return ABN_OK;
}

/* Room on the disk ahead of what is written, ever more: blocks found once for all are cheaper than
 * one by one when the name is taken. A file system that cannot is left to find them itself. */
static void reserve(abn_output *out, size_t len)
{
#ifdef FALLOC_FL_KEEP_SIZE
    while (out->written + len > out->reserved && out->reserved != SIZE_MAX) {
        size_t more = out->reserved < CHUNK           ? CHUNK
                      : out->reserved < MOST_RESERVED ? out->reserved
                                                      : MOST_RESERVED;
        bool done = fallocate(out->fd, FALLOC_FL_KEEP_SIZE, (off_t)out->reserved, (off_t)more) == 0;
        out->reserved = done ? out->reserved + more : SIZE_MAX;
    }
#else
    (void)len;
    out->reserved = SIZE_MAX;
#endif
}

static abn_status put(abn_output *out, const char *p, size_t len, abn_error *err)
{
    while (len) {
        ssize_t done = write(out->fd, p, len);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return fail_errno(err, ABN_SYSTEM, out->path);
        p += done;
        len -= (size_t)done;
        out->written += (size_t)done;
    }
    return ABN_OK;
}

abn_status abn_output_write(abn_output *out, const void *data, size_t len, abn_error *err)
{
    const char *p = data;
    abn_status status = ABN_OK;
    while (len && status == ABN_OK) {
        bool whole = !out->n_held && len >= CHUNK;
        if (!whole && !out->held && !(out->held = malloc(CHUNK))) return abn_fail_memory(err);
        size_t room = CHUNK - out->n_held;
        size_t n = whole ? len - len % CHUNK : len < room ? len : room;
        if (!whole) memcpy(out->held + out->n_held, p, n);
        if (!whole) out->n_held += n;
        p += n;
        len -= n;
        if (!whole && out->n_held < CHUNK) break;
        reserve(out, whole ? n : CHUNK);
        status = whole ? put(out, p - n, n, err) : put(out, out->held, CHUNK, err);
        out->n_held = 0;
    }
    return status;
}

/* Write the last chunk, and give back what room is left over. */
static abn_status finish(abn_output *out, abn_error *err)
{
    abn_status status = put(out, out->held, out->n_held, err);
    out->n_held = 0;
    if (status != ABN_OK || out->reserved == SIZE_MAX || out->reserved <= out->written)
        return status;
    bool done = ftruncate(out->fd, (off_t)out->written) == 0;
    return done ? ABN_OK : fail_errno(err, ABN_SYSTEM, out->path);
}

abn_status abn_output_sync(abn_output *out, abn_error *err)
{
    if (out->fd < 0) return ABN_OK;
    abn_status status = finish(out, err);
    if (status == ABN_OK && out->lifetime == ABN_LASTING && fsync(out->fd) != 0)
        status = fail_errno(err, ABN_SYSTEM, out->path);
    bool closed = close(out->fd) == 0;
    out->fd = -1;
    return status != ABN_OK || closed ? status : fail_errno(err, ABN_SYSTEM, out->path);
}

abn_status abn_output_commit(abn_output *out, abn_error *err)
{
    abn_status status = abn_output_sync(out, err);
    if (status != ABN_OK) return status;
    if (rename(out->temporary, out->path) != 0) return fail_errno(err, ABN_SYSTEM, out->path);
    out->committed = true;
    return ABN_OK;
}

void abn_output_free(abn_output *out)
{
    if (!out) return;
    if (out->fd >= 0) close(out->fd);
    if (out->temporary && !out->committed) unlink(out->temporary);
    free(out->path);
    free(out->temporary);
    free(out->held);
    free(out);
}

abn_status abn_file_write(const char *path, const void *data, size_t len, abn_error *err)
{
    abn_output *out;
    abn_status status = abn_output_new(path, ABN_LASTING, &out, err);
    if (status != ABN_OK) return status;
    status = abn_output_write(out, data, len, err);
    if (status == ABN_OK) status = abn_output_commit(out, err);
    abn_output_free(out);
    return status;
}
