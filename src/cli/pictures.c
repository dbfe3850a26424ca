/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pictures.h"

#include <abnorm/file.h>
#include <abnorm/plot.h>
#include <abnorm/results.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NO_GNUPLOT 127 /* as a shell says that a program is not there */

/* gnuplot gets a file name of ours and nothing else; its words come back through a pipe. */
static pid_t start_gnuplot(const char *folder, const char *script, const char *form, int *words)
{
    int ends[2];
    if (pipe(ends) != 0) return -1;
    pid_t pid = fork();
    if (pid == 0) {
        char set[32];
        snprintf(set, sizeof set, "form='%s'", form);
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

static int finish_gnuplot(cli *c, pid_t pid, int words, const char *script)
{
    abn_buf said = {0};
    abn_file_read_fd(words, script, 4096, &said, NULL);
    close(words);
    int code = 0;
    while (waitpid(pid, &code, 0) < 0 && errno == EINTR)
        continue;
    code = WIFEXITED(code) ? WEXITSTATUS(code) : NO_GNUPLOT + 1;
    if (code && code != NO_GNUPLOT)
        abn_note_at(c->notes, "picture failed", script, 0, 0, "gnuplot: %.*s",
                    (int)strcspn(said.data ? said.data + strspn(said.data, "\n ") : "", "\n"),
                    said.data ? said.data + strspn(said.data, "\n ") : "");
    abn_buf_free(&said);
    return code;
}

static abn_status write_scripts(cli *c, const char *folder, bool *some)
{
    abn_results *results = NULL;
    abn_status status = abn_results_open(folder, &results, &c->err);
    if (status == ABN_OK) status = abn_plots_write(folder, results, some, &c->err);
    if (status == ABN_OK) status = abn_results_commit(results, &c->err);
    abn_results_free(results);
    return status;
}

abn_status draw_pictures(cli *c, const char *folder, const char *form, size_t *drawn)
{
    bool some[32] = {false};
    pid_t pid[32];
    int words[32] = {0};
    size_t count = 0, plots = abn_plots_count < 32 ? abn_plots_count : 32;
    char script[64];
    bool absent = false;
    abn_status status = write_scripts(c, folder, some);
    if (status != ABN_OK) return status;
    for (size_t i = 0; i < plots; i++) {
        snprintf(script, sizeof script, "%s.gp", abn_plots[i].name);
        pid[i] = some[i] ? start_gnuplot(folder, script, form, &words[i]) : -1;
    }
    for (size_t i = 0; i < plots; i++) {
        snprintf(script, sizeof script, "%s.gp", abn_plots[i].name);
        int code = pid[i] > 0 ? finish_gnuplot(c, pid[i], words[i], script) : -1;
        absent = absent || code == NO_GNUPLOT;
        count += code == 0;
    }
    if (absent)
        cli_say(c, "abnorm: gnuplot is not here: its scripts are in %s, and no picture was drawn",
                folder);
    if (drawn) *drawn = count;
    return ABN_OK;
}
