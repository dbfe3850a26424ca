/* SPDX-License-Identifier: GPL-3.0-or-later */
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

void abn_notes_move(abn_notes *to, abn_notes *from)
{
    if (!to || !from) return;
    to->lost |= from->lost;
    for (size_t i = 0; i < from->count; i++) {
        abn_note *note = to->count < MOST_NOTES ? grow(to) : NULL;
        if (note) {
            *note = from->at[i];
        } else {
            to->lost |= to->count < MOST_NOTES;
            free(from->at[i].source);
            free(from->at[i].text);
        }
    }
    from->count = 0;
}
