/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two listings of one company on the shipped quotes: parity by hand, steps that add up, who follows
 * whom. */
#include "unit.h"

#include <abnorm/venues.h>
#include <math.h>

static abn_listings *listings;
static abn_exchanges *exchanges;
static abn_quotes *quotes;
static abn_actions *actions;
static abn_venues *venues;
static abn_study_event event;

static int load(void **state)
{
    (void)state;
    event = (abn_study_event){.event_id = "report",
                              .symbol = "BABA",
                              .benchmark = "",
                              .group = "",
                              .clock = "",
                              .source = "test"};
    abn_study_input input = {.event = &event, .n_events = 1};
    if (!abn_instant_parse(abn_slice_of("2025-02-11T09:21:00-05:00"), &event.at, NULL) ||
        abn_listings_load("data/listings.csv", NULL, &listings, NULL) != ABN_OK ||
        abn_exchanges_load("data", &exchanges, NULL) != ABN_OK ||
        abn_quotes_load("data/quotes", NULL, NULL, &quotes, NULL) != ABN_OK ||
        abn_actions_load("data/dividends.csv", NULL, "data/fx.csv", &actions, NULL) != ABN_OK)
        return -1;
    event.on = abn_date_of(2025, 2, 11);
    input.quotes = quotes;
    input.listings = listings;
    input.exchanges = exchanges;
    input.actions = actions;
    return abn_venues_run(&input, &venues, NULL) == ABN_OK ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    abn_venues_free(venues);
    abn_actions_free(actions);
    abn_quotes_free(quotes);
    abn_exchanges_free(exchanges);
    abn_listings_free(listings);
    return 0;
}

static void parity_is_what_a_calculator_says(void **state)
{
    (void)state;
    size_t n, found = 0;
    const abn_parity_row *row = abn_venues_parity(venues, &n);
    for (size_t i = 0; i < n; i++) {
        if (row[i].date != abn_date_of(2025, 2, 11)) continue;
        found++;
        assert_string_equal(row[i].depositary, "BABA");
        assert_string_equal(row[i].ordinary, "9988.HK");
        assert_int_equal(row[i].ordinary_date, abn_date_of(2025, 2, 11));
        assert_string_equal(row[i].event_id, "report");
        /* 112.78 dollars against 8 shares at 104.90 dollars of Hong Kong, 7.8113 a US dollar */
        assert_true(fabs(row[i].deviation - (112.78 / (8 * 104.90 / 7.8113) - 1)) < 1e-12);
    }
    assert_int_equal(found, 1);
}

static void no_stale_bar_is_compared(void **state)
{
    (void)state;
    size_t n;
    const abn_parity_row *row = abn_venues_parity(venues, &n);
    for (size_t i = 0; i < n; i++)
        assert_true(row[i].ordinary_date != abn_date_of(2024, 12, 31));
}

static void steps_follow_the_clock_and_add_up(void **state)
{
    (void)state;
    size_t n;
    double added = 0, share = 0;
    const abn_venue_row *row = abn_venues_steps(venues, &n);
    assert_int_equal(n, 5);
    static const char *const order[] = {"9988.HK", "BABA", "9988.HK", "BABA", "9988.HK"};
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(row[i].symbol, order[i]);
        assert_int_equal(row[i].step, (int64_t)i);
        assert_true(i == 0 || row[i].at > row[i - 1].at);
        added += row[i].added;
        share += row[i].share;
    }
    assert_true(row[0].at < event.at && row[1].at > event.at);
    assert_true(fabs(added - row[n - 1].cumulative) < 1e-12);
    assert_true(fabs(share - 1) < 1e-12);
}

static const abn_leadlag_row *follow(const char *follower, const char *segment, int64_t lag)
{
    size_t n;
    const abn_leadlag_row *row = abn_venues_leadlag(venues, &n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(row[i].follower, follower) == 0 && strcmp(row[i].segment, segment) == 0 &&
            row[i].lag == lag)
            return &row[i];
    return NULL;
}

/* Overnight each listing takes over what the other did meanwhile; nothing is left for the session.
 */
static void each_listing_catches_up_overnight(void **state)
{
    (void)state;
    const char *both[] = {"BABA", "9988.HK"};
    for (int i = 0; i < 2; i++) {
        const abn_leadlag_row *night = follow(both[i], "overnight", 1);
        const abn_leadlag_row *day = follow(both[i], "session", 1);
        assert_non_null(night);
        assert_non_null(day);
        assert_true(night->correlation > 0.5 && night->p < 1e-6);
        assert_true(fabs(day->correlation) < 0.2);
        assert_true(day->overlap_hours == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit(parity_is_what_a_calculator_says),
        unit(no_stale_bar_is_compared),
        unit(steps_follow_the_clock_and_add_up),
        unit(each_listing_catches_up_overnight),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, load, unload);
}
