/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the command goes on the web: what the environment says of proxies and certificates, and one
 * client for all, so that a host is paced whoever asks it. */
#ifndef WEB_H
#define WEB_H

#include "command.h"

#include <abnorm/http.h>

/* Defaults with the environment's proxies (https_proxy, http_proxy, all_proxy, no_proxy) and
 * SSL_CERT_FILE. */
abn_http_options web_defaults(void);

/* Get one page or feed; a code that is no success fails. `limit` bytes at most (0: the default). */
abn_status web_get(const char *url, size_t limit, abn_http_response *response, abn_error *err);

/* The key for a provider: ABNORM_<PROVIDER>_KEY, or the line "PROVIDER KEY" (also with = or :) of
 * `keys_file`, which may be NULL. To free(); "" when there is none. */
abn_status web_key(cli *c, const char *provider, const char *keys_file, char **key);

#endif
