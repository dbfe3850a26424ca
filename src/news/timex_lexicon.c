/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "timex_lexicon.h"

#include "utf8.h"

#include <abnorm/arena.h>
#include <abnorm/map.h>
#include <abnorm/number.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(ABN_TX_clocknum < 64, "a class of words of a text is a bit of a mask");

enum { MAX_FORM = 96, MAX_TAILS = 64, FILTER_BITS = 1 << 15 };

/* A sense under way to its word. */
typedef struct entry {
    uint32_t word;
    abn_timex_sense sense;
} entry;

typedef struct tail {
    const char *text;
    size_t len, least; /* letters before it */
    int tense;
} tail;

struct abn_timex_lexicon {
    uint64_t filter[FILTER_BITS / 64]; /* by filter_of(): which words there may be */
    abn_arena *arena;
    abn_map *map;
    abn_timex_word *word;
    abn_timex_sense *sense;
    tail tail[MAX_TAILS];
    size_t n_tails;
    const abn_language_row *row; /* only while it is built */
    size_t n_rows;
    const char *path;
    entry *entry;
    size_t n_entries, cap_entries;
};

static const char *const CLASS_NAME[] = {
#define NAME(name) #name,
    ABN_TIMEX_CLASSES(NAME) ABN_TIMEX_ROW_CLASSES(NAME)
#undef NAME
};

int abn_timex_class_of(abn_slice name)
{
    for (int i = 0; i < ABN_TX_CLASSES; i++)
        if (abn_slice_eq(name, CLASS_NAME[i])) return i;
    return -1;
}

abn_timex_unit abn_timex_unit_of(const char *code)
{
    static const char *const CODE[] = {"",  "TS", "TM", "TH", "D",  "WE", "W",
                                       "M", "Q",  "H",  "Y",  "DE", "CE"};
    for (size_t i = 1; i < sizeof CODE / sizeof *CODE; i++)
        if (strcmp(code, CODE[i]) == 0) return (abn_timex_unit)i;
    return ABN_UNIT_NONE;
}

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Fold a form, and put a blank (words apart) or \2 (adjoining) between its pieces. */
static size_t join_pieces(const char *form, char out[MAX_FORM], bool *single)
{
    char folded[MAX_FORM];
    size_t len = abn_utf8_fold(abn_slice_of(form), folded, sizeof folded), n = 0;
    *single = true;
    for (size_t i = 0; i < len;) {
        bool apart = false;
        while (i < len && folded[i] == ' ') {
            i++;
            apart = true;
        }
        if (i == len) break;
        if (n > 0) {
            if (n + 1 >= MAX_FORM) return 0;
            out[n++] = apart ? ' ' : '\2';
            *single = false;
        }
        size_t from = i;
        if (letter(folded[i]))
            while (i < len && letter(folded[i]))
                i++;
        else if (digit(folded[i]))
            while (i < len && digit(folded[i]))
                i++;
        else
            i++;
        if (n + (i - from) >= MAX_FORM) return 0;
        memcpy(out + n, folded + from, i - from);
        n += i - from;
    }
    return n;
}

static abn_status add_entry(abn_timex_lexicon *l, abn_slice form, abn_timex_sense sense,
                            abn_error *err)
{
    uint32_t id = abn_map_add(l->map, form);
    if (id == ABN_MAP_NONE) return abn_fail_memory(err);
    if (l->n_entries == l->cap_entries) {
        size_t cap = l->cap_entries ? l->cap_entries * 2 : 1024;
        entry *grown = realloc(l->entry, cap * sizeof *grown);
        if (!grown) return abn_fail_memory(err);
        l->entry = grown;
        l->cap_entries = cap;
    }
    l->entry[l->n_entries++] = (entry){id, sense};
    return ABN_OK;
}

/* `value` as an integer, a text, or both; `num` as ten times a decimal number. */
static bool read_value(const char *value, abn_timex_sense *sense)
{
    sense->text = value;
    sense->value = 0;
    const char *blank = strchr(value, ' ');
    abn_slice first = {value, blank ? (size_t)(blank - value) : strlen(value)};
    double number;
    if (!abn_number_parse(first, &number)) return sense->class != ABN_TX_num;
    if (sense->class == ABN_TX_num || sense->class == ABN_TX_fraction) number *= 10;
    if (number < -1e9 || number > 2e9) return false;
    sense->value = (int32_t)number;
    sense->text = blank ? blank + 1 : value + first.len;
    return true;
}

static abn_status add_tail(abn_timex_lexicon *l, const abn_language_row *row, int class,
                           abn_error *err)
{
    long least = 2;
    if (row->form[0] != '-' || l->n_tails == MAX_TAILS ||
        (row->value[0] && !abn_integer_parse(abn_slice_of(row->value), &least)))
        return abn_fail_at(err, ABN_DATA, l->path, row->line, 0, "bad tail \"%s\"", row->form);
    l->tail[l->n_tails++] = (tail){row->form + 1, strlen(row->form + 1), (size_t)least,
                                   class == ABN_TX_pastsuffix ? -1 : 1};
    return ABN_OK;
}

static bool has_capital(const char *form)
{
    uint32_t code;
    return abn_utf8_next(form, form + strlen(form), &code) > 0 && abn_utf8_lower(code) != code;
}

static abn_status add_row(abn_timex_lexicon *l, const abn_language_row *row, abn_error *err)
{
    int class = abn_timex_class_of(abn_slice_of(row->class));
    if (class < 0 || (class >= ABN_TX_digits && class <= ABN_TX_clocknum))
        return abn_fail_at(err, ABN_DATA, l->path, row->line, 0, "no such class \"%s\"",
                           row->class);
    if (class == ABN_TX_pastsuffix || class == ABN_TX_futuresuffix)
        return add_tail(l, row, class, err);
    if (class == ABN_TX_joiner || class == ABN_TX_compound) return ABN_OK;
    abn_timex_sense sense = {.class = (uint8_t) class, .capital = has_capital(row->form)};
    char form[MAX_FORM];
    bool single;
    size_t len = join_pieces(row->form, form, &single);
    if (len == 0 || !read_value(row->value, &sense))
        return abn_fail_at(err, ABN_DATA, l->path, row->line, 0, "bad form \"%s\" or value \"%s\"",
                           row->form, row->value);
    return add_entry(l, (abn_slice){form, len}, sense, err);
}

/* "ein" "und" "zwanzig": the numbers that a language writes as one word, units first. */
static abn_status add_joined_numbers(abn_timex_lexicon *l, const char *joiner, abn_error *err)
{
    size_t n = l->n_entries;
    for (size_t u = 0; u < n; u++) {
        for (size_t t = 0; t < n; t++) {
            const abn_timex_sense *a = &l->entry[u].sense, *b = &l->entry[t].sense;
            if (a->class != ABN_TX_num || b->class != ABN_TX_num) continue;
            if (a->value < 10 || a->value > 90 || a->value % 10) continue;
            if (b->value < 200 || b->value > 900 || b->value % 100) continue;
            char form[3 * MAX_FORM];
            size_t len = 0;
            const char *part[] = {abn_map_name(l->map, l->entry[u].word), joiner,
                                  abn_map_name(l->map, l->entry[t].word)};
            for (int i = 0; i < 3; i++) {
                memcpy(form + len, part[i], strlen(part[i]));
                len += strlen(part[i]);
            }
            abn_timex_sense sum = {.class = ABN_TX_num, .value = a->value + b->value, .text = ""};
            abn_status status = add_entry(l, (abn_slice){form, len}, sum, err);
            if (status != ABN_OK) return status;
        }
    }
    return ABN_OK;
}

static abn_status add_joiners(abn_timex_lexicon *l, abn_error *err)
{
    abn_status status = ABN_OK;
    for (size_t i = 0; status == ABN_OK && i < l->n_rows; i++)
        if (strcmp(l->row[i].class, "joiner") == 0 && strlen(l->row[i].form) < MAX_FORM)
            status = add_joined_numbers(l, l->row[i].form, err);
    return status;
}

/* Forms of a compound: `a` and `b` are entries, what is between them is written with `a`. */
static abn_status add_pair(abn_timex_lexicon *l, uint32_t a, const char *between, uint32_t b,
                           abn_error *err)
{
    const char *left = abn_map_name(l->map, a), *right = abn_map_name(l->map, b);
    if (strpbrk(left, " \2") || strpbrk(right, " \2")) return ABN_OK;
    char form[3 * MAX_FORM];
    size_t head = strlen(left) + strlen(between), len = head + strlen(right);
    memcpy(form, left, strlen(left));
    memcpy(form + strlen(left), between, strlen(between));
    memcpy(form + head, right, strlen(right));
    if (len >= MAX_FORM || abn_map_find(l->map, (abn_slice){form, len}) != ABN_MAP_NONE)
        return ABN_OK;
    abn_timex_sense pair = {.class = ABN_TX_compound, .value = (int32_t)head};
    return add_entry(l, (abn_slice){form, len}, pair, err);
}

static abn_status add_compound(abn_timex_lexicon *l, const abn_language_row *row, size_t n,
                               abn_error *err)
{
    abn_slice rest = abn_slice_of(row->form), a, b;
    if (!abn_slice_split(&rest, ' ', &a) || !abn_slice_split(&rest, ' ', &b) ||
        strlen(row->value) >= MAX_FORM || abn_timex_class_of(a) < 0 || abn_timex_class_of(b) < 0)
        return abn_fail_at(err, ABN_DATA, l->path, row->line, 0, "bad compound \"%s\"", row->form);
    int left = abn_timex_class_of(a), right = abn_timex_class_of(b);
    abn_status status = ABN_OK;
    for (size_t i = 0; status == ABN_OK && i < n; i++)
        for (size_t k = 0; status == ABN_OK && k < n && l->entry[i].sense.class == left; k++)
            if (l->entry[k].sense.class == right)
                status = add_pair(l, l->entry[i].word, row->value, l->entry[k].word, err);
    return status;
}

static abn_status add_compounds(abn_timex_lexicon *l, abn_error *err)
{
    abn_status status = ABN_OK;
    size_t n = l->n_entries;
    for (size_t i = 0; status == ABN_OK && i < l->n_rows; i++)
        if (strcmp(l->row[i].class, "compound") == 0) status = add_compound(l, &l->row[i], n, err);
    return status;
}

/* A number below FILTER_BITS from a word's ends and length, the same for small and capital letters;
 * letters beyond ASCII all count alike. */
static size_t filter_of(abn_slice word)
{
    unsigned char a = (unsigned char)word.ptr[0], b = (unsigned char)word.ptr[word.len / 2],
                  c = (unsigned char)word.ptr[word.len - 1];
    a = a < 0x80 ? a | 0x20 : 0;
    b = b < 0x80 ? b | 0x20 : 0;
    c = c < 0x80 ? c | 0x20 : 0;
    return (a * 1021u + b * 167u + c * 31u + word.len * 7u) % FILTER_BITS;
}

static void fill_filter(abn_timex_lexicon *l)
{
    for (uint32_t id = 0; id < abn_map_count(l->map); id++) {
        abn_slice name = abn_slice_of(abn_map_name(l->map, id));
        if (name.len == 0) continue;
        size_t bit = filter_of(name);
        l->filter[bit / 64] |= UINT64_C(1) << bit % 64;
    }
}

bool abn_timex_lexicon_may_have(const abn_timex_lexicon *l, abn_slice word)
{
    size_t bit = filter_of(word);
    return l->filter[bit / 64] >> bit % 64 & 1;
}

static int by_word(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    if (x->word != y->word) return x->word < y->word ? -1 : 1;
    return (int)x->sense.class - (int)y->sense.class;
}

static const abn_timex_word *word_of(const abn_timex_lexicon *l, const char *text, size_t len)
{
    uint32_t id = abn_map_find(l->map, (abn_slice){text, len});
    return id == ABN_MAP_NONE ? NULL : &l->word[id];
}

/* Cut a compound at its mark; what joins the two belongs to the left part's text, not its name. */
static void set_split(abn_timex_lexicon *l, abn_timex_word *w, const char *name, size_t head)
{
    w->split = (uint8_t)head;
    w->right = word_of(l, name + head, strlen(name + head));
    for (size_t len = head; len > 0 && !w->left; len--)
        w->left = word_of(l, name, len);
}

static abn_status set_starts(abn_timex_lexicon *l, abn_error *err)
{
    size_t n = abn_map_count(l->map);
    for (uint32_t id = 0; id < n; id++) {
        const char *name = abn_map_name(l->map, id);
        for (const char *cut = strpbrk(name, " \2"); cut; cut = strpbrk(cut + 1, " \2"))
            if (abn_map_add(l->map, (abn_slice){name, (size_t)(cut - name)}) == ABN_MAP_NONE)
                return abn_fail_memory(err);
    }
    l->word = abn_arena_alloc(l->arena, (abn_map_count(l->map) + 1) * sizeof *l->word);
    if (!l->word) return abn_fail_memory(err);
    for (uint32_t id = 0; id < n; id++) {
        const char *name = abn_map_name(l->map, id);
        for (const char *cut = strpbrk(name, " \2"); cut; cut = strpbrk(cut + 1, " \2"))
            l->word[abn_map_find(l->map, (abn_slice){name, (size_t)(cut - name)})].starts = true;
    }
    return ABN_OK;
}

static abn_status lay_out(abn_timex_lexicon *l, abn_error *err)
{
    abn_status status = set_starts(l, err);
    if (status != ABN_OK) return status;
    qsort(l->entry, l->n_entries, sizeof *l->entry, by_word);
    l->sense = abn_arena_alloc(l->arena, (l->n_entries + 1) * sizeof *l->sense);
    if (!l->sense) return abn_fail_memory(err);
    for (size_t i = 0; i < l->n_entries; i++) {
        abn_timex_sense *s = &l->sense[i];
        abn_timex_word *w = &l->word[l->entry[i].word];
        *s = l->entry[i].sense;
        if (s->class == ABN_TX_compound) {
            set_split(l, w, abn_map_name(l->map, l->entry[i].word), (size_t)s->value);
            continue;
        }
        if (!w->sense) w->sense = s;
        w->n_senses++;
        if (s->class > ABN_TX_clocknum) continue;
        if (s->capital)
            w->capital_mask |= UINT64_C(1) << s->class;
        else
            w->mask |= UINT64_C(1) << s->class;
    }
    return ABN_OK;
}

abn_status abn_timex_lexicon_new(const abn_language_row *rows, size_t n, const char *path,
                                 abn_timex_lexicon **out, abn_error *err)
{
    abn_timex_lexicon *l = calloc(1, sizeof *l);
    if (l) {
        l->arena = abn_arena_new();
        l->map = abn_map_new();
        l->row = rows;
        l->n_rows = n;
        l->path = path;
    }
    abn_status status = l && l->arena && l->map ? ABN_OK : abn_fail_memory(err);
    for (size_t i = 0; status == ABN_OK && i < n; i++)
        status = add_row(l, &rows[i], err);
    if (status == ABN_OK) status = add_joiners(l, err);
    if (status == ABN_OK) status = add_compounds(l, err);
    if (status == ABN_OK) status = lay_out(l, err);
    if (status == ABN_OK) fill_filter(l);
    if (l) {
        free(l->entry);
        l->entry = NULL;
    }
    if (status == ABN_OK)
        *out = l;
    else
        abn_timex_lexicon_free(l);
    return status;
}

void abn_timex_lexicon_free(abn_timex_lexicon *l)
{
    if (!l) return;
    abn_map_free(l->map);
    abn_arena_free(l->arena);
    free(l->entry);
    free(l);
}

const abn_timex_word *abn_timex_lexicon_find(const abn_timex_lexicon *l, abn_slice folded)
{
    return word_of(l, folded.ptr, folded.len);
}

bool abn_timex_lexicon_setting(const abn_timex_lexicon *l, const char *name)
{
    char form[MAX_FORM];
    bool single;
    size_t len = join_pieces(name, form, &single);
    const abn_timex_word *w = word_of(l, form, len);
    return w && w->n_senses > 0 && w->sense->class == ABN_TX_setting;
}

int abn_timex_lexicon_tail(const abn_timex_lexicon *l, abn_slice folded)
{
    for (size_t i = 0; i < l->n_tails; i++) {
        const tail *t = &l->tail[i];
        if (folded.len >= t->len + t->least &&
            memcmp(folded.ptr + folded.len - t->len, t->text, t->len) == 0)
            return t->tense;
    }
    return 0;
}
