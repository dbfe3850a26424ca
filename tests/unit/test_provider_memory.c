/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Let the n-th allocation fail, for every n: a call says so, and leaves nothing behind. */
#include "unit.h"

#include <abnorm/bars.h>
#include <abnorm/provider.h>
#include <errno.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define COUNTED 0 /* its allocator is its own */
#else
#define COUNTED 1

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void __libc_free(void *old);

static long left = -1; /* allocations that still work; -1: all */
static long live;      /* blocks in use, counted while `left` is set */

static bool refuse(void)
{
    if (left < 0) return false;
    if (left == 0) {
        errno = ENOMEM;
        return true;
    }
    left--;
    return false;
}

static void *count(void *block, bool fresh)
{
    if (block && fresh) live++;
    return block;
}

void *malloc(size_t size)
{
    return refuse() ? NULL : count(__libc_malloc(size), true);
}

void *calloc(size_t n, size_t size)
{
    return refuse() ? NULL : count(__libc_calloc(n, size), true);
}

void *realloc(void *old, size_t size)
{
    return refuse() ? NULL : count(__libc_realloc(old, size), old == NULL);
}

void free(void *old)
{
    if (old) live--;
    __libc_free(old);
}
#endif

static const struct {
    const char *provider, *body;
} answers[] = {
    {"yahoo",
     "{\"chart\":{\"result\":[{\"meta\":{\"currency\":\"USD\",\"gmtoffset\":0},"
     "\"timestamp\":[1741271400,1741357800],\"events\":{\"dividends\":{\"1\":{\"amount\":1,"
     "\"date\":1741357800}},\"splits\":{\"1\":{\"date\":1741271400,\"numerator\":2,"
     "\"denominator\":1}}},\"indicators\":{\"quote\":[{\"close\":[1,9]}]}}]}}"},
    {"yahoo", "{\"chart\":{\"error\":{\"description\":\"Not found\"}}}"},
    {"stooq", "Date,Open,High,Low,Close,Volume\n2025-01-02,1,1,1,1,0\n2025-01-03,1,2,.5,9,8\n"},
    {"stooq", "No data"},
    {"alphavantage", "{\"Time Series (Daily)\":{\"2025-01-02\":{\"4. close\":\"1\"}}}"},
    {"tiingo", "[{\"date\":\"2025-01-02\",\"close\":1,\"divCash\":1,\"splitFactor\":2}]"},
    {"eodhd", "[{\"warning\":\"w\"},{\"date\":\"2025-01-02\",\"close\":1}]"},
    {"fred", "observation_date,X\n2025-01-02,1\n2025-01-03,2\n"},
    {"french", "<title>None</title>"},
};

/* One answer from bytes to a printed file; what it came to. */
static abn_status read_merge_print(size_t i)
{
    abn_query query = {.symbol = "X", .from = ABN_NO_DATE, .to = ABN_NO_DATE, .now = 1763600000};
    abn_notes *notes = abn_notes_new();
    abn_bars bars = {0}, old = {0};
    abn_bars_change change;
    abn_buf text = {0};
    abn_status status = notes ? ABN_OK : ABN_MEMORY;
    if (status == ABN_OK)
        status = abn_provider_parse(abn_provider_find(answers[i].provider), &query, 200,
                                    abn_slice_of(answers[i].body), &bars, notes, NULL);
    if (status == ABN_OK) status = abn_bars_merge(&old, &bars, "X", notes, &change, NULL);
    if (status == ABN_OK) {
        abn_bars_print(&old, &text);
        status = abn_buf_status(&text, NULL);
    }
    abn_buf_free(&text);
    abn_bars_free(&bars);
    abn_bars_free(&old);
    abn_notes_free(notes);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
#if COUNTED
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        abn_status wanted = read_merge_print(i), got = ABN_MEMORY;
        long n = 0;
        for (; n < 2000; n++) {
            long before = live;
            left = n;
            got = read_merge_print(i);
            bool enough = left > 0;
            left = -1;
            long lost = live - before;
            assert_int_equal(lost, 0);
            assert_true(got == wanted || got == ABN_MEMORY || wanted != ABN_OK);
            if (enough) break;
        }
        assert_int_equal(got, wanted);
        assert_in_range(n, 2, 1999);
    }
#else
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        read_merge_print(i);
#endif
}

UNIT_MAIN(unit(every_allocation_may_fail))
