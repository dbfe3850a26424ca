/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "topics.h"

#include <abnorm/model.h>
#include <abnorm/statistic.h>
#include <string.h>

/* ---- tests ---- */

typedef struct test_line {
    const char *name, *paper, *formula, *null, *caution;
    int64_t least;
} test_line;

static const abn_column test_columns[] = {
    {"statistic", ABN_COLUMN_TEXT, offsetof(test_line, name)},
    {"paper", ABN_COLUMN_TEXT, offsetof(test_line, paper)},
    {"formula", ABN_COLUMN_TEXT, offsetof(test_line, formula)},
    {"null", ABN_COLUMN_TEXT, offsetof(test_line, null)},
    {"fewest_events", ABN_COLUMN_INT, offsetof(test_line, least)},
    {"caution", ABN_COLUMN_TEXT, offsetof(test_line, caution)},
};

static void test_row(const void *context, size_t i, void *into)
{
    static const char *const null[] = {[ABN_NULL_NORMAL] = "normal",
                                       [ABN_NULL_STUDENT] = "t",
                                       [ABN_NULL_BINOMIAL] = "binomial",
                                       [ABN_NULL_RESAMPLED] = "resampled"};
    const abn_statistic *s = (const abn_statistic *)context + i;
    test_line line = {s->name, s->paper, s->formula, null[s->null], s->caution, (int64_t)s->min_n};
    memcpy(into, &line, sizeof line);
}

static abn_status show_tests(cli *c)
{
    abn_table table = {.name = "tests",
                       .columns = test_columns,
                       .n_columns = sizeof test_columns / sizeof *test_columns,
                       .n_rows = abn_statistics_count,
                       .row_size = sizeof(test_line),
                       .row = test_row,
                       .context = abn_statistics};
    return cli_show(c, &table);
}

/* ---- models ---- */

typedef struct model_line {
    const char *name, *paper, *formula;
} model_line;

static const abn_column model_columns[] = {
    {"model", ABN_COLUMN_TEXT, offsetof(model_line, name)},
    {"paper", ABN_COLUMN_TEXT, offsetof(model_line, paper)},
    {"formula", ABN_COLUMN_TEXT, offsetof(model_line, formula)},
};

static void model_row(const void *context, size_t i, void *into)
{
    const abn_model *m = (const abn_model *)context + i;
    model_line line = {m->name, m->paper, m->formula};
    memcpy(into, &line, sizeof line);
}

static abn_status show_models(cli *c)
{
    abn_table table = {.name = "models",
                       .columns = model_columns,
                       .n_columns = sizeof model_columns / sizeof *model_columns,
                       .n_rows = abn_models_count,
                       .row_size = sizeof(model_line),
                       .row = model_row,
                       .context = abn_models};
    return cli_show(c, &table);
}

/* ---- conventions ---- */

static const char conventions[] =
    "Whose formula holds where software differs. M returns in the estimation window, k\n"
    "parameters, s^2 = SSE / (M - k), C = 1 + x'(X'X)^-1 x, SAR = AR / (s sqrt(C)), L sessions in\n"
    "the window, N events, r the mean pairwise correlation of residuals.\n"
    "\n"
    "By default the papers':\n"
    "  patell_z            one day: sum SAR / sqrt(sum (M-k)/(M-k-2)); a window:\n"
    "                      sum_i (sum_t SAR_it) / sqrt(L (M_i-k)/(M_i-k-2)) / sqrt(N)\n"
    "  adjusted_patell_z   patell_z / sqrt(1 + (N-1) r)\n"
    "  bmp_t               of SAR, or of SCAR = CAR / (s sqrt(1'V1)), V = I + X_v (X'X)^-1 X_v'\n"
    "  kolari_pynnonen_t   bmp_t sqrt((1-r) / (1 + (N-1) r))\n"
    "  generalised_sign_z  p: the mean over events of each one's share of positive residuals\n"
    "  rank_z              S^2 = mean over all days of (N_t/N) (U_t - 1/2)^2, U = rank / (T + 1)\n"
    "  sign_z              p is the exact binomial one\n"
    "  r                   pairs residuals by date (--kp-align calendar), so events far apart and\n"
    "                      one listing's events on different days count as uncorrelated; by event\n"
    "                      time with --kp-align event. Up to about 500 events with gaps each pair\n"
    "                      is correlated over its common days; beyond that missing days count as\n"
    "                      zero residuals, which moves r towards zero by at most the share of\n"
    "                      days that pairs do not share.\n"
    "\n"
    "--as estudy2, one day:\n"
    "  patell_z, bmp_t     s is the residuals' standard deviation with M - 1; the forecast factor "
    "is\n"
    "                      1 + 1/M + (x - m)^2 / sum (x_t - m)^2 over every market day of the\n"
    "                      estimation window, also those on which the listing has no return\n"
    "  generalised_sign_z  p: positive residuals of all events over residuals of all events\n"
    "  wilcoxon_z          the value is the sum of positive ranks\n"
    "  rank_z              D_t = (N/N_t) mean(rank - mean rank); D_0 / sqrt(sum D_t^2 / mean T)\n"
    "  modified_rank_t     (U_0 - 1/2) / sqrt(N_0) over sqrt(sum (U_t - 1/2)^2 / N_t / mean T)\n"
    "\n"
    "--as eventstudy2:\n"
    "  patell_z, bmp_t     of W = sum_t AR_t / (s C_t^(1/4)) / sqrt(t), t = 1 .. L, as if it were "
    "SAR;\n"
    "                      patell_z = sum W / sqrt(sum (M-k)/(M-k-2))\n"
    "  adjusted_patell_z   patell_z sqrt((1-r) / (1 + (N-1) r))\n"
    "  kolari_pynnonen_t   follows bmp_t\n";

bool topic_help(cli *c, const char *name, abn_status *status)
{
    if (strcmp(name, "tests") == 0)
        *status = show_tests(c);
    else if (strcmp(name, "models") == 0)
        *status = show_models(c);
    else if (strcmp(name, "conventions") == 0)
        *status = cli_print(c, conventions, sizeof conventions - 1);
    else
        return false;
    return true;
}
