/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/bars.h>

#include <abnorm/csv.h>
#include <abnorm/file.h>
#include <abnorm/number.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Vendors round the same number differently in different answers, most of all those that they
 * compute; more than this is a correction. */
#define SAME_WITHIN     1e-7
#define SAME_ADJ_WITHIN 1e-5

void abn_bars_free(abn_bars *bars)
{
    if (!bars) return;
    free(bars->bar);
    free(bars->dividend);
    free(bars->split);
    *bars = (abn_bars){0};
}

int abn_bars_find_column(const abn_bars *bars, const char *name)
{
    for (int c = 0; c < bars->columns; c++)
        if (strcmp(bars->column[c], name) == 0) return c;
    return -1;
}

int abn_bars_column(abn_bars *bars, const char *name)
{
    int c = abn_bars_find_column(bars, name);
    if (c >= 0) return c;
    if (bars->columns == ABN_BARS_COLUMNS || strlen(name) >= ABN_BARS_NAME) return -1;
    strcpy(bars->column[bars->columns], name);
    for (size_t i = 0; i < bars->n; i++)
        bars->bar[i].value[bars->columns] = NAN;
    return bars->columns++;
}

abn_bar *abn_bars_add(abn_bars *bars, abn_date date)
{
    if (bars->n == bars->cap) {
        size_t cap = bars->cap ? bars->cap * 2 : 256;
        abn_bar *grown = realloc(bars->bar, cap * sizeof *grown);
        if (!grown) return NULL;
        bars->bar = grown;
        bars->cap = cap;
    }
    abn_bar *bar = &bars->bar[bars->n++];
    bar->date = date;
    for (int c = 0; c < ABN_BARS_COLUMNS; c++)
        bar->value[c] = NAN;
    return bar;
}

bool abn_bars_add_dividend(abn_bars *bars, abn_date ex_date, double amount, const char *currency)
{
    abn_bar_dividend *grown = realloc(bars->dividend, (bars->dividends + 1) * sizeof *grown);
    if (!grown) return false;
    bars->dividend = grown;
    grown += bars->dividends++;
    *grown = (abn_bar_dividend){.ex_date = ex_date, .amount = amount};
    strncat(grown->currency, currency ? currency : "", sizeof grown->currency - 1);
    return true;
}

bool abn_bars_add_split(abn_bars *bars, abn_date date, double ratio)
{
    abn_bar_split *grown = realloc(bars->split, (bars->splits + 1) * sizeof *grown);
    if (!grown) return false;
    bars->split = grown;
    bars->split[bars->splits++] = (abn_bar_split){.date = date, .ratio = ratio};
    return true;
}

/* ---- order ---- */

static bool same(const char *column, double a, double b)
{
    double within = strcmp(column, "adj_close") == 0 ? SAME_ADJ_WITHIN : SAME_WITHIN;
    if (isnan(a) || isnan(b)) return isnan(a) && isnan(b);
    return fabs(a - b) <= within * fmax(fabs(a), fabs(b));
}

static bool empty(const abn_bars *bars, const abn_bar *bar)
{
    for (int c = 0; c < bars->columns; c++)
        if (!isnan(bar->value[c])) return false;
    return true;
}

static bool equal(const abn_bars *bars, const abn_bar *a, const abn_bar *b)
{
    for (int c = 0; c < bars->columns; c++)
        if (!same(bars->column[c], a->value[c], b->value[c])) return false;
    return true;
}

static int by_date(const void *a, const void *b)
{
    const abn_bar *x = a, *y = b;
    return (x->date > y->date) - (x->date < y->date);
}

/* Insertion sort when the rows are nearly in order, as they always are; it is stable, which the
 * first of two rows of a date needs. Rows newest first are turned round before. */
static void sort(abn_bars *bars)
{
    size_t n = bars->n;
    abn_bar *bar = bars->bar;
    if (n > 1 && bar[0].date > bar[n - 1].date)
        for (size_t i = 0, j = n - 1; i < j; i++, j--) {
            abn_bar held = bar[i];
            bar[i] = bar[j];
            bar[j] = held;
        }
    size_t moves = 0;
    for (size_t i = 1; i < n; i++) {
        abn_bar held = bar[i];
        size_t j = i;
        for (; j > 0 && bar[j - 1].date > held.date; j--)
            bar[j] = bar[j - 1];
        bar[j] = held;
        moves += i - j;
        if (moves > 64 * n + 4096) { /* hostile order: give up stability, keep time bounded */
            qsort(bar, n, sizeof *bar, by_date);
            return;
        }
    }
}

void abn_bars_settle(abn_bars *bars, const char *source, abn_notes *notes)
{
    size_t kept = 0;
    sort(bars);
    for (size_t i = 0; i < bars->n; i++) {
        const abn_bar *bar = &bars->bar[i];
        if (empty(bars, bar)) continue;
        if (kept > 0 && bars->bar[kept - 1].date == bar->date) {
            char date[ABN_DATE_MAX];
            if (!equal(bars, &bars->bar[kept - 1], bar))
                abn_note_at(notes, "repeated date", source, 0, 0,
                            "%s comes twice with different values; the first stays",
                            abn_date_format(bar->date, date));
            continue;
        }
        bars->bar[kept++] = *bar;
    }
    bars->n = kept;
}

static bool inside(abn_date date, abn_date from, abn_date to)
{
    return (from == ABN_NO_DATE || date >= from) && (to == ABN_NO_DATE || date <= to);
}

size_t abn_bars_cut(abn_bars *bars, abn_date from, abn_date to)
{
    size_t kept = 0, dividends = 0, splits = 0;
    for (size_t i = 0; i < bars->n; i++)
        if (inside(bars->bar[i].date, from, to)) bars->bar[kept++] = bars->bar[i];
    for (size_t i = 0; i < bars->dividends; i++)
        if (inside(bars->dividend[i].ex_date, from, to))
            bars->dividend[dividends++] = bars->dividend[i];
    for (size_t i = 0; i < bars->splits; i++)
        if (inside(bars->split[i].date, from, to)) bars->split[splits++] = bars->split[i];
    size_t cut = bars->n - kept;
    bars->n = kept;
    bars->dividends = dividends;
    bars->splits = splits;
    return cut;
}

/* ---- files ---- */

/* Vendors' "Adj Close" is adj_close. */
static bool add_named(abn_bars *bars, const char *name)
{
    char plain[ABN_BARS_NAME];
    size_t len = strlen(name);
    if (len == 0 || len >= sizeof plain) return false;
    for (size_t i = 0; i <= len; i++)
        plain[i] = (char)(name[i] == ' '                     ? '_'
                          : name[i] >= 'A' && name[i] <= 'Z' ? name[i] - 'A' + 'a'
                                                             : name[i]);
    return abn_bars_column(bars, plain) >= 0;
}

static abn_status read_header(abn_csv *csv, abn_bars *bars, abn_error *err)
{
    abn_status status = abn_csv_header(csv, err);
    if (status) return status;
    if (abn_csv_column(csv, "date") != 0)
        return abn_csv_fail(csv, 0, err, "the first column is not \"date\"");
    for (size_t c = 1; c < abn_csv_columns(csv); c++)
        if (!add_named(bars, abn_csv_column_name(csv, c)) || bars->columns != (int)c)
            return abn_csv_fail(csv, (int)c, err, "too many columns, or too long a name");
    return ABN_OK;
}

static abn_status read_row(abn_csv *csv, abn_bars *bars, abn_error *err)
{
    abn_date date;
    abn_slice cell = abn_csv_field(csv, 0);
    if (!abn_date_parse(cell, &date))
        return abn_csv_fail(csv, 0, err, "bad date \"%.*s\" (expected YYYY-MM-DD)",
                            (int)(cell.len < 40 ? cell.len : 40), cell.ptr);
    abn_bar *bar = abn_bars_add(bars, date);
    if (!bar) return abn_fail_memory(err);
    for (int c = 0; c < bars->columns; c++) {
        cell = abn_csv_field(csv, c + 1);
        if (cell.len > 0 && !abn_number_parse(cell, &bar->value[c]))
            return abn_csv_fail(csv, c + 1, err, "bad number \"%.*s\"",
                                (int)(cell.len < 40 ? cell.len : 40), cell.ptr);
    }
    return ABN_OK;
}

abn_status abn_bars_read(const char *path, abn_bars *bars, abn_error *err)
{
    abn_csv *csv = NULL;
    abn_bars read = {0};
    bool more = true;
    abn_status status = abn_csv_open(path, ',', &csv, err);
    if (status == ABN_OK) status = read_header(csv, &read, err);
    while (status == ABN_OK) {
        status = abn_csv_next(csv, &more, err);
        if (status || !more) break;
        status = read_row(csv, &read, err);
    }
    abn_csv_free(csv);
    if (status) {
        abn_bars_free(&read);
        return status;
    }
    abn_bars_settle(&read, path, NULL);
    *bars = read;
    return ABN_OK;
}

static void print_number(abn_buf *out, double value)
{
    char text[ABN_NUMBER_MAX];
    double back;
    size_t len = 0;
    for (int digits = 15; digits <= 17; digits++) {
        len = abn_number_print(text, value, digits);
        if (len == 0 || (abn_number_parse((abn_slice){text, len}, &back) && back == value)) break;
    }
    abn_buf_add(out, text, len);
}

/* Column numbers in the order of printing. */
static void order_columns(const abn_bars *bars, int order[ABN_BARS_COLUMNS])
{
    static const char *const usual[] = {"open", "high", "low", "close", "adj_close", "volume"};
    int n = 0;
    bool placed[ABN_BARS_COLUMNS] = {false};
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        int c = abn_bars_find_column(bars, usual[i]);
        if (c < 0) continue;
        order[n++] = c;
        placed[c] = true;
    }
    for (int c = 0; c < bars->columns; c++)
        if (!placed[c]) order[n++] = c;
}

void abn_bars_print(const abn_bars *bars, abn_buf *out)
{
    char date[ABN_DATE_MAX];
    int order[ABN_BARS_COLUMNS];
    order_columns(bars, order);
    abn_buf_text(out, "date");
    for (int c = 0; c < bars->columns; c++) {
        abn_buf_char(out, ',');
        abn_csv_put(out, abn_slice_of(bars->column[order[c]]));
    }
    abn_buf_char(out, '\n');
    for (size_t i = 0; i < bars->n; i++) {
        abn_buf_text(out, abn_date_format(bars->bar[i].date, date));
        for (int c = 0; c < bars->columns; c++) {
            abn_buf_char(out, ',');
            print_number(out, bars->bar[i].value[order[c]]);
        }
        abn_buf_char(out, '\n');
    }
}

/* ---- merging ---- */

static abn_bar *row_on(const abn_bars *bars, abn_date date)
{
    size_t low = 0, high = bars->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (bars->bar[mid].date < date)
            low = mid + 1;
        else
            high = mid;
    }
    return low < bars->n && bars->bar[low].date == date ? &bars->bar[low] : NULL;
}

/* A value that the old row holds and the fresh one states otherwise. */
static bool differs(const char *column, double old, double fresh)
{
    return !isnan(old) && !isnan(fresh) && !same(column, old, fresh);
}

static void compare_row(const abn_bars *old, const abn_bar *was, const abn_bars *fresh,
                        const abn_bar *is, abn_bars_change *change)
{
    bool corrected = false, rescaled = false;
    for (int c = 0; c < fresh->columns; c++) {
        int o = abn_bars_find_column(old, fresh->column[c]);
        if (o < 0 || !differs(fresh->column[c], was->value[o], is->value[c])) continue;
        corrected = true;
        rescaled = rescaled || strcmp(fresh->column[c], "close") == 0 ||
                   strcmp(fresh->column[c], "adj_close") == 0;
    }
    change->met++;
    change->corrected += corrected;
    change->rescaled += rescaled;
}

abn_bars_change abn_bars_compare(const abn_bars *old, const abn_bars *fresh)
{
    abn_bars_change change = {0};
    for (size_t i = 0; i < fresh->n; i++) {
        const abn_bar *was = row_on(old, fresh->bar[i].date);
        if (was)
            compare_row(old, was, fresh, &fresh->bar[i], &change);
        else
            change.added++;
    }
    return change;
}

static void merge_row(abn_bars *old, abn_bar *was, const abn_bars *fresh, const abn_bar *is,
                      const int *to, const char *source, abn_notes *notes)
{
    for (int c = 0; c < fresh->columns; c++) {
        double *value = &was->value[to[c]];
        char date[ABN_DATE_MAX];
        if (isnan(is->value[c])) continue;
        if (differs(fresh->column[c], *value, is->value[c]))
            abn_note_at(notes, "corrected by the vendor", source, 0, 0, "%s %s: %.10g is now %.10g",
                        abn_date_format(is->date, date), old->column[to[c]], *value, is->value[c]);
        if (isnan(*value) || differs(fresh->column[c], *value, is->value[c])) *value = is->value[c];
    }
}

abn_status abn_bars_merge(abn_bars *old, const abn_bars *fresh, const char *source,
                          abn_notes *notes, abn_bars_change *change, abn_error *err)
{
    int to[ABN_BARS_COLUMNS];
    size_t had = old->n;
    *change = abn_bars_compare(old, fresh);
    for (int c = 0; c < fresh->columns; c++)
        if ((to[c] = abn_bars_column(old, fresh->column[c])) < 0)
            return abn_fail_at(err, ABN_DATA, source, 0, 0, "too many columns to add \"%s\"",
                               fresh->column[c]);
    for (size_t i = 0; i < fresh->n; i++) {
        const abn_bar *is = &fresh->bar[i];
        abn_bars settled = {.n = had, .bar = old->bar};
        abn_bar *was = row_on(&settled, is->date);
        if (!was && !(was = abn_bars_add(old, is->date))) return abn_fail_memory(err);
        merge_row(old, was, fresh, is, to, source, notes);
    }
    abn_bars_settle(old, source, NULL);
    if (fresh->currency[0]) memcpy(old->currency, fresh->currency, sizeof old->currency);
    return ABN_OK;
}
