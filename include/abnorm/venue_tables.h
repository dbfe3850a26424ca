/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parity.csv, leadlag.csv and venues.csv. */
#ifndef ABNORM_VENUE_TABLES_H
#define ABNORM_VENUE_TABLES_H

#include <abnorm/table.h>
#include <abnorm/venues.h>

/* Tables that borrow the rows. */
abn_table abn_parity_table(const abn_venues *venues);
abn_table abn_leadlag_table(const abn_venues *venues);
abn_table abn_venues_table(const abn_venues *venues);

#endif
