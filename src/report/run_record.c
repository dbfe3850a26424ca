/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/run_record.h>

#include <abnorm/sha256.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* JSON text is UTF-8; a path or message may not be. */
static json_t *text(const char *s)
{
    json_t *value = json_string(s);
    return value ? value : json_string("(not UTF-8)");
}

static json_t *settings_of(const abn_run_record *r)
{
    json_t *all = json_object();
    for (size_t i = 0; all && i < r->n_settings; i++)
        json_object_set_new(all, r->setting[i].name, text(r->setting[i].value));
    return all;
}

static abn_status inputs_of(const abn_run_record *r, json_t *all, abn_error *err)
{
    for (size_t i = 0; i < r->n_inputs; i++) {
        char hex[ABN_SHA256_HEX];
        size_t bytes;
        abn_status status = abn_sha256_file(r->input[i], hex, &bytes, err);
        if (status != ABN_OK) return status;
        json_t *one = json_object();
        json_object_set_new(one, "path", text(r->input[i]));
        json_object_set_new(one, "bytes", json_integer((json_int_t)bytes));
        json_object_set_new(one, "sha256", json_string(hex));
        if (json_array_append_new(all, one) != 0) return abn_fail_memory(err);
    }
    return ABN_OK;
}

static json_t *notes_of(const abn_run_record *r)
{
    json_t *all = json_array();
    for (size_t i = 0; i < abn_notes_count(r->notes); i++) {
        const abn_note *n = abn_notes_at(r->notes, i);
        abn_error e = {.line = n->line, .column = n->column};
        char line[800];
        strncpy(e.source, n->source ? n->source : "", sizeof e.source - 1);
        strncpy(e.text, n->text, sizeof e.text - 1);
        json_array_append_new(all, text(abn_error_format(&e, line, sizeof line)));
    }
    return all;
}

static json_t *versions(void)
{
    json_t *v = json_object();
    json_object_set_new(v, "abnorm", json_string(ABN_VERSION));
    json_object_set_new(v, "jansson", json_string(JANSSON_VERSION));
    return v;
}

abn_status abn_run_record_format(const abn_run_record *r, abn_buf *out, abn_error *err)
{
    json_t *root = json_object(), *inputs = json_array();
    abn_status status = root && inputs ? inputs_of(r, inputs, err) : abn_fail_memory(err);
    char *dump = NULL;
    if (status == ABN_OK) {
        json_object_set_new(root, "command", text(r->command));
        json_object_set_new(root, "versions", versions());
        json_object_set_new(root, "settings", settings_of(r));
        json_object_set_new(root, "seed", r->seed < 0 ? json_null() : json_integer(r->seed));
        json_object_set(root, "inputs", inputs);
        json_object_set_new(root, "notes", notes_of(r));
        dump = json_dumps(root, JSON_INDENT(2));
        if (!dump) status = abn_fail_memory(err);
    }
    if (status == ABN_OK) {
        abn_buf_text(out, dump);
        abn_buf_char(out, '\n');
        status = abn_buf_status(out, err);
    }
    free(dump);
    json_decref(inputs);
    json_decref(root);
    return status;
}
