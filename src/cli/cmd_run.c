/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `abnorm run`: texts and quotes in; dated events, abnormal returns, tests, pictures and a page
 * out. */
#include "commands.h"
#include "folder.h"
#include "pictures.h"
#include "record.h"
#include "study_plan.h"
#include "text_facts.h"

#include <abnorm/extract_tables.h>
#include <abnorm/file.h>
#include <abnorm/page.h>
#include <abnorm/path_tables.h>
#include <abnorm/results.h>
#include <abnorm/study_file.h>
#include <abnorm/study_tables.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SHOWN_BEFORE 40 /* sessions of prices.csv before the first event */
#define SHOWN_AFTER  20

/* Everything of one run, freed together. */
typedef struct job {
    abn_study_file *file;
    text_facts facts;
    abn_extraction *extraction;
    abn_event_list *events;
    abn_study_event *studied; /* those of the listings asked for */
    size_t n_studied;
    study_plan plan;
    abn_study_input input;
    abn_study *study;
    abn_caar_row *caar;
    abn_price_row *prices;
    abn_scatter_row *scatter;
    size_t n_caar, n_prices, n_scatter;
    record record;
} job;

static void free_job(job *j)
{
    free(j->caar);
    free(j->prices);
    free(j->scatter);
    abn_study_free(j->study);
    plan_free(&j->plan);
    free(j->studied);
    abn_events_free(j->events);
    abn_extraction_free(j->extraction);
    text_facts_free(&j->facts);
    abn_study_file_free(j->file);
    record_free(&j->record);
    free(j);
}

/* ---- texts ---- */

static abn_status read_texts(cli *c, job *j)
{
    abn_extract_facts facts = text_facts_borrow(&j->facts);
    abn_extract_options options = {
        .document = {.given = ABN_NO_DATE, .today = (abn_date)(time(NULL) / 86400)}};
    abn_status status = abn_extraction_new(&facts, &options, &j->extraction, &c->err);
    if (status == ABN_OK)
        status = text_read(c, j->file->documents.at, j->file->documents.count, j->extraction,
                           &j->record);
    cli_stage(c, "putting announcements together");
    return status == ABN_OK ? abn_extraction_finish(j->extraction, &c->err) : status;
}

static bool is_asked_for(const job *j, const char *symbol)
{
    for (size_t i = 0; i < j->file->symbols.count; i++)
        if (abn_slice_ieq(abn_slice_of(symbol), j->file->symbols.at[i])) return true;
    return !j->file->symbols.count;
}

/* What is studied is what events.csv says: the study reads the very table that is written. */
static abn_status choose_events(cli *c, job *j)
{
    abn_buf csv = {0};
    abn_table table = abn_extract_events_table(j->extraction);
    abn_status status = abn_table_format(&table, ABN_FORMAT_CSV, 17, 1, &csv, &c->err);
    if (status == ABN_OK)
        status = abn_events_read("events.csv", (abn_slice){csv.data, csv.len}, c->notes, &j->events,
                                 &c->err);
    abn_buf_free(&csv);
    size_t n = status == ABN_OK ? abn_events_count(j->events) : 0;
    j->studied = malloc((n + 1) * sizeof *j->studied);
    if (!j->studied) return abn_fail_memory(&c->err);
    for (size_t i = 0; i < n; i++)
        if (is_asked_for(j, abn_events_at(j->events, i)->symbol))
            j->studied[j->n_studied++] = *abn_events_at(j->events, i);
    return status;
}

/* ---- settings ---- */

static char *join(const abn_strings *list, const abn_strings *values)
{
    abn_buf out = {0};
    for (size_t i = 0; i < list->count; i++) {
        if (i) abn_buf_char(&out, ',');
        bool all = values && strcmp(list->at[i], "*") == 0;
        if (!all) abn_buf_text(&out, list->at[i]);
        if (values && !all) abn_buf_char(&out, '=');
        if (values) abn_buf_text(&out, values->at[i]);
    }
    return abn_buf_take(&out);
}

static abn_status plan_list(cli *c, study_plan *plan, char *words, const char *otherwise,
                            abn_status (*read)(study_plan *, const char *, abn_error *))
{
    if (!words) return abn_fail_memory(&c->err);
    abn_status status = ABN_OK;
    if (words[0] || otherwise) status = read(plan, words[0] ? words : otherwise, &c->err);
    free(words);
    return status;
}

static abn_status make_plan(cli *c, job *j)
{
    const abn_study_file *f = j->file;
    study_plan *p = &j->plan;
    p->settings = abn_study_defaults();
    if (f->has_estimation) p->settings.estimation = f->estimation;
    if (f->has_event_window) p->settings.window = f->event_window;
    if (f->seed >= 0) p->settings.seed = (uint64_t)f->seed;
    p->settings.threads = cli_threads(c);
    abn_status status = plan_list(c, p, join(&f->models, NULL), "market", plan_models);
    if (status == ABN_OK) status = plan_list(c, p, join(&f->tests, NULL), "all", plan_tests);
    if (status == ABN_OK)
        status = plan_list(c, p, join(&f->benchmark_of, &f->benchmark), NULL, plan_benchmarks);
    if (status == ABN_OK) plan_finish(p);
    if (status == ABN_OK && f->n_windows) {
        p->settings.windows = f->windows;
        p->settings.n_windows = f->n_windows;
    }
    return status;
}

/* ---- study ---- */

static abn_status measure(cli *c, job *j)
{
    j->input = (abn_study_input){.event = j->studied,
                                 .n_events = j->n_studied,
                                 .quotes = j->facts.quotes,
                                 .exchanges = j->facts.market.exchanges,
                                 .listings = j->facts.market.listings,
                                 .actions = j->facts.market.actions};
    cli_stage(c, "measuring");
    abn_status status = abn_study_run(&j->input, &j->plan.settings, c->notes, &j->study, &c->err);
    if (status == ABN_OK) status = abn_caar_rows(j->study, &j->caar, &j->n_caar, &c->err);
    if (status == ABN_OK)
        status = abn_price_rows(j->study, j->facts.quotes, SHOWN_BEFORE, SHOWN_AFTER, &j->prices,
                                &j->n_prices, &c->err);
    if (status == ABN_OK)
        status =
            abn_scatter_rows(j->study, ABN_SCATTER_EVENTS, &j->scatter, &j->n_scatter, &c->err);
    return status;
}

/* ---- results ---- */

static void record_windows(job *j, const char *name, const abn_window *at, size_t n)
{
    abn_buf text = {0};
    for (size_t i = 0; i < n; i++)
        abn_buf_printf(&text, "%s%d:%d", i ? "," : "", at[i].from, at[i].to);
    j->record.spoilt |= text.failed;
    record_setting(&j->record, name, text.data ? text.data : "");
    abn_buf_free(&text);
}

/* Takes `words` over. */
static void record_words(job *j, const char *name, char *words, const char *otherwise)
{
    j->record.spoilt |= !words;
    if (words) record_setting(&j->record, name, words[0] ? words : otherwise);
    free(words);
}

/* The documents are on record since they were read. */
static abn_status make_record(cli *c, job *j, abn_buf *out)
{
    const abn_study_settings *s = &j->plan.settings;
    const abn_study_file *f = j->file;
    record *r = &j->record;
    record_setting(r, "study", c->arg[0]);
    record_words(j, "model", join(&f->models, NULL), "market");
    record_words(j, "tests", join(&f->tests, NULL), "all");
    record_words(j, "benchmark", join(&f->benchmark_of, &f->benchmark), "by listing");
    record_windows(j, "estimation", &s->estimation, 1);
    record_windows(j, "event_window", &s->window, 1);
    record_windows(j, "windows", s->windows, s->n_windows);
    record_setting(r, "returns", s->log ? "log, with dividends" : "simple, with dividends");
    record_file(r, c->arg[0]);
    record_file(r, f->listings);
    record_file(r, f->dividends);
    if (!f->dividends) record_shipped(r, c, "dividends.csv");
    record_quotes(r, j->facts.quotes);
    record_data(r, c, true);
    record_found(r, &j->facts.market);
    return record_format(r, c, (long)s->seed, out, &c->err);
}

static abn_status write_tables(cli *c, job *j, abn_results *results)
{
    abn_status status =
        abn_extract_write(j->extraction, results, cli_digits(c), cli_threads(c), &c->err);
    abn_study_tables t;
    if (j->study) {
        abn_study_tables_make(j->study, &t);
        abn_table caar = abn_caar_table(j->caar, j->n_caar);
        abn_table prices = abn_price_table(j->prices, j->n_prices);
        abn_table scatter = abn_scatter_table(j->scatter, j->n_scatter);
        const abn_table *all[] = {&t.alignment, &t.models, &t.returns, &t.cars,
                                  &t.tests,     &caar,     &prices,    &scatter};
        if (status == ABN_OK)
            status = abn_results_tables(results, all, sizeof all / sizeof *all, cli_digits(c),
                                        cli_threads(c), NULL, &c->err);
    }
    return status == ABN_OK ? folder_commit(c, results) : status;
}

/* The page shows the record, which comes into its place last. */
static abn_status write_page(cli *c, job *j, abn_results *results, const char *folder)
{
    abn_buf page = {0}, text = {0};
    abn_status status = make_record(c, j, &text);
    abn_slice json = {text.data, text.len}, html;
    if (status == ABN_OK)
        status = abn_page_format(folder, json, j->facts.market.exchanges, &page, &c->err);
    html = (abn_slice){page.data, page.len};
    if (status == ABN_OK) status = abn_results_file(results, "report.html", html, &c->err);
    if (status == ABN_OK) status = abn_results_file(results, "run.json", json, &c->err);
    if (status == ABN_OK) status = folder_commit(c, results);
    abn_buf_free(&page);
    abn_buf_free(&text);
    return status;
}

/* The folder is ours from the first table to the page. */
static abn_status write_all(cli *c, job *j, const char *folder, size_t *pictures)
{
    abn_results *results = NULL;
    abn_status status = folder_open(c, folder, &results);
    if (status == ABN_OK) status = abn_results_begin(results, &c->err);
    cli_stage(c, "writing results");
    if (status == ABN_OK) status = write_tables(c, j, results);
    if (status == ABN_OK && !cli_flag(c, "no-pictures")) {
        status = draw_pictures(c, results, folder, "svg", NULL);
        if (status == ABN_OK) status = draw_pictures(c, results, folder, "png", pictures);
    }
    if (status == ABN_OK) status = write_page(c, j, results, folder);
    folder_close(results);
    return status;
}

/* ---- what a person reads at the end ---- */

static void say_documents(const job *j, abn_buf *out)
{
    size_t documents, claims, events, confirmed = 0, contradicted = 0, dated = 0;
    const abn_document_row *d = abn_extraction_documents(j->extraction, &documents);
    const abn_claim_row *claim = abn_extraction_claims(j->extraction, &claims);
    abn_extraction_events(j->extraction, &events);
    for (size_t i = 0; i < documents; i++)
        dated += d[i].published != ABN_NO_DATE;
    for (size_t i = 0; i < claims; i++) {
        confirmed += strcmp(claim[i].verdict, "confirmed") == 0;
        contradicted += strcmp(claim[i].verdict, "contradicted") == 0;
    }
    abn_buf_printf(out,
                   "%zu texts, %zu of them dated; %zu claims of moves: %zu confirmed by prices, "
                   "%zu contradicted; %zu events\n",
                   documents, dated, claims, confirmed, contradicted, events);
}

/* Right-aligned; what is no number, as of a listing that never moves, is a dash. */
static void put_number(abn_buf *out, int width, double value, const char *unit, bool sign)
{
    if (!isfinite(value))
        abn_buf_printf(out, " %*s%s", width, "-", *unit ? " " : "");
    else if (fabs(value) < 1e6)
        abn_buf_printf(out, sign ? " %+*.2f%s" : " %*.2f%s", width, value, unit);
    else
        abn_buf_printf(out, " %+*.3g%s", width, value, unit);
}

static void put_car(abn_buf *out, const abn_car_row *r)
{
    put_number(out, 8, 100 * r->car, "%", true);
    put_number(out, 8, 100 * r->lo, "%", true);
    abn_buf_text(out, " to");
    put_number(out, 6, 100 * r->hi, "%", true);
    put_number(out, 7, r->t, "", false);
    if (isfinite(r->p))
        abn_buf_printf(out, " %8.4f\n", r->p);
    else
        abn_buf_printf(out, " %8s\n", "-");
}

static void say_cars(const job *j, abn_buf *out)
{
    const char *event = "";
    abn_car_row r;
    for (size_t i = 0; i < abn_study_cars(j->study) && i < 100; i++) {
        abn_study_car(j->study, i, &r);
        if (strcmp(event, r.event_id) != 0)
            abn_buf_printf(out, "\n%s\n  %-10s %-9s %9s %20s %7s %8s\n", r.event_id, "listing",
                           "sessions", "abnormal", "95 % interval", "t", "p");
        event = r.event_id;
        char window[32];
        snprintf(window, sizeof window, "%d to %d", (int)r.window_from, (int)r.window_to);
        if (isnan(r.car))
            abn_buf_printf(out, "  %-10s %-9s  (not measured: see alignment.csv)\n", r.symbol,
                           window);
        else {
            abn_buf_printf(out, "  %-10s %-9s", r.symbol, window);
            put_car(out, &r);
        }
    }
}

/* The main table, for a program: cars, or what was announced when nothing could be studied. */
static abn_status show_table(cli *c, const job *j)
{
    abn_study_tables t;
    abn_table events = abn_extract_events_table(j->extraction);
    if (!j->study) return cli_show(c, &events);
    abn_study_tables_make(j->study, &t);
    return cli_show(c, &t.cars);
}

static abn_status say_summary(cli *c, const job *j, const char *folder, size_t pictures)
{
    abn_buf out = {0};
    if (cli_text(c, "format")) return show_table(c, j);
    say_documents(j, &out);
    if (j->study)
        say_cars(j, &out);
    else
        abn_buf_text(&out, "no event to study: see events.csv\n");
    abn_buf_printf(&out, "\nTables: %s/*.csv   Pictures: %zu in %s/*.png   Page: %s/report.html\n",
                   folder, pictures, folder, folder);
    abn_status status = cli_print_text(c, &out);
    abn_buf_free(&out);
    return status;
}

static abn_status load_facts(cli *c, job *j)
{
    market_sources from = {.listings = j->file->listings,
                           .dividends = j->file->dividends,
                           .shipped_dividends = true,
                           .quotes = j->file->quotes};
    return text_facts_load(c, &from, j->file->quotes, &j->facts);
}

static abn_status run_job(cli *c, job *j)
{
    const char *asked = cli_text(c, "output"), *folder = asked ? asked : "out";
    size_t pictures = 0;
    abn_status status = abn_study_file_load(c->arg[0], &j->file, &c->err);
    if (status == ABN_OK) status = load_facts(c, j);
    if (status == ABN_OK) status = text_facts_check(c, &j->facts);
    if (status == ABN_OK) status = make_plan(c, j);
    if (status == ABN_OK) status = read_texts(c, j);
    if (status == ABN_OK) status = choose_events(c, j);
    if (status == ABN_OK && j->n_studied) status = measure(c, j);
    if (status == ABN_OK) status = write_all(c, j, folder, &pictures);
    if (status == ABN_OK) status = say_summary(c, j, folder, pictures);
    return status;
}

static abn_status run(cli *c)
{
    job *j = calloc(1, sizeof *j);
    if (!j) return abn_fail_memory(&c->err);
    record_start(&j->record);
    abn_status status = run_job(c, j);
    free_job(j);
    return status;
}

static const option options[] = {
    {"output", 'o', OPTION_PATH, "DIR", "where tables, pictures and the page go (default out)"},
    {"no-pictures", 0, OPTION_FLAG, NULL, "tables and page only"},
    {0},
};

const command cmd_run = {
    .name = "run",
    .arguments = "STUDY.json",
    .summary = "do a whole study: date texts, verify moves, measure, test, draw",
    .example = "abnorm run seeds/study.json -o out",
    .details =
        "STUDY.json has the keys documents, quotes, listings, dividends, benchmark, model,\n"
        "estimation, event_window, windows, tests and seed; paths are taken from its folder.\n"
        "Results appear together, run.json last; a run that fails leaves older ones unharmed.\n"
        "With --format, cars.csv is printed in that form instead of the summary.",
    .options = options,
    .least = 1,
    .most = 1,
    .run = run,
};
