/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <abnorm/bars.h>
#include <abnorm/file.h>
#include <abnorm/http.h>
#include <abnorm/zip.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

static void add(abn_bars *bars, abn_date date, const char *column, double value)
{
    int c = abn_bars_column(bars, column);
    abn_bar *bar = abn_bars_add(bars, date);
    bar->value[c] = value;
}

static void assert_prints(const abn_bars *bars, const char *want)
{
    abn_buf text = {0};
    abn_bars_print(bars, &text);
    assert_string_equal(text.data, want);
    abn_buf_free(&text);
}

static void rows_come_in_order_each_date_once(void **state)
{
    abn_bars bars = {0};
    abn_notes *notes = abn_notes_new();
    (void)state;
    add(&bars, 3, "close", 30);
    add(&bars, 1, "close", 10);
    add(&bars, 2, "close", 20);
    add(&bars, 1, "close", 11);
    add(&bars, 2, "close", 20);
    add(&bars, 4, "close", NAN);
    abn_bars_settle(&bars, "X", notes);
    assert_prints(&bars, "date,close\n1970-01-02,10\n1970-01-03,20\n1970-01-04,30\n");
    assert_int_equal(abn_notes_count(notes), 1);
    assert_string_equal(abn_notes_at(notes, 0)->text,
                        "1970-01-02 comes twice with different values; the first stays");
    assert_int_equal(abn_bars_cut(&bars, 2, 2), 2);
    assert_prints(&bars, "date,close\n1970-01-03,20\n");
    abn_bars_free(&bars);
    abn_notes_free(notes);
}

static void many_rows_in_any_order_are_sorted(void **state)
{
    abn_bars bars = {0};
    (void)state;
    for (int i = 0; i < 20000; i++)
        add(&bars, (abn_date)((long)i * 7919 % 20011), "close", i + 1);
    abn_bars_settle(&bars, "X", NULL);
    assert_int_equal(bars.n, 20000);
    for (size_t i = 1; i < bars.n; i++)
        assert_true(bars.bar[i - 1].date < bars.bar[i].date);
    abn_bars_free(&bars);
}

static void a_merge_takes_what_is_stated(void **state)
{
    abn_bars old = {0}, fresh = {0};
    abn_bars_change change;
    abn_notes *notes = abn_notes_new();
    (void)state;
    add(&old, 1, "note", 7);
    old.bar[0].value[abn_bars_column(&old, "close")] = 10;
    add(&old, 2, "close", 20);
    add(&old, 4, "close", 40);
    add(&fresh, 1, "volume", 100);
    fresh.bar[0].value[abn_bars_column(&fresh, "close")] = 10 * (1 + 1e-9); /* the same */
    add(&fresh, 2, "close", 21);
    add(&fresh, 3, "close", 30);
    add(&fresh, 4, "volume", 400); /* no close: the old one stays */
    assert_int_equal(abn_bars_merge(&old, &fresh, "X.csv", notes, &change, NULL), ABN_OK);
    assert_prints(&old, "date,close,volume,note\n1970-01-02,10,100,7\n1970-01-03,21,,\n"
                        "1970-01-04,30,,\n1970-01-05,40,400,\n");
    assert_int_equal(change.added, 1);
    assert_int_equal(change.corrected, 1);
    assert_int_equal(change.met, 3);
    assert_int_equal(change.rescaled, 1);
    assert_int_equal(abn_notes_count(notes), 1);
    assert_string_equal(abn_notes_at(notes, 0)->text, "1970-01-03 close: 20 is now 21");
    abn_bars_free(&old);
    abn_bars_free(&fresh);
    abn_notes_free(notes);
}

static void files_come_back_as_they_were(void **state)
{
    static const double values[] = {
        .1, 1. / 3, 123456789012., 5e-324, 1.7976931348623157e308, 129.0399932861328, -0.45};
    abn_bars bars = {0}, back = {0};
    abn_buf text = {0};
    char path[] = "/tmp/abnorm-bars-XXXXXX";
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        add(&bars, (abn_date)i, i % 2 ? "close" : "smb", values[i]);
    abn_bars_print(&bars, &text);
    close(mkstemp(path));
    assert_int_equal(abn_file_write(path, text.data, text.len, NULL), ABN_OK);
    assert_int_equal(abn_bars_read(path, &back, NULL), ABN_OK);
    assert_int_equal(back.n, bars.n);
    assert_int_equal(abn_bars_compare(&bars, &back).corrected, 0);
    for (size_t i = 0; i < bars.n; i++) {
        const char *column = i % 2 ? "close" : "smb";
        assert_true(back.bar[i].value[abn_bars_find_column(&back, column)] == values[i]);
    }
    abn_bars_free(&back);
    static const char *const bad[][2] = {
        {"close,date\n1,2025-01-01\n", ":1:1: the first column is not \"date\""},
        {"Date,Adj Close\n2025-01-01,1\n2025-01-32,1\n", ":3:1: bad date \"2025-01-32\""},
        {"date,close\n2025-01-01,1.2.3\n", ":2:12: bad number \"1.2.3\""}};
    for (size_t i = 0; i < 3; i++) {
        abn_error err = {0};
        char said[1024];
        assert_int_equal(abn_file_write(path, bad[i][0], strlen(bad[i][0]), NULL), ABN_OK);
        assert_int_equal(abn_bars_read(path, &back, &err), ABN_DATA);
        abn_error_format(&err, said, sizeof said);
        if (!strstr(said, bad[i][1])) fail_msg("%s", said);
        assert_null(back.bar);
    }
    unlink(path);
    abn_buf_free(&text);
    abn_bars_free(&bars);
}

/* ---- archives ---- */

static void put16(abn_buf *out, unsigned value)
{
    abn_buf_char(out, (char)(value & 255));
    abn_buf_char(out, (char)(value >> 8));
}

static void put32(abn_buf *out, unsigned long value)
{
    put16(out, value & 0xffff);
    put16(out, (unsigned)(value >> 16 & 0xffff));
}

static void put_fields(abn_buf *out, const char *name, bool packed, unsigned long crc,
                       unsigned long packed_len, unsigned long len)
{
    put16(out, packed ? 8 : 0);
    put32(out, 0);
    put32(out, crc);
    put32(out, packed_len);
    put32(out, len);
    put16(out, (unsigned)strlen(name));
}

/* An archive of one member, with a comment behind it. */
static void make_archive(abn_buf *out, const char *name, const char *text, bool packed)
{
    unsigned char data[4096];
    z_stream z = {.next_in = (unsigned char *)(uintptr_t)text,
                  .avail_in = (unsigned)strlen(text),
                  .next_out = data,
                  .avail_out = sizeof data};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    unsigned long len = strlen(text), packed_len = packed ? z.total_out : len;
    unsigned long crc = crc32(0, (const unsigned char *)text, (unsigned)len);
    abn_buf_add(out, "PK\3\4\24\0\0\0", 8);
    put_fields(out, name, packed, crc, packed_len, len);
    put16(out, 0);
    abn_buf_text(out, name);
    abn_buf_add(out, packed ? (const char *)data : text, packed_len);
    unsigned long directory = out->len;
    abn_buf_add(out, "PK\1\2\24\0\24\0\0\0", 10);
    put_fields(out, name, packed, crc, packed_len, len);
    abn_buf_add(out, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
    abn_buf_text(out, name);
    unsigned long size = out->len - directory;
    abn_buf_add(out, "PK\5\6\0\0\0\0\1\0\1\0", 12);
    put32(out, size);
    put32(out, directory);
    put16(out, 4);
    abn_buf_text(out, "made");
}

static void members_are_unpacked(void **state)
{
    const char *text = "20250102, 0.1, 0.1\n20250103, 0.1, 0.1\n20250106, 0.1, 0.1\n";
    (void)state;
    for (int packed = 0; packed < 2; packed++) {
        abn_buf archive = {0}, out = {0};
        make_archive(&archive, "table.CSV", text, packed);
        abn_slice bytes = {archive.data, archive.len};
        assert_int_equal(abn_unzip(bytes, "z", ".csv", 1000, &out, NULL), ABN_OK);
        assert_string_equal(out.data, text);
        assert_int_equal(abn_unzip(bytes, "z", ".txt", 1000, &out, NULL), ABN_DATA);
        assert_int_equal(abn_unzip(bytes, "z", ".csv", 10, &out, NULL), ABN_DATA);
        for (size_t len = 0; len < archive.len - 4; len++)
            assert_int_equal(
                abn_unzip((abn_slice){archive.data, len}, "z", ".csv", 1000, &out, NULL), ABN_DATA);
        assert_int_equal(out.len, strlen(text));
        size_t wrong = 0;
        for (size_t i = 0; i < archive.len;
             i++) { /* what comes out of damage is whole or nothing */
            abn_buf got = {0};
            archive.data[i] ^= 0x55;
            if (abn_unzip(bytes, "z", ".csv", 1000, &got, NULL) == ABN_OK)
                wrong += strcmp(got.data, text) != 0;
            archive.data[i] ^= 0x55;
            abn_buf_free(&got);
        }
        assert_int_equal(wrong, 0);
        abn_buf_free(&archive);
        abn_buf_free(&out);
    }
}

/* ---- addresses ---- */

static void keys_are_struck_out(void **state)
{
    char text[] = "key a/b+c or a%2Fb%2Bc or a%2fb%2bc, not a/b";
    abn_buf escaped = {0};
    (void)state;
    abn_http_redact(text, strlen(text), "a/b+c");
    assert_string_equal(text, "key ***** or ********* or *********, not a/b");
    abn_http_redact(text, strlen(text), "");
    abn_http_redact(text, strlen(text), NULL);
    abn_http_escape(&escaped, "^a b~\xc3\xa9/");
    assert_string_equal(escaped.data, "%5Ea%20b~%C3%A9%2F");
    abn_buf_free(&escaped);
}

static void codes_have_a_meaning(void **state)
{
    (void)state;
    assert_int_equal(abn_http_code_status(204), ABN_OK);
    assert_int_equal(abn_http_code_status(304), ABN_UNAVAILABLE);
    assert_int_equal(abn_http_code_status(401), ABN_REFUSED);
    assert_int_equal(abn_http_code_status(404), ABN_NO_INPUT);
    assert_int_equal(abn_http_code_status(429), ABN_TRY_LATER);
    assert_int_equal(abn_http_code_status(503), ABN_UNAVAILABLE);
}

static void only_web_addresses_are_asked(void **state)
{
    static const char *const bad[] = {"",         "ftp://h/",   "file:///etc/passwd",
                                      "https://", "https:///x", "http://u:p@h/",
                                      "httpx://h"};
    abn_http *http = NULL;
    (void)state;
    assert_int_equal(abn_http_new(NULL, &http, NULL), ABN_OK);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        abn_http_request request = {.url = bad[i]};
        abn_http_response response = {0};
        abn_error err = {0};
        assert_int_equal(abn_http_get(http, &request, &response, &err), ABN_USAGE);
        assert_null(strstr(err.text, "u:p"));
        assert_null(response.url);
    }
    abn_http_free(http);
}

UNIT_MAIN(unit(rows_come_in_order_each_date_once), unit(many_rows_in_any_order_are_sorted),
          unit(a_merge_takes_what_is_stated), unit(files_come_back_as_they_were),
          unit(members_are_unpacked), unit(keys_are_struck_out), unit(codes_have_a_meaning),
          unit(only_web_addresses_are_asked))
