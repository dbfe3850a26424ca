/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a call came to: one list holds each status, its process exit code and its text. */
#ifndef ABNORM_STATUS_H
#define ABNORM_STATUS_H

/* X(NAME, exit code after sysexits.h, text) */
#define ABN_STATUS_LIST(X)               \
    X(OK, 0, "ok")                       \
    X(USAGE, 64, "wrong usage")          \
    X(DATA, 65, "bad data")              \
    X(HISTORY, 65, "not enough history") \
    X(SINGULAR, 65, "singular system")   \
    X(CONVERGENCE, 65, "no convergence") \
    X(NO_INPUT, 66, "cannot read input") \
    X(UNAVAILABLE, 69, "unavailable")    \
    X(INTERNAL, 70, "internal error")    \
    X(SYSTEM, 71, "system error")        \
    X(MEMORY, 71, "out of memory")       \
    X(TRY_LATER, 75, "try again later")  \
    X(REFUSED, 77, "refused")

typedef enum abn_status {
#define ABN_STATUS_ENUM(name, code, text) ABN_##name,
    ABN_STATUS_LIST(ABN_STATUS_ENUM)
#undef ABN_STATUS_ENUM
} abn_status;

/* The status in words; never NULL, also for a value that is no status. */
const char *abn_status_text(abn_status status);

/* The exit code a command ends with; 70 for a value that is no status. */
int abn_status_exit_code(abn_status status);

#endif
