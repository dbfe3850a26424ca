/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Factor returns: a file of named columns by date, among them the risk-free rate. */
#ifndef ABNORM_FACTORS_H
#define ABNORM_FACTORS_H

#include <abnorm/date.h>
#include <abnorm/error.h>
#include <abnorm/notes.h>
#include <abnorm/slice.h>
#include <stdbool.h>
#include <stddef.h>

/* All values are decimal returns, NaN where the file has none (or its mark for none, -99.99). */
typedef struct abn_factors {
    size_t n, count;
    abn_date *date;    /* n, ascending */
    char **name;       /* count, as the file writes them, the risk-free rate left out */
    double **value;    /* count columns of n */
    double *risk_free; /* n, or NULL when the file has no column RF */
} abn_factors;

/* Read `path`: a header with date first (also an unnamed first column, as in Kenneth French's
 * files, after any lines of text), dates as YYYY-MM-DD or YYYYMMDD. `percent` divides by a hundred.
 * Rows that cannot be read are noted; reading stops at a second table. Values that look like
 * percent are ABN_DATA. */
abn_status abn_factors_load(const char *path, bool percent, abn_notes *notes, abn_factors **out,
                            abn_error *err);
void abn_factors_free(abn_factors *factors);
/* Index of a factor, in any case and with or without '-', '_' and spaces; several names joined by
 * '|' are tried in turn; -1 when there is none. */
int abn_factors_find(const abn_factors *factors, const char *name);

#endif
