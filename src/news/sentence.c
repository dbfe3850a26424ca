/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sentence.h"

#include "utf8.h"

#include <abnorm/number.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PHRASE = 12, MAX_WORD = 64, MAX_BYTES = 16384 };

/* A word, number or mark before phrases are matched. */
typedef struct raw {
    size_t start, end;
    uint32_t word;
    uint8_t kind;
    char mark;
    int8_t sign;
    bool capital, hyphen, apostrophe, tail, ly;
} raw;

struct abn_sentences {
    const abn_lexicon *lexicon;
    const char *text;
    size_t len, at;
    bool new_line; /* the next sentence begins a line */
    raw raw[ABN_SENTENCE_MAX + 1];
    size_t n_raw;
    abn_unit unit[ABN_SENTENCE_MAX];
    size_t n_units;
};

abn_status abn_sentences_new(abn_sentences **out, abn_error *err)
{
    abn_sentences *reader = calloc(1, sizeof *reader);
    if (!reader) return abn_fail_memory(err);
    *out = reader;
    return ABN_OK;
}

void abn_sentences_free(abn_sentences *reader)
{
    free(reader);
}

void abn_sentences_start(abn_sentences *s, const abn_lexicon *lexicon, abn_slice text)
{
    s->lexicon = lexicon;
    s->text = text.ptr;
    s->len = text.len;
    s->at = 0;
    s->new_line = true;
}

/* ---- characters ---- */

typedef enum char_kind { CHAR_OTHER, CHAR_SPACE, CHAR_LETTER, CHAR_DIGIT, CHAR_MARK } char_kind;

/* What the character at `at` is to us, its length, and the mark that stands for it. */
static char_kind classify(const abn_sentences *s, size_t at, size_t *len, char *mark)
{
    unsigned char c = (unsigned char)s->text[at];
    uint32_t code = c;
    *len = 1;
    *mark = (char)c;
    if (c < 0x80) {
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return CHAR_LETTER;
        if (c >= '0' && c <= '9') return CHAR_DIGIT;
        return c == ' ' || (c >= '\t' && c <= '\r') ? CHAR_SPACE : CHAR_MARK;
    }
    *len = abn_utf8_next(s->text + at, s->text + s->len, &code);
    if (*len == 0) {
        *len = 1;
        return CHAR_OTHER;
    }
    switch (code) {
    case 0xA0:
    case 0x202F:
    case 0x2009:
    case 0x2007:
    case 0x200A:
    case 0x3000:
        return CHAR_SPACE;
    case 0x2019:
    case 0x2BC:
    case 0x2018:
        *mark = '\'';
        return CHAR_MARK;
    case 0x2010:
    case 0x2011:
        *mark = '-';
        return CHAR_MARK;
    case 0x2013:
    case 0x2014:
    case 0x2212:
    case 0x2015:
        *mark = '_';
        return CHAR_MARK;
    case 0x2026:
        *mark = '.';
        return CHAR_MARK;
    case 0xA3:
    case 0xA5:
    case 0x20AC:
        *mark = '$';
        return CHAR_MARK;
    case 0xD7:
    case 0xF7:
        return CHAR_OTHER;
    case 0x2022:
        *mark = ';';
        return CHAR_MARK;
    default:
        break;
    }
    if (code < 0xC0 || (code >= 0x2000 && code < 0x2E80) || code >= 0xFE00) return CHAR_OTHER;
    return CHAR_LETTER;
}

static char_kind kind_at(const abn_sentences *s, size_t at)
{
    size_t len;
    char mark;
    return at < s->len ? classify(s, at, &len, &mark) : CHAR_OTHER;
}

static bool is_digit(const abn_sentences *s, size_t at)
{
    return at < s->len && s->text[at] >= '0' && s->text[at] <= '9';
}

static bool is_alnum(const abn_sentences *s, size_t at)
{
    char_kind k = kind_at(s, at);
    return k == CHAR_LETTER || k == CHAR_DIGIT;
}

/* ---- words and numbers ---- */

static bool is_capital(const abn_sentences *s, size_t at)
{
    uint32_t code;
    return abn_utf8_next(s->text + at, s->text + s->len, &code) && abn_utf8_lower(code) != code;
}

static size_t word_end(const abn_sentences *s, size_t at)
{
    while (at < s->len) {
        size_t len;
        char mark;
        char_kind k = classify(s, at, &len, &mark);
        bool joins = k == CHAR_MARK && (mark == '.' || mark == ':') && s->text[at] == mark &&
                     is_alnum(s, at + 1);
        if (k != CHAR_LETTER && k != CHAR_DIGIT && !joins) break;
        at += len;
    }
    return at;
}

/* Length of a blank that may divide groups of digits: no-break, narrow, thin; plain ones where the
 * language writes so. */
static size_t group_blank(const abn_sentences *s, size_t at)
{
    size_t len;
    char mark;
    if (at >= s->len) return 0;
    if (s->text[at] == ' ') return abn_lexicon_space_groups(s->lexicon) ? 1 : 0;
    bool space = classify(s, at, &len, &mark) == CHAR_SPACE && len > 1;
    return space ? len : 0;
}

static bool three_digits(const abn_sentences *s, size_t at)
{
    return is_digit(s, at) && is_digit(s, at + 1) && is_digit(s, at + 2) && !is_digit(s, at + 3);
}

static size_t separator_at(const abn_sentences *s, size_t at, size_t digits)
{
    if (at >= s->len) return 0;
    char c = s->text[at];
    if ((c == '.' || c == ',') && is_digit(s, at + 1)) return 1;
    if (c == '\'' && three_digits(s, at + 1)) return 1;
    if (memcmp(s->text + at, "\xE2\x80\x99", s->len - at >= 3 ? 3 : 1) == 0 &&
        three_digits(s, at + 3))
        return 3;
    size_t blank = digits <= 3 ? group_blank(s, at) : 0;
    return blank && three_digits(s, at + blank) ? blank : 0;
}

typedef struct figure {
    size_t end;
    char digits[40]; /* and '.', ',' and ' ' between them */
    size_t n;
} figure;

static figure scan_figure(const abn_sentences *s, size_t at)
{
    figure f = {0};
    size_t run = 0;
    while (at < s->len) {
        size_t sep = 0;
        char c = s->text[at];
        if (c >= '0' && c <= '9') {
            run++;
        } else if ((sep = separator_at(s, at, run)) != 0) {
            if (c != '.' && c != ',') c = ' ';
            run = 0;
        } else {
            break;
        }
        if (f.n + 1 < sizeof f.digits) f.digits[f.n] = c;
        f.n++;
        at += sep ? sep : 1;
    }
    f.end = at;
    return f;
}

/* The place of the decimal mark in the digits, or -1: the last of two kinds; of one kind that
 * comes once, the language's own, or another that three digits do not follow. */
static int decimal_place(const figure *f, char decimal)
{
    int last[2] = {-1, -1}, count[2] = {0, 0};
    for (int i = 0; i < (int)f->n; i++)
        if (f->digits[i] == '.' || f->digits[i] == ',') {
            last[f->digits[i] == ','] = i;
            count[f->digits[i] == ',']++;
        }
    int comma = last[1] > last[0];
    int at = last[comma];
    if (at < 0 || count[comma] > 1) return -1;
    if (last[!comma] >= 0) return at;
    bool own = f->digits[at] == decimal, three = (int)f->n - at - 1 == 3;
    return own || !three || f->digits[0] == '0' ? at : -1;
}

/* Read the digits as a number; false when they are a date, a version or overlong. */
static bool figure_value(const figure *f, char decimal, abn_unit *u)
{
    char plain[48];
    size_t n = 0;
    int point = f->n < sizeof f->digits ? decimal_place(f, decimal) : -2;
    if (point == -2) return false;
    for (int i = 0; i < (int)f->n; i++) {
        if (i == point) plain[n++] = '.';
        if (f->digits[i] >= '0' && f->digits[i] <= '9') plain[n++] = f->digits[i];
    }
    int groups = 0, run = 0;
    for (int i = 0; point < 0 && i < (int)f->n; i++) {
        bool digit = f->digits[i] >= '0' && f->digits[i] <= '9';
        run = digit ? run + 1 : 0;
        groups += !digit;
    }
    if (groups && run != 3) return false; /* 02.09.2020, 1.2.3 */
    u->decimals = point < 0 ? 0 : (uint8_t)((int)f->n - point - 1);
    u->half = 0.5;
    for (int i = 0; i < u->decimals; i++)
        u->half /= 10;
    return abn_number_parse((abn_slice){plain, n}, &u->value);
}

/* ---- raw tokens ---- */

static raw *push(abn_sentences *s, size_t start, size_t end, uint8_t kind)
{
    raw *r = &s->raw[s->n_raw++];
    *r = (raw){.start = start, .end = end, .kind = kind};
    return r;
}

static void push_word(abn_sentences *s, size_t start, size_t end, bool hyphen, bool apostrophe)
{
    raw *r = push(s, start, end, ABN_UNIT_WORD);
    size_t len = end - start;
    const char *suffix = abn_lexicon_adverb_suffix(s->lexicon);
    size_t n = strlen(suffix);
    r->word = len < MAX_WORD ? abn_lexicon_word(s->lexicon, s->text + start, len) : 0;
    r->capital = is_capital(s, start);
    r->hyphen = hyphen;
    r->apostrophe = apostrophe;
    r->ly = n && len > n + 2 && memcmp(s->text + end - n, suffix, n) == 0;
}

/* Digits that letters adjoin are a code ("4Q", "9988.HK") unless the letters are a unit. */
static size_t push_number(abn_sentences *s, size_t start, bool hyphen, int8_t sign)
{
    figure f = scan_figure(s, start);
    size_t end = word_end(s, f.end);
    bool letters = end > f.end;
    if (letters && s->text[f.end] != '.' && s->text[f.end] != ':' && end - f.end < MAX_WORD) {
        uint32_t word = abn_lexicon_word(s->lexicon, s->text + f.end, end - f.end);
        const abn_term *t = NULL;
        uint32_t node = word ? abn_lexicon_step(s->lexicon, 0, word) : 0;
        if (node) t = abn_lexicon_term(s->lexicon, node);
        uint64_t units = ABN_IS(PERCENT) | ABN_IS(SCALE) | ABN_IS(CURRENCY) | ABN_IS(POINTS);
        letters = !t || !(t->is & units);
    }
    if (letters) {
        push_word(s, start, end, hyphen, false);
        return end;
    }
    raw *r = push(s, start, f.end, ABN_UNIT_NUMBER);
    r->word =
        f.end - start < MAX_WORD ? abn_lexicon_word(s->lexicon, s->text + start, f.end - start) : 0;
    r->hyphen = hyphen;
    r->sign = sign;
    return f.end;
}

/* ---- where sentences end ---- */

static bool abbreviation(const abn_sentences *s)
{
    if (s->n_raw == 0) return false;
    const raw *r = &s->raw[s->n_raw - 1];
    if (r->kind == ABN_UNIT_NUMBER)
        return abn_lexicon_capital_nouns(s->lexicon) && r->end - r->start <= 2 && !r->tail;
    if (r->kind != ABN_UNIT_WORD) return false;
    size_t len = r->end - r->start;
    if (len == 1 || (len == 3 && s->text[r->start + 1] == '.')) return is_alnum(s, r->start);
    uint32_t node = r->word ? abn_lexicon_step(s->lexicon, 0, r->word) : 0;
    const abn_term *t = node ? abn_lexicon_term(s->lexicon, node) : NULL;
    return t && (t->is & ABN_IS(ABBREVIATION));
}

/* Does the full stop at `at` end the sentence? */
static bool stops(const abn_sentences *s, size_t at)
{
    char c = s->text[at];
    size_t next = at + 1;
    while (next < s->len && strchr("\"')]*", s->text[next]) && s->text[next])
        next++;
    if (next < s->len && !strchr(" \n\r\t\xC2\xE2", s->text[next])) return false;
    return c != '.' || !abbreviation(s) || next >= s->len || s->text[next] == '\n';
}

/* Does the text go on after this single line break? A hard-wrapped line breaks within a sentence:
 * it is long, and a small letter or a word that needs a next one joins the two. */
static bool wraps(const abn_sentences *s, size_t line_start, size_t at)
{
    size_t next = at + 1;
    while (next < s->len && (s->text[next] == ' ' || s->text[next] == '\t'))
        next++;
    if (next >= s->len || s->text[next] == '\n' || s->text[next] == '\r' || at - line_start < 40)
        return false;
    if (s->n_raw == 0) return false;
    const raw *last = &s->raw[s->n_raw - 1];
    if (last->kind == ABN_UNIT_MARK) return last->mark == ',';
    if (kind_at(s, next) == CHAR_LETTER && !is_capital(s, next)) return true;
    uint32_t node = last->word ? abn_lexicon_step(s->lexicon, 0, last->word) : 0;
    const abn_term *t = node ? abn_lexicon_term(s->lexicon, node) : NULL;
    return t && (t->is & (ABN_IS(PREP) | ABN_IS(DET) | ABN_IS(HEDGE)));
}

/* A sign before digits: after a blank or bracket, never between figures. */
static bool signs_number(const abn_sentences *s, size_t at, size_t len)
{
    if (!is_digit(s, at + len)) return false;
    return at == 0 || strchr(" \n\t(\xA0\xAF", s->text[at - 1]) != NULL;
}

typedef struct scan {
    bool hyphen, apostrophe, stop, heading;
    bool after_break; /* a line break stands before the sentence */
    size_t line_start;
    int8_t sign;
} scan;

/* Take the mark at the reader's place. */
static void take_mark(abn_sentences *s, scan *c, size_t len, char mark)
{
    size_t at = s->at;
    s->at += len;
    switch (mark) {
    case '\'':
        c->apostrophe = is_alnum(s, s->at) && at > 0 && is_alnum(s, at - 1);
        return;
    case '-':
    case '_':
    case '+':
        if (signs_number(s, at, len)) {
            c->sign = mark == '+' ? 1 : -1;
        } else if (mark == '-' && at > 0 && is_alnum(s, s->at)) {
            c->hyphen = true;
        } else if (mark != '+') {
            push(s, at, s->at, ABN_UNIT_MARK)->mark = '-';
        }
        return;
    case '%':
    case '$':
    case '&':
        push_word(s, at, s->at, false, false);
        return;
    case '*':
        while (s->at < s->len && s->text[s->at] == '*')
            s->at++;
        c->stop = s->at - at > 1 && at > 0 && s->text[at - 1] == ' ' && s->text[s->at] == ' ' &&
                  s->n_raw > 0;
        return;
    case '.':
    case '!':
    case '?':
        c->stop = stops(s, at);
        push(s, at, s->at, ABN_UNIT_MARK)->mark = c->stop ? '.' : ' ';
        if (!c->stop) s->n_raw--;
        return;
    case '|':
        mark = ';';
        break;
    case ',':
    case ';':
    case ':':
    case '(':
    case ')':
    case '/':
        break;
    case '[':
        mark = '(';
        break;
    case ']':
        mark = ')';
        break;
    default:
        return;
    }
    push(s, at, s->at, ABN_UNIT_MARK)->mark = mark;
}

static void take_space(abn_sentences *s, scan *c, size_t len)
{
    if (s->text[s->at] == '\n') {
        bool go_on = wraps(s, c->line_start, s->at);
        c->line_start = s->at + 1;
        c->after_break |= s->n_raw == 0;
        if (!go_on && s->n_raw > 0) {
            c->stop = c->heading = true;
            s->new_line = true;
        }
    }
    s->at += len;
}

static void scan_sentence(abn_sentences *s, scan *c)
{
    size_t start = s->at;
    s->n_raw = 0;
    while (s->at < s->len && !c->stop && s->n_raw < ABN_SENTENCE_MAX && s->at - start < MAX_BYTES) {
        size_t len;
        char mark;
        char_kind kind = classify(s, s->at, &len, &mark);
        if (kind == CHAR_SPACE) {
            take_space(s, c, len);
        } else if (kind == CHAR_MARK) {
            take_mark(s, c, len, mark);
            continue;
        } else if (kind == CHAR_DIGIT) {
            s->at = push_number(s, s->at, c->hyphen, c->sign);
        } else if (kind == CHAR_LETTER) {
            size_t end = word_end(s, s->at);
            push_word(s, s->at, end, c->hyphen, c->apostrophe);
            s->at = end;
        } else {
            s->at += len;
        }
        c->hyphen = c->apostrophe = false;
        c->sign = 0;
    }
}

/* ---- phrases ---- */

/* The longest phrase that starts at raw token `i`; its length in tokens, 0 when none. */
static size_t match(const abn_sentences *s, size_t i, const abn_term **term)
{
    uint32_t node = 0;
    size_t best = 0;
    for (size_t j = i; j < s->n_raw && j < i + MAX_PHRASE; j++) {
        if (!s->raw[j].word || s->raw[j].sign) break;
        node = abn_lexicon_step(s->lexicon, node, s->raw[j].word);
        if (node == 0) break;
        const abn_term *t = abn_lexicon_term(s->lexicon, node);
        if (t && (!t->capital || s->raw[i].capital || s->raw[i].kind != ABN_UNIT_WORD ||
                  (t->is & ~ABN_IS(NAME)))) {
            *term = t;
            best = j - i + 1;
        }
    }
    return best;
}

static void fill_number(const abn_sentences *s, const raw *r, abn_unit *u)
{
    figure f = scan_figure(s, r->start);
    u->value = NAN;
    u->sign = r->sign;
    if (!figure_value(&f, abn_lexicon_decimal(s->lexicon), u)) u->tail = true;
    if (r->sign < 0) u->value = -u->value;
}

/* One unit of `n` raw tokens from `i`, known as `term` or not. */
static void add_unit(abn_sentences *s, size_t i, size_t n, const abn_term *term)
{
    const raw *r = &s->raw[i];
    abn_unit *u = &s->unit[s->n_units++];
    *u = (abn_unit){.start = r->start,
                    .end = s->raw[i + n - 1].end,
                    .term = term,
                    .is = term ? term->is & ~ABN_NEWS_CUES : 0,
                    .tells = term ? term->is & ABN_NEWS_CUES : 0,
                    .value = NAN,
                    .kind = r->kind,
                    .mark = r->mark,
                    .capital = r->capital,
                    .glued = r->hyphen,
                    .ly = r->ly && !term};
    if (r->kind == ABN_UNIT_NUMBER && n == 1) fill_number(s, r, u);
    if (r->kind == ABN_UNIT_NUMBER && n > 1) u->kind = ABN_UNIT_WORD;
    if (term && term->capital && !r->capital) u->is &= ~ABN_IS(NAME);
    if ((u->is & ABN_IS(MONTH)) && (u->is & (ABN_IS(COND) | ABN_IS(MOVE))))
        u->is = r->capital ? ABN_IS(MONTH) : u->is & ~ABN_IS(MONTH);
    if (u->is & ABN_IS(NUMBER)) u->value = term->number, u->half = 0.5;
}

static bool possessive(const abn_sentences *s, const raw *r)
{
    return r->apostrophe && r->end - r->start == 1 && (s->text[r->start] | 32) == 's';
}

static void join_phrases(abn_sentences *s)
{
    s->n_units = 0;
    for (size_t i = 0; i < s->n_raw;) {
        const abn_term *term = NULL;
        size_t n = match(s, i, &term);
        if (n == 0 && possessive(s, &s->raw[i]) && s->n_units) {
            s->unit[s->n_units - 1].possessive = true;
        } else {
            add_unit(s, i, n ? n : 1, term);
        }
        i += n ? n : 1;
    }
}

bool abn_sentences_next(abn_sentences *s, abn_sentence *out)
{
    do {
        scan c = {.line_start = s->at};
        while (c.line_start > 0 && s->at - c.line_start < 200 && s->text[c.line_start - 1] != '\n')
            c.line_start--;
        bool paragraph = s->new_line;
        if (s->at >= s->len) return false;
        s->new_line = false;
        scan_sentence(s, &c);
        if (s->n_raw == 0) s->new_line |= paragraph;
        if (s->n_raw == 0) continue;
        join_phrases(s);
        *out = (abn_sentence){.at = s->unit,
                              .n = s->n_units,
                              .start = s->raw[0].start,
                              .end = s->raw[s->n_raw - 1].end,
                              .paragraph = paragraph || c.after_break,
                              .heading = (paragraph || c.after_break) && c.heading &&
                                         s->raw[s->n_raw - 1].kind != ABN_UNIT_MARK};
        return true;
    } while (s->at < s->len);
    return false;
}
