/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dividends, splits and exchange rates, and the total returns that they make of raw closes. */
#ifndef ABNORM_ACTIONS_H
#define ABNORM_ACTIONS_H

#include <abnorm/date.h>
#include <abnorm/error.h>
#include <abnorm/notes.h>
#include <abnorm/quotes.h>
#include <abnorm/slice.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct abn_actions abn_actions;

/* Read files of dividends (symbol,ex_date,amount[,currency]: paid a share on its day, not adjusted
 * for later splits), splits (symbol,ex_date,ratio: 4 or 4:1 for four new shares an old one) and
 * exchange rates (pair,date,rate: USDHKD is dollars of Hong Kong a US dollar). Any path may be
 * NULL. */
abn_status abn_actions_load(const char *dividends, const char *splits, const char *fx,
                            abn_actions **out, abn_error *err);
/* Add the dividends and splits of further files, either NULL. A listing that one of them names is
 * taken from there alone from a week before its first row on: two sources may differ by a day. */
abn_status abn_actions_add(abn_actions *actions, const char *dividends, const char *splits,
                           abn_error *err);
void abn_actions_free(abn_actions *actions);

/* Units of currency `to` a unit of `from`: the last rate on or before the date, else the next; NaN
 * when there is none, 1 for one currency. */
double abn_actions_rate(const abn_actions *actions, const char *from, const char *to,
                        abn_date date);
/* New shares an old one of a split between two rows (after `after`, on or before `until`); 1 when
 * there was none. */
double abn_actions_split(const abn_actions *actions, abn_slice symbol, abn_date after,
                         abn_date until);

/* Whether any dividend or split of a symbol is on file. */
bool abn_actions_concern(const abn_actions *actions, abn_slice symbol);

/* Simple total returns of a series, `out` of n values: (P_i s + D) / P_{i-1} - 1 with the split
 * ratio s and dividends D of the days after row i-1 up to row i, D converted to `currency`, that
 * of the prices (NULL or "": the dividends' own). The first is NaN, as is one without both prices.
 * A split that the prices already show adjusted for (they do not jump) is not applied, and
 * dividends before it are divided by it. A file's own returns are taken as they are; its adjusted
 * close is never used. `actions` NULL: returns of closes. What was left out is noted. */
abn_status abn_actions_returns(const abn_actions *actions, const abn_series *series,
                               const char *currency, abn_notes *notes, double *out, abn_error *err);
/* Closes adjusted backwards for splits and dividends, the last one as it is: adjusted_{i-1} =
 * adjusted_i / (1 + total return_i). `out` of n values; NaN where the close is. */
abn_status abn_actions_adjusted(const abn_actions *actions, const abn_series *series,
                                const char *currency, abn_notes *notes, double *out,
                                abn_error *err);

#endif
