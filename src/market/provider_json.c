/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider_parts.h"

#include <abnorm/number.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* NaN, Infinity and -Infinity outside strings become null or blanks of the same length. */
static void tame_numbers(char *text, size_t len)
{
    static const char *const words[] = {"-Infinity", "Infinity", "NaN"};
    bool quoted = false;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '"') quoted = !quoted;
        if (quoted && text[i] == '\\') i++;
        if (quoted || (text[i] != '-' && text[i] != 'I' && text[i] != 'N')) continue;
        for (size_t w = 0; w < 3; w++) {
            size_t n = strlen(words[w]);
            if (len - i < n || memcmp(text + i, words[w], n) != 0) continue;
            /* "NaN" has no room for null; an empty string is no number either. */
            memset(text + i, ' ', n);
            memcpy(text + i, n == 3 ? "\"\"" : "null", n == 3 ? 2 : 4);
            i += n - 1;
            break;
        }
    }
}

static bool looks_like_json(abn_slice body)
{
    abn_slice text = abn_slice_trim(body);
    if (text.len >= 3 && memcmp(text.ptr, "\xef\xbb\xbf", 3) == 0)
        text = abn_slice_trim((abn_slice){text.ptr + 3, text.len - 3});
    return text.len > 0 && (text.ptr[0] == '{' || text.ptr[0] == '[');
}

abn_status abn_provider_json(const char *source, abn_slice body, json_t **root, abn_error *err)
{
    json_error_t why;
    if (!looks_like_json(body)) return abn_provider_fail(source, body, ABN_DATA, err);
    char *text = abn_slice_dup(body);
    if (!text) return abn_fail_memory(err);
    size_t skip = body.len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    tame_numbers(text + skip, body.len - skip);
    errno = 0; /* jansson takes lack of memory for a bad token, or drops bytes of a good one */
    json_t *made = json_loadb(text + skip, body.len - skip, 0, &why);
    bool starved = errno == ENOMEM;
    free(text);
    if (starved) {
        json_decref(made);
        return abn_fail_memory(err);
    }
    if (!made)
        return abn_fail_at(err, ABN_DATA, source, 0, 0, "damaged JSON in the answer: %s (line %d)",
                           why.text, why.line);
    *root = made;
    return ABN_OK;
}

double abn_json_number(const json_t *value)
{
    double number;
    if (json_is_number(value)) return json_number_value(value);
    if (!json_is_string(value)) return NAN;
    abn_slice text = {json_string_value(value), json_string_length(value)};
    return abn_number_parse(abn_slice_trim(text), &number) ? number : NAN;
}

abn_date abn_json_date(const json_t *value)
{
    abn_date date;
    if (!json_is_string(value) || json_string_length(value) < 10) return ABN_NO_DATE;
    return abn_date_parse((abn_slice){json_string_value(value), 10}, &date) ? date : ABN_NO_DATE;
}

/* ---- days ---- */

static abn_status read_day(const abn_query *query, const json_t *day,
                           const abn_json_column *columns, abn_json_day_fn each, abn_bars *bars,
                           abn_notes *notes, abn_error *err)
{
    abn_date date = abn_json_date(json_object_get(day, "date"));
    const char *warning = json_string_value(json_object_get(day, "warning"));
    if (date == ABN_NO_DATE && warning) {
        abn_note_at(notes, "provider's warning", query->symbol, 0, 0, "%.200s", warning);
        return ABN_OK;
    }
    if (date == ABN_NO_DATE)
        return abn_fail_at(err, ABN_DATA, query->symbol, 0, 0, "a row without date in the answer");
    if (each && !each(day, date, bars)) return abn_fail_memory(err);
    if (isnan(abn_json_number(json_object_get(day, "close")))) return ABN_OK;
    abn_bar *bar = abn_bars_add(bars, date);
    if (!bar) return abn_fail_memory(err);
    for (const abn_json_column *c = columns; c->name; c++)
        bar->value[abn_bars_column(bars, c->column)] =
            abn_json_number(json_object_get(day, c->name));
    return ABN_OK;
}

abn_status abn_provider_days(const abn_query *query, abn_slice body, const abn_json_column *columns,
                             abn_json_day_fn each, abn_bars *bars, abn_notes *notes, abn_error *err)
{
    json_t *root = NULL;
    if (abn_provider_is_csv(body)) return abn_provider_csv(query->symbol, body, bars, notes, err);
    abn_status status = abn_provider_json(query->symbol, body, &root, err);
    if (status) return status;
    for (const abn_json_column *c = columns; c->name; c++)
        abn_bars_column(bars, c->column);
    if (!json_is_array(root)) status = abn_provider_fail(query->symbol, body, ABN_UNAVAILABLE, err);
    for (size_t i = 0; status == ABN_OK && i < json_array_size(root); i++)
        status = read_day(query, json_array_get(root, i), columns, each, bars, notes, err);
    json_decref(root);
    return status;
}
