/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The main text of a page: the container with most prose, without the furniture in it. */
#include "html.h"

#include <string.h>

#define PROSE_BYTES 80   /* a block this long, with few links, is prose */
#define ENOUGH      200  /* bytes of main text below which a wider net is cast */
#define WIDE        0.25 /* share of the page's prose likewise, unless it is ... */
#define PLENTY      800  /* ... this many bytes */

/* How much of the furniture's marks to believe: names are wrong on some pages. */
typedef enum net { NET_STRICT, NET_TAGS, NET_ALL } net;

static bool is_furniture(const abn_webpage_block *block, net width)
{
    static const uint32_t marks[] = {ABN_HTML_CHROME | ABN_HTML_NAMED | ABN_HTML_COMMENT |
                                         ABN_HTML_HEADER | ABN_HTML_CAPTION,
                                     ABN_HTML_CHROME | ABN_HTML_COMMENT, 0};
    return (block->flags & marks[width]) != 0;
}

static bool ends_sentence(abn_slice text)
{
    static const char quotes[] = "\"')]*";
    while (text.len > 0) {
        char c = text.ptr[text.len - 1];
        if (strchr(".!?:", c) && c) return true;
        if (!(strchr(quotes, c) && c) && (unsigned char)c < 0x80) return false;
        text.len--;
        if ((unsigned char)c >= 0x80)
            while (text.len > 0 && ((unsigned char)text.ptr[text.len] & 0xC0) == 0x80)
                text.len--;
    }
    return false;
}

static bool is_heading(const abn_webpage_block *block)
{
    return block->tag == ABN_HTML_H1 || block->tag == ABN_HTML_H2;
}

static bool is_prose(const abn_webpage *page, uint32_t i)
{
    const abn_webpage_block *block = &page->blocks[i];
    if (block->linked * 5 > block->len * 2 || block->tag == ABN_HTML_H1 ||
        block->tag == ABN_HTML_H2)
        return false;
    return block->len >= PROSE_BYTES ||
           (block->len >= PROSE_BYTES / 2 && ends_sentence(abn_webpage_text(page, i)));
}

/* Bytes of prose; a little for what else an article holds, which may be a line long. */
static double worth_of(const abn_webpage *page, uint32_t i)
{
    const abn_webpage_block *block = &page->blocks[i];
    if (is_heading(block) || block->linked >= block->len) return 0;
    double bytes = (double)(block->len - block->linked);
    if (is_prose(page, i)) return bytes;
    return block->flags & (ABN_HTML_ARTICLE | ABN_HTML_BODY) ? .1 * bytes : 0;
}

/* Give each container the prose of its own blocks, and half of its children's. */
static double score_boxes(abn_webpage *page, net width)
{
    double all = 0;
    for (uint32_t b = 0; b < page->n_boxes; b++)
        page->boxes[b].score = 0;
    for (uint32_t i = 0; i < page->n_blocks; i++) {
        if (is_furniture(&page->blocks[i], width)) continue;
        double worth = worth_of(page, i);
        abn_webpage_box *box = &page->boxes[page->blocks[i].box];
        if (page->blocks[i].flags & ABN_HTML_BODY)
            worth *= 2;
        else if (page->blocks[i].flags & ABN_HTML_ARTICLE)
            worth *= 1.3;
        all += worth;
        box->score += worth;
        for (int up = 0; up < 2 && box != page->boxes; up++, worth *= .8) {
            box = &page->boxes[box->parent];
            box->score += worth * .75;
        }
    }
    return all;
}

static const abn_webpage_box *best_box(const abn_webpage *page)
{
    const abn_webpage_box *best = &page->boxes[0];
    for (uint32_t b = 1; b < page->n_boxes; b++)
        if (page->boxes[b].score > best->score) best = &page->boxes[b];
    return best;
}

/* Of the chosen container: prose, and short pieces that are no list of links. */
static bool belongs(const abn_webpage *page, const abn_page_words *words, uint32_t i, net width)
{
    const abn_webpage_block *block = &page->blocks[i];
    if (is_furniture(block, width) || block->linked * 2 > block->len) return false;
    return abn_page_line_kind(words, abn_webpage_text(page, i)) == ABN_PAGE_TEXT;
}

/* Append the blocks of a container; headings wait for the text that they head. */
static size_t take_box(const abn_webpage *page, const abn_page_words *words,
                       const abn_webpage_box *box, net width, abn_buf *out)
{
    size_t before = out->len;
    uint32_t waiting = UINT32_MAX;
    for (uint32_t i = box->first; i < box->end && i < page->n_blocks; i++) {
        if (!belongs(page, words, i, width)) {
            bool over = abn_page_line_kind(words, abn_webpage_text(page, i)) == ABN_PAGE_END;
            if (over && out->len > before + ENOUGH) break;
            continue;
        }
        if (page->blocks[i].tag == ABN_HTML_H2) {
            waiting = waiting == UINT32_MAX ? i : waiting;
            continue;
        }
        for (; waiting < i; waiting++)
            if (is_heading(&page->blocks[waiting]) && belongs(page, words, waiting, width)) {
                abn_buf_slice(out, abn_webpage_text(page, waiting));
                abn_buf_char(out, '\n');
            }
        waiting = UINT32_MAX;
        abn_buf_slice(out, abn_webpage_text(page, i));
        abn_buf_char(out, '\n');
    }
    return out->len - before;
}

/* Is `part` all of `whole`, or the start of it before the name of the site? */
static bool opens_title(abn_slice whole, abn_slice part)
{
    return part.len >= 10 && part.len <= whole.len && memcmp(whole.ptr, part.ptr, part.len) == 0;
}

/* A heading that the page's title repeats; names of sites stand in headings, too. */
static uint32_t titled_heading(const abn_webpage *page)
{
    abn_slice titles[] = {{page->og_title.data, page->og_title.len},
                          {page->title.data, page->title.len}};
    for (size_t t = 0; t < sizeof titles / sizeof *titles; t++) {
        abn_slice title = titles[t].len ? abn_slice_trim(titles[t]) : titles[t];
        for (uint32_t i = 0; title.len > 0 && i < page->n_blocks; i++)
            if (is_heading(&page->blocks[i]) && !(page->blocks[i].flags & ABN_HTML_CHROME) &&
                opens_title(title, abn_webpage_text(page, i)))
                return i;
    }
    return UINT32_MAX;
}

uint32_t abn_webpage_headline(const abn_webpage *page)
{
    uint32_t titled = titled_heading(page);
    if (titled != UINT32_MAX) return titled;
    for (int strict = 1; strict >= 0; strict--)
        for (uint32_t i = 0; i < page->n_blocks; i++)
            if (page->blocks[i].tag == ABN_HTML_H1 && page->blocks[i].len >= 10 &&
                !(strict && (page->blocks[i].flags & (ABN_HTML_CHROME | ABN_HTML_NAMED))))
                return i;
    return UINT32_MAX;
}

/* Append the text that one width of net brings up; true when it is beyond doubt. */
static bool cast(abn_webpage *page, const abn_page_words *words, uint32_t headline, net width,
                 abn_buf *out)
{
    double whole = score_boxes(page, NET_ALL), prose = score_boxes(page, width);
    const abn_webpage_box *box = best_box(page);
    bool heads = headline != UINT32_MAX && headline >= box->first && headline < box->end;
    if (!heads && headline != UINT32_MAX) {
        abn_buf_slice(out, abn_webpage_text(page, headline));
        abn_buf_char(out, '\n');
    }
    size_t got = take_box(page, words, box, width, out);
    bool article = (box->flags & (ABN_HTML_ARTICLE | ABN_HTML_BODY)) != 0;
    return got >= PLENTY || (got >= ENOUGH && (double)got >= WIDE * whole) ||
           (got > 0 && article && prose > 0);
}

abn_status abn_webpage_main_text(abn_webpage *page, const abn_page_words *words, abn_buf *out,
                                 abn_error *err)
{
    uint32_t headline = abn_webpage_headline(page);
    abn_buf wider = {0};
    if (!cast(page, words, headline, NET_STRICT, out)) {
        cast(page, words, headline, NET_TAGS, &wider);
        bool much = wider.len > out->len * 3 + ENOUGH;
        if (wider.len == 0) cast(page, words, headline, NET_ALL, &wider);
        if (much || out->len == 0) {
            abn_buf_clear(out);
            abn_buf_add(out, wider.data ? wider.data : "", wider.len);
        }
        out->failed |= wider.failed;
    }
    abn_buf_free(&wider);
    return abn_buf_status(out, err);
}
