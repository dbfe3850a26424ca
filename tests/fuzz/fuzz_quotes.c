/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <abnorm/quality.h>
#include <abnorm/venue.h>
#include <math.h>

static void check_series(const abn_quotes *quotes)
{
    for (size_t i = 0; i < abn_quotes_count(quotes); i++) {
        const abn_series *s = abn_quotes_at(quotes, i);
        FUZZ_HOLDS(s->n > 0);
        for (size_t k = 0; k < s->n; k++) {
            FUZZ_HOLDS(k == 0 || s->date[k - 1] < s->date[k]);
            FUZZ_HOLDS(s->close == NULL || isnan(s->close[k]) || s->close[k] > 0);
            FUZZ_HOLDS(s->close == NULL || !isinf(s->close[k]));
        }
    }
}

/* Held against the shipped calendars where the program runs beside them. */
static void check_quality(abn_quotes *quotes, abn_notes *notes)
{
    static abn_exchanges *exchanges;
    static bool tried;
    abn_findings *found = NULL;
    if (!tried && abn_exchanges_load("data", &exchanges, NULL) != ABN_OK) exchanges = NULL;
    tried = true;
    abn_quality_inputs in = {.exchanges = exchanges, .now = 1800000000};
    if (abn_quality_check(quotes, &in, &found, NULL) == ABN_OK)
        for (size_t i = 0; i < abn_findings_count(found); i++)
            FUZZ_HOLDS(abn_findings_at(found, i)->text[0] != '\0');
    abn_findings_free(found);
    if (abn_quality_clean(quotes, &in, notes, NULL) == ABN_OK) check_series(quotes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    abn_quotes *quotes = NULL;
    abn_notes *notes = abn_notes_new();
    abn_quotes_options options = {.returns = size & 1, .threads = 1};
    if (abn_quotes_load(fuzz_file(data, size), &options, notes, &quotes, NULL) == ABN_OK) {
        check_series(quotes);
        check_quality(quotes, notes);
        abn_quotes_free(quotes);
    }
    abn_notes_free(notes);
    return 0;
}
