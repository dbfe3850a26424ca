/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crew.h"

#include <abnorm/ranks.h>
#include <omp.h>
#include <stdlib.h>
#include <unistd.h>

/* What MPICH, Open MPI, Intel MPI and Slurm tell the processes that they start. Without it there is
 * nobody to meet, and MPI's own start would cost more than a small command. */
static bool is_launched(void)
{
    static const char *const told[] = {"PMI_RANK",        "PMI_FD",       "PMI_PORT",
                                       "PMI_ID",          "PMIX_RANK",    "OMPI_COMM_WORLD_RANK",
                                       "MPI_LOCALRANKID", "SLURM_STEP_ID"};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (getenv(told[i])) return true;
    return false;
}

/* Launchers that bind a process to cores have divided them already. */
static void share_cores(const abn_crew *crew)
{
    size_t near = abn_ranks_near(crew), cores = (size_t)omp_get_num_procs();
    bool bound = (long)cores < sysconf(_SC_NPROCESSORS_ONLN);
    if (near < 2 || bound || getenv("OMP_NUM_THREADS")) return;
    omp_set_num_threads(cores > near ? (int)(cores / near) : 1);
}

abn_status crew_start(cli *c)
{
    if (!abn_ranks_built() || !is_launched()) return ABN_OK;
    abn_status status = abn_ranks_start(&c->crew, &c->err);
    if (status == ABN_OK) share_cores(c->crew);
    return status;
}
