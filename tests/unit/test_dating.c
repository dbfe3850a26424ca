/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "moves.h"
#include "unit.h"

#include <abnorm/dating.h>

static abn_quotes *quotes;
static abn_listings *listings;
static abn_exchanges *exchanges;
static abn_dater *dater;

static int setup(void **state)
{
    (void)state;
    return abn_quotes_load("data/quotes", NULL, NULL, &quotes, NULL) != ABN_OK ||
           abn_listings_load("data/listings.csv", NULL, &listings, NULL) != ABN_OK ||
           abn_exchanges_load("data", &exchanges, NULL) != ABN_OK ||
           abn_dater_new(listings, quotes, exchanges, NULL, &dater, NULL) != ABN_OK;
}

static int teardown(void **state)
{
    (void)state;
    abn_dater_free(dater);
    abn_exchanges_free(exchanges);
    abn_listings_free(listings);
    abn_quotes_free(quotes);
    return 0;
}

static abn_dating date_at(abn_claim *claims, size_t n, int weekday, abn_date published)
{
    abn_document document = {.published = published, .published_basis = ABN_BASIS_GIVEN};
    abn_reading reading = {.claim = claims, .n_claims = n, .day_weekday = weekday};
    abn_dating out;
    assert_int_equal(abn_dater_date(dater, &document, &reading, &out, NULL), ABN_OK);
    return out;
}

/* A close in Hong Kong, New York's of the day before, a premarket price of the day itself, with a
 * figure for the year and a "highest since" that are both wrong. */
static void two_markets_fix_the_day(void **state)
{
    (void)state;
    abn_claim c[] = {move_of("9988.HK", ABN_CLAIM_CLOSE, 8.48, 0.005),
                     move_of("AAPL", ABN_CLAIM_CLOSE, 2.18, 0.005),
                     move_of("AAPL", ABN_CLAIM_PREMARKET, 0.09, 0.005),
                     move_of("9988.HK", ABN_CLAIM_YTD, 36, 0.5),
                     move_of("9988.HK", ABN_CLAIM_UNSPECIFIED, NAN, 0)};
    c[1].session_word = ABN_SESSION_YESTERDAY;
    c[2].session_word = ABN_SESSION_TODAY;
    c[2].level = 232.84, c[2].level_unit = 0.005;
    c[4].extreme = ABN_EXTREME_HIGH;
    strcpy(c[4].since, "XXXX-09");
    abn_dating d = date_at(c, 5, 0, ABN_NO_DATE);
    assert_int_equal(d.published.date, day("2025-02-12"));
    assert_int_equal(d.basis, ABN_BASIS_CLAIMS);
    assert_true(d.published.probability > 0.9 && d.published.probability <= 1);
    assert_int_equal(d.claim[0].session, day("2025-02-12"));
    assert_int_equal(d.claim[1].session, day("2025-02-11"));
    assert_int_equal(d.claim[2].session, day("2025-02-12"));
    abn_dating_free(&d);
}

/* The same price was touched on two days; the percentage tells them apart. */
static void percent_decides_between_equal_prices(void **state)
{
    (void)state;
    abn_claim c = move_of("9988.HK", ABN_CLAIM_INTRADAY, 9.2, 0.05);
    c.extreme = ABN_EXTREME_HIGH;
    c.level = 124.3, c.level_unit = 0.05;
    abn_dating d = date_at(&c, 1, 4, ABN_NO_DATE);
    assert_int_equal(d.published.date, day("2025-02-13"));
    assert_true(d.published.probability > 0.9);
    abn_dating_free(&d);
}

static void few_figures_leave_it_open(void **state)
{
    (void)state;
    abn_claim c[] = {move_of("AAPL", ABN_CLAIM_INTRADAY, 1.5, 0.05),
                     move_of("BABA", ABN_CLAIM_INTRADAY, 2.6, 0.05)};
    abn_dating d = date_at(c, 2, 0, ABN_NO_DATE);
    double sum = d.elsewhere;
    bool listed = false;
    assert_int_equal(d.published.date, ABN_NO_DATE);
    assert_int_equal(d.basis, ABN_BASIS_NONE);
    assert_int_equal(d.claim[0].session, ABN_NO_DATE);
    for (size_t i = 0; i < d.n_days; i++) {
        sum += d.day[i].probability;
        listed |= d.day[i].date == day("2025-02-11");
    }
    assert_true(sum <= 1 + 1e-9);
    assert_true(listed);
    abn_dating_free(&d);
}

static void a_given_day_places_each_market(void **state)
{
    (void)state;
    abn_claim c[] = {move_of("AAPL", ABN_CLAIM_CLOSE, 2.2, 0.05),
                     move_of("9988.HK", ABN_CLAIM_CLOSE, 8.5, 0.05),
                     move_of("AAPL", ABN_CLAIM_CLOSE, 1.8, 0.05)};
    /* no word says that New York's close is yesterday's: the price does */
    abn_dating d = date_at(c, 2, 0, day("2025-02-12"));
    assert_int_equal(d.basis, ABN_BASIS_GIVEN);
    assert_int_equal(d.claim[0].session, day("2025-02-11"));
    assert_int_equal(d.claim[1].session, day("2025-02-12"));
    abn_dating_free(&d);
    c[2].session_word = ABN_SESSION_WEEKDAY, c[2].session_weekday = 3;
    d = date_at(&c[2], 1, 0, day("2025-02-13"));
    assert_int_equal(d.claim[0].session, day("2025-02-12"));
    abn_dating_free(&d);
}

/* Outside the quotes, words and calendar still place a claim. */
static void without_bars_the_calendar_places(void **state)
{
    (void)state;
    abn_claim c = move_of("AAPL", ABN_CLAIM_CLOSE, 1, 0.5);
    c.session_word = ABN_SESSION_YESTERDAY;
    abn_dating d = date_at(&c, 1, 0, day("2023-07-05"));
    assert_int_equal(d.claim[0].session, day("2023-07-03")); /* the 4th was a holiday */
    assert_true(d.claim[0].row == ABN_NO_SESSION);
    abn_dating_free(&d);
    d = date_at(&c, 1, 0, ABN_NO_DATE);
    assert_int_equal(d.published.date, ABN_NO_DATE);
    abn_dating_free(&d);
}

/* Asserted days are right about as often as they say: every session's own figures, as a writer
 * would print them, dated with no word at all. */
static void probabilities_mean_what_they_say(void **state)
{
    (void)state;
    const abn_tape *a = abn_dater_tape(dater, "AAPL"), *b = abn_dater_tape(dater, "BABA");
    double sum = 0;
    int right = 0, asserted = 0;
    for (size_t s = 1; s < a->n && s < b->n; s++) {
        abn_claim c[] = {move_of("AAPL", ABN_CLAIM_CLOSE, round(10 * a->pct[s]) / 10, 0.05),
                         move_of("BABA", ABN_CLAIM_CLOSE, round(10 * b->pct[s]) / 10, 0.05)};
        abn_dating d = date_at(c, 2, 0, ABN_NO_DATE);
        if (d.published.date != ABN_NO_DATE) {
            asserted++;
            sum += d.published.probability;
            right += d.published.date == a->date[s];
        }
        abn_dating_free(&d);
    }
    assert_true(asserted > 100);
    /* here every text is of its session's own day, which is likelier than the model takes it */
    assert_true(right >= sum - 3 * sqrt(sum));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit(two_markets_fix_the_day),          unit(percent_decides_between_equal_prices),
        unit(few_figures_leave_it_open),        unit(a_given_day_places_each_market),
        unit(without_bars_the_calendar_places), unit(probabilities_mean_what_they_say),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, setup, teardown);
}
