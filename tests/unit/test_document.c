/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents.h"

#include <abnorm/buf.h>
#include <stdlib.h>

static reading read_text(const char *source, const char *text)
{
    return read_bytes(source, text, strlen(text));
}

#define BYTES(s) s, sizeof(s) - 1

static void character_sets_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        const char *text;
    } cases[] = {
        {BYTES("\xEF\xBB\xBF"
               "caf\xC3\xA9 au lait"),
         "caf\xC3\xA9 au lait"},
        {BYTES("caf\xE9 au lait"), "caf\xC3\xA9 au lait"},
        {BYTES("\x84gut\x93 \x96 3 \x80"),
         "\xE2\x80\x9Egut\xE2\x80\x9C \xE2\x80\x93 3 \xE2\x82\xAC"},
        {BYTES("\xFF\xFE"
               "A\0\xE9\0\x3D\xD8\x00\xDE"),
         "A\xC3\xA9\xF0\x9F\x98\x80"},
        {BYTES("\xFE\xFF\0A\0\xE9"), "A\xC3\xA9"},
        {BYTES("A\0p\0p\0l\0e\0 \0r\0o\0s\0e\0"), "Apple rose"},
        {BYTES("\0A\0p\0p\0l\0e\0 \0r\0o\0s\0e"), "Apple rose"},
        {BYTES("\xFF\xFE"
               "A\0\0\0"
               "B\0"),
         "A\xEF\xBF\xBD"
         "B"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        reading r = read_bytes("a/b.c.txt", cases[i].bytes, cases[i].len);
        assert_int_equal(r.status, ABN_OK);
        assert_int_equal(r.count, 1);
        assert_string_equal(r.document[0]->text, cases[i].text);
        assert_int_equal(r.document[0]->text_len, strlen(cases[i].text));
        assert_string_equal(r.document[0]->id, "b.c");
        assert_int_equal(r.document[0]->published, ABN_NO_DATE);
        drop(&r);
    }
}

static void bad_input_says_what_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        const char *says;
    } cases[] = {
        {BYTES(""), "x: empty"},
        {BYTES(" \r\n\t "), "x: empty"},
        {BYTES("\xFE\xFF\x32"), "x: empty"},
        {BYTES("%PDF-1.7 ..."), "x: not a text: a PDF"},
        {BYTES("PK\x03\x04 ..."), "x: not a text: a zip archive"},
        {BYTES("\x89PNG\r\n\x1A\n"), "x: not a text: a PNG image"},
        {BYTES("Apple\0rose"), "x:1:6: not a text: binary data (a NUL)"},
        {BYTES("\x01\x02\x03\x04 Apple \x05\x06"), "x:1:1: not a text: binary data (6 control"},
        {BYTES("Apple\nros\xC3(e"), "x:2:4: invalid UTF-8 (byte 0xC3)"},
        {BYTES("Apple \xFF\xFA\xFE rose"), "x:1:7: invalid UTF-8 (byte 0xFF)"},
        {BYTES("caf\xC3\xA9 caf\xE9"), "x:1:10: invalid UTF-8 (byte 0xE9)"},
        {BYTES("<?xml version='1.0'?><urlset xml:lang='de'/>"),
         "neither RSS nor Atom (its root is <urlset>)"},
        {BYTES("<html><body><p></p></body></html>"), "x: HTML without a text of its own"},
        {BYTES("<!DOCTYPE l [<!ENTITY a 'b'><!ENTITY c '&a;&a;'>]><rss><item/></rss>"),
         "x: XML that declares entities of its own"},
        {BYTES("<rss><channel><item><title>A</title></item>"), "bad XML:"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        reading r = read_bytes("x", cases[i].bytes, cases[i].len);
        char line[800];
        abn_error_format(&r.err, line, sizeof line);
        if (r.status != ABN_DATA || strstr(line, cases[i].says) == NULL)
            fail_msg("case %zu: status %d, \"%s\" lacks \"%s\"", i, (int)r.status, line,
                     cases[i].says);
        drop(&r);
    }
}

static void deep_pages_are_refused(void **state)
{
    (void)state;
    static const char *const tags[] = {"<div>", "<b>", "<ul><li>", "<table><tr><td>"};
    for (size_t t = 0; t < sizeof tags / sizeof *tags; t++) {
        abn_buf page = {0};
        abn_buf_text(&page, "<html><body>");
        for (int i = 0; i < 1000000; i++)
            abn_buf_text(&page, tags[t]);
        reading r = read_bytes("deep", page.data, page.len);
        assert_int_equal(r.status, ABN_DATA);
        assert_non_null(strstr(r.err.text, "nested more than 512"));
        abn_buf_free(&page);
        drop(&r);
    }
}

/* What stands near the top of a text, and the day it states; "" none. */
static void only_date_lines_date_a_text(void **state)
{
    (void)state;
    static const struct {
        const char *text, *published;
    } cases[] = {
        {"Apple jumps\nBy Jane Doe | February 11, 2025\n\nShares rose.", "2025-02-11"},
        {"Apple bondit\nPubli\xC3\xA9 le 12/02/2025\n\nLe titre gagne 3 %.", "2025-02-12"},
        {"Apple springt\nStand: 11.02.2025 18:03 Uhr\n\nDie Aktie gewinnt.", "2025-02-11"},
        {"Apple springt\nVon Max Muster, 11. Februar 2025\n\nDie Aktie gewinnt.", "2025-02-11"},
        {"Apple bondit\nPar Jean Petit \xE2\x80\x94 le 12 f\xC3\xA9vrier 2025 \xC3\xA0 9h30\n\nLe "
         "titre.",
         "2025-02-12"},
        {"Apple jumps\nTuesday, February 11, 2025\n\nShares rose.", "2025-02-11"},
        {"Apple jumps\n2025-02-11T09:21:00-05:00\n\nShares rose.", "2025-02-11"},
        {"Apple\n\nCUPERTINO, Calif., Feb. 11, 2025 /PRNewswire/ -- Apple today said that it will"
         " work with Alibaba on features for phones, and that it expects more of the kind.",
         "2025-02-11"},
        {"Apple jumps\nUpdated: 12 February 2025\nPublished: 11 February 2025\n\nShares rose.",
         "2025-02-11"},
        {"Apple jumps\nPublished: February 11, 2027\n\nShares rose.", ""}, /* in the future */
        {"Actualit\xC3\xA9\n\nPar Laurence - Publi\xC3\xA9 le\n\nApple aurait opt\xC3\xA9.", ""},
        {"Apple jumps\n\nShares closed at $232 on February 11, 2025, their highest.", ""},
        {"Apple hired him\n\nThe chief joined on 3 March 1998 from Compaq.", ""},
        {"Apple event set for September 9, 2025\n\nApple will show phones.", ""},
        {"Die Aktie\n\nSeit dem 27. Dezember 2024 ist sie um 8 Prozent gefallen.", ""},
        {"Le titre\n\nIl a perdu 3 % depuis le 26 d\xC3\xA9"
         "cembre 2024.",
         ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        reading r = read_text("x.txt", cases[i].text);
        assert_int_equal(r.status, ABN_OK);
        const abn_document *d = r.document[0];
        if (strcmp(day_of(d), cases[i].published) != 0)
            fail_msg("case %zu: got \"%s\", not \"%s\"", i, day_of(d), cases[i].published);
        bool dated = cases[i].published[0] != '\0';
        assert_int_equal(d->published_basis, dated ? ABN_BASIS_TEXT : ABN_BASIS_NONE);
        assert_true(dated == (d->published_probability >= .5));
        drop(&r);
    }
}

static void hours_and_zones_make_instants(void **state)
{
    (void)state;
    reading r =
        read_text("x.txt", "Apple jumps\nPublished February 11, 2025 at 9:21 a.m. EST\n\nUp.");
    char at[ABN_INSTANT_MAX];
    assert_string_equal(
        abn_instant_format(r.document[0]->published_at, r.document[0]->published_offset_sec, at),
        "2025-02-11T09:21:00-05:00");
    drop(&r);
    r = read_text("x.txt", "Apple jumps\nPublished February 11, 2025 at 9:21 a.m.\n\nUp.");
    assert_int_equal(r.document[0]->published_at, ABN_NO_INSTANT);
    drop(&r);
}

static void furniture_of_texts_is_blanked_in_place(void **state)
{
    (void)state;
    reading r =
        read_text("x.txt", "Partagez\n\nApple choisit Alibaba\n\nLe titre \xC3\xA9norme.\n");
    assert_string_equal(r.document[0]->text,
                        "        \n\nApple choisit Alibaba\n\nLe titre \xC3\xA9norme.\n");
    assert_string_equal(r.document[0]->title, "Apple choisit Alibaba");
    drop(&r);
}

static void given_days_and_languages_win(void **state)
{
    (void)state;
    abn_document_options options = {
        .lang = "fr", .given = abn_date_of(2025, 2, 13), .today = ABN_NO_DATE};
    reading r = {0};
    abn_slice text = abn_slice_of("Apple jumps\nPublished: February 11, 2025\n\nShares rose.");
    assert_int_equal(abn_document_read(languages, "x", text, &options, keep, &r, &r.err), ABN_OK);
    assert_string_equal(day_of(r.document[0]), "2025-02-13");
    assert_int_equal(r.document[0]->published_basis, ABN_BASIS_GIVEN);
    assert_string_equal(r.document[0]->lang, "fr");
    drop(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit(character_sets_are_told_apart), unit(bad_input_says_what_it_is),
        unit(deep_pages_are_refused),        unit(only_date_lines_date_a_text),
        unit(hours_and_zones_make_instants), unit(furniture_of_texts_is_blanked_in_place),
        unit(given_days_and_languages_win),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
