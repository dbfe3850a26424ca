/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options that take several numbers. */
#ifndef REAL_LIST_H
#define REAL_LIST_H

#include "command.h"

enum { REAL_LIST_MAX = 64 };

typedef struct real_list {
    double value[REAL_LIST_MAX];
    size_t n;
} real_list;

/* The numbers of option `name`, joined by ',', or of `otherwise` when it was not given; none below
 * `least`. */
abn_status real_list_parse(cli *c, const char *name, const char *otherwise, double least,
                           real_list *out);

#endif
