/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/venue_tables.h>

_Static_assert(offsetof(abn_venue_row, offset_sec) - offsetof(abn_venue_row, at) ==
                   offsetof(abn_table_instant, offset_sec),
               "an instant and its offset lie as a table's cell has them");

abn_table abn_parity_table(const abn_venues *venues)
{
    static const abn_column columns[] = {
        {"company", ABN_COLUMN_TEXT, offsetof(abn_parity_row, company)},
        {"depositary", ABN_COLUMN_TEXT, offsetof(abn_parity_row, depositary)},
        {"ordinary", ABN_COLUMN_TEXT, offsetof(abn_parity_row, ordinary)},
        {"date", ABN_COLUMN_DATE, offsetof(abn_parity_row, date)},
        {"close", ABN_COLUMN_REAL, offsetof(abn_parity_row, close)},
        {"ordinary_date", ABN_COLUMN_DATE, offsetof(abn_parity_row, ordinary_date)},
        {"ordinary_close", ABN_COLUMN_REAL, offsetof(abn_parity_row, ordinary_close)},
        {"rate", ABN_COLUMN_REAL, offsetof(abn_parity_row, rate)},
        {"implied", ABN_COLUMN_REAL, offsetof(abn_parity_row, implied)},
        {"deviation", ABN_COLUMN_REAL, offsetof(abn_parity_row, deviation)},
        {"event_id", ABN_COLUMN_TEXT, offsetof(abn_parity_row, event_id)},
    };
    size_t n;
    const abn_parity_row *rows = abn_venues_parity(venues, &n);
    return (abn_table){.name = "parity",
                       .columns = columns,
                       .n_columns = sizeof columns / sizeof *columns,
                       .rows = rows,
                       .n_rows = n,
                       .row_size = sizeof *rows};
}

abn_table abn_leadlag_table(const abn_venues *venues)
{
    static const abn_column columns[] = {
        {"company", ABN_COLUMN_TEXT, offsetof(abn_leadlag_row, company)},
        {"leader", ABN_COLUMN_TEXT, offsetof(abn_leadlag_row, leader)},
        {"follower", ABN_COLUMN_TEXT, offsetof(abn_leadlag_row, follower)},
        {"segment", ABN_COLUMN_TEXT, offsetof(abn_leadlag_row, segment)},
        {"lag", ABN_COLUMN_INT, offsetof(abn_leadlag_row, lag)},
        {"overlap_hours", ABN_COLUMN_REAL, offsetof(abn_leadlag_row, overlap_hours)},
        {"n", ABN_COLUMN_INT, offsetof(abn_leadlag_row, n)},
        {"beta", ABN_COLUMN_REAL, offsetof(abn_leadlag_row, beta)},
        {"correlation", ABN_COLUMN_REAL, offsetof(abn_leadlag_row, correlation)},
        {"t", ABN_COLUMN_REAL, offsetof(abn_leadlag_row, t)},
        {"p", ABN_COLUMN_REAL, offsetof(abn_leadlag_row, p)},
    };
    size_t n;
    const abn_leadlag_row *rows = abn_venues_leadlag(venues, &n);
    return (abn_table){.name = "leadlag",
                       .columns = columns,
                       .n_columns = sizeof columns / sizeof *columns,
                       .rows = rows,
                       .n_rows = n,
                       .row_size = sizeof *rows};
}

abn_table abn_venues_table(const abn_venues *venues)
{
    static const abn_column columns[] = {
        {"event_id", ABN_COLUMN_TEXT, offsetof(abn_venue_row, event_id)},
        {"company", ABN_COLUMN_TEXT, offsetof(abn_venue_row, company)},
        {"step", ABN_COLUMN_INT, offsetof(abn_venue_row, step)},
        {"symbol", ABN_COLUMN_TEXT, offsetof(abn_venue_row, symbol)},
        {"mic", ABN_COLUMN_TEXT, offsetof(abn_venue_row, mic)},
        {"closed_at", ABN_COLUMN_INSTANT, offsetof(abn_venue_row, at)},
        {"log_price", ABN_COLUMN_REAL, offsetof(abn_venue_row, log_price)},
        {"added", ABN_COLUMN_REAL, offsetof(abn_venue_row, added)},
        {"cumulative", ABN_COLUMN_REAL, offsetof(abn_venue_row, cumulative)},
        {"share", ABN_COLUMN_REAL, offsetof(abn_venue_row, share)},
    };
    size_t n;
    const abn_venue_row *rows = abn_venues_steps(venues, &n);
    return (abn_table){.name = "venues",
                       .columns = columns,
                       .n_columns = sizeof columns / sizeof *columns,
                       .rows = rows,
                       .n_rows = n,
                       .row_size = sizeof *rows};
}
