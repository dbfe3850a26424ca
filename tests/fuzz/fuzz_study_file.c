/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <abnorm/study_file.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    abn_study_file *study = NULL;
    if (abn_study_file_load(fuzz_file(data, size), &study, NULL) == ABN_OK)
        abn_study_file_free(study);
    return 0;
}
