/* SPDX-License-Identifier: GPL-3.0-or-later */
/* P(day | claims) ~ P(day) * product over groups of claims of sum over the sessions that their
 * words can mean of P(session | words, day) * product over the group of P(claim | session) /
 * P(claim). */
#include "dater.h"
#include "likelihood.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ASSERTED       0.5
#define OUTSIDE        0.12 /* prior of a day that the quotes do not have */
#define WEEKEND        0.3  /* as much is written on such a day as on a weekday */
#define LISTED         1e-4 /* least probability of a candidate worth keeping */
#define SURPRISING     0.5  /* below: the claim does not fit its session */
#define OVERRULES      4    /* above: another session explains it where words allow it */
#define OVERRULES_WORD 20   /* and where the words name a session */

typedef struct weighing {
    abn_dater *dater;
    const abn_reading *reading;
    const char *lang;
    size_t n;                     /* claims weighed */
    bool tells[ABN_DATED_CLAIMS]; /* whether claim_ratio holds its ratios */
    const abn_tape *tape[ABN_DATED_CLAIMS];
    const abn_group *of[ABN_DATED_CLAIMS]; /* NULL: of no group */
    abn_group group[ABN_GROUPS];
    int n_groups;
    double outside; /* weight of "elsewhere" beside dater->posterior, both of sum `total` */
} weighing;

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

static abn_group *group_of(weighing *w, const abn_market *market, const abn_claim *claim)
{
    abn_session_key key = abn_session_key_of(claim, w->lang, market->exchange);
    abn_dater *dater = w->dater;
    for (int g = 0; g < w->n_groups; g++)
        if (w->group[g].market == market && abn_session_key_same(&w->group[g].key, &key))
            return &w->group[g];
    if (w->n_groups == ABN_GROUPS ||
        !column(&dater->group_ratio[w->n_groups], (size_t)dater->n + 1))
        return NULL;
    abn_group *group = &w->group[w->n_groups];
    *group = (abn_group){market, key, dater->group_ratio[w->n_groups], 0};
    for (int i = 0; i <= dater->n; i++)
        group->ratio[i] = 1;
    w->n_groups++;
    return group;
}

static void join(const abn_dater *dater, abn_group *group, const abn_tape *h, const double *ratio)
{
    for (size_t s = 0; s < h->n; s++)
        group->ratio[h->date[s] - dater->first] *= ratio[s];
    group->n_claims++;
}

static abn_status weigh_claims(weighing *w, abn_error *err)
{
    abn_dater *dater = w->dater;
    w->n = w->reading->n_claims < ABN_DATED_CLAIMS ? w->reading->n_claims : ABN_DATED_CLAIMS;
    for (size_t i = 0; i < w->n; i++) {
        const abn_claim *claim = &w->reading->claim[i];
        uint32_t at = abn_dater_index(dater, claim->symbol);
        w->tells[i] = false, w->of[i] = NULL, w->tape[i] = NULL;
        if (at == ABN_MAP_NONE) continue;
        const abn_tape *h = w->tape[i] = dater->tape[at];
        if (!column(&dater->claim_ratio[i], dater->longest)) return abn_fail_memory(err);
        double *ratio = dater->claim_ratio[i];
        for (size_t s = 0; s < h->n; s++)
            ratio[s] = 1;
        w->tells[i] = abn_likelihood_apply(claim, h, ratio);
        abn_group *group = group_of(w, dater->market_of[at], claim);
        w->of[i] = group;
        if (group && w->tells[i] && !repeated(w->reading, i)) join(dater, group, h, ratio);
    }
    return ABN_OK;
}

static void weigh_weekday(const abn_dater *dater, int weekday, const double share[7],
                          double *posterior)
{
    int back = (abn_weekday(dater->first) - weekday + 7) % 7;
    for (int d = 0; d < dater->n; d++, back = (back + 1) % 7)
        posterior[d] *= share[back];
}

/* Each weekday that the text names tells about its day once, however many claims name it. */
static void weigh_weekdays(const weighing *w, double *posterior)
{
    static const double own[7] = {5.6, 0.9, 0.14, 0.21, 0.05, 0.05, 0.05};
    double named[7];
    int weekday = w->reading->day_weekday;
    unsigned done = 0;
    for (int lag = 0; lag < 7; lag++)
        named[lag] = abn_weekday_ratio(lag);
    if (weekday) {
        weigh_weekday(w->dater, weekday, own, posterior);
        done |= 1u << weekday;
    }
    for (int g = 0; g < w->n_groups; g++) {
        const abn_session_key *key = &w->group[g].key;
        if (key->word != ABN_SESSION_WEEKDAY || !w->group[g].n_claims) continue;
        if (!(done & 1u << key->weekday)) weigh_weekday(w->dater, key->weekday, named, posterior);
        done |= 1u << key->weekday;
    }
}

/* Scale so that long products stay in range; "elsewhere" goes along. */
static void rescale(double *posterior, int n, double *outside)
{
    double most = *outside;
    for (int d = 0; d < n; d++)
        if (posterior[d] > most) most = posterior[d];
    if (!(most > 0) || (most > 1e-30 && most < 1e30)) return;
    for (int d = 0; d < n; d++)
        posterior[d] /= most;
    *outside /= most;
}

/* False when no claim tells days apart. */
static bool weigh_days(weighing *w)
{
    abn_dater *dater = w->dater;
    double *posterior = dater->posterior, total = 0;
    bool told = false;
    for (int g = 0; g < w->n_groups; g++)
        told |= w->group[g].n_claims > 0;
    if (!told) return false;
    int weekday = abn_weekday(dater->first);
    for (int d = 0; d < dater->n; d++, weekday = weekday % 7 + 1) {
        posterior[d] = weekday > 5 ? WEEKEND : 1;
        total += posterior[d];
    }
    w->outside = total * OUTSIDE / (1 - OUTSIDE);
    weigh_weekdays(w, posterior);
    for (int g = 0; g < w->n_groups; g++) {
        if (!w->group[g].n_claims) continue;
        abn_session_spread(w->group[g].market, &w->group[g].key, w->group[g].ratio, posterior);
        rescale(posterior, dater->n, &w->outside);
    }
    total = w->outside;
    for (int d = 0; d < dater->n; d++)
        total += posterior[d];
    double scale = 1 / total;
    for (int d = 0; d < dater->n; d++)
        posterior[d] *= scale;
    w->outside *= scale;
    return true;
}

/* The likeliest days, by insertion into a short list. */
static void list_days(const abn_dater *dater, abn_dating *out)
{
    double least = LISTED;
    for (int d = 0; d < dater->n; d++) {
        double p = dater->posterior[d];
        if (p <= least) continue;
        size_t i = out->n_days < ABN_DAYS_MAX ? out->n_days++ : ABN_DAYS_MAX - 1;
        for (; i > 0 && out->day[i - 1].probability < p; i--)
            out->day[i] = out->day[i - 1];
        out->day[i] = (abn_day){dater->first + d, p};
        if (out->n_days == ABN_DAYS_MAX) least = out->day[ABN_DAYS_MAX - 1].probability;
    }
}

/* ---- each claim's session, once days are weighed ---- */

#define CHOICES 64

typedef struct choices {
    abn_option at[CHOICES];
    int n;
    double total;
} choices;

static void choose(choices *c, int day, double weight)
{
    c->total += weight;
    for (int i = 0; i < c->n; i++)
        if (c->at[i].day == day) {
            c->at[i].weight += weight;
            return;
        }
    if (c->n < CHOICES) c->at[c->n++] = (abn_option){day, weight};
}

/* Share a day's weight among the sessions that its words can mean, by how they explain the group.
 */
static void choose_from(choices *c, const abn_group *g, int day, double weight)
{
    abn_option option[ABN_OPTIONS_MAX];
    int n = abn_session_options(g->market, &g->key, day, option);
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += option[i].weight *= g->ratio[option[i].day];
    for (int i = 0; i < n && sum > 0; i++)
        choose(c, option[i].day, weight * option[i].weight / sum);
    if (!n) c->total += weight;
}

static size_t row_of(const abn_tape *h, abn_date date)
{
    size_t row = h ? abn_tape_at(h, date) : ABN_NO_SESSION;
    return row != ABN_NO_SESSION && h->date[row] == date ? row : ABN_NO_SESSION;
}

/* Where a claim does not fit its group's session but clearly fits a neighbour, prices decide. */
static int overrule(const weighing *w, size_t i, int session)
{
    const abn_dater *dater = w->dater;
    const abn_group *g = w->of[i];
    const abn_tape *h = w->tape[i];
    size_t row = row_of(h, dater->first + session);
    if (!w->tells[i] || row == ABN_NO_SESSION || g->key.word == ABN_SESSION_DATE) return session;
    const double *ratio = dater->claim_ratio[i];
    double best = g->key.word == ABN_SESSION_UNSTATED ? OVERRULES : OVERRULES_WORD;
    int found = session;
    if (ratio[row] >= SURPRISING) return session;
    for (size_t r = row > 2 ? row - 2 : 0; r <= row + 1 && r < h->n; r++)
        if (ratio[r] > best) {
            best = ratio[r];
            found = h->date[r] - dater->first;
        }
    return found;
}

static void place(const weighing *w, size_t i, const abn_dating *dating, abn_claim_session *out)
{
    const abn_dater *dater = w->dater;
    const abn_group *g = w->of[i];
    choices c = {.n = 0};
    *out = (abn_claim_session){ABN_NO_DATE, ABN_NO_SESSION, 0, 1, 0};
    if (!g) return;
    bool settled = dating->published.date != ABN_NO_DATE;
    for (size_t d = 0; d < (settled ? 1 : dating->n_days); d++) {
        abn_day day = settled ? (abn_day){dating->published.date, 1} : dating->day[d];
        int at = day.date - dater->first;
        if (at < 0 || at >= dater->n) continue;
        choose_from(&c, g, at, day.probability);
    }
    int best = -1;
    for (int k = 0; k < c.n; k++)
        if (best < 0 || c.at[k].weight > c.at[best].weight) best = k;
    double among = settled ? c.total : 1; /* an unsettled day leaves the rest to other days */
    if (best < 0 || c.at[best].weight < ASSERTED * among * (settled ? 0.5 : 1)) return;
    int session = overrule(w, i, c.at[best].day);
    out->session = dater->first + session;
    out->probability = c.at[best].weight / among;
    out->row = row_of(w->tape[i], out->session);
    if (!w->tells[i] || out->row == ABN_NO_SESSION) return;
    out->ratio = dater->claim_ratio[i][out->row];
    for (size_t s = 0; s < w->tape[i]->n; s++)
        out->n_fitting += dater->claim_ratio[i][s] > 1;
}

/* Without a bar near the day, words and the exchange's calendar say the session. */
static void place_by_calendar(const weighing *w, const abn_claim *claim, abn_date published,
                              abn_claim_session *out)
{
    const abn_dater *dater = w->dater;
    const abn_exchange *exchange = abn_dater_exchange(dater, claim->symbol);
    abn_session_key key = abn_session_key_of(claim, w->lang, exchange);
    if (key.word == ABN_SESSION_DATE) published = key.date;
    if (published == ABN_NO_DATE) return;
    *out = (abn_claim_session){.row = ABN_NO_SESSION, .probability = ASSERTED, .ratio = 1};
    out->session = abn_session_by_calendar(exchange, &key, published);
    const abn_tape *h = abn_dater_tape(dater, claim->symbol);
    out->row = row_of(h, out->session);
}

static void place_all(const weighing *w, abn_dating *dating)
{
    const abn_reading *reading = w->reading;
    for (size_t i = 0; i < reading->n_claims; i++) {
        abn_claim_session *out = &dating->claim[i];
        *out = (abn_claim_session){ABN_NO_DATE, ABN_NO_SESSION, 0, 1, 0};
        if (i < w->n) place(w, i, dating, out);
        if (out->session == ABN_NO_DATE)
            place_by_calendar(w, &reading->claim[i], dating->published.date, out);
    }
}

static void settle_day(const abn_document *document, abn_dating *out)
{
    out->published = (abn_day){document->published, 1};
    out->basis = document->published_basis;
    if (out->basis == ABN_BASIS_NONE) out->basis = ABN_BASIS_TEXT;
    if (document->published_probability > 0)
        out->published.probability = document->published_probability;
}

abn_status abn_dater_date(abn_dater *dater, const abn_document *document,
                          const abn_reading *reading, abn_dating *out, abn_error *err)
{
    abn_dating dating = {.published = {ABN_NO_DATE, 0}, .n_claims = reading->n_claims};
    dating.claim = calloc(reading->n_claims + 1, sizeof *dating.claim);
    if (!dating.claim) return abn_fail_memory(err);
    weighing w = {.dater = dater, .reading = reading, .lang = document->lang};
    abn_status status = weigh_claims(&w, err);
    if (status != ABN_OK) {
        free(dating.claim);
        return status;
    }
    dating.elsewhere = 1;
    if (document->published != ABN_NO_DATE) {
        settle_day(document, &dating);
    } else if (weigh_days(&w)) {
        list_days(dater, &dating);
        dating.elsewhere = w.outside;
        if (dating.n_days && dating.day[0].probability >= ASSERTED) {
            dating.published = dating.day[0];
            dating.basis = ABN_BASIS_CLAIMS;
        }
    }
    place_all(&w, &dating);
    *out = dating;
    return ABN_OK;
}

abn_status abn_dater_place(abn_dater *dater, const abn_reading *reading, const char *lang,
                           abn_day day, abn_dating *dating, abn_error *err)
{
    weighing w = {.dater = dater, .reading = reading, .lang = lang};
    abn_status status = weigh_claims(&w, err);
    if (status != ABN_OK) return status;
    dating->published = day;
    dating->basis = ABN_BASIS_EVENT;
    place_all(&w, dating);
    return ABN_OK;
}

void abn_dating_free(abn_dating *dating)
{
    if (!dating) return;
    free(dating->claim);
    dating->claim = NULL;
}
