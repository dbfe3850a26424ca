/* SPDX-License-Identifier: GPL-3.0-or-later */
/* documents.csv, claims.csv and events.csv of an extraction. */
#ifndef ABNORM_EXTRACT_TABLES_H
#define ABNORM_EXTRACT_TABLES_H

#include <abnorm/error.h>
#include <abnorm/extract.h>
#include <abnorm/results.h>
#include <abnorm/table.h>

/* Tables that borrow a finished extraction. */
abn_table abn_extract_documents_table(const abn_extraction *extraction);
abn_table abn_extract_claims_table(const abn_extraction *extraction);
abn_table abn_extract_events_table(const abn_extraction *extraction);
/* Add the three to a result folder. */
abn_status abn_extract_write(const abn_extraction *extraction, abn_results *results, int digits,
                             int threads, abn_error *err);

#endif
