/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run.json of a study: its settings as resolved, and every file that it read. */
#ifndef STUDY_RECORD_H
#define STUDY_RECORD_H

#include "command.h"
#include "market_facts.h"
#include "study_plan.h"

#include <abnorm/buf.h>
#include <abnorm/quotes.h>

/* Append the record to `out`. `facts`, `quotes` and `market` (NULL: none) are what was read;
 * `options` the command's own. */
abn_status study_record(const cli *c, const option *options, const study_plan *plan,
                        const market_facts *facts, const abn_quotes *quotes,
                        const abn_quotes *market, abn_buf *out, abn_error *err);

#endif
