/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the pass over estimation windows share. */
#ifndef ABN_STATS_ESTIMATION_PARTS_H
#define ABN_STATS_ESTIMATION_PARTS_H

#include "members.h"
#include "rank.h"
#include <abnorm/buf.h>

#pragma GCC visibility push(hidden)

/* Single numbers of a sum. */
enum abn_tally {
    ABN_TALLY_SHARE,    /* sum of the occasions' shares of positive residuals */
    ABN_TALLY_POSITIVE, /* positive residuals */
    ABN_TALLY_RESIDUAL, /* residuals */
    ABN_TALLY_WHOLE,    /* occasions with every day */
    ABN_TALLY_UNITS,    /* occasions with a unit vector */
    ABN_TALLY_APART, /* by listing: squared norm of the sum of its unit vectors, less that of each
                        day's */
    ABN_TALLIES
};

/* What is summed over occasions: a block's part, or the whole. One allocation of doubles. */
typedef struct abn_part {
    double *all;
    double *error, *days;  /* m: sum of residuals, occasions with one (beside the WHOLE ones) */
    double *unit;          /* pairs: sum of unit residual vectors */
    double *u, *nt;        /* m + l: sum of U, occasions with a rank */
    double *base, *base_n; /* m: sum of residual ranks' U, of occasions that have every window */
    double *above;         /* windows x m: by how much the event's own SCAR lifts them */
    double *own, *own_n;   /* windows x m: of occasions that lack some window */
    double *star, *star_n, *star_var; /* windows */
    double *tally;
    size_t low, high; /* unit was touched here */
    bool lack;        /* own was touched */
} abn_part;

typedef struct abn_pass {
    const abn_panel *panel;
    const abn_tests_options *options;
    const abn_members *members;
    const double *sd;
    double *const *scar; /* by window: of each member, or NULL */
    unsigned needs;
    size_t m, l, w, pairs;
    bool units, dated;
    int64_t first; /* date (or row) of unit[0] */
    float *rank;
    uint32_t *ranked;
} abn_pass;

/* What one thread works in. */
typedef struct abn_worker {
    double *value;      /* m + l: residuals, then abnormal returns */
    double *day;        /* m: sum of the unit vectors of one listing's events of one day */
    double *listing;    /* of all its events, by row */
    abn_ranked *sorted; /* 2 (m + l) */
    double *rank;       /* m + l: among all of them; 0 missing */
    double *order;      /* m + 1: the residuals in ascending order */
    int16_t *place;     /* m: how many residuals lie below; -1 missing */
    double *base;    /* m: U of each residual among residuals and event, before the event's lift */
    uint16_t *lift;  /* windows x m: occasions whose event lies below */
    double *star;    /* windows: the event's SCAR on the residuals' scale */
    uint32_t *below; /* windows: residuals that lie below it */
    double step;     /* what one of `lift` is worth */
    size_t lifted;   /* occasions in it */
} abn_worker;

bool abn_part_make(abn_part *s, const abn_pass *p);
void abn_part_add(double *to, const double *from, size_t n);
/* Move one of `slices` of a block's part into the whole, and empty it; two threads may move two
 * slices at a time. */
void abn_part_move(abn_part *to, const abn_part *from, const abn_pass *p, size_t slice,
                   size_t slices);
/* Or all of it into a parcel for rank 0, which takes those of all ranks. */
bool abn_part_pack(abn_part *from, const abn_pass *p, abn_buf *out);
/* Ready for the next block, once emptied. */
void abn_part_reset(abn_part *s, const abn_pass *p);
typedef struct abn_arrival {
    abn_part *whole;
    const abn_pass *pass;
} abn_arrival;
abn_crew_take abn_part_take;

bool abn_worker_make(abn_worker *k, const abn_pass *p, size_t longest);
void abn_worker_free(abn_worker *k);

/* Rank member j's residuals and abnormal returns, which lie in the worker, together; leaves the
 * residuals' own order there, and returns how many there are. */
size_t abn_sum_ranks(const abn_pass *p, abn_part *s, abn_worker *k, size_t j);
/* Then its generalised ranks over every window, among `count` residuals. */
void abn_sum_granks(const abn_pass *p, abn_part *s, abn_worker *k, size_t j, size_t count);
/* What is left of these at the end of a block. */
void abn_sum_lifts(const abn_pass *p, abn_part *s, abn_worker *k);

#pragma GCC visibility pop

#endif
