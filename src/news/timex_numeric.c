/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "timex_numeric.h"

#include <abnorm/date.h>
#include <string.h>

static bool digit_at(const char *at, const char *end)
{
    return at < end && *at >= '0' && *at <= '9';
}

/* A run of up to `most` digits, not followed by a further one; its length, or 0. */
static size_t take(const char *at, const char *end, size_t most, int *value)
{
    size_t n = 0;
    *value = 0;
    while (n <= most && digit_at(at + n, end)) {
        if (n < most) *value = *value * 10 + (at[n] - '0');
        n++;
    }
    return n <= most ? n : 0;
}

static bool is_day(int year, int month, int day)
{
    return abn_date_of(year, month, day) != ABN_NO_DATE;
}

static void set_parts(abn_timex_token *t, int year, int month, int day)
{
    t->part[0] = (int16_t)year;
    t->part[1] = (int16_t)month;
    t->part[2] = (int16_t)day;
    t->part[3] = t->part[4] = t->part[5] = -1;
}

/* hh:mm and hh:mm:ss at `at`; where it ends, or NULL. */
static const char *take_clock(const char *at, const char *end, abn_timex_token *t)
{
    int hour, minute, second = -1;
    size_t n = take(at, end, 2, &hour);
    if (n == 0 || hour > 24 || at + n >= end || at[n] != ':') return NULL;
    at += n + 1;
    if (take(at, end, 2, &minute) != 2 || minute > 59) return NULL;
    at += 2;
    if (at < end && *at == ':' && take(at + 1, end, 2, &second) == 2 && second <= 59)
        at += 3;
    else
        second = -1;
    if (at < end && *at == ':') return NULL;
    t->part[3] = (int16_t)hour;
    t->part[4] = (int16_t)minute;
    t->part[5] = (int16_t)second;
    return at;
}

/* A date of three numbers between equal marks; where it ends, or NULL. */
static const char *take_date(const char *at, const char *end, bool month_first, abn_timex_token *t)
{
    int a, b, c;
    size_t na = take(at, end, 4, &a);
    if (na == 0 || na == 3 || at + na >= end) return NULL;
    char mark = at[na];
    if (mark != '-' && mark != '.' && mark != '/') return NULL;
    const char *p = at + na + 1;
    size_t nb = take(p, end, 2, &b);
    if (nb == 0 || p + nb >= end || p[nb] != mark) return NULL;
    p += nb + 1;
    size_t nc = take(p, end, na == 4 ? 2 : 4, &c);
    if (nc == 0 || nc == 3) return NULL;
    p += nc;
    if ((p < end && *p == mark && digit_at(p + 1, end)) || (p < end && *p == '%')) return NULL;
    if (na == 4) {
        if (!is_day(a, b, c)) return NULL;
        set_parts(t, a, b, c);
        return p;
    }
    if (nc == 1 || (nc == 2 && (mark == '-' || nb != 2))) return NULL;
    if (nc == 2) c += c < 50 ? 2000 : 1900;
    bool swap = mark == '/' && (month_first ? a <= 12 : b > 12);
    int month = swap ? a : b, day = swap ? b : a;
    if (!is_day(c, month, day)) return NULL;
    set_parts(t, c, month, day);
    return p;
}

/* "Z", "+01:00" behind an ISO time: its minutes from UTC into `number`, and a mark. */
static const char *take_zone(const char *at, const char *end, abn_timex_token *t)
{
    int hour, minute;
    if (at < end && *at == 'Z') {
        t->mark = 'Z';
        return at + 1;
    }
    if (at == end || (*at != '+' && *at != '-') || take(at + 1, end, 2, &hour) != 2) return at;
    if (end - at < 6 || at[3] != ':' || take(at + 4, end, 2, &minute) != 2) return at;
    t->mark = 'Z';
    t->number = (hour * 60 + minute) * (*at == '-' ? -1 : 1);
    return at + 6;
}

/* "T09:30", "T09:30:00Z" behind an ISO date. */
static const char *take_iso_time(const char *at, const char *end, abn_timex_token *t)
{
    if (end - at < 6 || *at != 'T') return at;
    const char *p = take_clock(at + 1, end, t);
    if (!p) return at;
    if (p + 1 < end && *p == '.' && digit_at(p + 1, end)) {
        p++;
        while (digit_at(p, end))
            p++;
    }
    return take_zone(p, end, t);
}

/* Decimals or thousands behind the digits up to `at`; where the number ends. */
static const char *take_rest(const char *at, const char *end, abn_timex_token *t)
{
    int value;
    while (at + 1 < end && (*at == '.' || *at == ',' || *at == '\'') && digit_at(at + 1, end)) {
        const char *p = at + 1;
        while (digit_at(p, end))
            p++;
        size_t n = (size_t)(p - at - 1);
        if (n == 3 && t->number < 1000000 && t->number > 0 && t->frac_digits == 0) {
            take(at + 1, end, 3, &value);
            t->number = t->number * 1000 + value;
            t->digits = 9;
        } else {
            t->frac_digits = (uint8_t)(n > 9 ? 9 : n);
            take(at + 1, end, 9, &value);
            t->frac = n > 9 ? 0 : value;
            t->mark = *at;
            t->digits = t->digits > 2 ? 9 : t->digits;
        }
        at = p;
    }
    return at;
}

/* Whether what stands around four digits leaves them a year. */
static bool may_be_year(const char *text, const char *from, const char *at, const char *end,
                        const abn_timex_token *t)
{
    if (t->digits != 4 || t->frac_digits || t->number < 1000 || t->number > 2199) return false;
    char before = from > text ? from[-1] : ' ', after = at < end ? *at : ' ';
    if (strchr("$#@_+%=&*\\", before) || strchr("%$#@_=&*\\", after)) return false;
    if ((unsigned char)before >= 0x80 && from - text >= 2) {
        /* the last byte of a currency sign */
        if (from - text >= 3 && memcmp(from - 3, "\xE2\x82\xAC", 3) == 0) return false;
        if (memcmp(from - 2, "\xC2\xA3", 2) == 0 || memcmp(from - 2, "\xC2\xA5", 2) == 0)
            return false;
    }
    bool letter = (before >= 'a' && before <= 'z') || (before >= 'A' && before <= 'Z');
    return !letter && before != ':' && after != ':';
}

/* "11.2.": a day and a month; where it ends, or NULL. */
static const char *take_day_month(const char *at, const char *end, abn_timex_token *t)
{
    int day, month;
    size_t n = take(at, end, 2, &day);
    if (n == 0 || at + n >= end || at[n] != '.') return NULL;
    const char *p = at + n + 1;
    n = take(p, end, 2, &month);
    if (n == 0 || p + n >= end || p[n] != '.' || digit_at(p + n + 1, end)) return NULL;
    if (!is_day(2000, month, day)) return NULL;
    set_parts(t, -1, month, day);
    return p + n + 1;
}

/* A date or a time of three or two numbers; where it ends, or NULL. */
static const char *take_composed(const abn_timex_reader *r, abn_timex_token *t)
{
    const char *p = take_date(r->at, r->end, r->month_first, t);
    if (p) p = take_iso_time(p, r->end, t);
    if (!p && r->day_dot) p = take_day_month(r->at, r->end, t);
    if (p) {
        t->mask = ABN_TX_BIT(datenum);
        return p;
    }
    p = take_clock(r->at, r->end, t);
    if (p) t->mask = ABN_TX_BIT(clocknum);
    return p;
}

const char *abn_timex_read_number(const abn_timex_reader *r, abn_timex_token *t)
{
    const char *at = r->at;
    t->kind = ABN_TOKEN_NUMBER;
    bool fresh = at == r->text || !strchr(".:/,", at[-1]);
    const char *composed = fresh ? take_composed(r, t) : NULL;
    if (composed) return composed;
    t->mask = ABN_TX_BIT(digits);
    while (digit_at(at, r->end)) {
        if (t->number < 100000000) t->number = t->number * 10 + (*at - '0');
        if (t->digits < 9) t->digits++;
        at++;
    }
    t->mark = 0;
    at = take_rest(at, r->end, t);
    t->year = fresh && may_be_year(r->text, r->at, at, r->end, t);
    return at;
}
