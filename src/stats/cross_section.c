/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact.h"
#include <abnorm/cross_section.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Row t of the design, the constant first. */
static void point_at(const double *const *x, size_t k, size_t t, double *point)
{
    point[0] = 1;
    for (size_t j = 1; j < k; j++)
        point[j] = x[j - 1][t];
}

static void add_outer(double *meat, const double *score, size_t k)
{
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            meat[i * k + j] += score[i] * score[j];
}

/* Sum of e^2 x x', each e^2 as `errors` corrects it. */
static abn_status meat_of_rows(const abn_lstsq *fit, const double *const *x, abn_errors errors,
                               double *point, double *meat, abn_error *err)
{
    size_t n = fit->n, k = fit->k;
    for (size_t t = 0; t < n; t++) {
        point_at(x, k, t, point);
        double rest = 1 - abn_lstsq_leverage(fit, point), e = fit->residual[t];
        bool corrected = errors == ABN_ERRORS_HC2 || errors == ABN_ERRORS_HC3;
        if (corrected && !(rest > 1e-12))
            return abn_fail(err, ABN_SINGULAR, "an event alone decides a coefficient");
        if (errors == ABN_ERRORS_HC1) e *= sqrt((double)n / (double)(n - k));
        if (errors == ABN_ERRORS_HC2) e /= sqrt(rest);
        if (errors == ABN_ERRORS_HC3) e /= rest;
        for (size_t j = 0; j < k; j++)
            point[j] *= e;
        add_outer(meat, point, k);
    }
    return ABN_OK;
}

static int by_cluster(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return x[0] != y[0] ? (x[0] < y[0] ? -1 : 1) : x[1] < y[1] ? -1 : x[1] > y[1];
}

/* Sum over clusters of the outer product of each one's summed scores. */
static abn_status meat_of_clusters(const abn_lstsq *fit, const double *const *x,
                                   const uint32_t *cluster, double *point, double *meat,
                                   size_t *clusters, abn_error *err)
{
    size_t n = fit->n, k = fit->k;
    uint32_t(*order)[2] = malloc(n * sizeof *order);
    double *score = calloc(k, sizeof *score);
    abn_status status = order && score ? ABN_OK : abn_fail_memory(err);
    *clusters = 0;
    for (uint32_t t = 0; !status && t < n; t++)
        order[t][0] = cluster[t], order[t][1] = t;
    if (!status) qsort(order, n, sizeof *order, by_cluster);
    for (size_t i = 0; !status && i < n; i++) {
        size_t t = order[i][1];
        point_at(x, k, t, point);
        for (size_t j = 0; j < k; j++)
            score[j] += fit->residual[t] * point[j];
        if (i + 1 < n && order[i + 1][0] == order[i][0]) continue;
        add_outer(meat, score, k);
        memset(score, 0, k * sizeof *score);
        ++*clusters;
    }
    free(order);
    free(score);
    if (!status && *clusters < 2)
        return abn_fail(err, ABN_HISTORY, "clustered errors need two clusters");
    double g = (double)*clusters, m = (double)n;
    for (size_t i = 0; !status && i < k * k; i++)
        meat[i] *= g / (g - 1) * (m - 1) / (m - (double)k);
    return status;
}

/* inverse * meat * inverse. */
static void sandwich(const double *inverse, const double *meat, size_t k, double *half, double *out)
{
    memset(half, 0, k * k * sizeof *half);
    memset(out, 0, k * k * sizeof *out);
    for (size_t i = 0; i < k; i++)
        for (size_t m = 0; m < k; m++)
            for (size_t j = 0; j < k; j++)
                half[i * k + j] += inverse[i * k + m] * meat[m * k + j];
    for (size_t i = 0; i < k; i++)
        for (size_t m = 0; m < k; m++)
            for (size_t j = 0; j < k; j++)
                out[i * k + j] += half[i * k + m] * inverse[m * k + j];
}

static abn_status robust(abn_lstsq *fit, const double *const *x, abn_errors errors,
                         const uint32_t *cluster, double *covariance, double *df, abn_error *err)
{
    size_t k = fit->k, clusters = 0;
    double *work = calloc(3 * k * k + k, sizeof *work);
    if (!work) return abn_fail_memory(err);
    double *half = work + k * k, *out = half + k * k, *point = out + k * k;
    abn_status status = errors == ABN_ERRORS_CLUSTER
                            ? meat_of_clusters(fit, x, cluster, point, work, &clusters, err)
                            : meat_of_rows(fit, x, errors, point, work, err);
    if (!status) {
        sandwich(fit->inverse, work, k, half, out);
        for (size_t j = 0; j < k; j++)
            fit->se[j] = sqrt(out[j * k + j]);
        if (covariance) memcpy(covariance, out, k * k * sizeof *out);
        *df = clusters ? (double)clusters - 1 : (double)(fit->n - k);
    }
    free(work);
    return status;
}

abn_status abn_cross_section_fit(abn_lstsq *fit, const double *v, size_t n, const double *const *x,
                                 size_t columns, abn_errors errors, const uint32_t *cluster,
                                 double *covariance, double *df, abn_error *err)
{
    abn_status status = abn_lstsq_fit(fit, v, n, x, columns, true, err);
    if (status) return status;
    if (errors != ABN_ERRORS_CLASSIC) return robust(fit, x, errors, cluster, covariance, df, err);
    for (size_t i = 0; covariance && i < fit->k * fit->k; i++)
        covariance[i] = fit->sigma * fit->sigma * fit->inverse[i];
    *df = (double)(n - fit->k);
    return ABN_OK;
}

static abn_status check_weights(const double *v, const double *w, size_t n, double *sum,
                                double *count, abn_error *err)
{
    *sum = 0, *count = 0;
    for (size_t i = 0; i < n; i++) {
        double own = w ? w[i] : 1;
        if (!(own >= 0) || !isfinite(own) || !isfinite(v[i]))
            return abn_fail(err, ABN_DATA, "a value or a weight is none");
        *sum += own;
        *count += own > 0;
    }
    if (*count < 2) return abn_fail(err, ABN_HISTORY, "fewer than two events have a weight");
    return ABN_OK;
}

abn_status abn_cross_section_mean(const double *v, const double *w, size_t n, abn_weighted *out,
                                  abn_error *err)
{
    double sum, count, mean = 0, squares = 0, top = 0;
    abn_status status = check_weights(v, w, n, &sum, &count, err);
    if (status) return status;
    for (size_t i = 0; i < n; i++)
        mean += (w ? w[i] : 1) / sum * v[i];
    for (size_t i = 0; i < n; i++) {
        double d = (w ? w[i] : 1) / sum * (v[i] - mean);
        squares += d * d;
        top = fmax(top, fabs(v[i]));
    }
    double se = sqrt(squares * count / (count - 1));
    if (!(se > 1e-14 * top)) return abn_fail(err, ABN_SINGULAR, "the events do not vary");
    *out = (abn_weighted){.mean = mean, .se = se, .t = mean / se, .df = count - 1};
    out->p = 2 * gsl_cdf_tdist_Q(fabs(out->t), out->df);
    return ABN_OK;
}

abn_status abn_cross_section_winsorise(const double *v, size_t n, double share, double *out,
                                       abn_error *err)
{
    if (!(share >= 0 && share < .5))
        return abn_fail(err, ABN_USAGE, "a share of %g cannot be cut off both ends", share);
    double *sorted = malloc((n + 1) * sizeof *sorted);
    if (!sorted) return abn_fail_memory(err);
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(v[i])) sorted[m++] = v[i];
    gsl_sort(sorted, 1, m);
    size_t cut = (size_t)(share * (double)m);
    double low = m ? sorted[cut] : 0, high = m ? sorted[m - 1 - cut] : 0;
    free(sorted);
    for (size_t i = 0; i < n; i++)
        out[i] = isnan(v[i]) ? v[i] : fmin(fmax(v[i], low), high);
    return ABN_OK;
}
