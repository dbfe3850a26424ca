/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "order.h"

#include <stdlib.h>
#include <string.h>

/* By one byte of the key, which stands `shift` bits up. */
static void pass(const abn_ordered *from, size_t n, int shift, abn_ordered *to)
{
    size_t at[256] = {0}, before = 0;
    for (size_t i = 0; i < n; i++)
        at[from[i].key >> shift & 255]++;
    for (size_t b = 0; b < 256; b++) {
        size_t count = at[b];
        at[b] = before;
        before += count;
    }
    for (size_t i = 0; i < n; i++)
        to[at[from[i].key >> shift & 255]++] = from[i];
}

/* From the last byte to the first; those that all keys share are passed over. */
bool abn_order(abn_ordered *all, size_t n)
{
    uint64_t differ = 0;
    for (size_t i = 1; i < n; i++)
        differ |= all[i].key ^ all[0].key;
    abn_ordered *other = malloc((n + 1) * sizeof *other), *from = all, *to = other;
    if (!other) return false;
    for (int shift = 0; shift < 64; shift += 8) {
        if (!(differ >> shift & 255)) continue;
        pass(from, n, shift, to);
        abn_ordered *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != all) memcpy(all, from, n * sizeof *all);
    free(other);
    return true;
}
