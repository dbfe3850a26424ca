/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result folder as one self-contained HTML page. */
#ifndef ABNORM_PAGE_H
#define ABNORM_PAGE_H

#include <abnorm/buf.h>
#include <abnorm/error.h>
#include <abnorm/exchange.h>

/* Append the page of the tables in `folder`: question, answer, timeline on each market's clock,
 * documents with their claims, pictures (NAME.svg files that are there, inline), tables, settings
 * and fingerprints of the inputs. Nothing is loaded from outside, and every text from data is
 * escaped. `record` is a run.json that is not in the folder yet; empty: the folder's, if it has
 * one. `exchanges` gives the clocks; NULL: UTC only. ABN_NO_INPUT when the folder has no table of
 * results. */
abn_status abn_page_format(const char *folder, abn_slice record, const abn_exchanges *exchanges,
                           abn_buf *out, abn_error *err);

#endif
