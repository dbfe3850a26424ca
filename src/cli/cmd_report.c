/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"
#include "folder.h"
#include "pictures.h"

#include <abnorm/exchange.h>
#include <abnorm/file.h>
#include <abnorm/page.h>

static abn_status write_page(cli *c, abn_results *results, const abn_exchanges *exchanges)
{
    abn_buf page = {0};
    abn_status status = abn_page_format(c->arg[0], (abn_slice){0}, exchanges, &page, &c->err);
    if (status == ABN_OK)
        status =
            abn_results_file(results, "report.html", (abn_slice){page.data, page.len}, &c->err);
    if (status == ABN_OK) status = folder_commit(c, results);
    abn_buf_free(&page);
    return status;
}

static abn_status run(cli *c)
{
    abn_exchanges *exchanges = NULL;
    abn_results *results = NULL;
    if (!abn_is_folder(c->arg[0]))
        return abn_fail_at(
            &c->err, ABN_NO_INPUT, c->arg[0], 0, 0,
            "no such folder (expected one that run, study, extract, scan or simulate wrote)");
    abn_status status = folder_open(c, c->arg[0], &results);
    if (status == ABN_OK) status = draw_pictures(c, results, c->arg[0], "svg", NULL);
    if (status == ABN_OK)
        status = abn_exchanges_load(c->data ? c->data : "data", &exchanges, &c->err);
    if (status == ABN_OK) status = write_page(c, results, exchanges);
    if (status == ABN_OK) folder_doubt(c, c->arg[0]);
    if (status == ABN_OK) cli_say(c, "%s/report.html", c->arg[0]);
    folder_close(results);
    abn_exchanges_free(exchanges);
    return status;
}

const command cmd_report = {
    .name = "report",
    .arguments = "DIR",
    .summary = "make one self-contained HTML page of a result folder",
    .example = "abnorm report out",
    .details = "The page, DIR/report.html, loads nothing from outside: mail it, print it.",
    .least = 1,
    .most = 1,
    .run = run,
};
