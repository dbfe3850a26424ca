/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The user's listings as histories for the engine, each beside its benchmark or factors. */
#ifndef OWN_DATA_H
#define OWN_DATA_H

#include "command.h"
#include "market_facts.h"
#include "study_plan.h"

typedef struct own_data {
    const abn_history *history; /* n, borrowed from the study */
    size_t n;
    abn_history *kept; /* owned: those of listings that have a return of their own to explain */
    abn_study *study;
    abn_quotes *quotes;
    market_facts facts;
    abn_factors *factors;
    abn_study_event *event;
} own_data;

/* Read --quotes (and --factors), and line every listing up as a study of plan's one model would. A
 * listing that is its own benchmark, or too short for the windows, is left out. */
abn_status own_data_load(cli *c, study_plan *plan, abn_window estimation, abn_window window,
                         own_data *out);
void own_data_free(own_data *own);

#endif
