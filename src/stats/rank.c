/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rank.h"
#include <math.h>
#include <string.h>

enum { BINS = 512, CROWD = 48 };

static void insert(abn_ranked *r, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        abn_ranked one = r[i];
        size_t j = i;
        while (j > 0 && one.value < r[j - 1].value) {
            r[j] = r[j - 1];
            j--;
        }
        r[j] = one;
    }
}

/* For values that crowd into few bins. */
static void merge(abn_ranked *r, size_t n, abn_ranked *spare)
{
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t at = 0; at < n; at += 2 * width) {
            size_t a = at, middle = at + width < n ? at + width : n, b = middle;
            size_t end = at + 2 * width < n ? at + 2 * width : n;
            for (size_t i = at; i < end; i++) {
                int left = a < middle && (b >= end || !(r[b].value < r[a].value));
                spare[i] = left ? r[a++] : r[b++];
            }
        }
        memcpy(r, spare, n * sizeof *r);
    }
}

static size_t keep_numbers(const double *v, size_t n, abn_ranked *out, double *spread)
{
    size_t kept = 0;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        out[kept] = (abn_ranked){v[i], (uint32_t)i};
        int number = v[i] == v[i];
        sum += number ? fabs(v[i]) : 0;
        kept += (size_t)number;
    }
    *spread = kept ? sum / (double)kept : 0;
    return kept;
}

static inline int bin_of(double value, double scale)
{
    double b = value * scale + BINS / 2;
    return b < 0 ? 0 : b > BINS - 1 ? BINS - 1 : (int)b;
}

size_t abn_rank_sort(const double *v, size_t n, abn_ranked *out, abn_ranked *spare)
{
    double spread;
    size_t kept = keep_numbers(v, n, spare, &spread);
    uint32_t start[BINS + 1] = {0};
    double scale = spread > 0 ? 52 / spread : 0; /* bins of 1/52 of the mean size */
    if (!(scale < 1e300)) scale = 0;
    for (size_t i = 0; i < kept; i++)
        start[bin_of(spare[i].value, scale) + 1]++;
    uint32_t crowd = 0;
    for (int b = 0; b < BINS; b++) {
        if (start[b + 1] > crowd) crowd = start[b + 1];
        start[b + 1] += start[b];
    }
    for (size_t i = 0; i < kept; i++)
        out[start[bin_of(spare[i].value, scale)]++] = spare[i];
    if (crowd > CROWD)
        merge(out, kept, spare);
    else
        insert(out, kept);
    return kept;
}

size_t abn_rank_mid(const double *v, size_t n, double *rank, abn_ranked *work)
{
    size_t kept = abn_rank_sort(v, n, work, work + n);
    for (size_t i = 0; i < n; i++)
        rank[i] = NAN;
    for (size_t a = 0, b; a < kept; a = b) {
        for (b = a + 1; b < kept && work[b].value == work[a].value;)
            b++;
        for (size_t i = a; i < b; i++)
            rank[work[i].at] = (double)(a + b + 1) / 2;
    }
    return kept;
}
