/* SPDX-License-Identifier: GPL-3.0-or-later */
/* caar.csv, prices.csv and estimation.csv: the tables that pictures of a study are drawn from. */
#ifndef ABNORM_PATH_TABLES_H
#define ABNORM_PATH_TABLES_H

#include <abnorm/caar.h>
#include <abnorm/price_path.h>
#include <abnorm/scatter.h>
#include <abnorm/table.h>

/* Tables that borrow their rows. */
abn_table abn_caar_table(const abn_caar_row *rows, size_t n);
abn_table abn_price_table(const abn_price_row *rows, size_t n);
abn_table abn_scatter_table(const abn_scatter_row *rows, size_t n);

/* Events whose estimation window is written, and drawn, a model. */
enum { ABN_SCATTER_EVENTS = 24 };

#endif
