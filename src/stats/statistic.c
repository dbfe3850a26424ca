/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimation.h"
#include "sheet.h"
#include "tests.h"
#include "wide.h"
#include <abnorm/memory.h>
#include <abnorm/statistic.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>

/* ---- the registry ---- */

#define NORMAL  ABN_NULL_NORMAL
#define STUDENT ABN_NULL_STUDENT
#define MANY    ABN_SCOPE_MANY

static const char dependence[] = "wants events that do not cluster in time";
static const char variance[] = "wants events that leave the variance as it was";
static const char both[] = "wants events that neither cluster in time nor raise the variance";

const abn_statistic abn_statistics[] = {
    {"ar_t", "Campbell, Lo and MacKinlay 1997", "AR / (s sqrt(C))", STUDENT, ABN_SCOPE_ONE, 0, 1,
     variance, NULL},
    {"car_t", "Campbell, Lo and MacKinlay 1997", "CAR / (s sqrt(1'V1))", STUDENT, ABN_SCOPE_ONE, 0,
     1, variance, NULL},
    {"sq_p", "Gelbach, Helland and Klick 2013",
     "twice the smaller tail of the CAR among sums of L residuals", ABN_NULL_RESAMPLED,
     ABN_SCOPE_ONE, ABN_NEED_RESIDUALS, 1,
     "wants an estimation window of many event windows, and events that leave the "
     "variance as it was",
     NULL},
    {"placebo_p", "Abadie, Diamond and Hainmueller 2010",
     "share of sums of L residuals, the event's among them, as large as |CAR|", ABN_NULL_RESAMPLED,
     ABN_SCOPE_ONE, ABN_NEED_RESIDUALS, 1,
     "wants an estimation window of many event windows, and events that leave the "
     "variance as it was",
     NULL},
    {"cross_sectional_t", "Brown and Warner 1980", "sqrt(N) CAAR / sd(CAR)", STUDENT, MANY, 0, 2,
     dependence, abn_test_cross_sectional},
    {"cda_t", "Brown and Warner 1980, 1985", "CAAR / (sqrt(L) sd(estimation AAR))", STUDENT, MANY,
     ABN_NEED_AAR, 1, variance, abn_test_crude_dependence},
    {"brown_warner_1980_t", "Brown and Warner 1980", "CAAR / sqrt(L sum(s_i^2) / N^2)", STUDENT,
     MANY, 0, 1, both, abn_test_brown_warner},
    {"patell_z", "Patell 1976", "sum(CSAR / sqrt(L (M-k)/(M-k-2))) / sqrt(N)", NORMAL, MANY, 0, 1,
     both, abn_test_patell},
    {"adjusted_patell_z", "Kolari and Pynnonen 2010", "Patell / sqrt(1 + (N-1) r)", NORMAL, MANY,
     ABN_NEED_CORRELATION, 2, variance, abn_test_adjusted_patell},
    {"bmp_t", "Boehmer, Musumeci and Poulsen 1991", "sqrt(N) mean(SCAR) / sd(SCAR)", STUDENT, MANY,
     0, 2, dependence, abn_test_bmp},
    {"kolari_pynnonen_t", "Kolari and Pynnonen 2010", "BMP sqrt((1-r) / (1 + (N-1) r))", STUDENT,
     MANY, ABN_NEED_CORRELATION, 2, "", abn_test_kolari_pynnonen},
    {"skewness_t", "Hall 1992", "sqrt(N) (S + g S^2/3 + g^2 S^3/27 + g/(6N)), S = CAAR / sd(CAR)",
     STUDENT, MANY, 0, 3, "wants events that do not cluster; rejects too often with fat tails",
     abn_test_skewness},
    {"sign_z", "Brown and Warner 1980", "(N+ - N/2) / sqrt(N/4); p exact", ABN_NULL_BINOMIAL, MANY,
     0, 1,
     "wants residuals with median zero, and events that do not cluster; its exact p is discrete "
     "and "
     "rejects less often than the level",
     abn_test_sign},
    {"generalised_sign_z", "Cowan 1992", "(N+ - N p) / sqrt(N p (1-p))", NORMAL, MANY,
     ABN_NEED_AAR | ABN_NEED_SIGNS, 1, dependence, abn_test_generalised_sign},
    {"wilcoxon_z", "Wilcoxon 1945", "signed-rank sum W, standardised; p exact to 50 without ties",
     NORMAL, MANY, 0, 1, "wants symmetric residuals, and events that do not cluster",
     abn_test_wilcoxon},
    {"rank_z", "Corrado 1989; Kolari and Pynnonen 2011",
     "sqrt(L) (mean U - 1/2) / S, S^2 = mean over days of N_t/N (U_t - 1/2)^2", NORMAL, MANY,
     ABN_NEED_RANKS, 1, variance, abn_test_rank},
    {"corrado_zivney_z", "Corrado and Zivney 1992",
     "sqrt(L) mean(sqrt(N_t) (U_t - 1/2)) / S, S^2 = mean over days of N_t (U_t - 1/2)^2", NORMAL,
     MANY, ABN_NEED_RANKS, 1, variance, abn_test_corrado_zivney},
    {"modified_rank_t", "Corrado and Truong 2008",
     "sqrt(N) mean(U_i - 1/2) / sd(U_i), U_i an event's mean rank over the window", STUDENT, MANY,
     ABN_NEED_RANKS, 2, dependence, abn_test_modified_rank},
    {"grank_t", "Kolari and Pynnonen 2011",
     "Z sqrt((T-2) / (T-1-Z^2)), Z the generalised rank over its spread", STUDENT, MANY,
     ABN_NEED_GRANKS, 2, "", abn_test_grank_t},
    {"grank_z", "Kolari and Pynnonen 2011", "generalised rank over its spread under independence",
     NORMAL, MANY, ABN_NEED_GRANKS, 2, dependence, abn_test_grank_z},
    {"jackknife_t", "Giaccotto and Sfiridis 1996",
     "mean over standard error of the pseudo-values of mean(SCAR) / sd(SCAR)", STUDENT, MANY, 0, 3,
     "wants a hundred events that do not cluster; rejects too seldom with fewer",
     abn_test_jackknife},
    {"bhar_t", "Barber and Lyon 1997", "sqrt(N) mean(BHAR) / sd(BHAR)", STUDENT, MANY,
     ABN_NEED_BHAR, 2, dependence, abn_test_bhar},
    {"wild_bootstrap_p", "Wu 1986; Liu 1988; Davidson and Flachaire 2008",
     "rank of |t| of CAAR among those of deviations from it times +1 or -1", ABN_NULL_RESAMPLED,
     ABN_SCOPE_WINDOWS, ABN_NEED_REPLICATES, 2, dependence, abn_test_wild_bootstrap},
    {"permutation_p", "Fisher 1935",
     "rank of |CAAR| among those of CARs times +1 or -1; all patterns when they are few",
     ABN_NULL_RESAMPLED, ABN_SCOPE_WINDOWS, ABN_NEED_REPLICATES, 2,
     "wants symmetric residuals, and events that do not cluster", abn_test_permutation},
    {"bhar_skewness_t", "Johnson 1978; Lyon, Barber and Tsai 1999",
     "sqrt(N) (S + g S^2/3 + g/(6N)), S = mean(BHAR) / sd(BHAR); p by bootstrap",
     ABN_NULL_RESAMPLED, ABN_SCOPE_WINDOWS, ABN_NEED_REPLICATES | ABN_NEED_BHAR, 5,
     "wants some forty events that do not cluster", abn_test_bhar_skewness},
    {"calendar_time_t", "Jaffe 1974; Fama 1998",
     "mean over standard error, over dates, of the mean AR of the events open on a date", STUDENT,
     MANY, 0, 2, "wants events on many dates", abn_test_calendar_time},
};

const size_t abn_statistics_count = sizeof abn_statistics / sizeof abn_statistics[0];

const abn_statistic *abn_statistic_find(abn_slice name)
{
    for (size_t i = 0; i < abn_statistics_count; i++)
        if (abn_slice_eq(name, abn_statistics[i].name)) return &abn_statistics[i];
    return NULL;
}

/* ---- null distributions ---- */

void abn_test_normal(abn_test *test)
{
    if (isnan(test->value)) return;
    test->p_upper = gsl_cdf_ugaussian_Q(test->value);
    test->p_lower = gsl_cdf_ugaussian_P(test->value);
    test->p = fmin(1, 2 * gsl_cdf_ugaussian_Q(fabs(test->value)));
}

/* Tail of Student's t by the incomplete beta function, exact to the last digits. What GSL would
 * take for an underflow is 0; past ten million degrees of freedom the normal tail differs by less
 * than 1e-14. */
static double student_tail(double t, double df)
{
    if (isinf(t) || (df + 1) / 2 * log1p(t / df * t) > 650) return 0;
    if (df > 1e7) return gsl_cdf_ugaussian_Q(t * (1 - .25 / df) / sqrt(1 + t * t / (2 * df)));
    return t * t > 1e-10 * df ? .5 * gsl_sf_beta_inc(df / 2, .5, df / (df + t * t))
                              : gsl_cdf_tdist_Q(t, df);
}

void abn_test_student(abn_test *test)
{
    if (isnan(test->value) || !(test->df > 0)) {
        test->value = test->p = test->p_upper = test->p_lower = NAN;
        return;
    }
    double tail = student_tail(fabs(test->value), test->df);
    test->p = fmin(1, 2 * tail);
    test->p_upper = test->value > 0 ? tail : 1 - tail;
    test->p_lower = test->value > 0 ? 1 - tail : tail;
}

double abn_student_p(double t, double df)
{
    return df > 0 && !isnan(t) ? fmin(1, 2 * student_tail(fabs(t), df)) : NAN;
}

double abn_student_quantile(double level, double df)
{
    return df > 0 && level > 0 && level < 1 ? gsl_cdf_tdist_Pinv(.5 + level / 2, df) : NAN;
}

/* ---- samples ---- */

/* A window's sample of a process's own members, by their places among them. */
static void fill(const abn_panel *panel, const abn_members *members, abn_window window,
                 const double *weight, abn_columns *out)
{
    size_t kept = 0;
    for (size_t j = 0; j < members->n; j++) {
        abn_car c = abn_panel_car(panel, members->event[j], window);
        out->place[kept] = (uint32_t)j;
        out->car[kept] = c.car;
        out->scar[kept] = c.scar;
        out->csar[kept] = c.csar;
        out->bhar[kept] = c.bhar;
        out->weight[kept] = weight ? weight[members->event[j]] : 1;
        kept += c.scar == c.scar;
    }
    out->n = kept;
}

static void describe(abn_sample *s, unsigned needs)
{
    s->of_car = abn_spread_of(s->car, s->n);
    s->of_scar = abn_spread_of(s->scar, s->n);
    s->of_bhar =
        needs & ABN_NEED_BHAR ? abn_spread_of(s->bhar, s->n) : (abn_spread){NAN, NAN, NAN, 0};
}

static abn_sample sample_of(abn_columns *c, abn_window window, bool weighted)
{
    double sum = 0;
    for (size_t j = 0; weighted && j < c->n; j++)
        sum += c->weight[j];
    for (size_t j = 0; weighted && j < c->n; j++)
        c->weight[j] /= sum;
    return (abn_sample){.window = window,
                        .length = (size_t)(window.to - window.from + 1),
                        .n = c->n,
                        .place = c->place,
                        .car = c->car,
                        .scar = c->scar,
                        .csar = c->csar,
                        .bhar = c->bhar,
                        .weight = weighted ? c->weight : NULL};
}

/* One day, of simple returns and with equal weights, is read off the sheet: as it lies there where
 * every occasion has it. */
static abn_sample day_of(const abn_sheet *s, int day, size_t t, abn_columns *room)
{
    abn_sample out = {.window = {day, day}, .length = 1, .n = s->n, .place = s->place};
    const double *ar = s->ar + t * s->n, *sar = s->sar + t * s->n;
    out.car = out.bhar = ar;
    out.scar = out.csar = sar;
    size_t kept = 0;
    for (size_t j = 0; !s->whole[t] && j < s->n; j++) {
        room->place[kept] = (uint32_t)j;
        room->car[kept] = ar[j];
        room->scar[kept] = sar[j];
        kept += sar[j] == sar[j];
    }
    if (s->whole[t]) return out;
    out.n = kept;
    out.place = room->place;
    out.car = out.bhar = room->car;
    out.scar = out.csar = room->scar;
    return out;
}

/* ---- the run ---- */

/* Windows whose samples of all ranks are held at a time. */
enum { HELD = 4 };

typedef struct run {
    const abn_panel *panel; /* this rank's */
    const abn_members *members;
    const abn_tests_options *options;
    const abn_estimation *estimation;
    abn_sheet sheet;
    abn_columns *held;  /* with a crew: samples of the windows in the list at hand */
    size_t *list, n;    /* windows of a stage */
    double *sd, **scar; /* by window; scar of this rank's members, of windows of several days */
    abn_test *out;
    unsigned needs;
} run;

/* Where in the sheet a window of one day lies that can be read off it, or l. */
static size_t sheet_day(const run *r, size_t w)
{
    abn_window window = r->options->window[w];
    bool inside = window.from >= r->panel->window.from && window.to <= r->panel->window.to;
    if (!inside || window.from != window.to || r->panel->log || r->options->weight)
        return r->sheet.l;
    return (size_t)(window.from - r->panel->window.from);
}

static bool applies(const run *r, const abn_statistic *statistic, size_t w)
{
    if (!statistic->test) return false;
    if (!(statistic->needs & ABN_NEED_REPLICATES)) return true;
    return r->options->replicates > 0 && (!r->options->resample || r->options->resample[w]);
}

static abn_status test_sample(const run *r, size_t w, abn_sample *s, double *scratch,
                              abn_error *err)
{
    const abn_tests_options *o = r->options;
    describe(s, r->needs);
    s->estimation = r->estimation;
    s->grank = r->estimation->grank + w;
    s->replicates = o->replicates;
    s->seed = o->seed;
    abn_status status = ABN_OK;
    for (size_t i = 0; i < o->count; i++) {
        abn_test *t = r->out + w * o->count + i;
        *t = (abn_test){.n = s->n,
                        .estimate = NAN,
                        .value = NAN,
                        .df = NAN,
                        .p = NAN,
                        .p_upper = NAN,
                        .p_lower = NAN};
        const abn_statistic *statistic = o->statistic[i];
        if (!applies(r, statistic, w) || s->n < statistic->min_n) continue;
        abn_status one = statistic->test(s, scratch, t, status == ABN_OK ? err : NULL);
        if (isnan(t->value) && !(statistic->null == ABN_NULL_RESAMPLED)) t->df = NAN;
        if (one != ABN_OK && status == ABN_OK) status = one;
    }
    return status;
}

static abn_status test_window(const run *r, size_t at, abn_columns *room, double *scratch,
                              abn_error *err)
{
    size_t w = r->list[at], day = sheet_day(r, w);
    abn_window window = r->options->window[w];
    abn_columns *columns = r->held ? r->held + at : room;
    bool inside = window.from >= r->panel->window.from && window.to <= r->panel->window.to;
    abn_sample s;
    if (day < r->sheet.l)
        s = day_of(&r->sheet, window.from, day, room);
    else {
        if (!r->held && inside) fill(r->panel, r->members, window, r->options->weight, columns);
        if (!inside) columns->n = 0;
        s = sample_of(columns, window, r->options->weight != NULL);
    }
    return test_sample(r, w, &s, scratch, err);
}

/* Spread of SCAR over a window. Those of several days are kept, as they cost a walk over the days.
 */
static abn_status find_sd(const run *r, size_t at, abn_columns *room, double *scratch,
                          abn_error *err)
{
    size_t w = r->list[at], day = sheet_day(r, w), kept = 0;
    (void)scratch, (void)err;
    if (day < r->sheet.l) {
        abn_sample s = day_of(&r->sheet, 0, day, room);
        r->sd[w] = abn_spread_of(s.scar, s.n).sd;
        return ABN_OK;
    }
    double *scar = r->scar[w];
    for (size_t j = 0; j < r->members->n; j++) {
        scar[j] = abn_scar(r->panel, r->members->event[j], r->options->window[w]);
        room->car[kept] = scar[j];
        kept += scar[j] == scar[j];
    }
    r->sd[w] = abn_spread_of(room->car, kept).sd;
    return ABN_OK;
}

typedef abn_status stage_function(const run *r, size_t at, abn_columns *room, double *scratch,
                                  abn_error *err);

/* The windows of the list, each thread in memory of its own; they do not depend on one another. */
static abn_status each_window(const run *r, stage_function *stage, abn_error *err)
{
    abn_status status = ABN_OK;
    size_t n = r->sheet.n;
    int threads = r->options->threads > 0 ? r->options->threads : omp_get_max_threads();
    if ((size_t)threads > r->n) threads = r->n ? (int)r->n : 1;
#pragma omp parallel num_threads(threads)
    {
        abn_columns room = {.n = 0};
        abn_error local = {0};
        double *scratch = abn_columns_alloc((8 * n + 1) * sizeof *scratch);
        bool ok = scratch && abn_columns_make(&room, n);
        abn_status mine = ok ? ABN_OK : abn_fail_memory(&local);
#pragma omp for schedule(dynamic, 1)
        for (size_t at = 0; at < r->n; at++)
            if (mine == ABN_OK) mine = stage(r, at, &room, scratch, &local);
        abn_columns_free(&room);
        free(scratch);
#pragma omp critical
        if (mine != ABN_OK && status == ABN_OK) {
            status = mine;
            if (err && err->status == ABN_OK) *err = local;
        }
    }
    return status;
}

/* List the windows that the sheet has, or the others; with one process, all. */
static void list_windows(run *r, bool sheet)
{
    r->n = 0;
    for (size_t w = 0; w < r->options->windows; w++)
        if (!r->options->crew || (sheet_day(r, w) < r->sheet.l) == sheet) r->list[r->n++] = w;
}

static abn_status find_spreads(run *r, abn_error *err)
{
    const abn_tests_options *o = r->options;
    abn_status status = ABN_OK;
    if (!(r->needs & ABN_NEED_GRANKS)) return ABN_OK;
    list_windows(r, true);
    if (abn_crew_leads(o->crew)) status = each_window(r, find_sd, err);
    status = abn_crew_agree(o->crew, status, err);
    if (o->crew) list_windows(r, false);
    for (size_t i = 0; o->crew && status == ABN_OK && i < r->n; i++) {
        size_t w = r->list[i];
        for (size_t j = 0; j < r->members->n; j++)
            r->scar[w][j] = abn_scar(r->panel, r->members->event[j], o->window[w]);
        status = abn_crew_sd(o->crew, r->scar[w], r->members->n, r->sheet.total, r->sd + w, err);
    }
    for (size_t w = 0; w < o->windows; w++)
        if (!(r->sd[w] > 0)) r->sd[w] = NAN;
    return abn_crew_share(o->crew, status, r->sd, o->windows * sizeof *r->sd, err);
}

/* The samples of a few windows from every rank, tested on rank 0, and so on. */
static abn_status test_gathered(run *r, abn_error *err)
{
    const abn_tests_options *o = r->options;
    abn_columns mine = {.n = 0}, held[HELD] = {{.n = 0}};
    bool leads = abn_crew_leads(o->crew), ok = abn_columns_make(&mine, r->members->n);
    for (int i = 0; ok && i < HELD; i++)
        ok = abn_columns_make(held + i, leads ? r->sheet.n : 0);
    abn_status status = abn_crew_agree(o->crew, ok ? ABN_OK : abn_fail_memory(err), err);
    list_windows(r, false);
    size_t *list = r->list, all = r->n;
    for (size_t from = 0; status == ABN_OK && from < all; from += HELD) {
        r->list = list + from;
        r->n = from + HELD < all ? HELD : all - from;
        for (size_t i = 0; status == ABN_OK && i < r->n; i++) {
            fill(r->panel, r->members, o->window[r->list[i]], o->weight, &mine);
            status = abn_crew_sample(o->crew, &r->sheet, &mine, held + i, err);
        }
        r->held = held;
        if (status == ABN_OK && leads) status = each_window(r, test_window, err);
        r->held = NULL;
        status = abn_crew_agree(o->crew, status, err);
    }
    r->list = list;
    abn_columns_free(&mine);
    for (int i = 0; i < HELD; i++)
        abn_columns_free(held + i);
    return status;
}

static abn_status test_all(run *r, abn_error *err)
{
    const abn_crew *crew = r->options->crew;
    abn_status status = ABN_OK;
    list_windows(r, true);
    if (abn_crew_leads(crew)) status = each_window(r, test_window, err);
    status = abn_crew_agree(crew, status, err);
    return status == ABN_OK && crew ? test_gathered(r, err) : status;
}

static bool run_make(run *r)
{
    const abn_tests_options *o = r->options;
    r->list = malloc((o->windows + 1) * sizeof *r->list);
    r->sd = malloc((o->windows + 1) * sizeof *r->sd);
    r->scar = calloc(o->windows + 1, sizeof *r->scar);
    if (!r->list || !r->sd || !r->scar) return false;
    for (size_t w = 0; w < o->windows; w++) {
        r->sd[w] = NAN;
        if (!(r->needs & ABN_NEED_GRANKS) || sheet_day(r, w) < r->sheet.l) continue;
        if (!(r->scar[w] = malloc((r->members->n + 1) * sizeof *r->scar[w]))) return false;
    }
    return true;
}

static void run_free(run *r)
{
    for (size_t w = 0; r->scar && w < r->options->windows; w++)
        free(r->scar[w]);
    free(r->scar);
    free(r->sd);
    free(r->list);
    abn_sheet_free(&r->sheet);
}

/* What is by occasion, from the sheet. */
static void attach(const abn_sheet *s, abn_estimation *e)
{
    e->variance = s->variance;
    e->rows = s->rows;
    e->params = s->params;
    e->ar = s->ar;
    e->sar = s->sar;
    e->date = s->date;
    e->low = s->low;
    e->high = s->high;
}

static abn_status run_stages(run *r, abn_correlation *correlation, abn_error *err)
{
    const abn_tests_options *o = r->options;
    abn_estimation *estimation = NULL;
    abn_status status = run_make(r) ? ABN_OK : abn_fail_memory(err);
    status = abn_crew_agree(o->crew, status, err);
    if (status == ABN_OK) status = find_spreads(r, err);
    if (status == ABN_OK)
        status =
            abn_estimation_new(r->panel, r->members, o, r->needs, r->sd, r->scar, &estimation, err);
    r->estimation = estimation;
    if (status == ABN_OK) {
        attach(&r->sheet, estimation);
        status = test_all(r, err);
    }
    if (status == ABN_OK && correlation)
        *correlation = (abn_correlation){estimation->correlation, estimation->exact, estimation->n};
    abn_estimation_free(estimation);
    return status;
}

abn_status abn_tests_run(const abn_panel *panel, const uint32_t *event, size_t n,
                         const abn_tests_options *options, abn_test *out,
                         abn_correlation *correlation, abn_error *err)
{
    const abn_crew *crew = options->crew;
    abn_panel empty;
    abn_members members = {.n = 0};
    run r = {.options = options, .members = &members, .out = out};
    abn_status status = ABN_OK;
    if (crew && options->convention != ABN_AS_PAPERS)
        return abn_fail(err, ABN_USAGE, "other software's conventions need one process");
    if (crew) status = abn_crew_shape(crew, &panel, &empty, err);
    if (status == ABN_OK) {
        status = abn_members_new(panel, event, n, options->block, options->threads, &members, err);
        status = abn_crew_agree(crew, status, err);
    }
    if (status == ABN_OK)
        status = crew ? abn_sheet_gather(crew, panel, &members, options->threads, &r.sheet, err)
                      : abn_sheet_new(panel, &members, options->threads, &r.sheet, err);
    r.panel = panel;
    for (size_t i = 0; i < options->count; i++)
        r.needs |= options->statistic[i]->needs;
    if (status == ABN_OK) status = run_stages(&r, correlation, err);
    run_free(&r);
    abn_members_free(&members);
    return status;
}

/* ---- one occasion ---- */

void abn_position_prepare(const double *residual, size_t m, double *sums)
{
    double sum = 0, count = 0;
    for (size_t t = 0; t < m; t++) {
        sums[t] = sum;
        sums[m + 1 + t] = count;
        if (isnan(residual[t])) continue;
        sum += residual[t];
        count++;
    }
    sums[m] = sum;
    sums[2 * m + 1] = count;
}

ABN_WIDE static abn_position find_position(const double *sums, size_t m, double car, size_t length)
{
    const double *count = sums + m + 1;
    size_t n = 0, above = 0, below = 0, large = 0;
    for (size_t t = 0; t + length <= m; t++) {
        double sum = sums[t + length] - sums[t];
        bool whole = count[t + length] - count[t] == (double)length;
        n += whole;
        above += whole & (sum >= car);
        below += whole & (sum <= car);
        large += whole & (fabs(sum) >= fabs(car));
    }
    if (n == 0 || isnan(car)) return (abn_position){NAN, NAN};
    double tail = (double)((above < below ? above : below) + 1) / (double)(n + 1);
    return (abn_position){tail < .5 ? 2 * tail : 1, (double)(large + 1) / (double)(n + 1)};
}

abn_position abn_position_find(const double *sums, size_t m, double car, size_t length)
{
    return find_position(sums, m, car, length);
}
