/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "moves.h"

#include <math.h>
#include <string.h>

#define IS ABN_IS

static bool is(const abn_sentence *s, size_t i, uint64_t cues)
{
    return abn_unit_is(s, i, cues);
}

/* A number by digits or by word that can be counted with. */
static bool countable(const abn_sentence *s, size_t i)
{
    const abn_unit *u = abn_unit_at(s, i);
    return !u->tail && !isnan(u->value);
}

static bool percent_at(const abn_sentence *s, size_t i)
{
    const abn_unit *u = abn_unit_at(s, i);
    return u->is & IS(PERCENT) || (u->is & IS(PERCENT_ADJ));
}

static size_t hedge_before(const abn_sentence *s, size_t i)
{
    size_t j = i;
    while (j > 0 && is(s, j - 1, IS(HEDGE)) && !is(s, j - 1, IS(MOVE) | IS(NOUN)))
        j--;
    return j;
}

/* Is the percentage at `i` the end of a range: "3 to 4 percent", "3% to 4%", "20-25%"? */
static bool ends_range(const abn_sentence *s, size_t i)
{
    size_t j = i;
    if (j > 0 && s->at[j].glued && countable(s, j - 1)) return true;
    if (j > 3 && is(s, j - 1, IS(AND)) && percent_at(s, j - 2) &&
        is(s, hedge_before(s, j - 3) - 1, IS(RANGE)))
        return true;
    if (j == 0 || !(is(s, j - 1, IS(TO) | IS(RANGE)) || abn_unit_mark(s, j - 1, '-'))) return false;
    j--;
    return (j > 0 && countable(s, j - 1)) || (j > 1 && percent_at(s, j - 1) && countable(s, j - 2));
}

/* The start of "20%-25%", which is no move. */
static bool opens_range(const abn_sentence *s, size_t i)
{
    return abn_unit_at(s, i + 2)->glued && countable(s, i + 2) && percent_at(s, i + 3);
}

static void add_percent(abn_figures *f, const abn_sentence *s, size_t i, size_t end, bool listed)
{
    const abn_unit *u = &s->at[i];
    if (f->n_percents == ABN_FIGURES_MAX) return;
    f->percent[f->n_percents++] = (abn_percent){.at = i,
                                                .end = end,
                                                .hedge = hedge_before(s, i),
                                                .value = u->value,
                                                .half = u->half,
                                                .listed = listed,
                                                .cue = SIZE_MAX,
                                                .level = SIZE_MAX};
}

static bool subject_starts(const abn_subjects *subjects, size_t i)
{
    for (size_t k = 0; k < subjects->n && subjects->at[k].at <= i; k++)
        if (subjects->at[k].at == i) return true;
    return false;
}

static bool subject_ends(const abn_subjects *subjects, size_t i)
{
    for (size_t k = 0; k < subjects->n && subjects->at[k].at < i; k++)
        if (subjects->at[k].end == i) return true;
    return false;
}

/* "X 12, Y 16.5, Z 154 percent": does the bare number at `i` belong to such a list, whose next
 * member is the percentage `next`? */
static bool in_list(const abn_sentence *s, const abn_subjects *subjects, size_t i, size_t next)
{
    if (!subject_ends(subjects, i)) return false;
    size_t j = i + 1;
    bool joint = abn_unit_mark(s, j, ',') || is(s, j, IS(AND));
    if (!joint) return false;
    while (abn_unit_mark(s, j, ',') || is(s, j, IS(AND)))
        j++;
    return subject_starts(subjects, j) && next > j && next <= j + 4 && subject_ends(subjects, next);
}

/* "a quarter", "ein Viertel" say number and percent in one. */
static bool fraction_at(const abn_sentence *s, size_t i)
{
    return is(s, i, IS(NUMBER)) && is(s, i, IS(PERCENT)) && !is(s, i + 1, IS(PERCENT) | IS(POINTS));
}

static void find_percents(const abn_sentence *s, const abn_subjects *subjects, abn_figures *f)
{
    for (size_t i = 0; i < s->n; i++) {
        if (fraction_at(s, i)) add_percent(f, s, i, i + 1, false);
        if (!countable(s, i) || !percent_at(s, i + 1)) continue;
        if (ends_range(s, i) || opens_range(s, i)) continue;
        add_percent(f, s, i, i + 2, false);
    }
    for (size_t i = s->n; i-- > 0;) { /* lists, from their ends */
        if (s->at[i].kind != ABN_UNIT_NUMBER || !countable(s, i) || percent_at(s, i + 1)) continue;
        for (size_t k = 0; k < f->n_percents; k++)
            if (in_list(s, subjects, i, f->percent[k].at)) {
                add_percent(f, s, i, i + 1, true);
                break;
            }
    }
    for (size_t k = 1; k < f->n_percents; k++) /* few, and nearly in order */
        for (size_t j = k; j > 0 && f->percent[j - 1].at > f->percent[j].at; j--) {
            abn_percent swap = f->percent[j];
            f->percent[j] = f->percent[j - 1];
            f->percent[j - 1] = swap;
        }
}

/* ---- prices ---- */

static bool currency_of(const abn_sentence *s, size_t i, char out[4])
{
    const abn_unit *u = abn_unit_at(s, i);
    if (!(u->is & IS(CURRENCY))) return false;
    memcpy(out, u->term->currency, 4);
    return true;
}

/* The unit of "to" or "at" that leads to a number at `i`: hedges, articles and "a record high of"
 * may stand between. SIZE_MAX: none. */
static size_t lead_of(const abn_sentence *s, size_t i)
{
    for (size_t j = i, steps = 0; j > 0 && steps < 6; steps++) {
        j--;
        if (is(s, j, IS(TO))) return j;
        bool between = is(s, j,
                          IS(HEDGE) | IS(DET) | IS(RECORD) | IS(EXTREME) | IS(OF) | IS(CURRENCY) |
                              IS(SESSION) | IS(SUFFIX) | IS(STOCK));
        if (!between || is(s, j, IS(MOVE) | IS(PERCENT))) break;
    }
    return SIZE_MAX;
}

static bool past_before(const abn_sentence *s, size_t i)
{
    size_t j = i;
    while (j > 0 && is(s, j - 1, IS(CURRENCY) | IS(DET)))
        j--;
    return j > 0 && is(s, j - 1, IS(PAST)) && !is(s, j - 1, IS(TO));
}

/* "fell $3", "up more than 2 dollars": a verb right before the amount makes it a change. */
static bool moves_before(const abn_sentence *s, size_t i)
{
    while (i > 0 && is(s, i - 1, IS(HEDGE))) {
        if (s->at[i - 1].term->hedge == ABN_HEDGE_AS_MUCH_AS) return false;
        i--;
    }
    return i > 0 && is(s, i - 1, IS(MOVE) | IS(BY) | IS(PRED) | IS(NOUN)) &&
           !is(s, i - 1, IS(TO) | IS(EXTREME) | IS(HEDGE));
}

static void add_price(const abn_sentence *s, size_t i, abn_figures *f)
{
    abn_price p = {.at = i, .end = i + 1, .value = s->at[i].value, .half = s->at[i].half};
    size_t before = i;
    bool cents = is(s, i + 1, IS(CENTS));
    if (i > 0 && !s->at[i].glued && currency_of(s, i - 1, p.currency)) {
        p.stated = true;
        before = i - 1;
    }
    if (is(s, i + 1, IS(SCALE)) || percent_at(s, i + 1) || p.value <= 0) return;
    if (currency_of(s, i + 1, p.currency) || is(s, i + 1, IS(POINTS)) || cents) {
        p.stated = true;
        p.end = i + 2;
    }
    p.at = before;
    p.lead = lead_of(s, before);
    p.past = past_before(s, i);
    bool bare = !p.stated && s->at[i].decimals == 2 && f->n_prices && i > 0 &&
                (is(s, i - 1, IS(EXTREME) | IS(RECORD) | IS(OF)) || abn_unit_mark(s, i - 1, '('));
    if (bare && f->price[f->n_prices - 1].stated) {
        p.stated = true;
        memcpy(p.currency, f->price[f->n_prices - 1].currency, sizeof p.currency);
    }
    bool stocks_like = p.stated || (s->at[i].decimals > 0 && p.lead != SIZE_MAX) ||
                       (p.lead != SIZE_MAX && s->at[i].value >= 1000);
    if (!stocks_like || f->n_prices == ABN_FIGURES_MAX) return;
    bool moved = p.lead == SIZE_MAX && moves_before(s, before);
    p.change = cents || s->at[i].sign != 0 || moved;
    f->price[f->n_prices++] = p;
}

static void find_prices(const abn_sentence *s, abn_figures *f)
{
    size_t k = 0;
    for (size_t i = 0; i < s->n; i++) {
        while (k < f->n_percents && f->percent[k].at < i)
            k++;
        if (k < f->n_percents && f->percent[k].at == i) continue;
        if (s->at[i].kind == ABN_UNIT_NUMBER && !s->at[i].tail && !isnan(s->at[i].value))
            add_price(s, i, f);
    }
}

void abn_figures_find(const abn_lexicon *lexicon, const abn_sentence *s,
                      const abn_subjects *subjects, abn_figures *out)
{
    (void)lexicon;
    out->n_percents = out->n_prices = 0;
    find_percents(s, subjects, out);
    find_prices(s, out);
}
