/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loops that are built twice and chosen by the processor at hand: four doubles at a time where it
 * can. Nothing is contracted or reordered, so the bits are the same. */
#ifndef ABN_STATS_WIDE_H
#define ABN_STATS_WIDE_H

#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__)
#define ABN_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define ABN_WIDE
#endif

#endif
