/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How OpenMP's threads wait for work: they look for it for some 50 microseconds, then sleep. By
 * default they look for milliseconds, which on a busy machine takes the processor from the very
 * thread that they wait for. The runtime reads this once, before main(). */
#include <stdlib.h>

__attribute__((constructor(101))) static void wait_briefly(void)
{
    if (!getenv("OMP_WAIT_POLICY")) setenv("GOMP_SPINCOUNT", "2000", 0);
}
