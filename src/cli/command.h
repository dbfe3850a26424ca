/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A command as data: one table drives parsing, help, completion and the manual page. */
#ifndef COMMAND_H
#define COMMAND_H

#include <abnorm/crew.h>
#include <abnorm/error.h>
#include <abnorm/notes.h>
#include <abnorm/table.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum option_kind {
    OPTION_FLAG,   /* no value */
    OPTION_TEXT,   /* any value; also lists joined by ',' */
    OPTION_PATH,   /* a file or folder */
    OPTION_INT,    /* a whole number from 0 */
    OPTION_REAL,   /* a number */
    OPTION_DATE,   /* YYYY-MM-DD */
    OPTION_RANGE,  /* A:B, whole numbers, A <= B */
    OPTION_CHOICE, /* one of `value`, which joins them by '|' */
} option_kind;

typedef struct option {
    const char *name; /* "event-window", without dashes; NULL ends a table */
    char letter;      /* 'o' for -o; 0 for none */
    option_kind kind;
    const char *value; /* what help calls the value: "FILE", "A:B", "text|csv|json" */
    const char *help;  /* one line; "(default ...)" at its end */
} option;

typedef struct cli cli;

typedef struct command {
    const char *name;
    const char *arguments; /* "DOC..."; "" for none */
    const char *summary;   /* one line */
    const char *example;   /* a whole command line that works */
    const char *details;   /* paragraphs below the options; may be "" */
    const option *options; /* of this command; the common ones are always there */
    int least, most;       /* number of arguments; most -1: any */
    bool divides;          /* several processes share the work; else the first does it alone */
    abn_status (*run)(cli *c);
} command;

extern const command *const commands[]; /* ends with NULL */
extern const option common_options[];

/* One call of the command, parsed. */
struct cli {
    const command *command;
    const char **value; /* a slot an option, common ones first; NULL when not given */
    const char **arg;
    size_t n_args;
    const char *program; /* argv[0] */
    abn_crew *crew;      /* other processes that do the same; NULL: alone */
    char *data;          /* the data folder, found */
    abn_notes *notes;    /* printed at the end, grouped */
    abn_error err;       /* printed when run() fails */
    bool some_failed;    /* some inputs failed and the rest was done: exit code 65 */
};

/* ---- what was asked ---- */

/* An option's value, NULL or false when not given. The name must be in the tables. */
const char *cli_text(const cli *c, const char *name);
bool cli_flag(const cli *c, const char *name);
/* Values checked when they were parsed; `otherwise` when not given. */
long cli_int(const cli *c, const char *name, long otherwise);
double cli_real(const cli *c, const char *name, double otherwise);
int cli_date(const cli *c, const char *name); /* an abn_date */
/* False when not given. */
bool cli_range(const cli *c, const char *name, int *from, int *to);
/* "A:B" into two numbers; false when it is anything else. */
bool cli_parse_range(const char *text, int *from, int *to);
/* Record a usage error about an option. */
abn_status cli_usage(cli *c, const char *name, const char *fmt, ...) ABN_PRINTF(3, 4);

/* Refuse a --lang that the data folder does not know. */
abn_status cli_check_lang(cli *c);
/* A file of the data folder, to free(); NULL without memory. */
char *cli_data(const cli *c, const char *name);

/* ---- what came out ---- */

/* Print a table to stdout as --format says: by default text on a terminal, CSV elsewhere. */
abn_status cli_show(cli *c, const abn_table *table);
/* Print bytes to stdout; ABN_SYSTEM when it cannot take them. */
abn_status cli_print(cli *c, const char *bytes, size_t len);
/* The same of a text for people, in which strangers' names may stand: what steers a terminal is
 * taken out of it. */
abn_status cli_print_text(cli *c, abn_buf *text);
/* A line to stderr unless --quiet. */
void cli_say(const cli *c, const char *fmt, ...) ABN_PRINTF(2, 3);
/* A line of progress to a terminal's stderr, after the first second. */
void cli_progress(const cli *c, const char *fmt, ...) ABN_PRINTF(2, 3);
/* What is done from here on and for how long, shown in the same place until something else is.
 * `what` is kept. */
void cli_stage(const cli *c, const char *what);
void cli_progress_end(void); /* clear it; what is printed does so itself */
/* Without what a terminal would obey. */
void cli_say_plainly(const char *fmt, va_list args);
int cli_digits(const cli *c);  /* --digits */
int cli_threads(const cli *c); /* --threads; 0: all */

/* ---- the parts of main ---- */

abn_status cli_parse(cli *c, int argc, char **argv);
void cli_free(cli *c);
abn_status cli_find_data(cli *c);
void cli_print_notes(const cli *c);
/* Some input failed, by a note or by `some_failed`. */
bool cli_some_failed(const cli *c);
/* The kind of note that --quiet does not hide. */
#define CLI_FAILED_INPUT "inputs that failed"
abn_status cli_help(cli *c, const command *about); /* NULL: the overview */
/* The nearest of `names` (NULL-terminated) to a mistyped word, or NULL when none is near. */
const char *nearest(const char *word, const char *const *names);

#endif
