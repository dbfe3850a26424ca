/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The processes that a launcher started together, seen from the command. */
#ifndef CREW_H
#define CREW_H

#include "command.h"

/* Where a launcher started this process among others: meet them, and share the machine's cores. */
abn_status crew_start(cli *c);

#endif
