/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What dating works on: tapes, their markets on one grid of days, scratch columns. */
#ifndef ABNORM_DATER_H
#define ABNORM_DATER_H

#include "sessions.h"
#include <abnorm/dating.h>
#include <abnorm/map.h>

#define ABN_DATED_CLAIMS 64 /* claims of one text that are weighed; further ones only placed */
#define ABN_GRID_PAST    10 /* days after the last quote that a text may still be of */
#define ABN_GROUPS       16 /* sets of claims about one session in the same words */

/* Claims about one market that speak of their session in the same words. */
typedef struct abn_group {
    const abn_market *market;
    abn_session_key key;
    double *ratio; /* by day of the grid: product over its claims; 1 where nothing is known */
    int n_claims;
} abn_group;

struct abn_dater {
    const abn_listings *listings;
    const abn_exchanges *exchanges;
    abn_map *symbols; /* of `tape` */
    abn_tape **tape;
    const abn_market **market_of; /* of each tape */
    size_t n_tapes;
    abn_market *market;
    size_t n_markets;
    abn_date first; /* the grid's */
    int n;          /* its days */
    /* scratch */
    double *posterior;                      /* n */
    double *claim_ratio[ABN_DATED_CLAIMS];  /* one a session of the claim's tape; on demand */
    const char *ratio_of[ABN_DATED_CLAIMS]; /* the symbol they are of; NULL: not filled */
    bool ratio_tells[ABN_DATED_CLAIMS];
    double *group_ratio[ABN_GROUPS]; /* n each; on demand */
    size_t longest;                  /* sessions of the longest tape */
};

#pragma GCC visibility push(hidden)

/* Index of a symbol's tape; ABN_MAP_NONE without quotes. */
uint32_t abn_dater_index(const abn_dater *dater, const char *symbol);
/* The exchange of a listing, or NULL. */
const abn_exchange *abn_dater_exchange(const abn_dater *dater, const char *symbol);

#pragma GCC visibility pop

#endif
