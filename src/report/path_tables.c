/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/path_tables.h>

abn_table abn_caar_table(const abn_caar_row *rows, size_t n)
{
    static const abn_column columns[] = {
        {"group", ABN_COLUMN_TEXT, offsetof(abn_caar_row, group)},
        {"model", ABN_COLUMN_TEXT, offsetof(abn_caar_row, model)},
        {"event_time", ABN_COLUMN_INT, offsetof(abn_caar_row, event_time)},
        {"n", ABN_COLUMN_INT, offsetof(abn_caar_row, n)},
        {"aar", ABN_COLUMN_REAL, offsetof(abn_caar_row, aar)},
        {"caar", ABN_COLUMN_REAL, offsetof(abn_caar_row, caar)},
        {"caar_se", ABN_COLUMN_REAL, offsetof(abn_caar_row, caar_se)},
        {"lo", ABN_COLUMN_REAL, offsetof(abn_caar_row, lo)},
        {"hi", ABN_COLUMN_REAL, offsetof(abn_caar_row, hi)},
    };
    return (abn_table){.name = "caar",
                       .columns = columns,
                       .n_columns = sizeof columns / sizeof *columns,
                       .rows = rows,
                       .n_rows = n,
                       .row_size = sizeof *rows};
}

abn_table abn_price_table(const abn_price_row *rows, size_t n)
{
    static const abn_column columns[] = {
        {"symbol", ABN_COLUMN_TEXT, offsetof(abn_price_row, symbol)},
        {"date", ABN_COLUMN_DATE, offsetof(abn_price_row, date)},
        {"close", ABN_COLUMN_REAL, offsetof(abn_price_row, close)},
        {"index", ABN_COLUMN_REAL, offsetof(abn_price_row, index)},
        {"event_id", ABN_COLUMN_TEXT, offsetof(abn_price_row, event_id)},
    };
    return (abn_table){.name = "prices",
                       .columns = columns,
                       .n_columns = sizeof columns / sizeof *columns,
                       .rows = rows,
                       .n_rows = n,
                       .row_size = sizeof *rows};
}

abn_table abn_scatter_table(const abn_scatter_row *rows, size_t n)
{
    static const abn_column columns[] = {
        {"event_id", ABN_COLUMN_TEXT, offsetof(abn_scatter_row, event_id)},
        {"symbol", ABN_COLUMN_TEXT, offsetof(abn_scatter_row, symbol)},
        {"model", ABN_COLUMN_TEXT, offsetof(abn_scatter_row, model)},
        {"date", ABN_COLUMN_DATE, offsetof(abn_scatter_row, date)},
        {"return", ABN_COLUMN_REAL, offsetof(abn_scatter_row, value)},
        {"benchmark", ABN_COLUMN_REAL, offsetof(abn_scatter_row, benchmark)},
        {"alpha", ABN_COLUMN_REAL, offsetof(abn_scatter_row, alpha)},
        {"beta", ABN_COLUMN_REAL, offsetof(abn_scatter_row, beta)},
    };
    return (abn_table){.name = "estimation",
                       .columns = columns,
                       .n_columns = sizeof columns / sizeof *columns,
                       .rows = rows,
                       .n_rows = n,
                       .row_size = sizeof *rows};
}
