/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "languages.h"

#include "document_page.h"
#include "language_guess.h"
#include "timex_grammar.h"
#include "timex_lexicon.h"

#include <abnorm/arena.h>
#include <abnorm/csv.h>
#include <abnorm/file.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FORMS = 4096 }; /* that one cell may stand for */

typedef struct table {
    const char *name, *path;
    abn_language_row *row;
    size_t count, cap;
} table;

typedef struct language {
    const char *code;
    table *table;
    size_t n_tables;
    abn_timex_lexicon *lexicon;
} language;

struct abn_languages {
    abn_arena *arena;
    language *lang;
    size_t count;
    abn_timex_grammar *grammar;
    abn_language_guesser *guesser;
    abn_page_words *page;
};

static abn_status add_row(table *t, abn_language_row row, abn_error *err)
{
    if (t->count == t->cap) {
        size_t cap = t->cap ? t->cap * 2 : 64;
        abn_language_row *grown = realloc(t->row, cap * sizeof *grown);
        if (!grown) return abn_fail_memory(err);
        t->row = grown;
        t->cap = cap;
    }
    t->row[t->count++] = row;
    return ABN_OK;
}

/* Add the forms of one alternative, whose last `(a|b)` group is spelled out first. */
static abn_status add_forms(abn_arena *arena, table *t, abn_slice form, const abn_language_row *row,
                            abn_error *err)
{
    form = abn_slice_trim(form);
    if (form.len == 0) return ABN_OK;
    const char *open = memchr(form.ptr, '(', form.len);
    const char *close = open ? memchr(open, ')', form.len - (size_t)(open - form.ptr)) : NULL;
    if (!close) {
        abn_language_row one = *row;
        one.form = abn_arena_slice(arena, form);
        return one.form ? add_row(t, one, err) : abn_fail_memory(err);
    }
    abn_slice head = {form.ptr, (size_t)(open - form.ptr)};
    abn_slice tail = {close + 1, (size_t)(form.ptr + form.len - close - 1)};
    abn_slice inside = {open + 1, (size_t)(close - open - 1)};
    for (;;) {
        const char *bar = memchr(inside.ptr, '|', inside.len);
        size_t len = bar ? (size_t)(bar - inside.ptr) : inside.len;
        abn_buf spelled = {0};
        abn_buf_slice(&spelled, head);
        abn_buf_slice(&spelled, (abn_slice){inside.ptr, len});
        abn_buf_slice(&spelled, tail);
        abn_status status = abn_buf_status(&spelled, err);
        if (status == ABN_OK)
            status = add_forms(arena, t, (abn_slice){spelled.data, spelled.len}, row, err);
        abn_buf_free(&spelled);
        if (status != ABN_OK || !bar) return status;
        inside.ptr += len + 1;
        inside.len -= len + 1;
    }
}

/* The part of `rest` before the next | outside parentheses. */
static bool next_form(abn_slice *rest, abn_slice *form)
{
    if (rest->len == 0) return false;
    size_t i = 0;
    int depth = 0;
    for (; i < rest->len; i++) {
        depth += (rest->ptr[i] == '(') - (rest->ptr[i] == ')');
        if (rest->ptr[i] == '|' && depth <= 0) break;
    }
    *form = (abn_slice){rest->ptr, i};
    size_t used = i < rest->len ? i + 1 : i;
    *rest = (abn_slice){rest->ptr + used, rest->len - used};
    return true;
}

static abn_status read_row(abn_arena *arena, const abn_csv *csv, table *t, abn_error *err)
{
    abn_language_row row = {.class = abn_arena_slice(arena, abn_csv_field(csv, 1)),
                            .value = abn_arena_slice(arena, abn_csv_field(csv, 2)),
                            .line = abn_csv_line(csv)};
    if (!row.class || !row.value) return abn_fail_memory(err);
    abn_slice rest = abn_csv_field(csv, 0), form;
    size_t before = t->count;
    while (next_form(&rest, &form)) {
        abn_status status = add_forms(arena, t, form, &row, err);
        if (status != ABN_OK) return status;
    }
    if (t->count == before || t->count - before > MAX_FORMS)
        return abn_csv_fail(csv, 0, err, "a form that stands for %s",
                            t->count == before ? "no word" : "too many words");
    return ABN_OK;
}

static abn_status read_table(abn_arena *arena, const char *path, table *t, abn_error *err)
{
    abn_csv *csv = NULL;
    abn_status status = abn_csv_open(path, ',', &csv, err);
    if (status == ABN_OK) status = abn_csv_header(csv, err);
    /* a table of another shape is its reader's own affair */
    bool more =
        status == ABN_OK && abn_csv_column(csv, "form") == 0 && abn_csv_column(csv, "class") == 1;
    while (status == ABN_OK && more) {
        status = abn_csv_next(csv, &more, err);
        if (status != ABN_OK || !more) break;
        status = read_row(arena, csv, t, err);
    }
    abn_csv_free(csv);
    return status;
}

static abn_status read_folder(abn_arena *arena, const char *folder, language *l, abn_error *err)
{
    abn_names names = {0};
    abn_status status = abn_folder_list(folder, ".csv", &names, err);
    if (status != ABN_OK) return status;
    l->table = abn_arena_alloc(arena, (names.count + 1) * sizeof *l->table);
    if (!l->table) status = abn_fail_memory(err);
    for (size_t i = 0; status == ABN_OK && i < names.count; i++) {
        char *path = abn_path_join(folder, names.name[i]);
        table *t = &l->table[l->n_tables];
        t->path = path ? abn_arena_strdup(arena, path) : NULL;
        t->name = abn_arena_slice(arena, (abn_slice){names.name[i], strlen(names.name[i]) - 4});
        l->n_tables += t->path != NULL;
        status = t->path && t->name ? read_table(arena, path, t, err) : abn_fail_memory(err);
        free(path);
    }
    abn_names_free(&names);
    return status;
}

static abn_status compile(abn_languages *all, const char *folder, abn_error *err)
{
    abn_status status = abn_timex_grammar_new(&all->grammar, err);
    for (size_t i = 0; status == ABN_OK && i < all->count; i++) {
        language *l = &all->lang[i];
        const abn_language_row *row;
        size_t n = abn_language_rows(all, l->code, "time", &row);
        if (n > 0)
            status = abn_timex_lexicon_new(row, n, abn_language_path(all, l->code, "time"),
                                           &l->lexicon, err);
    }
    if (status == ABN_OK) status = abn_language_guesser_new(all, &all->guesser, err);
    if (status == ABN_OK) status = abn_page_words_new(all, folder, &all->page, err);
    return status;
}

static abn_status read_languages(abn_languages *all, const char *folder, const abn_names *names,
                                 abn_error *err)
{
    all->lang = abn_arena_alloc(all->arena, (names->count + 1) * sizeof *all->lang);
    if (!all->lang) return abn_fail_memory(err);
    abn_status status = ABN_OK;
    for (size_t i = 0; status == ABN_OK && i < names->count; i++) {
        char *path = abn_path_join(folder, names->name[i]);
        if (path && abn_is_folder(path)) {
            language *l = &all->lang[all->count++];
            l->code = abn_arena_strdup(all->arena, names->name[i]);
            status = l->code ? read_folder(all->arena, path, l, err) : abn_fail_memory(err);
        }
        if (!path) status = abn_fail_memory(err);
        free(path);
    }
    return status == ABN_OK ? compile(all, folder, err) : status;
}

abn_status abn_languages_load(const char *data_folder, abn_languages **out, abn_error *err)
{
    char *folder = abn_path_join(data_folder, "lang");
    abn_names names = {0};
    abn_languages *all = calloc(1, sizeof *all);
    if (all) all->arena = abn_arena_new();
    abn_status status = folder && all && all->arena ? ABN_OK : abn_fail_memory(err);
    if (status == ABN_OK) status = abn_folder_list(folder, NULL, &names, err);
    if (status == ABN_OK) status = read_languages(all, folder, &names, err);
    if (status == ABN_OK)
        *out = all;
    else
        abn_languages_free(all);
    abn_names_free(&names);
    free(folder);
    return status;
}

void abn_languages_free(abn_languages *all)
{
    if (!all) return;
    for (size_t i = 0; i < all->count; i++) {
        abn_timex_lexicon_free(all->lang[i].lexicon);
        for (size_t k = 0; k < all->lang[i].n_tables; k++)
            free(all->lang[i].table[k].row);
    }
    abn_timex_grammar_free(all->grammar);
    abn_language_guesser_free(all->guesser);
    abn_page_words_free(all->page);
    abn_arena_free(all->arena);
    free(all);
}

size_t abn_languages_count(const abn_languages *all)
{
    return all->count;
}

const char *abn_languages_code(const abn_languages *all, size_t i)
{
    return all->lang[i].code;
}

static const language *find_language(const abn_languages *all, const char *code)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->lang[i].code, code) == 0) return &all->lang[i];
    return NULL;
}

static const table *find_table(const abn_languages *all, const char *lang, const char *name)
{
    const language *l = find_language(all, lang);
    for (size_t i = 0; l && i < l->n_tables; i++)
        if (strcmp(l->table[i].name, name) == 0) return &l->table[i];
    return NULL;
}

size_t abn_language_rows(const abn_languages *all, const char *lang, const char *name,
                         const abn_language_row **rows)
{
    const table *t = find_table(all, lang, name);
    if (!t) return 0;
    *rows = t->row;
    return t->count;
}

const char *abn_language_path(const abn_languages *all, const char *lang, const char *name)
{
    const table *t = find_table(all, lang, name);
    return t ? t->path : NULL;
}

const abn_timex_lexicon *abn_languages_lexicon(const abn_languages *all, const char *lang)
{
    const language *l = find_language(all, lang);
    return l ? l->lexicon : NULL;
}

const abn_timex_grammar *abn_languages_grammar(const abn_languages *all)
{
    return all->grammar;
}

const abn_page_words *abn_languages_page(const abn_languages *all)
{
    return all->page;
}

const char *abn_language_guess(const abn_languages *all, abn_slice text)
{
    return abn_language_guesser_guess(all->guesser, text);
}
