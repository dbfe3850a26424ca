/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <abnorm/claim.h>
#include <abnorm/listing.h>
#include <math.h>
#include <string.h>

static const char *const LANGUAGES[] = {"en", "fr", "de", NULL};

static const abn_reader *reader(void)
{
    static abn_reader *reader;
    static abn_listings *listings;
    if (reader == NULL) {
        FUZZ_HOLDS(abn_listings_load("data/listings.csv", NULL, &listings, NULL) == ABN_OK);
        FUZZ_HOLDS(abn_reader_new(fuzz_languages(), listings, &reader, NULL) == ABN_OK);
    }
    return reader;
}

static void check_claim(const abn_claim *claim, size_t bytes)
{
    FUZZ_HOLDS(claim->start <= claim->end && claim->end <= bytes);
    FUZZ_HOLDS(!isinf(claim->pct) && !isinf(claim->level));
    FUZZ_HOLDS(isnan(claim->level) || claim->level >= 0);
    FUZZ_HOLDS(claim->symbol && claim->quote);
    FUZZ_HOLDS(claim->session_weekday >= 0 && claim->session_weekday <= 7);
    FUZZ_HOLDS(memchr(claim->since, 0, sizeof claim->since) != NULL);
}

static abn_status read_claims(void *context, abn_document *document, abn_error *err)
{
    (void)context;
    abn_reading reading = {0};
    abn_status status = abn_reader_read(reader(), document, &reading, err);
    if (status == ABN_OK) {
        for (size_t i = 0; i < reading.n_claims; i++)
            check_claim(&reading.claim[i], document->text_len);
        for (size_t i = 0; i < reading.n_mentions; i++)
            FUZZ_HOLDS(reading.mention[i].start <= reading.mention[i].end);
        abn_reading_free(&reading);
    }
    abn_document_free(document);
    FUZZ_HOLDS(status == ABN_OK);
    return status;
}

/* The first byte chooses the language. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    abn_document_options options = {
        .lang = LANGUAGES[data[0] & 3], .given = ABN_NO_DATE, .today = ABN_NO_DATE};
    abn_document_read(fuzz_languages(), "text.txt", fuzz_slice(data + 1, size - 1), &options,
                      read_claims, NULL, NULL);
    return 0;
}
