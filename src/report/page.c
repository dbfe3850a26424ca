/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/page.h>

#include "page_parts.h"

#include <abnorm/file.h>
#include <abnorm/plot.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MOST_ROWS 500

static const char *const names[ABN_PAGE_TABLES] = {[ABN_PAGE_EVENTS] = "events",
                                                   [ABN_PAGE_ALIGNMENT] = "alignment",
                                                   [ABN_PAGE_CARS] = "cars",
                                                   [ABN_PAGE_TESTS] = "tests",
                                                   [ABN_PAGE_MODELS] = "models",
                                                   [ABN_PAGE_DOCUMENTS] = "documents",
                                                   [ABN_PAGE_CLAIMS] = "claims",
                                                   [ABN_PAGE_MOVES] = "moves",
                                                   [ABN_PAGE_COINCIDENCE] = "coincidence",
                                                   [ABN_PAGE_SIMULATION] = "simulation"};

ptrdiff_t abn_page_event(const abn_page_parts *p, const char *id)
{
    const abn_frame *events = p->t[ABN_PAGE_EVENTS];
    for (size_t i = 0; i < abn_frame_rows(events); i++)
        if (strcmp(abn_frame_text(events, i, "event_id"), id) == 0) return (ptrdiff_t)i;
    return -1;
}

/* ---- pictures, tables, settings ---- */

static abn_status put_pictures(const abn_page_parts *p, abn_error *err)
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

static void put_tables(const abn_page_parts *p)
{
    static const char *const captions[ABN_PAGE_TABLES] = {
        [ABN_PAGE_EVENTS] = "events.csv: what was announced, when, told by which documents",
        [ABN_PAGE_CARS] = "cars.csv: cumulative abnormal return of each listing and window",
        [ABN_PAGE_TESTS] = "tests.csv: is the average more than chance?",
        [ABN_PAGE_MODELS] = "models.csv: the expected-return models as fitted",
        [ABN_PAGE_ALIGNMENT] = "alignment.csv: sessions and windows of each event",
        [ABN_PAGE_MOVES] = "moves.csv: abnormal moves, and the events that may explain them",
        [ABN_PAGE_COINCIDENCE] =
            "coincidence.csv: do moves and events meet more often than by chance?",
        [ABN_PAGE_SIMULATION] = "simulation.csv: how often each test rejects"};
    static const int order[] = {ABN_PAGE_EVENTS,      ABN_PAGE_CARS,      ABN_PAGE_TESTS,
                                ABN_PAGE_MODELS,      ABN_PAGE_ALIGNMENT, ABN_PAGE_MOVES,
                                ABN_PAGE_COINCIDENCE, ABN_PAGE_SIMULATION};
    abn_buf_text(p->out, "<h2 id=tables>Tables</h2>\n");
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        abn_html_table(p->out, p->t[order[i]], captions[order[i]], NULL, MOST_ROWS);
}

static void put_pair(const abn_page_parts *p, const char *name, const char *value)
{
    abn_buf_text(p->out, "<dt>");
    abn_html_text(p->out, name);
    abn_buf_text(p->out, "</dt><dd>");
    abn_html_text(p->out, value);
    abn_buf_text(p->out, "</dd>\n");
}

static void put_settings(const abn_page_parts *p)
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

static void put_question(const abn_page_parts *p)
{
    static const struct {
        int table;
        const char *what;
    } counts[] = {{ABN_PAGE_DOCUMENTS, "documents read"},
                  {ABN_PAGE_CLAIMS, "claims of moves"},
                  {ABN_PAGE_EVENTS, "events found in texts"},
                  {ABN_PAGE_ALIGNMENT, "events of listings studied"},
                  {ABN_PAGE_CARS, "cumulative returns measured"},
                  {ABN_PAGE_MOVES, "abnormal moves found"},
                  {ABN_PAGE_SIMULATION, "rejection rates simulated"}};
    const char *before = "<p class=soft>";
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        size_t n = abn_frame_rows(p->t[counts[i].table]);
        if (!n) continue;
        abn_buf_printf(p->out, "%s%s: %zu", before, counts[i].what, n);
        before = ", ";
    }
    const char *question =
        p->t[ABN_PAGE_MOVES] ? "Which sessions moved abnormally, and which events may explain them?"
        : p->t[ABN_PAGE_SIMULATION]
            ? "Which tests keep their size, and what effect do they find?"
            : "How much did each announcement move each listing beyond what "
              "the market explains, and was it more than chance?";
    abn_buf_printf(p->out, "%s<p>%s</p>\n", before[0] == '<' ? "" : "</p>\n", question);
}

static abn_status put_page(const abn_page_parts *p, abn_error *err)
{
    abn_buf_text(p->out, "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
                         "<meta name=viewport content=\"width=device-width,initial-scale=1\">\n"
                         "<title>Event study: news and abnormal returns</title>\n<style>\n");
    abn_buf_text(p->out, abn_html_style);
    abn_buf_text(p->out, "</style>\n</head>\n<body>\n<header><h1>News and abnormal returns</h1>\n"
                         "<nav aria-label=Sections><ul><li><a href=\"#answer\">Answer</a></li>");
    if (abn_frame_rows(p->t[ABN_PAGE_ALIGNMENT]))
        abn_buf_text(p->out, "<li><a href=\"#timeline\">Timeline</a></li>");
    if (abn_frame_rows(p->t[ABN_PAGE_DOCUMENTS]))
        abn_buf_text(p->out, "<li><a href=\"#documents\">Texts</a></li>");
    abn_buf_text(p->out, "<li><a href=\"#tables\">Tables</a></li>");
    if (p->run) abn_buf_text(p->out, "<li><a href=\"#settings\">Settings</a></li>");
    abn_buf_text(p->out, "</ul></nav></header>\n<main>\n"
                         "<h2 id=answer>Question and answer</h2>\n");
    put_question(p);
    abn_status status = abn_page_answer(p, err);
    if (status == ABN_OK) status = abn_page_timeline(p, err);
    if (status == ABN_OK) status = put_pictures(p, err);
    abn_page_documents(p);
    put_tables(p);
    put_settings(p);
    abn_buf_text(p->out, "</main>\n<footer><p class=soft>Made by abnorm " ABN_VERSION
                         ".</p></footer>\n<script>\n");
    abn_buf_text(p->out, abn_html_script);
    abn_buf_text(p->out, "</script>\n</body>\n</html>\n");
    return status == ABN_OK ? abn_buf_status(p->out, err) : status;
}

static abn_status load(abn_page_parts *p, abn_error *err)
{
    size_t found = 0;
    for (int i = 0; i < ABN_PAGE_TABLES; i++) {
        abn_status status = abn_frame_load(p->folder, names[i], &p->t[i], err);
        if (status != ABN_OK) return status;
        found += p->t[i] != NULL;
    }
    if (!found)
        return abn_fail_at(err, ABN_NO_INPUT, p->folder, 0, 0,
                           "no table of results here (expected cars.csv, claims.csv, ...)");
    return ABN_OK;
}

static abn_status parse_record(abn_page_parts *p, abn_slice json, const char *path, abn_error *err)
{
    json_error_t e;
    errno = 0; /* jansson takes lack of memory for a bad token, or drops bytes of a good one */
    p->run = json_loadb(json.ptr, json.len, 0, &e);
    if (errno == ENOMEM) return abn_fail_memory(err);
    return p->run ? ABN_OK : abn_fail_at(err, ABN_DATA, path, e.line, e.column, "%s", e.text);
}

static abn_status load_record(abn_page_parts *p, abn_slice given, abn_error *err)
{
    char *path = abn_path_join(p->folder, "run.json");
    if (!path) return abn_fail_memory(err);
    abn_file file = {0};
    abn_status status = ABN_OK;
    if (!given.len && abn_is_file(path)) {
        status = abn_file_open(path, 64u << 20, &file, err);
        given = (abn_slice){file.data, file.len};
    }
    if (status == ABN_OK && given.len) status = parse_record(p, given, path, err);
    abn_file_close(&file);
    free(path);
    return status;
}

abn_status abn_page_format(const char *folder, abn_slice record, const abn_exchanges *exchanges,
                           abn_buf *out, abn_error *err)
{
    abn_page_parts p = {.folder = folder, .exchanges = exchanges, .out = out};
    abn_status status = load(&p, err);
    if (status == ABN_OK) status = load_record(&p, record, err);
    if (status == ABN_OK) status = put_page(&p, err);
    for (int i = 0; i < ABN_PAGE_TABLES; i++)
        abn_frame_free(p.t[i]);
    json_decref(p.run);
    return status;
}
