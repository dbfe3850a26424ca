/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of a result folder. */
#ifndef PICTURES_H
#define PICTURES_H

#include "command.h"

#include <abnorm/results.h>

/* Write the scripts that the folder's tables allow, and draw each with gnuplot as `form` (png, svg
 * or pdf). Without gnuplot the scripts stand, a line says so, and that is no failure. `drawn` (may
 * be NULL) gets the number of pictures. A picture appears
 * whole; `results` is open on the folder. */
abn_status draw_pictures(cli *c, abn_results *results, const char *folder, const char *form,
                         size_t *drawn);

#endif
