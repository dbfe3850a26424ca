/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a quotes file's first lines say: separator, header of one to several lines, columns, form of
 * dates. */
#include "quotes_file.h"

#include <abnorm/map.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_LINES = 40, STYLE_LINES = 500 };

typedef struct line {
    const char *at, *end;
    long number;
} line;

/* What the header's lines call a column. */
typedef struct heading {
    const abn_known_name *name; /* NULL when nothing known */
    abn_slice other;            /* a word that is no known name: a ticker */
} heading;

typedef struct reading {
    abn_slice text;
    const char *source;
    line line[FIRST_LINES];
    int lines;
    int header; /* the line that names the date, or -1 */
    int first;  /* the first row */
    int date;   /* column of dates */
    char separator;
    heading *heading;
    size_t columns;
} reading;

/* ---- lines and fields ---- */

static void take_lines(reading *r)
{
    const char *p = r->text.ptr, *end = p + r->text.len;
    for (long n = 1; p < end && r->lines < FIRST_LINES; n++) {
        const char *stop = abn_line_end(p, end);
        if (abn_slice_trim((abn_slice){p, (size_t)(stop - p)}).len > 0)
            r->line[r->lines++] = (line){p, stop, n};
        p = abn_line_next(stop, end);
    }
}

/* Cut the next field off a line; false after the last. */
static bool next_field(const char **p, const char *end, char separator, abn_slice *field)
{
    if (!*p) return false;
    const char *stop = abn_cell_end(*p, end, separator);
    *field = abn_cell_trim((abn_slice){*p, (size_t)(stop - *p)});
    *p = stop < end ? stop + 1 : NULL;
    return true;
}

static size_t count_fields(const line *l, char separator)
{
    const char *p = l->at;
    abn_slice field;
    size_t n = 0;
    while (next_field(&p, l->end, separator, &field))
        n++;
    return n;
}

static bool has_letters(const line *l, char separator)
{
    const char *p = l->at;
    abn_slice field;
    unsigned seen = 0;
    while (next_field(&p, l->end, separator, &field))
        for (size_t i = 0; field.len == 1 && i < 4; i++)
            if ((field.ptr[0] | 32) == "ohlc"[i]) seen |= 1u << i;
    return seen == 15;
}

/* ---- where the rows begin ---- */

/* The first column of a line that holds a date, or -1. */
static int date_column(const line *l, char separator)
{
    const char *p = l->at;
    abn_slice field;
    abn_date date;
    for (int c = 0; next_field(&p, l->end, separator, &field); c++)
        if (abn_cell_date(field, ABN_DATE_ISO, &date, NULL) ||
            abn_cell_date(field, ABN_DATE_MONTH_FIRST, &date, NULL))
            return c;
    return -1;
}

/* The best column that a line names as dates, or -1. */
static int named_date(const line *l, char separator)
{
    const char *p = l->at;
    abn_slice field;
    bool letters = has_letters(l, separator);
    int best = -1, rank = 0;
    for (int c = 0; next_field(&p, l->end, separator, &field); c++) {
        const abn_known_name *name = abn_heading_meaning(field, letters);
        if (!name || name->field != ABN_FIELD_DATE || (best >= 0 && name->rank >= rank)) continue;
        best = c;
        rank = name->rank;
    }
    return best;
}

static bool has_digit(const line *l, char separator, int column)
{
    const char *p = l->at;
    abn_slice field = {0};
    for (int c = 0; c <= column; c++)
        if (!next_field(&p, l->end, separator, &field)) return false;
    for (size_t i = 0; i < field.len; i++)
        if (field.ptr[i] >= '0' && field.ptr[i] <= '9') return true;
    return false;
}

/* Header and first row under a separator; the number of fields, or 0 when it does not fit. Below a
 * header rows begin with the first digit in the column of dates, be the date good or bad. */
static size_t try_separator(const reading *r, char separator, int *header, int *first)
{
    int date = -1;
    *header = -1;
    for (int i = 0; i < r->lines; i++) {
        const line *l = &r->line[i];
        size_t fields = count_fields(l, separator);
        if (fields < 2) continue;
        if (*header < 0) {
            date = named_date(l, separator);
            if (date >= 0) *header = i;
        }
        if (*header == i) continue;
        if (date >= 0 ? !has_digit(l, separator, date) : date_column(l, separator) < 0) continue;
        *first = i;
        return fields;
    }
    return 0;
}

static abn_status find_rows(reading *r, abn_error *err)
{
    size_t best = 0;
    for (const char *s = ",;\t|"; *s; s++) {
        int header, first = 0;
        size_t fields = try_separator(r, *s, &header, &first);
        if (fields <= best) continue;
        best = fields;
        r->separator = *s;
        r->header = header;
        r->first = first;
    }
    if (best > 0) return ABN_OK;
    const line *l = r->lines > 0 ? &r->line[0] : NULL;
    abn_slice head = l ? (abn_slice){l->at, (size_t)(l->end - l->at)} : (abn_slice){"", 0};
    if (!l) return abn_fail_at(err, ABN_DATA, r->source, 0, 0, "an empty file");
    return abn_fail_at(err, ABN_DATA, r->source, l->number, 0,
                       "no row with a date in the first lines, which begin \"%.*s\"",
                       (int)(head.len < 60 ? head.len : 60), head.ptr);
}

/* ---- what the columns mean ---- */

static void read_heading(reading *r, const line *l)
{
    const char *p = l->at;
    abn_slice field;
    bool letters = has_letters(l, r->separator);
    for (size_t c = 0; c < r->columns && next_field(&p, l->end, r->separator, &field); c++) {
        heading *h = &r->heading[c];
        const abn_known_name *name = abn_heading_meaning(field, letters);
        if (name && (!h->name || name->field == ABN_FIELD_DATE))
            h->name = name;
        else if (!name && field.len > 0 && h->other.len == 0)
            h->other = field;
    }
}

/* All lines above the first row that have as many fields as the header belong to it. */
static abn_status read_headings(reading *r, abn_error *err)
{
    const line *like = &r->line[r->header >= 0 ? r->header : r->first];
    r->columns = count_fields(like, r->separator);
    r->heading = calloc(r->columns, sizeof *r->heading);
    if (!r->heading) return abn_fail_memory(err);
    for (int i = 0; i < r->first; i++)
        if (count_fields(&r->line[i], r->separator) == r->columns) read_heading(r, &r->line[i]);
    return ABN_OK;
}

/* Of the columns that are named as dates the best one that holds a date in this line, or -1. */
static int find_named_date(const reading *r, const line *l)
{
    const char *p = l->at;
    abn_slice field;
    abn_date date;
    int best = -1;
    for (size_t c = 0; c < r->columns && next_field(&p, l->end, r->separator, &field); c++) {
        const abn_known_name *name = r->heading[c].name;
        if (!name || name->field != ABN_FIELD_DATE) continue;
        if (!abn_cell_date(field, ABN_DATE_ISO, &date, NULL) &&
            !abn_cell_date(field, ABN_DATE_MONTH_FIRST, &date, NULL))
            continue;
        if (best < 0 || name->rank < r->heading[best].name->rank) best = (int)c;
    }
    return best;
}

/* The column of dates, from the first lines that have a date; where none has, as the header says.
 */
static int find_date(const reading *r)
{
    for (int i = r->first; i < r->lines; i++) {
        int c = find_named_date(r, &r->line[i]);
        if (c >= 0) return c;
    }
    for (int i = r->first; i < r->lines; i++) {
        int c = date_column(&r->line[i], r->separator);
        if (c >= 0) return c;
    }
    return r->header >= 0 ? named_date(&r->line[r->header], r->separator) : -1;
}

/* The column of a meaning, or -1. */
static int find_field(const reading *r, abn_field field)
{
    int best = -1;
    for (size_t c = 0; c < r->columns; c++) {
        const abn_known_name *name = r->heading[c].name;
        if (!name || name->field != field || (int)c == r->date) continue;
        if (best < 0 || name->rank < r->heading[best].name->rank) best = (int)c;
    }
    return best;
}

static bool same_word(abn_slice a, abn_slice b)
{
    return a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
}

/* The one ticker that stands under every known name; empty when there is none, or several. */
static abn_slice only_ticker(const reading *r)
{
    abn_slice found = {0};
    for (size_t c = 0; c < r->columns; c++) {
        const heading *h = &r->heading[c];
        if (!h->name || (int)c == r->date) continue;
        if (h->other.len == 0 || (found.len > 0 && !same_word(found, h->other)))
            return (abn_slice){0};
        found = h->other;
    }
    return found;
}

/* A header of several lines in which a field comes once a ticker. */
static bool has_field_twice(const reading *r)
{
    const heading *first[ABN_FIELD_DELISTING + 1] = {NULL};
    for (size_t c = 0; c < r->columns; c++) {
        const heading *h = &r->heading[c];
        if (!h->name || !h->other.len || h->name->field > ABN_FIELD_DELISTING) continue;
        if (!first[h->name->field]) first[h->name->field] = h;
        if (!same_word(first[h->name->field]->other, h->other)) return true;
    }
    return false;
}

static abn_form find_form(const reading *r)
{
    static const abn_field price[] = {ABN_FIELD_CLOSE, ABN_FIELD_ADJ_CLOSE, ABN_FIELD_RETURN};
    static const abn_field beside[] = {ABN_FIELD_OPEN, ABN_FIELD_HIGH, ABN_FIELD_LOW,
                                       ABN_FIELD_VOLUME, ABN_FIELD_SYMBOL};
    bool priced = false, company = false;
    size_t unknown = 0;
    for (size_t i = 0; i < 3; i++) {
        priced |= find_field(r, price[i]) >= 0;
        company |= i > 0 && find_field(r, price[i]) >= 0;
    }
    for (size_t i = 0; i < 5; i++)
        company |= find_field(r, beside[i]) >= 0;
    for (size_t c = 0; c < r->columns; c++)
        unknown += !r->heading[c].name && r->heading[c].other.len > 0;
    if (!priced || has_field_twice(r)) return ABN_FORM_WIDE;
    if (!company && unknown > 4) return ABN_FORM_WIDE; /* a ticker that reads like a price */
    return find_field(r, ABN_FIELD_SYMBOL) >= 0 ? ABN_FORM_LONG : ABN_FORM_SINGLE;
}

/* ---- the layout ---- */

static abn_status start_layout(const reading *r, abn_layout *layout, abn_error *err)
{
    layout->separator = r->separator;
    layout->columns = r->columns;
    layout->start = (size_t)(r->line[r->first].at - r->text.ptr);
    layout->line = r->line[r->first].number;
    layout->delisting = layout->close = layout->ret = -1;
    layout->column = calloc(r->columns, sizeof *layout->column);
    layout->listing = calloc(r->columns, sizeof *layout->listing);
    layout->last = calloc(r->columns, sizeof *layout->last);
    if (!layout->column || !layout->listing || !layout->last) return abn_fail_memory(err);
    for (size_t c = 0; c < r->columns; c++)
        layout->column[c] = (abn_layout_column){ABN_FIELD_SKIP, -1, -1, -1};
    layout->column[r->date].field = ABN_FIELD_DATE;
    return ABN_OK;
}

static void use_column(abn_layout *layout, int c, abn_field field)
{
    if (c < 0) return;
    layout->column[c] = (abn_layout_column){field, -1, -1, -1};
    if (field != ABN_FIELD_SYMBOL) layout->column[c].slot = (int)layout->slots++;
}

/* Slots of what makes a row. A file whose only price is adjusted has that as its price. */
static void mark_columns(abn_layout *layout, bool returns)
{
    int adjusted = -1;
    for (size_t c = 0; c < layout->columns; c++) {
        abn_layout_column *column = &layout->column[c];
        if (returns && column->field == ABN_FIELD_CLOSE) column->field = ABN_FIELD_RETURN;
        if (column->field == ABN_FIELD_CLOSE) layout->close = column->slot;
        if (column->field == ABN_FIELD_RETURN) layout->ret = column->slot;
        if (column->field == ABN_FIELD_DELISTING) layout->delisting = column->slot;
        if (column->field == ABN_FIELD_ADJ_CLOSE) adjusted = (int)c;
    }
    if (layout->close < 0 && layout->ret < 0 && adjusted >= 0) {
        layout->column[adjusted].field = ABN_FIELD_CLOSE;
        layout->close = layout->column[adjusted].slot;
    }
}

static abn_status lay_out_named(const reading *r, bool returns, abn_layout *layout, abn_error *err)
{
    for (abn_field f = 0; f <= ABN_FIELD_DELISTING; f++)
        use_column(layout, find_field(r, f), f);
    if (layout->form == ABN_FORM_LONG)
        use_column(layout, find_field(r, ABN_FIELD_SYMBOL), ABN_FIELD_SYMBOL);
    mark_columns(layout, returns && find_field(r, ABN_FIELD_RETURN) < 0);
    abn_slice ticker = layout->form == ABN_FORM_SINGLE ? only_ticker(r) : (abn_slice){0};
    if (ticker.len == 0) return ABN_OK;
    layout->listing[0] = abn_slice_dup(ticker);
    layout->listings = 1;
    return layout->listing[0] ? ABN_OK : abn_fail_memory(err);
}

static abn_status fail_header(const reading *r, const char *what, abn_slice name, abn_error *err)
{
    return abn_fail_at(err, ABN_DATA, r->source, r->line[0].number, 0, "%s \"%.*s\" in the header",
                       what, (int)(name.len < 40 ? name.len : 40), name.ptr);
}

/* What a wide file's header calls its columns while they are laid out. */
typedef struct namer {
    const reading *r;
    abn_map *listings; /* their numbers are indices of layout->listing */
    bool fields;       /* several columns a listing */
    const char *p;     /* the plain header, column by column */
    const char *end;
} namer;

/* Name column `c`, whose text in the header is `text`. */
static abn_status name_column(namer *n, size_t c, abn_slice text, abn_field field,
                              abn_layout *layout, abn_error *err)
{
    const heading *h = &n->r->heading[c];
    abn_slice name = n->fields || !h->name ? h->other : text; /* a ticker that reads like a field */
    if (name.len == 0) return ABN_OK;
    if (memchr(name.ptr, '\0', name.len)) return fail_header(n->r, "a NUL behind", name, err);
    uint32_t at = abn_map_add(n->listings, name);
    if (at == ABN_MAP_NONE) return abn_fail_memory(err);
    if (at < layout->listings && !n->fields) return fail_header(n->r, "twice", name, err);
    if (at == layout->listings) {
        if (!(layout->listing[at] = abn_slice_dup(name))) return abn_fail_memory(err);
        layout->last[layout->listings++] = -1;
    }
    use_column(layout, (int)c, field);
    layout->column[c].listing = (int)at;
    layout->column[c].before = layout->last[at];
    layout->last[at] = (int)c;
    return ABN_OK;
}

static abn_status name_columns(namer *n, bool returns, abn_layout *layout, abn_error *err)
{
    abn_status status = ABN_OK;
    abn_field plain = returns ? ABN_FIELD_RETURN : ABN_FIELD_CLOSE;
    for (size_t c = 0; status == ABN_OK && c < n->r->columns; c++) {
        const heading *h = &n->r->heading[c];
        abn_slice text = {"", 0};
        if (n->p && !next_field(&n->p, n->end, n->r->separator, &text)) n->p = NULL;
        if ((int)c == n->r->date) continue;
        if (n->fields && (!h->name || h->name->field > ABN_FIELD_RETURN)) continue;
        status = name_column(n, c, text, n->fields ? h->name->field : plain, layout, err);
    }
    return status;
}

/* A cell's listing is the column's ticker. With several fields a ticker, one without is skipped. */
static abn_status lay_out_wide(const reading *r, bool returns, abn_layout *layout, abn_error *err)
{
    const line *head = &r->line[r->header >= 0 ? r->header : 0];
    namer n = {.r = r,
               .listings = abn_map_new(),
               .fields = has_field_twice(r),
               .p = head->at,
               .end = head->end};
    abn_status status = n.listings ? name_columns(&n, returns, layout, err) : abn_fail_memory(err);
    abn_map_free(n.listings);
    if (status != ABN_OK || layout->listings > 0) return status;
    return abn_fail_at(err, ABN_DATA, r->source, r->line[0].number, 0,
                       "no column of prices (expected close, or a column a symbol)");
}

/* Rows without a header, by the number of fields and the place of the date. */
static abn_status lay_out_bare(const reading *r, bool returns, abn_layout *layout, abn_error *err)
{
    static const char *const order[2][8] = {
        {0, 0, "c", 0, 0, "ohlc", "ohlcv", "ohlcav"},
        {0, 0, 0, "c", 0, 0, "ohlc", "ohlcv"},
    };
    const char *fields = r->date <= 1 && r->columns <= 7 ? order[r->date][r->columns] : NULL;
    if (!fields)
        return abn_fail_at(err, ABN_DATA, r->source, r->line[r->first].number, 0,
                           "no header, and rows of %zu fields are of no known form", r->columns);
    layout->form = r->date == 1 ? ABN_FORM_LONG : ABN_FORM_SINGLE;
    if (r->date == 1) use_column(layout, 0, ABN_FIELD_SYMBOL);
    for (int i = 0; fields[i]; i++)
        use_column(layout, r->date + 1 + i, (abn_field)(strchr("ohlcav", fields[i]) - "ohlcav"));
    mark_columns(layout, returns);
    return ABN_OK;
}

static bool is_year_first(abn_slice date)
{
    size_t i = 0;
    while (i < date.len && date.ptr[i] >= '0' && date.ptr[i] <= '9')
        i++;
    return i >= 4;
}

/* Which of day and month stands first, from the first date that shows it; by the separator where
 * none does. */
static abn_date_style find_style(const reading *r, bool *timed)
{
    const char *p = r->line[r->first].at, *end = r->text.ptr + r->text.len;
    bool slash = false;
    abn_date date;
    for (int n = 0; p < end && n < STYLE_LINES; n++) {
        const char *stop = abn_line_end(p, end), *at = p;
        abn_slice field = {0};
        for (int c = 0; c <= r->date && next_field(&at, stop, r->separator, &field);)
            c++;
        if (n == 0 && is_year_first(field)) {
            abn_cell_date(field, ABN_DATE_ISO, &date, timed);
            return ABN_DATE_ISO;
        }
        bool month = abn_cell_date(field, ABN_DATE_MONTH_FIRST, &date, timed);
        bool day = abn_cell_date(field, ABN_DATE_DAY_FIRST, &date, timed);
        if (month != day) return month ? ABN_DATE_MONTH_FIRST : ABN_DATE_DAY_FIRST;
        slash |= field.len > 0 && memchr(field.ptr, '/', field.len);
        p = abn_line_next(stop, end);
    }
    return slash ? ABN_DATE_MONTH_FIRST : ABN_DATE_DAY_FIRST;
}

static abn_status lay_out(reading *r, const abn_quotes_options *options, abn_layout *layout,
                          abn_error *err)
{
    bool returns = options && options->returns;
    abn_status status = find_rows(r, err);
    if (status == ABN_OK) status = read_headings(r, err);
    if (status != ABN_OK) return status;
    r->date = find_date(r);
    bool bare = true;
    for (size_t c = 0; c < r->columns; c++)
        bare &= !r->heading[c].name && r->heading[c].other.len == 0;
    if (r->date < 0 || (size_t)r->date >= r->columns)
        return abn_fail_at(err, ABN_DATA, r->source, r->line[r->first].number, 0,
                           "no column of dates");
    status = start_layout(r, layout, err);
    if (status != ABN_OK) return status;
    layout->negative = options ? options->negative : ABN_NEGATIVE_MISSING;
    layout->date_style = find_style(r, &layout->timed);
    if (bare) return lay_out_bare(r, returns, layout, err);
    layout->form = find_form(r);
    return layout->form == ABN_FORM_WIDE ? lay_out_wide(r, returns, layout, err)
                                         : lay_out_named(r, returns, layout, err);
}

abn_status abn_layout_read(abn_slice text, const char *source, const abn_quotes_options *options,
                           abn_layout *layout, abn_error *err)
{
    reading r = {.text = text, .source = source, .header = -1};
    abn_layout got = {0};
    if (text.len >= 2 && (memcmp(text.ptr, "\xff\xfe", 2) == 0 || !memcmp(text.ptr, "\xfe\xff", 2)))
        return abn_fail_at(err, ABN_DATA, source, 1, 1, "UTF-16 text (expected UTF-8)");
    size_t mark = text.len >= 3 && memcmp(text.ptr, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    r.text = (abn_slice){text.ptr + mark, text.len - mark};
    take_lines(&r);
    abn_status status = lay_out(&r, options, &got, err);
    free(r.heading);
    if (status != ABN_OK) {
        abn_layout_free(&got);
        return status;
    }
    got.start += mark;
    *layout = got;
    return ABN_OK;
}

void abn_layout_free(abn_layout *layout)
{
    for (size_t i = 0; i < layout->listings; i++)
        free(layout->listing[i]);
    free(layout->listing);
    free(layout->last);
    free(layout->column);
    *layout = (abn_layout){0};
}
