/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each symbol is a job: planned from its file, asked for, read, merged, written. A job whose answer
 * shows that the vendor restated the past is asked once more, for everything. */
#include "fetch_parts.h"

#include <abnorm/symbol.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef abn_fetch_job job;
typedef abn_fetch_run fetch;

void abn_fetch_result_free(abn_fetch_result *result)
{
    if (!result) return;
    free(result->path);
    abn_bars_free(&result->bars);
    *result = (abn_fetch_result){0};
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
    abn_query query = abn_fetch_query(f, j);
    abn_slice body = {response->body.data, response->body.len};
    query.from = abn_fetch_whole_from(f, j); /* what it sends beyond the question is welcome */
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
                       abn_date_format(abn_fetch_last_wanted(f, j), to));
}

/* When to come back, where the answer said so. */
static void tell_when(abn_error *error, double sec)
{
    size_t len = strlen(error->text);
    if (error->status == ABN_TRY_LATER && sec > 0)
        snprintf(error->text + len, sizeof error->text - len, " (asks to come back in %.0f s)",
                 sec);
}

static void tell_writing(const fetch *f, bool begins)
{
    if (f->options->writing) f->options->writing(f->options->context, begins);
}

static abn_status store(const fetch *f, job *j, const abn_bars *fresh,
                        const abn_http_response *response, abn_error *err)
{
    abn_slice body = {response->body.data, response->body.len};
    tell_writing(f, true);
    abn_status status = abn_fetch_store(f, j, fresh, body, err);
    tell_writing(f, false);
    return status;
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
        status = store(f, j, &fresh, response, err);
    else if (status == ABN_OK)
        keep_file(j);
    abn_bars_free(&fresh);
    return status;
}

static void finish(fetch *f, job *j)
{
    j->stage = ABN_FETCH_FINISHED;
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
    if (j->result->error.status == ABN_OK && j->stage == ABN_FETCH_ASK_ALL) return true;
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

static abn_status ask(fetch *f, abn_fetch_stage wanted, abn_error *err)
{
    abn_http_request *request = calloc(f->count ? f->count : 1, sizeof *request);
    size_t n = 0;
    if (!request) return abn_fail_memory(err);
    for (size_t i = 0; i < f->count; i++)
        if (f->job[i].stage == wanted) f->asked[n++] = &f->job[i];
    qsort(f->asked, n, sizeof *f->asked, by_staleness);
    for (size_t i = 0; i < n; i++) {
        f->asked[i]->stage = ABN_FETCH_ASKED;
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
        if (j->stage != ABN_FETCH_ASK_ALL) continue;
        j->all = true;
        j->from = abn_fetch_whole_from(f, j);
        abn_notes_free(j->notes); /* the second answer tells all of it again */
        j->notes = abn_notes_new();
        status = j->notes ? abn_fetch_plan_url(f, j, err) : abn_fail_memory(err);
    }
    return status;
}

/* Those that nobody was asked for after all. */
static void give_up(fetch *f)
{
    for (size_t i = 0; i < f->count; i++) {
        job *j = &f->job[i];
        if (j->stage == ABN_FETCH_FINISHED) continue;
        abn_fail_at(&j->result->error, f->stop.status ? f->stop.status : ABN_UNAVAILABLE,
                    j->result->symbol, 0, 0, "not asked for%s%s",
                    f->stop.status ? ", as the provider turned down " : "", f->stop.source);
        j->stage = ABN_FETCH_FINISHED;
    }
}

/* Symbols become file names and parts of addresses. */
static const char *flaw_of(const char *symbol)
{
    if (strlen(symbol) > ABN_FETCH_SYMBOL_MAX) return "is too long";
    if (symbol[0] == '-') return "begins with a dash";
    if (strpbrk(symbol, " \"*?<>|:,")) return "holds a character that file names do not";
    return abn_symbol_flaw(abn_slice_of(symbol));
}

static abn_status check_symbols(const fetch *f, abn_error *err)
{
    for (size_t i = 0; i < f->count; i++) {
        const char *symbol = f->job[i].result->symbol, *flaw = flaw_of(symbol);
        if (flaw) return abn_fail(err, ABN_USAGE, "\"%.80s\" is no symbol: it %s", symbol, flaw);
    }
    return ABN_OK;
}

static void plan_all(fetch *f)
{
    for (size_t i = 0; i < f->count; i++) {
        job *j = &f->job[i];
        if (abn_fetch_plan(f, j, &j->result->error)) {
            finish(f, j);
            continue;
        }
        if (!f->options->refresh && f->options->folder && j->exists &&
            abn_fetch_folder_done(&f->folder, j->result->symbol)) {
            keep_file(j);
            j->stage = ABN_FETCH_FINISHED;
            f->done++;
        }
    }
}

static abn_status open_folder(fetch *f, abn_error *err)
{
    const abn_fetch_options *options = f->options;
    char from[ABN_DATE_MAX], to[ABN_DATE_MAX], line[96];
    if (!options->folder) return ABN_OK;
    snprintf(line, sizeof line, "%s %s:%s%s", f->provider->name,
             abn_date_format(options->from, from), abn_date_format(options->to, to),
             options->refresh ? " refresh" : "");
    tell_writing(f, true);
    abn_status status = abn_fetch_folder_open(&f->folder, options->folder, line, options->now, err);
    tell_writing(f, false);
    return status;
}

static abn_status sweep(fetch *f, abn_error *err)
{
    size_t n = 2 * f->count;
    char(*name)[ABN_FETCH_SYMBOL_MAX + 8] = calloc(n ? n : 1, sizeof *name);
    const char **list = calloc(n ? n : 1, sizeof *list);
    bool ok = name && list;
    for (size_t i = 0; ok && i < n; i++) {
        snprintf(name[i], sizeof name[i], "%.*s%s", ABN_FETCH_SYMBOL_MAX,
                 f->job[i / 2].result->symbol, i % 2 ? ".json" : ".csv");
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
    abn_status status = check_symbols(f, err);
    if (status == ABN_OK) status = open_folder(f, err);
    if (status == ABN_OK && f->options->folder) status = sweep(f, err);
    if (status == ABN_OK) plan_all(f);
    if (status == ABN_OK) status = ask(f, ABN_FETCH_PLANNED, err);
    if (status == ABN_OK && !f->stop.status) status = plan_again(f, err);
    if (status == ABN_OK && !f->stop.status) status = ask(f, ABN_FETCH_ASK_ALL, err);
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
