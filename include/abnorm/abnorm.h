/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Event studies from quotes and news: every module's header. */
#ifndef ABNORM_ABNORM_H
#define ABNORM_ABNORM_H

#include <abnorm/actions.h>
#include <abnorm/announcement.h>
#include <abnorm/arena.h>
#include <abnorm/bars.h>
#include <abnorm/buf.h>
#include <abnorm/claim.h>
#include <abnorm/csv.h>
#include <abnorm/date.h>
#include <abnorm/dating.h>
#include <abnorm/document.h>
#include <abnorm/donors.h>
#include <abnorm/engine.h>
#include <abnorm/error.h>
#include <abnorm/exchange.h>
#include <abnorm/extract.h>
#include <abnorm/extract_tables.h>
#include <abnorm/fetch.h>
#include <abnorm/file.h>
#include <abnorm/garch.h>
#include <abnorm/http.h>
#include <abnorm/instant.h>
#include <abnorm/listing.h>
#include <abnorm/lstsq.h>
#include <abnorm/map.h>
#include <abnorm/model.h>
#include <abnorm/notes.h>
#include <abnorm/number.h>
#include <abnorm/page.h>
#include <abnorm/plot.h>
#include <abnorm/provider.h>
#include <abnorm/quiet.h>
#include <abnorm/quotes.h>
#include <abnorm/random.h>
#include <abnorm/resample.h>
#include <abnorm/results.h>
#include <abnorm/robust.h>
#include <abnorm/run_record.h>
#include <abnorm/sha256.h>
#include <abnorm/simulate.h>
#include <abnorm/slice.h>
#include <abnorm/statistic.h>
#include <abnorm/status.h>
#include <abnorm/study_file.h>
#include <abnorm/table.h>
#include <abnorm/tail.h>
#include <abnorm/tape.h>
#include <abnorm/thin.h>
#include <abnorm/timex.h>
#include <abnorm/verify.h>
#include <abnorm/zip.h>

#endif
