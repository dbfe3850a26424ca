/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Character sets: bytes of a document to UTF-8. */
#ifndef ABNORM_NEWS_DOCUMENT_CHARSET_H
#define ABNORM_NEWS_DOCUMENT_CHARSET_H

#include <abnorm/buf.h>
#include <abnorm/error.h>
#include <abnorm/slice.h>
#include <stdbool.h>

#pragma GCC visibility push(hidden)

/* Bytes as UTF-8: a view of the input where it already was, else of `owned`. */
typedef struct abn_decoded {
    abn_slice text;
    abn_buf owned;
} abn_decoded;

/* Decode by byte-order mark, pattern of NULs, validity as UTF-8, then `declared` (a character set's
 * name, or empty), then windows-1252 where the bytes read like it. With `lenient` (markup) invalid
 * bytes become U+FFFD; without, ABN_DATA tells the line and column of the first. abn_charset_free()
 * the result. */
abn_status abn_charset_decode(abn_slice bytes, abn_slice declared, bool lenient, const char *source,
                              abn_decoded *out, abn_error *err);
void abn_charset_free(abn_decoded *decoded);

/* Fail at byte `at`, told by line and column. */
abn_status abn_charset_fail(abn_slice bytes, size_t at, const char *source, abn_error *err,
                            const char *fmt, ...) ABN_PRINTF(5, 6);

/* True for UTF-16 by its mark, or by the NULs between Western letters. */
bool abn_charset_is_utf16(abn_slice bytes);
/* Length of the valid prefix of `text`. */
size_t abn_charset_valid(abn_slice text);

#pragma GCC visibility pop

#endif
