/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The abn_part of a block, and how they come together. */
#include "estimation_parts.h"
#include <stdlib.h>
#include <string.h>

bool abn_part_make(abn_part *s, const abn_pass *p)
{
    size_t m = p->m, t = p->m + p->l, w = p->w;
    size_t size = 2 * m + p->pairs + 2 * t + 2 * m + 3 * w * m + 3 * w + ABN_TALLIES;
    *s = (abn_part){.all = calloc(size, sizeof *s->all), .low = p->pairs};
    if (!s->all) return false;
    double *at = s->all;
    s->error = at, at += m;
    s->days = at, at += m;
    s->unit = at, at += p->pairs;
    s->u = at, at += t;
    s->nt = at, at += t;
    s->base = at, at += m;
    s->base_n = at, at += m;
    s->above = at, at += w * m;
    s->own = at, at += w * m;
    s->own_n = at, at += w * m;
    s->star = at, at += w;
    s->star_n = at, at += w;
    s->star_var = at, at += w;
    s->tally = at;
    return true;
}

/* A run of doubles in a sum. */
typedef struct piece {
    size_t from, n;
} piece;

enum { PIECES = 5 };

/* Those that a block's part has touched. */
static void list_pieces(const abn_part *s, const abn_pass *p, piece out[PIECES])
{
    size_t wm = p->w * p->m;
    bool ranks = (p->needs & (ABN_NEED_RANKS | ABN_NEED_GRANKS)) != 0;
    out[0] = (piece){(size_t)(s->error - s->all), 2 * p->m};
    out[1] = (piece){(size_t)(s->unit - s->all) + s->low, s->low < s->high ? s->high - s->low : 0};
    out[2] = (piece){(size_t)(s->u - s->all), ranks ? 2 * (p->m + p->l) + 2 * p->m + wm : 0};
    out[3] = (piece){(size_t)(s->own - s->all), s->lack ? 2 * wm : 0};
    out[4] = (piece){(size_t)(s->star - s->all), 3 * p->w + ABN_TALLIES};
}

void abn_part_add(double *to, const double *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] += from[i];
}

void abn_part_move(abn_part *to, const abn_part *from, const abn_pass *p, size_t slice,
                   size_t slices)
{
    /* Of the whole, wherever a part has its pieces: no two slices may meet. */
    size_t size = (size_t)(from->tally - from->all) + ABN_TALLIES;
    size_t low = size * slice / slices, high = size * (slice + 1) / slices;
    piece all[PIECES];
    list_pieces(from, p, all);
    for (int i = 0; i < PIECES; i++) {
        size_t a = all[i].from > low ? all[i].from : low;
        size_t b = all[i].from + all[i].n < high ? all[i].from + all[i].n : high;
        if (a >= b) continue;
        abn_part_add(to->all + a, from->all + a, b - a);
        memset(from->all + a, 0, (b - a) * sizeof *from->all);
    }
}

void abn_part_reset(abn_part *s, const abn_pass *p)
{
    s->lack = false;
    s->low = p->pairs;
    s->high = 0;
}

/* What a block's part is on its way: this, and its pieces. */
typedef struct parcel {
    size_t low, high, lack;
} parcel;

bool abn_part_pack(abn_part *from, const abn_pass *p, abn_buf *out)
{
    piece all[PIECES];
    list_pieces(from, p, all);
    parcel head = {from->low, from->high, from->lack};
    abn_buf_add(out, &head, sizeof head);
    for (int i = 0; i < PIECES; i++) {
        abn_buf_add(out, from->all + all[i].from, all[i].n * sizeof *from->all);
        memset(from->all + all[i].from, 0, all[i].n * sizeof *from->all);
    }
    return !out->failed;
}

abn_status abn_part_take(void *to, const void *bytes, size_t size, abn_error *err)
{
    abn_arrival *a = to;
    (void)err;
    for (const char *at = bytes, *end = at + size; at < end;) {
        parcel head;
        memcpy(&head, at, sizeof head);
        at += sizeof head;
        abn_part part = *a->whole;
        part.low = head.low, part.high = head.high, part.lack = head.lack != 0;
        piece all[PIECES];
        list_pieces(&part, a->pass, all);
        for (int i = 0; i < PIECES; i++) {
            abn_part_add(part.all + all[i].from, (const double *)(const void *)at, all[i].n);
            at += all[i].n * sizeof(double);
        }
    }
    return ABN_OK;
}

bool abn_worker_make(abn_worker *k, const abn_pass *p, size_t longest)
{
    size_t t = p->m + p->l;
    k->value = malloc(t * sizeof *k->value);
    k->day = malloc((p->m + 1) * sizeof *k->day);
    k->listing = malloc((longest + p->m + 1) * sizeof *k->listing);
    k->sorted = malloc(2 * t * sizeof *k->sorted);
    k->rank = malloc(t * sizeof *k->rank);
    k->order = malloc((p->m + 1) * sizeof *k->order);
    k->place = malloc(t * sizeof *k->place);
    k->base = malloc(t * sizeof *k->base);
    k->lift = calloc(p->w * p->m + 1, sizeof *k->lift);
    k->star = malloc((p->w + 1) * sizeof *k->star);
    k->below = malloc((p->w + 1) * sizeof *k->below);
    return k->value && k->day && k->listing && k->sorted && k->rank && k->order && k->place &&
           k->base && k->lift && k->star && k->below;
}

void abn_worker_free(abn_worker *k)
{
    free(k->value);
    free(k->day);
    free(k->listing);
    free(k->sorted);
    free(k->rank);
    free(k->order);
    free(k->place);
    free(k->base);
    free(k->lift);
    free(k->star);
    free(k->below);
}
