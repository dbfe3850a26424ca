/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the reader of moves makes of sentences in three languages, and what it leaves alone. */
#include "unit.h"

#include <abnorm/buf.h>
#include <abnorm/claim.h>
#include <math.h>
#include <stdlib.h>

typedef struct sentence {
    const char *text, *claims; /* "SYMBOL kind pct @level CUR day horizon since" joined by "; " */
} sentence;

typedef struct fixture {
    abn_languages *languages;
    abn_listings *listings;
    abn_reader *reader;
} fixture;

static void open_reader(fixture *f)
{
    abn_error err = {0};
    assert_int_equal(abn_languages_load("data", &f->languages, &err), ABN_OK);
    assert_int_equal(abn_listings_load("data/listings.csv", NULL, &f->listings, &err), ABN_OK);
    assert_int_equal(abn_reader_new(f->languages, f->listings, &f->reader, &err), ABN_OK);
}

static void close_reader(fixture *f)
{
    abn_reader_free(f->reader);
    abn_listings_free(f->listings);
    abn_languages_free(f->languages);
}

static void read_text(const fixture *f, const char *lang, const char *text, abn_reading *out)
{
    abn_error err = {0};
    char empty[] = "";
    abn_document d = {.id = empty,
                      .source = empty,
                      .title = empty,
                      .published = ABN_NO_DATE,
                      .published_at = ABN_NO_INSTANT};
    size_t len = strlen(text);
    char *copy = malloc(len + 1);
    assert_non_null(copy);
    memcpy(copy, text, len + 1);
    memcpy(d.lang, lang, strlen(lang) + 1);
    d.text = copy;
    d.text_len = len;
    assert_int_equal(abn_reader_read(f->reader, &d, out, &err), ABN_OK);
    free(copy);
}

static void spell_claim(const abn_claim *c, abn_buf *out)
{
    static const char *const words[] = {"", " today", " yesterday", " day", " date"};
    abn_buf_printf(out, "%s%s %s", out->len ? "; " : "", c->symbol, abn_claim_kind_name(c->kind));
    if (!isnan(c->pct)) abn_buf_printf(out, " %+g", c->pct);
    if (!isnan(c->level))
        abn_buf_printf(out, " @%.6g%s%s", c->level, c->currency[0] ? " " : "", c->currency);
    abn_buf_text(out, words[c->session_word]);
    if (c->session_weekday) abn_buf_printf(out, "%d", c->session_weekday);
    if (c->horizon && c->horizon != ABN_HORIZON_YTD)
        abn_buf_printf(out, " %s", abn_horizon_name(c->horizon));
    if (c->hedge) abn_buf_printf(out, " %s", abn_hedge_name(c->hedge));
    if (c->since[0])
        abn_buf_printf(out, " %s%s since %s", abn_extreme_name(c->extreme),
                       c->of_move ? " move" : "", c->since);
    if (c->streak) abn_buf_printf(out, " streak%d", c->streak);
    if (c->other_venue) abn_buf_text(out, " elsewhere");
}

static void check_all(const char *lang, const sentence *s, size_t n)
{
    fixture f;
    int wrong = 0;
    open_reader(&f);
    for (size_t i = 0; i < n; i++) {
        abn_reading r;
        abn_buf got = {0};
        abn_buf_text(&got, "");
        read_text(&f, lang, s[i].text, &r);
        for (size_t k = 0; k < r.n_claims; k++)
            spell_claim(&r.claim[k], &got);
        if (strcmp(got.data, s[i].claims) != 0) {
            print_message("%s\n    want %s\n    got  %s\n", s[i].text, s[i].claims, got.data);
            wrong++;
        }
        abn_buf_free(&got);
        abn_reading_free(&r);
    }
    close_reader(&f);
    assert_int_equal(wrong, 0);
}

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const sentence ENGLISH[] = {
    {"Apple shares rose 2.2% on Tuesday.", "AAPL close +2.2 day2"},
    {"Shares of Apple Inc (AAPL.O) slid 5 percent to $141.15 in morning trade on the Nasdaq.",
     "AAPL intraday -5 @141.15 USD"},
    {"Apple's stock closed at $232.62, up 2.18%.", "AAPL close +2.18 @232.62 USD"},
    {"Apple (AAPL) was last up 1.7% at $263.48 in afternoon trading.",
     "AAPL intraday +1.7 @263.48 USD"},
    {"Alibaba's Hong Kong-listed shares jumped as much as 6.4% to HK$119.7, their highest since "
     "January 2022.",
     "9988.HK intraday +6.4 @119.7 HKD as_much_as; 9988.HK intraday high since 2022-01"},
    {"The U.S.-listed shares of Alibaba gained 2.6% before the opening bell.",
     "BABA premarket +2.6"},
    {"In extended trading, Apple slipped almost 3%.", "AAPL afterhours -3 nearly"},
    {"Microsoft added 1% and Apple 2%.", "MSFT close +1; AAPL close +2"},
    {"Boeing and Apple lost 1.9% and 0.6%, respectively.", "BA close -1.9; AAPL close -0.6"},
    {"Nvidia, Alphabet and Apple all fell more than 4% on Monday.",
     "NVDA close -4 day1 more_than; GOOGL close -4 day1 more_than; AAPL close -4 day1 more_than"},
    {"The index lagged, weighed down by a 3.1% drop for Apple.", "AAPL close -3.1"},
    {"Apple ended the day with a loss of 0.5%.", "AAPL close -0.5"},
    {"Apple is up about 24% so far this year.", "AAPL ytd +24 about"},
    {"Apple shares have climbed more than 18 percent since the beginning of October.",
     "AAPL unspecified +18 other more_than"},
    {"Apple lost 6% this week.", "AAPL unspecified -6 week"},
    {"Apple unveiled a phone. The stock rose 1.5% on Friday.", "AAPL close +1.5 day5"},
    {"The iPhone maker's shares eased 0.7%.", "AAPL close -0.7"},
    {"Alibaba tumbled as much as 8% in Hong Kong before trimming losses to 4.2% by the close.",
     "9988.HK intraday -8 as_much_as; 9988.HK close -4.2"},
    {"Alibaba (BABA) (+3.6%) led the movers.", "BABA close +3.6"},
    {"Apple stock 2% to close at 241.35.", "AAPL close +2 @241.35"},
    {"After soaring nearly 22% last week, Alibaba (BABA) fell 7%.",
     "BABA unspecified +22 week nearly; BABA close -7"},
    {"Shares of Apple were off $4.90 at $151.16, after sliding 3 percent early in the day.",
     "AAPL close -3 @151.16 USD"},
    {"Apple hit a record intraday high of $237.49 on Tuesday.", "AAPL intraday @237.49 USD day2"},
    {"Apple fell 3.3 percent on the Frankfurt stock exchange.", "AAPL close -3.3 elsewhere"},
    {"Apple shares gained 3%, their biggest one-day gain since November 30.",
     "AAPL close +3; AAPL close high move since XXXX-11-30"},
    {"Apple rose for a fifth straight session, adding 0.8%.", "AAPL close +0.8 streak5"},
    {"The Hang Seng Index closed 1.8% higher at 20,345.67.", "^HSI close +1.8 @20345.7"},
    {"Apple's shares edged up 0.5 per cent yesterday.", "AAPL close +0.5 yesterday"},
    {"Alibaba Gains 3%\n\nAlibaba Group shares put on nearly 3% in Hong Kong on Thursday.",
     "9988.HK close +3 day4 nearly"},
};

/* Percentages that are no move of a listing that is followed. */
static const sentence ENGLISH_NOT[] = {
    {"Apple's revenue in China fell 11% to $18.51 billion.", ""},
    {"A 12% slump in iPhone sales weighs on Apple.", ""},
    {"Apple shipments dropped 17 percent, a share of 15 percent of the market.", ""},
    {"Services make up 26% of Apple's sales.", ""},
    {"Washington puts tariffs of 25% on phones that Apple makes abroad.", ""},
    {"An analyst raised the price target for Apple to $275, an upside of 18%.", ""},
    {"Apple stands 6% above its 204.15 buy point.", ""},
    {"The stock of Apple would have to gain 3.3% to reach its 52-week high.", ""},
    {"Apple is on track for a gain of 5%.", ""},
    {"Analysts expect Apple shares to rise 10% next year.", ""},
    {"There is a 65 percent chance of a tablet from Apple.", ""},
    {"Apple raised its dividend by 4%.", ""},
    {"Apple owns 9.8% of the venture.", ""},
    {"Alibaba Health soared more than 17%.", "0241.HK close +17 more_than"},
    {"Apple unveiled it, and shares of a small supplier, Zibronix, jumped 30%.", ""},
    {"Foxtrot Systems sank 9% after Apple cut orders.", ""},
    {"Apple supplier Qorvo lost 6%.", "QRVO close -6"},
    {"Gross margin at Alibaba widened to 40% and profit rose 78%.", ""},
    {"Apple said iPhone 16 sales climbed 2% while iOS 18.4 reached 60% of users.", ""},
    {"The yield of Treasuries went to 4.27%.", ""},
    {"Apple's market value fell by 5% to $3.3 trillion.", ""},
    {"Inflation was 2.9% and Apple unveiled a phone.", ""},
    {"Consumer prices rose 0.5%. Apple did not comment.", ""},
    {"Alibaba bought back $1.2 billion of shares, 3% of the total.", ""},
    {"Apple may cut prices by 10% in China.", ""},
};

static const sentence FRENCH[] = {
    {"L'action Apple a clôturé en hausse de 2,18 % à 232,62 dollars mardi.",
     "AAPL close +2.18 @232.62 USD day2"},
    {"Le titre Alibaba s'est envolé de 8,48\u00a0% à Hong Kong.", "9988.HK close +8.48"},
    {"Apple recule de plus de 3% à New York.", "AAPL intraday -3 more_than"},
    {"Alibaba abandonne 2,56% à 196,21 dollars.", "BABA intraday -2.56 @196.21 USD"},
    {"À Hong Kong, les actions Alibaba ont gagné jusqu'à 7,4%.",
     "9988.HK intraday +7.4 as_much_as"},
    {"Avant l'ouverture, l'action lâchait plus de 4 % ; Apple est menacé.",
     "AAPL premarket -4 more_than"},
    {"Apple (+1,2%) et Microsoft (-0,4%) divergent.", "AAPL close +1.2; MSFT close -0.4"},
    {"JD.com et Alibaba ont pris tous deux plus de 12% à Hongkong.",
     "9618.HK close +12 more_than; 9988.HK close +12 more_than"},
    {"Apple gagne 12% depuis le début de l'année.", "AAPL ytd +12"},
    {"L'action Apple a terminé sur un repli de 2,9 % mercredi.", "AAPL close -2.9 day3"},
    {"Le géant du e-commerce grimpe de 7,5% à Hong Kong.", "9988.HK intraday +7.5"},
    {"Apple a bondi de 5% hier, au plus haut depuis octobre 2024.",
     "AAPL close +5 yesterday; AAPL close yesterday high since 2024-10"},
    {"Apple cède 1,1% et Alibaba 0,8% à Wall Street.", "AAPL intraday -1.1; BABA intraday -0.8"},
    {"Le CAC 40 finit en baisse de 0,4% à 7 635,23 points.", "^FCHI close -0.4 @7635.23"},
};

static const sentence FRENCH_NOT[] = {
    {"Les ventes d'iPhone d'Apple en Chine ont chuté de 11 %.", ""},
    {"Le chiffre d'affaires d'Alibaba progresse de 8 % et le bénéfice de 48 %.", ""},
    {"Washington impose des droits de douane de 25 % qui touchent Apple.", ""},
    {"L'objectif de cours d'Apple passe de 325 à 250 dollars, soit un potentiel de 20 %.", ""},
    {"L'action Apple pourrait gagner 10 % d'ici la fin de l'année.", ""},
    {"Apple assemble 90% de ses iPhone en Chine.", ""},
    {"La part de marché d'Apple recule à 15 %.", ""},
};

static const sentence GERMAN[] = {
    {"Die Apple-Aktie legte am Dienstag um 2,18 Prozent auf 232,62 Dollar zu.",
     "AAPL close +2.18 @232.62 USD day2"},
    {"Die Papiere von Alibaba schlossen in Hongkong 8,48 Prozent im Plus.", "9988.HK close +8.48"},
    {"In Hongkong zog die Alibaba-Aktie um bis zu 9,2 Prozent an.",
     "9988.HK intraday +9.2 as_much_as"},
    {"4,10 Prozent auf 117,80 HKD brach die Alibaba-Aktie am Montag ein.",
     "9988.HK close -4.1 @117.8 HKD day1"},
    {"Im NYSE-Handel ging es für Alibaba um 1,94 Prozent auf 118,36 US-Dollar abwärts.",
     "BABA close -1.94 @118.36 USD"},
    {"Vorbörslich notierte Apple bei minus 5,5 Prozent.", "AAPL premarket -5.5"},
    {"Apple verlor knapp drei Prozent.", "AAPL close -3 nearly"},
    {"Die Aktie von Apple schloss um 0,58 Prozent leichter bei 234,50 Dollar.",
     "AAPL close -0.58 @234.5 USD"},
    {"Apple gab gestern um gut ein Prozent nach.", "AAPL close -1 yesterday more_than"},
    {"Apple gewann zum Wochenschluss 1,2 Prozent.", "AAPL close +1.2 day5"},
    {"Seit Jahresbeginn hat die Apple-Aktie rund 40 Prozent gewonnen.", "AAPL ytd +40 about"},
    {"Die Apple-Aktie drehte nachbörslich zu einem Plus von rund vier Prozent.",
     "AAPL afterhours +4 about"},
    {"Apple fiel um vier Prozent, so tief wie seit Mai 2023 nicht mehr.",
     "AAPL close -4; AAPL close low since 2023-05"},
    {"Der DAX ging 0,4 Prozent tiefer bei 22.163 Punkten aus dem Handel.",
     "^GDAXI close -0.4 @22163"},
    {"Die Aktien von Alibaba und Baidu fielen in New York um bis zu drei Prozent.",
     "BABA intraday -3 as_much_as; BIDU intraday -3 as_much_as"},
    {"Im Frankfurt-Handel sank die Apple-Aktie um 0,3 Prozent auf 101,18 EUR.",
     "AAPL close -0.3 @101.18 EUR elsewhere"},
};

static const sentence GERMAN_NOT[] = {
    {"Apples Umsatz in China fiel um zwölf Prozent auf 17,9 Milliarden Dollar.", ""},
    {"Der Absatz von iPhones ging um 11 Prozent zurück.", ""},
    {"Um das Hoch zu erreichen, müsste die Apple-Aktie um 3,31 Prozent zulegen.", ""},
    {"Die Apple-Aktie könnte um zehn Prozent steigen.", ""},
    {"Das Kursziel für Apple liegt bei 250 Dollar, ein Potenzial von 12 Prozent.", ""},
    {"Die USA erheben Zölle von 25 Prozent auf Apple-Produkte.", ""},
    {"70 Prozent der iPhones baut Apple in China.", ""},
    {"Alibaba kaufte Anteile für 8,2 Millionen Dollar.", ""},
    {"Apples Marktanteil liegt bei 15 Prozent.", ""},
};

static void reads_english(void **state)
{
    (void)state;
    check_all("en", ENGLISH, COUNT(ENGLISH));
}

static void leaves_english_accounts(void **state)
{
    (void)state;
    check_all("en", ENGLISH_NOT, COUNT(ENGLISH_NOT));
}

static void reads_french(void **state)
{
    (void)state;
    check_all("fr", FRENCH, COUNT(FRENCH));
}

static void leaves_french_accounts(void **state)
{
    (void)state;
    check_all("fr", FRENCH_NOT, COUNT(FRENCH_NOT));
}

static void reads_german(void **state)
{
    (void)state;
    check_all("de", GERMAN, COUNT(GERMAN));
}

static void leaves_german_accounts(void **state)
{
    (void)state;
    check_all("de", GERMAN_NOT, COUNT(GERMAN_NOT));
}

UNIT_MAIN(unit(reads_english), unit(leaves_english_accounts), unit(reads_french),
          unit(leaves_french_accounts), unit(reads_german), unit(leaves_german_accounts))
