/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "news/document_stamp.h"

static void forms_of_dates_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected; /* the date, or the instant where hour and zone are known */
        bool month_first;
    } cases[] = {
        {"2025-02-11", "2025-02-11", false},
        {"2025-02-11T09:21:00-05:00", "2025-02-11T09:21:00-05:00", false},
        {"2025-02-11T09:21:00.123+0100", "2025-02-11T09:21:00+01:00", false},
        {"2025-02-11 09:21:00 UTC", "2025-02-11T09:21:00+00:00", false},
        {"20250211T092100Z", "2025-02-11T09:21:00+00:00", false},
        {"20250211T09:21:00Z", "2025-02-11T09:21:00+00:00", false},
        {"20250211", "2025-02-11", false},
        {"2025/2/11", "2025-02-11", false},
        {"2025\xE5\xB9\xB4"
         "2\xE6\x9C\x88"
         "11\xE6\x97\xA5 10\xE6\x99\x82",
         "2025-02-11", false},
        {"Tue, 11 Feb 2025 09:21:00 +0000", "2025-02-11T09:21:00+00:00", false},
        {"Tue, 11 Feb 2025 09:21 EST", "2025-02-11T09:21:00-05:00", false},
        {"Wed Feb 11 16:36:31 CEST 2015", "2015-02-11T16:36:31+02:00", false},
        {"February 11, 2025 at 9:21 a.m. ET", "2025-02-11T09:21:00-05:00", false},
        {"Feb. 11th, 2025", "2025-02-11", false},
        {"Apr 02, 2020, 04:11 AM IST", "2020-04-02T04:11:00+05:30", false},
        {"11th of February 2025", "2025-02-11", false},
        {"11-Feb-2025", "2025-02-11", false},
        {"11.02.2025 18:03 Uhr MEZ", "2025-02-11T18:03:00+01:00", false},
        {"11.2.25", "2025-02-11", false},
        {"02/11/2025", "2025-02-11", true},
        {"02/11/2025", "2025-11-02", false},
        {"02/13/2025", "2025-02-13", false},
        {"13/02/2025", "2025-02-13", true},
        {"2023\xEB\x85\x84 11\xEC\x9B\x94 2\xEC\x9D\xBC", "2023-11-02", false},
        {"at 09:30 on 2025-02-11", "2025-02-11", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        abn_stamp stamp;
        char date[ABN_DATE_MAX], at[ABN_INSTANT_MAX];
        assert_true(abn_stamp_read(abn_slice_of(cases[i].text),
                                   (abn_stamp_ways){cases[i].month_first, NULL}, &stamp));
        const char *got = stamp.at == ABN_NO_INSTANT
                              ? abn_date_format(stamp.date, date)
                              : abn_instant_format(stamp.at, stamp.offset_sec, at);
        if (strcmp(got, cases[i].expected) != 0) fail_msg("\"%s\": got %s", cases[i].text, got);
    }
}

static void other_numbers_are_no_dates(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",           "2025",       "2025-13-01",        "31.02.2025",
        "12.02.",     "02-11",      "1,234.2025",        "may 2025",
        "1/2",        "2025-02",    "99999999",          "iPhone 16, 2025",
        "1.2.3.2025", "4.10.20255", "marching 11, 2025",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        abn_stamp stamp;
        if (abn_stamp_find(abn_slice_of(texts[i]), 0, (abn_stamp_ways){0}, &stamp))
            fail_msg("\"%s\" was read as a date", texts[i]);
    }
}

static void addresses_hold_dates(void **state)
{
    (void)state;
    static const struct {
        const char *address, *expected;
    } cases[] = {
        {"https://a.example/2025/02/11/x", "2025-02-11"},
        {"https://a.example/news/20250211/x", "2025-02-11"},
        {"https://a.example/x-20250211", "2025-02-11"},
        {"https://web.archive.org/web/20160820205919/http://a.example/2016/01/15/x", "2016-01-15"},
        {"https://web.archive.org/web/20160820205919/http://a.example/x", ""},
        {"https://a.example/article/33335514", ""},
        {"https://a.example/2025/02/", ""},
        {"https://a.example/2025/02/3-things", ""},
        {"https://a.example/2025-02-03-three-things", "2025-02-03"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        abn_stamp stamp = {.date = ABN_NO_DATE};
        char date[ABN_DATE_MAX];
        abn_stamp_address(abn_slice_of(cases[i].address), &stamp);
        assert_string_equal(abn_date_format(stamp.date, date), cases[i].expected);
    }
}

UNIT_MAIN(unit(forms_of_dates_are_read), unit(other_numbers_are_no_dates),
          unit(addresses_hold_dates))
