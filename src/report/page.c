/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/page.h>

#include "html.h"

#include <abnorm/date.h>
#include <abnorm/file.h>
#include <abnorm/instant.h>
#include <abnorm/plot.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_ROWS 500

enum { EVENTS, ALIGNMENT, CARS, TESTS, MODELS, DOCUMENTS, CLAIMS, TABLES };
static const char *const names[TABLES] = {"events", "alignment", "cars",  "tests",
                                          "models", "documents", "claims"};

typedef struct page {
    const char *folder;
    const abn_exchanges *exchanges;
    abn_frame *t[TABLES];
    json_t *run; /* run.json, or NULL */
    abn_buf *out;
} page;

static bool same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

/* ---- the answer ---- */

static ptrdiff_t find_event(const abn_frame *events, const char *id)
{
    for (size_t i = 0; i < abn_frame_rows(events); i++)
        if (same(abn_frame_text(events, i, "event_id"), id)) return (ptrdiff_t)i;
    return -1;
}

/* The window that answers best in a sentence: [0, 1], which holds a day whose hour is not known;
 * else the first. */
static size_t answer_row(const abn_frame *cars, size_t from, size_t *end)
{
    const char *event = abn_frame_text(cars, from, "event_id");
    const char *symbol = abn_frame_text(cars, from, "symbol");
    size_t best = from, i = from;
    for (; i < abn_frame_rows(cars); i++) {
        if (!same(abn_frame_text(cars, i, "event_id"), event) ||
            !same(abn_frame_text(cars, i, "symbol"), symbol))
            break;
        if (same(abn_frame_text(cars, i, "window_from"), "0") &&
            same(abn_frame_text(cars, i, "window_to"), "1") &&
            same(abn_frame_text(cars, i, "model"), abn_frame_text(cars, from, "model")))
            best = i;
    }
    *end = i;
    return best;
}

static void put_event_name(page *p, const char *id)
{
    ptrdiff_t at = find_event(p->t[EVENTS], id);
    if (at < 0) {
        abn_buf_text(p->out, "event ");
        abn_html_text(p->out, id);
        return;
    }
    abn_buf_text(p->out, "the ");
    abn_html_text(p->out, abn_frame_text(p->t[EVENTS], (size_t)at, "type"));
    abn_buf_text(p->out, " ");
    abn_html_text(p->out, abn_frame_text(p->t[EVENTS], (size_t)at, "status"));
    abn_buf_text(p->out, " on ");
    abn_html_text(p->out, abn_frame_text(p->t[EVENTS], (size_t)at, "announced_on"));
}

static void put_move(page *p, size_t row)
{
    const abn_frame *cars = p->t[CARS];
    double p_value = abn_frame_real(cars, row, "p");
    abn_buf_text(p->out, " <strong>");
    abn_html_text(p->out, abn_frame_text(cars, row, "symbol"));
    abn_buf_text(p->out, "</strong> ");
    abn_html_percent(p->out, abn_frame_real(cars, row, "car"));
    abn_buf_text(p->out, " (95&nbsp;% interval ");
    abn_html_percent(p->out, abn_frame_real(cars, row, "lo"));
    abn_buf_text(p->out, " to ");
    abn_html_percent(p->out, abn_frame_real(cars, row, "hi"));
    if (isfinite(p_value))
        abn_buf_printf(p->out,
                       p_value < 0.0001 ? ", p&nbsp;&lt;&nbsp;.0001" : ", p&nbsp;=&nbsp;%.4f",
                       p_value);
    abn_buf_text(p->out, ")");
}

static void put_answer(page *p)
{
    const abn_frame *cars = p->t[CARS];
    const char *event = "";
    size_t told = 0;
    for (size_t i = 0, end; i < abn_frame_rows(cars) && told < 24; i = end, told++) {
        size_t row = answer_row(cars, i, &end);
        if (!isfinite(abn_frame_real(cars, row, "car"))) continue;
        if (!same(event, abn_frame_text(cars, row, "event_id"))) {
            abn_buf_text(p->out, event[0] ? ".</p>\n<p class=answer>" : "<p class=answer>");
            event = abn_frame_text(cars, row, "event_id");
            abn_buf_text(p->out, "Beyond what its benchmark explains, ");
            put_event_name(p, event);
            abn_buf_text(p->out, " moved in sessions ");
            abn_html_text(p->out, abn_frame_text(cars, row, "window_from"));
            abn_buf_text(p->out, " to ");
            abn_html_text(p->out, abn_frame_text(cars, row, "window_to"));
            abn_buf_text(p->out, ":");
        } else {
            abn_buf_text(p->out, ",");
        }
        put_move(p, row);
    }
    if (event[0]) abn_buf_text(p->out, ".</p>\n");
    if (abn_frame_rows(cars) > told && told == 24)
        abn_buf_text(p->out, "<p class=soft>More events are in the tables below.</p>\n");
}

/* ---- timeline ---- */

static void put_clock(page *p, const char *mic, const char *announced)
{
    abn_instant at;
    const abn_exchange *x =
        p->exchanges ? abn_exchanges_find(p->exchanges, abn_slice_of(mic)) : NULL;
    char text[ABN_INSTANT_MAX];
    if (!abn_instant_parse(abn_slice_of(announced), &at, NULL) || !x) {
        abn_buf_text(p->out, "hour not stated");
        return;
    }
    abn_instant_format(at, abn_zone_offset_sec(&x->zone, at), text);
    text[10] = ' ';
    text[16] = '\0';
    abn_html_text(p->out, text);
}

static void put_timeline(page *p)
{
    const abn_frame *a = p->t[ALIGNMENT];
    if (!abn_frame_rows(a)) return;
    abn_buf_text(p->out, "<h2 id=timeline>When each market could react</h2>\n"
                         "<div class=scroll tabindex=0 role=region aria-label=\"Timeline\">"
                         "<table><caption>Announcement on each market's own clock, and the first "
                         "session that met it</caption><thead><tr><th scope=col>event</th>"
                         "<th scope=col>listing</th><th scope=col>market</th><th scope=col>"
                         "announced, local time</th><th scope=col>first session</th><th scope=col>"
                         "phase</th><th scope=col>note</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < abn_frame_rows(a) && i < MOST_ROWS; i++) {
        const char *id = abn_frame_text(a, i, "event_id");
        ptrdiff_t at = find_event(p->t[EVENTS], id);
        const char *mic = abn_frame_text(a, i, "mic");
        abn_buf_text(p->out, "<tr><td>");
        abn_html_text(p->out, id);
        abn_buf_text(p->out, "</td><td>");
        abn_html_text(p->out, abn_frame_text(a, i, "symbol"));
        abn_buf_text(p->out, "</td><td>");
        abn_html_text(p->out, mic);
        abn_buf_text(p->out, "</td><td>");
        put_clock(p, mic, at < 0 ? "" : abn_frame_text(p->t[EVENTS], (size_t)at, "announced_at"));
        abn_buf_text(p->out, "</td><td>");
        abn_html_text(p->out, abn_frame_text(a, i, "first_session"));
        abn_buf_text(p->out, "</td><td>");
        abn_html_text(p->out, abn_frame_text(a, i, "phase"));
        abn_buf_text(p->out, "</td><td class=wide>");
        abn_html_text(p->out, abn_frame_text(a, i, "note"));
        abn_buf_text(p->out, "</td></tr>\n");
    }
    abn_buf_text(p->out, "</tbody></table></div>\n");
}

/* ---- documents ---- */

/* The claim's own figure marked inside its quote, where the quote holds it as printed. */
static void put_quote(page *p, const char *quote, const char *pct)
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

static void put_verdict(page *p, size_t i)
{
    const abn_frame *c = p->t[CLAIMS];
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

static void put_claims(page *p, const char *doc)
{
    const abn_frame *c = p->t[CLAIMS];
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

static void put_dating(page *p, size_t i)
{
    const abn_frame *d = p->t[DOCUMENTS];
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

static void put_documents(page *p)
{
    const abn_frame *d = p->t[DOCUMENTS];
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

/* ---- pictures, tables, settings ---- */

static abn_status put_pictures(page *p, abn_error *err)
{
    bool any = false;
    for (size_t i = 0; i < abn_plots_count; i++) {
        abn_buf figure = {0};
        bool there = false;
        abn_status status =
            abn_html_svg(&figure, p->folder, abn_plots[i].name, abn_plots[i].shows, &there, err);
        if (status == ABN_OK && there) {
            if (!any) abn_buf_text(p->out, "<h2 id=pictures>Pictures</h2>\n");
            any = true;
            abn_buf_add(p->out, figure.data, figure.len);
        }
        abn_buf_free(&figure);
        if (status != ABN_OK) return status;
    }
    return ABN_OK;
}

static void put_tables(page *p)
{
    static const char *const captions[TABLES] = {
        [EVENTS] = "events.csv: what was announced, when, told by which documents",
        [CARS] = "cars.csv: cumulative abnormal return of each listing and window",
        [TESTS] = "tests.csv: is the average more than chance?",
        [MODELS] = "models.csv: the expected-return models as fitted",
        [ALIGNMENT] = "alignment.csv: sessions and windows of each event"};
    static const int order[] = {EVENTS, CARS, TESTS, MODELS, ALIGNMENT};
    abn_buf_text(p->out, "<h2 id=tables>Tables</h2>\n");
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        abn_html_table(p->out, p->t[order[i]], captions[order[i]], NULL, MOST_ROWS);
}

static void put_pair(page *p, const char *name, const char *value)
{
    abn_buf_text(p->out, "<dt>");
    abn_html_text(p->out, name);
    abn_buf_text(p->out, "</dt><dd>");
    abn_html_text(p->out, value);
    abn_buf_text(p->out, "</dd>\n");
}

static void put_settings(page *p)
{
    if (!p->run) return;
    const char *name;
    json_t *value;
    size_t at;
    abn_buf_text(p->out, "<h2 id=settings>Settings and inputs</h2>\n<dl>");
    json_object_foreach(json_object_get(p->run, "settings"), name, value)
        put_pair(p, name, json_is_string(value) ? json_string_value(value) : "");
    abn_buf_text(p->out, "</dl>\n<h3>Inputs, by SHA-256</h3>\n<dl>");
    json_array_foreach(json_object_get(p->run, "inputs"), at, value)
    {
        const char *path = json_string_value(json_object_get(value, "path"));
        const char *hash = json_string_value(json_object_get(value, "sha256"));
        put_pair(p, path ? path : "", hash ? hash : "");
    }
    abn_buf_text(p->out, "</dl>\n");
    if (json_array_size(json_object_get(p->run, "notes"))) {
        abn_buf_text(p->out, "<h3>Notes of the run</h3>\n<ul>");
        json_array_foreach(json_object_get(p->run, "notes"), at, value)
        {
            abn_buf_text(p->out, "<li>");
            abn_html_text(p->out, json_string_value(value) ? json_string_value(value) : "");
            abn_buf_text(p->out, "</li>\n");
        }
        abn_buf_text(p->out, "</ul>\n");
    }
}

static void put_question(page *p)
{
    abn_buf_printf(
        p->out, "<p class=soft>%zu documents, %zu events, %zu listing windows measured.</p>\n",
        abn_frame_rows(p->t[DOCUMENTS]), abn_frame_rows(p->t[EVENTS]), abn_frame_rows(p->t[CARS]));
    abn_buf_text(p->out, "<p>How much did each announcement move each listing beyond what the "
                         "market explains, and was it more than chance?</p>\n");
}

static abn_status put_page(page *p, abn_error *err)
{
    abn_buf_text(p->out, "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
                         "<meta name=viewport content=\"width=device-width,initial-scale=1\">\n"
                         "<title>Event study: news and abnormal returns</title>\n<style>\n");
    abn_buf_text(p->out, abn_html_style);
    abn_buf_text(p->out, "</style>\n</head>\n<body>\n<header><h1>News and abnormal returns</h1>\n"
                         "<nav aria-label=Sections><ul><li><a href=\"#answer\">Answer</a></li>");
    if (abn_frame_rows(p->t[ALIGNMENT]))
        abn_buf_text(p->out, "<li><a href=\"#timeline\">Timeline</a></li>");
    if (abn_frame_rows(p->t[DOCUMENTS]))
        abn_buf_text(p->out, "<li><a href=\"#documents\">Texts</a></li>");
    abn_buf_text(p->out, "<li><a href=\"#tables\">Tables</a></li></ul></nav></header>\n<main>\n"
                         "<h2 id=answer>Question and answer</h2>\n");
    put_question(p);
    put_answer(p);
    put_timeline(p);
    abn_status status = put_pictures(p, err);
    put_documents(p);
    put_tables(p);
    put_settings(p);
    abn_buf_text(p->out, "</main>\n<footer><p class=soft>Made by abnorm " ABN_VERSION
                         ".</p></footer>\n<script>\n");
    abn_buf_text(p->out, abn_html_script);
    abn_buf_text(p->out, "</script>\n</body>\n</html>\n");
    return status == ABN_OK ? abn_buf_status(p->out, err) : status;
}

static abn_status load(page *p, abn_error *err)
{
    size_t found = 0;
    for (int i = 0; i < TABLES; i++) {
        abn_status status = abn_frame_load(p->folder, names[i], &p->t[i], err);
        if (status != ABN_OK) return status;
        found += p->t[i] != NULL;
    }
    if (!found)
        return abn_fail_at(err, ABN_NO_INPUT, p->folder, 0, 0,
                           "no table of results here (expected cars.csv, claims.csv, ...)");
    char *path = abn_path_join(p->folder, "run.json");
    if (!path) return abn_fail_memory(err);
    json_error_t e;
    abn_file file = {0};
    abn_status status = abn_is_file(path) ? abn_file_open(path, 64u << 20, &file, err) : ABN_OK;
    if (status == ABN_OK && file.len && !(p->run = json_loadb(file.data, file.len, 0, &e)))
        status = json_error_code(&e) == json_error_out_of_memory
                     ? abn_fail_memory(err)
                     : abn_fail_at(err, ABN_DATA, path, e.line, e.column, "%s", e.text);
    abn_file_close(&file);
    free(path);
    return status;
}

abn_status abn_page_format(const char *folder, const abn_exchanges *exchanges, abn_buf *out,
                           abn_error *err)
{
    page p = {.folder = folder, .exchanges = exchanges, .out = out};
    abn_status status = load(&p, err);
    if (status == ABN_OK) status = put_page(&p, err);
    for (int i = 0; i < TABLES; i++)
        abn_frame_free(p.t[i]);
    json_decref(p.run);
    return status;
}
