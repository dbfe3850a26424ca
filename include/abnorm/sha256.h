/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fingerprint of an input, for provenance (SHA-256, FIPS 180-4). */
#ifndef ABNORM_SHA256_H
#define ABNORM_SHA256_H

#include <abnorm/error.h>
#include <stddef.h>

#define ABN_SHA256_HEX 65 /* 64 hexadecimal digits and a NUL */

void abn_sha256(const void *data, size_t len, char hex[ABN_SHA256_HEX]);
/* Of a file's bytes as they lie on disk; `bytes` gets their number. ABN_NO_INPUT when it cannot be
 * read. */
abn_status abn_sha256_file(const char *path, char hex[ABN_SHA256_HEX], size_t *bytes,
                           abn_error *err);

#endif
