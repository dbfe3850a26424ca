/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "moves_scene.h"

#include <string.h>

#define IS ABN_IS

static bool is(const abn_scene *c, size_t i, uint64_t cues)
{
    return abn_unit_is(c->s, i, cues);
}

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
static void note_session(abn_scene *c, const abn_percent *p)
{
    abn_when w = {0};
    abn_when_read(c->s, p->from, p->to, p->at, &w);
    abn_scene_carry_session(c, &w);
}

static abn_status claim_all(abn_scene *c, abn_error *err)
{
    abn_status status = ABN_OK;
    size_t first_draft = c->t->drafts.n;
    abn_figures_find(c->t->lexicon, c->s, &c->subjects, &c->figures);
    abn_figures_direct(c->t->lexicon, c->s, &c->subjects, &c->figures);
    abn_scene_pair_prices(c);
    abn_scene_cut(c);
    for (size_t k = 0; status == ABN_OK && k < c->figures.n_percents; k++) {
        abn_percent *p = &c->figures.percent[k];
        abn_subject subject;
        if (p->dir == ABN_DIR_AS_BEFORE) p->dir = c->t->last_dir ? c->t->last_dir : 1;
        if (!p->dir) continue;
        size_t at = abn_scene_subject_of(c, p, &subject);
        if (at == SIZE_MAX || !abn_percent_is_move(c->t->lexicon, c->s, p, &subject)) {
            note_session(c, p);
            continue;
        }
        status = at == SIZE_MAX - 1 ? abn_scene_claim_percent(c, p, &subject, err)
                                    : abn_scene_claim_group(c, k, at, &subject, err);
    }
    for (size_t j = 0; status == ABN_OK && j < c->figures.n_prices; j++)
        if (!c->figures.price[j].taken)
            status = abn_scene_claim_price(c, &c->figures.price[j], err);
    if (status == ABN_OK) status = abn_scene_claim_extremes(c, first_draft, err);
    if (status == ABN_OK && c->t->drafts.n == first_draft) status = abn_scene_claim_row(c, err);
    return status;
}

/* Somebody whose shares the next sentence may go on about. */
static bool takes_focus(const abn_scene *c, const abn_subject *s)
{
    if (s->oblique || abn_scene_is_index(c, s)) return false;
    if (s->kind == ABN_SUBJECT_COMPANY) return true;
    return s->kind == ABN_SUBJECT_OTHER && s->company == UINT32_MAX &&
           (s->stock || is(c, s->end, IS(MOVE)));
}

/* The first company that the document names. */
static void move_main(abn_scene *c)
{
    for (size_t k = 0; k < c->subjects.n && !c->t->has_main; k++) {
        const abn_subject *s = &c->subjects.at[k];
        if (s->company == UINT32_MAX || abn_scene_is_index(c, s)) continue;
        c->t->main = *s;
        c->t->has_main = true;
    }
}

/* Whom the next sentence's "the stock" will mean: this one's first candidate that is somebody, else
 * the first company that it names in any way. */
static void move_focus(abn_scene *c)
{
    const abn_subject *found = NULL;
    move_main(c);
    for (size_t k = 0; k < c->subjects.n && !found; k++) {
        const abn_subject *s = &c->subjects.at[k];
        if (s->kind == ABN_SUBJECT_FOCUS && s->stock && !s->oblique) return;
        if (takes_focus(c, s)) found = s;
    }
    for (size_t k = 0; k < c->subjects.n && !found; k++)
        if (abn_scene_company(c, &c->subjects.at[k]) && !abn_scene_is_index(c, &c->subjects.at[k]))
            found = &c->subjects.at[k];
    if (!found) return;
    c->t->focus = *found;
    if (found->company != UINT32_MAX) c->t->focus.kind = ABN_SUBJECT_COMPANY;
}

static void move_named(abn_scene *c)
{
    abn_thread *t = c->t;
    for (size_t k = 0; k < c->subjects.n; k++) {
        const abn_subject *s = &c->subjects.at[k];
        size_t i = 0;
        if (s->company == UINT32_MAX || abn_scene_is_index(c, s)) continue;
        while (i < t->n_named && t->named[i] != s->company)
            i++;
        if (i == t->n_named && i < ABN_NAMED_MAX) t->named[t->n_named++] = s->company;
    }
}

/* Weekly columns: the title and the sentence before both speak of the week. */
static void move_horizon(abn_scene *c)
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
static void move_last(abn_scene *c)
{
    bool nouns = abn_lexicon_capital_nouns(c->t->lexicon);
    for (size_t k = 0; k < c->subjects.n; k++) {
        const abn_subject *s = &c->subjects.at[k];
        if (s->oblique || s->kind == ABN_SUBJECT_ACCOUNT) continue;
        bool market = is(c, s->at, IS(STOCKS));
        if (s->kind == ABN_SUBJECT_OTHER && nouns && !s->stock && !market) continue;
        c->t->last_somebody = (s->kind == ABN_SUBJECT_COMPANY && !abn_scene_is_index(c, s)) ||
                              s->kind == ABN_SUBJECT_FOCUS || s->company != UINT32_MAX;
        if (abn_scene_is_index(c, s)) c->t->last_somebody = false;
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
static void move_venue(abn_scene *c)
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
    abn_scene c; /* large: its lists are filled below, never cleared */
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
