/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/quiet.h>
#include <gsl/gsl_errno.h>

void abn_stats_quiet_gsl(void)
{
    gsl_set_error_handler_off();
}
