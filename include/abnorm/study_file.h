/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The study file: what `abnorm run` is to do, as JSON. */
#ifndef ABNORM_STUDY_FILE_H
#define ABNORM_STUDY_FILE_H

#include <abnorm/engine.h>
#include <abnorm/error.h>
#include <stdbool.h>
#include <stddef.h>

/* Strings in order, owned by the study file. */
typedef struct abn_strings {
    const char **at;
    size_t count;
} abn_strings;

/* Keys of the file. A relative path is taken from the folder of the study file. Lists may be given
 * as one string, windows as "A:B" or [A, B]. */
typedef struct abn_study_file {
    abn_strings documents; /* files and folders */
    const char *quotes;    /* NULL: the shipped ones */
    const char *listings;  /* a file of further listings, or NULL */
    abn_strings symbols;   /* "listings" given as a list: the symbols to study; none: all that the
                              events name */
    const char *dividends; /* NULL: the shipped ones */
    abn_strings benchmark_of; /* listing or MIC; "*" when the file gives one benchmark for all */
    abn_strings benchmark;    /* its index, in step */
    abn_strings models, tests;
    bool has_estimation, has_event_window;
    abn_window estimation, event_window;
    abn_window *windows;
    size_t n_windows;
    long seed; /* -1 when not given */
} abn_study_file;

/* Read a study file. ABN_DATA names an unknown key, a wrong type or what cannot be read, with what
 * was expected. */
abn_status abn_study_file_load(const char *path, abn_study_file **out, abn_error *err);
void abn_study_file_free(abn_study_file *study);

#endif
