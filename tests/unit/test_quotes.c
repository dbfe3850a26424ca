/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <abnorm/file.h>
#include <abnorm/quotes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

static char folder[64];

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/abnorm-quotes-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static void remove_all(const char *path)
{
    abn_names names;
    if (abn_is_folder(path) && abn_folder_list(path, NULL, &names, NULL) == ABN_OK) {
        for (size_t i = 0; i < names.count; i++) {
            char *below = abn_path_join(path, names.name[i]);
            remove_all(below);
            free(below);
        }
        abn_names_free(&names);
    }
    remove(path);
}

static int tear_down(void **state)
{
    (void)state;
    remove_all(folder);
    return 0;
}

static const char *write_file(const char *name, const char *text)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(abn_file_write(path, text, strlen(text), NULL), ABN_OK);
    return path;
}

static abn_quotes *load_with(const char *path, const abn_quotes_options *options, abn_notes *notes)
{
    abn_quotes *quotes = NULL;
    abn_error err = {0};
    if (abn_quotes_load(path, options, notes, &quotes, &err) != ABN_OK) {
        char text[800];
        fail_msg("%s", abn_error_format(&err, text, sizeof text));
    }
    return quotes;
}

static abn_quotes *load_text(const char *name, const char *text)
{
    return load_with(write_file(name, text), NULL, NULL);
}

static const abn_series *series(const abn_quotes *quotes, const char *symbol)
{
    const abn_series *s = abn_quotes_find(quotes, abn_slice_of(symbol));
    if (!s) fail_msg("no series %s", symbol);
    return s;
}

static const char *day(const abn_series *s, size_t i)
{
    static char text[ABN_DATE_MAX];
    return abn_date_format(s->date[i], text);
}

static void check_reject(const abn_quotes *q, size_t i, const char *kind, long line, long column)
{
    assert_true(i < abn_quotes_rejects(q));
    const abn_reject *reject = abn_quotes_reject_at(q, i);
    assert_string_equal(reject->kind, kind);
    assert_int_equal(reject->line, line);
    assert_int_equal(reject->column, column);
}

/* ---- forms ---- */

static void test_shipped_folder(void **state)
{
    (void)state;
    abn_notes *notes = abn_notes_new();
    abn_quotes *q = load_with("data/quotes", NULL, notes);
    assert_int_equal(abn_quotes_count(q), 5);
    assert_int_equal(abn_notes_count(notes), 0);
    assert_string_equal(abn_quotes_at(q, 0)->symbol, "9988.HK");
    assert_string_equal(abn_quotes_at(q, 4)->symbol, "^HSI");
    const abn_series *s = series(q, "AAPL");
    assert_int_equal(s->n, 354);
    assert_string_equal(day(s, 0), "2024-01-02");
    assert_true(s->open[0] == 187.15 && s->high[0] == 188.44 && s->low[0] == 183.89);
    assert_true(s->close[0] == 185.64 && s->volume[0] == 82488674);
    assert_null(s->adj_close);
    assert_null(s->ret);
    assert_true(isnan(series(q, "^HSI")->volume[3]));
    ptrdiff_t at = abn_series_on(s, s->date[100]);
    assert_int_equal(at, 100);
    assert_int_equal(abn_quotes_line(q, s, 100), 102);
    assert_int_equal(abn_series_lower(s, s->date[353] + 1), 354);
    assert_null(abn_quotes_find(q, abn_slice_of("AAP")));
    assert_null(abn_quotes_find(q, abn_slice_of("AAPLX")));
    abn_quotes_free(q);
    abn_notes_free(notes);
}

static void test_long(void **state)
{
    (void)state;
    abn_quotes *q = load_text("long.csv", "symbol,date,close\nB,2024-01-02,1.5\nB,2024-01-03,1.25\n"
                                          "A,2024-01-02,7\nA,2024-01-03,8\nB,2024-01-04,2\n");
    assert_int_equal(abn_quotes_count(q), 2);
    assert_int_equal(series(q, "B")->n, 3);
    assert_true(series(q, "B")->close[2] == 2);
    assert_true(series(q, "A")->close[1] == 8);
    assert_int_equal(abn_quotes_line(q, series(q, "B"), 2), 6);
    abn_quotes_free(q);
    q = load_text("days.csv", "Date,Firm,Close\n2024-01-02,A,1\n2024-01-02,Best Buy,2\n"
                              "2024-01-03,A,3\n2024-01-03,Best Buy,4\n2024-01-04,Best Buy,5\n");
    assert_int_equal(series(q, "Best Buy")->n, 3);
    assert_true(series(q, "A")->close[1] == 3);
    abn_quotes_free(q);
}

static void test_wide(void **state)
{
    (void)state;
    static const char text[] = "date,AAPL,LOW,9988.HK\n2024-01-02,1,,3\n2024-01-03,-0.5,2,x\n";
    const char *path = write_file("wide.csv", text);
    abn_quotes *q = load_with(path, NULL, NULL);
    assert_int_equal(abn_quotes_count(q), 3);
    assert_int_equal(series(q, "LOW")->n, 1);
    assert_string_equal(day(series(q, "LOW"), 0), "2024-01-03");
    assert_int_equal(series(q, "AAPL")->n, 1);
    assert_int_equal(abn_quotes_rejects(q), 2);
    check_reject(q, 0, "price not positive", 3, 12);
    check_reject(q, 1, "bad number", 3, 19);
    assert_string_equal(abn_quotes_reject_at(q, 1)->symbol, "9988.HK");
    abn_quotes_free(q);
    abn_quotes_options returns = {.returns = true};
    q = load_with(path, &returns, NULL);
    assert_null(series(q, "AAPL")->close);
    assert_true(series(q, "AAPL")->ret[1] == -.5);
    abn_quotes_free(q);
    q = load_text("one.csv", "observation_date,SP500\n2024-01-02,4742.83\n2024-01-03,.\n");
    assert_int_equal(series(q, "SP500")->n, 1);
    abn_quotes_free(q);
}

/* ---- vendors ---- */

static void test_headers(void **state)
{
    (void)state;
    static const struct {
        const char *file, *text, *symbol;
        double close, volume;
    } row[] = {
        {"A.csv",
         "\xef\xbb\xbf"
         "Date,Open,High,Low,Close,Adj Close,Volume\n2024-01-02,1,4,1,2.5,2,100\n",
         "A", 2.5, 100},
        {"B.csv",
         "Date,Close,High,Low,Open,Volume\n,KWEB,KWEB,KWEB,KWEB,KWEB\n"
         "2024-01-02,78.03861999511719,79,76,77,1621500\n",
         "KWEB", 78.03861999511719, 1621500},
        {"C.csv",
         "Price,Close,High,Low,Open,Volume\nTicker,XX,XX,XX,XX,XX\nDate,,,,,\n"
         "2024-01-02,2,3,1,2,10\n",
         "XX", 2, 10},
        {"D.csv", "timestamp,open,high,low,close,volume\n2024-01-02,1,4,1,3,5\n", "D", 3, 5},
        {"E.csv",
         "\"Date\",\"Price\",\"Open\",\"High\",\"Low\",\"Vol.\",\"Change %\"\n"
         "\"Jan 02, 2024\",\"1,234.50\",\"1\",\"2000\",\"1\",\"50.12M\",\"-3.1%\"\n",
         "E", 1234.5, 50120000},
        {"F.csv", "Date,Close/Last,Volume,Open,High,Low\n01/02/2024,$185.64,82488670,$1,$2,$1\n",
         "F", 185.64, 82488670},
        {"G.csv",
         "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>\n"
         "ZZ,D,20240102,000000,1,3,1,2,9\n",
         "ZZ", 2, 9},
        {"H.csv", "date,1. open,2. high,3. low,4. close,5. volume\n2024-01-02,1,3,1,2,7\n", "H", 2,
         7},
        {"I.csv", "t,o,h,l,c,v\n2024-01-02,1,3,1,2,7\n", "I", 2, 7},
        {"J.csv", "Datum;Close;Volume\n02.01.2024;1.234,50;7\n", "J", 1234.5, 7},
        {"K.csv", "Datum;Close;Volume\n02.01.2024;12,345;1.000\n", "K", 12.345, 1},
        {"P.csv",
         "Datum;Er\xc3\xb6"
         "ffnung;Hoch;Tief;Schluss;Volumen\n02.01.2024;1;3;1;2,5;7\n",
         "P", 2.5, 7},
        {"Q.csv",
         "Date,Ouverture,Plus haut,Plus bas,Cl\xc3\xb4ture,Volume\n02/01/2024,1,3,1,2,7\n"
         "15/01/2024,,,,,\n",
         "Q", 2, 7},
        {"L.csv", "Quotes of L\nfrom a vendor\n\nDate,Close,Volume\n2-Jan-24,5,6\n", "L", 5, 6},
        {"M.csv", "date\tclose\tvolume\n2024/1/2\t5\t6\n", "M", 5, 6},
        {"N.csv", "2024-01-02,1,3,1,2,7\n", "N", 2, 7},
        {"O.csv", "date,close,volume\n2024-01-02 00:00:00-05:00,5,6\n", "O", 5, 6},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        abn_quotes *q = load_text(row[i].file, row[i].text);
        const abn_series *s = series(q, row[i].symbol);
        assert_int_equal(s->n, 1);
        assert_string_equal(day(s, 0), "2024-01-02");
        if (s->close[0] != row[i].close || s->volume[0] != row[i].volume)
            fail_msg("%s: %g %g", row[i].file, s->close[0], s->volume[0]);
        assert_int_equal(abn_quotes_rejects(q), 0);
        abn_quotes_free(q);
    }
}

static void test_several_tickers_under_fields(void **state)
{
    (void)state;
    abn_quotes *q = load_text("Y.csv", "Price,Close,Close,Volume,Volume\nTicker,A,B,A,B\nDate,,,,\n"
                                       "2024-01-02,1,2,10,20\n2024-01-03,3,,30,\n");
    assert_int_equal(abn_quotes_count(q), 2);
    assert_int_equal(series(q, "A")->n, 2);
    assert_int_equal(series(q, "B")->n, 1);
    assert_true(series(q, "B")->volume[0] == 20 && series(q, "A")->close[1] == 3);
    abn_quotes_free(q);
}

static void test_web_service(void **state)
{
    (void)state;
    abn_quotes *q = load_text("firm.csv", "Cincinnati;01.10.1996;58.0\nCincinnati;02.10.1996;57.0\n"
                                          "Best Buy;30.12.1999;49.25\n");
    assert_int_equal(abn_quotes_count(q), 2);
    assert_string_equal(day(series(q, "Cincinnati"), 1), "1996-10-02");
    assert_true(series(q, "Best Buy")->close[0] == 49.25);
    abn_quotes_free(q);
}

static void test_crsp(void **state)
{
    (void)state;
    static const char text[] = "PERMNO,date,TICKER,PRC,VOL,RET,DLRET\n"
                               "10001,20240102,ABC,-10.5,100,C,\n"
                               "10001,20240103,ABC,11.00,-99,0.047619,\n"
                               "10001,20240104,ABC,0,,B,\n"
                               "10001,20240105,ABC,5.5,10,-0.5,-0.1\n"
                               "10001,02jan2023,ABC,5.5,10,-66.0,A\n";
    const char *path = write_file("crsp.csv", text);
    abn_quotes_options options = {.negative = ABN_NEGATIVE_ABS};
    abn_quotes *q = load_with(path, &options, NULL);
    const abn_series *s = series(q, "10001");
    assert_int_equal(s->n, 4);
    assert_string_equal(day(s, 0), "2023-01-02");
    assert_true(isnan(s->ret[0]) && isnan(s->ret[1]) && s->close[1] == 10.5);
    assert_true(isnan(s->volume[2]) && s->ret[2] == .047619);
    assert_true(s->ret[3] == .5 * .9 - 1);
    check_reject(q, 0, "price not positive", 4, 20);
    abn_quotes_free(q);
    q = load_with(path, NULL, NULL);
    assert_int_equal(series(q, "10001")->n, 3);
    check_reject(q, 0, "price not positive", 2, 20);
    abn_quotes_free(q);
}

/* ---- rows ---- */

static void test_order_and_line_ends(void **state)
{
    (void)state;
    abn_quotes *q = load_text("X.csv", "date,close\r2024-01-04,3\r2024-01-03,2\r2024-01-02,1\r");
    const abn_series *s = series(q, "X");
    assert_int_equal(s->n, 3);
    assert_true(s->close[0] == 1 && s->close[2] == 3);
    assert_int_equal(abn_quotes_line(q, s, 0), 4);
    assert_int_equal(abn_quotes_line(q, s, 2), 2);
    abn_quotes_free(q);
    q = load_text("X.csv", "date,close\r\n2024-01-02,1\r\n\r\n2024-01-04,3\r\n2024-01-03,x\r\n");
    assert_int_equal(series(q, "X")->n, 2);
    check_reject(q, 0, "bad number", 5, 12);
    assert_int_equal(abn_quotes_line(q, series(q, "X"), 1), 4);
    abn_quotes_free(q);
    q = load_text("X.csv", "date,close\n2024-01-05,1\n2024-01-02,3\n2024-01-04,2");
    assert_true(series(q, "X")->close[0] == 3 && series(q, "X")->close[2] == 1);
    assert_int_equal(abn_quotes_line(q, series(q, "X"), 0), 3);
    assert_int_equal(abn_quotes_line(q, series(q, "X"), 1), 4);
    assert_int_equal(abn_quotes_line(q, series(q, "X"), 2), 2);
    abn_quotes_free(q);
}

static void test_utc_midnights(void **state)
{
    (void)state;
    abn_quotes *q = load_text("0700.HK.csv", "date,close\n2025-02-09T16:00:00Z,1\n"
                                             "2025-02-10T16:00:00Z,2\n2025-02-11T16:00:00Z,3\n"
                                             "2025-02-12T16:00:00Z,4\n2025-02-13T16:00:00Z,5\n");
    assert_string_equal(day(series(q, "0700.HK"), 0), "2025-02-10");
    abn_quotes_free(q);
}

static void test_bad_rows(void **state)
{
    (void)state;
    abn_notes *notes = abn_notes_new();
    abn_quotes *q = load_with(write_file("X.csv", "date,open,close,volume\n"
                                                  "2024-13-01,1,1,1\n"
                                                  "2024-01-02,1,abc,1\n"
                                                  "2024-01-03,1,0,1\n"
                                                  "2024-01-04,1,-2,1\n"
                                                  "2024-01-05,0,5,1\n"
                                                  "2024-01-08,null,null,null\n"
                                                  "2024-01-09,1,9\n"
                                                  "2024-01-09,1,9,\n"
                                                  "2024-01-09,1,8,\n"
                                                  "2024-01-10,1,2,3,4\n"
                                                  "2024-02-30,1,2,3\n"
                                                  ",,,\n"
                                                  "2024-01-11,1,1e2,3\n"),
                              NULL, notes);
    const abn_series *s = series(q, "X");
    assert_int_equal(s->n, 3);
    assert_true(isnan(s->open[0]) && s->close[0] == 5 && s->close[1] == 9 && s->close[2] == 100);
    static const struct {
        const char *kind;
        long line, column;
    } want[] = {
        {"bad date", 2, 1},
        {"bad number", 3, 14},
        {"price not positive", 4, 14},
        {"price not positive", 5, 14},
        {"price not positive", 6, 12},
        {"long row", 11, 18},
        {"bad date", 12, 1},
        {"repeated row", 9, 0},
        {"disagreeing row", 10, 0},
    };
    assert_int_equal(abn_quotes_line(q, s, 0), 6); /* lines survive that rows were sorted */
    assert_int_equal(abn_quotes_line(q, s, 1), 8);
    assert_int_equal(abn_quotes_line(q, s, 2), 14);
    assert_int_equal(abn_quotes_rejects(q), sizeof want / sizeof *want);
    assert_int_equal(abn_notes_count(notes), sizeof want / sizeof *want);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        check_reject(q, i, want[i].kind, want[i].line, want[i].column);
    assert_string_equal(abn_notes_at(notes, 0)->text,
                        "bad date \"2024-13-01\" (expected YYYY-MM-DD)");
    abn_quotes_free(q);
    abn_notes_free(notes);
}

static void check_failure(const char *path, abn_status want, const char *part)
{
    abn_quotes *q = NULL;
    abn_error err = {0};
    assert_int_equal(abn_quotes_load(path, NULL, NULL, &q, &err), want);
    assert_null(q);
    if (!strstr(err.text, part)) fail_msg("%s: %s", path, err.text);
}

static void test_failures(void **state)
{
    (void)state;
    char path[256];
    snprintf(path, sizeof path, "%s/none", folder);
    check_failure(path, ABN_NO_INPUT, "No such file");
    assert_int_equal(abn_folder_make(path, NULL), ABN_OK);
    check_failure(path, ABN_NO_INPUT, "no quotes in this folder");
    check_failure(write_file("a.csv", ""), ABN_DATA, "empty");
    check_failure(write_file("a.csv", "date,close\n"), ABN_DATA, "no row");
    check_failure(write_file("a.csv", "<html><body>Not found</body></html>\n"), ABN_DATA, "<html>");
    check_failure(write_file("a.csv", "date,close\n2024-01-02,x\n"), ABN_DATA, "no row could");
    check_failure(write_file("a.csv", "date,,\n2024-01-02,1,2\n"), ABN_DATA, "no column");
    check_failure(write_file("a.csv", "\xff\xfe"
                                      "d"),
                  ABN_DATA, "UTF-16");
}

static void test_gzip(void **state)
{
    (void)state;
    char path[256];
    snprintf(path, sizeof path, "%s/Z.csv.gz", folder);
    gzFile gz = gzopen(path, "wb");
    gzputs(gz, "date,close\n2024-01-02,1.5\n");
    gzclose(gz);
    abn_quotes *q = load_with(path, NULL, NULL);
    assert_true(series(q, "Z")->close[0] == 1.5);
    abn_quotes_free(q);
}

/* ---- numbers ---- */

static uint64_t random_bits(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    return *seed ^= *seed << 17;
}

/* One positive decimal of a kind that prices come in, or that rounding finds hard. */
static void random_decimal(uint64_t *seed, char *text, size_t size)
{
    uint64_t a = random_bits(seed), b = random_bits(seed);
    double v = ldexp((double)(a >> 11) + 1, (int)(b % 100) - 90);
    switch (b >> 61) {
    case 0:
        snprintf(text, size, "%llu.%02llu", (unsigned long long)(a % 100000),
                 (unsigned long long)(b % 100));
        break;
    case 1:
        snprintf(text, size, "%.17g", v);
        break;
    case 2:
        snprintf(text, size, "%llu.%llu", (unsigned long long)(a % 10000), (unsigned long long)b);
        break;
    case 3:
        snprintf(text, size, "%llu", (unsigned long long)a);
        break;
    case 4:
        snprintf(text, size, "%.*f", (int)(b % 25), (double)(a % 100000000) / 1000 + 1);
        break;
    case 5:
        snprintf(text, size, ".%0*llu", 1 + (int)(b % 18), (unsigned long long)(a % 1000000) + 1);
        break;
    case 6: /* half way between two doubles */
        snprintf(text, size, "%llu", (unsigned long long)((a >> 10) | (UINT64_C(1) << 53) | 1));
        break;
    default:
        snprintf(text, size, "%.*e", 12 + (int)(b % 10), v);
    }
}

static void test_numbers_are_exact(void **state)
{
    (void)state;
    enum { ROWS = 200000 };
    uint64_t seed = 20240102;
    abn_buf buf = {0};
    double *want = malloc(ROWS * sizeof *want);
    abn_buf_text(&buf, "date,close\n");
    for (int i = 0; i < ROWS; i++) {
        char text[96], date[ABN_DATE_MAX];
        random_decimal(&seed, text, sizeof text);
        want[i] = strtod(text, NULL);
        if (want[i] == 0) strcpy(text, "1"), want[i] = 1;
        abn_buf_printf(&buf, "%s,%s\n", abn_date_format(i, date), text);
    }
    char path[256];
    snprintf(path, sizeof path, "%s/R.csv", folder);
    assert_int_equal(abn_file_write(path, buf.data, buf.len, NULL), ABN_OK);
    abn_quotes *q = load_with(path, NULL, NULL);
    const abn_series *s = series(q, "R");
    assert_int_equal(s->n, ROWS);
    assert_memory_equal(s->close, want, ROWS * sizeof *want);
    assert_int_equal(abn_quotes_line(q, s, ROWS - 1), ROWS + 1);
    abn_quotes_free(q);
    abn_buf_free(&buf);
    free(want);
}

/* ---- threads ---- */

static void add_long_rows(abn_buf *buf, bool by_day)
{
    enum { SYMBOLS = 200, DAYS = 1500 };
    char date[ABN_DATE_MAX];
    abn_buf_text(buf, "symbol,date,close,volume\n");
    for (int i = 0; i < SYMBOLS * DAYS; i++) {
        int symbol = by_day ? i % SYMBOLS : i / DAYS, day_ = by_day ? i / SYMBOLS : i % DAYS;
        abn_buf_printf(buf, "S%03d,%s,%d.%02d,%d\n", symbol, abn_date_format(10000 + day_, date),
                       symbol + 1, day_ % 100, i);
    }
    abn_buf_text(buf, "S000,2024-01-02,bad,1\n");
}

static void check_same(const abn_quotes *a, const abn_quotes *b)
{
    assert_int_equal(abn_quotes_count(a), abn_quotes_count(b));
    for (size_t i = 0; i < abn_quotes_count(a); i++) {
        const abn_series *x = abn_quotes_at(a, i), *y = abn_quotes_at(b, i);
        assert_string_equal(x->symbol, y->symbol);
        assert_int_equal(x->n, y->n);
        assert_memory_equal(x->date, y->date, x->n * sizeof *x->date);
        assert_memory_equal(x->close, y->close, x->n * sizeof *x->close);
    }
    assert_int_equal(abn_quotes_rejects(a), abn_quotes_rejects(b));
    for (size_t i = 0; i < abn_quotes_rejects(a); i++)
        assert_int_equal(abn_quotes_reject_at(a, i)->line, abn_quotes_reject_at(b, i)->line);
}

static void test_threads(void **state)
{
    (void)state;
    abn_quotes *first = NULL;
    for (int by_day = 0; by_day < 2; by_day++) {
        abn_buf buf = {0};
        add_long_rows(&buf, by_day);
        char path[256];
        snprintf(path, sizeof path, "%s/threads%d.csv", folder, by_day);
        assert_int_equal(abn_file_write(path, buf.data, buf.len, NULL), ABN_OK);
        abn_buf_free(&buf);
        for (int threads = 1; threads <= 4; threads += 3) {
            abn_quotes_options options = {.threads = threads};
            abn_quotes *q = load_with(path, &options, NULL);
            if (threads == 1) {
                assert_int_equal(abn_quotes_count(q), 200);
                assert_int_equal(series(q, "S199")->n, 1500);
                assert_true(series(q, "S042")->close[77] == 43.77);
                check_reject(q, 0, "bad number", 300002, 17);
                abn_quotes_free(first);
                first = q;
                continue;
            }
            check_same(first, q);
            abn_quotes_free(q);
        }
    }
    abn_quotes_free(first);
}

static void test_symbol_in_two_files(void **state)
{
    (void)state;
    char path[256];
    snprintf(path, sizeof path, "%s/two", folder);
    assert_int_equal(abn_folder_make(path, NULL), ABN_OK);
    write_file("two/A.csv", "date,close,volume\n2024-01-02,1,1\n2024-01-03,2,1\n");
    write_file("two/x.csv", "symbol,date,close\nA,2024-01-03,2\nA,2024-01-04,3\nB,2024-01-03,2\n");
    write_file("two/x.csv.json", "{}");
    write_file("two/y.csv", "nothing here\n");
    abn_notes *notes = abn_notes_new();
    abn_quotes *q = load_with(path, NULL, notes);
    assert_int_equal(abn_quotes_count(q), 2);
    assert_int_equal(series(q, "A")->n, 3);
    assert_null(series(q, "A")->volume);
    assert_int_equal(abn_notes_count(notes), 3);
    assert_string_equal(abn_notes_at(notes, 0)->kind, "unreadable file");
    abn_quotes_free(q);
    abn_notes_free(notes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shipped_folder),
        cmocka_unit_test(test_long),
        cmocka_unit_test(test_wide),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_several_tickers_under_fields),
        cmocka_unit_test(test_web_service),
        cmocka_unit_test(test_crsp),
        cmocka_unit_test(test_order_and_line_ends),
        cmocka_unit_test(test_utc_midnights),
        cmocka_unit_test(test_bad_rows),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_numbers_are_exact),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_symbol_in_two_files),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
