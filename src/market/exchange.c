/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/exchange.h>

#include "exchange_parts.h"
#include <stdlib.h>

void abn_exchanges_free(abn_exchanges *exchanges)
{
    if (!exchanges) return;
    abn_arena_free(exchanges->arena);
    free(exchanges->item);
    free(exchanges);
}

size_t abn_exchanges_count(const abn_exchanges *exchanges)
{
    return exchanges->count;
}

const abn_exchange *abn_exchanges_at(const abn_exchanges *exchanges, size_t i)
{
    return &exchanges->item[i].pub;
}

static bool has_alias(const abn_exchange_entry *x, abn_slice name)
{
    abn_slice rest = abn_slice_of(x->aliases), part;
    while (abn_slice_split(&rest, ';', &part))
        if (part.len == name.len && name.len > 0) {
            size_t i = 0;
            while (i < name.len && (part.ptr[i] | 32) == (name.ptr[i] | 32))
                i++;
            if (i == name.len) return true;
        }
    return false;
}

const abn_exchange *abn_exchanges_find(const abn_exchanges *exchanges, abn_slice mic)
{
    for (size_t i = 0; i < exchanges->count; i++)
        if (abn_slice_ieq(mic, exchanges->item[i].pub.mic)) return &exchanges->item[i].pub;
    for (size_t i = 0; i < exchanges->count; i++)
        if (has_alias(&exchanges->item[i], mic)) return &exchanges->item[i].pub;
    return NULL;
}

static const abn_special_day *find_special(const abn_calendar *in, abn_date date)
{
    size_t lo = 0, hi = in->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (in->day[mid].date < date)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < in->n && in->day[lo].date == date ? &in->day[lo] : NULL;
}

static bool is_open(const abn_calendar *of, abn_date date)
{
    int64_t at = (int64_t)date - of->first;
    int state = at >= 0 && at < (int64_t)of->days ? of->state[at] : 0;
    return state ? state == 2 : abn_weekday(date) <= 5;
}

static abn_era hours_of(const abn_exchange_entry *x, abn_date date)
{
    for (size_t i = 0; i < x->eras; i++)
        if (date <= x->era[i].until) return x->era[i];
    return (abn_era){0, x->pub.zone, x->pub.open_sec, x->pub.close_sec, x->pub.early_close_sec};
}

/* The zone in force at an instant; a change of rules lies far from any session's end. */
static abn_zone zone_at(const abn_exchange_entry *x, abn_instant at)
{
    return hours_of(x, abn_zone_date(&x->pub.zone, at, NULL)).zone;
}

int abn_exchange_offset_sec(const abn_exchange *exchange, abn_instant at)
{
    abn_zone zone = zone_at((const abn_exchange_entry *)exchange, at);
    return abn_zone_offset_sec(&zone, at);
}

bool abn_exchange_session(const abn_exchange *exchange, abn_date date, abn_session *session)
{
    const abn_exchange_entry *x = (const abn_exchange_entry *)exchange;
    if (!is_open(x->calendar, date)) return false;
    if (!session) return true;
    const abn_special_day *special = find_special(x->calendar, date);
    abn_era hours = hours_of(x, date);
    int open = hours.open_sec, close = hours.close_sec;
    if (special && special->open_sec >= 0) open = special->open_sec;
    if (special && special->close_sec >= 0) close = special->close_sec;
    session->date = date;
    session->open = abn_zone_instant(&hours.zone, date, open);
    session->close = abn_zone_instant(&hours.zone, date, close);
    session->early = close < hours.close_sec;
    return true;
}

abn_date abn_exchange_next(const abn_exchange *exchange, abn_date date)
{
    while (!abn_exchange_session(exchange, date, NULL))
        date++;
    return date;
}

abn_date abn_exchange_previous(const abn_exchange *exchange, abn_date date)
{
    while (!abn_exchange_session(exchange, date, NULL))
        date--;
    return date;
}

abn_session abn_exchange_first_session(const abn_exchange *exchange, abn_instant at,
                                       abn_phase *phase)
{
    abn_zone zone = zone_at((const abn_exchange_entry *)exchange, at);
    abn_date today = abn_zone_date(&zone, at, NULL);
    abn_session met;
    abn_date date = abn_exchange_next(exchange, today);
    abn_exchange_session(exchange, date, &met);
    if (met.close <= at) {
        date = abn_exchange_next(exchange, date + 1);
        abn_exchange_session(exchange, date, &met);
    }
    if (phase)
        *phase = met.date != today ? ABN_PHASE_AFTER_CLOSE
                 : at < met.open   ? ABN_PHASE_PRE_OPEN
                                   : ABN_PHASE_INTRADAY;
    return met;
}

const char *abn_phase_name(abn_phase phase)
{
    static const char *const name[] = {"pre_open", "intraday", "after_close", "day"};
    return name[phase];
}
