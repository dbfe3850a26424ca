/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Special days: merged from files, inferred from prices. */
#include "exchange_parts.h"

#include <stdlib.h>
#include <string.h>

enum { GAP_DAYS = 5 };

abn_status abn_pending_push(abn_pending *list, abn_calendar *of, abn_special_day day,
                            abn_error *err)
{
    if (list->n == list->cap) {
        size_t cap = list->cap ? 2 * list->cap : 64;
        abn_pending_day *grown = realloc(list->row, cap * sizeof *grown);
        if (!grown) return abn_fail_memory(err);
        list->row = grown;
        list->cap = cap;
    }
    list->row[list->n] = (abn_pending_day){of, day, list->n};
    list->n++;
    return ABN_OK;
}

static int compare_pending(const void *a, const void *b)
{
    const abn_pending_day *x = a, *y = b;
    if (x->day.date != y->day.date) return x->day.date < y->day.date ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* Special days by date, since every row of every series asks for its own. */
static abn_status mark_days(abn_exchanges *all, abn_calendar *of, abn_error *err)
{
    if (of->n == 0) return ABN_OK;
    size_t days = (size_t)(of->day[of->n - 1].date - of->day[0].date) + 1;
    unsigned char *state = abn_arena_alloc(all->arena, days);
    if (!state) return abn_fail_memory(err);
    for (size_t i = 0; i < of->n; i++)
        state[of->day[i].date - of->day[0].date] = of->day[i].open ? 2 : 1;
    of->first = of->day[0].date;
    of->days = days;
    of->state = state;
    return ABN_OK;
}

/* Days of `fresh`, ascending, replace those of the same date; the later of two wins. */
abn_status abn_calendar_merge(abn_exchanges *all, abn_calendar *into, const abn_pending *fresh,
                              abn_error *err)
{
    abn_special_day *merged = abn_arena_alloc(all->arena, (into->n + fresh->n) * sizeof *merged);
    if (!merged) return abn_fail_memory(err);
    size_t n = 0, i = 0;
    for (size_t j = 0; j < fresh->n; j++) {
        if (fresh->row[j].calendar != into) continue;
        abn_special_day day = fresh->row[j].day;
        while (i < into->n && into->day[i].date < day.date)
            merged[n++] = into->day[i++];
        if (i < into->n && into->day[i].date == day.date) i++;
        if (n > 0 && merged[n - 1].date == day.date) n--;
        merged[n++] = day;
    }
    while (i < into->n)
        merged[n++] = into->day[i++];
    into->day = merged;
    into->n = n;
    return mark_days(all, into, err);
}

static bool year_has_closures(const abn_calendar *of, int year)
{
    abn_date from = abn_date_of(year, 1, 1), to = abn_date_of(year, 12, 31);
    for (size_t i = 0; i < of->n; i++)
        if (!of->day[i].open && of->day[i].date >= from && of->day[i].date <= to) return true;
    return false;
}

static const abn_special_day *first_closure(const abn_calendar *of)
{
    for (size_t i = 0; i < of->n; i++)
        if (!of->day[i].open) return &of->day[i];
    return NULL;
}

/* Years that a user's rows add next to the known ones are known too; where none were, those from
 * the first with closures on. */
static void extend_known(abn_exchange_entry *x)
{
    const abn_special_day *first = first_closure(x->calendar);
    if (x->pub.known_from > x->pub.known_to) {
        if (!first) return;
        x->pub.known_from = abn_date_of(abn_date_civil(first->date).year, 1, 1);
        x->pub.known_to = abn_date_of(abn_date_civil(first->date).year, 12, 31);
    }
    int year = abn_date_civil(x->pub.known_from).year;
    while (year_has_closures(x->calendar, year - 1))
        x->pub.known_from = abn_date_of(--year, 1, 1);
    year = abn_date_civil(x->pub.known_to).year;
    while (year_has_closures(x->calendar, year + 1))
        x->pub.known_to = abn_date_of(++year, 12, 31);
}

abn_status abn_calendars_merge(abn_exchanges *all, abn_pending *list, abn_error *err)
{
    if (list->n > 0) qsort(list->row, list->n, sizeof *list->row, compare_pending);
    for (size_t i = 0; i < all->count; i++) {
        bool first = true;
        for (size_t j = 0; j < i; j++)
            first &= all->item[j].calendar != all->item[i].calendar;
        abn_status status =
            first ? abn_calendar_merge(all, all->item[i].calendar, list, err) : ABN_OK;
        if (status != ABN_OK) return status;
        extend_known(&all->item[i]);
        all->item[i].on_file =
            (abn_date_span){all->item[i].pub.known_from, all->item[i].pub.known_to};
    }
    return ABN_OK;
}

static bool is_on_file(const abn_exchange *x, abn_date date)
{
    const abn_date_span *on_file = &((const abn_exchange_entry *)x)->on_file;
    return date >= on_file->from && date <= on_file->to;
}

/* A span that joins the known years makes them longer. */
static void join_known(abn_exchanges *all, const abn_calendar *of, abn_date_span inferred)
{
    for (size_t i = 0; i < all->count; i++) {
        abn_exchange *x = &all->item[i].pub;
        if (all->item[i].calendar != of) continue;
        if (x->known_from > x->known_to) { /* nothing on file */
            x->known_from = inferred.from;
            x->known_to = inferred.to;
        }
        bool before = inferred.from < x->known_from && inferred.to >= x->known_from - GAP_DAYS;
        bool after = inferred.to > x->known_to && inferred.from <= x->known_to + GAP_DAYS;
        if (before) x->known_from = inferred.from;
        if (after) x->known_to = inferred.to;
    }
}

/* Weekdays that are not among the dates are closed, weekends that are open. */
static abn_status push_inferred(const abn_exchange_entry *x, const abn_date *date, size_t n,
                                abn_pending *list, abn_error *err)
{
    abn_status status = ABN_OK;
    size_t i = 0;
    for (abn_date d = date[0]; status == ABN_OK && d <= date[n - 1]; d++) {
        while (date[i] < d)
            i++;
        bool open = date[i] == d, weekday = abn_weekday(d) <= 5;
        abn_special_day day = {.date = d, .open = open, .open_sec = -1, .close_sec = -1};
        if (!is_on_file(&x->pub, d) && open != weekday)
            status = abn_pending_push(list, x->calendar, day, err);
    }
    return status;
}

abn_status abn_exchanges_infer(abn_exchanges *exchanges, const abn_exchange *exchange,
                               const abn_date *date, size_t n, abn_error *err)
{
    const abn_exchange_entry *x = (const abn_exchange_entry *)exchange;
    abn_calendar *of = x->calendar;
    abn_pending list = {0};
    if (n == 0) return ABN_OK;
    abn_date_span *grown = abn_arena_alloc(exchanges->arena, (of->inferred_n + 1) * sizeof *grown);
    abn_status status = grown ? push_inferred(x, date, n, &list, err) : abn_fail_memory(err);
    if (status == ABN_OK) status = abn_calendar_merge(exchanges, of, &list, err);
    free(list.row);
    if (status != ABN_OK) return status;
    if (of->inferred_n > 0) memcpy(grown, of->inferred, of->inferred_n * sizeof *grown);
    grown[of->inferred_n] = (abn_date_span){date[0], date[n - 1]};
    of->inferred = grown;
    of->inferred_n++;
    join_known(exchanges, of, grown[of->inferred_n - 1]);
    return ABN_OK;
}

void abn_exchange_known_span(const abn_exchange *exchange, abn_date *from, abn_date *to)
{
    const abn_calendar *of = ((const abn_exchange_entry *)exchange)->calendar;
    bool some = exchange->known_from <= exchange->known_to;
    *from = exchange->known_from, *to = exchange->known_to;
    for (size_t i = 0; i < of->inferred_n; i++, some = true) {
        if (!some || of->inferred[i].from < *from) *from = of->inferred[i].from;
        if (!some || of->inferred[i].to > *to) *to = of->inferred[i].to;
    }
}

bool abn_exchange_knows(const abn_exchange *exchange, abn_date date)
{
    const abn_calendar *of = ((const abn_exchange_entry *)exchange)->calendar;
    if (date >= exchange->known_from && date <= exchange->known_to) return true;
    for (size_t i = 0; i < of->inferred_n; i++)
        if (date >= of->inferred[i].from && date <= of->inferred[i].to) return true;
    return false;
}

bool abn_exchange_inferred(const abn_exchange *exchange, abn_date date)
{
    return abn_exchange_knows(exchange, date) && !is_on_file(exchange, date);
}
