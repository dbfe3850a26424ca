/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How processes meet: each run of this ends with 0 when all that it checks holds. */
#include <abnorm/ranks.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LARGE 5000000

static int failures;

static void check(const abn_crew *crew, const char *what, bool holds)
{
    if (holds) return;
    failures++;
    fprintf(stderr, "rank %zu of %zu: %s\n", crew ? crew->rank : 0, abn_crew_count(crew), what);
}

typedef struct heard {
    size_t ranks;
    bool in_order;
} heard;

static abn_status hear(void *to, const void *bytes, size_t size, abn_error *err)
{
    heard *h = to;
    const unsigned char *at = bytes;
    size_t rank = h->ranks++;
    bool fine = size == LARGE * rank + 1;
    for (size_t i = 0; fine && i < size; i += 1000)
        fine = at[i] == (unsigned char)(rank + i);
    h->in_order = h->in_order && fine;
    return fine ? ABN_OK : abn_fail(err, ABN_INTERNAL, "rank %zu gave something else", rank);
}

static abn_status refuse(void *to, const void *bytes, size_t size, abn_error *err)
{
    (void)to;
    (void)bytes;
    return size ? abn_fail(err, ABN_DATA, "refused") : ABN_OK;
}

static void try_gather(const abn_crew *crew, size_t rank)
{
    heard h = {0, true};
    size_t size = LARGE * rank + 1;
    unsigned char *bytes = malloc(size);
    for (size_t i = 0; bytes && i < size; i++)
        bytes[i] = (unsigned char)(rank + i);
    abn_status status = abn_crew_gather(crew, ABN_OK, bytes, size, hear, &h, NULL);
    check(crew, "gather", status == ABN_OK);
    if (abn_crew_leads(crew))
        check(crew, "every rank in its turn", h.ranks == abn_crew_count(crew) && h.in_order);
    free(bytes);
}

static void try_share(const abn_crew *crew, size_t rank)
{
    char text[16] = "";
    if (rank == 0) strcpy(text, "from rank 0");
    check(crew, "share", abn_crew_share(crew, ABN_OK, text, sizeof text, NULL) == ABN_OK);
    check(crew, "the same for all", strcmp(text, "from rank 0") == 0);
}

static void expect(const abn_crew *crew, abn_status status, const abn_error *err, const char *why)
{
    check(crew, "all fail", status == ABN_DATA);
    check(crew, why, strcmp(err->text, why) == 0);
    status = abn_crew_share(crew, ABN_OK, NULL, 0, NULL);
    check(crew, "and do not meet again", status == ABN_DATA);
}

/* The last two fail. */
static void try_agree(const abn_crew *crew, size_t rank)
{
    size_t last = abn_crew_count(crew) - 1, before = last ? last - 1 : 0;
    abn_error err = {0};
    abn_status mine = ABN_OK;
    char why[32];
    snprintf(why, sizeof why, "rank %zu fails", before);
    if (rank >= before) mine = abn_fail(&err, ABN_DATA, "rank %zu fails", rank);
    expect(crew, abn_crew_agree(crew, mine, &err), &err, why);
}

static void try_refuse(const abn_crew *crew, size_t rank)
{
    abn_error err = {0};
    expect(crew, abn_crew_gather(crew, ABN_OK, "1234567890", rank + 1, refuse, NULL, &err), &err,
           "refused");
}

/* The last one gives up where the others go on to give and take. */
static void try_leave(const abn_crew *crew, size_t rank)
{
    abn_error err = {0};
    bool leaves = rank + 1 == abn_crew_count(crew);
    abn_status mine = leaves ? abn_fail(&err, ABN_DATA, "gave up") : ABN_OK;
    if (leaves)
        mine = abn_crew_agree(crew, mine, &err);
    else
        mine = abn_crew_gather(crew, mine, &rank, sizeof rank, hear, NULL, &err);
    expect(crew, mine, &err, "gave up");
}

int main(int argc, char **argv)
{
    abn_crew *crew;
    if (abn_ranks_start(&crew, NULL) != ABN_OK) return 1;
    size_t rank = crew ? crew->rank : 0;
    const char *ending = argc > 1 && crew ? argv[1] : "";
    check(crew, "all is well", abn_crew_agree(crew, ABN_OK, NULL) == ABN_OK);
    try_gather(crew, rank);
    try_share(crew, rank);
    if (strcmp(ending, "agree") == 0) try_agree(crew, rank);
    if (strcmp(ending, "refuse") == 0) try_refuse(crew, rank);
    if (strcmp(ending, "leave") == 0) try_leave(crew, rank);
    int worst = failures != 0;
    if (rank == 0) printf("%zu ranks, %zu near\n", abn_crew_count(crew), abn_ranks_near(crew));
    abn_ranks_end(crew, worst);
    return worst;
}
