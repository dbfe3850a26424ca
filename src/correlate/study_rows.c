/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a study's tables, each made when it is asked for. */
#include "study_parts.h"
#include <math.h>
#include <string.h>

/* ---- finding a row ---- */

/* The last of n + 1 ascending offsets that is at most `i`, tried first at `guess`. */
static size_t find(const size_t *first, size_t n, size_t i, size_t guess)
{
    if (guess < n && first[guess] <= i && i < first[guess + 1]) return guess;
    size_t a = 0, b = n;
    while (b - a > 1) {
        size_t middle = (a + b) / 2;
        if (first[middle] <= i)
            a = middle;
        else
            b = middle;
    }
    return a;
}

static size_t model_of(const abn_study *s, const size_t *first, size_t *i)
{
    size_t m = 0;
    while (*i >= first[m + 1])
        m++;
    *i -= first[m];
    (void)s;
    return m;
}

/* ---- alignment ---- */

size_t abn_study_alignments(const abn_study *s)
{
    return s->input.n_events;
}

/* The date of a session that may lie outside the quotes: then the nearest that does not. */
static abn_date date_at(const abn_line *line, int64_t row)
{
    if (row < 0) row = 0;
    if (row >= (int64_t)line->n) row = (int64_t)line->n - 1;
    return line->date[row];
}

static int64_t count_returns(const abn_line *line, int64_t from, int64_t to)
{
    int64_t n = 0;
    for (int64_t t = from < 0 ? 0 : from; t <= to && t < (int64_t)line->n; t++)
        n += !isnan(line->y[t]);
    return n;
}

void abn_study_alignment(const abn_study *s, size_t i, abn_alignment_row *row)
{
    const abn_place *p = s->place + i;
    *row = (abn_alignment_row){.event_id = s->input.event[i].event_id,
                               .symbol = s->input.event[i].symbol,
                               .mic = p->mic,
                               .first_session = p->session,
                               .phase = p->session == ABN_NO_DATE ? "" : abn_phase_name(p->phase),
                               .estimation_from = ABN_NO_DATE,
                               .estimation_to = ABN_NO_DATE,
                               .window_from = ABN_NO_DATE,
                               .window_to = ABN_NO_DATE,
                               .estimation_n = 0,
                               .note = p->note ? p->note : ""};
    if (p->row < 0) return;
    const abn_line *line = s->line + p->line;
    row->window_from = date_at(line, (int64_t)p->row + p->window.from);
    row->window_to = date_at(line, (int64_t)p->row + p->window.to);
    if ((int64_t)p->row + p->estimation.to < 0) return;
    row->estimation_from = date_at(line, (int64_t)p->row + p->estimation.from);
    row->estimation_to = date_at(line, (int64_t)p->row + p->estimation.to);
    const abn_study_fit *fit = s->fit;
    uint32_t j = fit->index ? fit->index[i] : UINT32_MAX;
    row->estimation_n = j != UINT32_MAX && fit->panel->rows[j]
                            ? fit->panel->rows[j]
                            : count_returns(line, (int64_t)p->row + p->estimation.from,
                                            (int64_t)p->row + p->estimation.to);
}

/* ---- models ---- */

size_t abn_study_model_count(const abn_study *s)
{
    return s->first_model[s->settings.n_models];
}

const char *abn_study_factor_name(const abn_study *s, size_t slot)
{
    return slot < ABN_STUDY_COEFFICIENTS ? s->factor_name[slot] : NULL;
}

const char *abn_study_extra_name(const abn_study *s, size_t slot)
{
    return slot < ABN_MODEL_EXTRAS ? s->extra_name[slot] : NULL;
}

static size_t slot_of(const char *const *names, size_t most, const char *name)
{
    for (size_t i = 0; i < most && names[i]; i++)
        if (strcmp(names[i], name) == 0) return i;
    return most;
}

void abn_study_model_row(const abn_study *s, size_t i, abn_model_row *row)
{
    size_t m = model_of(s, s->first_model, &i);
    const abn_study_fit *fit = s->fit + m;
    const abn_panel *panel = fit->panel;
    size_t j = fit->fitted[i];
    const abn_study_event *e = s->input.event + fit->event[j];
    const double *coef = panel->coef + j * panel->k;
    *row = (abn_model_row){.event_id = e->event_id,
                           .symbol = e->symbol,
                           .model = s->settings.model[m].label,
                           .benchmark = "",
                           .n = panel->rows[j],
                           .alpha = coef[0],
                           .beta = fit->family->kind == ABN_MODEL_FACTORS ? coef[1] : NAN,
                           .sigma = panel->sigma[j],
                           .r_squared = panel->r_squared[j],
                           .note = panel->reason[j] ? panel->reason[j] : ""};
    for (size_t c = 0; c < ABN_STUDY_COEFFICIENTS; c++)
        row->factor[c] = NAN;
    for (size_t c = 0; c < ABN_MODEL_EXTRAS; c++)
        row->extra[c] = NAN;
    if (panel->model->kind == ABN_MODEL_MARKET) {
        row->benchmark = s->place[fit->event[j]].benchmark_symbol;
        row->beta = coef[1];
    }
    for (size_t c = 0; c < fit->family->n_factors; c++) {
        size_t at = slot_of(s->factor_name, ABN_STUDY_COEFFICIENTS, fit->family->factor[c]);
        if (at < ABN_STUDY_COEFFICIENTS) row->factor[at] = coef[c + 1];
    }
    for (size_t c = 0; panel->extra && c < ABN_MODEL_EXTRAS && panel->model->extra[c]; c++) {
        size_t at = slot_of(s->extra_name, ABN_MODEL_EXTRAS, panel->model->extra[c]);
        if (at < ABN_MODEL_EXTRAS) row->extra[at] = panel->extra[j * ABN_MODEL_EXTRAS + c];
    }
}

/* ---- returns ---- */

size_t abn_study_returns(const abn_study *s)
{
    return s->first_return[s->settings.n_models];
}

/* One occasion's rows from `at` on, counted from its first; earlier days are summed on the way. */
static void fill_occasion(const abn_study *s, size_t m, size_t j, size_t at, size_t n,
                          abn_return_row *row)
{
    const abn_study_fit *fit = s->fit + m;
    const abn_panel *panel = fit->panel;
    const abn_occasion *o = fit->occasion + j;
    const abn_history *h = panel->history + o->history;
    const abn_study_event *e = s->input.event + fit->event[j];
    int start = o->day0 + o->window.from < 0 ? -o->day0 : o->window.from;
    const double *ar = panel->ar + j * panel->l + (start - panel->window.from);
    const double *se = panel->se + j * panel->l + (start - panel->window.from);
    abn_car_walk walk = {0};
    double sum = 0;
    for (size_t d = 0; d < at + n; d++) {
        bool missing = isnan(ar[d]);
        sum += missing ? 0 : ar[d];
        if (d < at) continue;
        int day = start + (int)d;
        size_t t = (size_t)(o->day0 + day);
        abn_window window = {start, day};
        *row++ = (abn_return_row){
            .event_id = e->event_id,
            .symbol = e->symbol,
            .model = s->settings.model[m].label,
            .date = h->date[t],
            .event_time = day,
            .value = h->y[t],
            .expected = abn_panel_expected(panel, j, t),
            .abnormal = ar[d],
            .abnormal_se = se[d],
            .standardized = ar[d] / se[d],
            .cumulative = missing ? NAN : sum,
            .cumulative_se = missing ? NAN : abn_panel_car_se_walk(panel, j, window, &walk)};
    }
}

void abn_study_return_rows(const abn_study *s, size_t i, size_t n, abn_return_row *row)
{
    while (n) {
        size_t within = i, m = model_of(s, s->first_return, &within);
        const abn_study_fit *fit = s->fit + m;
        size_t k = find(fit->first_return, fit->n, within, within / fit->panel->l);
        size_t left = fit->first_return[k + 1] - within, count = left < n ? left : n;
        fill_occasion(s, m, fit->order[k], within - fit->first_return[k], count, row);
        i += count;
        row += count;
        n -= count;
    }
}

void abn_study_return(const abn_study *s, size_t i, abn_return_row *row)
{
    abn_study_return_rows(s, i, 1, row);
}

/* ---- cumulative returns ---- */

size_t abn_study_cars(const abn_study *s)
{
    return s->first_car[s->settings.n_models];
}

void abn_study_car(const abn_study *s, size_t i, abn_car_row *row)
{
    size_t m = model_of(s, s->first_car, &i), windows = s->settings.n_windows;
    const abn_study_fit *fit = s->fit + m;
    const abn_panel *panel = fit->panel;
    size_t j = fit->fitted[i / windows], w = i % windows, df = panel->rows[j] - panel->params[j];
    const abn_study_event *e = s->input.event + fit->event[j];
    abn_window window = s->settings.windows[w];
    abn_car c = abn_panel_car(panel, j, window);
    double half = s->quantile[df] * c.se;
    int64_t n = 0;
    int from = window.from > panel->window.from ? window.from : panel->window.from;
    int to = window.to < panel->window.to ? window.to : panel->window.to;
    for (int day = from; day <= to; day++)
        n += !isnan(panel->ar[j * panel->l + (size_t)(day - panel->window.from)]);
    *row = (abn_car_row){.event_id = e->event_id,
                         .symbol = e->symbol,
                         .model = s->settings.model[m].label,
                         .window_from = window.from,
                         .window_to = window.to,
                         .n = n,
                         .car = c.car,
                         .car_se = c.se,
                         .lo = c.car - half,
                         .hi = c.car + half,
                         .t = c.scar,
                         .p = abn_student_p(c.scar, (double)df),
                         .scar = c.scar,
                         .bhar = s->settings.measure == ABN_MEASURE_RETURN ? c.bhar : NAN,
                         .sq_p = fit->sq ? fit->sq[i] : NAN,
                         .placebo_p = fit->placebo ? fit->placebo[i] : NAN};
}

/* ---- tests ---- */

size_t abn_study_tests(const abn_study *s)
{
    return s->n_tests;
}

void abn_study_test(const abn_study *s, size_t i, abn_tests_row *row)
{
    *row = s->test[i];
}

const abn_panel *abn_study_panel(const abn_study *s, size_t m, const uint32_t **event)
{
    if (event) *event = s->fit[m].event;
    return s->fit[m].panel;
}

double abn_study_correlation(const abn_study *s, size_t m)
{
    return s->fit[m].correlation;
}
