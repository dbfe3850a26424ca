/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <abnorm/page.h>
#include <abnorm/plot.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const files[] = {
    "events.csv",       "alignment.csv", "cars.csv",   "tests.csv",       "models.csv",
    "documents.csv",    "claims.csv",    "moves.csv",  "coincidence.csv", "simulation.csv",
    "returns.csv",      "caar.csv",      "prices.csv", "estimation.csv",  "parity.csv",
    "leadlag.csv",      "venues.csv",    "run.json",   "car.svg",         "event_moves.csv",
    "cross_section.csv"};
enum { FILES = sizeof files / sizeof *files };

static char folder[64];

static void path_of(size_t i, char path[128])
{
    snprintf(path, 128, "%s/%s", folder, files[i]);
}

static void empty_folder(void)
{
    char path[128];
    for (size_t i = 0; i < FILES; i++) {
        path_of(i, path);
        unlink(path);
    }
}

static void remove_folder(void)
{
    empty_folder();
    rmdir(folder);
}

static void write_part(abn_slice part)
{
    char path[128];
    if (part.len == 0) return;
    path_of((unsigned char)part.ptr[0] % FILES, path);
    FILE *file = fopen(path, "wb");
    FUZZ_HOLDS(file && fwrite(part.ptr + 1, 1, part.len - 1, file) == part.len - 1);
    FUZZ_HOLDS(fclose(file) == 0);
}

/* How often `word` stands in a text that may hold NULs. */
static size_t count(const abn_buf *text, const char *word)
{
    size_t n = 0, len = strlen(word);
    for (size_t i = 0; i + len <= text->len; i++)
        n += memcmp(text->data + i, word, len) == 0;
    return n;
}

/* gnuplot runs backquotes and system() but in strings between apostrophes and in blocks of data. */
static bool runs_nothing(const abn_buf *script)
{
    abn_slice rest = {script->data, script->len}, line;
    bool data = false;
    while (abn_slice_split(&rest, '\n', &line)) {
        char in = 0;
        if (data)
            data = !abn_slice_eq(line, "EOD");
        else if (line.len > 6 && !memcmp(line.ptr + line.len - 6, "<< EOD", 6))
            data = true;
        else
            for (size_t i = 0; i < line.len; i++) {
                char c = line.ptr[i];
                if (in != '\'' &&
                    (c == '`' || (line.len - i > 6 && !memcmp(line.ptr + i, "system", 6))))
                    return false;
                if (c == in)
                    in = 0;
                else if (!in && (c == '\'' || c == '"'))
                    in = c;
            }
        if (in) return false;
    }
    return !data;
}

/* A stranger's result folder: files parted by form feeds, their first byte tells which. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (folder[0] == '\0') {
        snprintf(folder, sizeof folder, "%s/abnorm-fuzz-%ld",
                 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (long)getpid());
        FUZZ_HOLDS(mkdir(folder, 0700) == 0);
        atexit(remove_folder);
    }
    abn_slice rest = fuzz_slice(data, size), part;
    while (abn_slice_split(&rest, '\f', &part))
        write_part(part);
    abn_buf out = {0};
    if (abn_page_format(folder, (abn_slice){0}, NULL, &out, NULL) == ABN_OK)
        FUZZ_HOLDS(count(&out, "<script") == 1); /* its own */
    for (size_t i = 0; i < abn_plots_count; i++) {
        abn_buf_clear(&out);
        if (abn_plots[i].script(folder, &out, NULL) == ABN_OK) FUZZ_HOLDS(runs_nothing(&out));
    }
    abn_buf_free(&out);
    empty_folder();
    return 0;
}
