/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "moves.h"

#define IS ABN_IS

static size_t gap(size_t i, size_t near)
{
    return i > near ? i - near : near - i;
}

/* Premarket and after hours outrank the words that other sessions share with verbs. */
static int rank(abn_session_kind session)
{
    if (session == ABN_AT_PREMARKET || session == ABN_AT_AFTERHOURS) return 2;
    return session != ABN_AT_NONE;
}

typedef struct nearest {
    size_t session, day, horizon, venue; /* distances */
} nearest;

static bool closer(size_t *best, size_t distance)
{
    bool yes = distance < *best;
    if (yes) *best = distance;
    return yes;
}

/* A horizon "since ..." that an extreme before it owns ("highest since") is none of the move's. */
static bool owned(const abn_sentence *s, size_t i)
{
    for (size_t j = i, steps = 0; j > 0 && steps < 4; steps++) {
        j--;
        if (abn_unit_is(s, j, IS(EXTREME) | IS(EXTREME_MOVE) | IS(RECORD))) return true;
        if (abn_unit_is(s, j, IS(MOVE) | IS(PERCENT) | IS(NEUTRAL))) return false;
        if (abn_unit_at(s, j)->kind == ABN_UNIT_MARK) return false;
    }
    return false;
}

static void read_unit(const abn_sentence *s, size_t i, size_t distance, nearest *best,
                      abn_when *found)
{
    const abn_unit *u = &s->at[i];
    if (u->is & IS(SESSION) && (u->term->session != ABN_AT_NONE)) {
        int r = rank(u->term->session), have = rank(found->session);
        if (r > have || (r == have && distance < best->session)) {
            best->session = distance;
            found->session = u->term->session;
            found->stated = true;
        }
    }
    if (u->is & IS(DAY) && closer(&best->day, distance)) found->day = u->term->day;
    if (u->is & IS(HORIZON) && !owned(s, i) && closer(&best->horizon, distance))
        found->horizon = u->term->horizon;
    if (u->is & IS(SINCE) && !(u->is & IS(HORIZON)) && !owned(s, i) && i + 1 < s->n &&
        closer(&best->horizon, distance))
        found->horizon = ABN_HORIZON_OTHER;
    bool counted = (u->is & IS(NUMBER) || u->kind == ABN_UNIT_NUMBER) && u->value > 1 &&
                   abn_unit_is(s, i + 1, IS(SESSION_UNIT)) && i > 0 &&
                   abn_unit_is(s, i - 1, IS(PREP)) && !abn_unit_is(s, i + 2, IS(STREAK));
    if (counted && closer(&best->horizon, distance)) found->horizon = ABN_HORIZON_OTHER;
    if (u->is & IS(VENUE) && closer(&best->venue, distance)) found->venue = u->term->text;
}

void abn_when_read(const abn_sentence *s, size_t from, size_t to, size_t near, abn_when *when)
{
    abn_when found = {0};
    nearest best = {SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX};
    for (size_t i = from; i < to && i < s->n; i++)
        read_unit(s, i, gap(i, near), &best, &found);
    if (!when->stated && found.stated) {
        when->session = found.session;
        when->stated = true;
    }
    if (!when->day) when->day = found.day;
    if (!when->horizon) when->horizon = found.horizon;
    if (!when->venue) when->venue = found.venue;
}
