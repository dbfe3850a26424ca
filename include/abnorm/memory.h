/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory for columns that are long and written once. */
#ifndef ABNORM_MEMORY_H
#define ABNORM_MEMORY_H

#include <stddef.h>

/* As malloc() gives it, to free(); from a megabyte on in the system's large pages where it has
 * them, of which a few are found sooner than thousands of small ones. */
void *abn_columns_alloc(size_t size);

#endif
