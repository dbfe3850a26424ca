/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/csv.h>
#include <abnorm/history.h>
#include <abnorm/number.h>
#include <stdlib.h>

static abn_status read_row(const abn_csv *csv, const int column[3], abn_splits *out, abn_error *err)
{
    abn_split split;
    if (!abn_date_parse(abn_csv_field(csv, column[1]), &split.ex_date))
        return abn_csv_fail(csv, column[1], err, "bad date (expected YYYY-MM-DD)");
    if (!abn_number_parse(abn_csv_field(csv, column[2]), &split.ratio) || !(split.ratio > 0))
        return abn_csv_fail(csv, column[2], err, "bad ratio (expected a number above 0)");
    abn_split *grown = realloc(out->at, (out->count + 1) * sizeof *grown);
    if (grown) out->at = grown;
    char *symbol = grown ? abn_slice_dup(abn_csv_field(csv, column[0])) : NULL;
    if (!symbol) return abn_fail_memory(err);
    split.symbol = symbol;
    out->at[out->count++] = split;
    return ABN_OK;
}

abn_status abn_splits_load(const char *path, abn_splits *out, abn_error *err)
{
    static const char *const name[] = {"symbol", "ex_date", "ratio"};
    int column[3];
    abn_csv *csv = NULL;
    abn_splits splits = {0};
    bool more = true;
    abn_status status = abn_csv_open(path, 0, &csv, err);
    if (status == ABN_OK) status = abn_csv_header(csv, err);
    for (int i = 0; i < 3 && status == ABN_OK; i++)
        if ((column[i] = abn_csv_column(csv, name[i])) < 0)
            status = abn_csv_fail(csv, 0, err, "no column \"%s\"", name[i]);
    while (status == ABN_OK) {
        status = abn_csv_next(csv, &more, err);
        if (status != ABN_OK || !more) break;
        status = read_row(csv, column, &splits, err);
    }
    abn_csv_free(csv);
    if (status == ABN_OK)
        *out = splits;
    else
        abn_splits_free(&splits);
    return status;
}

void abn_splits_free(abn_splits *splits)
{
    for (size_t i = 0; i < splits->count; i++)
        free((char *)(uintptr_t)splits->at[i].symbol);
    free(splits->at);
    *splits = (abn_splits){0};
}
