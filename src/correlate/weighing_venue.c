/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weighing.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define READ_AS 0.4 /* log of how much likelier the listing is that the reader chose */

static const abn_listing *listing_of(const abn_dater *dater, const char *symbol)
{
    uint32_t i = abn_listings_find(dater->listings, abn_slice_of(symbol));
    return i == ABN_NO_LISTING ? NULL : abn_listings_at(dater->listings, i);
}

static bool implied(const abn_dater *dater, const abn_claim *c, const char *company)
{
    const abn_listing *l = c->venue_implied ? listing_of(dater, c->symbol) : NULL;
    return l && !strcmp(l->company, company);
}

/* Whether the claim's price could be of the listing. */
static bool payable(const abn_claim *c, const abn_listing *l)
{
    return !c->currency[0] || !strcmp(c->currency, l->currency);
}

static abn_status weigh(abn_dater *dater, const abn_document *document, const abn_reading *reading,
                        double *evidence, abn_error *err)
{
    abn_weighing w = {.dater = dater, .reading = reading, .lang = document->lang};
    abn_status status = abn_weighing_claims(&w, err);
    if (status == ABN_OK) *evidence = abn_weighing_days(&w, document->published) ? w.evidence : 0;
    return status;
}

static void read_as(const abn_dater *dater, abn_reading *reading, const abn_listing *listing)
{
    for (size_t i = 0; i < reading->n_claims; i++)
        if (implied(dater, &reading->claim[i], listing->company) &&
            payable(&reading->claim[i], listing))
            reading->claim[i].symbol = listing->symbol;
}

/* All such claims about one company are taken to be of one venue. */
static abn_status settle(abn_dater *dater, const abn_document *document, abn_reading *reading,
                         const abn_listing *chosen, abn_error *err)
{
    const abn_listing *best = chosen;
    double most = -INFINITY;
    for (uint32_t i = 0; i < abn_listings_count(dater->listings); i++) {
        const abn_listing *l = abn_listings_at(dater->listings, i);
        double evidence = 0;
        if (strcmp(l->company, chosen->company) || strcmp(l->kind, chosen->kind) ||
            !abn_dater_tape(dater, l->symbol))
            continue;
        read_as(dater, reading, l);
        abn_status status = weigh(dater, document, reading, &evidence, err);
        if (status != ABN_OK) return status;
        if (l == chosen) evidence += READ_AS;
        if (evidence > most) most = evidence, best = l;
    }
    read_as(dater, reading, best);
    return ABN_OK;
}

abn_status abn_weighing_venues(abn_dater *dater, const abn_document *document, abn_reading *reading,
                               abn_error *err)
{
    abn_status status = ABN_OK;
    for (size_t i = 0; i < reading->n_claims && status == ABN_OK; i++) {
        const abn_listing *l = listing_of(dater, reading->claim[i].symbol);
        bool first = reading->claim[i].venue_implied && l;
        for (size_t j = 0; j < i && first; j++)
            first = !implied(dater, &reading->claim[j], l->company);
        if (first) status = settle(dater, document, reading, l, err);
    }
    return status;
}
