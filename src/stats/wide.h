/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loops over four doubles at a time. */
#ifndef ABN_STATS_WIDE_H
#define ABN_STATS_WIDE_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A function that is built twice and chosen by the processor at hand: with instructions for four
 * doubles where it has them. Nothing is contracted or reordered, so the bits are the same. */
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__)
#define ABN_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define ABN_WIDE
#endif

/* Vectors are passed between inlined functions only, so no two parts of the program need agree on
 * how (the Makefile's -Wno-psabi). */
#define ABN_INLINE static inline __attribute__((always_inline))

/* Four side by side on every processor, so that a sum over them has one order. */
enum { ABN_LANES = 4 };
typedef double abn_four __attribute__((vector_size(32)));
typedef int64_t abn_four_bits __attribute__((vector_size(32)));

ABN_INLINE abn_four abn_load(const double *v)
{
    abn_four out;
    memcpy(&out, v, sizeof out);
    return out;
}

/* The first n < 4, then `rest`. */
ABN_INLINE abn_four abn_load_tail(const double *v, size_t n, double rest)
{
    abn_four out = {rest, rest, rest, rest};
    for (size_t l = 0; l < n; l++)
        out[l] = v[l];
    return out;
}

/* The first n of four, at most all. */
ABN_INLINE void abn_store(double *to, abn_four v, size_t n)
{
    if (n >= ABN_LANES)
        memcpy(to, &v, sizeof v);
    else
        for (size_t l = 0; l < n; l++)
            to[l] = v[l];
}

/* `v` where the bits are set, else 0. */
ABN_INLINE abn_four abn_keep(abn_four_bits where, abn_four v)
{
    return (abn_four)((abn_four_bits)v & where);
}

/* 1 where the bits are set, else 0. */
ABN_INLINE abn_four abn_ones(abn_four_bits where)
{
    return abn_keep(where, (abn_four){1, 1, 1, 1});
}

ABN_INLINE double abn_total(abn_four v)
{
    return (v[0] + v[1]) + (v[2] + v[3]);
}

/* For `t` in steps of four over n values, the last step with fewer; `FOUR(v, rest)` loads from `v`
 * at `t`. */
#define ABN_FOURS(t, n) for (size_t t = 0, abn_end = (n); t < abn_end; t += ABN_LANES)
#define ABN_FOUR(v, rest) \
    (abn_end - t >= ABN_LANES ? abn_load((v) + t) : abn_load_tail((v) + t, abn_end - t, rest))

#endif
