/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "market_facts.h"

#include <abnorm/file.h>
#include <abnorm/quality.h>
#include <abnorm/venue.h>
#include <stdlib.h>
#include <string.h>

market_sources market_sources_of(const cli *c)
{
    return (market_sources){.listings = cli_text(c, "listings"),
                            .calendar = cli_text(c, "calendar"),
                            .dividends = cli_text(c, "dividends"),
                            .splits = cli_text(c, "splits"),
                            .fx = cli_text(c, "fx"),
                            .quotes = cli_text(c, "quotes")};
}

static abn_status load_listings(cli *c, const char *own, market_facts *out)
{
    char *path = cli_data(c, "listings.csv");
    abn_listings *shipped = NULL;
    abn_status status = path ? ABN_OK : abn_fail_memory(&c->err);
    if (status == ABN_OK && abn_is_file(path))
        status = abn_listings_load(path, NULL, &shipped, &c->err);
    if (status == ABN_OK && own) {
        status = abn_listings_load(own, shipped, &out->listings, &c->err);
        abn_listings_free(shipped);
    } else {
        out->listings = shipped;
    }
    free(path);
    return status;
}

static abn_status load_exchanges(cli *c, const char *calendar, market_facts *out)
{
    if (!c->data) return ABN_OK;
    abn_status status = abn_exchanges_load(c->data, &out->exchanges, &c->err);
    if (status == ABN_OK && calendar) status = abn_exchanges_add(out->exchanges, calendar, &c->err);
    return status;
}

/* What was asked for must be there; what is shipped may be missing. */
static const char *choose(const char *asked, const char *shipped)
{
    if (asked) return strcmp(asked, "none") == 0 ? NULL : asked;
    return shipped && abn_is_file(shipped) ? shipped : NULL;
}

static abn_status load_actions(cli *c, const market_sources *from, market_facts *out)
{
    char *dividends = cli_data(c, "dividends.csv"), *splits = cli_data(c, "splits.csv");
    char *fx = cli_data(c, "fx.csv");
    abn_status status = dividends && splits && fx ? ABN_OK : abn_fail_memory(&c->err);
    if (status == ABN_OK)
        status = abn_actions_load(
            choose(from->dividends, from->shipped_dividends ? dividends : NULL),
            choose(from->splits, splits), choose(from->fx, fx), &out->actions, &c->err);
    free(dividends);
    free(splits);
    free(fx);
    return status;
}

static abn_status find_actions(cli *c, const market_sources *from, market_facts *out)
{
    static const struct {
        const char *name, *does;
    } file[] = {{"actions/dividends.csv", "dividends of these quotes make total returns"},
                {"actions/splits.csv", "splits of these quotes are applied"}};
    const char *asked[] = {from->dividends, from->splits};
    for (size_t i = 0; i < 2; i++) {
        char *path = asked[i] || !from->quotes ? NULL : abn_path_join(from->quotes, file[i].name);
        if (path && abn_is_file(path)) {
            out->found[i] = path;
            abn_note_at(c->notes, "actions beside the quotes", path, 0, 0, "%s", file[i].does);
        } else {
            free(path);
        }
    }
    return abn_actions_add(out->actions, out->found[0], out->found[1], &c->err);
}

abn_status market_facts_load(cli *c, const market_sources *from, market_facts *out)
{
    market_facts facts = {0};
    abn_status status = load_listings(c, from->listings, &facts);
    if (status == ABN_OK) status = load_exchanges(c, from->calendar, &facts);
    if (status == ABN_OK) status = load_actions(c, from, &facts);
    if (status == ABN_OK) status = find_actions(c, from, &facts);
    if (status == ABN_OK)
        *out = facts;
    else
        market_facts_free(&facts);
    return status;
}

void market_facts_free(market_facts *facts)
{
    abn_listings_free(facts->listings);
    abn_exchanges_free(facts->exchanges);
    abn_actions_free(facts->actions);
    free(facts->found[0]);
    free(facts->found[1]);
    *facts = (market_facts){0};
}

abn_status market_quotes_load(cli *c, const char *path, abn_quotes **out)
{
    return market_quotes_choose(c, path, NULL, NULL, out);
}

abn_status market_quotes_choose(cli *c, const char *path,
                                bool (*wanted)(const void *context, const char *symbol),
                                const void *context, abn_quotes **out)
{
    const char *negative = cli_text(c, "negative-price");
    abn_quotes_options options = {.returns = cli_flag(c, "returns"),
                                  .negative = negative && strcmp(negative, "abs") == 0
                                                  ? ABN_NEGATIVE_ABS
                                                  : ABN_NEGATIVE_MISSING,
                                  .threads = cli_threads(c),
                                  .wanted = wanted,
                                  .context = context};
    abn_quotes *quotes = NULL;
    cli_stage(c, "reading quotes");
    abn_status status = abn_quotes_load(path, &options, c->notes, &quotes, &c->err);
    if (status == ABN_OK && cli_flag(c, "strict") && abn_quotes_rejects(quotes)) {
        const abn_reject *first = abn_quotes_reject_at(quotes, 0);
        status = abn_fail_at(&c->err, ABN_DATA, first->source, first->line, first->column, "%s",
                             first->text);
    }
    if (status == ABN_OK)
        *out = quotes;
    else
        abn_quotes_free(quotes);
    return status;
}

abn_status market_quotes_clean(cli *c, const market_facts *facts, abn_quotes *quotes)
{
    abn_quality_inputs inputs = {
        .exchanges = facts->exchanges, .listings = facts->listings, .actions = facts->actions};
    abn_status status = ABN_OK;
    if (facts->exchanges)
        status = abn_venue_infer(facts->exchanges, quotes, facts->listings, c->notes, &c->err);
    return status == ABN_OK ? abn_quality_clean(quotes, &inputs, c->notes, &c->err) : status;
}
