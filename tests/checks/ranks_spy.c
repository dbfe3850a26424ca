/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preloaded into each process of a study: $OPENED.RANK gets the names of the files that it opens;
 * and of rank $FAILS the $FAIL_AT-th piece of memory fails that the program itself asks for after
 * it has opened a file of quotes. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

static uintptr_t from, to; /* of the program's code */
static atomic_long left = -1;
static long fail_at = -1;

static const char *own_rank(void)
{
    const char *rank = getenv("PMI_RANK");
    return rank ? rank : getenv("OMPI_COMM_WORLD_RANK");
}

static int find_program(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size;
    (void)unused;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = info->dlpi_phdr + i;
        if (p->p_type != PT_LOAD || !(p->p_flags & PF_X)) continue;
        from = info->dlpi_addr + p->p_vaddr;
        to = from + p->p_memsz;
    }
    return 1; /* the program comes first */
}

__attribute__((constructor)) static void start(void)
{
    const char *fails = getenv("FAILS"), *rank = own_rank();
    dl_iterate_phdr(find_program, NULL);
    if (fails && rank && strcmp(fails, rank) == 0) fail_at = strtol(getenv("FAIL_AT"), NULL, 10);
}

static void put_line(const char *variable, const char *line)
{
    const char *name = getenv(variable), *rank = own_rank();
    char own[4096];
    if (!name || !rank) return;
    snprintf(own, sizeof own, "%s.%s", name, rank);
    FILE *out = fopen(own, "ae");
    if (!out) return;
    fprintf(out, "%s\n", line);
    fclose(out);
}

static void tell(const char *path)
{
    static atomic_bool told;
    char pid[24];
    if (!strstr(path, "quotes/")) return;
    if (fail_at >= 0 && atomic_load(&left) < 0) atomic_store(&left, fail_at);
    put_line("OPENED", path);
    snprintf(pid, sizeof pid, "%ld", (long)getpid());
    if (!atomic_exchange(&told, true)) put_line("PIDS", pid);
}

int open(const char *path, int flags, ...)
{
    static int (*next)(const char *, int, ...);
    va_list args;
    va_start(args, flags);
    mode_t mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
    va_end(args);
    if (!next) next = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
    tell(path);
    return next(path, flags, mode);
}

static bool fails(const void *caller)
{
    uintptr_t at = (uintptr_t)caller;
    if (atomic_load(&left) <= 0 || at < from || at >= to) return false;
    if (atomic_fetch_sub(&left, 1) != 1) return false;
    atomic_store(&left, 0);
    errno = ENOMEM;
    return true;
}

void *malloc(size_t n)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t n)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(old, n);
}
