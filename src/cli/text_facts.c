/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text_facts.h"

#include <abnorm/file.h>
#include <abnorm/quality.h>
#include <abnorm/venue.h>
#include <stdlib.h>

static abn_status load_listings(cli *c, const char *own, text_facts *out)
{
    char *path = cli_data(c, "listings.csv");
    abn_listings *shipped = NULL;
    abn_status status =
        path ? abn_listings_load(path, NULL, &shipped, &c->err) : abn_fail_memory(&c->err);
    free(path);
    if (status == ABN_OK && own) {
        status = abn_listings_load(own, shipped, &out->listings, &c->err);
        abn_listings_free(shipped);
        return status;
    }
    out->listings = shipped;
    return status;
}

/* The shipped quotes may be left out of an installation; those that were asked for may not. */
static abn_status load_quotes(cli *c, const char *asked, text_facts *out)
{
    abn_quotes_options options = {.threads = cli_threads(c)};
    if (asked) return abn_quotes_load(asked, &options, c->notes, &out->quotes, &c->err);
    char *path = cli_data(c, "quotes");
    if (!path) return abn_fail_memory(&c->err);
    abn_status status = ABN_OK;
    if (abn_is_folder(path))
        status = abn_quotes_load(path, &options, c->notes, &out->quotes, &c->err);
    free(path);
    return status;
}

static abn_status load_actions(cli *c, text_facts *out)
{
    char *dividends = cli_data(c, "dividends.csv"), *splits = cli_data(c, "splits.csv"),
         *fx = cli_data(c, "fx.csv");
    abn_status status = dividends && splits && fx
                            ? abn_actions_load(dividends, splits, fx, &out->actions, &c->err)
                            : abn_fail_memory(&c->err);
    free(dividends);
    free(splits);
    free(fx);
    return status;
}

abn_status text_facts_load(cli *c, const char *listings, const char *quotes, text_facts *out)
{
    text_facts facts = {0};
    const char *data = c->data ? c->data : "data";
    abn_status status = load_listings(c, listings, &facts);
    if (status == ABN_OK) status = abn_languages_load(data, &facts.languages, &c->err);
    if (status == ABN_OK) status = abn_exchanges_load(data, &facts.exchanges, &c->err);
    if (status == ABN_OK) status = load_actions(c, &facts);
    if (status == ABN_OK) status = load_quotes(c, quotes, &facts);
    if (status == ABN_OK)
        *out = facts;
    else
        text_facts_free(&facts);
    return status;
}

abn_status text_facts_check(cli *c, text_facts *facts)
{
    abn_quality_inputs inputs = {
        .exchanges = facts->exchanges, .listings = facts->listings, .actions = facts->actions};
    if (!facts->quotes) return ABN_OK;
    abn_status status =
        abn_venue_infer(facts->exchanges, facts->quotes, facts->listings, c->notes, &c->err);
    if (status != ABN_OK) return status;
    return abn_quality_warn(facts->quotes, &inputs, c->notes, &c->err);
}

void text_facts_free(text_facts *facts)
{
    abn_quotes_free(facts->quotes);
    abn_actions_free(facts->actions);
    abn_exchanges_free(facts->exchanges);
    abn_languages_free(facts->languages);
    abn_listings_free(facts->listings);
    *facts = (text_facts){0};
}

abn_extract_facts text_facts_borrow(const text_facts *facts)
{
    return (abn_extract_facts){.languages = facts->languages,
                               .listings = facts->listings,
                               .quotes = facts->quotes,
                               .exchanges = facts->exchanges,
                               .actions = facts->actions};
}
