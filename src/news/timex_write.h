/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pieces of TIMEX3 values. */
#ifndef ABN_NEWS_TIMEX_WRITE_H
#define ABN_NEWS_TIMEX_WRITE_H

#include "timex_lexicon.h"

#include <abnorm/timex.h>

#pragma GCC visibility push(hidden)

/* All of these are false when the value has no room for more, or there is none. */

bool abn_timex_put(abn_timex *out, const char *fmt, ...) ABN_PRINTF(2, 3);
bool abn_timex_append(abn_timex *out, const char *more);
/* The day, as value and as date. */
bool abn_timex_put_day(abn_timex *out, abn_date day);
bool abn_timex_put_week(abn_timex *out, abn_date day, const char *tail);
/* The unit (from days on) that holds `day`, `off` units on; the same with unknown digits. */
bool abn_timex_put_unit(abn_timex *out, abn_date day, int unit, int off);
bool abn_timex_put_unknown(abn_timex *out, int unit);
/* A number of units; `tenths` of them, or an unknown number when negative. */
bool abn_timex_put_span(abn_timex *out, int tenths, int unit);

#pragma GCC visibility pop

#endif
