/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells as vendors write them: the slow road, for whatever the row reader cannot take at sight. */
#include "quotes_file.h"

#include <abnorm/number.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

const char *abn_line_end(const char *p, const char *end)
{
    while (p < end && *p != '\n' && *p != '\r')
        p++;
    return p;
}

const char *abn_line_next(const char *line_end, const char *end)
{
    if (line_end == end) return end;
    bool pair = *line_end == '\r' && line_end + 1 < end && line_end[1] == '\n';
    return line_end + (pair ? 2 : 1);
}

const char *abn_cell_end(const char *p, const char *end, char separator)
{
    if (p < end && *p == '"')
        for (p++; p < end && *p != '"' && *p != '\n' && *p != '\r'; p++)
            if (p + 2 < end && p[1] == '"' && p[2] == '"') p += 2;
    while (p < end && *p != separator && *p != '\n' && *p != '\r')
        p++;
    return p;
}

abn_slice abn_cell_trim(abn_slice text)
{
    text = abn_slice_trim(text);
    if (text.len >= 2 && text.ptr[0] == '"' && text.ptr[text.len - 1] == '"')
        text = abn_slice_trim((abn_slice){text.ptr + 1, text.len - 2});
    return text;
}

/* ---- numbers ---- */

static bool is_missing(abn_slice text)
{
    static const char *const word[] = {".",    "null",     "nan",  "na",  "n/a", "n.a.", "-",  "--",
                                       "none", "infinity", "#n/a", "inf", "nil", "nd",   "\\n"};
    if (text.len == 0) return true;
    if (text.len > 9) return false;
    abn_slice bare = text;
    if (bare.len > 1 && (bare.ptr[0] == '-' || bare.ptr[0] == '+') && is_letter(bare.ptr[1])) {
        bare.ptr++;
        bare.len--;
    }
    for (size_t i = 0; i < sizeof word / sizeof *word; i++)
        if (abn_slice_ieq(bare, word[i])) return true;
    return false;
}

/* Cut a currency off the front: letters of a country and a sign. */
static abn_slice cut_currency(abn_slice text)
{
    static const char *const sign[] = {"HK$", "US$", "$", "\xe2\x82\xac", "\xc2\xa3", "\xc2\xa5"};
    for (size_t i = 0; i < sizeof sign / sizeof *sign; i++) {
        size_t n = strlen(sign[i]);
        if (text.len > n && memcmp(text.ptr, sign[i], n) == 0)
            return abn_slice_trim((abn_slice){text.ptr + n, text.len - n});
    }
    return text;
}

static double cut_unit(abn_slice *text)
{
    static const struct {
        char sign;
        double scale;
    } unit[] = {{'%', .01}, {'K', 1e3}, {'k', 1e3}, {'M', 1e6}, {'B', 1e9}};
    for (size_t i = 0; text->len > 1 && i < sizeof unit / sizeof *unit; i++)
        if (text->ptr[text->len - 1] == unit[i].sign) {
            *text = abn_slice_trim((abn_slice){text->ptr, text->len - 1});
            return unit[i].scale;
        }
    return 1;
}

/* The byte that marks decimals: of '.' and ',' the last when both are there; a lone comma does
 * where the file says so, or where no group of three follows it. */
static char decimal_mark(abn_slice text, bool comma)
{
    size_t commas = 0, dots = 0, last_comma = 0, last_dot = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == ',') commas++, last_comma = i;
        if (text.ptr[i] == '.') dots++, last_dot = i;
    }
    if (commas && dots) return last_comma > last_dot ? ',' : '.';
    if (commas == 1 && (comma || text.len - last_comma != 4)) return ',';
    if (dots > 1) return ',';
    return '.';
}

/* Copy without thousands separators, decimals after a dot; 0 when the groups are not of three. */
static size_t plain_digits(abn_slice text, char mark, char *out, size_t size)
{
    size_t n = 0, group = 0;
    bool grouped = false, fraction = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (n + 1 >= size) return 0;
        if (is_digit(c)) {
            group++;
        } else if (c == mark && !fraction) {
            if (grouped && group != 3) return 0;
            fraction = true;
            c = '.';
        } else if (!fraction && (c == ',' || c == '.' || c == '\'' || c == ' ')) {
            if (group == 0 || group > 3 || (grouped && group != 3)) return 0;
            grouped = true;
            group = 0;
            continue;
        } else if (n != 0 || (c != '-' && c != '+')) {
            return 0;
        }
        out[n++] = c;
    }
    return !fraction && grouped && group != 3 ? 0 : n;
}

abn_cell abn_cell_number(abn_slice text, bool comma, double *value)
{
    char plain[64];
    text = abn_cell_trim(text);
    if (abn_number_parse(text, value)) return ABN_CELL_VALUE;
    if (is_missing(text)) return ABN_CELL_MISSING;
    bool negative = text.len > 1 && text.ptr[0] == '-' && !is_digit(text.ptr[1]);
    if (negative) text = (abn_slice){text.ptr + 1, text.len - 1};
    text = cut_currency(text);
    double unit = cut_unit(&text), v;
    size_t n = plain_digits(text, decimal_mark(text, comma), plain, sizeof plain);
    if (n == 0 || !abn_number_parse((abn_slice){plain, n}, &v)) return ABN_CELL_BAD;
    v = unit == .01 ? v / 100 : v * unit;
    *value = negative ? -v : v;
    return ABN_CELL_VALUE;
}

/* ---- dates ---- */

typedef struct date_part {
    int value; /* of a number, or 1 to 12 of a month's name */
    size_t len;
    bool name;
} date_part;

static int month_of(const char *word, size_t len)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    for (int m = 0; len >= 3 && m < 12; m++) {
        int i = 0;
        while (i < 3 && (word[i] | 32) == names[3 * m + i])
            i++;
        if (i == 3) return m + 1;
    }
    return 0;
}

/* Take one number or month from the front; weekdays are passed over. */
static bool next_part(abn_slice *rest, date_part *part)
{
    const char *p = rest->ptr, *end = p + rest->len, *from;
    for (;;) {
        while (p < end && strchr(" ,-/.", *p) && *p)
            p++;
        from = p;
        while (p < end && is_letter(*p))
            p++;
        if (p == from) break;
        part->value = month_of(from, (size_t)(p - from));
        *rest = (abn_slice){p, (size_t)(end - p)};
        *part = (date_part){part->value, (size_t)(p - from), true};
        if (part->value > 0) return true;
        if (p - from < 3) return false;
    }
    part->value = 0;
    while (p < end && is_digit(*p) && p - from < 8)
        part->value = part->value * 10 + (*p++ - '0');
    part->len = (size_t)(p - from);
    part->name = false;
    *rest = (abn_slice){p, (size_t)(end - p)};
    return part->len > 0;
}

static int full_year(const date_part *part)
{
    if (part->len != 2) return part->len == 4 ? part->value : -1;
    return part->value + (part->value < 70 ? 2000 : 1900);
}

static abn_date order_parts(const date_part part[3], abn_date_style style)
{
    if (part[0].len == 4 && !part[0].name)
        return abn_date_of(part[0].value, part[1].value, part[2].value);
    int year = full_year(&part[2]);
    bool month_first = part[0].name || (!part[1].name && style == ABN_DATE_MONTH_FIRST);
    return month_first ? abn_date_of(year, part[0].value, part[1].value)
                       : abn_date_of(year, part[1].value, part[0].value);
}

/* What may follow a date: nothing, or a blank or T and the characters of times and offsets. */
static bool is_time(abn_slice rest)
{
    if (rest.len == 0) return true;
    if (rest.ptr[0] != ' ' && rest.ptr[0] != 'T' && rest.ptr[0] != 't') return false;
    for (size_t i = 1; i < rest.len; i++)
        if (!is_digit(rest.ptr[i]) && !strchr(":.+- ZzAPMapmUTC", rest.ptr[i])) return false;
    return true;
}

bool abn_cell_date(abn_slice text, abn_date_style style, abn_date *date, bool *timed)
{
    date_part part[3];
    abn_slice rest = abn_cell_trim(text);
    if (rest.len < 6 || !next_part(&rest, &part[0])) return false;
    if (part[0].len == 8 && !part[0].name) {
        int v = part[0].value;
        *date = v / 10000 < 1700 ? ABN_NO_DATE : abn_date_of(v / 10000, v / 100 % 100, v % 100);
    } else {
        if (!next_part(&rest, &part[1]) || !next_part(&rest, &part[2])) return false;
        if (part[1].name && part[0].name) return false;
        *date = order_parts(part, style);
    }
    if (timed) *timed = rest.len > 0;
    return *date != ABN_NO_DATE && is_time(rest);
}
