/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Providers of daily quotes: what to ask each for, and what its answers mean. Bytes in, rows out;
 * nothing here touches the network. */
#ifndef ABNORM_PROVIDER_H
#define ABNORM_PROVIDER_H

#include <abnorm/bars.h>
#include <abnorm/buf.h>
#include <abnorm/date.h>
#include <abnorm/error.h>
#include <abnorm/exchange.h>
#include <abnorm/instant.h>
#include <abnorm/listing.h>
#include <abnorm/notes.h>
#include <abnorm/slice.h>
#include <stdbool.h>
#include <stddef.h>

/* One question. Strings are borrowed. */
typedef struct abn_query {
    const char *symbol;           /* ours: "9988.HK" */
    const char *spelling;         /* the provider's: "9988.hk" */
    abn_date from, to;            /* both included; ABN_NO_DATE: as far as the provider goes */
    abn_instant now;              /* when it is asked */
    const abn_exchange *exchange; /* the listing's, or NULL */
    const char *base_url;         /* instead of the provider's own, or NULL */
} abn_query;

/* One row of the registry. */
typedef struct abn_provider {
    const char *name;       /* "yahoo": option, column of listings.csv, environment */
    const char *title;      /* "Yahoo Finance" */
    const char *base_url;   /* "https://query2.finance.yahoo.com" */
    const char *key_query;  /* the query parameter that carries the key, or NULL */
    const char *key_header; /* what stands before the key in the request header, or NULL */
    bool key_needed;
    bool whole;         /* sends a whole history in any case */
    double pace_sec;    /* between two requests, unless the caller says otherwise */
    int settle_min;     /* after the close until its row is final */
    const char *basis;  /* of its prices: "raw", "split-adjusted", "adjusted" or "return" */
    const char *gives;  /* the columns, in words */
    const char *limits; /* what it allows, in words */
    abn_status (*url)(const abn_query *query, abn_buf *url, abn_error *err);
    abn_status (*parse)(const abn_query *query, abn_slice body, abn_bars *bars, abn_notes *notes,
                        abn_error *err);
    void (*spell)(const char *symbol, abn_buf *out);
} abn_provider;

size_t abn_provider_count(void);
const abn_provider *abn_provider_at(size_t i);
/* By name in any case, '-' and '_' ignored; NULL when unknown. */
const abn_provider *abn_provider_find(const char *name);

/* Append the provider's spelling of a symbol: its cell in the listings, else by rule. `listings`
 * may be NULL. */
void abn_provider_spell(const abn_provider *provider, const abn_listings *listings,
                        const char *symbol, abn_buf *out);
/* Append the address that answers `query`, without the key. */
abn_status abn_provider_url(const abn_provider *provider, const abn_query *query, abn_buf *url,
                            abn_error *err);
/* Read an answer of HTTP code `code` to `query`: rows in order of date, each date once, none
 * outside from..to, none of a session that has not closed. Rows may be none. Whatever the code, an
 * error is told in the provider's own sentence: ABN_TRY_LATER (quota, rate), ABN_REFUSED (key),
 * ABN_NO_INPUT (symbol unknown), ABN_UNAVAILABLE (out of order), ABN_DATA (anything else). */
abn_status abn_provider_parse(const abn_provider *provider, const abn_query *query, long code,
                              abn_slice body, abn_bars *bars, abn_notes *notes, abn_error *err);
/* The last date whose session has closed `settle_min` minutes before `now`; for want of an exchange
 * a day counts as closed when it has ended everywhere on earth. */
abn_date abn_provider_settled(const abn_exchange *exchange, abn_instant now, int settle_min);

/* What is known of a download; kept beside the file as one JSON object. Strings are borrowed. */
typedef struct abn_provenance {
    const char *provider, *basis, *symbol, *spelling;
    const char *url;      /* as asked last, without the key */
    const char *currency; /* "" when not stated */
    abn_instant retrieved;
    abn_date from;            /* the history was asked for from here on */
    abn_date first, last;     /* of the file */
    size_t rows, answer_rows; /* of the file; of the answer */
    const char *answer_sha256, *file_sha256;
} abn_provenance;
abn_status abn_provenance_print(const abn_provenance *provenance, abn_buf *out, abn_error *err);
/* Read back from such a file who was asked, and from when on (ABN_NO_DATE: everything it had).
 * False when there is none that can be read. */
bool abn_provenance_read(const char *path, char provider[32], abn_date *from);

#endif
