/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text_facts.h"
#include "inputs.h"

#include <abnorm/file.h>
#include <abnorm/quality.h>
#include <abnorm/venue.h>
#include <stdlib.h>

/* The shipped quotes may be left out of an installation; those that were asked for may not. */
static abn_status load_quotes(cli *c, const char *asked, text_facts *out)
{
    abn_quotes_options options = {.threads = cli_threads(c)};
    cli_stage(c, "reading quotes");
    if (asked) return abn_quotes_load(asked, &options, c->notes, &out->quotes, &c->err);
    char *path = cli_data(c, "quotes");
    if (!path) return abn_fail_memory(&c->err);
    abn_status status = ABN_OK;
    if (abn_is_folder(path))
        status = abn_quotes_load(path, &options, c->notes, &out->quotes, &c->err);
    free(path);
    return status;
}

abn_status text_facts_load(cli *c, const market_sources *from, const char *quotes, text_facts *out)
{
    text_facts facts = {0};
    abn_status status = market_facts_load(c, from, &facts.market);
    if (status == ABN_OK)
        status = abn_languages_load(c->data ? c->data : "data", &facts.languages, &c->err);
    if (status == ABN_OK) status = load_quotes(c, quotes, &facts);
    if (status == ABN_OK)
        *out = facts;
    else
        text_facts_free(&facts);
    return status;
}

abn_status text_facts_check(cli *c, text_facts *facts)
{
    abn_quality_inputs beside = {.exchanges = facts->market.exchanges,
                                 .listings = facts->market.listings,
                                 .actions = facts->market.actions};
    if (!facts->quotes) return ABN_OK;
    abn_status status = abn_venue_infer(facts->market.exchanges, facts->quotes,
                                        facts->market.listings, c->notes, &c->err);
    if (status != ABN_OK) return status;
    return abn_quality_warn(facts->quotes, &beside, c->notes, &c->err);
}

void text_facts_free(text_facts *facts)
{
    abn_quotes_free(facts->quotes);
    market_facts_free(&facts->market);
    abn_languages_free(facts->languages);
    *facts = (text_facts){0};
}

abn_extract_facts text_facts_borrow(const text_facts *facts)
{
    return (abn_extract_facts){.languages = facts->languages,
                               .listings = facts->market.listings,
                               .quotes = facts->quotes,
                               .exchanges = facts->market.exchanges,
                               .actions = facts->market.actions};
}

typedef struct reading {
    abn_extraction *x;
    record *record;
} reading;

static abn_status read_one(void *context, const char *name, abn_slice bytes, abn_error *err)
{
    reading *r = context;
    record_file(r->record, name);
    return abn_extraction_read(r->x, name, bytes, err);
}

abn_status text_read(cli *c, const char *const *args, size_t n, abn_extraction *x, record *r)
{
    reading both = {x, r};
    abn_status status = inputs_each(c, args, n, 0, read_one, &both);
    cli_progress_end();
    return status;
}
