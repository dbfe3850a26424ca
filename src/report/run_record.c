/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/run_record.h>

#include <abnorm/sha256.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* An object or array under way. What does not fit in for want of memory spoils it, and the record
 * with it. */
typedef struct draft {
    json_t *root;
    bool spoilt;
} draft;

/* JSON text is UTF-8; a path or message may not be. */
static json_t *text(const char *s)
{
    json_t *value = json_string(s);
    char *plain = value ? NULL : strdup(s);
    for (char *p = plain; p && *p; p++)
        if ((unsigned char)*p >= 0x80) *p = '?';
    if (plain) value = json_string(plain);
    free(plain);
    return value;
}

/* Takes `value` over; returns it as long as `object` lives. */
static json_t *put(draft *d, json_t *object, const char *name, json_t *value)
{
    if (json_object_set_new(object, name, value) == 0) return value;
    d->spoilt = true;
    return NULL;
}

static json_t *append(draft *d, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) == 0) return value;
    d->spoilt = true;
    return NULL;
}

static void put_settings(draft *d, const abn_run_record *r)
{
    json_t *all = put(d, d->root, "settings", json_object());
    for (size_t i = 0; i < r->n_settings; i++)
        put(d, all, r->setting[i].name, text(r->setting[i].value));
}

static abn_status put_inputs(draft *d, const abn_run_record *r, abn_error *err)
{
    json_t *all = put(d, d->root, "inputs", json_array());
    for (size_t i = 0; i < r->n_inputs; i++) {
        abn_run_digest own = {.bytes = 0};
        if (i < r->n_digests) own = r->digest[i];
        abn_status status =
            *own.hex ? ABN_OK : abn_sha256_file(r->input[i], own.hex, &own.bytes, err);
        if (status != ABN_OK) return status;
        json_t *one = append(d, all, json_object());
        put(d, one, "path", text(r->input[i]));
        put(d, one, "bytes", json_integer((json_int_t)own.bytes));
        put(d, one, "sha256", json_string(own.hex));
    }
    return ABN_OK;
}

static void put_notes(draft *d, const abn_run_record *r)
{
    json_t *all = put(d, d->root, "notes", json_array());
    for (size_t i = 0; i < abn_notes_count(r->notes); i++) {
        const abn_note *n = abn_notes_at(r->notes, i);
        abn_error e = {.line = n->line, .column = n->column};
        char line[800];
        strncpy(e.source, n->source ? n->source : "", sizeof e.source - 1);
        strncpy(e.text, n->text, sizeof e.text - 1);
        append(d, all, text(abn_error_format(&e, line, sizeof line)));
    }
}

static void put_versions(draft *d)
{
    json_t *all = put(d, d->root, "versions", json_object());
    put(d, all, "abnorm", json_string(ABN_VERSION));
    put(d, all, "jansson", json_string(JANSSON_VERSION));
}

abn_status abn_run_record_format(const abn_run_record *r, abn_buf *out, abn_error *err)
{
    draft d = {json_object(), false};
    put(&d, d.root, "command", text(r->command));
    put_versions(&d);
    put_settings(&d, r);
    put(&d, d.root, "seed", r->seed < 0 ? json_null() : json_integer(r->seed));
    abn_status status = put_inputs(&d, r, err);
    put_notes(&d, r);
    d.spoilt |= abn_notes_lost(r->notes);
    char *dump = status == ABN_OK && !d.spoilt ? json_dumps(d.root, JSON_INDENT(2)) : NULL;
    if (status == ABN_OK && !dump) status = abn_fail_memory(err);
    if (status == ABN_OK) {
        abn_buf_text(out, dump);
        abn_buf_char(out, '\n');
        status = abn_buf_status(out, err);
    }
    free(dump);
    json_decref(d.root);
    return status;
}
