/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What texts are read against, loaded from the data folder and the options. */
#ifndef TEXT_FACTS_H
#define TEXT_FACTS_H

#include "command.h"
#include "market_facts.h"
#include "record.h"

#include <abnorm/extract.h>

typedef struct text_facts {
    abn_languages *languages;
    market_facts market;
    abn_quotes *quotes; /* NULL: none */
} text_facts;

/* `quotes` (may be NULL) replaces the shipped ones. */
abn_status text_facts_load(cli *c, const market_sources *from, const char *quotes, text_facts *out);
/* Warn of what is odd in the quotes, sessions inferred where no calendar is on file; rows stay. */
abn_status text_facts_check(cli *c, text_facts *facts);
void text_facts_free(text_facts *facts);
abn_extract_facts text_facts_borrow(const text_facts *facts);
/* Read documents (files, folders, addresses, - for stdin) and put the files on record. */
abn_status text_read(cli *c, const char *const *args, size_t n, abn_extraction *x, record *r);

#endif
