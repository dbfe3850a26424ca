/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A growing byte buffer whose failure sticks: append freely, ask once. */
#ifndef ABNORM_BUF_H
#define ABNORM_BUF_H

#include <abnorm/error.h>
#include <abnorm/slice.h>
#include <stdbool.h>
#include <stddef.h>

/* Zero-initialise. `data` is terminated by a NUL that `len` does not count, once anything was
 * added. */
typedef struct abn_buf {
    char *data;
    size_t len, cap;
    bool failed; /* memory ran out; later appends do nothing */
} abn_buf;

void abn_buf_free(abn_buf *buf);
void abn_buf_clear(abn_buf *buf);
/* Room for `more` further bytes; false without memory. */
bool abn_buf_reserve(abn_buf *buf, size_t more);
void abn_buf_add(abn_buf *buf, const void *bytes, size_t len);
void abn_buf_char(abn_buf *buf, char c);
void abn_buf_text(abn_buf *buf, const char *text);
void abn_buf_slice(abn_buf *buf, abn_slice slice);
void abn_buf_printf(abn_buf *buf, const char *fmt, ...) ABN_PRINTF(2, 3);
/* ABN_OK, or ABN_MEMORY recorded. */
abn_status abn_buf_status(const abn_buf *buf, abn_error *err);
/* Hand the bytes to the caller (to free()), leaving the buffer empty; NULL when it failed. */
char *abn_buf_take(abn_buf *buf);

#endif
