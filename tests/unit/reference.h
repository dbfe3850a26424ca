/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reference figures for unit tests: tables of numbers in the shared folder, where there is one. */
#ifndef TESTS_REFERENCE_H
#define TESTS_REFERENCE_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Open a file of the shared folder; NULL where there is none. */
static inline FILE *reference_open(const char *name)
{
    const char *roots[] = {getenv("ABNORM_SHARED"), "../shared", "../../shared"};
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        char path[1024];
        if (!roots[i] || !*roots[i]) continue;
        snprintf(path, sizeof path, "%s/%s", roots[i], name);
        FILE *f = fopen(path, "r");
        if (f) return f;
    }
    return NULL;
}

/* Read a table of numbers under one header line, row by row, up to `max` values; the number of
 * values read, 0 where the file is not there. `columns` may be NULL. */
static inline size_t reference_numbers(const char *name, double *out, size_t max, size_t *columns)
{
    FILE *f = reference_open(name);
    char line[4096];
    size_t n = 0, width = 1;
    if (!f) return 0;
    if (fgets(line, sizeof line, f))
        for (const char *c = line; *c; c++)
            width += *c == ',';
    while (n < max && fgets(line, sizeof line, f))
        for (char *cell = strtok(line, ","); cell && n < max; cell = strtok(NULL, ","))
            out[n++] = strtod(cell, NULL);
    fclose(f);
    if (columns) *columns = width;
    return n;
}

/* Digits of `got` that agree with `want`, at most 16. */
static inline double reference_digits(double got, double want)
{
    double gap = want != 0 ? fabs((got - want) / want) : fabs(got);
    return gap > 1e-16 ? -log10(gap) : isnan(gap) ? -1 : 16;
}

#endif
