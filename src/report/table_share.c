/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One table of several processes: each prints its own rows, the first puts them in order. */
#include "table_csv.h"
#include <abnorm/table.h>

#include <omp.h>
#include <stdlib.h>
#include <string.h>

/* Pieces that are printed before the processes meet, whoever has them: what the first holds of the
 * others' text does not grow with the table. */
enum { ROUND = 4096, PART = 64 };

/* ---- one process's text ---- */

/* Some pieces in a row: their text, and where each ends in it. */
typedef struct part {
    abn_buf text;
    uint64_t end[PART];
} part;

/* What a process gives: how many pieces, their places and lengths, the text. */
static void pack(const abn_crew_rows *rows, size_t from, size_t to, const part *parts, abn_buf *out)
{
    uint64_t n = to - from;
    abn_buf_add(out, &n, sizeof n);
    abn_buf_add(out, rows->place + from, n * sizeof *rows->place);
    for (size_t i = 0; i < n; i++) {
        const part *p = parts + i / PART;
        uint64_t len = p->end[i % PART] - (i % PART ? p->end[i % PART - 1] : 0);
        abn_buf_add(out, &len, sizeof len);
    }
    for (size_t i = 0; i < n; i += PART) {
        out->failed |= parts[i / PART].text.failed;
        abn_buf_add(out, parts[i / PART].text.data, parts[i / PART].text.len);
    }
}

static abn_status print(const abn_table *t, size_t from, size_t to, int digits, int threads,
                        bool safe, abn_buf *out, abn_error *err)
{
    const abn_crew_rows *rows = t->shared;
    size_t n = (to - from + PART - 1) / PART;
    part *parts = calloc(n + 1, sizeof *parts);
    if (!parts) return abn_fail_memory(err);
    int team = threads > 0 ? threads : omp_get_max_threads();
#pragma omp parallel for schedule(dynamic) num_threads(team) if (team > 1 && n > 1)
    for (size_t k = 0; k < n; k++) {
        size_t first = from + k * PART, left = to - first;
        abn_csv_pieces(t, rows->first + first, left < PART ? left : PART, digits, safe,
                       &parts[k].text, parts[k].end);
    }
    pack(rows, from, to, parts, out);
    for (size_t k = 0; k < n; k++)
        abn_buf_free(&parts[k].text);
    free(parts);
    return abn_buf_status(out, err);
}

/* ---- all processes' ---- */

/* What one process gave. */
typedef struct given {
    char *bytes;
    uint64_t n, at; /* pieces; the next */
    const char *place, *len, *text;
} given;

typedef struct collection {
    given *of;
    size_t n;
} collection;

static abn_status take(void *to, const void *bytes, size_t size, abn_error *err)
{
    collection *c = to;
    given *g = &c->of[c->n++];
    *g = (given){.bytes = malloc(size)};
    if (!g->bytes) return abn_fail_memory(err);
    memcpy(g->bytes, bytes, size);
    memcpy(&g->n, g->bytes, sizeof g->n);
    g->place = g->bytes + sizeof g->n;
    g->len = g->place + g->n * sizeof(uint64_t);
    g->text = g->len + g->n * sizeof(uint64_t);
    return ABN_OK;
}

static uint64_t figure(const char *column, uint64_t i)
{
    uint64_t value;
    memcpy(&value, column + i * sizeof value, sizeof value);
    return value;
}

/* Who has the piece that comes next; NULL at the end. */
static given *find_next(const collection *c)
{
    given *next = NULL;
    uint64_t least = UINT64_MAX;
    for (size_t k = 0; k < c->n; k++) {
        given *g = c->of + k;
        if (g->at == g->n || figure(g->place, g->at) >= least) continue;
        next = g;
        least = figure(g->place, g->at);
    }
    return next;
}

static abn_status put_in_order(const collection *c, abn_table_put *put, void *to, abn_error *err)
{
    abn_buf out = {0};
    for (given *g; (g = find_next(c)) != NULL; g->at++) {
        size_t len = (size_t)figure(g->len, g->at);
        abn_buf_add(&out, g->text, len);
        g->text += len;
    }
    abn_status status = abn_buf_status(&out, err);
    if (status == ABN_OK && out.len) status = put(to, out.data, out.len, err);
    abn_buf_free(&out);
    return status;
}

/* `over`: all know of a failure. One of the first's own they learn when they meet again. */
static abn_status meet(const abn_crew *crew, abn_status mine, const abn_buf *own, bool *over,
                       abn_table_put *put, void *to, abn_error *err)
{
    collection all = {calloc(abn_crew_count(crew), sizeof *all.of), 0};
    if (!all.of && mine == ABN_OK) mine = abn_fail_memory(err);
    abn_status status = abn_crew_gather(crew, mine, own->data, own->len, take, &all, err);
    *over = status != ABN_OK;
    if (status == ABN_OK && abn_crew_leads(crew)) status = put_in_order(&all, put, to, err);
    for (size_t k = 0; k < all.n; k++)
        free(all.of[k].bytes);
    free(all.of);
    return status;
}

abn_status abn_table_share(const abn_table *t, const abn_crew *crew, int digits, int threads,
                           bool safe, abn_table_put *put, void *to, abn_error *err)
{
    const abn_crew_rows *rows = t->shared;
    abn_buf text = {0};
    abn_status status = ABN_OK;
    if (abn_crew_leads(crew)) {
        abn_csv_names(t, safe, &text);
        status = abn_buf_status(&text, err);
        if (status == ABN_OK) status = put(to, text.data, text.len, err);
    }
    size_t from = 0, end = 0;
    bool over = false;
    for (uint64_t next = ROUND; !over && next < rows->pieces + ROUND; next += ROUND, from = end) {
        while (end < rows->n && rows->place[end] < next)
            end++;
        abn_buf_clear(&text);
        if (status == ABN_OK) status = print(t, from, end, digits, threads, safe, &text, err);
        status = meet(crew, status, &text, &over, put, to, err);
    }
    abn_buf_free(&text);
    return abn_crew_agree(crew, status, err);
}
