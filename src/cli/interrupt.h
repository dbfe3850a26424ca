/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ^C, SIGTERM, a hangup and a file that is cut while it is read do: at once, the work ends and
 * leaves no temporary file. */
#ifndef INTERRUPT_H
#define INTERRUPT_H

#include <abnorm/results.h>
#include <stdbool.h>
#include <sys/types.h>

/* A thread waits for the signals from here on; one that the caller's shell ignores stays ignored.
 * Before any other thread. */
void interrupt_start(void);
/* Before the process ends by itself. */
void interrupt_end(void);
/* End the process now with this exit code, as a signal would: children and temporary files go. */
_Noreturn void interrupt_quit(int code);
/* The result folder being written, or NULL. */
void interrupt_folder(abn_results *results);
/* Let a signal wait while a file is written whole. */
void interrupt_hold(bool begins);
/* fork() a child that ends with us, until interrupt_unwatch(). */
pid_t interrupt_fork(void);
void interrupt_unwatch(pid_t pid);

#endif
