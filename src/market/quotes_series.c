/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From rows as a file has them to a series: columns in order of date, each date once. */
#include "quotes_file.h"

#include <abnorm/memory.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- memory ---- */

enum { LEAST_BLOCK = 1 << 16, MOST_BLOCK = 1 << 23, MOST_REJECTS = 1000000 };

struct abn_store_block {
    struct abn_store_block *next;
    void *adopted; /* or NULL */
    size_t used, size;
    double data[];
};

void *abn_store_take(abn_store *store, size_t size)
{
    struct abn_store_block *block = store->block;
    size = (size + sizeof(double) - 1) & ~(sizeof(double) - 1);
    if (!block || block->size - block->used < size) {
        size_t room = block && block->size ? 2 * block->size : LEAST_BLOCK;
        if (room > MOST_BLOCK) room = MOST_BLOCK;
        if (room < size) room = size;
        struct abn_store_block *fresh = abn_columns_alloc(sizeof *fresh + room);
        if (!fresh) return NULL;
        *fresh = (struct abn_store_block){.next = block, .size = room};
        store->block = block = fresh;
    }
    void *taken = (char *)block->data + block->used;
    block->used += size;
    return taken;
}

/* Behind the block that is being filled. */
bool abn_store_adopt(abn_store *store, void *memory)
{
    struct abn_store_block *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return false;
    fresh->adopted = memory;
    struct abn_store_block **at = store->block ? &store->block->next : &store->block;
    fresh->next = *at;
    *at = fresh;
    return true;
}

char *abn_store_text(abn_store *store, abn_slice text)
{
    char *copy = abn_store_take(store, text.len + 1);
    if (!copy) return NULL;
    if (text.len > 0) memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    return copy;
}

void abn_store_join(abn_store *to, abn_store *from)
{
    struct abn_store_block **last = &to->block;
    while (*last)
        last = &(*last)->next;
    *last = from->block;
    from->block = NULL;
}

void abn_store_free(abn_store *store)
{
    for (struct abn_store_block *next; store->block; store->block = next) {
        next = store->block->next;
        free(store->block->adopted);
        free(store->block);
    }
}

void abn_rejects_add(abn_rejects *list, const abn_reject *reject)
{
    if (list->n == MOST_REJECTS) {
        list->more++;
        return;
    }
    if (list->n == list->cap) {
        size_t cap = list->cap ? 2 * list->cap : 16;
        abn_reject *grown = realloc(list->row, cap * sizeof *grown);
        if (!grown) {
            list->failed = true;
            return;
        }
        list->row = grown;
        list->cap = cap;
    }
    list->row[list->n++] = *reject;
}

/* ---- columns ---- */

/* A series while it is made. */
typedef struct columns {
    size_t n;
    abn_date *date;
    double *value[ABN_SERIES_FIELDS]; /* NULL where there is none */
    abn_line_span *span;
    size_t spans;
} columns;

static bool is_kept(const abn_series_plan *plan, const abn_rows *rows, size_t i)
{
    for (int f = 0; f < ABN_SERIES_FIELDS; f++)
        if (plan->slot[f] >= 0 && !isnan(rows->value[plan->slot[f]][i])) return true;
    return false;
}

static size_t count_rows(const abn_series_plan *plan)
{
    size_t n = 0;
    for (size_t p = 0; p < plan->pieces; p++) {
        const abn_piece *piece = &plan->piece[p];
        if (!plan->sparse) n += piece->n;
        for (size_t i = 0; plan->sparse && i < piece->n; i++)
            n += is_kept(plan, piece->rows, piece->first + i);
    }
    return n;
}

static bool take_columns(abn_store *store, const abn_series_plan *plan, size_t n, columns *c)
{
    size_t fields = 0;
    for (int f = 0; f < ABN_SERIES_FIELDS; f++)
        fields += plan->slot[f] >= 0;
    size_t dates = (n * sizeof *c->date + 7) & ~(size_t)7;
    char *block = abn_store_take(store, dates + n * fields * sizeof(double));
    if (!block) return false;
    c->n = n;
    c->date = (abn_date *)(void *)block;
    block += dates;
    for (int f = 0; f < ABN_SERIES_FIELDS; f++) {
        c->value[f] = plan->slot[f] >= 0 ? (double *)(void *)block : NULL;
        if (c->value[f]) block += n * sizeof(double);
    }
    return true;
}

static void copy_piece(const abn_series_plan *plan, const abn_piece *piece, columns *c, size_t at)
{
    memcpy(c->date + at, piece->rows->date + piece->first, piece->n * sizeof *c->date);
    for (int f = 0; f < ABN_SERIES_FIELDS; f++)
        if (c->value[f])
            memcpy(c->value[f] + at, piece->rows->value[plan->slot[f]] + piece->first,
                   piece->n * sizeof(double));
}

static size_t copy_kept(const abn_series_plan *plan, const abn_piece *piece, columns *c, size_t at)
{
    for (size_t i = piece->first; i < piece->first + piece->n; i++) {
        if (!is_kept(plan, piece->rows, i)) continue;
        c->date[at] = piece->rows->date[i];
        for (int f = 0; f < ABN_SERIES_FIELDS; f++)
            if (c->value[f]) c->value[f][at] = piece->rows->value[plan->slot[f]][i];
        at++;
    }
    return at;
}

/* Lines are kept where few spans tell them. */
static bool take_spans(abn_store *store, const abn_series_plan *plan, columns *c)
{
    if (plan->sparse || plan->pieces > 4 + c->n / 16) return true;
    abn_line_span *span = abn_store_take(store, plan->pieces * sizeof *span);
    if (!span) return false;
    size_t row = 0;
    for (size_t p = 0; p < plan->pieces; row += plan->piece[p++].n) {
        if (plan->piece[p].line == 0) return true;
        span[p] = (abn_line_span){row, plan->piece[p].line, 1};
    }
    c->span = span;
    c->spans = plan->pieces;
    return true;
}

static void copy_rows(const abn_series_plan *plan, columns *c)
{
    size_t at = 0;
    for (size_t p = 0; p < plan->pieces; p++) {
        if (plan->sparse) {
            at = copy_kept(plan, &plan->piece[p], c, at);
        } else {
            copy_piece(plan, &plan->piece[p], c, at);
            at += plan->piece[p].n;
        }
    }
}

/* ---- order ---- */

/* 1 when dates rise from row to row, -1 when they fall, 0 when neither. */
static int find_order(const abn_date *date, size_t n)
{
    size_t rising = 0, falling = 0;
    for (size_t i = 1; i < n; i++) {
        rising += date[i - 1] < date[i];
        falling += date[i - 1] > date[i];
    }
    return rising + 1 >= n ? 1 : falling + 1 == n ? -1 : 0;
}

static void reverse(columns *c)
{
    for (size_t i = 0, j = c->n - 1; i < j; i++, j--) {
        abn_date date = c->date[i];
        c->date[i] = c->date[j];
        c->date[j] = date;
        for (int f = 0; f < ABN_SERIES_FIELDS; f++) {
            if (!c->value[f]) continue;
            double value = c->value[f][i];
            c->value[f][i] = c->value[f][j];
            c->value[f][j] = value;
        }
    }
    for (size_t i = 0; i < c->spans; i++) { /* spans stay in ascending order of row */
        size_t end = i + 1 < c->spans ? c->span[i + 1].row : c->n;
        long rows = (long)(end - c->span[i].row);
        c->span[i] = (abn_line_span){c->n - end, c->span[i].line + rows - 1, -1};
    }
    for (size_t i = 0; c->spans && i < c->spans / 2; i++) {
        abn_line_span span = c->span[i];
        c->span[i] = c->span[c->spans - 1 - i];
        c->span[c->spans - 1 - i] = span;
    }
}

typedef struct place {
    abn_date date;
    size_t row;
} place;

static int compare_places(const void *a, const void *b)
{
    const place *x = a, *y = b;
    if (x->date != y->date) return x->date < y->date ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static bool same_values(const columns *c, size_t a, size_t b)
{
    for (int f = 0; f < ABN_SERIES_FIELDS; f++) {
        if (!c->value[f]) continue;
        double x = c->value[f][a], y = c->value[f][b];
        if (x != y && !(isnan(x) && isnan(y))) return false;
    }
    return true;
}

long abn_line_of(const abn_line_span *span, size_t spans, size_t row)
{
    size_t lo = 0, hi = spans;
    while (lo < hi) { /* the last span that begins at or before the row */
        size_t mid = lo + (hi - lo) / 2;
        if (span[mid].row <= row)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == 0) return 0;
    return span[lo - 1].line + (long)(row - span[lo - 1].row) * span[lo - 1].step;
}

static void reject_repeated(const abn_series_plan *plan, const columns *c, size_t first,
                            size_t again, abn_rejects *rejects)
{
    bool same = same_values(c, first, again);
    char date[ABN_DATE_MAX], where[40] = "";
    long before = abn_line_of(c->span, c->spans, first);
    if (before > 0) snprintf(where, sizeof where, " (line %ld)", before);
    abn_reject reject = {
        .kind = same ? "repeated row" : "disagreeing row",
        .source = plan->source,
        .symbol = plan->symbol,
        .date = c->date[again],
        .line = abn_line_of(c->span, c->spans, again),
    };
    snprintf(reject.text, sizeof reject.text, "%s is there before%s, %s",
             abn_date_format(c->date[again], date), where,
             same ? "with the same values" : "with other values");
    abn_rejects_add(rejects, &reject);
}

/* Lines of sorted rows, where few spans tell them. */
static bool sort_spans(abn_store *store, columns *c, const place *order, size_t kept)
{
    size_t most = 4 + kept / 16, n = 0;
    abn_line_span *span = c->spans ? malloc(most * sizeof *span) : NULL;
    for (size_t i = 0; span && i < kept; i++) {
        long line = abn_line_of(c->span, c->spans, order[i].row);
        long step = i > 0 ? line - abn_line_of(c->span, c->spans, order[i - 1].row) : 0;
        bool follows = n > 0 && step == span[n - 1].step;
        if (n > 0 && !follows && i == span[n - 1].row + 1 && (step == 1 || step == -1)) {
            span[n - 1].step = (int)step;
            follows = true;
        }
        if (follows) continue;
        if (n == most || line == 0) {
            n = 0;
            break;
        }
        span[n++] = (abn_line_span){i, line, 1};
    }
    c->spans = 0;
    if (n > 0) {
        c->span = abn_store_take(store, n * sizeof *span);
        if (c->span) memcpy(c->span, span, n * sizeof *span);
        if (c->span) c->spans = n;
    }
    bool fine = n == 0 || c->span;
    free(span);
    return fine;
}

static size_t keep_first(const abn_series_plan *plan, const columns *c, place *order,
                         abn_rejects *rejects)
{
    size_t kept = 0;
    for (size_t i = 0; i < c->n; i++) {
        if (kept > 0 && order[kept - 1].date == order[i].date)
            reject_repeated(plan, c, order[kept - 1].row, order[i].row, rejects);
        else
            order[kept++] = order[i];
    }
    return kept;
}

/* Sort by date, then by place in the file, and keep the first row of a date. */
static bool sort_rows(abn_store *store, const abn_series_plan *plan, columns *c,
                      abn_rejects *rejects)
{
    place *order = malloc(c->n * sizeof *order);
    double *copy = malloc(c->n * sizeof *copy);
    bool fine = order && copy;
    if (!fine) goto done;
    for (size_t i = 0; i < c->n; i++)
        order[i] = (place){c->date[i], i};
    qsort(order, c->n, sizeof *order, compare_places);
    size_t kept = keep_first(plan, c, order, rejects);
    for (int f = 0; f < ABN_SERIES_FIELDS; f++) {
        if (!c->value[f]) continue;
        memcpy(copy, c->value[f], c->n * sizeof *copy);
        for (size_t i = 0; i < kept; i++)
            c->value[f][i] = copy[order[i].row];
    }
    for (size_t i = 0; i < kept; i++)
        c->date[i] = order[i].date;
    fine = sort_spans(store, c, order, kept);
    c->n = kept;
done:
    free(order);
    free(copy);
    return fine;
}

/* Instants in UTC of an Asian midnight bear the date of the day before: a file of such has Sundays
 * and no Fridays. */
static bool is_day_early(const columns *c)
{
    size_t sundays = 0, fridays = 0;
    for (size_t i = 0; i < c->n; i++) {
        int day = abn_weekday(c->date[i]);
        sundays += day == 7;
        fridays += day == 5;
    }
    return sundays > 0 && fridays == 0;
}

/* Rows of one piece may stay where they are when their dates rise. */
static bool leave_rows(const abn_series_plan *plan, columns *c)
{
    const abn_piece *piece = plan->piece;
    if (!plan->stays || plan->pieces != 1 || plan->sparse || plan->timed || !piece->rows->lent ||
        find_order(piece->rows->date + piece->first, piece->n) <= 0)
        return false;
    c->n = piece->n;
    c->date = piece->rows->date + piece->first;
    for (int f = 0; f < ABN_SERIES_FIELDS; f++)
        if (plan->slot[f] >= 0) c->value[f] = piece->rows->value[plan->slot[f]] + piece->first;
    return true;
}

bool abn_series_build(abn_store *store, const abn_series_plan *plan, abn_series_entry *out,
                      abn_rejects *rejects)
{
    columns c = {0};
    size_t n = count_rows(plan);
    bool left = leave_rows(plan, &c);
    if ((!left && !take_columns(store, plan, n, &c)) || !take_spans(store, plan, &c)) return false;
    if (!left) copy_rows(plan, &c);
    if (plan->timed && is_day_early(&c))
        for (size_t i = 0; i < n; i++)
            c.date[i]++;
    int order = left ? 1 : find_order(c.date, n);
    if (order < 0) reverse(&c);
    if (order == 0 && !sort_rows(store, plan, &c, rejects)) return false;
    out->pub = (abn_series){
        .symbol = plan->symbol,
        .source = plan->source,
        .n = c.n,
        .date = c.date,
        .open = c.value[ABN_FIELD_OPEN],
        .high = c.value[ABN_FIELD_HIGH],
        .low = c.value[ABN_FIELD_LOW],
        .close = c.value[ABN_FIELD_CLOSE],
        .adj_close = c.value[ABN_FIELD_ADJ_CLOSE],
        .volume = c.value[ABN_FIELD_VOLUME],
        .ret = c.value[ABN_FIELD_RETURN],
    };
    out->span = c.span;
    out->spans = c.spans;
    return true;
}
