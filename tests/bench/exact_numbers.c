/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers against strtod and printf, bit by bit: exact_numbers [COUNT]. A third of them go through
 * the quotes reader too. Exit code 1 when one differs. */
#include <abnorm/file.h>
#include <abnorm/number.h>
#include <abnorm/quotes.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KINDS = 9, BATCH = 500000 };

static uint64_t seed = 88172645463325252;

static uint64_t bits(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    return seed ^= seed << 17;
}

static double any_double(void)
{
    double v;
    do {
        uint64_t b = bits();
        memcpy(&v, &b, sizeof v);
    } while (!isfinite(v));
    return fabs(v);
}

/* Exactly half way between two doubles, or a digit beside it. */
static void half_way(char *text, size_t size)
{
    uint64_t mantissa = (UINT64_C(1) << 53) | (bits() >> 11) | 1;
    int shift = (int)(bits() % 60);
    long double v = ldexpl((long double)mantissa, -shift - 1);
    int n = snprintf(text, size, "%.*Lf", shift + 1, v);
    if (bits() % 2 && n > 0 && (size_t)n + 2 < size) strcpy(text + n, bits() % 2 ? "1" : "0");
}

static void decimal(char *text, size_t size)
{
    uint64_t a = bits(), b = bits();
    switch (bits() % KINDS) {
    case 0:
        snprintf(text, size, "%" PRIu64 ".%02d", a % 100000, (int)(b % 100));
        break;
    case 1:
        snprintf(text, size, "%.17g", ldexp((double)(a >> 11), (int)(b % 100) - 90));
        break;
    case 2:
        snprintf(text, size, "%" PRIu64 ".%" PRIu64, a % 10000, b);
        break;
    case 3:
        snprintf(text, size, "%" PRIu64, a);
        break;
    case 4:
        snprintf(text, size, "%.*f", (int)(b % 30), (double)(a % 100000000) / 1000 + 1);
        break;
    case 5:
        snprintf(text, size, "%.*g", 1 + (int)(b % 25), any_double());
        break;
    case 6:
        half_way(text, size);
        break;
    case 7:
        snprintf(text, size, "%" PRIu64 "e%d", a, (int)(b % 640) - 330);
        break;
    default:
        snprintf(text, size, ".%0*" PRIu64, 1 + (int)(b % 18), a % 1000000 + 1);
    }
}

static long compare_parsed(char (*text)[128], const double *want, int n)
{
    long differ = 0;
    for (int i = 0; i < n; i++) {
        double got = -1;
        bool read = abn_number_parse(abn_slice_of(text[i]), &got);
        if (read ? memcmp(&got, &want[i], sizeof got) == 0 : !isfinite(want[i])) continue;
        if (differ++ < 5)
            printf("abn_number_parse: %s is %.17g, not %.17g\n", text[i], want[i], got);
    }
    return differ;
}

/* Through a file of one listing; only numbers that can be prices are in it. */
static long compare_loaded(char (*text)[128], const double *want, int n, const char *path)
{
    abn_buf out = {0};
    abn_quotes *quotes = NULL;
    char date[ABN_DATE_MAX];
    long differ = 0;
    abn_buf_text(&out, "date,close\n");
    for (int i = 0; i < n; i++)
        if (want[i] > 0 && isfinite(want[i]))
            abn_buf_printf(&out, "%s,%s\n", abn_date_format(i, date), text[i]);
    if (abn_file_write(path, out.data, out.len, NULL) != ABN_OK ||
        abn_quotes_load(path, NULL, NULL, &quotes, NULL) != ABN_OK)
        return 1;
    const abn_series *s = abn_quotes_at(quotes, 0);
    for (int i = 0; i < n; i++) {
        if (!(want[i] > 0) || !isfinite(want[i])) continue;
        ptrdiff_t at = abn_series_on(s, i);
        if (at >= 0 && memcmp(&s->close[at], &want[i], sizeof *want) == 0) continue;
        if (differ++ < 5) printf("abn_quotes_load: %s is %.17g\n", text[i], want[i]);
    }
    abn_quotes_free(quotes);
    abn_buf_free(&out);
    return differ;
}

/* As they are, and brought among the sizes that tables hold. */
static long compare_printed(const double *value, int n)
{
    static abn_number_cell got[2][BATCH];
    static double near[BATCH];
    long differ = 0;
    for (int i = 0; i < n; i++)
        near[i] = copysign(ldexp(frexp(value[i], &(int){0}), i % 48 - 14), i % 3 - 1);
    abn_numbers_print(value, sizeof *value, (size_t)n, 10, got[0]);
    abn_numbers_print(near, sizeof *near, (size_t)n, 10, got[1]);
    for (int i = 0; i < 2 * n; i++) {
        double v = i < n ? value[i] : near[i - n];
        const abn_number_cell *cell = &got[i >= n][i % n];
        char want[64];
        int len = snprintf(want, sizeof want, v == 0 ? "0" : "%.10g", v);
        if (!isfinite(v)) len = 0;
        if (cell->len == len && memcmp(cell->text, want, (size_t)len) == 0) continue;
        if (differ++ < 5)
            printf("abn_numbers_print: %a is %s, not %.*s\n", v, want, cell->len, cell->text);
    }
    return differ;
}

int main(int argc, char **argv)
{
    long count = argc > 1 ? atol(argv[1]) : 10000000, differ = 0, loaded = 0;
    char(*text)[128] = malloc(BATCH * sizeof *text);
    double *want = malloc(BATCH * sizeof *want);
    char path[] = "/tmp/abnorm-exact-XXXXXX";
    if (!text || !want || mkstemp(path) < 0) return 71;
    for (long done = 0, batch = 0; done < count; done += BATCH, batch++) {
        int n = count - done < BATCH ? (int)(count - done) : BATCH;
        for (int i = 0; i < n; i++) {
            decimal(text[i], sizeof text[i]);
            want[i] = strtod(text[i], NULL);
        }
        differ += compare_parsed(text, want, n);
        differ += compare_printed(want, n);
        if (batch % 3) continue;
        differ += compare_loaded(text, want, n, path);
        loaded += n;
    }
    printf("%ld decimals, %ld of them also through the reader: %ld differ from strtod or printf\n",
           count, loaded, differ);
    remove(path);
    free(text);
    free(want);
    return differ != 0;
}
