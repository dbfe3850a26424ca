/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people see: results on stdout, everything else on stderr. */
#include "command.h"

#include <abnorm/buf.h>
#include <abnorm/events.h>
#include <abnorm/plain.h>
#include <abnorm/quotes.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SHOWN_OF_A_KIND 5

int cli_digits(const cli *c)
{
    return (int)cli_int(c, "digits", 10);
}

int cli_threads(const cli *c)
{
    return (int)cli_int(c, "threads", 0);
}

abn_status cli_print(cli *c, const char *bytes, size_t len)
{
    cli_progress_end();
    while (len) {
        ssize_t put = write(STDOUT_FILENO, bytes, len);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return abn_fail_at(&c->err, ABN_SYSTEM, "stdout", 0, 0, "%s", strerror(errno));
        bytes += put;
        len -= (size_t)put;
    }
    return ABN_OK;
}

abn_status cli_print_text(cli *c, abn_buf *text)
{
    abn_status status = abn_buf_status(text, &c->err);
    return status == ABN_OK ? cli_print(c, abn_plain_text(text->data), text->len) : status;
}

abn_status cli_show(cli *c, const abn_table *table)
{
    const char *asked = cli_text(c, "format");
    /* Some launchers give a terminal of their own, whatever theirs is. */
    bool read = !c->crew && isatty(STDOUT_FILENO);
    abn_format format = read ? ABN_FORMAT_TEXT : ABN_FORMAT_CSV;
    if (asked) abn_format_parse(asked, &format);
    if (format == ABN_FORMAT_CSV && cli_flag(c, "safe-csv")) format = ABN_FORMAT_SAFE_CSV;
    int digits = cli_digits(c);
    if (format != ABN_FORMAT_CSV && format != ABN_FORMAT_SAFE_CSV && format != ABN_FORMAT_JSON &&
        !cli_flag(c, "digits"))
        digits = 5; /* for reading, not for computing */
    abn_buf out = {0};
    abn_status status = abn_table_format(table, format, digits, cli_threads(c), &out, &c->err);
    if (status == ABN_OK) status = cli_print(c, out.data, out.len);
    abn_buf_free(&out);
    return status;
}

/* Names of strangers may stand in it. */
void cli_say_plainly(const char *fmt, va_list args)
{
    char text[2048];
    vsnprintf(text, sizeof text, fmt, args);
    fputs(abn_plain_text(text), stderr);
}

void cli_say(const cli *c, const char *fmt, ...)
{
    if (cli_flag(c, "quiet")) return;
    cli_progress_end();
    va_list args;
    va_start(args, fmt);
    cli_say_plainly(fmt, args);
    va_end(args);
    fputc('\n', stderr);
}

static size_t count_before(const cli *c, size_t i, const char *kind)
{
    size_t n = 0;
    for (size_t j = 0; j < i && n <= SHOWN_OF_A_KIND; j++)
        n += strcmp(abn_notes_at(c->notes, j)->kind, kind) == 0;
    return n;
}

static void print_note(const abn_note *n)
{
    abn_error e = {.line = n->line, .column = n->column};
    snprintf(e.source, sizeof e.source, "%s", n->source ? n->source : "");
    snprintf(e.text, sizeof e.text, "%s", n->text);
    char line[800];
    fprintf(stderr, "abnorm: %s\n", abn_error_format(&e, line, sizeof line));
}

/* --quiet hides warnings; what could not be read is an error. */
static bool is_failure(const abn_note *note)
{
    return strcmp(note->kind, CLI_FAILED_INPUT) == 0 ||
           strcmp(note->kind, ABN_UNREADABLE_FILE) == 0 ||
           strcmp(note->kind, ABN_MALFORMED_EVENT) == 0;
}

bool cli_some_failed(const cli *c)
{
    for (size_t i = 0; i < abn_notes_count(c->notes); i++)
        if (is_failure(abn_notes_at(c->notes, i))) return true;
    return c->some_failed;
}

/* The first few of each kind, then how many more there were. */
void cli_print_notes(const cli *c)
{
    size_t n = abn_notes_count(c->notes);
    bool all = cli_flag(c, "verbose");
    bool quiet = cli_flag(c, "quiet");
    for (size_t i = 0; i < n; i++)
        if (quiet ? is_failure(abn_notes_at(c->notes, i))
                  : all || count_before(c, i, abn_notes_at(c->notes, i)->kind) < SHOWN_OF_A_KIND)
            print_note(abn_notes_at(c->notes, i));
    for (size_t i = 0; !all && !quiet && i < n; i++) {
        const char *kind = abn_notes_at(c->notes, i)->kind;
        if (count_before(c, i, kind) != SHOWN_OF_A_KIND) continue;
        size_t more = 1;
        for (size_t j = i + 1; j < n; j++)
            more += strcmp(abn_notes_at(c->notes, j)->kind, kind) == 0;
        fprintf(stderr, "abnorm: %s: %zu more (--verbose shows all)\n", kind, more);
    }
}
