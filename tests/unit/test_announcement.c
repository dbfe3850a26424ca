/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "moves.h"
#include "unit.h"

#include <abnorm/announcement.h>

static abn_listings *listings;
static abn_arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = abn_arena_new();
    return !arena || abn_listings_load("data/listings.csv", NULL, &listings, NULL) != ABN_OK;
}

static int teardown(void **state)
{
    (void)state;
    abn_arena_free(arena);
    abn_listings_free(listings);
    return 0;
}

static abn_mention mention(abn_event_type type, abn_event_status status, const char *topic)
{
    return (abn_mention){.type = type,
                         .status = status,
                         .companies = "Alibaba;Apple",
                         .actor = "",
                         .topic = topic,
                         .main = true,
                         .date = ABN_NO_DATE,
                         .instant = ABN_NO_INSTANT,
                         .confidence = 0.8,
                         .quote = "words"};
}

static abn_told told(size_t document, const abn_mention *m, const char *written)
{
    static const char *const id[] = {"a", "b", "c", "d", "e"};
    return (abn_told){.document = document,
                      .document_id = id[document],
                      .mention = m,
                      .written = day(written),
                      .written_probability = 1,
                      .written_at = ABN_NO_INSTANT,
                      .moved = ABN_NO_DATE};
}

static void a_report_and_its_confirmation(void **state)
{
    (void)state;
    abn_mention report = mention(ABN_EVENT_PARTNERSHIP, ABN_EVENT_REPORTED, "ai iphone");
    abn_mention retold = report, confirmed = report, hinted = report;
    confirmed.status = ABN_EVENT_CONFIRMED, confirmed.day_word = ABN_SESSION_WEEKDAY;
    confirmed.weekday = 4;
    hinted.companies = "Alibaba", hinted.main = false;
    abn_told all[] = {told(0, &report, "2025-02-12"), told(1, &retold, "2025-02-14"),
                      told(2, &confirmed, "2025-02-14"), told(3, &hinted, "")};
    all[0].moved = day("2025-02-11"); /* the session that it reports a reaction in */
    abn_events e;
    assert_int_equal(abn_events_merge(all, 4, listings, arena, &e, NULL), ABN_OK);
    assert_int_equal(e.count, 2);
    assert_int_equal(e.at[0].on, day("2025-02-11"));
    assert_string_equal(e.at[0].id, "partnership-2025-02-11");
    assert_string_equal(e.at[0].documents, "a;b;d");
    assert_string_equal(e.at[0].symbols, "AAPL;BABA;9988.HK");
    assert_int_equal(e.at[1].on, day("2025-02-13"));
    assert_string_equal(e.at[1].confirms, e.at[0].id);
    assert_string_equal(e.at[1].evidence, "c:0-0: words");
    assert_int_equal(e.event_of[3], 0);
}

static void what_is_due_is_completed(void **state)
{
    (void)state;
    abn_mention conference = mention(ABN_EVENT_PRODUCT, ABN_EVENT_SCHEDULED, "conference");
    abn_mention launch = mention(ABN_EVENT_PRODUCT, ABN_EVENT_SCHEDULED, "launch");
    abn_mention filing = mention(ABN_EVENT_REGULATORY, ABN_EVENT_REPORTED, "filing");
    strcpy(conference.partial, "XXXX-03-25");
    strcpy(launch.partial, "XXXX-04");
    filing.main = false;
    abn_told all[] = {told(0, &conference, "2025-02-11"), told(0, &filing, "2025-02-11"),
                      told(1, &launch, "2024-12-30"), told(2, &filing, "2025-02-13")};
    abn_events e;
    assert_int_equal(abn_events_merge(all, 4, listings, arena, &e, NULL), ABN_OK);
    assert_int_equal(e.count, 3);
    assert_int_equal(e.at[0].on, day("2025-03-25"));
    assert_int_equal(e.at[1].on, day("2025-04-01"));
    assert_int_equal(e.at[1].precision, ABN_PRECISION_MONTH);
    assert_string_equal(e.at[1].id, "product-2025-04");
    assert_int_equal(e.at[2].on, ABN_NO_DATE);
    assert_string_equal(e.at[2].id, "regulatory-undated");
    assert_string_equal(e.at[2].documents, "a;c");
}

static void different_news_stays_apart(void **state)
{
    (void)state;
    abn_mention macro = mention(ABN_EVENT_MACRO, ABN_EVENT_REPORTED, "tariff");
    abn_mention other = mention(ABN_EVENT_PARTNERSHIP, ABN_EVENT_REPORTED, "cloud");
    abn_mention deal = mention(ABN_EVENT_PARTNERSHIP, ABN_EVENT_REPORTED, "iphone");
    abn_told all[] = {told(0, &macro, "2025-04-02"), told(1, &macro, "2025-04-03"),
                      told(2, &other, "2025-04-03"), told(3, &deal, "2025-04-03")};
    abn_events e;
    assert_int_equal(abn_events_merge(all, 4, listings, arena, &e, NULL), ABN_OK);
    assert_int_equal(e.count, 4);
    assert_string_equal(e.at[1].id, "partnership-2025-04-03");
    assert_string_equal(e.at[2].id, "partnership-2025-04-03-2");
}

static void the_first_instant_wins(void **state)
{
    (void)state;
    abn_mention m = mention(ABN_EVENT_PARTNERSHIP, ABN_EVENT_REPORTED, "ai");
    abn_told all[] = {told(0, &m, "2025-02-11"), told(1, &m, "2025-02-11")};
    abn_instant early, late;
    assert_true(abn_instant_parse(abn_slice_of("2025-02-11T09:21:00-05:00"), &early, NULL));
    assert_true(abn_instant_parse(abn_slice_of("2025-02-11T22:40:00+08:00"), &late, NULL));
    all[0].written_at = late, all[1].written_at = early, all[1].written_offset_sec = -18000;
    abn_events e;
    assert_int_equal(abn_events_merge(all, 2, listings, arena, &e, NULL), ABN_OK);
    assert_int_equal(e.count, 1);
    assert_int_equal(e.at[0].at, early);
    assert_int_equal(e.at[0].precision, ABN_PRECISION_INSTANT);
    assert_int_equal(e.at[0].offset_sec, -18000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit(a_report_and_its_confirmation),
        unit(what_is_due_is_completed),
        unit(different_news_stays_apart),
        unit(the_first_instant_wins),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, setup, teardown);
}
