/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "timex_tokens.h"

#include "timex_numeric.h"
#include "utf8.h"

#include <string.h>

enum { MAX_WORD = 64, MAX_PIECES = 8 };

/* How a byte begins a token. */
enum { MARK, BLANK, LINE, DIGIT, LETTER, WIDE };

static int kind_of(unsigned char c)
{
    if (c >= 0x80) return WIDE;
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return LETTER;
    if (c >= '0' && c <= '9') return DIGIT;
    if (c == '\n') return LINE;
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v' ? BLANK : MARK;
}

/* What a character beyond ASCII counts as; `mark` gets its plain likeness. */
static int kind_of_wide(uint32_t code, char *mark)
{
    *mark = '\1';
    if (code == 0xA0 || code == 0x202F || (code >= 0x2000 && code <= 0x200B) || code == 0x3000 ||
        code == 0xFEFF)
        return BLANK;
    if (code == 0x2028 || code == 0x2029) return LINE;
    if (code == 0x2018 || code == 0x2019 || code == 0x2BC) *mark = '\'';
    if (code >= 0x2010 && code <= 0x2015) *mark = '-';
    if (code == 0xAB || code == 0xBB || (code >= 0x201A && code <= 0x201F)) *mark = '"';
    if (code == 0x20AC || code == 0xA3 || code == 0xA5) *mark = '$';
    bool mark_block =
        (code >= 0x80 && code < 0xC0 && code != 0xAA && code != 0xBA && code != 0xB5) ||
        code == 0xD7 || code == 0xF7 || (code >= 0x2010 && code <= 0x2BFF) || code == 0x2BC ||
        (code >= 0x3001 && code <= 0x3004);
    return mark_block ? MARK : LETTER;
}

/* The kind of what is at `at`, its bytes, and a mark's likeness. */
static int look(const char *at, const char *end, size_t *len, char *mark)
{
    int kind = kind_of((unsigned char)*at);
    *len = 1;
    *mark = *at;
    if (kind != WIDE) return kind;
    uint32_t code;
    size_t n = abn_utf8_next(at, end, &code);
    *mark = '\1';
    if (n == 0) return MARK;
    *len = n;
    return kind_of_wide(code, mark);
}

static abn_timex_gap skip_blanks(abn_timex_reader *r)
{
    const char *from = r->at;
    int lines = 0;
    while (r->at < r->end) {
        size_t len;
        char mark;
        int kind = look(r->at, r->end, &len, &mark);
        if (kind != BLANK && kind != LINE) break;
        lines += kind == LINE;
        r->at += len;
    }
    if (r->at == from) return ABN_GAP_NONE;
    return lines == 0 ? ABN_GAP_SPACE : lines == 1 ? ABN_GAP_LINE : ABN_GAP_PARAGRAPH;
}

static size_t fold_token(const abn_timex_reader *r, const abn_timex_token *t, char *out)
{
    if (t->kind == ABN_TOKEN_MARK) {
        *out = t->mark;
        return 1;
    }
    return abn_utf8_fold((abn_slice){r->text + t->start, t->end - t->start}, out, MAX_WORD);
}

static void know(abn_timex_token *t, const abn_timex_word *word)
{
    t->word = word;
    t->mask = word->mask | (t->capital ? word->capital_mask : 0);
}

static bool has_capital(const char *at, const char *end)
{
    uint32_t code;
    if ((unsigned char)*at < 0x80) return *at >= 'A' && *at <= 'Z';
    return abn_utf8_next(at, end, &code) && abn_utf8_lower(code) != code;
}

static void read_word(abn_timex_reader *r, abn_timex_token *t)
{
    size_t len;
    char mark;
    t->kind = ABN_TOKEN_WORD;
    t->capital = has_capital(r->at, r->end);
    while (r->at < r->end) {
        int kind = look(r->at, r->end, &len, &mark);
        if (kind != LETTER) break;
        r->at += len;
    }
}

static void read_raw(abn_timex_reader *r, abn_timex_token *t)
{
    size_t len;
    memset(t, 0, sizeof *t);
    t->gap = (uint8_t)skip_blanks(r);
    t->start = t->end = (size_t)(r->at - r->text);
    t->kind = ABN_TOKEN_END;
    if (r->at == r->end) return;
    int kind = look(r->at, r->end, &len, &t->mark);
    if (kind == DIGIT) {
        r->at = abn_timex_read_number(r, t);
    } else if (kind == LETTER) {
        read_word(r, t);
    } else {
        t->kind = ABN_TOKEN_MARK;
        r->at += len;
    }
    t->end = (size_t)(r->at - r->text);
    if (t->kind == ABN_TOKEN_NUMBER) return;
    abn_slice as_written = {r->text + t->start, t->end - t->start};
    if (t->kind == ABN_TOKEN_WORD && !abn_timex_lexicon_may_have(r->lexicon, as_written)) return;
    char folded[MAX_WORD];
    size_t n = fold_token(r, t, folded);
    const abn_timex_word *word =
        n ? abn_timex_lexicon_find(r->lexicon, (abn_slice){folded, n}) : NULL;
    if (word) know(t, word);
}

static bool is_notime(const abn_timex_word *word)
{
    return word->n_senses > 0 && word->sense->class == ABN_TX_notime;
}

/* Take the pieces that follow `t` as far as they make a longer form of the lexicon with it. */
static void read_form(abn_timex_reader *r, abn_timex_token *t)
{
    char form[MAX_WORD * (MAX_PIECES + 1)];
    size_t len = fold_token(r, t, form);
    const char *back = r->at;
    bool capital = t->capital;
    const abn_timex_word *word = t->word;
    for (int i = 0; i < MAX_PIECES && word && word->starts; i++) {
        abn_timex_token piece;
        read_raw(r, &piece);
        if (piece.kind == ABN_TOKEN_END || piece.gap >= ABN_GAP_PARAGRAPH) break;
        form[len++] = piece.gap ? ' ' : '\2';
        size_t n = fold_token(r, &piece, form + len);
        if (n == 0) break;
        len += n;
        word = abn_timex_lexicon_find(r->lexicon, (abn_slice){form, len});
        if (word && (word->mask || (capital && word->capital_mask) || is_notime(word))) {
            know(t, word);
            t->kind = ABN_TOKEN_WORD;
            t->end = piece.end;
            back = r->at;
        }
    }
    r->at = back;
}

static void cut_compound(abn_timex_reader *r, abn_timex_token *t)
{
    const abn_timex_word *word = t->word;
    r->held = *t;
    r->held.gap = ABN_GAP_NONE;
    t->end = r->held.start = t->start + word->split;
    t->word = r->held.word = NULL;
    t->mask = r->held.mask = 0;
    if (word->left) know(t, word->left);
    if (word->right) know(&r->held, word->right);
    r->has_held = true;
}

void abn_timex_reader_start(abn_timex_reader *r, const abn_timex_lexicon *lexicon, abn_slice text)
{
    const abn_timex_word *dot = abn_timex_lexicon_find(lexicon, abn_slice_of("."));
    *r = (abn_timex_reader){.lexicon = lexicon,
                            .text = text.ptr,
                            .at = text.ptr,
                            .end = text.ptr + text.len,
                            .day_dot = dot && (dot->mask & ABN_TX_BIT(daysuffix)),
                            .month_first = abn_timex_lexicon_setting(lexicon, "month-first")};
}

void abn_timex_reader_next(abn_timex_reader *r, abn_timex_token *t)
{
    if (r->has_held) {
        *t = r->held;
        r->has_held = false;
        return;
    }
    read_raw(r, t);
    if (!t->word) return;
    if (t->word->starts) read_form(r, t);
    if (t->word->split && !t->word->mask && !t->word->capital_mask) cut_compound(r, t);
}
