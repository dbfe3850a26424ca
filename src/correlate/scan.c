/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every session of every listing against what its past leads to expect. */
#include "scan_parts.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#define CENSORED 0.01 /* of the ratios, which the tail knows by number only */

abn_scan_settings abn_scan_defaults(void)
{
    return (abn_scan_settings){.model = abn_model_find(abn_slice_of("market")),
                               .estimation = {-120, -1},
                               .lag = {0, 1},
                               .level = .05,
                               .replicates = 999};
}

/* ---- which listings ---- */

static bool is_scanned(const abn_study *s, const char *symbol, const abn_map *benchmarks)
{
    uint32_t at = s->input.listings ? abn_listings_find(s->input.listings, abn_slice_of(symbol))
                                    : ABN_NO_LISTING;
    if (at != ABN_NO_LISTING && strcmp(abn_listings_at(s->input.listings, at)->kind, "index") == 0)
        return false;
    return abn_map_find(benchmarks, abn_slice_of(symbol)) == ABN_MAP_NONE;
}

static abn_status list_benchmarks(const abn_study *s, abn_map *out, abn_error *err)
{
    for (size_t i = 0; i < abn_quotes_count(s->input.quotes); i++) {
        abn_study_event e = {.symbol = abn_quotes_at(s->input.quotes, i)->symbol, .benchmark = ""};
        const char *symbol = abn_study_benchmark(s, &e);
        if (*symbol && abn_map_add(out, abn_slice_of(symbol)) == ABN_MAP_NONE)
            return abn_fail_memory(err);
    }
    return ABN_OK;
}

static const char *company_of(const abn_study *s, const char *symbol)
{
    uint32_t at = s->input.listings ? abn_listings_find(s->input.listings, abn_slice_of(symbol))
                                    : ABN_NO_LISTING;
    const char *company =
        at == ABN_NO_LISTING ? "" : abn_listings_at(s->input.listings, at)->company;
    return *company ? company : symbol;
}

static abn_status list_listings(abn_scan *scan, abn_error *err)
{
    const abn_study *s = scan->study;
    abn_map *benchmarks = abn_map_new();
    scan->listing = calloc(s->n_lines + 1, sizeof *scan->listing);
    abn_status status =
        scan->listing && benchmarks ? list_benchmarks(s, benchmarks, err) : abn_fail_memory(err);
    for (size_t i = 0; status == ABN_OK && i < s->n_lines; i++) {
        const char *symbol = abn_map_name(s->symbols, (uint32_t)i);
        if (!is_scanned(s, symbol, benchmarks)) continue;
        scan->listing[scan->n_listings++] =
            (abn_scanned){.symbol = symbol, .company = company_of(s, symbol), .line = &s->line[i]};
    }
    abn_map_free(benchmarks);
    return status;
}

/* ---- one listing ---- */

static const abn_line *benchmark_line(const abn_scan *scan, const char *symbol)
{
    const abn_study *s = scan->study;
    abn_study_event e = {.symbol = symbol, .benchmark = ""};
    uint32_t at = abn_map_find(s->symbols, abn_slice_of(abn_study_benchmark(s, &e)));
    return at == ABN_MAP_NONE ? NULL : &s->line[at];
}

/* A session is tested when its return is there: an occasion each, its estimation window before it.
 */
static size_t list_occasions(const abn_scan *scan, const abn_line *line, abn_occasion *all)
{
    size_t n = 0;
    for (size_t t = 0; t < line->n; t++)
        if (!isnan(line->y[t]))
            all[n++] = (abn_occasion){0, (int32_t)t, scan->settings.estimation, {0, 0}};
    return n;
}

static abn_status fit_all(const abn_scan *scan, const abn_line *line, const abn_line *benchmark,
                          abn_panel **panel, abn_occasion *all, double *x, abn_error *err)
{
    const double *columns[1] = {x};
    bool needs = scan->settings.model->kind == ABN_MODEL_MARKET;
    if (needs) abn_line_match(line, benchmark, false, x);
    abn_history history = {.n = line->n,
                           .k = needs ? 1 : 0,
                           .y = line->y,
                           .x = needs ? columns : NULL,
                           .date = line->date};
    abn_panel_options options = {.model = scan->settings.model, .threads = 1};
    size_t n = list_occasions(scan, line, all);
    return abn_panel_fit(&history, 1, all, n, &options, panel, err);
}

static void keep(abn_scanned *l, const abn_panel *panel, const abn_occasion *all)
{
    l->first = l->line->n;
    for (size_t i = 0; i < panel->n; i++) {
        size_t t = (size_t)all[i].day0;
        double ar = panel->ar[i * panel->l], se = panel->se[i * panel->l];
        if (panel->status[i] != ABN_OK || !(se > 0)) continue;
        l->ar[t] = ar;
        l->z[t] = ar / se;
        if (l->first > t) l->first = t;
        l->end = t + 1;
        l->tested++;
    }
}

static abn_status scan_listing(const abn_scan *scan, abn_scanned *l, abn_error *err)
{
    size_t n = l->line->n;
    const abn_line *benchmark = benchmark_line(scan, l->symbol);
    if (!benchmark && scan->settings.model->kind == ABN_MODEL_MARKET) return ABN_OK;
    abn_occasion *all = malloc((n + 1) * sizeof *all);
    double *x = malloc((n + 1) * sizeof *x), *columns = malloc((4 * n + 1) * sizeof *columns);
    abn_panel *panel = NULL;
    abn_status status = all && x && columns ? ABN_OK : abn_fail_memory(err);
    if (status == ABN_OK) {
        for (size_t i = 0; i < 4 * n; i++)
            columns[i] = NAN;
        l->ar = columns;
        l->z = columns + n;
        l->p = columns + 2 * n;
        l->q = columns + 3 * n;
        columns = NULL;
        status = fit_all(scan, l->line, benchmark, &panel, all, x, err);
    }
    if (status == ABN_OK) {
        keep(l, panel, all);
        status = abn_scan_scale(l, scan->settings.volatility, err);
    }
    abn_panel_free(panel);
    free(columns);
    free(all);
    free(x);
    return status;
}

/* ---- all listings ---- */

static abn_status scan_all(abn_scan *scan, abn_error *err)
{
    abn_status status = ABN_OK;
    int threads = scan->settings.threads > 0 ? scan->settings.threads : omp_get_max_threads();
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
    for (size_t i = 0; i < scan->n_listings; i++) {
        abn_error local = {0};
        abn_status one = scan_listing(scan, &scan->listing[i], &local);
        if (one == ABN_OK) continue;
#pragma omp critical
        if (status == ABN_OK) {
            status = one;
            if (err && err->status == ABN_OK) *err = local;
        }
    }
    for (size_t i = 0; i < scan->n_listings; i++)
        scan->tested += scan->listing[i].tested;
    return status;
}

static void gather(const abn_scan *scan, double *out)
{
    for (size_t i = 0; i < scan->n_listings; i++) {
        const abn_scanned *l = &scan->listing[i];
        for (size_t t = l->first; l->z && t < l->end; t++)
            if (!isnan(l->z[t])) *out++ = l->z[t];
    }
}

static void spread(abn_scan *scan, const double *p, const double *q)
{
    for (size_t i = 0; i < scan->n_listings; i++) {
        abn_scanned *l = &scan->listing[i];
        for (size_t t = l->first; l->z && t < l->end; t++)
            if (!isnan(l->z[t])) {
                l->p[t] = *p++;
                l->q[t] = *q++;
            }
    }
}

/* One tail for all listings: a listing alone has too few extremes to tell its own. */
static abn_status judge(abn_scan *scan, abn_error *err)
{
    size_t n = scan->tested;
    double *z = malloc((3 * n + 1) * sizeof *z);
    if (!z) return abn_fail_memory(err);
    double *p = z + n, *q = z + 2 * n;
    gather(scan, z);
    abn_status status = abn_tail_fit(z, n, CENSORED, &scan->tail, err);
    int threads = scan->settings.threads > 0 ? scan->settings.threads : omp_get_max_threads();
    if (status == ABN_OK) {
#pragma omp parallel for num_threads(threads)
        for (size_t i = 0; i < n; i++)
            p[i] = abn_tail_p(&scan->tail, z[i]);
        status = abn_adjust_bh(p, n, q, err);
    }
    if (status == ABN_OK) spread(scan, p, q);
    free(z);
    return status;
}

abn_status abn_scan_measure(abn_scan *scan, abn_error *err)
{
    abn_status status = list_listings(scan, err);
    if (status == ABN_OK) status = scan_all(scan, err);
    if (status == ABN_OK && !scan->tested)
        status = abn_fail(err, ABN_HISTORY,
                          "no listing has a benchmark and %d sessions before one to test",
                          scan->settings.estimation.to - scan->settings.estimation.from + 1);
    if (status == ABN_OK) status = judge(scan, err);
    return status;
}

/* ---- the scan ---- */

static abn_study_settings settings_of(const abn_scan_settings *s)
{
    abn_study_settings out = abn_study_defaults();
    out.estimation = s->estimation;
    out.window = (abn_window){0, 0};
    out.n_windows = 0;
    out.rule = s->rule;
    out.n_rules = s->n_rules;
    out.threads = s->threads;
    return out;
}

abn_status abn_scan_run(const abn_scan_input *input, const abn_scan_settings *settings,
                        abn_notes *notes, abn_scan **out, abn_error *err)
{
    if (settings->estimation.to > -1)
        return abn_fail(err, ABN_USAGE,
                        "estimation %d:%d looks ahead (expected an end at -1 or earlier)",
                        settings->estimation.from, settings->estimation.to);
    if (settings->model->kind != ABN_MODEL_MARKET && settings->model->kind != ABN_MODEL_MEAN)
        return abn_fail(err, ABN_USAGE,
                        "model %s cannot scan (expected mean, market_adjusted or market)",
                        settings->model->name);
    abn_scan *scan = calloc(1, sizeof *scan);
    if (!scan) return abn_fail_memory(err);
    scan->input = *input;
    scan->settings = *settings;
    scan->arena = abn_arena_new();
    abn_study_settings plan = settings_of(settings);
    abn_status status = scan->arena
                            ? abn_study_open(&input->study, &plan, true, notes, &scan->study, err)
                            : abn_fail_memory(err);
    if (status == ABN_OK) status = abn_scan_measure(scan, err);
    if (status == ABN_OK) status = abn_scan_match(scan, err);
    if (status == ABN_OK) status = abn_scan_chance(scan, err);
    if (status == ABN_OK)
        *out = scan;
    else
        abn_scan_free(scan);
    return status;
}

void abn_scan_free(abn_scan *scan)
{
    if (!scan) return;
    for (size_t i = 0; scan->listing && i < scan->n_listings; i++) {
        free(scan->listing[i].ar);
        free(scan->listing[i].event);
    }
    free(scan->listing);
    free(scan->run);
    free(scan->move);
    free(scan->event);
    free(scan->coincidence);
    abn_study_free(scan->study);
    abn_arena_free(scan->arena);
    free(scan);
}

const abn_move_row *abn_scan_moves(const abn_scan *scan, size_t *n)
{
    *n = scan->n_moves;
    return scan->move;
}

const abn_event_move_row *abn_scan_events(const abn_scan *scan, size_t *n)
{
    *n = scan->n_events;
    return scan->event;
}

const abn_coincidence_row *abn_scan_coincidences(const abn_scan *scan, size_t *n)
{
    *n = scan->n_coincidences;
    return scan->coincidence;
}

abn_tail abn_scan_tail(const abn_scan *scan)
{
    return scan->tail;
}

size_t abn_scan_tested(const abn_scan *scan)
{
    return scan->tested;
}
