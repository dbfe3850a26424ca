/* SPDX-License-Identifier: GPL-3.0-or-later */
/* caar.csv and prices.csv: the tables that pictures of a study are drawn from. */
#ifndef ABNORM_PATH_TABLES_H
#define ABNORM_PATH_TABLES_H

#include <abnorm/caar.h>
#include <abnorm/price_path.h>
#include <abnorm/table.h>

/* Tables that borrow their rows. */
abn_table abn_caar_table(const abn_caar_row *rows, size_t n);
abn_table abn_price_table(const abn_price_row *rows, size_t n);

#endif
