/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void fuzz_fail(const char *condition)
{
    fprintf(stderr, "does not hold: %s\n", condition);
    abort();
}

abn_slice fuzz_slice(const uint8_t *data, size_t size)
{
    return (abn_slice){size ? (const char *)data : "", size};
}

static char path[64];

static void remove_file(void)
{
    unlink(path);
}

const char *fuzz_file(const uint8_t *data, size_t size)
{
    if (path[0] == '\0') {
        snprintf(path, sizeof path, "%s/abnorm-fuzz-%ld.csv",
                 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (long)getpid());
        atexit(remove_file);
    }
    FILE *file = fopen(path, "wb");
    FUZZ_HOLDS(file && fwrite(data, 1, size, file) == size && fclose(file) == 0);
    return path;
}

const abn_languages *fuzz_languages(void)
{
    static abn_languages *languages;
    abn_error err = {0};
    if (languages == NULL) FUZZ_HOLDS(abn_languages_load("data", &languages, &err) == ABN_OK);
    return languages;
}

/* Well-formed UTF-8 without NULs: what every reader after this one relies on. */
static bool is_utf8(const char *s)
{
    for (const unsigned char *p = (const unsigned char *)s; *p; p++) {
        int more = *p < 0x80 ? 0 : *p >= 0xF0 ? 3 : *p >= 0xE0 ? 2 : *p >= 0xC2 ? 1 : -1;
        if (more < 0 || *p > 0xF4) return false;
        for (; more > 0; more--)
            if ((*++p & 0xC0) != 0x80) return false;
    }
    return true;
}

static abn_status check(void *context, abn_document *document, abn_error *err)
{
    (void)err;
    const abn_document_options *options = context;
    FUZZ_HOLDS(strlen(document->text) == document->text_len);
    FUZZ_HOLDS(is_utf8(document->text));
    FUZZ_HOLDS(is_utf8(document->title));
    FUZZ_HOLDS(strlen(document->lang) < sizeof document->lang);
    FUZZ_HOLDS(document->published == ABN_NO_DATE || document->published <= options->today);
    FUZZ_HOLDS((document->published == ABN_NO_DATE) ==
               (document->published_basis == ABN_BASIS_NONE));
    FUZZ_HOLDS(document->published_probability >= 0 && document->published_probability <= 1);
    abn_document_free(document);
    return ABN_OK;
}

void fuzz_document(const char *source, const uint8_t *data, size_t size)
{
    abn_document_options options = {.given = ABN_NO_DATE, .today = abn_date_of(2026, 11, 20)};
    abn_error err = {0};
    abn_status status = abn_document_read(fuzz_languages(), source, fuzz_slice(data, size),
                                          &options, check, &options, &err);
    FUZZ_HOLDS(status == err.status);
    FUZZ_HOLDS(status == ABN_OK || status == ABN_DATA);
}
