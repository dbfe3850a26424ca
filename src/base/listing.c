/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/listing.h>

#include <abnorm/arena.h>
#include <abnorm/csv.h>
#include <abnorm/map.h>
#include <abnorm/number.h>
#include <abnorm/symbol.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SYMBOL_MOST = 64 };

struct abn_listings {
    abn_listing *row;
    const char ***cell; /* a row of cells a listing, in the order of `columns` */
    size_t count, cap;
    abn_map *columns;
    abn_map *symbols; /* in lower case; their numbers are rows */
    abn_arena *arena;
};

void abn_listings_free(abn_listings *l)
{
    if (!l) return;
    free(l->row);
    free(l->cell);
    abn_map_free(l->columns);
    abn_map_free(l->symbols);
    abn_arena_free(l->arena);
    free(l);
}

static abn_listings *new_listings(void)
{
    abn_listings *l = calloc(1, sizeof *l);
    if (l) {
        l->columns = abn_map_new();
        l->symbols = abn_map_new();
        l->arena = abn_arena_new();
    }
    if (l && (!l->columns || !l->symbols || !l->arena)) {
        abn_listings_free(l);
        return NULL;
    }
    return l;
}

static const char *cell_of(const abn_listings *l, const char **cells, const char *column)
{
    uint32_t c = abn_map_find(l->columns, abn_slice_of(column));
    return c == ABN_MAP_NONE ? "" : cells[c];
}

static abn_listing row_of(const abn_listings *l, const char **cells)
{
    abn_listing row = {
        .symbol = cell_of(l, cells, "symbol"),
        .company = cell_of(l, cells, "company"),
        .kind = cell_of(l, cells, "kind"),
        .mic = cell_of(l, cells, "mic"),
        .currency = cell_of(l, cells, "currency"),
        .benchmark = cell_of(l, cells, "benchmark"),
    };
    if (!abn_number_parse(abn_slice_of(cell_of(l, cells, "ratio")), &row.ratio)) row.ratio = NAN;
    return row;
}

static abn_slice in_lower(abn_slice symbol, char small[SYMBOL_MOST])
{
    for (size_t i = 0; i < symbol.len; i++)
        small[i] = (char)(symbol.ptr[i] >= 'A' && symbol.ptr[i] <= 'Z' ? symbol.ptr[i] | 0x20
                                                                       : symbol.ptr[i]);
    return (abn_slice){small, symbol.len};
}

/* Number a new row's symbol; a long one stays as it is and is found by walking. */
static bool number_symbol(abn_listings *l, const char *symbol)
{
    char small[SYMBOL_MOST];
    abn_slice name = abn_slice_of(symbol);
    return abn_map_add(l->symbols, name.len <= sizeof small ? in_lower(name, small) : name) ==
           l->count;
}

/* Room for one more, or the row that has the same symbol already. */
static size_t place_for(abn_listings *l, const char *symbol)
{
    uint32_t at = abn_listings_find(l, abn_slice_of(symbol));
    if (at != ABN_NO_LISTING) return at;
    if (l->count == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 64;
        abn_listing *row = realloc(l->row, cap * sizeof *row);
        if (row) l->row = row;
        const char ***cell = row ? realloc(l->cell, cap * sizeof *cell) : NULL;
        if (!cell) return SIZE_MAX;
        l->cell = cell;
        l->cap = cap;
    }
    return number_symbol(l, symbol) ? l->count : SIZE_MAX;
}

static abn_status keep(abn_listings *l, const char **cells, abn_error *err)
{
    abn_listing row = row_of(l, cells);
    size_t at = place_for(l, row.symbol);
    if (at == SIZE_MAX) return abn_fail_memory(err);
    l->row[at] = row;
    l->cell[at] = cells;
    l->count += at == l->count;
    return ABN_OK;
}

/* Cells of all columns known so far and to come are "" until set. */
static const char **new_cells(abn_listings *l)
{
    size_t n = abn_map_count(l->columns);
    const char **cells = abn_arena_alloc(l->arena, (n + !n) * sizeof *cells);
    for (size_t i = 0; cells && i < n; i++)
        cells[i] = "";
    return cells;
}

static abn_status copy_base(abn_listings *l, const abn_listings *base, abn_error *err)
{
    for (uint32_t i = 0; i < base->count; i++) {
        const char **cells = new_cells(l);
        if (!cells) return abn_fail_memory(err);
        for (uint32_t c = 0; c < abn_map_count(base->columns); c++) {
            uint32_t to = abn_map_find(l->columns, abn_slice_of(abn_map_name(base->columns, c)));
            if (!(cells[to] = abn_arena_strdup(l->arena, base->cell[i][c])))
                return abn_fail_memory(err);
        }
        abn_status status = keep(l, cells, err);
        if (status != ABN_OK) return status;
    }
    return ABN_OK;
}

static abn_status add_columns(abn_listings *l, const abn_csv *csv, const abn_listings *base,
                              abn_error *err)
{
    for (size_t c = 0; c < abn_csv_columns(csv); c++)
        if (abn_map_add(l->columns, abn_slice_of(abn_csv_column_name(csv, c))) == ABN_MAP_NONE)
            return abn_fail_memory(err);
    for (uint32_t c = 0; base && c < abn_map_count(base->columns); c++)
        if (abn_map_add(l->columns, abn_slice_of(abn_map_name(base->columns, c))) == ABN_MAP_NONE)
            return abn_fail_memory(err);
    return ABN_OK;
}

static abn_status check_symbol(const abn_csv *csv, int column, abn_error *err)
{
    abn_slice symbol = abn_csv_field(csv, column);
    const char *flaw = symbol.len ? abn_symbol_flaw(symbol) : NULL;
    if (!flaw) return ABN_OK;
    return abn_csv_fail(csv, column, err, "bad symbol \"%.*s\": it %s",
                        (int)(symbol.len < 80 ? symbol.len : 80), symbol.ptr, flaw);
}

static abn_status read_row(abn_listings *l, const abn_csv *csv, abn_error *err)
{
    const char **cells = new_cells(l);
    if (!cells) return abn_fail_memory(err);
    if (abn_csv_fields(csv) > abn_csv_columns(csv))
        return abn_csv_fail(csv, (int)abn_csv_columns(csv), err,
                            "more fields than the header has (%zu)", abn_csv_columns(csv));
    for (size_t c = 0; c < abn_csv_columns(csv); c++) {
        uint32_t to = abn_map_find(l->columns, abn_slice_of(abn_csv_column_name(csv, c)));
        if (!(cells[to] = abn_arena_slice(l->arena, abn_csv_field(csv, (int)c))))
            return abn_fail_memory(err);
    }
    int symbol = abn_csv_column(csv, "symbol"), ratio = abn_csv_column(csv, "ratio");
    if (!abn_csv_field(csv, symbol).len) return abn_csv_fail(csv, symbol, err, "no symbol");
    abn_status status = check_symbol(csv, symbol, err);
    if (status == ABN_OK) status = check_symbol(csv, abn_csv_column(csv, "benchmark"), err);
    if (status != ABN_OK) return status;
    double value;
    abn_slice text = abn_csv_field(csv, ratio);
    if (text.len && (!abn_number_parse(text, &value) || !(value > 0)))
        return abn_csv_fail(csv, ratio, err, "bad ratio \"%.*s\" (expected a number above 0)",
                            (int)text.len, text.ptr);
    return keep(l, cells, err);
}

static abn_status read_rows(abn_listings *l, abn_csv *csv, const abn_listings *base, abn_error *err)
{
    abn_status status = abn_csv_header(csv, err);
    if (status == ABN_OK && abn_csv_column(csv, "symbol") < 0)
        status = abn_csv_fail(csv, 0, err, "no column \"symbol\"");
    if (status == ABN_OK) status = add_columns(l, csv, base, err);
    if (status == ABN_OK && base) status = copy_base(l, base, err);
    for (bool more = true; status == ABN_OK && more;) {
        status = abn_csv_next(csv, &more, err);
        if (status == ABN_OK && more) status = read_row(l, csv, err);
    }
    return status;
}

abn_status abn_listings_load(const char *path, const abn_listings *base, abn_listings **out,
                             abn_error *err)
{
    abn_csv *csv = NULL;
    abn_listings *l = new_listings();
    abn_status status = l ? abn_csv_open(path, ',', &csv, err) : abn_fail_memory(err);
    if (status == ABN_OK) status = read_rows(l, csv, base, err);
    abn_csv_free(csv);
    if (status != ABN_OK)
        abn_listings_free(l);
    else
        *out = l;
    return status;
}

size_t abn_listings_count(const abn_listings *l)
{
    return l->count;
}

const abn_listing *abn_listings_at(const abn_listings *l, uint32_t i)
{
    return &l->row[i];
}

uint32_t abn_listings_find(const abn_listings *l, abn_slice symbol)
{
    char small[SYMBOL_MOST];
    if (symbol.len <= sizeof small) {
        uint32_t found = abn_map_find(l->symbols, in_lower(symbol, small));
        return found == ABN_MAP_NONE ? ABN_NO_LISTING : found;
    }
    for (uint32_t i = 0; i < l->count; i++)
        if (abn_slice_ieq(symbol, l->row[i].symbol)) return i;
    return ABN_NO_LISTING;
}

const char *abn_listings_cell(const abn_listings *l, uint32_t i, const char *column)
{
    return cell_of(l, l->cell[i], column);
}

size_t abn_listings_columns(const abn_listings *l)
{
    return abn_map_count(l->columns);
}

const char *abn_listings_column(const abn_listings *l, size_t c)
{
    return abn_map_name(l->columns, (uint32_t)c);
}
