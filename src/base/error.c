/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/error.h>

#include <abnorm/plain.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void abn_error_clear(abn_error *err)
{
    if (err) memset(err, 0, sizeof *err);
}

/* The end of a long path tells more than its beginning. */
static void keep_source(abn_error *err, const char *source)
{
    size_t len = source ? strlen(source) : 0, room = sizeof err->source - 1;
    if (len > room) {
        source += len - room;
        len = room;
    }
    if (len) memcpy(err->source, source, len);
    err->source[len] = '\0';
}

static abn_status record(abn_error *err, abn_status status, const char *source, long line,
                         long column, const char *fmt, va_list args)
{
    if (!err || err->status != ABN_OK) return status;
    err->status = status;
    err->line = line;
    err->column = column;
    keep_source(err, source);
    vsnprintf(err->text, sizeof err->text, fmt, args);
    return status;
}

abn_status abn_fail(abn_error *err, abn_status status, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    record(err, status, NULL, 0, 0, fmt, args);
    va_end(args);
    return status;
}

abn_status abn_fail_at(abn_error *err, abn_status status, const char *source, long line,
                       long column, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    record(err, status, source, line, column, fmt, args);
    va_end(args);
    return status;
}

abn_status abn_fail_memory(abn_error *err)
{
    return abn_fail(err, ABN_MEMORY, "%s", abn_status_text(ABN_MEMORY));
}

char *abn_error_format(const abn_error *err, char *out, size_t size)
{
    if (!size) return out;
    if (!err->source[0])
        snprintf(out, size, "%s", err->text);
    else if (!err->line)
        snprintf(out, size, "%s: %s", err->source, err->text);
    else if (!err->column)
        snprintf(out, size, "%s:%ld: %s", err->source, err->line, err->text);
    else
        snprintf(out, size, "%s:%ld:%ld: %s", err->source, err->line, err->column, err->text);
    return abn_plain_line(out);
}
