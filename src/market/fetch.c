/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each symbol is a job: planned from its file, asked for, read, merged, written. A job whose answer
 * shows that the vendor restated the past is asked once more, for everything. */
#include "fetch_parts.h"

#include <abnorm/file.h>
#include <abnorm/sha256.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OVERLAP_DAYS 30 /* asked for again: vendors correct the last sessions */
#define SYMBOL_MAX   64

typedef enum { PLANNED, ASKED, ASK_ALL, FINISHED } stage;

typedef struct job {
    abn_fetch_result *result;
    abn_notes *notes;
    stage stage;
    bool all; /* the answer covers the whole history */
    const abn_exchange *exchange;
    char *csv, *json;
    abn_buf spelling, url;
    bool exists;
    size_t rows;
    abn_date first, last; /* of the file; ABN_NO_DATE without */
    abn_date asked_from;  /* the file's history was asked for from here; ABN_NO_DATE: all */
    abn_date from;        /* this question's */
    bool known;           /* the file is this provider's, by its record */
} job;

typedef struct fetch {
    abn_http *http;
    const abn_provider *provider;
    const abn_fetch_options *options;
    job *job;
    size_t count, done;
    abn_fetch_folder folder;
    job **asked;    /* of the requests under way, in their order */
    bool worked;    /* some answer was good */
    abn_error stop; /* why nothing more is asked */
} fetch;

void abn_fetch_result_free(abn_fetch_result *result)
{
    if (!result) return;
    free(result->path);
    abn_bars_free(&result->bars);
    *result = (abn_fetch_result){0};
}

/* ---- planning ---- */

static bool is_file_name(const char *symbol)
{
    size_t len = strlen(symbol);
    if (len == 0 || len > SYMBOL_MAX || strchr(".-", symbol[0])) return false;
    for (const char *p = symbol; *p; p++)
        if ((unsigned char)*p <= ' ' || *p == 0x7f || strchr("/\\\"*?<>|:,", *p)) return false;
    return true;
}

/* By the listing; else a symbol without an ending is taken as American, .HK as Hong Kong's. */
static const abn_exchange *exchange_of(const abn_fetch_options *options, const char *symbol)
{
    if (!options->exchanges) return NULL;
    uint32_t i = options->listings ? abn_listings_find(options->listings, abn_slice_of(symbol))
                                   : ABN_NO_LISTING;
    if (i != ABN_NO_LISTING)
        return abn_exchanges_find(options->exchanges,
                                  abn_slice_of(abn_listings_at(options->listings, i)->mic));
    const char *dot = strrchr(symbol, '.');
    if (dot && abn_slice_ieq(abn_slice_of(dot), ".HK"))
        return abn_exchanges_find(options->exchanges, abn_slice_of("XHKG"));
    if (dot || strpbrk(symbol, "^=") || strstr(symbol, "-USD")) return NULL;
    return abn_exchanges_find(options->exchanges, abn_slice_of("XNYS"));
}

static char *path_of(const fetch *f, const char *symbol, const char *ending)
{
    char name[SYMBOL_MAX + 8];
    snprintf(name, sizeof name, "%s%s", symbol, ending);
    return abn_path_join(f->options->folder, name);
}

static abn_status read_old(const fetch *f, job *j, abn_error *err)
{
    abn_bars old = {0};
    char provider[32];
    j->csv = path_of(f, j->result->symbol, ".csv");
    j->json = path_of(f, j->result->symbol, ".json");
    if (!j->csv || !j->json) return abn_fail_memory(err);
    if (!abn_is_file(j->csv)) return ABN_OK;
    abn_status status = abn_bars_read(j->csv, &old, err);
    if (status) return status;
    j->exists = old.n > 0;
    j->rows = old.n;
    j->first = old.n ? old.bar[0].date : ABN_NO_DATE;
    j->last = old.n ? old.bar[old.n - 1].date : ABN_NO_DATE;
    j->known = abn_provenance_read(j->json, provider, &j->asked_from) &&
               strcmp(provider, f->provider->name) == 0;
    abn_bars_free(&old);
    return ABN_OK;
}

static abn_date earlier(abn_date a, abn_date b)
{
    return a < b ? a : b; /* ABN_NO_DATE, which is open, is the least */
}

/* From when on all of a history is: as the caller says, but not less than is on file. */
static abn_date whole_from(const fetch *f, const job *j)
{
    abn_date wanted = f->options->from;
    if (!j->exists || (f->options->refresh && wanted != ABN_NO_DATE)) return wanted;
    abn_date held = j->known ? earlier(j->asked_from, j->first) : j->first;
    if (wanted == ABN_NO_DATE) return j->known ? held : ABN_NO_DATE;
    return earlier(wanted, held);
}

static abn_date last_wanted(const fetch *f, const job *j)
{
    abn_date settled = abn_provider_settled(j->exchange, f->options->now, f->provider->settle_min);
    abn_date to = f->options->to;
    return to != ABN_NO_DATE && to < settled ? to : settled;
}

/* The file's end is enough where it is this provider's and goes back as far as is wanted. */
static void choose_from(const fetch *f, job *j)
{
    abn_date wanted = f->options->from;
    bool reaches = wanted == ABN_NO_DATE || wanted >= j->asked_from;
    j->all = f->provider->whole || f->options->refresh || !j->exists || !j->known || !reaches;
    j->from = j->all ? whole_from(f, j) : earlier(j->last, last_wanted(f, j)) - OVERLAP_DAYS;
}

static abn_query query_of(const fetch *f, const job *j)
{
    return (abn_query){.symbol = j->result->symbol,
                       .spelling = j->spelling.data,
                       .from = j->from,
                       .to = f->options->to,
                       .now = f->options->now,
                       .exchange = j->exchange,
                       .base_url = f->options->base_url};
}

static abn_status make_url(const fetch *f, job *j, abn_error *err)
{
    abn_query query = query_of(f, j);
    abn_buf_clear(&j->url);
    return abn_provider_url(f->provider, &query, &j->url, err);
}

static abn_status plan(fetch *f, job *j, abn_error *err)
{
    const abn_fetch_options *options = f->options;
    j->first = j->last = j->from = j->asked_from = ABN_NO_DATE;
    j->result->first = j->result->last = ABN_NO_DATE;
    j->exchange = exchange_of(options, j->result->symbol);
    j->notes = abn_notes_new();
    abn_provider_spell(f->provider, options->listings, j->result->symbol, &j->spelling);
    abn_status status = j->notes ? abn_buf_status(&j->spelling, err) : abn_fail_memory(err);
    if (status == ABN_OK && options->folder) status = read_old(f, j, err);
    if (status) return status;
    choose_from(f, j);
    return make_url(f, j, err);
}

/* ---- writing ---- */

static abn_status write_text(const char *path, const abn_buf *text, abn_error *err)
{
    abn_status status = abn_buf_status(text, err);
    return status ? status : abn_file_write(path, text->data, text->len, err);
}

static bool same_bytes(const char *path, const abn_buf *text)
{
    abn_file file = {0};
    if (abn_file_open(path, 0, &file, NULL) != ABN_OK) return false;
    bool same = file.len == text->len && memcmp(file.data, text->data, text->len) == 0;
    abn_file_close(&file);
    return same;
}

static abn_status write_record(const fetch *f, const job *j, const abn_bars *bars,
                               const abn_buf *csv, abn_slice body, size_t answer_rows,
                               abn_error *err)
{
    char of_file[ABN_SHA256_HEX], of_answer[ABN_SHA256_HEX];
    abn_buf text = {0};
    abn_sha256(csv->data, csv->len, of_file);
    abn_sha256(body.ptr, body.len, of_answer);
    abn_provenance p = {.provider = f->provider->name,
                        .basis = f->provider->basis,
                        .symbol = j->result->symbol,
                        .spelling = j->spelling.data,
                        .url = j->url.data,
                        .currency = bars->currency,
                        .retrieved = f->options->now,
                        .from = j->all ? j->from : j->asked_from,
                        .first = bars->bar[0].date,
                        .last = bars->bar[bars->n - 1].date,
                        .rows = bars->n,
                        .answer_rows = answer_rows,
                        .answer_sha256 = of_answer,
                        .file_sha256 = of_file};
    abn_status status = abn_provenance_print(&p, &text, err);
    if (status == ABN_OK) status = write_text(j->json, &text, err);
    abn_buf_free(&text);
    return status;
}

/* Dividends first: were the run stopped behind the quotes, the next would not ask for them again.
 */
static abn_status write_files(const fetch *f, const job *j, const abn_bars *bars,
                              const abn_bars *fresh, abn_slice body, abn_error *err)
{
    abn_buf csv = {0};
    abn_bars_print(bars, &csv);
    abn_status status = abn_buf_status(&csv, err);
    if (status == ABN_OK)
        status = abn_fetch_actions(f->options->folder, j->result->symbol, fresh,
                                   strcmp(f->provider->basis, "raw") == 0, err);
    if (status == ABN_OK && !same_bytes(j->csv, &csv)) status = write_text(j->csv, &csv, err);
    if (status == ABN_OK) status = write_record(f, j, bars, &csv, body, fresh->n, err);
    abn_buf_free(&csv);
    return status;
}

/* ---- merging ---- */

/* Whether old rows and fresh ones are on different bases: all that overlap have changed, or an
 * event behind the file's end changes adjusted prices before it. */
static bool restated(const fetch *f, const job *j, const abn_bars *fresh,
                     const abn_bars_change *change)
{
    bool adjusts =
        strcmp(f->provider->basis, "raw") != 0 || abn_bars_find_column(fresh, "adj_close") >= 0;
    if (change->met >= 2 && change->rescaled == change->met) return true;
    for (size_t i = 0; adjusts && i < fresh->dividends; i++)
        if (fresh->dividend[i].ex_date > j->last) return true;
    for (size_t i = 0; adjusts && i < fresh->splits; i++)
        if (fresh->split[i].date > j->last) return true;
    return false;
}

static abn_status keep_restated(job *j, const abn_bars *fresh, abn_bars *old, abn_error *err)
{
    char from[ABN_DATE_MAX];
    size_t before = 0;
    while (before < old->n && old->bar[before].date < fresh->bar[0].date)
        before++;
    abn_date_format(fresh->bar[0].date, from);
    if (before > 0)
        return abn_fail_at(err, ABN_DATA, j->csv, 0, 0,
                           "the vendor has restated its prices and begins at %s now: %zu older "
                           "rows would not fit (--refresh replaces the file)",
                           from, before);
    abn_note_at(j->notes, "restated by the vendor", j->csv, 0, 0,
                "%s: the whole history from %s on was taken anew",
                j->known ? "prices were restated after a split or dividend"
                         : "the file was not this vendor's",
                from);
    return ABN_OK;
}

static abn_status merge_old(fetch *f, job *j, const abn_bars *fresh, abn_bars *old, abn_error *err)
{
    abn_bars_change change = abn_bars_compare(old, fresh);
    abn_status status = ABN_OK;
    if (j->all && change.met >= 2 && change.rescaled * 2 > change.met && !f->options->refresh) {
        status = keep_restated(j, fresh, old, err);
        if (status == ABN_OK) status = abn_bars_merge(old, fresh, j->csv, NULL, &change, err);
    } else
        status = abn_bars_merge(old, fresh, j->csv, j->notes, &change, err);
    j->result->added = change.added;
    j->result->corrected = change.corrected;
    return status;
}

static abn_status store(fetch *f, job *j, abn_bars *fresh, abn_slice body, abn_error *err)
{
    abn_bars old = {0};
    abn_status status = ABN_OK;
    if (j->exists && !f->options->refresh) status = abn_bars_read(j->csv, &old, err);
    if (status == ABN_OK && old.n > 0 && !j->all) {
        abn_bars_change change = abn_bars_compare(&old, fresh);
        if (restated(f, j, fresh, &change)) {
            j->stage = ASK_ALL;
            abn_bars_free(&old);
            return ABN_OK;
        }
    }
    if (status == ABN_OK && old.n > 0) status = merge_old(f, j, fresh, &old, err);
    const abn_bars *kept = old.n > 0 ? &old : fresh;
    if (status == ABN_OK && old.n == 0) j->result->added = fresh->n;
    if (status == ABN_OK) status = write_files(f, j, kept, fresh, body, err);
    if (status == ABN_OK) {
        j->result->rows = kept->n;
        j->result->first = kept->bar[0].date;
        j->result->last = kept->bar[kept->n - 1].date;
    }
    abn_bars_free(&old);
    return status;
}

/* The file stays as it is. */
static void keep_file(job *j)
{
    j->result->kept = true;
    j->result->rows = j->rows;
    j->result->first = j->first;
    j->result->last = j->last;
}

static void keep_rows(job *j, abn_bars *fresh)
{
    abn_fetch_result *r = j->result;
    r->rows = r->added = fresh->n;
    r->first = fresh->bar[0].date;
    r->last = fresh->bar[fresh->n - 1].date;
    r->bars = *fresh;
    *fresh = (abn_bars){0};
}

/* ---- answers ---- */

/* Read the answer; a message is made from a body in which the key is struck out. */
static abn_status read_answer(const fetch *f, const job *j, abn_http_response *response,
                              abn_bars *fresh, abn_error *err)
{
    abn_query query = query_of(f, j);
    abn_slice body = {response->body.data, response->body.len};
    query.from = whole_from(f, j); /* what it sends beyond the question is welcome */
    abn_status status =
        abn_provider_parse(f->provider, &query, response->code, body, fresh, j->notes, NULL);
    if (status == ABN_OK) return ABN_OK;
    abn_http_redact(response->body.data, response->body.len, f->options->key);
    return abn_provider_parse(f->provider, &query, response->code, body, fresh, NULL, err);
}

static abn_status fail_empty(const fetch *f, const job *j, abn_error *err)
{
    char from[ABN_DATE_MAX], to[ABN_DATE_MAX];
    abn_date_format(j->from, from);
    return abn_fail_at(err, ABN_NO_INPUT, j->result->symbol, 0, 0,
                       "%s has no closed session %s%s%s%s", f->provider->title,
                       from[0] ? "from " : "", from, from[0] ? " to " : "up to ",
                       abn_date_format(last_wanted(f, j), to));
}

/* When to come back, where the answer said so. */
static void tell_when(abn_error *error, double sec)
{
    size_t len = strlen(error->text);
    if (error->status == ABN_TRY_LATER && sec > 0)
        snprintf(error->text + len, sizeof error->text - len, " (asks to come back in %.0f s)",
                 sec);
}

static abn_status take(fetch *f, job *j, abn_http_response *response, abn_error *err)
{
    abn_bars fresh = {0};
    abn_status status = read_answer(f, j, response, &fresh, err);
    if (status == ABN_OK) f->worked = true;
    if (status == ABN_OK && fresh.n == 0 && !j->exists)
        status = fail_empty(f, j, err);
    else if (status == ABN_OK && !f->options->folder)
        keep_rows(j, &fresh);
    else if (status == ABN_OK && fresh.n > 0)
        status = store(f, j, &fresh, (abn_slice){response->body.data, response->body.len}, err);
    else if (status == ABN_OK)
        keep_file(j);
    abn_bars_free(&fresh);
    return status;
}

static void finish(fetch *f, job *j)
{
    j->stage = FINISHED;
    f->done++;
    if (f->options->folder && j->result->error.status == ABN_OK)
        abn_fetch_folder_mark(&f->folder, j->result->symbol);
    if (f->options->progress)
        f->options->progress(f->options->context, f->done, f->count, j->result->symbol);
}

/* A quota's end is the end for every symbol; so is a refusal where nothing has worked. */
static bool go_on(fetch *f, const abn_error *error)
{
    if (error->status != ABN_TRY_LATER && (error->status != ABN_REFUSED || f->worked)) return true;
    if (!f->stop.status) f->stop = *error;
    return false;
}

/* A failure on the way is told of the symbol: its address says less. */
static void name_symbol(abn_error *error, const char *symbol)
{
    if (strncmp(error->source, "http", 4) == 0)
        snprintf(error->source, sizeof error->source, "%s", symbol);
}

static bool on_answer(void *context, size_t i, abn_http_response *response, const abn_error *error)
{
    fetch *f = context;
    job *j = f->asked[i];
    if (error->status)
        j->result->error = *error;
    else
        take(f, j, response, &j->result->error);
    if (j->result->error.status == ABN_OK && j->stage == ASK_ALL) return true;
    name_symbol(&j->result->error, j->result->symbol);
    tell_when(&j->result->error, response->retry_after_sec);
    finish(f, j);
    return j->result->error.status == ABN_OK || go_on(f, &j->result->error);
}

/* ---- the run ---- */

/* Files that end earliest, and missing ones, come first: a quota then does the most good. */
static int by_staleness(const void *a, const void *b)
{
    const job *x = *(job *const *)a, *y = *(job *const *)b;
    if (x->last != y->last) return x->last < y->last ? -1 : 1;
    return (x > y) - (x < y);
}

static abn_status ask(fetch *f, stage wanted, abn_error *err)
{
    abn_http_request *request = calloc(f->count ? f->count : 1, sizeof *request);
    size_t n = 0;
    if (!request) return abn_fail_memory(err);
    for (size_t i = 0; i < f->count; i++)
        if (f->job[i].stage == wanted) f->asked[n++] = &f->job[i];
    qsort(f->asked, n, sizeof *f->asked, by_staleness);
    for (size_t i = 0; i < n; i++) {
        f->asked[i]->stage = ASKED;
        request[i] = (abn_http_request){.url = f->asked[i]->url.data,
                                        .key = f->options->key,
                                        .key_query = f->provider->key_query,
                                        .key_header = f->provider->key_header};
    }
    abn_status status = n ? abn_http_get_many(f->http, request, n, on_answer, f, err) : ABN_OK;
    free(request);
    return status;
}

/* Prepare a second question, for all, where the first showed the need. */
static abn_status plan_again(fetch *f, abn_error *err)
{
    abn_status status = ABN_OK;
    for (size_t i = 0; status == ABN_OK && i < f->count; i++) {
        job *j = &f->job[i];
        if (j->stage != ASK_ALL) continue;
        j->all = true;
        j->from = whole_from(f, j);
        abn_notes_free(j->notes); /* the second answer tells all of it again */
        j->notes = abn_notes_new();
        status = j->notes ? make_url(f, j, err) : abn_fail_memory(err);
    }
    return status;
}

/* Those that nobody was asked for after all. */
static void give_up(fetch *f)
{
    for (size_t i = 0; i < f->count; i++) {
        job *j = &f->job[i];
        if (j->stage == FINISHED) continue;
        abn_fail_at(&j->result->error, f->stop.status ? f->stop.status : ABN_UNAVAILABLE,
                    j->result->symbol, 0, 0, "not asked for%s%s",
                    f->stop.status ? ", as the provider turned down " : "", f->stop.source);
        j->stage = FINISHED;
    }
}

static abn_status plan_all(fetch *f, abn_error *err)
{
    for (size_t i = 0; i < f->count; i++) {
        job *j = &f->job[i];
        if (!is_file_name(j->result->symbol))
            return abn_fail(err, ABN_USAGE, "\"%.80s\" is no symbol", j->result->symbol);
    }
    for (size_t i = 0; i < f->count; i++) {
        job *j = &f->job[i];
        if (plan(f, j, &j->result->error)) {
            finish(f, j);
            continue;
        }
        if (!f->options->refresh && f->options->folder && j->exists &&
            abn_fetch_folder_done(&f->folder, j->result->symbol)) {
            keep_file(j);
            j->stage = FINISHED;
            f->done++;
        }
    }
    return ABN_OK;
}

static abn_status open_folder(fetch *f, abn_error *err)
{
    const abn_fetch_options *options = f->options;
    char from[ABN_DATE_MAX], to[ABN_DATE_MAX], line[96];
    if (!options->folder) return ABN_OK;
    snprintf(line, sizeof line, "%s %s:%s%s", f->provider->name,
             abn_date_format(options->from, from), abn_date_format(options->to, to),
             options->refresh ? " refresh" : "");
    return abn_fetch_folder_open(&f->folder, options->folder, line, options->now, err);
}

static abn_status sweep(fetch *f, abn_error *err)
{
    size_t n = 2 * f->count;
    char(*name)[SYMBOL_MAX + 8] = calloc(n ? n : 1, sizeof *name);
    const char **list = calloc(n ? n : 1, sizeof *list);
    bool ok = name && list;
    for (size_t i = 0; ok && i < n; i++) {
        snprintf(name[i], sizeof name[i], "%.*s%s", SYMBOL_MAX, f->job[i / 2].result->symbol,
                 i % 2 ? ".json" : ".csv");
        list[i] = name[i];
    }
    if (ok) abn_fetch_folder_sweep(&f->folder, list, n);
    free(name);
    free(list);
    return ok ? ABN_OK : abn_fail_memory(err);
}

static void free_jobs(fetch *f, abn_notes *notes)
{
    for (size_t i = 0; f->job && i < f->count; i++) {
        job *j = &f->job[i];
        if (j->notes && notes) abn_notes_move(notes, j->notes);
        abn_notes_free(j->notes);
        j->result->path = j->result->error.status == ABN_OK ? j->csv : NULL;
        if (!j->result->path) free(j->csv);
        free(j->json);
        abn_buf_free(&j->spelling);
        abn_buf_free(&j->url);
    }
    free(f->job);
    free(f->asked);
}

static abn_status run(fetch *f, abn_error *err)
{
    abn_status status = open_folder(f, err);
    if (status == ABN_OK && f->options->folder) status = sweep(f, err);
    if (status == ABN_OK) status = plan_all(f, err);
    if (status == ABN_OK) status = ask(f, PLANNED, err);
    if (status == ABN_OK && !f->stop.status) status = plan_again(f, err);
    if (status == ABN_OK && !f->stop.status) status = ask(f, ASK_ALL, err);
    give_up(f);
    return status;
}

abn_status abn_fetch(abn_http *http, const abn_provider *provider, const char *const *symbol,
                     size_t count, const abn_fetch_options *options, abn_notes *notes,
                     abn_fetch_result *result, abn_error *err)
{
    fetch f = {.http = http,
               .provider = provider,
               .options = options,
               .count = count,
               .folder = {.lock = -1, .journal = -1}};
    memset(result, 0, count * sizeof *result);
    for (size_t i = 0; i < count; i++)
        result[i].symbol = symbol[i];
    if (provider->key_needed && !(options->key && options->key[0]))
        return abn_fail(err, ABN_REFUSED, "%s needs a key", provider->title);
    f.job = calloc(count ? count : 1, sizeof *f.job);
    f.asked = calloc(count ? count : 1, sizeof *f.asked);
    if (!f.job || !f.asked) {
        free(f.job);
        free(f.asked);
        return abn_fail_memory(err);
    }
    for (size_t i = 0; i < count; i++)
        f.job[i].result = &result[i];
    abn_status status = run(&f, err);
    bool finished = status == ABN_OK && f.stop.status != ABN_TRY_LATER;
    if (options->folder) abn_fetch_folder_close(&f.folder, finished);
    free_jobs(&f, notes);
    return status;
}
