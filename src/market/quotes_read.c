/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One file of quotes: its stretches are read side by side, then made into series. */
#include "quotes_file.h"

#include <abnorm/file.h>
#include <abnorm/memory.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STRETCH = 1 << 20 }; /* bytes; the same for any number of threads */

typedef struct stretch {
    abn_slice text;
    abn_rows rows;
    long line;           /* of its first row, in the file */
    uint32_t *symbol_id; /* from the stretch's symbols to the file's */
} stretch;

typedef struct file_reader {
    const char *path;
    const abn_file *file;
    const char *source, *symbol; /* in the store */
    abn_layout layout;
    stretch *part;
    size_t parts;
    abn_map *symbols; /* of a long file */
    void *columns;    /* that the stretches' rows begin in, or NULL */
    bool stays;       /* they are the series' own */
    int threads;
    abn_worker *worker;
    abn_file_quotes *out;
} file_reader;

static bool split(file_reader *r, abn_slice text)
{
    const char *p = text.ptr, *end = p + text.len;
    size_t most = text.len / STRETCH + 1;
    r->part = calloc(most, sizeof *r->part);
    if (!r->part) return false;
    while (p < end) {
        const char *stop = (size_t)(end - p) > STRETCH ? p + STRETCH : end;
        if (stop < end) stop = abn_line_next(abn_line_end(stop, end), end);
        if (r->parts + 1 == most) stop = end;
        r->part[r->parts++].text = (abn_slice){p, (size_t)(stop - p)};
        p = stop;
    }
    return true;
}

/* Lay the rows of all stretches into columns of the whole file; where there is no memory for that,
 * each has its own. */
static void lend_columns(file_reader *r)
{
    size_t rows = 0, slots = r->layout.slots;
    for (size_t i = 0; i < r->parts; i++)
        rows += abn_rows_expect(r->part[i].text);
    double *value = abn_columns_alloc(rows * (slots * sizeof *value + sizeof(abn_date)));
    abn_date *date = value ? (abn_date *)(void *)(value + slots * rows) : NULL;
    r->columns = value;
    for (size_t i = 0, at = 0; value && i < r->parts; i++) {
        size_t expected = abn_rows_expect(r->part[i].text);
        if (!abn_rows_lend(&r->part[i].rows, &r->layout, expected, date + at, value + at, rows))
            break;
        at += expected;
    }
}

static void read_parts(file_reader *r)
{
    if (r->parts == 1) {
        r->part[0].rows = r->worker->rows; /* so that its columns are used again */
        abn_rows_read(&r->part[0].rows, &r->layout, r->part[0].text);
        return;
    }
    if (r->layout.form != ABN_FORM_WIDE) lend_columns(r);
#pragma omp parallel for schedule(dynamic) num_threads(r->threads)
    for (size_t i = 0; i < r->parts; i++) {
        abn_rows_read(&r->part[i].rows, &r->layout, r->part[i].text);
        abn_file_done(r->file, r->part[i].text); /* here, side by side */
    }
}

static void free_parts(file_reader *r)
{
    for (size_t i = 0; i < r->parts; i++) {
        free(r->part[i].symbol_id);
        if (r->parts > 1) abn_rows_free(&r->part[i].rows);
    }
    if (r->parts == 1) r->worker->rows = r->part[0].rows;
    if (!r->stays) free(r->columns);
    free(r->part);
    abn_map_free(r->symbols);
}

static bool number_lines(file_reader *r)
{
    long line = r->layout.line;
    bool fine = true;
    for (size_t i = 0; i < r->parts; i++) {
        r->part[i].line = line;
        line += r->part[i].rows.lines;
        fine = fine && !r->part[i].rows.failed;
    }
    return fine;
}

static bool join_symbols(file_reader *r)
{
    r->symbols = abn_map_new();
    if (!r->symbols) return false;
    for (size_t i = 0; i < r->parts; i++) {
        stretch *part = &r->part[i];
        size_t n = abn_map_count(part->rows.symbols);
        part->symbol_id = malloc((n + 1) * sizeof *part->symbol_id);
        if (!part->symbol_id) return false;
        for (uint32_t s = 0; s < n; s++) {
            const char *name = abn_map_name(part->rows.symbols, s);
            part->symbol_id[s] = abn_map_add(r->symbols, abn_slice_of(name));
            if (part->symbol_id[s] == ABN_MAP_NONE) return false;
        }
    }
    return true;
}

/* ---- rejects ---- */

static const char *refused_symbol(const file_reader *r, const stretch *part, uint32_t id)
{
    if (r->layout.form == ABN_FORM_SINGLE) return r->symbol;
    if (id == ABN_MAP_NONE) return "";
    abn_slice name =
        abn_slice_of(r->layout.form == ABN_FORM_WIDE ? r->layout.listing[id]
                                                     : abn_map_name(part->rows.symbols, id));
    const char *copy = abn_store_text(&r->worker->store, name);
    return copy ? copy : "";
}

static void list_refusals(file_reader *r)
{
    for (size_t i = 0; i < r->parts; i++) {
        const stretch *part = &r->part[i];
        for (size_t k = 0; k < part->rows.refusals; k++) {
            const abn_refusal *refusal = &part->rows.refusal[k];
            abn_reject reject = {
                .kind = refusal->kind,
                .source = r->source,
                .symbol = refused_symbol(r, part, refusal->symbol),
                .date = refusal->date,
                .line = part->line + refusal->line,
                .column = refusal->column,
            };
            snprintf(reject.text, sizeof reject.text, "%s", refusal->text);
            abn_rejects_add(&r->out->rejects, &reject);
        }
        r->out->refused += part->rows.refused - part->rows.refusals;
    }
}

/* ---- series ---- */

static size_t count_runs(const file_reader *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->parts; i++)
        n += r->part[i].rows.runs;
    return n;
}

static uint32_t run_symbol(const file_reader *r, const stretch *part, const abn_run *run)
{
    return r->symbols ? part->symbol_id[run->symbol] : 0;
}

/* Pieces of all runs, grouped by symbol and in the order of the file; `start` has one more entry
 * than symbols. */
static abn_piece *group_runs(const file_reader *r, size_t symbols, size_t *start)
{
    abn_piece *piece = malloc((count_runs(r) + 1) * sizeof *piece);
    if (!piece) return NULL;
    memset(start, 0, (symbols + 2) * sizeof *start);
    for (size_t i = 0; i < r->parts; i++)
        for (size_t k = 0; k < r->part[i].rows.runs; k++)
            start[run_symbol(r, &r->part[i], &r->part[i].rows.run[k]) + 2]++;
    for (size_t s = 2; s < symbols + 2; s++)
        start[s] += start[s - 1];
    for (size_t i = 0; i < r->parts; i++) {
        const stretch *part = &r->part[i];
        size_t row = 0;
        for (size_t k = 0; k < part->rows.runs; k++) {
            const abn_run *run = &part->rows.run[k];
            piece[start[run_symbol(r, part, run) + 1]++] =
                (abn_piece){&part->rows, row, run->rows, part->line + run->line};
            row += run->rows;
        }
    }
    return piece;
}

/* Of several columns of one field the last counts. `listing` -1: all columns are the listing's. */
static void plan_columns(const abn_layout *layout, int listing, abn_series_plan *plan)
{
    for (int f = 0; f < ABN_SERIES_FIELDS; f++)
        plan->slot[f] = -1;
    int c = listing < 0 ? (int)layout->columns - 1 : layout->last[listing];
    while (c >= 0) {
        const abn_layout_column *column = &layout->column[c];
        if (column->field <= ABN_FIELD_RETURN && plan->slot[column->field] < 0)
            plan->slot[column->field] = column->slot;
        c = listing < 0 ? c - 1 : column->before;
    }
}

/* The i-th series of the file; false without memory. */
static bool build_one(file_reader *r, size_t i, const abn_piece *piece, const size_t *start,
                      abn_store *store, abn_series_entry *entry, abn_rejects *rejects)
{
    bool wide = r->layout.form == ABN_FORM_WIDE;
    size_t from = wide ? 0 : start[i], to = wide ? start[1] : start[i + 1];
    abn_series_plan plan = {
        .symbol = r->symbol,
        .source = r->source,
        .piece = piece + from,
        .pieces = to - from,
        .sparse = wide,
        .timed = r->layout.timed,
        .stays = r->stays,
    };
    if (r->layout.form != ABN_FORM_SINGLE) {
        const char *name = wide ? r->layout.listing[i] : abn_map_name(r->symbols, (uint32_t)i);
        plan.symbol = abn_store_text(store, abn_slice_of(name));
        if (!plan.symbol) return false;
    }
    plan_columns(&r->layout, wide ? (int)i : -1, &plan);
    return abn_series_build(store, &plan, entry, rejects);
}

static bool build_all(file_reader *r, size_t n, const abn_piece *piece, const size_t *start)
{
    abn_file_quotes *out = r->out;
    if (n == 1) return build_one(r, 0, piece, start, &r->worker->store, out->series, &out->rejects);
    abn_rejects *rejects = calloc(n, sizeof *rejects);
    bool fine = rejects != NULL;
#pragma omp parallel num_threads(r->threads) if (fine)
    {
        abn_store store = {0};
        bool mine = fine;
#pragma omp for schedule(dynamic, 16)
        for (size_t i = 0; i < n; i++)
            mine = mine && build_one(r, i, piece, start, &store, &out->series[i], &rejects[i]);
#pragma omp critical
        {
            abn_store_join(&r->worker->store, &store);
            fine = fine && mine;
        }
    }
    for (size_t i = 0; rejects && i < n; i++) {
        for (size_t k = 0; k < rejects[i].n; k++)
            abn_rejects_add(&out->rejects, &rejects[i].row[k]);
        out->rejects.more += rejects[i].more;
        free(rejects[i].row);
    }
    free(rejects);
    return fine;
}

/* The file's columns are kept for the series where most rows can stay in them: where most symbols'
 * rows follow each other. */
static bool keep_columns(file_reader *r, size_t n, const abn_piece *piece, const size_t *start)
{
    size_t all = 0, single = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = start[i]; k < start[i + 1]; k++) {
            all += piece[k].n;
            if (start[i + 1] - start[i] == 1) single += piece[k].n;
        }
    if (!r->columns || single < all - all / 8) return true;
    r->stays = abn_store_adopt(&r->worker->store, r->columns);
    return r->stays;
}

/* Series that came out empty are no series. */
static void drop_empty(abn_file_quotes *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < out->n; i++)
        if (out->series[i].pub.n > 0) out->series[kept++] = out->series[i];
    out->n = kept;
}

static bool build_series(file_reader *r)
{
    size_t n = r->layout.form == ABN_FORM_WIDE ? r->layout.listings
               : r->symbols                    ? abn_map_count(r->symbols)
                                               : 1;
    size_t *start = calloc(n + 3, sizeof *start);
    abn_piece *piece = start ? group_runs(r, r->symbols ? n : 1, start) : NULL;
    abn_series_entry *series = piece ? calloc(n + 1, sizeof *series) : NULL;
    r->out->series = series;
    bool fine = series && keep_columns(r, r->symbols ? n : 1, piece, start) &&
                build_all(r, n, piece, start);
    if (fine) r->out->n = n;
    drop_empty(r->out);
    free(start);
    free(piece);
    return fine;
}

/* ---- the file ---- */

static bool name_file(file_reader *r, const char *symbol)
{
    char *stem = abn_path_stem(r->path);
    const char *name = symbol ? symbol : r->layout.listings == 1 ? r->layout.listing[0] : stem;
    r->source = abn_store_text(&r->worker->store, abn_slice_of(r->path));
    r->symbol = name ? abn_store_text(&r->worker->store, abn_slice_of(name)) : NULL;
    free(stem);
    return r->source && r->symbol;
}

static abn_status read_text(file_reader *r, abn_slice text, const char *symbol)
{
    abn_error *err = &r->out->err;
    if (!name_file(r, symbol) ||
        !split(r, (abn_slice){text.ptr + r->layout.start, text.len - r->layout.start}))
        return abn_fail_memory(err);
    read_parts(r);
    bool fine = number_lines(r);
    if (fine && r->layout.form == ABN_FORM_LONG) fine = join_symbols(r);
    if (fine) list_refusals(r);
    if (!fine || !build_series(r) || r->out->rejects.failed) return abn_fail_memory(err);
    if (r->out->n > 0) return ABN_OK;
    const abn_reject *first = r->out->rejects.row;
    if (!r->out->rejects.n)
        return abn_fail_at(err, ABN_DATA, r->path, 0, 0, "no row could be read");
    return abn_fail_at(err, ABN_DATA, r->path, first->line, first->column,
                       "no row could be read; the first: %s", first->text);
}

void abn_file_quotes_read(const char *path, const char *symbol, const abn_quotes_options *options,
                          int threads, abn_worker *worker, abn_file_quotes *out)
{
    file_reader r = {.path = path, .threads = threads, .worker = worker, .out = out};
    abn_file file;
    *out = (abn_file_quotes){0};
    out->status = symbol ? abn_file_open_found(path, 0, &file, &out->err)
                         : abn_file_open(path, 0, &file, &out->err);
    if (out->status != ABN_OK) return;
    abn_slice text = {file.data, file.len};
    r.file = &file;
    out->status = abn_layout_read(text, path, options, &r.layout, &out->err);
    if (out->status == ABN_OK) out->status = read_text(&r, text, symbol);
    free_parts(&r);
    abn_layout_free(&r.layout);
    abn_file_close(&file);
}

void abn_file_quotes_free(abn_file_quotes *quotes)
{
    free(quotes->series);
    free(quotes->rejects.row);
    *quotes = (abn_file_quotes){0};
}
