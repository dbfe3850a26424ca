/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "document_page.h"

#include "languages.h"
#include "utf8.h"

#include <abnorm/csv.h>
#include <abnorm/file.h>
#include <abnorm/map.h>
#include <abnorm/number.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES 160 /* a longer line is prose */
#define PREFIX_WORDS   6
#define OTHER_BYTES    14   /* beside a date that are too few to say anything */
#define MONTHS_MAX     1024 /* names */

enum { CHROME, CHROME_START, END, LEAD, UPDATE, BY, FILLER, CLASSES };

struct abn_page_words {
    abn_map *map[CLASSES];
    abn_map *months;
    unsigned char month[MONTHS_MAX]; /* of each name in `months` */
};

/* The words of `text` in small letters, joined by single blanks, digits and signs left out. */
static size_t fold_words(abn_slice text, char *out, size_t size)
{
    const char *at = text.ptr, *end = text.ptr + text.len;
    size_t n = 0;
    bool gap = false;
    while (at < end && n + 6 < size) {
        uint32_t code = 0;
        size_t len = abn_utf8_next(at, end, &code);
        at += len ? len : 1;
        bool letter =
            len &&
            ((code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') ||
             (code >= 0xC0 && code != 0xD7 && code != 0xF7 && (code < 0x2000 || code > 0x206F)));
        if (!letter) {
            gap = n > 0;
            continue;
        }
        if (gap) out[n++] = ' ';
        gap = false;
        n += abn_utf8_put(abn_utf8_lower(code), out + n);
    }
    return n;
}

static abn_status add_row(abn_page_words *words, const abn_language_row *row, abn_error *err)
{
    static const char *const names[CLASSES] = {"chrome", "chrome_start", "end",   "lead",
                                               "update", "by",           "filler"};
    char folded[LINE_MAX_BYTES];
    size_t n = fold_words(abn_slice_of(row->form), folded, sizeof folded);
    for (int c = 0; c < CLASSES; c++)
        if (strcmp(row->class, names[c]) == 0) {
            if (n > 0 && abn_map_add(words->map[c], (abn_slice){folded, n}) == ABN_MAP_NONE)
                return abn_fail_memory(err);
            return ABN_OK;
        }
    return abn_fail(err, ABN_DATA, "page.csv line %ld: unknown class \"%s\"", row->line,
                    row->class);
}

static abn_status read_languages(abn_page_words *words, const abn_languages *languages,
                                 abn_error *err)
{
    abn_status status = ABN_OK;
    for (size_t i = 0; i < abn_languages_count(languages); i++) {
        const abn_language_row *rows = NULL;
        size_t n = abn_language_rows(languages, abn_languages_code(languages, i), "page", &rows);
        for (size_t k = 0; k < n && status == ABN_OK; k++)
            status = add_row(words, &rows[k], err);
    }
    return status;
}

/* Each name's number in `month` is that of its row. */
static abn_status add_months(abn_page_words *words, const abn_csv *csv, abn_error *err)
{
    long month = 0;
    abn_slice names = abn_csv_field(csv, 0), name;
    if (!abn_integer_parse(abn_csv_field(csv, 2), &month) || month < 1 || month > 12)
        return abn_csv_fail(csv, 2, err, "not the number of a month");
    while (abn_slice_split(&names, '|', &name)) {
        char folded[LINE_MAX_BYTES];
        size_t n = fold_words(name, folded, sizeof folded);
        uint32_t known = n > 0 ? abn_map_find(words->months, (abn_slice){folded, n}) : 0;
        if (known != ABN_MAP_NONE) continue; /* a name of two languages */
        uint32_t at = abn_map_add(words->months, (abn_slice){folded, n});
        if (at == ABN_MAP_NONE) return abn_fail_memory(err);
        if (at >= MONTHS_MAX) return abn_csv_fail(csv, 0, err, "too many names of months");
        words->month[at] = (unsigned char)month;
    }
    return ABN_OK;
}

static abn_status read_months(abn_page_words *words, const char *lang_folder, abn_error *err)
{
    abn_csv *csv = NULL;
    char *path = abn_path_join(lang_folder, "months.csv");
    abn_status status = path ? ABN_OK : abn_fail_memory(err);
    if (status == ABN_OK && !abn_is_file(path)) goto done;
    if (status == ABN_OK) status = abn_csv_open(path, ',', &csv, err);
    if (status == ABN_OK) status = abn_csv_header(csv, err);
    bool more = true;
    while (status == ABN_OK) {
        status = abn_csv_next(csv, &more, err);
        if (status != ABN_OK || !more) break;
        status = add_months(words, csv, err);
    }
done:
    abn_csv_free(csv);
    free(path);
    return status;
}

int abn_page_month(const abn_page_words *words, abn_slice name)
{
    char folded[64];
    if (!words || name.len == 0 || name.len > sizeof folded - 8) return 0;
    size_t n = fold_words(name, folded, sizeof folded);
    uint32_t at = abn_map_find(words->months, (abn_slice){folded, n});
    return at == ABN_MAP_NONE ? 0 : words->month[at];
}

abn_status abn_page_words_new(const abn_languages *languages, const char *lang_folder,
                              abn_page_words **out, abn_error *err)
{
    abn_page_words *words = calloc(1, sizeof *words);
    abn_status status = words ? ABN_OK : abn_fail_memory(err);
    for (int c = 0; status == ABN_OK && c < CLASSES; c++) {
        words->map[c] = abn_map_new();
        if (words->map[c] == NULL) status = abn_fail_memory(err);
    }
    if (status == ABN_OK) words->months = abn_map_new();
    if (status == ABN_OK && !words->months) status = abn_fail_memory(err);
    if (status == ABN_OK) status = read_languages(words, languages, err);
    if (status == ABN_OK) status = read_months(words, lang_folder, err);
    if (status == ABN_OK)
        *out = words;
    else
        abn_page_words_free(words);
    return status;
}

void abn_page_words_free(abn_page_words *words)
{
    if (words == NULL) return;
    for (int c = 0; c < CLASSES; c++)
        abn_map_free(words->map[c]);
    abn_map_free(words->months);
    free(words);
}

static bool has(const abn_page_words *words, int class, const char *folded, size_t n)
{
    return words && abn_map_find(words->map[class], (abn_slice){folded, n}) != ABN_MAP_NONE;
}

/* A line's first words, up to six, are a start of furniture. */
static bool starts_chrome(const abn_page_words *words, const char *folded, size_t n)
{
    int count = 0;
    for (size_t i = 0; i <= n && count < PREFIX_WORDS; i++)
        if (i == n || folded[i] == ' ') {
            count++;
            if (has(words, CHROME_START, folded, i)) return true;
        }
    return false;
}

abn_page_line abn_page_line_kind(const abn_page_words *words, abn_slice line)
{
    char folded[LINE_MAX_BYTES + 8];
    if (!words || line.len > LINE_MAX_BYTES) return ABN_PAGE_TEXT;
    size_t n = fold_words(line, folded, sizeof folded);
    if (n == 0) return ABN_PAGE_TEXT;
    if (has(words, END, folded, n)) return ABN_PAGE_END;
    return has(words, CHROME, folded, n) || starts_chrome(words, folded, n) ? ABN_PAGE_CHROME
                                                                            : ABN_PAGE_TEXT;
}

/* What the words of one side of a date add up to. */
typedef struct tally {
    int known, unknown, small; /* small: unknown ones in small letters */
    bool lead, update, by, mark;
} tally;

static void count_word(const abn_page_words *words, abn_slice word, tally *sum)
{
    char folded[64];
    size_t n = fold_words(word, folded, sizeof folded);
    if (n == 0) return;
    bool lead = has(words, LEAD, folded, n), update = has(words, UPDATE, folded, n);
    bool by = has(words, BY, folded, n);
    sum->lead |= lead;
    sum->update |= update;
    sum->by |= by;
    if (lead || update || by || has(words, FILLER, folded, n)) {
        sum->known++;
        return;
    }
    sum->unknown++;
    sum->small += word.ptr[0] >= 'a' && word.ptr[0] <= 'z';
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0xC3;
}

static void count_words(const abn_page_words *words, abn_slice side, tally *sum)
{
    for (size_t i = 0; i < side.len;) {
        size_t start = i;
        while (i < side.len && (is_word_byte(side.ptr[i]) ||
                                (i > start && ((unsigned char)side.ptr[i] & 0xC0) == 0x80)))
            i++;
        if (i > start) {
            abn_slice word = {side.ptr + start, i - start};
            if ((unsigned char)word.ptr[0] == 0xE2)
                sum->mark = true; /* a dash or bullet */
            else
                count_word(words, word, sum);
            continue;
        }
        sum->mark |= strchr("|/", side.ptr[i]) != NULL || (unsigned char)side.ptr[i] == 0xC2;
        i++;
    }
}

bool abn_page_date_line(const abn_page_words *words, abn_slice line, size_t start, size_t end,
                        abn_date_line *out)
{
    if (line.len > LINE_MAX_BYTES) return false;
    tally sum = {0};
    abn_slice before = {line.ptr, start}, after = {line.ptr + end, line.len - end};
    count_words(words, before, &sum);
    before = abn_slice_trim(before);
    bool label = sum.unknown == 1 && before.len > 0 && before.ptr[before.len - 1] == ':';
    count_words(words, after, &sum);
    bool said = sum.lead || sum.update, opens = start == 0 && sum.mark;
    bool closes =
        before.len > 0 && before.ptr[before.len - 1] == '|' && abn_slice_trim(after).len == 0;
    *out = (abn_date_line){
        .by = sum.by, .lead = sum.lead, .update = sum.update, .alone = sum.unknown == 0};
    size_t other = line.len - (end - start);
    if (other <= OTHER_BYTES && sum.unknown <= 2) return true;
    if (sum.unknown > 7 || sum.small > (said || sum.by || opens || closes ? 2 : 0)) return false;
    if (out->alone || (said && sum.unknown <= 2) || sum.by || opens || closes) return true;
    if (start == 0 && sum.unknown <= 2) return true;
    return sum.unknown <= 1 ? label || sum.mark : sum.mark && sum.unknown <= 4;
}
