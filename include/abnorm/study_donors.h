/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose returns a comparison portfolio is made of. */
#ifndef ABNORM_STUDY_DONORS_H
#define ABNORM_STUDY_DONORS_H

#include <abnorm/study.h>

typedef struct abn_donor_row {
    const char *event_id, *symbol, *model, *donor; /* live as long as the study */
    double weight;                                 /* of the fitted portfolio, above zero */
} abn_donor_row;

/* Rows by model, event, weight from large to small; none without models of that kind. free() the
 * rows. */
abn_status abn_donor_rows(const abn_study *study, abn_donor_row **rows, size_t *n, abn_error *err);

#endif
