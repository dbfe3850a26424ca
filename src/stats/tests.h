/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The test functions behind the registry of statistics. */
#ifndef ABN_STATS_TESTS_H
#define ABN_STATS_TESTS_H

#include <abnorm/statistic.h>

#pragma GCC visibility push(hidden)

abn_test_function abn_test_cross_sectional, abn_test_crude_dependence, abn_test_brown_warner,
    abn_test_patell, abn_test_adjusted_patell, abn_test_bmp, abn_test_kolari_pynnonen,
    abn_test_skewness, abn_test_jackknife, abn_test_bhar, abn_test_calendar_time;
abn_test_function abn_test_sign, abn_test_generalised_sign, abn_test_wilcoxon, abn_test_rank,
    abn_test_corrado_zivney, abn_test_modified_rank, abn_test_grank_t, abn_test_grank_z;
abn_test_function abn_test_wild_bootstrap, abn_test_permutation, abn_test_bhar_skewness;

abn_spread abn_spread_of(const double *v, size_t n);
double abn_mean(const double *v, size_t n);

#pragma GCC visibility pop

#endif
