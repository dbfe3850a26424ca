/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/study_tables.h>
#include <ctype.h>
#include <stdio.h>

#define TEXT(type, name)                             \
    {                                                \
#name, ABN_COLUMN_TEXT, offsetof(type, name) \
    }
#define DATE(type, name)                             \
    {                                                \
#name, ABN_COLUMN_DATE, offsetof(type, name) \
    }
#define WHOLE(type, name)                           \
    {                                               \
#name, ABN_COLUMN_INT, offsetof(type, name) \
    }
#define REAL(type, name)                             \
    {                                                \
#name, ABN_COLUMN_REAL, offsetof(type, name) \
    }

static const abn_column alignment_columns[] = {
    TEXT(abn_alignment_row, event_id),      TEXT(abn_alignment_row, symbol),
    TEXT(abn_alignment_row, mic),           DATE(abn_alignment_row, first_session),
    TEXT(abn_alignment_row, phase),         DATE(abn_alignment_row, estimation_from),
    DATE(abn_alignment_row, estimation_to), DATE(abn_alignment_row, window_from),
    DATE(abn_alignment_row, window_to),     WHOLE(abn_alignment_row, estimation_n),
    TEXT(abn_alignment_row, note),
};

static const abn_column return_columns[] = {
    TEXT(abn_return_row, event_id),    TEXT(abn_return_row, symbol),
    TEXT(abn_return_row, model),       DATE(abn_return_row, date),
    WHOLE(abn_return_row, event_time), {"return", ABN_COLUMN_REAL, offsetof(abn_return_row, value)},
    REAL(abn_return_row, expected),    REAL(abn_return_row, abnormal),
    REAL(abn_return_row, abnormal_se), REAL(abn_return_row, standardized),
    REAL(abn_return_row, cumulative),  REAL(abn_return_row, cumulative_se),
};

static const abn_column car_columns[] = {
    TEXT(abn_car_row, event_id),     TEXT(abn_car_row, symbol),     TEXT(abn_car_row, model),
    WHOLE(abn_car_row, window_from), WHOLE(abn_car_row, window_to), WHOLE(abn_car_row, n),
    REAL(abn_car_row, car),          REAL(abn_car_row, car_se),     REAL(abn_car_row, lo),
    REAL(abn_car_row, hi),           REAL(abn_car_row, t),          REAL(abn_car_row, p),
    REAL(abn_car_row, scar),         REAL(abn_car_row, bhar),       REAL(abn_car_row, sq_p),
    REAL(abn_car_row, placebo_p),
};

static const abn_column test_columns[] = {
    TEXT(abn_tests_row, group),        TEXT(abn_tests_row, model),
    WHOLE(abn_tests_row, window_from), WHOLE(abn_tests_row, window_to),
    TEXT(abn_tests_row, statistic),    WHOLE(abn_tests_row, n),
    REAL(abn_tests_row, estimate),     REAL(abn_tests_row, value),
    REAL(abn_tests_row, df),           REAL(abn_tests_row, p),
    REAL(abn_tests_row, p_holm),       REAL(abn_tests_row, p_bh),
};

static void alignment_row(const void *study, size_t i, void *into)
{
    abn_study_alignment(study, i, into);
}

static void model_row(const void *study, size_t i, void *into)
{
    abn_study_model_row(study, i, into);
}

static void return_row(const void *study, size_t i, void *into)
{
    abn_study_return(study, i, into);
}

static void return_rows(const void *study, size_t from, size_t n, void *into)
{
    abn_study_return_rows(study, from, n, into);
}

static void car_row(const void *study, size_t i, void *into)
{
    abn_study_car(study, i, into);
}

static void test_row(const void *study, size_t i, void *into)
{
    abn_study_test(study, i, into);
}

/* "Mkt-RF" -> "beta_mkt_rf". */
static void name_column(const char *factor, char *out, size_t size)
{
    size_t n = (size_t)snprintf(out, size, "beta_");
    for (const char *c = factor; *c && n + 1 < size; c++)
        out[n++] = isalnum((unsigned char)*c) ? (char)tolower((unsigned char)*c) : '_';
    out[n] = 0;
}

/* Columns of factors and extras that the study's models have. */
static size_t model_columns(const abn_study *study, abn_study_tables *tables)
{
    static const abn_column head[] = {TEXT(abn_model_row, event_id), TEXT(abn_model_row, symbol),
                                      TEXT(abn_model_row, model),    TEXT(abn_model_row, benchmark),
                                      WHOLE(abn_model_row, n),       REAL(abn_model_row, alpha),
                                      REAL(abn_model_row, beta)};
    static const abn_column tail[] = {REAL(abn_model_row, sigma), REAL(abn_model_row, r_squared),
                                      TEXT(abn_model_row, note)};
    abn_column *c = tables->model_column;
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        *c++ = head[i];
    for (size_t i = 0; abn_study_factor_name(study, i); i++) {
        name_column(abn_study_factor_name(study, i), tables->factor_column[i],
                    sizeof tables->factor_column[i]);
        *c++ = (abn_column){tables->factor_column[i], ABN_COLUMN_REAL,
                            offsetof(abn_model_row, factor) + i * sizeof(double)};
    }
    for (size_t i = 0; abn_study_extra_name(study, i); i++)
        *c++ = (abn_column){abn_study_extra_name(study, i), ABN_COLUMN_REAL,
                            offsetof(abn_model_row, extra) + i * sizeof(double)};
    for (size_t i = 0; i < sizeof tail / sizeof *tail; i++)
        *c++ = tail[i];
    return (size_t)(c - tables->model_column);
}

#define TABLE(study, title, list, count, type, function)  \
    ((abn_table){.name = title,                           \
                 .columns = list,                         \
                 .n_columns = sizeof list / sizeof *list, \
                 .n_rows = count(study),                  \
                 .row_size = sizeof(type),                \
                 .row = function,                         \
                 .context = study})

void abn_study_tables_make(const abn_study *study, abn_study_tables *tables)
{
    tables->alignment = TABLE(study, "alignment", alignment_columns, abn_study_alignments,
                              abn_alignment_row, alignment_row);
    tables->models = TABLE(study, "models", tables->model_column, abn_study_model_count,
                           abn_model_row, model_row);
    tables->models.n_columns = model_columns(study, tables);
    tables->returns =
        TABLE(study, "returns", return_columns, abn_study_returns, abn_return_row, return_row);
    tables->returns.fill = return_rows;
    tables->cars = TABLE(study, "cars", car_columns, abn_study_cars, abn_car_row, car_row);
    tables->alignment.shared = abn_study_crew_rows(study, ABN_ROWS_ALIGNMENT);
    tables->models.shared = abn_study_crew_rows(study, ABN_ROWS_MODELS);
    tables->returns.shared = abn_study_crew_rows(study, ABN_ROWS_RETURNS);
    tables->cars.shared = abn_study_crew_rows(study, ABN_ROWS_CARS);
    tables->tests = TABLE(study, "tests", test_columns, abn_study_tests, abn_tests_row, test_row);
}

static const abn_column cross_columns[] = {
    TEXT(abn_cross_row, model),      WHOLE(abn_cross_row, window_from),
    WHOLE(abn_cross_row, window_to), TEXT(abn_cross_row, analysis),
    TEXT(abn_cross_row, term),       WHOLE(abn_cross_row, n),
    REAL(abn_cross_row, estimate),   REAL(abn_cross_row, se),
    REAL(abn_cross_row, value),      REAL(abn_cross_row, df),
    REAL(abn_cross_row, df2),        REAL(abn_cross_row, p),
    REAL(abn_cross_row, r_squared),  TEXT(abn_cross_row, note),
};

abn_table abn_cross_table(const abn_cross *cross)
{
    size_t n;
    const abn_cross_row *row = abn_cross_rows(cross, &n);
    return (abn_table){.name = "cross_section",
                       .columns = cross_columns,
                       .n_columns = sizeof cross_columns / sizeof *cross_columns,
                       .n_rows = n,
                       .row_size = sizeof *row,
                       .rows = row};
}

static const abn_column donor_columns[] = {
    TEXT(abn_donor_row, event_id), TEXT(abn_donor_row, symbol), TEXT(abn_donor_row, model),
    TEXT(abn_donor_row, donor),    REAL(abn_donor_row, weight),
};

abn_table abn_donor_table(const abn_donor_row *rows, size_t n)
{
    return (abn_table){.name = "donors",
                       .columns = donor_columns,
                       .n_columns = sizeof donor_columns / sizeof *donor_columns,
                       .n_rows = n,
                       .row_size = sizeof *rows,
                       .rows = rows};
}
