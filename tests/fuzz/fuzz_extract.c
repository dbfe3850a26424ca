/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <abnorm/extract.h>
#include <math.h>

static abn_extract_facts facts;

static void load(void)
{
    static abn_listings *listings;
    static abn_quotes *quotes;
    static abn_exchanges *exchanges;
    static abn_actions *actions;
    FUZZ_HOLDS(abn_listings_load("data/listings.csv", NULL, &listings, NULL) == ABN_OK);
    FUZZ_HOLDS(abn_exchanges_load("data", &exchanges, NULL) == ABN_OK);
    FUZZ_HOLDS(abn_quotes_load("data/quotes", NULL, NULL, &quotes, NULL) == ABN_OK);
    FUZZ_HOLDS(abn_actions_load("data/dividends.csv", "data/splits.csv", "data/fx.csv", &actions,
                                NULL) == ABN_OK);
    facts = (abn_extract_facts){fuzz_languages(), listings, quotes, exchanges, actions};
}

/* Documents one after the other, parted by form feeds, through dating, merging and verifying. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    abn_extract_options options = {
        .document = {.given = ABN_NO_DATE, .today = abn_date_of(2026, 11, 20)},
        .explain = size & 1};
    abn_extraction *x = NULL;
    if (facts.languages == NULL) load();
    FUZZ_HOLDS(abn_extraction_new(&facts, &options, &x, NULL) == ABN_OK);
    abn_slice rest = fuzz_slice(data, size), document;
    while (abn_slice_split(&rest, '\f', &document))
        abn_extraction_read(x, "document.txt", document, NULL);
    FUZZ_HOLDS(abn_extraction_finish(x, NULL) == ABN_OK);
    size_t n;
    const abn_document_row *row = abn_extraction_documents(x, &n);
    for (size_t i = 0; i < n; i++) {
        FUZZ_HOLDS(row[i].published == ABN_NO_DATE || row[i].published_probability >= .5);
        FUZZ_HOLDS(row[i].published == ABN_NO_DATE || row[i].published <= options.document.today);
        FUZZ_HOLDS(isnan(row[i].published_probability) || row[i].published_probability <= 1);
    }
    abn_extraction_free(x);
    return 0;
}
