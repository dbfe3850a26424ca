/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "language_guess.h"

#include "utf8.h"

#include <abnorm/map.h>
#include <abnorm/number.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LANGUAGES = 64, MAX_WORD = 24, LOOK_BYTES = 1 << 16, ENOUGH = 3 };

struct abn_language_guesser {
    const abn_languages *languages;
    size_t n;         /* languages */
    abn_map *words;   /* of all languages */
    uint8_t *weight;  /* n a word */
    size_t cap_words; /* that `weight` has room for */
};

static abn_status add_word(abn_language_guesser *g, size_t lang, const abn_language_row *row,
                           const char *path, abn_error *err)
{
    char word[MAX_WORD];
    long weight = 1;
    size_t len = abn_utf8_fold(abn_slice_of(row->form), word, sizeof word);
    bool ok = row->value[0] == '\0' || abn_integer_parse(abn_slice_of(row->value), &weight);
    if (len == 0 || !ok || weight < 1 || weight > 9)
        return abn_fail_at(err, ABN_DATA, path, row->line, 0, "bad word \"%s\" or weight \"%s\"",
                           row->form, row->value);
    uint32_t id = abn_map_add(g->words, (abn_slice){word, len});
    if (id == ABN_MAP_NONE) return abn_fail_memory(err);
    if (id >= g->cap_words) {
        size_t cap = g->cap_words ? g->cap_words * 2 : 512;
        uint8_t *grown = realloc(g->weight, cap * g->n);
        if (!grown) return abn_fail_memory(err);
        memset(grown + g->cap_words * g->n, 0, (cap - g->cap_words) * g->n);
        g->weight = grown;
        g->cap_words = cap;
    }
    g->weight[id * g->n + lang] = (uint8_t)weight;
    return ABN_OK;
}

static abn_status add_language(abn_language_guesser *g, size_t lang, abn_error *err)
{
    const char *code = abn_languages_code(g->languages, lang);
    const abn_language_row *row;
    size_t n = abn_language_rows(g->languages, code, "words", &row);
    abn_status status = ABN_OK;
    for (size_t i = 0; status == ABN_OK && i < n; i++)
        if (strcmp(row[i].class, "word") == 0)
            status =
                add_word(g, lang, &row[i], abn_language_path(g->languages, code, "words"), err);
    return status;
}

abn_status abn_language_guesser_new(const abn_languages *languages, abn_language_guesser **out,
                                    abn_error *err)
{
    abn_language_guesser *g = calloc(1, sizeof *g);
    abn_status status = ABN_OK;
    if (!g || !(g->words = abn_map_new())) {
        status = abn_fail_memory(err);
        goto done;
    }
    g->languages = languages;
    g->n = abn_languages_count(languages);
    if (g->n > MAX_LANGUAGES)
        status = abn_fail(err, ABN_DATA, "more than %d languages", MAX_LANGUAGES);
    for (size_t i = 0; status == ABN_OK && i < g->n; i++)
        status = add_language(g, i, err);
done:
    if (status == ABN_OK)
        *out = g;
    else
        abn_language_guesser_free(g);
    return status;
}

void abn_language_guesser_free(abn_language_guesser *g)
{
    if (!g) return;
    abn_map_free(g->words);
    free(g->weight);
    free(g);
}

static bool in_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static void count_word(const abn_language_guesser *g, abn_slice word, unsigned *score)
{
    char folded[MAX_WORD];
    size_t len = abn_utf8_fold(word, folded, sizeof folded);
    uint32_t id = len ? abn_map_find(g->words, (abn_slice){folded, len}) : ABN_MAP_NONE;
    if (id == ABN_MAP_NONE) return;
    for (size_t i = 0; i < g->n; i++)
        score[i] += g->weight[id * g->n + i];
}

const char *abn_language_guesser_guess(const abn_language_guesser *g, abn_slice text)
{
    unsigned score[MAX_LANGUAGES] = {0};
    const char *at = text.ptr, *end = at + (text.len < LOOK_BYTES ? text.len : LOOK_BYTES);
    while (at < end) {
        const char *word = at;
        while (at < end && in_word(*at))
            at++;
        if (at > word)
            count_word(g, (abn_slice){word, (size_t)(at - word)}, score);
        else
            at++;
    }
    size_t best = 0;
    unsigned second = 0;
    for (size_t i = 1; i < g->n; i++) {
        if (score[i] > score[best]) {
            second = score[best];
            best = i;
        } else if (score[i] > second) {
            second = score[i];
        }
    }
    bool clear = g->n > 0 && score[best] >= ENOUGH && score[best] * 2 > second * 3;
    return clear ? abn_languages_code(g->languages, best) : "";
}
