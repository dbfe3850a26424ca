/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <abnorm/provider.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    abn_notes *notes = abn_notes_new();
    const abn_provider *provider = abn_provider_at(data[0] % abn_provider_count());
    abn_query query = {.symbol = "AAPL",
                       .spelling = "AAPL",
                       .from = ABN_NO_DATE,
                       .to = ABN_NO_DATE,
                       .now = INT64_C(1763600000)};
    abn_bars bars = {0};
    long code = data[0] & 0x80 ? 429 : 200;
    if (abn_provider_parse(provider, &query, code, fuzz_slice(data + 1, size - 1), &bars, notes,
                           NULL) == ABN_OK)
        for (size_t i = 1; i < bars.n; i++)
            FUZZ_HOLDS(bars.bar[i - 1].date < bars.bar[i].date);
    abn_bars_free(&bars);
    abn_notes_free(notes);
    return 0;
}
