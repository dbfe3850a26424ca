/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/ranks.h>

#ifdef ABN_MPI

#include <limits.h>
#include <mpi.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CHUNK = 1 << 30, SPINS = 200, SLEEP_LEAST_NS = 20000, SLEEP_MOST_NS = 1000000 };
enum { TAG_SIZE = 1, TAG_GO, TAG_BYTES };

/* What all ended with, and why. */
typedef struct verdict {
    abn_status status;
    abn_error err;
} verdict;

typedef struct ranks {
    abn_crew crew;
    int rank, count, near;
    verdict agreed; /* the first failure: from there on nobody meets any more */
    bool broken;    /* a call failed: nobody can */
} ranks;

bool abn_ranks_built(void)
{
    return true;
}

/* ---- one call ---- */

static abn_status gone(ranks *r, int code, abn_error *err)
{
    char text[MPI_MAX_ERROR_STRING] = "";
    int len = 0;
    r->broken = true;
    MPI_Error_string(code, text, &len);
    return abn_fail(err, ABN_SYSTEM, "another of %d processes has gone (seen by rank %d: %s)",
                    r->count, r->rank, text);
}

/* MPI's own waiting takes the core from those that still work; this sleeps after a while. */
static abn_status finish(ranks *r, int code, MPI_Request *request, abn_error *err)
{
    struct timespec pause = {0, SLEEP_LEAST_NS};
    int done = 0;
    for (int spins = 0; code == MPI_SUCCESS; spins++) {
        code = MPI_Test(request, &done, MPI_STATUS_IGNORE);
        if (done) break;
        if (spins < SPINS) continue;
        nanosleep(&pause, NULL);
        if (pause.tv_nsec < SLEEP_MOST_NS) pause.tv_nsec *= 2;
    }
    return code == MPI_SUCCESS ? ABN_OK : gone(r, code, err);
}

static abn_status send_one(ranks *r, const void *bytes, int size, int to, int tag, abn_error *err)
{
    MPI_Request request;
    return finish(r, MPI_Isend(bytes, size, MPI_BYTE, to, tag, MPI_COMM_WORLD, &request), &request,
                  err);
}

static abn_status take_one(ranks *r, void *bytes, int size, int from, int tag, abn_error *err)
{
    MPI_Request request;
    return finish(r, MPI_Irecv(bytes, size, MPI_BYTE, from, tag, MPI_COMM_WORLD, &request),
                  &request, err);
}

static abn_status share_one(ranks *r, void *bytes, int size, int from, abn_error *err)
{
    MPI_Request request;
    return finish(r, MPI_Ibcast(bytes, size, MPI_BYTE, from, MPI_COMM_WORLD, &request), &request,
                  err);
}

/* Sizes beyond an int go in pieces. */
static int piece(size_t size, size_t at)
{
    return size - at < CHUNK ? (int)(size - at) : CHUNK;
}

/* ---- the three ways to meet ---- */

static abn_status tell(const ranks *r, abn_error *err)
{
    if (err && err->status == ABN_OK) *err = r->agreed.err;
    return r->agreed.status;
}

static abn_status agree(void *context, abn_status mine, abn_error *err)
{
    ranks *r = context;
    MPI_Request request;
    int own = mine == ABN_OK ? INT_MAX : r->rank, first = INT_MAX;
    if (r->agreed.status != ABN_OK) return tell(r, err);
    verdict v = {.status = mine};
    abn_status status =
        finish(r, MPI_Iallreduce(&own, &first, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD, &request),
               &request, &v.err);
    if (status == ABN_OK && first == INT_MAX) return ABN_OK;
    if (status == ABN_OK && first == r->rank && err) v.err = *err;
    if (status == ABN_OK) status = share_one(r, &v, sizeof v, first, &v.err);
    if (status != ABN_OK) v.status = status;
    if (first != r->rank) abn_error_clear(err);
    r->agreed = v;
    return tell(r, err);
}

static abn_status give(ranks *r, const void *bytes, size_t size, abn_error *err)
{
    uint64_t size_of = size;
    char go = 0;
    abn_status status = send_one(r, &size_of, sizeof size_of, 0, TAG_SIZE, err);
    if (status == ABN_OK) status = take_one(r, &go, 1, 0, TAG_GO, err);
    for (size_t at = 0; go && at < size && status == ABN_OK; at += CHUNK)
        status = send_one(r, (const char *)bytes + at, piece(size, at), 0, TAG_BYTES, err);
    return status;
}

/* One rank's bytes, asked for only while all is well. */
static abn_status ask(ranks *r, int from, abn_status before, abn_crew_take *take, void *to,
                      abn_error *err)
{
    uint64_t size = 0;
    abn_status status = take_one(r, &size, sizeof size, from, TAG_SIZE, err);
    if (status != ABN_OK) return status;
    char *bytes = before == ABN_OK ? malloc((size_t)size + 1) : NULL;
    char go = bytes != NULL;
    status = send_one(r, &go, 1, from, TAG_GO, err);
    for (size_t at = 0; go && at < size && status == ABN_OK; at += CHUNK)
        status = take_one(r, bytes + at, piece((size_t)size, at), from, TAG_BYTES, err);
    if (status == ABN_OK && before == ABN_OK)
        status = bytes ? take(to, bytes, (size_t)size, err) : abn_fail_memory(err);
    free(bytes);
    return before == ABN_OK ? status : before;
}

static abn_status gather(void *context, const void *bytes, size_t size, abn_crew_take *take,
                         void *to, abn_error *err)
{
    ranks *r = context;
    if (r->rank != 0) return give(r, bytes, size, err);
    abn_status status = take(to, bytes, size, err);
    for (int from = 1; from < r->count && !r->broken; from++)
        status = ask(r, from, status, take, to, err);
    return status;
}

static abn_status share(void *context, void *bytes, size_t size, abn_error *err)
{
    ranks *r = context;
    abn_status status = ABN_OK;
    for (size_t at = 0; at < size && status == ABN_OK; at += CHUNK)
        status = share_one(r, (char *)bytes + at, piece(size, at), 0, err);
    return status;
}

/* ---- beginning and end ---- */

static int count_near(void)
{
    MPI_Comm near;
    int n = 1;
    if (MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &near) !=
        MPI_SUCCESS)
        return 1;
    MPI_Comm_size(near, &n);
    MPI_Comm_free(&near);
    return n;
}

abn_status abn_ranks_start(abn_crew **crew, abn_error *err)
{
    int given;
    *crew = NULL;
    ranks *r = calloc(1, sizeof *r);
    if (!r) return abn_fail_memory(err);
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &given) != MPI_SUCCESS) {
        free(r);
        return abn_fail(err, ABN_SYSTEM, "MPI does not start");
    }
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_rank(MPI_COMM_WORLD, &r->rank);
    MPI_Comm_size(MPI_COMM_WORLD, &r->count);
    if (r->count == 1) {
        MPI_Finalize();
        free(r);
        return ABN_OK;
    }
    r->near = count_near();
    r->crew = (abn_crew){.rank = (size_t)r->rank,
                         .count = (size_t)r->count,
                         .context = r,
                         .agree = agree,
                         .gather = gather,
                         .share = share};
    *crew = &r->crew;
    return ABN_OK;
}

size_t abn_ranks_near(const abn_crew *crew)
{
    return crew ? (size_t)((const ranks *)crew->context)->near : 1;
}

void abn_ranks_end(abn_crew *crew, int code)
{
    if (!crew) return;
    ranks *r = crew->context;
    MPI_Request request;
    if (!r->broken) /* wait asleep for those that still work */
        finish(r, MPI_Ibarrier(MPI_COMM_WORLD, &request), &request, NULL);
    if (r->broken)
        MPI_Abort(MPI_COMM_WORLD, code);
    else
        MPI_Finalize();
    free(r);
}

#else

bool abn_ranks_built(void)
{
    return false;
}

abn_status abn_ranks_start(abn_crew **crew, abn_error *err)
{
    (void)err;
    *crew = NULL;
    return ABN_OK;
}

size_t abn_ranks_near(const abn_crew *crew)
{
    (void)crew;
    return 1;
}

void abn_ranks_end(abn_crew *crew, int code)
{
    (void)crew;
    (void)code;
}

#endif
