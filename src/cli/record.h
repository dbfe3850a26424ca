/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run.json of any command: settings as resolved, and every file that it read. */
#ifndef RECORD_H
#define RECORD_H

#include "command.h"
#include "market_facts.h"

#include <abnorm/arena.h>
#include <abnorm/buf.h>
#include <abnorm/map.h>
#include <abnorm/quotes.h>
#include <abnorm/results.h>
#include <abnorm/run_record.h>

enum { RECORD_SETTINGS = 64 };

/* Filled by what follows; lack of memory is told by record_format(). */
typedef struct record {
    abn_arena *arena;
    abn_map *files;
    abn_run_digest *digest; /* by file, as far as they are known */
    size_t digests;
    abn_setting setting[RECORD_SETTINGS];
    size_t n;
    bool spoilt;
} record;

void record_start(record *r);
void record_free(record *r);

/* `value` is copied, `name` is not. */
void record_setting(record *r, const char *name, const char *value);
/* Those options that were given, but for the folder of results, and files among them. */
void record_options(record *r, const cli *c, const option *options);
/* A file, once; NULL and what is no file are passed over. */
void record_file(record *r, const char *path);
/* A file that another process has read, and hashed. */
void record_hashed(record *r, const char *path, const char *hex, size_t bytes);
/* The files that quotes came from; NULL: none. */
void record_quotes(record *r, const abn_quotes *quotes);
/* The actions that lay beside the quotes. */
void record_found(record *r, const market_facts *facts);
/* A file of the data folder. */
void record_shipped(record *r, const cli *c, const char *name);
/* What is shipped of markets, and with `languages` of them too. */
void record_data(record *r, const cli *c, bool languages);

abn_status record_format(const record *r, const cli *c, long seed, abn_buf *out, abn_error *err);
/* Format it into the folder's run.json. */
abn_status record_write(const record *r, cli *c, long seed, abn_results *results);

#endif
