/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of quotes to columns of numbers: the loop that every byte of every file goes through.
 *
 * Plain dates and numbers are read eight bytes at a time; whatever is not plain at sight goes to
 * quotes_cell.c. The text's last lines are read from a copy with room behind it, so that nothing
 * looks past the end of a mapped file. */
#include "quotes_file.h"

#include <abnorm/number.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_AHEAD = 64, MOST_REFUSALS = 10000 };

typedef struct row_reader {
    abn_rows *rows;
    const abn_layout *layout;
    const char *end; /* of the text */
    const char *line_at;
    long line; /* from 0 */
    abn_date date;
    uint32_t symbol; /* of this row */
    uint64_t month_key;
    abn_date month_base;
    int month_days;
    abn_slice last_symbol;
    uint64_t symbol_word, symbol_mask; /* of a last symbol of at most eight bytes; else 0 */
    uint32_t last_id;
    uint32_t *follower; /* the symbol that came after a symbol the last time */
    size_t follower_cap;
    char separator;
    bool plain; /* rows may be taken at sight */
} row_reader;

/* ---- at sight ---- */

static inline uint64_t load(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* How many of eight bytes, from the first on, are digits. */
static inline int count_digits(uint64_t word)
{
    uint64_t flipped = word ^ 0x3030303030303030;
    uint64_t other = ((flipped + 0x7676767676767676) | flipped) & 0x8080808080808080;
    return other ? __builtin_ctzll(other) >> 3 : 8;
}

/* The number that `n` (1 to 8) leading digits of a word make. */
static inline uint64_t digits_value(uint64_t word, int n)
{
    word = (word << (8 * (8 - n))) & 0x0f0f0f0f0f0f0f0f;
    word = (word * 10) + (word >> 8);
    return (((word & 0x000000ff000000ff) * 0x000f424000000064) +
            (((word >> 16) & 0x000000ff000000ff) * 0x0000271000000001)) >>
           32;
}

static const uint64_t ten_to[9] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

/* Take a run of digits onto a mantissa; `*count` counts them. */
static inline const char *take_digits(const char *p, uint64_t *mantissa, int *count)
{
    uint64_t word = load(p);
    int n = count_digits(word);
    while (n == 8) {
        *mantissa = *mantissa * 100000000 + digits_value(word, 8);
        *count += 8;
        p += 8;
        if (*count > 16) return p;
        word = load(p);
        n = count_digits(word);
    }
    if (n > 0) {
        *mantissa = *mantissa * ten_to[n] + digits_value(word, n);
        *count += n;
    }
    return p + n;
}

/* A plain decimal of at most 19 digits; NULL for anything else. */
static inline const char *number_at(const char *p, double *value)
{
    static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,
                                   1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19};
    uint64_t mantissa = 0;
    int digits = 0, fraction = 0;
    bool negative = *p == '-';
    p = take_digits(p + negative, &mantissa, &digits);
    if (*p == '.') {
        int whole = digits;
        p = take_digits(p + 1, &mantissa, &digits);
        fraction = digits - whole;
    }
    if (digits == 0 || digits > 19) return NULL;
    double v;
    if (__builtin_expect(mantissa <= UINT64_C(1) << 53, 1))
        v = (double)mantissa / power[fraction];
    else if (!abn_number_scale(mantissa, -fraction, &v))
        return NULL;
    *value = negative ? -v : v;
    return p;
}

static inline bool ends_cell(const row_reader *r, const char *p)
{
    return *p == r->separator || *p == '\n' || *p == '\r' || (*p == '\0' && p >= r->end);
}

static bool new_month(row_reader *r, const char *p, uint64_t key)
{
    int part[6], at[6] = {0, 1, 2, 3, 5, 6};
    for (int i = 0; i < 6; i++) {
        part[i] = p[at[i]] - '0';
        if (part[i] < 0 || part[i] > 9) return false;
    }
    int year = part[0] * 1000 + part[1] * 100 + part[2] * 10 + part[3];
    int month = part[4] * 10 + part[5];
    abn_date first = abn_date_of(year, month, 1);
    if (first == ABN_NO_DATE || p[4] != '-' || p[7] != '-') return false;
    r->month_key = key;
    r->month_base = first - 1;
    r->month_days = abn_days_in_month(year, month);
    return true;
}

/* YYYY-MM-DD; NULL for anything else. Dates come in order, so the month is mostly the last one. */
static inline const char *date_at(row_reader *r, const char *p, abn_date *date)
{
    uint64_t key = load(p);
    if (key != r->month_key && !new_month(r, p, key)) return NULL;
    unsigned tens = (unsigned char)p[8] - '0', ones = (unsigned char)p[9] - '0';
    int day = (int)(tens * 10 + ones);
    if (tens > 3 || ones > 9 || day < 1 || day > r->month_days) return NULL;
    *date = r->month_base + day;
    return p + 10;
}

/* ---- refusing ---- */

void abn_rows_refuse(abn_rows *rows, const abn_refusal *refusal)
{
    rows->refused++;
    if (rows->refusals == MOST_REFUSALS) return;
    if (rows->refusals == rows->refusal_cap) {
        size_t cap = rows->refusal_cap ? 2 * rows->refusal_cap : 16;
        abn_refusal *grown = realloc(rows->refusal, cap * sizeof *grown);
        if (!grown) {
            rows->failed = true;
            return;
        }
        rows->refusal = grown;
        rows->refusal_cap = cap;
    }
    rows->refusal[rows->refusals++] = *refusal;
}

static void refuse(row_reader *r, const char *kind, const char *at, uint32_t symbol,
                   const char *before, const char *after)
{
    const char *end = abn_cell_end(at, r->end, r->separator);
    abn_slice cell = abn_cell_trim((abn_slice){at, (size_t)(end - at)});
    abn_refusal refusal = {
        .kind = kind,
        .symbol = symbol == ABN_MAP_NONE ? r->symbol : symbol,
        .date = r->date,
        .line = r->line,
        .column = at - r->line_at + 1,
    };
    snprintf(refusal.text, sizeof refusal.text, "%s\"%.*s\"%s", before,
             (int)(cell.len < 40 ? cell.len : 40), cell.ptr, after);
    abn_rows_refuse(r->rows, &refusal);
}

/* ---- cells ---- */

/* CRSP's codes for a return that is not there: letters, and numbers no return can be. */
static bool is_return_code(abn_slice text)
{
    text = abn_cell_trim(text);
    return text.len == 1 && ((text.ptr[0] >= 'A' && text.ptr[0] <= 'Z') || text.ptr[0] == 'b');
}

static bool is_return_number(double v)
{
    return v == -44 || v == -55 || v == -66 || v == -77 || v == -88 || v == -99;
}

static abn_cell slow_number(const row_reader *r, abn_slice text, abn_field field, double *value)
{
    if (field >= ABN_FIELD_RETURN && is_return_code(text)) return ABN_CELL_MISSING;
    return abn_cell_number(text, r->separator == ';', value);
}

/* Whether a number can stand in its column; NaN replaces one that only says "missing". `*keep` is
 * false when the row cannot stay. */
static const char *check_number(const row_reader *r, abn_field field, double *v, bool *keep)
{
    static const char refused[] = "price not positive";
    *keep = true;
    if (field >= ABN_FIELD_RETURN) {
        if (*v >= -1) return NULL;
        bool code = is_return_number(*v);
        *v = NAN;
        *keep = code;
        return code ? NULL : "impossible return";
    }
    if (*v > 0) return NULL;
    if (field == ABN_FIELD_VOLUME || field == ABN_FIELD_ADJ_CLOSE) {
        if (*v < 0 || field == ABN_FIELD_ADJ_CLOSE) *v = NAN;
        return NULL;
    }
    if (*v < 0 && r->layout->negative == ABN_NEGATIVE_ABS) {
        *v = -*v;
        return NULL;
    }
    *keep = *v == 0 && field != ABN_FIELD_CLOSE; /* an open of 0 is how some write "none" */
    *v = NAN;
    return refused;
}

/* A cell that is no plain positive number: empty, written in some vendor's way, zero, negative or
 * no number at all. NULL when the row cannot stay. */
static const char *take_odd_number(row_reader *r, const char *p, const abn_layout_column *column)
{
    double v = NAN;
    bool keep = true;
    const char *q = abn_cell_end(p, r->end, r->separator);
    abn_cell cell = slow_number(r, (abn_slice){p, (size_t)(q - p)}, column->field, &v);
    if (cell == ABN_CELL_BAD) {
        refuse(r, "bad number", p, (uint32_t)column->listing, "bad number ", "");
        keep = false;
    }
    if (cell != ABN_CELL_VALUE) v = NAN;
    if (v <= 0) {
        const char *wrong = check_number(r, column->field, &v, &keep);
        if (wrong)
            refuse(r, wrong, p, (uint32_t)column->listing, "",
                   column->field >= ABN_FIELD_RETURN ? " is no return"
                                                     : " is not a positive price");
    }
    if (!keep && column->listing < 0) return NULL;
    r->rows->value[column->slot][r->rows->n] = v;
    return q;
}

/* Read the number at `p` into its column. NULL when the row cannot stay. */
static inline const char *take_number(row_reader *r, const char *p, const abn_layout_column *column)
{
    double v;
    const char *q = number_at(p, &v);
    bool plain = q && ends_cell(r, q) && (v > 0 || (column->field >= ABN_FIELD_RETURN && v >= -1));
    if (!plain) {
        if (!ends_cell(r, p)) return take_odd_number(r, p, column);
        v = NAN;
        q = p;
    }
    r->rows->value[column->slot][r->rows->n] = v;
    return q;
}

static const char *take_date(row_reader *r, const char *p)
{
    const char *q = date_at(r, p, &r->date);
    if (q && ends_cell(r, q)) return q;
    q = abn_cell_end(p, r->end, r->separator);
    abn_slice text = {p, (size_t)(q - p)};
    if (abn_cell_date(text, r->layout->date_style, &r->date, NULL)) return q;
    r->date = ABN_NO_DATE;
    refuse(r, "bad date", p, ABN_MAP_NONE, "bad date ", " (expected YYYY-MM-DD)");
    return NULL;
}

static bool remember_follower(row_reader *r, uint32_t id)
{
    if (r->last_id >= r->follower_cap) {
        size_t cap = r->follower_cap ? 2 * r->follower_cap : 64;
        while (cap <= r->last_id)
            cap *= 2;
        uint32_t *grown = realloc(r->follower, cap * sizeof *grown);
        if (!grown) return false;
        memset(grown + r->follower_cap, 0xff, (cap - r->follower_cap) * sizeof *grown);
        r->follower = grown;
        r->follower_cap = cap;
    }
    r->follower[r->last_id] = id;
    return true;
}

static bool is_symbol_at(const row_reader *r, const char *p, abn_slice name)
{
    return (size_t)(r->end - p) >= name.len && memcmp(p, name.ptr, name.len) == 0 &&
           ends_cell(r, p + name.len);
}

static void set_symbol(row_reader *r, uint32_t id, abn_slice name)
{
    r->last_symbol = name;
    r->last_id = r->symbol = id;
    char word[8] = {0};
    r->symbol_mask = name.len <= sizeof word ? ~UINT64_C(0) >> (8 * (8 - name.len)) : 0;
    memcpy(word, name.ptr, name.len <= sizeof word ? name.len : 0);
    r->symbol_word = load(word);
}

static uint32_t look_up_symbol(row_reader *r, const char *p, size_t len)
{
    abn_slice name = abn_cell_trim((abn_slice){p, len});
    if (name.len == 0 || memchr(name.ptr, '\0', name.len)) return ABN_MAP_NONE;
    return abn_map_add(r->rows->symbols, name);
}

/* Rows come symbol by symbol, or the same symbols day by day: try the last row's symbol, then the
 * one that followed it before. */
static const char *take_symbol(row_reader *r, const char *p)
{
    r->symbol = r->last_id;
    if (r->last_id != ABN_MAP_NONE && is_symbol_at(r, p, r->last_symbol))
        return p + r->last_symbol.len;
    uint32_t id = r->last_id < r->follower_cap ? r->follower[r->last_id] : ABN_MAP_NONE;
    if (id != ABN_MAP_NONE) {
        abn_slice name = abn_slice_of(abn_map_name(r->rows->symbols, id));
        if (is_symbol_at(r, p, name)) {
            set_symbol(r, id, name);
            return p + name.len;
        }
    }
    const char *q = abn_cell_end(p, r->end, r->separator);
    id = look_up_symbol(r, p, (size_t)(q - p));
    if (id == ABN_MAP_NONE) {
        bool nul = q > p && memchr(p, '\0', (size_t)(q - p));
        refuse(r, "no symbol", p, ABN_MAP_NONE, nul ? "a NUL behind " : "no symbol in ", "");
        return NULL;
    }
    if (r->last_id != ABN_MAP_NONE && !remember_follower(r, id)) r->rows->failed = true;
    set_symbol(r, id, abn_slice_of(abn_map_name(r->rows->symbols, id)));
    return q;
}

static inline const char *skip_cell(const row_reader *r, const char *p)
{
    if (*p == '"') return abn_cell_end(p, r->end, r->separator);
    while (!ends_cell(r, p))
        p++;
    return p;
}

/* ---- rows ---- */

/* Leave lent columns for own ones. */
static bool own_rows(abn_rows *rows, size_t cap)
{
    abn_rows own = *rows;
    own.date = malloc(cap * sizeof *own.date);
    own.value = calloc(rows->slots + 1, sizeof *own.value);
    own.cap = cap;
    own.lent = false;
    bool fine = own.date && own.value;
    for (size_t s = 0; fine && s < rows->slots; s++) {
        own.value[s] = malloc(cap * sizeof **own.value);
        fine = own.value[s] != NULL;
        if (fine) memcpy(own.value[s], rows->value[s], rows->n * sizeof **own.value);
    }
    for (size_t s = 0; !fine && own.value && s < rows->slots; s++)
        free(own.value[s]);
    if (!fine) {
        free(own.value);
        free(own.date);
        return false;
    }
    memcpy(own.date, rows->date, rows->n * sizeof *own.date);
    free(rows->value);
    *rows = own;
    return true;
}

static bool grow_rows(abn_rows *rows, size_t cap)
{
    if (rows->lent) return own_rows(rows, cap);
    abn_date *date = realloc(rows->date, cap * sizeof *date);
    if (!date) return false;
    rows->date = date;
    for (size_t s = 0; s < rows->slots; s++) {
        double *value = realloc(rows->value[s], cap * sizeof *value);
        if (!value) return false;
        rows->value[s] = value;
    }
    rows->cap = cap;
    return true;
}

bool abn_rows_lend(abn_rows *rows, const abn_layout *layout, size_t cap, abn_date *date,
                   double *value, size_t apart)
{
    double **column = calloc(layout->slots + 1, sizeof *column);
    if (!column) return false;
    for (size_t s = 0; s < layout->slots; s++)
        column[s] = value + s * apart;
    *rows =
        (abn_rows){.cap = cap, .slots = layout->slots, .date = date, .value = column, .lent = true};
    return true;
}

static bool add_run(row_reader *r)
{
    abn_rows *rows = r->rows;
    if (rows->runs == rows->run_cap) {
        size_t cap = rows->run_cap ? 2 * rows->run_cap : 16;
        abn_run *grown = realloc(rows->run, cap * sizeof *grown);
        if (!grown) return false;
        rows->run = grown;
        rows->run_cap = cap;
    }
    rows->run[rows->runs++] = (abn_run){.symbol = r->symbol, .line = r->line};
    return true;
}

/* The return of a listing's last day holds what its holders got. */
static void add_delisting(abn_rows *rows, const abn_layout *layout)
{
    double last = rows->value[layout->delisting][rows->n];
    if (layout->ret < 0 || isnan(last)) return;
    double *ret = &rows->value[layout->ret][rows->n];
    *ret = isnan(*ret) ? last : (1 + *ret) * (1 + last) - 1;
}

static void keep_row(row_reader *r)
{
    abn_rows *rows = r->rows;
    const abn_layout *layout = r->layout;
    if (layout->delisting >= 0) add_delisting(rows, layout);
    if (layout->form != ABN_FORM_WIDE) {
        bool close = layout->close >= 0 && !isnan(rows->value[layout->close][rows->n]);
        bool ret = layout->ret >= 0 && !isnan(rows->value[layout->ret][rows->n]);
        if (!close && !ret) return; /* a day without a trade */
    }
    abn_run *run = rows->runs ? &rows->run[rows->runs - 1] : NULL;
    if (!run || run->symbol != r->symbol || run->line + run->rows != r->line) {
        if (!add_run(r)) {
            rows->failed = true;
            return;
        }
        run = &rows->run[rows->runs - 1];
    }
    run->rows++;
    rows->date[rows->n++] = r->date;
}

static const char *take_cell(row_reader *r, const char *p, const abn_layout_column *column)
{
    switch (column->field) {
    case ABN_FIELD_DATE:
        return take_date(r, p);
    case ABN_FIELD_SYMBOL:
        return take_symbol(r, p);
    case ABN_FIELD_SKIP:
        return skip_cell(r, p);
    default:
        return take_number(r, p, column);
    }
}

/* Columns behind the last cell of a short row are missing. */
static bool fill_short_row(row_reader *r, size_t from)
{
    for (size_t c = from; c < r->layout->columns; c++) {
        const abn_layout_column *column = &r->layout->column[c];
        if (column->field == ABN_FIELD_DATE || column->field == ABN_FIELD_SYMBOL) {
            refuse(r, "short row", r->line_at, ABN_MAP_NONE,
                   "a row without its date or symbol: ", "");
            return false;
        }
        if (column->slot >= 0) r->rows->value[column->slot][r->rows->n] = NAN;
    }
    return true;
}

static bool is_blank(const row_reader *r, const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == r->separator))
        p++;
    return p == end;
}

/* Read the row at `p`, which is no line end; where it ends. */
static const char *read_row(row_reader *r, const char *p)
{
    const abn_layout *layout = r->layout;
    r->date = ABN_NO_DATE;
    r->symbol = layout->form == ABN_FORM_SINGLE ? 0 : ABN_MAP_NONE;
    for (size_t c = 0; c < layout->columns; c++) {
        const char *q = take_cell(r, p, &layout->column[c]);
        if (!q) return abn_line_end(p, r->end);
        p = q;
        if (*p == r->separator && p < r->end) {
            p++;
            continue;
        }
        if (c + 1 < layout->columns && !fill_short_row(r, c + 1)) return p;
        break;
    }
    const char *end = ends_cell(r, p) && *p != r->separator ? p : abn_line_end(p, r->end);
    if (!is_blank(r, p, end))
        refuse(r, "long row", p, ABN_MAP_NONE, "more cells than columns, from ", " on");
    else
        keep_row(r);
    return end;
}

/* The symbol of the last row once more; mostly it is short enough for one word. */
static inline const char *same_symbol(const row_reader *r, const char *p)
{
    if (r->last_id == ABN_MAP_NONE) return NULL;
    if (r->symbol_mask)
        return ((load(p) ^ r->symbol_word) & r->symbol_mask) == 0 ? p + r->last_symbol.len : NULL;
    return is_symbol_at(r, p, r->last_symbol) ? p + r->last_symbol.len : NULL;
}

/* A row that has every cell plain at sight and goes on with the last row's symbol, up to its line
 * feed; NULL for any other, which is then read cell by cell. */
static inline const char *plain_row(row_reader *r, const char *p)
{
    abn_rows *rows = r->rows;
    const abn_layout *layout = r->layout;
    for (size_t c = 0; c < layout->columns; c++) {
        const abn_layout_column *column = &layout->column[c];
        if (column->field == ABN_FIELD_DATE) {
            p = date_at(r, p, &r->date);
        } else if (column->field == ABN_FIELD_SYMBOL) {
            p = same_symbol(r, p);
        } else if (column->field == ABN_FIELD_SKIP) {
            p = *p == '"' ? NULL : skip_cell(r, p);
        } else {
            double v;
            p = number_at(p, &v);
            if (!p || !(v > 0)) return NULL;
            rows->value[column->slot][rows->n] = v;
        }
        if (!p || (c + 1 < layout->columns && *p++ != r->separator)) return NULL;
    }
    p += *p == '\r';
    if (*p != '\n') return NULL;
    abn_run *run = &rows->run[rows->runs - 1];
    if (run->line + run->rows != r->line) return NULL;
    run->rows++;
    rows->date[rows->n++] = r->date;
    return p;
}

static void read_lines(row_reader *r, const char *p)
{
    while (p < r->end) {
        if (r->rows->n == r->rows->cap && !grow_rows(r->rows, 2 * r->rows->cap)) {
            r->rows->failed = true;
            return;
        }
        r->line_at = p;
        const char *end = r->plain && r->rows->runs ? plain_row(r, p) : NULL;
        if (end) {
            p = end + 1;
            r->line++;
            continue;
        }
        bool odd = *p == r->separator || *p == ' ' || *p == '\t' || *p == '\n' || *p == '\r';
        if (odd && is_blank(r, p, abn_line_end(p, r->end)))
            p = abn_line_end(p, r->end);
        else
            p = read_row(r, p);
        p = abn_line_next(p, r->end);
        r->line++;
    }
}

static void reset(abn_rows *rows)
{
    rows->n = rows->runs = rows->refusals = rows->refused = 0;
    rows->lines = 0;
    rows->failed = false;
    abn_map_free(rows->symbols);
    rows->symbols = NULL;
}

static bool prepare(abn_rows *rows, const abn_layout *layout, size_t expected)
{
    reset(rows);
    if (layout->form == ABN_FORM_LONG && !(rows->symbols = abn_map_new())) return false;
    if (layout->slots > rows->slots) {
        double **value = realloc(rows->value, layout->slots * sizeof *value);
        if (!value) return false;
        rows->value = value;
        for (; rows->slots < layout->slots; rows->slots++)
            value[rows->slots] = NULL;
        rows->cap = 0; /* the new columns have no room yet */
    }
    return rows->cap >= expected || grow_rows(rows, expected);
}

/* Lines of four stretches of the text show how long they are; one in 32 more may be shorter. */
size_t abn_rows_expect(abn_slice text)
{
    enum { STRETCHES = 4, LONG = 1024 };
    size_t seen = 0, lines = 0;
    for (size_t i = 0; i < STRETCHES; i++) {
        const char *from = text.ptr + text.len / STRETCHES * i, *end = text.ptr + text.len;
        if (end - from > LONG) end = from + LONG;
        seen += (size_t)(end - from);
        for (const char *p = from; p < end; p++)
            lines += *p == '\n';
    }
    size_t most = text.len / 2 + 1, rows = lines ? text.len / (seen / lines) : 1;
    rows += rows / 32 + 64;
    return rows < most ? rows : most;
}

/* Where the lines begin that are read from a copy: those that end within the look-ahead. */
static size_t find_tail(abn_slice text)
{
    size_t at = text.len > LOOK_AHEAD ? text.len - LOOK_AHEAD : 0;
    while (at > 0 && text.ptr[at - 1] != '\n' && text.ptr[at - 1] != '\r')
        at--;
    if (at > 0 && text.ptr[at - 1] == '\r' && text.ptr[at] == '\n') at = at > 1 ? at - 1 : 0;
    while (at > 0 && text.ptr[at - 1] != '\n' && text.ptr[at - 1] != '\r')
        at--;
    return at;
}

void abn_rows_read(abn_rows *rows, const abn_layout *layout, abn_slice text)
{
    size_t tail = find_tail(text);
    char *copy = calloc(1, text.len - tail + LOOK_AHEAD);
    row_reader r = {
        .rows = rows,
        .layout = layout,
        .last_id = ABN_MAP_NONE,
        .separator = layout->separator,
        .plain = layout->form != ABN_FORM_WIDE && layout->delisting < 0 &&
                 (layout->close >= 0 || layout->ret >= 0),
        .end = text.ptr + tail,
    };
    if (!copy || !prepare(rows, layout, abn_rows_expect(text))) {
        rows->failed = true;
        free(copy);
        return;
    }
    memcpy(copy, text.ptr + tail, text.len - tail);
    read_lines(&r, text.ptr);
    r.end = copy + (text.len - tail);
    read_lines(&r, copy);
    rows->lines = r.line;
    free(r.follower);
    free(copy);
}

void abn_rows_free(abn_rows *rows)
{
    for (size_t s = 0; !rows->lent && s < rows->slots; s++)
        free(rows->value[s]);
    if (!rows->lent) free(rows->date);
    free(rows->value);
    free(rows->run);
    free(rows->refusal);
    abn_map_free(rows->symbols);
    *rows = (abn_rows){0};
}
