/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <abnorm/quotes.h>
#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    abn_quotes *quotes = NULL;
    abn_notes *notes = abn_notes_new();
    abn_quotes_options options = {.returns = size & 1, .threads = 1};
    if (abn_quotes_load(fuzz_file(data, size), &options, notes, &quotes, NULL) == ABN_OK) {
        for (size_t i = 0; i < abn_quotes_count(quotes); i++) {
            const abn_series *s = abn_quotes_at(quotes, i);
            for (size_t k = 0; k < s->n; k++) {
                FUZZ_HOLDS(k == 0 || s->date[k - 1] < s->date[k]);
                FUZZ_HOLDS(s->close == NULL || isnan(s->close[k]) || s->close[k] > 0);
                FUZZ_HOLDS(s->close == NULL || !isinf(s->close[k]));
            }
        }
        abn_quotes_free(quotes);
    }
    abn_notes_free(notes);
    return 0;
}
