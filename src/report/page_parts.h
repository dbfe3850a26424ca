/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the page share: the tables of a result folder and where the page goes. */
#ifndef PAGE_PARTS_H
#define PAGE_PARTS_H

#include "frame.h"
#include "html.h"

#include <abnorm/buf.h>
#include <abnorm/exchange.h>
#include <jansson.h>
#include <stddef.h>

#pragma GCC visibility push(hidden)

enum {
    ABN_PAGE_EVENTS,
    ABN_PAGE_ALIGNMENT,
    ABN_PAGE_CARS,
    ABN_PAGE_TESTS,
    ABN_PAGE_MODELS,
    ABN_PAGE_DOCUMENTS,
    ABN_PAGE_CLAIMS,
    ABN_PAGE_MOVES,
    ABN_PAGE_COINCIDENCE,
    ABN_PAGE_SIMULATION,
    ABN_PAGE_TABLES
};

typedef struct abn_page_parts {
    const char *folder;
    const abn_exchanges *exchanges; /* or NULL */
    abn_frame *t[ABN_PAGE_TABLES];  /* NULL where the folder has none */
    json_t *run;                    /* run.json, or NULL */
    abn_buf *out;
} abn_page_parts;

/* Row of an event in events.csv, or -1. */
ptrdiff_t abn_page_event(const abn_page_parts *page, const char *id);
/* The answer in words and numbers: each event where they are few, a summary of many. */
abn_status abn_page_answer(const abn_page_parts *page, abn_error *err);
/* Each event on the clock of each market. */
abn_status abn_page_timeline(const abn_page_parts *page, abn_error *err);
/* Each document: its date with evidence, its claims with verdicts. */
void abn_page_documents(const abn_page_parts *page);

#pragma GCC visibility pop

#endif
