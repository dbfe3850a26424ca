/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranks of an occasion: of its residuals and abnormal returns (Corrado 1989), and generalised
 * (Kolari and Pynnonen 2011). */
#include "estimation.h"
#include "estimation_parts.h"
#include "wide.h"
#include <math.h>
#include <string.h>

enum { LIFTS = 60000 };

/* Values equal to the one at `a`: they share the mean of their ranks. Returns where they end. */
static size_t rank_ties(abn_worker *k, size_t m, size_t a, size_t total, size_t *below)
{
    size_t b = a, same = 0, lower = *below;
    for (; b < total && k->sorted[b].value == k->sorted[a].value; b++)
        same += k->sorted[b].at < m;
    for (size_t i = a; i < b; i++) {
        size_t at = k->sorted[i].at;
        k->rank[at] = (double)(a + b + 1) / 2;
        k->place[at] = (int16_t)lower;
        k->base[at] = (double)lower + (double)(same + 1) / 2;
        k->order[*below] = k->sorted[a].value;
        *below += at < m;
    }
    return b;
}

/* Rank residuals and abnormal returns together; leave the residuals' own order in the worker. */
ABN_WIDE static size_t sum_ranks(const abn_pass *p, abn_part *s, abn_worker *k, size_t j)
{
    size_t m = p->m, days = m + p->l, below = 0;
    size_t total = abn_rank_sort(k->value, days, k->sorted, k->sorted + days);
    for (size_t t = 0; total < days && t < days; t++) {
        k->rank[t] = 0;
        k->place[t] = -1;
    }
    for (size_t a = 0; a < total;) {
        size_t at = k->sorted[a].at;
        if (a + 1 < total && k->sorted[a + 1].value == k->sorted[a].value) {
            a = rank_ties(k, m, a, total, &below);
            continue;
        }
        k->rank[at] = (double)++a;
        k->place[at] = (int16_t)below;
        k->base[at] = (double)(below + 1);
        k->order[below] = k->sorted[a - 1].value;
        below += at < m;
    }
    double scale = 1 / (double)(total + 1);
    for (size_t t = 0; t < days; t++) {
        s->u[t] += k->rank[t] * scale;
        s->nt[t] += k->rank[t] > 0 ? 1 : 0;
    }
    for (size_t t = 0; t < p->l; t++)
        p->rank[t * p->members->n + j] = k->rank[m + t] > 0 ? (float)k->rank[m + t] : NAN;
    p->ranked[j] = (uint32_t)total;
    return below;
}

/* How many of n ascending values lie below each of `w` values: searches side by side, so that none
 * waits for another's memory, and no branch depends on the data. */
ABN_WIDE static void count_below(const double *order, size_t n, const double *v, size_t w,
                                 uint32_t *below)
{
    memset(below, 0, w * sizeof *below);
    for (; n > 1; n -= n / 2) {
        uint32_t half = (uint32_t)(n / 2);
        for (size_t i = 0; i < w; i++)
            below[i] += order[below[i] + half - 1] < v[i] ? half : 0;
    }
    for (size_t i = 0; n == 1 && i < w; i++)
        below[i] += order[below[i]] < v[i];
}

void abn_sum_lifts(const abn_pass *p, abn_part *s, abn_worker *k)
{
    for (size_t i = 0; i < p->w * p->m; i++) {
        s->above[i] += k->step * (double)k->lift[i];
        k->lift[i] = 0;
    }
    k->lifted = 0;
}

static double scar_of(const abn_pass *p, size_t w, size_t j)
{
    if (p->scar[w]) return p->scar[w][j];
    return abn_scar(p->panel, p->members->event[j], p->options->window[w]);
}

/* One occasion's generalised ranks over every window. `count` residuals are ranked. The event adds
 * one to the rank of each residual above it, so only whole numbers are summed here. */
ABN_WIDE static void sum_granks(const abn_pass *p, abn_part *s, abn_worker *k, size_t j,
                                size_t count)
{
    size_t i = p->members->event[j];
    double step = 1 / (double)(count + 2);
    if (step != k->step || k->lifted == LIFTS) {
        abn_sum_lifts(p, s, k);
        k->step = step;
    }
    k->lifted++;
    size_t have = 0;
    for (size_t t = 0; t < p->m; t++)
        k->base[t] = k->place[t] < 0 ? 0 : k->base[t] * step - .5;
    for (size_t w = 0; w < p->w; w++)
        k->star[w] = scar_of(p, w, j) / p->sd[w] * p->panel->sigma[i];
    count_below(k->order, count, k->star, p->w, k->below);
    for (size_t w = 0; w < p->w; w++) {
        double star = k->star[w];
        if (isnan(star)) continue;
        have++;
        size_t less = k->below[w], upto = less;
        while (upto < count && k->order[upto] == star)
            upto++;
        uint16_t *lift = k->lift + w * p->m;
        int16_t from = (int16_t)upto;
        for (size_t t = 0; t < p->m; t++)
            lift[t] = (uint16_t)(lift[t] + (k->place[t] >= from));
        for (size_t t = 0; upto > less && t < p->m; t++)
            if (k->place[t] == (int16_t)less) s->above[w * p->m + t] += step / 2;
        double ranks = (double)(count + 1);
        s->star[w] += ((double)(less + upto) / 2 + 1) * step - .5;
        s->star_n[w]++;
        s->star_var[w] += (ranks - 1) / (12 * (ranks + 1));
    }
    if (have == p->w) {
        for (size_t t = 0; t < p->m; t++) {
            s->base[t] += k->base[t];
            s->base_n[t] += k->place[t] >= 0;
        }
        return;
    }
    s->lack = true;
    for (size_t w = 0; w < p->w; w++) {
        if (isnan(k->star[w])) continue;
        for (size_t t = 0; t < p->m; t++) {
            s->own[w * p->m + t] += k->base[t];
            s->own_n[w * p->m + t] += k->place[t] >= 0;
        }
    }
}

size_t abn_sum_ranks(const abn_pass *p, abn_part *s, abn_worker *k, size_t j)
{
    return sum_ranks(p, s, k, j);
}

void abn_sum_granks(const abn_pass *p, abn_part *s, abn_worker *k, size_t j, size_t count)
{
    sum_granks(p, s, k, j, count);
}
