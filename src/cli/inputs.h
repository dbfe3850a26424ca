/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What DOC arguments name: files, folders with all below them, "-" for stdin, http(s) addresses. */
#ifndef INPUTS_H
#define INPUTS_H

#include "command.h"

#include <abnorm/slice.h>

/* Arguments spelled out: folders as the files below them, in order of names; hidden ones left out.
 * "-" and addresses stay as they are. */
typedef struct inputs {
    char **name;
    size_t count, cap;
} inputs;

/* An argument that names nothing is reported as inputs_failed() does, and left out; the status is
 * that of the first when nothing at all is left. */
abn_status inputs_list(cli *c, const char *const *args, size_t n, inputs *out);
void inputs_free(inputs *in);

/* The bytes of one input, which live until the call returns, handed to `each` with the name that
 * messages and documents have for it. Safe to call from several threads, but for "-" and
 * addresses. `limit` bytes at most (0: none). */
typedef abn_status (*input_fn)(void *context, const char *source, abn_slice bytes, abn_error *err);
abn_status inputs_read(const char *name, size_t limit, input_fn each, void *context,
                       abn_error *err);

/* Take note of an input that failed, and of the exit code that it makes; the run goes on. Returns
 * ABN_OK, or the status where going on makes no sense (no memory, a fault of the program). */
abn_status inputs_failed(cli *c, const abn_error *err);

/* List and read all, one after the other, past those that fail. Fails when every one did, as the
 * first of them. */
abn_status inputs_each(cli *c, const char *const *args, size_t n, size_t limit, input_fn each,
                       void *context);

#endif
