/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimation.h"
#include "rank.h"
#include "wide.h"
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 256 };

/* Pairs times days up to which gappy windows are paired one by one. */
#define PAIRWISE_BUDGET 3e7

double abn_scar(const abn_panel *panel, size_t i, abn_window window)
{
    if (window.from != window.to) return abn_panel_car(panel, i, window).scar;
    if (window.from < panel->window.from || window.from > panel->window.to) return NAN;
    size_t t = i * panel->l + (size_t)(window.from - panel->window.from);
    return panel->ar[t] / panel->se[t];
}

/* What is summed over occasions: a block's part, or the whole. One allocation of doubles. */
typedef struct sums {
    double *all;
    size_t size;
    double *error, *days;  /* m: sum of residuals, occasions with one */
    double *unit;          /* pairs: sum of unit residual vectors */
    double *u, *nt;        /* m + l: sum of U, occasions with a rank */
    double *base, *base_n; /* m: sum of residual ranks' U, of occasions that have every window */
    double *above;         /* windows x m: by how much the event's own SCAR lifts them */
    double *own, *own_n;   /* windows x m: of occasions that lack some window */
    double *star, *star_n, *star_var; /* windows */
    double *share; /* 1: sum of positive shares, positive residuals, residuals, gaps, occasions with
                      a unit */
    bool lack;     /* own was touched */
    size_t low, high; /* unit was touched here */
} sums;

typedef struct pass {
    const abn_panel *panel;
    const abn_tests_options *options;
    const uint32_t *event;
    size_t n;
    const double *sd;
    double *const *scar; /* by window: of each occasion, or NULL */
    unsigned needs;
    size_t m, l, w, pairs;
    abn_date first; /* date of unit[0] */
    bool dated;
    float *rank;
    uint32_t *ranked;
} pass;

/* What one thread works in. */
typedef struct worker {
    double *value;      /* m + l: residuals, then abnormal returns */
    abn_ranked *sorted; /* 2 (m + l) */
    double *rank;       /* m + l: among all of them; 0 missing */
    double *order;      /* m + 1: the residuals in ascending order */
    int16_t *place;     /* m: how many residuals lie below; -1 missing */
    double *base;   /* m: U of each residual among residuals and event, before the event's lift */
    uint16_t *lift; /* windows x m: occasions whose event lies below */
    double step;    /* what one of `lift` is worth */
} worker;

/* ---- storage ---- */

static bool sums_make(sums *s, const pass *p)
{
    size_t m = p->m, t = p->m + p->l, w = p->w;
    s->size = 2 * m + p->pairs + 2 * t + 2 * m + w * m + 2 * w * m + 3 * w + 5;
    s->all = calloc(s->size, sizeof *s->all);
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
    s->share = at;
    s->low = p->pairs;
    return true;
}

static void add_part(double *to, double *from, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        to[i] += from[i];
        from[i] = 0;
    }
}

/* Move a block's part into the whole, and empty it. */
static void sums_move(sums *to, sums *from, const pass *p)
{
    add_part(to->error, from->error, 2 * p->m);
    if (from->low < from->high)
        add_part(to->unit + from->low, from->unit + from->low, from->high - from->low);
    add_part(to->u, from->u, 2 * (p->m + p->l) + 2 * p->m + p->w * p->m);
    if (from->lack) add_part(to->own, from->own, 2 * p->w * p->m);
    add_part(to->star, from->star, 3 * p->w + 5);
    from->lack = false;
    from->low = p->pairs;
    from->high = 0;
}

static bool worker_make(worker *k, const pass *p)
{
    size_t t = p->m + p->l;
    k->value = malloc(t * sizeof *k->value);
    k->sorted = malloc(2 * t * sizeof *k->sorted);
    k->rank = malloc(t * sizeof *k->rank);
    k->order = malloc((p->m + 1) * sizeof *k->order);
    k->place = malloc(t * sizeof *k->place);
    k->base = malloc(t * sizeof *k->base);
    k->lift = calloc(p->w * p->m + 1, sizeof *k->lift);
    return k->value && k->sorted && k->rank && k->order && k->place && k->base && k->lift;
}

static void worker_free(worker *k)
{
    free(k->value);
    free(k->sorted);
    free(k->rank);
    free(k->order);
    free(k->place);
    free(k->base);
    free(k->lift);
}

/* ---- one occasion ---- */

ABN_WIDE static void sum_errors(const pass *p, sums *s, const double *e)
{
    int64_t positive = 0, count = 0;
    for (size_t t = 0; t < p->m; t++) {
        s->error[t] += e[t] == e[t] ? e[t] : 0;
        s->days[t] += e[t] == e[t] ? 1 : 0;
        count += e[t] == e[t];
        positive += e[t] > 0;
    }
    s->share[0] += (double)positive / (double)count;
    s->share[1] += (double)positive;
    s->share[2] += (double)count;
    s->share[3] += count < (int64_t)p->m ? 1 : 0;
}

static void sum_unit(const pass *p, sums *s, size_t i, const double *e)
{
    double sum = 0, count = 0, squares = 0;
    for (size_t t = 0; t < p->m; t++)
        if (e[t] == e[t]) {
            sum += e[t];
            count++;
        }
    double mean = sum / count;
    for (size_t t = 0; t < p->m; t++)
        if (e[t] == e[t]) squares += (e[t] - mean) * (e[t] - mean);
    if (!(squares > 0)) return;
    double scale = 1 / sqrt(squares);
    s->share[4]++;
    const abn_occasion *o = p->panel->occasion + i;
    const abn_date *date = p->panel->history[o->history].date;
    int64_t row = (int64_t)o->day0 + p->panel->estimation.from;
    for (size_t t = 0; t < p->m; t++) {
        if (e[t] != e[t]) continue;
        size_t at = t;
        if (p->options->pairing == ABN_PAIR_CALENDAR) {
            int64_t r = row + (int64_t)t;
            at = (size_t)((p->dated ? (int64_t)date[r] : r) - (int64_t)p->first);
        }
        s->unit[at] += (e[t] - mean) * scale;
        if (at < s->low) s->low = at;
        if (at >= s->high) s->high = at + 1;
    }
}

/* Values equal to the one at `a`: they share the mean of their ranks. Returns where they end. */
static size_t rank_ties(worker *k, size_t m, size_t a, size_t total, size_t *below)
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
ABN_WIDE static size_t sum_ranks(const pass *p, sums *s, worker *k, size_t j)
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
        p->rank[j * p->l + t] = k->rank[m + t] > 0 ? (float)k->rank[m + t] : NAN;
    p->ranked[j] = (uint32_t)total;
    return below;
}

/* How many of n ascending values lie below `v`; no branch depends on the data. */
static size_t count_below(const double *order, size_t n, double v)
{
    const double *at = order;
    while (n > 1) {
        size_t half = n / 2;
        at += at[half - 1] < v ? half : 0;
        n -= half;
    }
    return (size_t)(at - order) + (n == 1 && *at < v);
}

static void flush_lift(const pass *p, sums *s, worker *k)
{
    for (size_t i = 0; i < p->w * p->m; i++) {
        s->above[i] += k->step * (double)k->lift[i];
        k->lift[i] = 0;
    }
}

static double scar_of(const pass *p, size_t w, size_t j)
{
    if (p->scar[w]) return p->scar[w][j];
    return abn_scar(p->panel, p->event[j], p->options->window[w]);
}

/* One occasion's generalised ranks over every window. `count` residuals are ranked. The event adds
 * one to the rank of each residual above it, so only whole numbers are summed here. */
ABN_WIDE static void sum_granks(const pass *p, sums *s, worker *k, size_t j, size_t count)
{
    size_t i = p->event[j];
    double step = 1 / (double)(count + 2);
    if (step != k->step) {
        flush_lift(p, s, k);
        k->step = step;
    }
    size_t have = 0;
    for (size_t t = 0; t < p->m; t++)
        k->base[t] = k->place[t] < 0 ? 0 : k->base[t] * step - .5;
    for (size_t w = 0; w < p->w; w++) {
        double star = scar_of(p, w, j) / p->sd[w] * p->panel->sigma[i];
        if (isnan(star)) continue;
        have++;
        size_t less = count_below(k->order, count, star), upto = less;
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
        if (isnan(scar_of(p, w, j) / p->sd[w])) continue;
        for (size_t t = 0; t < p->m; t++) {
            s->own[w * p->m + t] += k->base[t];
            s->own_n[w * p->m + t] += k->place[t] >= 0;
        }
    }
}

static void sum_one(const pass *p, sums *s, worker *k, size_t j)
{
    size_t i = p->event[j];
    abn_panel_residuals(p->panel, i, k->value);
    if (p->needs & (ABN_NEED_AAR | ABN_NEED_SIGNS | ABN_NEED_CORRELATION))
        sum_errors(p, s, k->value);
    if (p->needs & ABN_NEED_CORRELATION) sum_unit(p, s, i, k->value);
    if (!(p->needs & (ABN_NEED_RANKS | ABN_NEED_GRANKS))) return;
    memcpy(k->value + p->m, p->panel->ar + i * p->l, p->l * sizeof *k->value);
    size_t count = sum_ranks(p, s, k, j);
    if (p->needs & ABN_NEED_GRANKS) sum_granks(p, s, k, j, count);
}

/* ---- the pass ---- */

static abn_status sum_all(const pass *p, sums *whole, abn_error *err)
{
    size_t blocks = (p->n + BLOCK - 1) / BLOCK;
    bool ok = true;
    int threads = p->options->threads > 0 ? p->options->threads : omp_get_max_threads();
#pragma omp parallel num_threads(threads)
    {
        sums part = {0};
        worker k = {0};
        bool mine = sums_make(&part, p) && worker_make(&k, p);
        if (!mine) {
#pragma omp atomic write
            ok = false;
        }
#pragma omp for ordered schedule(static, 1)
        for (size_t b = 0; b < blocks; b++) {
            size_t end = (b + 1) * BLOCK < p->n ? (b + 1) * BLOCK : p->n;
            if (mine) {
                for (size_t j = b * BLOCK; j < end; j++)
                    sum_one(p, &part, &k, j);
                flush_lift(p, &part, &k);
            }
#pragma omp ordered
            if (mine) sums_move(whole, &part, p);
        }
        free(part.all);
        worker_free(&k);
    }
    return ok ? ABN_OK : abn_fail_memory(err);
}

/* The dates (or rows) that the estimation windows cover. */
static void span(pass *p)
{
    int64_t low = INT64_MAX, high = INT64_MIN;
    p->dated = true;
    for (size_t j = 0; j < p->n; j++)
        if (!p->panel->history[p->panel->occasion[p->event[j]].history].date) p->dated = false;
    for (size_t j = 0; j < p->n; j++) {
        const abn_occasion *o = p->panel->occasion + p->event[j];
        const abn_history *h = p->panel->history + o->history;
        int64_t a = (int64_t)o->day0 + o->estimation.from, b = (int64_t)o->day0 + o->estimation.to;
        if (a < 0) a = 0;
        if (b >= (int64_t)h->n) b = (int64_t)h->n - 1;
        if (p->dated) a = h->date[a], b = h->date[b];
        if (a < low) low = a;
        if (b > high) high = b;
    }
    p->first = (abn_date)low;
    p->pairs = (size_t)(high - low + 1);
}

bool abn_correlation_exact(const abn_panel *panel, const uint32_t *event, size_t n,
                           abn_pairing pairing)
{
    bool gaps = pairing == ABN_PAIR_CALENDAR;
    for (size_t j = 0; j < n && !gaps; j++)
        gaps = panel->rows[event[j]] < panel->m;
    return !gaps || (double)n * (double)(n - 1) / 2 * (double)panel->m <= PAIRWISE_BUDGET;
}

static abn_status find_correlation(const pass *p, const sums *s, abn_estimation *out,
                                   abn_error *err)
{
    out->correlation = NAN;
    if (!(p->needs & ABN_NEED_CORRELATION) || p->n < 2) return ABN_OK;
    bool gaps = s->share[3] > 0 || p->options->pairing == ABN_PAIR_CALENDAR;
    double n = (double)p->n;
    if (gaps && abn_correlation_exact(p->panel, p->event, p->n, p->options->pairing))
        return abn_correlation_pairwise(p->panel, p->event, p->n, p->options->pairing,
                                        p->options->threads, &out->correlation, err);
    double norm = 0, same = 0;
    for (size_t t = 0; t < p->pairs; t++)
        norm += s->unit[t] * s->unit[t];
    abn_status status = ABN_OK;
    if (p->options->pairing == ABN_PAIR_CALENDAR)
        status = abn_correlation_apart(p->panel, p->event, p->n, p->options->threads, &same, err);
    out->correlation = (norm - s->share[4] - same) / (n * (n - 1));
    return status;
}

static void find_aar(const pass *p, const sums *s, double *aar, abn_estimation *out)
{
    double sum = 0, squares = 0;
    for (size_t t = 0; t < p->m; t++) {
        aar[t] = s->days[t] > 0 ? s->error[t] / s->days[t] : NAN;
        if (s->days[t] > 0) {
            sum += aar[t];
            out->n_aar++;
        }
    }
    double mean = sum / (double)out->n_aar;
    for (size_t t = 0; t < p->m; t++)
        if (s->days[t] > 0) squares += (aar[t] - mean) * (aar[t] - mean);
    out->aar_sd = out->n_aar > 1 ? sqrt(squares / (double)(out->n_aar - 1)) : NAN;
    out->positive_share = s->share[0] / (double)p->n;
    out->positive_pooled = s->share[1] / s->share[2];
}

static void find_granks(const pass *p, const sums *s, abn_grank *grank)
{
    for (size_t w = 0; w < p->w; w++) {
        double n = s->star_n[w], u0 = s->star[w] / n, squares = u0 * u0;
        abn_grank *g = grank + w;
        *g = (abn_grank){.n = (size_t)n, .days = 1, .u = NAN, .s = NAN, .s_independent = NAN};
        if (n < 2) continue;
        for (size_t t = 0; t < p->m; t++) {
            double nt = s->base_n[t] + s->own_n[w * p->m + t];
            double sum = s->base[t] + s->own[w * p->m + t] + s->above[w * p->m + t];
            if (nt == 0) continue;
            squares += nt / n * (sum / nt) * (sum / nt);
            g->days++;
        }
        g->u = u0;
        g->s = sqrt(squares / (double)g->days);
        g->s_independent = sqrt(s->star_var[w]) / n;
    }
}

/* The public struct and all that it points to, in one piece. */
typedef struct holder {
    abn_estimation estimation;
    double *numbers;
    uint32_t *counts;
    float *rank;
    abn_grank *grank;
} holder;

static bool holder_make(holder *h, const pass *p)
{
    size_t t = p->m + p->l;
    bool ranks = (p->needs & (ABN_NEED_RANKS | ABN_NEED_GRANKS)) != 0;
    h->numbers = calloc(p->m + t, sizeof *h->numbers);
    h->counts = calloc(t + p->n, sizeof *h->counts);
    h->rank = malloc((ranks ? p->n * p->l : 1) * sizeof *h->rank);
    h->grank = calloc(p->w + 1, sizeof *h->grank);
    if (!h->numbers || !h->counts || !h->rank || !h->grank) return false;
    for (size_t i = 0; ranks && i < p->n * p->l; i++)
        h->rank[i] = NAN;
    return true;
}

static void holder_fill(holder *h, const pass *p, const sums *s)
{
    abn_estimation *e = &h->estimation;
    double *u = h->numbers + p->m;
    for (size_t t = 0; t < p->m + p->l; t++) {
        h->counts[t] = (uint32_t)s->nt[t];
        u[t] = s->nt[t] > 0 ? s->u[t] / s->nt[t] : NAN;
    }
    find_aar(p, s, h->numbers, e);
    find_granks(p, s, h->grank);
    e->panel = p->panel;
    e->n = p->n;
    e->event = p->event;
    e->aar = h->numbers;
    e->u = u;
    e->nt = h->counts;
    e->rank = h->rank;
    e->ranked = h->counts + p->m + p->l;
    e->grank = h->grank;
    e->pairing = p->options->pairing;
    e->convention = p->options->convention;
}

abn_status abn_estimation_new(const abn_panel *panel, const uint32_t *event, size_t n,
                              const abn_tests_options *options, unsigned needs, const double *sd,
                              double *const *scar, abn_estimation **out, abn_error *err)
{
    pass p = {.panel = panel,
              .options = options,
              .event = event,
              .n = n,
              .sd = sd,
              .scar = scar,
              .needs = needs,
              .m = panel->m,
              .l = panel->l,
              .w = options->windows,
              .pairs = panel->m};
    if (panel->m > INT16_MAX - 2)
        return abn_fail(err, ABN_USAGE, "an estimation window has at most %d sessions",
                        INT16_MAX - 2);
    if (options->pairing == ABN_PAIR_CALENDAR && n > 0) span(&p);
    sums whole = {0};
    holder *h = calloc(1, sizeof *h);
    abn_status status = ABN_OK;
    if (!h || !sums_make(&whole, &p) || !holder_make(h, &p)) status = abn_fail_memory(err);
    if (status == ABN_OK) {
        p.rank = h->rank;
        p.ranked = h->counts + p.m + p.l;
        if (needs & ~(unsigned)ABN_NEED_BHAR) status = sum_all(&p, &whole, err);
    }
    if (status == ABN_OK) {
        holder_fill(h, &p, &whole);
        status = find_correlation(&p, &whole, &h->estimation, err);
    }
    free(whole.all);
    if (status == ABN_OK)
        *out = &h->estimation;
    else
        abn_estimation_free((abn_estimation *)h);
    return status;
}

void abn_estimation_free(abn_estimation *estimation)
{
    holder *h = (holder *)estimation;
    if (!h) return;
    free(h->numbers);
    free(h->counts);
    free(h->rank);
    free(h->grank);
    free(h);
}
