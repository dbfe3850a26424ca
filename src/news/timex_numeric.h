/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers as text writes them: dates, times, decimals, thousands. */
#ifndef ABN_NEWS_TIMEX_NUMERIC_H
#define ABN_NEWS_TIMEX_NUMERIC_H

#include "timex_tokens.h"

#pragma GCC visibility push(hidden)

/* Read the number at the reader's place (a digit) into `token`; where it ends. Runs of digits are
 * read once. */
const char *abn_timex_read_number(const abn_timex_reader *reader, abn_timex_token *token);

#pragma GCC visibility pop

#endif
