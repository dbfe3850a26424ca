/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sums.h"
#include <math.h>
#include <string.h>

/* Knuth's exact sum: high + low == a + b, so a window's difference of two long sums keeps the
 * digits that the window itself has. */
static inline void add(double *high, double *low, double v)
{
    double sum = *high + v, part = sum - *high;
    *low += (*high - (sum - part)) + (v - part);
    *high = sum;
}

static void find_means(abn_sums *sums, const double *y, const double *x, size_t from, size_t to)
{
    double sy = 0, sx = 0, n = 0;
    for (size_t t = from; t < to; t++) {
        double xt = x ? x[t] : 0;
        if (isnan(y[t]) || isnan(xt)) continue;
        sy += y[t];
        sx += xt;
        n++;
    }
    sums->mean_y = n > 0 ? sy / n : 0;
    sums->mean_x = n > 0 ? sx / n : 0;
}

void abn_sums_make(abn_sums *sums, const double *y, const double *x, size_t from, size_t to)
{
    find_means(sums, y, x, from, to);
    sums->from = from;
    abn_sums_row now;
    memset(&now, 0, sizeof now);
    for (size_t t = from; t < to; t++) {
        sums->row[t - from] = now;
        double dy = y[t] - sums->mean_y, dx = x ? x[t] - sums->mean_x : 0;
        if (isnan(dy) || isnan(dx)) continue;
        add(&now.high[0], &now.low[0], dy);
        add(&now.high[2], &now.low[2], dy * dy);
        if (x) {
            add(&now.high[1], &now.low[1], dx);
            add(&now.high[3], &now.low[3], dx * dy);
            add(&now.high[4], &now.low[4], dx * dx);
        }
        now.count++;
    }
    sums->row[to - from] = now;
}

abn_moments abn_sums_window(const abn_sums *sums, size_t from, size_t to)
{
    const abn_sums_row *a = sums->row + (from - sums->from), *b = sums->row + (to - sums->from);
    double s[5], n = b->count - a->count;
    for (int i = 0; i < 5; i++)
        s[i] = (b->high[i] - a->high[i]) + (b->low[i] - a->low[i]);
    abn_moments m = {.n = (size_t)n};
    if (n == 0) return m;
    m.mean_y = sums->mean_y + s[0] / n;
    m.mean_x = sums->mean_x + s[1] / n;
    m.yy = s[2] - s[0] * s[0] / n;
    m.xy = s[3] - s[0] * s[1] / n;
    m.xx = s[4] - s[1] * s[1] / n;
    return m;
}
