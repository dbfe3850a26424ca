/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Listings: which company's paper trades where, under which symbol, and what news calls it. */
#ifndef ABNORM_LISTING_H
#define ABNORM_LISTING_H

#include <abnorm/error.h>
#include <abnorm/slice.h>
#include <stddef.h>
#include <stdint.h>

#define ABN_NO_LISTING UINT32_MAX

/* One row of data/listings.csv. Strings are never NULL; "" is not stated. */
typedef struct abn_listing {
    const char *symbol;    /* "9988.HK": the key */
    const char *company;   /* "Alibaba": joins listings of one issuer */
    const char *kind;      /* stock, index or fund */
    const char *mic;       /* ISO 10383: "XHKG" */
    const char *currency;  /* ISO 4217 */
    const char *benchmark; /* symbol of the index it is measured against by default */
    double ratio;          /* ordinary shares a unit of this paper stands for (BABA: 8) */
} abn_listing;

typedef struct abn_listings abn_listings;

/* Read `data/listings.csv` or a file of its form: symbol,company,kind,mic,currency,benchmark,ratio
 * and any further columns: names_XX and epithets_XX of language XX (several joined by ';'), and a
 * column a provider for its own spelling of the symbol. Rows of `path` come after, and replace,
 * those of `base` (NULL: none) with the same symbol. */
abn_status abn_listings_load(const char *path, const abn_listings *base, abn_listings **out,
                             abn_error *err);
void abn_listings_free(abn_listings *listings);
size_t abn_listings_count(const abn_listings *listings);
const abn_listing *abn_listings_at(const abn_listings *listings, uint32_t i);
/* Index of a symbol, in any case, or ABN_NO_LISTING. */
uint32_t abn_listings_find(const abn_listings *listings, abn_slice symbol);
/* The cell of any column of row `i`, terminated; "" where the file has none. */
const char *abn_listings_cell(const abn_listings *listings, uint32_t i, const char *column);
/* The file's columns in order. */
size_t abn_listings_columns(const abn_listings *listings);
const char *abn_listings_column(const abn_listings *listings, size_t c);

#endif
