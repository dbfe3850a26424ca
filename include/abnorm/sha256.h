/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fingerprint of an input, for provenance. */
#ifndef ABNORM_SHA256_H
#define ABNORM_SHA256_H

#include <stddef.h>

/* SHA-256 (FIPS 180-4) as 64 hexadecimal digits and a NUL. */
#define ABN_SHA256_HEX 65
void abn_sha256(const void *data, size_t len, char hex[ABN_SHA256_HEX]);

#endif
