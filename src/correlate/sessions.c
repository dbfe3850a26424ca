/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sessions.h"
#include <string.h>

abn_session_key abn_session_key_of(const abn_claim *claim, const char *lang,
                                   const abn_exchange *exchange)
{
    abn_session_key key = {claim->session_word, 0, ABN_NO_DATE, ABN_CLAIM_CLOSE, false};
    if (key.word == ABN_SESSION_WEEKDAY) key.weekday = claim->session_weekday;
    if (key.word == ABN_SESSION_DATE) key.date = claim->session_date;
    if (key.word == ABN_SESSION_WEEKDAY && !key.weekday) key.word = ABN_SESSION_UNSTATED;
    if (key.word == ABN_SESSION_DATE && key.date == ABN_NO_DATE) key.word = ABN_SESSION_UNSTATED;
    if (claim->kind == ABN_CLAIM_INTRADAY || claim->kind == ABN_CLAIM_PREMARKET ||
        claim->kind == ABN_CLAIM_AFTERHOURS)
        key.kind = claim->kind;
    key.overseas = lang[0] && strcmp(lang, "en") && exchange && exchange->zone.standard_sec < 0;
    return key;
}

bool abn_session_key_same(const abn_session_key *a, const abn_session_key *b)
{
    return a->word == b->word && a->weekday == b->weekday && a->date == b->date &&
           a->kind == b->kind;
}

double abn_weekday_ratio(int lag)
{
    static const double share[7] = {0.56, 0.24, 0.06, 0.07, 0.03, 0.02, 0.02};
    return lag < 0 || lag > 6 ? 0 : 7 * share[lag];
}

/* By ABN_LAG_. `open`: the market has a session on the day of writing. */
typedef struct lags {
    double weight[ABN_LAGS];
} lags;

static lags lags_of(const abn_session_key *key, bool open)
{
    static const lags today[] = {{{0.30, 0.05, 0, 0.02}}, {{0.92, 0.05, 0, 0.01}}};
    static const lags yesterday[] = {{{0.78, 0.15, 0.02, 0}}, {{0.07, 0.87, 0.03, 0}}};
    static const lags intraday[] = {{{0.70, 0.10, 0.02, 0.01}}, {{0.84, 0.10, 0.01, 0.01}}};
    /* of the session that opens on the day of writing or next */
    static const lags before_open[] = {{{0.80, 0.05, 0, 0.15}}, {{0.85, 0.10, 0, 0}}};
    static const lags after_close[] = {{{0.85, 0.10, 0, 0}}, {{0.60, 0.35, 0.01, 0}}};
    static const lags overnight[] = {{{0.85, 0.10, 0, 0}}, {{0.30, 0.65, 0.01, 0}}};
    static const lags closed[] = {{{0.83, 0.07, 0.02, 0.01}}, {{0.69, 0.24, 0.02, 0.01}}};
    if (key->word == ABN_SESSION_YESTERDAY) return yesterday[open];
    if (key->word == ABN_SESSION_TODAY && key->kind != ABN_CLAIM_PREMARKET) return today[open];
    switch (key->kind) {
    case ABN_CLAIM_INTRADAY:
        return intraday[open];
    case ABN_CLAIM_PREMARKET:
        return before_open[open];
    case ABN_CLAIM_AFTERHOURS:
        return key->overseas ? overnight[open] : after_close[open];
    default:
        return closed[open];
    }
}

#define WEEKDAY_SURE 0.93 /* the last such weekday is meant, and the word is right */
#define DATE_SURE    0.95

static int weekday_day(const abn_market *m, int weekday, int written)
{
    int day = written - (abn_weekday(m->first + written) - weekday + 7) % 7;
    return day >= 0 && m->lag[ABN_LAG_OWN][day] == day ? day : m->n;
}

static int put(abn_option *option, int n, const abn_market *m, int day, double weight)
{
    if (day >= m->n || weight <= 0) return n;
    option[n] = (abn_option){day, weight};
    return n + 1;
}

int abn_session_options(const abn_market *market, const abn_session_key *key, int written,
                        abn_option option[ABN_OPTIONS_MAX])
{
    int n = 0;
    if (key->word == ABN_SESSION_WEEKDAY)
        return put(option, 0, market, weekday_day(market, key->weekday, written), WEEKDAY_SURE);
    if (key->word == ABN_SESSION_DATE) {
        int day = key->date - market->first;
        bool open = day >= 0 && day < market->n && market->lag[ABN_LAG_OWN][day] == day;
        return put(option, 0, market, open ? day : market->n, DATE_SURE);
    }
    lags w = lags_of(key, market->lag[ABN_LAG_OWN][written] == written);
    for (int l = 0; l < ABN_LAGS; l++)
        n = put(option, n, market, market->lag[l][written], w.weight[l]);
    return n;
}

static double spread_weekday(const abn_market *m, int weekday, const double *ratio,
                             const int range[2], double *weight)
{
    int back = (abn_weekday(m->first + range[0]) - weekday + 7) % 7;
    const int *own = m->lag[ABN_LAG_OWN];
    double most = 0;
    for (int d = range[0]; d <= range[1]; d++) {
        int day = d - back;
        bool open = day >= 0 && own[day] == day;
        double there = open ? ratio[day] : own[d] < m->n ? 0.1 : 1; /* named, but closed */
        weight[d] *= WEEKDAY_SURE * there + (1 - WEEKDAY_SURE);
        if (weight[d] > most) most = weight[d];
        back = back < 6 ? back + 1 : 0;
    }
    return most;
}

/* A full date in a text is most often of the past, and at times of its own day. */
static double spread_date(const abn_market *m, abn_date date, const int range[2], double *weight)
{
    double most = 0;
    for (int d = range[0]; d <= range[1]; d++) {
        int lag = m->first + d - date;
        weight[d] *= lag < -1 ? 0.02 : lag < 0 ? 0.3 : lag < 2 ? 20 : lag < 5 ? 5 : 1;
        if (weight[d] > most) most = weight[d];
    }
    return most;
}

double abn_session_spread(const abn_market *market, const abn_session_key *key, const double *ratio,
                          const int range[2], double *weight)
{
    if (key->word == ABN_SESSION_WEEKDAY)
        return spread_weekday(market, key->weekday, ratio, range, weight);
    if (key->word == ABN_SESSION_DATE) return spread_date(market, key->date, range, weight);
    const int *own = market->lag[0], *before = market->lag[1], *before2 = market->lag[2],
              *after = market->lag[3];
    lags w[2] = {lags_of(key, false), lags_of(key, true)};
    double other[2], most = 0;
    for (int open = 0; open < 2; open++)
        other[open] =
            1 - (w[open].weight[0] + w[open].weight[1] + w[open].weight[2] + w[open].weight[3]);
    for (int d = range[0]; d <= range[1]; d++) {
        int open = own[d] == d;
        const double *k = w[open].weight;
        weight[d] *= k[0] * ratio[own[d]] + k[1] * ratio[before[d]] + k[2] * ratio[before2[d]] +
                     k[3] * ratio[after[d]] + other[open];
        if (weight[d] > most) most = weight[d];
    }
    return most;
}

#define LONGEST_CLOSURE 30 /* days */

static bool is_open(const abn_exchange *exchange, abn_date date)
{
    abn_session session;
    return exchange ? abn_exchange_session(exchange, date, &session) : abn_weekday(date) <= 5;
}

static abn_date open_before(const abn_exchange *exchange, abn_date date)
{
    for (int i = 0; i < LONGEST_CLOSURE; i++)
        if (is_open(exchange, --date)) break;
    return date;
}

abn_date abn_session_by_calendar(const abn_exchange *exchange, const abn_session_key *key,
                                 abn_date written)
{
    abn_date day = written;
    if (key->word == ABN_SESSION_DATE) return key->date;
    if (key->word == ABN_SESSION_WEEKDAY)
        return written - (abn_weekday(written) - key->weekday + 7) % 7;
    if (key->kind == ABN_CLAIM_PREMARKET) {
        for (int i = 0; i < LONGEST_CLOSURE && !is_open(exchange, day); i++)
            day++;
        return day;
    }
    if (!is_open(exchange, day)) return open_before(exchange, day);
    bool morning_after =
        key->overseas && key->kind == ABN_CLAIM_AFTERHOURS && key->word == ABN_SESSION_UNSTATED;
    return key->word == ABN_SESSION_YESTERDAY || morning_after ? open_before(exchange, day) : day;
}
