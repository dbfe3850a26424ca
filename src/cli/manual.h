/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manual page and shell completions. */
#ifndef MANUAL_H
#define MANUAL_H

#include "command.h"

/* Print the whole of `form`: "man" (roff), "bash", "zsh" or "fish". */
abn_status print_manual(cli *c, const char *form);

#endif
