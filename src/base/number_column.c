/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of doubles as "%.<digits>g" prints them; ten digits, which tables have by default, four
 * numbers at a time where the processor can.
 *
 * A value times a power of ten that is exact in a double is exactly the sum of two doubles, the
 * product as it is rounded and what a fused multiplication finds missing; so the integer of the
 * digits wanted can be rounded from them as printf rounds. Digits, point, sign and leading zeros
 * are then put in place by one shuffle. What is out of this range goes to abn_number_print(). */
#include <abnorm/number.h>

#include <stdbool.h>
#include <string.h>

static void print_one(double value, int digits, abn_number_cell *out)
{
    char text[ABN_NUMBER_MAX];
    size_t len = abn_number_print(text, value, digits);
    memcpy(out->text, text, len);
    out->len = (unsigned char)len;
}

static double value_at(const char *first, size_t stride, size_t i)
{
    double value;
    memcpy(&value, first + i * stride, sizeof value);
    return value;
}

static void print_each(const char *first, size_t stride, size_t n, int digits, abn_number_cell *out)
{
    for (size_t i = 0; i < n; i++)
        print_one(value_at(first, stride, i), digits, out + i);
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define WIDE __attribute__((target("avx2,fma")))

enum { MOST_DIGITS = 10, LEAST_POWER = -4, MOST_POWER = MOST_DIGITS - 1 };
enum { POWERS = MOST_POWER - LEAST_POWER + 1 };

/* 10^-4 to 10^10: those below 1 are the doubles next to them. A value that is one of these is
 * rounded to the same digits, whichever side of the power it lies on. */
static const double ten_to[] = {1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 1e3,
                                1e4,  1e5,  1e6,  1e7,  1e8, 1e9, 1e10};
/* 10^0 to 10^14, all exact. */
static const double scale[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6, 1e7,
                               1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14};

/* Where each byte of a text comes from: sixteen bytes of which the first ten are digits, then a
 * zero, a point and a minus. By sign and power of ten. */
enum { ZERO = 10, POINT = 11, MINUS = 12 };
#define Z ZERO
#define P POINT
#define M MINUS
static const unsigned char order[2][POWERS][16] = {
    {{Z, P, Z, Z, Z, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, Z},
     {Z, P, Z, Z, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, Z, Z},
     {Z, P, Z, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, Z, Z, Z},
     {Z, P, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, Z, Z, Z, Z},
     {0, P, 1, 2, 3, 4, 5, 6, 7, 8, 9, Z, Z, Z, Z, Z},
     {0, 1, P, 2, 3, 4, 5, 6, 7, 8, 9, Z, Z, Z, Z, Z},
     {0, 1, 2, P, 3, 4, 5, 6, 7, 8, 9, Z, Z, Z, Z, Z},
     {0, 1, 2, 3, P, 4, 5, 6, 7, 8, 9, Z, Z, Z, Z, Z},
     {0, 1, 2, 3, 4, P, 5, 6, 7, 8, 9, Z, Z, Z, Z, Z},
     {0, 1, 2, 3, 4, 5, P, 6, 7, 8, 9, Z, Z, Z, Z, Z},
     {0, 1, 2, 3, 4, 5, 6, P, 7, 8, 9, Z, Z, Z, Z, Z},
     {0, 1, 2, 3, 4, 5, 6, 7, P, 8, 9, Z, Z, Z, Z, Z},
     {0, 1, 2, 3, 4, 5, 6, 7, 8, P, 9, Z, Z, Z, Z, Z},
     {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, Z, Z, Z, Z, Z, Z}},
    {{M, Z, P, Z, Z, Z, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
     {M, Z, P, Z, Z, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, Z},
     {M, Z, P, Z, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, Z, Z},
     {M, Z, P, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, Z, Z, Z},
     {M, 0, P, 1, 2, 3, 4, 5, 6, 7, 8, 9, Z, Z, Z, Z},
     {M, 0, 1, P, 2, 3, 4, 5, 6, 7, 8, 9, Z, Z, Z, Z},
     {M, 0, 1, 2, P, 3, 4, 5, 6, 7, 8, 9, Z, Z, Z, Z},
     {M, 0, 1, 2, 3, P, 4, 5, 6, 7, 8, 9, Z, Z, Z, Z},
     {M, 0, 1, 2, 3, 4, P, 5, 6, 7, 8, 9, Z, Z, Z, Z},
     {M, 0, 1, 2, 3, 4, 5, P, 6, 7, 8, 9, Z, Z, Z, Z},
     {M, 0, 1, 2, 3, 4, 5, 6, P, 7, 8, 9, Z, Z, Z, Z},
     {M, 0, 1, 2, 3, 4, 5, 6, 7, P, 8, 9, Z, Z, Z, Z},
     {M, 0, 1, 2, 3, 4, 5, 6, 7, 8, P, 9, Z, Z, Z, Z},
     {M, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, Z, Z, Z, Z, Z}}};
#undef Z
#undef P
#undef M

/* Looked up once, before main(): to ask the processor takes microseconds in a virtual machine. */
static bool can_print_wide(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

/* Each lane's number below 10^8 as eight digits, the first in the lowest byte. */
WIDE static inline __m256i eight_digits(__m256i x)
{
    /* x / 10000 by 2^45 / 10000 rounded up: exact below 10^8. */
    __m256i high = _mm256_srli_epi64(_mm256_mul_epu32(x, _mm256_set1_epi64x(3518437209)), 45);
    __m256i low = _mm256_sub_epi64(x, _mm256_mul_epu32(high, _mm256_set1_epi64x(10000)));
    x = _mm256_or_si256(high, _mm256_slli_epi64(low, 32)); /* four digits in each 32 bits */
    high = _mm256_srli_epi32(_mm256_mullo_epi32(x, _mm256_set1_epi32(5243)), 19);
    low = _mm256_sub_epi32(x, _mm256_mullo_epi32(high, _mm256_set1_epi32(100)));
    x = _mm256_or_si256(high, _mm256_slli_epi32(low, 16)); /* two in each 16 */
    high = _mm256_srli_epi16(_mm256_mullo_epi16(x, _mm256_set1_epi16(103)), 10);
    low = _mm256_sub_epi16(x, _mm256_mullo_epi16(high, _mm256_set1_epi16(10)));
    return _mm256_or_si256(high, _mm256_slli_epi16(low, 8));
}

typedef struct four {
    uint64_t text[4][2]; /* ten digits, then what `order` calls ZERO, POINT and MINUS */
    int64_t power[4];    /* of ten, of the first digit */
} four;

/* The power of ten of each value's first digit. */
WIDE static inline __m256i find_powers(__m256d value)
{
    /* floor(log10(2^e)) = e * 1233 >> 12, which may be one too low for the value. */
    __m256i e = _mm256_add_epi64(_mm256_srli_epi64(_mm256_castpd_si256(value), 52),
                                 _mm256_set1_epi64x(4096 - 1023));
    __m256i guess = _mm256_srli_epi64(_mm256_mul_epu32(e, _mm256_set1_epi64x(1233)), 12);
    __m256i next = _mm256_sub_epi64(guess, _mm256_set1_epi64x(1233 - 1 + LEAST_POWER));
    __m256d bound = _mm256_i64gather_pd(ten_to, next, 8);
    __m256i above = _mm256_castpd_si256(_mm256_cmp_pd(value, bound, _CMP_GE_OQ));
    return _mm256_add_epi64(_mm256_sub_epi64(next, above), _mm256_set1_epi64x(LEAST_POWER - 1));
}

/* value * 10^(9 - power) as an integer, half to even. */
WIDE static inline __m256d round_scaled(__m256d value, __m256i power)
{
    const __m256d half = _mm256_set1_pd(.5), zero = _mm256_setzero_pd(), one = _mm256_set1_pd(1);
    __m256d by =
        _mm256_i64gather_pd(scale, _mm256_sub_epi64(_mm256_set1_epi64x(MOST_POWER), power), 8);
    __m256d product = _mm256_mul_pd(value, by), missing = _mm256_fmsub_pd(value, by, product);
    __m256d whole = _mm256_round_pd(product, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    /* Below a half no double's worth can be missing up to it; at a half what is missing decides. */
    __m256d over = _mm256_sub_pd(product, whole);
    __m256d up = _mm256_and_pd(_mm256_cmp_pd(over, half, _CMP_EQ_OQ),
                               _mm256_cmp_pd(missing, zero, _CMP_GT_OQ));
    __m256d down = _mm256_and_pd(_mm256_cmp_pd(_mm256_add_pd(over, half), zero, _CMP_EQ_OQ),
                                 _mm256_cmp_pd(missing, zero, _CMP_LT_OQ));
    whole = _mm256_add_pd(whole, _mm256_and_pd(up, one));
    return _mm256_sub_pd(whole, _mm256_and_pd(down, one));
}

/* Whole numbers below 2^52. */
WIDE static inline __m256i to_integers(__m256d whole)
{
    const __m256d magic = _mm256_set1_pd(0x1p52);
    return _mm256_xor_si256(_mm256_castpd_si256(_mm256_add_pd(whole, magic)),
                            _mm256_castpd_si256(magic));
}

/* Values from 10^-4 to just below 10^10. */
WIDE static inline void split(__m256d value, four *out)
{
    __m256i power = find_powers(value);
    __m256d whole = round_scaled(value, power);
    __m256d carry = _mm256_cmp_pd(whole, _mm256_set1_pd(1e10), _CMP_EQ_OQ);
    whole = _mm256_blendv_pd(whole, _mm256_set1_pd(1e9), carry);
    power = _mm256_sub_epi64(power, _mm256_castpd_si256(carry));
    __m256d top = _mm256_floor_pd(_mm256_mul_pd(whole, _mm256_set1_pd(.01)));
    __m256d rest = _mm256_sub_pd(whole, _mm256_mul_pd(top, _mm256_set1_pd(100)));
    __m256i first = eight_digits(to_integers(top)), last = to_integers(rest);
    __m256i tens = _mm256_srli_epi64(_mm256_mul_epu32(last, _mm256_set1_epi64x(103)), 10);
    __m256i ones = _mm256_sub_epi64(last, _mm256_mul_epu32(tens, _mm256_set1_epi64x(10)));
    last = _mm256_or_si256(tens, _mm256_slli_epi64(ones, 8));
    first = _mm256_or_si256(first, _mm256_set1_epi8('0'));
    last = _mm256_or_si256(last, _mm256_set1_epi64x(0x3030302d2e303030)); /* "000.-000" */
    __m256i even = _mm256_unpacklo_epi64(first, last), odd = _mm256_unpackhi_epi64(first, last);
    __m256i *to = (__m256i *)(void *)out->text;
    _mm256_storeu_si256(to, _mm256_permute2x128_si256(even, odd, 0x20));
    _mm256_storeu_si256(to + 1, _mm256_permute2x128_si256(even, odd, 0x31));
    _mm256_storeu_si256((__m256i *)(void *)out->power, power);
}

WIDE static inline void put_in_order(const uint64_t text[2], int power, bool negative,
                                     abn_number_cell *out)
{
    __m128i digits = _mm_loadu_si128((const __m128i *)(const void *)text);
    __m128i row =
        _mm_loadu_si128((const __m128i *)(const void *)order[negative][power - LEAST_POWER]);
    unsigned zeros = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(digits, _mm_set1_epi8('0')));
    int count = 32 - __builtin_clz(~zeros & 0x3ff), whole = power + 1; /* the first is no zero */
    int len = whole <= 0 ? count + 2 - whole : count > whole ? count + 1 : whole;
    _mm_storeu_si128((__m128i *)(void *)out->text, _mm_shuffle_epi8(digits, row));
    out->len = (unsigned char)(len + negative);
}

WIDE static void print_wide(const char *first, size_t stride, size_t n, abn_number_cell *out)
{
    for (size_t i = 0; i + 4 <= n; i += 4, first += 4 * stride, out += 4) {
        __m256d value = _mm256_set_pd(value_at(first, stride, 3), value_at(first, stride, 2),
                                      value_at(first, stride, 1), value_at(first, stride, 0));
        __m256d size = _mm256_andnot_pd(_mm256_set1_pd(-0.0), value);
        __m256d in = _mm256_and_pd(_mm256_cmp_pd(size, _mm256_set1_pd(1e-4), _CMP_GE_OQ),
                                   _mm256_cmp_pd(size, _mm256_set1_pd(9.9e9), _CMP_LT_OQ));
        int good = _mm256_movemask_pd(in), negative = _mm256_movemask_pd(value);
        four f;
        split(_mm256_blendv_pd(_mm256_set1_pd(1), size, in), &f);
        for (int k = 0; k < 4; k++)
            put_in_order(f.text[k], (int)f.power[k], negative >> k & 1, out + k);
        for (int k = 0; good != 15 && k < 4; k++)
            if (!(good >> k & 1))
                print_one(value_at(first, stride, (size_t)k), MOST_DIGITS, out + k);
    }
    print_each(first, stride, n % 4, MOST_DIGITS, out);
}
#endif

void abn_numbers_print(const void *first, size_t stride, size_t n, int digits, abn_number_cell *out)
{
#if defined(__x86_64__) && defined(__GNUC__)
    if (digits == MOST_DIGITS && can_print_wide()) {
        print_wide(first, stride, n, out);
        return;
    }
#endif
    print_each(first, stride, n, digits, out);
}
