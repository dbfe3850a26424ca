/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Made-up daily quotes to load: a universe of files, or one long file.
 *     make_quotes folder DIR FILES ROWS      Date,Open,High,Low,Close,Adj Close,Volume
 *     make_quotes long FILE SYMBOLS ROWS     symbol,date,close */
#include <abnorm/date.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t seed = 1;

static double uniform(void)
{
    seed += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = seed;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* Near enough to normal for a price. */
static double move(void)
{
    return .02 * (uniform() + uniform() + uniform() + uniform() - 2);
}

static abn_date next_weekday(abn_date date)
{
    do
        date++;
    while (abn_weekday(date) > 5);
    return date;
}

static void write_series(FILE *out, int rows)
{
    double close = 10 + 90 * uniform(), factor = .8;
    abn_date date = abn_date_of(2012, 1, 2);
    char day[ABN_DATE_MAX];
    fputs("Date,Open,High,Low,Close,Adj Close,Volume\n", out);
    for (int i = 0; i < rows; i++, date = next_weekday(date)) {
        double open = close * (1 + move());
        close = fmax(1, close * (1 + move()));
        double high = fmax(open, close) * (1 + .01 * uniform());
        double low = fmin(open, close) * (1 - .01 * uniform());
        fprintf(out, "%s,%.6f,%.6f,%.6f,%.6f,%.6f,%.0f\n", abn_date_format(date, day), open, high,
                low, close, close * (factor + .2 * i / rows),
                100 * floor(1e4 * (1 + 9 * uniform())));
    }
}

static int make_folder(const char *folder, int files, int rows)
{
    for (int i = 0; i < files; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/S%04d.csv", folder, i);
        FILE *out = fopen(path, "w");
        if (!out) return 1;
        write_series(out, rows);
        if (fclose(out) != 0) return 1;
    }
    return 0;
}

static int make_long(const char *path, int symbols, int rows)
{
    FILE *out = fopen(path, "w");
    char day[ABN_DATE_MAX];
    if (!out) return 1;
    fputs("symbol,date,close\n", out);
    for (int s = 0; s < symbols; s++) {
        double close = 100;
        abn_date date = abn_date_of(2014, 1, 1);
        for (int i = 0; i < rows; i++, date = next_weekday(date)) {
            close = fmax(1, close * (1 + move()));
            fprintf(out, "S%04d,%s,%.8g\n", s, abn_date_format(date, day), close);
        }
    }
    return fclose(out) != 0;
}

int main(int argc, char **argv)
{
    if (argc != 5) return 64;
    int n = atoi(argv[3]), rows = atoi(argv[4]);
    return strcmp(argv[1], "long") == 0 ? make_long(argv[2], n, rows)
                                        : make_folder(argv[2], n, rows);
}
