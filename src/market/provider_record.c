/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record beside a downloaded file: who was asked for what, and when. */
#include "provider_parts.h"

#include <abnorm/file.h>
#include <stdlib.h>
#include <string.h>

static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, text && text[0] ? json_string(text) : json_null());
}

static void set_date(json_t *object, const char *key, abn_date date)
{
    char text[ABN_DATE_MAX];
    set_text(object, key, abn_date_format(date, text));
}

abn_status abn_provenance_print(const abn_provenance *p, abn_buf *out, abn_error *err)
{
    char at[ABN_INSTANT_MAX];
    json_t *object = json_object();
    set_text(object, "symbol", p->symbol);
    set_text(object, "provider", p->provider);
    set_text(object, "basis", p->basis);
    set_text(object, "asked_as", p->spelling);
    set_text(object, "url", p->url);
    set_text(object, "retrieved", abn_instant_format(p->retrieved, 0, at));
    set_date(object, "from", p->from);
    json_object_set_new(object, "answer_rows", json_integer((json_int_t)p->answer_rows));
    set_text(object, "answer_sha256", p->answer_sha256);
    set_text(object, "currency", p->currency);
    json_object_set_new(object, "rows", json_integer((json_int_t)p->rows));
    set_date(object, "first", p->first);
    set_date(object, "last", p->last);
    set_text(object, "sha256", p->file_sha256);
    set_text(object, "software", "abnorm " ABN_VERSION);
    char *text = object ? json_dumps(object, JSON_INDENT(2)) : NULL;
    json_decref(object);
    if (!text) return abn_fail_memory(err);
    abn_buf_text(out, text);
    abn_buf_char(out, '\n');
    free(text);
    return abn_buf_status(out, err);
}

bool abn_provenance_read(const char *path, char provider[32], abn_date *from)
{
    abn_file file = {0};
    if (abn_file_open_found(path, 1 << 20, &file, NULL) != ABN_OK) return false;
    json_t *object = file.data ? json_loadb(file.data, file.len, 0, NULL) : NULL;
    abn_file_close(&file);
    const char *name = json_string_value(json_object_get(object, "provider"));
    const json_t *since = json_object_get(object, "from");
    bool read = name && strlen(name) < 32 && since &&
                (json_is_null(since) || abn_json_date(since) != ABN_NO_DATE);
    if (read) {
        strcpy(provider, name);
        *from = abn_json_date(since);
    }
    json_decref(object);
    return read;
}
