/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `abnorm simulate`: how often each test rejects, on returns that are known to hold no event. */
#include "commands.h"
#include "folder.h"
#include "own_data.h"
#include "real_list.h"
#include "record.h"
#include "study_plan.h"

#include <abnorm/file.h>
#include <abnorm/results.h>
#include <abnorm/simulate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const option options[] = {
    {"output", 'o', OPTION_PATH, "DIR", "write simulation.csv there"},
    {"quotes", 0, OPTION_PATH, "PATH", "your own data: random days of random listings"},
    {"benchmark", 0, OPTION_TEXT, "SYM|KEY=SYM,..",
     "by listing or MIC (default: data/listings.csv)"},
    {"factors", 0, OPTION_PATH, "FILE", "factor returns by date, RF among them"},
    {"returns", 0, OPTION_FLAG, NULL, "a wide file's cells are returns"},
    {"log", 0, OPTION_FLAG, NULL, "log returns"},
    {"samples", 0, OPTION_INT, "N", "samples of each design (default 1000)"},
    {"securities", 0, OPTION_INT, "N", "events of a sample (default 50)"},
    {"shock", 0, OPTION_TEXT, "PCT[,..]", "effects added to day 0, in percent (default 0,0.5,1,2)"},
    {"rho", 0, OPTION_TEXT, "R[,..]",
     "correlations of residuals; above 0 events cluster (default 0)"},
    {"event-sd", 0, OPTION_TEXT, "X[,..]", "deviation of day 0 as a multiple (default 1)"},
    {"innovations", 0, OPTION_CHOICE, "normal|t", "distribution of residuals (default normal)"},
    {"df", 0, OPTION_REAL, "N", "degrees of freedom of t innovations, above 2 (default 4)"},
    {"missing", 0, OPTION_REAL, "SHARE",
     "share of days on which a listing does not trade (default 0)"},
    {"clustered", 0, OPTION_FLAG, NULL, "all events of a sample on one day"},
    {"estimation", 0, OPTION_RANGE, "A:B", "estimation window in sessions (default -239:-1)"},
    {"event-window", 0, OPTION_RANGE, "A:B",
     "window that is tested, with day 0 in it (default 0:0)"},
    {"model", 0, OPTION_TEXT, "NAME", "expected returns (default market)"},
    {"tests", 0, OPTION_TEXT, "NAME,..", "tests to run (default all)"},
    {"replicates", 0, OPTION_INT, "N", "of resampling tests; 0 leaves them out (default 0)"},
    {"kp-align", 0, OPTION_CHOICE, "calendar|event",
     "how residuals are paired (default event for synthetic data without gaps)"},
    {"alternative", 0, OPTION_CHOICE, "two-sided|greater|less",
     "side of the tests' p (default two-sided)"},
    {"level", 0, OPTION_REAL, "P", "level of the tests (default .05)"},
    {"seed", 0, OPTION_INT, "N", "of the random streams (default 1)"},
    {0},
};

/* Everything asked for; the design's own rho and event_sd change from run to run. */
typedef struct plan {
    abn_simulation design;
    real_list shock, rho, event_sd;
    study_plan study;
    own_data own;
} plan;

typedef struct sim_row {
    const char *statistic;
    double shock_pct, rho, event_sd;
    int64_t samples, securities;
    double level, rate, lo, hi;
    const char *model, *innovations;
    double missing;
    const char *caution;
} sim_row;

static const abn_column columns[] = {
    {"statistic", ABN_COLUMN_TEXT, offsetof(sim_row, statistic)},
    {"shock_pct", ABN_COLUMN_REAL, offsetof(sim_row, shock_pct)},
    {"rho", ABN_COLUMN_REAL, offsetof(sim_row, rho)},
    {"event_sd", ABN_COLUMN_REAL, offsetof(sim_row, event_sd)},
    {"samples", ABN_COLUMN_INT, offsetof(sim_row, samples)},
    {"securities", ABN_COLUMN_INT, offsetof(sim_row, securities)},
    {"level", ABN_COLUMN_REAL, offsetof(sim_row, level)},
    {"rejection_rate", ABN_COLUMN_REAL, offsetof(sim_row, rate)},
    {"lo95", ABN_COLUMN_REAL, offsetof(sim_row, lo)},
    {"hi95", ABN_COLUMN_REAL, offsetof(sim_row, hi)},
    {"model", ABN_COLUMN_TEXT, offsetof(sim_row, model)},
    {"innovations", ABN_COLUMN_TEXT, offsetof(sim_row, innovations)},
    {"missing", ABN_COLUMN_REAL, offsetof(sim_row, missing)},
    {"caution", ABN_COLUMN_TEXT, offsetof(sim_row, caution)},
};

/* ---- what was asked ---- */

/* One model; resampling tests only with replicates. */
static abn_status parse_names(cli *c, plan *p)
{
    const char *model = cli_text(c, "model"), *tests = cli_text(c, "tests");
    abn_simulation *d = &p->design;
    abn_status status = plan_models(&p->study, model ? model : "market", &c->err);
    if (!status && p->study.settings.n_models != 1)
        status = cli_usage(c, "model", "simulate takes one model");
    if (!status) status = plan_tests(&p->study, tests ? tests : "all", &c->err);
    if (status) return status;
    d->model = p->study.model[0].model;
    d->statistic = p->study.statistic;
    d->statistics = 0;
    for (size_t i = 0; i < p->study.settings.n_statistics; i++)
        if (d->replicates > 0 || !(p->study.statistic[i]->needs & ABN_NEED_REPLICATES))
            p->study.statistic[d->statistics++] = p->study.statistic[i];
    return d->statistics ? ABN_OK : cli_usage(c, "tests", "these need --replicates");
}

static void show_progress(void *context, size_t done)
{
    cli_progress(context, "simulate: %zu samples", done);
}

static void put_design(cli *c, abn_simulation *d)
{
    const char *innovations = cli_text(c, "innovations"), *align = cli_text(c, "kp-align");
    d->samples = (size_t)cli_int(c, "samples", 1000);
    d->securities = (size_t)cli_int(c, "securities", 50);
    d->df = innovations && innovations[0] == 't' ? cli_real(c, "df", 4) : 0;
    d->missing = cli_real(c, "missing", 0);
    d->clustered = cli_flag(c, "clustered");
    d->estimation = (abn_window){-239, -1};
    d->window = (abn_window){0, 0};
    cli_range(c, "estimation", &d->estimation.from, &d->estimation.to);
    cli_range(c, "event-window", &d->window.from, &d->window.to);
    d->replicates = (size_t)cli_int(c, "replicates", 0);
    bool calendar = align ? align[0] == 'c' : d->missing > 0 || cli_text(c, "quotes");
    d->pairing = calendar ? ABN_PAIR_CALENDAR : ABN_PAIR_EVENT;
    d->level = cli_real(c, "level", .05);
    const char *side = cli_text(c, "alternative");
    d->alternative = !side || side[0] == 't' ? ABN_TWO_SIDED
                     : side[0] == 'g'        ? ABN_GREATER
                                             : ABN_LESS;
    d->seed = (uint64_t)cli_int(c, "seed", 1);
    d->threads = cli_threads(c);
    d->tell = show_progress;
    d->context = c;
}

/* Placebo days of the user's listings, which bring their own correlation. */
static abn_status use_own_data(cli *c, plan *p)
{
    abn_simulation *d = &p->design;
    const char *benchmarks = cli_text(c, "benchmark");
    abn_status status = benchmarks ? plan_benchmarks(&p->study, benchmarks, &c->err) : ABN_OK;
    if (!status && (p->rho.n > 1 || p->rho.value[0] != 0))
        status = cli_usage(c, "rho", "data of your own have their own correlation");
    if (!status) status = own_data_load(c, &p->study, d->estimation, d->window, &p->own);
    d->history = p->own.history;
    d->histories = p->own.n;
    d->log = cli_flag(c, "log");
    return status;
}

static abn_status make_plan(cli *c, plan *p)
{
    put_design(c, &p->design);
    abn_status status = real_list_parse(c, "shock", "0,0.5,1,2", -100, &p->shock);
    if (!status) status = real_list_parse(c, "rho", "0", 0, &p->rho);
    if (!status) status = real_list_parse(c, "event-sd", "1", 0, &p->event_sd);
    if (!status) status = parse_names(c, p);
    if (!status && !(p->design.level > 0 && p->design.level < 1))
        status = cli_usage(c, "level", "%g is not between 0 and 1", p->design.level);
    for (size_t i = 0; i < p->shock.n; i++)
        p->shock.value[i] /= 100;
    p->design.shock = p->shock.value;
    p->design.shocks = p->shock.n;
    return status || !cli_text(c, "quotes") ? status : use_own_data(c, p);
}

/* ---- what came out ---- */

static void put_rows(const abn_simulation *d, const abn_simulated *found, sim_row *row)
{
    for (size_t i = 0; i < d->shocks * d->statistics; i++)
        row[i] = (sim_row){.statistic = found[i].statistic->name,
                           .shock_pct = found[i].shock * 100,
                           .rho = d->rho,
                           .event_sd = d->event_sd,
                           .samples = (int64_t)found[i].samples,
                           .securities = (int64_t)d->securities,
                           .level = d->level,
                           .rate = found[i].rate,
                           .lo = found[i].lo,
                           .hi = found[i].hi,
                           .model = d->model->name,
                           .innovations = d->history  ? "own"
                                          : d->df > 0 ? "t"
                                                      : "normal",
                           .missing = d->missing,
                           .caution = found[i].statistic->caution};
}

/* Every rho with every event_sd, each with all shocks on the same samples. */
static abn_status run_grid(cli *c, plan *p, abn_simulated *found, sim_row *row)
{
    abn_simulation *d = &p->design;
    size_t rows = d->shocks * d->statistics;
    for (size_t i = 0; i < p->rho.n; i++)
        for (size_t j = 0; j < p->event_sd.n; j++, row += rows) {
            d->rho = p->rho.value[i], d->event_sd = p->event_sd.value[j];
            abn_status status = abn_simulate_run(d, found, &c->err);
            if (status) return status;
            put_rows(d, found, row);
        }
    return ABN_OK;
}

static abn_status write_record(cli *c, const plan *p, abn_results *results)
{
    record r;
    record_start(&r);
    record_options(&r, c, options);
    record_quotes(&r, p->own.quotes);
    if (p->own.quotes) record_data(&r, c, false);
    record_found(&r, &p->own.facts);
    abn_status status = record_write(&r, c, (long)p->design.seed, results);
    record_free(&r);
    return status;
}

static abn_status write_folder(cli *c, const plan *p, const abn_table *table, const char *folder)
{
    abn_results *results = NULL;
    abn_status status = folder_open(c, folder, &results);
    if (!status) status = abn_results_table(results, table, cli_digits(c), cli_threads(c), &c->err);
    if (!status) status = write_record(c, p, results);
    if (!status) status = folder_commit(c, results);
    folder_close(results);
    return status;
}

static abn_status run(cli *c)
{
    plan p = {0};
    abn_simulated *found = NULL;
    sim_row *row = NULL;
    /* Of what all processes read, the first speaks, and writes what all have found. */
    bool leads = abn_crew_leads(c->crew);
    abn_notes *notes = c->notes;
    if (!leads) c->notes = NULL;
    abn_status status = make_plan(c, &p);
    c->notes = notes;
    p.design.crew = c->crew;
    size_t rows = p.design.shocks * p.design.statistics, all = rows * p.rho.n * p.event_sd.n;
    if (status) goto done;
    found = calloc(rows, sizeof *found);
    row = calloc(all, sizeof *row);
    status = found && row ? run_grid(c, &p, found, row) : abn_fail_memory(&c->err);
    cli_progress_end();
    if (status || !leads) goto done;
    abn_table table = {.name = "simulation",
                       .columns = columns,
                       .n_columns = sizeof columns / sizeof *columns,
                       .n_rows = all,
                       .row_size = sizeof *row,
                       .rows = row};
    const char *folder = cli_text(c, "output");
    status = folder ? write_folder(c, &p, &table, folder) : cli_show(c, &table);
done:
    free(found);
    free(row);
    own_data_free(&p.own);
    plan_free(&p.study);
    return status;
}

const command cmd_simulate = {
    .name = "simulate",
    .arguments = "",
    .summary = "measure every test's size and power",
    .example = "abnorm simulate --samples 2000 --rho 0,0.05 --event-sd 1,2 --shock 0,1",
    .details =
        "Brown and Warner's experiment: samples of returns without an event, an effect added to\n"
        "day 0, and how often each test then rejects. The rate at shock 0 is a test's size and\n"
        "ought to be its level; the others are its power. lo95 and hi95 bound the rate.\n"
        "With --quotes the samples are random days of random listings, so the table tells which\n"
        "test to trust on these data.\n",
    .options = options,
    .least = 0,
    .most = 0,
    .divides = true,
    .run = run,
};
