/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UTF-8 by hand: what the readers of running text share. */
#ifndef ABN_NEWS_UTF8_H
#define ABN_NEWS_UTF8_H

#include <abnorm/slice.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

/* Bytes of the well-formed character at `at`, or 0 when there is none (the byte is invalid);
 * `code` gets its number. `at` must be before `end`. */
size_t abn_utf8_next(const char *at, const char *end, uint32_t *code);
/* Small letter of a capital in the Latin, Greek and Cyrillic blocks; others come back as they
 * are. The small letter takes as many bytes as the capital. */
uint32_t abn_utf8_lower(uint32_t code);
size_t abn_utf8_put(uint32_t code, char out[4]);
/* `text` in small letters into `out` of `size` bytes, invalid bytes as they are; the length, or 0
 * when it does not fit. */
size_t abn_utf8_fold(abn_slice text, char *out, size_t size);
/* Code points in the text; each invalid byte counts as one. */
size_t abn_utf8_count(const char *text, size_t len);

#pragma GCC visibility pop

#endif
