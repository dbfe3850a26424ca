/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prices on another footing: splits that are not on file, adjusted stretches amid raw ones, cents
 * for units. A jump is told from a move by its size against the moves around it, and by what
 * follows: a footing that is left comes back by the same factor. */
#include "checks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define LEAST_JUMP   .2   /* in logarithms */
#define LEAST_SPLICE .25  /* what comes back */
#define LEAST_SPLIT  .3   /* three for two, less what a session may move */
#define LIKELY_SPLIT .55  /* of which there is hardly another cause */
#define LARGE_RETURN .5   /* simple */
#define FALL_BACK    .003 /* of an adjustment factor, beyond what rounding does */
#define NEXT_JUMPS   4    /* among which one may take a jump back */
#define AROUND       20   /* rows each side that say what moves are usual */

typedef struct jump {
    size_t row, last; /* the row that jumps, and the one before it */
    double size;      /* log of close to close, after a split on file */
    double sigma;     /* of the returns around it */
    bool used;
} jump;

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Prices may lie farther apart than their quotient can say. */
static double log_ratio(double to, double from)
{
    double ratio = to / from;
    return isnormal(ratio) ? log(ratio) : log(to) - log(from);
}

enum { FACTOR_MAX = 40 };

static const char *print_factor(double factor, const char *form, char out[FACTOR_MAX])
{
    snprintf(out, FACTOR_MAX, isfinite(factor) ? form : "more than 1e308", factor);
    return out;
}

/* Robust: the median size of the moves around a row, that row's left out. */
static double usual_move(const abn_series *s, size_t row)
{
    double size[2 * AROUND + 1];
    size_t n = 0, from = row > AROUND ? row - AROUND : 1;
    for (size_t i = from; i <= row + AROUND && i < s->n; i++) {
        double r = fabs(log_ratio(s->close[i], s->close[i - 1]));
        if (i != row && isfinite(r)) size[n++] = r;
    }
    if (n < 3) return .02;
    qsort(size, n, sizeof *size, compare_doubles);
    double sigma = size[n / 2] / .6745;
    return sigma > .004 ? sigma : .004;
}

/* Close to close, after a split on file where the prices show it. */
static double move_into(const abn_checker *c, size_t i, size_t last)
{
    const abn_series *s = c->series;
    double ratio = s->close[i] / s->close[last];
    if (ratio > 1 / 1.2 && ratio < 1.2) return 0;
    double split =
        abn_actions_split(c->in->actions, abn_slice_of(s->symbol), s->date[last], s->date[i]);
    double plain = log_ratio(s->close[i], s->close[last]), after = plain + log(split);
    return fabs(after) < fabs(plain) ? after : plain;
}

typedef struct jump_list {
    jump *at;
    size_t n, cap;
} jump_list;

static bool push_jump(jump_list *list, jump found)
{
    if (list->n == list->cap) {
        size_t cap = list->cap ? 2 * list->cap : 16;
        jump *grown = realloc(list->at, cap * sizeof *grown);
        if (!grown) return false;
        list->at = grown;
        list->cap = cap;
    }
    list->at[list->n++] = found;
    return true;
}

/* From session to session: a row on a closed day is told as such. */
static jump *find_jumps(const abn_checker *c, size_t *count)
{
    const abn_series *s = c->series;
    jump_list list = {0};
    for (size_t i = 1, last = 0; i < s->n; i++) {
        double size = move_into(c, i, last);
        if (fabs(size) > LEAST_JUMP && abn_checker_opening(c, s->date[i]) == ABN_CLOSED) continue;
        double sigma = fabs(size) > LEAST_JUMP ? usual_move(s, i) : 1;
        bool jumps = fabs(size) > 7 * sigma || fabs(expm1(size)) > LARGE_RETURN;
        if (jumps && !push_jump(&list, (jump){i, last, size, sigma, false})) break;
        last = i;
    }
    *count = list.n;
    return list.at;
}

static bool is_unit(double size)
{
    double rest = fabs(fabs(size) - log(100)), thousand = fabs(fabs(size) - log(1000));
    return rest < .4 || thousand < .4;
}

/* Two jumps of which the second takes the first back. */
typedef struct stretch {
    size_t from, back; /* jumps */
    size_t rows;
} stretch;

static int compare_stretches(const void *a, const void *b)
{
    const stretch *x = a, *y = b;
    if (x->rows != y->rows) return x->rows < y->rows ? -1 : 1;
    return x->from < y->from ? -1 : x->from > y->from;
}

static bool takes_back(const jump *from, const jump *back)
{
    double room = 5 * hypot(from->sigma, back->sigma), size = fabs(from->size);
    if (room > size / 2) room = size / 2;
    if (room < size / 10) room = size / 10;
    return fabs(from->size + back->size) < room;
}

/* All that could be stretches, the shortest first: a footing that holds for long is a split. */
static stretch *find_stretches(const jump *list, size_t n, size_t *count)
{
    stretch *found = malloc((n + 1) * NEXT_JUMPS * sizeof *found);
    *count = 0;
    for (size_t j = 0; found && j < n; j++) {
        if (fabs(list[j].size) < LEAST_SPLICE || fabs(list[j].size) < 8 * list[j].sigma) continue;
        for (size_t m = j + 1; m < n && m <= j + NEXT_JUMPS; m++)
            if (takes_back(&list[j], &list[m]))
                found[(*count)++] = (stretch){j, m, list[m].row - list[j].row};
    }
    if (*count > 0) qsort(found, *count, sizeof *found, compare_stretches);
    return found;
}

static void add_stretch(abn_checker *c, abn_check check, const jump *from, size_t last)
{
    static const char *const what[] = {"another currency unit", "off", "on another footing"};
    const abn_series *s = c->series;
    char until[ABN_DATE_MAX], by[FACTOR_MAX];
    double factor = exp(from->size);
    const char *kind = check == ABN_CHECK_UNIT_JUMP ? what[0]
                       : check == ABN_CHECK_SPIKE   ? what[1]
                                                    : what[2];
    abn_finding *f = abn_checker_add(
        c, check, from->row, factor, "prices are %s by a factor of %s until %s", kind,
        print_factor(factor, "%.4g", by), abn_date_format(s->date[last], until));
    if (f) f->until = s->date[last];
}

static void take_stretches(abn_checker *c, jump *list, size_t n)
{
    size_t count;
    stretch *found = find_stretches(list, n, &count);
    for (size_t i = 0; i < count; i++) {
        jump *from = &list[found[i].from], *back = &list[found[i].back];
        if (from->used || back->used) continue;
        abn_check check = is_unit(from->size)  ? ABN_CHECK_UNIT_JUMP
                          : found[i].rows == 1 ? ABN_CHECK_SPIKE
                                               : ABN_CHECK_SPLICE;
        add_stretch(c, check, from, back->row - 1);
        from->used = back->used = true;
    }
    free(found);
}

/* How far a jump is from a ratio: close to close, or from the close to the open, in which there is
 * less of the session's own move. */
static double distance(const abn_series *s, const jump *j, double ratio)
{
    double off = fabs(fabs(j->size) - log(ratio));
    double gap = s->open ? log(s->open[j->row] / s->close[j->last]) : NAN;
    if (isnan(gap) || gap * j->size < 0) return off;
    return fmin(off, fabs(fabs(gap) - log(ratio)));
}

/* A stock that falls by half in a session did not split: the open must have jumped too. */
static bool opens_there(const abn_series *s, const jump *j)
{
    double gap = s->open ? log(s->open[j->row] / s->close[j->last]) : j->size;
    double room =
        fabs(j->size) > LIKELY_SPLIT ? fmax(.15, 8 * j->sigma) : fmax(.06, 2.5 * j->sigma);
    return isnan(gap) || fabs(gap - j->size) < room;
}

/* New shares an old one of the split whose ratio a jump has, or 0. */
static double split_ratio(const abn_series *s, const jump *j)
{
    static const double ratio[] = {1.5, 2,  2.5, 3,  4,  5,  6,  7,  8,  9,
                                   10,  12, 15,  20, 25, 30, 40, 50, 100};
    double best = 0, least = fabs(j->size) > LIKELY_SPLIT ? fmax(.1, 5 * j->sigma)
                                                          : fmax(.04, 3.5 * j->sigma);
    if (fabs(j->size) < LEAST_SPLIT || !opens_there(s, j)) return 0;
    for (size_t i = 0; i < sizeof ratio / sizeof *ratio; i++) {
        double off = distance(s, j, ratio[i]);
        if (off >= least) continue;
        least = off;
        best = j->size < 0 ? ratio[i] : 1 / ratio[i];
    }
    return best;
}

static void take_single(abn_checker *c, const jump *j)
{
    const abn_series *s = c->series;
    double ret = expm1(j->size), ratio = split_ratio(s, j);
    char by[FACTOR_MAX];
    if (is_unit(j->size))
        abn_checker_add(c, ABN_CHECK_UNIT_JUMP, j->row, exp(j->size),
                        "prices jump by a factor of %s: another currency unit",
                        print_factor(exp(j->size), "%.4g", by));
    else if (ratio > 0 && fabs(j->size) > 8 * j->sigma)
        abn_checker_add(c, ABN_CHECK_SPLIT, j->row, ratio,
                        "return of %.4g looks like a split of %.4g to %.4g that is not on file",
                        ret, ratio > 1 ? ratio : 1., ratio > 1 ? 1. : 1 / ratio);
    else if (fabs(ret) > LARGE_RETURN)
        abn_checker_add(c, ABN_CHECK_LARGE_MOVE, j->row, ret,
                        "return of %s without a split on file", print_factor(ret, "%.4g", by));
}

static bool is_jump_row(const jump *list, size_t n, size_t row)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].row == row) return true;
    return false;
}

/* Adjusted over plain close only ever rises with time, by each dividend; where it falls, or rises
 * by more than dividends do, one of the two is on another footing. */
static void check_factor(abn_checker *c, const jump *list, size_t n)
{
    const abn_series *s = c->series;
    char before[FACTOR_MAX], after[FACTOR_MAX];
    for (size_t i = 1; s->adj_close && i < s->n; i++) {
        double step = log(s->adj_close[i] / s->close[i] * s->close[i - 1] / s->adj_close[i - 1]);
        if (!(step < -FALL_BACK) && !(step > LEAST_JUMP)) continue;
        if (is_jump_row(list, n, i)) continue;
        abn_checker_add(c, ABN_CHECK_SPLICE, i, exp(step),
                        "adjusted over plain close goes from %s to %s: adjusted and raw prices "
                        "are mixed",
                        print_factor(s->adj_close[i - 1] / s->close[i - 1], "%.6g", before),
                        print_factor(s->adj_close[i] / s->close[i], "%.6g", after));
    }
}

void abn_check_jumps(abn_checker *c)
{
    size_t n = 0;
    if (!c->series->close) return;
    jump *list = find_jumps(c, &n);
    take_stretches(c, list, n);
    for (size_t j = 0; j < n; j++)
        if (!list[j].used) take_single(c, &list[j]);
    check_factor(c, list, n);
    free(list);
}
