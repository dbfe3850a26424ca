/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <abnorm/extract.h>
#include <math.h>

static abn_date today(void)
{
    return abn_date_of(2026, 11, 20);
}

/* One with accounts for people and one without; each is cleared for the next input. */
static abn_extraction *make(bool explain)
{
    abn_listings *listings;
    abn_quotes *quotes;
    abn_exchanges *exchanges;
    abn_actions *actions;
    FUZZ_HOLDS(abn_listings_load("data/listings.csv", NULL, &listings, NULL) == ABN_OK);
    FUZZ_HOLDS(abn_exchanges_load("data", &exchanges, NULL) == ABN_OK);
    FUZZ_HOLDS(abn_quotes_load("data/quotes", NULL, NULL, &quotes, NULL) == ABN_OK);
    FUZZ_HOLDS(abn_actions_load("data/dividends.csv", "data/splits.csv", "data/fx.csv", &actions,
                                NULL) == ABN_OK);
    abn_extract_facts facts = {fuzz_languages(), listings, quotes, exchanges, actions};
    abn_extract_options options = {.document = {.given = ABN_NO_DATE, .today = today()},
                                   .explain = explain};
    abn_extraction *x = NULL;
    FUZZ_HOLDS(abn_extraction_new(&facts, &options, &x, NULL) == ABN_OK);
    return x;
}

/* Documents one after the other, parted by form feeds, through dating, merging and verifying. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static abn_extraction *made[2];
    abn_extraction **at = &made[size & 1], *x = *at ? *at : (*at = make(size & 1));
    FUZZ_HOLDS(abn_extraction_clear(x, NULL) == ABN_OK);
    abn_slice rest = fuzz_slice(data, size), document;
    while (abn_slice_split(&rest, '\f', &document))
        abn_extraction_read(x, "document.txt", document, NULL);
    FUZZ_HOLDS(abn_extraction_finish(x, NULL) == ABN_OK);
    size_t n;
    const abn_document_row *row = abn_extraction_documents(x, &n);
    for (size_t i = 0; i < n; i++) {
        FUZZ_HOLDS(row[i].published == ABN_NO_DATE || row[i].published_probability >= .5);
        FUZZ_HOLDS(row[i].published == ABN_NO_DATE || row[i].published <= today());
        FUZZ_HOLDS(isnan(row[i].published_probability) || row[i].published_probability <= 1);
    }
    return 0;
}
