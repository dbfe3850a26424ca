/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "own_data.h"

#include <stdlib.h>

void own_data_free(own_data *own)
{
    free(own->kept);
    abn_study_free(own->study);
    abn_quotes_free(own->quotes);
    abn_factors_free(own->factors);
    market_facts_free(&own->facts);
    free(own->event);
}

static abn_status load(cli *c, own_data *own)
{
    const char *factors = cli_text(c, "factors");
    market_sources from = market_sources_of(c);
    abn_status status = market_quotes_load(c, cli_text(c, "quotes"), &own->quotes);
    if (!status && factors)
        status = abn_factors_load(factors, false, c->notes, &own->factors, &c->err);
    if (!status) status = market_facts_load(c, &from, &own->facts);
    return status ? status : market_quotes_clean(c, &own->facts, own->quotes);
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
                             .exchanges = own->facts.exchanges,
                             .listings = own->facts.listings,
                             .factors = own->factors,
                             .actions = own->facts.actions};
    cli_stage(c, "measuring");
    status = abn_study_run(&input, &settings, NULL, &own->study, &c->err);
    return status ? status : keep_histories(own, &c->err);
}
