/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A borrowed run of bytes. */
#ifndef ABNORM_SLICE_H
#define ABNORM_SLICE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct abn_slice {
    const char *ptr; /* not terminated */
    size_t len;
} abn_slice;

abn_slice abn_slice_of(const char *text);
bool abn_slice_eq(abn_slice a, const char *b);
/* Equal but for the case of ASCII letters. */
bool abn_slice_ieq(abn_slice a, const char *b);
abn_slice abn_slice_trim(abn_slice a);
/* Cut the part before `sep` off the front of `rest`; false when nothing was left. */
bool abn_slice_split(abn_slice *rest, char sep, abn_slice *part);
/* A terminated copy to free(); NULL without memory. */
char *abn_slice_dup(abn_slice a);

#endif
