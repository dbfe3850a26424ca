/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sorting values beside their places, for ranks. */
#ifndef ABN_STATS_RANK_H
#define ABN_STATS_RANK_H

#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

typedef struct abn_ranked {
    double value;
    uint32_t at;
    uint32_t bin; /* the sort's own */
} abn_ranked;

/* Fill `out` with the values that are not NaN and their places, in ascending order of value (of
 * place where values are equal); returns how many. `spare` has room for n too. Linear for values
 * that spread like returns: they are dealt into bins by size first. */
size_t abn_rank_sort(const double *v, size_t n, abn_ranked *out, abn_ranked *spare);

/* Mid-ranks from 1 of n values, NaN for NaN; returns how many were ranked. `work` has 2 n rows. */
size_t abn_rank_mid(const double *v, size_t n, double *rank, abn_ranked *work);

#pragma GCC visibility pop

#endif
