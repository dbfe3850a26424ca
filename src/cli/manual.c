/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manual page and shell completions, from the tables that also make the help. */
#include "manual.h"

#include <abnorm/buf.h>
#include <string.h>

/* ---- manual page (roff) ---- */

/* A leading dot or quote would be a request, a hyphen a dash, a backslash an escape. */
static void put_roff(abn_buf *out, const char *text)
{
    bool line_start = true;
    for (; *text; text++) {
        if (line_start && (*text == '.' || *text == '\'')) abn_buf_text(out, "\\&");
        if (*text == '\\')
            abn_buf_text(out, "\\e");
        else if (*text == '-')
            abn_buf_text(out, "\\-");
        else
            abn_buf_char(out, *text);
        line_start = *text == '\n';
    }
}

static void roff_options(abn_buf *out, const option *o)
{
    for (; o && o->name; o++) {
        abn_buf_text(out, ".TP\n");
        if (o->letter) abn_buf_printf(out, "\\fB\\-%c\\fR, ", o->letter);
        abn_buf_text(out, "\\fB\\-\\-");
        put_roff(out, o->name);
        abn_buf_text(out, "\\fR");
        if (o->kind != OPTION_FLAG) {
            abn_buf_text(out, " \\fI");
            put_roff(out, o->value);
            abn_buf_text(out, "\\fR");
        }
        abn_buf_char(out, '\n');
        put_roff(out, o->help);
        abn_buf_char(out, '\n');
    }
}

static void roff_command(abn_buf *out, const command *c)
{
    abn_buf_printf(out, ".SS abnorm %s ", c->name);
    put_roff(out, c->arguments);
    abn_buf_char(out, '\n');
    put_roff(out, c->summary);
    abn_buf_text(out, ".\n.PP\n.nf\n    ");
    put_roff(out, c->example);
    abn_buf_text(out, "\n.fi\n");
    roff_options(out, c->options);
    if (c->details[0]) {
        abn_buf_text(out, ".PP\n.nf\n");
        put_roff(out, c->details);
        abn_buf_text(out, "\n.fi\n");
    }
}

static void put_manual(abn_buf *out)
{
    abn_buf_text(out, ".TH ABNORM 1 \"\" \"abnorm " ABN_VERSION "\" \"User Commands\"\n"
                      ".SH NAME\nabnorm \\- how much news moved a stock, and whether it was more "
                      "than chance\n"
                      ".SH SYNOPSIS\n.B abnorm\n.I COMMAND\n[\\fIOPTION\\fR]... "
                      "[\\fIARGUMENT\\fR]...\n.SH COMMANDS\n");
    for (const command *const *c = commands; *c; c++)
        roff_command(out, *c);
    abn_buf_text(out, ".SH OPTIONS OF EVERY COMMAND\n");
    roff_options(out, common_options);
    abn_buf_text(out, ".SH EXIT STATUS\n"
                      ".TP\n0\ndone\n.TP\n64\nwrong usage\n.TP\n65\nbad data\n.TP\n66\nno input\n"
                      ".TP\n69\nunavailable\n.TP\n70\ninternal error\n.TP\n71\nsystem error\n"
                      ".TP\n75\ntry later\n.TP\n77\nrefused\n");
}

/* ---- completions ---- */

static void put_words(abn_buf *out, const option *o)
{
    for (; o && o->name; o++)
        abn_buf_printf(out, " --%s", o->name);
}

static void bash_choices(abn_buf *out, const char *scope, const option *o)
{
    for (; o && o->name; o++) {
        if (o->kind != OPTION_CHOICE) continue;
        abn_buf_printf(out, "    %s:--%s) words='", scope, o->name);
        for (const char *p = o->value; *p; p++)
            abn_buf_char(out, *p == '|' ? ' ' : *p);
        abn_buf_text(out, "' ;;\n");
    }
}

static void put_bash(abn_buf *out)
{
    abn_buf_text(out, "# bash completion of abnorm\n_abnorm() {\n"
                      "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} "
                      "words=\n"
                      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    words='");
    for (const command *const *c = commands; *c; c++)
        abn_buf_printf(out, "%s ", (*c)->name);
    abn_buf_text(out, "--version'\n  else case ${COMP_WORDS[1]}:$prev in\n");
    bash_choices(out, "*", common_options);
    for (const command *const *c = commands; *c; c++)
        bash_choices(out, (*c)->name, (*c)->options);
    abn_buf_text(out, "    esac\n    if [ -z \"$words\" ] && [ \"${cur#-}\" != \"$cur\" ]; then "
                      "case ${COMP_WORDS[1]} in\n");
    for (const command *const *c = commands; *c; c++) {
        abn_buf_printf(out, "    %s) words='", (*c)->name);
        put_words(out, (*c)->options);
        put_words(out, common_options);
        abn_buf_text(out, "' ;;\n");
    }
    abn_buf_text(out, "    esac; fi\n  fi\n"
                      "  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
                      "  [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- \"$cur\"))\n}\n"
                      "complete -o filenames -F _abnorm abnorm\n");
}

/* Inside single quotes of zsh's _arguments and of fish: quotes, brackets and colons are marked. */
static void put_quoted(abn_buf *out, const char *text, const char *escape)
{
    for (; *text; text++) {
        if (*text == '\'')
            abn_buf_text(out, "'\\''");
        else {
            if (strchr(escape, *text)) abn_buf_char(out, '\\');
            abn_buf_char(out, *text);
        }
    }
}

static void zsh_option(abn_buf *out, const option *o)
{
    abn_buf_printf(out, " \\\n        '--%s%s[", o->name, o->kind == OPTION_FLAG ? "" : "=");
    put_quoted(out, o->help, "[]:\\");
    abn_buf_char(out, ']');
    if (o->kind == OPTION_CHOICE) {
        abn_buf_text(out, ":value:(");
        for (const char *p = o->value; *p; p++)
            abn_buf_char(out, *p == '|' ? ' ' : *p);
        abn_buf_char(out, ')');
    } else if (o->kind == OPTION_PATH) {
        abn_buf_text(out, ":file:_files");
    } else if (o->kind != OPTION_FLAG) {
        abn_buf_text(out, ":value: ");
    }
    abn_buf_char(out, '\'');
}

static void put_zsh(abn_buf *out)
{
    abn_buf_text(out, "#compdef abnorm\n_abnorm() {\n  if (( CURRENT == 2 )); then\n"
                      "    local -a list=(");
    for (const command *const *c = commands; *c; c++) {
        abn_buf_printf(out, "\n      '%s:", (*c)->name);
        put_quoted(out, (*c)->summary, ":\\");
        abn_buf_char(out, '\'');
    }
    abn_buf_text(out, ")\n    _describe command list\n    return\n  fi\n  case $words[2] in\n");
    for (const command *const *c = commands; *c; c++) {
        abn_buf_printf(out, "    %s) shift words; (( CURRENT-- )); _arguments", (*c)->name);
        for (const option *o = (*c)->options; o && o->name; o++)
            zsh_option(out, o);
        for (const option *o = common_options; o->name; o++)
            zsh_option(out, o);
        abn_buf_text(out, " \\\n        '*:file:_files' ;;\n");
    }
    abn_buf_text(out, "  esac\n}\n_abnorm \"$@\"\n");
}

static void fish_option(abn_buf *out, const char *when, const option *o)
{
    abn_buf_printf(out, "complete -c abnorm -n '%s' -l %s", when, o->name);
    if (o->letter) abn_buf_printf(out, " -s %c", o->letter);
    if (o->kind == OPTION_CHOICE) {
        abn_buf_text(out, " -x -a '");
        for (const char *p = o->value; *p; p++)
            abn_buf_char(out, *p == '|' ? ' ' : *p);
        abn_buf_char(out, '\'');
    } else if (o->kind != OPTION_FLAG) {
        abn_buf_text(out, o->kind == OPTION_PATH ? " -r -F" : " -x");
    }
    abn_buf_text(out, " -d '");
    for (const char *p = o->help; *p; p++)
        abn_buf_text(out, *p == '\'' ? "\\'" : (char[2]){*p, '\0'});
    abn_buf_text(out, "'\n");
}

static void put_fish(abn_buf *out)
{
    abn_buf_text(out, "# fish completion of abnorm\n");
    for (const command *const *c = commands; *c; c++) {
        abn_buf_printf(out, "complete -c abnorm -n __fish_use_subcommand -f -a %s -d '",
                       (*c)->name);
        for (const char *p = (*c)->summary; *p; p++)
            abn_buf_text(out, *p == '\'' ? "\\'" : (char[2]){*p, '\0'});
        abn_buf_text(out, "'\n");
    }
    for (const command *const *c = commands; *c; c++) {
        abn_buf when = {0};
        abn_buf_printf(&when, "__fish_seen_subcommand_from %s", (*c)->name);
        for (const option *o = (*c)->options; o && o->name && when.data; o++)
            fish_option(out, when.data, o);
        abn_buf_free(&when);
    }
    for (const option *o = common_options; o->name; o++)
        fish_option(out, "not __fish_use_subcommand", o);
}

abn_status print_manual(cli *c, const char *form)
{
    static const struct {
        const char *form;
        void (*put)(abn_buf *out);
    } forms[] = {{"man", put_manual}, {"bash", put_bash}, {"zsh", put_zsh}, {"fish", put_fish}};
    abn_buf out = {0};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strcmp(forms[i].form, form) == 0) forms[i].put(&out);
    abn_status status = abn_buf_status(&out, &c->err);
    if (status == ABN_OK) status = cli_print(c, out.data, out.len);
    abn_buf_free(&out);
    return status;
}
