/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <abnorm/file.h>
#include <abnorm/study_file.h>
#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/abnorm-study-XXXXXX";

static abn_status load(const char *text, abn_study_file **study, abn_error *err)
{
    abn_error_clear(err);
    assert_int_equal(abn_file_write(path, text, strlen(text), NULL), ABN_OK);
    return abn_study_file_load(path, study, err);
}

static void every_key_is_read(void **state)
{
    (void)state;
    abn_study_file *s;
    abn_error err = {0};
    assert_int_equal(load("{\"documents\": [\"a.txt\", \"/b\"], \"quotes\": \"q\","
                          "\"listings\": [\"AAPL\"], \"dividends\": \"d.csv\","
                          "\"benchmark\": {\"XHKG\": \"^HSI\", \"AAPL\": \"^GSPC\"},"
                          "\"model\": \"market\", \"estimation\": [-250, -11],"
                          "\"event_window\": \"-10:10\", \"windows\": [\"0:0\", [-1, 1]],"
                          "\"tests\": [\"all\"], \"seed\": 7}",
                          &s, &err),
                     ABN_OK);
    assert_int_equal(s->documents.count, 2);
    assert_string_equal(s->documents.at[0], "/tmp/a.txt");
    assert_string_equal(s->documents.at[1], "/b");
    assert_string_equal(s->quotes, "/tmp/q");
    assert_string_equal(s->symbols.at[0], "AAPL");
    assert_string_equal(s->benchmark_of.at[1], "AAPL");
    assert_string_equal(s->benchmark.at[1], "^GSPC");
    assert_int_equal(s->estimation.from, -250);
    assert_int_equal(s->n_windows, 2);
    assert_int_equal(s->windows[1].to, 1);
    assert_int_equal(s->seed, 7);
    abn_study_file_free(s);
}

static void bad_files_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"{\"documents\": \"a\", \"modle\": 1}", "unknown key \"modle\""},
        {"{\"documents\": 3}", "key \"documents\": expected a list of strings"},
        {"{\"documents\": \"a\", \"estimation\": \"-11:-250\"}",
         "key \"estimation\": expected a window"},
        {"{\"documents\": \"a\", \"windows\": \"0:0\"}",
         "key \"windows\": expected a list of windows"},
        {"{\"documents\": \"a\", \"seed\": -1}", "key \"seed\": expected a whole number"},
        {"{\"documents\": \"a\", \"benchmark\": [1]}", "key \"benchmark\": expected an object"},
        {"{\"quotes\": \"a\"}", "no key \"documents\""},
        {"[]", "expected a JSON object"},
        {"{\"documents\": \"a\",,}", "string or '}' expected"},
        {"{\"documents\": \"a\", \"documents\": \"b\"}", "duplicate"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        abn_study_file *s = NULL;
        abn_error err = {0};
        assert_int_equal(load(cases[i].text, &s, &err), ABN_DATA);
        assert_null(s);
        assert_non_null(strstr(err.text, cases[i].says));
        assert_string_equal(err.source, path);
    }
}

static void syntax_errors_have_a_place(void **state)
{
    (void)state;
    abn_study_file *s;
    abn_error err = {0};
    assert_int_equal(load("{\n\"documents\": x}", &s, &err), ABN_DATA);
    assert_int_equal(err.line, 2);
    assert_true(err.column > 1);
    unlink(path);
}

static int make_path(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {unit(every_key_is_read), unit(bad_files_are_named),
                                       unit(syntax_errors_have_a_place)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_path, NULL);
}
