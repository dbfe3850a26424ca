/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "together.h"
#include "tests.h"
#include <abnorm/buf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool abn_columns_make(abn_columns *c, size_t room)
{
    *c = (abn_columns){.room = room,
                       .event = malloc((room + 1) * sizeof *c->event),
                       .all = malloc((5 * room + 1) * sizeof *c->all)};
    if (!c->event || !c->all) return false;
    c->car = c->all;
    c->scar = c->car + room;
    c->csar = c->scar + room;
    c->bhar = c->csar + room;
    c->weight = c->bhar + room;
    return true;
}

void abn_columns_free(abn_columns *c)
{
    free(c->event);
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

abn_status abn_together_shape(const abn_crew *crew, const abn_panel **panel, abn_panel *empty,
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

/* ---- panels ---- */

/* An occasion on its way: this, then its l abnormal returns and their dates. */
typedef struct passenger {
    double sigma, variance;
    uint32_t rows, params;
} passenger;

static abn_date date_of(const abn_panel *panel, size_t i, size_t t)
{
    const abn_occasion *o = panel->occasion + i;
    const abn_history *h = panel->history + o->history;
    int64_t row = (int64_t)o->day0 + panel->window.from + (int64_t)t;
    if (row < 0 || row >= (int64_t)h->n) return 0;
    return h->date ? h->date[row] : (abn_date)row;
}

static bool pack(const abn_panel *panel, const abn_members *members, abn_buf *out)
{
    size_t l = panel->l;
    abn_date *date = malloc((l + 1) * sizeof *date);
    for (size_t j = 0; date && j < members->n; j++) {
        size_t i = members->event[j];
        passenger one = {panel->sigma[i], panel->variance[i], panel->rows[i], panel->params[i]};
        for (size_t t = 0; t < l; t++)
            date[t] = date_of(panel, i, t);
        abn_buf_add(out, &one, sizeof one);
        abn_buf_add(out, panel->ar + i * l, l * sizeof *panel->ar);
        abn_buf_add(out, date, l * sizeof *date);
    }
    free(date);
    return date && !out->failed;
}

static abn_status take_panel(void *to, const void *bytes, size_t size, abn_error *err)
{
    abn_panel *p = to;
    (void)err;
    for (const char *at = bytes, *end = at + size; at < end; p->n++) {
        passenger one;
        memcpy(&one, at, sizeof one);
        at += sizeof one;
        p->sigma[p->n] = one.sigma;
        p->variance[p->n] = one.variance;
        p->rows[p->n] = one.rows;
        p->params[p->n] = one.params;
        memcpy(p->ar + p->n * p->l, at, p->l * sizeof *p->ar);
        at += p->l * sizeof *p->ar;
        memcpy(p->date + p->n * p->l, at, p->l * sizeof *p->date);
        at += p->l * sizeof *p->date;
    }
    return ABN_OK;
}

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

static abn_status count_all(const abn_crew *crew, size_t n, abn_together *all, abn_error *err)
{
    counts c = {calloc(crew->count, sizeof *c.n), 0};
    abn_status status = c.n ? ABN_OK : abn_fail_memory(err);
    status = abn_crew_gather(crew, status, &n, sizeof n, take_count, &c, err);
    if (status == ABN_OK)
        status = abn_crew_share(crew, ABN_OK, c.n, crew->count * sizeof *c.n, err);
    for (size_t r = 0; status == ABN_OK && r < crew->count; r++) {
        all->n += c.n[r];
        if (r < crew->rank) all->first += c.n[r];
    }
    free(c.n);
    return status;
}

static bool allocate(abn_together *all, const abn_panel *like)
{
    size_t n = all->n, l = like->l;
    abn_panel *p = &all->panel;
    *p = *like;
    p->n = 0;
    p->history = NULL;
    p->occasion = NULL;
    p->sigma = malloc((n + 1) * sizeof *p->sigma);
    p->variance = malloc((n + 1) * sizeof *p->variance);
    p->rows = malloc((n + 1) * sizeof *p->rows);
    p->params = malloc((n + 1) * sizeof *p->params);
    p->ar = malloc((n * l + 1) * sizeof *p->ar);
    p->date = malloc((n * l + 1) * sizeof *p->date);
    all->event = malloc((n + 1) * sizeof *all->event);
    for (size_t j = 0; all->event && j < n; j++)
        all->event[j] = (uint32_t)j;
    return p->sigma && p->variance && p->rows && p->params && p->ar && p->date && all->event;
}

abn_status abn_together_new(const abn_crew *crew, const abn_panel *panel,
                            const abn_members *members, abn_together *out, abn_error *err)
{
    abn_buf mine = {0};
    *out = (abn_together){.n = 0};
    abn_status status = count_all(crew, members->n, out, err);
    if (status != ABN_OK) return status;
    bool ok = pack(panel, members, &mine) && (!abn_crew_leads(crew) || allocate(out, panel));
    status = abn_crew_gather(crew, ok ? ABN_OK : abn_fail_memory(err), mine.data, mine.len,
                             take_panel, &out->panel, err);
    abn_buf_free(&mine);
    return status;
}

void abn_together_free(abn_together *all)
{
    free(all->panel.sigma);
    free(all->panel.variance);
    free(all->panel.rows);
    free(all->panel.params);
    free(all->panel.ar);
    free(all->panel.date);
    free(all->event);
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

abn_status abn_together_sd(const abn_crew *crew, const double *value, size_t n, size_t total,
                           double *sd, abn_error *err)
{
    numbers all = {malloc((total + 1) * sizeof *all.at), 0};
    abn_status status = all.at ? ABN_OK : abn_fail_memory(err);
    status = abn_crew_gather(crew, status, value, n * sizeof *value, take_numbers, &all, err);
    if (status == ABN_OK) *sd = abn_spread_of(all.at, all.n).sd;
    free(all.at);
    return abn_crew_share(crew, status, sd, sizeof *sd, err);
}

/* An occasion of a sample on its way. */
typedef struct row {
    double car, scar, csar, bhar, weight;
    uint64_t event;
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
        c->event[c->n] = (uint32_t)one.event;
    }
    return ABN_OK;
}

abn_status abn_together_sample(const abn_crew *crew, const abn_together *all,
                               const abn_columns *mine, abn_columns *to, abn_error *err)
{
    row *rows = malloc((mine->n + 1) * sizeof *rows);
    abn_status status = rows ? ABN_OK : abn_fail_memory(err);
    for (size_t j = 0; rows && j < mine->n; j++)
        rows[j] = (row){mine->car[j],  mine->scar[j],   mine->csar[j],
                        mine->bhar[j], mine->weight[j], all->first + mine->event[j]};
    to->n = 0;
    status = abn_crew_gather(crew, status, rows, mine->n * sizeof *rows, take_sample, to, err);
    free(rows);
    return status;
}
