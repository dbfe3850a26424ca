/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A study's five tables. */
#ifndef ABNORM_STUDY_TABLES_H
#define ABNORM_STUDY_TABLES_H

#include <abnorm/study.h>
#include <abnorm/study_cross.h>
#include <abnorm/study_donors.h>
#include <abnorm/table.h>

typedef struct abn_study_tables {
    abn_table alignment, models, returns, cars, tests;
    abn_column model_column[10 + ABN_STUDY_COEFFICIENTS + ABN_MODEL_EXTRAS];
    char factor_column[ABN_STUDY_COEFFICIENTS][48];
} abn_study_tables;

/* Describe the study's tables; `tables` must stay where it is while they are used, and the study
 * alive. */
void abn_study_tables_make(const abn_study *study, abn_study_tables *tables);

/* cross_section.csv; the cross must stay alive. */
abn_table abn_cross_table(const abn_cross *cross);

/* donors.csv; the rows must stay where they are. */
abn_table abn_donor_table(const abn_donor_row *rows, size_t n);

#endif
