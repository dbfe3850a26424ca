/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <abnorm/factors.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    abn_notes *notes = abn_notes_new();
    abn_factors *factors = NULL;
    if (abn_factors_load(fuzz_file(data, size), size & 1, notes, &factors, NULL) == ABN_OK)
        abn_factors_free(factors);
    abn_notes_free(notes);
    return 0;
}
