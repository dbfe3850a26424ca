/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keep a folder of the articles that a feed announces, each under the hash of its bytes. */
#ifndef FETCH_NEWS_H
#define FETCH_NEWS_H

#include "command.h"

#include <abnorm/http.h>

/* Read the feed at `url`, get the pages it links to that are not in `folder` yet, and show a row an
 * entry. Where a page cannot be had, the entry itself is kept. */
abn_status fetch_news(cli *c, abn_http *http, const char *url, const char *folder);

#endif
