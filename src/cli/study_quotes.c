/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study_quotes.h"

#include <abnorm/file.h>
#include <abnorm/quality.h>
#include <abnorm/sha256.h>
#include <abnorm/venue.h>
#include <stdlib.h>
#include <string.h>

void quotes_share_free(quotes_share *share)
{
    abn_partition_free(share->partition);
    abn_map_free(share->benchmarks);
}

/* ---- own files ---- */

static bool is_own(const quotes_share *share, const char *symbol)
{
    return abn_partition_owner(share->partition, symbol) == share->crew->rank;
}

static bool wants_own(const void *share, const char *symbol)
{
    return is_own(share, symbol);
}

/* Series that are not what their file's name says, and may be another's. */
static size_t count_strays(const abn_quotes *quotes)
{
    size_t n = 0;
    for (size_t i = 0; i < abn_quotes_count(quotes); i++) {
        char *name = abn_path_stem(abn_quotes_at(quotes, i)->source);
        n += !name || strcmp(name, abn_quotes_at(quotes, i)->symbol) != 0;
        free(name);
    }
    return n;
}

typedef struct found {
    uint64_t series, strays;
} found;

static abn_status take_found(void *to, const void *bytes, size_t size, abn_error *err)
{
    found *all = to, one;
    (void)err;
    memcpy(&one, bytes, size);
    all->series += one.series;
    all->strays += one.strays;
    return ABN_OK;
}

/* A folder is divided when each file holds what it is named after, and there is any. */
static abn_status agree_on_division(quotes_share *share, abn_status mine, const abn_quotes *own,
                                    abn_error *err)
{
    found here = {0}, all = {0};
    if (mine == ABN_OK) here = (found){abn_quotes_count(own), count_strays(own)};
    abn_status status =
        abn_crew_gather(share->crew, mine, &here, sizeof here, take_found, &all, err);
    share->divided = all.series && !all.strays;
    if (status == ABN_OK)
        status = abn_crew_share(share->crew, ABN_OK, &share->divided, sizeof share->divided, err);
    return status;
}

/* As one process notes them: by file, then which files share a symbol, then their rows. */
static abn_status gather_notes(abn_notes *notes, const abn_crew *crew, abn_error *err)
{
    size_t n = abn_notes_count(notes);
    abn_arena *arena = abn_arena_new();
    const char **key = calloc(n + 1, sizeof *key);
    bool fine = arena && key, across = false;
    for (size_t i = 0; fine && i < n; i++) {
        const abn_note *note = abn_notes_at(notes, i);
        abn_buf text = {0};
        bool two = strcmp(note->kind, ABN_TWO_FILES) == 0;
        across = across || two;
        if (across)
            abn_buf_printf(&text, "%d%010zu", two ? 2 : 3, crew->rank);
        else
            abn_buf_printf(&text, "1%s", note->source ? note->source : "");
        key[i] = text.failed ? NULL : abn_arena_strdup(arena, text.data);
        fine = key[i] != NULL;
        abn_buf_free(&text);
    }
    abn_status status = abn_crew_agree(crew, fine ? ABN_OK : abn_fail_memory(err), err);
    if (status == ABN_OK) status = abn_notes_gather(notes, 0, key, crew, err);
    free(key);
    abn_arena_free(arena);
    return status;
}

static abn_status load_own(cli *c, const char *path, quotes_share *share, abn_notes *notes,
                           abn_quotes **own)
{
    abn_notes *said = c->notes;
    c->notes = notes;
    abn_status status =
        notes ? market_quotes_choose(c, path, wants_own, share, own) : abn_fail_memory(&c->err);
    c->notes = said;
    status = agree_on_division(share, status, *own, &c->err);
    if (status == ABN_OK && share->divided) status = gather_notes(notes, share->crew, &c->err);
    if (status == ABN_OK && share->divided) abn_notes_move(c->notes, notes);
    return status;
}

abn_status quotes_share_load(cli *c, const char *path, const abn_event_list *events,
                             quotes_share *share, abn_quotes **own)
{
    abn_quotes *mine = NULL;
    abn_status status = ABN_OK;
    /* Which row is refused first is known only to who reads all. */
    if (share->crew && abn_is_folder(path) && !cli_flag(c, "strict")) {
        abn_notes *notes = abn_notes_new();
        status = abn_partition_make(abn_events_at(events, 0), abn_events_count(events),
                                    share->crew->count, &share->partition, &c->err);
        status = abn_crew_agree(share->crew, status, &c->err);
        if (status == ABN_OK) status = load_own(c, path, share, notes, &mine);
        abn_notes_free(notes);
    }
    if (status == ABN_OK && !share->divided) {
        abn_quotes_free(mine);
        return market_quotes_load(c, path, own);
    }
    if (status == ABN_OK)
        *own = mine;
    else
        abn_quotes_free(mine);
    return status;
}

/* ---- benchmarks ---- */

static bool wants_benchmark(const void *context, const char *symbol)
{
    const quotes_share *share = context;
    return !is_own(share, symbol) &&
           abn_map_find(share->benchmarks, abn_slice_of(symbol)) != ABN_MAP_NONE;
}

/* Those that this process's events are measured by, and those that its listings' exchanges keep
 * the sessions of. */
static abn_status list_benchmarks(const abn_event_list *events, const abn_study_settings *settings,
                                  const market_facts *facts, quotes_share *share,
                                  const abn_quotes *own, abn_error *err)
{
    const abn_listings *listings = facts->listings;
    bool fine = (share->benchmarks = abn_map_new()) != NULL;
    for (size_t i = 0; fine && i < abn_events_count(events); i++) {
        if (abn_partition_rank(share->partition, i) != share->crew->rank) continue;
        const char *symbol = abn_study_benchmark_of(abn_events_at(events, i), settings, listings);
        fine = !*symbol || abn_map_add(share->benchmarks, abn_slice_of(symbol)) != ABN_MAP_NONE;
    }
    for (size_t i = 0; listings && fine && i < abn_quotes_count(own); i++) {
        uint32_t at = abn_listings_find(listings, abn_slice_of(abn_quotes_at(own, i)->symbol));
        const char *symbol = at == ABN_NO_LISTING ? "" : abn_listings_at(listings, at)->benchmark;
        fine = !*symbol || abn_map_add(share->benchmarks, abn_slice_of(symbol)) != ABN_MAP_NONE;
    }
    return fine ? ABN_OK : abn_fail_memory(err);
}

/* Each series is cleaned by itself once sessions are known: findings go by symbol, as processes do.
 */
static abn_status clean(cli *c, const market_facts *facts, const quotes_share *share,
                        abn_quotes *own, abn_quotes *benchmarks)
{
    abn_quality_inputs inputs = {
        .exchanges = facts->exchanges, .listings = facts->listings, .actions = facts->actions};
    abn_notes *notes = abn_notes_new();
    abn_status status =
        notes ? abn_quality_clean(own, &inputs, notes, &c->err) : abn_fail_memory(&c->err);
    if (status == ABN_OK) status = abn_quality_clean(benchmarks, &inputs, NULL, &c->err);
    status = abn_crew_agree(share->crew, status, &c->err);
    if (status == ABN_OK) status = abn_notes_gather(notes, 0, NULL, share->crew, &c->err);
    if (status == ABN_OK) abn_notes_move(c->notes, notes);
    abn_notes_free(notes);
    return status;
}

abn_status quotes_share_complete(cli *c, const char *path, const abn_event_list *events,
                                 const abn_study_settings *settings, const market_facts *facts,
                                 quotes_share *share, abn_quotes *own, abn_quotes **benchmarks)
{
    abn_notes *said = c->notes;
    abn_status status = list_benchmarks(events, settings, facts, share, own, &c->err);
    c->notes = NULL; /* who has them speaks of them */
    if (status == ABN_OK)
        status = market_quotes_choose(c, path, wants_benchmark, share, benchmarks);
    c->notes = said;
    status = abn_crew_agree(share->crew, status, &c->err);
    if (status == ABN_OK && facts->exchanges)
        status = abn_venue_infer_together(facts->exchanges, own, *benchmarks, facts->listings,
                                          share->crew, c->notes, &c->err);
    return status == ABN_OK ? clean(c, facts, share, own, *benchmarks) : status;
}

/* ---- the record ---- */

typedef struct hashed {
    const char *path;
    char hex[ABN_SHA256_HEX];
    size_t bytes;
    abn_status status;
    abn_error err;
} hashed;

static size_t list_sources(const abn_quotes *quotes, hashed *out)
{
    size_t n = 0;
    for (size_t i = 0; i < abn_quotes_count(quotes); i++) {
        const char *source = abn_quotes_at(quotes, i)->source;
        if (n && strcmp(out[n - 1].path, source) == 0) continue;
        if (abn_is_file(source)) out[n++] = (hashed){.path = source};
    }
    return n;
}

static void pack(const hashed *file, abn_buf *out)
{
    abn_buf_add(out, file->path, strlen(file->path) + 1);
    abn_buf_add(out, file->hex, sizeof file->hex);
    abn_buf_add(out, &file->bytes, sizeof file->bytes);
}

static abn_status take_files(void *to, const void *bytes, size_t size, abn_error *err)
{
    const char *at = bytes;
    (void)err;
    while (at < (const char *)bytes + size) {
        const char *path = at, *hex = path + strlen(path) + 1;
        size_t length;
        memcpy(&length, hex + ABN_SHA256_HEX, sizeof length);
        record_hashed(to, path, hex, length);
        at = hex + ABN_SHA256_HEX + sizeof length;
    }
    return ABN_OK;
}

abn_status quotes_share_record(const quotes_share *share, const abn_quotes *own, record *r,
                               abn_error *err)
{
    abn_buf text = {0};
    hashed *file = calloc(abn_quotes_count(own) + 1, sizeof *file);
    size_t n = file ? list_sources(own, file) : 0;
#pragma omp parallel for schedule(dynamic)
    for (size_t i = 0; i < n; i++)
        file[i].status = abn_sha256_file(file[i].path, file[i].hex, &file[i].bytes, &file[i].err);
    abn_status status = file ? ABN_OK : abn_fail_memory(err);
    for (size_t i = 0; i < n && status == ABN_OK; i++) {
        status = file[i].status;
        if (status != ABN_OK && err) *err = file[i].err;
        pack(file + i, &text);
    }
    if (status == ABN_OK) status = abn_buf_status(&text, err);
    status = abn_crew_gather(share->crew, status, text.data, text.len, take_files, r, err);
    abn_buf_free(&text);
    free(file);
    return status;
}
