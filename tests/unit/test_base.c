/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <abnorm/buf.h>
#include <abnorm/csv.h>
#include <abnorm/date.h>
#include <abnorm/file.h>
#include <abnorm/instant.h>
#include <abnorm/listing.h>
#include <abnorm/map.h>
#include <abnorm/notes.h>
#include <abnorm/number.h>
#include <abnorm/plain.h>
#include <abnorm/sha256.h>
#include <abnorm/symbol.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static void status_has_text_and_code(void **state)
{
    (void)state;
    assert_int_equal(abn_status_exit_code(ABN_OK), 0);
    assert_int_equal(abn_status_exit_code(ABN_DATA), 65);
    assert_int_equal(abn_status_exit_code((abn_status)999), 70);
    assert_string_equal(abn_status_text(ABN_TRY_LATER), "try again later");
}

static void first_failure_wins(void **state)
{
    (void)state;
    abn_error err = {0};
    assert_int_equal(abn_fail_at(&err, ABN_DATA, "a.csv", 3, 7, "bad %d", 1), ABN_DATA);
    abn_fail(&err, ABN_SYSTEM, "later");
    char out[600];
    assert_string_equal(abn_error_format(&err, out, sizeof out), "a.csv:3:7: bad 1");
    assert_int_equal(abn_fail(NULL, ABN_MEMORY, "x"), ABN_MEMORY);
}

static void long_source_keeps_its_end(void **state)
{
    (void)state;
    char path[400];
    memset(path, 'a', sizeof path);
    memcpy(path + 390, "/end.csv", 9);
    abn_error err = {0};
    abn_fail_at(&err, ABN_DATA, path, 0, 0, "x");
    assert_string_equal(err.source + strlen(err.source) - 8, "/end.csv");
}

static void notes_move_in_order(void **state)
{
    (void)state;
    abn_notes *a = abn_notes_new(), *b = abn_notes_new();
    abn_note_at(a, "k", "f", 1, 2, "one");
    abn_note_at(b, "k", NULL, 0, 0, "two");
    abn_note_at(NULL, "k", NULL, 0, 0, "dropped");
    abn_notes_move(a, b);
    assert_int_equal(abn_notes_count(a), 2);
    assert_int_equal(abn_notes_count(b), 0);
    assert_string_equal(abn_notes_at(a, 1)->text, "two");
    abn_notes_free(a);
    abn_notes_free(b);
}

static void map_numbers_names(void **state)
{
    (void)state;
    abn_map *map = abn_map_new();
    char name[16];
    for (uint32_t i = 0; i < 5000; i++) {
        snprintf(name, sizeof name, "N%u", i);
        assert_int_equal(abn_map_add(map, abn_slice_of(name)), i);
    }
    assert_int_equal(abn_map_find(map, abn_slice_of("N4321")), 4321);
    assert_int_equal(abn_map_add(map, abn_slice_of("N17")), 17);
    assert_true(abn_map_find(map, abn_slice_of("none")) == ABN_MAP_NONE);
    assert_string_equal(abn_map_name(map, 42), "N42");
    abn_map_free(map);
}

static void numbers_read_as_strtod_does(void **state)
{
    (void)state;
    const char *good[] = {"0",
                          "-0.0",
                          "1.",
                          ".5",
                          "232.84",
                          "1e22",
                          "1e23",
                          "4.35",
                          "0.1",
                          "123456789012345678901234567890",
                          "5e-324",
                          "1e-400",
                          "2.5e+3",
                          "+7",
                          "9007199254740993",
                          "1.7976931348623157e308",
                          "0.000000000000000000000000000000000012345678901234567891"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        double got = 1, want = strtod(good[i], NULL);
        assert_true(abn_number_parse(abn_slice_of(good[i]), &got));
        assert_memory_equal(&got, &want, sizeof got);
    }
    const char *bad[] = {"",     "+",  ".",  "1e",  "1e+",   "nan", "inf",
                         "0x10", " 1", "1 ", "1,5", "1e999", "--1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double got;
        assert_false(abn_number_parse(abn_slice_of(bad[i]), &got));
    }
}

static void integers_fit_or_fail(void **state)
{
    (void)state;
    long v;
    assert_true(abn_integer_parse(abn_slice_of("-9223372036854775808"), &v) && v == LONG_MIN);
    assert_true(abn_integer_parse(abn_slice_of("9223372036854775807"), &v) && v == LONG_MAX);
    assert_false(abn_integer_parse(abn_slice_of("9223372036854775808"), &v));
    assert_false(abn_integer_parse(abn_slice_of("-9223372036854775809"), &v));
    assert_false(abn_integer_parse(abn_slice_of("1.0"), &v));
    assert_false(abn_integer_parse((abn_slice){0}, &v));
}

static void numbers_print_as_printf_does(void **state)
{
    (void)state;
    const double values[] = {0.1, 1e300, -2.5, 232.84, 1.0 / 3, 5e-324, 123456789.123};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        for (int digits = 1; digits <= 17; digits++) {
            char got[ABN_NUMBER_MAX], want[64];
            size_t len = abn_number_print(got, values[i], digits);
            assert_int_equal(len, snprintf(want, sizeof want, "%.*g", digits, values[i]));
            assert_memory_equal(got, want, len);
        }
    char out[ABN_NUMBER_MAX];
    assert_int_equal(abn_number_print(out, NAN, 10), 0);
    assert_int_equal(abn_number_print(out, INFINITY, 10), 0);
    assert_int_equal(abn_number_print(out, -0.0, 10), 1);
}

static void column_is_as_printf(double value, int digits)
{
    const double many[] = {value, -value, value * 3, NAN, value / 7, 1e-5, value};
    enum { MANY = sizeof many / sizeof *many };
    abn_number_cell got[MANY];
    abn_numbers_print(many, sizeof *many, MANY, digits, got);
    for (int i = 0; i < MANY; i++) {
        char want[64];
        int len = snprintf(want, sizeof want, "%.*g", digits, many[i]);
        if (!isfinite(many[i])) len = 0;
        if (many[i] == 0) len = snprintf(want, sizeof want, "0");
        if (len == got[i].len && memcmp(got[i].text, want, (size_t)len) == 0) continue;
        print_message("# %a %d: %.*s, not %s\n", many[i], digits, got[i].len, got[i].text, want);
        fail();
    }
}

static void same_as_printf(double value)
{
    column_is_as_printf(value, 10);
    for (int digits = 1; digits <= 17; digits++) {
        char got[ABN_NUMBER_MAX], want[64];
        size_t len = abn_number_print(got, value, digits);
        size_t expected = (size_t)snprintf(want, sizeof want, "%.*g", digits, value);
        if (len == expected && memcmp(got, want, len) == 0) continue;
        print_message("# %a %d: %.*s, not %s\n", value, digits, (int)len, got, want);
        fail();
    }
}

static uint64_t next_bits(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state ^ *state >> 29;
}

/* Any bits; sizes that tables hold; decimals of few digits; halves that tie; neighbours of powers
 * of ten. */
static void any_number_prints_as_printf_does(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int i = 0; i < 6000; i++) {
        uint64_t bits = next_bits(&seed);
        double any, unit = (double)(next_bits(&seed) >> 11) / 9007199254740992.0;
        memcpy(&any, &bits, sizeof any);
        if (isfinite(any) && any != 0) same_as_printf(any);
        same_as_printf((unit - .5) * pow(10, (double)(bits % 24) - 12));
        same_as_printf(floor(unit * 1e6) / 1000);
        same_as_printf((double)(bits % 20000000) / 4);
        same_as_printf((double)(bits >> 20) + .5);
        double power = pow(10, (double)(bits % 40) - 20);
        same_as_printf(power);
        same_as_printf(nextafter(power, 0));
        same_as_printf(nextafter(power, INFINITY));
    }
}

static void dates_go_round(void **state)
{
    (void)state;
    assert_int_equal(abn_date_of(1970, 1, 1), 0);
    assert_int_equal(abn_date_of(2025, 2, 11), 20130);
    assert_int_equal(abn_date_of(2025, 2, 29), ABN_NO_DATE);
    for (abn_date d = abn_date_of(1, 1, 1); d <= abn_date_of(9999, 12, 31); d += 61) {
        abn_civil c = abn_date_civil(d);
        assert_int_equal(abn_date_of(c.year, c.month, c.day), d);
    }
    assert_int_equal(abn_weekday(abn_date_of(2025, 2, 11)), 2);
    int year;
    assert_int_equal(abn_iso_week(abn_date_of(2021, 1, 3), &year), 53);
    assert_int_equal(year, 2020);
    assert_int_equal(abn_date_of_iso_week(2025, 7), abn_date_of(2025, 2, 10));
    assert_int_equal(abn_easter(2025), abn_date_of(2025, 4, 20));
    assert_int_equal(abn_date_add_months(abn_date_of(2024, 1, 31), 1), abn_date_of(2024, 2, 29));
    abn_date d;
    assert_true(abn_date_parse(abn_slice_of("2025-02-11"), &d) && d == 20130);
    assert_false(abn_date_parse(abn_slice_of("2024-13-01"), &d));
    assert_false(abn_date_parse(abn_slice_of("2024-1-1"), &d));
    char out[ABN_DATE_MAX];
    assert_string_equal(abn_date_format(20130, out), "2025-02-11");
    assert_string_equal(abn_date_format(ABN_NO_DATE, out), "");
}

static void zones_change_on_the_hour(void **state)
{
    (void)state;
    abn_zone ny, hk, odd, none;
    assert_int_equal(abn_zone_parse(abn_slice_of("EST5EDT,M3.2.0,M11.1.0"), &ny, NULL), ABN_OK);
    assert_int_equal(abn_zone_parse(abn_slice_of("HKT-8"), &hk, NULL), ABN_OK);
    assert_int_equal(abn_zone_parse(abn_slice_of("<+0330>-3:30"), &odd, NULL), ABN_OK);
    assert_int_equal(odd.standard_sec, 12600);
    assert_int_equal(abn_zone_parse(abn_slice_of("EST5EDT,J60,J300"), &none, NULL), ABN_DATA);
    abn_instant change = 1741503600; /* 2025-03-09T07:00:00Z, 02:00 in New York */
    assert_int_equal(abn_zone_offset_sec(&ny, change - 1), -5 * 3600);
    assert_int_equal(abn_zone_offset_sec(&ny, change), -4 * 3600);
    assert_int_equal(abn_zone_instant(&ny, abn_date_of(2025, 3, 9), 3 * 3600), change);
    /* 01:30 on 2025-11-02 comes twice: the first is daylight time */
    abn_instant twice = abn_zone_instant(&ny, abn_date_of(2025, 11, 2), 5400);
    assert_int_equal(abn_zone_offset_sec(&ny, twice), -4 * 3600);
    int sec;
    assert_int_equal(abn_zone_date(&hk, 0, &sec), 0);
    assert_int_equal(sec, 8 * 3600);
}

static void instants_go_round(void **state)
{
    (void)state;
    abn_instant at;
    int offset;
    char out[ABN_INSTANT_MAX];
    assert_true(abn_instant_parse(abn_slice_of("2025-02-11T09:21:00-05:00"), &at, &offset));
    assert_int_equal(at, 1739283660);
    assert_string_equal(abn_instant_format(at, offset, out), "2025-02-11T09:21:00-05:00");
    assert_true(abn_instant_parse(abn_slice_of("2025-02-11T14:21Z"), &at, NULL));
    assert_int_equal(at, 1739283660);
    assert_false(abn_instant_parse(abn_slice_of("2025-02-11T09:21:00"), &at, NULL));
    assert_false(abn_instant_parse(abn_slice_of("2025-02-30T09:21:00Z"), &at, NULL));
    assert_string_equal(abn_instant_format(ABN_NO_INSTANT, 0, out), "");
}

static void csv_knows_its_place(void **state)
{
    (void)state;
    const char *text = "\xEF\xBB\xBF"
                       "a,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n\r\n2,3\n";
    abn_csv *csv;
    bool more;
    assert_int_equal(abn_csv_read("t", abn_slice_of(text), 0, &csv, NULL), ABN_OK);
    assert_int_equal(abn_csv_header(csv, NULL), ABN_OK);
    assert_int_equal(abn_csv_column(csv, "B"), 1);
    assert_int_equal(abn_csv_next(csv, &more, NULL), ABN_OK);
    assert_true(abn_slice_eq(abn_csv_field(csv, 1), "x, \"y\"\nz"));
    assert_int_equal(abn_csv_line(csv), 2);
    assert_int_equal(abn_csv_next(csv, &more, NULL), ABN_OK);
    assert_int_equal(abn_csv_line(csv), 5);
    assert_int_equal(abn_csv_field_column(csv, 1), 3);
    assert_int_equal(abn_csv_next(csv, &more, NULL), ABN_OK);
    assert_false(more);
    abn_csv_free(csv);
}

static void csv_says_what_is_wrong(void **state)
{
    (void)state;
    abn_error err = {0};
    abn_csv *csv;
    bool more;
    abn_csv_read("t", abn_slice_of("a\n\"open"), ',', &csv, NULL);
    abn_csv_next(csv, &more, NULL);
    assert_int_equal(abn_csv_next(csv, &more, &err), ABN_DATA);
    assert_int_equal(err.line, 2);
    abn_csv_free(csv);
    abn_error_clear(&err);
    abn_csv_read("t", abn_slice_of("x;y;X\n"), 0, &csv, NULL);
    assert_int_equal(abn_csv_header(csv, &err), ABN_DATA);
    assert_int_equal(err.column, 5);
    abn_csv_free(csv);
    abn_error_clear(&err);
    abn_csv_read("t", abn_slice_of("\"a\"b,c\n"), 0, &csv, NULL);
    assert_int_equal(abn_csv_next(csv, &more, &err), ABN_DATA);
    assert_int_equal(err.column, 4);
    abn_csv_free(csv);
}

static void csv_quotes_what_it_must(void **state)
{
    (void)state;
    abn_buf out = {0};
    abn_csv_put(&out, abn_slice_of("plain"));
    abn_csv_put(&out, abn_slice_of(" a,\"b"));
    assert_string_equal(out.data, "plain\" a,\"\"b\"");
    abn_buf_free(&out);
}

static void sha256_of_known_texts(void **state)
{
    (void)state;
    char hex[ABN_SHA256_HEX], many[1000];
    abn_sha256("abc", 3, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    abn_sha256("", 0, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    memset(many, 'a', sizeof many);
    abn_sha256(many, sizeof many, hex);
    assert_string_equal(hex, "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3");
}

static void writes_are_all_or_nothing(void **state)
{
    (void)state;
    char folder[] = "/tmp/abnorm-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char *deep = abn_path_join(folder, "a/b"), *path = abn_path_join(folder, "a/b/t.csv.gz");
    assert_int_equal(abn_folder_make(deep, NULL), ABN_OK);
    assert_int_equal(abn_file_write(path, "old", 3, NULL), ABN_OK);
    abn_output *out;
    assert_int_equal(abn_output_new(path, ABN_LASTING, &out, NULL), ABN_OK);
    assert_int_equal(abn_output_write(out, "new!", 4, NULL), ABN_OK);
    abn_output_free(out); /* never committed */
    abn_file file;
    assert_int_equal(abn_file_open(path, 0, &file, NULL), ABN_OK);
    assert_int_equal(file.len, 3);
    abn_file_close(&file);
    abn_names names;
    assert_int_equal(abn_folder_list(deep, ".gz", &names, NULL), ABN_OK);
    assert_int_equal(names.count, 1);
    abn_names_free(&names);
    char *stem = abn_path_stem(path);
    assert_string_equal(stem, "t");
    free(stem);
    abn_error err = {0};
    assert_int_equal(abn_file_open(deep, 0, &file, &err), ABN_NO_INPUT);
    unlink(path);
    rmdir(deep);
    free(deep);
    free(path);
    path = abn_path_join(folder, "a");
    rmdir(path);
    rmdir(folder);
    free(path);
}

/* Pieces of every size around a chunk, and the file's own room afterwards. */
static void writes_in_pieces_of_any_size(void **state)
{
    (void)state;
    static const size_t piece[] = {1, 131071, 131072, 131073, 5, 400000, 262144, 3, 1000000, 77};
    char folder[] = "/tmp/abnorm-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char *path = abn_path_join(folder, "large"), *bytes = malloc(3000000);
    abn_output *out;
    assert_non_null(bytes);
    for (size_t i = 0; i < 3000000; i++)
        bytes[i] = (char)(i * 2654435761u >> 13);
    assert_int_equal(abn_output_new(path, ABN_PASSING, &out, NULL), ABN_OK);
    size_t len = 0;
    for (size_t i = 0; i < sizeof piece / sizeof *piece; len += piece[i++])
        assert_int_equal(abn_output_write(out, bytes + len, piece[i], NULL), ABN_OK);
    assert_int_equal(abn_output_commit(out, NULL), ABN_OK);
    abn_output_free(out);
    abn_file file;
    assert_int_equal(abn_file_open(path, 0, &file, NULL), ABN_OK);
    assert_int_equal(file.len, len);
    abn_file_done(&file, (abn_slice){file.data + 5, 1000000});
    assert_memory_equal(file.data, bytes, len);
    abn_file_close(&file);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_true((size_t)st.st_blocks * 512 < len + 200000);
    unlink(path);
    rmdir(folder);
    free(path);
    free(bytes);
}

static void listings_are_replaced_by_symbol(void **state)
{
    (void)state;
    char path[] = "/tmp/abnorm-test-XXXXXX";
    close(mkstemp(path));
    const char *first =
        "symbol,company,ratio,names_en\nBABA,Alibaba,8,Alibaba;Ali\nAAPL,Apple,,Apple\n";
    const char *second = "symbol,names_xx,company\nbaba,Zibaba,Alibaba Group\nTSLA,,Tesla\n";
    static const char odd[] = "symbol,a\0b,a\0c\nX,1,2\n"; /* names that end at a NUL */
    abn_listings *base, *user;
    abn_file_write(path, first, strlen(first), NULL);
    assert_int_equal(abn_listings_load(path, NULL, &base, NULL), ABN_OK);
    abn_file_write(path, odd, sizeof odd - 1, NULL);
    assert_int_equal(abn_listings_load(path, base, &user, NULL), ABN_DATA);
    abn_file_write(path, second, strlen(second), NULL);
    assert_int_equal(abn_listings_load(path, base, &user, NULL), ABN_OK);
    abn_listings_free(base);
    unlink(path);
    assert_int_equal(abn_listings_count(user), 3);
    uint32_t at = abn_listings_find(user, abn_slice_of("BABA"));
    assert_string_equal(abn_listings_at(user, at)->company, "Alibaba Group");
    assert_string_equal(abn_listings_cell(user, at, "names_xx"), "Zibaba");
    at = abn_listings_find(user, abn_slice_of("AAPL"));
    assert_string_equal(abn_listings_cell(user, at, "names_en"), "Apple");
    assert_true(isnan(abn_listings_at(user, at)->ratio));
    abn_listings_free(user);
}

static void symbols_stay_in_their_folder(void **state)
{
    (void)state;
    static const char *const fine[] = {"AAPL",   "9988.HK", "^GSPC", "BRK-B",
                                       "CON.DE", "COM10",   "NULL"},
                             *const bad[] = {"",     ".",   "..",  "../X", "a/b",  "a\\b",   "A\n",
                                             "\x7f", "con", "NUL", "lpt1", "Com9", ".hidden"};
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
        assert_null(abn_symbol_flaw(abn_slice_of(fine[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_non_null(abn_symbol_flaw(abn_slice_of(bad[i])));
    assert_non_null(abn_symbol_flaw((abn_slice){"A\0B", 3}));
}

static void plain_lines_steer_nothing(void **state)
{
    (void)state;
    char text[] = "caf\xC3\xA9\n\x1B[2J\xC2\x9B\xE2\x80\xAE\xED\xA0\x80\xFF\xE2\x82";
    assert_string_equal(abn_plain_line(text), "caf\xC3\xA9 ?[2J??????????"
                                              "?");
    abn_buf out = {0};
    abn_plain_json(&out, (abn_slice){"\"\\\t\xC3\xA9\xC3\xF0\x9F\x98\x80", 10});
    assert_string_equal(out.data, "\"\\\"\\\\\\u0009\xC3\xA9\xEF\xBF\xBD\xF0\x9F\x98\x80\"");
    abn_buf_free(&out);
}

static void bombs_are_bounded(void **state)
{
    (void)state;
    char path[] = "/tmp/abnorm-test-XXXXXX", zeros[4096] = "";
    int fd = mkstemp(path);
    gzFile bomb = gzdopen(fd, "wb9");
    for (int i = 0; i < 20000; i++)
        assert_int_equal(gzwrite(bomb, zeros, sizeof zeros), sizeof zeros);
    gzclose(bomb);
    abn_file file;
    assert_int_equal(abn_file_open(path, 0, &file, NULL), ABN_DATA);
    assert_int_equal(abn_file_open(path, (size_t)1 << 30, &file, NULL), ABN_OK);
    assert_int_equal(file.len, 20000 * sizeof zeros);
    abn_file_close(&file);
    unlink(path);
}

UNIT_MAIN(unit(status_has_text_and_code), unit(first_failure_wins), unit(long_source_keeps_its_end),
          unit(notes_move_in_order), unit(map_numbers_names), unit(numbers_read_as_strtod_does),
          unit(integers_fit_or_fail), unit(numbers_print_as_printf_does),
          unit(any_number_prints_as_printf_does), unit(dates_go_round),
          unit(zones_change_on_the_hour), unit(instants_go_round), unit(csv_knows_its_place),
          unit(csv_says_what_is_wrong), unit(csv_quotes_what_it_must), unit(sha256_of_known_texts),
          unit(writes_are_all_or_nothing), unit(writes_in_pieces_of_any_size),
          unit(symbols_stay_in_their_folder), unit(plain_lines_steer_nothing),
          unit(bombs_are_bounded), unit(listings_are_replaced_by_symbol))
