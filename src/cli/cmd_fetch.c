/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `abnorm fetch`: daily quotes from a provider, or the articles of a feed. */
#include "commands.h"
#include "fetch_news.h"
#include "interrupt.h"
#include "web.h"

#include <abnorm/fetch.h>
#include <abnorm/slice.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const option options[] = {
    {"provider", 'p', OPTION_CHOICE, "yahoo|stooq|alphavantage|tiingo|eodhd|fred|french",
     "whom to ask"},
    {"news", 0, OPTION_TEXT, "FEED",
     "keep the articles of this RSS or Atom feed instead of quotes"},
    {"from", 0, OPTION_DATE, "DATE", "first day (default as far back as the provider goes)"},
    {"to", 0, OPTION_DATE, "DATE", "last day (default the last closed session)"},
    {"output", 'o', OPTION_PATH, "DIR", "folder to update (default: print the quotes)"},
    {"refresh", 0, OPTION_FLAG, NULL, "take the whole history anew and replace the files"},
    {"keys", 0, OPTION_PATH, "FILE", "keys, a line \"PROVIDER KEY\" each"},
    {"listings", 0, OPTION_PATH, "FILE", "more listings, with the providers' spellings of symbols"},
    {"pace", 0, OPTION_REAL, "SEC", "least time between two requests (default the provider's)"},
    {"at-once", 0, OPTION_INT, "N", "requests under way at the same time (default 10)"},
    {"timeout", 0, OPTION_REAL, "SEC", "time for one try (default 60)"},
    {"retry", 0, OPTION_REAL, "SEC", "wait before a second try (default 1)"},
    {"ca-file", 0, OPTION_PATH, "FILE", "certificates to trust, PEM (default the system's)"},
    {"base-url", 0, OPTION_TEXT, "URL", "ask this server instead of the provider's own"},
    {"list", 0, OPTION_FLAG, NULL, "list the providers and what they give"},
    {"now", 0, OPTION_TEXT, "INSTANT", "take this as the present time"},
    {0},
};

/* ---- what the options say ---- */

static abn_status http_options(cli *c, double pace_sec, abn_http_options *out)
{
    *out = web_defaults();
    out->pace_sec = cli_real(c, "pace", pace_sec);
    out->timeout_sec = cli_real(c, "timeout", out->timeout_sec);
    out->retry_sec = cli_real(c, "retry", out->retry_sec);
    out->at_once = (int)cli_int(c, "at-once", out->at_once);
    if (out->connect_timeout_sec > out->timeout_sec) out->connect_timeout_sec = out->timeout_sec;
    if (cli_text(c, "ca-file")) out->ca_file = cli_text(c, "ca-file");
    if (!(out->pace_sec >= 0 && out->pace_sec <= 3600))
        return cli_usage(c, "pace", "expected 0 to 3600 seconds");
    if (!(out->timeout_sec > 0 && out->timeout_sec <= 3600))
        return cli_usage(c, "timeout", "expected up to 3600 seconds");
    if (!(out->retry_sec >= 0 && out->retry_sec <= 3600))
        return cli_usage(c, "retry", "expected 0 to 3600 seconds");
    if (out->at_once < 1 || out->at_once > 64) return cli_usage(c, "at-once", "expected 1 to 64");
    return ABN_OK;
}

static abn_status present_time(cli *c, abn_instant *now)
{
    const char *text = cli_text(c, "now");
    *now = (abn_instant)time(NULL);
    if (text && !abn_instant_parse(abn_slice_of(text), now, NULL))
        return cli_usage(c, "now", "expected YYYY-MM-DDThh:mm:ss+hh:mm");
    return ABN_OK;
}

static abn_status load_listings(cli *c, abn_listings **out)
{
    abn_listings *shipped = NULL, *all = NULL;
    const char *own = cli_text(c, "listings");
    char *path = cli_data(c, "listings.csv");
    abn_status status =
        path ? abn_listings_load(path, NULL, &shipped, &c->err) : abn_fail_memory(&c->err);
    free(path);
    if (status == ABN_OK && own) {
        status = abn_listings_load(own, shipped, &all, &c->err);
        abn_listings_free(shipped);
        shipped = all;
    }
    if (status == ABN_OK) *out = shipped;
    return status;
}

/* ---- what is shown ---- */

typedef struct summary_row {
    const char *symbol, *provider, *status, *file;
    int64_t rows, added, corrected;
    abn_date first, last;
} summary_row;

static const abn_column summary_columns[] = {
    {"symbol", ABN_COLUMN_TEXT, offsetof(summary_row, symbol)},
    {"provider", ABN_COLUMN_TEXT, offsetof(summary_row, provider)},
    {"status", ABN_COLUMN_TEXT, offsetof(summary_row, status)},
    {"rows", ABN_COLUMN_INT, offsetof(summary_row, rows)},
    {"added", ABN_COLUMN_INT, offsetof(summary_row, added)},
    {"corrected", ABN_COLUMN_INT, offsetof(summary_row, corrected)},
    {"first", ABN_COLUMN_DATE, offsetof(summary_row, first)},
    {"last", ABN_COLUMN_DATE, offsetof(summary_row, last)},
    {"file", ABN_COLUMN_TEXT, offsetof(summary_row, file)},
};

static summary_row summary_of(const abn_fetch_result *r, const char *provider)
{
    summary_row row = {.symbol = r->symbol,
                       .provider = provider,
                       .status = r->error.status ? "failed"
                                 : r->kept       ? "kept"
                                                 : "done",
                       .file = r->path,
                       .rows = (int64_t)r->rows,
                       .added = (int64_t)r->added,
                       .corrected = (int64_t)r->corrected,
                       .first = r->first,
                       .last = r->last};
    if (r->error.status) {
        row.rows = row.added = row.corrected = ABN_NO_INT;
        row.first = row.last = ABN_NO_DATE;
    }
    return row;
}

static abn_status show_summary(cli *c, const abn_provider *provider, const abn_fetch_result *result,
                               size_t n)
{
    summary_row *row = calloc(n ? n : 1, sizeof *row);
    if (!row) return abn_fail_memory(&c->err);
    for (size_t i = 0; i < n; i++)
        row[i] = summary_of(&result[i], provider->name);
    abn_table table = {.name = "fetch",
                       .columns = summary_columns,
                       .n_columns = sizeof summary_columns / sizeof *summary_columns,
                       .n_rows = n,
                       .row_size = sizeof *row,
                       .rows = row};
    abn_status status = cli_show(c, &table);
    free(row);
    return status;
}

typedef struct quote_row {
    const char *symbol;
    abn_date date;
    double value[ABN_BARS_COLUMNS];
} quote_row;

/* One long table; the columns are those of the first symbol that has rows, as a provider's are the
 * same for all. */
static void fill_quotes(const abn_fetch_result *result, size_t n, const abn_bars *lead,
                        quote_row *row)
{
    for (size_t i = 0; i < n; i++) {
        const abn_bars *bars = &result[i].bars;
        for (size_t b = 0; b < bars->n; b++, row++) {
            *row = (quote_row){.symbol = result[i].symbol, .date = bars->bar[b].date};
            for (int k = 0; k < lead->columns; k++) {
                int at = abn_bars_find_column(bars, lead->column[k]);
                row->value[k] = at < 0 ? NAN : bars->bar[b].value[at];
            }
        }
    }
}

static abn_status show_quotes(cli *c, const abn_fetch_result *result, size_t n)
{
    abn_column column[ABN_BARS_COLUMNS + 2] = {
        {"symbol", ABN_COLUMN_TEXT, offsetof(quote_row, symbol)},
        {"date", ABN_COLUMN_DATE, offsetof(quote_row, date)}};
    const abn_bars *lead = NULL;
    size_t rows = 0;
    for (size_t i = 0; i < n; i++) {
        if (!lead && result[i].bars.n) lead = &result[i].bars;
        rows += result[i].bars.n;
    }
    quote_row *row = calloc(rows ? rows : 1, sizeof *row);
    if (!row) return abn_fail_memory(&c->err);
    for (int k = 0; lead && k < lead->columns; k++)
        column[k + 2] = (abn_column){lead->column[k], ABN_COLUMN_REAL,
                                     offsetof(quote_row, value) + (size_t)k * sizeof(double)};
    if (lead) fill_quotes(result, n, lead, row);
    abn_table table = {.name = "quotes",
                       .columns = column,
                       .n_columns = 2 + (lead ? (size_t)lead->columns : 0),
                       .n_rows = rows,
                       .row_size = sizeof *row,
                       .rows = row};
    abn_status status = lead ? cli_show(c, &table) : ABN_OK;
    free(row);
    return status;
}

/* ---- what it comes to ---- */

/* A used-up quota asks for another run; else what failed beside what worked is code 65, and where
 * nothing worked the first failure is the command's. */
static abn_status judge(cli *c, const abn_fetch_result *result, size_t n)
{
    const abn_error *first = NULL, *later = NULL;
    size_t failed = 0;
    for (size_t i = 0; i < n; i++) {
        const abn_error *e = &result[i].error;
        if (e->status == ABN_OK) continue;
        if (!first) first = e;
        if (!later && e->status == ABN_TRY_LATER) later = e;
        failed++;
    }
    const abn_error *told = later ? later : failed == n ? first : NULL;
    for (size_t i = 0; i < n; i++) {
        const abn_error *e = &result[i].error;
        if (e->status != ABN_OK && e != told)
            abn_note_at(c->notes, "symbols that failed", e->source[0] ? e->source : NULL, e->line,
                        e->column, "%s", e->text);
    }
    c->some_failed = failed > 0;
    if (told) c->err = *told;
    return told ? told->status : ABN_OK;
}

static void on_progress(void *context, size_t done, size_t count, const char *symbol)
{
    cli_progress(context, "%zu of %zu: %s", done, count, symbol);
}

static void on_writing(void *context, bool begins)
{
    (void)context;
    interrupt_hold(begins);
}

/* Each symbol once, in the order given. */
static size_t distinct(cli *c, const char **symbol)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_args; i++) {
        size_t j = 0;
        while (j < n && strcmp(symbol[j], c->arg[i]) != 0)
            j++;
        if (j == n) symbol[n++] = c->arg[i];
    }
    return n;
}

static abn_status fetch_all(cli *c, const abn_provider *provider, abn_http *http,
                            const abn_fetch_options *how)
{
    const char **symbol = calloc(c->n_args, sizeof *symbol);
    abn_fetch_result *result = calloc(c->n_args, sizeof *result);
    abn_status status = symbol && result ? ABN_OK : abn_fail_memory(&c->err);
    size_t n = status == ABN_OK ? distinct(c, symbol) : 0;
    if (status == ABN_OK)
        status = abn_fetch(http, provider, symbol, n, how, c->notes, result, &c->err);
    cli_progress_end();
    if (status == ABN_OK)
        status = how->folder ? show_summary(c, provider, result, n) : show_quotes(c, result, n);
    if (status == ABN_OK) status = judge(c, result, n);
    for (size_t i = 0; i < n; i++)
        abn_fetch_result_free(&result[i]);
    free(result);
    free(symbol);
    return status;
}

/* Where a key comes from is worth saying when it is missing. */
static abn_status need_key(cli *c, const abn_provider *provider, const char *key)
{
    if (!provider->key_needed || key[0]) return ABN_OK;
    char name[64] = "";
    for (size_t i = 0; provider->name[i] && i < sizeof name - 1; i++)
        name[i] = (char)(provider->name[i] - ('a' - 'A'));
    return abn_fail(&c->err, ABN_REFUSED, "%s needs a key: set ABNORM_%s_KEY, or use --keys FILE",
                    provider->title, name);
}

static abn_status fetch_with(cli *c, const abn_provider *provider, abn_fetch_options *how)
{
    abn_listings *listings = NULL;
    abn_exchanges *exchanges = NULL;
    abn_http *http = NULL;
    abn_http_options web;
    abn_status status = http_options(c, provider->pace_sec, &web);
    if (status == ABN_OK) status = load_listings(c, &listings);
    if (status == ABN_OK)
        status = abn_exchanges_load(c->data ? c->data : "data", &exchanges, &c->err);
    if (status == ABN_OK) status = abn_http_new(&web, &http, &c->err);
    how->listings = listings;
    how->exchanges = exchanges;
    if (status == ABN_OK) status = fetch_all(c, provider, http, how);
    abn_http_free(http);
    abn_exchanges_free(exchanges);
    abn_listings_free(listings);
    return status;
}

static const abn_column provider_columns[] = {
    {"provider", ABN_COLUMN_TEXT, offsetof(abn_provider, name)},
    {"title", ABN_COLUMN_TEXT, offsetof(abn_provider, title)},
    {"prices", ABN_COLUMN_TEXT, offsetof(abn_provider, basis)},
    {"gives", ABN_COLUMN_TEXT, offsetof(abn_provider, gives)},
    {"limits", ABN_COLUMN_TEXT, offsetof(abn_provider, limits)},
    {"pace_sec", ABN_COLUMN_REAL, offsetof(abn_provider, pace_sec)},
};

static void fill_provider(const void *context, size_t i, void *into)
{
    (void)context;
    memcpy(into, abn_provider_at(i), sizeof(abn_provider));
}

static abn_status list_providers(cli *c)
{
    abn_table table = {.name = "providers",
                       .columns = provider_columns,
                       .n_columns = sizeof provider_columns / sizeof *provider_columns,
                       .n_rows = abn_provider_count(),
                       .row_size = sizeof(abn_provider),
                       .row = fill_provider};
    return cli_show(c, &table);
}

static abn_status run_news(cli *c)
{
    abn_http *http = NULL;
    abn_http_options web;
    const char *folder = cli_text(c, "output");
    if (c->n_args > 0) return cli_usage(c, "news", "takes no symbols");
    if (!folder) return cli_usage(c, "news", "needs a folder to keep articles in (-o DIR)");
    abn_status status = http_options(c, abn_http_defaults().pace_sec, &web);
    if (status == ABN_OK) status = abn_http_new(&web, &http, &c->err);
    if (status == ABN_OK) status = fetch_news(c, http, cli_text(c, "news"), folder);
    abn_http_free(http);
    return status;
}

static abn_status run(cli *c)
{
    char *key = NULL;
    const char *name = cli_text(c, "provider");
    const abn_provider *provider = name ? abn_provider_find(name) : NULL;
    abn_fetch_options how = {.folder = cli_text(c, "output"),
                             .from = cli_date(c, "from"),
                             .to = cli_date(c, "to"),
                             .base_url = cli_text(c, "base-url"),
                             .refresh = cli_flag(c, "refresh"),
                             .progress = on_progress,
                             .writing = on_writing,
                             .context = c};
    if (cli_flag(c, "list")) return list_providers(c);
    if (cli_text(c, "news")) return run_news(c);
    if (c->n_args == 0) return abn_fail(&c->err, ABN_USAGE, "fetch needs a SYMBOL, or --news FEED");
    if (!provider) return abn_fail(&c->err, ABN_USAGE, "fetch needs --provider");
    if (how.from != ABN_NO_DATE && how.to != ABN_NO_DATE && how.from > how.to)
        return cli_usage(c, "from", "lies after --to");
    if (how.base_url && strncmp(how.base_url, "http", 4) != 0)
        return cli_usage(c, "base-url", "expected http://HOST or https://HOST");
    abn_status status = present_time(c, &how.now);
    if (status == ABN_OK) status = web_key(c, provider->name, cli_text(c, "keys"), &key);
    if (status == ABN_OK) status = need_key(c, provider, key);
    how.key = key;
    if (status == ABN_OK) status = fetch_with(c, provider, &how);
    free(key);
    return status;
}

const command cmd_fetch = {
    .name = "fetch",
    .arguments = "[SYMBOL...]",
    .summary = "download daily quotes, or the articles of a feed",
    .example = "abnorm fetch AAPL 9988.HK --provider yahoo --from 2024-01-02 -o quotes",
    .details =
        "Each symbol becomes DIR/SYMBOL.csv with a record of its origin in DIR/SYMBOL.json;\n"
        "dividends and splits go to DIR/actions, where study finds them. A file that is there\n"
        "is brought up to date: the last month is asked for again, and what the vendor has\n"
        "corrected is taken over and told. A session that has not closed is never stored. A run\n"
        "that was stopped is taken up where it stood. Keys come from ABNORM_<PROVIDER>_KEY or\n"
        "--keys, never from the command line.\n"
        "Of provider french a SYMBOL is an archive of daily factors: us3, us5, momentum,\n"
        "developed3, europe3, japan3, asia3, or a file name without \"_CSV.zip\".\n"
        "With --news each page that the feed links to becomes DIR/HASH.html, once; where a page\n"
        "cannot be had, the feed's own entry is kept. `abnorm extract DIR` reads them.",
    .options = options,
    .least = 0,
    .most = -1,
    .run = run,
};
