/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help from the command tables, and the nearest name to a mistyped one. */
#include "command.h"

#include <abnorm/buf.h>
#include <stdlib.h>
#include <string.h>

static void put_option(abn_buf *out, const option *o)
{
    abn_buf left = {0};
    if (o->letter)
        abn_buf_printf(&left, "  -%c, --%s", o->letter, o->name);
    else
        abn_buf_printf(&left, "      --%s", o->name);
    if (o->kind != OPTION_FLAG) abn_buf_printf(&left, " %s", o->value);
    abn_buf_slice(out, (abn_slice){left.data, left.len});
    if (left.len < 28)
        abn_buf_printf(out, "%*s", (int)(30 - left.len), "");
    else
        abn_buf_printf(out, "\n%30s", "");
    abn_buf_printf(out, "%s\n", o->help);
    abn_buf_free(&left);
}

static void put_options(abn_buf *out, const char *title, const option *o)
{
    if (!o || !o->name) return;
    abn_buf_printf(out, "\n%s\n", title);
    for (; o->name; o++)
        put_option(out, o);
}

static void put_command(abn_buf *out, const command *about)
{
    abn_buf_printf(out, "%s\n\n  %s\n\nUsage: abnorm %s [OPTION]...%s%s\n", about->summary,
                   about->example, about->name, about->arguments[0] ? " " : "", about->arguments);
    put_options(out, "Options:", about->options);
    put_options(out, "Everywhere:", common_options);
    if (about->details[0]) abn_buf_printf(out, "\n%s\n", about->details);
}

static void put_overview(abn_buf *out)
{
    abn_buf_text(out, "abnorm tells how much news moved a stock, and whether it was more than "
                      "chance.\n\n"
                      "  abnorm run seeds/study.json -o out    texts and quotes in, tables and "
                      "pictures out\n\n"
                      "Usage: abnorm COMMAND [OPTION]... [ARGUMENT]...\n\nCommands:\n");
    for (const command *const *c = commands; *c; c++)
        abn_buf_printf(out, "  %-12s%s\n", (*c)->name, (*c)->summary);
    abn_buf_text(out, "\n`abnorm help COMMAND` tells more, `abnorm help tests`, `models` and "
                      "`conventions` what is\ncomputed. Exit codes: 0 done, 64 usage, 65 bad "
                      "data, 66 no input,\n69 unavailable, 70 internal, 71 system, 75 try later, "
                      "77 refused.\n");
}

abn_status cli_help(cli *c, const command *about)
{
    abn_buf out = {0};
    if (about)
        put_command(&out, about);
    else
        put_overview(&out);
    abn_status status = abn_buf_status(&out, &c->err);
    if (status == ABN_OK) status = cli_print(c, out.data, out.len);
    abn_buf_free(&out);
    return status;
}

/* Edits (insert, delete, replace, swap neighbours) between two short words. */
static size_t distance(const char *a, const char *b)
{
    enum { MOST = 40 };
    size_t n = strlen(a), m = strlen(b);
    if (n >= MOST || m >= MOST) return MOST;
    unsigned char d[MOST][MOST];
    for (size_t i = 0; i <= n; i++)
        for (size_t j = 0; j <= m; j++) {
            if (!i || !j) {
                d[i][j] = (unsigned char)(i + j);
                continue;
            }
            unsigned best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1] ? 1u : 0u);
            if (d[i - 1][j] + 1u < best) best = d[i - 1][j] + 1u;
            if (d[i][j - 1] + 1u < best) best = d[i][j - 1] + 1u;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                d[i - 2][j - 2] + 1u < best)
                best = d[i - 2][j - 2] + 1u;
            d[i][j] = (unsigned char)best;
        }
    return d[n][m];
}

const char *nearest(const char *word, const char *const *names)
{
    const char *best = NULL;
    size_t least = strlen(word) / 3 + 2; /* further away is no typing slip */
    for (; *names; names++) {
        size_t d = strncmp(word, *names, strlen(word)) == 0 ? 1 : distance(word, *names);
        if (d < least) {
            least = d;
            best = *names;
        }
    }
    return best;
}
