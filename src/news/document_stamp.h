/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stamps: full dates, with or without an hour, as pages, feeds and their software write them. */
#ifndef ABNORM_NEWS_DOCUMENT_STAMP_H
#define ABNORM_NEWS_DOCUMENT_STAMP_H

#include "document_page.h"

#include <abnorm/date.h>
#include <abnorm/instant.h>
#include <abnorm/slice.h>
#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(hidden)

typedef struct abn_stamp {
    abn_date date;     /* as written, in the zone it was written in */
    int sec;           /* after midnight, or -1 without an hour */
    bool zoned;        /* a zone was written */
    int offset_sec;    /* of that zone */
    abn_instant at;    /* ABN_NO_INSTANT without hour or zone */
    size_t start, end; /* bytes in the text searched */
} abn_stamp;

/* How to take what is written. */
typedef struct abn_stamp_ways {
    bool month_first;            /* of numbers alone, unless only the other order is a date */
    const abn_page_words *words; /* names of months besides the English ones, or NULL */
} abn_stamp_ways;

/* Find the first full date from byte `from` on: "2025-02-11T09:21:00-05:00", "20250211", "Tue, 11
 * Feb 2025 09:21 EST", "11.02.2025 18:03 Uhr", "February 11, 2025 at 9:21 a.m. ET",
 * "2025年2月11日". */
bool abn_stamp_find(abn_slice text, size_t from, abn_stamp_ways ways, abn_stamp *out);
/* A whole value that is a stamp, or starts with one. */
bool abn_stamp_read(abn_slice text, abn_stamp_ways ways, abn_stamp *out);
/* The hour and zone that may follow a date which ends at `out->end`. */
void abn_stamp_hour(abn_slice text, abn_stamp *out);
/* "/2025/02/11/", "/20250211/", "2025-02-11" in an address, archive prefixes passed over. */
bool abn_stamp_address(abn_slice address, abn_stamp *out);

#pragma GCC visibility pop

#endif
