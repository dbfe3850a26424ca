/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rank.h"
#include "wide.h"
#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { BINS_LEAST = 256, BINS_MOST = 8192, CROWD = 24, FEW = 1024, DIGIT = 64 };

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

/* How many values are numbers, and their mean size. */
static size_t measure(const double *v, size_t n, double *spread)
{
    double sum = 0, count = 0;
    for (size_t i = 0; i < n; i++) {
        sum += v[i] == v[i] ? fabs(v[i]) : 0;
        count += v[i] == v[i] ? 1 : 0;
    }
    *spread = count > 0 ? sum / count : 0;
    return (size_t)count;
}

/* Twice as many bins as values, or as few or many as make sense. */
static int bins_for(size_t n)
{
    int bins = BINS_LEAST;
    while (bins < BINS_MOST && (size_t)bins < n)
        bins *= 2;
    return bins;
}

/* Neighbouring bins need no order between them: one pass does for all unless some are crowded. */
static void sort_bins(abn_ranked *r, const uint32_t *end, int bins, abn_ranked *spare)
{
    size_t from = 0;
    uint32_t most = end[0];
    for (int b = 1; b < bins; b++)
        most = end[b] - end[b - 1] > most ? end[b] - end[b - 1] : most;
    if (most <= CROWD) {
        insert(r, end[bins - 1]);
        return;
    }
    for (int b = 0; b < bins; b++) {
        size_t n = end[b] - from;
        if (n > CROWD)
            merge(r + from, n, spare);
        else if (n > 1)
            insert(r + from, n);
        from = end[b];
    }
}

ABN_WIDE static size_t sort(const double *v, size_t n, abn_ranked *out, abn_ranked *spare)
{
    double spread;
    size_t kept = measure(v, n, &spread);
    int bins = bins_for(kept);
    uint32_t start[BINS_MOST + 1];
    memset(start, 0, ((size_t)bins + 1) * sizeof *start);
    /* Two bins for the mean size times a tenth of their number: the outer ones hold what lies
     * beyond. */
    double scale = spread > 0 ? bins / (10 * spread) : 0, middle = bins / 2, top = bins - 1;
    if (!(scale < 1e300)) scale = 0;
    uint16_t *bin = (uint16_t *)spare;
    for (size_t i = 0; i < n; i++) {
        double at = v[i] * scale + middle;
        at = at > 0 ? at : 0; /* NaN too */
        bin[i] = (uint16_t)(int)(at < top ? at : top);
    }
    for (size_t i = 0; i < n; i++)
        start[bin[i] + 1] += v[i] == v[i];
    for (int b = 0; b < bins; b++)
        start[b + 1] += start[b];
    for (size_t i = 0; i < n; i++)
        if (v[i] == v[i]) out[start[bin[i]]++] = (abn_ranked){v[i], (uint32_t)i, 0};
    sort_bins(out, start, bins, spare);
    return kept;
}

/* Insert as long as hardly anything moves; false when too much does, and `r` then still has all. */
static bool insert_few(abn_ranked *r, size_t n)
{
    size_t moves = 0;
    for (size_t i = 1; i < n; i++) {
        abn_ranked one = r[i];
        size_t j = i;
        for (; j > 0 && one.value < r[j - 1].value; j--)
            r[j] = r[j - 1];
        r[j] = one;
        moves += i - j;
        if (moves > 4 * n) return false;
    }
    return true;
}

/* Few values: two digits of their bin, the lower first, leave nearly nothing to insert. */
ABN_WIDE static size_t sort_few(const double *v, size_t n, abn_ranked *out, abn_ranked *spare)
{
    double spread;
    size_t kept = measure(v, n, &spread);
    uint32_t low[DIGIT + 1] = {0}, high[DIGIT + 1] = {0};
    uint16_t bin[FEW];
    double scale = spread > 0 ? DIGIT * DIGIT / (10 * spread) : 0;
    if (!(scale < 1e300)) scale = 0;
    for (size_t i = 0; i < n; i++) {
        double at = v[i] * scale + DIGIT * DIGIT / 2, top = DIGIT * DIGIT - 1;
        at = at > 0 ? at : 0; /* NaN too */
        bin[i] = (uint16_t)(int)(at < top ? at : top);
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t number = v[i] == v[i];
        low[bin[i] % DIGIT + 1] += number;
        high[bin[i] / DIGIT + 1] += number;
    }
    for (int b = 0; b < DIGIT; b++) {
        low[b + 1] += low[b];
        high[b + 1] += high[b];
    }
    for (size_t i = 0; i < n; i++)
        if (v[i] == v[i])
            spare[low[bin[i] % DIGIT]++] = (abn_ranked){v[i], (uint32_t)i, bin[i] / DIGIT};
    for (size_t i = 0; i < kept; i++)
        out[high[spare[i].bin]++] = spare[i];
    if (!insert_few(out, kept)) merge(out, kept, spare);
    return kept;
}

size_t abn_rank_sort(const double *v, size_t n, abn_ranked *out, abn_ranked *spare)
{
    return n <= FEW ? sort_few(v, n, out, spare) : sort(v, n, out, spare);
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
