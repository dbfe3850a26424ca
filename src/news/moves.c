/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "moves.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define IS ABN_IS

typedef struct scene {
    abn_thread *t;
    const abn_sentence *s;
    abn_subjects subjects;
    abn_figures figures;
    bool title_case;
} scene;

static bool is(const scene *c, size_t i, uint64_t cues)
{
    return abn_unit_is(c->s, i, cues);
}

static bool mark(const scene *c, size_t i, char m)
{
    return abn_unit_mark(c->s, i, m);
}

/* ---- whom a figure is said of ---- */

static const abn_company *company_of(const scene *c, const abn_subject *s)
{
    return s->company == UINT32_MAX ? NULL : abn_lexicon_company(c->t->lexicon, s->company);
}

static bool is_index(const scene *c, const abn_subject *s)
{
    return company_of(c, s) && company_of(c, s)->index;
}

/* Whom "the stock" means here: a company before it in the sentence, else the thread's focus. */
static bool resolve_focus(const scene *c, size_t k, abn_subject *out)
{
    const abn_subject *at = c->subjects.at;
    abn_subject found = c->t->focus;
    for (size_t j = k; j-- > 0;)
        if (at[j].kind == ABN_SUBJECT_COMPANY &&
            (!is_index(c, &at[j]) || (at[k].pronoun && !at[j].oblique))) {
            found = at[j];
            break;
        } else if (at[j].kind == ABN_SUBJECT_OTHER && !at[j].oblique && at[j].stock) {
            return false;
        }
    if (at[k].pronoun && !c->t->last_somebody && found.at == c->t->focus.at) return false;
    if (found.kind != ABN_SUBJECT_COMPANY && c->t->has_main) return false;
    abn_subject s = at[k]; /* while nobody was named, the company is left to the rest of the text */
    s.kind = ABN_SUBJECT_COMPANY;
    s.company = found.company;
    s.listing = found.listing;
    s.stock = s.anaphora = true;
    *out = s;
    return true;
}

/* A subject right behind the figure: "a 2.9% drop for Apple". */
static size_t subject_after(const scene *c, const abn_percent *p)
{
    size_t i = p->cue != SIZE_MAX && p->cue >= p->end ? p->cue + 1 : p->end;
    if (!is(c, i, IS(OF))) return SIZE_MAX;
    while (i < c->s->n && is(c, i, IS(OF) | IS(DET)))
        i++;
    for (size_t k = 0; k < c->subjects.n; k++)
        if (c->subjects.at[k].at == i) {
            const abn_subject *s = &c->subjects.at[k];
            return s->kind == ABN_SUBJECT_COMPANY || s->kind == ABN_SUBJECT_OTHER || s->stock
                       ? k
                       : SIZE_MAX;
        }
    return SIZE_MAX;
}

/* "pared its gains": what is trimmed is no subject. */
static bool trimmed(const scene *c, const abn_subject *s)
{
    for (size_t i = s->at, steps = 0; i > 0 && steps < 4; steps++)
        if (is(c, --i, IS(TRIM))) return s->kind == ABN_SUBJECT_ACCOUNT;
    return false;
}

/* Where the relative clause that holds unit `i` begins (", which"), or SIZE_MAX. */
static size_t relative_before(const scene *c, size_t i)
{
    for (size_t j = i, steps = 0; j > 1 && steps < 14; steps++) {
        j--;
        if (mark(c, j, ',') || mark(c, j, ';')) return SIZE_MAX;
        if (is(c, j, IS(RELATIVE)) && mark(c, j - 1, ',')) return j;
    }
    return SIZE_MAX;
}

static bool comma_between(const scene *c, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (mark(c, i, ',')) return true;
    return false;
}

/* "Apple, whose sales fell, rose": what a closed relative clause is about says nothing of the verb
 * behind it. */
static bool shut_off(const scene *c, const abn_subject *s, size_t i)
{
    return relative_before(c, s->at) != SIZE_MAX && comma_between(c, s->end, i);
}

/* An index that an earlier company does something to: "Apple led the Dow with a gain". */
static bool is_object(const scene *c, size_t k)
{
    const abn_subject *s = &c->subjects.at[k];
    if (!is_index(c, s) || k == 0 || c->s->at[s->end - 1].possessive) return false;
    const abn_subject *before = &c->subjects.at[k - 1];
    if (before->kind != ABN_SUBJECT_COMPANY || before->oblique || is_index(c, before)) return false;
    bool verb = false;
    for (size_t i = before->end; i < s->at; i++) {
        if (c->s->at[i].kind == ABN_UNIT_MARK || is(c, i, IS(CONJ) | IS(AND) | IS(PERCENT)))
            return false;
        verb |= !is(c, i, IS(DET) | IS(PREP));
    }
    return verb;
}

/* The nearest candidate before unit `i` that no preposition hides; one that does, failing that. A
 * relative clause speaks of what stands before its comma. */
static size_t subject_before(const scene *c, size_t i)
{
    size_t fallback = SIZE_MAX, relative = relative_before(c, i);
    for (size_t k = c->subjects.n; k-- > 0;) {
        const abn_subject *s = &c->subjects.at[k];
        if (s->at >= i || trimmed(c, s) || shut_off(c, s, i) || is_object(c, k)) continue;
        if (!s->oblique || (relative != SIZE_MAX && s->end + 1 == relative)) return k;
        if (fallback == SIZE_MAX && s->kind != ABN_SUBJECT_ACCOUNT) fallback = k;
    }
    return fallback;
}

/* "X passed Y after gaining 5%": a participle behind a conjunction goes with the main subject. */
static size_t subject_main(const scene *c, const abn_percent *p)
{
    if (p->cue == SIZE_MAX || p->cue == 0 || p->cue > p->at || p->inherited) return SIZE_MAX;
    bool behind = is(c, p->cue, IS(MOVE)) && c->s->at[p->cue].term->tense == ABN_TENSE_GERUND &&
                  is(c, p->cue - 1, IS(CONJ) | IS(PREP)) && !is(c, p->cue - 1, IS(AND));
    for (size_t k = 0; behind && k < c->subjects.n && c->subjects.at[k].at < p->cue; k++)
        if (!c->subjects.at[k].oblique && c->subjects.at[k].kind != ABN_SUBJECT_ACCOUNT) return k;
    return SIZE_MAX;
}

/* German puts the subject behind the verb that follows the figure. */
static size_t subject_behind(const scene *c, const abn_percent *p)
{
    if (p->cue == SIZE_MAX || !abn_lexicon_capital_nouns(c->t->lexicon)) return SIZE_MAX;
    size_t verb = p->cue;
    if (verb < p->end) {
        verb = p->end;
        if (!p->by_noun || !is(c, verb, IS(AUX) | IS(NEUTRAL))) return SIZE_MAX;
    }
    for (size_t k = 0; k < c->subjects.n; k++)
        if (c->subjects.at[k].at > verb && c->subjects.at[k].at < verb + 4) return k;
    return SIZE_MAX;
}

/* "After soaring 22% last week, X fell": the subject comes behind the participle's comma. */
static size_t subject_fronted(const scene *c, const abn_percent *p)
{
    if (p->cue == SIZE_MAX || p->cue > p->at) return SIZE_MAX;
    bool loose = is(c, p->cue, IS(PRED)) || c->s->at[p->cue].term->tense >= ABN_TENSE_GERUND;
    for (size_t k = 0; loose && k < c->subjects.n; k++)
        if (c->subjects.at[k].at > p->at && !c->subjects.at[k].oblique) {
            size_t i = c->subjects.at[k].at;
            while (i > p->at && is(c, i - 1, IS(DET) | IS(VENUE)))
                i--;
            return mark(c, i - 1, ',') ? k : SIZE_MAX;
        }
    return SIZE_MAX;
}

/* May a sentence that names nobody speak of whom the last one did? Only when it is plainly about a
 * price. */
static bool speaks_of_price(const scene *c)
{
    for (size_t i = 0; i < c->s->n; i++)
        if (is(c, i, IS(SESSION) | IS(EXTREME) | IS(RECORD)) ||
            (is(c, i, IS(HORIZON)) &&
             (c->s->n < 14 || c->s->at[i].term->horizon == ABN_HORIZON_YTD)))
            return true;
    return false;
}

/* "led by Alibaba (up 5.7%)", "a boost from Apple, up 2%": who stands before the bracket or comma
 * that sets the figure apart. */
static size_t subject_of_bracket(const scene *c, const abn_percent *p)
{
    size_t i = p->cue != SIZE_MAX && p->cue < p->hedge ? p->cue : p->hedge;
    bool apposed = i > 0 && mark(c, i - 1, ',') && p->cue != SIZE_MAX && is(c, p->cue, IS(PRED));
    if (i == 0 || (!mark(c, i - 1, '(') && !apposed)) return SIZE_MAX;
    for (size_t k = 0; k < c->subjects.n; k++) {
        const abn_subject *s = &c->subjects.at[k];
        if (s->end == i - 1 && (!apposed || s->kind == ABN_SUBJECT_COMPANY)) return k;
    }
    return SIZE_MAX;
}

/* The candidate that a percentage is said of, or SIZE_MAX; `*resolved` gets it with its company. */
static size_t subject_of(const scene *c, const abn_percent *p, abn_subject *resolved)
{
    size_t k = subject_of_bracket(c, p);
    if (k == SIZE_MAX && (p->by_noun || p->cue == SIZE_MAX)) k = subject_after(c, p);
    if (k == SIZE_MAX) k = subject_main(c, p);
    if (k == SIZE_MAX) k = subject_before(c, p->hedge);
    if (k == SIZE_MAX || c->subjects.at[k].oblique) {
        size_t behind = subject_behind(c, p);
        if (behind != SIZE_MAX) k = behind;
    }
    if (k == SIZE_MAX) k = subject_fronted(c, p);
    if (k == SIZE_MAX) {
        bool nobody = c->t->focus.kind != ABN_SUBJECT_COMPANY && c->t->has_main;
        if (c->subjects.n || nobody || !c->t->last_somebody || !speaks_of_price(c)) return SIZE_MAX;
        *resolved = c->t->focus;
        resolved->kind = ABN_SUBJECT_COMPANY;
        resolved->anaphora = true;
        resolved->at = resolved->end = 0;
        return SIZE_MAX - 1;
    }
    *resolved = c->subjects.at[k];
    if (resolved->kind == ABN_SUBJECT_FOCUS && !resolve_focus(c, k, resolved)) return SIZE_MAX;
    return resolved->kind == ABN_SUBJECT_COMPANY ? k : SIZE_MAX;
}

/* ---- what belongs to a figure ---- */

/* Cut the sentence between figures: the first clause mark or "and" after a figure and its price
 * ends what speaks of it. */
static size_t cut_after(const scene *c, size_t from, size_t next)
{
    for (size_t i = from; i < next; i++)
        if (mark(c, i, ',') || mark(c, i, ';') || mark(c, i, ':') || mark(c, i, '-') ||
            is(c, i, IS(AND) | IS(CONJ)))
            return i;
    return next;
}

/* What speaks of the last figure ends where another clause begins. */
static size_t clause_end(const scene *c, size_t from)
{
    for (size_t i = from; i < c->s->n; i++)
        if (mark(c, i, ';') || mark(c, i, ':') || is(c, i, IS(AND) | IS(CONJ))) return i;
    return c->s->n;
}

/* A semicolon before the figure cuts off what went before. */
static size_t clause_start(const scene *c, size_t from, size_t at)
{
    for (size_t i = at; i > from; i--)
        if (mark(c, i - 1, ';')) return i;
    return from;
}

static size_t behind_price(const scene *c, const abn_percent *p)
{
    return p->level == SIZE_MAX || c->figures.price[p->level].end < p->end
               ? p->end
               : c->figures.price[p->level].end;
}

static void cut(scene *c)
{
    size_t from = 0;
    for (size_t k = 0; k < c->figures.n_percents; k++) {
        abn_percent *p = &c->figures.percent[k];
        bool last = k + 1 == c->figures.n_percents;
        size_t end = clause_end(c, behind_price(c, p));
        p->from = clause_start(c, from, p->at);
        p->to = last ? c->s->n : cut_after(c, behind_price(c, p), c->figures.percent[k + 1].at);
        from = p->to;
        if (p->to > end) p->to = end;
    }
}

/* Between a price and the percentage after it: "at $12, up 3%", "bei 12 Euro um 3 Prozent". */
static bool price_leads(const scene *c, const abn_price *price, const abn_percent *p)
{
    if (p->at - price->end > 9) return false;
    for (size_t i = price->end; i < p->at; i++) {
        bool between = mark(c, i, ',') || mark(c, i, '(') ||
                       is(c, i,
                          IS(HEDGE) | IS(PRED) | IS(BY) | IS(MOVE) | IS(NOUN) | IS(OF) | IS(AND) |
                              IS(CURRENCY) | IS(FUNC) | IS(DET) | IS(SIGN)) ||
                       c->s->at[i].kind == ABN_UNIT_NUMBER;
        if (!between) return false;
    }
    return true;
}

/* Between a percentage and the price after it: "3% to $12", "3% higher at $12", "3% ($12)". */
static bool price_follows(const scene *c, const abn_percent *p, const abn_price *price)
{
    if (price->at < p->end || price->at - p->end > 18) return false;
    size_t strange = 0;
    for (size_t i = p->end; i < price->at; i++) {
        if (mark(c, i, ';') || is(c, i, IS(CONJ) & ~IS(PREP))) return false;
        if (is(c, i, IS(MOVE)) && !is(c, i, IS(NEUTRAL) | IS(TO) | IS(PRED))) strange += 2;
        if (c->s->at[i].is == 0 && c->s->at[i].kind == ABN_UNIT_WORD) strange++;
        if (c->s->at[i].kind == ABN_UNIT_NUMBER && c->s->at[i].value > 31 &&
            c->s->at[i].value < 1900)
            strange++;
        if (is(c, i, IS(ACCOUNT) | IS(NOT_MOVE) | IS(NAME)) && !is(c, i, IS(TO) | IS(PREP)))
            return false;
    }
    bool bracket = price->at > 0 && mark(c, price->at - 1, '(');
    return strange <= 1 && (price->lead != SIZE_MAX || bracket);
}

/* "kostete zuletzt 12 Euro": a verb of standing before the price, without "at". */
static bool stands_at(const scene *c, const abn_price *q)
{
    for (size_t i = q->at, steps = 0; q->stated && i > 0 && steps < 3; steps++)
        if (is(c, --i, IS(NEUTRAL))) return !is(c, i, IS(PREP));
    return false;
}

/* Give each percentage the price that goes with it. */
static void pair_prices(scene *c)
{
    for (size_t k = 0; k < c->figures.n_percents; k++) {
        abn_percent *p = &c->figures.percent[k];
        size_t next = k + 1 < c->figures.n_percents ? c->figures.percent[k + 1].at : c->s->n;
        size_t prev = k ? c->figures.percent[k - 1].end : 0;
        for (size_t j = 0; j < c->figures.n_prices; j++) {
            abn_price *q = &c->figures.price[j];
            if (q->taken || q->change || q->past || q->at < prev || q->at >= next) continue;
            bool fits = q->at > p->at
                            ? price_follows(c, p, q)
                            : (q->lead != SIZE_MAX || stands_at(c, q)) && price_leads(c, q, p);
            if (!fits) continue;
            p->level = j;
            q->taken = true;
            break;
        }
    }
}

/* ---- claims ---- */

static abn_draft *new_draft(scene *c, abn_error *err)
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

static abn_tense tense_of(const scene *c, size_t cue, bool by_noun)
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
static uint8_t year_horizon(const scene *c, size_t from, size_t to)
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

static void put_when(scene *c, abn_draft *d, const abn_when *w, abn_tense tense)
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

static void put_subject(abn_draft *d, const abn_subject *s)
{
    d->company = s->company;
    d->anaphora = s->anaphora;
    d->listing = s->listing;
}

static void put_price(abn_draft *d, const abn_price *q)
{
    d->claim.level = q->value;
    d->claim.level_unit = q->half;
    memcpy(d->claim.currency, q->currency, sizeof q->currency);
}

/* "down 20% from its September high" measures more than a session. */
static bool from_extreme(const scene *c, const abn_percent *p)
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
static bool given_up(const scene *c, const abn_percent *p)
{
    for (size_t i = p->hedge, steps = 0; i > p->from && steps < 3; steps++) {
        i--;
        if (is(c, i, IS(TO))) return false;
        if (is(c, i, IS(TRIM))) return p->by_noun && p->cue != SIZE_MAX && p->cue >= p->end;
    }
    return false;
}

/* What the sentence says before its first figure holds for all its figures. */
static void read_when(const scene *c, const abn_percent *p, const abn_subject *subject, abn_when *w)
{
    abn_when_read(c->s, p->from, p->to, p->at, w);
    if (subject->end > subject->at)
        abn_when_read(c->s, subject->at, subject->end + 3 < c->s->n ? subject->end + 3 : c->s->n,
                      subject->at, &(abn_when){0});
    if (!w->horizon && p->from < p->at) {
        size_t near = p->at > 6 ? p->at - 6 : 0;
        w->horizon = year_horizon(c, near > p->from ? near : p->from, p->to);
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

static abn_hedge hedge_of(const scene *c, const abn_percent *p)
{
    for (size_t i = p->hedge; i < p->at; i++)
        if (c->s->at[i].term->hedge == ABN_HEDGE_AS_MUCH_AS) return ABN_HEDGE_AS_MUCH_AS;
    if (p->hedge < p->at) return (abn_hedge)c->s->at[p->at - 1].term->hedge;
    return ABN_HEDGE_NONE;
}

/* "for a fifth straight session": the sessions of one sign up to this one, 0 when it is not said or
 * the streak was broken. */
static int streak_near(const scene *c, const abn_percent *p)
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
static void carry_session(scene *c, const abn_when *w)
{
    bool extended = w->session == ABN_AT_PREMARKET || w->session == ABN_AT_AFTERHOURS;
    if (w->stated || w->day) c->t->session = extended ? w->session : ABN_AT_NONE;
}

static abn_status claim_percent(scene *c, const abn_percent *p, const abn_subject *subject,
                                abn_error *err)
{
    abn_draft *d = new_draft(c, err);
    if (!d) return ABN_MEMORY;
    abn_when w = {0};
    read_when(c, p, subject, &w);
    carry_session(c, &w);
    d->claim.hedge = hedge_of(c, p);
    c->t->last_dir = p->dir;
    d->claim.pct = p->dir * fabs(p->value);
    d->claim.pct_unit = p->half;
    if (p->level != SIZE_MAX) put_price(d, &c->figures.price[p->level]);
    put_subject(d, subject);
    put_when(c, d, &w, tense_of(c, p->cue, p->by_noun));
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
static size_t group_start(const scene *c, size_t k)
{
    while (k > 0 && c->subjects.at[k].joined)
        k--;
    return k;
}

static size_t group_end(const scene *c, size_t k)
{
    while (k + 1 < c->subjects.n && c->subjects.at[k + 1].joined)
        k++;
    return k;
}

/* "X and Y fell 4% and 3%": as many figures in a row as there are names. */
static bool counts_agree(const scene *c, size_t index, size_t members)
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

static bool says_respectively(const scene *c)
{
    for (size_t i = 0; i < c->s->n; i++)
        if (is(c, i, IS(RESP))) return true;
    return false;
}

/* "X and Y fell 2% and 3%, respectively": which member of the group the figure is of. */
static size_t respective(const scene *c, size_t index, size_t k)
{
    size_t end = group_end(c, k), start = group_start(c, k);
    size_t first = index;
    while (first > 0 && c->figures.percent[first - 1].at > c->subjects.at[end].at)
        first--;
    size_t member = start + (index - first);
    return member <= end ? member : k;
}

static abn_status claim_group(scene *c, size_t index, size_t k, const abn_subject *subject,
                              abn_error *err)
{
    const abn_percent *p = &c->figures.percent[index];
    size_t start = group_start(c, k), end = group_end(c, k);
    abn_status status = ABN_OK;
    if (end > start && (says_respectively(c) || counts_agree(c, index, end - start + 1))) {
        const abn_subject *s = &c->subjects.at[respective(c, index, k)];
        return s->kind == ABN_SUBJECT_COMPANY ? claim_percent(c, p, s, err) : ABN_OK;
    }
    if (start == end) return claim_percent(c, p, subject, err);
    for (size_t j = start; status == ABN_OK && j <= end; j++)
        if (j == k)
            status = claim_percent(c, p, subject, err);
        else if (c->subjects.at[j].kind == ABN_SUBJECT_COMPANY &&
                 (j == start || c->subjects.at[j].company != c->subjects.at[j - 1].company))
            status = claim_percent(c, p, &c->subjects.at[j], err);
    return status;
}

/* ---- prices without a percentage ---- */

/* A verb or extreme that makes the amount a price, before it and after its subject. */
static size_t price_cue(const scene *c, const abn_price *q, size_t from)
{
    for (size_t i = q->at; i > from; i--) {
        if (mark(c, i - 1, ';')) break;
        if (is(c, i - 1, IS(NOT_MOVE) | IS(COND) | IS(DISTANCE) | IS(ACCOUNT)) &&
            !is(c, i - 1, IS(TO) | IS(PREP)))
            return SIZE_MAX;
        if (is(c, i - 1,
               IS(NEUTRAL) | IS(MOVE) | IS(PRED) | IS(SEPARABLE) | IS(SESSION) | IS(EXTREME) |
                   IS(RECORD)) &&
            q->at - i < 14)
            return i - 1;
    }
    return SIZE_MAX;
}

static bool reads_as_price(const scene *c, const abn_price *q, size_t cue)
{
    if (q->change || q->past || q->taken) return false;
    if (q->lead != SIZE_MAX) return true;
    size_t i = q->at;
    while (i > cue + 1 && (is(c, i - 1, IS(HEDGE) | IS(OF) | IS(DET) | IS(FUNC) | IS(AUX)) ||
                           mark(c, i - 1, ':') || mark(c, i - 1, ',')))
        i--;
    bool hedged =
        i < q->at && is(c, i, IS(HEDGE)) && c->s->at[i].term->hedge == ABN_HEDGE_AS_MUCH_AS;
    return i == cue + 1 && (hedged || is(c, cue, IS(NEUTRAL) | IS(EXTREME) | IS(RECORD)));
}

/* "fell $5.70 to $138.02": the signed change right before a price, or NaN. */
static double change_before(const scene *c, const abn_price *q)
{
    const abn_price *first = c->figures.price;
    if (q == first || !q[-1].change || q->at - q[-1].end > 3) return NAN;
    size_t i = q[-1].at;
    if (i == 0 || !is(c, i - 1, IS(MOVE) | IS(PRED))) return NAN;
    double value = q[-1].value;
    if (is(c, q[-1].end - 1, IS(CENTS))) value /= 100;
    return c->s->at[i - 1].term->dir * value;
}

/* "as high as $12", "jusqu'à 12 dollars". */
static bool running_extreme(const scene *c, const abn_price *q)
{
    for (size_t i = q->lead < q->at ? q->lead : q->at; i <= q->at; i++)
        if (i > 0 && is(c, i - (i == q->at), IS(HEDGE)) &&
            c->s->at[i - (i == q->at)].term->hedge == ABN_HEDGE_AS_MUCH_AS)
            return true;
    return false;
}

static abn_status claim_price(scene *c, const abn_price *q, abn_error *err)
{
    size_t k = subject_before(c, q->at);
    abn_subject subject;
    if (k == SIZE_MAX) {
        if (c->t->focus.kind != ABN_SUBJECT_COMPANY || !speaks_of_price(c)) return ABN_OK;
        subject = c->t->focus;
        subject.at = subject.end = 0;
    } else {
        subject = c->subjects.at[k];
        if (subject.kind == ABN_SUBJECT_FOCUS && !resolve_focus(c, k, &subject)) return ABN_OK;
        if (subject.kind != ABN_SUBJECT_COMPANY) return ABN_OK;
    }
    /* an index's level to the hundredth is one; round ones are thresholds as often */
    bool index = is_index(c, &subject);
    if (index && (q->half > 0.05 || q->value < 500)) return ABN_OK;
    if (k != SIZE_MAX && c->subjects.at[k].pronoun && !speaks_of_price(c)) return ABN_OK;
    size_t cue = price_cue(c, q, subject.end);
    if (cue == SIZE_MAX && subject.end) /* the verb may stand before its subject */
        cue = price_cue(c, q, subject.at > 5 ? subject.at - 5 : 0);
    if (cue == SIZE_MAX || (!q->stated && !index) || !reads_as_price(c, q, cue)) return ABN_OK;
    abn_draft *d = new_draft(c, err);
    if (!d) return ABN_MEMORY;
    abn_when w = {0};
    size_t from = subject.end > 3 ? subject.end - 3 : 0, own = q->at, to = q->end;
    while (own > from && !is(c, own - 1, IS(CONJ)))
        own--;
    while (to < q->end + 6 && to < c->s->n && !is(c, to, IS(CONJ) | IS(AND)))
        to++;
    abn_when_read(c->s, own, to, q->at, &w);
    abn_when_read(c->s, from, q->end + 6, q->at, &w);
    abn_when_read(c->s, 0, subject.at, 0, &w);
    w.horizon = 0;
    if (running_extreme(c, q)) d->claim.hedge = ABN_HEDGE_AS_MUCH_AS;
    put_price(d, q);
    d->change = change_before(c, q);
    put_subject(d, &subject);
    abn_tense tense = is(c, cue, IS(NEUTRAL) | IS(MOVE)) ? (abn_tense)c->s->at[cue].term->tense
                                                         : ABN_TENSE_PRESENT;
    if (is(c, cue, IS(EXTREME) | IS(RECORD)) && w.session == ABN_AT_NONE)
        w.session = ABN_AT_INTRADAY, w.stated = true;
    put_when(c, d, &w, tense);
    d->start = c->s->at[subject.end ? subject.at : cue].start;
    d->end = c->s->at[q->end - 1].end;
    return ABN_OK;
}

/* ---- "highest since" ---- */

static bool year_at(const scene *c, size_t i, int *year)
{
    const abn_unit *u = abn_unit_at(c->s, i);
    bool is_year = u->kind == ABN_UNIT_NUMBER && u->end - u->start == 4 && u->value >= 1900 &&
                   u->value < 2100 && u->decimals == 0;
    if (is_year) *year = (int)u->value;
    return is_year;
}

static int day_number(const scene *c, size_t i)
{
    const abn_unit *u = abn_unit_at(c->s, i);
    bool day = u->kind == ABN_UNIT_NUMBER && u->decimals == 0 && u->value >= 1 && u->value <= 31 &&
               u->end - u->start <= 2;
    return day ? (int)u->value : 0;
}

/* Read the date after "since" at unit `i` into `since`; false when there is none. */
static bool read_since(const scene *c, size_t i, char since[16])
{
    int year = 0, day = 0, month = 0;
    for (size_t j = i; j < i + 5 && !month; j++) {
        if (year_at(c, j, &year)) {
            since[0] = 0;
            for (int k = 3, y = year; k >= 0; k--, y /= 10)
                since[k] = (char)('0' + y % 10);
            since[4] = 0;
            return true;
        }
        if (is(c, j, IS(MONTH))) {
            month = c->s->at[j].term->month;
            int before = j ? day_number(c, j - 1) : 0, after = day_number(c, j + 1);
            day = before ? before : after;
            size_t y = after ? j + 2 : j + 1;
            if (mark(c, y, ',')) y++;
            year_at(c, y, &year);
        }
        if (mark(c, j, ';') || mark(c, j, '.')) break;
    }
    if (!month) return false;
    char text[32];
    size_t n = 0;
    for (int k = 3, y = year; k >= 0; k--, y /= 10)
        text[k] = year ? (char)('0' + y % 10) : 'X';
    n = 4;
    text[n++] = '-';
    text[n++] = (char)('0' + month / 10);
    text[n++] = (char)('0' + month % 10);
    if (day) {
        text[n++] = '-';
        text[n++] = (char)('0' + day / 10);
        text[n++] = (char)('0' + day % 10);
    }
    text[n] = 0;
    memcpy(since, text, n + 1);
    return true;
}

/* The figure whose claim an extreme at unit `i` goes with: its session is the extreme's. */
static const abn_draft *draft_near(const scene *c, size_t first_draft, uint32_t company)
{
    const abn_drafts *d = &c->t->drafts;
    for (size_t k = d->n; k-- > first_draft;)
        if (d->at[k].company == company) return &d->at[k];
    return NULL;
}

static abn_status claim_since(scene *c, size_t i, size_t since, size_t first_draft, abn_error *err)
{
    const abn_unit *u = &c->s->at[i];
    char date[16];
    for (size_t j = i > 6 ? i - 6 : 0; j < i; j++) /* "on track for its worst day since" */
        if (is(c, j, IS(COND))) return ABN_OK;
    if (!read_since(c, since + (is(c, since, IS(SINCE)) ? 1 : 0), date)) return ABN_OK;
    size_t k = subject_before(c, i);
    abn_subject subject;
    if (k == SIZE_MAX) return ABN_OK;
    subject = c->subjects.at[k];
    if (subject.kind == ABN_SUBJECT_FOCUS && !resolve_focus(c, k, &subject)) return ABN_OK;
    if (subject.kind != ABN_SUBJECT_COMPANY) return ABN_OK;
    const abn_draft *near = draft_near(c, first_draft, subject.company);
    abn_draft of = near ? *near : (abn_draft){.kind_stated = false};
    abn_draft *d = new_draft(c, err);
    if (!d) return ABN_MEMORY;
    if (near) {
        abn_claim blank = d->claim;
        *d = of;
        blank.kind = of.claim.kind;
        blank.session_word = of.claim.session_word;
        blank.session_weekday = of.claim.session_weekday;
        memcpy(blank.currency, of.claim.currency, sizeof blank.currency);
        d->claim = blank;
    } else {
        abn_when w = {0};
        abn_when_read(c->s, 0, c->s->n, i, &w);
        w.horizon = 0;
        put_subject(d, &subject);
        put_when(c, d, &w, ABN_TENSE_NONE);
    }
    if (d->claim.kind == ABN_CLAIM_YTD || d->claim.kind == ABN_CLAIM_UNSPECIFIED)
        d->claim.kind = ABN_CLAIM_CLOSE;
    d->claim.extreme = u->term->dir < 0 ? ABN_EXTREME_LOW : ABN_EXTREME_HIGH;
    d->claim.of_move = (u->is & IS(EXTREME_MOVE)) != 0;
    for (size_t j = i > 3 ? i - 3 : 0; j < since; j++)
        d->claim.closing_extreme |=
            is(c, j, IS(SESSION)) && c->s->at[j].term->session == ABN_AT_CLOSE;
    memcpy(d->claim.since, date, sizeof date);
    d->start = u->start;
    size_t last = since;
    while (last + 1 < c->s->n && last < since + 5 &&
           (c->s->at[last + 1].kind == ABN_UNIT_NUMBER ||
            is(c, last + 1, IS(MONTH) | IS(DET) | IS(PREP))))
        last++;
    while (last > since && is(c, last, IS(DET) | IS(PREP)))
        last--;
    d->end = c->s->at[last].end;
    return ABN_OK;
}

static abn_status claim_extremes(scene *c, size_t first_draft, abn_error *err)
{
    abn_status status = ABN_OK;
    for (size_t i = 0; status == ABN_OK && i < c->s->n; i++) {
        if (!is(c, i, IS(EXTREME) | IS(EXTREME_MOVE) | IS(RECORD))) continue;
        for (size_t j = i + 1; j < i + 6 && j < c->s->n; j++) {
            if (is(c, j, IS(EXTREME) | IS(EXTREME_MOVE) | IS(RECORD)) || mark(c, j, ';')) break;
            if (!is(c, j, IS(SINCE))) continue;
            status = claim_since(c, i, j, first_draft, err);
            i = j;
            break;
        }
    }
    return status;
}

/* ---- rows of tables ---- */

/* "NAME 336,901,993 116.70 +2.90 +2.55": a name, then numbers alone. Where the last three agree as
 * price, change and percentage, that is what they are. */
static abn_status claim_row(scene *c, abn_error *err)
{
    const abn_subject *s = c->subjects.n ? &c->subjects.at[0] : NULL;
    size_t n = c->s->n;
    if (!s || s->at != 0 || s->kind != ABN_SUBJECT_COMPANY || n < s->end + 3 || n > s->end + 8)
        return ABN_OK;
    for (size_t i = s->end; i < n; i++)
        if (c->s->at[i].kind != ABN_UNIT_NUMBER || c->s->at[i].tail) return ABN_OK;
    const abn_unit *u = &c->s->at[n - 3];
    double percent = 100 * u[1].value / (u[0].value - u[1].value);
    bool agree = u[1].sign && u[2].sign == u[1].sign && fabs(percent - u[2].value) < 0.06;
    if (!agree) return ABN_OK;
    abn_draft *d = new_draft(c, err);
    if (!d) return ABN_MEMORY;
    abn_when w = {.session = ABN_AT_CLOSE};
    put_subject(d, s);
    put_when(c, d, &w, ABN_TENSE_NONE);
    d->claim.pct = u[2].value;
    d->claim.pct_unit = u[2].half;
    d->claim.level = u[0].value;
    d->claim.level_unit = u[0].half;
    d->heading = false;
    d->start = c->s->at[0].start;
    d->end = u[2].end;
    return ABN_OK;
}

/* ---- a sentence ---- */

static bool is_title_case(const abn_sentence *s)
{
    size_t words = 0, capitals = 0;
    for (size_t i = 0; i < s->n; i++) {
        const abn_unit *u = &s->at[i];
        if (u->kind != ABN_UNIT_WORD || u->end - u->start < 4) continue;
        words++;
        capitals += u->capital;
    }
    return words >= 4 && capitals * 10 >= words * 7;
}

static bool has_move(const abn_sentence *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->at[i].kind == ABN_UNIT_NUMBER || s->at[i].is & (IS(PERCENT) | IS(SINCE)))
            return true;
    return false;
}

/* Another's figure tells too which hours the paragraph is about. */
static void note_session(scene *c, const abn_percent *p)
{
    abn_when w = {0};
    abn_when_read(c->s, p->from, p->to, p->at, &w);
    carry_session(c, &w);
}

static abn_status claim_all(scene *c, abn_error *err)
{
    abn_status status = ABN_OK;
    size_t first_draft = c->t->drafts.n;
    abn_figures_find(c->t->lexicon, c->s, &c->subjects, &c->figures);
    abn_figures_direct(c->t->lexicon, c->s, &c->subjects, &c->figures);
    pair_prices(c);
    cut(c);
    for (size_t k = 0; status == ABN_OK && k < c->figures.n_percents; k++) {
        abn_percent *p = &c->figures.percent[k];
        abn_subject subject;
        if (p->dir == ABN_DIR_AS_BEFORE) p->dir = c->t->last_dir ? c->t->last_dir : 1;
        if (!p->dir) continue;
        size_t at = subject_of(c, p, &subject);
        if (at == SIZE_MAX || !abn_percent_is_move(c->t->lexicon, c->s, p, &subject)) {
            note_session(c, p);
            continue;
        }
        status = at == SIZE_MAX - 1 ? claim_percent(c, p, &subject, err)
                                    : claim_group(c, k, at, &subject, err);
    }
    for (size_t j = 0; status == ABN_OK && j < c->figures.n_prices; j++)
        if (!c->figures.price[j].taken) status = claim_price(c, &c->figures.price[j], err);
    if (status == ABN_OK) status = claim_extremes(c, first_draft, err);
    if (status == ABN_OK && c->t->drafts.n == first_draft) status = claim_row(c, err);
    return status;
}

/* Somebody whose shares the next sentence may go on about. */
static bool takes_focus(const scene *c, const abn_subject *s)
{
    if (s->oblique || is_index(c, s)) return false;
    if (s->kind == ABN_SUBJECT_COMPANY) return true;
    return s->kind == ABN_SUBJECT_OTHER && s->company == UINT32_MAX &&
           (s->stock || is(c, s->end, IS(MOVE)));
}

/* The first company that the document names. */
static void move_main(scene *c)
{
    for (size_t k = 0; k < c->subjects.n && !c->t->has_main; k++) {
        const abn_subject *s = &c->subjects.at[k];
        if (s->company == UINT32_MAX || is_index(c, s)) continue;
        c->t->main = *s;
        c->t->has_main = true;
    }
}

/* Whom the next sentence's "the stock" will mean: this one's first candidate that is somebody, else
 * the first company that it names in any way. */
static void move_focus(scene *c)
{
    const abn_subject *found = NULL;
    move_main(c);
    for (size_t k = 0; k < c->subjects.n && !found; k++) {
        const abn_subject *s = &c->subjects.at[k];
        if (s->kind == ABN_SUBJECT_FOCUS && s->stock && !s->oblique) return;
        if (takes_focus(c, s)) found = s;
    }
    for (size_t k = 0; k < c->subjects.n && !found; k++)
        if (company_of(c, &c->subjects.at[k]) && !is_index(c, &c->subjects.at[k]))
            found = &c->subjects.at[k];
    if (!found) return;
    c->t->focus = *found;
    if (found->company != UINT32_MAX) c->t->focus.kind = ABN_SUBJECT_COMPANY;
}

static void move_named(scene *c)
{
    abn_thread *t = c->t;
    for (size_t k = 0; k < c->subjects.n; k++) {
        const abn_subject *s = &c->subjects.at[k];
        size_t i = 0;
        if (s->company == UINT32_MAX || is_index(c, s)) continue;
        while (i < t->n_named && t->named[i] != s->company)
            i++;
        if (i == t->n_named && i < ABN_NAMED_MAX) t->named[t->n_named++] = s->company;
    }
}

/* Weekly columns: the title and the sentence before both speak of the week. */
static void move_horizon(scene *c)
{
    uint8_t horizon = 0;
    for (size_t i = 0; i < c->s->n && !horizon; i++)
        if (is(c, i, IS(HORIZON)) && c->s->at[i].term->horizon != ABN_HORIZON_YTD)
            horizon = c->s->at[i].term->horizon;
    if (!c->t->has_title) {
        c->t->title_horizon = horizon;
        c->t->has_title = true;
    }
    if (horizon || c->s->paragraph) c->t->horizon = horizon == c->t->title_horizon ? horizon : 0;
}

/* Whether "it" in the next sentence may mean a company: not when this one is about an index, a
 * market or somebody unknown. */
static void move_last(scene *c)
{
    bool nouns = abn_lexicon_capital_nouns(c->t->lexicon);
    for (size_t k = 0; k < c->subjects.n; k++) {
        const abn_subject *s = &c->subjects.at[k];
        if (s->oblique || s->kind == ABN_SUBJECT_ACCOUNT) continue;
        bool market = is(c, s->at, IS(STOCKS));
        if (s->kind == ABN_SUBJECT_OTHER && nouns && !s->stock && !market) continue;
        c->t->last_somebody = (s->kind == ABN_SUBJECT_COMPANY && !is_index(c, s)) ||
                              s->kind == ABN_SUBJECT_FOCUS || s->company != UINT32_MAX;
        if (is_index(c, s)) c->t->last_somebody = false;
        return;
    }
}

static void count_venue(abn_thread *t, const char *venue)
{
    size_t k = 0;
    t->para_venue = venue;
    while (k < t->n_venues && strcmp(t->venue[k].mics, venue) != 0)
        k++;
    if (k == ABN_VENUES_MAX) return;
    t->n_venues += k == t->n_venues;
    t->venue[k].mics = venue;
    t->venue[k].times++;
}

/* Venues that the sentence names; an index speaks for the listings in its currency. */
static void move_venue(scene *c)
{
    for (size_t i = 0; i < c->s->n; i++) {
        const abn_unit *u = &c->s->at[i];
        if (u->is & IS(CLUE) && c->t->clue == UINT32_MAX) c->t->clue = u->term->company;
        if (u->is & IS(VENUE)) {
            count_venue(c->t, u->term->text);
        } else if (u->is & IS(NAME)) {
            const abn_company *company = abn_lexicon_company(c->t->lexicon, u->term->company);
            if (company->index)
                count_venue(c->t, abn_listings_at(c->t->listings, company->listing[0])->currency);
        }
    }
}

abn_status abn_moves_read(abn_thread *thread, const abn_sentence *sentence, abn_error *err)
{
    scene c; /* large: its lists are filled below, never cleared */
    c.t = thread;
    c.s = sentence;
    c.figures.n_percents = c.figures.n_prices = 0;
    if (sentence->paragraph) {
        thread->session = ABN_AT_NONE;
        thread->para_venue = NULL;
    }
    c.title_case = !abn_lexicon_capital_nouns(thread->lexicon) && is_title_case(sentence);
    abn_subjects_find(thread->lexicon, sentence, c.title_case, &c.subjects);
    abn_status status = has_move(sentence) ? claim_all(&c, err) : ABN_OK;
    move_focus(&c);
    move_last(&c);
    move_named(&c);
    move_horizon(&c);
    move_venue(&c);
    return status;
}
