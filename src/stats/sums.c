/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sums.h"
#include "wide.h"
#include <math.h>
#include <string.h>

enum { SUMS = 5 };

/* Knuth's exact sum: high + low == a + b, so a window's difference of two long sums keeps the
 * digits that the window itself has. */
ABN_INLINE void add(abn_four *high, abn_four *low, abn_four v)
{
    abn_four sum = *high + v, part = sum - *high;
    *low += (*high - (sum - part)) + (v - part);
    *high = sum;
}

ABN_WIDE static void find_means(abn_sums *sums, const double *y, const double *x, size_t n)
{
    abn_four sy = {0}, sx = {0}, count = {0};
    const double *other = x ? x : y;
    ABN_FOURS (t, n) {
        abn_four a = ABN_FOUR(y, NAN), b = ABN_FOUR(other, NAN);
        abn_four_bits whole = (a == a) & (b == b);
        sy += abn_keep(whole, a);
        sx += abn_keep(whole, b);
        count += abn_ones(whole);
    }
    double all = abn_total(count);
    sums->mean_y = all > 0 ? abn_total(sy) / all : 0;
    sums->mean_x = x && all > 0 ? abn_total(sx) / all : 0;
}

/* The sums so far and those of a segment's rows. */
ABN_WIDE static void add_segment(const abn_sums *sums, const abn_sums_row *before, const double *y,
                                 const double *x, size_t n, abn_sums_row *out)
{
    abn_four high[SUMS], low[SUMS], count = {0};
    for (int i = 0; i < SUMS; i++) {
        high[i] = abn_load(before->high[i]);
        low[i] = abn_load(before->low[i]);
    }
    double my = sums->mean_y, mx = sums->mean_x;
    const double *other = x ? x : y;
    ABN_FOURS (t, n) {
        abn_four a = ABN_FOUR(y, NAN) - my, b = ABN_FOUR(other, NAN) - mx;
        abn_four_bits whole = (a == a) & (b == b);
        a = abn_keep(whole, a);
        b = x ? abn_keep(whole, b) : (abn_four){0};
        add(high + 0, low + 0, a);
        add(high + 1, low + 1, b);
        add(high + 2, low + 2, a * a);
        add(high + 3, low + 3, a * b);
        add(high + 4, low + 4, b * b);
        count += abn_ones(whole);
    }
    for (int i = 0; i < SUMS; i++) {
        abn_store(out->high[i], high[i], ABN_LANES);
        abn_store(out->low[i], low[i], ABN_LANES);
    }
    out->count = before->count + abn_total(count);
}

void abn_sums_mark(abn_sums *sums, size_t row)
{
    sums->edge[row] = 1;
}

void abn_sums_make(abn_sums *sums, const double *y, const double *x, size_t from, size_t to)
{
    find_means(sums, y + from, x ? x + from : NULL, to - from);
    static const abn_sums_row none;
    const abn_sums_row *now = &none;
    uint32_t edges = 0;
    for (size_t t = from, last = from; t <= to; t++) {
        if (!sums->edge[t]) continue;
        add_segment(sums, now, y + last, x ? x + last : NULL, t - last, sums->row + edges);
        now = sums->row + edges;
        sums->edge[t] = ++edges;
        last = t;
    }
}

/* Sum `i` between two edges. */
ABN_INLINE double between(const abn_sums_row *a, const abn_sums_row *b, int i)
{
    return abn_total((abn_load(b->high[i]) - abn_load(a->high[i])) +
                     (abn_load(b->low[i]) - abn_load(a->low[i])));
}

ABN_WIDE static abn_moments find_moments(const abn_sums *sums, const abn_sums_row *a,
                                         const abn_sums_row *b)
{
    double s[SUMS], n = b->count - a->count;
    abn_moments m = {.n = (size_t)n};
    if (n == 0) return m;
    for (int i = 0; i < SUMS; i++)
        s[i] = between(a, b, i);
    m.mean_y = sums->mean_y + s[0] / n;
    m.mean_x = sums->mean_x + s[1] / n;
    m.yy = s[2] - s[0] * s[0] / n;
    m.xy = s[3] - s[0] * s[1] / n;
    m.xx = s[4] - s[1] * s[1] / n;
    return m;
}

abn_moments abn_sums_window(const abn_sums *sums, size_t from, size_t to)
{
    return find_moments(sums, sums->row + (sums->edge[from] - 1), sums->row + (sums->edge[to] - 1));
}

void abn_sums_clear(abn_sums *sums, size_t from, size_t to)
{
    memset(sums->edge + from, 0, (to - from + 1) * sizeof *sums->edge);
}
