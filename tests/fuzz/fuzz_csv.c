/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <abnorm/csv.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    abn_csv *csv = NULL;
    bool more = true;
    if (abn_csv_read("x", fuzz_slice(data, size), 0, &csv, NULL) != ABN_OK) return 0;
    abn_csv_header(csv, NULL);
    while (abn_csv_next(csv, &more, NULL) == ABN_OK && more)
        for (size_t i = 0; i < abn_csv_fields(csv); i++) {
            abn_slice field = abn_csv_field(csv, (int)i);
            FUZZ_HOLDS(field.len <= size);
            FUZZ_HOLDS(abn_csv_field_column(csv, (int)i) > 0);
        }
    abn_csv_free(csv);
    return 0;
}
