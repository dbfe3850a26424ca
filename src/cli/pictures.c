/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pictures.h"
#include "folder.h"
#include "interrupt.h"

#include <abnorm/file.h>
#include <abnorm/plot.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/wait.h>
#include <unistd.h>

#define NO_GNUPLOT 127 /* as a shell says that a program is not there */

#define TEMPORARY ".%s.%s.part" /* swept like other temporary files */

/* gnuplot gets file names of ours and nothing else; its words come back through a pipe. It does not
 * outlive us, however we end. */
static pid_t start_gnuplot(const char *folder, const char *name, const char *form, int *words)
{
    int ends[2];
    char set[128], script[64];
    snprintf(script, sizeof script, "%s.gp", name);
    snprintf(set, sizeof set, "form='%s'; target='" TEMPORARY "'", form, name, form);
    if (pipe(ends) != 0) return -1;
    pid_t pid = interrupt_fork();
    if (pid == 0) {
#ifdef __linux__
        prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
        signal(SIGPIPE, SIG_DFL);
        int nothing = open("/dev/null", O_RDWR);
        dup2(nothing, STDIN_FILENO);
        dup2(nothing, STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        if (chdir(folder) == 0) execlp("gnuplot", "gnuplot", "-d", "-e", set, script, (char *)NULL);
        _exit(NO_GNUPLOT);
    }
    close(ends[1]);
    if (pid < 0)
        close(ends[0]);
    else
        *words = ends[0];
    return pid;
}

static bool put_in_place(const char *folder, const char *name, const char *form)
{
    abn_buf from = {0}, to = {0};
    abn_buf_printf(&from, "%s/" TEMPORARY, folder, name, form);
    abn_buf_printf(&to, "%s/%s.%s", folder, name, form);
    bool done = from.data && to.data && rename(from.data, to.data) == 0;
    abn_buf_free(&from);
    abn_buf_free(&to);
    return done;
}

static int finish_gnuplot(cli *c, pid_t pid, int words, const char *script)
{
    abn_buf said = {0};
    abn_file_read_fd(words, script, 4096, &said, NULL);
    close(words);
    int code = 0;
    while (waitpid(pid, &code, 0) < 0 && errno == EINTR)
        continue;
    interrupt_unwatch(pid);
    code = WIFEXITED(code) ? WEXITSTATUS(code) : NO_GNUPLOT + 1;
    if (code && code != NO_GNUPLOT) {
        /* gnuplot repeats the command before it says "car.gp" line 3: what is wrong. */
        const char *text = said.data ? said.data : "", *why = strstr(text, "\" line ");
        text = why ? why + 2 : text + strspn(text, "\n ");
        abn_note_at(c->notes, "picture failed", script, 0, 0, "gnuplot: %.*s",
                    (int)strcspn(text, "\n"), text);
    }
    abn_buf_free(&said);
    return code;
}

abn_status draw_pictures(cli *c, abn_results *results, const char *folder, const char *form,
                         size_t *drawn)
{
    bool some[32] = {false};
    pid_t pid[32];
    int words[32] = {0};
    size_t count = 0, plots = abn_plots_count < 32 ? abn_plots_count : 32;
    char script[64];
    bool absent = false;
    abn_status status = abn_plots_write(folder, results, some, &c->err);
    if (status == ABN_OK) status = folder_commit(c, results);
    if (status != ABN_OK) return status;
    abn_results_sweep(folder); /* gnuplot follows a link of its output's name: there is none */
    for (size_t i = 0; i < plots; i++)
        pid[i] = some[i] ? start_gnuplot(folder, abn_plots[i].name, form, &words[i]) : -1;
    for (size_t i = 0; i < plots; i++) {
        snprintf(script, sizeof script, "%s.gp", abn_plots[i].name);
        int code = pid[i] > 0 ? finish_gnuplot(c, pid[i], words[i], script) : -1;
        absent = absent || code == NO_GNUPLOT;
        count += code == 0 && put_in_place(folder, abn_plots[i].name, form);
    }
    if (absent)
        cli_say(c, "abnorm: gnuplot is not here: its scripts are in %s, and no picture was drawn",
                folder);
    if (drawn) *drawn = count;
    return ABN_OK;
}
