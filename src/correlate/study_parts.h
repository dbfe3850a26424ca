/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of a study share: its state while it is made, and after. */
#ifndef ABN_CORRELATE_STUDY_PARTS_H
#define ABN_CORRELATE_STUDY_PARTS_H

#include "lines.h"
#include <abnorm/arena.h>
#include <abnorm/map.h>
#include <abnorm/partition.h>
#include <abnorm/study.h>

#pragma GCC visibility push(hidden)

#define ABN_NO_LINE UINT32_MAX

enum { ABN_STATISTICS_MOST = 64 };

/* Where an event falls: on which row of its listing's line. */
typedef struct abn_place {
    uint32_t line;      /* ABN_NO_LINE: no quotes */
    uint32_t benchmark; /* line of the benchmark, ABN_NO_LINE: none */
    int32_t row;        /* of day 0, -1: not found */
    abn_date session;   /* first session, ABN_NO_DATE: not found */
    abn_phase phase;
    const char *mic;
    const abn_listing *listing;   /* or NULL */
    const char *benchmark_symbol; /* "" none */
    const char *problem;          /* why it cannot be measured, or NULL */
    const char *note;             /* what else there is to say, or NULL */
    abn_window estimation, window;
} abn_place;

/* Histories that one or more models share. */
typedef struct abn_family {
    abn_model_kind kind;
    const char *const *factor;
    size_t n_factors, width;
    abn_history *history;
    size_t n;
    uint32_t *of;     /* event -> history, UINT32_MAX: none */
    const char **why; /* event -> why it has none, or NULL */
    double **column;  /* owned */
    size_t n_columns;
    const double ***x; /* owned pointers, one list a history */
    uint32_t **donor;  /* history -> lines of its donors, or NULL */
    double **weight;   /* history -> given weights, or NULL */
    int32_t *shift;    /* history -> first row of its line (donors), or NULL: 0 */
} abn_family;

typedef struct abn_study_fit {
    size_t total;      /* occasions of all processes */
    abn_window window; /* union over theirs */
    abn_family *family;
    abn_panel *panel;
    abn_occasion *occasion;
    uint32_t *event; /* occasion -> event */
    uint32_t *index; /* event -> occasion, UINT32_MAX: none */
    uint32_t *order; /* occasions by event */
    size_t n;
    size_t *first_return; /* by event: an occasion's first row of returns.csv, n + 1 */
    uint32_t *fitted;     /* occasions that could be fitted, by event */
    size_t n_fitted;
    double *sq, *placebo; /* fitted x windows, or NULL */
    double correlation;
} abn_study_fit;

typedef struct abn_group {
    const char *name;
    size_t n;
    uint32_t *event; /* ascending */
} abn_group;

/* What the first process knows of every process's events. */
typedef struct abn_told {
    abn_date session; /* its first, ABN_NO_DATE: not found */
    bool usable;      /* it can be measured */
} abn_told;

enum { ABN_STUDY_TABLES = 4 };

struct abn_study {
    abn_study_input input; /* with the events of this process alone */
    const abn_crew *crew;
    abn_partition *partition;
    const abn_study_event *all; /* events of all processes */
    size_t n_all;
    abn_study_event *own;
    uint32_t *number; /* own event -> among all; NULL: the same */
    abn_told *told;   /* n_all, on the first process */
    abn_crew_rows rows[ABN_STUDY_TABLES];
    abn_study_settings settings;
    abn_study_model market;
    const abn_statistic *every[ABN_STATISTICS_MOST];
    abn_notes *notes;
    bool every_listing;
    abn_arena *arena, **thread_arena; /* of each thread that places events */
    size_t n_thread_arenas;
    abn_line_options line_options;
    abn_map *symbols; /* name -> line */
    abn_line *line;
    size_t n_lines;
    void *line_room;        /* what their columns lie in, or NULL */
    abn_sessions *sessions; /* by exchange */
    size_t n_sessions;
    abn_place *place; /* by event */
    abn_family *family;
    size_t n_families;
    abn_study_fit *fit;                             /* by model */
    size_t *first_return, *first_car, *first_model; /* by model, n + 1 */
    abn_group *group;
    size_t n_groups;
    uint32_t *group_of; /* n_all, or NULL without groups */
    abn_tests_row *test;
    size_t n_tests;
    const char *factor_name[ABN_STUDY_COEFFICIENTS];
    const char *extra_name[ABN_MODEL_EXTRAS];
    double *quantile; /* of Student's t by degrees of freedom, for the intervals */
    size_t n_quantiles;
};

/* A study with its events placed and nothing fitted. `every_listing`: lines of all quotes, not only
 * of those that events name. */
abn_status abn_study_open(const abn_study_input *input, const abn_study_settings *settings,
                          bool every_listing, abn_notes *notes, abn_study **out, abn_error *err);
/* The symbol of an event's benchmark, "" for none. */
const char *abn_study_benchmark(const abn_study *study, const abn_study_event *event);
int abn_study_threads(const abn_study *study);
/* What is on file of a symbol, or NULL. */
const abn_listing *abn_study_listing(const abn_study *study, const char *symbol);
const abn_exchange *abn_study_exchange(const abn_study *study, const abn_listing *listing);
enum { ABN_SIDE_BY_SIDE = 500 }; /* events; fewer are placed by one thread */
/* Lines of every listing and benchmark that the events need, named in their places. */
abn_status abn_study_lines(abn_study *study, abn_status mine, abn_error *err);
/* Lines of every listing and benchmark that the events need; events' places on them. If all agree
 * on `mine`. */
abn_status abn_study_place(abn_study *study, abn_status mine, abn_error *err);
/* A family of histories for model `m`, shared with an earlier model where it is the same. */
abn_status abn_study_family(abn_study *study, size_t m, abn_family **out, abn_error *err);
void abn_family_free(abn_family *family);
/* Note listings of one company, and events, that meet in one session. */
abn_status abn_study_note_dependence(abn_study *study, abn_error *err);

/* Groups of events, and every test on each. */
abn_status abn_study_test_all(abn_study *study, abn_error *err);

/* ---- with other processes ---- */

static inline uint32_t abn_study_number(const abn_study *s, size_t event)
{
    return s->number ? s->number[event] : (uint32_t)event;
}

/* The block that an event is in; events of later blocks are those of later processes. */
static inline uint32_t abn_study_block(const abn_study *s, size_t event)
{
    return abn_partition_block(s->partition, abn_study_number(s, event));
}

/* Divide the events, and keep this process's. */
abn_status abn_study_take_share(abn_study *study, abn_error *err);
/* How many occasions a model has in all, and the windows that cover them. */
abn_status abn_study_meet_windows(const abn_study *study, abn_study_fit *fit, abn_status mine,
                                  abn_panel_options *options, abn_error *err);
/* Numbers that each process has, to their sums in all. */
abn_status abn_study_sum(const abn_study *study, abn_status mine, uint64_t *count, size_t n,
                         abn_error *err);
/* Tell the first process of every event's place. */
abn_status abn_study_tell_places(abn_study *study, abn_status mine, abn_error *err);
/* Where this process's rows of each table lie among all. */
abn_status abn_study_place_rows(abn_study *study, abn_error *err);

/* Notes with the keys that order them among those of other processes. */
typedef struct abn_keyed {
    size_t from; /* of the list's notes */
    const char **key;
    size_t n, cap;
    bool failed;
} abn_keyed;

abn_keyed abn_keyed_start(const abn_notes *notes);
/* Those that were added since have this key, which must outlive the gathering. */
void abn_keyed_add(abn_keyed *keyed, const abn_notes *notes, const char *key);
/* Bring them together, and free. */
abn_status abn_keyed_gather(abn_keyed *keyed, abn_notes *notes, const abn_crew *crew,
                            abn_status mine, abn_error *err);

#pragma GCC visibility pop

#endif
