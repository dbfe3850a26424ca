/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events by the companies that they name, so that a mention is held against few of many. */
#ifndef ABNORM_NAMED_H
#define ABNORM_NAMED_H

#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(hidden)

typedef struct abn_named abn_named;

abn_named *abn_named_new(void);
void abn_named_free(abn_named *named);
/* Put a number under each of the companies, joined by ';', or under none. False without memory. */
bool abn_named_add(abn_named *named, const char *companies, size_t number);
/* The numbers from `from` on under any of the companies, each once, ascending; they are the index's
 * own until the next call. False without memory. */
bool abn_named_find(abn_named *named, const char *companies, size_t from, const size_t **at,
                    size_t *n);

#pragma GCC visibility pop

#endif
