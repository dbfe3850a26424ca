/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dater.h"
#include <stdlib.h>
#include <string.h>

#define GAP_MOST 7 /* longer without a session: the quotes do not cover it */

uint32_t abn_dater_index(const abn_dater *dater, const char *symbol)
{
    return abn_map_find(dater->symbols, abn_slice_of(symbol));
}

const abn_tape *abn_dater_tape(const abn_dater *dater, const char *symbol)
{
    uint32_t i = abn_dater_index(dater, symbol);
    return i == ABN_MAP_NONE ? NULL : dater->tape[i];
}

static const abn_listing *listing_of(const abn_dater *dater, const char *symbol)
{
    uint32_t i = abn_listings_find(dater->listings, abn_slice_of(symbol));
    return i == ABN_NO_LISTING ? NULL : abn_listings_at(dater->listings, i);
}

const abn_exchange *abn_dater_exchange(const abn_dater *dater, const char *symbol)
{
    const abn_listing *listing = listing_of(dater, symbol);
    return listing && dater->exchanges
               ? abn_exchanges_find(dater->exchanges, abn_slice_of(listing->mic))
               : NULL;
}

/* Exchanges of one zone and hours keep one calendar as far as a text's words go. */
static bool same_market(const abn_market *m, const char *key, const abn_exchange *exchange)
{
    if (!m->exchange || !exchange) return !strcmp(m->key, key);
    return m->exchange->zone.standard_sec == exchange->zone.standard_sec &&
           m->exchange->zone.has_daylight == exchange->zone.has_daylight &&
           m->exchange->open_sec == exchange->open_sec &&
           m->exchange->close_sec == exchange->close_sec;
}

static abn_market *market_for(abn_dater *dater, const char *symbol)
{
    const abn_listing *listing = listing_of(dater, symbol);
    const abn_exchange *exchange = abn_dater_exchange(dater, symbol);
    const char *key = listing && listing->mic[0] ? listing->mic : symbol;
    for (size_t i = 0; i < dater->n_markets; i++)
        if (same_market(&dater->market[i], key, exchange)) return &dater->market[i];
    abn_market *m = &dater->market[dater->n_markets++];
    *m = (abn_market){.key = key, .exchange = exchange, .first = dater->first, .n = dater->n};
    for (int l = 0; l < ABN_LAGS; l++)
        if (!(m->lag[l] = malloc((size_t)dater->n * sizeof(int)))) return NULL;
    for (int i = 0; i < dater->n; i++)
        m->lag[ABN_LAG_OWN][i] = dater->n;
    return m;
}

/* From marks on open days to the sessions around each day. */
static void finish_market(abn_market *m)
{
    int open = -1, *own = m->lag[ABN_LAG_OWN], *before = m->lag[ABN_LAG_BEFORE];
    for (int i = m->n; i-- > 0;) {
        m->lag[ABN_LAG_AFTER][i] = open >= 0 && open - i <= GAP_MOST ? open : m->n;
        if (own[i] == i) open = i;
    }
    open = -1;
    for (int i = 0; i < m->n; i++) {
        if (own[i] == i) open = i;
        own[i] = open >= 0 && i - open <= GAP_MOST ? open : m->n;
    }
    for (int i = 0; i < m->n; i++) {
        before[i] = own[i] < m->n && own[i] > 0 ? own[own[i] - 1] : m->n;
        int back = before[i];
        m->lag[ABN_LAG_BEFORE2][i] = back < m->n && back > 0 ? own[back - 1] : m->n;
    }
}

static abn_status make_grid(abn_dater *dater, const abn_quotes *quotes, abn_error *err)
{
    abn_date first = ABN_NO_DATE, last = ABN_NO_DATE;
    for (size_t i = 0; i < abn_quotes_count(quotes); i++) {
        const abn_series *s = abn_quotes_at(quotes, i);
        if (!s->n) continue;
        if (first == ABN_NO_DATE || s->date[0] < first) first = s->date[0];
        if (last == ABN_NO_DATE || s->date[s->n - 1] > last) last = s->date[s->n - 1];
        if (s->n > dater->longest) dater->longest = s->n;
    }
    if (first == ABN_NO_DATE) return ABN_OK;
    dater->first = first;
    dater->n = last - first + 1 + ABN_GRID_PAST;
    dater->posterior = malloc((size_t)dater->n * sizeof(double));
    return dater->posterior ? ABN_OK : abn_fail_memory(err);
}

static abn_status add_tape(abn_dater *dater, const abn_series *series, const abn_actions *actions,
                           abn_error *err)
{
    if (!series->n || !series->close) return ABN_OK; /* returns alone: nothing a text can quote */
    const abn_listing *listing = listing_of(dater, series->symbol);
    abn_market *m = market_for(dater, series->symbol);
    bool index = listing && !strcmp(listing->kind, "index"); /* points, no currency */
    if (!m || abn_map_add(dater->symbols, abn_slice_of(series->symbol)) == ABN_MAP_NONE)
        return abn_fail_memory(err);
    abn_status status = abn_tape_new(series, listing && !index ? listing->currency : "", actions,
                                     &dater->tape[dater->n_tapes], err);
    if (status != ABN_OK) return status;
    for (size_t i = 0; i < series->n; i++)
        m->lag[ABN_LAG_OWN][series->date[i] - dater->first] = series->date[i] - dater->first;
    dater->market_of[dater->n_tapes++] = m;
    return ABN_OK;
}

static abn_status add_tapes(abn_dater *dater, const abn_quotes *quotes, const abn_actions *actions,
                            abn_error *err)
{
    size_t n = abn_quotes_count(quotes);
    abn_status status = make_grid(dater, quotes, err);
    if (status != ABN_OK || !dater->n) return status;
    dater->tape = calloc(n, sizeof(abn_tape *));
    dater->market_of = calloc(n, sizeof(abn_market *));
    dater->market = calloc(n, sizeof *dater->market);
    if (!dater->tape || !dater->market_of || !dater->market) return abn_fail_memory(err);
    for (size_t i = 0; i < n && status == ABN_OK; i++)
        status = add_tape(dater, abn_quotes_at(quotes, i), actions, err);
    for (size_t i = 0; i < dater->n_markets && status == ABN_OK; i++)
        finish_market(&dater->market[i]);
    return status;
}

abn_status abn_dater_new(const abn_listings *listings, const abn_quotes *quotes,
                         const abn_exchanges *exchanges, const abn_actions *actions,
                         abn_dater **out, abn_error *err)
{
    abn_status status = ABN_OK;
    abn_dater *dater = calloc(1, sizeof *dater);
    if (!dater) return abn_fail_memory(err);
    dater->listings = listings;
    dater->exchanges = exchanges;
    dater->symbols = abn_map_new();
    if (!dater->symbols) status = abn_fail_memory(err);
    if (status == ABN_OK && quotes) status = add_tapes(dater, quotes, actions, err);
    if (status != ABN_OK) {
        abn_dater_free(dater);
        return status;
    }
    *out = dater;
    return ABN_OK;
}

void abn_dater_free(abn_dater *dater)
{
    if (!dater) return;
    for (size_t i = 0; i < dater->n_tapes; i++)
        abn_tape_free(dater->tape[i]);
    for (size_t i = 0; i < dater->n_markets; i++)
        for (int l = 0; l < ABN_LAGS; l++)
            free(dater->market[i].lag[l]);
    for (size_t i = 0; i < ABN_DATED_CLAIMS; i++)
        free(dater->claim_ratio[i]);
    for (size_t i = 0; i < ABN_GROUPS; i++)
        free(dater->group_ratio[i]);
    abn_map_free(dater->symbols);
    free(dater->tape);
    free(dater->market_of);
    free(dater->market);
    free(dater->posterior);
    free(dater);
}
