/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/price_path.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* An event's first session on one listing. */
typedef struct mark {
    const char *symbol, *event_id;
    abn_date session;
} mark;

static int by_symbol(const void *a, const void *b)
{
    const mark *x = a, *y = b;
    int c = strcmp(x->symbol, y->symbol);
    if (c) return c;
    if (x->session != y->session) return x->session < y->session ? -1 : 1;
    return strcmp(x->event_id, y->event_id);
}

static size_t list_marks(const abn_study *study, mark *all, abn_date *first, abn_date *last)
{
    size_t n = 0;
    for (size_t i = 0; i < abn_study_alignments(study); i++) {
        abn_alignment_row row;
        abn_study_alignment(study, i, &row);
        if (row.first_session == ABN_NO_DATE) continue;
        if (!n || row.first_session < *first) *first = row.first_session;
        if (!n || row.first_session > *last) *last = row.first_session;
        all[n++] = (mark){row.symbol, row.event_id, row.first_session};
    }
    if (n) qsort(all, n, sizeof *all, by_symbol);
    return n;
}

typedef struct path {
    abn_price_row *row;
    size_t n;
} path;

/* The part of one listing's history that is shown; its own sessions count. */
static bool add_listing(path *p, const abn_series *s, abn_date first, abn_date last, size_t before,
                        size_t after)
{
    size_t from = abn_series_lower(s, first), to = abn_series_lower(s, last);
    from = from > before ? from - before : 0;
    to = s->n - to > after ? to + after + 1 : s->n;
    if (to > s->n) to = s->n;
    abn_price_row *grown = realloc(p->row, (p->n + (to - from) + 1) * sizeof *grown);
    if (!grown) return false;
    p->row = grown;
    double base = NAN;
    for (size_t t = from; t < to; t++) {
        if (!(s->close[t] > 0)) continue;
        if (isnan(base)) base = s->close[t];
        p->row[p->n++] =
            (abn_price_row){s->symbol, s->date[t], s->close[t], 100 * s->close[t] / base, ""};
    }
    return true;
}

static void mark_events(path *p, size_t from, const mark *marks, size_t n)
{
    for (size_t m = 0; m < n; m++)
        for (size_t i = from; i < p->n; i++)
            if (p->row[i].date == marks[m].session) p->row[i].event_id = marks[m].event_id;
}

abn_status abn_price_rows(const abn_study *study, const abn_quotes *quotes, size_t before,
                          size_t after, abn_price_row **rows, size_t *n, abn_error *err)
{
    abn_date first = 0, last = 0;
    mark *marks = malloc((abn_study_alignments(study) + 1) * sizeof *marks);
    path p = {0};
    bool good = marks != NULL;
    size_t count = good ? list_marks(study, marks, &first, &last) : 0;
    for (size_t i = 0, end; good && i < count; i = end) {
        for (end = i; end < count && strcmp(marks[end].symbol, marks[i].symbol) == 0;)
            end++;
        const abn_series *s = abn_quotes_find(quotes, abn_slice_of(marks[i].symbol));
        size_t from = p.n;
        if (!s || !s->close) continue;
        good = add_listing(&p, s, first, last, before, after);
        if (good) mark_events(&p, from, marks + i, end - i);
    }
    free(marks);
    if (!good) {
        free(p.row);
        return abn_fail_memory(err);
    }
    *rows = p.row;
    *n = p.n;
    return ABN_OK;
}
