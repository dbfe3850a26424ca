/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "timex_value.h"

#include "timex_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const abn_timex_slots slots;
typedef const abn_timex_context context;

/* From here on a time without its year is no longer taken for the nearest against the tense. */
enum { FAR_DAYS = 140, FAR_MONTHS = 5, LONG_AGO_DAYS = 31 };

static bool said(int slot)
{
    return slot != ABN_NO_SLOT;
}

static bool anchored(context *c)
{
    return c->anchor != ABN_NO_DATE;
}

/* The year said, or counted from the anchor; ABN_NO_SLOT when neither. */
static int year_of(slots *s, context *c, abn_timex *out)
{
    if (said(s->year)) return s->year;
    if (!said(s->year_off) || !anchored(c)) return ABN_NO_SLOT;
    out->relative = true;
    return abn_date_civil(c->anchor).year + s->year_off;
}

/* Of three times a year apart (negative before the anchor) the index of the one meant: `toward` -1
 * the last that is not after, 1 the first that is not before, 0 the nearest. */
static int choose(const long distance[3], const bool valid[3], int toward)
{
    int best = -1;
    for (int i = 0; i < 3; i++) {
        if (!valid[i] || distance[i] * toward < 0) continue;
        if (best < 0 || labs(distance[i]) < labs(distance[best])) best = i;
    }
    return best;
}

/* As the text says (last May), else the nearest, unless that is far (`far` off) and the tense
 * points the other way. */
static int choose_near(slots *s, context *c, const long distance[3], const bool valid[3], long far)
{
    if (said(s->rel) && s->rel != 0) return choose(distance, valid, s->rel < 0 ? -1 : 1);
    if (c->tense == -2) return choose(distance, valid, -1);
    int nearest = choose(distance, valid, 0);
    if (nearest < 0 || distance[nearest] * c->tense >= 0 || labs(distance[nearest]) < far)
        return nearest;
    int other = choose(distance, valid, c->tense);
    return other < 0 ? nearest : other;
}

/* The day of month and day that is meant, in the year before the anchor's, in it, or after. */
static abn_date nearby_day(slots *s, context *c, abn_date (*day_in)(slots *, int year))
{
    int year = abn_date_civil(c->anchor).year;
    long distance[3];
    bool valid[3];
    abn_date day[3];
    for (int i = 0; i < 3; i++) {
        day[i] = day_in(s, year - 1 + i);
        valid[i] = day[i] != ABN_NO_DATE;
        distance[i] = valid[i] ? (long)day[i] - c->anchor : 0;
        if (valid[i] && said(s->weekday) && abn_weekday(day[i]) != s->weekday &&
            labs(distance[i]) > 60)
            valid[i] = false;
    }
    int best = choose_near(s, c, distance, valid, FAR_DAYS);
    return best < 0 ? ABN_NO_DATE : day[best];
}

static abn_date month_day_in(slots *s, int year)
{
    return abn_date_of(year, s->month, s->day);
}

/* A weekday and a day of a month not named: the nearest day that is both. */
static bool value_day_alone(slots *s, context *c, abn_timex *out)
{
    if (!anchored(c)) return abn_timex_put(out, "XXXX-XX-%02d", s->day);
    out->relative = true;
    for (int far = 0; far < 200; far++) {
        for (int side = 1; side >= -1; side -= 2) {
            abn_date day = c->anchor + far * side;
            if (abn_date_civil(day).day == s->day && abn_weekday(day) == s->weekday)
                return abn_timex_put_day(out, day);
        }
    }
    return false;
}

static bool put_hour(slots *s, int hour, abn_timex *out)
{
    char clock[16];
    snprintf(clock, sizeof clock, "T%02d:%02d", hour % 100, s->minute % 100);
    if (!abn_timex_append(out, clock)) return false;
    snprintf(clock, sizeof clock, ":%02d", said(s->second) ? s->second % 100 : 0);
    if (said(s->second) && !abn_timex_append(out, clock)) return false;
    if (!said(s->offset)) return true;
    int minutes = abs(s->offset) % 6000;
    snprintf(clock, sizeof clock, "%c%02d:%02d", s->offset < 0 ? '-' : '+', minutes / 60,
             minutes % 60);
    return abn_timex_append(out, minutes ? clock : "Z");
}

static bool value_day(slots *s, context *c, abn_timex *out)
{
    out->weekday = (signed char)(said(s->weekday) ? s->weekday : 0);
    if (!said(s->month)) return said(s->weekday) && value_day_alone(s, c, out);
    int year = year_of(s, c, out);
    if (!said(year)) {
        if (s->day > abn_days_in_month(2000, s->month)) return false;
        if (!anchored(c)) return abn_timex_put(out, "XXXX-%02d-%02d", s->month, s->day);
        out->relative = true;
        abn_date day = nearby_day(s, c, month_day_in);
        return day != ABN_NO_DATE && abn_timex_put_day(out, day);
    }
    abn_date day = abn_date_of(year, s->month, s->day);
    if (day == ABN_NO_DATE || !abn_timex_put_day(out, day)) return false;
    if (!said(s->hour)) return true;
    out->type = ABN_TIMEX_TIME;
    return put_hour(s, s->hour, out);
}

/* The year that puts month `month` (1 to 12) where it is meant. */
static int nearby_year(slots *s, context *c, int month)
{
    abn_civil now = abn_date_civil(c->anchor);
    long distance[3];
    bool valid[3] = {true, true, true};
    for (int i = 0; i < 3; i++)
        distance[i] = (i - 1) * 12 + month - now.month;
    if (said(s->rel) && s->rel != 0) valid[1] = distance[1] * s->rel > 0;
    int best = choose_near(s, c, distance, valid, FAR_MONTHS);
    return now.year - 1 + (best < 0 ? 1 : best);
}

static bool value_month(slots *s, context *c, abn_timex *out)
{
    int year = year_of(s, c, out);
    if (!said(year)) {
        if (!anchored(c)) return abn_timex_put(out, "XXXX-%02d", s->month);
        out->relative = true;
        year = nearby_year(s, c, s->month);
    }
    return abn_timex_put(out, "%04d-%02d", year, s->month);
}

static bool value_quarter(slots *s, context *c, abn_timex *out)
{
    int year = year_of(s, c, out), quarter = s->ord == -1 ? 4 : s->ord;
    if (!said(quarter) && !said(s->rel)) return false;
    if (!said(quarter)) { /* last quarter */
        if (!anchored(c)) return abn_timex_put(out, "XXXX-QX");
        abn_civil now = abn_date_civil(c->anchor);
        int count = now.year * 4 + (now.month - 1) / 3 + s->rel;
        out->relative = true;
        return abn_timex_put(out, "%04d-Q%d", count / 4, count % 4 + 1);
    }
    if (quarter < 1 || quarter > 4) return false;
    if (!said(year)) {
        if (!anchored(c)) return abn_timex_put(out, "XXXX-Q%d", quarter);
        out->relative = true;
        year = nearby_year(s, c, quarter * 3);
    }
    return abn_timex_put(out, "%04d-Q%d", year, quarter);
}

static bool value_half(slots *s, context *c, abn_timex *out)
{
    int year = year_of(s, c, out), half = s->ord == -1 ? 2 : s->ord;
    if (half < 1 || half > 2) return false;
    if (!said(year)) {
        if (!anchored(c)) return abn_timex_put(out, "XXXX-H%d", half);
        out->relative = true;
        year = abn_date_civil(c->anchor).year;
    }
    return abn_timex_put(out, "%04d-H%d", year, half);
}

static int season_month(const char *season)
{
    return strcmp(season, "SP") == 0   ? 4
           : strcmp(season, "SU") == 0 ? 7
           : strcmp(season, "FA") == 0 ? 10
                                       : 1;
}

static bool value_season(slots *s, context *c, abn_timex *out)
{
    int year = year_of(s, c, out);
    if (!said(year)) {
        if (!anchored(c)) return abn_timex_put(out, "XXXX-%s", s->season);
        out->relative = true;
        year = nearby_year(s, c, season_month(s->season));
    }
    return abn_timex_put(out, "%04d-%s", year, s->season);
}

static bool value_decade(slots *s, context *c, abn_timex *out)
{
    if (said(s->tens)) return abn_timex_put(out, "%03d", s->tens);
    if (!anchored(c)) return abn_timex_put(out, "XXX");
    out->relative = true;
    return abn_timex_put(out, "%03d", abn_date_civil(c->anchor).year / 10 + s->rel);
}

static bool value_century(slots *s, context *c, abn_timex *out)
{
    if (said(s->ord) && s->ord >= 1 && s->ord <= 21) return abn_timex_put(out, "%02d", s->ord - 1);
    if (!said(s->rel)) return false;
    if (!anchored(c)) return abn_timex_put(out, "XX");
    out->relative = true;
    return abn_timex_put(out, "%02d", abn_date_civil(c->anchor).year / 100 + s->rel);
}

/* "12-25", "easter+39", "11/4/4" (the fourth Thursday of November), "11/4/4+1" (the day after). */
static abn_date holiday_in(slots *s, int year)
{
    int a, b, n;
    if (sscanf(s->text, "easter%d", &a) == 1) return abn_easter(year) + a;
    int more = 0;
    if (sscanf(s->text, "%d/%d/%d%d", &a, &b, &n, &more) >= 3) {
        abn_date first = abn_date_of(year, a, 1);
        int days = (b - abn_weekday(first) + 7) % 7 + 7 * (n > 0 ? n - 1 : 4);
        if (n < 0 && days >= abn_days_in_month(year, a)) days -= 7;
        return first + days + more;
    }
    return sscanf(s->text, "%d-%d", &a, &b) == 2 ? abn_date_of(year, a, b) : ABN_NO_DATE;
}

static bool value_holiday(slots *s, context *c, abn_timex *out)
{
    if (said(s->year)) {
        abn_date day = holiday_in(s, s->year);
        return day != ABN_NO_DATE && abn_timex_put_day(out, day);
    }
    if (!anchored(c)) return abn_timex_put(out, "XXXX-XX-XX");
    out->relative = true;
    abn_date day = nearby_day(s, c, holiday_in);
    return day != ABN_NO_DATE && abn_timex_put_day(out, day);
}

static bool put_part(slots *s, abn_timex *out)
{
    if (!s->part) return true;
    out->type = ABN_TIMEX_TIME;
    return abn_timex_append(out, "T") && abn_timex_append(out, s->part);
}

static abn_date weekday_of(slots *s, context *c)
{
    int back = (abn_weekday(c->anchor) - s->weekday + 7) % 7; /* days since the last one */
    abn_date last = c->anchor - back, next = back ? last + 7 : last;
    if (said(s->rel) && s->rel < 0) return back ? last : last - 7;
    if (said(s->rel) && s->rel > 0) return last + 7;
    if (said(s->rel)) return c->tense < 0 || (c->tense == 0 && back <= 3) ? last : next;
    if (c->day != c->anchor && c->day != ABN_NO_DATE && abn_weekday(c->day) == s->weekday &&
        labs((long)c->day - c->anchor) <= 7)
        return c->day;
    return c->tense > 0 ? next : last;
}

static bool value_weekday(slots *s, context *c, abn_timex *out)
{
    out->weekday = (signed char)s->weekday;
    if (!anchored(c)) {
        abn_timex_put(out, "XXXX-WXX-%d", s->weekday);
    } else {
        out->relative = true;
        abn_timex_put_day(out, weekday_of(s, c));
    }
    return put_part(s, out);
}

static bool value_deictic(slots *s, context *c, abn_timex *out)
{
    out->weekday = (signed char)(said(s->weekday) ? s->weekday : 0);
    out->relative = true;
    if (anchored(c))
        abn_timex_put_day(out, c->anchor + s->deictic);
    else
        abn_timex_put(out, "XXXX-XX-XX");
    return put_part(s, out);
}

static bool value_span(slots *s, context *c, abn_timex *out)
{
    (void)c;
    out->type = ABN_TIMEX_DURATION;
    if (s->text) return abn_timex_put(out, "%s", s->text);
    return abn_timex_put_span(out,
                              said(s->num)            ? s->num
                              : s->plural || s->vague ? -1
                                                      : 10,
                              s->unit);
}

static int weekend_is_on(abn_date day)
{
    return abn_weekday(day) >= 6;
}

static bool value_relative(slots *s, context *c, abn_timex *out)
{
    int off = said(s->rel) ? s->rel : 0;
    if (said(s->rel) && (s->plural || s->over)) return value_span(s, c, out);
    if (s->unit < ABN_UNIT_DAY) return false;
    abn_date from = s->then && s->unit == ABN_UNIT_DAY ? c->told : c->anchor;
    out->relative = true;
    if (s->then && s->unit == ABN_UNIT_YEAR && c->year > 0)
        return abn_timex_put(out, "%04d", c->year + off);
    if (from == ABN_NO_DATE) return abn_timex_put_unknown(out, s->unit);
    if (s->unit == ABN_UNIT_WEEKEND && !said(s->rel) && c->tense < 0) off = weekend_is_on(from) - 1;
    return abn_timex_put_unit(out, from, s->unit, off);
}

static bool value_neighbour(slots *s, context *c, abn_timex *out)
{
    abn_date from = s->unit == ABN_UNIT_DAY || !anchored(c) ? c->told : c->anchor;
    out->relative = true;
    return from == ABN_NO_DATE ? abn_timex_put_unknown(out, s->unit)
                               : abn_timex_put_unit(out, from, s->unit, s->rel);
}

static bool value_same(slots *s, context *c, abn_timex *out)
{
    out->relative = true;
    int back = said(s->num) ? s->num / 10 : 0; /* years: the same month a year ago */
    if (s->unit == ABN_UNIT_YEAR && c->year > 0) return abn_timex_put(out, "%04d", c->year - back);
    if (s->unit == ABN_UNIT_MONTH && c->month > 0)
        return abn_timex_put(out, "%04d-%02d", c->year - back, c->month);
    if (c->day == ABN_NO_DATE) return abn_timex_put_unknown(out, s->unit);
    return abn_timex_put_unit(out, abn_date_add_months(c->day, -12 * back), s->unit, 0);
}

/* The last week of March, the third Friday of May. */
static bool value_nth(slots *s, context *c, abn_timex *out)
{
    if (!said(s->month)) {
        if (s->ord < 1) return false;
        return value_same(s, c, out);
    }
    abn_timex month = {.date = ABN_NO_DATE};
    value_month(s, c, &month);
    int year;
    if (sscanf(month.value, "%4d", &year) != 1 || year < 1)
        return abn_timex_put(out, "%s", month.value);
    out->relative = month.relative;
    abn_date first = abn_date_of(year, s->month, 1),
             last = first + abn_days_in_month(year, s->month) - 1;
    if (said(s->weekday)) {
        int skip = (s->weekday - abn_weekday(first) + 7) % 7;
        abn_date day = s->ord < 0 ? last - (abn_weekday(last) - s->weekday + 7) % 7
                                  : first + skip + 7 * (s->ord - 1);
        out->weekday = (signed char)s->weekday;
        return day <= last && abn_timex_put_day(out, day);
    }
    if (s->unit == ABN_UNIT_WEEK)
        return abn_timex_put_week(out, s->ord < 0 ? last - 3 : first + 3 + 7 * (s->ord - 1), "");
    if (s->unit == ABN_UNIT_DAY)
        return abn_timex_put_day(out, s->ord < 0 ? last : first + s->ord - 1);
    return abn_timex_put(out, "%s", month.value);
}

/* The day that an hour is of: the one spoken of in the sentence; or before, unless that is long
 * ago, or to come and this has been. */
static abn_date day_of_hour(context *c)
{
    if (c->near || !anchored(c)) return c->day;
    bool passed = c->day > c->anchor && c->tense < 0;
    return passed || labs((long)c->day - c->anchor) > LONG_AGO_DAYS ? c->anchor : c->day;
}

static bool value_part(slots *s, context *c, abn_timex *out)
{
    if (said(s->month) || said(s->weekday))
        return (said(s->month) ? value_day : value_weekday)(s, c, out) &&
               (strchr(out->value, 'T') != NULL || put_part(s, out));
    abn_date day = said(s->rel) ? c->anchor : day_of_hour(c);
    if (day == ABN_NO_DATE) {
        abn_timex_put(out, "XXXX-XX-XX");
    } else {
        out->relative = true;
        abn_timex_put_day(out, day + (said(s->rel) ? s->rel : 0));
    }
    return put_part(s, out);
}

static int hour_of(slots *s)
{
    int hour = s->hour;
    if (said(s->ampm)) return hour % 12 + s->ampm;
    bool late = s->part && (strcmp(s->part, "AF") == 0 || strcmp(s->part, "EV") == 0);
    return late && hour < 12 ? hour + 12 : hour;
}

static bool value_clock(slots *s, context *c, abn_timex *out)
{
    abn_timex_slots named = *s;
    abn_timex on = {.date = day_of_hour(c)};
    if (s->hour > 24 || (said(s->ampm) && (s->hour > 12 || s->hour < 1))) return false;
    named.part = NULL;
    named.hour = ABN_NO_SLOT;
    if (said(s->month) && said(s->day))
        value_day(&named, c, &on);
    else if (said(s->deictic))
        value_deictic(&named, c, &on);
    else if (said(s->weekday))
        value_weekday(&named, c, &on);
    char date[ABN_DATE_MAX];
    abn_timex_put(out, "%s", abn_date_format(on.date, date));
    out->type = ABN_TIMEX_TIME;
    out->date = on.date;
    out->weekday = on.weekday;
    out->relative = on.date != ABN_NO_DATE && (!said(s->month) || on.relative);
    return put_hour(s, hour_of(s), out) && (!s->zone || abn_timex_append(out, s->zone));
}

static bool value_ago(slots *s, context *c, abn_timex *out)
{
    bool days = s->unit == ABN_UNIT_DAY || s->unit == ABN_UNIT_WEEK;
    if (!days || !said(s->num) || s->num % 10 || !anchored(c)) return value_span(s, c, out);
    out->relative = true;
    return abn_timex_put_day(out, c->anchor - s->num / 10 * (s->unit == ABN_UNIT_WEEK ? 7 : 1));
}

static bool value_later(slots *s, context *c, abn_timex *out)
{
    bool days = s->unit == ABN_UNIT_DAY || s->unit == ABN_UNIT_WEEK;
    if (!days || s->num % 10 || c->told == ABN_NO_DATE) return value_span(s, c, out);
    out->relative = true;
    return abn_timex_put_day(out, c->told + s->num / 10 * (s->unit == ABN_UNIT_WEEK ? 7 : 1));
}

static bool value_set(slots *s, context *c, abn_timex *out)
{
    out->type = ABN_TIMEX_SET;
    if (s->text) return abn_timex_put(out, "%s", s->text);
    if (said(s->weekday)) {
        abn_timex_put(out, "XXXX-WXX-%d", s->weekday);
        out->weekday = (signed char)s->weekday;
        return !s->part || (abn_timex_append(out, "T") && abn_timex_append(out, s->part));
    }
    if (s->part) return abn_timex_put(out, "XXXX-XX-XXT%s", s->part);
    (void)c;
    int count = said(s->num) ? s->num : said(s->ord) && s->ord > 1 ? s->ord * 10 : 10;
    return abn_timex_put_span(out, s->vague ? -1 : count, s->unit);
}

static bool value_ref(slots *s, context *c, abn_timex *out)
{
    (void)c;
    return abn_timex_put(out, "%s", s->text);
}

static bool value_year(slots *s, context *c, abn_timex *out)
{
    (void)c;
    return abn_timex_put(out, "%04d", s->year);
}

typedef bool value_fn(slots *s, context *c, abn_timex *out);

static value_fn *const VALUE[] = {
    [ABN_KIND_DAY] = value_day,
    [ABN_KIND_MONTH] = value_month,
    [ABN_KIND_YEAR] = value_year,
    [ABN_KIND_QUARTER] = value_quarter,
    [ABN_KIND_HALF] = value_half,
    [ABN_KIND_SEASON] = value_season,
    [ABN_KIND_DECADE] = value_decade,
    [ABN_KIND_CENTURY] = value_century,
    [ABN_KIND_HOLIDAY] = value_holiday,
    [ABN_KIND_WEEKDAY] = value_weekday,
    [ABN_KIND_DEICTIC] = value_deictic,
    [ABN_KIND_RELATIVE] = value_relative,
    [ABN_KIND_NEIGHBOUR] = value_neighbour,
    [ABN_KIND_SAME] = value_same,
    [ABN_KIND_NTH] = value_nth,
    [ABN_KIND_PART] = value_part,
    [ABN_KIND_CLOCK] = value_clock,
    [ABN_KIND_SPAN] = value_span,
    [ABN_KIND_AGO] = value_ago,
    [ABN_KIND_LATER] = value_later,
    [ABN_KIND_SET] = value_set,
    [ABN_KIND_REF] = value_ref,
};

bool abn_timex_value(abn_timex_kind kind, slots *s, context *c, abn_timex *out)
{
    return kind != ABN_KIND_NONE && VALUE[kind](s, c, out);
}

bool abn_timex_wants_tense(abn_timex_kind kind, slots *s)
{
    switch (kind) {
    case ABN_KIND_DAY:
    case ABN_KIND_MONTH:
    case ABN_KIND_QUARTER:
    case ABN_KIND_SEASON:
    case ABN_KIND_HOLIDAY:
        return !said(s->year) && !said(s->year_off);
    case ABN_KIND_PART:
        return !said(s->rel);
    case ABN_KIND_CLOCK:
        return !said(s->deictic);
    case ABN_KIND_WEEKDAY:
        return said(s->weekday);
    case ABN_KIND_RELATIVE:
        return s->unit == ABN_UNIT_WEEKEND;
    default:
        return false;
    }
}
