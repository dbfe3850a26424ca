/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <abnorm/file.h>
#include <abnorm/zip.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    abn_buf out = {0};
    size_t limit = 1 << 20;
    if (abn_unzip(fuzz_slice(data, size), "x.zip", ".csv", limit, &out, NULL) == ABN_OK)
        FUZZ_HOLDS(out.len <= limit);
    abn_buf_clear(&out);
    if (abn_gunzip(fuzz_slice(data, size), "x.gz", limit, &out, NULL) == ABN_OK)
        FUZZ_HOLDS(out.len <= limit);
    abn_buf_free(&out);
    return 0;
}
