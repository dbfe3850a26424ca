/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command: finds which one is meant, runs it, turns its status into an exit code. */
#include "command.h"
#include "commands.h"
#include "crew.h"
#include "interrupt.h"
#include "manual.h"
#include "sandbox.h"
#include "topics.h"

#include <abnorm/buf.h>
#include <abnorm/error.h>
#include <abnorm/file.h>
#include <abnorm/json_memory.h>
#include <abnorm/quiet.h>
#include <abnorm/ranks.h>
#include <errno.h>
#include <locale.h>
#include <omp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const option common_options[] = {
    {"format", 0, OPTION_CHOICE, "text|csv|json|latex|markdown",
     "form of the result (default text on a terminal, csv elsewhere)"},
    {"digits", 0, OPTION_INT, "N", "significant digits of numbers, 17 is exact (default 10)"},
    {"safe-csv", 0, OPTION_FLAG, NULL,
     "an apostrophe before texts that a spreadsheet would run as formulas (= + - @)"},
    {"sandbox", 0, OPTION_FLAG, NULL,
     "write below --output alone, run gnuplot alone, no network (Linux: Landlock, seccomp)"},
    {"data", 0, OPTION_PATH, "DIR", "folder of exchanges, calendars, listings, languages"},
    {"threads", 0, OPTION_INT, "N", "threads to use (default all)"},
    {"quiet", 'q', OPTION_FLAG, NULL, "no warnings, no progress"},
    {"verbose", 'v', OPTION_FLAG, NULL, "every warning"},
    {"help", 'h', OPTION_FLAG, NULL, "this text"},
    {0},
};

static const command *find_command(const char *name)
{
    for (const command *const *c = commands; *c; c++)
        if (strcmp((*c)->name, name) == 0) return *c;
    return NULL;
}

static abn_status fail_unknown_command(cli *c, const char *name)
{
    const char *names[64];
    size_t n = 0;
    for (; commands[n] && n < 63; n++)
        names[n] = commands[n]->name;
    names[n] = NULL;
    const char *near = nearest(name, names);
    return abn_fail(&c->err, ABN_USAGE, "unknown command \"%s\" (%s%s)", name,
                    near ? "did you mean " : "see: abnorm help", near ? near : "");
}

static abn_status run_help(cli *c)
{
    const char *form = cli_text(c, "as");
    if (form && strcmp(form, "text") != 0) return print_manual(c, form);
    abn_status status;
    if (!c->n_args) return cli_help(c, NULL);
    if (topic_help(c, c->arg[0], &status)) return status;
    const command *about = find_command(c->arg[0]);
    return about ? cli_help(c, about) : fail_unknown_command(c, c->arg[0]);
}

static const option help_options[] = {
    {"as", 0, OPTION_CHOICE, "text|man|bash|zsh|fish",
     "this help, the manual page, or a shell's completion (default text)"},
    {0},
};

const command cmd_help = {
    .name = "help",
    .options = help_options,
    .arguments = "[COMMAND or TOPIC]",
    .summary = "tell about a command, or about tests, models, conventions",
    .example = "abnorm help study",
    .details = "",
    .most = 1,
    .run = run_help,
};

char *cli_data(const cli *c, const char *name)
{
    return abn_path_join(c->data ? c->data : "data", name);
}

/* A language is a folder of the data. */
abn_status cli_check_lang(cli *c)
{
    const char *lang = cli_text(c, "lang");
    char *folder = lang ? cli_data(c, "lang") : NULL;
    abn_names names = {0};
    abn_buf known = {0};
    if (!lang) return ABN_OK;
    abn_status status =
        folder ? abn_folder_list(folder, NULL, &names, &c->err) : abn_fail_memory(&c->err);
    bool found = false;
    for (size_t i = 0; i < names.count; i++) {
        if (strchr(names.name[i], '.')) continue;
        size_t n = strlen(names.name[i]);
        found |= strncmp(lang, names.name[i], n) == 0 && (!lang[n] || strchr("-_", lang[n]));
        abn_buf_printf(&known, "%s%s", known.len ? ", " : "", names.name[i]);
    }
    if (status == ABN_OK && !found)
        status = cli_usage(c, "lang", "unknown language \"%s\" (known: %s)", lang,
                           known.data ? known.data : "");
    abn_buf_free(&known);
    abn_names_free(&names);
    free(folder);
    return status;
}

static bool try_data(cli *c, const char *folder, const char *below)
{
    char *path = abn_path_join(folder, below);
    if (path && abn_is_folder(path)) {
        c->data = path;
        return true;
    }
    if (!path) abn_fail_memory(&c->err);
    free(path);
    return false;
}

/* Where this program lies: by the kernel, or, without /proc, by its own name and PATH. */
static char *own_path(const cli *c)
{
    char *found = realpath("/proc/self/exe", NULL);
    if (!found && errno == ENOMEM) return NULL;
    if (found || strchr(c->program, '/')) return found ? found : realpath(c->program, NULL);
    const char *path = getenv("PATH");
    abn_slice rest = abn_slice_of(path), folder;
    while (path && !found && abn_slice_split(&rest, ':', &folder)) {
        char *owned = abn_slice_dup(folder),
             *full = owned ? abn_path_join(owned, c->program) : NULL;
        if (full && access(full, X_OK) == 0) found = realpath(full, NULL);
        free(full);
        free(owned);
    }
    return found;
}

/* --data, or beside the executable: ../share/abnorm when installed, ../data in the source tree. */
abn_status cli_find_data(cli *c)
{
    const char *asked = cli_text(c, "data");
    if (asked) {
        c->data = strdup(asked);
        return c->data ? ABN_OK : abn_fail_memory(&c->err);
    }
    errno = 0;
    char *exe = own_path(c);
    if (!exe && errno == ENOMEM) return abn_fail_memory(&c->err);
    for (char *slash; exe && !c->data && !c->err.status && (slash = strrchr(exe, '/')) != NULL;) {
        *slash = '\0';
        if (!try_data(c, exe, "share/abnorm")) try_data(c, exe, "data");
    }
    free(exe);
    return c->err.status; /* without memory: another folder of data may lie where we are */
}

/* Find the command and read its options. */
enum { THREADS_MOST = 1024 }; /* each has its own share of the memory */

static abn_status prepare(cli *c, int argc, char **argv)
{
    c->notes = abn_notes_new();
    if (!c->notes) return abn_fail_memory(&c->err);
    const char *name = argc > 1 ? argv[1] : "help";
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) name = "help";
    c->command = find_command(name);
    if (!c->command) {
        c->command = &cmd_help;
        return fail_unknown_command(c, name);
    }
    int skip = argc > 2 ? 2 : argc;
    abn_status status = cli_parse(c, argc - skip, argv + skip);
    if (status != ABN_OK || cli_flag(c, "help")) return status;
    if (cli_int(c, "threads", 0) > THREADS_MOST)
        return cli_usage(c, "threads", "more than %d", THREADS_MOST);
    if (cli_threads(c) > 0) omp_set_num_threads(cli_threads(c)); /* also where none are asked for */
    status = cli_find_data(c);
    if (status != ABN_OK || !cli_flag(c, "sandbox")) return status;
    if (c->crew) return cli_usage(c, "sandbox", "it lets processes of one study not meet");
    return sandbox_enter(c);
}

static abn_status run(cli *c, int argc, char **argv)
{
    bool leads = abn_crew_leads(c->crew);
    if (argc > 1 && strcmp(argv[1], "--version") == 0)
        return leads ? cli_print(c, "abnorm " ABN_VERSION "\n", strlen("abnorm " ABN_VERSION "\n"))
                     : ABN_OK;
    abn_status status = abn_crew_agree(c->crew, prepare(c, argc, argv), &c->err);
    if (status != ABN_OK) return status;
    if (!leads && (cli_flag(c, "help") || !c->command->divides)) return ABN_OK;
    return cli_flag(c, "help") ? cli_help(c, c->command) : c->command->run(c);
}

/* What is left to say, once, and the exit code. */
static int finish(cli *c, abn_status status)
{
    bool leads = abn_crew_leads(c->crew);
    if (status == ABN_OK && abn_notes_lost(c->notes)) status = abn_fail_memory(&c->err);
    if (c->value) cli_progress_end();
    if (leads && c->command && c->value) cli_print_notes(c);
    if (leads && status != ABN_OK) {
        char line[1024];
        fprintf(stderr, "abnorm: %s\n",
                c->err.status ? abn_error_format(&c->err, line, sizeof line)
                              : abn_status_text(status));
    }
    return status != ABN_OK ? abn_status_exit_code(status) : cli_some_failed(c) ? 65 : 0;
}

/* Not even memory to go on with: say it without any. */
static void end_without_memory(void)
{
    static const char text[] = "abnorm: out of memory\n";
    ssize_t put = write(STDERR_FILENO, text, sizeof text - 1);
    (void)put;
    interrupt_quit(abn_status_exit_code(ABN_MEMORY));
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "C");
    abn_stats_quiet_gsl();
    abn_json_on_no_memory(end_without_memory);
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is a write error, told and cleaned up after */
    interrupt_start();
    cli c = {.program = argc ? argv[0] : "abnorm"};
    abn_status status = crew_start(&c);
    if (status == ABN_OK) status = run(&c, argc, argv);
    status = abn_crew_agree(c.crew, status, &c.err);
    int code = finish(&c, status);
    cli_free(&c);
    abn_ranks_end(c.crew, code);
    interrupt_end();
    return code;
}
