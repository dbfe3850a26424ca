/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILDREN = 64 };

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
static sigset_t waited;
static pthread_mutex_t changing = PTHREAD_MUTEX_INITIALIZER;
static abn_results *written;
static pid_t child[CHILDREN];
static _Thread_local bool holding; /* `changing`, by interrupt_hold() */
static bool started;
static atomic_bool ending, cut;
static pthread_t waiting;

#define END SIGUSR2 /* sent by ourselves to the thread that waits, which then returns */

/* The signal's own end, so that a shell sees what ended us. */
static void end_by(int number)
{
    struct sigaction plain = {.sa_handler = SIG_DFL};
    sigset_t one;
    sigaction(number, &plain, NULL);
    sigemptyset(&one);
    sigaddset(&one, number);
    raise(number);
    pthread_sigmask(SIG_UNBLOCK, &one, NULL);
    _exit(128 + number);
}

/* Nobody goes on after this. */
static void drop_work(void)
{
    if (!holding) pthread_mutex_lock(&changing);
    for (size_t i = 0; i < CHILDREN; i++)
        if (child[i] && kill(child[i], SIGKILL) == 0) waitpid(child[i], NULL, 0);
    if (written) abn_results_stop(written);
}

/* A file that is mapped ends where another program has cut it: reading on is a bus error. The
 * thread that met it cannot go on; the one that waits cleans up and ends the process. */
static void on_bus_error(int number, siginfo_t *about, void *context)
{
    static const char said[] = "abnorm: a file was cut short while it was read\n";
    (void)context;
    if (about->si_code != BUS_ADRERR) {
        signal(number, SIG_DFL);
        raise(number);
        return;
    }
    if (!atomic_exchange(&cut, true)) {
        ssize_t put = write(STDERR_FILENO, said, sizeof said - 1);
        (void)put; /* it ends either way */
    }
    kill(getpid(), END);
    for (;;)
        pause();
}

_Noreturn void interrupt_quit(int code)
{
    drop_work();
    _exit(code);
}

/* An ordinary thread, not a handler: it may open folders. */
static void *wait_for_signal(void *unused)
{
    int number = 0;
    (void)unused;
    while (sigwait(&waited, &number) != 0 || number == END) {
        if (atomic_load(&cut)) interrupt_quit(abn_status_exit_code(ABN_TRY_LATER));
        if (atomic_load(&ending)) return NULL;
    }
    drop_work();
    end_by(number);
    return NULL;
}

static bool is_ignored(int number)
{
    struct sigaction now;
    return sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

void interrupt_start(void)
{
    sigemptyset(&waited);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        if (!is_ignored(signals[i])) sigaddset(&waited, signals[i]);
    sigaddset(&waited, END);
    pthread_sigmask(SIG_BLOCK, &waited, NULL);
    started = pthread_create(&waiting, NULL, wait_for_signal, NULL) == 0;
    if (!started) pthread_sigmask(SIG_UNBLOCK, &waited, NULL);
    struct sigaction bus = {.sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO};
    sigemptyset(&bus.sa_mask);
    if (started) sigaction(SIGBUS, &bus, NULL);
}

void interrupt_end(void)
{
    if (!started) return;
    atomic_store(&ending, true);
    pthread_kill(waiting, END);
    pthread_join(waiting, NULL);
    started = false;
}

void interrupt_folder(abn_results *results)
{
    pthread_mutex_lock(&changing);
    written = results;
    pthread_mutex_unlock(&changing);
}

void interrupt_hold(bool begins)
{
    if (begins)
        pthread_mutex_lock(&changing);
    else
        pthread_mutex_unlock(&changing);
    holding = begins;
}

static void replace_child(pid_t from, pid_t to)
{
    size_t i = 0;
    while (i < CHILDREN && child[i] != from)
        i++;
    if (i < CHILDREN) child[i] = to;
}

pid_t interrupt_fork(void)
{
    pthread_mutex_lock(&changing);
    pid_t pid = fork();
    if (pid > 0) replace_child(0, pid);
    pthread_mutex_unlock(&changing);
    if (pid == 0 && started) pthread_sigmask(SIG_UNBLOCK, &waited, NULL);
    return pid;
}

void interrupt_unwatch(pid_t pid)
{
    pthread_mutex_lock(&changing);
    replace_child(pid, 0);
    pthread_mutex_unlock(&changing);
}
