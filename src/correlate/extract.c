/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "extraction.h"
#include <abnorm/claim.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

abn_status abn_extraction_new(const abn_extract_facts *facts, const abn_extract_options *options,
                              abn_extraction **out, abn_error *err)
{
    abn_extraction *x = calloc(1, sizeof *x);
    if (!x) return abn_fail_memory(err);
    x->facts = *facts;
    x->options = *options;
    x->arena = abn_arena_new();
    abn_status status = x->arena ? ABN_OK : abn_fail_memory(err);
    if (status == ABN_OK)
        status = abn_dater_new(facts->listings, facts->quotes, facts->exchanges, facts->actions,
                               &x->dater, err);
    if (status == ABN_OK)
        status = abn_reader_new(facts->languages, facts->listings, &x->reader, err);
    if (status != ABN_OK) {
        abn_extraction_free(x);
        return status;
    }
    *out = x;
    return ABN_OK;
}

static void drop_document(abn_read_document *d)
{
    free(d->id);
    free(d->title);
    free(d->source);
    abn_reading_free(&d->reading);
    abn_dating_free(&d->dating);
}

static void drop_all(abn_extraction *x)
{
    for (size_t i = 0; i < x->n_documents; i++)
        drop_document(&x->document[i]);
    free(x->document);
    free(x->document_row);
    free(x->claim_row);
}

abn_status abn_extraction_clear(abn_extraction *x, abn_error *err)
{
    abn_arena *arena = abn_arena_new();
    if (!arena) return abn_fail_memory(err);
    drop_all(x);
    abn_arena_free(x->arena);
    *x = (abn_extraction){.facts = x->facts,
                          .options = x->options,
                          .dater = x->dater,
                          .reader = x->reader,
                          .arena = arena};
    return ABN_OK;
}

void abn_extraction_free(abn_extraction *x)
{
    if (!x) return;
    drop_all(x);
    abn_reader_free(x->reader);
    abn_dater_free(x->dater);
    abn_arena_free(x->arena);
    free(x);
}

/* ---- reading ---- */

static abn_read_document *new_document(abn_extraction *x)
{
    if (x->n_documents == x->cap_documents) {
        size_t cap = x->cap_documents ? 2 * x->cap_documents : 64;
        abn_read_document *grown = realloc(x->document, cap * sizeof *grown);
        if (!grown) return NULL;
        x->document = grown, x->cap_documents = cap;
    }
    abn_read_document *d = &x->document[x->n_documents];
    memset(d, 0, sizeof *d);
    return d;
}

static char *take(char **from)
{
    char *text = *from;
    *from = NULL;
    return text;
}

/* Keep what the document says, drop its text. */
static abn_status keep(void *context, abn_document *document, abn_error *err)
{
    abn_extraction *x = context;
    abn_read_document *d = new_document(x);
    abn_status status = d ? ABN_OK : abn_fail_memory(err);
    if (status == ABN_OK) status = abn_reader_read(x->reader, document, &d->reading, err);
    if (status == ABN_OK) status = abn_dater_date(x->dater, document, &d->reading, &d->dating, err);
    if (status == ABN_OK) {
        d->published_at = document->published_at;
        d->published_offset_sec = document->published_offset_sec;
        memcpy(d->lang, document->lang, sizeof d->lang);
        memcpy(d->where, document->published_where, sizeof d->where);
        d->id = take(&document->id);
        d->title = take(&document->title);
        d->source = take(&document->source);
        x->n_documents++;
    } else if (d) {
        abn_reading_free(&d->reading);
    }
    abn_document_free(document);
    return status;
}

abn_status abn_extraction_read(void *extraction, const char *name, abn_slice bytes, abn_error *err)
{
    abn_extraction *x = extraction;
    return abn_document_read(x->facts.languages, name, bytes, &x->options.document, keep, x, err);
}

/* ---- rows ---- */

static bool same_number(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* A figure repeated in one document is one row: its first. */
static bool repeated(const abn_read_document *d, size_t i)
{
    const abn_claim *a = &d->reading.claim[i];
    for (size_t j = 0; j < i; j++) {
        const abn_claim *b = &d->reading.claim[j];
        if (!strcmp(a->symbol, b->symbol) && same_number(a->pct, b->pct) &&
            same_number(a->level, b->level) && a->extreme == b->extreme &&
            a->horizon == b->horizon && a->kind == b->kind && !strcmp(a->since, b->since) &&
            d->dating.claim[i].session == d->dating.claim[j].session)
            return true;
    }
    return false;
}

/* Whether the text follows the session that the claim is about: then its figures are of a moment.
 */
static bool in_session(const abn_read_document *d, size_t i)
{
    bool moment = false;
    for (size_t j = 0; j < d->reading.n_claims; j++) {
        const abn_claim *c = &d->reading.claim[j];
        if (strcmp(c->symbol, d->reading.claim[i].symbol) ||
            d->dating.claim[j].session != d->dating.claim[i].session)
            continue;
        if (c->kind == ABN_CLAIM_CLOSE) return false;
        moment |= c->kind == ABN_CLAIM_INTRADAY;
    }
    return moment;
}

/* "since September" with its year, once the session tells which. */
static const char *since_of(abn_extraction *x, const abn_claim *c, abn_date session)
{
    abn_date from, to;
    char text[ABN_DATE_MAX];
    if (strncmp(c->since, "XXXX", 4) != 0 || session == ABN_NO_DATE ||
        !abn_verify_since(c->since, session, &from, &to))
        return c->since;
    abn_date_format(from, text);
    text[strlen(c->since) < sizeof text ? strlen(c->since) : sizeof text - 1] = '\0';
    return abn_arena_strdup(x->arena, text);
}

static abn_status claim_row(abn_extraction *x, const abn_read_document *d, size_t i,
                            abn_claim_row *row, abn_error *err)
{
    const abn_claim *c = &d->reading.claim[i];
    const abn_claim_session *s = &d->dating.claim[i];
    abn_verification v;
    const abn_tape *tape = abn_dater_tape(x->dater, c->symbol);
    abn_verify(c, tape, s->row, in_session(d, i), &v);
    const char *actual = v.actual_since[0] ? abn_arena_strdup(x->arena, v.actual_since) : "";
    const char *since = since_of(x, c, s->session);
    if (!actual || !since) return abn_fail_memory(err);
    *row = (abn_claim_row){
        .doc = d->id,
        .symbol = c->symbol,
        .kind = abn_claim_kind_name(c->kind),
        .pct = c->pct,
        .level = c->level,
        .currency = c->currency,
        .session = s->session,
        .extreme = abn_extreme_name(c->extreme),
        .since = since,
        .horizon = abn_horizon_name(c->horizon),
        .hedge = abn_hedge_name(c->hedge),
        .verdict = abn_verdict_name(v.verdict),
        .actual_pct = v.actual_pct,
        .actual_level = v.actual_level,
        .start = (int64_t)c->start,
        .end = (int64_t)c->end,
        .quote = c->quote,
        .actual_since = actual,
        .tested = tape && s->session == ABN_NO_DATE ? "its session is open" : v.reason,
        .session_probability = s->session == ABN_NO_DATE ? NAN : s->probability,
    };
    return ABN_OK;
}

static abn_status fill_claims(abn_extraction *x, abn_error *err)
{
    size_t most = 0;
    abn_status status = ABN_OK;
    for (size_t d = 0; d < x->n_documents; d++)
        most += x->document[d].reading.n_claims;
    x->claim_row = calloc(most + 1, sizeof *x->claim_row);
    if (!x->claim_row) return abn_fail_memory(err);
    for (size_t d = 0; d < x->n_documents; d++) {
        int64_t number = 0;
        for (size_t i = 0; i < x->document[d].reading.n_claims && status == ABN_OK; i++) {
            if (repeated(&x->document[d], i)) continue;
            abn_claim_row *row = &x->claim_row[x->n_claims];
            status = claim_row(x, &x->document[d], i, row, err);
            row->claim = ++number;
            x->n_claims++;
        }
    }
    return status;
}

static abn_status document_row(abn_extraction *x, size_t i, abn_error *err)
{
    const abn_read_document *d = &x->document[i];
    abn_document_row *row = &x->document_row[i];
    *row = (abn_document_row){
        .doc = d->id,
        .lang = d->lang,
        .title = d->title,
        .published = d->dating.published.date,
        .published_basis = abn_basis_name(d->dating.basis),
        .published_probability = NAN,
        .runner_up = ABN_NO_DATE,
        .runner_up_probability = NAN,
        .candidates = "",
        .evidence = "",
        .source = d->source,
        .explanation = "",
    };
    if (row->published != ABN_NO_DATE) row->published_probability = d->dating.published.probability;
    for (size_t k = 0; k < d->dating.n_days; k++)
        if (d->dating.day[k].date != row->published) {
            row->runner_up = d->dating.day[k].date;
            row->runner_up_probability = d->dating.day[k].probability;
            break;
        }
    return abn_extraction_explain(x, i, row, err);
}

abn_status abn_extraction_finish(abn_extraction *x, abn_error *err)
{
    abn_told *told = NULL;
    size_t n_told = 0;
    abn_status status = abn_extraction_date_by_events(x, err);
    if (status == ABN_OK) status = abn_extraction_told(x, false, &told, &n_told, err);
    if (status == ABN_OK)
        status = abn_events_merge(told, n_told, x->facts.listings, x->arena, &x->events, err);
    free(told);
    if (status == ABN_OK) status = fill_claims(x, err);
    if (status != ABN_OK) return status;
    x->document_row = calloc(x->n_documents + 1, sizeof *x->document_row);
    if (!x->document_row) return abn_fail_memory(err);
    for (size_t i = 0; i < x->n_documents && status == ABN_OK; i++)
        status = document_row(x, i, err);
    return status;
}

const abn_document_row *abn_extraction_documents(const abn_extraction *x, size_t *n)
{
    *n = x->n_documents;
    return x->document_row;
}

const abn_claim_row *abn_extraction_claims(const abn_extraction *x, size_t *n)
{
    *n = x->n_claims;
    return x->claim_row;
}

const abn_event *abn_extraction_events(const abn_extraction *x, size_t *n)
{
    *n = x->events.count;
    return x->events.at;
}
