/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Civil dates (proleptic Gregorian) as days since 1970-01-01. */
#ifndef ABNORM_DATE_H
#define ABNORM_DATE_H

#include <abnorm/slice.h>
#include <stdbool.h>
#include <stdint.h>

typedef int32_t abn_date;

#define ABN_NO_DATE  INT32_MIN
#define ABN_DATE_MAX 11 /* "YYYY-MM-DD" and its NUL */

typedef struct abn_civil {
    int year, month, day; /* month 1 to 12, day 1 to 31 */
} abn_civil;

/* ABN_NO_DATE when there is no such day, or the year is outside 1 to 9999. */
abn_date abn_date_of(int year, int month, int day);
abn_civil abn_date_civil(abn_date date);
int abn_days_in_month(int year, int month);
/* 1 Monday to 7 Sunday. */
int abn_weekday(abn_date date);
/* ISO 8601 week number, and its year, which differs from the date's around New Year. */
int abn_iso_week(abn_date date, int *year);
/* The Monday of an ISO week. */
abn_date abn_date_of_iso_week(int year, int week);
/* The same day `months` later or earlier, at the month's end where the day does not exist. */
abn_date abn_date_add_months(abn_date date, int months);
/* Western Easter Sunday. */
abn_date abn_easter(int year);
/* All of `text` as YYYY-MM-DD; false when it is anything else. */
bool abn_date_parse(abn_slice text, abn_date *date);
/* "YYYY-MM-DD", or "" for ABN_NO_DATE; returns `out`. */
char *abn_date_format(abn_date date, char out[ABN_DATE_MAX]);

#endif
