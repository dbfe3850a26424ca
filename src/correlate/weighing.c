/* SPDX-License-Identifier: GPL-3.0-or-later */
/* P(day | claims) ~ P(day) * product over groups of claims of sum over the sessions that their
 * words can mean of P(session | words, day) * product over the group of P(claim | session) /
 * P(claim). */
#include "weighing.h"
#include "likelihood.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define OUTSIDE 0.2 /* prior of a day that the quotes do not have */
#define WEEKEND 0.3 /* as much is written on such a day as on a weekday */

static bool column(double **slot, size_t n)
{
    if (!*slot) *slot = malloc(n * sizeof(double));
    return *slot != NULL;
}

static bool same_number(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* Said twice is no second witness. */
static bool repeated(const abn_reading *r, size_t i)
{
    const abn_claim *a = &r->claim[i];
    for (size_t j = 0; j < i; j++) {
        const abn_claim *b = &r->claim[j];
        if (!strcmp(a->symbol, b->symbol) && same_number(a->pct, b->pct) &&
            same_number(a->level, b->level) && a->extreme == b->extreme &&
            a->horizon == b->horizon && !strcmp(a->since, b->since))
            return true;
    }
    return false;
}

static abn_group *group_of(abn_weighing *w, const abn_market *market, const abn_claim *claim)
{
    abn_session_key key = abn_session_key_of(claim, w->lang, market->exchange);
    abn_dater *dater = w->dater;
    for (int g = 0; g < w->n_groups; g++)
        if (w->group[g].market == market && abn_session_key_same(&w->group[g].key, &key))
            return &w->group[g];
    if (w->n_groups == ABN_GROUPS) return NULL;
    abn_group *group = &w->group[w->n_groups];
    *group = (abn_group){market, key, dater->group_ratio[w->n_groups], 0};
    for (int i = 0; i <= dater->n; i++)
        group->ratio[i] = 1;
    w->n_groups++;
    return group;
}

static void join(abn_weighing *w, abn_group *group, const abn_tape *h, const double *ratio)
{
    const abn_dater *dater = w->dater;
    int from = h->date[0] - dater->first, to = h->date[h->n - 1] - dater->first + ABN_GRID_PAST;
    if (from < w->range[0]) w->range[0] = from;
    if (to > w->range[1]) w->range[1] = to;
    for (size_t s = 0; s < h->n; s++)
        group->ratio[h->date[s] - dater->first] *= ratio[s];
    group->n_claims++;
    if (group->n_claims % 16) return;
    for (int i = 0; i <= dater->n; i++) /* long products stay in range */
        group->ratio[i] = fmin(group->ratio[i], 1e150);
}

/* What the claims before this one already tell about its session. */
static abn_known known_before(const abn_weighing *w, size_t i, const abn_group *group)
{
    const abn_claim *c = &w->reading->claim[i];
    abn_known known = {false, false};
    for (size_t j = 0; j < i; j++) {
        const abn_claim *b = &w->reading->claim[j];
        if (!w->tells[j] || w->of[j] != group) continue;
        if (!isnan(b->pct) && b->horizon == ABN_HORIZON_DAY && b->kind != ABN_CLAIM_YTD)
            known.moved |= (b->pct < 0) == (c->pct < 0);
        if (!strcmp(b->symbol, c->symbol) && fabs(b->level - c->level) <= 0.06 * c->level)
            known.priced = true;
    }
    return known;
}

/* The claim's ratios, kept while only other claims of the text are read another way. */
static bool ratios_of(abn_dater *dater, size_t i, const abn_claim *claim, const abn_tape *h,
                      abn_known known)
{
    double *ratio = dater->claim_ratio[i];
    if (dater->ratio_of[i] != claim->symbol) {
        for (size_t s = 0; s < h->n; s++)
            ratio[s] = 1;
        dater->ratio_tells[i] = abn_likelihood_apply(claim, h, known, ratio);
        dater->ratio_of[i] = claim->symbol;
    }
    return dater->ratio_tells[i];
}

abn_status abn_weighing_claims(abn_weighing *w, abn_error *err)
{
    abn_dater *dater = w->dater;
    w->range[0] = dater->n, w->range[1] = -1;
    w->n = w->reading->n_claims < ABN_DATED_CLAIMS ? w->reading->n_claims : ABN_DATED_CLAIMS;
    for (size_t i = 0; i < w->n; i++) {
        const abn_claim *claim = &w->reading->claim[i];
        uint32_t at = abn_dater_index(dater, claim->symbol);
        w->tells[i] = false, w->of[i] = NULL, w->tape[i] = NULL;
        if (at == ABN_MAP_NONE) continue;
        const abn_tape *h = w->tape[i] = dater->tape[at];
        if (!column(&dater->claim_ratio[i], dater->longest) ||
            (w->n_groups < ABN_GROUPS &&
             !column(&dater->group_ratio[w->n_groups], (size_t)dater->n + 1)))
            return abn_fail_memory(err);
        abn_group *group = group_of(w, dater->market_of[at], claim);
        w->of[i] = group;
        w->tells[i] = ratios_of(dater, i, claim, h, known_before(w, i, group));
        if (group && w->tells[i] && !repeated(w->reading, i))
            join(w, group, h, dater->claim_ratio[i]);
    }
    return ABN_OK;
}

void abn_weighing_forget(abn_dater *dater)
{
    for (size_t i = 0; i < ABN_DATED_CLAIMS; i++)
        dater->ratio_of[i] = NULL;
}

static void weigh_weekday(double factor[8], int weekday, const double share[7])
{
    for (int day = 1; day <= 7; day++)
        factor[day] *= share[(day - weekday + 7) % 7];
}

/* By weekday of writing: each weekday that the text names tells about it once, however many claims
 * name it. What the text seems to say of its own day may be of something else. */
static void weigh_weekdays(const abn_weighing *w, double factor[8])
{
    static const double own[7] = {4.2, 1.1, 0.35, 0.45, 0.3, 0.3, 0.3};
    double named[7];
    int weekday = w->reading->day_weekday;
    unsigned done = 0;
    for (int lag = 0; lag < 7; lag++)
        named[lag] = abn_weekday_ratio(lag);
    if (weekday) {
        weigh_weekday(factor, weekday, own);
        done |= 1u << weekday;
    }
    for (int g = 0; g < w->n_groups; g++) {
        const abn_session_key *key = &w->group[g].key;
        if (key->word != ABN_SESSION_WEEKDAY || !w->group[g].n_claims) continue;
        if (!(done & 1u << key->weekday)) weigh_weekday(factor, key->weekday, named);
        done |= 1u << key->weekday;
    }
}

/* Days alike but for weekends and the weekdays that the text names; one day alone when it is known;
 * none that no claim's quotes cover, for these cannot be told apart. Returns the sum without the
 * text's words, with "elsewhere". */
static double spread_prior(abn_weighing *w, abn_date only)
{
    const abn_dater *dater = w->dater;
    double *posterior = dater->posterior, named[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    double plain =
        only != ABN_NO_DATE ? 1 : (w->range[1] - w->range[0] + 1) * (5 + 2 * WEEKEND) / 7;
    weigh_weekdays(w, named);
    named[6] *= WEEKEND, named[7] *= WEEKEND;
    int weekday = abn_weekday(dater->first + w->range[0]);
    for (int d = w->range[0]; d <= w->range[1]; d++) {
        posterior[d] = only == ABN_NO_DATE ? named[weekday] : dater->first + d == only;
        weekday = weekday < 7 ? weekday + 1 : 1;
    }
    w->outside = plain * OUTSIDE / (1 - OUTSIDE);
    return plain + w->outside;
}

/* Scale so that long products stay in range; "elsewhere" goes along. */
static void rescale(abn_weighing *w, double most)
{
    if (!(most > 0) || (most > 1e-30 && most < 1e30)) return;
    double scale = 1 / most;
    for (int d = w->range[0]; d <= w->range[1]; d++)
        w->dater->posterior[d] *= scale;
    w->outside *= scale;
    w->evidence += log(most);
}

static double total_of(const abn_weighing *w)
{
    double total = w->outside;
    for (int d = w->range[0]; d <= w->range[1]; d++)
        total += w->dater->posterior[d];
    return total;
}

bool abn_weighing_days(abn_weighing *w, abn_date only)
{
    abn_dater *dater = w->dater;
    bool told = false;
    for (int g = 0; g < w->n_groups; g++)
        told |= w->group[g].n_claims > 0;
    if (!told) return false;
    w->evidence = 0;
    double before = spread_prior(w, only);
    for (int g = 0; g < w->n_groups; g++) {
        const abn_group *group = &w->group[g];
        if (!group->n_claims) continue;
        double most = abn_session_spread(group->market, &group->key, group->ratio, w->range,
                                         dater->posterior);
        rescale(w, most > w->outside ? most : w->outside);
    }
    double scale = 1 / total_of(w);
    w->evidence -= log(scale * before);
    for (int d = w->range[0]; d <= w->range[1]; d++)
        dater->posterior[d] *= scale;
    w->outside *= scale;
    return true;
}
