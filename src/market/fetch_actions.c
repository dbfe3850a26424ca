/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dividends and splits of all symbols in one small file each, rewritten in the order of symbols. */
#include "fetch_parts.h"

#include <abnorm/csv.h>
#include <abnorm/file.h>
#include <abnorm/number.h>
#include <stdlib.h>
#include <string.h>

/* A row as it is printed: "SYMBOL,DATE" and the rest behind the comma. */
typedef struct action {
    char *key, *rest;
    size_t order; /* later ones replace */
} action;

typedef struct actions {
    action *action;
    size_t count, cap;
} actions;

static void free_actions(actions *a)
{
    for (size_t i = 0; i < a->count; i++) {
        free(a->action[i].key);
        free(a->action[i].rest);
    }
    free(a->action);
    *a = (actions){0};
}

/* Takes both strings over, also when it fails. */
static bool add_action(actions *a, char *key, char *rest)
{
    if (a->count == a->cap) {
        size_t cap = a->cap ? a->cap * 2 : 64;
        action *grown = realloc(a->action, cap * sizeof *grown);
        if (grown) {
            a->action = grown;
            a->cap = cap;
        }
    }
    if (!key || !rest || a->count == a->cap) {
        free(key);
        free(rest);
        return false;
    }
    a->action[a->count] = (action){.key = key, .rest = rest, .order = a->count};
    a->count++;
    return true;
}

static int by_key(const void *a, const void *b)
{
    const action *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    return order ? order : (x->order > y->order) - (x->order < y->order);
}

static char *key_of(abn_slice symbol, abn_slice date)
{
    abn_buf key = {0};
    abn_csv_put(&key, symbol);
    abn_buf_char(&key, ',');
    abn_csv_put(&key, date);
    return abn_buf_take(&key);
}

static char *rest_of(const abn_csv *csv)
{
    abn_buf rest = {0};
    abn_buf_text(&rest, "");
    for (size_t f = 2; f < abn_csv_fields(csv); f++) {
        if (f > 2) abn_buf_char(&rest, ',');
        abn_csv_put(&rest, abn_csv_field(csv, (int)f));
    }
    return abn_buf_take(&rest);
}

static abn_status read_actions(const char *path, actions *a, abn_error *err)
{
    abn_csv *csv = NULL;
    bool more = true;
    if (!abn_is_file(path)) return ABN_OK;
    abn_status status = abn_csv_open(path, ',', &csv, err);
    if (status == ABN_OK) status = abn_csv_header(csv, err);
    while (status == ABN_OK) {
        status = abn_csv_next(csv, &more, err);
        if (status || !more) break;
        if (!add_action(a, key_of(abn_csv_field(csv, 0), abn_csv_field(csv, 1)), rest_of(csv)))
            status = abn_fail_memory(err);
    }
    abn_csv_free(csv);
    return status;
}

static abn_status write_actions(const char *path, const char *header, actions *a, abn_error *err)
{
    abn_buf text = {0};
    abn_buf_text(&text, header);
    qsort(a->action, a->count, sizeof *a->action, by_key);
    for (size_t i = 0; i < a->count; i++)
        if (i + 1 == a->count || strcmp(a->action[i].key, a->action[i + 1].key) != 0)
            abn_buf_printf(&text, "%s,%s\n", a->action[i].key, a->action[i].rest);
    abn_status status = abn_fetch_write(path, &text, err);
    abn_buf_free(&text);
    return status;
}

static char *number_text(double value, const char *currency)
{
    char text[ABN_NUMBER_MAX];
    abn_buf out = {0};
    abn_buf_add(&out, text, abn_number_print(text, value, 12));
    if (currency) {
        abn_buf_char(&out, ',');
        abn_csv_put(&out, abn_slice_of(currency));
    }
    return abn_buf_take(&out);
}

static bool add_fresh(actions *a, const char *symbol, const abn_bars *bars, bool splits)
{
    size_t n = splits ? bars->splits : bars->dividends;
    for (size_t i = 0; i < n; i++) {
        char date[ABN_DATE_MAX];
        abn_date_format(splits ? bars->split[i].date : bars->dividend[i].ex_date, date);
        char *rest = splits ? number_text(bars->split[i].ratio, NULL)
                            : number_text(bars->dividend[i].amount, bars->dividend[i].currency);
        if (!add_action(a, key_of(abn_slice_of(symbol), abn_slice_of(date)), rest)) return false;
    }
    return true;
}

static abn_status update(const char *folder, const char *name, const char *header,
                         const char *symbol, const abn_bars *bars, bool splits, abn_error *err)
{
    actions a = {0};
    char *path = abn_path_join(folder, name);
    abn_status status = path ? read_actions(path, &a, err) : abn_fail_memory(err);
    if (status == ABN_OK && !add_fresh(&a, symbol, bars, splits)) status = abn_fail_memory(err);
    if (status == ABN_OK) status = write_actions(path, header, &a, err);
    free_actions(&a);
    free(path);
    return status;
}

/* A link would have files of other folders rewritten. */
static abn_status make_below(const char *path, abn_error *err)
{
    if (abn_is_link(path))
        return abn_fail_at(err, ABN_SYSTEM, path, 0, 0, "is no folder of its own");
    return abn_folder_make(path, err);
}

abn_status abn_fetch_actions(const char *folder, const char *symbol, const abn_bars *bars,
                             abn_error *err)
{
    bool wanted = bars->dividends > 0 || bars->splits > 0;
    char *below = wanted ? abn_path_join(folder, "actions") : NULL;
    if (!wanted) return ABN_OK;
    abn_status status = below ? make_below(below, err) : abn_fail_memory(err);
    if (status == ABN_OK && bars->dividends > 0)
        status = update(below, "dividends.csv", "symbol,ex_date,amount,currency\n", symbol, bars,
                        false, err);
    if (status == ABN_OK && bars->splits > 0)
        status = update(below, "splits.csv", "symbol,ex_date,ratio\n", symbol, bars, true, err);
    free(below);
    return status;
}
