/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain texts: the title, the furniture that copying brought along, and a date line near the top.
 */
#include "document_build.h"
#include "utf8.h"

#include <string.h>

#define TOP_LINES  15     /* non-empty ones in which a date line is looked for */
#define TOP_BYTES  4000   /* ... and how far they may reach */
#define LINE_LONG  160    /* bytes; a longer line is a paragraph */
#define ARTICLE    200    /* bytes that stand before the end of an article */
#define TAIL_BYTES 100000 /* what follows an article is not longer */
#define SENTENCE   30     /* bytes that a sentence has at least */
#define PLACE_LONG 70     /* bytes of the place and date that open a dispatch */

static bool next_line(abn_slice text, size_t *at, abn_slice *line)
{
    if (*at >= text.len) return false;
    const char *start = text.ptr + *at, *end = memchr(start, '\n', text.len - *at);
    size_t n = end ? (size_t)(end - start) : text.len - *at;
    *line = (abn_slice){start, n};
    *at += n + (end != NULL);
    return true;
}

/* Put a blank for each character but line breaks, so that places in the text stay what they are. */
static void add_blanks(abn_buf *out, abn_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (((unsigned char)c & 0xC0) != 0x80) abn_buf_char(out, c == '\n' || c == '\r' ? c : ' ');
    }
}

/* Copy the text with its furniture blanked. */
static void copy_text(const abn_page_words *words, abn_slice text, abn_buf *out)
{
    size_t at = 0, kept = 0, before;
    abn_slice line;
    abn_buf_reserve(out, text.len);
    while (before = at, next_line(text, &at, &line)) {
        if (line.len < 2 || line.len > LINE_LONG) continue;
        abn_page_line kind = abn_page_line_kind(words, line);
        bool over = kind == ABN_PAGE_END && before > ARTICLE && text.len - before < TAIL_BYTES;
        if (kind != ABN_PAGE_CHROME && !over) continue;
        size_t until = over ? text.len : at;
        abn_buf_add(out, text.ptr + kept, before - kept);
        add_blanks(out, (abn_slice){text.ptr + before, until - before});
        kept = at = until;
    }
    abn_buf_add(out, text.ptr + kept, text.len - kept);
}

static size_t count_words(abn_slice line)
{
    size_t n = 0;
    for (size_t i = 0; i < line.len; i++)
        n += line.ptr[i] != ' ' && (i == 0 || line.ptr[i - 1] == ' ');
    return n;
}

static bool is_date_line(const abn_page_words *words, abn_slice line)
{
    abn_stamp stamp;
    abn_date_line said;
    return line.len <= LINE_LONG &&
           abn_stamp_find(line, 0, (abn_stamp_ways){false, words}, &stamp) &&
           abn_page_date_line(words, line, stamp.start, stamp.end, &said) &&
           (said.lead || said.alone || said.by || said.update);
}

/* A paragraph serves as title by its first sentence. */
static abn_slice first_sentence(abn_slice line)
{
    for (size_t i = SENTENCE; line.len > LINE_LONG && i + 2 < line.len; i++)
        if (strchr(".!?", line.ptr[i]) && line.ptr[i + 1] == ' ')
            return (abn_slice){line.ptr, i + 1};
    return line;
}

/* The first line that reads like a headline, else the first line. */
static abn_slice find_title(const abn_page_words *words, abn_slice text)
{
    size_t at = 0;
    abn_slice line, first = {"", 0};
    for (int lines = 0; lines < TOP_LINES && next_line(text, &at, &line);) {
        line = abn_slice_trim(line);
        if (line.len == 0) continue;
        lines++;
        if (first.len == 0) first = line;
        if (count_words(line) >= 2 && !is_date_line(words, line)) return first_sentence(line);
    }
    return first;
}

typedef struct found {
    abn_stamp stamp;
    double probability;
    const char *where;
} found;

static void offer(found *best, const abn_stamp *stamp, double probability, const char *where)
{
    if (probability > best->probability) *best = (found){*stamp, probability, where};
}

/* "CUPERTINO, Calif., Feb. 11, 2025 /PRNewswire/ --": nothing but a place before the date, and what
 * opens a dispatch behind it. */
static bool opens_dispatch(abn_slice line, const abn_stamp *stamp)
{
    static const char *const marks[] = {"-", "/", "(", "\xE2\x80\x93", "\xE2\x80\x94", "\xC2\xB7"};
    bool capital = true, city = false;
    if (stamp->end > PLACE_LONG) return false;
    for (size_t i = 0; i < stamp->start; i++) {
        char c = line.ptr[i];
        bool first = i == 0 || line.ptr[i - 1] == ' ' || line.ptr[i - 1] == '(';
        if (c >= '0' && c <= '9') return false;
        capital &= !(first && c >= 'a' && c <= 'z');
        city |= c == ',' || c == '(' || c == '/';
    }
    size_t at = stamp->end;
    while (at < line.len && strchr(" ,.)", line.ptr[at]))
        at++;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t n = strlen(marks[i]);
        if (at + n <= line.len && memcmp(line.ptr + at, marks[i], n) == 0) return capital && city;
    }
    return false;
}

static void judge_line(const abn_intake *reading, abn_slice line, const abn_stamp *stamp,
                       bool first, found *best)
{
    abn_date_line said;
    if (!abn_page_date_line(reading->words, line, stamp->start, stamp->end, &said)) {
        if (opens_dispatch(line, stamp)) offer(best, stamp, .9, "dateline");
        return;
    }
    if (said.update && !said.lead)
        offer(best, stamp, .6, "date line of an update");
    else if (said.lead)
        offer(best, stamp, .93, "date line");
    else if (said.alone || said.by)
        offer(best, stamp, .85, "date line");
    else if (!first)
        offer(best, stamp, .75, "date line");
}

/* The day that a line near the top states. Prose never does. */
static void find_date(const abn_intake *reading, abn_slice text, abn_document *document)
{
    bool month_first = abn_month_first("", document->lang, (abn_slice){"", 0});
    found best = {.probability = 0};
    size_t at = 0;
    abn_slice line;
    for (int lines = 0; lines < TOP_LINES && at < TOP_BYTES && next_line(text, &at, &line);) {
        line = abn_slice_trim(line);
        if (line.len == 0) continue;
        abn_slice head = {line.ptr, line.len > LINE_LONG ? PLACE_LONG + 10 : line.len};
        abn_stamp stamp;
        if (abn_day_find(reading, document->lang, head, month_first, &stamp) &&
            abn_day_possible(reading->options, stamp.date, 1900))
            judge_line(reading, line, &stamp, lines == 0, &best);
        lines++;
    }
    if (best.probability > 0)
        abn_document_publish(reading, document, &best.stamp, ABN_BASIS_TEXT, best.probability,
                             best.where);
}

abn_status abn_document_read_text(const abn_intake *reading, abn_slice utf8, abn_error *err)
{
    abn_buf text = {0};
    abn_document *document = abn_document_new(reading, 0);
    abn_status status = document ? ABN_OK : abn_fail_memory(err);
    if (status != ABN_OK) goto done;
    copy_text(reading->words, utf8, &text);
    status = abn_buf_status(&text, err);
    if (status != ABN_OK) goto done;
    abn_slice kept = {text.data, text.len};
    abn_document_choose_language(reading, kept, "", document->lang);
    find_date(reading, utf8, document);
    if (!abn_document_set_title(document, find_title(reading->words, kept))) {
        status = abn_fail_memory(err);
        goto done;
    }
    status = abn_document_finish(reading, document, &text, "", err);
    document = NULL;
done:
    abn_document_free(document);
    abn_buf_free(&text);
    return status;
}
