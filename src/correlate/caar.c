/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study_parts.h"

#include <abnorm/buf.h>
#include <abnorm/caar.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "all", then each value of the events' groups once. */
static abn_status list_groups(const abn_study *s, const char ***names, size_t *count,
                              abn_error *err)
{
    const char **name = malloc((s->n_all + 1) * sizeof *name);
    if (!name) return abn_fail_memory(err);
    size_t n = 0;
    for (size_t i = 0; s->settings.group && i < s->n_all; i++)
        if (s->all[i].group[0]) name[n++] = s->all[i].group;
    if (n) qsort(name, n, sizeof *name, by_name);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!kept || strcmp(name[kept - 1], name[i]) != 0) name[kept++] = name[i];
    memmove(name + 1, name, kept * sizeof *name);
    name[0] = "all";
    *names = name;
    *count = kept + 1;
    return ABN_OK;
}

/* Running mean and sum of squares about it (Welford 1962) of each day's cumulative return. */
typedef struct moments {
    size_t n;
    double aar, mean, squares;
} moments;

static void add(moments *m, double ar, double car)
{
    m->n++;
    double step = car - m->mean;
    m->aar += (ar - m->aar) / (double)m->n;
    m->mean += step / (double)m->n;
    m->squares += step * (car - m->mean);
}

/* Two of them together (Chan, Golub and LeVeque 1983). */
static void merge(moments *m, const moments *more)
{
    if (!more->n) return;
    double own = (double)m->n, other = (double)more->n, n = own + other;
    double step = more->mean - m->mean;
    m->n += more->n;
    m->aar += (more->aar - m->aar) * (other / n);
    m->squares += more->squares + step * step * (own * other / n);
    m->mean += step * (other / n);
}

/* One group of one model over its days. */
typedef struct path {
    moments *day, *block;
    size_t l;
    abn_buf bytes; /* of each block that has some */
} path;

static bool is_member(const abn_study *s, const abn_study_fit *fit, size_t j, const char *group)
{
    if (fit->panel->status[j] != ABN_OK) return false;
    return strcmp(group, "all") == 0 || strcmp(s->input.event[fit->event[j]].group, group) == 0;
}

static void add_occasion(path *p, const abn_panel *panel, size_t j)
{
    double car = 0;
    for (size_t t = 0; t < p->l; t++) {
        double ar = panel->ar[j * panel->l + t];
        if (isnan(ar)) break;
        car += ar;
        add(&p->block[t], ar, car);
    }
}

/* Sums are made by block, so that they are the same however events are divided. `order`: this
 * process's occasions by block. */
static void accumulate(const abn_study *s, const abn_study_fit *fit, const char *group,
                       const uint32_t *order, path *p)
{
    for (size_t i = 0, next; i < fit->n; i = next) {
        uint32_t block = abn_study_block(s, fit->event[order[i]]);
        memset(p->block, 0, p->l * sizeof *p->block);
        for (next = i; next < fit->n && abn_study_block(s, fit->event[order[next]]) == block;
             next++)
            if (is_member(s, fit, order[next], group)) add_occasion(p, fit->panel, order[next]);
        if (p->block[0].n) abn_buf_add(&p->bytes, p->block, p->l * sizeof *p->block);
    }
}

static abn_status take_blocks(void *to, const void *bytes, size_t size, abn_error *err)
{
    path *p = to;
    moments one;
    (void)err;
    for (size_t at = 0; at + sizeof one <= size; at += sizeof one) {
        memcpy(&one, (const char *)bytes + at, sizeof one);
        merge(&p->day[at / sizeof one % p->l], &one);
    }
    return ABN_OK;
}

static abn_caar_row row_of(const moments *m, double level)
{
    abn_caar_row row = {
        .n = (int64_t)m->n, .aar = NAN, .caar = NAN, .caar_se = NAN, .lo = NAN, .hi = NAN};
    if (!m->n) return row;
    row.aar = m->aar;
    row.caar = m->mean;
    if (m->n < 2) return row;
    double n = (double)m->n, t = abn_student_quantile(level, n - 1);
    row.caar_se = sqrt(m->squares / (n - 1) / n);
    row.lo = row.caar - t * row.caar_se;
    row.hi = row.caar + t * row.caar_se;
    return row;
}

static abn_status add_rows(const abn_study *s, size_t m, const char *group, const uint32_t *order,
                           abn_caar_row **rows, size_t *n, abn_error *err)
{
    const abn_study_fit *fit = s->fit + m;
    if (!fit->total) return ABN_OK; /* no event could be measured by this model */
    path p = {.l = (size_t)(fit->window.to - fit->window.from + 1)};
    p.day = calloc(2 * p.l + 1, sizeof *p.day);
    p.block = p.day + p.l;
    abn_caar_row *grown = p.day ? realloc(*rows, (*n + p.l + 1) * sizeof *grown) : NULL;
    if (grown) *rows = grown;
    if (grown) accumulate(s, fit, group, order, &p);
    bool fine = grown && !p.bytes.failed;
    abn_status status = abn_crew_gather(s->crew, fine ? ABN_OK : abn_fail_memory(err), p.bytes.data,
                                        p.bytes.len, take_blocks, &p, err);
    for (size_t t = 0; status == ABN_OK && abn_crew_leads(s->crew) && t < p.l; t++) {
        abn_caar_row row = row_of(&p.day[t], s->settings.level);
        row.group = group;
        row.model = s->settings.model[m].label;
        row.event_time = fit->window.from + (int64_t)t;
        grown[(*n)++] = row;
    }
    free(p.day);
    abn_buf_free(&p.bytes);
    return status;
}

/* A model's occasions by block, in each as they come; NULL without memory. */
static uint32_t *order_by_block(const abn_study *s, const abn_study_fit *fit)
{
    uint32_t *order = malloc((fit->n + 1) * sizeof *order);
    size_t *start = calloc(s->partition->blocks + 2, sizeof *start);
    for (size_t j = 0; start && j < fit->n; j++)
        start[abn_study_block(s, fit->event[j]) + 1]++;
    for (size_t b = 0; start && b < s->partition->blocks; b++)
        start[b + 1] += start[b];
    for (size_t j = 0; start && order && j < fit->n; j++)
        order[start[abn_study_block(s, fit->event[j])]++] = (uint32_t)j;
    if (!start) {
        free(order);
        order = NULL;
    }
    free(start);
    return order;
}

abn_status abn_caar_rows(const abn_study *s, abn_caar_row **rows, size_t *n, abn_error *err)
{
    const char **group = NULL;
    size_t groups = 0, count = 0;
    abn_caar_row *all = NULL;
    abn_status status = list_groups(s, &group, &groups, err);
    for (size_t m = 0; m < s->settings.n_models; m++) {
        uint32_t *order = status == ABN_OK ? order_by_block(s, s->fit + m) : NULL;
        if (status == ABN_OK && !order) status = abn_fail_memory(err);
        status = abn_crew_agree(s->crew, status, err);
        for (size_t g = 0; status == ABN_OK && g < groups; g++)
            status = add_rows(s, m, group[g], order, &all, &count, err);
        free(order);
        if (status != ABN_OK) break;
    }
    free(group);
    if (status != ABN_OK) {
        free(all);
        return status;
    }
    *rows = all;
    *n = count;
    return ABN_OK;
}
