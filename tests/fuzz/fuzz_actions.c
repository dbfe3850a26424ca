/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <abnorm/actions.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    const char *path = fuzz_file(data + 1, size - 1);
    abn_actions *actions = NULL;
    if (abn_actions_load(data[0] % 3 == 0 ? path : NULL, data[0] % 3 == 1 ? path : NULL,
                         data[0] % 3 == 2 ? path : NULL, &actions, NULL) != ABN_OK)
        return 0;
    abn_date day = abn_date_of(2025, 2, 11);
    FUZZ_HOLDS(abn_actions_split(actions, abn_slice_of("AAPL"), day - 4000, day) > 0);
    abn_actions_rate(actions, "USD", "HKD", day);
    abn_actions_free(actions);
    return 0;
}
