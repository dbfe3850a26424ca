/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimation.h"
#include "estimation_parts.h"
#include "wide.h"
#include <abnorm/memory.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

/* Blocks that are summed at a time, and slices of their sums that are added at a time. */
enum { ROUND = 64, SLICES = 8 };

/* Pairs times days up to which gappy windows are paired one by one. */
#define PAIRWISE_BUDGET 3e7

double abn_scar(const abn_panel *panel, size_t i, abn_window window)
{
    if (window.from != window.to) return abn_panel_scar(panel, i, window);
    if (window.from < panel->window.from || window.from > panel->window.to) return NAN;
    size_t t = i * panel->l + (size_t)(window.from - panel->window.from);
    return panel->ar[t] / panel->se[t];
}

/* ---- one occasion ---- */

/* Numbers, positives and mean of the m residuals in `e`. */
typedef struct profile {
    double count, positive, mean;
} profile;

ABN_WIDE static profile sum_errors(abn_part *s, const double *e, size_t m)
{
    abn_four sum = {0}, count = {0}, positive = {0};
    ABN_FOURS (t, m) {
        abn_four v = ABN_FOUR(e, NAN);
        sum += abn_keep(v == v, v);
        count += abn_ones(v == v);
        positive += abn_ones(v > 0);
    }
    profile p = {abn_total(count), abn_total(positive), abn_total(sum) / abn_total(count)};
    s->tally[ABN_TALLY_SHARE] += p.positive / p.count;
    s->tally[ABN_TALLY_POSITIVE] += p.positive;
    s->tally[ABN_TALLY_RESIDUAL] += p.count;
    if (p.count == (double)m) {
        s->tally[ABN_TALLY_WHOLE]++;
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
    ABN_FOURS (t, m) {
        abn_four d = ABN_FOUR(e, NAN) - mean;
        part += abn_keep(d == d, d * d);
    }
    double squares = abn_total(part);
    if (!(squares > 0)) return false;
    double scale = 1 / sqrt(squares);
    ABN_FOURS (t, m) {
        abn_four d = ABN_FOUR(e, NAN) - mean;
        d = abn_keep(d == d, d * scale) + ABN_FOUR(to, 0);
        abn_store(to + t, d, abn_end - t);
    }
    return true;
}

ABN_WIDE static double squared_norm(const double *v, size_t n)
{
    abn_four part = {0};
    ABN_FOURS (t, n) {
        abn_four d = ABN_FOUR(v, 0);
        part += d * d;
    }
    return abn_total(part);
}

/* One occasion; its unit vector is added to `unit` where one is asked for. Whether it had one. */
static bool sum_one(const abn_pass *p, abn_part *s, abn_worker *k, size_t j, double *unit)
{
    size_t i = p->members->event[j];
    bool varies = false;
    abn_panel_residuals(p->panel, i, k->value);
    if (p->needs & (ABN_NEED_AAR | ABN_NEED_SIGNS | ABN_NEED_CORRELATION)) {
        profile about = sum_errors(s, k->value, p->m);
        if (unit) varies = add_unit(k->value, p->m, about.mean, unit);
    }
    s->tally[ABN_TALLY_UNITS] += varies;
    if (!(p->needs & (ABN_NEED_RANKS | ABN_NEED_GRANKS))) return varies;
    memcpy(k->value + p->m, p->panel->ar + i * p->l, p->l * sizeof *k->value);
    size_t count = abn_sum_ranks(p, s, k, j);
    if (p->needs & ABN_NEED_GRANKS) abn_sum_granks(p, s, k, j, count);
    return varies;
}

/* ---- one listing ---- */

/* Add to the axis of dates (or rows) the n values of rows from `row` on; what lies outside the
 * history is zero. */
static void scatter(const abn_pass *p, abn_part *s, const abn_history *h, int64_t row,
                    const double *v, size_t n)
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
static void sum_listing(const abn_pass *p, abn_part *s, abn_worker *k, size_t a, size_t b)
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
        abn_part_add(k->listing + (o[event[j]].day0 - first), k->day, p->m);
        days += units > 1 ? squared_norm(k->day, p->m) : (double)units;
    }
    scatter(p, s, h, row, many ? k->listing : k->day, span);
    if (many) s->tally[ABN_TALLY_APART] += squared_norm(k->listing, span) - days;
}

static void sum_block(const abn_pass *p, abn_part *s, abn_worker *k, size_t block)
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
    abn_sum_lifts(p, s, k);
}

/* ---- the pass ---- */

static size_t longest_history(const abn_pass *p)
{
    size_t longest = 0;
    for (size_t j = 0; j < p->members->n; j++) {
        const abn_occasion *o = p->panel->occasion + p->members->event[j];
        if (p->panel->history[o->history].n > longest) longest = p->panel->history[o->history].n;
    }
    return longest;
}

/* Rounds of blocks, each block's part apart, added to the whole (or packed) in order. */
static bool sum_rounds(const abn_pass *p, abn_part *part, size_t parts, abn_part *whole,
                       abn_buf *packed)
{
    size_t blocks = p->members->blocks, longest = longest_history(p);
    bool ok = true;
    int threads = p->options->threads > 0 ? p->options->threads : omp_get_max_threads();
    if ((size_t)threads > blocks) threads = blocks ? (int)blocks : 1;
#pragma omp parallel num_threads(threads)
    {
        abn_worker k = {0};
        bool mine = abn_worker_make(&k, p, longest);
        if (!mine) {
#pragma omp atomic write
            ok = false;
        }
        for (size_t first = 0; first < blocks; first += parts) {
            size_t end = first + parts < blocks ? first + parts : blocks;
#pragma omp for schedule(dynamic, 1)
            for (size_t b = first; b < end; b++)
                if (mine) sum_block(p, part + (b - first), &k, b);
            if (!packed) {
#pragma omp for schedule(static, 1)
                for (size_t slice = 0; slice < SLICES; slice++)
                    for (size_t b = first; b < end; b++)
                        abn_part_move(whole, part + (b - first), p, slice, SLICES);
            }
#pragma omp single
            for (size_t b = first; b < end; b++) {
                if (packed && !abn_part_pack(part + (b - first), p, packed)) ok = false;
                abn_part_reset(part + (b - first), p);
            }
        }
        abn_worker_free(&k);
    }
    return ok;
}

static abn_status sum_all(const abn_pass *p, abn_part *whole, abn_error *err)
{
    size_t parts = p->members->blocks < ROUND ? p->members->blocks : ROUND;
    const abn_crew *crew = p->options->crew;
    abn_part *part = calloc(parts + 1, sizeof *part);
    abn_buf packed = {0};
    bool ok = part != NULL;
    for (size_t i = 0; ok && i < parts; i++)
        ok = abn_part_make(part + i, p);
    ok = ok && sum_rounds(p, part, parts, whole, crew ? &packed : NULL);
    for (size_t i = 0; part && i < parts; i++)
        free(part[i].all);
    free(part);
    abn_status status = ok ? ABN_OK : abn_fail_memory(err);
    abn_arrival to = {whole, p};
    if (crew)
        status = abn_crew_gather(crew, status, packed.data, packed.len, abn_part_take, &to, err);
    abn_buf_free(&packed);
    return status;
}

/* The dates (or rows) that a rank's estimation windows cover. */
typedef struct extent {
    int64_t low, high;
    size_t n;
    int dated, gaps;
} extent;

static extent extent_of(const abn_pass *p)
{
    const abn_panel *panel = p->panel;
    const abn_occasion *occasion = panel->occasion;
    const uint32_t *event = p->members->event;
    int64_t low = INT64_MAX, high = INT64_MIN;
    size_t n = p->members->n;
    int dated = 1, gaps = 0;
    int threads = p->options->threads > 0 ? p->options->threads : omp_get_max_threads();
    for (size_t j = 0; j < n && dated; j++)
        dated = panel->history[occasion[event[j]].history].date != NULL;
#pragma omp parallel for num_threads(threads) reduction(min                                   \
                                                        : low) reduction(max                  \
                                                                         : high) reduction(|| \
                                                                                           : gaps)
    for (size_t j = 0; j < n; j++) {
        const abn_occasion *o = occasion + event[j];
        const abn_history *h = panel->history + o->history;
        int64_t a = (int64_t)o->day0 + o->estimation.from, b = (int64_t)o->day0 + o->estimation.to;
        if (a < 0) a = 0;
        if (b >= (int64_t)h->n) b = (int64_t)h->n - 1;
        if (dated) a = h->date[a], b = h->date[b];
        low = a < low ? a : low;
        high = b > high ? b : high;
        gaps = gaps || panel->rows[event[j]] < panel->m;
    }
    return (extent){low, high, n, dated, gaps};
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
static abn_status find_extent(const abn_pass *p, extent *out, abn_error *err)
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

static abn_status find_correlation(const abn_pass *p, const extent *all, const abn_part *s,
                                   abn_estimation *out, abn_error *err)
{
    double n = (double)all->n;
    out->correlation = NAN;
    if (!(p->needs & ABN_NEED_CORRELATION) || all->n < 2) return ABN_OK;
    if (!p->units)
        return abn_correlation_pairwise(p->panel, p->members, all->n, p->options, &out->correlation,
                                        err);
    out->correlation =
        (squared_norm(s->unit, p->pairs) - s->tally[ABN_TALLY_UNITS] - s->tally[ABN_TALLY_APART]) /
        (n * (n - 1));
    return ABN_OK;
}

static void find_aar(const abn_pass *p, const abn_part *s, double *aar, abn_estimation *out)
{
    double sum = 0, squares = 0;
    for (size_t t = 0; t < p->m; t++) {
        double days = s->days[t] + s->tally[ABN_TALLY_WHOLE];
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
    out->positive_share = s->tally[ABN_TALLY_SHARE] / (double)out->n;
    out->positive_pooled = s->tally[ABN_TALLY_POSITIVE] / s->tally[ABN_TALLY_RESIDUAL];
}

static void find_granks(const abn_pass *p, const abn_part *s, abn_grank *grank)
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

static bool holder_make(holder *h, const abn_pass *p, size_t n)
{
    size_t t = p->m + p->l;
    bool ranks = (p->needs & (ABN_NEED_RANKS | ABN_NEED_GRANKS)) != 0;
    h->numbers = calloc(p->m + t, sizeof *h->numbers);
    h->counts = calloc(t, sizeof *h->counts);
    h->ranked = calloc(n + 1, sizeof *h->ranked);
    h->rank = abn_columns_alloc((ranks ? n * p->l + 1 : 1) * sizeof *h->rank);
    h->grank = calloc(p->w + 1, sizeof *h->grank);
    return h->numbers && h->counts && h->ranked && h->rank && h->grank;
}

/* Where the ranks of each rank's n occasions go, of l days, between those of others. */
typedef struct ranks_taken {
    float *to;
    size_t n, l, at;
} ranks_taken;

static abn_status take_ranks(void *to, const void *bytes, size_t size, abn_error *err)
{
    ranks_taken *all = to;
    const float *from = bytes;
    size_t n = size / (all->l * sizeof *from);
    (void)err;
    for (size_t t = 0; t < all->l && n; t++)
        memcpy(all->to + t * all->n + all->at, from + t * n, n * sizeof *from);
    all->at += n;
    return ABN_OK;
}

static abn_status take_counts(void *to, const void *bytes, size_t size, abn_error *err)
{
    uint32_t **at = to;
    (void)err;
    if (size) memcpy(*at, bytes, size);
    *at += size / sizeof **at;
    return ABN_OK;
}

/* The ranks of all ranks' occasions, where each has found its own. */
static abn_status gather_ranks(const abn_pass *p, holder *h, size_t total, abn_error *err)
{
    const abn_crew *crew = p->options->crew;
    size_t n = p->members->n;
    ranks_taken rank = {h->rank, total, p->l, 0};
    uint32_t *ranked = h->ranked;
    if (!crew || !(p->needs & (ABN_NEED_RANKS | ABN_NEED_GRANKS))) return ABN_OK;
    abn_status status =
        abn_crew_gather(crew, ABN_OK, p->rank, n * p->l * sizeof *p->rank, take_ranks, &rank, err);
    if (status != ABN_OK) return status;
    return abn_crew_gather(crew, ABN_OK, p->ranked, n * sizeof *p->ranked, take_counts, &ranked,
                           err);
}

static void holder_fill(holder *h, const abn_pass *p, const abn_part *s, const extent *all)
{
    abn_estimation *e = &h->estimation;
    double *u = h->numbers + p->m;
    for (size_t t = 0; t < p->m + p->l; t++) {
        h->counts[t] = (uint32_t)s->nt[t];
        u[t] = s->nt[t] > 0 ? s->u[t] / s->nt[t] : NAN;
    }
    e->n = all->n;
    e->m = p->m;
    e->l = p->l;
    e->from = p->panel->window.from;
    e->panel = p->options->crew ? NULL : p->panel;
    e->event = p->options->crew ? NULL : p->members->event;
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
static bool place_ranks(abn_pass *p, holder *h, holder *own)
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

static void choose_axis(abn_pass *p, const extent *all)
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
    abn_pass p = {.panel = panel,
                  .options = options,
                  .members = members,
                  .sd = sd,
                  .scar = scar,
                  .needs = needs,
                  .m = panel->m,
                  .l = panel->l,
                  .w = options->windows};
    extent all = {0};
    abn_part whole = {0};
    holder own = {.numbers = NULL}, *h = calloc(1, sizeof *h);
    abn_status status = h ? ABN_OK : abn_fail_memory(err);
    if (panel->m > INT16_MAX - 2)
        status =
            abn_fail(err, ABN_USAGE, "an estimation window has at most %d sessions", INT16_MAX - 2);
    status = abn_crew_agree(options->crew, status, err);
    if (status == ABN_OK) status = find_extent(&p, &all, err);
    if (status == ABN_OK) {
        choose_axis(&p, &all);
        bool ok =
            abn_part_make(&whole, &p) && holder_make(h, &p, all.n) && place_ranks(&p, h, &own);
        status = abn_crew_agree(options->crew, ok ? ABN_OK : abn_fail_memory(err), err);
    }
    if (status == ABN_OK && (needs & ~(unsigned)ABN_NEED_BHAR)) status = sum_all(&p, &whole, err);
    if (status == ABN_OK) status = gather_ranks(&p, h, all.n, err);
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
