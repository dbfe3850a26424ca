/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weighing.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ASSERTED    0.5
#define NEARLY_SURE 0.7  /* least probability of the day and its neighbours together */
#define LISTED      1e-4 /* least probability of a candidate worth keeping */

/* The likeliest days, by insertion into a short list. */
static void list_days(const abn_weighing *w, abn_dating *out)
{
    const abn_dater *dater = w->dater;
    double least = LISTED;
    for (int d = w->range[0]; d <= w->range[1]; d++) {
        double p = dater->posterior[d];
        if (p <= least) continue;
        size_t i = out->n_days < ABN_DAYS_MAX ? out->n_days++ : ABN_DAYS_MAX - 1;
        for (; i > 0 && out->day[i - 1].probability < p; i--)
            out->day[i] = out->day[i - 1];
        out->day[i] = (abn_day){dater->first + d, p};
        if (out->n_days == ABN_DAYS_MAX) least = out->day[ABN_DAYS_MAX - 1].probability;
    }
}

/* The best day's probability with those of its neighbours: texts about a session appear on both. */
static double within_a_day(const abn_dating *dating)
{
    double sum = 0;
    for (size_t i = 0; i < dating->n_days; i++)
        if (abs(dating->day[i].date - dating->day[0].date) <= 1) sum += dating->day[i].probability;
    return sum;
}

static void settle_day(const abn_document *document, abn_dating *out)
{
    out->published = (abn_day){document->published, 1};
    out->basis = document->published_basis;
    if (out->basis == ABN_BASIS_NONE) out->basis = ABN_BASIS_TEXT;
    if (document->published_probability > 0)
        out->published.probability = document->published_probability;
}

abn_status abn_dater_date(abn_dater *dater, const abn_document *document, abn_reading *reading,
                          abn_dating *out, abn_error *err)
{
    abn_dating dating = {.published = {ABN_NO_DATE, 0}, .n_claims = reading->n_claims};
    dating.claim = calloc(reading->n_claims + 1, sizeof *dating.claim);
    if (!dating.claim) return abn_fail_memory(err);
    abn_weighing w = {.dater = dater, .reading = reading, .lang = document->lang};
    abn_weighing_forget(dater);
    abn_status status = abn_weighing_venues(dater, document, reading, err);
    if (status == ABN_OK) status = abn_weighing_claims(&w, err);
    if (status != ABN_OK) {
        free(dating.claim);
        return status;
    }
    dating.elsewhere = 1;
    if (document->published != ABN_NO_DATE) {
        settle_day(document, &dating);
    } else if (abn_weighing_days(&w, ABN_NO_DATE)) {
        list_days(&w, &dating);
        dating.elsewhere = w.outside;
        if (dating.n_days && dating.day[0].probability >= ASSERTED &&
            within_a_day(&dating) >= NEARLY_SURE) {
            dating.published = dating.day[0];
            dating.basis = ABN_BASIS_CLAIMS;
        }
    }
    abn_weighing_place(&w, reading, &dating);
    *out = dating;
    return ABN_OK;
}

abn_status abn_dater_weigh(abn_dater *dater, abn_reading *reading, const char *lang, abn_date first,
                           size_t n, double *probability, bool *told, abn_error *err)
{
    abn_weighing w = {.dater = dater, .reading = reading, .lang = lang};
    abn_weighing_forget(dater);
    abn_status status = abn_weighing_claims(&w, err);
    if (status != ABN_OK) return status;
    *told = abn_weighing_days(&w, ABN_NO_DATE);
    for (size_t i = 0; i < n && *told; i++) {
        int d = first + (int)i - dater->first;
        probability[i] = d >= w.range[0] && d <= w.range[1] ? dater->posterior[d] : 0;
    }
    return ABN_OK;
}

abn_status abn_dater_place(abn_dater *dater, abn_reading *reading, const char *lang, abn_day day,
                           abn_dating *dating, abn_error *err)
{
    abn_weighing w = {.dater = dater, .reading = reading, .lang = lang};
    abn_weighing_forget(dater);
    abn_status status = abn_weighing_claims(&w, err);
    if (status != ABN_OK) return status;
    dating->published = day;
    dating->basis = ABN_BASIS_EVENT;
    abn_weighing_place(&w, reading, dating);
    return ABN_OK;
}

void abn_dating_free(abn_dating *dating)
{
    if (!dating) return;
    free(dating->claim);
    dating->claim = NULL;
}
