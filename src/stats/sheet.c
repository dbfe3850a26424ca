/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sheet.h"
#include "tests.h"
#include <abnorm/buf.h>
#include <abnorm/memory.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

bool abn_columns_make(abn_columns *c, size_t room)
{
    *c = (abn_columns){.room = room,
                       .place = malloc((room + 1) * sizeof *c->place),
                       .all = abn_columns_alloc((5 * room + 1) * sizeof *c->all)};
    if (!c->place || !c->all) return false;
    c->car = c->all;
    c->scar = c->car + room;
    c->csar = c->scar + room;
    c->bhar = c->csar + room;
    c->weight = c->bhar + room;
    return true;
}

void abn_columns_free(abn_columns *c)
{
    free(c->place);
    free(c->all);
}

/* ---- one shape ---- */

typedef struct shape {
    size_t k, m, l;
    abn_window estimation, window;
    int log;
} shape;

static abn_status take_shape(void *to, const void *bytes, size_t size, abn_error *err)
{
    shape *all = to, one;
    if (!size) return ABN_OK;
    memcpy(&one, bytes, sizeof one);
    if (all->m && (all->m != one.m || all->l != one.l || all->k != one.k))
        return abn_fail(err, ABN_INTERNAL, "the ranks' panels do not agree in their windows");
    *all = one;
    return ABN_OK;
}

abn_status abn_crew_shape(const abn_crew *crew, const abn_panel **panel, abn_panel *empty,
                          abn_error *err)
{
    shape all, mine;
    memset(&all, 0, sizeof all);
    memset(&mine, 0, sizeof mine);
    const abn_panel *p = *panel;
    if (p)
        mine = (shape){.k = p->k,
                       .m = p->m,
                       .l = p->l,
                       .estimation = p->estimation,
                       .window = p->window,
                       .log = p->log};
    abn_status status =
        abn_crew_gather(crew, ABN_OK, &mine, p ? sizeof mine : 0, take_shape, &all, err);
    if (status == ABN_OK) status = abn_crew_share(crew, ABN_OK, &all, sizeof all, err);
    if (status != ABN_OK || p) return status;
    *empty = (abn_panel){.k = all.k,
                         .m = all.m,
                         .l = all.l,
                         .estimation = all.estimation,
                         .window = all.window,
                         .log = all.log != 0};
    *panel = empty;
    return ABN_OK;
}

/* ---- a sheet ---- */

static bool allocate(abn_sheet *s)
{
    size_t n = s->n, l = s->l;
    s->place = malloc((n + 1) * sizeof *s->place);
    s->variance = malloc((n + 1) * sizeof *s->variance);
    s->rows = malloc((n + 1) * sizeof *s->rows);
    s->params = malloc((n + 1) * sizeof *s->params);
    s->ar = abn_columns_alloc((n * l + 1) * sizeof *s->ar);
    s->sar = abn_columns_alloc((n * l + 1) * sizeof *s->sar);
    s->date = abn_columns_alloc((n * l + 1) * sizeof *s->date);
    s->whole = malloc((l + 1) * sizeof *s->whole);
    for (size_t j = 0; s->place && j < n; j++)
        s->place[j] = (uint32_t)j;
    return s->place && s->variance && s->rows && s->params && s->ar && s->sar && s->date &&
           s->whole;
}

void abn_sheet_free(abn_sheet *s)
{
    free(s->place);
    free(s->variance);
    free(s->rows);
    free(s->params);
    free(s->ar);
    free(s->sar);
    free(s->date);
    free(s->whole);
}

static abn_date date_of(const abn_panel *panel, size_t i, size_t t)
{
    const abn_occasion *o = panel->occasion + i;
    const abn_history *h = panel->history + o->history;
    int64_t row = (int64_t)o->day0 + panel->window.from + (int64_t)t;
    if (row < 0 || row >= (int64_t)h->n) return 0;
    return h->date ? h->date[row] : (abn_date)row;
}

/* Which days all have, and the dates of those that any has. */
static void look_over(abn_sheet *s, int threads)
{
    abn_date low = INT32_MAX, high = INT32_MIN;
    int team = threads > 0 ? threads : omp_get_max_threads();
#pragma omp parallel for num_threads(team) reduction(min : low) reduction(max : high)
    for (size_t t = 0; t < s->l; t++) {
        const double *ar = s->ar + t * s->n;
        const abn_date *date = s->date + t * s->n;
        bool whole = true;
        for (size_t j = 0; j < s->n; j++) {
            bool there = !isnan(ar[j]);
            whole &= there;
            low = there && date[j] < low ? date[j] : low;
            high = there && date[j] > high ? date[j] : high;
        }
        s->whole[t] = whole;
    }
    s->low = low;
    s->high = high;
}

/* Members whose days share lines of the cache. */
enum { CHUNK = 64 };

abn_status abn_sheet_new(const abn_panel *panel, const abn_members *members, int threads,
                         abn_sheet *out, abn_error *err)
{
    abn_sheet s = {.n = members->n, .l = panel->l};
    int team = threads > 0 ? threads : omp_get_max_threads();
    if (!allocate(&s)) {
        abn_sheet_free(&s);
        return abn_fail_memory(err);
    }
#pragma omp parallel for num_threads(team) schedule(static, CHUNK)
    for (size_t j = 0; j < s.n; j++) {
        size_t i = members->event[j], at = i * s.l;
        s.variance[j] = panel->variance[i];
        s.rows[j] = panel->rows[i];
        s.params[j] = panel->params[i];
        for (size_t t = 0; t < s.l; t++) {
            s.ar[t * s.n + j] = panel->ar[at + t];
            s.sar[t * s.n + j] = panel->ar[at + t] / panel->se[at + t];
            s.date[t * s.n + j] = date_of(panel, i, t);
        }
    }
    look_over(&s, threads);
    *out = s;
    return ABN_OK;
}

/* ---- of all ranks ---- */

/* How many members each rank has. */
typedef struct counts {
    size_t *n, taken;
} counts;

static abn_status take_count(void *to, const void *bytes, size_t size, abn_error *err)
{
    counts *c = to;
    (void)err;
    memcpy(c->n + c->taken++, bytes, size);
    return ABN_OK;
}

static abn_status count_all(const abn_crew *crew, size_t n, abn_sheet *s, abn_error *err)
{
    counts c = {calloc(crew->count, sizeof *c.n), 0};
    abn_status status = c.n ? ABN_OK : abn_fail_memory(err);
    status = abn_crew_gather(crew, status, &n, sizeof n, take_count, &c, err);
    if (status == ABN_OK)
        status = abn_crew_share(crew, ABN_OK, c.n, crew->count * sizeof *c.n, err);
    for (size_t r = 0; status == ABN_OK && r < crew->count; r++) {
        s->total += c.n[r];
        if (r < crew->rank) s->first += c.n[r];
    }
    free(c.n);
    return status;
}

/* A column of `n` values of a rank's sheet into the whole one, after those of ranks before. */
static const char *take_column(void *to, const char *from, size_t at, size_t n, size_t size)
{
    memcpy((char *)to + at * size, from, n * size);
    return from + n * size;
}

/* Where the ranks' sheets go. */
typedef struct arrival {
    abn_sheet *sheet;
    size_t at;
} arrival;

static abn_status take_sheet(void *to, const void *bytes, size_t size, abn_error *err)
{
    arrival *a = to;
    abn_sheet *s = a->sheet;
    const char *from = bytes;
    size_t each = sizeof *s->variance + sizeof *s->rows + sizeof *s->params +
                  s->l * (sizeof *s->ar + sizeof *s->sar + sizeof *s->date);
    size_t n = size / each;
    (void)err;
    from = take_column(s->variance, from, a->at, n, sizeof *s->variance);
    for (size_t t = 0; t < s->l; t++)
        from = take_column(s->ar + t * s->n, from, a->at, n, sizeof *s->ar);
    for (size_t t = 0; t < s->l; t++)
        from = take_column(s->sar + t * s->n, from, a->at, n, sizeof *s->sar);
    from = take_column(s->rows, from, a->at, n, sizeof *s->rows);
    from = take_column(s->params, from, a->at, n, sizeof *s->params);
    for (size_t t = 0; t < s->l; t++)
        from = take_column(s->date + t * s->n, from, a->at, n, sizeof *s->date);
    a->at += n;
    return ABN_OK;
}

static bool pack(const abn_sheet *s, abn_buf *out)
{
    abn_buf_add(out, s->variance, s->n * sizeof *s->variance);
    abn_buf_add(out, s->ar, s->n * s->l * sizeof *s->ar);
    abn_buf_add(out, s->sar, s->n * s->l * sizeof *s->sar);
    abn_buf_add(out, s->rows, s->n * sizeof *s->rows);
    abn_buf_add(out, s->params, s->n * sizeof *s->params);
    abn_buf_add(out, s->date, s->n * s->l * sizeof *s->date);
    return !out->failed;
}

abn_status abn_sheet_gather(const abn_crew *crew, const abn_panel *panel,
                            const abn_members *members, int threads, abn_sheet *out, abn_error *err)
{
    abn_buf packed = {0};
    abn_sheet mine = {.n = 0}, all = {.l = panel->l};
    abn_status status = abn_sheet_new(panel, members, threads, &mine, err);
    if (status == ABN_OK && !pack(&mine, &packed)) status = abn_fail_memory(err);
    abn_sheet_free(&mine);
    status = abn_crew_agree(crew, status, err);
    if (status == ABN_OK) status = count_all(crew, members->n, &all, err);
    if (status == ABN_OK) {
        all.n = abn_crew_leads(crew) ? all.total : 0;
        arrival to = {&all, 0};
        status = abn_crew_gather(crew, allocate(&all) ? ABN_OK : abn_fail_memory(err), packed.data,
                                 packed.len, take_sheet, &to, err);
    }
    abn_buf_free(&packed);
    if (status != ABN_OK) {
        abn_sheet_free(&all);
        return status;
    }
    look_over(&all, threads);
    *out = all;
    return ABN_OK;
}

/* ---- samples ---- */

/* Numbers of all ranks one after the other. */
typedef struct numbers {
    double *at;
    size_t n;
} numbers;

static abn_status take_numbers(void *to, const void *bytes, size_t size, abn_error *err)
{
    numbers *v = to;
    const double *from = bytes;
    (void)err;
    for (size_t i = 0; i < size / sizeof *from; i++)
        if (!isnan(from[i])) v->at[v->n++] = from[i];
    return ABN_OK;
}

abn_status abn_crew_sd(const abn_crew *crew, const double *value, size_t n, size_t total,
                       double *sd, abn_error *err)
{
    numbers all = {malloc((total + 1) * sizeof *all.at), 0};
    abn_status status = all.at ? ABN_OK : abn_fail_memory(err);
    status = abn_crew_gather(crew, status, value, n * sizeof *value, take_numbers, &all, err);
    if (status == ABN_OK) *sd = abn_spread_of(all.at, all.n).sd;
    free(all.at);
    return status;
}

/* An occasion of a sample on its way. */
typedef struct row {
    double car, scar, csar, bhar, weight;
    uint64_t place;
} row;

static abn_status take_sample(void *to, const void *bytes, size_t size, abn_error *err)
{
    abn_columns *c = to;
    (void)err;
    for (size_t i = 0; i < size / sizeof(row); i++, c->n++) {
        row one;
        memcpy(&one, (const char *)bytes + i * sizeof one, sizeof one);
        c->car[c->n] = one.car;
        c->scar[c->n] = one.scar;
        c->csar[c->n] = one.csar;
        c->bhar[c->n] = one.bhar;
        c->weight[c->n] = one.weight;
        c->place[c->n] = (uint32_t)one.place;
    }
    return ABN_OK;
}

abn_status abn_crew_sample(const abn_crew *crew, const abn_sheet *sheet, const abn_columns *mine,
                           abn_columns *to, abn_error *err)
{
    row *rows = malloc((mine->n + 1) * sizeof *rows);
    abn_status status = rows ? ABN_OK : abn_fail_memory(err);
    for (size_t j = 0; rows && j < mine->n; j++)
        rows[j] = (row){mine->car[j],  mine->scar[j],   mine->csar[j],
                        mine->bhar[j], mine->weight[j], sheet->first + mine->place[j]};
    to->n = 0;
    status = abn_crew_gather(crew, status, rows, mine->n * sizeof *rows, take_sample, to, err);
    free(rows);
    return status;
}
