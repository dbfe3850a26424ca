/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What texts are read against, loaded from the data folder and the options. */
#ifndef TEXT_FACTS_H
#define TEXT_FACTS_H

#include "command.h"

#include <abnorm/extract.h>

typedef struct text_facts {
    abn_languages *languages;
    abn_listings *listings;
    abn_exchanges *exchanges;
    abn_quotes *quotes; /* NULL: none */
    abn_actions *actions;
} text_facts;

/* `listings` adds the user's own rows, `quotes` replaces the shipped ones; both may be NULL. */
abn_status text_facts_load(cli *c, const char *listings, const char *quotes, text_facts *out);
/* For a study: infer sessions where no calendar reaches, and warn of prices on another footing. */
abn_status text_facts_check(cli *c, text_facts *facts);
void text_facts_free(text_facts *facts);
abn_extract_facts text_facts_borrow(const text_facts *facts);

#endif
