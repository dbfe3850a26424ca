/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/study_file.h>

#include <abnorm/arena.h>
#include <abnorm/file.h>
#include <abnorm/number.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* The public struct first, so that one pointer serves both. */
typedef struct study {
    abn_study_file file;
    abn_arena *arena;
    const char *path;
} study;

void abn_study_file_free(abn_study_file *file)
{
    study *s = (study *)file;
    if (!s) return;
    abn_arena_free(s->arena);
    free(s);
}

static abn_status wrong_type(const study *s, const char *key, const char *expected, abn_error *err)
{
    return abn_fail_at(err, ABN_DATA, s->path, 0, 0, "key \"%s\": expected %s", key, expected);
}

/* A path as the study file means it: from its own folder. */
static const char *resolve(study *s, const char *path)
{
    const char *slash = strrchr(s->path, '/');
    if (path[0] == '/' || !slash) return abn_arena_strdup(s->arena, path);
    abn_slice folder = {s->path, (size_t)(slash - s->path)};
    char *owned = abn_slice_dup(folder), *joined = owned ? abn_path_join(owned, path) : NULL;
    const char *kept = joined ? abn_arena_strdup(s->arena, joined) : NULL;
    free(owned);
    free(joined);
    return kept;
}

static abn_status take_path(study *s, const char *key, const json_t *value, const char **out,
                            abn_error *err)
{
    if (!json_is_string(value) || !json_string_value(value)[0])
        return wrong_type(s, key, "a path", err);
    *out = resolve(s, json_string_value(value));
    return *out ? ABN_OK : abn_fail_memory(err);
}

static abn_status take_strings(study *s, const char *key, const json_t *value, bool paths,
                               abn_strings *out, abn_error *err)
{
    size_t n = json_is_array(value) ? json_array_size(value) : 1;
    const char **at = abn_arena_alloc(s->arena, (n + !n) * sizeof *at);
    if (!at) return abn_fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_is_array(value) ? json_array_get(value, i) : value;
        if (!json_is_string(one) || !json_string_value(one)[0])
            return wrong_type(s, key, "a list of strings", err);
        at[i] = paths ? resolve(s, json_string_value(one))
                      : abn_arena_strdup(s->arena, json_string_value(one));
        if (!at[i]) return abn_fail_memory(err);
    }
    *out = (abn_strings){at, n};
    return ABN_OK;
}

static bool window_of_text(const char *text, abn_window *w)
{
    abn_slice rest = abn_slice_of(text), part;
    long from, to;
    if (!abn_slice_split(&rest, ':', &part) || !abn_integer_parse(abn_slice_trim(part), &from) ||
        !abn_integer_parse(abn_slice_trim(rest), &to) || from < -1000000 || to > 1000000)
        return false;
    *w = (abn_window){(int)from, (int)to};
    return true;
}

static abn_status take_window(const study *s, const char *key, const json_t *value, abn_window *w,
                              abn_error *err)
{
    bool right = false;
    if (json_is_string(value)) {
        right = window_of_text(json_string_value(value), w);
    } else if (json_array_size(value) == 2 && json_is_integer(json_array_get(value, 0)) &&
               json_is_integer(json_array_get(value, 1))) {
        json_int_t from = json_integer_value(json_array_get(value, 0));
        json_int_t to = json_integer_value(json_array_get(value, 1));
        right = from >= -1000000 && to <= 1000000;
        if (right) *w = (abn_window){(int)from, (int)to};
    }
    if (!right || w->from > w->to)
        return wrong_type(s, key, "a window \"A:B\" with A <= B, as \"-10:10\"", err);
    return ABN_OK;
}

/* ---- one function a key ---- */

static abn_status take_documents(study *s, const char *key, const json_t *value, abn_error *err)
{
    return take_strings(s, key, value, true, &s->file.documents, err);
}

static abn_status take_quotes(study *s, const char *key, const json_t *value, abn_error *err)
{
    return take_path(s, key, value, &s->file.quotes, err);
}

static abn_status take_listings(study *s, const char *key, const json_t *value, abn_error *err)
{
    return json_is_array(value) ? take_strings(s, key, value, false, &s->file.symbols, err)
                                : take_path(s, key, value, &s->file.listings, err);
}

static abn_status take_dividends(study *s, const char *key, const json_t *value, abn_error *err)
{
    return take_path(s, key, value, &s->file.dividends, err);
}

static abn_status take_benchmark(study *s, const char *key, const json_t *value, abn_error *err)
{
    size_t n = json_is_object(value) ? json_object_size(value) : 1, i = 0;
    const char **of = abn_arena_alloc(s->arena, (n + !n) * sizeof *of);
    const char **to = abn_arena_alloc(s->arena, (n + !n) * sizeof *to);
    if (!of || !to) return abn_fail_memory(err);
    if (json_is_string(value)) {
        of[0] = "*";
        to[0] = abn_arena_strdup(s->arena, json_string_value(value));
        i = 1;
    } else if (!json_is_object(value)) {
        return wrong_type(s, key, "an object of LISTING or MIC to index, as {\"XHKG\": \"^HSI\"}",
                          err);
    }
    const char *name;
    json_t *index;
    union {
        const json_t *given;
        json_t *object; /* jansson's iteration does not write */
    } o = {value};
    if (json_is_object(value)) json_object_foreach(o.object, name, index)
        {
            if (!json_is_string(index))
                return wrong_type(s, key, "the symbol of an index for each listing", err);
            of[i] = abn_arena_strdup(s->arena, name);
            to[i++] = abn_arena_strdup(s->arena, json_string_value(index));
        }
    for (size_t k = 0; k < i; k++)
        if (!of[k] || !to[k]) return abn_fail_memory(err);
    s->file.benchmark_of = (abn_strings){of, i};
    s->file.benchmark = (abn_strings){to, i};
    return ABN_OK;
}

static abn_status take_model(study *s, const char *key, const json_t *value, abn_error *err)
{
    return take_strings(s, key, value, false, &s->file.models, err);
}

static abn_status take_tests(study *s, const char *key, const json_t *value, abn_error *err)
{
    return take_strings(s, key, value, false, &s->file.tests, err);
}

static abn_status take_estimation(study *s, const char *key, const json_t *value, abn_error *err)
{
    s->file.has_estimation = true;
    return take_window(s, key, value, &s->file.estimation, err);
}

static abn_status take_event_window(study *s, const char *key, const json_t *value, abn_error *err)
{
    s->file.has_event_window = true;
    return take_window(s, key, value, &s->file.event_window, err);
}

static abn_status take_windows(study *s, const char *key, const json_t *value, abn_error *err)
{
    if (!json_is_array(value))
        return wrong_type(s, key, "a list of windows, as [\"0:0\", \"-1:1\"]", err);
    size_t n = json_array_size(value);
    abn_window *w = abn_arena_alloc(s->arena, (n + !n) * sizeof *w);
    if (!w) return abn_fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        abn_status status = take_window(s, key, json_array_get(value, i), &w[i], err);
        if (status != ABN_OK) return status;
    }
    s->file.windows = w;
    s->file.n_windows = n;
    return ABN_OK;
}

static abn_status take_seed(study *s, const char *key, const json_t *value, abn_error *err)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return wrong_type(s, key, "a whole number from 0", err);
    s->file.seed = (long)json_integer_value(value);
    return ABN_OK;
}

static const struct key {
    const char *name;
    abn_status (*take)(study *s, const char *key, const json_t *value, abn_error *err);
} keys[] = {
    {"documents", take_documents},
    {"quotes", take_quotes},
    {"listings", take_listings},
    {"dividends", take_dividends},
    {"benchmark", take_benchmark},
    {"model", take_model},
    {"estimation", take_estimation},
    {"event_window", take_event_window},
    {"windows", take_windows},
    {"tests", take_tests},
    {"seed", take_seed},
};

static abn_status take_key(study *s, const char *name, const json_t *value, abn_error *err)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i].name, name) == 0) return keys[i].take(s, name, value, err);
    return abn_fail_at(err, ABN_DATA, s->path, 0, 0,
                       "unknown key \"%s\" (expected documents, quotes, listings, dividends, "
                       "benchmark, model, estimation, event_window, windows, tests or seed)",
                       name);
}

static abn_status take_all(study *s, json_t *root, abn_error *err)
{
    if (!json_is_object(root))
        return abn_fail_at(err, ABN_DATA, s->path, 1, 1, "expected a JSON object");
    const char *name;
    json_t *value;
    json_object_foreach(root, name, value)
    {
        abn_status status = take_key(s, name, value, err);
        if (status != ABN_OK) return status;
    }
    if (!s->file.documents.count)
        return abn_fail_at(err, ABN_DATA, s->path, 0, 0,
                           "no key \"documents\" (expected files or folders of texts)");
    return ABN_OK;
}

static abn_status parse(const char *path, json_t **root, abn_error *err)
{
    abn_file file;
    abn_status status = abn_file_open(path, 16u << 20, &file, err);
    if (status != ABN_OK) return status;
    json_error_t e;
    errno = 0; /* jansson takes lack of memory for a bad token, or drops bytes of a good one */
    *root = json_loadb(file.data, file.len, JSON_REJECT_DUPLICATES, &e);
    bool starved = errno == ENOMEM;
    abn_file_close(&file);
    if (starved) return abn_fail_memory(err);
    return *root ? ABN_OK : abn_fail_at(err, ABN_DATA, path, e.line, e.column, "%s", e.text);
}

abn_status abn_study_file_load(const char *path, abn_study_file **out, abn_error *err)
{
    json_t *root = NULL;
    study *s = calloc(1, sizeof *s);
    if (s) s->arena = abn_arena_new();
    abn_status status = s && s->arena ? parse(path, &root, err) : abn_fail_memory(err);
    if (status == ABN_OK) {
        s->path = path;
        s->file.seed = -1;
        status = take_all(s, root, err);
    }
    json_decref(root);
    if (status != ABN_OK)
        abn_study_file_free(s ? &s->file : NULL);
    else
        *out = &s->file;
    return status;
}
