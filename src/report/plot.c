/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/plot.h>

#include "script.h"

const abn_plot abn_plots[] = {
    {"car", "returns", "Cumulative abnormal return of each listing around each event",
     abn_plot_car},
    {"caar", "caar", "Average cumulative abnormal return over events", abn_plot_caar},
    {"ar", "returns", "Abnormal return of each session around each event", abn_plot_ar},
    {"forest", "cars", "Cumulative abnormal returns with their intervals", abn_plot_forest},
    {"fit", "estimation", "Estimation window: return against benchmark, with the fit",
     abn_plot_fit},
    {"prices", "prices", "Prices indexed to 100, with the first session of each event",
     abn_plot_prices},
    {"claims", "claims", "Moves that the texts claim against the moves that prices show",
     abn_plot_claims},
    {"moves", "moves", "Abnormal moves over time, and whether an event explains them",
     abn_plot_moves},
    {"coincidence", "coincidence", "Events against the size of abnormal returns, by lag",
     abn_plot_coincidence},
    {"parity", "parity", "Price of a depositary listing over that of its shares", abn_plot_parity},
    {"leadlag", "leadlag", "What a listing does after another has closed", abn_plot_leadlag},
    {"venues", "venues", "Which exchange made which part of a move", abn_plot_venues},
    {"power", "simulation", "Rejection rates of the tests: size without a shock, power with one",
     abn_plot_power},
};
const size_t abn_plots_count = sizeof abn_plots / sizeof *abn_plots;

static abn_status write_one(const abn_plot *plot, const char *folder, abn_results *results,
                            bool *drawn, abn_error *err)
{
    abn_buf script = {0}, name = {0};
    abn_status status = plot->script(folder, &script, err);
    if (status == ABN_OK) status = abn_buf_status(&script, err);
    *drawn = status == ABN_OK && script.len;
    if (*drawn) {
        abn_buf_printf(&name, "%s.gp", plot->name);
        status = abn_buf_status(&name, err);
        if (status == ABN_OK)
            status =
                abn_results_file(results, name.data, (abn_slice){script.data, script.len}, err);
    }
    abn_buf_free(&script);
    abn_buf_free(&name);
    return status;
}

abn_status abn_plots_write(const char *folder, abn_results *results, bool *drawn, abn_error *err)
{
    for (size_t i = 0; i < abn_plots_count; i++) {
        abn_frame *frame = NULL;
        bool some = false;
        abn_status status = abn_frame_load(folder, abn_plots[i].table, &frame, err);
        size_t rows = abn_frame_rows(frame);
        abn_frame_free(frame);
        if (status == ABN_OK && rows)
            status = write_one(&abn_plots[i], folder, results, &some, err);
        if (status != ABN_OK) return status;
        if (drawn) drawn[i] = some;
    }
    return ABN_OK;
}
