/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `abnorm power`: how small an effect so many events can show. */
#include "commands.h"
#include "real_list.h"

#include <abnorm/power.h>
#include <math.h>
#include <stdlib.h>

static const option options[] = {
    {"events", 0, OPTION_TEXT, "N[,..]", "numbers of events (default 1,5,10,20,50,100)"},
    {"sigma", 0, OPTION_TEXT, "S[,..]",
     "standard deviations of an abnormal return, decimal (default 0.02)"},
    {"effect", 0, OPTION_TEXT, "PCT[,..]", "effects in percent (default 0.5,1,1.5,2)"},
    {"power", 0, OPTION_REAL, "P", "probability that the smallest effect is found (default .8)"},
    {"level", 0, OPTION_REAL, "P", "level of the test (default .05)"},
    {0},
};

typedef struct power_row {
    double sigma;
    int64_t events;
    double effect_pct, level, power, minimum_effect_pct;
    int64_t events_needed; /* for this effect at the asked-for power */
} power_row;

static const abn_column columns[] = {
    {"sigma", ABN_COLUMN_REAL, offsetof(power_row, sigma)},
    {"events", ABN_COLUMN_INT, offsetof(power_row, events)},
    {"effect_pct", ABN_COLUMN_REAL, offsetof(power_row, effect_pct)},
    {"level", ABN_COLUMN_REAL, offsetof(power_row, level)},
    {"power", ABN_COLUMN_REAL, offsetof(power_row, power)},
    {"minimum_effect_pct", ABN_COLUMN_REAL, offsetof(power_row, minimum_effect_pct)},
    {"events_needed", ABN_COLUMN_INT, offsetof(power_row, events_needed)},
};

static power_row compute(double sigma, double events, double effect, double power, double level)
{
    size_t n = (size_t)events, needed = abn_power_events(sigma, effect / 100, power, level);
    return (power_row){.sigma = sigma,
                       .events = (int64_t)n,
                       .effect_pct = effect,
                       .level = level,
                       .power = abn_power_z(n, sigma, effect / 100, level),
                       .minimum_effect_pct = 100 * abn_power_effect(n, sigma, power, level),
                       .events_needed = needed ? (int64_t)needed : ABN_NO_INT};
}

static abn_status run(cli *c)
{
    real_list sigma, events, effect;
    double power = cli_real(c, "power", .8), level = cli_real(c, "level", .05);
    abn_status status = real_list_parse(c, "sigma", "0.02", 1e-12, &sigma);
    if (!status) status = real_list_parse(c, "events", "1,5,10,20,50,100", 1, &events);
    if (!status) status = real_list_parse(c, "effect", "0.5,1,1.5,2", 0, &effect);
    if (!status && !(level > 0 && level < power && power < 1))
        status = cli_usage(c, "power", "expected 0 < level < power < 1");
    if (status) return status;
    size_t n = 0;
    power_row *row = calloc(sigma.n * events.n * effect.n + 1, sizeof *row);
    if (!row) return abn_fail_memory(&c->err);
    for (size_t i = 0; i < sigma.n; i++)
        for (size_t j = 0; j < events.n; j++)
            for (size_t k = 0; k < effect.n; k++)
                row[n++] = compute(sigma.value[i], events.value[j], effect.value[k], power, level);
    abn_table table = {.name = "power",
                       .columns = columns,
                       .n_columns = sizeof columns / sizeof *columns,
                       .n_rows = n,
                       .row_size = sizeof *row,
                       .rows = row};
    status = cli_show(c, &table);
    free(row);
    return status;
}

const command cmd_power = {
    .name = "power",
    .arguments = "",
    .summary = "tell how small an effect so many events can show",
    .example = "abnorm power --sigma 0.021 --events 12,38 --effect 1,2",
    .details =
        "Power of a two-sided z test of a mean abnormal return, in closed form; the smallest\n"
        "effect found with probability --power; how many events an effect needs. `simulate`\n"
        "measures the same of every test, without the assumption of a normal mean.\n",
    .options = options,
    .least = 0,
    .most = 0,
    .run = run,
};
