/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "timex_write.h"

#include <abnorm/date.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool abn_timex_put(abn_timex *out, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(out->value, sizeof out->value, fmt, args);
    va_end(args);
    return n > 0 && (size_t)n < sizeof out->value;
}

bool abn_timex_append(abn_timex *out, const char *more)
{
    size_t len = strlen(out->value);
    if (len + strlen(more) >= sizeof out->value) return false;
    memcpy(out->value + len, more, strlen(more) + 1);
    return true;
}

bool abn_timex_put_day(abn_timex *out, abn_date day)
{
    abn_civil c = abn_date_civil(day);
    out->date = day;
    if (c.year < 1 || c.year > 9999) return false;
    abn_date_format(day, out->value);
    return true;
}

bool abn_timex_put_week(abn_timex *out, abn_date day, const char *tail)
{
    int year, week = abn_iso_week(day, &year);
    return abn_timex_put(out, "%04d-W%02d%s", year, week, tail);
}

/* The unit that holds `day`, `off` units on. */
bool abn_timex_put_unit(abn_timex *out, abn_date day, int unit, int off)
{
    abn_civil c = abn_date_civil(day);
    int months = c.year * 12 + c.month - 1, quarters = c.year * 4 + (c.month - 1) / 3,
        halves = c.year * 2 + (c.month - 1) / 6;
    switch (unit) {
    case ABN_UNIT_DAY:
        return abn_timex_put_day(out, day + off);
    case ABN_UNIT_WEEK:
        return abn_timex_put_week(out, day + 7 * off, "");
    case ABN_UNIT_WEEKEND:
        return abn_timex_put_week(out, day + 7 * off, "-WE");
    case ABN_UNIT_MONTH:
        return abn_timex_put(out, "%04d-%02d", (months + off) / 12, (months + off) % 12 + 1);
    case ABN_UNIT_QUARTER:
        return abn_timex_put(out, "%04d-Q%d", (quarters + off) / 4, (quarters + off) % 4 + 1);
    case ABN_UNIT_HALF:
        return abn_timex_put(out, "%04d-H%d", (halves + off) / 2, (halves + off) % 2 + 1);
    case ABN_UNIT_YEAR:
        return abn_timex_put(out, "%04d", c.year + off);
    case ABN_UNIT_DECADE:
        return abn_timex_put(out, "%03d", c.year / 10 + off);
    case ABN_UNIT_CENTURY:
        return abn_timex_put(out, "%02d", c.year / 100 + off);
    default:
        return false;
    }
}

bool abn_timex_put_unknown(abn_timex *out, int unit)
{
    static const char *const UNKNOWN[] = {
        [ABN_UNIT_DAY] = "XXXX-XX-XX",  [ABN_UNIT_WEEKEND] = "XXXX-WXX-WE",
        [ABN_UNIT_WEEK] = "XXXX-WXX",   [ABN_UNIT_MONTH] = "XXXX-XX",
        [ABN_UNIT_QUARTER] = "XXXX-QX", [ABN_UNIT_HALF] = "XXXX-HX",
        [ABN_UNIT_YEAR] = "XXXX",       [ABN_UNIT_DECADE] = "XXX",
        [ABN_UNIT_CENTURY] = "XX"};
    return unit >= ABN_UNIT_DAY && abn_timex_put(out, "%s", UNKNOWN[unit]);
}

/* A number of units; `tenths` of them, or an unknown number when negative. */
bool abn_timex_put_span(abn_timex *out, int tenths, int unit)
{
    static const char *const CODE[] = {"",  "S", "M", "H", "D",  "WE", "W",
                                       "M", "Q", "H", "Y", "DE", "CE"};
    const char *time = unit <= ABN_UNIT_HOUR ? "T" : "";
    if (unit == ABN_UNIT_NONE) return false;
    if (tenths < 0) return abn_timex_put(out, "P%sX%s", time, CODE[unit]);
    if (unit == ABN_UNIT_HALF) return abn_timex_put(out, "P%dM", tenths * 6 / 10);
    if (tenths == 5 && unit == ABN_UNIT_HOUR) return abn_timex_put(out, "PT30M");
    if (tenths == 5 && unit == ABN_UNIT_YEAR) return abn_timex_put(out, "P6M");
    if (tenths % 10)
        return abn_timex_put(out, "P%s%d.%d%s", time, tenths / 10, tenths % 10, CODE[unit]);
    return abn_timex_put(out, "P%s%d%s", time, tenths / 10, CODE[unit]);
}
