/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run.json of a study: its settings as resolved, and every file that it read. */
#ifndef STUDY_RECORD_H
#define STUDY_RECORD_H

#include "command.h"
#include "market_facts.h"
#include "record.h"
#include "study_plan.h"

#include <abnorm/buf.h>
#include <abnorm/quotes.h>

/* Start the record: settings and the files that they name; `options` are the command's own. */
void study_record_start(record *r, const cli *c, const option *options, const study_plan *plan);
/* Once the files of quotes are there: those of `market` (NULL: none) and of `facts`; append the
 * record to `out`. */
abn_status study_record_end(record *r, const cli *c, const market_facts *facts,
                            const abn_quotes *market, abn_buf *out, abn_error *err);

#endif
