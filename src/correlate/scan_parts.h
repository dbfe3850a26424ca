/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of a scan share. */
#ifndef ABN_CORRELATE_SCAN_PARTS_H
#define ABN_CORRELATE_SCAN_PARTS_H

#include "study_parts.h"

#include <abnorm/scan.h>

#pragma GCC visibility push(hidden)

/* One listing: numbers by row of its line. */
typedef struct abn_scanned {
    const char *symbol, *company;
    const abn_line *line;
    double *ar, *z, *p, *q; /* NaN where the session was not tested */
    size_t first, end;      /* rows tested lie between */
    size_t tested;
    uint32_t *event; /* indices of the input's events of this listing, by row */
    size_t n_events;
    size_t first_move, n_moves;
} abn_scanned;

/* A move as rows of its line. */
typedef struct abn_run {
    uint32_t listing;
    int32_t from, to, peak;
} abn_run;

struct abn_scan {
    abn_scan_input input;
    abn_scan_settings settings;
    abn_study *study; /* lines and places */
    abn_scanned *listing;
    size_t n_listings;
    abn_tail tail;
    size_t tested;
    abn_run *run;
    abn_move_row *move;
    size_t n_moves;
    abn_event_move_row *event;
    size_t n_events;
    abn_coincidence_row *coincidence;
    size_t n_coincidences;
    abn_arena *arena;
};

/* Divide a listing's z by the scale that the sessions before each lead to expect. */
abn_status abn_scan_scale(abn_scanned *listing, abn_volatility volatility, abn_error *err);
abn_status abn_scan_measure(abn_scan *scan, abn_error *err);
abn_status abn_scan_match(abn_scan *scan, abn_error *err);
abn_status abn_scan_chance(abn_scan *scan, abn_error *err);
/* Row of event `i` on its listing's line, or -1. */
int32_t abn_scan_row(const abn_scan *scan, size_t i);

#pragma GCC visibility pop

#endif
