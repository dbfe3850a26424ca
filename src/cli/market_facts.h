/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What quotes are read against: listings, exchanges, dividends, splits and rates, shipped and the
 * user's own. */
#ifndef MARKET_FACTS_H
#define MARKET_FACTS_H

#include "command.h"

#include <abnorm/actions.h>
#include <abnorm/exchange.h>
#include <abnorm/listing.h>
#include <abnorm/quotes.h>

typedef struct market_facts {
    abn_listings *listings;   /* NULL where the data folder has none */
    abn_exchanges *exchanges; /* NULL without a data folder: every listing is its own calendar */
    abn_actions *actions;
    char *found[2]; /* files of actions beside the quotes, or NULL */
} market_facts;

/* Where the user's own are; NULL: only what is shipped; of dividends and splits, "none": none. What
 * fetch keeps in the folder `quotes` under actions/ is taken where no file of its kind is named. */
typedef struct market_sources {
    const char *listings, *calendar, *dividends, *splits, *fx, *quotes;
    bool shipped_dividends; /* without `dividends`, the shipped ones make total returns */
} market_sources;

/* From the options --listings, --calendar, --dividends, --splits, --fx and --quotes, as far as the
 * command has them. */
market_sources market_sources_of(const cli *c);
abn_status market_facts_load(cli *c, const market_sources *from, market_facts *out);
void market_facts_free(market_facts *facts);

/* Read quotes as --returns, --negative-price and --strict say. */
abn_status market_quotes_load(cli *c, const char *path, abn_quotes **out);
/* Of a folder only the files of symbols that are wanted. */
abn_status market_quotes_choose(cli *c, const char *path,
                                bool (*wanted)(const void *context, const char *symbol),
                                const void *context, abn_quotes **out);
/* Infer the sessions of years that no calendar covers, and leave out rows that are no observation.
 */
abn_status market_quotes_clean(cli *c, const market_facts *facts, abn_quotes *quotes);

#endif
