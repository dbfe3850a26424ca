/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the providers' files share. */
#ifndef ABNORM_PROVIDER_PARTS_H
#define ABNORM_PROVIDER_PARTS_H

#include <abnorm/provider.h>
#include <jansson.h>

#pragma GCC visibility push(hidden)

extern const abn_provider abn_provider_yahoo, abn_provider_stooq, abn_provider_alphavantage,
    abn_provider_tiingo, abn_provider_eodhd, abn_provider_fred, abn_provider_french;

/* The registry's base address or the query's own, without a slash at its end. */
void abn_provider_base(const abn_provider *provider, const abn_query *query, abn_buf *url);
/* Append NAME=YYYY-MM-DD, or with the given strftime-like compact form, unless there is no date. */
void abn_provider_date(abn_buf *url, const char *name, abn_date date, bool compact);

/* Parse JSON whose NaN and Infinity, which some vendors write, are read as null; depth is bounded.
 * ABN_DATA for what is no JSON; an HTML page is named by its title, a text by its first line. */
abn_status abn_provider_json(const char *source, abn_slice body, json_t **root, abn_error *err);
/* A number, or a string that holds one; NaN for null and anything else. */
double abn_json_number(const json_t *value);
/* The date at the start of a string "YYYY-MM-DD..."; ABN_NO_DATE for anything else. */
abn_date abn_json_date(const json_t *value);

/* What a day's object calls a column. */
typedef struct abn_json_column {
    const char *name, *column;
} abn_json_column;

/* Take what else a day's object tells; false without memory. */
typedef bool (*abn_json_day_fn)(const json_t *day, abn_date date, abn_bars *bars);

/* Read an answer that is an array of objects, one a day, each with "date" and `columns` (the list
 * ends with a NULL name), "close" among them; or CSV, where the query asked for it. A day without a
 * close has no row; an object that is only a warning is noted. `each` may be NULL. */
abn_status abn_provider_days(const abn_query *query, abn_slice body, const abn_json_column *columns,
                             abn_json_day_fn each, abn_bars *bars, abn_notes *notes,
                             abn_error *err);

/* Append "the provider says: " and the sentence by which an answer says what is wrong: of a JSON
 * object its error, message, detail, ...; of a page its title; of a text its first line. Control
 * characters and length are tamed. Nothing when there is no such sentence. */
void abn_provider_sentence(abn_slice body, abn_buf *out);
/* What such a sentence comes to, by its words; `otherwise` when they say nothing. */
abn_status abn_provider_judge(const char *sentence, abn_status otherwise);
/* Record an answer that is an error, in its own sentence. */
abn_status abn_provider_fail(const char *source, abn_slice body, abn_status otherwise,
                             abn_error *err);

/* Read a CSV answer with a header of date, open, high, low, close, adjusted close, volume,
 * dividends, splits in the vendors' spellings. Any other header is an error in the answer's own
 * words; a last line without its end is dropped with a note, as it may be cut. */
abn_status abn_provider_csv(const char *source, abn_slice body, abn_bars *bars, abn_notes *notes,
                            abn_error *err);
/* Whether the first line looks like such a header. */
bool abn_provider_is_csv(abn_slice body);

/* Note what is odd in the rows of an answer up to a date: flat bars without volume, jumps without a
 * split, adjustments without an event and events without adjustment, units of a hundredth.
 * `adjusted`: closes are adjusted for later splits. */
void abn_provider_check(const abn_query *query, const abn_bars *bars, abn_date to, bool adjusted,
                        abn_notes *notes);

#pragma GCC visibility pop

#endif
