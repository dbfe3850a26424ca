/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom a figure is said of. */
#include "moves_scene.h"

#define IS ABN_IS

static bool is(const abn_scene *c, size_t i, uint64_t cues)
{
    return abn_unit_is(c->s, i, cues);
}

static bool mark(const abn_scene *c, size_t i, char m)
{
    return abn_unit_mark(c->s, i, m);
}

const abn_company *abn_scene_company(const abn_scene *c, const abn_subject *s)
{
    return s->company == UINT32_MAX ? NULL : abn_lexicon_company(c->t->lexicon, s->company);
}

bool abn_scene_is_index(const abn_scene *c, const abn_subject *s)
{
    return abn_scene_company(c, s) && abn_scene_company(c, s)->index;
}

/* Whom "the stock" means here: a company before it in the sentence, else the thread's focus. */
bool abn_scene_resolve(const abn_scene *c, size_t k, abn_subject *out)
{
    const abn_subject *at = c->subjects.at;
    abn_subject found = c->t->focus;
    for (size_t j = k; j-- > 0;)
        if (at[j].kind == ABN_SUBJECT_COMPANY &&
            (!abn_scene_is_index(c, &at[j]) || (at[k].pronoun && !at[j].oblique))) {
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
static size_t subject_after(const abn_scene *c, const abn_percent *p)
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
static bool trimmed(const abn_scene *c, const abn_subject *s)
{
    for (size_t i = s->at, steps = 0; i > 0 && steps < 4; steps++)
        if (is(c, --i, IS(TRIM))) return s->kind == ABN_SUBJECT_ACCOUNT;
    return false;
}

/* Where the relative clause that holds unit `i` begins (", which"), or SIZE_MAX. */
static size_t relative_before(const abn_scene *c, size_t i)
{
    for (size_t j = i, steps = 0; j > 1 && steps < 14; steps++) {
        j--;
        if (mark(c, j, ',') || mark(c, j, ';')) return SIZE_MAX;
        if (is(c, j, IS(RELATIVE)) && mark(c, j - 1, ',')) return j;
    }
    return SIZE_MAX;
}

static bool comma_between(const abn_scene *c, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (mark(c, i, ',')) return true;
    return false;
}

/* "Apple, whose sales fell, rose": what a closed relative clause is about says nothing of the verb
 * behind it. */
static bool shut_off(const abn_scene *c, const abn_subject *s, size_t i)
{
    return relative_before(c, s->at) != SIZE_MAX && comma_between(c, s->end, i);
}

/* An index that an earlier company does something to: "Apple led the Dow with a gain". */
static bool is_object(const abn_scene *c, size_t k)
{
    const abn_subject *s = &c->subjects.at[k];
    if (!abn_scene_is_index(c, s) || k == 0 || c->s->at[s->end - 1].possessive) return false;
    const abn_subject *before = &c->subjects.at[k - 1];
    if (before->kind != ABN_SUBJECT_COMPANY || before->oblique || abn_scene_is_index(c, before))
        return false;
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
size_t abn_scene_subject_before(const abn_scene *c, size_t i)
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
static size_t subject_main(const abn_scene *c, const abn_percent *p)
{
    if (p->cue == SIZE_MAX || p->cue == 0 || p->cue > p->at || p->inherited) return SIZE_MAX;
    bool behind = is(c, p->cue, IS(MOVE)) && c->s->at[p->cue].term->tense == ABN_TENSE_GERUND &&
                  is(c, p->cue - 1, IS(CONJ) | IS(PREP)) && !is(c, p->cue - 1, IS(AND));
    for (size_t k = 0; behind && k < c->subjects.n && c->subjects.at[k].at < p->cue; k++)
        if (!c->subjects.at[k].oblique && c->subjects.at[k].kind != ABN_SUBJECT_ACCOUNT) return k;
    return SIZE_MAX;
}

/* German puts the subject behind the verb that follows the figure. */
static size_t subject_behind(const abn_scene *c, const abn_percent *p)
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
static size_t subject_fronted(const abn_scene *c, const abn_percent *p)
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
bool abn_scene_speaks_of_price(const abn_scene *c)
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
static size_t subject_of_bracket(const abn_scene *c, const abn_percent *p)
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
size_t abn_scene_subject_of(const abn_scene *c, const abn_percent *p, abn_subject *resolved)
{
    size_t k = subject_of_bracket(c, p);
    if (k == SIZE_MAX && (p->by_noun || p->cue == SIZE_MAX)) k = subject_after(c, p);
    if (k == SIZE_MAX) k = subject_main(c, p);
    if (k == SIZE_MAX) k = abn_scene_subject_before(c, p->hedge);
    if (k == SIZE_MAX || c->subjects.at[k].oblique) {
        size_t behind = subject_behind(c, p);
        if (behind != SIZE_MAX) k = behind;
    }
    if (k == SIZE_MAX) k = subject_fronted(c, p);
    if (k == SIZE_MAX) {
        bool nobody = c->t->focus.kind != ABN_SUBJECT_COMPANY && c->t->has_main;
        if (c->subjects.n || nobody || !c->t->last_somebody || !abn_scene_speaks_of_price(c))
            return SIZE_MAX;
        *resolved = c->t->focus;
        resolved->kind = ABN_SUBJECT_COMPANY;
        resolved->anaphora = true;
        resolved->at = resolved->end = 0;
        return SIZE_MAX - 1;
    }
    *resolved = c->subjects.at[k];
    if (resolved->kind == ABN_SUBJECT_FOCUS && !abn_scene_resolve(c, k, resolved)) return SIZE_MAX;
    return resolved->kind == ABN_SUBJECT_COMPANY ? k : SIZE_MAX;
}
