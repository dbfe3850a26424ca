/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `abnorm sessions` and `abnorm align`: when an exchange was open, and which session met news. */
#include "commands.h"

#include <abnorm/date.h>
#include <abnorm/exchange.h>
#include <abnorm/file.h>
#include <abnorm/instant.h>
#include <stdlib.h>
#include <string.h>

static const option calendar_options[] = {
    {"calendar", 0, OPTION_PATH, "FILE", "your own exchange,date,kind,local_time rows"},
    {0},
};

static abn_status load_exchanges(cli *c, abn_exchanges **out)
{
    abn_exchanges *all = NULL;
    const char *own = cli_text(c, "calendar");
    abn_status status = abn_exchanges_load(c->data ? c->data : "data", &all, &c->err);
    if (status == ABN_OK && own) status = abn_exchanges_add(all, own, &c->err);
    if (status == ABN_OK)
        *out = all;
    else
        abn_exchanges_free(all);
    return status;
}

static abn_status find_exchange(cli *c, const abn_exchanges *all, const char *name,
                                const abn_exchange **out)
{
    *out = abn_exchanges_find(all, abn_slice_of(name));
    if (*out) return ABN_OK;
    char known[256] = "";
    for (size_t i = 0; i < abn_exchanges_count(all); i++) {
        const char *mic = abn_exchanges_at(all, i)->mic;
        if (strlen(known) + strlen(mic) + 3 > sizeof known) break;
        strcat(strcat(known, i ? ", " : ""), mic);
    }
    return abn_fail(&c->err, ABN_USAGE, "unknown exchange \"%s\" (known: %s)", name, known);
}

/* Warn where holidays are not on file. */
static void note_unknown_days(cli *c, const abn_exchange *x, abn_date from, abn_date to)
{
    char since[ABN_DATE_MAX], until[ABN_DATE_MAX];
    if (from >= x->known_from && to <= x->known_to) return;
    if (x->known_from > x->known_to)
        abn_note_at(c->notes, "calendar not on file", NULL, 0, 0,
                    "no holidays of %s are on file; every weekday is taken as open", x->mic);
    else
        abn_note_at(
            c->notes, "calendar not on file", NULL, 0, 0,
            "holidays of %s are on file from %s to %s; outside, every weekday is taken as open",
            x->mic, abn_date_format(x->known_from, since), abn_date_format(x->known_to, until));
}

/* ---- sessions ---- */

typedef struct session_row {
    const char *mic;
    abn_date date;
    abn_table_instant open, close;
    const char *early;
} session_row;

static const abn_column session_columns[] = {
    {"mic", ABN_COLUMN_TEXT, offsetof(session_row, mic)},
    {"date", ABN_COLUMN_DATE, offsetof(session_row, date)},
    {"open", ABN_COLUMN_INSTANT, offsetof(session_row, open)},
    {"close", ABN_COLUMN_INSTANT, offsetof(session_row, close)},
    {"early", ABN_COLUMN_TEXT, offsetof(session_row, early)},
};

static size_t list_sessions(const abn_exchange *x, abn_date from, abn_date to, session_row *row)
{
    size_t n = 0;
    abn_session s;
    for (abn_date d = from; d <= to; d++) {
        if (!abn_exchange_session(x, d, &s)) continue;
        row[n++] = (session_row){
            .mic = x->mic,
            .date = d,
            .open = {s.open, abn_exchange_offset_sec(x, s.open)},
            .close = {s.close, abn_exchange_offset_sec(x, s.close)},
            .early = s.early ? "yes" : "no",
        };
    }
    return n;
}

static abn_status parse_day(cli *c, const char *text, abn_date *out)
{
    if (abn_date_parse(abn_slice_of(text), out)) return ABN_OK;
    return abn_fail(&c->err, ABN_USAGE, "bad date \"%s\" (expected YYYY-MM-DD)", text);
}

static abn_status show_sessions(cli *c, const abn_exchange *x, abn_date from, abn_date to)
{
    session_row *row = malloc((size_t)(to - from + 1) * sizeof *row);
    if (!row) return abn_fail_memory(&c->err);
    abn_table table = {
        .name = "sessions",
        .columns = session_columns,
        .n_columns = sizeof session_columns / sizeof *session_columns,
        .n_rows = list_sessions(x, from, to, row),
        .row_size = sizeof *row,
        .rows = row,
    };
    note_unknown_days(c, x, from, to);
    abn_status status = cli_show(c, &table);
    free(row);
    return status;
}

static abn_status run_sessions(cli *c)
{
    abn_exchanges *all = NULL;
    const abn_exchange *x = NULL;
    abn_date from, to;
    abn_status status = parse_day(c, c->arg[1], &from);
    if (status == ABN_OK) status = parse_day(c, c->arg[2], &to);
    if (status == ABN_OK && from > to)
        status = abn_fail(&c->err, ABN_USAGE, "%s lies after %s", c->arg[1], c->arg[2]);
    if (status == ABN_OK) status = load_exchanges(c, &all);
    if (status == ABN_OK) status = find_exchange(c, all, c->arg[0], &x);
    if (status == ABN_OK) status = show_sessions(c, x, from, to);
    abn_exchanges_free(all);
    return status;
}

const command cmd_sessions = {
    .name = "sessions",
    .arguments = "MIC FROM TO",
    .summary = "list the sessions of an exchange",
    .example = "abnorm sessions XHKG 2025-01-20 2025-02-07",
    .details = "Only open days are listed, with the instants of the open and the close. A row of\n"
               "--calendar has kind closed, early, late or open, and replaces the shipped one.\n",
    .options = calendar_options,
    .least = 3,
    .most = 3,
    .run = run_sessions,
};

/* ---- align ---- */

typedef struct align_row {
    const char *mic;
    abn_date session;
    const char *phase;
} align_row;

static const abn_column align_columns[] = {
    {"mic", ABN_COLUMN_TEXT, offsetof(align_row, mic)},
    {"session", ABN_COLUMN_DATE, offsetof(align_row, session)},
    {"phase", ABN_COLUMN_TEXT, offsetof(align_row, phase)},
};

/* What was said when: an instant, or only a date. */
typedef struct moment {
    abn_instant at; /* ABN_NO_INSTANT when only a date is known */
    abn_date date;
} moment;

static abn_status parse_moment(cli *c, const char *text, moment *out)
{
    out->at = ABN_NO_INSTANT;
    if (abn_date_parse(abn_slice_of(text), &out->date)) return ABN_OK;
    if (abn_instant_parse(abn_slice_of(text), &out->at, NULL)) return ABN_OK;
    return abn_fail(&c->err, ABN_USAGE,
                    "bad instant \"%s\" (expected YYYY-MM-DDThh:mm:ss+hh:mm, or YYYY-MM-DD)", text);
}

static align_row align(cli *c, const abn_exchange *x, const moment *when)
{
    align_row row = {.mic = x->mic};
    abn_phase phase = ABN_PHASE_DAY;
    if (when->at == ABN_NO_INSTANT)
        row.session = abn_exchange_next(x, when->date);
    else
        row.session = abn_exchange_first_session(x, when->at, &phase).date;
    row.phase = abn_phase_name(phase);
    note_unknown_days(c, x, row.session, row.session);
    return row;
}

static abn_status run_align(cli *c)
{
    abn_exchanges *all = NULL;
    moment when;
    align_row *row = calloc(c->n_args, sizeof *row);
    abn_status status = row ? parse_moment(c, c->arg[0], &when) : abn_fail_memory(&c->err);
    if (status == ABN_OK) status = load_exchanges(c, &all);
    for (size_t i = 1; status == ABN_OK && i < c->n_args; i++) {
        const abn_exchange *x = NULL;
        status = find_exchange(c, all, c->arg[i], &x);
        if (status == ABN_OK) row[i - 1] = align(c, x, &when);
    }
    abn_table table = {
        .name = "align",
        .columns = align_columns,
        .n_columns = sizeof align_columns / sizeof *align_columns,
        .n_rows = c->n_args - 1,
        .row_size = sizeof *row,
        .rows = row,
    };
    if (status == ABN_OK) status = cli_show(c, &table);
    abn_exchanges_free(all);
    free(row);
    return status;
}

const command cmd_align = {
    .name = "align",
    .arguments = "INSTANT MIC...",
    .summary = "find the first session that met an announcement",
    .example = "abnorm align 2025-02-11T09:21:00-05:00 XNYS XHKG",
    .details =
        "The first session is the first whose close lies after the instant. Phase pre_open is\n"
        "before the open of that session's own day, after_close any time earlier; of a date\n"
        "without a time (phase day) it is that day's session, or the next.\n",
    .options = calendar_options,
    .least = 2,
    .most = -1,
    .run = run_align,
};
