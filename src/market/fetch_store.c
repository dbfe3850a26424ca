/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch_parts.h"

#include <abnorm/file.h>
#include <abnorm/sha256.h>
#include <string.h>

typedef abn_fetch_job job;
typedef abn_fetch_run fetch;

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
    if (status == ABN_OK) status = abn_fetch_write(j->json, &text, err);
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
        status = abn_fetch_actions(f->options->folder, j->result->symbol, fresh, err);
    if (status == ABN_OK) status = abn_fetch_write(j->csv, &csv, err);
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

static abn_status merge_old(const fetch *f, job *j, const abn_bars *fresh, abn_bars *old,
                            abn_error *err)
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

abn_status abn_fetch_store(const fetch *f, job *j, const abn_bars *fresh, abn_slice body,
                           abn_error *err)
{
    abn_bars old = {0};
    abn_status status = ABN_OK;
    if (j->exists && !f->options->refresh) status = abn_bars_read(j->csv, &old, err);
    if (status == ABN_OK && old.n > 0 && !j->all) {
        abn_bars_change change = abn_bars_compare(&old, fresh);
        if (restated(f, j, fresh, &change)) {
            j->stage = ABN_FETCH_ASK_ALL;
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
