/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far we are, for a person before a terminal. */
#include "command.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t printing = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t over = PTHREAD_COND_INITIALIZER;
static pthread_t ticking;
static bool ticks, shown;
static const char *stage;   /* NULL: none; under `printing` */
static double began, start; /* the stage; the first of all */

static double now_sec(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Whether anybody looks; a short command says nothing. */
static bool looked_at(const cli *c)
{
    return !cli_flag(c, "quiet") && abn_crew_leads(c->crew) && isatty(STDERR_FILENO);
}

static void show(const char *fmt, ...)
{
    va_list args;
    fputs("\r\033[K", stderr);
    va_start(args, fmt);
    cli_say_plainly(fmt, args);
    va_end(args);
    fflush(stderr);
    shown = true;
}

void cli_progress(const cli *c, const char *fmt, ...)
{
    static double last;
    double now = now_sec();
    if (start == 0) start = now;
    if (now - start < 1 || now - last < 0.1 || !looked_at(c)) return;
    last = now;
    va_list args;
    char text[512];
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    pthread_mutex_lock(&printing);
    stage = NULL; /* counts tell more */
    show("%s", text);
    pthread_mutex_unlock(&printing);
}

static void *tick(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&printing);
    while (ticks) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 250000000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&over, &printing, &until);
        double now = now_sec();
        if (ticks && stage && now - start >= 1) show("%s: %.0f s", stage, now - began);
    }
    pthread_mutex_unlock(&printing);
    return NULL;
}

void cli_stage(const cli *c, const char *what)
{
    if (!looked_at(c)) return;
    pthread_mutex_lock(&printing);
    began = now_sec();
    if (start == 0) start = began;
    stage = what;
    if (!ticks) ticks = pthread_create(&ticking, NULL, tick, NULL) == 0;
    pthread_mutex_unlock(&printing);
}

void cli_progress_end(void)
{
    pthread_mutex_lock(&printing);
    bool join = ticks;
    ticks = false;
    stage = NULL;
    if (shown) fputs("\r\033[K", stderr);
    shown = false;
    pthread_cond_signal(&over);
    pthread_mutex_unlock(&printing);
    if (join) pthread_join(ticking, NULL);
}
