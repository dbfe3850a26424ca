/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a page was published: every place that may say so, the most telling first. */
#include "html.h"

#include <stdio.h>
#include <string.h>

#define EARLIEST  1991 /* there were no pages before */
#define LINE_LONG 160  /* bytes; longer blocks are prose */
#define NEAR      12   /* blocks around the headline in which a date line is looked for */

/* Places, the most telling first. */
enum {
    RANK_JSON,
    RANK_META,
    RANK_JSON_PAGE,
    RANK_MICRODATA,
    RANK_TIME_NAMED,
    RANK_ADDRESS,
    RANK_META_PLAIN,
    RANK_TIME_NEAR,
    RANK_LINE_SAID,
    RANK_LINE_NEAR,
    RANK_TIME_ANY,
    RANK_LINE_DATED,
    RANK_CREATED,
    RANK_MODIFIED,
    RANK_LINE_ANY,
    RANKS
};

static const double PROBABILITY[RANKS] = {.98, .97, .94, .95, .92, .9,  .88, .85,
                                          .9,  .8,  .65, .65, .6,  .55, .5};

typedef struct choice {
    const abn_intake *reading;
    const char *lang;
    bool month_first;
    uint32_t headline; /* a block, or UINT32_MAX */
    uint32_t headline_flags;
    int rank;
    abn_stamp stamp;
    bool seen; /* by readers of the page */
    char where[64];
} choice;

static void offer_stamp(choice *best, int rank, const abn_stamp *stamp, const char *place,
                        const char *name)
{
    if (rank >= best->rank || !abn_day_possible(best->reading->options, stamp->date, EARLIEST))
        return;
    best->rank = rank;
    best->stamp = *stamp;
    best->seen = strcmp(place, "time element") == 0 || strcmp(place, "date line") == 0;
    snprintf(best->where, sizeof best->where, "%s%s%s", place, name[0] ? " " : "", name);
}

static void offer(choice *best, int rank, const char *value, const char *place, const char *name)
{
    abn_stamp stamp;
    if (rank < best->rank && value[0] &&
        abn_stamp_read(abn_slice_of(value),
                       (abn_stamp_ways){best->month_first, best->reading->words}, &stamp))
        offer_stamp(best, rank, &stamp, place, name);
}

static bool contains(const char *name, const char *const *parts)
{
    for (; *parts; parts++)
        if (strstr(name, *parts)) return true;
    return false;
}

/* Rank of a meta element by its name, RANKS when it is not about the article's date. */
static int meta_rank(const char *name)
{
    static const char *const no[] = {"expir",   "publisher", "event", "start", "end",
                                     "gentime", "valid",     "verif", "birth", NULL};
    static const char *const modified[] = {"modif", "updat", "moddate", "revis", "lastmod", NULL};
    static const char *const dates[] = {"date",    "time",    "publish", "issued",
                                        "created", "release", NULL};
    static const char *const first[] = {"publi",         "pubdate",     "pub-date", "pub_date",
                                        "issued",        "created",     "release",  "original",
                                        "sailthru.date", "articledate", "creat",    NULL};
    static const char *const plain[] = {
        "date",         "dc.date",     "dcterms.date", "dc:date",  "og:date",
        "article:date", "displaydate", "article.date", "datetime", NULL};
    if (contains(name, no) || !contains(name, dates)) return RANKS;
    if (contains(name, modified)) return RANK_MODIFIED;
    if (contains(name, first)) return RANK_META;
    for (const char *const *p = plain; *p; p++)
        if (strcmp(name, *p) == 0) return RANK_META_PLAIN;
    return strstr(name, "date") ? RANK_TIME_ANY : RANKS;
}

static int item_rank(const char *name)
{
    if (strcmp(name, "datepublished") == 0) return RANK_MICRODATA;
    if (strcmp(name, "datecreated") == 0) return RANK_CREATED;
    return strcmp(name, "datemodified") == 0 || strcmp(name, "dateupdate") == 0 ? RANK_MODIFIED
                                                                                : RANKS;
}

/* Furniture and readers' comments carry dates of their own. What holds the headline, too, is none.
 */
static bool is_foreign(const choice *best, uint32_t flags)
{
    static const uint32_t marks = ABN_HTML_CHROME | ABN_HTML_NAMED | ABN_HTML_COMMENT;
    return (flags & marks & ~best->headline_flags) != 0;
}

static bool is_near(uint32_t block, uint32_t headline)
{
    return headline != UINT32_MAX && block + NEAR >= headline && block <= headline + NEAR;
}

static int time_rank(const choice *best, const abn_webpage_mark *mark)
{
    static const char *const updated[] = {"updat", "modif", NULL};
    static const char *const published[] = {"publi", "entry-date", "post-date", "pubdate", NULL};
    if (mark->flags & ABN_HTML_COMMENT) return RANKS;
    bool said = contains(mark->name, published);
    if ((contains(mark->name, updated) || mark->flags & ABN_HTML_UPDATED) && !said)
        return RANK_MODIFIED;
    if (is_foreign(best, mark->flags)) return RANK_LINE_ANY;
    if (said) return RANK_TIME_NAMED;
    return is_near(mark->block, best->headline) ? RANK_TIME_NEAR : RANK_TIME_ANY;
}

/* An element called "date": its text is a date and little else. */
static void offer_named(const abn_webpage_mark *mark, choice *best)
{
    abn_slice text = abn_slice_of(mark->value);
    abn_stamp stamp;
    abn_date_line line;
    if (mark->flags & ABN_HTML_COMMENT || best->rank <= RANK_LINE_SAID ||
        !abn_day_find(best->reading, best->lang, text, best->month_first, &stamp) ||
        !abn_page_date_line(best->reading->words, text, stamp.start, stamp.end, &line))
        return;
    int rank = is_near(mark->block, best->headline) ? RANK_LINE_NEAR : RANK_LINE_DATED;
    if (is_foreign(best, mark->flags)) rank = RANK_LINE_ANY;
    if (line.update && !line.lead)
        rank = RANK_MODIFIED;
    else if (line.lead)
        rank = RANK_LINE_SAID;
    offer_stamp(best, rank, &stamp, "date line", "");
}

static void offer_marks(const abn_webpage *page, choice *best)
{
    for (uint32_t i = 0; i < page->n_marks; i++) {
        const abn_webpage_mark *mark = &page->marks[i];
        if (mark->source == ABN_HTML_META)
            offer(best, meta_rank(mark->name), mark->value, "meta", mark->name);
        else if (mark->source == ABN_HTML_TIME)
            offer(best, time_rank(best, mark), mark->value, "time element", "");
        else if (mark->source == ABN_HTML_NAME)
            offer_named(mark, best);
        else if (!(mark->flags & ABN_HTML_COMMENT))
            offer(best, item_rank(mark->name), mark->value, "microdata", mark->name);
    }
}

static void offer_json(const abn_webpage *page, choice *best)
{
    const abn_jsonld *json = &page->json;
    offer(best,
          json->rank == 3   ? RANK_JSON
          : json->rank == 2 ? RANK_JSON_PAGE
                            : RANK_TIME_NEAR,
          json->published, "json-ld", "datePublished");
    offer(best, RANK_CREATED, json->created, "json-ld", "dateCreated");
    offer(best, RANK_MODIFIED, json->modified, "json-ld", "dateModified");
}

/* What a visible line with a date is worth. */
static int line_rank(const abn_webpage *page, uint32_t i, const abn_stamp *stamp,
                     const choice *best)
{
    const abn_webpage_block *block = &page->blocks[i];
    abn_date_line line;
    if (!abn_page_date_line(best->reading->words, abn_webpage_text(page, i), stamp->start,
                            stamp->end, &line))
        return RANKS;
    bool near = is_near(i, best->headline);
    if (is_foreign(best, block->flags)) return line.alone || line.lead ? RANK_LINE_ANY : RANKS;
    if (line.update && !line.lead) return RANK_MODIFIED;
    if (line.lead) return RANK_LINE_SAID;
    if (near && (line.alone || block->flags & ABN_HTML_DATED)) return RANK_LINE_NEAR;
    if (block->flags & ABN_HTML_DATED) return RANK_LINE_DATED;
    return RANK_LINE_ANY;
}

static void offer_lines(const abn_webpage *page, choice *best)
{
    for (uint32_t i = 0; i < page->n_blocks && best->rank > RANK_LINE_SAID; i++) {
        const abn_webpage_block *block = &page->blocks[i];
        abn_stamp stamp;
        if (block->len > LINE_LONG || (block->flags & ABN_HTML_COMMENT) ||
            !abn_day_find(best->reading, best->lang, abn_webpage_text(page, i), best->month_first,
                          &stamp))
            continue;
        int rank = line_rank(page, i, &stamp, best);
        offer_stamp(best, rank, &stamp, "date line", "");
    }
}

void abn_webpage_date(const abn_webpage *page, const abn_intake *reading, abn_document *document)
{
    abn_slice address = {page->address.data ? page->address.data : "", page->address.len};
    uint32_t headline = abn_webpage_headline(page);
    choice best = {.reading = reading,
                   .lang = document->lang,
                   .headline = headline,
                   .headline_flags = headline == UINT32_MAX ? 0 : page->blocks[headline].flags,
                   .month_first = abn_month_first(page->lang, document->lang, address),
                   .rank = RANKS};
    abn_stamp stamp;
    offer_json(page, &best);
    offer_marks(page, &best);
    if (abn_stamp_address(address, &stamp)) offer_stamp(&best, RANK_ADDRESS, &stamp, "address", "");
    if (best.rank > RANK_TIME_NEAR) offer_lines(page, &best);
    if (best.rank == RANKS) return;
    abn_document_publish(reading, document, &best.stamp,
                         best.seen ? ABN_BASIS_TEXT : ABN_BASIS_METADATA, PROBABILITY[best.rank],
                         best.where);
}
