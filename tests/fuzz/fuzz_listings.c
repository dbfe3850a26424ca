/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <abnorm/listing.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    abn_listings *listings = NULL;
    if (abn_listings_load(fuzz_file(data, size), NULL, &listings, NULL) != ABN_OK) return 0;
    for (uint32_t i = 0; i < abn_listings_count(listings); i++)
        FUZZ_HOLDS(
            abn_listings_find(listings, abn_slice_of(abn_listings_at(listings, i)->symbol)) !=
            ABN_NO_LISTING);
    abn_listings_free(listings);
    return 0;
}
