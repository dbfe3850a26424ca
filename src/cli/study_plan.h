/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From words to the settings of a study. */
#ifndef STUDY_PLAN_H
#define STUDY_PLAN_H

#include "command.h"

#include <abnorm/study.h>

enum { PLAN_MODELS = 16, PLAN_TESTS = 64, PLAN_WINDOWS = 64, PLAN_RULES = 512, PLAN_DONORS = 4096 };

/* Settings, and the lists they point to: stays where it is while they are used. */
typedef struct study_plan {
    abn_study_settings settings;
    abn_study_model model[PLAN_MODELS];
    const abn_statistic *statistic[PLAN_TESTS];
    abn_window window[PLAN_WINDOWS];
    abn_benchmark_rule rule[PLAN_RULES];
    char *text; /* the rules' words */
    abn_donor donor[PLAN_DONORS];
    char *donor_text;
} study_plan;

/* Zeroed before; freed after by plan_free(). */
void plan_free(study_plan *plan);
/* "market,factors", also capm, ff3, ff5, carhart. */
abn_status plan_models(study_plan *plan, const char *list, abn_error *err);
/* "all", or names joined by ','. */
abn_status plan_tests(study_plan *plan, const char *list, abn_error *err);
/* "-1:1,0:10". */
abn_status plan_windows(study_plan *plan, const char *list, abn_error *err);
/* "^GSPC", or "AAPL=^GSPC,XHKG=^HSI". */
abn_status plan_benchmarks(study_plan *plan, const char *list, abn_error *err);
/* "MSFT,GOOG", or "MSFT=3.1,GOOG=2.2" with shares of value. */
abn_status plan_donors(study_plan *plan, const char *list, abn_error *err);
/* After all else: windows that were not given. */
void plan_finish(study_plan *plan);

#endif
