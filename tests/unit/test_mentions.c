/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The announcements that texts speak of: what, how sure, who, when. */
#include "unit.h"

#include <abnorm/buf.h>
#include <abnorm/claim.h>
#include <stdlib.h>

typedef struct sentence {
    const char *lang, *text;
    const char *mentions; /* "type status companies actor day" joined by "; ", the main one first */
} sentence;

static void spell_mention(const abn_mention *m, abn_buf *out)
{
    static const char *const words[] = {"", " today", " yesterday", " weekday", ""};
    abn_buf_printf(out, "%s%s %s %s", out->len ? "; " : "", abn_event_type_name(m->type),
                   abn_event_status_name(m->status), m->companies);
    if (m->actor[0]) abn_buf_printf(out, " by %s", m->actor);
    abn_buf_text(out, words[m->day_word]);
    if (m->weekday) abn_buf_printf(out, "%d", m->weekday);
    if (m->partial[0]) abn_buf_printf(out, " %s", m->partial);
    if (m->date != ABN_NO_DATE) {
        char day[ABN_DATE_MAX];
        abn_buf_printf(out, " %s", abn_date_format(m->date, day));
    }
}

static void read_text(const abn_reader *reader, const sentence *s, abn_reading *out)
{
    abn_error err = {0};
    char empty[] = "";
    size_t len = strlen(s->text);
    char *copy = malloc(len + 1);
    assert_non_null(copy);
    memcpy(copy, s->text, len + 1);
    abn_document d = {.id = empty,
                      .source = empty,
                      .title = empty,
                      .text = copy,
                      .text_len = len,
                      .published = ABN_NO_DATE,
                      .published_at = ABN_NO_INSTANT};
    memcpy(d.lang, s->lang, strlen(s->lang) + 1);
    assert_int_equal(abn_reader_read(reader, &d, out, &err), ABN_OK);
    free(copy);
}

static int check(const abn_reader *reader, const sentence *s)
{
    abn_reading r;
    abn_buf got = {0};
    abn_buf_text(&got, "");
    read_text(reader, s, &r);
    for (int main = 1; main >= 0; main--)
        for (size_t i = 0; i < r.n_mentions; i++)
            if (r.mention[i].main == main) spell_mention(&r.mention[i], &got);
    int wrong = strcmp(got.data, s->mentions) != 0;
    if (wrong) print_message("%s\n    want %s\n    got  %s\n", s->text, s->mentions, got.data);
    abn_buf_free(&got);
    abn_reading_free(&r);
    return wrong;
}

static const sentence TEXTS[] = {
    {"en",
     "Apple picks Alibaba for AI in China, The Information reports\n\nApple has chosen Alibaba as "
     "its partner, The Information has reported.",
     "partnership reported Alibaba;Apple by The Information"},
    {"en",
     "AI for iPhones from Alibaba\n\nAlibaba confirmed on Thursday in Dubai that it will "
     "partner with Apple."
     " Its chairman spoke.",
     "partnership confirmed Alibaba;Apple weekday4"},
    {"en",
     "Apple seeks approval\n\nApple and Alibaba have sent papers to China's "
     "Cyberspace Administration.",
     "regulatory reported Alibaba;Apple"},
    {"en", "Apple plans\n\nApple will hold its developer conference in Shanghai on March 25.",
     "product scheduled Apple XXXX-03-25"},
    {"en", "Apple plans\n\nApple is hosting a product event on September 9, 2025.",
     "product scheduled Apple 2025-09-09"},
    {"en",
     "Apple denies report of a deal with Alibaba\n\nApple denied that it will partner with "
     "Alibaba.",
     "partnership denied Alibaba;Apple"},
    {"en", "Apple shares rose 2% on Tuesday.\n\nThe stock closed at $230.", ""},
    {"fr",
     "Apple mise sur Alibaba\n\nSelon The Information, Apple aurait choisi Alibaba comme "
     "partenaire en Chine.",
     "partnership reported Alibaba;Apple by The Information"},
    {"fr",
     "Alibaba confirme son partenariat avec Apple\n\nAlibaba a confirmé jeudi le partenariat avec "
     "Apple.",
     "partnership confirmed Alibaba;Apple weekday4"},
    {"de",
     "Apple und Alibaba arbeiten zusammen\n\nLaut The Information haben Apple und Alibaba eine "
     "Kooperation vereinbart. Der Marktstart ist für April geplant.",
     "partnership reported Alibaba;Apple by The Information; product scheduled Alibaba;Apple "
     "XXXX-04"},
    {"de",
     "Alibaba bestätigt Partnerschaft\n\nAlibaba hat die Partnerschaft mit Apple am Donnerstag "
     "bestätigt.",
     "partnership confirmed Alibaba;Apple weekday4"},
};

static void tells_announcements(void **state)
{
    abn_error err = {0};
    abn_languages *languages;
    abn_listings *listings;
    abn_reader *reader;
    int wrong = 0;
    (void)state;
    assert_int_equal(abn_languages_load("data", &languages, &err), ABN_OK);
    assert_int_equal(abn_listings_load("data/listings.csv", NULL, &listings, &err), ABN_OK);
    assert_int_equal(abn_reader_new(languages, listings, &reader, &err), ABN_OK);
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++)
        wrong += check(reader, &TEXTS[i]);
    abn_reader_free(reader);
    abn_listings_free(listings);
    abn_languages_free(languages);
    assert_int_equal(wrong, 0);
}

UNIT_MAIN(unit(tells_announcements))
