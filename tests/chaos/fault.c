/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A preload library that makes the n-th call of a kind fail.
 *
 * ABN_FAULT=KIND:N       the N-th call of KIND fails once (malloc, open, read, write, fsync,
 * rename, mmap, full) ABN_FAULT=KIND:0       nothing fails, and ABN_FAULT_COUNT names a file that
 * gets the number of calls
 *
 * "full" is a disk that stays full: from the N-th write on, every write fails with ENOSPC. Only
 * calls of the program and of the libraries it stands on count: the loader's, libc's own and the
 * OpenMP runtime's (which ends the process when memory is short, as it documents) are left alone.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

enum kind { NONE, MALLOC, OPEN, READ, WRITE, FSYNC, RENAME, MMAP, FULL };
static const char *const names[] = {"none",  "malloc", "open", "read", "write",
                                    "fsync", "rename", "mmap", "full"};

static enum kind chosen;
static long at;
static atomic_long count;
static _Thread_local int inside;

static void report(void)
{
    const char *path = getenv("ABN_FAULT_COUNT");
    char text[32];
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666) : -1;
    int n = snprintf(text, sizeof text, "%ld\n", atomic_load(&count));
    if (fd >= 0) {
        ssize_t put = write(fd, text, (size_t)n);
        (void)put;
        close(fd);
    }
}

__attribute__((constructor)) static void start(void)
{
    const char *asked = getenv("ABN_FAULT");
    const char *colon = asked ? strchr(asked, ':') : NULL;
    if (!colon) return;
    at = strtol(colon + 1, NULL, 10);
    if (at == 0) atexit(report);
    for (int k = MALLOC; k <= FULL; k++)
        if (strlen(names[k]) == (size_t)(colon - asked) &&
            strncmp(asked, names[k], (size_t)(colon - asked)) == 0)
            chosen = (enum kind)k;
}

static int counts(void *caller)
{
    Dl_info info;
    if (inside) return 0;
    inside = 1;
    int known = dladdr(caller, &info) && info.dli_fname;
    const char *file = known ? info.dli_fname : "";
    int left_alone = !known || strstr(file, "/libc.so") || strstr(file, "ld-linux") ||
                     strstr(file, "libgomp") || strstr(file, "fault.so");
    inside = 0;
    return !left_alone;
}

static int fails(enum kind kind, void *caller)
{
    if (chosen != kind) return 0;
    if (kind != FULL && at && atomic_load(&count) >= at) return 0; /* it has failed */
    if (!counts(caller)) return 0;
    long n = atomic_fetch_add(&count, 1) + 1;
    return kind == FULL ? at && n >= at : n == at;
}

#define CALLER __builtin_return_address(0)
/* The next definition of a function in the order of libraries. */
#define NEXT(type, name)                    \
    static type *next;                      \
    if (!next) {                            \
        union {                             \
            void *object;                   \
            type *function;                 \
        } found = {dlsym(RTLD_NEXT, name)}; \
        next = found.function;              \
    }

typedef int open_function(const char *, int, ...);
typedef ssize_t read_function(int, void *, size_t);
typedef ssize_t write_function(int, const void *, size_t);
typedef int fsync_function(int);
typedef int rename_function(const char *, const char *);
typedef void *mmap_function(void *, size_t, int, int, int, off_t);

void *malloc(size_t size)
{
    if (fails(MALLOC, CALLER)) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    if (fails(MALLOC, CALLER)) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
    if (fails(MALLOC, CALLER)) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_realloc(old, size);
}

int open(const char *path, int flags, ...)
{
    NEXT(open_function, "open")
    va_list args;
    va_start(args, flags);
    int mode = flags & O_CREAT ? va_arg(args, int) : 0;
    va_end(args);
    if (fails(OPEN, CALLER)) {
        errno = EMFILE;
        return -1;
    }
    return next(path, flags, mode);
}

ssize_t read(int fd, void *data, size_t size)
{
    NEXT(read_function, "read")
    if (fails(READ, CALLER)) {
        errno = EIO;
        return -1;
    }
    return next(fd, data, size);
}

ssize_t write(int fd, const void *data, size_t size)
{
    NEXT(write_function, "write")
    if (fails(WRITE, CALLER)) {
        errno = EIO;
        return -1;
    }
    if (fd > 2 && fails(FULL, CALLER)) {
        errno = ENOSPC;
        return -1;
    }
    return next(fd, data, size);
}

int fsync(int fd)
{
    NEXT(fsync_function, "fsync")
    if (fails(FSYNC, CALLER)) {
        errno = EIO;
        return -1;
    }
    return next(fd);
}

int rename(const char *from, const char *to)
{
    NEXT(rename_function, "rename")
    if (fails(RENAME, CALLER)) {
        errno = EIO;
        return -1;
    }
    return next(from, to);
}

void *mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset)
{
    NEXT(mmap_function, "mmap")
    if (fd >= 0 && fails(MMAP, CALLER)) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return next(address, size, protection, flags, fd, offset);
}
