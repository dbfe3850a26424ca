/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "claim_merge.h"

#include "utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- which listing ---- */

static bool at_venue(const abn_listing *row, const char *venue)
{
    return venue && row->mic[0] && (strstr(venue, row->mic) || strcmp(venue, row->currency) == 0);
}

static uint32_t listing_at(const abn_thread *t, const abn_company *c, const char *venue)
{
    for (size_t i = 0; i < c->n; i++)
        if (at_venue(abn_listings_at(t->listings, c->listing[i]), venue)) return c->listing[i];
    return ABN_NO_LISTING;
}

static uint32_t listing_in(const abn_thread *t, const abn_company *c, const char *currency)
{
    for (size_t i = 0; currency[0] && i < c->n; i++)
        if (strcmp(abn_listings_at(t->listings, c->listing[i])->currency, currency) == 0)
            return c->listing[i];
    return ABN_NO_LISTING;
}

/* The listing whose venue the document names most often. */
static uint32_t listing_of_document(const abn_thread *t, const abn_company *c)
{
    uint32_t found = ABN_NO_LISTING;
    size_t most = 0;
    for (size_t k = 0; k < t->n_venues; k++) {
        uint32_t listing = listing_at(t, c, t->venue[k].mics);
        if (listing == ABN_NO_LISTING || t->venue[k].times <= most) continue;
        most = t->venue[k].times;
        found = listing;
    }
    return found;
}

/* By ticker, the price's currency, the venue named nearest, the hours that only America trades
 * before and after, the paragraph's venue, the document's; else the first in the file. */
static uint32_t choose_listing(const abn_thread *t, const abn_draft *d, bool *implied)
{
    const abn_company *c = abn_lexicon_company(t->lexicon, d->company);
    const abn_claim *claim = &d->claim;
    bool extended = claim->kind == ABN_CLAIM_PREMARKET || claim->kind == ABN_CLAIM_AFTERHOURS;
    uint32_t found = d->listing;
    *implied = false;
    if (d->anaphora && listing_at(t, c, d->venue) != ABN_NO_LISTING) found = ABN_NO_LISTING;
    if (c->n == 1) return c->listing[0];
    if (found == ABN_NO_LISTING) found = listing_in(t, c, claim->currency);
    if (found == ABN_NO_LISTING) found = listing_at(t, c, d->venue);
    if (found == ABN_NO_LISTING && extended) found = listing_at(t, c, "XNYS+XNAS");
    *implied = found == ABN_NO_LISTING;
    if (found == ABN_NO_LISTING) found = listing_at(t, c, d->para_venue);
    if (found == ABN_NO_LISTING) found = listing_of_document(t, c);
    return found == ABN_NO_LISTING ? c->listing[0] : found;
}

static bool listed_so(const abn_thread *t, uint32_t company, const abn_draft *d)
{
    const abn_company *c = abn_lexicon_company(t->lexicon, company);
    if (d->claim.currency[0]) return listing_in(t, c, d->claim.currency) != ABN_NO_LISTING;
    return !d->venue || listing_at(t, c, d->venue) != ABN_NO_LISTING;
}

/* "The Hong Kong shares" mean a company that has some: another that the text named, where the one
 * in focus has none. */
static void settle_anaphora(const abn_thread *t, abn_draft *d)
{
    if (!d->anaphora || listed_so(t, d->company, d)) return;
    for (size_t i = 0; i < t->n_named; i++)
        if (listed_so(t, t->named[i], d)) {
            d->company = t->named[i];
            d->listing = ABN_NO_LISTING;
            return;
        }
}

static void settle_listing(const abn_thread *t, abn_draft *d)
{
    settle_anaphora(t, d);
    d->listing = choose_listing(t, d, &d->claim.venue_implied);
    const abn_listing *row = abn_listings_at(t->listings, d->listing);
    bool stock = strcmp(row->kind, "stock") == 0;
    bool foreign = d->claim.currency[0] && strcmp(d->claim.currency, row->currency) != 0;
    bool elsewhere = d->venue && !at_venue(row, d->venue) && !d->claim.currency[0] &&
                     !strstr(d->venue, "XNYS") && !strstr(d->venue, "XHKG");
    d->claim.symbol = row->symbol;
    d->claim.other_venue = stock && (foreign || elsewhere);
}

/* ---- one row a figure ---- */

/* Half a unit of the last digit that is not a zero behind the point: 8.50 may stand for 8.48. */
static double rough_half(double value, double half)
{
    while (half < 0.4 && fabs(value / (half * 20) - round(value / (half * 20))) < 1e-9)
        half *= 10;
    return half;
}

/* Could the rough figure be the fine one told again? */
static bool restates(const abn_claim *rough, const abn_claim *fine)
{
    double over = fabs(fine->pct) - fabs(rough->pct);
    switch (rough->hedge) {
    case ABN_HEDGE_NEARLY:
        return over <= 1e-9 && over > -1.05;
    case ABN_HEDGE_MORE_THAN:
        return over >= -1e-9 && over < 1.0;
    case ABN_HEDGE_ABOUT:
        return fabs(over) <= 0.55;
    case ABN_HEDGE_AS_MUCH_AS:
        return fabs(over) < 0.005;
    case ABN_HEDGE_NONE:
        break;
    }
    return fabs(over) <= rough_half(rough->pct, rough->pct_unit) + 1e-9;
}

static bool same_session(const abn_draft *a, const abn_draft *b)
{
    const abn_claim *x = &a->claim, *y = &b->claim;
    bool words = x->session_word == y->session_word && x->session_weekday == y->session_weekday;
    return words || x->session_word == ABN_SESSION_UNSTATED ||
           y->session_word == ABN_SESSION_UNSTATED;
}

static bool kinds_agree(const abn_draft *a, const abn_draft *b)
{
    if (a->claim.kind == b->claim.kind) return true;
    bool horizon = a->claim.horizon != b->claim.horizon;
    bool extended = a->claim.kind == ABN_CLAIM_PREMARKET || b->claim.kind == ABN_CLAIM_PREMARKET ||
                    a->claim.kind == ABN_CLAIM_AFTERHOURS || b->claim.kind == ABN_CLAIM_AFTERHOURS;
    return !horizon && (!extended || a->heading || b->heading) &&
           (!a->kind_stated || !b->kind_stated);
}

static bool same_level(const abn_claim *a, const abn_claim *b)
{
    return isnan(a->level) || isnan(b->level) || fabs(a->level - b->level) < 1e-9;
}

/* A price told with its change in money is the percentage told otherwise. */
static bool same_change(const abn_draft *price, const abn_draft *percent)
{
    const abn_claim *x = &price->claim, *y = &percent->claim;
    if (isnan(price->change) || isnan(x->level) || isnan(y->pct) || !isnan(y->level)) return false;
    abn_claim fine = {.pct = 100 * price->change / (x->level - price->change)};
    return fine.pct * y->pct > 0 && y->horizon == ABN_HORIZON_DAY && restates(y, &fine);
}

static bool same_figure(const abn_draft *a, const abn_draft *b)
{
    const abn_claim *x = &a->claim, *y = &b->claim;
    if (a->listing != b->listing || x->other_venue != y->other_venue) return false;
    if (x->extreme || y->extreme)
        return x->extreme == y->extreme && strcmp(x->since, y->since) == 0 &&
               x->of_move == y->of_move;
    if (same_change(a, b) || same_change(b, a)) return true;
    if (isnan(x->pct) || isnan(y->pct))
        return !isnan(x->level) && !isnan(y->level) && fabs(x->level - y->level) < 1e-9;
    if (x->pct * y->pct < 0 || !same_level(x, y) || !kinds_agree(a, b) || !same_session(a, b))
        return false;
    if (fabs(x->pct - y->pct) < 0.005) return true;
    bool rougher = rough_half(x->pct, x->pct_unit) > rough_half(y->pct, y->pct_unit) + 1e-9;
    const abn_claim *rough = rougher ? x : y, *fine = rougher ? y : x;
    if (x->horizon != ABN_HORIZON_DAY || y->horizon != ABN_HORIZON_DAY) return false;
    if (rough_half(rough->pct, rough->pct_unit) <= rough_half(fine->pct, fine->pct_unit) + 1e-9)
        return false;
    return restates(rough, fine);
}

/* Put what `b` knows more than `a` into `a`. */
static void absorb(abn_draft *a, const abn_draft *b)
{
    abn_claim *x = &a->claim;
    const abn_claim *y = &b->claim;
    bool finer = !isnan(y->pct) && (isnan(x->pct) || rough_half(y->pct, y->pct_unit) <
                                                         rough_half(x->pct, x->pct_unit) - 1e-9);
    bool better =
        finer || (a->heading && !b->heading) || (!a->kind_stated && b->kind_stated && !b->heading);
    abn_draft other = better ? *a : *b;
    if (better) *a = *b;
    y = &other.claim;
    if (isnan(x->level) && !isnan(y->level)) {
        x->level = y->level;
        x->level_unit = y->level_unit;
        memcpy(x->currency, y->currency, sizeof x->currency);
    }
    if (x->session_word == ABN_SESSION_UNSTATED) {
        x->session_word = y->session_word;
        x->session_weekday = y->session_weekday;
        x->session_date = y->session_date;
    }
    if (!a->kind_stated && other.kind_stated && !other.heading) {
        x->kind = y->kind;
        a->kind_stated = true;
    }
    if (!x->streak) x->streak = y->streak;
}

enum { DATE_REACH = 45 }; /* bytes between a price and its date */

enum { LOOK_BACK = 64 }; /* earlier claims that a new one is compared with: time stays linear */

static void merge(abn_drafts *d)
{
    size_t kept = 0;
    for (size_t i = 0; i < d->n; i++) {
        bool merged = false;
        size_t from = kept > LOOK_BACK ? kept - LOOK_BACK : 0;
        for (size_t j = from; j < kept && !merged; j++)
            if (same_figure(&d->at[j], &d->at[i])) {
                absorb(&d->at[j], &d->at[i]);
                merged = true;
            }
        if (!merged) d->at[kept++] = d->at[i];
    }
    d->n = kept;
}

/* ---- rows ---- */

static int by_place(const void *a, const void *b)
{
    const abn_draft *x = a, *y = b;
    if (x->start != y->start) return x->start < y->start ? -1 : 1;
    if (x->end != y->end) return x->end < y->end ? -1 : 1;
    return strcmp(x->claim.symbol, y->claim.symbol);
}

static abn_status finish(const abn_drafts *d, const char *text, abn_reading *out, abn_error *err)
{
    size_t at = 0, points = 0;
    out->claim = abn_arena_alloc(out->arena, (d->n + 1) * sizeof *out->claim);
    if (!out->claim) return abn_fail_memory(err);
    for (size_t i = 0; i < d->n; i++) {
        const abn_draft *from = &d->at[i];
        abn_claim *to = &out->claim[i];
        points += abn_utf8_count(text + at, from->start - at);
        at = from->start;
        *to = from->claim;
        to->kind_implied = !from->kind_stated;
        to->start = points;
        to->end = points + abn_utf8_count(text + from->start, from->end - from->start);
        to->quote =
            abn_arena_slice(out->arena, (abn_slice){text + from->start, from->end - from->start});
        if (!to->quote) return abn_fail_memory(err);
    }
    out->n_claims = d->n;
    return ABN_OK;
}

/* A sentence goes on about the listing that it began with. */
static void share_listing(const abn_draft *before, abn_draft *d)
{
    bool open = d->listing == ABN_NO_LISTING && !d->venue && !d->claim.currency[0];
    if (open && d->company == before->company && d->sentence_start == before->sentence_start &&
        !before->claim.venue_implied)
        d->listing = before->listing;
}

/* Moves told before anybody was named are of whom the text names later, if only by a product. */
static void settle_companies(abn_thread *t)
{
    size_t kept = 0;
    for (size_t i = 0; i < t->drafts.n; i++) {
        abn_draft *d = &t->drafts.at[i];
        if (d->company == UINT32_MAX) d->company = t->has_main ? t->main.company : t->clue;
        if (d->company != UINT32_MAX) t->drafts.at[kept++] = *d;
    }
    t->drafts.n = kept;
}

/* An old price has its date behind it: "the record of $182.94 of January 4, 2022". */
static abn_status date_prices(const abn_thread *t, const abn_document *document, abn_error *err)
{
    abn_timexes found = {0};
    abn_status status = ABN_OK;
    for (size_t i = 0; i < t->drafts.n && status == ABN_OK; i++) {
        abn_draft *d = &t->drafts.at[i];
        size_t end = d->sentence_end < d->end + DATE_REACH ? d->sentence_end : d->end + DATE_REACH;
        if (!isnan(d->claim.pct) || isnan(d->claim.level) || end <= d->end) continue;
        abn_slice text = {document->text + d->end, end - d->end};
        const char *stop = memchr(text.ptr, ';', text.len);
        if (stop) text.len = (size_t)(stop - text.ptr);
        found.count = 0;
        status = abn_timex_tag(t->languages, abn_lexicon_lang(t->lexicon), text,
                               document->published, &found, err);
        if (status != ABN_OK || !found.count || found.at[0].date == ABN_NO_DATE ||
            found.at[0].weekday || found.at[0].end - found.at[0].start < 5)
            continue;
        d->claim.session_word = ABN_SESSION_DATE;
        d->claim.session_weekday = 0;
        d->claim.session_date = found.at[0].date;
    }
    abn_timexes_free(&found);
    return status;
}

abn_status abn_claims_settle(abn_thread *t, const abn_document *document, abn_reading *out,
                             abn_error *err)
{
    settle_companies(t);
    for (size_t i = 0; i < t->drafts.n; i++) {
        if (i) share_listing(&t->drafts.at[i - 1], &t->drafts.at[i]);
        settle_listing(t, &t->drafts.at[i]);
    }
    merge(&t->drafts);
    abn_status status = date_prices(t, document, err);
    if (status != ABN_OK) return status;
    if (t->drafts.n) qsort(t->drafts.at, t->drafts.n, sizeof *t->drafts.at, by_place);
    return finish(&t->drafts, document->text, out, err);
}
