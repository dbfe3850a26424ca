/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/random.h>
#include <abnorm/resample.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { BLOCK = 128, BYTES = BLOCK / 8, SMALLEST = 5, RESAMPLE = 50 };
enum { STREAM_FLIP = 0x51, STREAM_WILD, STREAM_SKEWNESS };

/* Two sums that are equal but for the order of addition are a tie. */
#define TIE (1 - 1e-11)

struct abn_resample_workspace {
    size_t replicates;
    double *sum;             /* replicates */
    double part[BYTES][256]; /* the signed sums of eight values, by the pattern of signs */
};

abn_resample_workspace *abn_resample_workspace_new(size_t replicates)
{
    if (replicates == 0 || replicates > SIZE_MAX / 64) return NULL;
    abn_resample_workspace *work = calloc(1, sizeof *work);
    double *sum = calloc(replicates, sizeof *sum);
    if (!work || !sum) {
        free(work);
        free(sum);
        return NULL;
    }
    work->replicates = replicates;
    work->sum = sum;
    return work;
}

void abn_resample_workspace_free(abn_resample_workspace *work)
{
    if (work) free(work->sum);
    free(work);
}

typedef struct moments {
    double mean, sd, squares, skewness; /* squares: about the mean */
} moments;

static moments moments_of(const double *x, size_t n)
{
    moments m = {0};
    double cubes = 0, count = (double)n;
    for (size_t i = 0; i < n; i++)
        m.mean += x[i];
    m.mean /= count;
    for (size_t i = 0; i < n; i++) {
        double d = x[i] - m.mean;
        m.squares += d * d;
        cubes += d * d * d;
    }
    m.sd = sqrt(m.squares / (count - 1));
    m.skewness = count / ((count - 1) * (count - 2)) * cubes / (m.sd * m.sd * m.sd);
    return m;
}

static double largest(const double *x, size_t n)
{
    double top = 0;
    for (size_t i = 0; i < n; i++)
        top = fmax(top, fabs(x[i]));
    return top;
}

static abn_status check(const double *x, size_t n, size_t least, moments *m, abn_error *err)
{
    if (n < least) return abn_fail(err, ABN_HISTORY, "%zu events, %zu needed", n, least);
    *m = moments_of(x, n);
    if (!isfinite(m->squares)) return abn_fail(err, ABN_DATA, "a value is not finite");
    if (!(m->sd > 1e-14 * largest(x, n)))
        return abn_fail(err, ABN_SINGULAR, "the events do not vary");
    return ABN_OK;
}

static abn_status check_plan(const abn_resample_workspace *work, const abn_resample_plan *plan,
                             abn_error *err)
{
    if (plan->replicates == 0 || plan->replicates > work->replicates)
        return abn_fail(err, ABN_USAGE, "%zu replicates in room for %zu", plan->replicates,
                        work->replicates);
    return ABN_OK;
}

/* Signed sums of up to eight values for all patterns; bit i set means minus for value i. */
static void fill_patterns(double part[256], const double *x, size_t n, double centre)
{
    part[0] = 0;
    for (size_t i = 0; i < n; i++)
        part[0] += x[i] - centre;
    for (size_t i = 0; i < 8; i++) {
        double twice = i < n ? 2 * (x[i] - centre) : 0;
        for (size_t low = 0; low < (size_t)1 << i; low++)
            part[low | (size_t)1 << i] = part[low] - twice;
    }
}

/* Sums of x - centre with random signs, one a replicate. A byte of random bits looks up eight
 * values' sum at once. */
static void random_sums(abn_resample_workspace *work, const double *x, size_t n, double centre,
                        const abn_resample_plan *plan, uint32_t stream)
{
    uint32_t key[2] = {(uint32_t)plan->seed, (uint32_t)(plan->seed >> 32)};
    for (size_t r = 0; r < plan->replicates; r++)
        work->sum[r] = 0;
    for (size_t from = 0; from < n; from += BLOCK) {
        size_t bytes = (n - from + 7) / 8 < BYTES ? (n - from + 7) / 8 : BYTES;
        for (size_t b = 0; b < bytes; b++) {
            size_t at = from + 8 * b;
            fill_patterns(work->part[b], x + at, n - at < 8 ? n - at : 8, centre);
        }
        for (size_t r = 0; r < plan->replicates; r++) {
            uint32_t counter[4] = {(uint32_t)(from / BLOCK), stream, (uint32_t)r,
                                   (uint32_t)((uint64_t)r >> 32)};
            uint32_t bits[4];
            double sum = 0;
            abn_random_philox(counter, key, bits);
            for (size_t b = 0; b < bytes; b++)
                sum += work->part[b][bits[b / 4] >> (b % 4 * 8) & 255];
            work->sum[r] += sum;
        }
    }
}

/* How many replicates lie at least as far out as the sample, on either side and on each. */
typedef struct ranks {
    size_t beyond, above, below;
} ranks;

static void count_one(ranks *r, double other, double value)
{
    double tie = fabs(value) * (1 - TIE);
    r->beyond += fabs(other) >= fabs(value) - tie;
    r->above += other >= value - tie;
    r->below += other <= value + tie;
}

static void take_ranks(const ranks *r, double value, size_t own, size_t drawn, abn_resampled *out)
{
    double all = (double)(drawn + own);
    out->value = value;
    out->p = (double)(r->beyond + own) / all;
    out->p_upper = (double)(r->above + own) / all;
    out->p_lower = (double)(r->below + own) / all;
}

/* All 2^n patterns of signs, the sample's own among them. */
static void enumerate(const double *x, size_t n, double sum, ranks *r)
{
    for (size_t pattern = 0; pattern < (size_t)1 << n; pattern++) {
        double other = 0;
        for (size_t i = 0; i < n; i++)
            other += pattern >> i & 1 ? -x[i] : x[i];
        count_one(r, other, sum);
    }
}

abn_status abn_resample_sign_flip(abn_resample_workspace *work, const double *x, size_t n,
                                  const abn_resample_plan *plan, abn_resampled *out, abn_error *err)
{
    moments m;
    abn_status status = check_plan(work, plan, err);
    if (!status) status = check(x, n, 2, &m, err);
    if (status) return status;
    double sum = m.mean * (double)n, value = sqrt((double)n) * m.mean / m.sd;
    ranks r = {0};
    if (n < 40 && (size_t)1 << n <= plan->replicates + 1) {
        enumerate(x, n, sum, &r);
        take_ranks(&r, value, 0, (size_t)1 << n, out);
        return ABN_OK;
    }
    random_sums(work, x, n, 0, plan, STREAM_FLIP);
    for (size_t i = 0; i < plan->replicates; i++)
        count_one(&r, work->sum[i], sum);
    take_ranks(&r, value, 1, plan->replicates, out);
    return ABN_OK;
}

abn_status abn_resample_wild(abn_resample_workspace *work, const double *x, size_t n,
                             const abn_resample_plan *plan, abn_resampled *out, abn_error *err)
{
    moments m;
    abn_status status = check_plan(work, plan, err);
    if (!status) status = check(x, n, 2, &m, err);
    if (status) return status;
    double count = (double)n, value = sqrt(count) * m.mean / m.sd;
    ranks r = {0};
    random_sums(work, x, n, m.mean, plan, STREAM_WILD);
    for (size_t i = 0; i < plan->replicates; i++) {
        /* Signs leave the sum of squares as it is, so a replicate's t needs only its sum. */
        double mean = work->sum[i] / count;
        double variance = (m.squares - count * mean * mean) / (count - 1);
        double t = variance > 0 ? sqrt(count / variance) * mean : copysign(HUGE_VAL, mean);
        count_one(&r, t, value);
    }
    take_ranks(&r, value, 1, plan->replicates, out);
    return ABN_OK;
}

static double skewness_adjusted(double ratio, double skewness, double n)
{
    return sqrt(n) * (ratio + skewness * ratio * ratio / 3 + skewness / (6 * n));
}

/* The statistic of one resample of m values about `centre`; NaN when they are all one value. */
static double resampled_skewness(abn_random *random, const double *x, size_t n, size_t m,
                                 double centre)
{
    double count = (double)m, sum = 0, squares = 0, cubes = 0;
    uint64_t word = 0;
    for (size_t i = 0; i < m; i++) {
        /* Two draws a word; a bias of n in 2^32 is far below the error of the replicates. */
        word = i % 2 ? word >> 32 : abn_random_word(random);
        double d = x[(word & UINT32_MAX) * n >> 32] - centre;
        sum += d, squares += d * d, cubes += d * d * d;
    }
    double mean = sum / count, about = squares - count * mean * mean;
    if (!(about > 1e-12 * squares)) return NAN;
    double third = cubes - 3 * mean * squares + 2 * count * mean * mean * mean;
    double sd = sqrt(about / (count - 1));
    double skewness = count / ((count - 1) * (count - 2)) * third / (sd * sd * sd);
    return skewness_adjusted(mean / sd, skewness, count);
}

static size_t resample_size(size_t n)
{
    if (n / 4 >= RESAMPLE) return n / 4;
    return n < RESAMPLE ? n : RESAMPLE;
}

abn_status abn_resample_skewness(abn_resample_workspace *work, const double *x, size_t n,
                                 const abn_resample_plan *plan, abn_resampled *out, abn_error *err)
{
    moments m;
    abn_status status = check_plan(work, plan, err);
    if (!status) status = check(x, n, SMALLEST, &m, err);
    if (status) return status;
    if (n > UINT32_MAX) return abn_fail(err, ABN_USAGE, "too many events to resample");
    ranks found = {0};
    size_t size = resample_size(n), drawn = 0;
    double value = skewness_adjusted(m.mean / m.sd, m.skewness, (double)n);
    for (size_t r = 0; r < plan->replicates; r++) {
        abn_random random;
        abn_random_start(&random, plan->seed, STREAM_SKEWNESS, r);
        double other = resampled_skewness(&random, x, n, size, m.mean);
        if (isnan(other)) continue;
        drawn++;
        count_one(&found, other, value);
    }
    take_ranks(&found, value, 1, drawn, out);
    out->p = fmin(1, 2 * fmin(out->p_upper, out->p_lower));
    return ABN_OK;
}
