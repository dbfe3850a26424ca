/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result folder as commands write it: locked, and clean after a signal. */
#ifndef FOLDER_H
#define FOLDER_H

#include "command.h"

#include <abnorm/results.h>

/* One at a time. */
abn_status folder_open(cli *c, const char *folder, abn_results **out);
/* Note that a folder of results to be read has no run.json. */
void folder_doubt(cli *c, const char *folder);
abn_status folder_commit(cli *c, abn_results *results);
void folder_close(abn_results *results); /* NULL-safe */

#endif
