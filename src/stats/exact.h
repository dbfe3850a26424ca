/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums and dot products as if in twice the working precision (Ogita, Rump, Oishi 2005). */
#ifndef ABNORM_STATS_EXACT_H
#define ABNORM_STATS_EXACT_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

/* A sum kept as `hi`, and in `lo` what rounding took from it. */
typedef struct abn_exact {
    double hi, lo;
} abn_exact;

static inline void abn_exact_add(abn_exact *sum, double x)
{
    double total = sum->hi + x, part = total - sum->hi;
    sum->lo += (sum->hi - (total - part)) + (x - part);
    sum->hi = total;
}

/* Add a*b, its rounding error found by Dekker's product; |a| and |b| must stay below 1e150. */
static inline void abn_exact_add_product(abn_exact *sum, double a, double b)
{
    const double split = 134217729.0; /* 2^27 + 1 */
    double product = a * b;
    double ca = split * a, ah = ca - (ca - a), al = a - ah;
    double cb = split * b, bh = cb - (cb - b), bl = b - bh;
    abn_exact_add(sum, product);
    sum->lo += al * bl - (((product - ah * bh) - al * bh) - ah * bl);
}

static inline double abn_exact_value(const abn_exact *sum)
{
    return sum->hi + sum->lo;
}

/* The power of two that brings the largest of |v| into [1, 2); 1 for a zero column. */
static inline double abn_scale_of(const double *v, size_t n)
{
    double top = 0;
    for (size_t t = 0; t < n; t++)
        top = fmax(top, fabs(v[t]));
    if (top == 0) return 1;
    int e = ilogb(top);
    return ldexp(1, e < -1000 ? 1000 : -e);
}

static inline bool abn_all_finite(const double *v, size_t n)
{
    double sum = 0;
    for (size_t t = 0; t < n; t++)
        sum += v[t] * 0;
    return sum == 0;
}

#endif
