/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `abnorm extract`: documents in; dated documents, verified claims and events out. */
#include "commands.h"
#include "folder.h"
#include "record.h"
#include "text_facts.h"

#include <abnorm/extract_tables.h>
#include <string.h>
#include <time.h>

static const option options[] = {
    {"output", 'o', OPTION_PATH, "DIR",
     "write documents.csv, claims.csv, events.csv and run.json there"},
    {"quotes", 0, OPTION_PATH, "PATH", "daily quotes (default the shipped ones)"},
    {"published", 0, OPTION_DATE, "DATE", "the day that every document was published"},
    {"lang", 0, OPTION_TEXT, "L", "the documents' language (default found out for each)"},
    {"listings", 0, OPTION_PATH, "FILE", "your own rows beside the shipped listings"},
    {"explain", 0, OPTION_FLAG, NULL, "print how each document came to its day"},
    {0},
};

typedef struct job {
    text_facts facts;
    abn_extraction *x;
    record record;
} job;

static abn_status explain(cli *c, const abn_extraction *x)
{
    size_t n;
    const abn_document_row *row = abn_extraction_documents(x, &n);
    abn_buf out = {0};
    for (size_t i = 0; i < n; i++)
        abn_buf_text(&out, row[i].explanation);
    abn_status status = n ? cli_print_text(c, &out) : ABN_OK;
    abn_buf_free(&out);
    return status;
}

/* What was read against what: its documents are on record since they were read. */
static abn_status write_record(cli *c, job *j, abn_results *results)
{
    record_options(&j->record, c, options);
    record_quotes(&j->record, j->facts.quotes);
    record_shipped(&j->record, c, "dividends.csv");
    record_data(&j->record, c, true);
    record_found(&j->record, &j->facts.market);
    return record_write(&j->record, c, -1, results);
}

static abn_status write_folder(cli *c, job *j, const char *folder)
{
    abn_results *results = NULL;
    abn_status status = folder_open(c, folder, &results);
    cli_stage(c, "writing tables");
    if (status == ABN_OK)
        status = abn_extract_write(j->x, results, cli_digits(c), cli_threads(c), &c->err);
    if (status == ABN_OK) status = write_record(c, j, results);
    if (status == ABN_OK) status = folder_commit(c, results);
    folder_close(results);
    return status;
}

static void say_summary(const cli *c, const abn_extraction *x, const char *folder)
{
    size_t n_documents, n_claims, n_events, n_dated = 0;
    const abn_document_row *row = abn_extraction_documents(x, &n_documents);
    abn_extraction_claims(x, &n_claims);
    abn_extraction_events(x, &n_events);
    for (size_t i = 0; i < n_documents; i++)
        n_dated += row[i].published != ABN_NO_DATE;
    cli_say(c, "%zu documents, %zu dated; %zu claims, %zu events: %s", n_documents, n_dated,
            n_claims, n_events, folder);
}

static abn_status show(cli *c, job *j)
{
    const char *folder = cli_text(c, "output");
    abn_status status = ABN_OK;
    if (folder) status = write_folder(c, j, folder);
    if (status == ABN_OK && folder) say_summary(c, j->x, folder);
    if (status == ABN_OK && cli_flag(c, "explain")) return explain(c, j->x);
    if (status != ABN_OK || folder) return status;
    abn_table claims = abn_extract_claims_table(j->x);
    return cli_show(c, &claims);
}

/* An empty folder is more likely a slip than a wish for empty tables. */
static abn_status require_documents(cli *c, const abn_extraction *x)
{
    size_t n;
    abn_extraction_documents(x, &n);
    if (n || c->some_failed) return ABN_OK;
    return abn_fail_at(&c->err, ABN_NO_INPUT, c->arg[0], 0, 0,
                       "no documents (expected text, HTML, RSS or Atom files)");
}

static abn_status run(cli *c)
{
    job j = {.x = NULL};
    abn_extract_options extract = {
        .document = {.lang = cli_text(c, "lang"),
                     .given = cli_date(c, "published"),
                     .today = (abn_date)(time(NULL) / 86400)},
        .explain = cli_flag(c, "explain"),
    };
    market_sources from = market_sources_of(c);
    from.shipped_dividends = true;
    record_start(&j.record);
    abn_status status = cli_check_lang(c);
    if (status == ABN_OK) status = text_facts_load(c, &from, cli_text(c, "quotes"), &j.facts);
    abn_extract_facts borrowed = text_facts_borrow(&j.facts);
    if (status == ABN_OK) status = abn_extraction_new(&borrowed, &extract, &j.x, &c->err);
    if (status == ABN_OK) status = text_read(c, c->arg, c->n_args, j.x, &j.record);
    if (status == ABN_OK) status = require_documents(c, j.x);
    cli_stage(c, "putting announcements together");
    if (status == ABN_OK) status = abn_extraction_finish(j.x, &c->err);
    if (status == ABN_OK) status = show(c, &j);
    abn_extraction_free(j.x);
    text_facts_free(&j.facts);
    record_free(&j.record);
    return status;
}

const command cmd_extract = {
    .name = "extract",
    .arguments = "DOC...",
    .summary = "read news: date it, check the moves it reports, find announcements",
    .example = "abnorm extract -o out seeds/texts",
    .details = "A DOC is a text, HTML, RSS or Atom file, a folder, an address or - for stdin.\n"
               "A document without a date is dated by the moves that it reports, where they fit\n"
               "one day of the quotes well enough; --explain tells why.",
    .options = options,
    .least = 1,
    .most = -1,
    .run = run,
};
