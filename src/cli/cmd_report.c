/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"
#include "pictures.h"

#include <abnorm/exchange.h>
#include <abnorm/file.h>
#include <abnorm/page.h>
#include <stdlib.h>

static abn_status write_page(cli *c, const char *path, const abn_exchanges *exchanges)
{
    abn_buf page = {0};
    abn_status status = abn_page_format(c->arg[0], exchanges, &page, &c->err);
    if (status == ABN_OK) status = abn_file_write(path, page.data, page.len, &c->err);
    abn_buf_free(&page);
    return status;
}

static abn_status run(cli *c)
{
    abn_exchanges *exchanges = NULL;
    char *path = NULL;
    if (!abn_is_folder(c->arg[0]))
        return abn_fail_at(&c->err, ABN_NO_INPUT, c->arg[0], 0, 0,
                           "no such folder (expected one that study, extract or run wrote)");
    abn_status status = draw_pictures(c, c->arg[0], "svg", NULL);
    if (status == ABN_OK)
        status = abn_exchanges_load(c->data ? c->data : "data", &exchanges, &c->err);
    if (status == ABN_OK && !(path = abn_path_join(c->arg[0], "report.html")))
        status = abn_fail_memory(&c->err);
    if (status == ABN_OK) status = write_page(c, path, exchanges);
    if (status == ABN_OK) cli_say(c, "%s", path);
    free(path);
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
