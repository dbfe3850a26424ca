/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "subject.h"

#define IS ABN_IS

/* What tells that the words before it were a subject. */
#define VERB (IS(MOVE) | IS(AUX) | IS(NEUTRAL) | IS(SEPARABLE) | IS(TRIM))

static const abn_unit nothing = {.kind = ABN_UNIT_MARK, .mark = '.'};

typedef struct finder {
    const abn_lexicon *lexicon;
    const abn_sentence *s;
    abn_subjects *out;
    bool title_case, capital_nouns;
} finder;

const abn_unit *abn_unit_at(const abn_sentence *s, size_t i)
{
    return i < s->n ? &s->at[i] : &nothing;
}

bool abn_unit_is(const abn_sentence *s, size_t i, uint64_t cues)
{
    return (abn_unit_at(s, i)->is & cues) != 0;
}

bool abn_unit_mark(const abn_sentence *s, size_t i, char mark)
{
    const abn_unit *u = abn_unit_at(s, i);
    return u->kind == ABN_UNIT_MARK && u->mark == mark;
}

static bool is(const finder *f, size_t i, uint64_t cues)
{
    return abn_unit_is(f->s, i, cues);
}

/* A word that the lexicon has nothing to say of. */
static bool unknown(const finder *f, size_t i)
{
    const abn_unit *u = abn_unit_at(f->s, i);
    return u->kind == ABN_UNIT_WORD && u->is == 0 && u->end > u->start;
}

static bool unknown_small(const finder *f, size_t i)
{
    return unknown(f, i) && !abn_unit_at(f->s, i)->capital;
}

static bool unknown_name(const finder *f, size_t i)
{
    return unknown(f, i) && abn_unit_at(f->s, i)->capital;
}

static bool mark(const finder *f, size_t i)
{
    return abn_unit_at(f->s, i)->kind == ABN_UNIT_MARK;
}

/* Does a verb make a clause of what ends at `end`? Where verbs come last, look on to the comma. */
static bool speaks(const finder *f, size_t end)
{
    if (is(f, end, VERB | IS(PRED))) return true;
    for (size_t i = end; f->capital_nouns && i < end + 12 && !mark(f, i); i++)
        if (is(f, i, VERB) && !is(f, i, IS(NOUN))) return true;
    return false;
}

/* Is the candidate at `i` behind a preposition? Articles, adjectives and numbers may stand between;
 * a verb right behind it (at `end`) makes it the subject of a clause: "after revenue rose". */
static bool oblique(const finder *f, size_t i, size_t end)
{
    const abn_subjects *out = f->out;
    for (size_t j = i, steps = 0; j > 0 && steps < 5; steps++) {
        j--;
        const abn_unit *u = &f->s->at[j];
        if (u->is & (IS(PREP) | IS(OF) | IS(TO) | IS(PAST) | IS(DISTANCE)) && !(u->is & IS(DET))) {
            if (u->is & IS(DISTANCE) || !(u->is & IS(CONJ))) return true;
            return !speaks(f, end);
        }
        if (u->is & IS(AND) || abn_unit_mark(f->s, j, ','))
            return out->n && out->at[out->n - 1].end == j && out->at[out->n - 1].oblique;
        if (u->is & IS(DET)) /* an article: right before it or nowhere */
            return j > 0 && is(f, j - 1, IS(PREP) | IS(OF) | IS(TO) | IS(PAST) | IS(DISTANCE)) &&
                   !is(f, j - 1, IS(DET) | IS(VENUE)) &&
                   !(is(f, j - 1, IS(CONJ)) && speaks(f, end));
        bool between = u->is & (IS(DET) | IS(VENUE) | IS(ORDINAL) | IS(EPITHET)) ||
                       (unknown(f, j) && (!u->capital || u->possessive)) ||
                       u->kind == ABN_UNIT_NUMBER;
        if (!between || u->is & VERB) return false;
    }
    return false;
}

/* Past the bracket that opens at `i`, when it holds tickers and no figure; else `i`. */
static size_t past_bracket(const finder *f, size_t i, uint32_t *listing, bool *conflict)
{
    if (!abn_unit_mark(f->s, i, '(')) return i;
    for (size_t j = i + 1; j < f->s->n && j < i + 14; j++) {
        const abn_unit *u = &f->s->at[j];
        if (abn_unit_mark(f->s, j, ')')) return j + 1;
        if (u->is & IS(PERCENT) || u->sign) return i;
        if (u->is & IS(NAME) && u->term->listing != ABN_NO_LISTING) {
            *conflict |= *listing != ABN_NO_LISTING && *listing != u->term->listing;
            *listing = u->term->listing;
        }
    }
    return i;
}

/* Past the legal forms and brackets that follow a name. */
static size_t past_name(const finder *f, size_t i, uint32_t *listing)
{
    bool conflict = false;
    for (size_t before = SIZE_MAX; before != i;) {
        before = i;
        while (is(f, i, IS(SUFFIX)) && !is(f, i, IS(MOVE)) && !mark(f, i - 1))
            i++;
        i = past_bracket(f, i, listing, &conflict);
    }
    if (conflict) *listing = ABN_NO_LISTING;
    return i;
}

static abn_subject *add(finder *f, size_t at, size_t end, abn_subject_kind kind)
{
    abn_subjects *out = f->out;
    if (out->n == ABN_SUBJECTS_MAX) return NULL;
    abn_subject s = {
        .at = at, .end = end, .kind = kind, .company = UINT32_MAX, .listing = ABN_NO_LISTING};
    if (out->n) {
        const abn_subject *p = &out->at[out->n - 1];
        size_t j = p->end, joints = 0;
        for (; j < at; j++) {
            bool joint = abn_unit_mark(f->s, j, ',') || is(f, j, IS(AND));
            if (!joint && !is(f, j, IS(DET))) break;
            joints += joint;
        }
        s.joined = j == at && joints > 0;
    }
    out->at[out->n] = s;
    return &out->at[out->n++];
}

/* After "Apple's": the place behind its stock word, or 0 when something else is owned. */
static size_t owned_stock(const finder *f, size_t i)
{
    for (size_t j = i; j < i + 6; j++) {
        if (is(f, j, IS(STOCK) | IS(STOCKS)) && !is(f, j, IS(ACCOUNT))) return j + 1;
        bool between = is(f, j, IS(VENUE) | IS(FUNC) | IS(DAY)) || unknown_small(f, j);
        if (!between || is(f, j, VERB)) break;
    }
    return 0;
}

/* Is the unknown word at `e` after a name the head of a compound ("Apple customers rose", "Apple
 * Watch"), not a verb of its own? Capitals tell where nouns have none; else a verb behind it. */
static bool modifies(const finder *f, size_t e)
{
    if (abn_unit_at(f->s, e)->capital) return true;
    if (f->capital_nouns) return false;
    size_t next = unknown_small(f, e + 1) ? e + 2 : e + 1;
    return is(f, next, IS(MOVE) | IS(AUX) | IS(NEUTRAL)) || abn_unit_at(f->s, e)->possessive;
}

/* What a company's name at `i` that ends at `e` is about: the company, its shares, or something of
 * it that is not its paper. */
static size_t classify(const finder *f, size_t i, size_t e, bool owns, abn_subject *s)
{
    const abn_unit *next = abn_unit_at(f->s, e);
    (void)i;
    if (is(f, e, IS(STOCK)) && !(is(f, e, VERB) && !owns)) {
        s->stock = true;
        return e + 1;
    }
    if (owns) {
        size_t past = owned_stock(f, e);
        if (past) {
            s->stock = true;
            return past;
        }
        bool bare = is(f, e, VERB | IS(NOUN) | IS(PRED) | IS(HEDGE)) || mark(f, e) ||
                    next->kind == ABN_UNIT_NUMBER;
        if (!bare || is(f, e, IS(ACCOUNT))) s->kind = ABN_SUBJECT_ACCOUNT;
        return bare ? e : e + 1;
    }
    if (next->glued && !is(f, e, IS(VENUE) | IS(SUFFIX))) {
        s->kind = ABN_SUBJECT_OTHER;
        return e + 1;
    }
    if (is(f, e, IS(ACCOUNT)) && !is(f, e, VERB | IS(PREP))) {
        s->kind = ABN_SUBJECT_ACCOUNT;
        return e + 1;
    }
    if (unknown(f, e) && !next->ly && !f->title_case && modifies(f, e)) {
        s->kind = ABN_SUBJECT_OTHER;
        return e + 1;
    }
    return e;
}

static size_t take_name(finder *f, size_t i)
{
    const abn_unit *u = &f->s->at[i];
    uint32_t listing = u->term->listing;
    size_t e = past_name(f, i + 1, &listing);
    bool index = abn_lexicon_company(f->lexicon, u->term->company)->index;
    while (index && is(f, e, IS(STOCKS)))
        e++;
    abn_subject *s = add(f, i, e, ABN_SUBJECT_COMPANY);
    if (!s) return e;
    s->company = u->term->company;
    s->listing = listing;
    e = classify(f, i, e, u->possessive || f->s->at[e - 1].possessive, s);
    if (index && s->kind != ABN_SUBJECT_COMPANY && !u->possessive) s->kind = ABN_SUBJECT_OTHER;
    s->end = e;
    return e;
}

/* The name that "shares of ..." is about, from `i` on; its place, or SIZE_MAX. */
static size_t named_after(const finder *f, size_t i, bool *other)
{
    *other = false;
    for (size_t j = i; j < i + 7; j++) {
        if (is(f, j, IS(NAME) | IS(EPITHET))) return j;
        if (mark(f, j) || is(f, j, VERB & ~IS(AUX)) ||
            abn_unit_at(f->s, j)->kind == ABN_UNIT_NUMBER)
            break;
        if (is(f, j, IS(FIRM) | IS(STOCK))) return SIZE_MAX;
        if (unknown_name(f, j) && !f->capital_nouns && !is(f, j + 1, IS(NAME))) break;
    }
    *other = true;
    return SIZE_MAX;
}

/* Whose shares a bare stock word at `i` means, by what stands before it. */
static abn_subject_kind owner_before(const finder *f, size_t i)
{
    if (i == 0) return ABN_SUBJECT_FOCUS;
    const abn_unit *p = &f->s->at[i - 1];
    if (mark(f, i - 1)) return ABN_SUBJECT_FOCUS;
    if (p->is & IS(VENUE)) {
        bool of_one = i >= 2 && (is(f, i - 2, IS(DET) | IS(PRONOUN)) || f->s->at[i - 2].possessive);
        return of_one ? ABN_SUBJECT_FOCUS : ABN_SUBJECT_OTHER;
    }
    if (p->is & (IS(DET) | IS(PRONOUN)) ||
        (p->is & IS(FIRM) && (p->possessive || (i > 1 && is(f, i - 2, IS(DET))))))
        return ABN_SUBJECT_FOCUS;
    if (p->possessive) return ABN_SUBJECT_OTHER;
    if (f->s->at[i].glued) return ABN_SUBJECT_OTHER;
    if (unknown(f, i - 1)) {
        bool adjective = f->capital_nouns && !p->capital;
        return adjective ? ABN_SUBJECT_FOCUS : ABN_SUBJECT_OTHER;
    }
    return p->is & (IS(ACCOUNT) | IS(NUMBER) | IS(CURRENCY)) ? ABN_SUBJECT_OTHER
                                                             : ABN_SUBJECT_FOCUS;
}

/* "$1.64 a share", "per share": a unit of account. */
static bool apiece(const finder *f, size_t i)
{
    if (i < 2 || is(f, i + 1, IS(OF) | IS(NAME))) return false;
    bool amount = f->s->at[i - 2].kind == ABN_UNIT_NUMBER || is(f, i - 2, IS(CURRENCY));
    if (is(f, i - 1, IS(DET))) return amount;
    return is(f, i - 1, IS(PREP) | IS(EACH)) && !is(f, i - 1, IS(OF) | IS(TO));
}

static size_t take_stock(finder *f, size_t i)
{
    if (apiece(f, i)) return i + 1;
    bool other = false;
    size_t j = i + 1, name = SIZE_MAX;
    if (is(f, j, IS(NAME) | IS(EPITHET)))
        name = j;
    else if (is(f, j, IS(OF) | IS(DET)) && !is(f, j, VERB))
        name = named_after(f, j, &other);
    if (name != SIZE_MAX) {
        const abn_term *t = f->s->at[name].term;
        uint32_t listing = t->listing;
        size_t e = past_name(f, name + 1, &listing);
        if (is(f, e, IS(STOCK)) && abn_unit_at(f->s, e)->glued) e++;
        abn_subject *s = add(f, i, e, ABN_SUBJECT_COMPANY);
        if (s) {
            s->company = t->company;
            s->listing = listing;
            s->stock = true;
        }
        return e;
    }
    abn_subject_kind kind = other && !f->capital_nouns ? ABN_SUBJECT_OTHER : owner_before(f, i);
    if (other && f->capital_nouns && unknown_name(f, i + 2)) kind = ABN_SUBJECT_OTHER;
    abn_subject *s = add(f, i, i + 1, kind);
    if (s) s->stock = true;
    return i + 1;
}

/* A run of words that the lexicon does not know and that begin with capitals: somebody else. */
static size_t take_unknown(finder *f, size_t i)
{
    size_t e = i + 1;
    while (unknown_name(f, e) || is(f, e, IS(SUFFIX)))
        e++;
    bool owns = f->s->at[e - 1].possessive;
    bool names = e > i + 1 || owns || is(f, e, VERB | IS(STOCK)) || abn_unit_mark(f->s, e, '(');
    if ((i == 0 || f->title_case) && !f->capital_nouns && !names) return e;
    if (f->title_case && !is(f, e, VERB | IS(STOCK))) return e;
    uint32_t listing = ABN_NO_LISTING;
    e = past_name(f, e, &listing);
    if (is(f, e, IS(STOCK))) e++;
    add(f, i, e, ABN_SUBJECT_OTHER);
    return e;
}

static size_t take_pronoun(finder *f, size_t i)
{
    bool subject =
        is(f, i + 1, VERB) || is(f, i + 2, VERB) || (f->capital_nouns && i && is(f, i - 1, VERB));
    abn_subject *s =
        subject && !is(f, i, IS(RELATIVE)) ? add(f, i, i + 1, ABN_SUBJECT_FOCUS) : NULL;
    if (s) s->pronoun = true;
    return i + 1;
}

static size_t take(finder *f, size_t i)
{
    const abn_unit *u = &f->s->at[i];
    if (u->is & (IS(NAME) | IS(EPITHET))) return take_name(f, i);
    if (u->is & IS(STOCK)) return take_stock(f, i);
    if (u->is & (IS(ACCOUNT) | IS(NOT_MOVE)) && !(u->is & (IS(HORIZON) | IS(PREP)))) {
        add(f, i, i + 1, ABN_SUBJECT_ACCOUNT);
        return i + 1;
    }
    if (u->is & IS(STOCKS)) {
        add(f, i, i + 1, ABN_SUBJECT_OTHER);
        return i + 1;
    }
    if (u->is & IS(PERSON) && is(f, i + 1, VERB)) {
        add(f, i, i + 1, ABN_SUBJECT_OTHER);
        return i + 1;
    }
    if (u->is & IS(FIRM) && i > 0 && is(f, i - 1, IS(DET))) {
        add(f, i, i + 1,
            u->possessive && !owned_stock(f, i + 1) ? ABN_SUBJECT_ACCOUNT : ABN_SUBJECT_FOCUS);
        return i + 1;
    }
    if (u->is & IS(PRONOUN)) return take_pronoun(f, i);
    if (unknown_name(f, i)) return take_unknown(f, i);
    return i + 1;
}

void abn_subjects_find(const abn_lexicon *lexicon, const abn_sentence *sentence, bool title_case,
                       abn_subjects *out)
{
    finder f = {lexicon, sentence, out, title_case, abn_lexicon_capital_nouns(lexicon)};
    out->n = 0;
    for (size_t i = 0; i < sentence->n;)
        i = take(&f, i);
    size_t n = out->n; /* how far each reaches is known only now */
    for (out->n = 0; out->n < n; out->n++)
        out->at[out->n].oblique = oblique(&f, out->at[out->n].at, out->at[out->n].end);
}
