/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every claim says: kind, day, venue, price. */
#include "moves_scene.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define IS ABN_IS

static bool is(const abn_scene *c, size_t i, uint64_t cues)
{
    return abn_unit_is(c->s, i, cues);
}

static bool mark(const abn_scene *c, size_t i, char m)
{
    return abn_unit_mark(c->s, i, m);
}

abn_draft *abn_scene_draft(abn_scene *c, abn_error *err)
{
    abn_drafts *d = &c->t->drafts;
    if (d->n == d->cap) {
        size_t cap = d->cap ? d->cap * 2 : 16;
        abn_draft *grown = realloc(d->at, cap * sizeof *grown);
        if (!grown) {
            abn_fail_memory(err);
            return NULL;
        }
        d->at = grown;
        d->cap = cap;
    }
    abn_draft *draft = &d->at[d->n++];
    *draft = (abn_draft){.listing = ABN_NO_LISTING, .company = UINT32_MAX, .change = NAN};
    draft->claim = (abn_claim){
        .pct = NAN, .level = NAN, .level_unit = NAN, .pct_unit = NAN, .session_date = ABN_NO_DATE};
    return draft;
}

abn_tense abn_scene_tense(const abn_scene *c, size_t cue, bool by_noun)
{
    if (cue == SIZE_MAX) return ABN_TENSE_NONE;
    const abn_unit *u = &c->s->at[cue];
    bool verb = !by_noun && u->is & (IS(MOVE) | IS(SEPARABLE));
    abn_tense own = verb ? (abn_tense)u->term->tense : ABN_TENSE_GERUND;
    if (own != ABN_TENSE_NONE && own < ABN_TENSE_GERUND &&
        !(own == ABN_TENSE_PAST && cue && is(c, cue - 1, IS(AUX))))
        return own;
    for (size_t i = cue, steps = 0; i > 0 && steps < 7; steps++) {
        i--;
        if (mark(c, i, '.') || mark(c, i, ';')) break;
        if (is(c, i, IS(AUX) | IS(NEUTRAL)) && !is(c, i, IS(PREP))) {
            abn_tense helper = (abn_tense)c->s->at[i].term->tense;
            if (own == ABN_TENSE_PAST) return ABN_TENSE_PAST;
            bool was = is(c, i, IS(AUX)) && !verb;
            return was ? ABN_TENSE_IMPERFECT : helper;
        }
        if (!verb && is(c, i, IS(MOVE)) && !is(c, i, IS(NOUN)))
            return (abn_tense)c->s->at[i].term->tense;
    }
    return own;
}

static bool intraday_tense(abn_tense tense)
{
    return tense == ABN_TENSE_PRESENT || tense == ABN_TENSE_IMPERFECT;
}

static abn_claim_kind kind_of(const abn_when *w, abn_hedge hedge, abn_tense tense, bool *stated)
{
    *stated = true;
    if (w->horizon == ABN_HORIZON_YTD) return ABN_CLAIM_YTD;
    if (w->horizon) return ABN_CLAIM_UNSPECIFIED;
    if (w->session == ABN_AT_PREMARKET) return ABN_CLAIM_PREMARKET;
    if (w->session == ABN_AT_AFTERHOURS) return ABN_CLAIM_AFTERHOURS;
    if (hedge == ABN_HEDGE_AS_MUCH_AS) return ABN_CLAIM_INTRADAY;
    if (w->session == ABN_AT_CLOSE || w->session == ABN_AT_WHOLE) return ABN_CLAIM_CLOSE;
    if (w->session == ABN_AT_OPEN || w->session == ABN_AT_INTRADAY) return ABN_CLAIM_INTRADAY;
    *stated = false;
    return intraday_tense(tense) ? ABN_CLAIM_INTRADAY : ABN_CLAIM_CLOSE;
}

static void put_day(abn_claim *claim, uint8_t day)
{
    if (day == ABN_DAY_TODAY) claim->session_word = ABN_SESSION_TODAY;
    if (day == ABN_DAY_YESTERDAY) claim->session_word = ABN_SESSION_YESTERDAY;
    if (day >= 1 && day <= 5) { /* weekends have no session */
        claim->session_word = ABN_SESSION_WEEKDAY;
        claim->session_weekday = day;
    }
}

/* "in 2024" measures the year so far when the text is of that year, else a year. */
uint8_t abn_scene_year_horizon(const abn_scene *c, size_t from, size_t to)
{
    for (size_t i = from; i < to && i < c->s->n; i++) {
        const abn_unit *u = &c->s->at[i];
        bool year = u->kind == ABN_UNIT_NUMBER && u->end - u->start == 4 && u->value >= 1990 &&
                    u->value < 2100;
        if (!year || i == 0 || !is(c, i - 1, IS(PREP)) || is(c, i - 1, IS(SINCE))) continue;
        return c->t->year == 0 || c->t->year == (int)u->value ? ABN_HORIZON_YTD : ABN_HORIZON_YEAR;
    }
    return 0;
}

void abn_scene_put_when(abn_scene *c, abn_draft *d, const abn_when *w, abn_tense tense)
{
    d->claim.kind = kind_of(w, d->claim.hedge, tense, &d->kind_stated);
    d->claim.horizon = (abn_horizon)w->horizon;
    put_day(&d->claim, w->day);
    d->venue = w->venue;
    d->para_venue = c->t->para_venue;
    d->heading = c->s->heading;
    d->sentence_start = c->s->start;
    d->sentence_end = c->s->end;
}

void abn_draft_put_subject(abn_draft *d, const abn_subject *s)
{
    d->company = s->company;
    d->anaphora = s->anaphora;
    d->listing = s->listing;
}

void abn_draft_put_price(abn_draft *d, const abn_price *q)
{
    d->claim.level = q->value;
    d->claim.level_unit = q->half;
    memcpy(d->claim.currency, q->currency, sizeof q->currency);
}
