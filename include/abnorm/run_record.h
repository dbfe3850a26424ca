/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run.json: what a run was, so that its tables can be made again. */
#ifndef ABNORM_RUN_RECORD_H
#define ABNORM_RUN_RECORD_H

#include <abnorm/buf.h>
#include <abnorm/error.h>
#include <abnorm/notes.h>
#include <abnorm/sha256.h>
#include <stddef.h>

/* A setting as it was resolved: what was given, or the default. */
typedef struct abn_setting {
    const char *name;
    const char *value;
} abn_setting;

/* A file's digest that is known already. */
typedef struct abn_run_digest {
    char hex[ABN_SHA256_HEX]; /* "": it is not */
    size_t bytes;
} abn_run_digest;

typedef struct abn_run_record {
    const char *command; /* "run", "study", ... */
    const abn_setting *setting;
    size_t n_settings;
    const char *const *input; /* paths of every file read */
    size_t n_inputs;
    const abn_run_digest *digest; /* of the first inputs; NULL: none */
    size_t n_digests;
    long seed;              /* -1: nothing random */
    const abn_notes *notes; /* may be NULL */
} abn_run_record;

/* Append the record as JSON: command, versions, settings, seed, inputs with size and SHA-256,
 * notes. No time and no machine: the same run gives the same bytes. ABN_NO_INPUT when an input is
 * gone. */
abn_status abn_run_record_format(const abn_run_record *record, abn_buf *out, abn_error *err);

#endif
