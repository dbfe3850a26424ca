/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ZIP archives: one member out of bytes in memory. */
#ifndef ABNORM_ZIP_H
#define ABNORM_ZIP_H

#include <abnorm/buf.h>
#include <abnorm/error.h>
#include <abnorm/slice.h>

/* Append the first member whose name ends in `suffix` (any case), unpacked, to `out`. Stored and
 * deflated members; size and CRC-32 are checked. `name` is what errors call the archive. ABN_DATA
 * when it is no archive, damaged, encrypted, has no such member, or one larger than `limit`. */
abn_status abn_unzip(abn_slice archive, const char *name, const char *suffix, size_t limit,
                     abn_buf *out, abn_error *err);

#endif
