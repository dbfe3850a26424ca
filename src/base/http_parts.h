/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is checked of a request before anything is sent. */
#ifndef ABNORM_HTTP_PARTS_H
#define ABNORM_HTTP_PARTS_H

#include <abnorm/http.h>
#include <abnorm/slice.h>

#pragma GCC visibility push(hidden)

bool abn_http_has_key(const abn_http_request *request);
/* "scheme://host:port" of the address; ABN_USAGE for what is not HTTP, carries a password, or would
 * send a key in the clear to another machine. */
abn_status abn_http_origin(const abn_http_request *request, abn_slice *origin, abn_error *err);

#pragma GCC visibility pop

#endif
