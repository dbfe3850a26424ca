/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cumulative abnormal return from two files of quotes: example STOCK.csv MARKET.csv DATE */
#include <abnorm/abnorm.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    abn_quotes *stock = NULL, *market = NULL;
    abn_panel *panel = NULL;
    abn_error err = {0};
    abn_date date = ABN_NO_DATE;
    char line[800];
    if (argc < 4 || !abn_date_parse(abn_slice_of(argv[3]), &date) ||
        abn_quotes_load(argv[1], NULL, NULL, &stock, &err) != ABN_OK ||
        abn_quotes_load(argv[2], NULL, NULL, &market, &err) != ABN_OK)
        return fprintf(stderr, "%s\n", abn_error_format(&err, line, sizeof line)), 65;
    const abn_series *s = abn_quotes_at(stock, 0), *m = abn_quotes_at(market, 0);
    double *y = calloc(s->n, sizeof *y), *x = calloc(s->n, sizeof *x);
    for (size_t i = 0; i < s->n; i++) {
        ptrdiff_t j = abn_series_on(m, s->date[i]);
        y[i] = i ? s->close[i] / s->close[i - 1] - 1 : NAN;
        x[i] = j > 0 ? m->close[j] / m->close[j - 1] - 1 : NAN;
    }
    abn_history history = {.n = s->n, .k = 1, .y = y, .x = (const double *const[]){x}};
    abn_occasion event = {0, (int32_t)abn_series_lower(s, date), {-250, -11}, {-10, 10}};
    abn_panel_options options = {.model = abn_model_find(abn_slice_of("market"))};
    if (abn_panel_fit(&history, 1, &event, 1, &options, &panel, &err) != ABN_OK)
        return fprintf(stderr, "%s\n", abn_error_format(&err, line, sizeof line)), 65;
    abn_car car = abn_panel_car(panel, 0, (abn_window){0, 1});
    printf("CAR[0,1] = %.4f, t = %.2f\n", car.car, car.scar);
    abn_panel_free(panel);
    abn_quotes_free(stock);
    abn_quotes_free(market);
    return free(x), free(y), 0;
}
