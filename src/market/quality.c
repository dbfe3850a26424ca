/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/quality.h>

#include "checks.h"
#include <abnorm/venue.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_BREAKS .004 /* of rows, that half the series of one exchange stay below */

enum { LEAST_ROWS = 60, LEAST_SERIES = 3 };

struct abn_findings {
    abn_finding *row;
    size_t n, cap;
    bool failed; /* memory ran out */
};

static const struct {
    const char *name, *meaning;
    bool drops;
} about[] = {
#define ABN_CHECK_ROW(name, text, drops, meaning) {text, meaning, drops},
    ABN_CHECK_LIST(ABN_CHECK_ROW)
#undef ABN_CHECK_ROW
};

const char *abn_check_name(abn_check check)
{
    return about[check].name;
}

const char *abn_check_meaning(abn_check check)
{
    return about[check].meaning;
}

/* ---- findings ---- */

static abn_finding *push(abn_findings *list, const abn_finding *finding)
{
    if (list->n == list->cap) {
        size_t cap = list->cap ? 2 * list->cap : 32;
        abn_finding *grown = realloc(list->row, cap * sizeof *grown);
        if (!grown) {
            list->failed = true;
            return NULL;
        }
        list->row = grown;
        list->cap = cap;
    }
    list->row[list->n] = *finding;
    return &list->row[list->n++];
}

static abn_finding start_finding(const abn_checker *c, abn_check check, abn_date date)
{
    return (abn_finding){.check = check,
                         .symbol = c->series->symbol,
                         .source = c->series->source,
                         .date = date,
                         .until = ABN_NO_DATE,
                         .value = NAN,
                         .dropped = about[check].drops};
}

abn_finding *abn_checker_add(abn_checker *c, abn_check check, size_t i, double value,
                             const char *fmt, ...)
{
    abn_finding f = start_finding(c, check, c->series->date[i]);
    va_list args;
    va_start(args, fmt);
    vsnprintf(f.text, sizeof f.text, fmt, args);
    va_end(args);
    f.line = abn_quotes_line(c->quotes, c->series, i);
    f.value = value;
    return push(c->out, &f);
}

abn_finding *abn_checker_add_day(abn_checker *c, abn_check check, abn_date date, const char *fmt,
                                 ...)
{
    abn_finding f = start_finding(c, check, date);
    va_list args;
    va_start(args, fmt);
    vsnprintf(f.text, sizeof f.text, fmt, args);
    va_end(args);
    return push(c->out, &f);
}

static abn_check check_of_reject(const char *kind)
{
    if (strcmp(kind, "disagreeing row") == 0) return ABN_CHECK_DISAGREEING_ROW;
    if (strcmp(kind, "repeated row") == 0) return ABN_CHECK_REPEATED_ROW;
    if (strcmp(kind, "price not positive") == 0) return ABN_CHECK_BAD_PRICE;
    return ABN_CHECK_BAD_ROW;
}

static void add_rejects(const abn_quotes *quotes, abn_findings *out)
{
    for (size_t i = 0; i < abn_quotes_rejects(quotes); i++) {
        const abn_reject *r = abn_quotes_reject_at(quotes, i);
        abn_finding f = {.check = check_of_reject(r->kind),
                         .symbol = r->symbol,
                         .source = r->source,
                         .date = r->date,
                         .until = ABN_NO_DATE,
                         .line = r->line,
                         .column = r->column,
                         .value = NAN,
                         .dropped = true};
        snprintf(f.text, sizeof f.text, "%s", r->text);
        push(out, &f);
    }
}

static int compare_findings(const void *a, const void *b)
{
    const abn_finding *x = a, *y = b;
    int order = strcmp(x->symbol, y->symbol);
    if (order == 0) order = strcmp(x->source, y->source);
    if (order != 0) return order;
    if (x->date != y->date) return x->date < y->date ? -1 : 1;
    if (x->check != y->check) return x->check < y->check ? -1 : 1;
    if (x->line != y->line) return x->line < y->line ? -1 : 1;
    return x->column < y->column ? -1 : x->column > y->column;
}

/* ---- series of no exchange ---- */

static void free_votes(abn_votes *v)
{
    free(v->vote);
    free(v->cover);
    free(v->opens);
    free(v->open);
    *v = (abn_votes){0};
}

static void count_series(abn_votes *v, const abn_series *s)
{
    for (size_t i = 0; i < s->n; i++)
        v->vote[s->date[i] - v->from] += 2;
    v->cover[s->date[0] - v->from]++;
    v->cover[s->date[s->n - 1] - v->from + 1]--;
}

/* Share of a series's days on which it and the majority differ. */
static double share_of_breaks(const abn_votes *v, const abn_series *s)
{
    size_t rows = 0; /* on days of the majority */
    int open = v->opens[s->date[s->n - 1] - v->from + 1] - v->opens[s->date[0] - v->from];
    for (size_t i = 0; i < s->n; i++)
        rows += v->vote[s->date[i] - v->from] > 0;
    return (double)((size_t)open - rows + s->n - rows) / (double)s->n;
}

static int compare_shares(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Series of several exchanges have no common sessions: half of them break the majority's often. */
static bool is_one_exchange(const abn_quotes *quotes, const abn_exchange *const *exchange,
                            const abn_votes *v, size_t group)
{
    double *share = malloc(group * sizeof *share);
    size_t n = 0;
    if (!share) return false;
    for (size_t i = 0; i < abn_quotes_count(quotes); i++)
        if (!exchange[i]) share[n++] = share_of_breaks(v, abn_quotes_at(quotes, i));
    qsort(share, n, sizeof *share, compare_shares);
    bool one = share[n / 2] < MOST_BREAKS;
    free(share);
    return one;
}

static size_t find_group(const abn_quotes *quotes, const abn_exchange *const *exchange,
                         abn_votes *v)
{
    size_t group = 0;
    for (size_t i = 0; i < abn_quotes_count(quotes); i++) {
        const abn_series *s = abn_quotes_at(quotes, i);
        if (exchange[i]) continue;
        if (group == 0 || s->date[0] < v->from) v->from = s->date[0];
        if (group == 0 || s->date[s->n - 1] > v->to) v->to = s->date[s->n - 1];
        group++;
    }
    return group;
}

/* Days on which the series without an exchange have rows; left empty when they are few, or of
 * several exchanges. */
static bool count_votes(const abn_quotes *quotes, const abn_exchange *const *exchange, abn_votes *v)
{
    size_t group = find_group(quotes, exchange, v), days = (size_t)(v->to - v->from) + 2;
    if (group < LEAST_SERIES) return true;
    v->vote = calloc(days, sizeof *v->vote);
    v->cover = calloc(days, sizeof *v->cover);
    v->opens = calloc(days + 1, sizeof *v->opens);
    v->open = calloc(days, sizeof *v->open);
    if (!v->vote || !v->cover || !v->opens || !v->open) return false;
    for (size_t i = 0; i < abn_quotes_count(quotes); i++)
        if (!exchange[i]) count_series(v, abn_quotes_at(quotes, i));
    for (size_t d = 0; d < days; d++) {
        if (d > 0) v->cover[d] += v->cover[d - 1];
        v->vote[d] -= v->cover[d];
        v->opens[d + 1] = v->opens[d] + (v->vote[d] > 0);
        if (v->vote[d] > 0 && v->cover[d] > 2) v->open[v->n_open++] = v->from + (abn_date)d;
    }
    if (!is_one_exchange(quotes, exchange, v, group)) free_votes(v);
    return true;
}

/* Whether nearly every weekday has a row, as in made-up data and currencies. */
static bool keeps_weekdays(const abn_series *s)
{
    size_t days = s->n > 0 ? (size_t)(s->date[s->n - 1] - s->date[0]) + 1 : 0, rows = 0;
    size_t weekdays = days / 7 * 5;
    if (s->n < LEAST_ROWS || s->n * 1000 < weekdays * 985) return false;
    for (abn_date d = s->date[s->n - 1]; d > s->date[s->n - 1] - (abn_date)(days % 7); d--)
        weekdays += abn_weekday(d) <= 5;
    for (size_t i = 0; i < s->n; i++)
        rows += abn_weekday(s->date[i]) <= 5;
    return rows * 1000 > weekdays * 985 && rows * 1000 > s->n * 985;
}

/* ---- the check ---- */

static void check_series(abn_checker *c, bool cleaning)
{
    if (cleaning) {
        if (c->exchange) abn_check_closed_days(c);
    } else {
        c->weekdays = !c->exchange && !c->votes && keeps_weekdays(c->series);
        abn_check_sessions(c);
    }
    abn_check_bars(c);
    abn_check_jumps(c);
}

static void append(abn_findings *to, const abn_findings *from)
{
    for (size_t i = 0; i < from->n; i++)
        push(to, &from->row[i]);
    to->failed |= from->failed;
}

/* Every thread keeps a list of its own; their order does not matter, as they are sorted. */
static void check_all(const abn_quotes *quotes, const abn_quality_inputs *inputs,
                      const abn_exchange *const *exchange, const abn_votes *votes,
                      const abn_reject *const *refused, bool cleaning, abn_findings *out)
{
    int64_t n = (int64_t)abn_quotes_count(quotes);
#pragma omp parallel if (n > 16)
    {
        abn_findings mine = {0};
#pragma omp for schedule(dynamic, 8)
        for (int64_t i = 0; i < n; i++) {
            abn_checker c = {.quotes = quotes,
                             .in = inputs,
                             .series = abn_quotes_at(quotes, (size_t)i),
                             .exchange = exchange[i],
                             .refused = refused,
                             .n_refused = abn_quotes_rejects(quotes),
                             .out = &mine};
            if (votes->vote && !c.exchange && share_of_breaks(votes, c.series) < 5 * MOST_BREAKS)
                c.votes = votes;
            check_series(&c, cleaning);
        }
#pragma omp critical
        append(out, &mine);
        free(mine.row);
    }
}

/* By date and symbol, to free(). */
static const abn_reject **sort_rejects(const abn_quotes *quotes)
{
    size_t n = abn_quotes_rejects(quotes);
    const abn_reject **at = malloc((n + 1) * sizeof *at);
    for (size_t i = 0; at && i < n; i++)
        at[i] = abn_quotes_reject_at(quotes, i);
    if (at && n) qsort(at, n, sizeof *at, abn_compare_rejects);
    return at;
}

/* `cleaning` leaves out what drops no row and shifts no price: sessions without a row, and rows
 * that were refused. */
static abn_status find(const abn_quotes *quotes, const abn_quality_inputs *inputs, bool cleaning,
                       abn_findings **out, abn_error *err)
{
    abn_votes votes = {0};
    abn_findings *list = calloc(1, sizeof *list);
    const abn_exchange **exchange = abn_venue_all(inputs->exchanges, inputs->listings, quotes);
    const abn_reject **refused = sort_rejects(quotes);
    bool fine = list && exchange && refused && (cleaning || count_votes(quotes, exchange, &votes));
    if (fine) check_all(quotes, inputs, exchange, &votes, refused, cleaning, list);
    if (fine && !cleaning) add_rejects(quotes, list);
    free_votes(&votes);
    free(exchange);
    free(refused);
    if (!fine || list->failed) {
        abn_findings_free(list);
        return abn_fail_memory(err);
    }
    if (list->n > 0) qsort(list->row, list->n, sizeof *list->row, compare_findings);
    *out = list;
    return ABN_OK;
}

abn_status abn_quality_check(const abn_quotes *quotes, const abn_quality_inputs *inputs,
                             abn_findings **out, abn_error *err)
{
    return find(quotes, inputs, false, out, err);
}

void abn_findings_free(abn_findings *findings)
{
    if (!findings) return;
    free(findings->row);
    free(findings);
}

size_t abn_findings_count(const abn_findings *findings)
{
    return findings->n;
}

const abn_finding *abn_findings_at(const abn_findings *findings, size_t i)
{
    return &findings->row[i];
}

/* ---- cleaning ---- */

/* Rows that were never taken need no dropping. */
static bool is_row(const abn_finding *f)
{
    return f->dropped && (f->check == ABN_CHECK_STALE_BAR || f->check == ABN_CHECK_PARTIAL_BAR ||
                          f->check == ABN_CHECK_EXTRA_SESSION);
}

static bool is_footing(const abn_finding *f)
{
    return f->check == ABN_CHECK_SPLIT || f->check == ABN_CHECK_SPLICE ||
           f->check == ABN_CHECK_UNIT_JUMP || f->check == ABN_CHECK_SPIKE ||
           f->check == ABN_CHECK_LARGE_MOVE;
}

static void note_finding(abn_notes *notes, const abn_finding *f)
{
    char date[ABN_DATE_MAX];
    if (is_row(f))
        abn_note_at(notes, about[f->check].name, f->source, f->line, 0,
                    "%s on %s: %s; no observation", f->symbol, abn_date_format(f->date, date),
                    f->text);
    else if (is_footing(f))
        abn_note_at(notes, about[f->check].name, f->source, f->line, 0, "%s on %s: %s", f->symbol,
                    abn_date_format(f->date, date), f->text);
}

/* Rows of one series that findings `from` to `to` drop, by ascending index, each once. */
static size_t list_rows(const abn_findings *list, size_t from, size_t to, const abn_series *s,
                        size_t *row)
{
    size_t n = 0;
    for (size_t i = from; i < to; i++) {
        if (!is_row(&list->row[i])) continue;
        ptrdiff_t at = abn_series_on(s, list->row[i].date);
        if (at >= 0 && (n == 0 || row[n - 1] < (size_t)at)) row[n++] = (size_t)at;
    }
    return n;
}

static abn_status drop_rows(abn_quotes *quotes, const abn_findings *list, abn_error *err)
{
    size_t *row = malloc((list->n + 1) * sizeof *row);
    if (!row) return abn_fail_memory(err);
    for (size_t from = 0, to; from < list->n; from = to) {
        const char *symbol = list->row[from].symbol;
        for (to = from + 1; to < list->n && strcmp(list->row[to].symbol, symbol) == 0;)
            to++;
        const abn_series *s = abn_quotes_find(quotes, abn_slice_of(symbol));
        size_t n = s ? list_rows(list, from, to, s, row) : 0;
        if (n > 0 && n < s->n) abn_quotes_drop(quotes, s, row, n);
    }
    free(row);
    return ABN_OK;
}

abn_status abn_quality_warn(const abn_quotes *quotes, const abn_quality_inputs *inputs,
                            abn_notes *notes, abn_error *err)
{
    abn_findings *list = NULL;
    abn_status status = find(quotes, inputs, true, &list, err);
    for (size_t i = 0; status == ABN_OK && i < list->n; i++)
        if (is_footing(&list->row[i])) note_finding(notes, &list->row[i]);
    abn_findings_free(list);
    return status;
}

abn_status abn_quality_clean(abn_quotes *quotes, const abn_quality_inputs *inputs, abn_notes *notes,
                             abn_error *err)
{
    abn_findings *list = NULL;
    abn_status status = find(quotes, inputs, true, &list, err);
    if (status == ABN_OK) status = drop_rows(quotes, list, err);
    for (size_t i = 0; status == ABN_OK && i < list->n; i++)
        note_finding(notes, &list->row[i]);
    abn_findings_free(list);
    return status;
}
