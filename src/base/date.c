/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/date.h>

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int abn_days_in_month(int year, int month)
{
    static const signed char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12) return 0;
    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Years begin in March here, so that the leap day is a year's last. */
abn_date abn_date_of(int year, int month, int day)
{
    if (year < 1 || year > 9999 || day < 1 || day > abn_days_in_month(year, month))
        return ABN_NO_DATE;
    int y = month <= 2 ? year - 1 : year, m = month <= 2 ? month + 9 : month - 3;
    int era = y / 400, of_era = y % 400;
    int day_of_year = (153 * m + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719468;
}

abn_civil abn_date_civil(abn_date date)
{
    int64_t z = (int64_t)date + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int of_era = (int)(z - era * 146097);
    int y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int day_of_year = of_era - (365 * y + y / 4 - y / 100);
    int m = (5 * day_of_year + 2) / 153;
    int month = m < 10 ? m + 3 : m - 9;
    int day = day_of_year - (153 * m + 2) / 5 + 1;
    return (abn_civil){(int)(y + era * 400 + (month <= 2)), month, day};
}

int abn_weekday(abn_date date)
{
    int64_t since_monday = ((int64_t)date + 3) % 7; /* 1970-01-01 was a Thursday */
    return (int)(since_monday < 0 ? since_monday + 7 : since_monday) + 1;
}

int abn_iso_week(abn_date date, int *year)
{
    abn_date thursday = date - abn_weekday(date) + 4;
    int y = abn_date_civil(thursday).year;
    if (year) *year = y;
    return (thursday - abn_date_of(y, 1, 1)) / 7 + 1;
}

abn_date abn_date_of_iso_week(int year, int week)
{
    abn_date fourth = abn_date_of(year, 1, 4); /* always in week 1 */
    return fourth == ABN_NO_DATE ? fourth : fourth - abn_weekday(fourth) + 1 + 7 * (week - 1);
}

abn_date abn_date_add_months(abn_date date, int months)
{
    abn_civil c = abn_date_civil(date);
    int m = c.year * 12 + c.month - 1 + months;
    if (m < 12) return ABN_NO_DATE;
    int year = m / 12, month = m % 12 + 1, last = abn_days_in_month(year, month);
    return abn_date_of(year, month, c.day < last ? c.day : last);
}

/* The anonymous Gregorian computus (Nature, 20 April 1876). */
abn_date abn_easter(int year)
{
    int a = year % 19, b = year / 100, c = year % 100;
    int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
    int h = (19 * a + b - d - g + 15) % 30;
    int i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
    int m = (a + 11 * h + 22 * l) / 451, n = h + l - 7 * m + 114;
    return abn_date_of(year, n / 31, n % 31 + 1);
}

static int digits(const char *p, int count)
{
    int v = 0;
    for (int i = 0; i < count; i++) {
        if (p[i] < '0' || p[i] > '9') return -1;
        v = v * 10 + (p[i] - '0');
    }
    return v;
}

bool abn_date_parse(abn_slice text, abn_date *date)
{
    if (text.len != 10 || text.ptr[4] != '-' || text.ptr[7] != '-') return false;
    int y = digits(text.ptr, 4), m = digits(text.ptr + 5, 2), d = digits(text.ptr + 8, 2);
    if (y < 0 || m < 0 || d < 0) return false;
    abn_date found = abn_date_of(y, m, d);
    if (found == ABN_NO_DATE) return false;
    *date = found;
    return true;
}

char *abn_date_format(abn_date date, char out[ABN_DATE_MAX])
{
    out[0] = '\0';
    abn_civil c = abn_date_civil(date);
    if (date == ABN_NO_DATE || c.year < 1 || c.year > 9999) return out;
    const int part[] = {c.year / 1000,
                        c.year / 100 % 10,
                        c.year / 10 % 10,
                        c.year % 10,
                        -1,
                        c.month / 10,
                        c.month % 10,
                        -1,
                        c.day / 10,
                        c.day % 10};
    for (int i = 0; i < 10; i++)
        out[i] = part[i] < 0 ? '-' : (char)('0' + part[i]);
    out[10] = '\0';
    return out;
}
