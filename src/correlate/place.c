/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each claim's session, once days are weighed; and what prices settle about it then. */
#include "weighing.h"
#include <abnorm/verify.h>
#include <math.h>
#include <string.h>

#define ASSERTED       0.5
#define SURPRISING     0.5 /* below: the claim does not fit its session */
#define OVERRULES      4   /* above: another session explains it where words allow it */
#define OVERRULES_WORD 20  /* and where the words name a session */

#define RECALLED 750 /* sessions that a recalled record may lie back */
#define RECORD   100 /* sessions that it was the highest of */

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
static int overrule(const abn_weighing *w, size_t i, int session)
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

static void place(const abn_weighing *w, size_t i, const abn_dating *dating, abn_claim_session *out)
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
static void place_by_calendar(const abn_weighing *w, const abn_claim *claim, abn_date published,
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

/* The evening that a text speaks of is that of the close it reports. */
static void place_evening(const abn_weighing *w, size_t i, abn_dating *dating)
{
    const abn_claim *c = &w->reading->claim[i];
    if (c->kind != ABN_CLAIM_AFTERHOURS || c->session_word != ABN_SESSION_UNSTATED) return;
    for (size_t j = 0; j < w->reading->n_claims; j++) {
        const abn_claim *close = &w->reading->claim[j];
        if (close->kind != ABN_CLAIM_CLOSE || close->kind_implied ||
            close->horizon != ABN_HORIZON_DAY || strcmp(close->symbol, c->symbol) ||
            dating->claim[j].session == ABN_NO_DATE)
            continue;
        dating->claim[i].session = dating->claim[j].session;
        dating->claim[i].row = dating->claim[j].row;
        return;
    }
}

static bool of_a_day(const abn_claim *c)
{
    return c->horizon == ABN_HORIZON_DAY && c->kind != ABN_CLAIM_YTD;
}

/* A move over longer than a day, with no word of its own, ends with the moves told beside it. */
static void place_longer(const abn_weighing *w, size_t i, abn_dating *dating)
{
    const abn_reading *r = w->reading;
    if (of_a_day(&r->claim[i]) || r->claim[i].session_word != ABN_SESSION_UNSTATED) return;
    const abn_claim_session *last = NULL;
    for (size_t j = 0; j < r->n_claims; j++) {
        const abn_claim *c = &r->claim[j];
        if (strcmp(c->symbol, r->claim[i].symbol) || !of_a_day(c) || isnan(c->pct) ||
            c->kind == ABN_CLAIM_PREMARKET || dating->claim[j].session == ABN_NO_DATE)
            continue;
        if (!last || dating->claim[j].session > last->session) last = &dating->claim[j];
    }
    if (last) dating->claim[i].session = last->session, dating->claim[i].row = last->row;
}

static bool equals(double price, const abn_claim *c)
{
    return fabs(price - c->level) <= c->level_unit + 0.006;
}

/* The session that set the record which stood before row `s`, when it is the claim's price. */
static size_t old_record(const abn_tape *t, size_t s, const abn_claim *c)
{
    size_t highest = ABN_NO_SESSION, closing = ABN_NO_SESSION;
    for (size_t back = 0; s-- > 0 && back < RECALLED; back++) {
        double high = t->high[s] == t->high[s] ? t->high[s] : t->close[s];
        if (highest == ABN_NO_SESSION || high > t->high[highest]) highest = s;
        if (closing == ABN_NO_SESSION || t->close[s] > t->close[closing]) closing = s;
    }
    if (highest != ABN_NO_SESSION && equals(t->high[highest], c)) return highest;
    if (closing != ABN_NO_SESSION && equals(t->close[closing], c)) return closing;
    return ABN_NO_SESSION;
}

static bool outbid(const abn_reading *r, size_t i, const abn_dating *dating)
{
    const abn_claim *c = &r->claim[i];
    for (size_t j = 0; j < r->n_claims; j++)
        if (!strcmp(r->claim[j].symbol, c->symbol) && r->claim[j].level > c->level &&
            dating->claim[j].session == dating->claim[i].session)
            return true;
    return false;
}

/* A price alone that was the record until its session, and that the session contradicts or the text
 * itself goes beyond, is that old record. */
static void place_record(const abn_weighing *w, size_t i, abn_dating *dating)
{
    const abn_claim *c = &w->reading->claim[i];
    const abn_tape *t = w->tape[i];
    abn_claim_session *out = &dating->claim[i];
    abn_verification v;
    if (!t || !isnan(c->pct) || isnan(c->level) || c->since[0] || out->row == ABN_NO_SESSION)
        return;
    abn_verify(c, t, out->row, false, &v);
    if (v.verdict != ABN_VERDICT_CONTRADICTED && !outbid(w->reading, i, dating)) return;
    size_t row = old_record(t, out->row, c);
    if (row == ABN_NO_SESSION) return;
    out->session = t->date[row];
    out->row = row;
}

static void place_all(const abn_weighing *w, abn_dating *dating)
{
    const abn_reading *reading = w->reading;
    for (size_t i = 0; i < reading->n_claims; i++) {
        abn_claim_session *out = &dating->claim[i];
        *out = (abn_claim_session){ABN_NO_DATE, ABN_NO_SESSION, 0, 1, 0};
        if (i < w->n) place(w, i, dating, out);
        if (out->session == ABN_NO_DATE)
            place_by_calendar(w, &reading->claim[i], dating->published.date, out);
    }
    for (size_t i = 0; i < reading->n_claims; i++) {
        place_evening(w, i, dating);
        place_longer(w, i, dating);
        if (i < w->n) place_record(w, i, dating);
    }
}

/* "More than" a figure that the close did not reach, or "nearly" one that it passed. */
static bool hedge_belies(const abn_claim *c, double close_pct)
{
    double beyond = (c->pct < 0 ? -close_pct : close_pct) - fabs(c->pct); /* NaN: none */
    return (c->hedge == ABN_HEDGE_NEARLY && beyond > 0.1) ||
           (c->hedge == ABN_HEDGE_MORE_THAN && beyond < -0.1);
}

/* A kind that only the tense implies gives way to what the prices show. */
static void settle_kinds(const abn_weighing *w, abn_reading *reading, const abn_dating *dating)
{
    for (size_t i = 0; i < w->n; i++) {
        abn_claim *c = &reading->claim[i];
        size_t row = dating->claim[i].row;
        if (!c->kind_implied || row == ABN_NO_SESSION || (isnan(c->pct) && isnan(c->level)))
            continue;
        abn_claim as = *c;
        abn_verification v;
        as.kind = ABN_CLAIM_CLOSE;
        abn_verify(&as, w->tape[i], row, false, &v);
        bool closes = v.verdict == ABN_VERDICT_CONFIRMED && !hedge_belies(c, w->tape[i]->pct[row]);
        as.kind = ABN_CLAIM_INTRADAY;
        abn_verify(&as, w->tape[i], row, false, &v);
        bool passes = v.verdict == ABN_VERDICT_CONFIRMED;
        if (closes == passes) continue;
        if (c->kind == ABN_CLAIM_CLOSE || c->kind == ABN_CLAIM_INTRADAY)
            c->kind = closes ? ABN_CLAIM_CLOSE : ABN_CLAIM_INTRADAY;
    }
}

void abn_weighing_place(const abn_weighing *w, abn_reading *reading, abn_dating *dating)
{
    place_all(w, dating);
    settle_kinds(w, reading, dating);
}
