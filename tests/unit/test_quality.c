/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <abnorm/file.h>
#include <abnorm/quality.h>
#include <abnorm/venue.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FILES = 100, ROWS = 1000, KINDS = 10 };

static abn_exchanges *exchanges;
static abn_listings *listings;
static char folder[64];

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/abnorm-quality-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    if (abn_exchanges_load("data", &exchanges, NULL) != ABN_OK) return -1;
    return abn_listings_load("data/listings.csv", NULL, &listings, NULL) == ABN_OK ? 0 : -1;
}

static void empty_folder(void)
{
    abn_names names;
    assert_int_equal(abn_folder_list(folder, NULL, &names, NULL), ABN_OK);
    for (size_t i = 0; i < names.count; i++) {
        char *path = abn_path_join(folder, names.name[i]);
        remove(path);
        free(path);
    }
    abn_names_free(&names);
}

static int tear_down(void **state)
{
    (void)state;
    empty_folder();
    remove(folder);
    abn_listings_free(listings);
    abn_exchanges_free(exchanges);
    return 0;
}

static abn_date date(const char *text)
{
    abn_date out;
    assert_true(abn_date_parse(abn_slice_of(text), &out));
    return out;
}

static abn_quotes *checked; /* what findings borrow names from */

static abn_findings *check(const char *path, abn_actions *actions)
{
    abn_findings *found = NULL;
    abn_error err = {0};
    if (abn_quotes_load(path, NULL, NULL, &checked, &err) != ABN_OK) fail_msg("%s", err.text);
    abn_quality_inputs in = {.exchanges = exchanges, .listings = listings, .actions = actions};
    assert_int_equal(abn_quality_check(checked, &in, &found, NULL), ABN_OK);
    return found;
}

static void drop(abn_findings *found)
{
    abn_findings_free(found);
    abn_quotes_free(checked);
    checked = NULL;
}

/* ---- made-up quotes ---- */

typedef struct bar {
    abn_date date;
    double open, high, low, close, volume;
} bar;

static uint64_t seed;

static double uniform(void)
{
    seed += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = seed;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static double normal(void)
{
    return sqrt(-2 * log(1 - uniform())) * cos(6.283185307179586 * uniform());
}

/* Moves with the tails that daily returns have: now and then a session of three times the size. */
static void make_bars(bar *b, int n)
{
    const abn_exchange *x = abn_exchanges_find(exchanges, abn_slice_of("XNYS"));
    abn_date d = date("2020-03-02");
    double close = 20 + 200 * uniform(), sigma = .01 + .015 * uniform();
    for (int i = 0; i < n; i++) {
        double move = sigma * normal() * (uniform() < .03 ? 3 : 1);
        double open = close * exp(move * uniform());
        close *= exp(move);
        d = abn_exchange_next(x, d + 1);
        b[i] = (bar){d,
                     open,
                     fmax(open, close) * (1 + sigma / 2 * uniform()),
                     fmin(open, close) * (1 - sigma / 2 * uniform()),
                     close,
                     floor(1e6 * exp(.4 * normal()))};
    }
}

static void write_bars(const char *symbol, const bar *b, int n)
{
    abn_buf out = {0};
    char path[128], day[ABN_DATE_MAX];
    abn_buf_text(&out, "date,open,high,low,close,volume\n");
    for (int i = 0; i < n; i++)
        abn_buf_printf(&out, "%s,%.4f,%.4f,%.4f,%.4f,%.0f\n", abn_date_format(b[i].date, day),
                       b[i].open, b[i].high, b[i].low, b[i].close, b[i].volume);
    snprintf(path, sizeof path, "%s/%s.csv", folder, symbol);
    assert_int_equal(abn_file_write(path, out.data, out.len, NULL), ABN_OK);
    abn_buf_free(&out);
}

static void scale(bar *b, int from, int to, double factor)
{
    for (int i = from; i < to; i++) {
        b[i].open *= factor;
        b[i].high *= factor;
        b[i].low *= factor;
        b[i].close *= factor;
    }
}

static int insert(bar *b, int n, int at, bar new)
{
    memmove(b + at + 1, b + at, (size_t)(n - at) * sizeof *b);
    b[at] = new;
    return n + 1;
}

/* ---- defects ---- */

typedef struct defect {
    abn_date date;
    abn_check check;
    bool found;
} defect;

static defect plant_jump(bar *b, int n, int kind, int at)
{
    static const double split[] = {2, 3, 4, 5, 10, 20, 1.5, .125};
    static const double splice[] = {.25, .5, 1 / 3., 1 / 7., 2};
    int last = at + 2 + (int)(30 * uniform());
    if (kind == 0) {
        scale(b, at, n, 1 / split[(int)(8 * uniform())]);
        return (defect){b[at].date, ABN_CHECK_SPLIT, false};
    }
    if (kind == 1) {
        scale(b, at, last, splice[(int)(5 * uniform())]);
        return (defect){b[at].date, ABN_CHECK_SPLICE, false};
    }
    scale(b, at, uniform() < .3 ? at + 1 : last, uniform() < .5 ? 100 : .01);
    return (defect){b[at].date, ABN_CHECK_UNIT_JUMP, false};
}

static defect plant_bar(bar *b, int n, int kind, int at)
{
    bar *x = &b[at];
    switch (kind) {
    case 0:
        if (uniform() < .7)
            *x = (bar){x->date, x->close, x->close, x->close, x->close, 0};
        else
            *x = (bar){x->date, x[-1].open, x[-1].high, x[-1].low, x[-1].close, x[-1].volume};
        return (defect){x->date, ABN_CHECK_STALE_BAR, false};
    case 1:
        if (uniform() < .5)
            x->low = x->high * 1.01;
        else
            x->close = x->high * 1.02;
        return (defect){x->date, ABN_CHECK_IMPOSSIBLE_BAR, false};
    case 2:
        x->close = uniform() < .5 ? 0 : -x->close;
        return (defect){x->date, ABN_CHECK_BAD_PRICE, false};
    default:
        b[n - 1].volume = floor(1e4 + 5e4 * uniform());
        return (defect){b[n - 1].date, ABN_CHECK_PARTIAL_BAR, false};
    }
}

static defect plant_row(bar *b, int *n, int kind, int at)
{
    bar x = b[at];
    if (kind == 0) {
        memmove(b + at, b + at + 1, (size_t)(*n - at - 1) * sizeof *b);
        --*n;
        return (defect){x.date, ABN_CHECK_MISSING_SESSION, false};
    }
    if (kind == 1) { /* the next Saturday, whatever follows it */
        x.date += 6 - abn_weekday(x.date);
        while (b[at].date <= x.date)
            at++;
        *n = insert(b, *n, at, x);
        return (defect){x.date, ABN_CHECK_EXTRA_SESSION, false};
    }
    x.close *= 1.001;
    x.high *= 1.002;
    *n = insert(b, *n, at + 1, x);
    return (defect){x.date, ABN_CHECK_DISAGREEING_ROW, false};
}

/* One of each kind, from the end on, so that earlier rows keep their place. */
static void plant(bar *b, int *n, defect *d)
{
    for (int kind = KINDS - 1; kind >= 0; kind--) {
        int at = 60 + kind * 90 + (int)(40 * uniform());
        if (kind < 3)
            d[kind] = plant_jump(b, *n, kind, at);
        else if (kind < 7)
            d[kind] = plant_bar(b, *n, kind - 3, at);
        else
            d[kind] = plant_row(b, n, kind - 7, at);
    }
}

static void tick_off(const abn_finding *f, defect planted[FILES][KINDS], int *false_alarms)
{
    defect *d = planted[atoi(f->symbol + 1)];
    for (int k = 0; k < KINDS; k++)
        if (d[k].check == f->check && d[k].date == f->date) {
            d[k].found = true;
            return;
        }
    char day[ABN_DATE_MAX];
    print_message("# false alarm: %s %s %s: %s\n", f->symbol, abn_date_format(f->date, day),
                  abn_check_name(f->check), f->text);
    ++*false_alarms;
}

static void test_planted_defects(void **state)
{
    (void)state;
    static defect planted[FILES][KINDS];
    int missed = 0, false_alarms = 0;
    seed = 1;
    for (int i = 0; i < FILES; i++) {
        static bar b[ROWS + 8];
        char symbol[16];
        int n = ROWS;
        snprintf(symbol, sizeof symbol, "S%03d", i);
        make_bars(b, n);
        plant(b, &n, planted[i]);
        write_bars(symbol, b, n);
    }
    abn_findings *found = check(folder, NULL);
    for (size_t i = 0; i < abn_findings_count(found); i++)
        tick_off(abn_findings_at(found, i), planted, &false_alarms);
    for (int i = 0; i < FILES; i++)
        for (int k = 0; k < KINDS; k++)
            if (!planted[i][k].found) {
                char day[ABN_DATE_MAX];
                print_message("# missed: S%03d %s %s\n", i,
                              abn_date_format(planted[i][k].date, day),
                              abn_check_name(planted[i][k].check));
                missed++;
            }
    drop(found);
    empty_folder();
    assert_int_equal(missed, 0);
    assert_int_equal(false_alarms, 0);
}

static void test_clean_quotes_are_clean(void **state)
{
    (void)state;
    for (int i = 0; i < FILES; i++) {
        static bar b[ROWS];
        char symbol[16];
        snprintf(symbol, sizeof symbol, "S%03d", i);
        make_bars(b, ROWS);
        write_bars(symbol, b, ROWS);
    }
    abn_findings *found = check(folder, NULL);
    assert_int_equal(abn_findings_count(found), 0);
    drop(found);
    empty_folder();
}

/* ---- real quotes ---- */

static void test_shipped_quotes(void **state)
{
    (void)state;
    static const char *const stale[] = {"2024-12-24", "2024-12-31", "2025-01-28"};
    abn_findings *found = check("data/quotes", NULL);
    assert_int_equal(abn_findings_count(found), 3);
    for (size_t i = 0; i < 3; i++) {
        const abn_finding *f = abn_findings_at(found, i);
        assert_int_equal(f->check, ABN_CHECK_STALE_BAR);
        assert_string_equal(f->symbol, "9988.HK");
        assert_int_equal(f->date, date(stale[i]));
        assert_true(f->dropped && f->line > 240);
    }
    drop(found);
}

static void test_cleaning(void **state)
{
    (void)state;
    abn_quotes *quotes = NULL;
    abn_notes *notes = abn_notes_new();
    abn_quality_inputs in = {.exchanges = exchanges, .listings = listings};
    assert_int_equal(abn_quotes_load("data/quotes", NULL, NULL, &quotes, NULL), ABN_OK);
    const abn_series *s = abn_quotes_find(quotes, abn_slice_of("9988.HK"));
    size_t n = s->n;
    ptrdiff_t next = abn_series_on(s, date("2025-01-28")) + 1;
    double close = s->close[next], volume = s->volume[next];
    abn_date day = s->date[next];
    assert_int_equal(abn_quality_clean(quotes, &in, notes, NULL), ABN_OK);
    assert_int_equal(s->n, n - 3);
    assert_int_equal(abn_series_on(s, date("2025-01-28")), -1);
    ptrdiff_t at = abn_series_on(s, day);
    assert_int_equal(at, next - 3);
    assert_true(s->close[at] == close && s->volume[at] == volume);
    assert_int_equal(abn_notes_count(notes), 3);
    assert_string_equal(abn_notes_at(notes, 0)->kind, "stale_bar");
    assert_non_null(strstr(abn_notes_at(notes, 0)->text, "9988.HK on 2024-12-24"));
    abn_quotes_free(quotes);
    abn_notes_free(notes);
}

/* ---- footings and splits on file ---- */

static void test_split_on_file(void **state)
{
    (void)state;
    static bar b[200];
    char path[128];
    seed = 7;
    make_bars(b, 200);
    scale(b, 120, 200, .25);
    write_bars("XX", b, 200);
    abn_findings *found = check(folder, NULL);
    assert_int_equal(abn_findings_count(found), 1);
    assert_int_equal(abn_findings_at(found, 0)->check, ABN_CHECK_SPLIT);
    assert_true(abn_findings_at(found, 0)->value == 4);
    abn_notes *notes = abn_notes_new();
    abn_quality_inputs in = {.exchanges = exchanges};
    assert_int_equal(abn_quality_warn(checked, &in, notes, NULL), ABN_OK);
    assert_int_equal(abn_notes_count(notes), 1);
    assert_string_equal(abn_notes_at(notes, 0)->kind, "split");
    abn_notes_free(notes);
    drop(found);

    char day[ABN_DATE_MAX], text[80];
    abn_actions *actions = NULL;
    snprintf(path, sizeof path, "%s.splits", folder);
    snprintf(text, sizeof text, "symbol,ex_date,ratio\nXX,%s,4\n",
             abn_date_format(b[120].date, day));
    assert_int_equal(abn_file_write(path, text, strlen(text), NULL), ABN_OK);
    assert_int_equal(abn_actions_load(NULL, path, NULL, &actions, NULL), ABN_OK);
    remove(path);
    found = check(folder, actions);
    assert_int_equal(abn_findings_count(found), 0);
    drop(found);
    abn_actions_free(actions);
    empty_folder();
}

static void test_mixed_adjustment(void **state)
{
    (void)state;
    abn_buf out = {0};
    char path[128], day[ABN_DATE_MAX];
    static bar b[120];
    seed = 9;
    make_bars(b, 120);
    abn_buf_text(&out, "Date,Close,Adj Close\n");
    for (int i = 0; i < 120; i++) {
        double factor = i < 40 ? .97 : i < 50 ? 1 : i < 90 ? .97 : 1; /* 40 to 49 are raw */
        abn_buf_printf(&out, "%s,%.4f,%.6f\n", abn_date_format(b[i].date, day), b[i].close,
                       b[i].close * factor);
    }
    snprintf(path, sizeof path, "%s/XX.csv", folder);
    assert_int_equal(abn_file_write(path, out.data, out.len, NULL), ABN_OK);
    abn_buf_free(&out);
    abn_findings *found = check(folder, NULL);
    assert_int_equal(abn_findings_count(found), 1);
    assert_int_equal(abn_findings_at(found, 0)->check, ABN_CHECK_SPLICE);
    assert_int_equal(abn_findings_at(found, 0)->date, b[50].date);
    drop(found);
    empty_folder();
}

/* ---- sessions without a calendar ---- */

static void test_inferred_sessions(void **state)
{
    (void)state;
    abn_exchanges *own = NULL;
    abn_quotes *quotes = NULL;
    abn_findings *found = NULL;
    abn_notes *notes = abn_notes_new();
    abn_buf index = {0}, stock = {0};
    char path[128], day[ABN_DATE_MAX];
    abn_buf_text(&index, "date,close\n");
    abn_buf_text(&stock, "date,close\n");
    for (abn_date d = date("2010-01-04"); d <= date("2010-12-31"); d++) {
        abn_date_format(d, day);
        if (abn_weekday(d) > 5 || strcmp(day, "2010-07-05") == 0) continue;
        abn_buf_printf(&index, "%s,%d\n", day, 1000 + d % 7);
        if (strcmp(day, "2010-03-10") != 0) abn_buf_printf(&stock, "%s,%d\n", day, 50 + d % 3);
    }
    snprintf(path, sizeof path, "%s/^GSPC.csv", folder);
    assert_int_equal(abn_file_write(path, index.data, index.len, NULL), ABN_OK);
    snprintf(path, sizeof path, "%s/AAPL.csv", folder);
    assert_int_equal(abn_file_write(path, stock.data, stock.len, NULL), ABN_OK);
    assert_int_equal(abn_exchanges_load("data", &own, NULL), ABN_OK);
    assert_int_equal(abn_quotes_load(folder, NULL, NULL, &quotes, NULL), ABN_OK);
    assert_int_equal(abn_venue_infer(own, quotes, listings, notes, NULL), ABN_OK);
    assert_int_equal(abn_notes_count(notes), 1);
    assert_non_null(strstr(abn_notes_at(notes, 0)->text, "inferred from ^GSPC"));
    const abn_exchange *x = abn_exchanges_find(own, abn_slice_of("XNAS"));
    assert_true(abn_exchange_knows(x, date("2010-07-05")));
    assert_false(abn_exchange_knows(x, date("2009-07-03")));
    assert_false(abn_exchange_session(x, date("2010-07-05"), NULL));
    assert_true(abn_exchange_session(x, date("2010-07-06"), NULL));
    abn_quality_inputs in = {.exchanges = own, .listings = listings};
    assert_int_equal(abn_quality_check(quotes, &in, &found, NULL), ABN_OK);
    assert_int_equal(abn_findings_count(found), 1);
    assert_int_equal(abn_findings_at(found, 0)->date, date("2010-03-10"));
    abn_findings_free(found);
    abn_quotes_free(quotes);
    abn_exchanges_free(own);
    abn_notes_free(notes);
    abn_buf_free(&index);
    abn_buf_free(&stock);
    empty_folder();
}

/* Few rows that span ten thousand years, of many symbols: the time is of rows, not of days. */
static void test_long_spans(void **state)
{
    (void)state;
    enum { SYMBOLS = 1000 };
    abn_buf csv = {0};
    abn_buf_text(&csv, "symbol,date,close\n");
    for (int i = 0; i < SYMBOLS; i++)
        abn_buf_printf(&csv, "S%d,0001-01-01,1\nS%d,9999-12-31,1\n", i, i);
    char *path = abn_path_join(folder, "spans.csv");
    assert_int_equal(abn_file_write(path, csv.data, csv.len, NULL), ABN_OK);
    abn_quotes *quotes = NULL;
    abn_findings *found = NULL;
    abn_quality_inputs inputs = {.exchanges = exchanges, .now = 1763600000};
    assert_int_equal(abn_quotes_load(path, NULL, NULL, &quotes, NULL), ABN_OK);
    clock_t start = clock();
    assert_int_equal(abn_quality_check(quotes, &inputs, &found, NULL), ABN_OK);
    assert_true(clock() - start < 3 * CLOCKS_PER_SEC); /* by days it is 27 s */
    abn_findings_free(found);
    abn_quotes_free(quotes);
    free(path);
    abn_buf_free(&csv);
    empty_folder();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_planted_defects),   cmocka_unit_test(test_clean_quotes_are_clean),
        cmocka_unit_test(test_shipped_quotes),    cmocka_unit_test(test_cleaning),
        cmocka_unit_test(test_split_on_file),     cmocka_unit_test(test_mixed_adjustment),
        cmocka_unit_test(test_inferred_sessions), cmocka_unit_test(test_long_spans),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
