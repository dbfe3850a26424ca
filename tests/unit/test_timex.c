/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tagger finds in sentences of three languages, and of a fourth that is data alone. */
#include "unit.h"

#include <abnorm/buf.h>
#include <abnorm/date.h>
#include <abnorm/file.h>
#include <abnorm/timex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct sentence {
    const char *text, *times; /* "words=VALUE; words=VALUE" */
} sentence;

/* Thursday, 13 February 2025. */
static abn_date anchor(void)
{
    return abn_date_of(2025, 2, 13);
}

static void spell(const char *text, const abn_timexes *found, abn_buf *out)
{
    for (size_t i = 0; i < found->count; i++) {
        const abn_timex *t = &found->at[i];
        abn_buf_printf(out, "%s%.*s=%s", i ? "; " : "", (int)(t->end - t->start), text + t->start,
                       t->value);
    }
    if (!out->data) abn_buf_text(out, "");
}

static void check_all(const abn_languages *languages, const char *lang, abn_date day,
                      const sentence *s, size_t n)
{
    abn_timexes found = {0};
    int wrong = 0;
    for (size_t i = 0; i < n; i++) {
        abn_error err = {0};
        abn_buf got = {0};
        assert_int_equal(abn_timex_tag(languages, lang, abn_slice_of(s[i].text), day, &found, &err),
                         ABN_OK);
        spell(s[i].text, &found, &got);
        if (strcmp(got.data, s[i].times) != 0) {
            print_message("%s\n    want %s\n    got  %s\n", s[i].text, s[i].times, got.data);
            wrong++;
        }
        abn_buf_free(&got);
    }
    abn_timexes_free(&found);
    assert_int_equal(wrong, 0);
}

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const sentence ENGLISH[] = {
    {"The report came on February 11, 2025.", "February 11, 2025=2025-02-11"},
    {"It was published on Tuesday, 11 February 2025.", "Tuesday, 11 February 2025=2025-02-11"},
    {"on 2025-02-11 and 02/11/2025", "2025-02-11=2025-02-11; 02/11/2025=2025-02-11"},
    {"at 2025-02-11T09:21:00Z", "2025-02-11T09:21:00Z=2025-02-11T09:21:00Z"},
    {"Shares rose on Tuesday.", "Tuesday=2025-02-11"},
    {"Shares will start trading on Tuesday.", "Tuesday=2025-02-18"},
    {"The shares fell Thursday.", "Thursday=2025-02-13"},
    {"The stock gained 2% last Friday and lost it on Monday.",
     "last Friday=2025-02-07; Monday=2025-02-10"},
    {"Results are due next Tuesday.", "next Tuesday=2025-02-18"},
    {"The figures will be out Friday.", "Friday=2025-02-14"},
    {"Apple fell today after gains yesterday; tomorrow it reports.",
     "today=2025-02-13; yesterday=2025-02-12; tomorrow=2025-02-14"},
    {"The stock ended the day lower.", "the day=2025-02-13"},
    {"Its highest since October 7.", "October 7=2024-10-07"},
    {"its highest since March", "March=2024-03"},
    {"A hearing is set for March 25.", "March 25=2025-03-25"},
    {"It fell in December and will report in April.", "December=2024-12; April=2025-04"},
    {"late last year and early 2024", "late last year=2024; early 2024=2024"},
    {"since the start of this year", "the start of this year=2025"},
    {"the fourth quarter of 2024, Q1 2025 and the first half of last year",
     "the fourth quarter of 2024=2024-Q4; Q1 2025=2025-Q1; the first half of last year=2024-H1"},
    {"in the third quarter", "the third quarter=2024-Q3"},
    {"last quarter, this week, next month and the previous year",
     "last quarter=2024-Q4; this week=2025-W07; next month=2025-03; the previous year=2024"},
    {"for three consecutive days, over two and a half years",
     "three consecutive days=P3D; over two and a half years=P2.5Y"},
    {"in the past 13 weeks and the past decade", "the past 13 weeks=P13W; the past decade=201"},
    {"several months, thirty minutes and a 50-day average",
     "several months=PXM; thirty minutes=PT30M; 50-day=P50D"},
    {"It happened two weeks ago, three years ago.",
     "two weeks ago=2025-01-30; three years ago=P3Y"},
    {"every year, daily and twice a week", "every year=P1Y; daily=P1D; twice a week=P1W"},
    {"It opened at 9:30 a.m. ET and closed at 4 p.m. on Friday.",
     "9:30 a.m. ET=2025-02-13T09:30; 4 p.m.=2025-02-07T16:00; Friday=2025-02-07"},
    {"At 16:08 UTC the index was lower.", "16:08 UTC=2025-02-13T16:08Z"},
    {"on Monday night and this morning", "Monday night=2025-02-10TNI; this morning=2025-02-13TMO"},
    {"the late 1990s and the sixties", "the late 1990s=199; the sixties=196"},
    {"the 20th century", "the 20th century=19"},
    {"in the summer of 2023 and last winter", "the summer of 2023=2023-SU; last winter=2025-WI"},
    {"on Thanksgiving 2024, Good Friday 2025 and Christmas Eve",
     "Thanksgiving 2024=2024-11-28; Good Friday 2025=2025-04-18; Christmas Eve=2024-12-24"},
    {"the last week of March and the third Friday of May 2024",
     "the last week of March=2025-W13; the third Friday of May 2024=2024-05-17"},
    {"currently, recently and in the future",
     "currently=PRESENT_REF; recently=PAST_REF; the future=FUTURE_REF"},
    {"from 10 to 12 March 2025", "10=2025-03-10; 12 March 2025=2025-03-12"},
    {"in May or June 2024", "May=2025-05; June 2024=2024-06"},
    {"(Reporting by A. Writer) Sept. 20", "Sept. 20=2024-09-20"},
    {"January 15-18, 2025", "January 15=2025-01-15; 2025=2025"},
    {"on the morning of September 11, 2001", "the morning of September 11, 2001=2001-09-11TMO"},
    {"the '90s, an hour and a half, the first three months of 2024",
     "the '90s=199; an hour and a half=PT1.5H; the first three months=P3M; 2024=2024"},
    {"the same month a year ago, two days later",
     "the same month a year ago=2024-02; two days later=2025-02-15"},
    /* what is no time */
    {"It fell before Lunar New Year.", ""},
    {"The 29-year-old paid $2,003 for 2000 shares.", ""},
    {"YOU MAY ALSO LIKE ServiceNow (NOW) and Investor's Business Daily", ""},
    {"It may march on; the Russell rose 0.5% to 2012.3 points.", ""},
    {"about a quarter of the market", ""},
    {"version 10.4, room 1, 3 of 5, on February 30, 2025", ""},
    {"", ""},
};

static const sentence FRENCH[] = {
    {"L'action a chuté mardi 11 février.", "mardi 11 février=2025-02-11"},
    {"le 11 février 2025, le 1er janvier",
     "le 11 février 2025=2025-02-11; le 1er janvier=2025-01-01"},
    {"L'action a gagné 2% lundi.", "lundi=2025-02-10"},
    {"Le groupe publiera ses résultats mardi prochain.", "mardi prochain=2025-02-18"},
    {"Une réunion aura lieu samedi.", "samedi=2025-02-15"},
    {"Hier, le titre avait cédé 3% ; aujourd'hui il reprend 1%, demain on verra.",
     "Hier=2025-02-12; aujourd'hui=2025-02-13; demain=2025-02-14"},
    {"Aujourd'hui, le pays a changé.", "Aujourd'hui=PRESENT_REF"},
    {"au plus haut depuis septembre", "septembre=2024-09"},
    {"au plus haut depuis octobre 2021", "octobre 2021=2021-10"},
    {"au plus haut depuis mars", "mars=2024-03"},
    {"depuis le début de l'année et depuis trois ans", "le début de l'année=2025; trois ans=P3Y"},
    {"le premier trimestre 2025, le deuxième semestre de 2024",
     "le premier trimestre 2025=2025-Q1; le deuxième semestre de 2024=2024-H2"},
    {"l'année dernière, la semaine prochaine, ce mois-ci",
     "l'année dernière=2024; la semaine prochaine=2025-W08; ce mois=2025-02"},
    {"les 24 dernières heures, ces deux dernières années, ces derniers jours",
     "les 24 dernières heures=PT24H; ces deux dernières années=P2Y; ces derniers jours=PXD"},
    {"dix-huit mois, vingt et un jours, quatre-vingt-dix minutes, deux ans et demi",
     "dix-huit mois=P18M; vingt et un jours=P21D; quatre-vingt-dix minutes=PT90M; deux ans et "
     "demi=P2.5Y"},
    {"il y a quelques mois, depuis plusieurs années, plus d'un an",
     "quelques mois=PXM; plusieurs années=PXY; plus d'un an=P1Y"},
    {"Dimanche soir, dès 22 h, puis vers 21h45.",
     "Dimanche soir=2025-02-16TEV; 22 h=2025-02-16T22:00; 21h45=2025-02-16T21:45"},
    {"hier matin puis hier en fin d'après-midi",
     "hier matin=2025-02-12TMO; hier en fin d'après-midi=2025-02-12TAF"},
    {"du 19 au 23 juillet 2025", "19=2025-07-19; 23 juillet 2025=2025-07-23"},
    {"les années 60, les années 1990, les années soixante-dix",
     "les années 60=196; les années 1990=199; les années soixante-dix=197"},
    {"l'été dernier, au printemps 2024", "l'été dernier=2024-SU; printemps 2024=2024-SP"},
    {"tous les jeudis, chaque année, fermé le mercredi",
     "tous les jeudis=XXXX-WXX-4; chaque année=P1Y; le mercredi=XXXX-WXX-3"},
    {"à Noël 2024 et lundi de Pâques 2025",
     "Noël 2024=2024-12-25; lundi de Pâques 2025=2025-04-21"},
    {"en déc. et le 3 sept. 2024", "déc.=2024-12; le 3 sept. 2024=2024-09-03"},
    {"le 20 décembre dernier", "le 20 décembre dernier=2024-12-20"},
    {"actuellement, récemment, bientôt",
     "actuellement=PRESENT_REF; récemment=PAST_REF; bientôt=FUTURE_REF"},
    {"dans la nuit de lundi à mardi, à 8 heures, pendant 24 heures, à 20 heures 30",
     "la nuit de lundi à mardi=2025-02-10TNI; 8 heures=2025-02-10T08:00; 24 heures=PT24H; "
     "20 heures 30=2025-02-10T20:30"},
    {"au XIXe siècle et ce soir", "XIXe siècle=18; ce soir=2025-02-13TEV"},
    {"Il a été blessé, Jean, 87 ans, et un homme de 37 ans.", ""},
    {"L'indice a gagné 2000 points à 2012,3.", ""},
};

static const sentence GERMAN[] = {
    {"Am Dienstag, dem 11. Februar 2025, stieg die Aktie.",
     "Dienstag, dem 11. Februar 2025=2025-02-11"},
    {"am 11. Februar, am 11.02.2025", "11. Februar=2025-02-11; 11.02.2025=2025-02-11"},
    {"Am Montag sprang die Aktie um 3 Prozent.", "Montag=2025-02-10"},
    {"Am Montag wird das Unternehmen Zahlen vorlegen.", "Montag=2025-02-17"},
    {"am vergangenen Freitag und am kommenden Dienstag",
     "vergangenen Freitag=2025-02-07; kommenden Dienstag=2025-02-18"},
    {"Gestern fiel der Kurs, heute stieg er um 2 Prozent, morgen folgen Zahlen.",
     "Gestern=2025-02-12; heute=2025-02-13; morgen=2025-02-14"},
    {"Das weiß heute jeder.", "heute=PRESENT_REF"},
    {"am Montagvormittag, gestern Abend und am Morgen",
     "Montagvormittag=2025-02-17TMO; gestern Abend=2025-02-12TEV; Morgen=2025-02-12TMO"},
    {"auf dem höchsten Stand seit März", "März=2024-03"},
    {"seit Jahren, seit drei Jahren, vor gut zwei Wochen, sechs Jahre lang",
     "Jahren=PXY; drei Jahren=P3Y; gut zwei Wochen=P2W; sechs Jahre lang=P6Y"},
    {"in den vergangenen zwei Jahrzehnten, die letzten zwölf Monate",
     "den vergangenen zwei Jahrzehnten=P2DE; die letzten zwölf Monate=P12M"},
    {"im ersten Quartal 2025, im zweiten Halbjahr",
     "ersten Quartal 2025=2025-Q1; zweiten Halbjahr=2025-H2"},
    {"Ende Januar, Anfang dieses Jahres, Mitte nächsten Jahres",
     "Ende Januar=2025-01; Anfang dieses Jahres=2025; Mitte nächsten Jahres=2026"},
    {"im Vorjahr, im Vormonat, heuer, am Vortag",
     "Vorjahr=2024; Vormonat=2025-01; heuer=2025; Vortag=2025-02-12"},
    {"um 15 Uhr, um 20.30 Uhr, um halb neun, um neun Uhr",
     "15 Uhr=2025-02-13T15:00; 20.30 Uhr=2025-02-13T20:30; halb neun=2025-02-13T08:30; "
     "neun Uhr=2025-02-13T09:00"},
    {"von 14-18 Uhr, von 8.30 bis 12 Uhr", "14=2025-02-13T14:00; 18 Uhr=2025-02-13T18:00; "
                                           "8.30=2025-02-13T08:30; 12 Uhr=2025-02-13T12:00"},
    {"am 5. und 6. Februar sowie am 4., 12. und 20. März",
     "5.=2025-02-05; 6. Februar=2025-02-06; 4.=2025-03-04; 12.=2025-03-12; 20. März=2025-03-20"},
    {"in den 1990er-Jahren, den neunziger Jahren, im 20. Jahrhundert, im Jahr 578",
     "den 1990er-Jahren=199; den neunziger Jahren=199; 20. Jahrhundert=19; Jahr 578=0578"},
    {"im Sommer 2024, im Herbst 2023", "Sommer 2024=2024-SU; Herbst 2023=2023-FA"},
    {"zweiundzwanzig Tage, eineinhalb Jahre, ein zehntägiger Kurs",
     "zweiundzwanzig Tage=P22D; eineinhalb Jahre=P1.5Y; zehntägiger=P10D"},
    {"jeden Tag, jährlich, zweimal pro Woche, einmal im Monat",
     "jeden Tag=P1D; jährlich=P1Y; zweimal pro Woche=P1W; einmal im Monat=P1M"},
    {"derzeit, damals, demnächst, in Zukunft",
     "derzeit=PRESENT_REF; damals=PAST_REF; demnächst=FUTURE_REF; Zukunft=FUTURE_REF"},
    {"zu Ostern 2025 und an Heiligabend", "Ostern 2025=2025-04-20; Heiligabend=2024-12-24"},
    {"am 11.2., in der Nacht auf Dienstag, seit Jahresbeginn, montags",
     "11.2.=2025-02-11; der Nacht auf Dienstag=2025-02-11TNI; Jahresbeginn=2025; "
     "montags=XXXX-WXX-1"},
    {"der 38-jährige Mann, die 14-Jährigen, 2000 Mark", ""},
};

static abn_languages *load(void)
{
    abn_languages *languages = NULL;
    abn_error err = {0};
    if (abn_languages_load("data", &languages, &err) != ABN_OK) fail_msg("%s", err.text);
    return languages;
}

static void test_english(void **state)
{
    check_all(*state, "en", anchor(), ENGLISH, COUNT(ENGLISH));
}

static void test_french(void **state)
{
    check_all(*state, "fr", anchor(), FRENCH, COUNT(FRENCH));
}

static void test_german(void **state)
{
    check_all(*state, "de", anchor(), GERMAN, COUNT(GERMAN));
}

static void test_without_anchor(void **state)
{
    static const sentence UNKNOWN[] = {
        {"on February 11, in May, on Tuesday, today, last year, at 9:30, two weeks ago",
         "February 11=XXXX-02-11; May=XXXX-05; Tuesday=XXXX-WXX-2; today=XXXX-XX-XX; last "
         "year=XXXX; "
         "9:30=T09:30; two weeks ago=P2W"},
        {"on February 11, 2025", "February 11, 2025=2025-02-11"},
    };
    check_all(*state, "en", ABN_NO_DATE, UNKNOWN, COUNT(UNKNOWN));
}

/* The fields that other readers use. */
static void test_fields(void **state)
{
    abn_timexes found = {0};
    abn_error err = {0};
    abn_slice text =
        abn_slice_of("Shares rose on Tuesday, and fell on 11 February 2025 and in May.");
    assert_int_equal(abn_timex_tag(*state, "en", text, anchor(), &found, &err), ABN_OK);
    assert_int_equal(found.count, 3);
    assert_int_equal(found.at[0].weekday, 2);
    assert_int_equal(found.at[0].date, abn_date_of(2025, 2, 11));
    assert_true(found.at[0].relative);
    assert_int_equal(found.at[1].date, abn_date_of(2025, 2, 11));
    assert_false(found.at[1].relative);
    assert_int_equal(found.at[1].weekday, 0);
    assert_int_equal(found.at[2].date, ABN_NO_DATE);
    assert_int_equal(abn_timex_tag(*state, "xx", text, anchor(), &found, &err), ABN_USAGE);
    abn_timexes_free(&found);
}

static void test_guess(void **state)
{
    const abn_languages *l = *state;
    assert_string_equal(abn_language_guess(l, abn_slice_of("The shares of the company rose.")),
                        "en");
    assert_string_equal(abn_language_guess(l, abn_slice_of("Le titre a perdu 2% dans la journée.")),
                        "fr");
    assert_string_equal(abn_language_guess(l, abn_slice_of("Die Aktie ist nicht von gestern.")),
                        "de");
    assert_string_equal(abn_language_guess(l, abn_slice_of("12 34 \xff\xfe")), "");
    assert_string_equal(abn_language_guess(l, abn_slice_of("")), "");
}

/* Invalid bytes part words and cost nothing else. */
static void test_invalid_bytes(void **state)
{
    abn_timexes found = {0};
    abn_error err = {0};
    static const char TEXT[] = "\xff\xfe\xc3 on Tuesday\xe2\x82 2\xf0 May 2024\0 May 3\xc3";
    abn_slice text = {TEXT, sizeof TEXT - 1};
    assert_int_equal(abn_timex_tag(*state, "en", text, anchor(), &found, &err), ABN_OK);
    assert_true(found.count >= 2);
    for (size_t i = 0; i < found.count; i++)
        assert_true(found.at[i].start < found.at[i].end && found.at[i].end <= text.len);
    abn_timexes_free(&found);
}

static void write_table(const char *folder, const char *name, const char *text)
{
    abn_error err = {0};
    char *path = abn_path_join(folder, name);
    assert_int_equal(abn_file_write(path, text, strlen(text), &err), ABN_OK);
    free(path);
}

/* A language is data: a small Italian is read and used without a line of code. */
static void test_fourth_language(void **state)
{
    (void)state;
    static const sentence ITALIAN[] = {
        {"Il titolo è salito martedì.", "martedì=2025-02-11"},
        {"l'11 febbraio 2025, il mese scorso e oggi",
         "l'11 febbraio 2025=2025-02-11; il mese scorso=2025-01; oggi=2025-02-13"},
        {"nel primo trimestre del 2025", "primo trimestre del 2025=2025-Q1"},
        {"tre giorni, la settimana prossima", "tre giorni=P3D; la settimana prossima=2025-W08"},
    };
    char folder[] = "/tmp/abnorm-lang-XXXXXX";
    abn_languages *languages = NULL;
    abn_error err = {0};
    assert_non_null(mkdtemp(folder));
    char *italian = abn_path_join(folder, "lang/it");
    assert_int_equal(abn_folder_make(italian, &err), ABN_OK);
    write_table(italian, "time.csv",
                "form,class,value\nfebbraio,month,2\nmartedì,weekday,2\nmese,unit,M\n"
                "settimana,unit,W\ngiorno,unit,D\ngiorni,units,D\ntrimestre,unit,Q\n"
                "oggi,deictic,0\nscors(o|a|i|e),rel,-1\nprossim(o|a|i|e),rel,1\nprimo,ord,1\n"
                "tre,num,3\nil|la|l',det,\ndel|di,of,\nè,past,\n");
    write_table(italian, "words.csv", "form,class,value\nil|è|nel|del|la|di,word,2\n");
    assert_int_equal(abn_languages_load(folder, &languages, &err), ABN_OK);
    check_all(languages, "it", anchor(), ITALIAN, COUNT(ITALIAN));
    assert_string_equal(
        abn_language_guess(languages, abn_slice_of("Il titolo è salito nel giorno di ieri.")),
        "it");
    abn_languages_free(languages);
    languages = NULL;
    write_table(italian, "time.csv", "form,class,value\nfebbraio,moon,2\n");
    assert_int_equal(abn_languages_load(folder, &languages, &err), ABN_DATA);
    assert_int_equal(err.line, 2);
    assert_null(languages);
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
    free(italian);
}

static int set_up(void **state)
{
    *state = load();
    return 0;
}

static int tear_down(void **state)
{
    abn_languages_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_english),       cmocka_unit_test(test_french),
        cmocka_unit_test(test_german),        cmocka_unit_test(test_without_anchor),
        cmocka_unit_test(test_fields),        cmocka_unit_test(test_guess),
        cmocka_unit_test(test_invalid_bytes), cmocka_unit_test(test_fourth_language),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
