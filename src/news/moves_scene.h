/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One sentence at work: what its parts found, for the readers of its moves. */
#ifndef ABNORM_NEWS_MOVES_SCENE_H
#define ABNORM_NEWS_MOVES_SCENE_H

#include "moves.h"

#pragma GCC visibility push(hidden)

typedef struct abn_scene {
    abn_thread *t;
    const abn_sentence *s;
    abn_subjects subjects;
    abn_figures figures;
    bool title_case;
} abn_scene;

bool abn_scene_is_index(const abn_scene *c, const abn_subject *s);
/* The company of a candidate, or NULL (moves_whom.c). */
const abn_company *abn_scene_company(const abn_scene *c, const abn_subject *s);
/* Whom "the stock" at candidate `k` means; false: nobody that is followed. */
bool abn_scene_resolve(const abn_scene *c, size_t k, abn_subject *out);
/* The candidate that unit `i` is said of, or SIZE_MAX. */
size_t abn_scene_subject_before(const abn_scene *c, size_t i);
/* Is the sentence plainly about a price? */
bool abn_scene_speaks_of_price(const abn_scene *c);
/* The candidate that a percentage is said of, or SIZE_MAX (SIZE_MAX - 1: the one in focus). */
size_t abn_scene_subject_of(const abn_scene *c, const abn_percent *p, abn_subject *resolved);
/* Cut the sentence between its figures (moves_place.c). */
void abn_scene_cut(abn_scene *c);
/* Give each percentage the price that goes with it. */
void abn_scene_pair_prices(abn_scene *c);
/* A blank claim; NULL without memory (moves_draft.c). */
abn_draft *abn_scene_draft(abn_scene *c, abn_error *err);
abn_tense abn_scene_tense(const abn_scene *c, size_t cue, bool by_noun);
uint8_t abn_scene_year_horizon(const abn_scene *c, size_t from, size_t to);
void abn_scene_put_when(abn_scene *c, abn_draft *d, const abn_when *w, abn_tense tense);
void abn_draft_put_subject(abn_draft *d, const abn_subject *s);
void abn_draft_put_price(abn_draft *d, const abn_price *q);
/* Hand premarket and after hours on to the next figures (moves_percent.c). */
void abn_scene_carry_session(abn_scene *c, const abn_when *w);
abn_status abn_scene_claim_percent(abn_scene *c, const abn_percent *p, const abn_subject *subject,
                                   abn_error *err);
abn_status abn_scene_claim_group(abn_scene *c, size_t index, size_t k, const abn_subject *subject,
                                 abn_error *err);
/* Claims without a percentage (moves_price.c). */
abn_status abn_scene_claim_price(abn_scene *c, const abn_price *q, abn_error *err);
abn_status abn_scene_claim_extremes(abn_scene *c, size_t first_draft, abn_error *err);
abn_status abn_scene_claim_row(abn_scene *c, abn_error *err);

#pragma GCC visibility pop

#endif
