/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which words and which price belong to a figure. */
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

/* Cut the sentence between figures: the first clause mark or "and" after a figure and its price
 * ends what speaks of it. */
static size_t cut_after(const abn_scene *c, size_t from, size_t next)
{
    for (size_t i = from; i < next; i++)
        if (mark(c, i, ',') || mark(c, i, ';') || mark(c, i, ':') || mark(c, i, '-') ||
            is(c, i, IS(AND) | IS(CONJ)))
            return i;
    return next;
}

/* What speaks of the last figure ends where another clause begins. */
static size_t clause_end(const abn_scene *c, size_t from)
{
    for (size_t i = from; i < c->s->n; i++)
        if (mark(c, i, ';') || mark(c, i, ':') || is(c, i, IS(AND) | IS(CONJ))) return i;
    return c->s->n;
}

/* A semicolon before the figure cuts off what went before. */
static size_t clause_start(const abn_scene *c, size_t from, size_t at)
{
    for (size_t i = at; i > from; i--)
        if (mark(c, i - 1, ';')) return i;
    return from;
}

static size_t behind_price(const abn_scene *c, const abn_percent *p)
{
    return p->level == SIZE_MAX || c->figures.price[p->level].end < p->end
               ? p->end
               : c->figures.price[p->level].end;
}

void abn_scene_cut(abn_scene *c)
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
static bool price_leads(const abn_scene *c, const abn_price *price, const abn_percent *p)
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
static bool price_follows(const abn_scene *c, const abn_percent *p, const abn_price *price)
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
static bool stands_at(const abn_scene *c, const abn_price *q)
{
    for (size_t i = q->at, steps = 0; q->stated && i > 0 && steps < 3; steps++)
        if (is(c, --i, IS(NEUTRAL))) return !is(c, i, IS(PREP));
    return false;
}

/* Give each percentage the price that goes with it. */
void abn_scene_pair_prices(abn_scene *c)
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
