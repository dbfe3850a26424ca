/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GSL's error handler, which aborts the program until it is switched off. */
#ifndef ABNORM_QUIET_H
#define ABNORM_QUIET_H

/* Switch GSL's error handler off for the whole process. The library checks what it hands to GSL and
 * never calls this itself; a program may, as belt and braces. */
void abn_stats_quiet_gsl(void);

#endif
