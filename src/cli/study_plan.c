/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study_plan.h"

#include <abnorm/number.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void plan_free(study_plan *plan)
{
    free(plan->text);
    free(plan->donor_text);
}

/* ---- models ---- */

static const char *const market[] = {"Mkt-RF|MktRF|Mkt|MKT"};
static const char *const three[] = {"Mkt-RF|MktRF|Mkt|MKT", "SMB", "HML"};
static const char *const four[] = {"Mkt-RF|MktRF|Mkt|MKT", "SMB", "HML", "Mom|UMD|WML"};
static const char *const five[] = {"Mkt-RF|MktRF|Mkt|MKT", "SMB", "HML", "RMW", "CMA"};

static const struct {
    const char *name;
    const char *const *factor;
    size_t n;
} named[] = {{"capm", market, 1}, {"ff3", three, 3}, {"carhart", four, 4}, {"ff5", five, 5}};

enum { NAMED = sizeof named / sizeof *named };

static abn_status unknown(const char *what, abn_slice word, const char *const *names,
                          abn_error *err)
{
    char text[64];
    size_t n = word.len < sizeof text - 1 ? word.len : sizeof text - 1;
    memcpy(text, word.ptr, n);
    text[n] = 0;
    const char *near = nearest(text, names);
    return abn_fail(err, ABN_USAGE, "unknown %s \"%s\"%s%s%s", what, text,
                    near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
}

static bool find_model(abn_slice name, abn_study_model *out)
{
    const abn_model *model = abn_model_find(name);
    if (model) {
        *out = (abn_study_model){.model = model, .label = model->name};
        return true;
    }
    for (size_t i = 0; i < NAMED; i++)
        if (abn_slice_eq(name, named[i].name)) {
            *out = (abn_study_model){.model = abn_model_find(abn_slice_of("factors")),
                                     .label = named[i].name,
                                     .factor = named[i].factor,
                                     .n_factors = named[i].n};
            return true;
        }
    return false;
}

abn_status plan_models(study_plan *plan, const char *list, abn_error *err)
{
    abn_slice rest = abn_slice_of(list), part;
    size_t n = 0;
    while (abn_slice_split(&rest, ',', &part)) {
        part = abn_slice_trim(part);
        if (n == PLAN_MODELS) return abn_fail(err, ABN_USAGE, "more than %d models", PLAN_MODELS);
        if (find_model(part, plan->model + n)) {
            n++;
            continue;
        }
        const char *names[64];
        size_t k = 0;
        for (size_t i = 0; i < abn_models_count && k < 50; i++)
            names[k++] = abn_models[i].name;
        for (size_t i = 0; i < NAMED; i++)
            names[k++] = named[i].name;
        names[k] = NULL;
        return unknown("model", part, names, err);
    }
    plan->settings.model = plan->model;
    plan->settings.n_models = n;
    return ABN_OK;
}

/* ---- tests ---- */

abn_status plan_tests(study_plan *plan, const char *list, abn_error *err)
{
    abn_slice rest = abn_slice_of(list), part;
    size_t n = 0;
    while (abn_slice_split(&rest, ',', &part)) {
        part = abn_slice_trim(part);
        bool all = abn_slice_eq(part, "all");
        const abn_statistic *one = all ? NULL : abn_statistic_find(part);
        for (size_t i = 0; i < abn_statistics_count && n < PLAN_TESTS; i++)
            if (all || one == abn_statistics + i) plan->statistic[n++] = abn_statistics + i;
        if (all || one) continue;
        const char *names[PLAN_TESTS + 1];
        size_t k = 0;
        for (size_t i = 0; i < abn_statistics_count && k < PLAN_TESTS; i++)
            names[k++] = abn_statistics[i].name;
        names[k] = NULL;
        return unknown("test", part, names, err);
    }
    plan->settings.statistic = plan->statistic;
    plan->settings.n_statistics = n;
    return ABN_OK;
}

/* ---- windows ---- */

abn_status plan_windows(study_plan *plan, const char *list, abn_error *err)
{
    abn_slice rest = abn_slice_of(list), part;
    size_t n = 0;
    while (abn_slice_split(&rest, ',', &part)) {
        char text[64];
        part = abn_slice_trim(part);
        size_t len = part.len < sizeof text - 1 ? part.len : sizeof text - 1;
        memcpy(text, part.ptr, len);
        text[len] = 0;
        if (n == PLAN_WINDOWS)
            return abn_fail(err, ABN_USAGE, "more than %d windows", PLAN_WINDOWS);
        abn_window *w = plan->window + n++;
        if (!cli_parse_range(text, &w->from, &w->to))
            return abn_fail(err, ABN_USAGE, "bad window \"%s\" (expected A:B with A <= B, as -1:1)",
                            text);
    }
    plan->settings.windows = plan->window;
    plan->settings.n_windows = n;
    return ABN_OK;
}

static void add_window(study_plan *plan, int from, int to)
{
    abn_window all = plan->settings.window;
    if (from < all.from || to > all.to) return;
    for (size_t i = 0; i < plan->settings.n_windows; i++)
        if (plan->window[i].from == from && plan->window[i].to == to) return;
    plan->window[plan->settings.n_windows++] = (abn_window){from, to};
}

void plan_finish(study_plan *plan)
{
    if (plan->settings.windows == plan->window) return;
    plan->settings.windows = plan->window;
    plan->settings.n_windows = 0;
    add_window(plan, 0, 0);
    add_window(plan, -1, 1);
    add_window(plan, plan->settings.window.from, plan->settings.window.to);
}

/* ---- benchmarks ---- */

abn_status plan_benchmarks(study_plan *plan, const char *list, abn_error *err)
{
    free(plan->text);
    plan->text = strdup(list);
    if (!plan->text) return abn_fail_memory(err);
    size_t n = 0;
    for (char *word = plan->text, *end; word; word = end) {
        end = strchr(word, ',');
        if (end) *end++ = 0;
        if (n == PLAN_RULES) return abn_fail(err, ABN_USAGE, "more than %d benchmarks", PLAN_RULES);
        /* A symbol may hold '=' itself, but no listing's begins with it. */
        char *equals = strchr(word, '=');
        if (equals) *equals = 0;
        plan->rule[n] =
            (abn_benchmark_rule){.key = equals ? word : "", .symbol = equals ? equals + 1 : word};
        if (!*plan->rule[n].symbol)
            return abn_fail(err, ABN_USAGE,
                            "bad benchmark \"%s\" (expected SYM, LISTING=SYM or MIC=SYM)", list);
        n++;
    }
    plan->settings.rule = plan->rule;
    plan->settings.n_rules = n;
    return ABN_OK;
}

/* ---- donors ---- */

/* A symbol may hold '=' itself: only a number behind the last one is a value. */
static abn_donor donor_of(char *word)
{
    abn_donor donor = {.symbol = word, .weight = NAN};
    char *equals = strrchr(word, '=');
    if (equals && abn_number_parse(abn_slice_of(equals + 1), &donor.weight))
        *equals = 0;
    else
        donor.weight = NAN;
    return donor;
}

abn_status plan_donors(study_plan *plan, const char *list, abn_error *err)
{
    free(plan->donor_text);
    plan->donor_text = strdup(list);
    if (!plan->donor_text) return abn_fail_memory(err);
    size_t n = 0;
    for (char *word = plan->donor_text, *end; word; word = end) {
        end = strchr(word, ',');
        if (end) *end++ = 0;
        if (n == PLAN_DONORS) return abn_fail(err, ABN_USAGE, "more than %d donors", PLAN_DONORS);
        plan->donor[n] = donor_of(word);
        if (!*plan->donor[n++].symbol)
            return abn_fail(err, ABN_USAGE, "bad donors \"%s\" (expected SYM,.. or SYM=VALUE,..)",
                            list);
    }
    plan->settings.donor = plan->donor;
    plan->settings.n_donors = n;
    return ABN_OK;
}
