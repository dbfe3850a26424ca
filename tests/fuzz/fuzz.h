/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the fuzz targets share. Each is one file fuzz_NAME.c with libFuzzer's entry point; dict/NAME
 * holds its dictionary and seeds.sh makes the inputs that it starts from. */
#ifndef FUZZ_H
#define FUZZ_H

#include <abnorm/document.h>
#include <abnorm/slice.h>
#include <abnorm/timex.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes as text. */
abn_slice fuzz_slice(const uint8_t *data, size_t size);
/* A file of these bytes, for what reads paths; the same path each time. */
const char *fuzz_file(const uint8_t *data, size_t size);
/* The languages of data/, loaded once. */
const abn_languages *fuzz_languages(void);
/* Read a document of the name `source` and check what must hold of every document. */
void fuzz_document(const char *source, const uint8_t *data, size_t size);
/* Stop the fuzzer: something that must hold does not. */
#define FUZZ_HOLDS(condition)                    \
    do {                                         \
        if (!(condition)) fuzz_fail(#condition); \
    } while (0)
void fuzz_fail(const char *condition);

#endif
