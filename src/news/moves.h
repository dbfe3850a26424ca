/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stock moves that sentences claim: figures, what moved them, of whom, and when. */
#ifndef ABNORM_NEWS_MOVES_H
#define ABNORM_NEWS_MOVES_H

#include "subject.h"

#include <abnorm/arena.h>

#pragma GCC visibility push(hidden)

/* A percentage of a sentence, and what was found out about it. */
typedef struct abn_percent {
    size_t at, end;  /* units: the number, and past its percent sign */
    size_t hedge;    /* unit of the hedge before it, or `at` */
    double value;    /* as written, sign included */
    double half;     /* half a unit of its last digit */
    bool listed;     /* the percent sign stands at the end of the list it is in */
    int dir;         /* 0: no move */
    size_t cue;      /* unit of the verb, noun or sign that gave `dir`; SIZE_MAX: its own sign */
    bool by_noun;    /* the cue is a noun or stands after the figure */
    bool inherited;  /* the cue is that of the figure before it */
    size_t from, to; /* units that speak of this figure alone */
    size_t level;    /* unit of the price that goes with it, or SIZE_MAX */
} abn_percent;

/* An amount of money, or an index's points, that may be a price. */
typedef struct abn_price {
    size_t at, end; /* units: the number with its currency */
    double value, half;
    char currency[4]; /* "" points or not stated */
    bool stated;      /* currency or points stand beside it */
    bool change;      /* a change of price: "fell 21 cents" */
    bool past;        /* a threshold: "above $300" */
    bool taken;       /* goes with a percentage */
    size_t lead;      /* unit of "to", "at" before it, or SIZE_MAX */
} abn_price;

enum { ABN_FIGURES_MAX = 48, ABN_DIR_AS_BEFORE = 2 };

typedef struct abn_figures {
    abn_percent percent[ABN_FIGURES_MAX];
    size_t n_percents;
    abn_price price[ABN_FIGURES_MAX];
    size_t n_prices;
} abn_figures;

/* Find a sentence's percentages and prices (moves_figures.c). */
void abn_figures_find(const abn_lexicon *lexicon, const abn_sentence *sentence,
                      const abn_subjects *subjects, abn_figures *out);
/* Find the cue and the direction of each percentage (moves_cue.c). */
void abn_figures_direct(const abn_lexicon *lexicon, const abn_sentence *sentence,
                        const abn_subjects *subjects, abn_figures *figures);
/* Drop what is no move of a price: shares of something, conditionals, distances (moves_cue.c). */
bool abn_percent_is_move(const abn_lexicon *lexicon, const abn_sentence *sentence,
                         const abn_percent *percent, const abn_subject *subject);

/* When and where: what the units [from, to) say of a session (moves_context.c). */
typedef struct abn_when {
    abn_session_kind session;
    bool stated; /* words say it, not the tense */
    uint8_t day; /* of lexicon.h, 0 none */
    uint8_t horizon;
    const char *venue; /* MICs, or the currency of an index's market; NULL none */
} abn_when;

/* Read [from, to), nearest to unit `near` first; what is there already stays. */
void abn_when_read(const abn_sentence *sentence, size_t from, size_t to, size_t near,
                   abn_when *when);

/* A claim in the making: what later sentences or the whole document decide is still open. */
typedef struct abn_draft {
    abn_claim claim;
    uint32_t company, listing; /* listing: by ticker, or ABN_NO_LISTING */
    const char *venue;         /* MICs near the figure, or NULL */
    const char *para_venue;    /* MICs of the paragraph up to here, or NULL */
    bool kind_stated;
    bool heading;
    bool anaphora;                       /* "the stock": whose, the text around told */
    double change;                       /* of the price in money, or NaN */
    size_t sentence_start, sentence_end; /* bytes */
    size_t start, end;                   /* bytes of the clause */
} abn_draft;

typedef struct abn_drafts {
    abn_draft *at;
    size_t n, cap;
} abn_drafts;

enum { ABN_VENUES_MAX = 8, ABN_NAMED_MAX = 16 };

/* What sentences hand to the next ones. */
typedef struct abn_thread {
    const abn_lexicon *lexicon;
    const abn_listings *listings;
    const abn_languages *languages;
    abn_drafts drafts;
    abn_subject focus; /* whom "the stock" means; kind OTHER: nobody of the listings */
    abn_subject main;  /* the first company that the document names */
    bool has_main;
    uint32_t named[ABN_NAMED_MAX]; /* companies in order of first sight */
    size_t n_named;
    bool has_title;
    uint8_t title_horizon, horizon; /* of the title; carried to the next figures */
    bool last_somebody;             /* the last sentence was about a company: "it" may mean that */
    const char *para_venue;         /* nearest venue that the paragraph named */
    struct {
        const char *mics;
        size_t times;
    } venue[ABN_VENUES_MAX]; /* how often the document named which */
    size_t n_venues;
    abn_session_kind session; /* premarket or after hours, carried to the next sentence */
    int last_dir;             /* of the claim read last, 0 none */
    uint32_t clue; /* a company that only a product or founder points to, or UINT32_MAX */
    int year;      /* of publication, or 0 */
} abn_thread;

/* Read one sentence; ABN_MEMORY alone can fail. */
abn_status abn_moves_read(abn_thread *thread, const abn_sentence *sentence, abn_error *err);

#pragma GCC visibility pop

#endif
