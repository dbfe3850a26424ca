/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One extraction after another in the same place. */
#include "unit.h"

#include <abnorm/extract.h>
#include <string.h>

static abn_extract_facts facts;

#define APPLE \
    "Apple jumps\n\nApple shares closed up 2.18% at $232.62 on Tuesday, February 11, 2025.\n"
#define ALIBABA                                                                                   \
    "Alibaba's Hong Kong shares rose 8.5% on Wednesday after Apple said that it would work with " \
    "it.\n"

static abn_extraction *make(void)
{
    abn_extract_options options = {
        .document = {.given = ABN_NO_DATE, .today = abn_date_of(2026, 11, 20)}, .explain = true};
    abn_extraction *x = NULL;
    assert_int_equal(abn_extraction_new(&facts, &options, &x, NULL), ABN_OK);
    return x;
}

static void read_text(abn_extraction *x, const char *text)
{
    assert_int_equal(abn_extraction_read(x, "a.txt", abn_slice_of(text), NULL), ABN_OK);
}

/* A cleared extraction says what a new one says, and nothing of what it read before. */
static void clear_forgets(void **state)
{
    (void)state;
    abn_extraction *fresh = make(), *used = make();
    read_text(used, APPLE);
    read_text(used, APPLE);
    assert_int_equal(abn_extraction_finish(used, NULL), ABN_OK);
    assert_int_equal(abn_extraction_clear(used, NULL), ABN_OK);
    size_t n, m;
    abn_extraction_documents(used, &n);
    assert_int_equal(n, 0);
    abn_extraction_events(used, &n);
    assert_int_equal(n, 0);
    read_text(used, APPLE); /* and from amidst */
    assert_int_equal(abn_extraction_clear(used, NULL), ABN_OK);
    read_text(fresh, ALIBABA);
    read_text(used, ALIBABA);
    assert_int_equal(abn_extraction_finish(fresh, NULL), ABN_OK);
    assert_int_equal(abn_extraction_finish(used, NULL), ABN_OK);
    const abn_document_row *a = abn_extraction_documents(fresh, &n);
    const abn_document_row *b = abn_extraction_documents(used, &m);
    assert_int_equal(n, 1);
    assert_int_equal(m, 1);
    assert_int_equal(a->published, b->published);
    assert_string_equal(a->explanation, b->explanation);
    const abn_claim_row *c = abn_extraction_claims(fresh, &n), *d = abn_extraction_claims(used, &m);
    assert_int_equal(n, 1);
    assert_int_equal(m, 1);
    assert_string_equal(c->symbol, d->symbol);
    assert_int_equal(c->session, d->session);
    assert_string_equal(c->verdict, d->verdict);
    assert_int_equal(c->start, d->start);
    abn_extraction_events(fresh, &n);
    abn_extraction_events(used, &m);
    assert_int_equal(n, m);
    abn_extraction_free(fresh);
    abn_extraction_free(used);
}

int main(void)
{
    static abn_languages *languages;
    static abn_listings *listings;
    static abn_quotes *quotes;
    if (abn_languages_load("data", &languages, NULL) != ABN_OK ||
        abn_listings_load("data/listings.csv", NULL, &listings, NULL) != ABN_OK ||
        abn_quotes_load("data/quotes", NULL, NULL, &quotes, NULL) != ABN_OK)
        return 1;
    facts = (abn_extract_facts){languages, listings, quotes, NULL, NULL};
    const struct CMUnitTest tests[] = {unit(clear_forgets)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    abn_quotes_free(quotes);
    abn_listings_free(listings);
    abn_languages_free(languages);
    return failed;
}
