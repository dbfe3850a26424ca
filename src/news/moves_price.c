/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Claims without a percentage: prices, "highest since", rows of tables. */
#include "moves_scene.h"

#include <math.h>
#include <string.h>

#define IS ABN_IS

static bool is(const abn_scene *c, size_t i, uint64_t cues)
{
    return abn_unit_is(c->s, i, cues);
}

static bool mark(const abn_scene *c, size_t i, char m)
{
    return abn_unit_mark(c->s, i, m);
}

/* A verb or extreme that makes the amount a price, before it and after its subject. */
static size_t price_cue(const abn_scene *c, const abn_price *q, size_t from)
{
    for (size_t i = q->at; i > from; i--) {
        if (mark(c, i - 1, ';')) break;
        if (is(c, i - 1, IS(NOT_MOVE) | IS(COND) | IS(DISTANCE) | IS(ACCOUNT)) &&
            !is(c, i - 1, IS(TO) | IS(PREP)))
            return SIZE_MAX;
        if (is(c, i - 1,
               IS(NEUTRAL) | IS(MOVE) | IS(PRED) | IS(SEPARABLE) | IS(SESSION) | IS(EXTREME) |
                   IS(RECORD)) &&
            q->at - i < 14)
            return i - 1;
    }
    return SIZE_MAX;
}

static bool reads_as_price(const abn_scene *c, const abn_price *q, size_t cue)
{
    if (q->change || q->past || q->taken) return false;
    if (q->lead != SIZE_MAX) return true;
    size_t i = q->at;
    while (i > cue + 1 && (is(c, i - 1, IS(HEDGE) | IS(OF) | IS(DET) | IS(FUNC) | IS(AUX)) ||
                           mark(c, i - 1, ':') || mark(c, i - 1, ',')))
        i--;
    bool hedged =
        i < q->at && is(c, i, IS(HEDGE)) && c->s->at[i].term->hedge == ABN_HEDGE_AS_MUCH_AS;
    return i == cue + 1 && (hedged || is(c, cue, IS(NEUTRAL) | IS(EXTREME) | IS(RECORD)));
}

/* "fell $5.70 to $138.02": the signed change right before a price, or NaN. */
static double change_before(const abn_scene *c, const abn_price *q)
{
    const abn_price *first = c->figures.price;
    if (q == first || !q[-1].change || q->at - q[-1].end > 3) return NAN;
    size_t i = q[-1].at;
    if (i == 0 || !is(c, i - 1, IS(MOVE) | IS(PRED))) return NAN;
    double value = q[-1].value;
    if (is(c, q[-1].end - 1, IS(CENTS))) value /= 100;
    return c->s->at[i - 1].term->dir * value;
}

/* "as high as $12", "jusqu'à 12 dollars". */
static bool running_extreme(const abn_scene *c, const abn_price *q)
{
    for (size_t i = q->lead < q->at ? q->lead : q->at; i <= q->at; i++)
        if (i > 0 && is(c, i - (i == q->at), IS(HEDGE)) &&
            c->s->at[i - (i == q->at)].term->hedge == ABN_HEDGE_AS_MUCH_AS)
            return true;
    return false;
}

abn_status abn_scene_claim_price(abn_scene *c, const abn_price *q, abn_error *err)
{
    size_t k = abn_scene_subject_before(c, q->at);
    abn_subject subject;
    if (k == SIZE_MAX) {
        if (c->t->focus.kind != ABN_SUBJECT_COMPANY || !abn_scene_speaks_of_price(c)) return ABN_OK;
        subject = c->t->focus;
        subject.at = subject.end = 0;
    } else {
        subject = c->subjects.at[k];
        if (subject.kind == ABN_SUBJECT_FOCUS && !abn_scene_resolve(c, k, &subject)) return ABN_OK;
        if (subject.kind != ABN_SUBJECT_COMPANY) return ABN_OK;
    }
    /* an index's level to the hundredth is one; round ones are thresholds as often */
    bool index = abn_scene_is_index(c, &subject);
    if (index && (q->half > 0.05 || q->value < 500)) return ABN_OK;
    if (k != SIZE_MAX && c->subjects.at[k].pronoun && !abn_scene_speaks_of_price(c)) return ABN_OK;
    size_t cue = price_cue(c, q, subject.end);
    if (cue == SIZE_MAX && subject.end) /* the verb may stand before its subject */
        cue = price_cue(c, q, subject.at > 5 ? subject.at - 5 : 0);
    if (cue == SIZE_MAX || (!q->stated && !index) || !reads_as_price(c, q, cue)) return ABN_OK;
    abn_draft *d = abn_scene_draft(c, err);
    if (!d) return ABN_MEMORY;
    abn_when w = {0};
    size_t from = subject.end > 3 ? subject.end - 3 : 0, own = q->at, to = q->end;
    while (own > from && !is(c, own - 1, IS(CONJ)))
        own--;
    while (to < q->end + 6 && to < c->s->n && !is(c, to, IS(CONJ) | IS(AND)))
        to++;
    abn_when_read(c->s, own, to, q->at, &w);
    abn_when_read(c->s, from, q->end + 6, q->at, &w);
    abn_when_read(c->s, 0, subject.at, 0, &w);
    w.horizon = 0;
    if (running_extreme(c, q)) d->claim.hedge = ABN_HEDGE_AS_MUCH_AS;
    abn_draft_put_price(d, q);
    d->change = change_before(c, q);
    abn_draft_put_subject(d, &subject);
    abn_tense tense = is(c, cue, IS(NEUTRAL) | IS(MOVE)) ? (abn_tense)c->s->at[cue].term->tense
                                                         : ABN_TENSE_PRESENT;
    if (is(c, cue, IS(EXTREME) | IS(RECORD)) && w.session == ABN_AT_NONE)
        w.session = ABN_AT_INTRADAY, w.stated = true;
    abn_scene_put_when(c, d, &w, tense);
    d->start = c->s->at[subject.end ? subject.at : cue].start;
    d->end = c->s->at[q->end - 1].end;
    return ABN_OK;
}

/* ---- "highest since" ---- */

static bool year_at(const abn_scene *c, size_t i, int *year)
{
    const abn_unit *u = abn_unit_at(c->s, i);
    bool is_year = u->kind == ABN_UNIT_NUMBER && u->end - u->start == 4 && u->value >= 1900 &&
                   u->value < 2100 && u->decimals == 0;
    if (is_year) *year = (int)u->value;
    return is_year;
}

static int day_number(const abn_scene *c, size_t i)
{
    const abn_unit *u = abn_unit_at(c->s, i);
    bool day = u->kind == ABN_UNIT_NUMBER && u->decimals == 0 && u->value >= 1 && u->value <= 31 &&
               u->end - u->start <= 2;
    return day ? (int)u->value : 0;
}

/* Read the date after "since" at unit `i` into `since`; false when there is none. */
static bool read_since(const abn_scene *c, size_t i, char since[16])
{
    int year = 0, day = 0, month = 0;
    for (size_t j = i; j < i + 5 && !month; j++) {
        if (year_at(c, j, &year)) {
            since[0] = 0;
            for (int k = 3, y = year; k >= 0; k--, y /= 10)
                since[k] = (char)('0' + y % 10);
            since[4] = 0;
            return true;
        }
        if (is(c, j, IS(MONTH))) {
            month = c->s->at[j].term->month;
            int before = j ? day_number(c, j - 1) : 0, after = day_number(c, j + 1);
            day = before ? before : after;
            size_t y = after ? j + 2 : j + 1;
            if (mark(c, y, ',')) y++;
            year_at(c, y, &year);
        }
        if (mark(c, j, ';') || mark(c, j, '.')) break;
    }
    if (!month) return false;
    char text[32];
    size_t n = 0;
    for (int k = 3, y = year; k >= 0; k--, y /= 10)
        text[k] = year ? (char)('0' + y % 10) : 'X';
    n = 4;
    text[n++] = '-';
    text[n++] = (char)('0' + month / 10);
    text[n++] = (char)('0' + month % 10);
    if (day) {
        text[n++] = '-';
        text[n++] = (char)('0' + day / 10);
        text[n++] = (char)('0' + day % 10);
    }
    text[n] = 0;
    memcpy(since, text, n + 1);
    return true;
}

/* The figure whose claim an extreme at unit `i` goes with: its session is the extreme's. */
static const abn_draft *draft_near(const abn_scene *c, size_t first_draft, uint32_t company)
{
    const abn_drafts *d = &c->t->drafts;
    for (size_t k = d->n; k-- > first_draft;)
        if (d->at[k].company == company) return &d->at[k];
    return NULL;
}

static abn_status claim_since(abn_scene *c, size_t i, size_t since, size_t first_draft,
                              abn_error *err)
{
    const abn_unit *u = &c->s->at[i];
    char date[16];
    for (size_t j = i > 6 ? i - 6 : 0; j < i; j++) /* "on track for its worst day since" */
        if (is(c, j, IS(COND))) return ABN_OK;
    if (!read_since(c, since + (is(c, since, IS(SINCE)) ? 1 : 0), date)) return ABN_OK;
    size_t k = abn_scene_subject_before(c, i);
    abn_subject subject;
    if (k == SIZE_MAX) return ABN_OK;
    subject = c->subjects.at[k];
    if (subject.kind == ABN_SUBJECT_FOCUS && !abn_scene_resolve(c, k, &subject)) return ABN_OK;
    if (subject.kind != ABN_SUBJECT_COMPANY) return ABN_OK;
    const abn_draft *near = draft_near(c, first_draft, subject.company);
    abn_draft of = near ? *near : (abn_draft){.kind_stated = false};
    abn_draft *d = abn_scene_draft(c, err);
    if (!d) return ABN_MEMORY;
    if (near) {
        abn_claim blank = d->claim;
        *d = of;
        blank.kind = of.claim.kind;
        blank.session_word = of.claim.session_word;
        blank.session_weekday = of.claim.session_weekday;
        memcpy(blank.currency, of.claim.currency, sizeof blank.currency);
        d->claim = blank;
    } else {
        abn_when w = {0};
        abn_when_read(c->s, 0, c->s->n, i, &w);
        w.horizon = 0;
        abn_draft_put_subject(d, &subject);
        abn_scene_put_when(c, d, &w, ABN_TENSE_NONE);
    }
    if (d->claim.kind == ABN_CLAIM_YTD || d->claim.kind == ABN_CLAIM_UNSPECIFIED)
        d->claim.kind = ABN_CLAIM_CLOSE;
    d->claim.extreme = u->term->dir < 0 ? ABN_EXTREME_LOW : ABN_EXTREME_HIGH;
    d->claim.of_move = (u->is & IS(EXTREME_MOVE)) != 0;
    for (size_t j = i > 3 ? i - 3 : 0; j < since; j++)
        d->claim.closing_extreme |=
            is(c, j, IS(SESSION)) && c->s->at[j].term->session == ABN_AT_CLOSE;
    memcpy(d->claim.since, date, sizeof date);
    d->start = u->start;
    size_t last = since;
    while (last + 1 < c->s->n && last < since + 5 &&
           (c->s->at[last + 1].kind == ABN_UNIT_NUMBER ||
            is(c, last + 1, IS(MONTH) | IS(DET) | IS(PREP))))
        last++;
    while (last > since && is(c, last, IS(DET) | IS(PREP)))
        last--;
    d->end = c->s->at[last].end;
    return ABN_OK;
}

abn_status abn_scene_claim_extremes(abn_scene *c, size_t first_draft, abn_error *err)
{
    abn_status status = ABN_OK;
    for (size_t i = 0; status == ABN_OK && i < c->s->n; i++) {
        if (!is(c, i, IS(EXTREME) | IS(EXTREME_MOVE) | IS(RECORD))) continue;
        for (size_t j = i + 1; j < i + 6 && j < c->s->n; j++) {
            if (is(c, j, IS(EXTREME) | IS(EXTREME_MOVE) | IS(RECORD)) || mark(c, j, ';')) break;
            if (!is(c, j, IS(SINCE))) continue;
            status = claim_since(c, i, j, first_draft, err);
            i = j;
            break;
        }
    }
    return status;
}

/* ---- rows of tables ---- */

/* "NAME 336,901,993 116.70 +2.90 +2.55": a name, then numbers alone. Where the last three agree as
 * price, change and percentage, that is what they are. */
abn_status abn_scene_claim_row(abn_scene *c, abn_error *err)
{
    const abn_subject *s = c->subjects.n ? &c->subjects.at[0] : NULL;
    size_t n = c->s->n;
    if (!s || s->at != 0 || s->kind != ABN_SUBJECT_COMPANY || n < s->end + 3 || n > s->end + 8)
        return ABN_OK;
    for (size_t i = s->end; i < n; i++)
        if (c->s->at[i].kind != ABN_UNIT_NUMBER || c->s->at[i].tail) return ABN_OK;
    const abn_unit *u = &c->s->at[n - 3];
    double percent = 100 * u[1].value / (u[0].value - u[1].value);
    bool agree = u[1].sign && u[2].sign == u[1].sign && fabs(percent - u[2].value) < 0.06;
    if (!agree) return ABN_OK;
    abn_draft *d = abn_scene_draft(c, err);
    if (!d) return ABN_MEMORY;
    abn_when w = {.session = ABN_AT_CLOSE};
    abn_draft_put_subject(d, s);
    abn_scene_put_when(c, d, &w, ABN_TENSE_NONE);
    d->claim.pct = u[2].value;
    d->claim.pct_unit = u[2].half;
    d->claim.level = u[0].value;
    d->claim.level_unit = u[0].half;
    d->heading = false;
    d->start = c->s->at[0].start;
    d->end = u[2].end;
    return ABN_OK;
}
