/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch_parts.h"

#include <abnorm/file.h>
#include <stdio.h>
#include <string.h>

#define OVERLAP_DAYS 30 /* asked for again: vendors correct the last sessions */

typedef abn_fetch_job job;
typedef abn_fetch_run fetch;

/* By the listing; else a symbol without an ending is taken as American, .HK as Hong Kong's. */
static const abn_exchange *exchange_of(const abn_fetch_options *options, const char *symbol)
{
    if (!options->exchanges) return NULL;
    uint32_t i = options->listings ? abn_listings_find(options->listings, abn_slice_of(symbol))
                                   : ABN_NO_LISTING;
    if (i != ABN_NO_LISTING)
        return abn_exchanges_find(options->exchanges,
                                  abn_slice_of(abn_listings_at(options->listings, i)->mic));
    const char *dot = strrchr(symbol, '.');
    if (dot && abn_slice_ieq(abn_slice_of(dot), ".HK"))
        return abn_exchanges_find(options->exchanges, abn_slice_of("XHKG"));
    if (dot || strpbrk(symbol, "^=") || strstr(symbol, "-USD")) return NULL;
    return abn_exchanges_find(options->exchanges, abn_slice_of("XNYS"));
}

static char *path_of(const fetch *f, const char *symbol, const char *ending)
{
    char name[ABN_FETCH_SYMBOL_MAX + 8];
    snprintf(name, sizeof name, "%s%s", symbol, ending);
    return abn_path_join(f->options->folder, name);
}

static abn_status read_old(const fetch *f, job *j, abn_error *err)
{
    abn_bars old = {0};
    char provider[32];
    j->csv = path_of(f, j->result->symbol, ".csv");
    j->json = path_of(f, j->result->symbol, ".json");
    if (!j->csv || !j->json) return abn_fail_memory(err);
    if (!abn_is_file(j->csv)) return ABN_OK;
    abn_status status = abn_bars_read(j->csv, &old, err);
    if (status) return status;
    j->exists = old.n > 0;
    j->rows = old.n;
    j->first = old.n ? old.bar[0].date : ABN_NO_DATE;
    j->last = old.n ? old.bar[old.n - 1].date : ABN_NO_DATE;
    j->known = abn_provenance_read(j->json, provider, &j->asked_from) &&
               strcmp(provider, f->provider->name) == 0;
    abn_bars_free(&old);
    return ABN_OK;
}

static abn_date earlier(abn_date a, abn_date b)
{
    return a < b ? a : b; /* ABN_NO_DATE, which is open, is the least */
}

abn_date abn_fetch_whole_from(const fetch *f, const job *j)
{
    abn_date wanted = f->options->from;
    if (!j->exists || (f->options->refresh && wanted != ABN_NO_DATE)) return wanted;
    abn_date held = j->known ? earlier(j->asked_from, j->first) : j->first;
    if (wanted == ABN_NO_DATE) return j->known ? held : ABN_NO_DATE;
    return earlier(wanted, held);
}

abn_date abn_fetch_last_wanted(const fetch *f, const job *j)
{
    abn_date settled = abn_provider_settled(j->exchange, f->options->now, f->provider->settle_min);
    abn_date to = f->options->to;
    return to != ABN_NO_DATE && to < settled ? to : settled;
}

/* The file's end is enough where it is this provider's and goes back as far as is wanted. */
static void choose_from(const fetch *f, job *j)
{
    abn_date wanted = f->options->from;
    bool reaches = wanted == ABN_NO_DATE || wanted >= j->asked_from;
    j->all = f->provider->whole || f->options->refresh || !j->exists || !j->known || !reaches;
    j->from = j->all ? abn_fetch_whole_from(f, j)
                     : earlier(j->last, abn_fetch_last_wanted(f, j)) - OVERLAP_DAYS;
}

abn_query abn_fetch_query(const fetch *f, const job *j)
{
    return (abn_query){.symbol = j->result->symbol,
                       .spelling = j->spelling.data,
                       .from = j->from,
                       .to = f->options->to,
                       .now = f->options->now,
                       .exchange = j->exchange,
                       .base_url = f->options->base_url};
}

abn_status abn_fetch_plan_url(const fetch *f, job *j, abn_error *err)
{
    abn_query query = abn_fetch_query(f, j);
    abn_buf_clear(&j->url);
    return abn_provider_url(f->provider, &query, &j->url, err);
}

abn_status abn_fetch_plan(const fetch *f, job *j, abn_error *err)
{
    const abn_fetch_options *options = f->options;
    j->first = j->last = j->from = j->asked_from = ABN_NO_DATE;
    j->result->first = j->result->last = ABN_NO_DATE;
    j->exchange = exchange_of(options, j->result->symbol);
    j->notes = abn_notes_new();
    abn_provider_spell(f->provider, options->listings, j->result->symbol, &j->spelling);
    abn_status status = j->notes ? abn_buf_status(&j->spelling, err) : abn_fail_memory(err);
    if (status == ABN_OK && options->folder) status = read_old(f, j, err);
    if (status) return status;
    choose_from(f, j);
    return abn_fetch_plan_url(f, j, err);
}
