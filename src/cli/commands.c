/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list that help shows, in the order of a study. */
#include "commands.h"

/* clang-format off */
const command *const commands[] = {
    &cmd_extract,
    &cmd_run,
    &cmd_timex,
    &cmd_study,
    &cmd_scan,
    &cmd_simulate,
    &cmd_power,
    &cmd_fetch,
    &cmd_plot,
    &cmd_report,
    &cmd_quotes,
    &cmd_sessions,
    &cmd_align,
    &cmd_help,
    NULL,
};
