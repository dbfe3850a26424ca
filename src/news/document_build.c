/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "document_build.h"

#include <abnorm/file.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TITLE_MAX 300
#define GUESS_MAX 65536
#define GUESS_MIN 200 /* bytes of text below which a stated language is believed */

abn_document *abn_document_new(const abn_intake *reading, unsigned number)
{
    abn_document *document = calloc(1, sizeof *document);
    if (document == NULL) return NULL;
    char *stem = abn_path_stem(reading->source);
    size_t size = stem ? strlen(stem) + 16 : 0;
    document->id = stem ? malloc(size) : NULL;
    document->source = abn_slice_dup(abn_slice_of(reading->source));
    document->link = calloc(1, 1);
    document->title = calloc(1, 1);
    document->text = calloc(1, 1);
    document->published = ABN_NO_DATE;
    document->published_at = ABN_NO_INSTANT;
    bool whole =
        document->id && document->source && document->link && document->title && document->text;
    if (document->id && number > 0)
        snprintf(document->id, size, "%s#%u", stem, number);
    else if (document->id)
        memcpy(document->id, stem, strlen(stem) + 1);
    free(stem);
    if (whole) return document;
    abn_document_free(document);
    return NULL;
}

bool abn_document_set_title(abn_document *document, abn_slice title)
{
    abn_buf folded = {0};
    title = abn_slice_trim(title);
    size_t cut = title.len;
    if (cut > TITLE_MAX) {
        cut = TITLE_MAX;
        while (cut > 0 && ((unsigned char)title.ptr[cut] & 0xC0) == 0x80)
            cut--;
    }
    for (size_t i = 0; i < cut; i++) {
        char c = title.ptr[i];
        bool blank = c == '\n' || c == '\r' || c == '\t' || c == ' ';
        if (!blank)
            abn_buf_char(&folded, c);
        else if (folded.len > 0 && folded.data[folded.len - 1] != ' ')
            abn_buf_char(&folded, ' ');
    }
    if (folded.len == 0 && abn_buf_status(&folded, NULL) == ABN_OK) {
        abn_buf_free(&folded);
        return true;
    }
    char *taken = abn_buf_take(&folded);
    abn_buf_free(&folded);
    if (taken == NULL) return false;
    free(document->title);
    document->title = taken;
    return true;
}

/* The two or three letters before any region. */
static void base_language(const char *stated, char lang[4])
{
    size_t n = 0;
    for (; n < 4 &&
           ((stated[n] >= 'a' && stated[n] <= 'z') || (stated[n] >= 'A' && stated[n] <= 'Z'));
         n++)
        if (n < 3) lang[n] = (char)(stated[n] | 0x20);
    lang[n == 2 || n == 3 ? n : 0] = '\0';
}

void abn_document_choose_language(const abn_intake *reading, abn_slice text, const char *stated,
                                  char lang[4])
{
    const abn_document_options *options = reading->options;
    base_language(options && options->lang ? options->lang : stated, lang);
    if ((options && options->lang) || reading->languages == NULL) return;
    if (lang[0] && (text.len < GUESS_MIN || strcmp(lang, "en") != 0)) return;
    if (text.len > GUESS_MAX) text.len = GUESS_MAX;
    const char *guess = abn_language_guess(reading->languages, text);
    if (guess[0]) base_language(guess, lang);
}

bool abn_day_possible(const abn_document_options *options, abn_date date, int earliest_year)
{
    if (date == ABN_NO_DATE || abn_date_civil(date).year < earliest_year) return false;
    return options == NULL || options->today == ABN_NO_DATE || date <= options->today;
}

bool abn_document_publish(const abn_intake *reading, abn_document *document, const abn_stamp *stamp,
                          abn_basis basis, double probability, const char *where)
{
    if (!abn_day_possible(reading->options, stamp->date, 1900)) return false;
    document->published = stamp->date;
    document->published_at = stamp->at;
    document->published_offset_sec = stamp->at == ABN_NO_INSTANT ? 0 : stamp->offset_sec;
    document->published_basis = basis;
    document->published_probability = probability;
    snprintf(document->published_where, sizeof document->published_where, "%s", where);
    return true;
}

static void apply_given(const abn_document_options *options, abn_document *document)
{
    if (options == NULL || options->given == ABN_NO_DATE) return;
    if (document->published != options->given) {
        document->published_at = ABN_NO_INSTANT;
        document->published_offset_sec = 0;
    }
    document->published = options->given;
    document->published_basis = ABN_BASIS_GIVEN;
    document->published_probability = 1;
    snprintf(document->published_where, sizeof document->published_where, "given");
}

abn_status abn_document_finish(const abn_intake *reading, abn_document *document, abn_buf *text,
                               const char *stated, abn_error *err)
{
    abn_status status = abn_buf_status(text, err);
    if (status == ABN_OK && *reading->failed) status = abn_fail_memory(err);
    if (status != ABN_OK) {
        abn_document_free(document);
        return status;
    }
    if (text->len > 0) {
        free(document->text);
        document->text_len = text->len;
        document->text = abn_buf_take(text);
    }
    if (document->lang[0] == '\0')
        abn_document_choose_language(reading, (abn_slice){document->text, document->text_len},
                                     stated, document->lang);
    apply_given(reading->options, document);
    return reading->each(reading->context, document, err);
}

bool abn_month_first(const char *stated, const char *lang, abn_slice address)
{
    static const char *const day_first[] = {".uk/", ".ie/", ".au/", ".nz/", ".in/",
                                            ".za/", ".sg/", ".hk/", ".eu/"};
    if (strcmp(lang, "en") != 0 || (strlen(stated) >= 5 && strncmp(stated + 3, "US", 2) != 0))
        return false;
    for (size_t k = 0; k < sizeof day_first / sizeof *day_first; k++)
        for (size_t i = 0; i + 4 <= address.len && i < 80; i++)
            if (memcmp(address.ptr + i, day_first[k], 4) == 0) return false;
    return true;
}

/* An expression that names one day of one year by itself. */
static bool is_full_day(const abn_timex *found)
{
    return found->date != ABN_NO_DATE && !found->relative &&
           (found->type == ABN_TIMEX_DATE || found->type == ABN_TIMEX_TIME);
}

bool abn_day_find(const abn_intake *reading, const char *lang, abn_slice text, bool month_first,
                  abn_stamp *out)
{
    const abn_languages *languages = reading->languages;
    abn_stamp_ways ways = {month_first, reading->words};
    if (abn_stamp_find(text, 0, ways, out)) return true;
    bool digits = false;
    for (size_t i = 0; i < text.len && !digits; i++)
        digits = text.ptr[i] >= '0' && text.ptr[i] <= '9';
    if (languages == NULL || lang[0] == '\0' || !digits) return false;
    abn_timexes all = {0};
    bool found = false;
    abn_status status = abn_timex_tag(languages, lang, text, ABN_NO_DATE, &all, NULL);
    *reading->failed |= status == ABN_MEMORY;
    for (size_t i = 0; status == ABN_OK && i < all.count && !found; i++)
        if (is_full_day(&all.at[i])) {
            *out = (abn_stamp){.date = all.at[i].date,
                               .sec = -1,
                               .at = ABN_NO_INSTANT,
                               .start = all.at[i].start,
                               .end = all.at[i].end};
            abn_stamp_hour(text, out);
            found = true;
        }
    abn_timexes_free(&all);
    return found;
}
