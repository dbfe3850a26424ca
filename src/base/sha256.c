/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FIPS 180-4. */
#include <abnorm/sha256.h>

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER = 1 << 18 }; /* whole blocks, a share of the second cache */

static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotate(uint32_t x, int n)
{
    return x >> n | x << (32 - n);
}

static void schedule(const unsigned char *block, uint32_t w[64])
{
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
               (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
}

static void compress_plainly(uint32_t h[8], const unsigned char *block)
{
    uint32_t w[64];
    uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], last = h[7];
    schedule(block, w);
    for (int i = 0; i < 64; i++) {
        uint32_t s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
        uint32_t t1 = last + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i];
        uint32_t s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
        uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
        last = g, g = f, f = e, e = d + t1;
        d = c, c = b, b = a, a = t1 + t2;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d;
    h[4] += e, h[5] += f, h[6] += g, h[7] += last;
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <cpuid.h>
#include <immintrin.h>

static bool has_instructions(void)
{
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSE4_1) || !(c & bit_SSSE3)) return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

/* Asked once: each question takes tens of microseconds in a virtual machine. */
static bool is_quick(void)
{
    static atomic_int known; /* 1: no, 2: yes */
    int now = atomic_load_explicit(&known, memory_order_relaxed);
    if (!now) atomic_store(&known, now = has_instructions() ? 2 : 1);
    return now == 2;
}

/* The processor keeps the state as ABEF and CDGH, and makes two rounds at a time. */
__attribute__((target("sha,sse4.1,ssse3"))) static void
compress_quickly(uint32_t h[8], const unsigned char *p, size_t blocks)
{
    const __m128i flip = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i abcd = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)h), 0xb1);
    __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)(h + 4)), 0x1b);
    __m128i abef = _mm_alignr_epi8(abcd, efgh, 8), cdgh = _mm_blend_epi16(efgh, abcd, 0xf0);
    for (; blocks > 0; blocks--, p += 64) {
        __m128i was_abef = abef, was_cdgh = cdgh, w[4];
#pragma GCC unroll 16
        for (int r = 0; r < 16; r++) {
            __m128i *now = w + r % 4, next = w[(r + 1) % 4], before = w[(r + 3) % 4];
            if (r < 4) {
                __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * r));
                *now = _mm_shuffle_epi8(bytes, flip);
            } else {
                __m128i middle = _mm_alignr_epi8(before, w[(r + 2) % 4], 4);
                *now = _mm_add_epi32(_mm_sha256msg1_epu32(*now, next), middle);
                *now = _mm_sha256msg2_epu32(*now, before);
            }
            __m128i k =
                _mm_add_epi32(*now, _mm_loadu_si128((const __m128i *)(const void *)(K + 4 * r)));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, k);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(k, 0x0e));
        }
        abef = _mm_add_epi32(abef, was_abef);
        cdgh = _mm_add_epi32(cdgh, was_cdgh);
    }
    __m128i feba = _mm_shuffle_epi32(abef, 0x1b), dchg = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)(void *)h, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128((__m128i *)(void *)(h + 4), _mm_alignr_epi8(dchg, feba, 8));
}

static void compress(uint32_t h[8], const unsigned char *p, size_t blocks)
{
    if (is_quick()) {
        compress_quickly(h, p, blocks);
        return;
    }
    for (size_t i = 0; i < blocks; i++)
        compress_plainly(h, p + 64 * i);
}
#else
static void compress(uint32_t h[8], const unsigned char *p, size_t blocks)
{
    for (size_t i = 0; i < blocks; i++)
        compress_plainly(h, p + 64 * i);
}
#endif

static const uint32_t first_state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

/* The last bytes, fewer than a block, of `len` in all. */
static void finish(uint32_t h[8], const unsigned char *rest, size_t len, char hex[ABN_SHA256_HEX])
{
    unsigned char tail[128] = {0};
    size_t left = len % 64;
    if (left) memcpy(tail, rest, left);
    tail[left] = 0x80;
    size_t size = left < 56 ? 64 : 128;
    uint64_t bits = (uint64_t)len * 8;
    for (size_t i = 0; i < 8; i++)
        tail[size - 1 - i] = (unsigned char)(bits >> (8 * i));
    compress(h, tail, size / 64);
    for (int i = 0; i < 8; i++)
        snprintf(hex + 8 * i, 9, "%08x", (unsigned)h[i]);
}

void abn_sha256(const void *data, size_t len, char hex[ABN_SHA256_HEX])
{
    uint32_t h[8];
    const unsigned char *p = data;
    memcpy(h, first_state, sizeof h);
    compress(h, p, len / 64);
    finish(h, len ? p + len / 64 * 64 : p, len, hex);
}

/* As much as fits, or what is left of the file; false when it cannot be read. */
static bool read_whole(int fd, unsigned char *buffer, size_t *len)
{
    *len = 0;
    while (*len < BUFFER) {
        ssize_t got = read(fd, buffer + *len, BUFFER - *len);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return false;
        if (got == 0) break;
        *len += (size_t)got;
    }
    return true;
}

static bool hash_file(int fd, char hex[ABN_SHA256_HEX], size_t *bytes)
{
    unsigned char *buffer = malloc(BUFFER);
    uint32_t h[8];
    size_t len = BUFFER, all = 0;
    bool fine = buffer != NULL;
    memcpy(h, first_state, sizeof h);
    while (fine && len == BUFFER) {
        fine = read_whole(fd, buffer, &len);
        all += fine ? len : 0;
        if (fine) compress(h, buffer, len / 64);
    }
    if (fine) finish(h, buffer + len / 64 * 64, all, hex);
    if (fine) *bytes = all;
    free(buffer);
    return fine;
}

/* Not abn_file_open(): that unpacks gzip, and provenance is of the file. Read, not mapped: each
 * page is seen once. */
abn_status abn_sha256_file(const char *path, char hex[ABN_SHA256_HEX], size_t *bytes,
                           abn_error *err)
{
    struct stat st;
    errno = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool known = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    bool done = known && hash_file(fd, hex, bytes);
    int why = errno;
    if (fd >= 0) close(fd);
    if (done) return ABN_OK;
    if (why == ENOMEM) return abn_fail_memory(err);
    return abn_fail_at(err, ABN_NO_INPUT, path, 0, 0, "%s",
                       why ? strerror(why) : "is no plain file");
}
