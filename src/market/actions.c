/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/actions.h>

#include <abnorm/arena.h>
#include <abnorm/csv.h>
#include <abnorm/number.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WEEK = 7 };

/* One row of any of the three files. */
typedef struct action {
    const char *key; /* symbol, or a pair of currencies */
    abn_date date;
    double value;
    const char *currency; /* of a dividend; "" when not stated */
    const char *source;
    long line;
} action;

typedef struct action_list {
    action *row; /* by key, then date */
    size_t n, cap;
} action_list;

struct abn_actions {
    abn_arena *arena;
    action_list dividends, splits, rates;
};

/* ---- reading ---- */

typedef struct action_form {
    const char *key[2], *date[2], *value[3]; /* names of the columns, the first that is there */
    const char *what;
    bool ratio;
} action_form;

static const action_form dividend_form = {{"symbol", "ticker"},
                                          {"ex_date", "date"},
                                          {"amount", "dividend", "dividends"},
                                          "amount",
                                          false};
static const action_form split_form = {
    {"symbol", "ticker"}, {"ex_date", "date"}, {"ratio", "split", "split_factor"}, "ratio", true};
static const action_form rate_form = {
    {"pair", "symbol"}, {"date", "ex_date"}, {"rate", "close", "value"}, "rate", false};

static int find_column(const abn_csv *csv, const char *const *name, int n)
{
    int at = -1;
    for (int i = 0; i < n && at < 0; i++)
        if (name[i]) at = abn_csv_column(csv, name[i]);
    return at;
}

static abn_status find_columns(const abn_csv *csv, const action_form *form, int at[4],
                               abn_error *err)
{
    const char *missing = NULL;
    at[0] = find_column(csv, form->key, 2);
    at[1] = find_column(csv, form->date, 2);
    at[2] = find_column(csv, form->value, 3);
    at[3] = abn_csv_column(csv, "currency");
    if (at[2] < 0) missing = form->value[0];
    if (at[1] < 0) missing = form->date[0];
    if (at[0] < 0) missing = form->key[0];
    if (!missing) return ABN_OK;
    return abn_fail_at(err, ABN_DATA, abn_csv_name(csv), abn_csv_line(csv), 0,
                       "no column \"%s\" (expected %s, %s, %s)", missing, form->key[0],
                       form->date[0], form->value[0]);
}

/* "4", "4:1", "4/1" or "4-for-1". */
static bool parse_ratio(abn_slice text, double *ratio)
{
    static const char *const between[] = {":", "/", "-for-", " for "};
    for (size_t i = 0; i < sizeof between / sizeof *between; i++) {
        size_t len = strlen(between[i]);
        for (size_t at = 1; at + len < text.len; at++) {
            double a, b;
            abn_slice head = {text.ptr, at}, tail = {text.ptr + at + len, text.len - at - len};
            if (memcmp(text.ptr + at, between[i], len) != 0) continue;
            if (!abn_number_parse(head, &a) || !abn_number_parse(tail, &b) || b <= 0) return false;
            *ratio = a / b;
            return true;
        }
    }
    return abn_number_parse(text, ratio);
}

static bool is_pair(abn_slice key)
{
    for (size_t i = 0; i < key.len; i++)
        if (key.ptr[i] < 'A' || key.ptr[i] > 'Z') return false;
    return key.len == 6;
}

static abn_status read_action(const abn_csv *csv, const action_form *form, const int at[4],
                              action *out, abn_error *err)
{
    abn_slice key = abn_csv_field(csv, at[0]), date = abn_csv_field(csv, at[1]),
              value = abn_csv_field(csv, at[2]);
    if (key.len == 0) return abn_csv_fail(csv, at[0], err, "no %s", form->key[0]);
    if (form == &rate_form && !is_pair(key))
        return abn_csv_fail(csv, at[0], err, "bad pair \"%.*s\" (expected two codes, as USDHKD)",
                            (int)key.len, key.ptr);
    if (!abn_date_parse(date, &out->date))
        return abn_csv_fail(csv, at[1], err, "bad date \"%.*s\" (expected YYYY-MM-DD)",
                            (int)date.len, date.ptr);
    bool fine =
        form->ratio ? parse_ratio(value, &out->value) : abn_number_parse(value, &out->value);
    if (!fine || !(out->value > 0 && isfinite(out->value)))
        return abn_csv_fail(csv, at[2], err, "bad %s \"%.*s\" (expected a number above 0)",
                            form->what, (int)value.len, value.ptr);
    return ABN_OK;
}

static abn_status add_action(abn_actions *all, action_list *list, const abn_csv *csv,
                             const int at[4], action row, abn_error *err)
{
    if (list->n == list->cap) {
        size_t cap = list->cap ? 2 * list->cap : 32;
        action *grown = realloc(list->row, cap * sizeof *grown);
        if (!grown) return abn_fail_memory(err);
        list->row = grown;
        list->cap = cap;
    }
    row.key = abn_arena_slice(all->arena, abn_csv_field(csv, at[0]));
    row.currency = abn_arena_slice(all->arena, abn_csv_field(csv, at[3]));
    row.source = abn_arena_strdup(all->arena, abn_csv_name(csv));
    row.line = abn_csv_line(csv);
    if (!row.key || !row.currency || !row.source) return abn_fail_memory(err);
    list->row[list->n++] = row;
    return ABN_OK;
}

static int compare_actions(const void *a, const void *b)
{
    const action *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    if (order != 0) return order;
    if (x->date != y->date) return x->date < y->date ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

/* The same split or rate twice would count twice; a company may pay twice on a day. */
static abn_status check_repeats(const action_list *list, const action_form *form, abn_error *err)
{
    for (size_t i = 1; i < list->n; i++) {
        const action *a = &list->row[i - 1], *b = &list->row[i];
        if (strcmp(a->key, b->key) != 0 || a->date != b->date) continue;
        if (form == &dividend_form && a->value != b->value) continue;
        return abn_fail_at(err, ABN_DATA, b->source, b->line, 0,
                           "%s has this %s in line %ld already", b->key, form->what, a->line);
    }
    return ABN_OK;
}

static abn_status read_list(abn_actions *all, const char *path, const action_form *form,
                            action_list *list, abn_error *err)
{
    abn_csv *csv = NULL;
    int at[4];
    if (!path) return ABN_OK;
    abn_status status = abn_csv_open(path, 0, &csv, err);
    if (status == ABN_OK) status = abn_csv_header(csv, err);
    if (status == ABN_OK) status = find_columns(csv, form, at, err);
    for (bool more; status == ABN_OK;) {
        action row;
        status = abn_csv_next(csv, &more, err);
        if (status != ABN_OK || !more) break;
        status = read_action(csv, form, at, &row, err);
        if (status == ABN_OK) status = add_action(all, list, csv, at, row, err);
    }
    abn_csv_free(csv);
    if (status != ABN_OK) return status;
    if (list->n > 0) qsort(list->row, list->n, sizeof *list->row, compare_actions);
    return check_repeats(list, form, err);
}

/* ---- looking ---- */

/* Index of the first row of a key that is dated after `date`. */
static size_t first_after(const action_list *list, abn_slice key, abn_date date)
{
    size_t lo = 0, hi = list->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        const char *name = list->row[mid].key;
        int order = strncmp(name, key.ptr, key.len);
        if (order == 0) order = name[key.len] != '\0';
        if (order < 0 || (order == 0 && list->row[mid].date <= date))
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* The row at `i`, when there is one of this key; else NULL. */
static const action *row_of(const action_list *list, size_t i, abn_slice key)
{
    return i < list->n && abn_slice_eq(key, list->row[i].key) ? &list->row[i] : NULL;
}

/* ---- lists ---- */

abn_status abn_actions_load(const char *dividends, const char *splits, const char *fx,
                            abn_actions **out, abn_error *err)
{
    abn_actions *all = calloc(1, sizeof *all);
    if (all) all->arena = abn_arena_new();
    abn_status status = all && all->arena ? ABN_OK : abn_fail_memory(err);
    if (status == ABN_OK) status = read_list(all, dividends, &dividend_form, &all->dividends, err);
    if (status == ABN_OK) status = read_list(all, splits, &split_form, &all->splits, err);
    if (status == ABN_OK) status = read_list(all, fx, &rate_form, &all->rates, err);
    if (status == ABN_OK)
        *out = all;
    else
        abn_actions_free(all);
    return status;
}

/* Whether a list of other source speaks of a listing's actions from this day on. */
static bool superseded(const action *row, const action_list *by)
{
    abn_slice key = abn_slice_of(row->key);
    const action *first = row_of(by, first_after(by, key, ABN_NO_DATE), key);
    return first && row->date >= first->date - WEEK;
}

/* `from` is emptied. */
static abn_status take_over(action_list *list, action_list *from, abn_error *err)
{
    action_list all = {.row = malloc((list->n + from->n + 1) * sizeof *all.row)};
    if (!all.row) return abn_fail_memory(err);
    for (size_t i = 0; i < list->n; i++)
        if (!superseded(&list->row[i], from)) all.row[all.n++] = list->row[i];
    if (from->n) memcpy(all.row + all.n, from->row, from->n * sizeof *all.row);
    all.n += from->n;
    all.cap = list->n + from->n + 1;
    if (all.n) qsort(all.row, all.n, sizeof *all.row, compare_actions);
    free(list->row);
    free(from->row);
    *list = all;
    *from = (action_list){0};
    return ABN_OK;
}

abn_status abn_actions_add(abn_actions *actions, const char *dividends, const char *splits,
                           abn_error *err)
{
    action_list paid = {0}, split = {0};
    abn_status status = read_list(actions, dividends, &dividend_form, &paid, err);
    if (status == ABN_OK) status = read_list(actions, splits, &split_form, &split, err);
    if (status == ABN_OK && paid.n) status = take_over(&actions->dividends, &paid, err);
    if (status == ABN_OK && split.n) status = take_over(&actions->splits, &split, err);
    free(paid.row);
    free(split.row);
    return status;
}

void abn_actions_free(abn_actions *actions)
{
    if (!actions) return;
    abn_arena_free(actions->arena);
    free(actions->dividends.row);
    free(actions->splits.row);
    free(actions->rates.row);
    free(actions);
}

/* ---- what is on file ---- */

static double rate_of_pair(const abn_actions *all, const char *from, const char *to, abn_date date)
{
    char pair[16];
    size_t a = strlen(from), b = strlen(to);
    if (a + b >= sizeof pair) return NAN;
    memcpy(pair, from, a);
    memcpy(pair + a, to, b + 1);
    abn_slice key = {pair, a + b};
    size_t i = first_after(&all->rates, key, date);
    const action *found = i > 0 ? row_of(&all->rates, i - 1, key) : NULL;
    if (!found) found = row_of(&all->rates, i, key);
    return found ? found->value : NAN;
}

double abn_actions_rate(const abn_actions *actions, const char *from, const char *to, abn_date date)
{
    if (strcmp(from, to) == 0) return 1;
    if (!actions) return NAN;
    double rate = rate_of_pair(actions, from, to, date);
    return isnan(rate) ? 1 / rate_of_pair(actions, to, from, date) : rate;
}

double abn_actions_split(const abn_actions *actions, abn_slice symbol, abn_date after,
                         abn_date until)
{
    double ratio = 1;
    if (!actions) return ratio;
    size_t i = first_after(&actions->splits, symbol, after);
    for (const action *s; (s = row_of(&actions->splits, i, symbol)) && s->date <= until; i++)
        ratio *= s->value;
    return ratio;
}

static bool has_rows(const action_list *list, abn_slice symbol)
{
    return row_of(list, first_after(list, symbol, ABN_NO_DATE), symbol) != NULL;
}

bool abn_actions_concern(const abn_actions *actions, abn_slice symbol)
{
    return actions && (has_rows(&actions->dividends, symbol) || has_rows(&actions->splits, symbol));
}

/* ---- returns ---- */

typedef struct return_maker {
    const abn_actions *actions;
    const abn_series *series;
    abn_slice symbol;
    const char *currency;
    abn_notes *notes;
    double later_splits; /* that the prices already show, of rows behind the one at hand */
} return_maker;

static const char *row_date(const abn_series *s, size_t i, char text[ABN_DATE_MAX])
{
    return abn_date_format(s->date[i], text);
}

/* The split between a row and the last; 1 also when the prices are adjusted for it, which shows in
 * that they do not jump. */
static double applied_split(return_maker *m, size_t i)
{
    const abn_series *s = m->series;
    double ratio = abn_actions_split(m->actions, m->symbol, s->date[i - 1], s->date[i]);
    if (ratio == 1) return 1;
    double step = log(s->close[i] / s->close[i - 1]);
    if (fabs(step + log(ratio)) <= fabs(step)) return ratio;
    char date[ABN_DATE_MAX];
    abn_note_at(m->notes, "prices adjusted for a split", s->source, 0, 0,
                "%s: prices are adjusted for the split of %g on %s; it is not applied again",
                s->symbol, ratio, row_date(s, i, date));
    m->later_splits *= ratio;
    return 1;
}

static double convert(const return_maker *m, const action *dividend)
{
    const char *to = m->currency && m->currency[0] ? m->currency : dividend->currency;
    if (dividend->currency[0] == '\0') return dividend->value;
    double rate = abn_actions_rate(m->actions, dividend->currency, to, dividend->date);
    if (!isnan(rate)) return dividend->value * rate;
    abn_note_at(m->notes, "no exchange rate", dividend->source, dividend->line, 0,
                "%s: no rate from %s to %s; this dividend is left out", m->series->symbol,
                dividend->currency, to);
    return 0;
}

/* What was paid after one row and up to the next. */
static double paid(const return_maker *m, abn_date after, abn_date until)
{
    double sum = 0;
    if (!m->actions) return 0;
    const action_list *list = &m->actions->dividends;
    size_t i = first_after(list, m->symbol, after);
    for (const action *d; (d = row_of(list, i, m->symbol)) && d->date <= until; i++)
        sum += convert(m, d);
    return sum;
}

/* Rows backwards, so that splits which the prices already show are known for earlier dividends. */
static void make_returns(return_maker *m, double *out)
{
    const abn_series *s = m->series;
    for (size_t i = s->n; i-- > 1;) {
        out[i] = NAN;
        if (isnan(s->close[i]) || isnan(s->close[i - 1])) continue;
        double dividend = paid(m, s->date[i - 1], s->date[i]) / m->later_splits;
        out[i] = (s->close[i] * applied_split(m, i) + dividend) / s->close[i - 1] - 1;
    }
    if (s->n > 0) out[0] = NAN;
}

abn_status abn_actions_returns(const abn_actions *actions, const abn_series *series,
                               const char *currency, abn_notes *notes, double *out, abn_error *err)
{
    return_maker m = {.actions = actions,
                      .series = series,
                      .symbol = abn_slice_of(series->symbol),
                      .currency = currency,
                      .notes = notes,
                      .later_splits = 1};
    if (!series->ret && !series->close)
        return abn_fail_at(err, ABN_DATA, series->source, 0, 0, "%s has neither prices nor returns",
                           series->symbol);
    if (series->ret)
        memcpy(out, series->ret, series->n * sizeof *out);
    else
        make_returns(&m, out);
    return ABN_OK;
}

abn_status abn_actions_adjusted(const abn_actions *actions, const abn_series *series,
                                const char *currency, abn_notes *notes, double *out, abn_error *err)
{
    if (!series->close)
        return abn_fail_at(err, ABN_DATA, series->source, 0, 0, "%s has no prices", series->symbol);
    abn_status status = abn_actions_returns(actions, series, currency, notes, out, err);
    if (status != ABN_OK) return status;
    double level = NAN, next = NAN; /* of the row behind, and the return into it */
    for (size_t i = series->n; i-- > 0;) {
        double ret = out[i];
        level = isnan(level) || isnan(next) ? series->close[i] : level / (1 + next);
        next = ret;
        out[i] = level;
    }
    return ABN_OK;
}
