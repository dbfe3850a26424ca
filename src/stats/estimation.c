/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimation.h"
#include "rank.h"
#include "wide.h"
#include <abnorm/buf.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

/* Blocks that are summed at a time. */
enum { ROUND = 64, LIFTS = 60000 };

/* Pairs times days up to which gappy windows are paired one by one. */
#define PAIRWISE_BUDGET 3e7

double abn_scar(const abn_panel *panel, size_t i, abn_window window)
{
    if (window.from != window.to) return abn_panel_scar(panel, i, window);
    if (window.from < panel->window.from || window.from > panel->window.to) return NAN;
    size_t t = i * panel->l + (size_t)(window.from - panel->window.from);
    return panel->ar[t] / panel->se[t];
}

/* Single numbers of a sum. */
enum tally {
    SHARE,    /* sum of the occasions' shares of positive residuals */
    POSITIVE, /* positive residuals */
    RESIDUAL, /* residuals */
    WHOLE,    /* occasions with every day */
    UNITS,    /* occasions with a unit vector */
    APART,    /* by listing: squared norm of the sum of its unit vectors, less that of each day's */
    TALLIES
};

/* What is summed over occasions: a block's part, or the whole. One allocation of doubles. */
typedef struct sums {
    double *all;
    double *error, *days;  /* m: sum of residuals, occasions with one (beside the WHOLE ones) */
    double *unit;          /* pairs: sum of unit residual vectors */
    double *u, *nt;        /* m + l: sum of U, occasions with a rank */
    double *base, *base_n; /* m: sum of residual ranks' U, of occasions that have every window */
    double *above;         /* windows x m: by how much the event's own SCAR lifts them */
    double *own, *own_n;   /* windows x m: of occasions that lack some window */
    double *star, *star_n, *star_var; /* windows */
    double *tally;
    size_t low, high; /* unit was touched here */
    bool lack;        /* own was touched */
} sums;

typedef struct pass {
    const abn_panel *panel;
    const abn_tests_options *options;
    const abn_members *members;
    const double *sd;
    double *const *scar; /* by window: of each member, or NULL */
    unsigned needs;
    size_t m, l, w, pairs;
    bool units, dated;
    int64_t first; /* date (or row) of unit[0] */
    float *rank;
    uint32_t *ranked;
} pass;

/* What one thread works in. */
typedef struct worker {
    double *value;      /* m + l: residuals, then abnormal returns */
    double *day;        /* m: sum of the unit vectors of one listing's events of one day */
    double *listing;    /* of all its events, by row */
    abn_ranked *sorted; /* 2 (m + l) */
    double *rank;       /* m + l: among all of them; 0 missing */
    double *order;      /* m + 1: the residuals in ascending order */
    int16_t *place;     /* m: how many residuals lie below; -1 missing */
    double *base;    /* m: U of each residual among residuals and event, before the event's lift */
    uint16_t *lift;  /* windows x m: occasions whose event lies below */
    double *star;    /* windows: the event's SCAR on the residuals' scale */
    uint32_t *below; /* windows: residuals that lie below it */
    double step;     /* what one of `lift` is worth */
    size_t lifted;   /* occasions in it */
} worker;

/* ---- storage ---- */

static bool sums_make(sums *s, const pass *p)
{
    size_t m = p->m, t = p->m + p->l, w = p->w;
    size_t size = 2 * m + p->pairs + 2 * t + 2 * m + 3 * w * m + 3 * w + TALLIES;
    *s = (sums){.all = calloc(size, sizeof *s->all), .low = p->pairs};
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
static void list_pieces(const sums *s, const pass *p, piece out[PIECES])
{
    size_t wm = p->w * p->m;
    bool ranks = (p->needs & (ABN_NEED_RANKS | ABN_NEED_GRANKS)) != 0;
    out[0] = (piece){(size_t)(s->error - s->all), 2 * p->m};
    out[1] = (piece){(size_t)(s->unit - s->all) + s->low, s->low < s->high ? s->high - s->low : 0};
    out[2] = (piece){(size_t)(s->u - s->all), ranks ? 2 * (p->m + p->l) + 2 * p->m + wm : 0};
    out[3] = (piece){(size_t)(s->own - s->all), s->lack ? 2 * wm : 0};
    out[4] = (piece){(size_t)(s->star - s->all), 3 * p->w + TALLIES};
}

static void add_piece(double *to, const double *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] += from[i];
}

/* Move a block's part into the whole, and empty it. */
static void sums_move(sums *to, sums *from, const pass *p)
{
    piece all[PIECES];
    list_pieces(from, p, all);
    for (int i = 0; i < PIECES; i++) {
        add_piece(to->all + all[i].from, from->all + all[i].from, all[i].n);
        memset(from->all + all[i].from, 0, all[i].n * sizeof *from->all);
    }
    from->lack = false;
    from->low = p->pairs;
    from->high = 0;
}

/* What a block's part is on its way: this, and its pieces. */
typedef struct parcel {
    size_t low, high, lack;
} parcel;

static bool sums_pack(sums *from, const pass *p, abn_buf *out)
{
    piece all[PIECES];
    list_pieces(from, p, all);
    parcel head = {from->low, from->high, from->lack};
    abn_buf_add(out, &head, sizeof head);
    for (int i = 0; i < PIECES; i++) {
        abn_buf_add(out, from->all + all[i].from, all[i].n * sizeof *from->all);
        memset(from->all + all[i].from, 0, all[i].n * sizeof *from->all);
    }
    from->lack = false;
    from->low = p->pairs;
    from->high = 0;
    return !out->failed;
}

/* Where the parts of all ranks go. */
typedef struct arrival {
    sums *whole;
    const pass *pass;
} arrival;

static abn_status sums_take(void *to, const void *bytes, size_t size, abn_error *err)
{
    arrival *a = to;
    (void)err;
    for (const char *at = bytes, *end = at + size; at < end;) {
        parcel head;
        memcpy(&head, at, sizeof head);
        at += sizeof head;
        sums part = *a->whole;
        part.low = head.low, part.high = head.high, part.lack = head.lack != 0;
        piece all[PIECES];
        list_pieces(&part, a->pass, all);
        for (int i = 0; i < PIECES; i++) {
            add_piece(part.all + all[i].from, (const double *)(const void *)at, all[i].n);
            at += all[i].n * sizeof(double);
        }
    }
    return ABN_OK;
}

static bool worker_make(worker *k, const pass *p, size_t longest)
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

static void worker_free(worker *k)
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

/* ---- one occasion ---- */

/* Numbers, positives and mean of the m residuals in `e`. */
typedef struct profile {
    double count, positive, mean;
} profile;

ABN_WIDE static profile sum_errors(sums *s, const double *e, size_t m)
{
    abn_four sum = {0}, count = {0}, positive = {0};
    ABN_FOURS(t, m)
    {
        abn_four v = ABN_FOUR(e, NAN);
        sum += abn_keep(v == v, v);
        count += abn_ones(v == v);
        positive += abn_ones(v > 0);
    }
    profile p = {abn_total(count), abn_total(positive), abn_total(sum) / abn_total(count)};
    s->tally[SHARE] += p.positive / p.count;
    s->tally[POSITIVE] += p.positive;
    s->tally[RESIDUAL] += p.count;
    if (p.count == (double)m) {
        s->tally[WHOLE]++;
        for (size_t t = 0; t < m; t++)
            s->error[t] += e[t];
        return p;
    }
    for (size_t t = 0; t < m; t++) {
        s->error[t] += e[t] == e[t] ? e[t] : 0;
        s->days[t] += e[t] == e[t] ? 1 : 0;
    }
    return p;
}

/* Add the residuals as a vector of length 1 about zero mean, zero where there is none; false when
 * they do not vary. */
ABN_WIDE static bool add_unit(const double *e, size_t m, double mean, double *to)
{
    abn_four part = {0};
    ABN_FOURS(t, m)
    {
        abn_four d = ABN_FOUR(e, NAN) - mean;
        part += abn_keep(d == d, d * d);
    }
    double squares = abn_total(part);
    if (!(squares > 0)) return false;
    double scale = 1 / sqrt(squares);
    ABN_FOURS(t, m)
    {
        abn_four d = ABN_FOUR(e, NAN) - mean;
        d = abn_keep(d == d, d * scale) + ABN_FOUR(to, 0);
        abn_store(to + t, d, abn_end - t);
    }
    return true;
}

ABN_WIDE static double squared_norm(const double *v, size_t n)
{
    abn_four part = {0};
    ABN_FOURS(t, n)
    {
        abn_four d = ABN_FOUR(v, 0);
        part += d * d;
    }
    return abn_total(part);
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

static void flush_lift(const pass *p, sums *s, worker *k)
{
    for (size_t i = 0; i < p->w * p->m; i++) {
        s->above[i] += k->step * (double)k->lift[i];
        k->lift[i] = 0;
    }
    k->lifted = 0;
}

static double scar_of(const pass *p, size_t w, size_t j)
{
    if (p->scar[w]) return p->scar[w][j];
    return abn_scar(p->panel, p->members->event[j], p->options->window[w]);
}

/* One occasion's generalised ranks over every window. `count` residuals are ranked. The event adds
 * one to the rank of each residual above it, so only whole numbers are summed here. */
ABN_WIDE static void sum_granks(const pass *p, sums *s, worker *k, size_t j, size_t count)
{
    size_t i = p->members->event[j];
    double step = 1 / (double)(count + 2);
    if (step != k->step || k->lifted == LIFTS) {
        flush_lift(p, s, k);
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

/* One occasion; its unit vector is added to `unit` where one is asked for. Whether it had one. */
static bool sum_one(const pass *p, sums *s, worker *k, size_t j, double *unit)
{
    size_t i = p->members->event[j];
    bool varies = false;
    abn_panel_residuals(p->panel, i, k->value);
    if (p->needs & (ABN_NEED_AAR | ABN_NEED_SIGNS | ABN_NEED_CORRELATION)) {
        profile about = sum_errors(s, k->value, p->m);
        if (unit) varies = add_unit(k->value, p->m, about.mean, unit);
    }
    s->tally[UNITS] += varies;
    if (!(p->needs & (ABN_NEED_RANKS | ABN_NEED_GRANKS))) return varies;
    memcpy(k->value + p->m, p->panel->ar + i * p->l, p->l * sizeof *k->value);
    size_t count = sum_ranks(p, s, k, j);
    if (p->needs & ABN_NEED_GRANKS) sum_granks(p, s, k, j, count);
    return varies;
}

/* ---- one listing ---- */

/* Add to the axis of dates (or rows) the n values of rows from `row` on; what lies outside the
 * history is zero. */
static void scatter(const pass *p, sums *s, const abn_history *h, int64_t row, const double *v,
                    size_t n)
{
    int64_t from = row < 0 ? 0 : row, to = row + (int64_t)n;
    if (to > (int64_t)h->n) to = (int64_t)h->n;
    if (from >= to) return;
    v += from - row;
    size_t low, high;
    if (p->dated) {
        const abn_date *date = h->date + from;
        size_t count = (size_t)(to - from);
        /* The ends of a window may lie outside the axis, where no residual does. */
        while (count && date[count - 1] >= p->first + (int64_t)p->pairs)
            count--;
        while (count && date[0] < p->first)
            date++, v++, count--;
        if (!count) return;
        double *unit = s->unit - p->first;
        for (size_t t = 0; t < count; t++)
            unit[date[t]] += v[t];
        low = (size_t)(date[0] - p->first);
        high = (size_t)(date[count - 1] - p->first) + 1;
    } else {
        int64_t end = p->first + (int64_t)p->pairs;
        for (; from < p->first && from < to; from++)
            v++;
        if (to > end) to = end;
        if (from >= to) return;
        for (int64_t r = from; r < to; r++)
            s->unit[r - p->first] += v[r - from];
        low = (size_t)(from - p->first);
        high = (size_t)(to - p->first);
    }
    if (low < s->low) s->low = low;
    if (high > s->high) s->high = high;
}

/* Events [a, b) of one history. By calendar time, two of them on different days say nothing of a
 * correlation of abnormal returns, though their windows may hold the very same residuals: what they
 * add to the norm of the sum of all unit vectors is kept apart, by the norm of the listing's own
 * sum less those of its days. */
static void sum_listing(const pass *p, sums *s, worker *k, size_t a, size_t b)
{
    const abn_occasion *o = p->panel->occasion;
    const uint32_t *event = p->members->event;
    const abn_history *h = p->panel->history + o[event[a]].history;
    int64_t first = o[event[a]].day0, last = o[event[b - 1]].day0;
    int64_t row = first + p->panel->estimation.from;
    size_t span = (size_t)(last - first) + p->m;
    bool many = first != last;
    if (many) memset(k->listing, 0, span * sizeof *k->listing);
    double days = 0;
    for (size_t j = a, next; j < b; j = next) {
        size_t units = 0;
        memset(k->day, 0, p->m * sizeof *k->day);
        for (next = j; next < b && o[event[next]].day0 == o[event[j]].day0; next++)
            units += sum_one(p, s, k, next, k->day);
        if (!many) break;
        add_piece(k->listing + (o[event[j]].day0 - first), k->day, p->m);
        days += units > 1 ? squared_norm(k->day, p->m) : (double)units;
    }
    scatter(p, s, h, row, many ? k->listing : k->day, span);
    if (many) s->tally[APART] += squared_norm(k->listing, span) - days;
}

static void sum_block(const pass *p, sums *s, worker *k, size_t block)
{
    const abn_members *all = p->members;
    const abn_occasion *o = p->panel->occasion;
    bool calendar = p->units && p->options->pairing == ABN_PAIR_CALENDAR;
    size_t end = all->first[block + 1];
    for (size_t a = all->first[block], b; a < end; a = b) {
        for (b = a + 1; b < end && o[all->event[b]].history == o[all->event[a]].history;)
            b++;
        if (calendar)
            sum_listing(p, s, k, a, b);
        else
            for (size_t j = a; j < b; j++)
                sum_one(p, s, k, j, p->units ? s->unit : NULL);
    }
    if (p->units && !calendar) s->low = 0, s->high = p->m;
    flush_lift(p, s, k);
}

/* ---- the pass ---- */

static size_t longest_history(const pass *p)
{
    size_t longest = 0;
    for (size_t j = 0; j < p->members->n; j++) {
        const abn_occasion *o = p->panel->occasion + p->members->event[j];
        if (p->panel->history[o->history].n > longest) longest = p->panel->history[o->history].n;
    }
    return longest;
}

/* Rounds of blocks, each block's part apart, added to the whole (or packed) in order. */
static bool sum_rounds(const pass *p, sums *part, size_t parts, sums *whole, abn_buf *packed)
{
    size_t blocks = p->members->blocks, longest = longest_history(p);
    bool ok = true;
    int threads = p->options->threads > 0 ? p->options->threads : omp_get_max_threads();
    if ((size_t)threads > blocks) threads = blocks ? (int)blocks : 1;
#pragma omp parallel num_threads(threads)
    {
        worker k = {0};
        bool mine = worker_make(&k, p, longest);
        if (!mine) {
#pragma omp atomic write
            ok = false;
        }
        for (size_t first = 0; first < blocks; first += parts) {
            size_t end = first + parts < blocks ? first + parts : blocks;
#pragma omp for schedule(dynamic, 1)
            for (size_t b = first; b < end; b++)
                if (mine) sum_block(p, part + (b - first), &k, b);
#pragma omp single
            for (size_t b = first; b < end; b++)
                if (!packed)
                    sums_move(whole, part + (b - first), p);
                else if (!sums_pack(part + (b - first), p, packed))
                    ok = false;
        }
        worker_free(&k);
    }
    return ok;
}

static abn_status sum_all(const pass *p, sums *whole, abn_error *err)
{
    size_t parts = p->members->blocks < ROUND ? p->members->blocks : ROUND;
    const abn_crew *crew = p->options->crew;
    sums *part = calloc(parts + 1, sizeof *part);
    abn_buf packed = {0};
    bool ok = part != NULL;
    for (size_t i = 0; ok && i < parts; i++)
        ok = sums_make(part + i, p);
    ok = ok && sum_rounds(p, part, parts, whole, crew ? &packed : NULL);
    for (size_t i = 0; part && i < parts; i++)
        free(part[i].all);
    free(part);
    abn_status status = ok ? ABN_OK : abn_fail_memory(err);
    arrival to = {whole, p};
    if (crew) status = abn_crew_gather(crew, status, packed.data, packed.len, sums_take, &to, err);
    abn_buf_free(&packed);
    return status;
}

/* The dates (or rows) that a rank's estimation windows cover. */
typedef struct extent {
    int64_t low, high;
    size_t n;
    int dated, gaps;
} extent;

static extent extent_of(const pass *p)
{
    extent x = {INT64_MAX, INT64_MIN, p->members->n, true, false};
    const abn_panel *panel = p->panel;
    for (size_t j = 0; j < p->members->n; j++) {
        size_t i = p->members->event[j];
        if (!panel->history[panel->occasion[i].history].date) x.dated = false;
        if (panel->rows[i] < panel->m) x.gaps = true;
    }
    for (size_t j = 0; j < p->members->n; j++) {
        const abn_occasion *o = panel->occasion + p->members->event[j];
        const abn_history *h = panel->history + o->history;
        int64_t a = (int64_t)o->day0 + o->estimation.from, b = (int64_t)o->day0 + o->estimation.to;
        if (a < 0) a = 0;
        if (b >= (int64_t)h->n) b = (int64_t)h->n - 1;
        if (x.dated) a = h->date[a], b = h->date[b];
        if (a < x.low) x.low = a;
        if (b > x.high) x.high = b;
    }
    return x;
}

static abn_status widen(void *to, const void *bytes, size_t size, abn_error *err)
{
    extent *all = to, one;
    (void)size, (void)err;
    memcpy(&one, bytes, sizeof one);
    all->n += one.n;
    if (!one.n) return ABN_OK;
    if (one.low < all->low) all->low = one.low;
    if (one.high > all->high) all->high = one.high;
    all->dated = all->dated && one.dated;
    all->gaps = all->gaps || one.gaps;
    return ABN_OK;
}

/* The extent over all ranks. */
static abn_status find_extent(const pass *p, extent *out, abn_error *err)
{
    extent mine = extent_of(p), all = {INT64_MAX, INT64_MIN, 0, true, false};
    const abn_crew *crew = p->options->crew;
    abn_status status = abn_crew_gather(crew, ABN_OK, &mine, sizeof mine, widen, &all, err);
    if (status == ABN_OK) status = abn_crew_share(crew, ABN_OK, &all, sizeof all, err);
    *out = all;
    return status;
}

static bool pairs_fit(double n, double m)
{
    return n * (n - 1) / 2 * m <= PAIRWISE_BUDGET;
}

static abn_status find_correlation(const pass *p, const extent *all, const sums *s,
                                   abn_estimation *out, abn_error *err)
{
    double n = (double)all->n;
    out->correlation = NAN;
    if (!(p->needs & ABN_NEED_CORRELATION) || all->n < 2) return ABN_OK;
    if (!p->units)
        return abn_correlation_pairwise(p->panel, p->members, all->n, p->options, &out->correlation,
                                        err);
    out->correlation =
        (squared_norm(s->unit, p->pairs) - s->tally[UNITS] - s->tally[APART]) / (n * (n - 1));
    return ABN_OK;
}

static void find_aar(const pass *p, const sums *s, double *aar, abn_estimation *out)
{
    double sum = 0, squares = 0;
    for (size_t t = 0; t < p->m; t++) {
        double days = s->days[t] + s->tally[WHOLE];
        aar[t] = days > 0 ? s->error[t] / days : NAN;
        if (days > 0) {
            sum += aar[t];
            out->n_aar++;
        }
    }
    double mean = sum / (double)out->n_aar;
    for (size_t t = 0; t < p->m; t++)
        if (!isnan(aar[t])) squares += (aar[t] - mean) * (aar[t] - mean);
    out->aar_sd = out->n_aar > 1 ? sqrt(squares / (double)(out->n_aar - 1)) : NAN;
    out->positive_share = s->tally[SHARE] / (double)out->n;
    out->positive_pooled = s->tally[POSITIVE] / s->tally[RESIDUAL];
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
    uint32_t *counts, *ranked;
    float *rank;
    abn_grank *grank;
} holder;

static bool holder_make(holder *h, const pass *p, size_t n)
{
    size_t t = p->m + p->l;
    bool ranks = (p->needs & (ABN_NEED_RANKS | ABN_NEED_GRANKS)) != 0;
    h->numbers = calloc(p->m + t, sizeof *h->numbers);
    h->counts = calloc(t, sizeof *h->counts);
    h->ranked = calloc(n + 1, sizeof *h->ranked);
    h->rank = malloc((ranks ? n * p->l + 1 : 1) * sizeof *h->rank);
    h->grank = calloc(p->w + 1, sizeof *h->grank);
    return h->numbers && h->counts && h->ranked && h->rank && h->grank;
}

/* Each rank's rows one after the other. */
typedef struct rows_taken {
    char *at;
} rows_taken;

static abn_status take_rows(void *to, const void *bytes, size_t size, abn_error *err)
{
    rows_taken *t = to;
    (void)err;
    if (size) memcpy(t->at, bytes, size);
    t->at += size;
    return ABN_OK;
}

/* The ranks of all ranks' occasions, where each has found its own. */
static abn_status gather_ranks(const pass *p, holder *h, abn_error *err)
{
    const abn_crew *crew = p->options->crew;
    size_t n = p->members->n;
    rows_taken rank = {(char *)h->rank}, ranked = {(char *)h->ranked};
    if (!crew || !(p->needs & (ABN_NEED_RANKS | ABN_NEED_GRANKS))) return ABN_OK;
    abn_status status =
        abn_crew_gather(crew, ABN_OK, p->rank, n * p->l * sizeof *p->rank, take_rows, &rank, err);
    if (status != ABN_OK) return status;
    return abn_crew_gather(crew, ABN_OK, p->ranked, n * sizeof *p->ranked, take_rows, &ranked, err);
}

static void holder_fill(holder *h, const pass *p, const sums *s, const extent *all)
{
    abn_estimation *e = &h->estimation;
    double *u = h->numbers + p->m;
    for (size_t t = 0; t < p->m + p->l; t++) {
        h->counts[t] = (uint32_t)s->nt[t];
        u[t] = s->nt[t] > 0 ? s->u[t] / s->nt[t] : NAN;
    }
    e->panel = p->panel;
    e->n = all->n;
    e->event = p->members->event;
    find_aar(p, s, h->numbers, e);
    find_granks(p, s, h->grank);
    e->aar = h->numbers;
    e->u = u;
    e->nt = h->counts;
    e->rank = h->rank;
    e->ranked = h->ranked;
    e->grank = h->grank;
    e->pairing = p->options->pairing;
    e->convention = p->options->convention;
}

/* Where every occasion's ranks go: into the holder, or with a crew into this rank's own. */
static bool place_ranks(pass *p, holder *h, holder *own)
{
    if (p->options->crew && !holder_make(own, p, p->members->n)) return false;
    p->rank = p->options->crew ? own->rank : h->rank;
    p->ranked = p->options->crew ? own->ranked : h->ranked;
    return true;
}

static void holder_free(holder *h)
{
    free(h->numbers);
    free(h->counts);
    free(h->ranked);
    free(h->rank);
    free(h->grank);
}

static void choose_axis(pass *p, const extent *all)
{
    bool calendar = p->options->pairing == ABN_PAIR_CALENDAR, gaps = calendar || all->gaps;
    bool exact = gaps && pairs_fit((double)all->n, (double)p->m);
    p->units = (p->needs & ABN_NEED_CORRELATION) && !exact;
    p->dated = all->dated;
    p->first = 0;
    p->pairs = p->m;
    if (!calendar || all->n == 0) return;
    p->first = all->low;
    p->pairs = p->units ? (size_t)(all->high - all->low + 1) : 1;
}

abn_status abn_estimation_new(const abn_panel *panel, const abn_members *members,
                              const abn_tests_options *options, unsigned needs, const double *sd,
                              double *const *scar, abn_estimation **out, abn_error *err)
{
    pass p = {.panel = panel,
              .options = options,
              .members = members,
              .sd = sd,
              .scar = scar,
              .needs = needs,
              .m = panel->m,
              .l = panel->l,
              .w = options->windows};
    extent all = {0};
    sums whole = {0};
    holder own = {.numbers = NULL}, *h = calloc(1, sizeof *h);
    abn_status status = h ? ABN_OK : abn_fail_memory(err);
    if (panel->m > INT16_MAX - 2)
        status =
            abn_fail(err, ABN_USAGE, "an estimation window has at most %d sessions", INT16_MAX - 2);
    status = abn_crew_agree(options->crew, status, err);
    if (status == ABN_OK) status = find_extent(&p, &all, err);
    if (status == ABN_OK) {
        choose_axis(&p, &all);
        bool ok = sums_make(&whole, &p) && holder_make(h, &p, all.n) && place_ranks(&p, h, &own);
        status = abn_crew_agree(options->crew, ok ? ABN_OK : abn_fail_memory(err), err);
    }
    if (status == ABN_OK && (needs & ~(unsigned)ABN_NEED_BHAR)) status = sum_all(&p, &whole, err);
    if (status == ABN_OK) status = gather_ranks(&p, h, err);
    if (status == ABN_OK) {
        holder_fill(h, &p, &whole, &all);
        h->estimation.exact = !p.units || (options->pairing == ABN_PAIR_EVENT && !all.gaps);
        status = find_correlation(&p, &all, &whole, &h->estimation, err);
    }
    free(whole.all);
    holder_free(&own);
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
    holder_free(h);
    free(h);
}
