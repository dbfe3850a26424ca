/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cross_columns.h"
#include <abnorm/number.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MOST = 50, NAME_MOST = 200 };

static abn_slice cell_of(const abn_event_list *events, size_t i, const char *name)
{
    return abn_slice_trim(abn_slice_of(abn_events_cell(events, i, name)));
}

/* Fill `out`; false when a cell is neither empty nor a number. */
static bool read_numbers(const abn_event_list *events, const char *name, double *out)
{
    for (size_t i = 0; i < abn_events_count(events); i++) {
        abn_slice cell = cell_of(events, i, name);
        out[i] = NAN;
        if (cell.len && !abn_number_parse(cell, &out[i])) return false;
    }
    return true;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The distinct words of a column in order; more than WORDS_MOST are not counted further. */
static size_t list_words(const abn_event_list *events, const char *name, const char **word)
{
    size_t n = 0;
    for (size_t i = 0; i < abn_events_count(events); i++) {
        const char *cell = abn_events_cell(events, i, name);
        size_t j = 0;
        while (j < n && strcmp(word[j], cell) != 0)
            j++;
        if (j < n || !*cell) continue;
        word[n++] = cell;
        if (n > WORDS_MOST) break;
    }
    qsort(word, n, sizeof *word, compare);
    return n;
}

static abn_status add_word(const abn_event_list *events, const char *name, const char *word,
                           abn_arena *arena, abn_regressor *out, abn_error *err)
{
    size_t n = abn_events_count(events);
    char label[NAME_MOST];
    snprintf(label, sizeof label, "%s=%s", name, word);
    out->name = abn_arena_strdup(arena, label);
    out->value = abn_arena_alloc(arena, (n + 1) * sizeof *out->value);
    if (!out->name || !out->value) return abn_fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        const char *cell = abn_events_cell(events, i, name);
        out->value[i] = *cell ? strcmp(cell, word) == 0 : NAN;
    }
    return ABN_OK;
}

abn_status abn_regressors_add(const abn_event_list *events, const char *name, abn_arena *arena,
                              abn_regressor *out, size_t *n, abn_error *err)
{
    const char *word[WORDS_MOST + 1];
    size_t count = abn_events_count(events);
    if (count && !abn_events_cell(events, 0, name))
        return abn_fail(err, ABN_USAGE, "the events have no column \"%s\"", name);
    double *value = abn_arena_alloc(arena, (count + 1) * sizeof *value);
    if (!value) return abn_fail_memory(err);
    if (*n == ABN_REGRESSORS_MOST)
        return abn_fail(err, ABN_USAGE, "more than %d regressors", ABN_REGRESSORS_MOST);
    if (read_numbers(events, name, value)) {
        out[*n] = (abn_regressor){abn_arena_strdup(arena, name), value};
        return out[(*n)++].name ? ABN_OK : abn_fail_memory(err);
    }
    size_t words = list_words(events, name, word);
    if (words > WORDS_MOST || *n + words > ABN_REGRESSORS_MOST)
        return abn_fail(err, ABN_USAGE, "column \"%s\" holds more than %d words", name, WORDS_MOST);
    for (size_t j = 1; j < words; j++) {
        abn_status status = add_word(events, name, word[j], arena, out + *n, err);
        if (status) return status;
        ++*n;
    }
    return ABN_OK;
}

abn_status abn_regressor_numbers(const abn_event_list *events, const char *name, abn_arena *arena,
                                 double **out, abn_error *err)
{
    size_t n = abn_events_count(events);
    if (n && !abn_events_cell(events, 0, name))
        return abn_fail(err, ABN_USAGE, "the events have no column \"%s\"", name);
    *out = abn_arena_alloc(arena, (n + 1) * sizeof **out);
    if (!*out) return abn_fail_memory(err);
    if (read_numbers(events, name, *out)) return ABN_OK;
    return abn_fail(err, ABN_DATA, "column \"%s\" holds other things than numbers", name);
}
