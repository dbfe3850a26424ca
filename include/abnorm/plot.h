/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gnuplot scripts from a result folder: beside the data, editable, re-runnable by hand. */
#ifndef ABNORM_PLOT_H
#define ABNORM_PLOT_H

#include <abnorm/buf.h>
#include <abnorm/error.h>
#include <abnorm/results.h>
#include <stdbool.h>
#include <stddef.h>

/* One kind of picture. */
typedef struct abn_plot {
    const char *name;  /* NAME.gp, NAME.png */
    const char *table; /* drawn when the folder has this table with at least a row */
    const char *shows; /* one sentence */
    /* Append the script; an empty one means that there is nothing to draw. */
    abn_status (*script)(const char *folder, abn_buf *out, abn_error *err);
} abn_plot;

extern const abn_plot abn_plots[];
extern const size_t abn_plots_count;

/* Write the scripts that the folder's tables allow into `results`, which is open on the same
 * folder. `drawn`, when not NULL, has abn_plots_count places and tells which were. */
abn_status abn_plots_write(const char *folder, abn_results *results, bool *drawn, abn_error *err);

#endif
