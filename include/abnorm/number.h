/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decimal text to double and back, exact and independent of the locale. */
#ifndef ABNORM_NUMBER_H
#define ABNORM_NUMBER_H

#include <abnorm/slice.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ABN_NUMBER_MAX 32 /* room for any number that abn_number_print writes */

/* Read all of `text` as a decimal number ([+-]digits[.digits][e[+-]digits]), rounded as strtod
 * does. False when it is anything else (empty, inf, nan, hexadecimal, spaces) or overflows. */
bool abn_number_parse(abn_slice text, double *value);

/* mantissa × 10^exponent, rounded as strtod does; false when that cannot be decided here, and
 * abn_number_parse() must read the text. */
bool abn_number_scale(uint64_t mantissa, int exponent, double *value);

/* Read all of `text` as a decimal integer that fits. */
bool abn_integer_parse(abn_slice text, long *value);

/* Write `value` as printf's "%.<digits>g" does (1 to 17 digits); nothing for NaN and the
 * infinities, which are missing in every table. Returns the length; `out` is not terminated. */
size_t abn_number_print(char out[ABN_NUMBER_MAX], double value, int digits);

/* A number in its place: `len` bytes of `text`, which is not terminated. */
typedef struct abn_number_cell {
    char text[ABN_NUMBER_MAX - 1];
    unsigned char len;
} abn_number_cell;

/* Write `n` doubles, each `stride` bytes behind the one before it, as abn_number_print() does. */
void abn_numbers_print(const void *first, size_t stride, size_t n, int digits,
                       abn_number_cell *out);

#endif
