/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/csv.h>
#include <abnorm/factors.h>
#include <abnorm/number.h>
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void abn_factors_free(abn_factors *factors)
{
    if (!factors) return;
    for (size_t c = 0; c < factors->count; c++) {
        free(factors->name[c]);
        free(factors->value[c]);
    }
    free(factors->name);
    free(factors->value);
    free(factors->date);
    free(factors->risk_free);
    free(factors);
}

static bool is_filler(char c)
{
    return c == '-' || c == '_' || c == ' ';
}

static bool same_name(const char *a, abn_slice b)
{
    size_t i = 0;
    for (;; a++, i++) {
        while (is_filler(*a))
            a++;
        while (i < b.len && is_filler(b.ptr[i]))
            i++;
        int other = i < b.len ? (unsigned char)b.ptr[i] : 0;
        if (tolower((unsigned char)*a) != tolower(other)) return false;
        if (!*a) return true;
    }
}

static int find_one(const abn_factors *factors, abn_slice name)
{
    for (size_t c = 0; c < factors->count; c++)
        if (same_name(factors->name[c], name)) return (int)c;
    return -1;
}

/* A file may have a name with a bar in it, too. */
int abn_factors_find(const abn_factors *factors, const char *name)
{
    abn_slice rest = abn_slice_of(name), part;
    int found = find_one(factors, rest);
    while (found < 0 && abn_slice_split(&rest, '|', &part))
        found = find_one(factors, part);
    return found;
}

static bool parse_date(abn_slice text, abn_date *out)
{
    long v;
    if (abn_date_parse(text, out)) return true;
    if (text.len != 8 || !abn_integer_parse(text, &v)) return false;
    *out = abn_date_of((int)(v / 10000), (int)(v / 100 % 100), (int)(v % 100));
    return *out != ABN_NO_DATE;
}

/* The file's table while it grows: all columns, the risk-free rate among them. */
typedef struct growing {
    abn_factors *factors;
    size_t room;
    double scale;
} growing;

/* A header has a text in every field but the first, which may be empty or a name of the date. */
static bool is_header(const abn_csv *csv)
{
    size_t n = abn_csv_fields(csv);
    abn_slice first = abn_csv_field(csv, 0);
    abn_date date;
    double number;
    if (n < 2 || parse_date(first, &date)) return false;
    if (first.len && !abn_slice_ieq(first, "date") && !abn_slice_ieq(first, "day")) return false;
    for (size_t c = 1; c < n; c++) {
        abn_slice cell = abn_csv_field(csv, (int)c);
        if (!cell.len || abn_number_parse(cell, &number)) return false;
    }
    return true;
}

static abn_status fail_twice(const growing *g, const abn_csv *csv, size_t c, abn_error *err)
{
    return abn_csv_fail(csv, (int)c + 1, err, "factor \"%.80s\" stands twice", g->factors->name[c]);
}

static abn_status start(growing *g, const abn_csv *csv, abn_error *err)
{
    size_t n = abn_csv_fields(csv) - 1;
    g->factors->name = calloc(n, sizeof *g->factors->name);
    g->factors->value = calloc(n, sizeof *g->factors->value);
    if (!g->factors->name || !g->factors->value) return abn_fail_memory(err);
    for (size_t c = 0; c < n; c++) {
        g->factors->name[c] = abn_slice_dup(abn_csv_field(csv, (int)c + 1));
        g->factors->count = c + 1;
        if (!g->factors->name[c]) return abn_fail_memory(err);
        if (find_one(g->factors, abn_slice_of(g->factors->name[c])) < (int)c)
            return fail_twice(g, csv, c, err);
    }
    return ABN_OK;
}

static bool grow(growing *g)
{
    abn_factors *f = g->factors;
    if (f->n < g->room) return true;
    size_t room = g->room ? 2 * g->room : 1024;
    abn_date *date = realloc(f->date, room * sizeof *date);
    if (!date) return false;
    f->date = date;
    for (size_t c = 0; c < f->count; c++) {
        double *value = realloc(f->value[c], room * sizeof *value);
        if (!value) return false;
        f->value[c] = value;
    }
    g->room = room;
    return true;
}

static void note(const abn_csv *csv, abn_notes *notes, const char *what)
{
    abn_note_at(notes, "factor row left out", abn_csv_name(csv), abn_csv_line(csv), 1, "%s", what);
}

static bool is_missing(abn_slice cell)
{
    static const char *const marks[] = {"", ".", "-", "NA", "N/A", "NaN", "#N/A", "null"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (abn_slice_ieq(cell, marks[i])) return true;
    return false;
}

static double read_value(const growing *g, const abn_csv *csv, int c, abn_notes *notes)
{
    double v;
    abn_slice cell = abn_csv_field(csv, c);
    if (abn_number_parse(cell, &v)) return v == -99.99 || v == -999 ? NAN : v * g->scale;
    if (!is_missing(cell))
        abn_note_at(notes, "bad factor", abn_csv_name(csv), abn_csv_line(csv),
                    abn_csv_field_column(csv, c), "bad %s \"%.*s\" (expected a number); no value",
                    g->factors->name[c - 1], (int)(cell.len < 40 ? cell.len : 40), cell.ptr);
    return NAN;
}

static abn_status take_row(growing *g, const abn_csv *csv, abn_notes *notes, abn_error *err)
{
    abn_factors *f = g->factors;
    abn_date date;
    if (!parse_date(abn_csv_field(csv, 0), &date)) {
        note(csv, notes, "bad date (expected YYYY-MM-DD or YYYYMMDD)");
        return ABN_OK;
    }
    if (f->n && date <= f->date[f->n - 1]) {
        note(csv, notes, "date does not follow the row before");
        return ABN_OK;
    }
    if (!grow(g)) return abn_fail_memory(err);
    f->date[f->n] = date;
    for (size_t c = 0; c < f->count; c++)
        f->value[c][f->n] = read_value(g, csv, (int)c + 1, notes);
    f->n++;
    return ABN_OK;
}

/* Daily factors move by a percent or so: a standard deviation above a tenth is in percent. */
static abn_status check_unit(const abn_factors *f, const char *path, abn_error *err)
{
    for (size_t c = 0; c < f->count; c++) {
        double mean = 0, n = 0;
        for (size_t t = 0; t < f->n; t++)
            if (!isnan(f->value[c][t])) mean += (fabs(f->value[c][t]) - mean) / ++n;
        if (n > 20 && mean > .1)
            return abn_fail_at(err, ABN_DATA, path, 0, 0,
                               "%s moves by %.3g a row: these look like percent "
                               "(--factors-unit percent)",
                               f->name[c], mean);
    }
    return ABN_OK;
}

static void part_risk_free(abn_factors *f)
{
    int c = abn_factors_find(f, "RF");
    if (c < 0) return;
    f->risk_free = f->value[c];
    free(f->name[c]);
    for (size_t i = (size_t)c + 1; i < f->count; i++) {
        f->name[i - 1] = f->name[i];
        f->value[i - 1] = f->value[i];
    }
    f->count--;
}

static abn_status take_all(growing *g, abn_csv *csv, abn_notes *notes, abn_error *err)
{
    bool more = true;
    while (more) {
        abn_status status = abn_csv_next(csv, &more, err);
        if (status != ABN_OK) return status;
        if (!more) break;
        bool header = is_header(csv);
        if (header && g->factors->count) break;
        if (header && (status = start(g, csv, err)) != ABN_OK) return status;
        if (header || !g->factors->count) continue;
        if (abn_csv_fields(csv) < 2) continue;
        status = take_row(g, csv, notes, err);
        if (status != ABN_OK) return status;
    }
    if (!g->factors->n)
        return abn_fail_at(err, ABN_DATA, abn_csv_name(csv), 0, 0,
                           "no factors: expected a header with date and names, then a row a day");
    return ABN_OK;
}

abn_status abn_factors_load(const char *path, bool percent, abn_notes *notes, abn_factors **out,
                            abn_error *err)
{
    abn_csv *csv = NULL;
    abn_status status = abn_csv_open(path, 0, &csv, err);
    if (status != ABN_OK) return status;
    growing g = {.factors = calloc(1, sizeof *g.factors), .scale = percent ? .01 : 1};
    status = g.factors ? take_all(&g, csv, notes, err) : abn_fail_memory(err);
    abn_csv_free(csv);
    if (status == ABN_OK) status = check_unit(g.factors, path, err);
    if (status == ABN_OK) {
        part_risk_free(g.factors);
        *out = g.factors;
    } else
        abn_factors_free(g.factors);
    return status;
}
