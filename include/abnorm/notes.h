/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Warnings: what a run met and went on from. The library collects them, the command prints them. */
#ifndef ABNORM_NOTES_H
#define ABNORM_NOTES_H

#include <abnorm/crew.h>
#include <abnorm/error.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct abn_note {
    const char *kind; /* a short static name that groups repeated notes: "stale bar" */
    long line, column;
    char *source; /* owned by the list; may be NULL */
    char *text;   /* owned by the list */
} abn_note;

typedef struct abn_notes abn_notes;

abn_notes *abn_notes_new(void);
void abn_notes_free(abn_notes *notes);

/* Add a note. `kind` must outlive the list (a string literal). A NULL list drops it. Notes past
 * a million are counted, not kept. */
void abn_note_at(abn_notes *notes, const char *kind, const char *source, long line, long column,
                 const char *fmt, ...) ABN_PRINTF(6, 7);

/* A note found no memory and was dropped. */
bool abn_notes_lost(const abn_notes *notes);
size_t abn_notes_count(const abn_notes *notes);
const abn_note *abn_notes_at(const abn_notes *notes, size_t i);

/* Move all of `from` behind `to`'s own, in order; for workers that each keep a list. */
void abn_notes_move(abn_notes *to, abn_notes *from);

/* All agreed so far: bring every rank's notes from `from` on to rank 0, where they replace its own;
 * the others drop theirs. `key`, a text a note, is their order; of ranks that have notes of one key
 * the first one's are kept. Without keys they come in the order of ranks. */
abn_status abn_notes_gather(abn_notes *notes, size_t from, const char *const *key,
                            const abn_crew *crew, abn_error *err);

#endif
