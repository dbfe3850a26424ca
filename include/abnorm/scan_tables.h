/* SPDX-License-Identifier: GPL-3.0-or-later */
/* moves.csv, event_moves.csv and coincidence.csv. */
#ifndef ABNORM_SCAN_TABLES_H
#define ABNORM_SCAN_TABLES_H

#include <abnorm/scan.h>
#include <abnorm/table.h>

/* Tables that borrow a scan. */
abn_table abn_scan_moves_table(const abn_scan *scan);
abn_table abn_scan_events_table(const abn_scan *scan);
abn_table abn_scan_coincidence_table(const abn_scan *scan);

#endif
