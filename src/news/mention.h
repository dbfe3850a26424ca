/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The announcements that a text speaks of: type, status, companies, who told it, and when. */
#ifndef ABNORM_NEWS_MENTION_H
#define ABNORM_NEWS_MENTION_H

#include "moves.h"

#include <abnorm/document.h>

#pragma GCC visibility push(hidden)

enum { ABN_MENTIONS_MAX = 12, ABN_MENTION_COMPANIES = 6, ABN_MENTION_TOPICS = 8 };

/* An announcement in the making. */
typedef struct abn_told_draft {
    abn_event_type type;
    abn_event_status status;
    double weight; /* of all its cues, those at the head of the text counting most */
    double best;   /* of its weightiest sentence */
    uint32_t company[ABN_MENTION_COMPANIES];
    size_t n_companies;
    const char *topic[ABN_MENTION_TOPICS];
    size_t n_topics;
    const char *actor;           /* name of a medium or of a company, or NULL */
    uint8_t day;                 /* of lexicon.h, 0 none */
    char value[ABN_TIMEX_VALUE]; /* TIMEX3 day or month that is stated, "" none */
    size_t start, end;           /* bytes of the sentence */
} abn_told_draft;

typedef struct abn_mentions {
    const abn_lexicon *lexicon;
    const abn_languages *languages;
    const char *lang;
    const char *text; /* of the document */
    abn_told_draft draft[ABN_MENTIONS_MAX];
    size_t n;
    size_t sentences;                      /* read so far */
    uint32_t first[ABN_MENTION_COMPANIES]; /* the companies named first */
    size_t n_first;
    const char *topic[ABN_MENTION_TOPICS]; /* of the head of the text */
    size_t n_topics;
    const char *medium;  /* the first that the text names */
    abn_timexes timexes; /* reused */
} abn_mentions;

/* Read one sentence. `title`: it stands above the text, not in it. */
abn_status abn_mentions_read(abn_mentions *mentions, const abn_sentence *sentence, bool title,
                             abn_error *err);
/* Settle what was read into `out->mention`. */
abn_status abn_mentions_settle(abn_mentions *mentions, abn_reading *out, abn_error *err);

#pragma GCC visibility pop

#endif
