/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study_record.h"

#include <abnorm/arena.h>
#include <abnorm/buf.h>
#include <abnorm/file.h>
#include <abnorm/map.h>
#include <abnorm/run_record.h>
#include <stdlib.h>
#include <string.h>

enum { SETTINGS_MOST = 64 };

/* ---- settings ---- */

static void add_range(abn_buf *out, abn_window w)
{
    abn_buf_printf(out, "%s%d:%d", out->len ? "," : "", w.from, w.to);
}

/* What an option that was not given came to; nothing where it has no meaning then. */
static void resolve(const char *name, const study_plan *plan, abn_buf *out)
{
    const abn_study_settings *s = &plan->settings;
    if (strcmp(name, "model") == 0) abn_buf_text(out, "market");
    if (strcmp(name, "tests") == 0) abn_buf_text(out, "all");
    if (strcmp(name, "kp-align") == 0) abn_buf_text(out, "calendar");
    if (strcmp(name, "alternative") == 0) abn_buf_text(out, "two-sided");
    if (strcmp(name, "negative-price") == 0) abn_buf_text(out, "missing");
    if (strcmp(name, "level") == 0) abn_buf_printf(out, "%g", s->level);
    if (strcmp(name, "replicates") == 0) abn_buf_printf(out, "%zu", s->replicates);
    if (strcmp(name, "estimation") == 0) add_range(out, s->estimation);
    if (strcmp(name, "event-window") == 0) add_range(out, s->window);
    for (size_t i = 0; strcmp(name, "windows") == 0 && i < s->n_windows; i++)
        add_range(out, s->windows[i]);
    for (size_t i = 0; strcmp(name, "benchmark") == 0 && i < s->n_rules; i++)
        abn_buf_printf(out, "%s%s%s%s", i ? "," : "", s->rule[i].key, *s->rule[i].key ? "=" : "",
                       s->rule[i].symbol);
    if (strcmp(name, "min-estimation") == 0)
        abn_buf_printf(out, "%d", (7 * (s->estimation.to - s->estimation.from + 1) + 9) / 10);
}

static bool list_settings(const cli *c, const option *options, const study_plan *plan,
                          abn_arena *arena, abn_setting *setting, size_t *n)
{
    abn_buf text = {0};
    for (const option *o = options; o->name && *n < SETTINGS_MOST; o++) {
        const char *value =
            o->kind == OPTION_FLAG ? (cli_flag(c, o->name) ? "yes" : "no") : cli_text(c, o->name);
        if (strcmp(o->name, "output") == 0) continue;
        if (!value) {
            abn_buf_clear(&text);
            resolve(o->name, plan, &text);
            if (text.len) value = abn_arena_strdup(arena, text.data);
        }
        if (value) setting[(*n)++] = (abn_setting){o->name, value};
    }
    bool failed = text.failed;
    abn_buf_free(&text);
    return !failed;
}

/* ---- inputs ---- */

static void add_file(abn_map *files, const char *path)
{
    if (path && abn_is_file(path)) abn_map_add(files, abn_slice_of(path));
}

static void add_sources(abn_map *files, const abn_quotes *quotes)
{
    const char *last = "";
    for (size_t i = 0; quotes && i < abn_quotes_count(quotes); i++) {
        const char *source = abn_quotes_at(quotes, i)->source;
        if (strcmp(source, last) != 0) add_file(files, source);
        last = source;
    }
}

static const char **list_files(const cli *c, const option *options, const abn_quotes *quotes,
                               const abn_quotes *market, abn_map *files)
{
    static const char *const facts[] = {"listings.csv", "exchanges.csv", "calendars.csv",
                                        "splits.csv", "fx.csv"};
    for (const option *o = options; o->name; o++)
        if (o->kind == OPTION_PATH && strcmp(o->name, "output") != 0)
            add_file(files, cli_text(c, o->name));
    add_sources(files, quotes);
    add_sources(files, market);
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        char *path = cli_data(c, facts[i]);
        add_file(files, path);
        free(path);
    }
    const char **paths = malloc((abn_map_count(files) + 1) * sizeof(char *));
    for (size_t i = 0; paths && i < abn_map_count(files); i++)
        paths[i] = abn_map_name(files, (uint32_t)i);
    return paths;
}

abn_status study_record(const cli *c, const option *options, const study_plan *plan,
                        const abn_quotes *quotes, const abn_quotes *market, abn_buf *out,
                        abn_error *err)
{
    abn_setting setting[SETTINGS_MOST];
    size_t settings = 0;
    abn_arena *arena = abn_arena_new();
    abn_map *files = abn_map_new();
    const char **paths = files ? list_files(c, options, quotes, market, files) : NULL;
    abn_status status = ABN_OK;
    if (!arena || !paths || !list_settings(c, options, plan, arena, setting, &settings))
        status = abn_fail_memory(err);
    if (status == ABN_OK) {
        abn_run_record run = {.command = "study",
                              .setting = setting,
                              .n_settings = settings,
                              .input = paths,
                              .n_inputs = abn_map_count(files),
                              .seed = cli_int(c, "seed", 0),
                              .notes = c->notes};
        status = abn_run_record_format(&run, out, err);
    }
    free(paths);
    abn_map_free(files);
    abn_arena_free(arena);
    return status;
}
