/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Claims of percentages. */
#include "moves_scene.h"

#include <math.h>

#define IS ABN_IS

static bool is(const abn_scene *c, size_t i, uint64_t cues)
{
    return abn_unit_is(c->s, i, cues);
}

/* "down 20% from its September high" measures more than a session. */
static bool from_extreme(const abn_scene *c, const abn_percent *p)
{
    if (!is(c, p->end, IS(PREP)) || is(c, p->end, IS(TO))) return false;
    for (size_t i = p->end + 1; i < p->end + 6; i++) {
        if (abn_unit_at(c->s, i)->kind == ABN_UNIT_MARK || is(c, i, IS(SINCE) | IS(CURRENCY)))
            return false;
        if (is(c, i, IS(EXTREME) | IS(RECORD)))
            return is(c, p->end, IS(OF)) && !is(c, p->end, IS(BY));
    }
    return false;
}

/* "reversed a 2% gain": what is given up was there during the session. */
static bool given_up(const abn_scene *c, const abn_percent *p)
{
    for (size_t i = p->hedge, steps = 0; i > p->from && steps < 3; steps++) {
        i--;
        if (is(c, i, IS(TO))) return false;
        if (is(c, i, IS(TRIM))) return p->by_noun && p->cue != SIZE_MAX && p->cue >= p->end;
    }
    return false;
}

/* What the sentence says before its first figure holds for all its figures. */
static void read_when(const abn_scene *c, const abn_percent *p, abn_when *w)
{
    abn_when_read(c->s, p->from, p->to, p->at, w);
    if (!w->horizon && p->from < p->at) {
        size_t near = p->at > 6 ? p->at - 6 : 0;
        w->horizon = abn_scene_year_horizon(c, near > p->from ? near : p->from, p->to);
    }
    if (is(c, p->end, IS(DISTANCE)) || from_extreme(c, p)) w->horizon = ABN_HORIZON_OTHER;
    if (given_up(c, p)) w->session = ABN_AT_INTRADAY, w->stated = true;
    if (!w->horizon && !w->stated && !w->day) w->horizon = c->t->horizon;
    const abn_percent *first = &c->figures.percent[0];
    if (!w->stated && !w->day && !w->horizon && !w->venue && c->t->session != ABN_AT_NONE) {
        w->session = c->t->session;
        w->stated = true;
    }
    if (p == first) return;
    abn_when lead = {0};
    size_t end = first->cue != SIZE_MAX && first->cue < first->at ? first->cue : first->hedge;
    abn_when_read(c->s, 0, end, 0, &lead);
    if (!w->day) w->day = lead.day;
    if (!w->venue) w->venue = lead.venue;
    if (!w->stated && (lead.session != ABN_AT_CLOSE))
        w->session = lead.session, w->stated = lead.stated;
    if (!w->horizon && !w->stated && first->listed) w->horizon = lead.horizon;
}

static abn_hedge hedge_of(const abn_scene *c, const abn_percent *p)
{
    for (size_t i = p->hedge; i < p->at; i++)
        if (c->s->at[i].term->hedge == ABN_HEDGE_AS_MUCH_AS) return ABN_HEDGE_AS_MUCH_AS;
    if (p->hedge < p->at) return (abn_hedge)c->s->at[p->at - 1].term->hedge;
    return ABN_HEDGE_NONE;
}

/* "for a fifth straight session": the sessions of one sign up to this one, 0 when it is not said or
 * the streak was broken. */
static int streak_near(const abn_scene *c, const abn_percent *p)
{
    size_t from = p->from > 6 ? p->from - 6 : 0;
    bool broken = false;
    for (size_t i = from; i < p->to + 8 && i < c->s->n; i++) {
        broken |= is(c, i, IS(NEGATION));
        if (!is(c, i, IS(ORDINAL) | IS(NUMBER)) && c->s->at[i].kind != ABN_UNIT_NUMBER) continue;
        for (size_t j = i + 1; j < i + 5; j++)
            if (is(c, j, IS(STREAK))) {
                double n = is(c, i, IS(ORDINAL)) ? c->s->at[i].term->number : c->s->at[i].value;
                bool whole = n >= 2 && n < 60 && n == (int)n;
                return whole && !broken ? (int)n : 0;
            }
    }
    return 0;
}

/* Premarket and after hours hold for the next figures of the paragraph, until another session. */
void abn_scene_carry_session(abn_scene *c, const abn_when *w)
{
    bool extended = w->session == ABN_AT_PREMARKET || w->session == ABN_AT_AFTERHOURS;
    if (w->stated || w->day) c->t->session = extended ? w->session : ABN_AT_NONE;
}

abn_status abn_scene_claim_percent(abn_scene *c, const abn_percent *p, const abn_subject *subject,
                                   abn_error *err)
{
    abn_draft *d = abn_scene_draft(c, err);
    if (!d) return ABN_MEMORY;
    abn_when w = {0};
    read_when(c, p, &w);
    abn_scene_carry_session(c, &w);
    d->claim.hedge = hedge_of(c, p);
    c->t->last_dir = p->dir;
    d->claim.pct = p->dir * fabs(p->value);
    d->claim.pct_unit = p->half;
    if (p->level != SIZE_MAX) abn_draft_put_price(d, &c->figures.price[p->level]);
    abn_draft_put_subject(d, subject);
    abn_scene_put_when(c, d, &w, abn_scene_tense(c, p->cue, p->by_noun));
    if (!w.horizon) d->claim.streak = streak_near(c, p);
    d->start = c->s->at[subject->at < p->at && subject->end ? subject->at : p->hedge].start;
    d->end = c->s->at[p->end - 1].end;
    if (p->level != SIZE_MAX) {
        size_t end = c->s->at[c->figures.price[p->level].end - 1].end;
        if (end > d->end) d->end = end;
    }
    return ABN_OK;
}

/* All members of the coordination that candidate `k` ends or stands in, when one figure is said of
 * them together. */
static size_t group_start(const abn_scene *c, size_t k)
{
    while (k > 0 && c->subjects.at[k].joined)
        k--;
    return k;
}

static size_t group_end(const abn_scene *c, size_t k)
{
    while (k + 1 < c->subjects.n && c->subjects.at[k + 1].joined)
        k++;
    return k;
}

/* "X and Y fell 4% and 3%": as many figures in a row as there are names. */
static bool counts_agree(const abn_scene *c, size_t index, size_t members)
{
    size_t first = index, last = index;
    const abn_percent *p = c->figures.percent;
    while (first > 0 && p[first].inherited && p[first].hedge <= p[first - 1].end + 2)
        first--;
    while (last + 1 < c->figures.n_percents && p[last + 1].inherited &&
           p[last + 1].hedge <= p[last].end + 2)
        last++;
    return members > 1 && last - first + 1 == members;
}

static bool says_respectively(const abn_scene *c)
{
    for (size_t i = 0; i < c->s->n; i++)
        if (is(c, i, IS(RESP))) return true;
    return false;
}

/* "X and Y fell 2% and 3%, respectively": which member of the group the figure is of. */
static size_t respective(const abn_scene *c, size_t index, size_t k)
{
    size_t end = group_end(c, k), start = group_start(c, k);
    size_t first = index;
    while (first > 0 && c->figures.percent[first - 1].at > c->subjects.at[end].at)
        first--;
    size_t member = start + (index - first);
    return member <= end ? member : k;
}

abn_status abn_scene_claim_group(abn_scene *c, size_t index, size_t k, const abn_subject *subject,
                                 abn_error *err)
{
    const abn_percent *p = &c->figures.percent[index];
    size_t start = group_start(c, k), end = group_end(c, k);
    abn_status status = ABN_OK;
    if (end > start && (says_respectively(c) || counts_agree(c, index, end - start + 1))) {
        const abn_subject *s = &c->subjects.at[respective(c, index, k)];
        return s->kind == ABN_SUBJECT_COMPANY ? abn_scene_claim_percent(c, p, s, err) : ABN_OK;
    }
    if (start == end) return abn_scene_claim_percent(c, p, subject, err);
    for (size_t j = start; status == ABN_OK && j <= end; j++)
        if (j == k)
            status = abn_scene_claim_percent(c, p, subject, err);
        else if (c->subjects.at[j].kind == ABN_SUBJECT_COMPANY &&
                 (j == start || c->subjects.at[j].company != c->subjects.at[j - 1].company))
            status = abn_scene_claim_percent(c, p, &c->subjects.at[j], err);
    return status;
}
