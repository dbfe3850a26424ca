/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The processes that mpirun or srun started together, as a crew.
 *
 * A library built without MPI knows of one process only. MPI is the process's own: one crew is
 * started and ended, by the thread that then uses it. */
#ifndef ABNORM_RANKS_H
#define ABNORM_RANKS_H

#include <abnorm/crew.h>
#include <abnorm/error.h>
#include <stdbool.h>
#include <stddef.h>

/* Whether this library was built with MPI. */
bool abn_ranks_built(void);
/* Meet the others. NULL for a process alone. */
abn_status abn_ranks_start(abn_crew **crew, abn_error *err);
/* How many of them run on this machine, this one among them. */
size_t abn_ranks_near(const abn_crew *crew);
/* Part, and free; the others end with `code`, too, where one of them had gone. */
void abn_ranks_end(abn_crew *crew, int code);

#endif
