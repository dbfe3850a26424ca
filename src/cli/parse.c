/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Command lines: words to options, each checked by its kind. */
#include "command.h"

#include <abnorm/date.h>
#include <abnorm/number.h>
#include <abnorm/slice.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t count_options(const option *o)
{
    size_t n = 0;
    while (o && o[n].name)
        n++;
    return n;
}

static const option *option_at(const cli *c, size_t i)
{
    size_t common = count_options(common_options);
    return i < common ? &common_options[i] : &c->command->options[i - common];
}

static size_t options_of(const cli *c)
{
    return count_options(common_options) + count_options(c->command->options);
}

static ptrdiff_t find_name(const cli *c, abn_slice name)
{
    for (size_t i = 0; i < options_of(c); i++)
        if (abn_slice_eq(name, option_at(c, i)->name)) return (ptrdiff_t)i;
    return -1;
}

static ptrdiff_t find_letter(const cli *c, char letter)
{
    for (size_t i = 0; i < options_of(c); i++)
        if (option_at(c, i)->letter == letter) return (ptrdiff_t)i;
    return -1;
}

static abn_status fail_unknown(cli *c, abn_slice name)
{
    const char *names[128];
    size_t n = 0;
    for (; n < options_of(c) && n < 127; n++)
        names[n] = option_at(c, n)->name;
    names[n] = NULL;
    char word[64];
    snprintf(word, sizeof word, "%.*s", (int)(name.len < 60 ? name.len : 60), name.ptr);
    const char *near = nearest(word, names);
    return abn_fail(&c->err, ABN_USAGE, "unknown option \"--%s\" of %s%s%s%s", word,
                    c->command->name, near ? " (did you mean --" : "", near ? near : "",
                    near ? "?)" : "");
}

bool cli_parse_range(const char *text, int *from, int *to)
{
    abn_slice rest = abn_slice_of(text), part;
    long a, b;
    if (!abn_slice_split(&rest, ':', &part) || !abn_integer_parse(part, &a) ||
        !abn_integer_parse(rest, &b) || a > b || a < -1000000 || b > 1000000)
        return false;
    *from = (int)a;
    *to = (int)b;
    return true;
}

static bool is_choice(const char *choices, const char *value)
{
    abn_slice rest = abn_slice_of(choices), part;
    while (abn_slice_split(&rest, '|', &part))
        if (abn_slice_eq(part, value)) return true;
    return false;
}

/* What the value should have been, or NULL when it is right. */
static const char *expected(const option *o, const char *value)
{
    abn_slice text = abn_slice_of(value);
    long whole;
    double real;
    abn_date date;
    int from, to;
    switch (o->kind) {
    case OPTION_INT:
        return abn_integer_parse(text, &whole) && whole >= 0 && whole <= INT_MAX
                   ? NULL
                   : "a whole number from 0";
    case OPTION_REAL:
        return abn_number_parse(text, &real) ? NULL : "a number";
    case OPTION_DATE:
        return abn_date_parse(text, &date) ? NULL : "YYYY-MM-DD";
    case OPTION_RANGE:
        return cli_parse_range(value, &from, &to) ? NULL : "A:B with A <= B, as -10:10";
    case OPTION_CHOICE:
        return is_choice(o->value, value) ? NULL : o->value;
    case OPTION_PATH:
        return text.len ? NULL : "a file or folder";
    case OPTION_FLAG:
    case OPTION_TEXT:
        break;
    }
    return NULL;
}

static abn_status set(cli *c, size_t at, const char *value)
{
    const option *o = option_at(c, at);
    const char *want = expected(o, value);
    if (want)
        return abn_fail(&c->err, ABN_USAGE, "bad value \"%s\" of --%s (expected %s)", value,
                        o->name, want);
    c->value[at] = value;
    return ABN_OK;
}

/* The option's value is behind '=' (`inline_value`), or the next word. */
static abn_status take(cli *c, ptrdiff_t at, const char *inline_value, int argc, char **argv,
                       int *i)
{
    const option *o = option_at(c, (size_t)at);
    if (o->kind == OPTION_FLAG) {
        if (inline_value) return abn_fail(&c->err, ABN_USAGE, "--%s takes no value", o->name);
        c->value[at] = "";
        return ABN_OK;
    }
    if (!inline_value) {
        if (*i + 1 >= argc)
            return abn_fail(&c->err, ABN_USAGE, "--%s needs a value (%s)", o->name, o->value);
        inline_value = argv[++*i];
    }
    return set(c, (size_t)at, inline_value);
}

static abn_status take_long(cli *c, const char *word, int argc, char **argv, int *i)
{
    const char *equals = strchr(word, '=');
    abn_slice name = {word, equals ? (size_t)(equals - word) : strlen(word)};
    ptrdiff_t at = find_name(c, name);
    if (at < 0) return fail_unknown(c, name);
    return take(c, at, equals ? equals + 1 : NULL, argc, argv, i);
}

/* "-qo DIR" and "-oDIR": letters may share a word, the last may take a value. */
static abn_status take_letters(cli *c, const char *word, int argc, char **argv, int *i)
{
    for (const char *p = word; *p; p++) {
        ptrdiff_t at = find_letter(c, *p);
        if (at < 0)
            return abn_fail(&c->err, ABN_USAGE, "unknown option \"-%c\" of %s", *p,
                            c->command->name);
        if (option_at(c, (size_t)at)->kind != OPTION_FLAG) {
            const char *rest = p[1] == '=' ? p + 2 : p[1] ? p + 1 : NULL;
            return take(c, at, rest, argc, argv, i);
        }
        c->value[at] = "";
    }
    return ABN_OK;
}

static abn_status check_count(cli *c)
{
    int n = (int)c->n_args;
    if (cli_flag(c, "help")) return ABN_OK;
    if (n < c->command->least)
        return abn_fail(&c->err, ABN_USAGE, "%s needs %s (try: %s)", c->command->name,
                        c->command->arguments, c->command->example);
    if (c->command->most >= 0 && n > c->command->most)
        return abn_fail(&c->err, ABN_USAGE, "unexpected argument \"%s\" of %s",
                        c->arg[c->command->most], c->command->name);
    return ABN_OK;
}

abn_status cli_parse(cli *c, int argc, char **argv)
{
    c->value = calloc(options_of(c) + 1, sizeof *c->value);
    c->arg = calloc((size_t)argc + 1, sizeof *c->arg);
    if (!c->value || !c->arg) return abn_fail_memory(&c->err);
    bool only_arguments = false;
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
        abn_status status = ABN_OK;
        if (only_arguments || word[0] != '-' || !word[1])
            c->arg[c->n_args++] = word;
        else if (strcmp(word, "--") == 0)
            only_arguments = true;
        else if (word[1] == '-')
            status = take_long(c, word + 2, argc, argv, &i);
        else
            status = take_letters(c, word + 1, argc, argv, &i);
        if (status != ABN_OK) return status;
    }
    return check_count(c);
}

void cli_free(cli *c)
{
    free(c->value);
    free(c->arg);
    free(c->data);
    abn_notes_free(c->notes);
}

/* ---- reading the values ---- */

const char *cli_text(const cli *c, const char *name)
{
    ptrdiff_t at = find_name(c, abn_slice_of(name));
    return at < 0 || !c->value ? NULL : c->value[at];
}

bool cli_flag(const cli *c, const char *name)
{
    return cli_text(c, name) != NULL;
}

long cli_int(const cli *c, const char *name, long otherwise)
{
    const char *text = cli_text(c, name);
    long value;
    return text && abn_integer_parse(abn_slice_of(text), &value) ? value : otherwise;
}

double cli_real(const cli *c, const char *name, double otherwise)
{
    const char *text = cli_text(c, name);
    double value;
    return text && abn_number_parse(abn_slice_of(text), &value) ? value : otherwise;
}

int cli_date(const cli *c, const char *name)
{
    const char *text = cli_text(c, name);
    abn_date date;
    return text && abn_date_parse(abn_slice_of(text), &date) ? date : ABN_NO_DATE;
}

bool cli_range(const cli *c, const char *name, int *from, int *to)
{
    const char *text = cli_text(c, name);
    return text && cli_parse_range(text, from, to);
}

abn_status cli_usage(cli *c, const char *name, const char *fmt, ...)
{
    char text[400];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return abn_fail(&c->err, ABN_USAGE, "--%s: %s", name, text);
}
