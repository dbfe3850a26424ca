/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/claim.h>

static const char *name_at(const char *const *names, size_t count, unsigned i)
{
    return i < count ? names[i] : "";
}

#define NAME_AT(names, i) name_at(names, sizeof names / sizeof *names, (unsigned)(i))

const char *abn_claim_kind_name(abn_claim_kind kind)
{
    static const char *const names[] = {"unspecified", "close",      "intraday",
                                        "premarket",   "afterhours", "ytd"};
    return NAME_AT(names, kind);
}

const char *abn_hedge_name(abn_hedge hedge)
{
    static const char *const names[] = {"", "about", "more_than", "nearly", "as_much_as"};
    return NAME_AT(names, hedge);
}

const char *abn_extreme_name(abn_extreme extreme)
{
    static const char *const names[] = {"", "high", "low"};
    return NAME_AT(names, extreme);
}

const char *abn_horizon_name(abn_horizon horizon)
{
    static const char *const names[] = {"day", "week", "month", "quarter", "ytd", "year", "other"};
    return NAME_AT(names, horizon);
}

const char *abn_event_type_name(abn_event_type type)
{
    static const char *const names[] = {"other",   "partnership", "earnings", "regulatory",
                                        "product", "buyback",     "analyst",  "macro",
                                        "legal",   "market"};
    return NAME_AT(names, type);
}

const char *abn_event_status_name(abn_event_status status)
{
    static const char *const names[] = {"reported", "confirmed", "denied", "scheduled"};
    return NAME_AT(names, status);
}

const char *abn_precision_name(abn_precision precision)
{
    static const char *const names[] = {"", "month", "week", "day", "instant"};
    return NAME_AT(names, precision);
}

void abn_reading_free(abn_reading *reading)
{
    if (!reading) return;
    abn_arena_free(reading->arena);
    *reading = (abn_reading){0};
}
