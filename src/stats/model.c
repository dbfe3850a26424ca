/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models.h"
#include <abnorm/model.h>

const abn_model abn_models[] = {
    {.name = "mean",
     .paper = "Brown and Warner 1985",
     .formula = "E[R_t] = mean of R over the estimation window",
     .kind = ABN_MODEL_MEAN,
     .min_rows = 1,
     .fit = abn_fit_mean},
    {.name = "market_adjusted",
     .paper = "Brown and Warner 1980",
     .formula = "E[R_t] = R_mt; s^2 = variance of R - R_m",
     .kind = ABN_MODEL_MARKET,
     .min_rows = 1,
     .fit = abn_fit_market_adjusted},
    {.name = "market",
     .paper = "Fama, Fisher, Jensen and Roll 1969; MacKinlay 1997",
     .formula = "E[R_t] = a + b R_mt by least squares",
     .kind = ABN_MODEL_MARKET,
     .min_rows = 1,
     .fit = abn_fit_least_squares,
     .scratch = abn_least_squares_scratch},
    {.name = "factors",
     .paper = "Fama and French 1993, 2015; Carhart 1997",
     .formula = "E[R_t - F_t] = a + sum of b_j f_jt by least squares",
     .kind = ABN_MODEL_FACTORS,
     .min_rows = 1,
     .fit = abn_fit_least_squares,
     .scratch = abn_least_squares_scratch},
};

const size_t abn_models_count = sizeof abn_models / sizeof abn_models[0];

const abn_model *abn_model_find(abn_slice name)
{
    for (size_t i = 0; i < abn_models_count; i++)
        if (abn_slice_eq(name, abn_models[i].name)) return &abn_models[i];
    return NULL;
}
