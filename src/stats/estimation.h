/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pass over the estimation windows of a group. */
#ifndef ABN_STATS_ESTIMATION_H
#define ABN_STATS_ESTIMATION_H

#include "members.h"
#include <abnorm/statistic.h>

#pragma GCC visibility push(hidden)

/* sd[w]: cross-sectional standard deviation of SCAR over window w (NaN: no generalised ranks);
 * scar[w]: the members' SCARs, or NULL where they are read off the panel. With a crew every rank
 * calls it; the sums are those of all on rank 0. What is by occasion but ranks is left to fill. */
abn_status abn_estimation_new(const abn_panel *panel, const abn_members *members,
                              const abn_tests_options *options, unsigned needs, const double *sd,
                              double *const *scar, abn_estimation **out, abn_error *err);
void abn_estimation_free(abn_estimation *estimation);

/* SCAR of an occasion over a window; the quick way for one day. */
double abn_scar(const abn_panel *panel, size_t i, abn_window window);

/* Mean over pairs of the correlation of residuals on the rows that both have; NaN for fewer than
 * two occasions. Cost N^2 M. Pairs by event time with fewer than three common rows are left out, by
 * calendar time they count as uncorrelated, as do two events of one listing on different days. With
 * a crew of all ranks' occasions, `n` together, on rank 0. */
abn_status abn_correlation_pairwise(const abn_panel *panel, const abn_members *members, size_t n,
                                    const abn_tests_options *options, double *mean, abn_error *err);

#pragma GCC visibility pop

#endif
