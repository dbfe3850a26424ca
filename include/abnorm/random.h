/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counter-based random streams: any number of independent ones from one seed, in any order. */
#ifndef ABNORM_RANDOM_H
#define ABNORM_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Philox 4x32 with ten rounds (Salmon, Moraes, Dror, Shaw 2011). The seed is the key; stream and
 * index are the counter's upper words, so that two replicates never share a number. */
typedef struct abn_random {
    uint32_t key[2];
    uint32_t counter[4]; /* block, stream, index low, index high */
    unsigned used;       /* words taken of `word` */
    uint64_t word[16];
} abn_random;

/* Ten rounds on one block, for those who keep the counter themselves. */
void abn_random_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* Start stream (seed, stream, index): `stream` tells uses apart, `index` replicates. A stream holds
 * 2^33 words. */
void abn_random_start(abn_random *random, uint64_t seed, uint32_t stream, uint64_t index);

/* 64 random bits. */
uint64_t abn_random_word(abn_random *random);
/* Uniform on the open interval (0, 1), 52 bits. */
double abn_random_uniform(abn_random *random);
/* Uniform on 0 to n - 1, without bias; n must not be 0. */
uint32_t abn_random_below(abn_random *random, uint32_t n);
/* Standard normal by the ziggurat of 256 layers (Marsaglia, Tsang 2000; index and value from
 * separate bits, Doornik 2005). */
double abn_random_normal(abn_random *random);
/* Student's t with `df` > 0 degrees of freedom, not scaled (Bailey 1994). */
double abn_random_t(abn_random *random, double df);
/* Fill `out` with `n` standard normals. */
void abn_random_normals(abn_random *random, double *out, size_t n);

#endif
