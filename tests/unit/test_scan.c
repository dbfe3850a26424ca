/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scan on markets made here: planted moves are found and matched, noise is not, and events that
 * mean nothing coincide with moves no more often than by chance. ABN_LONG=1 runs as many samples as
 * a paper would. */
#include "unit.h"

#include <abnorm/buf.h>
#include <abnorm/file.h>
#include <abnorm/quotes.h>
#include <abnorm/random.h>
#include <abnorm/scan.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

enum { LISTINGS = 20, DAYS = 750, PLANTED = 2, WARM = 130 };

typedef enum noise { NORMAL, STUDENT, GARCH } noise;

/* A market: returns, where moves were planted, and the events that tell of them. */
typedef struct market {
    double r[LISTINGS + 1][DAYS]; /* the last is the index */
    int planted[LISTINGS][PLANTED];
    abn_study_event event[LISTINGS * 8];
    char id[LISTINGS * 8][16], symbol[LISTINGS + 1][8];
    size_t n_events;
} market;

static bool is_long(void)
{
    return getenv("ABN_LONG") != NULL;
}

static double draw(abn_random *r, noise kind, double *h, double *e)
{
    double sd = 0.015;
    if (kind == STUDENT) return sd * abn_random_t(r, 4) / sqrt(2);
    if (kind == NORMAL) return sd * abn_random_normal(r);
    *h = sd * sd * 0.05 + 0.1 * *e * *e + 0.85 * *h;
    *e = sqrt(*h) * abn_random_normal(r);
    return *e;
}

static abn_date day_of(int t)
{
    return abn_date_of(2015, 1, 1) + t;
}

static void add_event(market *m, int listing, int t)
{
    size_t i = m->n_events++;
    snprintf(m->id[i], sizeof m->id[i], "e%zu", i);
    m->event[i] = (abn_study_event){.event_id = m->id[i],
                                    .symbol = m->symbol[listing],
                                    .at = ABN_NO_INSTANT,
                                    .on = day_of(t),
                                    .benchmark = "INDEX",
                                    .group = "product",
                                    .source = "test"};
}

static void make(market *m, noise kind, uint64_t seed)
{
    abn_random r;
    abn_random_start(&r, seed, 7, 0);
    m->n_events = 0;
    for (int t = 0; t < DAYS; t++)
        m->r[LISTINGS][t] = 0.01 * abn_random_normal(&r);
    snprintf(m->symbol[LISTINGS], 8, "INDEX");
    for (int j = 0; j < LISTINGS; j++) {
        double beta = 0.5 + abn_random_uniform(&r), h = 0.015 * 0.015, e = 0;
        snprintf(m->symbol[j], 8, "S%02d", j);
        for (int t = 0; t < DAYS; t++)
            m->r[j][t] = beta * m->r[LISTINGS][t] + draw(&r, kind, &h, &e);
    }
}

static void plant(market *m, uint64_t seed)
{
    abn_random r;
    abn_random_start(&r, seed, 8, 0);
    for (int j = 0; j < LISTINGS; j++)
        for (int k = 0; k < PLANTED; k++) {
            int t = WARM + k * 300 + (int)abn_random_below(&r, 290);
            m->planted[j][k] = t;
            m->r[j][t] += abn_random_uniform(&r) < 0.5 ? -0.12 : 0.12;
            add_event(m, j, t);
        }
}

static abn_quotes *quotes_of(const market *m, const char *path)
{
    abn_buf out = {0};
    double price[LISTINGS + 1];
    abn_buf_text(&out, "date");
    for (int j = 0; j <= LISTINGS; j++) {
        abn_buf_printf(&out, ",%s", m->symbol[j]);
        price[j] = 100;
    }
    for (int t = 0; t < DAYS; t++) {
        char date[ABN_DATE_MAX];
        abn_buf_printf(&out, "\n%s", abn_date_format(day_of(t), date));
        for (int j = 0; j <= LISTINGS; j++) {
            price[j] *= exp(m->r[j][t]);
            abn_buf_printf(&out, ",%.10g", price[j]);
        }
    }
    abn_buf_char(&out, '\n');
    assert_int_equal(abn_file_write(path, out.data, out.len, NULL), ABN_OK);
    abn_buf_free(&out);
    abn_quotes *quotes = NULL;
    abn_error err = {0};
    if (abn_quotes_load(path, NULL, NULL, &quotes, &err) != ABN_OK) fail_msg("%s", err.text);
    return quotes;
}

static abn_scan *scan_of(const market *m, abn_quotes *quotes, abn_volatility volatility,
                         size_t replicates, uint64_t seed, int threads)
{
    abn_benchmark_rule rule = {.key = "", .symbol = "INDEX"};
    abn_scan_settings s = abn_scan_defaults();
    s.rule = &rule;
    s.n_rules = 1;
    s.volatility = volatility;
    s.replicates = replicates;
    s.seed = seed;
    s.threads = threads;
    abn_scan_input input = {
        .study = {.event = m->event, .n_events = m->n_events, .quotes = quotes}};
    abn_scan *scan = NULL;
    abn_error err = {0};
    if (abn_scan_run(&input, &s, NULL, &scan, &err) != ABN_OK) fail_msg("%s", err.text);
    return scan;
}

static char path[] = "/tmp/abnorm-scan-XXXXXX";
static market m;

static bool was_planted(const abn_move_row *move)
{
    for (int j = 0; j < LISTINGS; j++)
        for (int k = 0; strcmp(m.symbol[j], move->symbol) == 0 && k < PLANTED; k++)
            if (day_of(m.planted[j][k]) == move->date) return true;
    return false;
}

static void planted_moves_are_found_and_matched(void **state)
{
    (void)state;
    size_t found = 0, matched = 0, wrong = 0, runs = is_long() ? 50 : 8;
    for (size_t run = 0; run < runs; run++) {
        make(&m, NORMAL, run);
        plant(&m, run);
        abn_quotes *quotes = quotes_of(&m, path);
        abn_scan *scan = scan_of(&m, quotes, ABN_VOLATILITY_CONSTANT, 0, 0, 2);
        size_t n;
        const abn_move_row *move = abn_scan_moves(scan, &n);
        for (size_t i = 0; i < n; i++) {
            bool right = was_planted(&move[i]);
            found += right;
            wrong += !right;
            matched += right && strcmp(move[i].explained, "yes") == 0 && move[i].lag_sessions == 0;
        }
        abn_scan_free(scan);
        abn_quotes_free(quotes);
    }
    double all = (double)runs * LISTINGS * PLANTED;
    printf("# planted: %.4f found, %.4f matched, %.4f of the moves false\n", (double)found / all,
           (double)matched / all, (double)wrong / (double)(found + wrong));
    assert_true((double)matched >= 0.95 * all);
    assert_true((double)wrong <= 0.10 * (double)(found + wrong));
}

/* Under noise every move is false: the rate of runs that have one is the false discovery rate. */
static void noise_is_left_alone(noise kind, abn_volatility volatility, const char *name)
{
    size_t runs = is_long() ? 200 : 40, with = 0;
    for (size_t run = 0; run < runs; run++) {
        make(&m, kind, 1000 + run);
        abn_quotes *quotes = quotes_of(&m, path);
        abn_scan *scan = scan_of(&m, quotes, volatility, 0, 0, 2);
        size_t n;
        abn_scan_moves(scan, &n);
        with += n > 0;
        abn_scan_free(scan);
        abn_quotes_free(quotes);
    }
    double rate = (double)with / (double)runs;
    double bound = 0.05 + 2.576 * sqrt(0.05 * 0.95 / (double)runs);
    printf("# %s: false discovery rate %.4f in %zu runs (at most %.4f)\n", name, rate, runs, bound);
    assert_true(rate <= bound);
}

static void student_noise_is_left_alone(void **state)
{
    (void)state;
    noise_is_left_alone(STUDENT, ABN_VOLATILITY_CONSTANT, "t(4) noise");
}

static void garch_noise_is_left_alone(void **state)
{
    (void)state;
    noise_is_left_alone(GARCH, ABN_VOLATILITY_ROLLING, "GARCH noise, rolling scale");
}

/* Events at random days: p is uniform. Events that often move the listing: p is small. */
static double share_rejected(size_t runs, double chance_of_move)
{
    size_t rejected = 0;
    for (size_t run = 0; run < runs; run++) {
        abn_random r;
        abn_random_start(&r, 5000 + run, 9, 0);
        make(&m, STUDENT, 3000 + run);
        for (int j = 0; j < LISTINGS; j++) /* moves that no event tells of */
            for (int k = 0; k < 3; k++)
                m.r[j][WARM + (int)abn_random_below(&r, DAYS - WARM)] += 0.15;
        for (int j = 0; j < LISTINGS; j++)
            for (int k = 0; k < 2; k++) {
                int t = WARM + (int)abn_random_below(&r, DAYS - WARM - 2);
                add_event(&m, j, t);
                if (abn_random_uniform(&r) < chance_of_move) m.r[j][t] += 0.15;
            }
        abn_quotes *quotes = quotes_of(&m, path);
        abn_scan *scan = scan_of(&m, quotes, ABN_VOLATILITY_CONSTANT, 199, run, 2);
        size_t n;
        const abn_coincidence_row *row = abn_scan_coincidences(scan, &n);
        rejected += n && row[0].p <= 0.05;
        abn_scan_free(scan);
        abn_quotes_free(quotes);
    }
    return (double)rejected / (double)runs;
}

static void chance_coincidences_are_not_news(void **state)
{
    (void)state;
    size_t runs = is_long() ? 1000 : 60;
    double size = share_rejected(runs, 0), half = 2.576 * sqrt(0.05 * 0.95 / (double)runs);
    double power = share_rejected(is_long() ? 200 : 10, 0.3);
    printf("# shifts: size %.4f in %zu runs (.05 +- %.4f), power %.3f where 30 %% of events move\n",
           size, runs, half, power);
    assert_true(fabs(size - 0.05) <= half);
    assert_true(power >= 0.8);
}

static void threads_leave_no_trace(void **state)
{
    (void)state;
    make(&m, STUDENT, 77);
    plant(&m, 77);
    abn_quotes *quotes = quotes_of(&m, path);
    abn_scan *one = scan_of(&m, quotes, ABN_VOLATILITY_ROLLING, 99, 5, 1);
    abn_scan *four = scan_of(&m, quotes, ABN_VOLATILITY_ROLLING, 99, 5, 4);
    size_t n, k;
    const abn_coincidence_row *a = abn_scan_coincidences(one, &n),
                              *b = abn_scan_coincidences(four, &k);
    assert_int_equal(n, k);
    for (size_t i = 0; i < n; i++) {
        assert_true(a[i].observed == b[i].observed && a[i].expected == b[i].expected);
        assert_true(a[i].hi == b[i].hi);
    }
    const abn_move_row *x = abn_scan_moves(one, &n), *y = abn_scan_moves(four, &k);
    assert_int_equal(n, k);
    for (size_t i = 0; i < n; i++)
        assert_true(x[i].p == y[i].p && x[i].q == y[i].q && x[i].date == y[i].date);
    abn_scan_free(one);
    abn_scan_free(four);
    abn_quotes_free(quotes);
}

static void looking_ahead_is_refused(void **state)
{
    (void)state;
    abn_scan_settings s = abn_scan_defaults();
    abn_scan_input input = {.study = {.n_events = 0}};
    abn_scan *scan = NULL;
    abn_error err = {0};
    s.estimation.to = 0;
    assert_int_equal(abn_scan_run(&input, &s, NULL, &scan, &err), ABN_USAGE);
    assert_non_null(strstr(err.text, "looks ahead"));
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
    const struct CMUnitTest tests[] = {
        unit(planted_moves_are_found_and_matched),
        unit(student_noise_is_left_alone),
        unit(garch_noise_is_left_alone),

        unit(chance_coincidences_are_not_news),
        unit(threads_leave_no_trace),
        unit(looking_ahead_is_refused),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_path, NULL);
}
