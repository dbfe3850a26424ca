/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `abnorm scan`: abnormal moves first, then the events that may explain them. */
#include "commands.h"
#include "folder.h"
#include "study_plan.h"
#include "text_facts.h"

#include <abnorm/csv.h>
#include <abnorm/file.h>
#include <abnorm/map.h>
#include <abnorm/results.h>
#include <abnorm/scan_tables.h>
#include <abnorm/venue_tables.h>
#include <stdlib.h>
#include <string.h>

static const option scan_options[] = {
    {"quotes", 0, OPTION_PATH, "PATH", "a folder of SYMBOL.csv, or one file (default the shipped)"},
    {"events", 0, OPTION_PATH, "FILE", "events that may explain the moves, as study reads them"},
    {"claims", 0, OPTION_PATH, "FILE", "extract's claims.csv (default: the one beside the events)"},
    {"benchmark", 0, OPTION_TEXT, "SYM|KEY=SYM,..",
     "by listing or MIC (default: data/listings.csv)"},
    {"model", 0, OPTION_CHOICE, "market|market_adjusted|mean",
     "what a session is expected to return (default market)"},
    {"estimation", 0, OPTION_RANGE, "A:B", "sessions before the one tested (default -120:-1)"},
    {"lag", 0, OPTION_RANGE, "A:B", "from an event's first session to the move (default 0:1)"},
    {"volatility", 0, OPTION_CHOICE, "constant|rolling",
     "scale of a session beyond its estimation window's (default constant)"},
    {"level", 0, OPTION_REAL, "Q", "largest q of a move (default .05)"},
    {"adjust", 0, OPTION_CHOICE, "bh|none",
     "moves by their false discovery rate q, or by their p alone (default bh)"},
    {"replicates", 0, OPTION_INT, "N", "shifts of the events (default 999)"},
    {"seed", 0, OPTION_INT, "N", "of the shifts (default 0)"},
    {"listings", 0, OPTION_PATH, "FILE", "further listings: symbol,mic,benchmark,.."},
    {"calendar", 0, OPTION_PATH, "FILE", "your own exchange,date,kind,local_time rows"},
    {"output", 'o', OPTION_PATH, "DIR",
     "write moves, event_moves, coincidence, leadlag, parity, venues"},
    {0},
};

typedef struct job {
    text_facts facts;
    abn_event_list *events;
    char *claims;           /* path of claims.csv, or NULL */
    const char **documents; /* an event */
    abn_scan_claim *claim;
    size_t n_claims;
    abn_map *words; /* keeps the claims' texts */
    study_plan plan;
    abn_scan *scan;
    abn_venues *venues;
} job;

static void free_job(job *j)
{
    abn_venues_free(j->venues);
    abn_scan_free(j->scan);
    plan_free(&j->plan);
    abn_map_free(j->words);
    free(j->claim);
    free(j->claims);
    free(j->documents);
    abn_events_free(j->events);
    text_facts_free(&j->facts);
    free(j);
}

/* ---- events and claims ---- */

static abn_status load_events(cli *c, job *j)
{
    const char *path = cli_text(c, "events");
    if (!path) return ABN_OK;
    abn_status status = abn_events_load(path, c->notes, &j->events, &c->err);
    if (status != ABN_OK) return status;
    size_t n = abn_events_count(j->events);
    if (abn_events_cell(j->events, 0, "type"))
        status = abn_events_group(j->events, "type", &c->err);
    j->documents = calloc(n + 1, sizeof *j->documents);
    if (!j->documents) return abn_fail_memory(&c->err);
    for (size_t i = 0; i < n; i++)
        j->documents[i] = abn_events_cell(j->events, i, "documents");
    return status;
}

static const char *kept(job *j, abn_slice text)
{
    uint32_t at = abn_map_add(j->words, text);
    return at == ABN_MAP_NONE ? NULL : abn_map_name(j->words, at);
}

/* A claim that prices contradict speaks for no event. */
static abn_status take_claim(cli *c, job *j, const abn_csv *csv)
{
    abn_date session;
    if (abn_slice_eq(abn_csv_field(csv, abn_csv_column(csv, "verdict")), "contradicted") ||
        !abn_date_parse(abn_csv_field(csv, abn_csv_column(csv, "session")), &session))
        return ABN_OK;
    abn_scan_claim *grown = realloc(j->claim, (j->n_claims + 1) * sizeof *grown);
    if (!grown) return abn_fail_memory(&c->err);
    j->claim = grown;
    abn_scan_claim *one = &grown[j->n_claims];
    one->session = session;
    one->symbol = kept(j, abn_csv_field(csv, abn_csv_column(csv, "symbol")));
    one->document = kept(j, abn_csv_field(csv, abn_csv_column(csv, "doc")));
    if (!one->symbol || !one->document) return abn_fail_memory(&c->err);
    j->n_claims++;
    return ABN_OK;
}

static abn_status read_claims(cli *c, job *j, const char *path)
{
    abn_csv *csv = NULL;
    j->words = abn_map_new();
    abn_status status =
        j->words ? abn_csv_open(path, ',', &csv, &c->err) : abn_fail_memory(&c->err);
    if (status == ABN_OK) status = abn_csv_header(csv, &c->err);
    static const char *const needed[] = {"doc", "symbol", "session"};
    for (size_t i = 0; status == ABN_OK && i < sizeof needed / sizeof *needed; i++)
        if (abn_csv_column(csv, needed[i]) < 0)
            status = abn_csv_fail(csv, 0, &c->err, "no column \"%s\"", needed[i]);
    for (bool more = true; status == ABN_OK && more;) {
        status = abn_csv_next(csv, &more, &c->err);
        if (status == ABN_OK && more) status = take_claim(c, j, csv);
    }
    abn_csv_free(csv);
    return status;
}

/* The claims that were asked for, or those beside the events. */
static abn_status load_claims(cli *c, job *j)
{
    const char *asked = cli_text(c, "claims"), *events = cli_text(c, "events");
    if (!asked && !events) return ABN_OK;
    const char *slash = events ? strrchr(events, '/') : NULL;
    char *folder =
        abn_slice_dup((abn_slice){slash ? events : ".", slash ? (size_t)(slash - events) : 1});
    j->claims = asked ? strdup(asked) : folder ? abn_path_join(folder, "claims.csv") : NULL;
    free(folder);
    if (!j->claims) return abn_fail_memory(&c->err);
    return asked || abn_is_file(j->claims) ? read_claims(c, j, j->claims) : ABN_OK;
}

/* ---- settings ---- */

static abn_status make_settings(cli *c, job *j, abn_scan_settings *s)
{
    const char *model = cli_text(c, "model"), *benchmark = cli_text(c, "benchmark");
    const char *volatility = cli_text(c, "volatility");
    *s = abn_scan_defaults();
    if (model) s->model = abn_model_find(abn_slice_of(model));
    cli_range(c, "estimation", &s->estimation.from, &s->estimation.to);
    cli_range(c, "lag", &s->lag.from, &s->lag.to);
    s->volatility = volatility && strcmp(volatility, "rolling") == 0 ? ABN_VOLATILITY_ROLLING
                                                                     : ABN_VOLATILITY_CONSTANT;
    s->level = cli_real(c, "level", .05);
    if (!(s->level > 0 && s->level < 1))
        return cli_usage(c, "level", "a rate between 0 and 1, as .05");
    s->replicates = (size_t)cli_int(c, "replicates", 999);
    s->seed = (uint64_t)cli_int(c, "seed", 0);
    s->threads = cli_threads(c);
    const char *adjust = cli_text(c, "adjust");
    s->unadjusted = adjust && strcmp(adjust, "none") == 0;
    if (!benchmark) return ABN_OK;
    abn_status status = plan_benchmarks(&j->plan, benchmark, &c->err);
    s->rule = j->plan.settings.rule;
    s->n_rules = j->plan.settings.n_rules;
    return status;
}

/* ---- results ---- */

static abn_status write_record(cli *c, const job *j, abn_results *results)
{
    record r;
    record_start(&r);
    record_options(&r, c, scan_options);
    record_file(&r, j->claims);
    record_quotes(&r, j->facts.quotes);
    record_shipped(&r, c, "dividends.csv");
    record_data(&r, c, false);
    record_found(&r, &j->facts.market);
    abn_status status = record_write(&r, c, cli_int(c, "seed", 0), results);
    record_free(&r);
    return status;
}

static abn_status write_tables(cli *c, const job *j)
{
    abn_table all[] = {abn_scan_moves_table(j->scan),       abn_scan_events_table(j->scan),
                       abn_scan_coincidence_table(j->scan), abn_leadlag_table(j->venues),
                       abn_parity_table(j->venues),         abn_venues_table(j->venues)};
    abn_results *results = NULL;
    abn_status status = folder_open(c, cli_text(c, "output"), &results);
    for (size_t i = 0; status == ABN_OK && i < sizeof all / sizeof *all; i++)
        status = abn_results_table(results, &all[i], cli_digits(c), cli_threads(c), &c->err);
    if (status == ABN_OK) status = write_record(c, j, results);
    if (status == ABN_OK) status = folder_commit(c, results);
    folder_close(results);
    return status;
}

static void say_summary(const cli *c, const job *j)
{
    size_t moves, rows, explained = 0;
    const abn_move_row *move = abn_scan_moves(j->scan, &moves);
    const abn_coincidence_row *chance = abn_scan_coincidences(j->scan, &rows);
    abn_tail tail = abn_scan_tail(j->scan);
    for (size_t i = 0; i < moves; i++)
        explained += strcmp(move[i].explained, "no") != 0;
    cli_say(c, "%zu sessions tested (t tail, %.1f degrees of freedom): %zu moves, %zu explained",
            abn_scan_tested(j->scan), tail.nu, moves, explained);
    if (!moves && !cli_flag(c, "adjust"))
        cli_say(c, "none is beyond chance in so many sessions; --adjust none --level .02 lists the "
                   "largest");
    if (rows)
        cli_say(c, "%.0f coincidences with %lld events, %.1f by chance (p = %.3f)",
                chance[0].observed, (long long)chance[0].events, chance[0].expected, chance[0].p);
}

static abn_status run_job(cli *c, job *j)
{
    abn_scan_settings settings;
    market_sources from = market_sources_of(c);
    from.shipped_dividends = true;
    abn_status status = make_settings(c, j, &settings);
    if (status == ABN_OK) status = text_facts_load(c, &from, cli_text(c, "quotes"), &j->facts);
    if (status == ABN_OK) status = text_facts_check(c, &j->facts);
    if (status == ABN_OK && !j->facts.quotes)
        status = abn_fail(&c->err, ABN_USAGE, "scan needs --quotes PATH");
    if (status == ABN_OK) status = load_events(c, j);
    if (status == ABN_OK) status = load_claims(c, j);
    if (status != ABN_OK) return status;
    abn_scan_input input = {
        .study = {.event = j->events ? abn_events_at(j->events, 0) : NULL,
                  .n_events = j->events ? abn_events_count(j->events) : 0,
                  .quotes = j->facts.quotes,
                  .exchanges = j->facts.market.exchanges,
                  .listings = j->facts.market.listings,
                  .actions = j->facts.market.actions},
        .documents = j->documents,
        .claim = j->claim,
        .n_claims = j->n_claims,
    };
    cli_stage(c, "looking for moves");
    status = abn_scan_run(&input, &settings, c->notes, &j->scan, &c->err);
    cli_stage(c, "comparing venues");
    if (status == ABN_OK) status = abn_venues_run(&input.study, &j->venues, &c->err);
    if (status == ABN_OK) say_summary(c, j);
    if (status != ABN_OK || cli_text(c, "output"))
        return status == ABN_OK ? write_tables(c, j) : status;
    abn_table moves = abn_scan_moves_table(j->scan);
    return cli_show(c, &moves);
}

static abn_status run(cli *c)
{
    job *j = calloc(1, sizeof *j);
    if (!j) return abn_fail_memory(&c->err);
    abn_status status = run_job(c, j);
    free_job(j);
    return status;
}

const command cmd_scan = {
    .name = "scan",
    .arguments = "",
    .summary = "find abnormal moves, and the events that may explain them",
    .example = "abnorm scan --quotes data/quotes --events out/events.csv -o out/scan",
    .details =
        "A session is held against a model of the sessions before it; its p is of a Student's t\n"
        "fitted to all sessions, its q the false discovery rate over the scan. Sessions next to\n"
        "each other with one sign are one move. coincidence.csv says whether moves and events\n"
        "meet more often than when the events are shifted in circles.",
    .options = scan_options,
    .least = 0,
    .most = 0,
    .run = run,
};
