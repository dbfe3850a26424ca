/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/quotes.h>

#include "quotes_file.h"
#include <abnorm/file.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SMALL_FILE = 1 << 23 }; /* larger ones are split among threads, one after the other */

struct abn_quotes {
    abn_series_entry *series;
    size_t n;
    abn_store store;
    abn_rejects rejects;
};

typedef struct loader {
    const abn_quotes_options *options;
    char **path, **symbol; /* a file; its symbol, or NULL */
    size_t files;
    abn_file_quotes *file;
    abn_worker *worker; /* a thread */
    int threads;
} loader;

/* ---- which files ---- */

static bool has_quotes_suffix(const char *name)
{
    static const char *const suffix[] = {".csv", ".csv.gz", ".CSV", ".tsv", ".txt", ".txt.gz"};
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof suffix / sizeof *suffix; i++) {
        size_t s = strlen(suffix[i]);
        if (n > s && strcmp(name + n - s, suffix[i]) == 0) return true;
    }
    return false;
}

static bool chooses(const loader *l)
{
    return l->options && l->options->wanted;
}

static bool is_wanted(loader *l, char *symbol)
{
    if (!chooses(l) || l->options->wanted(l->options->context, symbol)) return true;
    free(l->path[l->files]);
    free(l->symbol[l->files]);
    return false;
}

static abn_status list_folder(loader *l, const char *folder, abn_error *err)
{
    abn_names names = {0};
    abn_status status = abn_folder_list(folder, NULL, &names, err);
    if (status != ABN_OK) return status;
    l->path = calloc(names.count + 1, sizeof *l->path);
    l->symbol = calloc(names.count + 1, sizeof *l->symbol);
    if (!l->path || !l->symbol) status = abn_fail_memory(err);
    for (size_t i = 0; status == ABN_OK && i < names.count; i++) {
        if (!has_quotes_suffix(names.name[i])) continue;
        l->path[l->files] = abn_path_join(folder, names.name[i]);
        l->symbol[l->files] = abn_path_stem(names.name[i]);
        if (!l->path[l->files] || !l->symbol[l->files]) status = abn_fail_memory(err);
        if (status != ABN_OK || is_wanted(l, l->symbol[l->files])) l->files++;
    }
    abn_names_free(&names);
    if (status == ABN_OK && l->files == 0 && !chooses(l))
        status = abn_fail_at(err, ABN_NO_INPUT, folder, 0, 0,
                             "no quotes in this folder (expected SYMBOL.csv files)");
    return status;
}

static abn_status list_files(loader *l, const char *path, abn_error *err)
{
    if (abn_is_folder(path)) return list_folder(l, path, err);
    l->path = calloc(1, sizeof *l->path);
    l->symbol = calloc(1, sizeof *l->symbol);
    if (l->path) l->path[0] = abn_slice_dup(abn_slice_of(path));
    if (!l->path || !l->symbol || !l->path[0]) return abn_fail_memory(err);
    l->files = 1;
    return ABN_OK;
}

/* ---- reading ---- */

static bool is_large(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && st.st_size > SMALL_FILE;
}

static void read_files(loader *l)
{
#pragma omp parallel for schedule(dynamic, 4) num_threads(l->threads) if (l->files > 1)
    for (size_t i = 0; i < l->files; i++)
        if (!is_large(l->path[i]))
            abn_file_quotes_read(l->path[i], l->symbol[i], l->options, 1,
                                 &l->worker[omp_get_thread_num()], &l->file[i]);
        else
            l->file[i].status = ABN_TRY_LATER;
    for (size_t i = 0; i < l->files; i++)
        if (l->file[i].status == ABN_TRY_LATER)
            abn_file_quotes_read(l->path[i], l->symbol[i], l->options, l->threads, &l->worker[0],
                                 &l->file[i]);
}

static int count_threads(const abn_quotes_options *options)
{
    int threads = options ? options->threads : 0;
    return threads > 0 ? threads : omp_get_max_threads();
}

/* ---- putting together ---- */

static abn_status gather_rejects(loader *l, abn_quotes *q, abn_notes *notes, abn_error *err)
{
    for (size_t i = 0; i < l->files; i++) {
        abn_file_quotes *file = &l->file[i];
        size_t more = file->refused + file->rejects.more;
        if (more > 0)
            abn_note_at(notes, "more rows left out", l->path[i], 0, 0, "%zu more rows left out",
                        more);
        for (size_t k = 0; k < file->rejects.n; k++) {
            const abn_reject *reject = &file->rejects.row[k];
            abn_rejects_add(&q->rejects, reject);
            abn_note_at(notes, reject->kind, reject->source, reject->line, reject->column, "%s",
                        reject->text);
        }
        if (file->status != ABN_OK)
            abn_note_at(notes, ABN_UNREADABLE_FILE, file->err.source, file->err.line,
                        file->err.column, "%s", file->err.text);
    }
    return q->rejects.failed ? abn_fail_memory(err) : ABN_OK;
}

/* The first failure that is the machine's and not the file's; or of any file, when none could be
 * read. */
static const abn_file_quotes *find_failure(const loader *l)
{
    size_t n = 0;
    for (size_t i = 0; i < l->files; i++) {
        abn_status status = l->file[i].status;
        if (status == ABN_MEMORY || status == ABN_SYSTEM || status == ABN_INTERNAL)
            return &l->file[i];
        n += l->file[i].n;
    }
    return n || chooses(l) ? NULL : &l->file[0];
}

static abn_status gather_series(loader *l, abn_quotes *q, abn_error *err)
{
    const abn_file_quotes *failed = find_failure(l);
    if (failed) {
        const abn_error *e = &failed->err;
        return abn_fail_at(err, failed->status, e->source, e->line, e->column, "%s", e->text);
    }
    size_t n = 0;
    for (size_t i = 0; i < l->files; i++)
        n += l->file[i].n;
    q->series = malloc((n + 1) * sizeof *q->series);
    if (!q->series) return abn_fail_memory(err);
    for (size_t i = 0; i < l->files; i++)
        for (size_t k = 0; k < l->file[i].n; k++)
            q->series[q->n++] = l->file[i].series[k];
    return ABN_OK;
}

/* By symbol; of one symbol, by file. */
static int compare_series(const void *a, const void *b)
{
    const abn_series *x = &((const abn_series_entry *)a)->pub;
    const abn_series *y = &((const abn_series_entry *)b)->pub;
    int order = strcmp(x->symbol, y->symbol);
    return order != 0 ? order : strcmp(x->source, y->source);
}

/* A series seen as rows, so that it can be a piece of another. */
static void view_rows(const abn_series *s, abn_rows *rows, double **value)
{
    const double *column[ABN_SERIES_FIELDS] = {s->open,      s->high,   s->low, s->close,
                                               s->adj_close, s->volume, s->ret};
    union {
        const double *in;
        double *out; /* written to by abn_quotes_drop() alone */
    } cast;
    union {
        const abn_date *in;
        abn_date *out;
    } dates = {s->date};
    for (int f = 0; f < ABN_SERIES_FIELDS; f++) {
        cast.in = column[f];
        value[f] = cast.out;
    }
    *rows = (abn_rows){.n = s->n, .date = dates.out, .value = value, .slots = ABN_SERIES_FIELDS};
}

/* Two files of one symbol make one series of the columns that both have. */
static bool merge_two(abn_quotes *q, abn_series_entry *into, const abn_series_entry *from)
{
    abn_rows rows[2];
    double *value[2][ABN_SERIES_FIELDS];
    view_rows(&into->pub, &rows[0], value[0]);
    view_rows(&from->pub, &rows[1], value[1]);
    abn_piece piece[2] = {{&rows[0], 0, into->pub.n, 0}, {&rows[1], 0, from->pub.n, 0}};
    abn_series_plan plan = {
        .symbol = into->pub.symbol, .source = into->pub.source, .piece = piece, .pieces = 2};
    for (int f = 0; f < ABN_SERIES_FIELDS; f++)
        plan.slot[f] = value[0][f] && value[1][f] ? f : -1;
    if (plan.slot[ABN_FIELD_CLOSE] < 0 && plan.slot[ABN_FIELD_RETURN] < 0) return true;
    return abn_series_build(&q->store, &plan, into, &q->rejects);
}

static abn_status merge_series(abn_quotes *q, abn_notes *notes, abn_error *err)
{
    qsort(q->series, q->n, sizeof *q->series, compare_series);
    size_t kept = q->n > 0, before = q->rejects.n;
    for (size_t i = 1; i < q->n; i++) {
        abn_series_entry *last = &q->series[kept - 1], *next = &q->series[i];
        if (strcmp(last->pub.symbol, next->pub.symbol) != 0) {
            q->series[kept++] = *next;
            continue;
        }
        abn_note_at(notes, ABN_TWO_FILES, next->pub.source, 0, 0, "%s is also in %s",
                    next->pub.symbol, last->pub.source);
        if (!merge_two(q, last, next)) return abn_fail_memory(err);
    }
    q->n = kept;
    for (size_t i = before; i < q->rejects.n; i++)
        abn_note_at(notes, q->rejects.row[i].kind, q->rejects.row[i].source, 0, 0, "%s",
                    q->rejects.row[i].text);
    return ABN_OK;
}

/* ---- loading ---- */

static abn_status load(loader *l, const char *path, abn_notes *notes, abn_quotes *q, abn_error *err)
{
    abn_status status = list_files(l, path, err);
    if (status != ABN_OK) return status;
    l->file = calloc(l->files + 1, sizeof *l->file);
    l->worker = calloc((size_t)l->threads, sizeof *l->worker);
    if (!l->file || !l->worker) return abn_fail_memory(err);
    read_files(l);
    for (int t = 0; t < l->threads; t++)
        abn_store_join(&q->store, &l->worker[t].store);
    status = gather_series(l, q, err);
    if (status == ABN_OK) status = gather_rejects(l, q, notes, err);
    if (status == ABN_OK) status = merge_series(q, notes, err);
    return status;
}

static void free_loader(loader *l)
{
    for (size_t i = 0; i < l->files; i++) {
        free(l->path[i]);
        free(l->symbol[i]);
        if (l->file) abn_file_quotes_free(&l->file[i]);
    }
    for (int t = 0; l->worker && t < l->threads; t++)
        abn_rows_free(&l->worker[t].rows);
    free(l->path);
    free(l->symbol);
    free(l->file);
    free(l->worker);
}

abn_status abn_quotes_load(const char *path, const abn_quotes_options *options, abn_notes *notes,
                           abn_quotes **quotes, abn_error *err)
{
    loader l = {.options = options, .threads = count_threads(options)};
    abn_quotes *q = calloc(1, sizeof *q);
    abn_status status = q ? load(&l, path, notes, q, err) : abn_fail_memory(err);
    free_loader(&l);
    if (status == ABN_OK)
        *quotes = q;
    else
        abn_quotes_free(q);
    return status;
}

void abn_quotes_free(abn_quotes *quotes)
{
    if (!quotes) return;
    free(quotes->series);
    free(quotes->rejects.row);
    abn_store_free(&quotes->store);
    free(quotes);
}

/* ---- looking ---- */

size_t abn_quotes_count(const abn_quotes *quotes)
{
    return quotes->n;
}

const abn_series *abn_quotes_at(const abn_quotes *quotes, size_t i)
{
    return &quotes->series[i].pub;
}

const abn_series *abn_quotes_find(const abn_quotes *quotes, abn_slice symbol)
{
    size_t lo = 0, hi = quotes->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        const char *name = quotes->series[mid].pub.symbol;
        int order = strncmp(name, symbol.ptr, symbol.len);
        if (order == 0) order = name[symbol.len] != '\0';
        if (order == 0) return &quotes->series[mid].pub;
        if (order < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

size_t abn_quotes_rejects(const abn_quotes *quotes)
{
    return quotes->rejects.n;
}

const abn_reject *abn_quotes_reject_at(const abn_quotes *quotes, size_t i)
{
    return &quotes->rejects.row[i];
}

long abn_quotes_line(const abn_quotes *quotes, const abn_series *series, size_t i)
{
    for (size_t k = 0; k < quotes->n; k++)
        if (&quotes->series[k].pub == series)
            return abn_line_of(quotes->series[k].span, quotes->series[k].spans, i);
    return 0;
}

/* ---- leaving rows out ---- */

static size_t drop_from(void *column, size_t size, size_t n, const size_t *row, size_t count)
{
    char *at = column;
    size_t kept = 0;
    for (size_t i = 0, next = 0; column && i < n; i++) {
        if (next < count && row[next] == i) {
            next++;
            continue;
        }
        if (kept != i) memcpy(at + kept * size, at + i * size, size);
        kept++;
    }
    return kept;
}

void abn_quotes_drop(abn_quotes *quotes, const abn_series *series, const size_t *row, size_t n)
{
    for (size_t k = 0; k < quotes->n; k++) {
        abn_series_entry *entry = &quotes->series[k];
        abn_rows rows;
        double *value[ABN_SERIES_FIELDS];
        if (&entry->pub != series) continue;
        view_rows(&entry->pub, &rows, value);
        for (int f = 0; f < ABN_SERIES_FIELDS; f++)
            drop_from(value[f], sizeof **value, rows.n, row, n);
        entry->pub.n = drop_from(rows.date, sizeof *rows.date, rows.n, row, n);
        entry->spans = 0; /* lines no longer follow each other */
    }
}

/* ---- rows by date ---- */

size_t abn_series_lower(const abn_series *series, abn_date date)
{
    size_t lo = 0, hi = series->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (series->date[mid] < date)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

ptrdiff_t abn_series_on(const abn_series *series, abn_date date)
{
    size_t i = abn_series_lower(series, date);
    return i < series->n && series->date[i] == date ? (ptrdiff_t)i : -1;
}
