/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers as text writes them: dates, times, decimals, thousands. */
#ifndef ABN_NEWS_TIMEX_NUMERIC_H
#define ABN_NEWS_TIMEX_NUMERIC_H

#include "timex_tokens.h"

#pragma GCC visibility push(hidden)

/* Read the number at `at` (a digit) of the text `text`..`end` into `token`; where it ends. Runs of
 * digits are read once. `month_first`: 02/11/2025 is in February. */
const char *abn_timex_read_number(const char *text, const char *at, const char *end,
                                  bool month_first, abn_timex_token *token);

#pragma GCC visibility pop

#endif
