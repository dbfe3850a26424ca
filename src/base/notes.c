/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/buf.h>
#include <abnorm/map.h>
#include <abnorm/notes.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_NOTES 1000000

struct abn_notes {
    abn_note *at;
    size_t count, cap;
    bool lost;
    abn_map *kinds; /* of notes that other processes gave */
};

abn_notes *abn_notes_new(void)
{
    return calloc(1, sizeof(abn_notes));
}

void abn_notes_free(abn_notes *notes)
{
    if (!notes) return;
    for (size_t i = 0; i < notes->count; i++) {
        free(notes->at[i].source);
        free(notes->at[i].text);
    }
    free(notes->at);
    abn_map_free(notes->kinds);
    free(notes);
}

static abn_note *grow(abn_notes *notes)
{
    if (notes->count == notes->cap) {
        size_t cap = notes->cap ? notes->cap * 2 : 16;
        abn_note *at = realloc(notes->at, cap * sizeof *at);
        if (!at) return NULL;
        notes->at = at;
        notes->cap = cap;
    }
    return &notes->at[notes->count++];
}

void abn_note_at(abn_notes *notes, const char *kind, const char *source, long line, long column,
                 const char *fmt, ...)
{
    if (!notes || notes->count >= MOST_NOTES) return;
    char text[1024];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    char *own_text = strdup(text), *own_source = source ? strdup(source) : NULL;
    abn_note *note = own_text && (own_source || !source) ? grow(notes) : NULL;
    if (!note) {
        free(own_text);
        free(own_source);
        notes->lost = true;
        return;
    }
    *note = (abn_note){kind, line, column, own_source, own_text};
}

bool abn_notes_lost(const abn_notes *notes)
{
    return notes && notes->lost;
}

size_t abn_notes_count(const abn_notes *notes)
{
    return notes ? notes->count : 0;
}

const abn_note *abn_notes_at(const abn_notes *notes, size_t i)
{
    return &notes->at[i];
}

static const char *keep_kind(abn_notes *notes, const char *kind)
{
    if (!notes->kinds) notes->kinds = abn_map_new();
    uint32_t id =
        notes->kinds ? abn_map_add(notes->kinds, abn_slice_of(kind)) : (uint32_t)ABN_MAP_NONE;
    return id == ABN_MAP_NONE ? NULL : abn_map_name(notes->kinds, id);
}

void abn_notes_move(abn_notes *to, abn_notes *from)
{
    if (!to || !from) return;
    to->lost |= from->lost;
    for (size_t i = 0; i < from->count; i++) {
        abn_note *note = to->count < MOST_NOTES ? grow(to) : NULL;
        if (note) {
            *note = from->at[i];
            const char *kind = from->kinds ? keep_kind(to, note->kind) : note->kind;
            note->kind = kind ? kind : "";
            to->lost |= !kind;
        } else {
            to->lost |= to->count < MOST_NOTES;
            free(from->at[i].source);
            free(from->at[i].text);
        }
    }
    from->count = 0;
}

/* ---- of several processes ---- */

/* A note as it was given, texts within `bytes`. */
typedef struct given {
    const char *key, *kind, *source, *text;
    long line, column;
    size_t rank, order;
} given;

typedef struct collection {
    char **bytes; /* one a rank */
    size_t ranks;
    given *at;
    size_t n, cap;
} collection;

static void put_text(abn_buf *out, const char *text)
{
    abn_buf_add(out, text, strlen(text) + 1);
}

static void pack(abn_buf *out, const abn_notes *notes, size_t from, const char *const *key)
{
    for (size_t i = from; i < notes->count; i++) {
        const abn_note *note = notes->at + i;
        long place[2] = {note->line, note->column};
        abn_buf_add(out, place, sizeof place);
        put_text(out, key ? key[i - from] : "");
        put_text(out, note->kind);
        abn_buf_char(out, note->source ? 's' : '-');
        put_text(out, note->source ? note->source : "");
        put_text(out, note->text);
    }
    out->failed |= notes->lost;
}

static const char *take_text(const char **at)
{
    const char *text = *at;
    *at += strlen(text) + 1;
    return text;
}

static given *add_given(collection *c)
{
    if (c->n == c->cap) {
        size_t cap = c->cap ? 2 * c->cap : 64;
        given *more = realloc(c->at, cap * sizeof *more);
        if (!more) return NULL;
        c->at = more;
        c->cap = cap;
    }
    return &c->at[c->n++];
}

static abn_status unpack(void *to, const void *bytes, size_t size, abn_error *err)
{
    collection *c = to;
    char **more = realloc(c->bytes, (c->ranks + 1) * sizeof *more);
    if (!more) return abn_fail_memory(err);
    c->bytes = more;
    char *own = c->bytes[c->ranks++] = malloc(size + 1);
    if (!own) return abn_fail_memory(err);
    if (size) memcpy(own, bytes, size);
    for (const char *at = own; at < own + size;) {
        given *g = add_given(c);
        long place[2];
        if (!g) return abn_fail_memory(err);
        memcpy(place, at, sizeof place);
        at += sizeof place;
        *g = (given){.line = place[0], .column = place[1], .rank = c->ranks, .order = c->n};
        g->key = take_text(&at);
        g->kind = take_text(&at);
        bool sourced = *at++ == 's';
        const char *source = take_text(&at);
        g->source = sourced ? source : NULL;
        g->text = take_text(&at);
    }
    return ABN_OK;
}

static int by_key(const void *a, const void *b)
{
    const given *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    return order ? order : x->order < y->order ? -1 : x->order > y->order;
}

static void drop_from(abn_notes *notes, size_t from)
{
    for (; notes->count > from; notes->count--) {
        free(notes->at[notes->count - 1].source);
        free(notes->at[notes->count - 1].text);
    }
}

static void put_all(abn_notes *notes, const collection *c, bool keyed)
{
    for (size_t i = 0, first = 0; i < c->n; i++) {
        const given *g = c->at + i;
        if (!keyed || strcmp(c->at[first].key, g->key) != 0) first = i;
        if (g->rank != c->at[first].rank) continue;
        const char *kind = keep_kind(notes, g->kind);
        if (kind)
            abn_note_at(notes, kind, g->source, g->line, g->column, "%s", g->text);
        else
            notes->lost = true;
    }
}

abn_status abn_notes_gather(abn_notes *notes, size_t from, const char *const *key,
                            const abn_crew *crew, abn_error *err)
{
    abn_buf own = {0};
    collection all = {0};
    if (!crew) return ABN_OK;
    pack(&own, notes, from, key);
    abn_status status =
        abn_crew_gather(crew, abn_buf_status(&own, err), own.data, own.len, unpack, &all, err);
    if (status == ABN_OK) drop_from(notes, from);
    if (status == ABN_OK && key && all.n) qsort(all.at, all.n, sizeof *all.at, by_key);
    if (status == ABN_OK) put_all(notes, &all, key != NULL);
    abn_buf_free(&own);
    for (size_t r = 0; r < all.ranks; r++)
        free(all.bytes[r]);
    free(all.bytes);
    free(all.at);
    return status;
}
