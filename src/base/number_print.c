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
    int shift = -(exponent + q + ((q * 152170) >> 16) - 127) - 64;
    if (shift < 64 || shift > 126) return false;
    wide half = (wide)1 << (shift - 1), rest = upper & ((half << 1) - 1);
    bool exact = q >= 0 && q <= 55, tie = exact && rest == half && (uint64_t)low == 0;
    *integer = (uint64_t)(upper >> shift);
    if (!exact && rest + 2 > half && rest < half + 2) return false;
    if (tie)
        *integer += *integer & 1;
    else
        *integer += rest > half || (rest == half && exact);
    return true;
}

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
    char digit[18];
    int count = digits;
    write_digits(digit, integer, digits);
    while (count > 1 && digit[count - 1] == '0')
        count--;
    size_t sign = value < 0;
    out[0] = '-';
    bool scientific = power < -4 || power >= digits;
    return sign + (scientific ? write_scientific(out + sign, digit, count, power)
                              : write_fixed(out + sign, digit, count, power));
}
