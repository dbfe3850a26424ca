/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `abnorm study`: what each event did to each listing. */
#include "commands.h"
#include "folder.h"
#include "market_facts.h"
#include "study_plan.h"
#include "study_quotes.h"
#include "study_record.h"

#include <abnorm/file.h>
#include <abnorm/path_tables.h>
#include <abnorm/quality.h>
#include <abnorm/results.h>
#include <abnorm/study_tables.h>
#include <abnorm/venue.h>
#include <stdlib.h>
#include <string.h>

static const option study_options[] = {
    {"events", 0, OPTION_PATH, "FILE", "event_id,symbol,event_date and more, or extract's events"},
    {"quotes", 0, OPTION_PATH, "PATH", "a folder of SYMBOL.csv, or one long or wide file"},
    {"request", 0, OPTION_PATH, "FILE",
     "events as the web service takes them (with --firm, --market)"},
    {"firm", 0, OPTION_PATH, "FILE", "that service's quotes of firms: id;date;close"},
    {"market", 0, OPTION_PATH, "FILE", "quotes of benchmarks that --quotes or --firm lacks"},
    {"benchmark", 0, OPTION_TEXT, "SYM|KEY=SYM,..",
     "by listing or MIC (default: data/listings.csv)"},
    {"donors", 0, OPTION_TEXT, "SYM[=VALUE],..",
     "of models portfolio and synthetic (default all other listings)"},
    {"factors", 0, OPTION_PATH, "FILE", "factor returns by date, RF among them"},
    {"factors-unit", 0, OPTION_CHOICE, "decimal|percent", "of the factors file (default decimal)"},
    {"model", 0, OPTION_TEXT, "NAME,..", "expected returns (default market)"},
    {"measure", 0, OPTION_CHOICE, "return|log_volume|volume_share|range|absolute_return",
     "what is studied (default return; the others default to model mean)"},
    {"estimation", 0, OPTION_RANGE, "A:B", "estimation window in sessions (default -250:-11)"},
    {"event-window", 0, OPTION_RANGE, "A:B", "event window (default -10:10)"},
    {"windows", 0, OPTION_TEXT, "A:B,..",
     "windows to cumulate (default 0:0,-1:1 and the event window)"},
    {"tests", 0, OPTION_TEXT, "NAME,..", "statistics (default all)"},
    {"group", 0, OPTION_TEXT, "COLUMN", "test each value of a column of the events, too"},
    {"regress", 0, OPTION_TEXT, "COLUMN,..", "explain CARs by columns of the events"},
    {"errors", 0, OPTION_CHOICE, "classic|hc0|hc1|hc2|hc3|firm|date",
     "of that regression: robust, or clustered (default hc3)"},
    {"weights", 0, OPTION_TEXT, "COLUMN", "value weights of a mean CAR"},
    {"winsorise", 0, OPTION_REAL, "SHARE", "of CARs at either end, in cross_section.csv"},
    {"log", 0, OPTION_FLAG, NULL, "log returns"},
    {"returns", 0, OPTION_FLAG, NULL, "a wide file's cells are returns"},
    {"dividends", 0, OPTION_PATH, "FILE",
     "symbol,ex_date,amount,currency, or none: for total returns"},
    {"splits", 0, OPTION_PATH, "FILE", "symbol,ex_date,ratio, or none (default the shipped ones)"},
    {"fx", 0, OPTION_PATH, "FILE", "pair,date,rate, for dividends in another currency"},
    {"min-estimation", 0, OPTION_INT, "N", "fewest returns (default 70 % of the window)"},
    {"single-sessions", 0, OPTION_FLAG, NULL, "no returns over skipped sessions"},
    {"exclude-events", 0, OPTION_FLAG, NULL, "estimate without days of a listing's other events"},
    {"kp-align", 0, OPTION_CHOICE, "calendar|event",
     "pair residuals by date or event time (default calendar)"},
    {"as", 0, OPTION_CHOICE, "estudy2|eventstudy2", "compute as that software does"},
    {"alternative", 0, OPTION_CHOICE, "two-sided|greater|less",
     "side of the tests' p (default two-sided)"},
    {"level", 0, OPTION_REAL, "P", "of intervals (default .95)"},
    {"replicates", 0, OPTION_INT, "N", "of resampling tests (default 999)"},
    {"seed", 0, OPTION_INT, "N", "of resampling tests (default 0)"},
    {"negative-price", 0, OPTION_CHOICE, "missing|abs", "a price below zero (default missing)"},
    {"listings", 0, OPTION_PATH, "FILE", "further listings: symbol,mic,benchmark,.."},
    {"calendar", 0, OPTION_PATH, "FILE", "your own exchange,date,kind,local_time rows"},
    {"strict", 0, OPTION_FLAG, NULL, "a quotes row that is no observation is an error"},
    {"output", 'o', OPTION_PATH, "DIR", "write alignment, models, returns, cars, tests"},
    {0},
};

/* Everything read, freed together. */
typedef struct inputs_read {
    abn_event_list *events;
    abn_quotes *quotes, *market;
    market_facts facts;
    abn_factors *factors;
    quotes_share share;
    abn_quotes *benchmarks; /* of a divided folder, that other processes have */
} loaded;

static void free_loaded(loaded *in)
{
    abn_events_free(in->events);
    abn_quotes_free(in->quotes);
    abn_quotes_free(in->market);
    abn_quotes_free(in->benchmarks);
    quotes_share_free(&in->share);
    market_facts_free(&in->facts);
    abn_factors_free(in->factors);
}

/* ---- settings ---- */

static abn_status plan_lists(cli *c, study_plan *plan)
{
    const char *models = cli_text(c, "model"), *tests = cli_text(c, "tests");
    const char *windows = cli_text(c, "windows"), *benchmarks = cli_text(c, "benchmark");
    const char *otherwise = plan->settings.measure == ABN_MEASURE_RETURN ? "market" : "mean";
    abn_status status = plan_models(plan, models ? models : otherwise, &c->err);
    if (status == ABN_OK) status = plan_tests(plan, tests ? tests : "all", &c->err);
    if (status == ABN_OK && windows) status = plan_windows(plan, windows, &c->err);
    if (status == ABN_OK && benchmarks) status = plan_benchmarks(plan, benchmarks, &c->err);
    const char *donors = cli_text(c, "donors");
    if (status == ABN_OK && donors) status = plan_donors(plan, donors, &c->err);
    return status;
}

static bool is(const cli *c, const char *name, const char *value)
{
    const char *text = cli_text(c, name);
    return text && strcmp(text, value) == 0;
}

static abn_status make_plan(cli *c, study_plan *plan)
{
    abn_study_settings *s = &plan->settings;
    *s = abn_study_defaults();
    cli_range(c, "estimation", &s->estimation.from, &s->estimation.to);
    cli_range(c, "event-window", &s->window.from, &s->window.to);
    s->log = cli_flag(c, "log");
    if (cli_text(c, "measure")) abn_measure_parse(cli_text(c, "measure"), &s->measure);
    s->single_sessions = cli_flag(c, "single-sessions");
    s->exclude_events = cli_flag(c, "exclude-events");
    s->group = cli_text(c, "group") != NULL;
    s->min_estimation = (size_t)cli_int(c, "min-estimation", 0);
    s->pairing = is(c, "kp-align", "event") ? ABN_PAIR_EVENT : ABN_PAIR_CALENDAR;
    s->convention = is(c, "as", "estudy2")       ? ABN_AS_ESTUDY2
                    : is(c, "as", "eventstudy2") ? ABN_AS_EVENTSTUDY2
                                                 : ABN_AS_PAPERS;
    s->alternative = is(c, "alternative", "greater") ? ABN_GREATER
                     : is(c, "alternative", "less")  ? ABN_LESS
                                                     : ABN_TWO_SIDED;
    s->level = cli_real(c, "level", .95);
    if (!(s->level > 0 && s->level < 1))
        return cli_usage(c, "level", "a probability between 0 and 1, as .95");
    s->replicates = (size_t)cli_int(c, "replicates", 999);
    s->seed = (uint64_t)cli_int(c, "seed", 0);
    s->threads = cli_threads(c);
    return plan_lists(c, plan);
}

/* ---- inputs ---- */

static abn_status load_events(cli *c, loaded *in)
{
    const char *request = cli_text(c, "request"), *group = cli_text(c, "group");
    abn_status status =
        request ? abn_events_request(request, c->notes, &in->events, &c->err)
                : abn_events_load(cli_text(c, "events"), c->notes, &in->events, &c->err);
    if (status == ABN_OK && group) status = abn_events_group(in->events, group, &c->err);
    return status;
}

/* Where every event has its own window and none is asked for, theirs are the study's. */
static void adopt_windows(cli *c, study_plan *plan, const abn_event_list *events)
{
    abn_window window = {0, 0}, estimation = {0, 0};
    bool windows = !cli_text(c, "event-window"), estimations = !cli_text(c, "estimation");
    for (size_t i = 0; i < abn_events_count(events); i++) {
        const abn_study_event *e = abn_events_at(events, i);
        windows = windows && e->has_window;
        estimations = estimations && e->has_estimation;
        if (i == 0 || e->window.from < window.from) window.from = e->window.from;
        if (i == 0 || e->window.to > window.to) window.to = e->window.to;
        if (i == 0 || e->estimation.from < estimation.from) estimation.from = e->estimation.from;
        if (i == 0 || e->estimation.to > estimation.to) estimation.to = e->estimation.to;
    }
    if (windows) plan->settings.window = window;
    if (estimations) plan->settings.estimation = estimation;
    plan_finish(plan);
}

/* A market file with one series is everyone's benchmark unless another is named. */
static void default_benchmark(study_plan *plan, const loaded *in)
{
    if (plan->settings.n_rules || !in->market || abn_quotes_count(in->market) != 1) return;
    plan->rule[0] = (abn_benchmark_rule){.key = "", .symbol = abn_quotes_at(in->market, 0)->symbol};
    plan->settings.rule = plan->rule;
    plan->settings.n_rules = 1;
}

static abn_status load_all(cli *c, study_plan *plan, loaded *in)
{
    const char *quotes = cli_text(c, "quotes"), *firm = cli_text(c, "firm");
    const char *market = cli_text(c, "market"), *factors = cli_text(c, "factors");
    if (!cli_text(c, "events") && !cli_text(c, "request"))
        return abn_fail(&c->err, ABN_USAGE, "study needs --events FILE (or --request FILE)");
    if (!quotes && !firm)
        return abn_fail(&c->err, ABN_USAGE, "study needs --quotes PATH (or --firm FILE)");
    if (!quotes) quotes = firm;
    abn_status status = abn_crew_agree(in->share.crew, load_events(c, in), &c->err);
    if (status == ABN_OK)
        status = quotes_share_load(c, quotes, in->events, &in->share, &in->quotes);
    if (status == ABN_OK && market) status = market_quotes_load(c, market, &in->market);
    if (status == ABN_OK) adopt_windows(c, plan, in->events);
    if (status == ABN_OK) default_benchmark(plan, in);
    if (status == ABN_OK && factors)
        status = abn_factors_load(factors, is(c, "factors-unit", "percent"), c->notes, &in->factors,
                                  &c->err);
    market_sources from = market_sources_of(c);
    if (status == ABN_OK) status = market_facts_load(c, &from, &in->facts);
    status = abn_crew_agree(in->share.crew, status, &c->err);
    if (status == ABN_OK && in->share.divided)
        status = quotes_share_complete(c, quotes, in->events, &plan->settings, &in->facts,
                                       &in->share, in->quotes, &in->benchmarks);
    else if (status == ABN_OK)
        status = market_quotes_clean(c, &in->facts, in->quotes);
    if (status == ABN_OK && in->market) status = market_quotes_clean(c, &in->facts, in->market);
    return abn_crew_agree(in->share.crew, status, &c->err);
}

/* ---- results ---- */

enum { REGRESS_MAX = 32 };

static abn_errors errors_of(const cli *c, abn_cluster *cluster)
{
    static const char *const names[] = {"classic", "hc0", "hc1", "hc2", "hc3"};
    *cluster = is(c, "errors", "date") ? ABN_CLUSTER_DATE : ABN_CLUSTER_FIRM;
    if (is(c, "errors", "date") || is(c, "errors", "firm")) return ABN_ERRORS_CLUSTER;
    for (int i = 0; i < 5; i++)
        if (is(c, "errors", names[i])) return (abn_errors)i;
    return ABN_ERRORS_HC3;
}

/* What tells the events apart. */
static abn_status explain(const cli *c, const abn_study *study, const loaded *in, abn_cross **out,
                          abn_error *err)
{
    const char *name[REGRESS_MAX];
    const char *list = cli_text(c, "regress");
    char *text = strdup(list ? list : "");
    abn_cross_settings s = {.regress = name,
                            .weights = cli_text(c, "weights"),
                            .winsorise = cli_real(c, "winsorise", 0),
                            .power = .8,
                            .level = .05};
    if (!text) return abn_fail_memory(err);
    s.errors = errors_of(c, &s.cluster);
    for (char *word = text, *end; *text && word && s.n_regress < REGRESS_MAX; word = end) {
        end = strchr(word, ',');
        if (end) *end++ = 0;
        name[s.n_regress++] = word;
    }
    abn_status status = abn_cross_new(study, in->events, &s, out, err);
    free(text);
    return status;
}

/* Tables beside the study's own. */
typedef struct further {
    abn_table caar, scatter, cross, donors;
    abn_caar_row *caar_row;
    abn_scatter_row *scatter_row;
    abn_cross *differences;
    abn_donor_row *donor_row;
} further;

static void free_further(further *f)
{
    free(f->caar_row);
    free(f->scatter_row);
    abn_cross_free(f->differences);
    free(f->donor_row);
}

static abn_status find_further(const cli *c, const abn_study *study, const loaded *in, further *f,
                               abn_error *err)
{
    size_t n = 0, points = 0, donors = 0;
    abn_status status = abn_caar_rows(study, &f->caar_row, &n, err);
    if (status == ABN_OK)
        status = abn_scatter_rows(study, ABN_SCATTER_EVENTS, &f->scatter_row, &points, err);
    if (status == ABN_OK) status = explain(c, study, in, &f->differences, err);
    if (status == ABN_OK) status = abn_donor_rows(study, &f->donor_row, &donors, err);
    if (status != ABN_OK) return status;
    f->caar = abn_caar_table(f->caar_row, n);
    f->scatter = abn_scatter_table(f->scatter_row, points);
    f->cross = abn_cross_table(f->differences);
    f->donors = abn_donor_table(f->donor_row, donors);
    return ABN_OK;
}

/* What is made beside the printing of the study's own tables: those that are computed from it, and
 * the record, for which the inputs are hashed. */
typedef struct side {
    const cli *c;
    const study_plan *plan;
    const loaded *in;
    const abn_study *study;
    further *more;
    abn_buf record;
} side;

static abn_status make_record(side *m, abn_error *err)
{
    const loaded *in = m->in;
    abn_status status = ABN_OK;
    record r;
    study_record_start(&r, m->c, study_options, m->plan);
    if (in->share.divided)
        status = quotes_share_record(&in->share, in->quotes, &r, err);
    else
        record_quotes(&r, in->quotes);
    if (status == ABN_OK && abn_crew_leads(in->share.crew))
        status = study_record_end(&r, m->c, &in->facts, in->market, &m->record, err);
    record_free(&r);
    return status;
}

static abn_status make_side(void *context, abn_error *err)
{
    side *m = context;
    abn_status status = find_further(m->c, m->study, m->in, m->more, err);
    return status == ABN_OK ? make_record(m, err) : status;
}

enum { OWN_TABLES = 5, ALL_TABLES = 9 };

/* The tables beside the study's own, as soon as they are there; how many. */
static size_t list_further(const further *f, const abn_table **table)
{
    const abn_table *all[] = {&f->caar, &f->scatter, &f->cross, &f->donors};
    memcpy(table, all, sizeof all);
    return f->donors.n_rows ? 4 : 3;
}

/* Alone: the study's tables on all threads but one, which makes what comes beside them. */
static abn_status print_alone(cli *c, abn_results *results, const abn_table **table, side *made)
{
    abn_beside beside = {.work = make_side, .context = made};
    abn_status status = abn_results_tables(results, table, OWN_TABLES, cli_digits(c),
                                           cli_threads(c), &beside, &c->err);
    if (status != ABN_OK) return status;
    size_t n = list_further(made->more, table + OWN_TABLES);
    return abn_results_tables(results, table + OWN_TABLES, n, cli_digits(c), cli_threads(c), NULL,
                              &c->err);
}

static abn_status print_shared(cli *c, abn_results *results, const abn_table **table, side *made)
{
    const abn_crew *crew = made->in->share.crew;
    abn_status status = find_further(c, made->study, made->in, made->more, &c->err);
    status = abn_crew_agree(crew, status, &c->err);
    if (status != ABN_OK) return status;
    size_t n = OWN_TABLES + list_further(made->more, table + OWN_TABLES);
    status = abn_results_share(results, crew, table, n, cli_digits(c), cli_threads(c), &c->err);
    return status == ABN_OK ? make_record(made, &c->err) : status;
}

static abn_status write_tables(cli *c, const abn_study *study, const abn_study_tables *t,
                               const study_plan *plan, const loaded *in)
{
    const abn_table *table[ALL_TABLES] = {&t->alignment, &t->models, &t->returns, &t->cars,
                                          &t->tests};
    abn_results *results = NULL;
    further more = {.caar_row = NULL};
    side made = {.c = c, .plan = plan, .in = in, .study = study, .more = &more};
    bool leads = abn_crew_leads(in->share.crew);
    abn_status status = leads ? folder_open(c, cli_text(c, "output"), &results) : ABN_OK;
    cli_stage(c, "writing tables");
    status = abn_crew_agree(in->share.crew, status, &c->err);
    if (status == ABN_OK)
        status = in->share.crew ? print_shared(c, results, table, &made)
                                : print_alone(c, results, table, &made);
    if (status == ABN_OK && leads)
        status = abn_results_file(results, "run.json",
                                  (abn_slice){made.record.data, made.record.len}, &c->err);
    abn_buf_free(&made.record);
    free_further(&more);
    if (status == ABN_OK && leads) status = folder_commit(c, results);
    folder_close(results);
    return abn_crew_agree(in->share.crew, status, &c->err);
}

static abn_status print_bytes(void *to, const char *bytes, size_t len, abn_error *err)
{
    (void)err;
    return cli_print(to, bytes, len);
}

static abn_status show(cli *c, const abn_study *study, const study_plan *plan, const loaded *in)
{
    abn_study_tables tables;
    abn_study_tables_make(study, &tables);
    if (!cli_text(c, "output"))
        return in->share.crew
                   ? abn_table_share(&tables.cars, in->share.crew, cli_digits(c), cli_threads(c),
                                     cli_flag(c, "safe-csv"), print_bytes, c, &c->err)
                   : cli_show(c, &tables.cars);
    return write_tables(c, study, &tables, plan, in);
}

/* Whether several processes share this study, or the first does it alone: where listings cannot be
 * studied apart, and where a table is printed that needs all rows at once. */
static abn_status divide(cli *c, const study_plan *plan, abn_status mine, loaded *in)
{
    const char *format = cli_text(c, "format");
    if (!c->command->divides) return mine;
    bool together = mine == ABN_OK && abn_study_divides(&plan->settings);
    if (!cli_text(c, "output") && format && strcmp(format, "csv") != 0) together = false;
    abn_status status = abn_crew_share(c->crew, mine, &together, sizeof together, &c->err);
    if (status == ABN_OK && together) in->share.crew = c->crew;
    return status;
}

static abn_status measure(cli *c, study_plan *plan, loaded *in, abn_study **study)
{
    abn_study_input input = {.event = abn_events_at(in->events, 0),
                             .n_events = abn_events_count(in->events),
                             .quotes = in->quotes,
                             .shared = in->benchmarks,
                             .market = in->market,
                             .exchanges = in->facts.exchanges,
                             .listings = in->facts.listings,
                             .factors = in->factors,
                             .actions = in->facts.actions,
                             .crew = in->share.crew};
    cli_stage(c, "measuring");
    return abn_study_run(&input, &plan->settings, c->notes, study, &c->err);
}

static abn_status study_all(cli *c, study_plan *plan, loaded *in, abn_study **study)
{
    /* Of what all processes read, the first speaks. */
    abn_notes *notes = c->notes;
    if (!abn_crew_leads(c->crew)) c->notes = NULL;
    abn_status status = load_all(c, plan, in);
    c->notes = notes;
    if (status != ABN_OK) return status;
    status = measure(c, plan, in, study);
    if (status == ABN_OK) status = show(c, *study, plan, in);
    if (status != ABN_OK) return status;
    c->some_failed = cli_some_failed(c);
    return abn_crew_share(in->share.crew, ABN_OK, &c->some_failed, sizeof c->some_failed, &c->err);
}

static abn_status run(cli *c)
{
    study_plan *plan = calloc(1, sizeof *plan);
    loaded in = {0};
    abn_study *study = NULL;
    abn_status status = plan ? make_plan(c, plan) : abn_fail_memory(&c->err);
    status = divide(c, plan, status, &in);
    if (status == ABN_OK && (in.share.crew || abn_crew_leads(c->crew)))
        status = study_all(c, plan, &in, &study);
    abn_study_free(study);
    free_loaded(&in);
    if (plan) plan_free(plan);
    free(plan);
    return status;
}

const command cmd_study = {
    .name = "study",
    .arguments = "",
    .summary = "measure what each event did to each listing, and test it",
    .example =
        "abnorm study --events out/events.csv --quotes data/quotes --windows 0:1,-1:1 -o out/study",
    .details =
        "Windows count each listing's own sessions from the first one that an announcement met\n"
        "(day 0). Models: mean, market_adjusted, market, scholes_williams, dimson, robust, garch,\n"
        "egarch, factors, capm, ff3, ff5, carhart, portfolio, synthetic; several at once.\n"
        "Columns of the events file named benchmark, estimation and event_window (A:B) hold for\n"
        "that event. Without -o the cumulative abnormal returns are printed. `abnorm help tests`,\n"
        "`abnorm help models` and `abnorm help conventions` give every formula.\n"
        "cross_section.csv: mean CARs weighted in several ways, the smallest effect that so many\n"
        "events can show, regressions (--regress), differences between groups (--group).\n"
        "donors.csv: whose returns a portfolio or synthetic is made of.\n"
        "Where fetch has put actions/dividends.csv or actions/splits.csv beside the quotes, they "
        "are\n"
        "used, and a note says so; --dividends and --splits name others, or none.\n"
        "A command built with make MPI=1 shares the listings among the processes that mpirun or "
        "srun\n"
        "starts; what is written is the same.\n",
    .options = study_options,
    .least = 0,
    .most = 0,
    .divides = true,
    .run = run,
};
