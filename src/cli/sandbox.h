/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --sandbox: what strangers' bytes could make of this process, were its readers at fault. */
#ifndef SANDBOX_H
#define SANDBOX_H

#include "command.h"

/* From here on, in this thread and those it starts: files are written below the output folder
 * alone (made here), programs run from /usr alone, no socket is opened and no process traced.
 * ABN_UNAVAILABLE where the kernel cannot; ABN_USAGE for a command that needs the network. */
abn_status sandbox_enter(cli *c);

#endif
