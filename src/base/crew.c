/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/crew.h>

size_t abn_crew_count(const abn_crew *crew)
{
    return crew ? crew->count : 1;
}

bool abn_crew_leads(const abn_crew *crew)
{
    return !crew || crew->rank == 0;
}

abn_status abn_crew_agree(const abn_crew *crew, abn_status mine, abn_error *err)
{
    return crew ? crew->agree(crew->context, mine, err) : mine;
}

abn_status abn_crew_gather(const abn_crew *crew, abn_status mine, const void *bytes, size_t size,
                           abn_crew_take *take, void *to, abn_error *err)
{
    abn_status status = abn_crew_agree(crew, mine, err);
    if (status != ABN_OK) return status;
    if (!crew) return take(to, bytes, size, err);
    status = crew->gather(crew->context, bytes, size, take, to, err);
    return abn_crew_agree(crew, status, err);
}

abn_status abn_crew_share(const abn_crew *crew, abn_status mine, void *bytes, size_t size,
                          abn_error *err)
{
    abn_status status = abn_crew_agree(crew, mine, err);
    if (status != ABN_OK || !crew) return status;
    return abn_crew_agree(crew, crew->share(crew->context, bytes, size, err), err);
}
