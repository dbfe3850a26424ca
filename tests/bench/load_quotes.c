/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time to load quotes: load_quotes PATH [TIMES [THREADS]]. Prints the best and the median time,
 * bytes of the columns, and the process's peak memory. */
#include <abnorm/file.h>
#include <abnorm/quotes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static double now_sec(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static size_t count_bytes(const abn_quotes *q, size_t *rows)
{
    size_t bytes = 0;
    *rows = 0;
    for (size_t i = 0; i < abn_quotes_count(q); i++) {
        const abn_series *s = abn_quotes_at(q, i);
        const double *column[] = {s->open,      s->high,   s->low, s->close,
                                  s->adj_close, s->volume, s->ret};
        size_t columns = 0;
        for (size_t c = 0; c < sizeof column / sizeof *column; c++)
            columns += column[c] != NULL;
        bytes += s->n * (sizeof(abn_date) + columns * sizeof(double));
        *rows += s->n;
    }
    return bytes;
}

int main(int argc, char **argv)
{
    int times = argc > 2 ? atoi(argv[2]) : 3;
    abn_quotes_options options = {.threads = argc > 3 ? atoi(argv[3]) : 0};
    double *taken = calloc((size_t)times + 1, sizeof *taken);
    size_t rows = 0, bytes = 0;
    if (argc < 2 || times < 1 || !taken) return 64;
    for (int i = 0; i < times; i++) {
        abn_quotes *q = NULL;
        abn_error err = {0};
        double start = now_sec();
        if (abn_quotes_load(argv[1], &options, NULL, &q, &err) != ABN_OK) {
            fprintf(stderr, "%s\n", err.text);
            return 65;
        }
        taken[i] = now_sec() - start;
        bytes = count_bytes(q, &rows);
        abn_quotes_free(q);
    }
    qsort(taken, (size_t)times, sizeof *taken, compare);
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    printf("rows=%zu best=%.4fs median=%.4fs columns=%.1fMB peak=%.1fMB\n", rows, taken[0],
           taken[times / 2], (double)bytes / 1e6, (double)use.ru_maxrss * 1024 / 1e6);
    free(taken);
    return 0;
}
