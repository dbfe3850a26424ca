/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What vendors call their columns. */
#include "quotes_file.h"

#include <string.h>

enum { NAME_MAX_BYTES = 28 };

/* Names are compared without case, blanks and punctuation; of several columns with one meaning the
 * least rank is taken. */
static const abn_known_name known_name[] = {
    {"date", ABN_FIELD_DATE, 0},
    {"tradedate", ABN_FIELD_DATE, 1},
    {"tradingdate", ABN_FIELD_DATE, 1},
    {"tradingday", ABN_FIELD_DATE, 1},
    {"observationdate", ABN_FIELD_DATE, 1},
    {"pricedate", ABN_FIELD_DATE, 1},
    {"datadate", ABN_FIELD_DATE, 1},
    {"caldt", ABN_FIELD_DATE, 1},
    {"dlycaldt", ABN_FIELD_DATE, 1},
    {"datetime", ABN_FIELD_DATE, 2},
    {"timestamp", ABN_FIELD_DATE, 2},
    {"day", ABN_FIELD_DATE, 3},
    {"time", ABN_FIELD_DATE, 4},
    {"dt", ABN_FIELD_DATE, 4},
    {"datum", ABN_FIELD_DATE, 4},
    {"tag", ABN_FIELD_DATE, 5},
    {"jour", ABN_FIELD_DATE, 5},
    {"fecha", ABN_FIELD_DATE, 5},
    {"symbol", ABN_FIELD_SYMBOL, 0},
    {"permno", ABN_FIELD_SYMBOL, 1},
    {"ticker", ABN_FIELD_SYMBOL, 2},
    {"tic", ABN_FIELD_SYMBOL, 3},
    {"sym", ABN_FIELD_SYMBOL, 3},
    {"ric", ABN_FIELD_SYMBOL, 3},
    {"code", ABN_FIELD_SYMBOL, 4},
    {"secid", ABN_FIELD_SYMBOL, 4},
    {"security", ABN_FIELD_SYMBOL, 4},
    {"instrument", ABN_FIELD_SYMBOL, 4},
    {"gvkey", ABN_FIELD_SYMBOL, 4},
    {"isin", ABN_FIELD_SYMBOL, 5},
    {"cusip", ABN_FIELD_SYMBOL, 6},
    {"firm", ABN_FIELD_SYMBOL, 6},
    {"market", ABN_FIELD_SYMBOL, 6},
    {"stock", ABN_FIELD_SYMBOL, 6},
    {"id", ABN_FIELD_SYMBOL, 7},
    {"open", ABN_FIELD_OPEN, 0},
    {"openprice", ABN_FIELD_OPEN, 1},
    {"openingprice", ABN_FIELD_OPEN, 1},
    {"openprc", ABN_FIELD_OPEN, 1},
    {"dlyopen", ABN_FIELD_OPEN, 1},
    {"prcod", ABN_FIELD_OPEN, 1},
    {"pxopen", ABN_FIELD_OPEN, 1},
    {"ouverture", ABN_FIELD_OPEN, 5},
    {"ouv", ABN_FIELD_OPEN, 5},
    {"eröffnung", ABN_FIELD_OPEN, 5},
    {"erster", ABN_FIELD_OPEN, 5},
    {"high", ABN_FIELD_HIGH, 0},
    {"highprice", ABN_FIELD_HIGH, 1},
    {"askhi", ABN_FIELD_HIGH, 1},
    {"dlyhigh", ABN_FIELD_HIGH, 1},
    {"prchd", ABN_FIELD_HIGH, 1},
    {"pxhigh", ABN_FIELD_HIGH, 1},
    {"plushaut", ABN_FIELD_HIGH, 5},
    {"haut", ABN_FIELD_HIGH, 5},
    {"hoch", ABN_FIELD_HIGH, 5},
    {"tageshoch", ABN_FIELD_HIGH, 5},
    {"low", ABN_FIELD_LOW, 0},
    {"lowprice", ABN_FIELD_LOW, 1},
    {"bidlo", ABN_FIELD_LOW, 1},
    {"dlylow", ABN_FIELD_LOW, 1},
    {"prcld", ABN_FIELD_LOW, 1},
    {"pxlow", ABN_FIELD_LOW, 1},
    {"plusbas", ABN_FIELD_LOW, 5},
    {"bas", ABN_FIELD_LOW, 5},
    {"tief", ABN_FIELD_LOW, 5},
    {"tagestief", ABN_FIELD_LOW, 5},
    {"close", ABN_FIELD_CLOSE, 0},
    {"closelast", ABN_FIELD_CLOSE, 1},
    {"closeprice", ABN_FIELD_CLOSE, 1},
    {"closingprice", ABN_FIELD_CLOSE, 1},
    {"prc", ABN_FIELD_CLOSE, 1},
    {"dlyprc", ABN_FIELD_CLOSE, 1},
    {"dlyclose", ABN_FIELD_CLOSE, 2},
    {"prccd", ABN_FIELD_CLOSE, 1},
    {"pxlast", ABN_FIELD_CLOSE, 1},
    {"last", ABN_FIELD_CLOSE, 2},
    {"lastprice", ABN_FIELD_CLOSE, 2},
    {"price", ABN_FIELD_CLOSE, 2},
    {"settle", ABN_FIELD_CLOSE, 3},
    {"settlement", ABN_FIELD_CLOSE, 3},
    {"level", ABN_FIELD_CLOSE, 4},
    {"value", ABN_FIELD_CLOSE, 4},
    {"nav", ABN_FIELD_CLOSE, 4},
    {"spindx", ABN_FIELD_CLOSE, 4},
    {"clôture", ABN_FIELD_CLOSE, 5},
    {"cloture", ABN_FIELD_CLOSE, 5},
    {"dernier", ABN_FIELD_CLOSE, 6},
    {"schluss", ABN_FIELD_CLOSE, 5},
    {"schlusskurs", ABN_FIELD_CLOSE, 5},
    {"kurs", ABN_FIELD_CLOSE, 6},
    {"adjclose", ABN_FIELD_ADJ_CLOSE, 0},
    {"adjustedclose", ABN_FIELD_ADJ_CLOSE, 0},
    {"adjcloseprice", ABN_FIELD_ADJ_CLOSE, 0},
    {"adjustedcloseprice", ABN_FIELD_ADJ_CLOSE, 0},
    {"adjustedclosingprice", ABN_FIELD_ADJ_CLOSE, 0},
    {"closeadj", ABN_FIELD_ADJ_CLOSE, 1},
    {"closeadjusted", ABN_FIELD_ADJ_CLOSE, 1},
    {"adjprice", ABN_FIELD_ADJ_CLOSE, 1},
    {"adjustedprice", ABN_FIELD_ADJ_CLOSE, 1},
    {"adjusted", ABN_FIELD_ADJ_CLOSE, 1},
    {"volume", ABN_FIELD_VOLUME, 0},
    {"vol", ABN_FIELD_VOLUME, 1},
    {"dlyvol", ABN_FIELD_VOLUME, 1},
    {"cshtrd", ABN_FIELD_VOLUME, 1},
    {"totalvolume", ABN_FIELD_VOLUME, 1},
    {"sharevolume", ABN_FIELD_VOLUME, 1},
    {"tradedvolume", ABN_FIELD_VOLUME, 1},
    {"pxvolume", ABN_FIELD_VOLUME, 1},
    {"volumen", ABN_FIELD_VOLUME, 5},
    {"umsatz", ABN_FIELD_VOLUME, 6},
    {"stück", ABN_FIELD_VOLUME, 5},
    {"return", ABN_FIELD_RETURN, 0},
    {"ret", ABN_FIELD_RETURN, 0},
    {"returns", ABN_FIELD_RETURN, 0},
    {"dlyret", ABN_FIELD_RETURN, 0},
    {"dailyreturn", ABN_FIELD_RETURN, 0},
    {"simplereturn", ABN_FIELD_RETURN, 0},
    {"totalreturn", ABN_FIELD_RETURN, 1},
    {"retx", ABN_FIELD_RETURN, 2},
    {"dlyretx", ABN_FIELD_RETURN, 2},
    {"dlret", ABN_FIELD_DELISTING, 0},
    {"delistingreturn", ABN_FIELD_DELISTING, 0},
    {"dlretx", ABN_FIELD_DELISTING, 1},
};

/* Single letters name fields only where all four prices have one. */
static const abn_known_name letter_name[] = {
    {"o", ABN_FIELD_OPEN, 9},  {"h", ABN_FIELD_HIGH, 9},   {"l", ABN_FIELD_LOW, 9},
    {"c", ABN_FIELD_CLOSE, 9}, {"v", ABN_FIELD_VOLUME, 9}, {"t", ABN_FIELD_DATE, 9},
};

/* Lower-case letters and digits of a heading, without a leading "1." and what stands in brackets.
 */
static void plain_name(abn_slice text, char out[NAME_MAX_BYTES])
{
    size_t n = 0, i = 0;
    while (i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9')
        i++;
    if (i == 0 || i >= text.len || text.ptr[i] != '.') i = 0;
    for (; i < text.len && n + 1 < NAME_MAX_BYTES; i++) {
        char c = text.ptr[i];
        if (c == '(' && n > 0) break;
        if (c >= 'A' && c <= 'Z') c = (char)(c + 'a' - 'A');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80)) out[n++] = c;
    }
    out[n < NAME_MAX_BYTES - 1 || i >= text.len ? n : 0] = '\0';
}

const abn_known_name *abn_heading_meaning(abn_slice text, bool letters)
{
    char plain[NAME_MAX_BYTES];
    plain_name(text, plain);
    for (size_t i = 0; i < sizeof known_name / sizeof *known_name; i++)
        if (strcmp(plain, known_name[i].name) == 0) return &known_name[i];
    for (size_t i = 0; letters && i < sizeof letter_name / sizeof *letter_name; i++)
        if (strcmp(plain, letter_name[i].name) == 0) return &letter_name[i];
    return NULL;
}
