/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <abnorm/date.h>
#include <abnorm/file.h>
#include <abnorm/instant.h>
#include <abnorm/results.h>
#include <abnorm/table.h>
#include <math.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct row {
    const char *name;
    double value;
    int64_t n;
    abn_date date;
    abn_table_instant at;
} row;

static const abn_column columns[] = {
    {"name", ABN_COLUMN_TEXT, offsetof(row, name)},
    {"value", ABN_COLUMN_REAL, offsetof(row, value)},
    {"n", ABN_COLUMN_INT, offsetof(row, n)},
    {"date", ABN_COLUMN_DATE, offsetof(row, date)},
    {"at", ABN_COLUMN_INSTANT, offsetof(row, at)},
};

static const row rows[] = {
    {"a,\"b\"", 1.5, 3, 20130, {1739283660, -18000}},
    {NULL, NAN, ABN_NO_INT, ABN_NO_DATE, {ABN_NO_INSTANT, 0}},
};

static abn_table table(void)
{
    return (abn_table){.name = "t",
                       .columns = columns,
                       .n_columns = 5,
                       .n_rows = 2,
                       .row_size = sizeof(row),
                       .rows = rows};
}

static void expect(abn_format format, const char *want)
{
    abn_buf out = {0};
    abn_table t = table();
    assert_int_equal(abn_table_format(&t, format, 10, 1, &out, NULL), ABN_OK);
    assert_string_equal(out.data, want);
    abn_buf_free(&out);
}

static void missing_is_empty(void **state)
{
    (void)state;
    expect(ABN_FORMAT_CSV, "name,value,n,date,at\n"
                           "\"a,\"\"b\"\"\",1.5,3,2025-02-11,2025-02-11T09:21:00-05:00\n"
                           ",,,,\n");
    expect(ABN_FORMAT_JSON, "[\n {\"name\": \"a,\\\"b\\\"\", \"value\": 1.5, \"n\": 3, \"date\": "
                            "\"2025-02-11\", \"at\": \"2025-02-11T09:21:00-05:00\"},\n"
                            " {\"name\": null, \"value\": null, \"n\": null, \"date\": null, "
                            "\"at\": null}\n]\n");
}

static void text_is_aligned(void **state)
{
    (void)state;
    abn_buf out = {0};
    abn_table t = table();
    t.n_columns = 3;
    assert_int_equal(abn_table_format(&t, ABN_FORMAT_TEXT, 10, 1, &out, NULL), ABN_OK);
    assert_string_equal(out.data, "name   value  n\na,\"b\"    1.5  3\n               \n");
    abn_buf_free(&out);
}

static void papers_can_take_it(void **state)
{
    (void)state;
    abn_buf out = {0};
    abn_table t = table();
    t.n_columns = 2;
    t.n_rows = 1;
    assert_int_equal(abn_table_format(&t, ABN_FORMAT_LATEX, 10, 1, &out, NULL), ABN_OK);
    assert_string_equal(out.data, "\\begin{tabular}{lr}\n\\toprule\nname & value \\\\\n\\midrule\n"
                                  "a,\"b\" & $1.5$ \\\\\n\\bottomrule\n\\end{tabular}\n");
    abn_buf_clear(&out);
    assert_int_equal(abn_table_format(&t, ABN_FORMAT_MARKDOWN, 10, 1, &out, NULL), ABN_OK);
    assert_string_equal(out.data, "| name | value |\n|---|---:|\n| a,\"b\" | 1.5 |\n");
    abn_buf_free(&out);
}

/* Names of columns and what stands behind a separator are run like a cell. */
static void spreadsheets_run_nothing(void **state)
{
    (void)state;
    static const char *const hostile[] = {"=1",
                                          " +1",
                                          "a;=1",
                                          "\xEF\xBC\x9D"
                                          "1",
                                          "-a\n@b",
                                          "a=1;b"};
    static const abn_column column[] = {{"=name", ABN_COLUMN_TEXT, offsetof(row, name)},
                                        {"value", ABN_COLUMN_REAL, offsetof(row, value)}};
    row cells[6] = {{.value = -1}};
    for (size_t i = 0; i < 6; i++)
        cells[i] = (row){.name = hostile[i], .value = -1};
    abn_table t = {.name = "t",
                   .columns = column,
                   .n_columns = 2,
                   .n_rows = 6,
                   .row_size = sizeof(row),
                   .rows = cells};
    abn_buf out = {0};
    assert_int_equal(abn_table_format(&t, ABN_FORMAT_SAFE_CSV, 10, 1, &out, NULL), ABN_OK);
    assert_string_equal(out.data, "'=name,value\n'=1,-1\n' +1,-1\na;'=1,-1\n'\xEF\xBC\x9D"
                                  "1,-1\n"
                                  "\"'-a\n'@b\",-1\na=1;b,-1\n");
    abn_buf_free(&out);
}

static void number_row(const void *context, size_t i, void *into)
{
    (void)context;
    *(row *)into = (row){NULL, (double)i / 7, (int64_t)i, ABN_NO_DATE, {ABN_NO_INSTANT, 0}};
}

static void bytes_do_not_depend_on_threads(void **state)
{
    (void)state;
    abn_table t = table();
    t.rows = NULL;
    t.row = number_row;
    t.n_rows = 10000;
    abn_buf one = {0}, four = {0};
    assert_int_equal(abn_table_format(&t, ABN_FORMAT_CSV, 10, 1, &one, NULL), ABN_OK);
    assert_int_equal(abn_table_format(&t, ABN_FORMAT_CSV, 10, 4, &four, NULL), ABN_OK);
    assert_int_equal(one.len, four.len);
    assert_memory_equal(one.data, four.data, one.len);
    abn_buf_free(&one);
    abn_buf_free(&four);
}

static bool has(const char *folder, const char *name)
{
    char *path = abn_path_join(folder, name);
    bool there = abn_is_file(path);
    free(path);
    return there;
}

static void results_appear_together(void **state)
{
    (void)state;
    char folder[] = "/tmp/abnorm-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    abn_results *r;
    abn_table t = table();
    assert_int_equal(abn_results_open(folder, &r, NULL), ABN_OK);
    assert_int_equal(abn_results_table(r, &t, 10, 1, NULL), ABN_OK);
    assert_int_equal(abn_results_file(r, "run.json", abn_slice_of("{}"), NULL), ABN_OK);
    assert_false(has(folder, "t.csv"));
    pid_t child = fork(); /* a record lock does not hold against its own process */
    if (child == 0) {
        abn_results *second;
        _exit(abn_status_exit_code(abn_results_open(folder, &second, NULL)));
    }
    int code;
    waitpid(child, &code, 0);
    assert_int_equal(WEXITSTATUS(code), 75);
    assert_int_equal(abn_results_commit(r, NULL), ABN_OK);
    abn_results_free(r);
    assert_true(has(folder, "t.csv") && has(folder, "run.json"));
    assert_int_equal(abn_results_open(folder, &r, NULL), ABN_OK);
    assert_int_equal(abn_results_file(r, "x.csv", abn_slice_of("x"), NULL), ABN_OK);
    abn_results_free(r);
    assert_false(has(folder, "x.csv"));
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

UNIT_MAIN(unit(missing_is_empty), unit(text_is_aligned), unit(papers_can_take_it),
          unit(spreadsheets_run_nothing), unit(bytes_do_not_depend_on_threads),
          unit(results_appear_together))
