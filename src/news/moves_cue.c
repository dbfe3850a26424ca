/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "moves.h"

#define IS ABN_IS

enum { REACH_LEFT = 32, REACH_RIGHT = 14, REACH_NOUN = 4, REACH_LIST = 18 };

typedef struct frame {
    const abn_sentence *s;
    const abn_subjects *subjects;
    abn_figures *f;
    bool capital_nouns;
} frame;

static bool is(const frame *f, size_t i, uint64_t cues)
{
    return abn_unit_is(f->s, i, cues);
}

static bool mark(const frame *f, size_t i, const char *marks)
{
    const abn_unit *u = abn_unit_at(f->s, i);
    if (u->kind != ABN_UNIT_MARK) return false;
    for (; *marks; marks++)
        if (u->mark == *marks) return true;
    return false;
}

static int dir_of(const frame *f, size_t i)
{
    return f->s->at[i].term->dir;
}

static void set(const frame *f, abn_percent *p, size_t cue, bool by_noun)
{
    p->cue = cue;
    p->dir = dir_of(f, cue);
    p->by_noun = by_noun;
}

/* The particle that ends the clause of a separable verb: 0 when there is none. */
static int particle_after(const frame *f, size_t from, size_t *at)
{
    for (size_t i = from; i < f->s->n && i < from + REACH_RIGHT; i++) {
        if (mark(f, i, ".,;:()") || is(f, i, IS(MOVE) | IS(SEPARABLE) | IS(CONJ))) break;
        if (!is(f, i, IS(PARTICLE))) continue;
        bool closes = abn_unit_at(f->s, i + 1)->kind == ABN_UNIT_MARK ||
                      is(f, i + 1, IS(AND) | IS(CONJ) | IS(PREP) | IS(RELATIVE)) ||
                      !is(f, i, IS(PREP) | IS(DET) | IS(NUMBER));
        if (!closes) continue;
        *at = i;
        return dir_of(f, i);
    }
    return 0;
}

/* Words that may stand between a cue and its number. */
static bool fills(const frame *f, size_t i)
{
    const abn_unit *u = abn_unit_at(f->s, i);
    return u->ly || u->is & (IS(HEDGE) | IS(BY) | IS(OF) | IS(FUNC) | IS(DET));
}

/* "a gain of 2%", "Kursplus von 3 Prozent", "losses to 4.2%" after "trimmed"; a noun further off
 * needs its "of" right before the number. */
static bool noun_reaches(const frame *f, size_t noun, const abn_percent *p)
{
    size_t last = p->hedge;
    if (last == noun + 1) return !is(f, noun, IS(MOVE));
    if (is(f, last - 1, IS(OF)) && last - noun <= 9) return true;
    if (is(f, last - 1, IS(BY)) && last - noun == 2) return true;
    if (is(f, last - 1, IS(TO)))
        for (size_t j = noun, steps = 0; j > 0 && steps < 4; steps++)
            if (is(f, --j, IS(TRIM))) return true;
    return false;
}

static bool pred_reaches(const frame *f, size_t pred, const abn_percent *p)
{
    if (p->at - pred > 8) return false;
    for (size_t i = pred + 1; i < p->hedge; i++) {
        bool money = is(f, i, IS(CURRENCY) | IS(CENTS)) || f->s->at[i].kind == ABN_UNIT_NUMBER;
        if ((!fills(f, i) && !mark(f, i, ",") && !money) || is(f, i, IS(DET))) return false;
    }
    return true;
}

/* Of a word that is verb and noun ("falls", "chute"): a noun behind an article or preposition. */
static bool reads_as_noun(const frame *f, size_t i)
{
    if (!is(f, i, IS(MOVE))) return true;
    return i > 0 && is(f, i - 1, IS(DET) | IS(PREP) | IS(OF) | IS(BY) | IS(AND)) &&
           !is(f, i - 1, IS(AUX));
}

/* The nearest cue before the number, back to unit `from`. */
static bool look_left(const frame *f, abn_percent *p, size_t from, size_t reach)
{
    for (size_t i = p->hedge, steps = 0; i > from && steps < reach; steps++) {
        i--;
        if (mark(f, i, ".;")) return false;
        if (is(f, i, IS(SIGN)) && i + 1 == p->hedge) return set(f, p, i, false), true;
        if (is(f, i, IS(NOUN)) && reads_as_noun(f, i) && noun_reaches(f, i, p))
            return set(f, p, i, true), true;
        if (is(f, i, IS(SEPARABLE))) {
            size_t at;
            int dir = particle_after(f, p->end, &at);
            if (dir || is(f, i, IS(MOVE))) {
                set(f, p, i, false);
                if (dir) p->dir = dir;
                return true;
            }
            continue;
        }
        if (is(f, i, IS(MOVE)) && !is(f, i, IS(EXTREME))) return set(f, p, i, false), true;
        if (is(f, i, IS(PRED)) && pred_reaches(f, i, p)) return set(f, p, i, false), true;
    }
    return false;
}

/* Past "to $12.34" or "auf 43.840 Zähler" after a figure, else `i`. */
static size_t past_level(const frame *f, size_t i)
{
    if (!is(f, i, IS(TO))) return i;
    size_t j = i + 1;
    while (is(f, j, IS(CURRENCY) | IS(HEDGE)))
        j++;
    if (abn_unit_at(f->s, j)->kind != ABN_UNIT_NUMBER) return i;
    j++;
    return is(f, j, IS(CURRENCY) | IS(POINTS)) ? j + 1 : j;
}

/* "2% higher", "0.9 percent year-to-date decline", "um 1 Prozent auf 20 Euro im Plus". */
static bool look_right(const frame *f, abn_percent *p)
{
    size_t i = p->end;
    for (size_t steps = 0; steps < REACH_NOUN; steps++, i++) {
        if (is(f, i, IS(PRED)) && steps < 3) return set(f, p, i, true), true;
        if (is(f, i, IS(NOUN)) && !is(f, i, IS(PREP))) return set(f, p, i, true), true;
        const abn_unit *u = abn_unit_at(f->s, i);
        bool between = u->ly ||
                       u->is & (IS(FUNC) | IS(HORIZON) | IS(DAY) | IS(SESSION) | IS(STOCK) |
                                IS(SESSION_UNIT)) ||
                       (u->kind == ABN_UNIT_WORD && u->is == 0 && !u->capital);
        if (!between || u->is & (IS(AND) | IS(CONJ))) break;
    }
    i = past_level(f, p->end);
    if (i > p->end && is(f, i, IS(PRED))) return set(f, p, i, true), true;
    return false;
}

/* Verbs at the end of the clause: "um 3 Prozent gestiegen", "3 Prozent auf 12 Euro brach X ein". */
static bool look_behind(const frame *f, abn_percent *p)
{
    for (size_t i = p->end; i < f->s->n && i < p->end + REACH_RIGHT; i++) {
        if (mark(f, i, ".;:") || is(f, i, IS(PERCENT) | IS(CONJ))) return false;
        if (mark(f, i, ",") && i > p->end + 1) return false;
        size_t at;
        int dir = is(f, i, IS(SEPARABLE)) ? particle_after(f, i + 1, &at) : 0;
        if (dir || is(f, i, IS(MOVE))) {
            set(f, p, i, false);
            if (dir) p->dir = dir;
            return true;
        }
    }
    return false;
}

/* Is the figure only the next of a list: names, commas, "and", prices lie between it and the one
 * before? */
static bool follows(const frame *f, const abn_percent *before, const abn_percent *p)
{
    if (p->at - before->end > REACH_LIST) return false;
    size_t strange = 0;
    for (size_t i = before->end; i < p->hedge; i++) {
        const abn_unit *u = abn_unit_at(f->s, i);
        if (mark(f, i, ".;") || (mark(f, i, "(") && i + 1 == p->hedge)) return false;
        if (u->kind == ABN_UNIT_WORD && u->is == 0 && !u->capital) strange++;
        if (u->is & (IS(ACCOUNT) | IS(DISTANCE) | IS(PAST))) strange += !(u->is & IS(HEDGE));
    }
    return strange <= 2;
}

/* "Acme stock 1% to close at 12.34": a slip that reads as a rise. */
static void look_verbless(const frame *f, abn_percent *p)
{
    bool closes = is(f, p->end, IS(TO)) && is(f, p->end + 1, IS(SESSION) | IS(CURRENCY));
    closes |= is(f, p->end, IS(TO)) &&
              abn_unit_at(f->s, p->end)->end - abn_unit_at(f->s, p->end)->start > 6;
    for (size_t k = 0; closes && k < f->subjects->n; k++)
        if (f->subjects->at[k].end == p->hedge && f->subjects->at[k].stock) {
            p->dir = 1;
            p->inherited = true;
        }
}

static void direct(const frame *f, size_t k)
{
    abn_percent *p = &f->f->percent[k];
    const abn_unit *u = &f->s->at[p->at];
    abn_percent *before = k ? &f->f->percent[k - 1] : NULL;
    size_t from = before ? before->end : 0;
    if (u->sign) {
        bool verb = look_left(f, p, from, REACH_LEFT);
        if (!verb) p->cue = SIZE_MAX;
        p->dir = u->sign;
        p->value = p->value < 0 ? -p->value : p->value;
        return;
    }
    if (is(f, p->end, IS(PRED)) && !(p->hedge > 0 && is(f, p->hedge - 1, IS(MOVE)))) {
        set(f, p, p->end, true); /* "recovered and closed 1.2% lower" */
        return;
    }
    if (look_left(f, p, from, 6) || look_right(f, p) || look_left(f, p, from, REACH_LEFT)) return;
    if (before && before->dir && follows(f, before, p)) {
        p->dir = before->dir;
        p->cue = before->cue;
        p->inherited = true;
        return;
    }
    if (f->capital_nouns && look_behind(f, p)) return;
    look_verbless(f, p);
}

/* "Since January over 8 percent": a horizon says by itself that the figure is a move; it goes the
 * way of the move before it. */
static bool horizon_speaks(const frame *f, const abn_percent *p)
{
    for (size_t i = p->hedge, steps = 0; i > 0 && steps < 12; steps++) {
        i--;
        if (mark(f, i, ".;") || is(f, i, IS(PERCENT) | IS(ACCOUNT))) return false;
        if (is(f, i, IS(HORIZON)))
            return f->s->at[i].term->horizon == ABN_HORIZON_YTD ||
                   (f->subjects->n == 0 && f->s->n < 14);
    }
    return false;
}

static void direct_horizons(const frame *f)
{
    for (size_t k = 0; k < f->f->n_percents; k++) {
        abn_percent *p = &f->f->percent[k];
        if (p->dir || !horizon_speaks(f, p)) continue;
        p->dir = k && f->f->percent[k - 1].dir ? f->f->percent[k - 1].dir : ABN_DIR_AS_BEFORE;
        p->inherited = true;
    }
}

static void direct_lists(const frame *f)
{
    for (size_t k = f->f->n_percents; k-- > 0;) { /* a list may have its verb after its end */
        abn_percent *p = &f->f->percent[k];
        if (p->dir || k + 1 >= f->f->n_percents) continue;
        const abn_percent *after = &f->f->percent[k + 1];
        if (p->listed && after->dir) {
            p->dir = after->dir;
            p->cue = after->cue;
        }
    }
    for (size_t k = 1; k < f->f->n_percents; k++) {
        abn_percent *p = &f->f->percent[k];
        const abn_percent *before = &f->f->percent[k - 1];
        if (!p->dir && before->dir && follows(f, before, p)) {
            p->dir = before->dir;
            p->cue = before->cue;
            p->inherited = true;
        }
    }
}

void abn_figures_direct(const abn_lexicon *lexicon, const abn_sentence *s,
                        const abn_subjects *subjects, abn_figures *figures)
{
    frame f = {s, subjects, figures, abn_lexicon_capital_nouns(lexicon)};
    for (size_t k = 0; k < figures->n_percents; k++)
        direct(&f, k);
    direct_horizons(&f);
    direct_lists(&f);
}

/* ---- what is no move ---- */

/* "would have to gain 3%", "on track for": a condition between the subject and the figure, unless a
 * comma closes it off before the verb. */
static bool conditional(const frame *f, const abn_percent *p, const abn_subject *subject)
{
    size_t from = subject->at > 3 ? subject->at - 3 : 0;
    if (subject->at > p->at) from = p->at > 8 ? p->at - 8 : 0;
    if (p->at - from > REACH_LEFT) from = p->at - REACH_LEFT;
    bool open = false;
    for (size_t i = from; i < p->at; i++) {
        if (is(f, i, IS(COND)) && !is(f, i, IS(NAME))) open = true;
        if (open && i > subject->at && (mark(f, i, ",;)") || is(f, i, IS(CONJ)))) open = false;
        if (mark(f, i, ";")) open = false;
    }
    if (!open && f->capital_nouns)
        for (size_t i = p->end; i < p->end + 7 && !mark(f, i, ".,;"); i++)
            open |= is(f, i, IS(COND));
    return open;
}

/* "50% above its April low" tells what was gained since; other distances tell no move. */
static bool above_low(const frame *f, size_t i)
{
    bool technical = false;
    for (size_t j = i + 1; j < i + 6; j++) {
        technical |= abn_unit_at(f->s, j)->kind == ABN_UNIT_NUMBER || is(f, j, IS(NOT_MOVE));
        if (is(f, j, IS(EXTREME)) && dir_of(f, j) < 0) return !technical;
    }
    return false;
}

/* "11 percent of revenue", "70 percent chance", "7% above its buy point", "3% drop in sales". */
static bool measures_else(const frame *f, const abn_percent *p)
{
    size_t i = p->end;
    if (is(f, i, IS(DISTANCE))) return !above_low(f, i);
    if (is(f, i, IS(PARTITIVE))) return !p->by_noun || is(f, i + 1, IS(ACCOUNT));
    for (size_t steps = 0; steps < 3; steps++, i++) {
        if (is(f, i, IS(ACCOUNT) | IS(NOT_MOVE)) && !is(f, i, IS(PREP) | IS(MOVE) | IS(NOUN)))
            return true;
        const abn_unit *u = abn_unit_at(f->s, i);
        if (u->kind != ABN_UNIT_WORD || u->is || (u->capital && !f->capital_nouns)) break;
    }
    if (!p->by_noun || p->cue == SIZE_MAX) return false;
    size_t noun = p->cue;
    for (size_t j = noun + 1; j < noun + 6; j++) { /* "drop in iPhone sales" */
        if (j == p->at || abn_unit_at(f->s, j)->kind == ABN_UNIT_MARK) break;
        if (is(f, j, IS(ACCOUNT) | IS(NOT_MOVE)) && !is(f, j, IS(PREP)) &&
            is(f, noun + 1, IS(OF)) && !is(f, noun, IS(PRED)))
            return true;
        if (is(f, j, IS(STOCK) | IS(MOVE) | IS(PERCENT))) break;
    }
    return false;
}

/* "tariffs of 25%": the nearest thing before the figure is what it measures. */
static bool measured(const frame *f, const abn_percent *p)
{
    size_t i = p->hedge;
    if (i > 0 && is(f, i - 1, IS(OF) | IS(BY) | IS(TO) | IS(AUX))) i--;
    for (size_t steps = 0; i > 0 && steps < 2; steps++) {
        i--;
        if (is(f, i, IS(ACCOUNT)) && !is(f, i, IS(PREP) | IS(MOVE) | IS(NOUN) | IS(STOCK)))
            return true;
        const abn_unit *u = abn_unit_at(f->s, i);
        if (u->is || u->kind != ABN_UNIT_WORD) break;
    }
    return false;
}

/* "earnings of $1.64 a share, up 12%": an adverb goes with what stands right before it. */
static bool adverb_of_account(const frame *f, const abn_percent *p, const abn_subject *subject)
{
    if (p->cue == SIZE_MAX || p->cue > p->at || !is(f, p->cue, IS(PRED)) || subject->at > p->cue)
        return false;
    for (size_t i = p->cue; i > subject->end; i--) {
        if (is(f, i - 1, IS(NEUTRAL) | IS(MOVE) | IS(AUX)) && !is(f, i - 1, IS(NOUN))) return false;
        bool apiece = i > 2 && is(f, i - 2, IS(DET)) && f->s->at[i - 3].kind == ABN_UNIT_NUMBER;
        if (is(f, i - 1, IS(STOCK)) && !apiece) return false;
        if (is(f, i - 1, IS(ACCOUNT)) && !is(f, i - 1, IS(PREP))) return true;
    }
    return false;
}

bool abn_percent_is_move(const abn_lexicon *lexicon, const abn_sentence *s, const abn_percent *p,
                         const abn_subject *subject)
{
    frame f = {s, NULL, NULL, abn_lexicon_capital_nouns(lexicon)};
    if (p->hedge > 0 && is(&f, p->hedge - 1, IS(RANGE))) return false;
    if (adverb_of_account(&f, p, subject)) return false;
    return !measures_else(&f, p) && !measured(&f, p) && !conditional(&f, p, subject);
}
