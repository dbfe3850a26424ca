/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OpenMP's functions for one thread: fuzzing wants the same path each time. */
#ifndef SERIAL_OMP_H
#define SERIAL_OMP_H

static inline int omp_get_max_threads(void)
{
    return 1;
}

static inline int omp_get_thread_num(void)
{
    return 0;
}

#endif
