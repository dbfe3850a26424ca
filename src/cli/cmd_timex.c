/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `abnorm timex`: expressions of time as JSON lines. */
#include "commands.h"
#include "inputs.h"

#include <abnorm/buf.h>
#include <abnorm/document.h>
#include <abnorm/file.h>
#include <abnorm/plain.h>
#include <abnorm/timex.h>
#include <stdlib.h>
#include <string.h>

enum { FLUSH_BYTES = 1 << 16, DATELINE_BYTES = 1 << 10 };

static const option timex_options[] = {
    {"published", 0, OPTION_DATE, "DATE", "day the texts were written, for \"today\", \"in May\""},
    {"lang", 0, OPTION_TEXT, "L", "language of the texts (default: guessed, one by one)"},
    {0},
};

typedef struct tagging {
    cli *cli;
    abn_languages *languages;
    abn_timexes found;
    abn_buf out;
} tagging;

/* Code points, counted once along the text. */
typedef struct counter {
    abn_slice text;
    size_t byte, points;
} counter;

static size_t points_at(counter *c, size_t byte)
{
    while (c->byte < byte) {
        const char *at = c->text.ptr + c->byte;
        size_t n = !(*at & 0x80) ? 1 : abn_letter((abn_slice){at, c->text.len - c->byte});
        c->byte += n ? n : 1; /* an invalid byte counts as one */
        c->points++;
    }
    return c->points;
}

static void put_number(abn_buf *out, size_t number)
{
    char digits[24];
    size_t n = sizeof digits;
    do {
        digits[--n] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    abn_buf_add(out, digits + n, sizeof digits - n);
}

static void put_timex(abn_buf *out, const char *doc, counter *at, const abn_timex *t)
{
    abn_buf_text(out, "{\"doc\": ");
    abn_plain_json(out, abn_slice_of(doc));
    abn_buf_text(out, ", \"start\": ");
    put_number(out, points_at(at, t->start));
    abn_buf_text(out, ", \"end\": ");
    put_number(out, points_at(at, t->end));
    abn_buf_text(out, ", \"text\": ");
    abn_plain_json(out, (abn_slice){at->text.ptr + t->start, t->end - t->start});
    abn_buf_text(out, ", \"type\": \"");
    abn_buf_text(out, abn_timex_type_name(t->type));
    abn_buf_text(out, "\", \"value\": \"");
    abn_buf_text(out, t->value);
    abn_buf_text(out, "\"}\n");
}

static abn_status flush(tagging *t, size_t least)
{
    abn_status status = abn_buf_status(&t->out, &t->cli->err);
    if (status != ABN_OK || t->out.len < least || t->out.len == 0) return status;
    status = cli_print(t->cli, t->out.data, t->out.len);
    abn_buf_clear(&t->out);
    return status;
}

/* Whether the time has a line of the text to itself. */
static bool is_a_line(abn_slice text, const abn_timex *t)
{
    size_t from = t->start, to = t->end;
    while (from > 0 && (text.ptr[from - 1] == ' ' || text.ptr[from - 1] == '\t'))
        from--;
    while (to < text.len && strchr(" \t\r.", text.ptr[to]))
        to++;
    return (from == 0 || text.ptr[from - 1] == '\n') && (to == text.len || text.ptr[to] == '\n');
}

/* The day on a line of its own near the top, as news has it below the title; ABN_NO_DATE without
 * one. Only the top is read. */
static abn_status find_dateline(tagging *t, const char *lang, abn_slice text, abn_date *day,
                                abn_error *err)
{
    abn_slice top = {text.ptr, text.len < DATELINE_BYTES ? text.len : DATELINE_BYTES};
    abn_status status = abn_timex_tag(t->languages, lang, top, ABN_NO_DATE, &t->found, err);
    *day = ABN_NO_DATE;
    for (size_t i = 0; status == ABN_OK && i < t->found.count && *day == ABN_NO_DATE; i++)
        if (t->found.at[i].date != ABN_NO_DATE && is_a_line(top, &t->found.at[i]))
            *day = t->found.at[i].date;
    return status;
}

static abn_status tag_text(void *context, const char *source, abn_slice text, abn_error *err)
{
    tagging *t = context;
    abn_status status = abn_document_check_text(source, text, err);
    if (status != ABN_OK) return status;
    const char *lang = cli_text(t->cli, "lang");
    if (!lang) lang = abn_language_guess(t->languages, text);
    if (!*lang) lang = "en";
    abn_date day = cli_date(t->cli, "published");
    if (day == ABN_NO_DATE) status = find_dateline(t, lang, text, &day, err);
    char *doc = abn_path_stem(source);
    if (!doc || status != ABN_OK) {
        free(doc);
        return status == ABN_OK ? abn_fail_memory(err) : status;
    }
    status = abn_timex_tag(t->languages, lang, text, day, &t->found, err);
    counter at = {.text = text};
    for (size_t i = 0; status == ABN_OK && i < t->found.count; i++) {
        put_timex(&t->out, doc, &at, &t->found.at[i]);
        status = flush(t, FLUSH_BYTES);
    }
    free(doc);
    return status;
}

static abn_status run_timex(cli *c)
{
    tagging t = {.cli = c};
    abn_status status = cli_check_lang(c);
    if (status == ABN_OK)
        status = abn_languages_load(c->data ? c->data : "data", &t.languages, &c->err);
    if (status == ABN_OK) status = inputs_each(c, c->arg, c->n_args, 0, tag_text, &t);
    if (status == ABN_OK) status = flush(&t, 0);
    abn_buf_free(&t.out);
    abn_timexes_free(&t.found);
    abn_languages_free(t.languages);
    return status;
}

const command cmd_timex = {
    .name = "timex",
    .arguments = "FILE...",
    .summary = "find the expressions of time in texts",
    .example = "abnorm timex --published 2025-02-13 seeds/texts/*.txt",
    .details = "Prints a JSON object a line: doc (file name without folder and last extension),\n"
               "start and end in Unicode code points, text, and type and value as TIMEX3 has\n"
               "them. Without --published, the day of writing is the first date that has a line\n"
               "to itself near the top of the text; without that, what hangs on it keeps an X\n"
               "for each digit that is not known.\n",
    .options = timex_options,
    .least = 1,
    .most = -1,
    .run = run_timex,
};
