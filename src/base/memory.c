/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE /* madvise() */
#include <abnorm/memory.h>

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { LEAST = 1 << 20, LARGE_PAGE = 1 << 21 };

void *abn_columns_alloc(size_t size)
{
#ifdef MADV_HUGEPAGE
    if (size >= LEAST && size <= SIZE_MAX - LARGE_PAGE) {
        size_t whole = (size + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
        void *memory = aligned_alloc(LARGE_PAGE, whole);
        if (memory) (void)madvise(memory, whole, MADV_HUGEPAGE); /* a wish */
        return memory;
    }
#endif
    return malloc(size);
}
