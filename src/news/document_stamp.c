/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "document_stamp.h"

#include <string.h>

#define MONTH_LONG 32 /* bytes of a month's name */

typedef struct scan {
    const char *s;
    size_t len, at;
    abn_stamp_ways ways;
} scan;

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static char peek(const scan *in, size_t ahead)
{
    return in->at + ahead < in->len ? in->s[in->at + ahead] : '\0';
}

static size_t digits_at(const scan *in, size_t at)
{
    size_t n = 0;
    while (at + n < in->len && n < 20 && digit(in->s[at + n]))
        n++;
    return n;
}

/* Take `n` digits as a number. */
static int take(scan *in, size_t n)
{
    int value = 0;
    for (size_t i = 0; i < n; i++)
        value = value * 10 + (in->s[in->at + i] - '0');
    in->at += n;
    return value;
}

/* Take `text` in any case of ASCII letters. */
static bool skip(scan *in, const char *text)
{
    size_t n = strlen(text);
    if (n > in->len - in->at) return false;
    for (size_t i = 0; i < n; i++)
        if (lower(in->s[in->at + i]) != text[i]) return false;
    in->at += n;
    return true;
}

static bool skip_word(scan *in, const char *word)
{
    size_t at = in->at;
    if (skip(in, word) && !letter(peek(in, 0)) && !digit(peek(in, 0))) return true;
    in->at = at;
    return false;
}

static bool skip_any(scan *in, const char *set)
{
    bool any = false;
    for (; peek(in, 0) && strchr(set, peek(in, 0)); in->at++)
        any = true;
    return any;
}

static void skip_blanks(scan *in)
{
    while (skip_any(in, " \t\r\n") || skip(in, "\xC2\xA0") || skip(in, "\xE2\x80\xAF"))
        ;
}

static bool skip_ordinal(scan *in)
{
    return skip_word(in, "st") || skip_word(in, "nd") || skip_word(in, "rd") || skip_word(in, "th");
}

/* Bytes of the word at `at`, no more than the longest name of a month. */
static size_t word_at(const scan *in, size_t at)
{
    size_t n = 0;
    while (at + n < in->len && n < MONTH_LONG && letter(in->s[at + n]))
        n++;
    return n;
}

/* An English month's number, of its whole name or the usual start of it; or 0. */
static int english_month(const char *word, size_t n)
{
    static const char *const names[12] = {"january",   "february", "march",    "april",
                                          "may",       "june",     "july",     "august",
                                          "september", "october",  "november", "december"};
    for (int m = 0; n >= 3 && m < 12; m++) {
        size_t full = strlen(names[m]), i = 0;
        while (i < n && i < full && lower(word[i]) == names[m][i])
            i++;
        if (i == n && (n == full || n == 3 || (n == 4 && (m == 8 || m == 5 || m == 6))))
            return m + 1;
    }
    return 0;
}

/* Take a month's name with the point of an abbreviation: its number, or 0. */
static int month_name(scan *in)
{
    size_t n = word_at(in, in->at);
    int month = english_month(in->s + in->at, n);
    if (month == 0) month = abn_page_month(in->ways.words, (abn_slice){in->s + in->at, n});
    if (month > 0) {
        in->at += n;
        skip(in, ".");
    }
    return month;
}

static int full_year(int year, size_t digits)
{
    return digits > 2 ? year : year < 70 ? 2000 + year : 1900 + year;
}

static bool set_date(abn_stamp *out, int year, int month, int day)
{
    if (year < 1800 || year > 2200) return false;
    out->date = abn_date_of(year, month, day);
    return out->date != ABN_NO_DATE;
}

/* 2025-02-11, 2025/2/11, 2025.02.11, 2025年2月11日, 20250211, 20250211092100. */
static bool year_first(scan *in, abn_stamp *out)
{
    size_t n = digits_at(in, in->at);
    if (n == 8 || n == 14) {
        int year = take(in, 4), month = take(in, 2), day = take(in, 2);
        if (year < 1970 || year > 2100 || !set_date(out, year, month, day)) return false;
        if (n == 14) {
            int hour = take(in, 2), min = take(in, 2), sec = take(in, 2);
            out->sec = hour < 24 && min < 60 && sec < 60 ? hour * 3600 + min * 60 + sec : -1;
        }
        return true;
    }
    if (n != 4) return false;
    int year = take(in, 4);
    char sep = peek(in, 0);
    bool cjk = skip(in, "\xE5\xB9\xB4") || skip(in, "\xEB\x85\x84");
    if (!cjk && (sep == '\0' || !strchr("-/.", sep))) return false;
    in->at += !cjk;
    skip_any(in, " ");
    n = digits_at(in, in->at);
    if (n < 1 || n > 2) return false;
    int month = take(in, n);
    if (cjk ? !skip(in, "\xE6\x9C\x88") && !skip(in, "\xEC\x9B\x94") : peek(in, 0) != sep)
        return false;
    in->at += !cjk;
    skip_any(in, " ");
    n = digits_at(in, in->at);
    if (n < 1 || n > 2) return false;
    int day = take(in, n);
    if (cjk && !skip(in, "\xE6\x97\xA5")) skip(in, "\xEC\x9D\xBC");
    return set_date(out, year, month, day);
}

/* The year behind a day and month: four digits, or two where `two` allows. */
static bool take_year(scan *in, bool two, int *year)
{
    size_t n = digits_at(in, in->at);
    if (n != 4 && !(two && n == 2)) return false;
    *year = full_year(take(in, n), n);
    return true;
}

/* 11.02.2025, 11/2/25, 11-Feb-2025, 11 February 2025, 11th of Feb. 2025. */
static bool day_first(scan *in, abn_stamp *out)
{
    size_t n = digits_at(in, in->at);
    if (n < 1 || n > 2) return false;
    int a = take(in, n), b = 0, year = 0;
    char sep = peek(in, 0);
    if (sep && strchr("./-", sep) && digit(peek(in, 1))) {
        in->at++;
        n = digits_at(in, in->at);
        if (n > 2) return false;
        b = take(in, n);
        if (peek(in, 0) != sep) return false;
        in->at++;
        if (!take_year(in, true, &year)) return false;
        bool swap = sep != '.' && in->ways.month_first ? a <= 12 : b > 12 && sep != '.';
        return set_date(out, year, swap ? a : b, swap ? b : a);
    }
    if (!skip_ordinal(in)) skip(in, ".");
    bool gap = skip_any(in, "-/");
    skip_blanks(in);
    if (skip_word(in, "of") || skip_word(in, "de") || skip_word(in, "di")) skip_blanks(in);
    b = month_name(in);
    if (b == 0) return false;
    gap = skip_any(in, gap ? "-/" : ", ");
    skip_blanks(in);
    if (skip_word(in, "de") || skip_word(in, "del")) skip_blanks(in);
    return take_year(in, gap && peek(in, 2) == ' ', &year) && set_date(out, year, b, a);
}

static bool clock_at(const scan *in)
{
    size_t n = digits_at(in, in->at);
    return n >= 1 && n <= 2 && in->at + n < in->len && in->s[in->at + n] == ':';
}

/* February 11, 2025; Feb 11th 2025; and ctime's "Feb 11 09:21:00 EST 2025". */
static bool month_then_day(scan *in, abn_stamp *out)
{
    size_t digits = in->at + word_at(in, in->at);
    while (digits < in->len && strchr(" .-/", in->s[digits]) && digits < in->at + MONTH_LONG + 4)
        digits++;
    if (digits_at(in, digits) == 0) return false;
    int month = month_name(in), year = 0;
    if (month == 0) return false;
    skip_any(in, "-/");
    skip_blanks(in);
    size_t n = digits_at(in, in->at);
    if (n < 1 || n > 2) return false;
    int day = take(in, n);
    skip_ordinal(in);
    skip_any(in, ",-/.");
    skip_blanks(in);
    if (!clock_at(in)) return take_year(in, false, &year) && set_date(out, year, month, day);
    size_t clock = in->at;
    for (int words = 0; words < 4; words++) {
        while (in->at < in->len && !strchr(" \t\n", in->s[in->at]) && in->at - clock < 40)
            in->at++;
        skip_blanks(in);
        if (digits_at(in, in->at) == 4 && take_year(in, false, &year)) {
            abn_stamp clocked = {.date = 0, .sec = -1, .end = clock};
            abn_stamp_hour((abn_slice){in->s, in->at - 4}, &clocked);
            out->sec = clocked.sec;
            out->zoned = clocked.zoned;
            out->offset_sec = clocked.offset_sec;
            return set_date(out, year, month, day);
        }
    }
    return false;
}

/* Zones that papers and mail name; standard or daylight as the name says, the general ones of New
 * York and Central Europe in standard time. */
static const struct zone_name {
    const char *name;
    short min;
} ZONES[] = {{"utc", 0},    {"gmt", 0},    {"z", 0},      {"edt", -240}, {"est", -300},
             {"et", -300},  {"cdt", -300}, {"cst", -360}, {"mdt", -360}, {"mst", -420},
             {"pdt", -420}, {"pst", -480}, {"cest", 120}, {"mesz", 120}, {"cet", 60},
             {"mez", 60},   {"bst", 60},   {"hkt", 480},  {"jst", 540},  {"ist", 330},
             {"sgt", 480},  {"aest", 600}, {"aedt", 660}, {"msk", 180},  {"eest", 180},
             {"eet", 120},  {"west", 60},  {"wet", 0}};

static bool numeric_zone(scan *in, int *sec)
{
    char sign = peek(in, 0);
    size_t n = digits_at(in, in->at + 1);
    if ((sign != '+' && sign != '-') || (n != 2 && n != 4)) return false;
    in->at++;
    int hours = take(in, 2), min = 0;
    if (n == 4 || (skip(in, ":") && digits_at(in, in->at) == 2)) min = take(in, 2);
    if (hours > 14 || min > 59) return false;
    *sec = (sign == '-' ? -60 : 60) * (hours * 60 + min);
    return true;
}

static void take_zone(scan *in, abn_stamp *out)
{
    size_t before = in->at;
    skip_blanks(in);
    skip_any(in, "(");
    bool spaced = in->at > before;
    size_t start = in->at;
    if (numeric_zone(in, &out->offset_sec)) {
        out->zoned = true;
        out->end = in->at;
        return;
    }
    in->at = start;
    for (size_t i = 0; i < sizeof ZONES / sizeof *ZONES; i++)
        if ((ZONES[i].name[1] == '\0' || spaced || !letter(peek(in, 0))) &&
            skip_word(in, ZONES[i].name)) {
            out->zoned = true;
            out->offset_sec = ZONES[i].min * 60;
            out->end = in->at;
            if (ZONES[i].min == 0 && numeric_zone(in, &out->offset_sec)) out->end = in->at;
            return;
        }
    in->at = before;
}

/* AM or PM behind an hour of twelve. */
static int take_half(scan *in, int hour)
{
    size_t before = in->at;
    skip_blanks(in);
    static const char *const am[] = {"a.m.", "am"}, *const pm[] = {"p.m.", "pm"};
    for (size_t i = 0; i < 2; i++) {
        if (skip(in, am[i])) return hour == 12 ? 0 : hour;
        if (skip(in, pm[i])) return hour < 12 ? hour + 12 : hour;
    }
    in->at = before;
    return hour;
}

static bool take_clock(scan *in, abn_stamp *out)
{
    size_t n = digits_at(in, in->at);
    if (n < 1 || n > 2) return false;
    int hour = take(in, n), min = 0, sec = 0;
    char sep = peek(in, 0);
    bool h = sep == 'h' || sep == 'H', dotted = sep == '.';
    if ((sep == ':' || h || dotted) && digits_at(in, in->at + 1) == 2) {
        in->at++;
        min = take(in, 2);
        if (sep == ':' && peek(in, 0) == ':' && digits_at(in, in->at + 1) == 2) {
            in->at++;
            sec = take(in, 2);
            if (peek(in, 0) == '.' && digit(peek(in, 1))) {
                in->at++;
                in->at += digits_at(in, in->at);
            }
        }
    } else if (h && !letter(peek(in, 1))) {
        in->at++;
    } else if (!h) {
        return false;
    }
    size_t bare = in->at;
    hour = take_half(in, hour);
    size_t half = in->at;
    skip_blanks(in);
    bool uhr = skip_word(in, "uhr");
    if (!uhr) in->at = half;
    if (hour > 23 || min > 59 || sec > 60 || (dotted && !uhr && half == bare)) return false;
    out->sec = hour * 3600 + min * 60 + (sec > 59 ? 59 : sec);
    out->end = in->at;
    return true;
}

/* "T092100Z" behind a compact date. */
static bool take_compact_clock(scan *in, abn_stamp *out)
{
    size_t n = digits_at(in, in->at);
    if (n != 4 && n != 6) return false;
    int hour = take(in, 2), min = take(in, 2), sec = n == 6 ? take(in, 2) : 0;
    if (hour > 23 || min > 59 || sec > 59) return false;
    out->sec = hour * 3600 + min * 60 + sec;
    out->end = in->at;
    return true;
}

void abn_stamp_hour(abn_slice text, abn_stamp *out)
{
    static const char *const joins[] = {
        "t",        "at", "um",   "\xC3\xA0", "\xE2\x80\x93", "\xE2\x80\x94", "\xE2\x80\xA2",
        "\xC2\xB7", "kl", "alle", "a las",    "von"};
    scan in = {text.ptr, text.len, out->end, {false, NULL}};
    bool compact = out->end >= 8 && digits_at(&in, out->end - 8) == 8 && lower(peek(&in, 0)) == 't';
    for (int i = 0; i < 4; i++) {
        skip_blanks(&in);
        skip_any(&in, ",|-/@;(");
        skip_blanks(&in);
        for (size_t k = 0; k < sizeof joins / sizeof *joins; k++)
            if (skip(&in, joins[k])) break;
    }
    if (in.at - out->end > 24) return;
    if ((compact && take_compact_clock(&in, out)) || take_clock(&in, out)) take_zone(&in, out);
}

static void finish(abn_slice text, abn_stamp *out)
{
    if (out->sec < 0) abn_stamp_hour(text, out);
    if (out->sec >= 0 && out->zoned)
        out->at = (abn_instant)out->date * 86400 + out->sec - out->offset_sec;
}

/* A date that starts right at `at`. */
static bool date_at(abn_slice text, size_t at, abn_stamp_ways ways, abn_stamp *out)
{
    static bool (*const forms[])(scan *, abn_stamp *) = {year_first, day_first, month_then_day};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        scan in = {text.ptr, text.len, at, ways};
        abn_stamp got = {.date = ABN_NO_DATE, .sec = -1, .at = ABN_NO_INSTANT, .start = at};
        if (!forms[i](&in, &got) || digit(peek(&in, 0))) continue;
        got.end = in.at;
        finish(text, &got);
        *out = got;
        return true;
    }
    return false;
}

bool abn_stamp_find(abn_slice text, size_t from, abn_stamp_ways ways, abn_stamp *out)
{
    for (size_t i = from; i < text.len; i++) {
        char c = text.ptr[i], before = i ? text.ptr[i - 1] : ' ';
        bool starts = digit(c) ? !digit(before) && before != ',' && before != '.'
                               : letter(c) && !letter(before);
        if (starts && date_at(text, i, ways, out)) return true;
    }
    return false;
}

bool abn_stamp_read(abn_slice text, abn_stamp_ways ways, abn_stamp *out)
{
    text = abn_slice_trim(text);
    return abn_stamp_find(text, 0, ways, out) && out->start <= 24;
}

bool abn_stamp_address(abn_slice address, abn_stamp *out)
{
    scan in = {address.ptr, address.len, 0, {false, NULL}};
    for (size_t i = 0; i + 8 <= address.len; i++) {
        char before = i ? address.ptr[i - 1] : ' ';
        if (!digit(address.ptr[i]) || digit(before) || letter(before)) continue;
        in.at = i;
        size_t n = digits_at(&in, i);
        bool archive = n == 14 && i >= 4 && memcmp(address.ptr + i - 4, "web/", 4) == 0;
        abn_stamp got = {.date = ABN_NO_DATE, .sec = -1, .at = ABN_NO_INSTANT, .start = i};
        if (n == 14 || !year_first(&in, &got) || digit(peek(&in, 0)) || archive) {
            i += n;
            continue;
        }
        /* "/2023/10/3-things" names a month and a title. */
        bool slug = address.ptr[i + 4] == '/' && in.at < address.len &&
                    (letter(peek(&in, 0)) || peek(&in, 0) == '-');
        if (abn_date_civil(got.date).year >= 1990 && !slug) {
            got.end = in.at;
            *out = got;
            return true;
        }
    }
    return false;
}
