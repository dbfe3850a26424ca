/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "own_data.h"

#include <abnorm/file.h>
#include <abnorm/quality.h>
#include <abnorm/venue.h>
#include <stdlib.h>

void own_data_free(own_data *own)
{
    free(own->kept);
    abn_study_free(own->study);
    abn_quotes_free(own->quotes);
    abn_exchanges_free(own->exchanges);
    abn_listings_free(own->listings);
    abn_factors_free(own->factors);
    abn_actions_free(own->actions);
    free(own->event);
}

static abn_status load(cli *c, own_data *own)
{
    abn_quotes_options options = {.returns = cli_flag(c, "returns"), .threads = cli_threads(c)};
    const char *factors = cli_text(c, "factors");
    char *listings = cli_data(c, "listings.csv"), *splits = cli_data(c, "splits.csv");
    char *rates = cli_data(c, "fx.csv");
    abn_status status = listings && splits && rates ? ABN_OK : abn_fail_memory(&c->err);
    if (!status)
        status = abn_quotes_load(cli_text(c, "quotes"), &options, c->notes, &own->quotes, &c->err);
    if (!status && factors)
        status = abn_factors_load(factors, false, c->notes, &own->factors, &c->err);
    if (!status && abn_is_file(listings))
        status = abn_listings_load(listings, NULL, &own->listings, &c->err);
    if (!status && c->data) status = abn_exchanges_load(c->data, &own->exchanges, &c->err);
    if (!status)
        status = abn_actions_load(NULL, abn_is_file(splits) ? splits : NULL,
                                  abn_is_file(rates) ? rates : NULL, &own->actions, &c->err);
    free(listings);
    free(splits);
    free(rates);
    return status;
}

/* Leave out the rows that are no observation, as a study does. */
static abn_status clean(cli *c, own_data *own)
{
    abn_quality_inputs inputs = {
        .exchanges = own->exchanges, .listings = own->listings, .actions = own->actions};
    abn_status status = ABN_OK;
    if (own->exchanges)
        status = abn_venue_infer(own->exchanges, own->quotes, own->listings, c->notes, &c->err);
    return status ? status : abn_quality_clean(own->quotes, &inputs, c->notes, &c->err);
}

/* One event a listing, as late as its window allows: what the study makes of it is its history. */
static abn_status place_events(own_data *own, abn_window estimation, abn_window window, size_t *n,
                               abn_error *err)
{
    size_t all = abn_quotes_count(own->quotes);
    own->event = calloc(all + 1, sizeof *own->event);
    if (!own->event) return abn_fail_memory(err);
    *n = 0;
    for (size_t i = 0; i < all; i++) {
        const abn_series *s = abn_quotes_at(own->quotes, i);
        if (s->n <= (size_t)(window.to - estimation.from + 1)) continue;
        own->event[(*n)++] = (abn_study_event){.event_id = s->symbol,
                                               .symbol = s->symbol,
                                               .at = ABN_NO_INSTANT,
                                               .on = s->date[s->n - 1 - (size_t)window.to],
                                               .benchmark = "",
                                               .group = "",
                                               .source = s->source};
    }
    if (*n) return ABN_OK;
    return abn_fail(err, ABN_HISTORY, "no listing has %d sessions",
                    window.to - estimation.from + 2);
}

static abn_status keep_histories(own_data *own, abn_error *err)
{
    const abn_panel *panel = abn_study_panel(own->study, 0, NULL);
    own->kept = calloc(panel->n + 1, sizeof *own->kept);
    if (!own->kept) return abn_fail_memory(err);
    for (size_t i = 0; i < panel->n; i++)
        if (panel->status[i] == ABN_OK && panel->sigma[i] > 0)
            own->kept[own->n++] = panel->history[panel->occasion[i].history];
    own->history = own->kept;
    if (own->n) return ABN_OK;
    return abn_fail(err, ABN_HISTORY, "no listing has enough returns beside its benchmark");
}

abn_status own_data_load(cli *c, study_plan *plan, abn_window estimation, abn_window window,
                         own_data *own)
{
    size_t events = 0;
    abn_statistic const *none = plan->statistic[0];
    abn_status status = load(c, own);
    if (!status) status = clean(c, own);
    if (!status && plan->model[0].model->kind == ABN_MODEL_DONORS)
        status =
            cli_usage(c, "model", "%s takes other donors for every event", plan->model[0].label);
    if (!status) status = place_events(own, estimation, window, &events, &c->err);
    if (status) return status;
    abn_study_settings settings = plan->settings;
    settings.estimation = estimation;
    settings.window = window;
    settings.windows = &window;
    settings.n_windows = 1;
    settings.statistic = &none;
    settings.n_statistics = 1;
    settings.log = cli_flag(c, "log");
    settings.threads = cli_threads(c);
    abn_study_input input = {.event = own->event,
                             .n_events = events,
                             .quotes = own->quotes,
                             .exchanges = own->exchanges,
                             .listings = own->listings,
                             .factors = own->factors,
                             .actions = own->actions};
    status = abn_study_run(&input, &settings, NULL, &own->study, &c->err);
    return status ? status : keep_histories(own, &c->err);
}
