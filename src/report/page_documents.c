/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each document of the page: how it came to its date, and its claims beside the prices' verdict. */
#include "page_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

/* The claim's own figure marked inside its quote, where the quote holds it as printed. */
static void put_quote(const abn_page_parts *p, const char *quote, const char *pct)
{
    const char *digits = pct[0] == '-' || pct[0] == '+' ? pct + 1 : pct;
    size_t len = strlen(digits);
    char comma[40];
    if (len >= sizeof comma) len = 0;
    memcpy(comma, digits, len);
    comma[len] = '\0';
    char *point = strchr(comma, '.');
    const char *hit = len ? strstr(quote, digits) : NULL;
    if (!hit && point) { /* French and German write a comma */
        *point = ',';
        hit = strstr(quote, comma);
    }
    char *before = hit ? abn_slice_dup((abn_slice){quote, (size_t)(hit - quote)}) : NULL;
    char *figure = hit ? abn_slice_dup((abn_slice){hit, len}) : NULL;
    if (hit && (!before || !figure)) p->out->failed = true;
    abn_buf_text(p->out, "<q>");
    if (before && figure) {
        abn_html_text(p->out, before);
        abn_buf_text(p->out, "<mark>");
        abn_html_text(p->out, figure);
        abn_buf_text(p->out, "</mark>");
        abn_html_text(p->out, hit + len);
    } else {
        abn_html_text(p->out, quote);
    }
    abn_buf_text(p->out, "</q>");
    free(before);
    free(figure);
}

static void put_verdict(const abn_page_parts *p, size_t i)
{
    const abn_frame *c = p->t[ABN_PAGE_CLAIMS];
    const char *verdict = abn_frame_text(c, i, "verdict");
    const char *known[] = {"confirmed", "contradicted", "untestable"};
    abn_buf_text(p->out, "<span");
    for (int k = 0; k < 3; k++)
        if (same(verdict, known[k])) abn_buf_printf(p->out, " class=%s", known[k]);
    abn_buf_text(p->out, ">");
    abn_html_text(p->out, verdict);
    abn_buf_text(p->out, "</span>");
    double actual = abn_frame_real(c, i, "actual_pct");
    if (isfinite(actual)) abn_buf_printf(p->out, ", prices say %+.3f&nbsp;%%", actual);
    if (abn_frame_text(c, i, "actual_level")[0]) {
        abn_buf_text(p->out, " (");
        abn_html_text(p->out, abn_frame_text(c, i, "actual_level"));
        abn_buf_text(p->out, ")");
    }
}

static void put_claims(const abn_page_parts *p, const char *doc)
{
    const abn_frame *c = p->t[ABN_PAGE_CLAIMS];
    bool open = false;
    for (size_t i = 0; i < abn_frame_rows(c); i++) {
        if (!same(abn_frame_text(c, i, "doc"), doc)) continue;
        abn_buf_text(p->out, open ? "<li>" : "<ul><li>");
        open = true;
        abn_html_text(p->out, abn_frame_text(c, i, "symbol"));
        abn_buf_text(p->out, " ");
        abn_html_text(p->out, abn_frame_text(c, i, "kind"));
        abn_buf_text(p->out, ", session ");
        abn_html_text(p->out, abn_frame_text(c, i, "session")[0] ? abn_frame_text(c, i, "session")
                                                                 : "not known");
        abn_buf_text(p->out, ": ");
        put_verdict(p, i);
        abn_buf_text(p->out, "<br>");
        put_quote(p, abn_frame_text(c, i, "quote"), abn_frame_text(c, i, "pct"));
        abn_buf_text(p->out, "</li>\n");
    }
    abn_buf_text(p->out, open ? "</ul>" : "<p class=soft>It claims no move of a listing.</p>");
}

static void put_dating(const abn_page_parts *p, size_t i)
{
    const abn_frame *d = p->t[ABN_PAGE_DOCUMENTS];
    double probability = abn_frame_real(d, i, "published_probability");
    const char *published = abn_frame_text(d, i, "published");
    abn_buf_text(p->out, "<p>");
    if (!published[0])
        abn_buf_text(p->out, "Publication day not known.");
    else {
        abn_buf_text(p->out, "Published <strong>");
        abn_html_text(p->out, published);
        abn_buf_text(p->out, "</strong> by ");
        abn_html_text(p->out, abn_frame_text(d, i, "published_basis"));
        if (isfinite(probability)) abn_buf_printf(p->out, ", probability %.2f", probability);
        abn_buf_text(p->out, ".");
    }
    if (abn_frame_text(d, i, "runner_up")[0]) {
        abn_buf_text(p->out, " Runner-up ");
        abn_html_text(p->out, abn_frame_text(d, i, "runner_up"));
        abn_buf_printf(p->out, ", probability %.2f.",
                       abn_frame_real(d, i, "runner_up_probability"));
    }
    if (abn_frame_text(d, i, "evidence")[0]) {
        abn_buf_text(p->out, " <span class=soft>");
        abn_html_text(p->out, abn_frame_text(d, i, "evidence"));
        abn_buf_text(p->out, "</span>");
    }
    abn_buf_text(p->out, "</p>\n");
}

void abn_page_documents(const abn_page_parts *p)
{
    const abn_frame *d = p->t[ABN_PAGE_DOCUMENTS];
    if (!abn_frame_rows(d)) return;
    abn_buf_text(p->out, "<h2 id=documents>What the texts say</h2>\n");
    for (size_t i = 0; i < abn_frame_rows(d) && i < 200; i++) {
        const char *doc = abn_frame_text(d, i, "doc"), *lang = abn_frame_text(d, i, "lang");
        abn_buf_text(p->out, "<article><h3");
        if (lang[0]) {
            abn_buf_text(p->out, " lang=\"");
            abn_html_text(p->out, lang);
            abn_buf_text(p->out, "\"");
        }
        abn_buf_text(p->out, ">");
        abn_html_text(p->out,
                      abn_frame_text(d, i, "title")[0] ? abn_frame_text(d, i, "title") : doc);
        abn_buf_text(p->out, "</h3><p class=soft>");
        abn_html_text(p->out, doc);
        abn_buf_text(p->out, "</p>");
        put_dating(p, i);
        put_claims(p, doc);
        abn_buf_text(p->out, "</article>\n");
    }
}
