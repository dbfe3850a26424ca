/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every command; one file each. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "command.h"

extern const command cmd_align;
extern const command cmd_extract;
extern const command cmd_fetch;
extern const command cmd_help;
extern const command cmd_plot;
extern const command cmd_quotes;
extern const command cmd_power;
extern const command cmd_report;
extern const command cmd_run;
extern const command cmd_scan;
extern const command cmd_sessions;
extern const command cmd_study;
extern const command cmd_simulate;
extern const command cmd_timex;

#endif
