/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which exchange's sessions a series keeps, and sessions inferred from prices where no calendar is
 * on file. */
#ifndef ABNORM_VENUE_H
#define ABNORM_VENUE_H

#include <abnorm/crew.h>
#include <abnorm/error.h>
#include <abnorm/exchange.h>
#include <abnorm/listing.h>
#include <abnorm/notes.h>
#include <abnorm/quotes.h>

/* The exchange of a series: its listing's (`listings` may be NULL), or else the one whose sessions
 * on file its rows keep but for a few; NULL when there is none. */
const abn_exchange *abn_venue_find(const abn_exchanges *exchanges, const abn_listings *listings,
                                   const abn_series *series);

/* The same of every series, by index, to free(); NULL without memory. `exchanges` may be NULL. */
const abn_exchange **abn_venue_all(const abn_exchanges *exchanges, const abn_listings *listings,
                                   const abn_quotes *quotes);

/* Infer the sessions of each exchange in years that its calendar does not cover: days on which the
 * benchmark of its listings has a row, or most of its series that cover the day. An exchange with
 * neither a benchmark nor three series is left alone. Each inference is noted. */
abn_status abn_venue_infer(abn_exchanges *exchanges, const abn_quotes *quotes,
                           const abn_listings *listings, abn_notes *notes, abn_error *err);
/* The same of quotes that processes share: `quotes` are this one's, `shared` those of benchmarks
 * that another has. All get the same sessions, the first the notes. */
abn_status abn_venue_infer_together(abn_exchanges *exchanges, const abn_quotes *quotes,
                                    const abn_quotes *shared, const abn_listings *listings,
                                    const abn_crew *crew, abn_notes *notes, abn_error *err);

#endif
