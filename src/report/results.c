/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table_csv.h"
#include <abnorm/results.h>

#include <abnorm/file.h>
#include <dirent.h>
#include <errno.h>
#include <omp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct abn_results {
    char *folder;
    int lock;
    abn_format format;
    pthread_mutex_t writing; /* while temporary files appear or go */
    char *record;            /* the path of run.json, once that is written or announced */
    abn_output **output;     /* written, not yet in place */
    size_t count, cap;
};

/* ".NAME.XXXXXX" as an abn_output names it, and what a picture is drawn to. */
static bool is_leftover(const char *entry)
{
    static const char *const kind[] = {".csv", ".json", ".gp", ".png", ".svg", ".pdf", ".html"};
    size_t len = strlen(entry);
    if (entry[0] != '.' || len < 10 || (entry[len - 7] != '.' && strcmp(entry + len - 5, ".part")))
        return false;
    size_t end = entry[len - 7] == '.' ? len - 7 : len - 5;
    for (size_t i = 0; i < sizeof kind / sizeof *kind; i++) {
        size_t n = strlen(kind[i]);
        if (end > n && memcmp(entry + end - n, kind[i], n) == 0) return true;
    }
    return false;
}

void abn_results_sweep(const char *folder)
{
    DIR *dir = opendir(folder);
    if (!dir) return;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        if (is_leftover(entry->d_name)) unlinkat(dirfd(dir), entry->d_name, 0);
    closedir(dir);
}

abn_status abn_results_open(const char *folder, abn_results **out, abn_error *err)
{
    abn_results *r = calloc(1, sizeof *r);
    if (!r) return abn_fail_memory(err);
    r->lock = -1;
    r->format = ABN_FORMAT_CSV;
    pthread_mutex_init(&r->writing, NULL);
    r->folder = strdup(folder);
    abn_status status = r->folder ? abn_folder_make(folder, err) : abn_fail_memory(err);
    if (status == ABN_OK) status = abn_folder_lock(folder, &r->lock, err);
    if (status == ABN_OK)
        abn_results_sweep(folder);
    else
        abn_results_free(r);
    if (status == ABN_OK) *out = r;
    return status;
}

abn_status abn_results_begin(abn_results *r, abn_error *err)
{
    if (!r->record) r->record = abn_path_join(r->folder, "run.json");
    return r->record ? ABN_OK : abn_fail_memory(err);
}

void abn_results_make_safe(abn_results *r)
{
    r->format = ABN_FORMAT_SAFE_CSV;
}

static abn_status add(abn_results *r, abn_output *output, abn_error *err)
{
    if (r->count == r->cap) {
        size_t cap = r->cap ? r->cap * 2 : 16;
        abn_output **grown = realloc(r->output, cap * sizeof *grown);
        if (!grown) return abn_fail_memory(err);
        r->output = grown;
        r->cap = cap;
    }
    r->output[r->count++] = output;
    return ABN_OK;
}

abn_status abn_results_file(abn_results *r, const char *name, abn_slice bytes, abn_error *err)
{
    char *path = abn_path_join(r->folder, name);
    if (!path) return abn_fail_memory(err);
    abn_output *output = NULL;
    pthread_mutex_lock(&r->writing);
    abn_status status = abn_output_new(path, ABN_PASSING, &output, err);
    if (status == ABN_OK) status = abn_output_write(output, bytes.ptr, bytes.len, err);
    if (status == ABN_OK) status = add(r, output, err);
    if (status != ABN_OK) abn_output_free(output);
    pthread_mutex_unlock(&r->writing);
    if (status == ABN_OK && strcmp(name, "run.json") == 0 && !r->record) {
        r->record = path;
        return ABN_OK;
    }
    free(path);
    return status;
}

/* ---- tables ---- */

typedef struct sheet {
    abn_output *output;
    size_t blocks, written; /* in order */
    abn_buf *waiting;       /* by block: formatted, but not its turn */
} sheet;

typedef struct press {
    const abn_table *const *table;
    sheet *sheet;
    size_t n;
    int digits;
    bool safe;
    pthread_mutex_t turn; /* of what follows, and of writing */
    abn_buf *spare;       /* empty ones that have room */
    size_t spares;
    abn_status status;
    abn_error *err;
} press;

static void sheet_free(sheet *s)
{
    abn_output_free(s->output);
    for (size_t b = 0; s->waiting && b < s->blocks; b++)
        abn_buf_free(&s->waiting[b]);
    free(s->waiting);
}

static abn_status sheet_make(sheet *s, const abn_results *r, const abn_table *t, abn_error *err)
{
    abn_buf name = {0};
    abn_buf_printf(&name, "%s.csv", t->name);
    char *path = name.failed ? NULL : abn_path_join(r->folder, name.data);
    s->blocks = abn_csv_blocks(t);
    s->waiting = calloc(s->blocks, sizeof *s->waiting);
    abn_status status = path && s->waiting ? abn_output_new(path, ABN_PASSING, &s->output, err)
                                           : abn_fail_memory(err);
    abn_buf_free(&name);
    free(path);
    return status;
}

/* Keep the first failure. */
static void take_status(press *p, abn_status status, const abn_error *err)
{
    pthread_mutex_lock(&p->turn);
    if (status != ABN_OK && p->status == ABN_OK) {
        p->status = status;
        if (p->err && p->err->status == ABN_OK) *p->err = *err;
    }
    pthread_mutex_unlock(&p->turn);
}

/* Write what is next and those after it that wait; their room is used again. True when that was the
 * last of the table. */
static bool turn_in(press *p, size_t table, size_t block, abn_buf *text)
{
    sheet *s = p->sheet + table;
    s->waiting[block] = *text;
    *text = (abn_buf){0};
    for (; s->written < s->blocks; s->written++) {
        abn_buf *next = &s->waiting[s->written];
        if (!next->data && !next->failed) break;
        if (p->status == ABN_OK)
            p->status = next->failed ? abn_fail_memory(p->err)
                                     : abn_output_write(s->output, next->data, next->len, p->err);
        abn_buf_clear(next);
        p->spare[p->spares++] = *next;
        *next = (abn_buf){0};
    }
    return s->written == s->blocks && p->status == ABN_OK;
}

/* One block of all tables' blocks, counted through. */
static void print_block(press *p, size_t block)
{
    size_t table = 0;
    abn_buf text = {0};
    for (; block >= p->sheet[table].blocks; table++)
        block -= p->sheet[table].blocks;
    pthread_mutex_lock(&p->turn);
    if (p->spares) text = p->spare[--p->spares];
    pthread_mutex_unlock(&p->turn);
    abn_csv_block(p->table[table], block, p->digits, p->safe, &text);
    pthread_mutex_lock(&p->turn);
    bool last = turn_in(p, table, block, &text);
    pthread_mutex_unlock(&p->turn);
    if (!last) return;
    /* Here, where other threads have work, rather than all at once before the files are in place.
     */
    abn_error local = {0};
    abn_status status = abn_output_sync(p->sheet[table].output, &local);
    take_status(p, status, &local);
}

static void print_all(press *p, size_t blocks, int threads, const abn_beside *beside)
{
    size_t first = beside ? 1 : 0;
    int team = threads > 0 ? threads : omp_get_max_threads();
#pragma omp parallel for schedule(dynamic, 1) num_threads(team)
    for (size_t b = 0; b < blocks + first; b++) {
        if (b >= first) {
            print_block(p, b - first);
            continue;
        }
        abn_error local = {0};
        abn_status status = beside->work(beside->context, &local);
        take_status(p, status, &local);
    }
}

abn_status abn_results_tables(abn_results *r, const abn_table *const *table, size_t n, int digits,
                              int threads, const abn_beside *beside, abn_error *err)
{
    press p = {.table = table,
               .n = n,
               .digits = digits,
               .safe = r->format == ABN_FORMAT_SAFE_CSV,
               .err = err};
    size_t blocks = 0;
    p.sheet = calloc(n + 1, sizeof *p.sheet);
    abn_status status = p.sheet ? ABN_OK : abn_fail_memory(err);
    pthread_mutex_lock(&r->writing);
    for (size_t i = 0; i < n && status == ABN_OK; i++) {
        status = sheet_make(p.sheet + i, r, table[i], err);
        blocks += p.sheet[i].blocks;
    }
    pthread_mutex_unlock(&r->writing);
    if (status == ABN_OK && !(p.spare = calloc(blocks + 1, sizeof *p.spare)))
        status = abn_fail_memory(err);
    if (status == ABN_OK) {
        pthread_mutex_init(&p.turn, NULL);
        print_all(&p, blocks, threads, beside);
        pthread_mutex_destroy(&p.turn);
        status = p.status;
    }
    pthread_mutex_lock(&r->writing);
    for (size_t i = 0; i < n && status == ABN_OK; i++) {
        status = add(r, p.sheet[i].output, err);
        if (status == ABN_OK) p.sheet[i].output = NULL;
    }
    for (size_t i = 0; p.sheet && i < n; i++)
        sheet_free(p.sheet + i);
    pthread_mutex_unlock(&r->writing);
    for (size_t i = 0; i < p.spares; i++)
        abn_buf_free(&p.spare[i]);
    free(p.spare);
    free(p.sheet);
    return status;
}

abn_status abn_results_table(abn_results *r, const abn_table *table, int digits, int threads,
                             abn_error *err)
{
    return abn_results_tables(r, &table, 1, digits, threads, NULL, err);
}

/* ---- tables of several processes ---- */

static abn_status put_bytes(void *output, const char *bytes, size_t len, abn_error *err)
{
    return abn_output_write(output, bytes, len, err);
}

static abn_status share_table(abn_results *r, const abn_crew *crew, const abn_table *table,
                              int digits, int threads, bool safe, abn_error *err)
{
    sheet s = {.output = NULL};
    abn_status status = ABN_OK;
    if (r) {
        pthread_mutex_lock(&r->writing);
        status = sheet_make(&s, r, table, err);
        pthread_mutex_unlock(&r->writing);
    }
    status = abn_crew_agree(crew, status, err);
    if (status == ABN_OK)
        status = abn_table_share(table, crew, digits, threads, safe, put_bytes, s.output, err);
    if (r) {
        pthread_mutex_lock(&r->writing);
        if (status == ABN_OK) status = add(r, s.output, err);
        if (status == ABN_OK) s.output = NULL;
        sheet_free(&s);
        pthread_mutex_unlock(&r->writing);
    }
    return abn_crew_agree(crew, status, err);
}

abn_status abn_results_share(abn_results *r, const abn_crew *crew, const abn_table *const *table,
                             size_t n, int digits, int threads, abn_error *err)
{
    bool safe = r && r->format == ABN_FORMAT_SAFE_CSV;
    abn_status status = abn_crew_share(crew, ABN_OK, &safe, sizeof safe, err);
    for (size_t i = 0; i < n && status == ABN_OK; i++) {
        if (table[i]->shared) {
            status = share_table(r, crew, table[i], digits, threads, safe, err);
            continue;
        }
        if (r) status = abn_results_table(r, table[i], digits, threads, err);
        status = abn_crew_agree(crew, status, err);
    }
    return status;
}

static void drop_outputs(abn_results *r)
{
    for (size_t i = 0; i < r->count; i++)
        abn_output_free(r->output[i]);
    r->count = 0;
    free(r->record);
    r->record = NULL;
}

abn_status abn_results_commit(abn_results *r, abn_error *err)
{
    abn_status status = ABN_OK;
    pthread_mutex_lock(&r->writing);
    for (size_t i = 0; status == ABN_OK && i < r->count; i++)
        status = abn_output_sync(r->output[i], err);
    /* From the first rename to the last the set is mixed: no record may vouch for it. */
    if (status == ABN_OK && r->record && unlink(r->record) != 0 && errno != ENOENT)
        status = abn_fail_at(err, ABN_SYSTEM, r->record, 0, 0, "%s", strerror(errno));
    for (size_t i = 0; status == ABN_OK && i < r->count; i++)
        status = abn_output_commit(r->output[i], err);
    if (status == ABN_OK) drop_outputs(r);
    pthread_mutex_unlock(&r->writing);
    return status;
}

void abn_results_stop(abn_results *r)
{
    pthread_mutex_lock(&r->writing);
    abn_results_sweep(r->folder);
}

void abn_results_free(abn_results *r)
{
    if (!r) return;
    pthread_mutex_destroy(&r->writing);
    drop_outputs(r);
    if (r->lock >= 0) close(r->lock);
    free(r->output);
    free(r->folder);
    free(r);
}
