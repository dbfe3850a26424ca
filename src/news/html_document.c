/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "html.h"

#include <string.h>

/* A page's title without the name of the site behind it. */
static abn_slice without_site(abn_slice title)
{
    static const char *const marks[] = {" | ",        " - ", " \xE2\x80\x93 ", " \xE2\x80\x94 ",
                                        " \xC2\xBB ", " :: "};
    size_t cut = 0;
    for (size_t k = 0; k < sizeof marks / sizeof *marks && cut == 0; k++) {
        size_t n = strlen(marks[k]);
        for (size_t i = title.len; i >= n; i--)
            if (memcmp(title.ptr + i - n, marks[k], n) == 0) {
                cut = i - n;
                break;
            }
    }
    if (cut >= 15 && cut * 5 >= title.len * 2) title.len = cut;
    return title;
}

static abn_slice of_buf(const abn_buf *buf)
{
    return (abn_slice){buf->data ? buf->data : "", buf->len};
}

static bool set_title(const abn_webpage *page, abn_document *document)
{
    uint32_t headline = abn_webpage_headline(page);
    abn_slice title = abn_slice_of(page->json.rank == 3 ? page->json.headline : "");
    if (headline != UINT32_MAX) title = abn_webpage_text(page, headline);
    if (title.len == 0) title = abn_slice_trim(of_buf(&page->og_title));
    if (title.len == 0) title = without_site(abn_slice_trim(of_buf(&page->title)));
    return abn_document_set_title(document, title);
}

abn_status abn_webpage_fragment(const abn_intake *reading, abn_slice utf8, abn_buf *out,
                                abn_error *err)
{
    abn_webpage page = {0};
    abn_status status = abn_webpage_parse(utf8, reading->source, &page, err);
    for (uint32_t i = 0; status == ABN_OK && i < page.n_blocks; i++) {
        abn_slice text = abn_webpage_text(&page, i);
        if (abn_page_line_kind(reading->words, text) != ABN_PAGE_TEXT) continue;
        abn_buf_slice(out, text);
        abn_buf_char(out, '\n');
    }
    abn_webpage_free(&page);
    return status;
}

abn_status abn_document_read_html(const abn_intake *reading, abn_slice utf8, abn_error *err)
{
    abn_webpage page = {0};
    abn_buf text = {0};
    abn_document *document = NULL;
    abn_status status = abn_webpage_parse(utf8, reading->source, &page, err);
    if (status == ABN_OK) status = abn_webpage_main_text(&page, reading->words, &text, err);
    if (status != ABN_OK) goto done;
    document = abn_document_new(reading, 0);
    if (document == NULL || !set_title(&page, document)) {
        status = abn_fail_memory(err);
        goto done;
    }
    if (text.len == 0 && document->title[0] == '\0') {
        status =
            abn_fail_at(err, ABN_DATA, reading->source, 0, 0, "HTML without a text of its own");
        goto done;
    }
    const char *stated = page.lang[0] ? page.lang : page.json.lang;
    abn_document_choose_language(reading, of_buf(&text), stated, document->lang);
    abn_webpage_date(&page, reading, document);
    status = abn_document_finish(reading, document, &text, stated, err);
    document = NULL;
done:
    abn_document_free(document);
    abn_buf_free(&text);
    abn_webpage_free(&page);
    return status;
}
