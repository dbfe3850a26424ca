/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <abnorm/exchange.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    abn_exchanges *exchanges = NULL;
    FUZZ_HOLDS(abn_exchanges_load("data", &exchanges, NULL) == ABN_OK);
    if (abn_exchanges_add(exchanges, fuzz_file(data, size), NULL) == ABN_OK)
        for (size_t i = 0; i < abn_exchanges_count(exchanges); i++)
            FUZZ_HOLDS(abn_exchanges_at(exchanges, i)->known_from <=
                       abn_exchanges_at(exchanges, i)->known_to + 1);
    abn_exchanges_free(exchanges);
    return 0;
}
