/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"
#include "folder.h"
#include "pictures.h"

#include <abnorm/file.h>

static abn_status run(cli *c)
{
    const char *form = cli_text(c, "form");
    size_t drawn = 0;
    if (!abn_is_folder(c->arg[0]))
        return abn_fail_at(&c->err, ABN_NO_INPUT, c->arg[0], 0, 0,
                           "no such folder (expected one that study, scan, simulate or run wrote)");
    abn_results *results = NULL;
    abn_status status = folder_open(c, c->arg[0], &results);
    if (status == ABN_OK)
        status = draw_pictures(c, results, c->arg[0], form ? form : "png", &drawn);
    folder_close(results);
    if (status == ABN_OK) folder_doubt(c, c->arg[0]);
    if (status == ABN_OK) cli_say(c, "%zu pictures in %s", drawn, c->arg[0]);
    return status;
}

static const option options[] = {
    {"form", 0, OPTION_CHOICE, "png|svg|pdf", "form of the pictures (default png)"},
    {0},
};

const command cmd_plot = {
    .name = "plot",
    .arguments = "DIR",
    .summary = "draw the pictures of a result folder with gnuplot",
    .example = "abnorm plot out --form svg",
    .details = "Each picture is a script beside the tables, to edit and run by hand:\n"
               "  cd out && gnuplot car.gp\n"
               "Without gnuplot the scripts are written all the same.",
    .options = options,
    .least = 1,
    .most = 1,
    .run = run,
};
