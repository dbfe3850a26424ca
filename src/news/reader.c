/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "claim_merge.h"
#include "languages.h"
#include "mention.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct abn_reader {
    const abn_languages *languages;
    const abn_listings *listings;
    abn_lexicon **lexicon; /* one a language, in the languages' order */
    size_t n;
};

abn_status abn_reader_new(const abn_languages *languages, const abn_listings *listings,
                          abn_reader **out, abn_error *err)
{
    abn_status status = ABN_OK;
    size_t n = abn_languages_count(languages);
    abn_reader *reader = calloc(1, sizeof *reader);
    if (!reader || !(reader->lexicon = calloc(n + 1, sizeof(abn_lexicon *)))) {
        status = abn_fail_memory(err);
        goto done;
    }
    reader->languages = languages;
    reader->listings = listings;
    for (; status == ABN_OK && reader->n < n; reader->n += status == ABN_OK)
        status = abn_lexicon_new(languages, abn_languages_code(languages, reader->n), listings,
                                 &reader->lexicon[reader->n], err);
    if (status == ABN_OK) {
        *out = reader;
        reader = NULL;
    }
done:
    abn_reader_free(reader);
    return status;
}

void abn_reader_free(abn_reader *reader)
{
    if (!reader) return;
    for (size_t i = 0; i < reader->n; i++)
        abn_lexicon_free(reader->lexicon[i]);
    free(reader->lexicon);
    free(reader);
}

static const abn_lexicon *lexicon_for(const abn_reader *reader, const abn_document *document)
{
    const char *lang = document->lang;
    if (!lang[0]) lang = abn_language_guess(reader->languages, abn_slice_of(document->title));
    for (size_t i = 0; i < reader->n; i++)
        if (strcmp(abn_languages_code(reader->languages, i), lang) == 0) return reader->lexicon[i];
    return NULL;
}

/* A title that the text does not begin with still says whom the text is about. */
static abn_status read_title(abn_thread *t, abn_mentions *m, abn_sentences *sentences,
                             const abn_document *document, abn_error *err)
{
    size_t len = strlen(document->title);
    if (len == 0 ||
        (document->text_len >= len && memcmp(document->text, document->title, len) == 0))
        return ABN_OK;
    abn_status status = ABN_OK;
    abn_sentence sentence;
    abn_sentences_start(sentences, t->lexicon, (abn_slice){document->title, len});
    while (status == ABN_OK && abn_sentences_next(sentences, &sentence)) {
        status = abn_moves_read(t, &sentence, err);
        if (status == ABN_OK) status = abn_mentions_read(m, &sentence, true, err);
    }
    t->drafts.n = 0; /* its figures have no place in the text */
    return status;
}

/* "Black Monday": a capital before it, within the sentence. */
static bool of_a_name(const abn_sentence *s, size_t i)
{
    return i > 1 && s->at[i - 1].capital && !(s->at[i - 1].is & ABN_IS(DAY)) &&
           s->at[i - 1].end + 1 == s->at[i].start;
}

/* "Will re-open on Friday": a condition or an intention before it in its clause. */
static bool ahead(const abn_sentence *s, size_t i)
{
    while (i-- > 0 && s->at[i].mark != ',')
        if (s->at[i].is & ABN_IS(COND)) return true;
    return false;
}

static abn_status read_text(abn_thread *t, abn_mentions *m, abn_sentences *sentences,
                            const abn_document *document, abn_reading *out, abn_error *err)
{
    abn_sentence sentence;
    abn_status status = read_title(t, m, sentences, document, err);
    abn_sentences_start(sentences, t->lexicon, (abn_slice){document->text, document->text_len});
    while (status == ABN_OK && abn_sentences_next(sentences, &sentence)) {
        status = abn_moves_read(t, &sentence, err);
        if (status == ABN_OK) status = abn_mentions_read(m, &sentence, false, err);
        for (size_t i = 0; !out->day_weekday && i < sentence.n; i++)
            if (sentence.at[i].is & ABN_IS(DAY) && sentence.at[i].term->day <= 7 &&
                !of_a_name(&sentence, i) && !ahead(&sentence, i))
                out->day_weekday = sentence.at[i].term->day;
    }
    return status;
}

abn_status abn_reader_read(const abn_reader *reader, const abn_document *document, abn_reading *out,
                           abn_error *err)
{
    abn_status status;
    abn_sentences *sentences = NULL;
    abn_reading reading = {.arena = abn_arena_new()};
    abn_thread thread = {
        .lexicon = lexicon_for(reader, document),
        .listings = reader->listings,
        .languages = reader->languages,
        .focus = {.kind = ABN_SUBJECT_OTHER, .company = UINT32_MAX, .listing = ABN_NO_LISTING},
        .clue = UINT32_MAX,
        .last_somebody = true};
    abn_mentions mentions; /* large: its drafts are filled as they come */
    mentions.lexicon = thread.lexicon;
    mentions.languages = reader->languages;
    mentions.lang = thread.lexicon ? abn_lexicon_lang(thread.lexicon) : "";
    mentions.text = document->text;
    mentions.medium = NULL;
    mentions.n = mentions.sentences = mentions.n_first = mentions.n_topics = 0;
    mentions.timexes = (abn_timexes){0};
    if (document->published != ABN_NO_DATE) thread.year = abn_date_civil(document->published).year;
    if (!reading.arena) {
        status = abn_fail_memory(err);
        goto done;
    }
    status = ABN_OK;
    if (thread.lexicon) {
        status = abn_sentences_new(&sentences, err);
        if (status == ABN_OK)
            status = read_text(&thread, &mentions, sentences, document, &reading, err);
        if (status == ABN_OK) status = abn_claims_settle(&thread, document, &reading, err);
        if (status == ABN_OK) status = abn_mentions_settle(&mentions, &reading, err);
    }
    if (status == ABN_OK) {
        *out = reading;
        reading.arena = NULL;
    }
done:
    free(thread.drafts.at);
    abn_timexes_free(&mentions.timexes);
    abn_sentences_free(sentences);
    abn_arena_free(reading.arena);
    return status;
}
