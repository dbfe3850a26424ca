/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Doubles as "%.<digits>g" prints them, most of them without printf: the value times a power of ten
 * from the table, in 192 bits, of which the integer part is the digits wanted. Where the bits that
 * were cut off the power could change the rounding, printf decides. */
#include "number_powers.h"
#include <abnorm/number.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

__extension__ typedef unsigned __int128 wide;

static const uint64_t power_of_ten[] = {1,
                                        10,
                                        100,
                                        1000,
                                        10000,
                                        100000,
                                        1000000,
                                        10000000,
                                        100000000,
                                        1000000000,
                                        10000000000,
                                        100000000000,
                                        1000000000000,
                                        10000000000000,
                                        100000000000000,
                                        1000000000000000,
                                        10000000000000000,
                                        100000000000000000};

static size_t print_slowly(char *out, double value, int digits)
{
    int len = snprintf(out, ABN_NUMBER_MAX, "%.*g", digits, value);
    const char *point = localeconv()->decimal_point;
    if (point[0] != '.') {
        char *at = memchr(out, point[0], (size_t)len);
        if (at) *at = '.';
    }
    return (size_t)len;
}

/* mantissa (top bit set) times 2^exponent times 10^q, rounded half to even; false when it is not
 * certain, or does not fit. 5^q is power * 2^(floor(log2 5^q) - 127), exact for 0 <= q <= 55, else
 * one too low (q above) or high at most, which moves the product by less than one unit of `upper`.
 */
static bool scaled(uint64_t mantissa, int exponent, int q, uint64_t *integer)
{
    if (q < LEAST_POWER || q > MOST_POWER) return false;
    const struct power_of_five *power = &power_of_five[q - LEAST_POWER];
    wide low = (wide)mantissa * power->low;
    wide upper = (wide)mantissa * power->high + (uint64_t)(low >> 64);
    int shift = -(exponent + q + ((q * 152170) >> 16) - 127) - 128;
    if (shift < 1 || shift > 62) return false;
    /* What the shift cuts off, in two words, beside a half. */
    uint64_t top = (uint64_t)(upper >> 64), rest = (uint64_t)upper;
    uint64_t half = UINT64_C(1) << (shift - 1), cut = top & ((half << 1) - 1);
    bool exact = q >= 0 && q <= 55;
    *integer = top >> shift;
    if (exact)
        *integer += cut == half && rest == 0 && (uint64_t)low == 0 ? *integer & 1 : cut >= half;
    else if ((cut == half && rest < 2) || (cut + 1 == half && rest > UINT64_MAX - 2))
        return false;
    else
        *integer += cut >= half;
    return true;
}

/* Where the powers of ten lie among usual values: a guess, as half of them are not exact. */
enum { DECADES = 8 };
static const double decade[] = {1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1e0,
                                1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8};

/* The first `digits` digits of a positive value as an integer, and the power of ten of the first.
 */
static bool find_digits(double value, int digits, uint64_t *integer, int *power)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    int exponent = (int)(bits >> 52 & 0x7ff) - 1075;
    if (exponent == -1075) return false; /* subnormal */
    uint64_t mantissa = ((bits & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1) << 52) << 11;
    exponent -= 11;
    int k = ((exponent + 63) * 1233) >> 12; /* floor(log10(2^n)), or one less */
    if (k >= -DECADES && k < DECADES) k += value > decade[k + 1 + DECADES];
    for (int turn = 0; turn < 3; turn++, k++) {
        if (!scaled(mantissa, exponent, digits - 1 - k, integer)) return false;
        if (*integer > power_of_ten[digits]) continue;
        if (*integer == power_of_ten[digits]) {
            /* Rounded up to the next power, or the guess was one too low and this is exact. */
            *integer /= 10;
            k++;
        }
        *power = k;
        return *integer >= power_of_ten[digits - 1];
    }
    return false;
}

/* ---- digits to text ---- */

/* Eight digits, the first in the lowest byte; a lane is split in halves three times. */
static uint64_t eight_digits(uint32_t value)
{
    uint64_t x = value / 10000 | (uint64_t)(value % 10000) << 32;
    uint64_t high = ((x * 5243) >> 19) & UINT64_C(0x0000007f0000007f); /* x / 100 */
    x = high | (x - high * 100) << 16;
    high = ((x * 103) >> 10) & UINT64_C(0x000f000f000f000f); /* x / 10 */
    return high | (x - high * 10) << 8;
}

static void store(char *out, uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    memcpy(out, &word, sizeof word);
}

static int significant(uint64_t digits)
{
    return digits ? 8 - (__builtin_clzll(digits) >> 3) : 0;
}

/* Sixteen digits in two words; whole words are stored, past what counts. */
typedef struct sixteen {
    uint64_t first, last;
    int count; /* without the zeros at the end */
} sixteen;

static sixteen split(uint64_t integer, int digits)
{
    integer *= power_of_ten[16 - digits];
    uint64_t first = eight_digits((uint32_t)(integer / 100000000));
    uint64_t last = eight_digits((uint32_t)(integer % 100000000));
    int count = last ? 8 + significant(last) : significant(first);
    return (sixteen){first | UINT64_C(0x3030303030303030), last | UINT64_C(0x3030303030303030),
                     count};
}

static size_t write_small(char *out, const sixteen *d, int power)
{
    memcpy(out, "0.000", 5);
    char *p = out + 1 - power;
    store(p, d->first);
    store(p + 8, d->last);
    return (size_t)(p + d->count - out);
}

/* A point behind the first `whole` (1 to 7) digits. */
static size_t write_split(char *out, const sixteen *d, int whole)
{
    uint64_t low = (UINT64_C(1) << (8 * whole)) - 1;
    store(out, (d->first & low) | (uint64_t)'.' << (8 * whole) | (d->first & ~low) << 8);
    store(out + 8, d->first >> 56 | d->last << 8);
    out[16] = (char)(d->last >> 56);
    return (size_t)(d->count > whole ? d->count + 1 : whole);
}

static void write_digits(char *out, uint64_t integer, int digits)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    while (digits >= 2) {
        digits -= 2;
        memcpy(out + digits, pairs + 2 * (integer % 100), 2);
        integer /= 100;
    }
    if (digits) out[0] = (char)('0' + integer % 10);
}

static size_t write_scientific(char *out, const char *digit, int count, int power)
{
    char *p = out;
    *p++ = digit[0];
    if (count > 1) {
        *p++ = '.';
        memcpy(p, digit + 1, (size_t)count - 1);
        p += count - 1;
    }
    *p++ = 'e';
    *p++ = power < 0 ? '-' : '+';
    unsigned size = (unsigned)(power < 0 ? -power : power);
    if (size >= 100) *p++ = (char)('0' + size / 100);
    *p++ = (char)('0' + size / 10 % 10);
    *p++ = (char)('0' + size % 10);
    return (size_t)(p - out);
}

static size_t write_fixed(char *out, const char *digit, int count, int power)
{
    char *p = out;
    if (power < 0) {
        memcpy(p, "0.000", 5);
        p += 1 - power;
        memcpy(p, digit, (size_t)count);
        return (size_t)(p + count - out);
    }
    int whole = power + 1;
    for (int i = 0; i < whole; i++)
        *p++ = i < count ? digit[i] : '0';
    if (count > whole) {
        *p++ = '.';
        memcpy(p, digit + whole, (size_t)(count - whole));
        p += count - whole;
    }
    return (size_t)(p - out);
}

/* At most sixteen digits between 1e-4 and 1e7 go by words, the rest digit by digit. */
static size_t write_plainly(char *out, uint64_t integer, int digits, int power)
{
    char digit[18];
    int count = digits;
    write_digits(digit, integer, digits);
    while (count > 1 && digit[count - 1] == '0')
        count--;
    return power < -4 || power >= digits ? write_scientific(out, digit, count, power)
                                         : write_fixed(out, digit, count, power);
}

size_t abn_number_print(char out[ABN_NUMBER_MAX], double value, int digits)
{
    if (!isfinite(value)) return 0;
    digits = digits < 1 ? 1 : digits > 17 ? 17 : digits;
    if (value == 0) { /* a table has no use for -0 */
        out[0] = '0';
        return 1;
    }
    uint64_t integer;
    int power;
    if (!find_digits(fabs(value), digits, &integer, &power))
        return print_slowly(out, value, digits);
    size_t sign = value < 0;
    out[0] = '-';
    if (digits > 16 || power < -4 || power > 6 || power >= digits)
        return sign + write_plainly(out + sign, integer, digits, power);
    sixteen d = split(integer, digits);
    return sign + (power < 0 ? write_small(out + sign, &d, power)
                             : write_split(out + sign, &d, power + 1));
}
