/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is the number of coincidences more than chance? Events are shifted in circles within each
 * listing's sessions: clusters of events, clusters of moves and calm years stay what they are, only
 * their meeting is broken up. */
#include "scan_parts.h"

#include <abnorm/random.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { LAGS = 5, LAG_COUNT = 2 * LAGS + 1, STREAM = 0x5ca1 };

/* What one placing of the events comes to. */
typedef struct tally {
    size_t explained; /* moves with an event in reach */
    size_t followed;  /* events with a move in reach */
    double size;      /* sum over events of the largest |z| in reach: tells equal counts apart */
    double correlation[LAG_COUNT];
} tally;

/* One listing as the shifts see it. */
typedef struct field {
    const abn_scanned *l;
    uint32_t company;
    size_t first, span;
    uint32_t *peak;  /* row - first -> number of the move that peaks there + 1, or 0 */
    uint32_t *in;    /* row - first -> number of the move that holds it + 1, or 0 */
    double mean, sd; /* of |z| */
} field;

typedef struct chance {
    const abn_scan *scan;
    field *field;
    size_t n_fields, n_companies;
    const char **type;
    size_t n_types;
} chance;

/* ---- fields ---- */

static bool make_field(const abn_scan *scan, const abn_scanned *l, field *f)
{
    double sum = 0, squares = 0;
    f->l = l;
    f->first = l->first;
    f->span = l->end > l->first ? l->end - l->first : 0;
    f->peak = calloc(f->span + 1, sizeof *f->peak);
    f->in = calloc(f->span + 1, sizeof *f->in);
    if (!f->peak || !f->in) return false;
    for (size_t i = l->first_move; i < l->first_move + l->n_moves; i++) {
        const abn_run *m = &scan->run[i];
        f->peak[(size_t)m->peak - f->first] = (uint32_t)i + 1;
        for (int32_t t = m->from; t <= m->to; t++)
            f->in[(size_t)t - f->first] = (uint32_t)i + 1;
    }
    for (size_t t = l->first; l->z && t < l->end; t++)
        if (!isnan(l->z[t])) {
            sum += fabs(l->z[t]);
            squares += l->z[t] * l->z[t];
        }
    double n = (double)l->tested;
    f->mean = n > 0 ? sum / n : 0;
    f->sd = n > 0 ? sqrt(fmax(squares / n - f->mean * f->mean, 0)) : 0;
    return true;
}

static abn_status make_fields(chance *c, abn_error *err)
{
    const abn_scan *scan = c->scan;
    abn_map *companies = abn_map_new();
    c->field = calloc(scan->n_listings + 1, sizeof *c->field);
    bool good = companies && c->field;
    for (size_t i = 0; good && i < scan->n_listings; i++) {
        field *f = &c->field[c->n_fields++];
        f->company = abn_map_add(companies, abn_slice_of(scan->listing[i].company));
        good = f->company != ABN_MAP_NONE && make_field(scan, &scan->listing[i], f);
    }
    c->n_companies = good ? abn_map_count(companies) : 0;
    abn_map_free(companies);
    return good ? ABN_OK : abn_fail_memory(err);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* NULL is every type; it comes first. */
static abn_status list_types(chance *c, abn_error *err)
{
    const abn_study_input *in = &c->scan->input.study;
    c->type = malloc((in->n_events + 2) * sizeof *c->type);
    if (!c->type) return abn_fail_memory(err);
    size_t n = 0;
    for (size_t i = 0; i < in->n_events; i++)
        if (in->event[i].group[0]) c->type[1 + n++] = in->event[i].group;
    if (n) qsort(c->type + 1, n, sizeof *c->type, by_text);
    c->type[0] = NULL;
    c->n_types = 1;
    for (size_t i = 1; i <= n; i++)
        if (c->n_types == 1 || strcmp(c->type[c->n_types - 1], c->type[i]) != 0)
            c->type[c->n_types++] = c->type[i];
    return ABN_OK;
}

/* ---- one placing ---- */

static double size_at(const field *f, int64_t place)
{
    if (place < 0 || place >= (int64_t)f->span) return NAN;
    return fabs(f->l->z[f->first + (size_t)place]);
}

static void meet(uint32_t move, uint32_t *met, uint32_t stamp, tally *t, bool *some)
{
    if (!move) return;
    *some = true;
    if (met[move - 1] == stamp) return;
    met[move - 1] = stamp;
    t->explained++;
}

static void place_event(const chance *c, const field *f, int64_t at, uint32_t *met, uint32_t stamp,
                        tally *t)
{
    abn_window lag = c->scan->settings.lag;
    double largest = 0;
    bool some = false;
    meet(f->in[at], met, stamp, t, &some);
    for (int64_t k = lag.from; k <= lag.to; k++) {
        if (at + k < 0 || at + k >= (int64_t)f->span) continue;
        meet(f->peak[at + k], met, stamp, t, &some);
        double z = size_at(f, at + k);
        if (z > largest) largest = z;
    }
    t->followed += some;
    t->size += largest;
    for (int64_t k = -LAGS; k <= LAGS; k++) {
        double z = size_at(f, at + k);
        if (!isnan(z) && f->sd > 0) t->correlation[k + LAGS] += (z - f->mean) / f->sd;
    }
}

static bool is_of_type(const chance *c, size_t event, const char *type)
{
    return !type || strcmp(c->scan->input.study.event[event].group, type) == 0;
}

/* `turn` (NULL: as they are) is the share of a circle by which a company's events are shifted. */
static tally place_all(const chance *c, const char *type, const double *turn, uint32_t *met,
                       uint32_t stamp, size_t *events)
{
    tally t = {0};
    size_t n = 0;
    for (size_t i = 0; i < c->n_fields; i++) {
        const field *f = &c->field[i];
        size_t shift = turn ? (size_t)(turn[f->company] * (double)f->span) : 0;
        for (size_t k = 0; k < f->l->n_events; k++) {
            int64_t at = abn_scan_row(c->scan, f->l->event[k]) - (int64_t)f->first;
            if (at < 0 || at >= (int64_t)f->span || !is_of_type(c, f->l->event[k], type)) continue;
            n++;
            place_event(c, f, (int64_t)(((size_t)at + shift) % f->span), met, stamp, &t);
        }
    }
    /* Events as marks: their correlation with |z| is the sum over them by the root of their number.
     */
    for (int k = 0; k < LAG_COUNT; k++)
        t.correlation[k] /= sqrt((double)(n ? n : 1));
    *events = n;
    return t;
}

/* ---- all shifts ---- */

static abn_status shift_all(const chance *c, const char *type, tally *out, abn_error *err)
{
    size_t moves = c->scan->n_moves;
    abn_status status = ABN_OK;
    int threads = c->scan->settings.threads > 0 ? c->scan->settings.threads : omp_get_max_threads();
#pragma omp parallel num_threads(threads)
    {
        uint32_t *met = calloc(moves + 1, sizeof *met);
        double *turn = malloc((c->n_companies + 1) * sizeof *turn);
        bool good = met && turn;
        if (!good) {
#pragma omp critical
            status = ABN_MEMORY;
        }
#pragma omp for schedule(static)
        for (size_t r = 0; r < c->scan->settings.replicates; r++) {
            size_t events;
            if (!good) continue;
            for (size_t i = 0; i < c->n_companies; i++) {
                abn_random random;
                abn_random_start(&random, c->scan->settings.seed, STREAM + (uint32_t)i, r);
                turn[i] = abn_random_uniform(&random);
            }
            out[r] = place_all(c, type, turn, met, (uint32_t)r + 1, &events);
        }
        free(met);
        free(turn);
    }
    return status == ABN_OK ? ABN_OK : abn_fail_memory(err);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(const double *sorted, size_t n, double p)
{
    return sorted[(size_t)fmin((double)n - 1, floor(p * (double)n))];
}

static bool reaches(const tally *shifted, const tally *seen)
{
    if (shifted->explained != seen->explained) return shifted->explained > seen->explained;
    return shifted->size >= seen->size;
}

static void add_coincidence(abn_scan *scan, const char *type, const tally *seen, size_t events,
                            const tally *shifted, double *sorted)
{
    size_t n = scan->settings.replicates, as_good = 0;
    double sum = 0;
    for (size_t r = 0; r < n; r++) {
        sorted[r] = (double)shifted[r].explained;
        sum += sorted[r];
        as_good += reaches(&shifted[r], seen);
    }
    qsort(sorted, n, sizeof *sorted, by_value);
    double moves = (double)scan->n_moves;
    scan->coincidence[scan->n_coincidences++] = (abn_coincidence_row){
        .measure = "coincidence",
        .type = type ? type : "all",
        .lag = ABN_NO_LAG,
        .events = (int64_t)events,
        .moves = (int64_t)scan->n_moves,
        .observed = (double)seen->explained,
        .expected = n ? sum / (double)n : NAN,
        .p = n ? (1 + (double)as_good) / (1 + (double)n) : NAN,
        .share_moves = moves > 0 ? (double)seen->explained / moves : NAN,
        .share_events = events ? (double)seen->followed / (double)events : NAN,
        .lo = n ? quantile(sorted, n, .025) : NAN,
        .hi = n ? quantile(sorted, n, .975) : NAN};
}

/* The band holds the largest of all lags at once in 95 % of shifts. */
static void add_correlations(abn_scan *scan, const tally *seen, size_t events, const tally *shifted,
                             double *sorted)
{
    size_t n = scan->settings.replicates;
    for (size_t r = 0; r < n; r++) {
        sorted[r] = 0;
        for (int k = 0; k < LAG_COUNT; k++)
            sorted[r] = fmax(sorted[r], fabs(shifted[r].correlation[k]));
    }
    qsort(sorted, n, sizeof *sorted, by_value);
    double band = n ? quantile(sorted, n, .95) : NAN;
    for (int k = 0; k < LAG_COUNT; k++) {
        double sum = 0;
        for (size_t r = 0; r < n; r++)
            sum += shifted[r].correlation[k];
        scan->coincidence[scan->n_coincidences++] =
            (abn_coincidence_row){.measure = "cross_correlation",
                                  .type = "all",
                                  .lag = k - LAGS,
                                  .events = (int64_t)events,
                                  .moves = (int64_t)scan->n_moves,
                                  .observed = seen->correlation[k],
                                  .expected = n ? sum / (double)n : NAN,
                                  .p = NAN,
                                  .share_moves = NAN,
                                  .share_events = NAN,
                                  .lo = -band,
                                  .hi = band};
    }
}

static abn_status test_type(abn_scan *scan, const chance *c, const char *type, tally *shifted,
                            double *sorted, uint32_t *met, abn_error *err)
{
    size_t events;
    memset(met, 0, (scan->n_moves + 1) * sizeof *met);
    tally seen = place_all(c, type, NULL, met, 1, &events);
    if (!events) return ABN_OK;
    abn_status status = shift_all(c, type, shifted, err);
    if (status != ABN_OK) return status;
    add_coincidence(scan, type, &seen, events, shifted, sorted);
    if (!type) add_correlations(scan, &seen, events, shifted, sorted);
    return ABN_OK;
}

static void free_chance(chance *c)
{
    for (size_t i = 0; c->field && i < c->n_fields; i++) {
        free(c->field[i].peak);
        free(c->field[i].in);
    }
    free(c->field);
    free(c->type);
}

abn_status abn_scan_chance(abn_scan *scan, abn_error *err)
{
    chance c = {.scan = scan};
    size_t n = scan->settings.replicates;
    tally *shifted = malloc((n + 1) * sizeof *shifted);
    double *sorted = malloc((n + 1) * sizeof *sorted);
    uint32_t *met = calloc(scan->n_moves + 1, sizeof *met);
    abn_status status = shifted && sorted && met ? make_fields(&c, err) : abn_fail_memory(err);
    if (status == ABN_OK) status = list_types(&c, err);
    if (status == ABN_OK) {
        scan->coincidence = calloc(c.n_types + LAG_COUNT + 1, sizeof *scan->coincidence);
        if (!scan->coincidence) status = abn_fail_memory(err);
    }
    for (size_t i = 0; status == ABN_OK && i < c.n_types; i++)
        status = test_type(scan, &c, c.type[i], shifted, sorted, met, err);
    free_chance(&c);
    free(shifted);
    free(sorted);
    free(met);
    return status;
}
