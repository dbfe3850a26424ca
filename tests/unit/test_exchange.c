/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "unit.h"

#include <abnorm/csv.h>
#include <abnorm/exchange.h>
#include <abnorm/file.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static abn_exchanges *exchanges;

static int set_up(void **state)
{
    (void)state;
    abn_error err = {0};
    if (abn_exchanges_load("data", &exchanges, &err) != ABN_OK)
        fail_msg("%s:%ld: %s", err.source, err.line, err.text);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    abn_exchanges_free(exchanges);
    return 0;
}

static const abn_exchange *exchange(const char *name)
{
    const abn_exchange *found = abn_exchanges_find(exchanges, abn_slice_of(name));
    assert_non_null(found);
    return found;
}

static abn_date date(const char *text)
{
    abn_date out;
    assert_true(abn_date_parse(abn_slice_of(text), &out));
    return out;
}

static void check_first(const char *at_text, const char *mic, const char *want, const char *phase)
{
    abn_instant at;
    abn_phase met;
    char got[ABN_DATE_MAX];
    assert_true(abn_instant_parse(abn_slice_of(at_text), &at, NULL));
    abn_session session = abn_exchange_first_session(exchange(mic), at, &met);
    if (strcmp(abn_date_format(session.date, got), want) != 0)
        fail_msg("%s at %s: %s, not %s", at_text, mic, got, want);
    if (phase) assert_string_equal(abn_phase_name(met), phase);
}

static void test_first_sessions(void **state)
{
    (void)state;
    static const struct {
        const char *at, *new_york, *new_york_phase, *hong_kong, *hong_kong_phase;
    } row[] = {
        /* evening in New York; a typhoon shuts Hong Kong on the next day */
        {"2023-08-31T17:00:00-04:00", "2023-09-01", "after_close", "2023-09-04", "after_close"},
        /* a morning of rain without a session */
        {"2023-09-08T08:00:00+08:00", "2023-09-08", "after_close", "2023-09-11", "after_close"},
        /* a half day before a holiday, after and just before its close */
        {"2024-07-03T13:30:00-04:00", "2024-07-05", "after_close", "2024-07-04", "pre_open"},
        {"2024-07-03T12:59:59-04:00", "2024-07-03", "intraday", "2024-07-04", "pre_open"},
        /* a day of mourning */
        {"2025-01-08T16:05:00-05:00", "2025-01-10", "after_close", "2025-01-09", "pre_open"},
        /* noon has passed on the eve of the Lunar New Year */
        {"2024-02-09T12:05:00+08:00", "2024-02-09", "after_close", "2024-02-14", "after_close"},
        /* a late opening: ten in the morning is before it */
        {"2023-10-09T10:00:00+08:00", "2023-10-09", "after_close", "2023-10-09", "pre_open"},
        /* the last second, and the close itself, a day before summer time */
        {"2026-03-06T15:59:59-05:00", "2026-03-06", "intraday", "2026-03-09", "after_close"},
        {"2026-03-06T16:00:00-05:00", "2026-03-09", "after_close", "2026-03-09", "after_close"},
        /* the last second of the first session in summer time */
        {"2026-03-09T19:59:59+00:00", "2026-03-09", "intraday", "2026-03-10", "pre_open"},
        /* a Saturday New Year, which New York does not make up for */
        {"2022-01-01T12:00:00+00:00", "2022-01-03", "after_close", "2022-01-03", "after_close"},
        /* a typhoon with trading, under the rule of 2024 */
        {"2024-11-14T18:00:00+08:00", "2024-11-14", "pre_open", "2024-11-15", "after_close"},
        /* Easter Sunday before a festival */
        {"2021-04-04T12:00:00+00:00", "2021-04-05", "after_close", "2021-04-07", "after_close"},
        {"2022-12-23T16:30:00-05:00", "2022-12-27", "after_close", "2022-12-28", "after_close"},
        {"2020-10-12T20:00:00+08:00", "2020-10-12", "pre_open", "2020-10-14", "after_close"},
        /* morning news in New York is late evening in Hong Kong */
        {"2025-02-11T09:21:00-05:00", "2025-02-11", "pre_open", "2025-02-12", "after_close"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        check_first(row[i].at, "XNYS", row[i].new_york, row[i].new_york_phase);
        check_first(row[i].at, "XNAS", row[i].new_york, row[i].new_york_phase);
        check_first(row[i].at, "XHKG", row[i].hong_kong, row[i].hong_kong_phase);
    }
}

/* The folder of shared reference material, or "" where there is none. */
static void shared_folder(char *out, size_t size)
{
    FILE *pipe = popen("sh tests/tools/shared.sh", "r");
    out[0] = '\0';
    if (!pipe) return;
    if (fgets(out, (int)size, pipe)) out[strcspn(out, "\n")] = '\0';
    pclose(pipe);
}

static void test_shared_vectors(void **state)
{
    (void)state;
    char folder[256], path[320];
    shared_folder(folder, sizeof folder);
    snprintf(path, sizeof path, "%s/facts/align_vectors.csv", folder);
    if (!folder[0] || !abn_is_file(path)) skip();
    abn_csv *csv = NULL;
    bool more;
    size_t n = 0;
    assert_int_equal(abn_csv_open(path, ',', &csv, NULL), ABN_OK);
    assert_int_equal(abn_csv_header(csv, NULL), ABN_OK);
    int at = abn_csv_column(csv, "announced_at"), ny = abn_csv_column(csv, "XNYS_session"),
        hk = abn_csv_column(csv, "XHKG_session");
    for (; abn_csv_next(csv, &more, NULL) == ABN_OK && more; n++) {
        char *when = abn_slice_dup(abn_csv_field(csv, at));
        char *new_york = abn_slice_dup(abn_csv_field(csv, ny));
        char *hong_kong = abn_slice_dup(abn_csv_field(csv, hk));
        check_first(when, "XNYS", new_york, NULL);
        check_first(when, "XHKG", hong_kong, NULL);
        free(when);
        free(new_york);
        free(hong_kong);
    }
    abn_csv_free(csv);
    assert_int_equal(n, 15);
}

static void test_sessions(void **state)
{
    (void)state;
    abn_session session;
    char text[ABN_INSTANT_MAX];
    const abn_exchange *x = exchange("NYSE");
    assert_string_equal(x->mic, "XNYS");
    assert_ptr_equal(exchange("xnas"), exchange("NASDAQ"));
    assert_null(abn_exchanges_find(exchanges, abn_slice_of("XXXX")));
    assert_null(abn_exchanges_find(exchanges, abn_slice_of("")));
    assert_false(abn_exchange_session(x, date("2024-07-04"), &session));
    assert_false(abn_exchange_session(x, date("2024-07-06"), &session));
    assert_true(abn_exchange_session(x, date("2024-07-03"), &session));
    assert_true(session.early);
    assert_string_equal(abn_instant_format(session.close, -4 * 3600, text),
                        "2024-07-03T13:00:00-04:00");
    assert_true(abn_exchange_session(x, date("2025-01-10"), &session));
    assert_false(session.early);
    assert_string_equal(abn_instant_format(session.open, -5 * 3600, text),
                        "2025-01-10T09:30:00-05:00");
    assert_true(abn_exchange_session(exchange("HKEX"), date("2022-11-02"), &session));
    assert_true(session.early);
    assert_string_equal(abn_instant_format(session.close, 8 * 3600, text),
                        "2022-11-02T13:55:00+08:00");
    assert_int_equal(abn_exchange_next(x, date("2024-12-25")), date("2024-12-26"));
    assert_int_equal(abn_exchange_previous(x, date("2025-01-09")), date("2025-01-08"));
}

/* Before 2007 summer time in New York began in April and ended in October. */
static void test_earlier_rules(void **state)
{
    (void)state;
    abn_session session;
    char text[ABN_INSTANT_MAX];
    const abn_exchange *x = exchange("XNYS");
    assert_true(abn_exchange_session(x, date("2006-03-20"), &session));
    assert_string_equal(abn_instant_format(session.close, 0, text), "2006-03-20T21:00:00+00:00");
    assert_int_equal(abn_exchange_offset_sec(x, session.close), -5 * 3600);
    assert_true(abn_exchange_session(x, date("2007-03-20"), &session));
    assert_string_equal(abn_instant_format(session.close, 0, text), "2007-03-20T20:00:00+00:00");
    assert_int_equal(abn_exchange_offset_sec(x, session.close), -4 * 3600);
    check_first("2006-03-20T15:30:00-05:00", "XNYS", "2006-03-20", "intraday");
    check_first("2024-11-01T15:10:00+09:00", "XTKS", "2024-11-04", "after_close");
    check_first("2024-11-05T15:10:00+09:00", "XTKS", "2024-11-05", "intraday");
}

static void test_user_rows(void **state)
{
    (void)state;
    abn_exchanges *own = NULL;
    abn_error err = {0};
    char path[] = "/tmp/abnorm-calendar-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    static const char rows[] = "exchange,date,kind,local_time,reason\n"
                               "XNYS,2024-07-04,open,,for once\n"
                               "NASDAQ,2019-12-25,closed,,Christmas\n"
                               "XHKG,2027-01-04,late,11:00,rain\n"
                               "XPAR,2024-12-25,closed,,Christmas\n"
                               "XPAR,2025-12-25,closed,,Christmas\n";
    assert_int_equal(abn_file_write(path, rows, sizeof rows - 1, &err), ABN_OK);
    assert_int_equal(abn_exchanges_load("data", &own, &err), ABN_OK);
    assert_int_equal(abn_exchanges_add(own, path, &err), ABN_OK);
    const abn_exchange *x = abn_exchanges_find(own, abn_slice_of("XNYS"));
    assert_true(abn_exchange_session(x, date("2024-07-04"), NULL));
    assert_false(abn_exchange_session(x, date("2019-12-25"), NULL));
    assert_int_equal(x->known_from, date("2019-01-01"));
    assert_int_equal(x->known_to, date("2026-12-31"));

    x = abn_exchanges_find(own, abn_slice_of("XAMS")); /* of one calendar with XPAR */
    assert_int_equal(x->known_from, date("2024-01-01"));
    assert_int_equal(x->known_to, date("2025-12-31"));
    assert_false(abn_exchange_session(x, date("2025-12-25"), NULL));
    x = abn_exchanges_find(own, abn_slice_of("XLON"));
    assert_true(x->known_from > x->known_to);
    assert_false(abn_exchange_knows(x, date("2025-01-01")));
    x = abn_exchanges_find(own, abn_slice_of("XNYS"));

    static const char bad[] = "exchange,date,kind\nXNYS,2018-07-04,closed\nXNYS,2024-07-05,shut\n";
    assert_int_equal(abn_file_write(path, bad, sizeof bad - 1, &err), ABN_OK);
    assert_int_equal(abn_exchanges_add(own, path, &err), ABN_DATA);
    assert_int_equal(err.line, 3);
    assert_int_equal(err.column, 17);
    assert_true(abn_exchange_session(x, date("2018-07-04"), NULL)); /* nothing of it was taken */
    abn_exchanges_free(own);
    remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_sessions), cmocka_unit_test(test_shared_vectors),
        cmocka_unit_test(test_sessions),       cmocka_unit_test(test_earlier_rules),
        cmocka_unit_test(test_user_rows),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
