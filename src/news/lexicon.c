/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lexicon.h"

#include "languages.h"
#include "utf8.h"

#include <abnorm/arena.h>
#include <abnorm/map.h>
#include <abnorm/number.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WORD = 64 };

_Static_assert(ABN_CUES <= 64, "cues are bits of one number");

/* How a class of the table is read: the bit, the sign it stands for, and what its value means. */
typedef enum value_kind {
    VALUE_NONE,
    VALUE_TENSE,
    VALUE_DIR,
    VALUE_EXTREME,
    VALUE_HEDGE,
    VALUE_NUMBER,
    VALUE_CURRENCY,
    VALUE_SESSION,
    VALUE_DAY,
    VALUE_HORIZON,
    VALUE_MONTH,
    VALUE_TEXT,
    VALUE_EVENT
} value_kind;

typedef struct cue_class {
    const char *name;
    uint64_t is;
    int8_t dir;
    value_kind value;
} cue_class;

static const cue_class classes[] = {
    {"up", ABN_IS(MOVE), 1, VALUE_TENSE},
    {"down", ABN_IS(MOVE), -1, VALUE_TENSE},
    {"up_noun", ABN_IS(NOUN), 1, VALUE_NONE},
    {"down_noun", ABN_IS(NOUN), -1, VALUE_NONE},
    {"up_pred", ABN_IS(PRED), 1, VALUE_NONE},
    {"down_pred", ABN_IS(PRED), -1, VALUE_NONE},
    {"up_sign", ABN_IS(SIGN), 1, VALUE_NONE},
    {"down_sign", ABN_IS(SIGN), -1, VALUE_NONE},
    {"neutral", ABN_IS(NEUTRAL), 0, VALUE_TENSE},
    {"separable", ABN_IS(SEPARABLE), 0, VALUE_TENSE},
    {"particle", ABN_IS(PARTICLE), 0, VALUE_DIR},
    {"aux", ABN_IS(AUX), 0, VALUE_TENSE},
    {"trim", ABN_IS(TRIM), 0, VALUE_TENSE},
    {"hedge", ABN_IS(HEDGE), 0, VALUE_HEDGE},
    {"percent", ABN_IS(PERCENT), 0, VALUE_NONE},
    {"percent_adjective", ABN_IS(PERCENT_ADJ), 0, VALUE_NONE},
    {"points", ABN_IS(POINTS), 0, VALUE_NONE},
    {"scale", ABN_IS(SCALE), 0, VALUE_NUMBER},
    {"currency", ABN_IS(CURRENCY), 0, VALUE_CURRENCY},
    {"cents", ABN_IS(CENTS), 0, VALUE_NONE},
    {"number", ABN_IS(NUMBER), 0, VALUE_NUMBER},
    {"ordinal", ABN_IS(ORDINAL), 0, VALUE_NUMBER},
    {"streak", ABN_IS(STREAK), 0, VALUE_NONE},
    {"session_unit", ABN_IS(SESSION_UNIT), 0, VALUE_NONE},
    {"stock", ABN_IS(STOCK), 0, VALUE_NONE},
    {"stocks", ABN_IS(STOCKS), 0, VALUE_NONE},
    {"suffix", ABN_IS(SUFFIX), 0, VALUE_NONE},
    {"firm", ABN_IS(FIRM), 0, VALUE_NONE},
    {"pronoun", ABN_IS(PRONOUN), 0, VALUE_NONE},
    {"account", ABN_IS(ACCOUNT), 0, VALUE_NONE},
    {"not_move", ABN_IS(NOT_MOVE), 0, VALUE_NONE},
    {"distance", ABN_IS(DISTANCE), 0, VALUE_NONE},
    {"cond", ABN_IS(COND), 0, VALUE_NONE},
    {"session", ABN_IS(SESSION), 0, VALUE_SESSION},
    {"day", ABN_IS(DAY), 0, VALUE_DAY},
    {"horizon", ABN_IS(HORIZON), 0, VALUE_HORIZON},
    {"since", ABN_IS(SINCE), 0, VALUE_NONE},
    {"ago", ABN_IS(AGO), 0, VALUE_NONE},
    {"extreme", ABN_IS(EXTREME), 0, VALUE_EXTREME},
    {"extreme_move", ABN_IS(EXTREME_MOVE), 0, VALUE_EXTREME},
    {"record", ABN_IS(RECORD), 0, VALUE_NONE},
    {"month", ABN_IS(MONTH), 0, VALUE_MONTH},
    {"resp", ABN_IS(RESP), 0, VALUE_NONE},
    {"each", ABN_IS(EACH), 0, VALUE_NONE},
    {"and", ABN_IS(AND), 0, VALUE_NONE},
    {"conj", ABN_IS(CONJ), 0, VALUE_NONE},
    {"conj_soft", ABN_IS(SOFT_CONJ), 0, VALUE_NONE},
    {"range", ABN_IS(RANGE), 0, VALUE_NONE},
    {"to", ABN_IS(TO), 0, VALUE_NONE},
    {"past", ABN_IS(PAST), 0, VALUE_NONE},
    {"by", ABN_IS(BY), 0, VALUE_NONE},
    {"of", ABN_IS(OF), 0, VALUE_NONE},
    {"det", ABN_IS(DET), 0, VALUE_NONE},
    {"prep", ABN_IS(PREP), 0, VALUE_NONE},
    {"func", ABN_IS(FUNC), 0, VALUE_NONE},
    {"partitive", ABN_IS(PARTITIVE), 0, VALUE_NONE},
    {"venue", ABN_IS(VENUE), 0, VALUE_TEXT},
    {"relative", ABN_IS(RELATIVE), 0, VALUE_NONE},
    {"negation", ABN_IS(NEGATION), 0, VALUE_NONE},
    {"person", ABN_IS(PERSON), 0, VALUE_NONE},
    {"abbreviation", ABN_IS(ABBREVIATION), 0, VALUE_NONE},
    {"type", ABN_IS(TYPE), 0, VALUE_EVENT},
    {"status", ABN_IS(STATUS), 0, VALUE_EVENT},
    {"medium", ABN_IS(MEDIUM), 0, VALUE_TEXT},
    {"topic", ABN_IS(TOPIC), 0, VALUE_TEXT},
};

static const char *const tenses[] = {"",       "past",       "present", "imperfect",
                                     "gerund", "participle", NULL};
static const char *const sessions[] = {"",          "close",      "open",  "intraday",
                                       "premarket", "afterhours", "whole", NULL};
static const char *const horizons[] = {"day", "week", "month", "quarter",
                                       "ytd", "year", "other", NULL};
static const char *const statuses[] = {"reported", "confirmed", "denied", "scheduled", NULL};

typedef struct edge {
    uint64_t key; /* node << 32 | word; 0: free, for words are numbered from 1 */
    uint32_t to;
} edge;

struct abn_lexicon {
    abn_arena *arena;
    abn_map *word, *company;
    abn_company *companies;
    edge *edge; /* open addressing, at most half full */
    size_t edges, slots;
    uint32_t *first; /* the node after each word at a phrase's start: most words have none */
    size_t n_first;
    uint32_t nodes;
    abn_term **term; /* a node's */
    size_t terms_cap;
    char lang[4];
    char decimal;
    bool capital_nouns, space_groups;
    const char *adverb_suffix;
};

static size_t slot_of(uint64_t key, size_t slots)
{
    uint64_t h = key * 0x9E3779B97F4A7C15u;
    return (size_t)(h ^ h >> 29) & (slots - 1);
}

static edge *find_edge(const abn_lexicon *x, uint64_t key)
{
    size_t at = slot_of(key, x->slots);
    while (x->edge[at].key && x->edge[at].key != key)
        at = (at + 1) & (x->slots - 1);
    return &x->edge[at];
}

static bool grow_edges(abn_lexicon *x)
{
    size_t slots = x->slots ? x->slots * 2 : 8192;
    edge *old = x->edge, *grown = calloc(slots, sizeof *grown);
    size_t n = x->slots;
    if (!grown) return false;
    x->edge = grown;
    x->slots = slots;
    for (size_t i = 0; i < n; i++)
        if (old[i].key) *find_edge(x, old[i].key) = old[i];
    free(old);
    return true;
}

static bool grow_terms(abn_lexicon *x)
{
    size_t cap = x->terms_cap ? x->terms_cap * 2 : 8192;
    abn_term **grown = realloc(x->term, cap * sizeof *grown);
    if (!grown) return false;
    memset(grown + x->terms_cap, 0, (cap - x->terms_cap) * sizeof *grown);
    x->term = grown;
    x->terms_cap = cap;
    return true;
}

/* The node after `word`, made when it is new; 0 without memory. */
static uint32_t add_step(abn_lexicon *x, uint32_t node, uint32_t word)
{
    uint64_t key = (uint64_t)node << 32 | word;
    if (x->edges * 2 >= x->slots && !grow_edges(x)) return 0;
    edge *e = find_edge(x, key);
    if (e->key) return e->to;
    if (x->nodes + 1 >= x->terms_cap && !grow_terms(x)) return 0;
    x->edges++;
    *e = (edge){key, ++x->nodes};
    return e->to;
}

uint32_t abn_lexicon_step(const abn_lexicon *x, uint32_t node, uint32_t word)
{
    if (node == 0) return word < x->n_first ? x->first[word] : 0;
    return find_edge(x, (uint64_t)node << 32 | word)->to;
}

const abn_term *abn_lexicon_term(const abn_lexicon *x, uint32_t node)
{
    return x->term[node];
}

uint32_t abn_lexicon_word(const abn_lexicon *x, const char *bytes, size_t len)
{
    char folded[MAX_WORD];
    size_t n = abn_utf8_fold((abn_slice){bytes, len}, folded, sizeof folded);
    if (n == 0) return 0;
    uint32_t word = abn_map_find(x->word, (abn_slice){folded, n});
    return word == ABN_MAP_NONE ? 0 : word + 1;
}

/* ---- phrases ---- */

static bool in_word(const char *at, const char *end)
{
    unsigned char c = (unsigned char)*at;
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return true;
    if (c >= 0x80) return memcmp(at, "€", end - at >= 3 ? 3 : 1) != 0 && c != 0xC2;
    return (c == '.' || c == ':') && at + 1 < end && in_word(at + 1, end);
}

/* The next word of a phrase, as the sentence reader cuts words: marks of money and percent are
 * words of their own, hyphens and apostrophes divide. */
static abn_slice next_word(const char **at, const char *end)
{
    while (*at < end && !in_word(*at, end) && !strchr("%$&", **at) && (unsigned char)**at < 0x80)
        ++*at;
    const char *start = *at;
    if (start < end && !in_word(start, end)) {
        uint32_t code;
        size_t len = abn_utf8_next(start, end, &code);
        *at += len ? len : 1;
    } else {
        while (*at < end && in_word(*at, end))
            ++*at;
    }
    return (abn_slice){start, (size_t)(*at - start)};
}

/* The term of a phrase, made blank when it is new; NULL without memory or words. */
static abn_term *term_of(abn_lexicon *x, const char *phrase, size_t len)
{
    const char *at = phrase, *end = phrase + len;
    uint32_t node = 0;
    for (;;) {
        abn_slice raw = next_word(&at, end);
        if (raw.len == 0) break;
        char folded[MAX_WORD];
        size_t n = abn_utf8_fold(raw, folded, sizeof folded);
        uint32_t word = n ? abn_map_add(x->word, (abn_slice){folded, n}) : ABN_MAP_NONE;
        if (word == ABN_MAP_NONE || (node = add_step(x, node, word + 1)) == 0) return NULL;
    }
    if (node && !x->term[node]) {
        abn_term *t = abn_arena_alloc(x->arena, sizeof *t);
        if (!t) return NULL;
        t->company = UINT32_MAX;
        t->listing = ABN_NO_LISTING;
        t->text = "";
        x->term[node] = t;
    }
    return node ? x->term[node] : NULL;
}

static int index_in(const char *const *names, const char *name)
{
    for (int i = 0; names[i]; i++)
        if (strcmp(names[i], name) == 0) return i;
    return -1;
}

static int event_of(const char *name)
{
    for (int i = ABN_EVENT_OTHER; i <= ABN_EVENT_MARKET; i++)
        if (strcmp(abn_event_type_name((abn_event_type)i), name) == 0) return i;
    return -1;
}

static int hedge_of(const char *name)
{
    for (int i = ABN_HEDGE_ABOUT; i <= ABN_HEDGE_AS_MUCH_AS; i++)
        if (strcmp(abn_hedge_name((abn_hedge)i), name) == 0) return i;
    return -1;
}

static int day_of(const char *name)
{
    if (strcmp(name, "today") == 0) return ABN_DAY_TODAY;
    if (strcmp(name, "yesterday") == 0) return ABN_DAY_YESTERDAY;
    return name[0] >= '1' && name[0] <= '7' && !name[1] ? name[0] - '0' : -1;
}

static bool set_index(uint8_t *field, int value)
{
    if (value >= 0) *field = (uint8_t)value;
    return value >= 0;
}

/* Put what a class's value says into the term; false when it says nothing that is known. */
static bool set_value(abn_term *t, const cue_class *c, const char *value)
{
    long month;
    switch (c->value) {
    case VALUE_TENSE:
        return set_index(&t->tense, index_in(tenses, value));
    case VALUE_DIR:
        t->dir = value[0] == '-' ? -1 : 1;
        return true;
    case VALUE_EXTREME:
        t->dir = strcmp(value, "low") == 0 ? -1 : 1;
        return true;
    case VALUE_HEDGE:
        return set_index(&t->hedge, hedge_of(value));
    case VALUE_NUMBER:
        return abn_number_parse(abn_slice_of(value), &t->number);
    case VALUE_CURRENCY:
        memcpy(t->currency, value, strlen(value) == 3 ? 4 : 1);
        return true;
    case VALUE_SESSION:
        return set_index(&t->session, index_in(sessions, value));
    case VALUE_DAY:
        return set_index(&t->day, day_of(value));
    case VALUE_HORIZON:
        return set_index(&t->horizon, index_in(horizons, value));
    case VALUE_MONTH:
        if (!abn_integer_parse(abn_slice_of(value), &month) || month < 1 || month > 12)
            return false;
        t->month = (uint8_t)month;
        return true;
    case VALUE_TEXT:
        t->text = value;
        return true;
    case VALUE_EVENT:
        if (c->is == ABN_IS(STATUS)) return set_index(&t->status, index_in(statuses, value));
        return set_index(&t->event, event_of(value));
    case VALUE_NONE:
        break;
    }
    return true;
}

static const cue_class *class_of(const char *name)
{
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (strcmp(classes[i].name, name) == 0) return &classes[i];
    return NULL;
}

static void set_grammar(abn_lexicon *x, const abn_language_row *row)
{
    if (strcmp(row->form, "decimal") == 0) x->decimal = row->value[0];
    if (strcmp(row->form, "capital_nouns") == 0) x->capital_nouns = row->value[0] == 'y';
    if (strcmp(row->form, "space_groups") == 0) x->space_groups = row->value[0] == 'y';
    if (strcmp(row->form, "adverb_suffix") == 0) x->adverb_suffix = row->value;
}

/* Are there words in it, none too long? */
static bool is_form(abn_slice form)
{
    const char *at = form.ptr, *end = form.ptr + form.len;
    char folded[MAX_WORD];
    size_t words = 0;
    for (abn_slice raw; (raw = next_word(&at, end)).len > 0; words++)
        if (abn_utf8_fold(raw, folded, sizeof folded) == 0) return false;
    return words > 0;
}

static abn_status add_row(abn_lexicon *x, const char *path, const abn_language_row *row,
                          abn_error *err)
{
    if (strcmp(row->class, "grammar") == 0) {
        set_grammar(x, row);
        return ABN_OK;
    }
    const cue_class *c = class_of(row->class);
    if (!c)
        return abn_fail_at(err, ABN_DATA, path, row->line, 0, "unknown class \"%s\"", row->class);
    abn_term *t = term_of(x, row->form, strlen(row->form));
    if (!t && is_form(abn_slice_of(row->form))) return abn_fail_memory(err);
    if (!t) return abn_fail_at(err, ABN_DATA, path, row->line, 0, "bad form \"%s\"", row->form);
    t->is |= c->is;
    if (c->dir) t->dir = c->dir;
    if (!set_value(t, c, row->value))
        return abn_fail_at(err, ABN_DATA, path, row->line, 0, "bad value \"%s\" of class \"%s\"",
                           row->value, row->class);
    return ABN_OK;
}

/* ---- names ---- */

static abn_status add_company(abn_lexicon *x, const abn_listing *row, uint32_t listing,
                              uint32_t *company, abn_error *err)
{
    uint32_t at = abn_map_add(x->company, abn_slice_of(row->company));
    if (at == ABN_MAP_NONE) return abn_fail_memory(err);
    abn_company *c = &x->companies[at];
    c->name = abn_map_name(x->company, at);
    c->index |= strcmp(row->kind, "stock") != 0;
    if (c->n < sizeof c->listing / sizeof *c->listing) c->listing[c->n++] = listing;
    *company = at;
    return ABN_OK;
}

static abn_status add_name(abn_lexicon *x, abn_slice name, uint64_t is, uint32_t company,
                           uint32_t listing, abn_error *err)
{
    name = abn_slice_trim(name);
    if (name.len == 0) return ABN_OK;
    abn_term *t = term_of(x, name.ptr, name.len);
    if (!t && is_form(name)) return abn_fail_memory(err);
    if (!t) return abn_fail(err, ABN_DATA, "bad name \"%.*s\"", (int)name.len, name.ptr);
    bool known = t->company == company;
    if (t->company == UINT32_MAX) {
        t->company = company;
        t->listing = listing;
    } else if (known && t->listing != listing) {
        t->listing = ABN_NO_LISTING; /* the company's other listings are called so too */
    }
    t->is |= is;
    if (is & ABN_IS(NAME)) t->capital |= name.ptr[0] < 'a' || name.ptr[0] > 'z';
    return ABN_OK;
}

static abn_status add_names(abn_lexicon *x, const abn_listings *listings, uint32_t i,
                            const char *column, const char *lang, uint64_t is, uint32_t company,
                            abn_error *err)
{
    char name[32];
    size_t n = strlen(column);
    if (n + strlen(lang) + 1 > sizeof name) return ABN_OK;
    memcpy(name, column, n);
    memcpy(name + n, lang, strlen(lang) + 1);
    abn_slice rest = abn_slice_of(abn_listings_cell(listings, i, name)), part;
    abn_status status = ABN_OK;
    while (status == ABN_OK && abn_slice_split(&rest, ';', &part))
        status = add_name(x, part, is, company, i, err);
    return status;
}

static abn_status add_listings(abn_lexicon *x, const abn_listings *listings, const char *lang,
                               abn_error *err)
{
    abn_status status = ABN_OK;
    for (uint32_t i = 0; status == ABN_OK && i < abn_listings_count(listings); i++) {
        const abn_listing *row = abn_listings_at(listings, i);
        uint32_t c = 0;
        status = add_company(x, row, i, &c, err);
        if (status == ABN_OK)
            status = add_names(x, listings, i, "names_", "en", ABN_IS(NAME), c, err);
        if (status == ABN_OK && strcmp(lang, "en") != 0)
            status = add_names(x, listings, i, "names_", lang, ABN_IS(NAME), c, err);
        if (status == ABN_OK)
            status = add_names(x, listings, i, "epithets_", lang, ABN_IS(EPITHET), c, err);
        if (status == ABN_OK) status = add_names(x, listings, i, "clues", "", ABN_IS(CLUE), c, err);
    }
    return status;
}

static abn_status index_first(abn_lexicon *x, abn_error *err)
{
    x->n_first = abn_map_count(x->word) + 1;
    x->first = calloc(x->n_first, sizeof *x->first);
    if (!x->first) return abn_fail_memory(err);
    for (uint32_t w = 1; w < x->n_first; w++)
        x->first[w] = find_edge(x, w)->to;
    return ABN_OK;
}

static abn_status fill(abn_lexicon *x, const abn_languages *languages, const char *lang,
                       const abn_listings *listings, abn_error *err)
{
    const abn_language_row *row;
    size_t n = abn_language_rows(languages, lang, "claims", &row);
    const char *path = abn_language_path(languages, lang, "claims");
    abn_status status = ABN_OK;
    for (size_t i = 0; status == ABN_OK && i < n; i++)
        status = add_row(x, path, &row[i], err);
    if (status == ABN_OK) status = add_listings(x, listings, lang, err);
    if (status == ABN_OK) status = index_first(x, err);
    return status;
}

abn_status abn_lexicon_new(const abn_languages *languages, const char *lang,
                           const abn_listings *listings, abn_lexicon **out, abn_error *err)
{
    abn_status status;
    abn_lexicon *x = calloc(1, sizeof *x);
    if (!x) return abn_fail_memory(err);
    x->arena = abn_arena_new();
    x->word = abn_map_new();
    x->company = abn_map_new();
    x->companies = calloc(abn_listings_count(listings) + 1, sizeof *x->companies);
    for (size_t i = 0; lang[i] && i + 1 < sizeof x->lang; i++)
        x->lang[i] = lang[i];
    x->decimal = '.';
    x->adverb_suffix = "";
    if (!x->arena || !x->word || !x->company || !x->companies || !grow_edges(x) || !grow_terms(x)) {
        status = abn_fail_memory(err);
        goto done;
    }
    status = fill(x, languages, lang, listings, err);
    if (status == ABN_OK) {
        *out = x;
        x = NULL;
    }
done:
    abn_lexicon_free(x);
    return status;
}

void abn_lexicon_free(abn_lexicon *x)
{
    if (!x) return;
    abn_arena_free(x->arena);
    abn_map_free(x->word);
    abn_map_free(x->company);
    free(x->companies);
    free(x->edge);
    free(x->first);
    free(x->term);
    free(x);
}

const abn_company *abn_lexicon_company(const abn_lexicon *x, uint32_t company)
{
    return &x->companies[company];
}

const char *abn_lexicon_lang(const abn_lexicon *x)
{
    return x->lang;
}

char abn_lexicon_decimal(const abn_lexicon *x)
{
    return x->decimal;
}

bool abn_lexicon_capital_nouns(const abn_lexicon *x)
{
    return x->capital_nouns;
}

bool abn_lexicon_space_groups(const abn_lexicon *x)
{
    return x->space_groups;
}

const char *abn_lexicon_adverb_suffix(const abn_lexicon *x)
{
    return x->adverb_suffix;
}
