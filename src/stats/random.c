/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ziggurat.h"
#include <abnorm/random.h>
#include <math.h>

enum { LANES = 8, WORDS = 2 * LANES };

#define MULTIPLIER_0 0xD2511F53u
#define MULTIPLIER_1 0xCD9E8D57u
#define WEYL_0       0x9E3779B9u
#define WEYL_1       0xBB67AE85u

void abn_random_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t a = counter[0], b = counter[1], c = counter[2], d = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++, k0 += WEYL_0, k1 += WEYL_1) {
        uint64_t p = (uint64_t)MULTIPLIER_0 * a, q = (uint64_t)MULTIPLIER_1 * c;
        a = (uint32_t)(q >> 32) ^ b ^ k0;
        c = (uint32_t)(p >> 32) ^ d ^ k1;
        b = (uint32_t)q;
        d = (uint32_t)p;
    }
    out[0] = a, out[1] = b, out[2] = c, out[3] = d;
}

/* Eight blocks at once, lane by lane, so that the compiler can use vector multiplies. */
static void refill(abn_random *random)
{
    uint32_t a[LANES], b[LANES], c[LANES], d[LANES];
    uint32_t k0 = random->key[0], k1 = random->key[1];
    for (uint32_t i = 0; i < LANES; i++) {
        a[i] = random->counter[0] + i, b[i] = random->counter[1];
        c[i] = random->counter[2], d[i] = random->counter[3];
    }
    for (int round = 0; round < 10; round++, k0 += WEYL_0, k1 += WEYL_1)
        for (int i = 0; i < LANES; i++) {
            uint64_t p = (uint64_t)MULTIPLIER_0 * a[i], q = (uint64_t)MULTIPLIER_1 * c[i];
            a[i] = (uint32_t)(q >> 32) ^ b[i] ^ k0;
            c[i] = (uint32_t)(p >> 32) ^ d[i] ^ k1;
            b[i] = (uint32_t)q;
            d[i] = (uint32_t)p;
        }
    for (int i = 0; i < LANES; i++) {
        random->word[2 * i] = a[i] | (uint64_t)b[i] << 32;
        random->word[2 * i + 1] = c[i] | (uint64_t)d[i] << 32;
    }
    random->counter[0] += LANES;
    random->used = 0;
}

void abn_random_start(abn_random *random, uint64_t seed, uint32_t stream, uint64_t index)
{
    random->key[0] = (uint32_t)seed, random->key[1] = (uint32_t)(seed >> 32);
    random->counter[0] = 0, random->counter[1] = stream;
    random->counter[2] = (uint32_t)index, random->counter[3] = (uint32_t)(index >> 32);
    random->used = WORDS;
}

uint64_t abn_random_word(abn_random *random)
{
    if (random->used == WORDS) refill(random);
    return random->word[random->used++];
}

double abn_random_uniform(abn_random *random)
{
    return ((double)(abn_random_word(random) >> 12) + .5) * 0x1p-52;
}

uint32_t abn_random_below(abn_random *random, uint32_t n)
{
    /* The high half of a product is uniform once the few low halves that would come once too often
     * are drawn again (Lemire 2019). */
    uint64_t product = (abn_random_word(random) >> 32) * n;
    if ((uint32_t)product < n) {
        uint32_t least = -n % n;
        while ((uint32_t)product < least)
            product = (abn_random_word(random) >> 32) * n;
    }
    return (uint32_t)(product >> 32);
}

/* Beyond the last edge r: Marsaglia's 1964 method. */
static double tail(abn_random *random)
{
    const double r = abn_ziggurat_edge[1];
    for (;;) {
        double x = -log(abn_random_uniform(random)) / r, y = -log(abn_random_uniform(random));
        if (2 * y > x * x) return r + x;
    }
}

/* The rare rest of a draw: the tail, or the wedge between two layers. False: draw again. */
static int settle(abn_random *random, unsigned layer, double *x)
{
    const double *edge = abn_ziggurat_edge;
    if (layer == 0) {
        *x = copysign(tail(random), *x);
        return 1;
    }
    double low = exp(-.5 * edge[layer] * edge[layer]);
    double high = exp(-.5 * edge[layer + 1] * edge[layer + 1]);
    return low + abn_random_uniform(random) * (high - low) < exp(-.5 * *x * *x);
}

double abn_random_normal(abn_random *random)
{
    for (;;) {
        uint64_t word = abn_random_word(random);
        unsigned layer = word & 255;
        double x = ((double)((int64_t)word >> 11) + .5) * 0x1p-52 * abn_ziggurat_edge[layer];
        if (fabs(x) < abn_ziggurat_edge[layer + 1] || settle(random, layer, &x)) return x;
    }
}

void abn_random_normals(abn_random *random, double *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = abn_random_normal(random);
}

double abn_random_t(abn_random *random, double df)
{
    double u, w;
    do {
        u = 2 * abn_random_uniform(random) - 1;
        double v = 2 * abn_random_uniform(random) - 1;
        w = u * u + v * v;
    } while (w > 1 || w == 0);
    double power = df == 4 ? 1 / sqrt(w) : pow(w, -2 / df);
    return u * sqrt(df * (power - 1) / w);
}
