/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `abnorm quotes`: whether quotes can be trusted. */
#include "commands.h"
#include "market_facts.h"

#include <abnorm/exchange.h>
#include <abnorm/file.h>
#include <abnorm/listing.h>
#include <abnorm/quality.h>
#include <abnorm/quotes.h>
#include <abnorm/venue.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const option quotes_options[] = {
    {"summary", 0, OPTION_FLAG, NULL, "a row a series in place of a row a finding"},
    {"strict", 0, OPTION_FLAG, NULL, "exit with 65 when anything was found"},
    {"calendar", 0, OPTION_PATH, "FILE", "your own exchange,date,kind,local_time rows"},
    {"listings", 0, OPTION_PATH, "FILE", "your own symbol,company,mic,.. rows"},
    {"splits", 0, OPTION_PATH, "FILE", "symbol,ex_date,ratio (default the shipped ones)"},
    {"returns", 0, OPTION_FLAG, NULL, "a wide file's cells are returns"},
    {"negative-price", 0, OPTION_CHOICE, "missing|abs",
     "what a price below 0 is (default missing)"},
    {0},
};

typedef struct check_run {
    market_facts facts;
    abn_quotes *quotes;
    abn_findings *findings;
} check_run;

static void free_run(check_run *r)
{
    abn_findings_free(r->findings);
    abn_quotes_free(r->quotes);
    market_facts_free(&r->facts);
}

/* Notes of the loader that no finding repeats. */
static void keep_notes(cli *c, const abn_notes *notes)
{
    static const char *const kept[] = {ABN_UNREADABLE_FILE, "symbol in two files",
                                       "more rows left out"};
    for (size_t i = 0; i < abn_notes_count(notes); i++) {
        const abn_note *n = abn_notes_at(notes, i);
        for (size_t k = 0; k < sizeof kept / sizeof *kept; k++)
            if (strcmp(n->kind, kept[k]) == 0)
                abn_note_at(c->notes, n->kind, n->source, n->line, n->column, "%s", n->text);
    }
}

static abn_status load_quotes(cli *c, check_run *r)
{
    const char *negative = cli_text(c, "negative-price");
    abn_quotes_options options = {
        .returns = cli_flag(c, "returns"),
        .negative =
            negative && strcmp(negative, "abs") == 0 ? ABN_NEGATIVE_ABS : ABN_NEGATIVE_MISSING,
        .threads = cli_threads(c),
    };
    abn_notes *notes = abn_notes_new();
    if (!notes) return abn_fail_memory(&c->err);
    cli_stage(c, "reading quotes");
    abn_status status = abn_quotes_load(c->arg[0], &options, notes, &r->quotes, &c->err);
    if (status == ABN_OK) keep_notes(c, notes);
    abn_notes_free(notes);
    return status;
}

static abn_status check(cli *c, check_run *r)
{
    abn_status status =
        abn_venue_infer(r->facts.exchanges, r->quotes, r->facts.listings, c->notes, &c->err);
    abn_quality_inputs inputs = {.exchanges = r->facts.exchanges,
                                 .listings = r->facts.listings,
                                 .actions = r->facts.actions,
                                 .now = (abn_instant)time(NULL)};
    if (status != ABN_OK) return status;
    cli_stage(c, "checking quotes");
    return abn_quality_check(r->quotes, &inputs, &r->findings, &c->err);
}

/* ---- findings ---- */

typedef struct finding_row {
    const char *symbol, *check, *dropped, *file, *text;
    abn_date date, until;
    int64_t line, column;
    double value;
} finding_row;

static const abn_column finding_columns[] = {
    {"symbol", ABN_COLUMN_TEXT, offsetof(finding_row, symbol)},
    {"date", ABN_COLUMN_DATE, offsetof(finding_row, date)},
    {"check", ABN_COLUMN_TEXT, offsetof(finding_row, check)},
    {"until", ABN_COLUMN_DATE, offsetof(finding_row, until)},
    {"value", ABN_COLUMN_REAL, offsetof(finding_row, value)},
    {"dropped", ABN_COLUMN_TEXT, offsetof(finding_row, dropped)},
    {"file", ABN_COLUMN_TEXT, offsetof(finding_row, file)},
    {"line", ABN_COLUMN_INT, offsetof(finding_row, line)},
    {"column", ABN_COLUMN_INT, offsetof(finding_row, column)},
    {"text", ABN_COLUMN_TEXT, offsetof(finding_row, text)},
};

static void fill_finding(const void *context, size_t i, void *into)
{
    const abn_finding *f = abn_findings_at(context, i);
    *(finding_row *)into = (finding_row){
        .symbol = f->symbol,
        .check = abn_check_name(f->check),
        .dropped = f->dropped ? "yes" : "no",
        .file = f->source,
        .text = f->text,
        .date = f->date,
        .until = f->until,
        .line = f->line > 0 ? f->line : ABN_NO_INT,
        .column = f->column > 0 ? f->column : ABN_NO_INT,
        .value = f->value,
    };
}

static abn_table findings_table(const check_run *r)
{
    return (abn_table){
        .name = "findings",
        .columns = finding_columns,
        .n_columns = sizeof finding_columns / sizeof *finding_columns,
        .n_rows = abn_findings_count(r->findings),
        .row_size = sizeof(finding_row),
        .row = fill_finding,
        .context = r->findings,
    };
}

/* ---- series ---- */

typedef struct series_row {
    const char *symbol, *mic, *file;
    abn_date first, last;
    int64_t rows, findings, dropped;
} series_row;

static const abn_column series_columns[] = {
    {"symbol", ABN_COLUMN_TEXT, offsetof(series_row, symbol)},
    {"mic", ABN_COLUMN_TEXT, offsetof(series_row, mic)},
    {"first", ABN_COLUMN_DATE, offsetof(series_row, first)},
    {"last", ABN_COLUMN_DATE, offsetof(series_row, last)},
    {"rows", ABN_COLUMN_INT, offsetof(series_row, rows)},
    {"findings", ABN_COLUMN_INT, offsetof(series_row, findings)},
    {"dropped", ABN_COLUMN_INT, offsetof(series_row, dropped)},
    {"file", ABN_COLUMN_TEXT, offsetof(series_row, file)},
};

/* Findings are sorted by symbol. */
static size_t first_finding(const abn_findings *findings, const char *symbol)
{
    size_t lo = 0, hi = abn_findings_count(findings);
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (strcmp(abn_findings_at(findings, mid)->symbol, symbol) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static void fill_series(const void *context, size_t i, void *into)
{
    const check_run *r = context;
    const abn_series *s = abn_quotes_at(r->quotes, i);
    const abn_exchange *x = abn_venue_find(r->facts.exchanges, r->facts.listings, s);
    series_row row = {.symbol = s->symbol,
                      .mic = x ? x->mic : NULL,
                      .file = s->source,
                      .first = s->date[0],
                      .last = s->date[s->n - 1],
                      .rows = (int64_t)s->n};
    for (size_t k = first_finding(r->findings, s->symbol); k < abn_findings_count(r->findings);
         k++) {
        const abn_finding *f = abn_findings_at(r->findings, k);
        if (strcmp(f->symbol, s->symbol) != 0) break;
        row.findings++;
        row.dropped += f->dropped;
    }
    *(series_row *)into = row;
}

static abn_table series_table(const check_run *r)
{
    return (abn_table){
        .name = "series",
        .columns = series_columns,
        .n_columns = sizeof series_columns / sizeof *series_columns,
        .n_rows = abn_quotes_count(r->quotes),
        .row_size = sizeof(series_row),
        .row = fill_series,
        .context = r,
    };
}

/* ---- for people ---- */

static bool wants_text(const cli *c)
{
    const char *format = cli_text(c, "format");
    return format ? strcmp(format, "text") == 0 : isatty(STDOUT_FILENO);
}

static void write_finding(const abn_finding *f, abn_buf *out)
{
    char date[ABN_DATE_MAX];
    abn_buf_printf(out, "%s", f->source);
    if (f->line > 0) abn_buf_printf(out, ":%ld", f->line);
    if (f->column > 0) abn_buf_printf(out, ":%ld", f->column);
    abn_buf_printf(out, ": %s %s: %s\n", f->symbol, abn_date_format(f->date, date), f->text);
}

/* "3 stale_bar, 1 split" */
static void write_counts(const abn_findings *findings, abn_buf *out)
{
    size_t count[ABN_CHECKS] = {0};
    bool first = true;
    for (size_t i = 0; i < abn_findings_count(findings); i++)
        count[abn_findings_at(findings, i)->check]++;
    for (int k = 0; k < ABN_CHECKS; k++) {
        if (count[k] == 0) continue;
        abn_buf_printf(out, "%s%zu %s", first ? ": " : ", ", count[k],
                       abn_check_name((abn_check)k));
        first = false;
    }
}

static void write_summary(const check_run *r, abn_buf *out)
{
    size_t rows = 0, n = abn_findings_count(r->findings);
    for (size_t i = 0; i < abn_quotes_count(r->quotes); i++)
        rows += abn_quotes_at(r->quotes, i)->n;
    abn_buf_printf(out, "%zu series, %zu row%s, %zu finding%s", abn_quotes_count(r->quotes), rows,
                   rows == 1 ? "" : "s", n, n == 1 ? "" : "s");
    write_counts(r->findings, out);
}

static abn_status show_text(cli *c, const check_run *r)
{
    abn_buf out = {0};
    for (size_t i = 0; i < abn_findings_count(r->findings); i++)
        write_finding(abn_findings_at(r->findings, i), &out);
    if (out.len > 0) abn_buf_char(&out, '\n');
    abn_table table = series_table(r);
    abn_status status = abn_table_format(&table, ABN_FORMAT_TEXT, 6, 1, &out, &c->err);
    abn_buf_char(&out, '\n');
    write_summary(r, &out);
    abn_buf_char(&out, '\n');
    if (status == ABN_OK) status = cli_print_text(c, &out);
    abn_buf_free(&out);
    return status;
}

static abn_status show(cli *c, const check_run *r)
{
    abn_buf summary = {0};
    if (wants_text(c) && !cli_flag(c, "summary")) return show_text(c, r);
    abn_table table = cli_flag(c, "summary") ? series_table(r) : findings_table(r);
    abn_status status = cli_show(c, &table);
    write_summary(r, &summary);
    if (status == ABN_OK && summary.data) cli_say(c, "abnorm: %s", summary.data);
    abn_buf_free(&summary);
    return status;
}

static abn_status run_quotes(cli *c)
{
    check_run r = {0};
    market_sources from = market_sources_of(c);
    from.quotes = c->arg[0];
    from.dividends = "none"; /* prices are checked as they were paid */
    abn_status status = market_facts_load(c, &from, &r.facts);
    if (status == ABN_OK) status = load_quotes(c, &r);
    if (status == ABN_OK) status = check(c, &r);
    if (status == ABN_OK) status = show(c, &r);
    if (status == ABN_OK && cli_flag(c, "strict") && abn_findings_count(r.findings) > 0)
        c->some_failed = true;
    free_run(&r);
    return status;
}

const command cmd_quotes = {
    .name = "quotes",
    .arguments = "PATH",
    .summary = "check quotes: gaps, stale and impossible rows, splits",
    .example = "abnorm quotes data/quotes",
    .details =
        "PATH is a folder of SYMBOL.csv files, or one file, long or wide. Rows are held against\n"
        "the calendar of the listing's exchange, or of the one whose sessions they keep; in years\n"
        "without a calendar against the sessions of the benchmark. Findings marked as dropped are\n"
        "no observation in a study.\n",
    .options = quotes_options,
    .least = 1,
    .most = 1,
    .run = run_quotes,
};
