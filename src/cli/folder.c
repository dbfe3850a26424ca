/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "folder.h"
#include "interrupt.h"

#include <abnorm/file.h>
#include <stdlib.h>

abn_status folder_open(cli *c, const char *folder, abn_results **out)
{
    abn_status status = abn_results_open(folder, out, &c->err);
    if (status == ABN_OK) interrupt_folder(*out);
    if (status == ABN_OK && cli_flag(c, "safe-csv")) abn_results_make_safe(*out);
    return status;
}

void folder_doubt(cli *c, const char *folder)
{
    char *path = abn_path_join(folder, "run.json");
    if (path && !abn_is_file(path))
        abn_note_at(c->notes, "no record", folder, 0, 0,
                    "no run.json: a run that was ended here may have left tables of two runs");
    free(path);
}

abn_status folder_commit(cli *c, abn_results *results)
{
    return abn_results_commit(results, &c->err);
}

void folder_close(abn_results *results)
{
    if (!results) return;
    interrupt_folder(NULL);
    abn_results_free(results);
}
