/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/number.h>

#include "number_powers.h"
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double power_of_ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                      1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                      1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

typedef struct decimal {
    uint64_t digits; /* the significant digits, cut after 19 */
    long exponent;   /* of ten */
    bool negative, exact;
} decimal;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *scan_digits(const char *p, const char *end, decimal *d, int *count, bool *seen,
                               bool fraction)
{
    for (; p < end && is_digit(*p); p++) {
        *seen = true;
        if (*count < 19) {
            d->digits = d->digits * 10 + (uint64_t)(*p - '0');
            *count += d->digits != 0;
            d->exponent -= fraction;
        } else {
            d->exact = d->exact && *p == '0';
            d->exponent += !fraction;
        }
    }
    return p;
}

static bool scan_exponent(const char *p, const char *end, decimal *d)
{
    bool negative = false;
    long value = 0;
    if (p < end && (*p == '+' || *p == '-')) negative = *p++ == '-';
    if (p == end) return false;
    for (; p < end; p++) {
        if (!is_digit(*p)) return false;
        if (value < 100000) value = value * 10 + (*p - '0');
    }
    d->exponent += negative ? -value : value;
    return true;
}

static bool scan(abn_slice text, decimal *d)
{
    const char *p = text.ptr, *end = text.ptr + text.len;
    int count = 0;
    bool seen = false;
    *d = (decimal){.exact = true};
    if (p < end && (*p == '+' || *p == '-')) d->negative = *p++ == '-';
    p = scan_digits(p, end, d, &count, &seen, false);
    if (p < end && *p == '.') p = scan_digits(p + 1, end, d, &count, &seen, true);
    if (!seen) return false;
    if (p < end && (*p == 'e' || *p == 'E')) return scan_exponent(p + 1, end, d);
    return p == end;
}

/* strtod under the C locale, whatever the program's. */
static bool parse_slowly(abn_slice text, double *value)
{
    char small[128], *copy = small;
    if (text.len >= sizeof small && !(copy = malloc(text.len + 1))) return false;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    const char *point = localeconv()->decimal_point;
    char *dot = strcmp(point, ".") == 0 ? NULL : strchr(copy, '.');
    if (dot) *dot = point[0];
    *value = strtod(copy, NULL);
    if (copy != small) free(copy);
    return isfinite(*value);
}

/* The upper 128 bits of mantissa × 5^q, as far as they are certain: the second product is needed
 * only when the first leaves the rounding open. */
static void multiply(uint64_t mantissa, int q, uint64_t *high, uint64_t *low)
{
    __extension__ typedef unsigned __int128 wide;
    const struct power_of_five *power = &power_of_five[q - LEAST_POWER];
    wide first = (wide)mantissa * power->high;
    *high = (uint64_t)(first >> 64);
    *low = (uint64_t)first;
    if ((*high & 0x1ff) == 0x1ff) {
        uint64_t carry = (uint64_t)(((wide)mantissa * power->low) >> 64);
        *low += carry;
        *high += *low < carry;
    }
}

/* Lemire 2021, "Number parsing at a gigabyte per second". */
static bool scale_by_table(uint64_t mantissa, int q, double *value)
{
    int zeros = __builtin_clzll(mantissa);
    uint64_t high, low;
    multiply(mantissa << zeros, q, &high, &low);
    if (low == UINT64_MAX && (q < -27 || q > 55)) return false;
    int upper = (int)(high >> 63);
    uint64_t bits = high >> (upper + 9);
    int exponent = ((217706 * q) >> 16) + 63 + upper - zeros + 1023;
    if (low <= 1 && q >= -4 && q <= 23 && (bits & 3) == 1 && bits << (upper + 9) == high)
        bits &= ~UINT64_C(1); /* exactly half way: to even */
    bits = (bits + (bits & 1)) >> 1;
    if (bits >> 53) {
        bits >>= 1;
        exponent++;
    }
    bits = (bits & ~(UINT64_C(1) << 52)) | (uint64_t)exponent << 52;
    memcpy(value, &bits, sizeof *value);
    return true;
}

/* Clinger 1990: digits and power of ten that are both exact doubles need one rounding only. */
bool abn_number_scale(uint64_t mantissa, int exponent, double *value)
{
    if (mantissa <= UINT64_C(1) << 53 && exponent >= -22 && exponent <= 22) {
        double v = (double)mantissa;
        *value = exponent < 0 ? v / power_of_ten[-exponent] : v * power_of_ten[exponent];
        return true;
    }
    if (mantissa == 0 || exponent < LEAST_POWER || exponent > MOST_POWER) return false;
    return scale_by_table(mantissa, exponent, value);
}

static bool scale(const decimal *d, double *value)
{
    double above;
    if (d->exponent < LEAST_POWER || d->exponent > MOST_POWER ||
        !abn_number_scale(d->digits, (int)d->exponent, value))
        return false;
    /* Digits that were cut lie between two neighbours; both must round alike. */
    return d->exact ||
           (abn_number_scale(d->digits + 1, (int)d->exponent, &above) && above == *value);
}

bool abn_number_parse(abn_slice text, double *value)
{
    decimal d;
    if (text.len == 0 || !scan(text, &d)) return false;
    if (d.digits == 0) {
        *value = d.negative ? -0.0 : 0.0;
        return true;
    }
    double v;
    if (!scale(&d, &v)) return parse_slowly(text, value);
    *value = d.negative ? -v : v;
    return true;
}

bool abn_integer_parse(abn_slice text, long *value)
{
    if (text.len == 0) return false;
    const char *p = text.ptr, *end = text.ptr + text.len;
    bool negative = false;
    if (*p == '+' || *p == '-') negative = *p++ == '-';
    if (p == end) return false;
    long v = 0;
    for (; p < end; p++) {
        int digit = *p - '0';
        if (digit < 0 || digit > 9 || v < (LONG_MIN + digit) / 10) return false;
        v = v * 10 - digit; /* downwards, since LONG_MIN has no positive twin */
    }
    if (!negative && v == LONG_MIN) return false;
    *value = negative ? v : -v;
    return true;
}
