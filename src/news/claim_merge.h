/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drafts to claims: which listing each is about, and one row for a figure that is repeated. */
#ifndef ABNORM_NEWS_CLAIM_MERGE_H
#define ABNORM_NEWS_CLAIM_MERGE_H

#include "moves.h"

#include <abnorm/document.h>

#pragma GCC visibility push(hidden)

/* Settle the thread's drafts into `out->claim`, in order of place. */
abn_status abn_claims_settle(abn_thread *thread, const abn_document *document, abn_reading *out,
                             abn_error *err);

#pragma GCC visibility pop

#endif
