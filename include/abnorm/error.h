/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The caller-owned record of what went wrong, and where. */
#ifndef ABNORM_ERROR_H
#define ABNORM_ERROR_H

#include <abnorm/status.h>
#include <stddef.h>

#if defined(__GNUC__)
#define ABN_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#else
#define ABN_PRINTF(fmt, first)
#endif

/* Zero-initialise it; the first failure written into it wins until abn_error_clear(). */
typedef struct abn_error {
    abn_status status;
    long line;        /* from 1; 0 when there is none */
    long column;      /* from 1, in bytes; 0 when there is none */
    char source[256]; /* file, address or argument; its end is kept when it is longer */
    char text[512];
} abn_error;

void abn_error_clear(abn_error *err);

/* Record a failure without a place. Returns `status`, so `return abn_fail(err, ABN_DATA, ...)`
 * reads well. A NULL `err` is fine. */
abn_status abn_fail(abn_error *err, abn_status status, const char *fmt, ...) ABN_PRINTF(3, 4);

/* Record a failure at a place; `source` may be NULL, `line` and `column` 0. */
abn_status abn_fail_at(abn_error *err, abn_status status, const char *source, long line,
                       long column, const char *fmt, ...) ABN_PRINTF(6, 7);

/* Record that memory ran out. */
abn_status abn_fail_memory(abn_error *err);

/* "source:line:column: text" into `out` (always terminated); returns `out`. */
char *abn_error_format(const abn_error *err, char *out, size_t size);

#endif
