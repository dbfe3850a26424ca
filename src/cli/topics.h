/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help that is about no command: the registries of tests and models, and whose conventions hold. */
#ifndef TOPICS_H
#define TOPICS_H

#include "command.h"

/* False when `name` is no topic; else print it and put the outcome in `status`. */
bool topic_help(cli *c, const char *name, abn_status *status);

#endif
