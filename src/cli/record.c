/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record.h"

#include <abnorm/file.h>
#include <stdlib.h>
#include <string.h>

void record_start(record *r)
{
    *r = (record){.arena = abn_arena_new(), .files = abn_map_new()};
    r->spoilt = !r->arena || !r->files;
}

void record_free(record *r)
{
    abn_arena_free(r->arena);
    abn_map_free(r->files);
    free(r->digest);
}

void record_setting(record *r, const char *name, const char *value)
{
    char *copy = r->spoilt || r->n == RECORD_SETTINGS ? NULL : abn_arena_strdup(r->arena, value);
    if (copy)
        r->setting[r->n++] = (abn_setting){name, copy};
    else
        r->spoilt = true;
}

void record_file(record *r, const char *path)
{
    if (r->spoilt || !path || !abn_is_file(path)) return;
    r->spoilt = abn_map_add(r->files, abn_slice_of(path)) == ABN_MAP_NONE;
}

void record_hashed(record *r, const char *path, const char *hex, size_t bytes)
{
    uint32_t at = r->spoilt ? ABN_MAP_NONE : abn_map_add(r->files, abn_slice_of(path));
    size_t room = at == ABN_MAP_NONE ? 0 : 2 * ((size_t)at + 1);
    if (room && at >= r->digests) {
        abn_run_digest *more = realloc(r->digest, room * sizeof *more);
        if (more) memset(more + r->digests, 0, (room - r->digests) * sizeof *more);
        if (more) r->digest = more;
        if (more) r->digests = room;
    }
    r->spoilt |= at == ABN_MAP_NONE || at >= r->digests;
    if (r->spoilt) return;
    memcpy(r->digest[at].hex, hex, sizeof r->digest[at].hex);
    r->digest[at].bytes = bytes;
}

void record_options(record *r, const cli *c, const option *options)
{
    for (const option *o = options; o->name; o++) {
        const char *value = cli_text(c, o->name);
        if (o->kind == OPTION_FLAG) value = cli_flag(c, o->name) ? "yes" : "no";
        if (!value || strcmp(o->name, "output") == 0) continue;
        record_setting(r, o->name, value);
        if (o->kind == OPTION_PATH) record_file(r, value);
    }
}

void record_quotes(record *r, const abn_quotes *quotes)
{
    const char *last = "";
    for (size_t i = 0; quotes && i < abn_quotes_count(quotes); i++) {
        const char *source = abn_quotes_at(quotes, i)->source;
        if (strcmp(source, last) != 0) record_file(r, source);
        last = source;
    }
}

void record_found(record *r, const market_facts *facts)
{
    record_file(r, facts->found[0]);
    record_file(r, facts->found[1]);
}

static void add_languages(record *r, const cli *c)
{
    abn_names langs = {0}, tables = {0};
    char *top = cli_data(c, "lang");
    if (!top || abn_folder_list(top, NULL, &langs, NULL) == ABN_MEMORY) r->spoilt = true;
    for (size_t i = 0; !r->spoilt && i < langs.count; i++) {
        char *folder = abn_path_join(top, langs.name[i]);
        abn_status status = folder ? abn_folder_list(folder, ".csv", &tables, NULL) : ABN_MEMORY;
        if (status == ABN_MEMORY) r->spoilt = true;
        for (size_t k = 0; status == ABN_OK && k < tables.count; k++) {
            char *path = abn_path_join(folder, tables.name[k]);
            if (!path) r->spoilt = true;
            record_file(r, path);
            free(path);
        }
        abn_names_free(&tables);
        free(folder);
    }
    abn_names_free(&langs);
    free(top);
}

void record_shipped(record *r, const cli *c, const char *name)
{
    char *path = cli_data(c, name);
    if (!path) r->spoilt = true;
    record_file(r, path);
    free(path);
}

void record_data(record *r, const cli *c, bool languages)
{
    static const char *const facts[] = {"listings.csv", "exchanges.csv", "calendars.csv",
                                        "splits.csv", "fx.csv"};
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        record_shipped(r, c, facts[i]);
    if (languages && !r->spoilt) add_languages(r, c);
}

abn_status record_format(const record *r, const cli *c, long seed, abn_buf *out, abn_error *err)
{
    if (r->spoilt) return abn_fail_memory(err);
    size_t n = abn_map_count(r->files);
    const char **paths = malloc((n + 1) * sizeof *paths);
    if (!paths) return abn_fail_memory(err);
    for (size_t i = 0; i < n; i++)
        paths[i] = abn_map_name(r->files, (uint32_t)i);
    abn_run_record run = {.command = c->command->name,
                          .setting = r->setting,
                          .n_settings = r->n,
                          .input = paths,
                          .n_inputs = n,
                          .digest = r->digest,
                          .n_digests = r->digests,
                          .seed = seed,
                          .notes = c->notes};
    abn_status status = abn_run_record_format(&run, out, err);
    free(paths);
    return status;
}

abn_status record_write(const record *r, cli *c, long seed, abn_results *results)
{
    abn_buf text = {0};
    abn_status status = record_format(r, c, seed, &text, &c->err);
    if (status == ABN_OK)
        status = abn_results_file(results, "run.json", (abn_slice){text.data, text.len}, &c->err);
    abn_buf_free(&text);
    return status;
}
