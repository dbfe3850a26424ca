/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The n-th allocation fails, for every n (or every few, where there are many): the call says that
 * memory ran out or works without it, and gives back all it took. */
#include "unit.h"

#include <abnorm/extract.h>
#include <abnorm/timex.h>
#include <errno.h>
#include <stdlib.h>

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void __libc_free(void *old);

static long fail_at; /* the allocation that fails; 0: none */
static long calls;   /* allocations asked for */
static long live;    /* blocks in use */

static bool fails(void)
{
    calls++;
    if (fail_at == 0 || calls != fail_at) return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    void *got = fails() ? NULL : __libc_malloc(size);
    live += got != NULL;
    return got;
}

void *calloc(size_t count, size_t size)
{
    void *got = fails() ? NULL : __libc_calloc(count, size);
    live += got != NULL;
    return got;
}

void *realloc(void *old, size_t size)
{
    void *got = fails() ? NULL : __libc_realloc(old, size);
    live += got != NULL && old == NULL;
    return got;
}

void free(void *old)
{
    live -= old != NULL;
    __libc_free(old);
}
#else
static long fail_at, calls, live;
#endif

static abn_languages *languages;
static abn_extract_facts facts;

static abn_status drop(void *context, abn_document *document, abn_error *err)
{
    (void)context, (void)err;
    abn_document_free(document);
    return ABN_OK;
}

static abn_status read_document(const char *text, abn_error *err)
{
    abn_document_options options = {.given = ABN_NO_DATE, .today = ABN_NO_DATE};
    return abn_document_read(languages, "x", abn_slice_of(text), &options, drop, NULL, err);
}

#define PROSE                                                                              \
    "Shares of Apple rose 2.2% to $232.62 on Tuesday after it said that it had chosen to " \
    "work with Alibaba, whose own shares gained as much as 8.5% in Hong Kong. "

static abn_status text(abn_error *err)
{
    return read_document("Apple jumps\nPublished: 11 f\xC3\xA9vrier 2025 18:03\n\n" PROSE PROSE,
                         err);
}

static abn_status latin(abn_error *err)
{
    return read_document("Le titre s'envole \xE0 la cl\xF4ture\n\n12.02.2025\n" PROSE, err);
}

static abn_status page(abn_error *err)
{
    return read_document(
        "<!DOCTYPE html><html lang='en'><head><title>Apple jumps | Paper</title>"
        "<script type='application/ld+json'>{\"@graph\":[{\"@type\":\"NewsArticle\","
        "\"datePublished\":\"2025-02-11\"}]}</script><link rel='canonical' "
        "href='http://a/2025/02/11/b'>"
        "<meta property='og:title' content='Apple jumps'></head><body><nav><a "
        "href='/'>Home</a></nav>"
        "<article><h1>Apple jumps today</h1><time datetime='2025-02-11'>x</time><p>" PROSE "</p><p>"
        "<b>" PROSE "</b></p></article></body></html>",
        err);
}

static abn_status feed(abn_error *err)
{
    return read_document(
        "<rss><channel><language>en</language><item><title>Apple &amp; Alibaba</title>"
        "<pubDate>Tue, 11 Feb 2025 09:21:00 EST</pubDate><description><![CDATA[<p>" PROSE
        "</p>]]></description></item></channel></rss>",
        err);
}

static abn_status tag(abn_error *err)
{
    abn_timexes found = {0};
    abn_status status = abn_timex_tag(languages, "en",
                                      abn_slice_of("On Tuesday, 11 February 2025, and since 1999."),
                                      abn_date_of(2025, 2, 12), &found, err);
    abn_timexes_free(&found);
    return status;
}

static abn_status load_languages(abn_error *err)
{
    abn_languages *all = NULL;
    abn_status status = abn_languages_load("data", &all, err);
    abn_languages_free(all);
    return status;
}

static abn_status load_listings(abn_error *err)
{
    abn_listings *all = NULL;
    abn_status status = abn_listings_load("data/listings.csv", NULL, &all, err);
    abn_listings_free(all);
    return status;
}

static abn_status load_exchanges(abn_error *err)
{
    abn_exchanges *all = NULL;
    abn_status status = abn_exchanges_load("data", &all, err);
    abn_exchanges_free(all);
    return status;
}

static abn_status load_quotes(abn_error *err)
{
    abn_quotes *all = NULL;
    abn_quotes_options options = {.threads = 1};
    abn_status status = abn_quotes_load("data/quotes", &options, NULL, &all, err);
    abn_quotes_free(all);
    return status;
}

static abn_status extract(abn_error *err)
{
    abn_extract_options options = {.document = {.given = ABN_NO_DATE, .today = ABN_NO_DATE},
                                   .explain = true};
    abn_extraction *x = NULL;
    abn_slice news = abn_slice_of("Apple jumps\nPublished: February 12, 2025\n\n" PROSE);
    abn_status status = abn_extraction_new(&facts, &options, &x, err);
    if (status == ABN_OK) status = abn_extraction_read(x, "a.txt", news, err);
    if (status == ABN_OK) status = abn_extraction_read(x, "b.txt", abn_slice_of(PROSE), err);
    if (status == ABN_OK) status = abn_extraction_finish(x, err);
    abn_extraction_free(x);
    return status;
}

/* Fail allocations one by one, no more than `most` of them. libxml2 forgets what it made
 * of a context that it could not finish. */
static void starve(const char *name, abn_status (*run)(abn_error *err), long most, long forgets)
{
    abn_error err = {0};
    assert_int_equal(run(&err), ABN_OK); /* what a first run keeps for ever is no leak */
    calls = 0;
    assert_int_equal(run(&err), ABN_OK);
    long all = calls, step = all > most ? all / most : 1;
    for (long n = 1; n <= all; n += step) {
        abn_error_clear(&err);
        long before = live;
        calls = 0;
        fail_at = n;
        abn_status status = run(&err);
        fail_at = 0;
        if (status != ABN_OK && status != ABN_MEMORY)
            fail_msg("%s, allocation %ld of %ld: %s", name, n, all, err.text);
        if (status != err.status) fail_msg("%s, allocation %ld of %ld: no message", name, n, all);
        if (live > before + forgets)
            fail_msg("%s, allocation %ld of %ld: %ld blocks kept", name, n, all, live - before);
    }
}

#define STARVED(function, most, forgets)            \
    static void function##_survives(void **state)   \
    {                                               \
        (void)state;                                \
        starve(#function, function, most, forgets); \
    }
STARVED(text, 1000, 0)
STARVED(latin, 1000, 0)
STARVED(page, 1000, 16)
STARVED(feed, 1000, 16)
STARVED(tag, 1000, 0)
STARVED(load_languages, 100, 0)
STARVED(load_listings, 200, 0)
STARVED(load_exchanges, 200, 0)
STARVED(load_quotes, 100, 0)
STARVED(extract, 400, 0)

static int load(void **state)
{
    (void)state;
    static abn_listings *listings;
    static abn_exchanges *exchanges;
    static abn_quotes *quotes;
    static abn_actions *actions;
    abn_error err = {0};
    if (abn_languages_load("data", &languages, &err) != ABN_OK ||
        abn_listings_load("data/listings.csv", NULL, &listings, &err) != ABN_OK ||
        abn_exchanges_load("data", &exchanges, &err) != ABN_OK ||
        abn_quotes_load("data/quotes", NULL, NULL, &quotes, &err) != ABN_OK ||
        abn_actions_load("data/dividends.csv", "data/splits.csv", "data/fx.csv", &actions, &err) !=
            ABN_OK)
        return -1;
    facts = (abn_extract_facts){languages, listings, quotes, exchanges, actions};
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit(text_survives),          unit(latin_survives),
        unit(page_survives),          unit(feed_survives),
        unit(tag_survives),           unit(load_languages_survives),
        unit(load_listings_survives), unit(load_exchanges_survives),
        unit(load_quotes_survives),   unit(extract_survives),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
