/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/scan_tables.h>

_Static_assert(ABN_NO_LAG == ABN_NO_INT, "a missing lag is a missing whole number");

abn_table abn_scan_moves_table(const abn_scan *scan)
{
    static const abn_column columns[] = {
        {"symbol", ABN_COLUMN_TEXT, offsetof(abn_move_row, symbol)},
        {"date", ABN_COLUMN_DATE, offsetof(abn_move_row, date)},
        {"return", ABN_COLUMN_REAL, offsetof(abn_move_row, value)},
        {"abnormal", ABN_COLUMN_REAL, offsetof(abn_move_row, abnormal)},
        {"z", ABN_COLUMN_REAL, offsetof(abn_move_row, z)},
        {"p", ABN_COLUMN_REAL, offsetof(abn_move_row, p)},
        {"q", ABN_COLUMN_REAL, offsetof(abn_move_row, q)},
        {"event_id", ABN_COLUMN_TEXT, offsetof(abn_move_row, event_id)},
        {"lag_sessions", ABN_COLUMN_INT, offsetof(abn_move_row, lag_sessions)},
        {"explained", ABN_COLUMN_TEXT, offsetof(abn_move_row, explained)},
        {"from", ABN_COLUMN_DATE, offsetof(abn_move_row, from)},
        {"to", ABN_COLUMN_DATE, offsetof(abn_move_row, to)},
        {"sessions", ABN_COLUMN_INT, offsetof(abn_move_row, sessions)},
        {"cumulative", ABN_COLUMN_REAL, offsetof(abn_move_row, cumulative)},
        {"p_sample", ABN_COLUMN_REAL, offsetof(abn_move_row, p_sample)},
        {"score", ABN_COLUMN_REAL, offsetof(abn_move_row, score)},
        {"candidates", ABN_COLUMN_TEXT, offsetof(abn_move_row, candidates)},
    };
    size_t n;
    const abn_move_row *rows = abn_scan_moves(scan, &n);
    return (abn_table){.name = "moves",
                       .columns = columns,
                       .n_columns = sizeof columns / sizeof *columns,
                       .rows = rows,
                       .n_rows = n,
                       .row_size = sizeof *rows};
}

abn_table abn_scan_events_table(const abn_scan *scan)
{
    static const abn_column columns[] = {
        {"event_id", ABN_COLUMN_TEXT, offsetof(abn_event_move_row, event_id)},
        {"symbol", ABN_COLUMN_TEXT, offsetof(abn_event_move_row, symbol)},
        {"type", ABN_COLUMN_TEXT, offsetof(abn_event_move_row, type)},
        {"first_session", ABN_COLUMN_DATE, offsetof(abn_event_move_row, first_session)},
        {"move", ABN_COLUMN_DATE, offsetof(abn_event_move_row, move)},
        {"lag_sessions", ABN_COLUMN_INT, offsetof(abn_event_move_row, lag_sessions)},
        {"abnormal", ABN_COLUMN_REAL, offsetof(abn_event_move_row, abnormal)},
        {"z", ABN_COLUMN_REAL, offsetof(abn_event_move_row, z)},
        {"p", ABN_COLUMN_REAL, offsetof(abn_event_move_row, p)},
        {"q", ABN_COLUMN_REAL, offsetof(abn_event_move_row, q)},
        {"score", ABN_COLUMN_REAL, offsetof(abn_event_move_row, score)},
    };
    size_t n;
    const abn_event_move_row *rows = abn_scan_events(scan, &n);
    return (abn_table){.name = "event_moves",
                       .columns = columns,
                       .n_columns = sizeof columns / sizeof *columns,
                       .rows = rows,
                       .n_rows = n,
                       .row_size = sizeof *rows};
}

abn_table abn_scan_coincidence_table(const abn_scan *scan)
{
    static const abn_column columns[] = {
        {"measure", ABN_COLUMN_TEXT, offsetof(abn_coincidence_row, measure)},
        {"type", ABN_COLUMN_TEXT, offsetof(abn_coincidence_row, type)},
        {"lag", ABN_COLUMN_INT, offsetof(abn_coincidence_row, lag)},
        {"events", ABN_COLUMN_INT, offsetof(abn_coincidence_row, events)},
        {"moves", ABN_COLUMN_INT, offsetof(abn_coincidence_row, moves)},
        {"observed", ABN_COLUMN_REAL, offsetof(abn_coincidence_row, observed)},
        {"expected", ABN_COLUMN_REAL, offsetof(abn_coincidence_row, expected)},
        {"p", ABN_COLUMN_REAL, offsetof(abn_coincidence_row, p)},
        {"share_moves", ABN_COLUMN_REAL, offsetof(abn_coincidence_row, share_moves)},
        {"share_events", ABN_COLUMN_REAL, offsetof(abn_coincidence_row, share_events)},
        {"lo", ABN_COLUMN_REAL, offsetof(abn_coincidence_row, lo)},
        {"hi", ABN_COLUMN_REAL, offsetof(abn_coincidence_row, hi)},
    };
    size_t n;
    const abn_coincidence_row *rows = abn_scan_coincidences(scan, &n);
    return (abn_table){.name = "coincidence",
                       .columns = columns,
                       .n_columns = sizeof columns / sizeof *columns,
                       .rows = rows,
                       .n_rows = n,
                       .row_size = sizeof *rows};
}
