/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fit functions behind the registry of models. */
#ifndef ABN_STATS_MODELS_H
#define ABN_STATS_MODELS_H

#include <abnorm/model.h>

#pragma GCC visibility push(hidden)

abn_fit_function abn_fit_mean, abn_fit_market_adjusted, abn_fit_least_squares, abn_fit_robust,
    abn_fit_scholes_williams, abn_fit_dimson, abn_fit_garch, abn_fit_egarch, abn_fit_portfolio,
    abn_fit_synthetic;
size_t abn_least_squares_scratch(size_t n, size_t k, size_t reach, size_t window);
size_t abn_donors_scratch(size_t n, size_t k, size_t reach, size_t window);

#pragma GCC visibility pop

#endif
