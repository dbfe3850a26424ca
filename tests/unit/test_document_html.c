/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents.h"

#include <abnorm/buf.h>
#include <stdlib.h>

static reading read_page(const char *text)
{
    return read_bytes("news/page.html", text, strlen(text));
}

#define PROSE                                                                                   \
    "<p>Shares of the company rose in early trading after it said that sales had doubled, and " \
    "that it expects more of the same in the months to come.</p>"
#define LD(json) "<script type='application/ld+json'>" json "</script>"
#define PAGE(head, body) \
    "<!DOCTYPE html><html lang='en'><head>" head "</head><body>" body "</body></html>"

static void pages_are_dated_by_the_most_telling_place(void **state)
{
    (void)state;
    static const struct {
        const char *page, *published, *where;
        abn_basis basis;
    } cases[] = {
        /* JSON-LD of the article goes before everything, first publication before updates. */
        {PAGE(LD("{\"@type\":\"NewsArticle\",\"dateModified\":\"2025-02-13T10:00:00Z\","
                 "\"datePublished\":\"2025-02-11T09:21:00-05:00\"}") "<meta "
                                                                     "property='article:published_"
                                                                     "time' content='2025-02-12'>",
              "<h1>Shares of a company rise</h1>" PROSE),
         "2025-02-11", "json-ld datePublished", ABN_BASIS_METADATA},
        /* A graph; comments and other works in it have dates of their own. */
        {PAGE(LD("{\"@graph\":[{\"@type\":\"WebPage\",\"datePublished\":\"2024-01-01\"},"
                 "{\"@type\":[\"Article\"],\"comment\":[{\"@type\":\"Comment\","
                 "\"datePublished\":\"2025-03-01\"}],\"datePublished\":\"2025-02-11\"}]}"),
              PROSE),
         "2025-02-11", "json-ld datePublished", ABN_BASIS_METADATA},
        /* Broken JSON still tells. */
        {PAGE(LD("{\"@type\":\"NewsArticle\",\"datePublished\": \"2025-02-11\", \"x\": }"), PROSE),
         "2025-02-11", "json-ld datePublished", ABN_BASIS_METADATA},
        {PAGE("<meta property='article:modified_time' content='2025-02-13'>"
              "<meta property='article:published_time' content='2025-02-11T09:21:00Z'>",
              PROSE),
         "2025-02-11", "meta article:published_time", ABN_BASIS_METADATA},
        {PAGE("<meta name='DC.date.issued' content='2025-02-11'>", PROSE), "2025-02-11",
         "meta dc.date.issued", ABN_BASIS_METADATA},
        {PAGE("<meta name='date' content='Tue, 11 Feb 2025 09:21:00 EST'>", PROSE), "2025-02-11",
         "meta date", ABN_BASIS_METADATA},
        /* Never in the future. */
        {PAGE("<meta property='article:published_time' content='2027-02-11'>"
              "<meta name='date' content='2025-02-11'>",
              PROSE),
         "2025-02-11", "meta date", ABN_BASIS_METADATA},
        {PAGE("", "<span itemprop='datePublished' content='2025-02-11'>today</span>" PROSE),
         "2025-02-11", "microdata datepublished", ABN_BASIS_METADATA},
        /* The article's own time element, not one of a teaser, a comment or an update. */
        {PAGE("", "<aside><time class='entry-date published' datetime='2025-03-01'>x</time></aside>"
                  "<article><h1>Shares of a company rise</h1>"
                  "<time class='updated' datetime='2025-02-12'></time>"
                  "<time class='published' datetime='2025-02-11T09:00:00+01:00'></time>" PROSE
                  "</article><div class='comments'><time datetime='2025-02-14'>x</time></div>"),
         "2025-02-11", "time element", ABN_BASIS_TEXT},
        {PAGE("<link rel='canonical' href='https://example.org/2025/02/11/shares'>", PROSE),
         "2025-02-11", "address", ABN_BASIS_METADATA},
        /* The day an archive took a copy is not that of the page. */
        {PAGE("<link rel='canonical' href='https://example.org/web/20160820205919/http://a.b/c'>",
              PROSE),
         "", "", ABN_BASIS_NONE},
        {PAGE("", "<h1>Shares of a company rise</h1><div class='byline'>By Jane Doe "
                  "<span class='date'>February 11, 2025</span></div>" PROSE),
         "2025-02-11", "date line", ABN_BASIS_TEXT},
        {PAGE("", "<h1>Shares of a company rise</h1><p>Published: 11 February 2025</p>"
                  "<p>Updated: 12 February 2025</p>" PROSE),
         "2025-02-11", "date line", ABN_BASIS_TEXT},
        {"<html lang='de'><body><h1>Aktie steigt deutlich</h1><p>11. Februar 2025, 18:03 Uhr</p>"
         "<p>Die Papiere des Unternehmens stiegen im fr\xC3\xBChen Handel, nachdem es mitgeteilt "
         "hatte, dass sich der Absatz verdoppelt habe, und mehr davon erwartet.</p></body></html>",
         "2025-02-11", "date line", ABN_BASIS_TEXT},
        {"<html lang='en-GB'><body><h1>Shares of a company rise</h1><p>11/02/2025</p>" PROSE
         "</body></html>",
         "2025-02-11", "date line", ABN_BASIS_TEXT},
        {"<html lang='es'><body><div id='fecha'>Mi\xC3\xA9rcoles, 15 de Abril de 2020</div>"
         "<h1>La acci\xC3\xB3n sube</h1>" PROSE "</body></html>",
         "2020-04-15", "date line", ABN_BASIS_TEXT},
        /* Days in prose, and in what is not the article, are not the page's. */
        {PAGE("", "<h1>Shares of a company rise</h1><p>The company, founded on 1 April 1976 by "
                  "two friends, said on 3 May 2024 that it would.</p>" PROSE),
         "", "", ABN_BASIS_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        reading r = read_page(cases[i].page);
        assert_int_equal(r.status, ABN_OK);
        const abn_document *d = r.document[0];
        if (strcmp(day_of(d), cases[i].published) != 0 ||
            strcmp(d->published_where, cases[i].where) != 0 || d->published_basis != cases[i].basis)
            fail_msg("case %zu: got \"%s\" by \"%s\" (%s)", i, day_of(d), d->published_where,
                     abn_basis_name(d->published_basis));
        drop(&r);
    }
}

static void main_text_has_no_furniture(void **state)
{
    (void)state;
    reading r = read_page(PAGE(
        "<title>Shares rise | The Paper</title><style>p { color: red }</style>",
        "<div class='cookie-banner'><p>We use cookies to make this site work as you like it, and "
        "to show you what others paid for.</p></div>"
        "<nav><ul><li><a href='/'>Home</a></li><li><a href='/m'>Markets</a></li></ul></nav>"
        "<article><h1>Shares of a company rise</h1>" PROSE
        "<div class='share'><a href='x'>Share this</a></div>"
        "<p>Read more: <a href='y'>what analysts say about the company</a></p>"
        "<h2>What is next</h2>"
        "<p>The stock closed at HK$124.3, up&nbsp;9.2% <b>on the day</b>,<br>a record.</p>"
        "<p>Advertisement</p>"
        "</article><script>var x = '<p>no</p>';</script>"
        "<h3>Leave a Reply</h3><p>Your email address will not be published.</p>"
        "<section id='comments'><p>I think that the company will do well for many years to come, "
        "as it always has, and so will its stock.</p></section>"
        "<footer><p>Copyright 2025 The Paper, all rights reserved, in all of its editions, by all "
        "of its owners.</p></footer>"));
    assert_int_equal(r.status, ABN_OK);
    assert_string_equal(r.document[0]->title, "Shares of a company rise");
    assert_string_equal(
        r.document[0]->text,
        "Shares of a company rise\n"
        "Shares of the company rose in early trading after it said that sales had doubled, and "
        "that it expects more of the same in the months to come.\n"
        "What is next\n"
        "The stock closed at HK$124.3, up\xC2\xA0"
        "9.2% on the day,\na record.\n");
    drop(&r);
}

static void a_short_article_brings_no_furniture(void **state)
{
    (void)state;
    reading r = read_page(PAGE(
        "", "<div class='cookie-consent'>" PROSE "</div><main><article><h1>Shares of a company rise"
            "</h1><p>The stock rose 3%.</p></article></main><aside>" PROSE "</aside>"
            "<div id='comments'>" PROSE "</div><footer>" PROSE "</footer>"));
    assert_string_equal(r.document[0]->text, "Shares of a company rise\nThe stock rose 3%.\n");
    drop(&r);
}

static void titles_are_the_heading_that_the_page_repeats(void **state)
{
    (void)state;
    reading r =
        read_page(PAGE("<title>Shares of a company rise | The Paper</title>",
                       "<h1>The Evening Paper</h1><h2>Shares of a company rise</h2>" PROSE));
    assert_string_equal(r.document[0]->title, "Shares of a company rise");
    drop(&r);
    r = read_page(PAGE("<title>Shares of a company rise | The Paper</title>", PROSE));
    assert_string_equal(r.document[0]->title, "Shares of a company rise");
    drop(&r);
    r = read_page(PAGE("", "<h1>Shares of a company rise</h1>" PROSE "<h1>Other papers</h1>"));
    assert_string_equal(r.document[0]->title, "Shares of a company rise");
    drop(&r);
}

static void odd_pages_keep_their_text(void **state)
{
    (void)state;
    /* Furniture's names around the whole article, text without paragraphs, a declared Latin-2. */
    reading r = read_page("<html><body><div class='widget'><div>" PROSE PROSE PROSE
                          "</div></div></body></html>");
    assert_non_null(strstr(r.document[0]->text, "Shares of the company rose"));
    drop(&r);
    r = read_page("<html><body>The stock rose 3% to $232<br><br>It had fallen.</body></html>");
    assert_string_equal(r.document[0]->text, "The stock rose 3% to $232\n\nIt had fallen.\n");
    drop(&r);
    r = read_page("<html><head><meta charset='iso-8859-2'></head><body><p>\xB9koda akcie</p></body>"
                  "</html>");
    assert_string_equal(r.document[0]->text, "\xC5\xA1koda akcie\n");
    drop(&r);
    static const char nul[] = "<html><meta charset='iso-8859-2'><p>\xB9\0koda</p></html>";
    r = read_bytes("news/page.html", nul, sizeof nul - 1);
    assert_string_equal(r.document[0]->text, "\xC5\xA1\xEF\xBF\xBDkoda\n");
    drop(&r);
    r = read_page("<p>caf\xC3\xA9 \xFF broken</p>");
    assert_string_equal(r.document[0]->text, "caf\xC3\xA9 \xEF\xBF\xBD broken\n");
    drop(&r);
}

static void rss_gives_a_document_an_entry(void **state)
{
    (void)state;
    reading r = read_page(
        "<?xml version='1.0'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/"
        "content/' xmlns:media='http://search.yahoo.com/mrss/'><channel><title>News</title>"
        "<language>fr-FR</language><pubDate>Thu, 13 Feb 2025 00:00:00 GMT</pubDate>"
        "<item><title>Apple &amp; Alibaba &eacute;t&eacute;</title><media:title>no</media:title>"
        "<pubDate>Tue, 11 Feb 2025 09:21:00 EST</pubDate><description>short</description>"
        "<content:encoded><![CDATA[<p>Le titre <b>gagne</b> 3 %.</p><p>Bien.</p>]]>"
        "</content:encoded></item>"
        "<item><title>Deux</title><pubDate>bient&#244;t</pubDate></item>"
        "<item><title>Trois</title></item></channel></rss>");
    assert_int_equal(r.count, 3);
    assert_int_equal(r.status, ABN_DATA);
    assert_non_null(strstr(r.err.text, "bad date \"bient\xC3\xB4t\" in pubDate of entry 2"));
    const abn_document *d = r.document[0];
    assert_string_equal(d->id, "page#1");
    assert_string_equal(d->lang, "fr");
    assert_string_equal(d->title, "Apple & Alibaba \xC3\xA9t\xC3\xA9");
    assert_string_equal(d->text, "Apple & Alibaba \xC3\xA9t\xC3\xA9\nLe titre gagne 3 %.\nBien.\n");
    assert_string_equal(day_of(d), "2025-02-11");
    assert_string_equal(d->published_where, "rss pubDate");
    assert_int_equal(d->published_offset_sec, -5 * 3600);
    assert_int_equal(r.document[1]->published, ABN_NO_DATE);
    assert_string_equal(r.document[2]->id, "page#3");
    drop(&r);
}

static void atom_prefers_first_publication(void **state)
{
    (void)state;
    reading r = read_page(
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='de'><title>F</title>"
        "<updated>2025-02-14T00:00:00Z</updated>"
        "<entry><title type='html'>&lt;b&gt;Eins&lt;/b&gt;</title>"
        "<updated>2025-02-12T10:00:00+01:00</updated>"
        "<published>2025-02-11T10:00:00+01:00</published>"
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Hallo</p><p>Welt</p>"
        "</div></content></entry>"
        "<entry xml:lang='en'><title>Two</title><updated>2025-02-12T10:00:00+01:00</updated>"
        "<summary>text</summary></entry></feed>");
    assert_int_equal(r.status, ABN_OK);
    assert_int_equal(r.count, 2);
    assert_string_equal(day_of(r.document[0]), "2025-02-11");
    assert_string_equal(r.document[0]->text, "Eins\nHallo\nWelt\n");
    assert_string_equal(r.document[0]->lang, "de");
    assert_string_equal(day_of(r.document[1]), "2025-02-12");
    assert_string_equal(r.document[1]->published_where, "atom updated");
    assert_string_equal(r.document[1]->lang, "en");
    drop(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit(pages_are_dated_by_the_most_telling_place),
        unit(main_text_has_no_furniture),
        unit(a_short_article_brings_no_furniture),
        unit(titles_are_the_heading_that_the_page_repeats),
        unit(odd_pages_keep_their_text),
        unit(rss_gives_a_document_an_entry),
        unit(atom_prefers_first_publication),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
