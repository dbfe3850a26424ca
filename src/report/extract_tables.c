/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/claim.h>
#include <abnorm/extract_tables.h>

#define COLUMNS(list) .columns = (list), .n_columns = sizeof(list) / sizeof *(list)

#define D(member, kind)                                                \
    {                                                                  \
#member, ABN_COLUMN_##kind, offsetof(abn_document_row, member) \
    }
static const abn_column document_columns[] = {
    D(doc, TEXT),
    D(lang, TEXT),
    D(title, TEXT),
    D(published, DATE),
    D(published_basis, TEXT),
    D(published_probability, REAL),
    D(runner_up, DATE),
    D(runner_up_probability, REAL),
    D(candidates, TEXT),
    D(evidence, TEXT),
    D(source, TEXT),
};
#undef D

#define C(member, kind)                                             \
    {                                                               \
#member, ABN_COLUMN_##kind, offsetof(abn_claim_row, member) \
    }
static const abn_column claim_columns[] = {
    C(doc, TEXT),          C(claim, INT),       C(symbol, TEXT),
    C(kind, TEXT),         C(pct, REAL),        C(level, REAL),
    C(currency, TEXT),     C(session, DATE),    C(extreme, TEXT),
    C(since, TEXT),        C(horizon, TEXT),    C(hedge, TEXT),
    C(verdict, TEXT),      C(actual_pct, REAL), C(actual_level, REAL),
    C(start, INT),         C(end, INT),         C(quote, TEXT),
    C(actual_since, TEXT), C(tested, TEXT),     C(session_probability, REAL),
};
#undef C

/* An event as its row shows it. */
typedef struct event_row {
    const char *event_id;
    abn_table_instant announced_at;
    abn_date announced_on;
    const char *precision, *type, *status, *companies, *symbols, *documents;
    double confidence;
    const char *confirms, *evidence, *clock;
} event_row;

#define E(member, kind)                                         \
    {                                                           \
#member, ABN_COLUMN_##kind, offsetof(event_row, member) \
    }
static const abn_column event_columns[] = {
    E(event_id, TEXT),  E(announced_at, INSTANT), E(announced_on, DATE), E(precision, TEXT),
    E(type, TEXT),      E(status, TEXT),          E(companies, TEXT),    E(symbols, TEXT),
    E(documents, TEXT), E(confidence, REAL),      E(confirms, TEXT),     E(evidence, TEXT),
    E(clock, TEXT),
};
#undef E

static void fill_event(const void *context, size_t i, void *into)
{
    const abn_event *e = (const abn_event *)context + i;
    *(event_row *)into = (event_row){
        .event_id = e->id,
        .announced_at = {e->at, e->offset_sec},
        .announced_on = e->on,
        .precision = abn_precision_name(e->precision),
        .type = abn_event_type_name(e->type),
        .status = abn_event_status_name(e->status),
        .companies = e->companies,
        .symbols = e->symbols,
        .documents = e->documents,
        .confidence = e->confidence,
        .confirms = e->confirms,
        .evidence = e->evidence,
        .clock = e->clock,
    };
}

abn_table abn_extract_documents_table(const abn_extraction *extraction)
{
    size_t n;
    const abn_document_row *rows = abn_extraction_documents(extraction, &n);
    return (abn_table){.name = "documents",
                       COLUMNS(document_columns),
                       .n_rows = n,
                       .row_size = sizeof *rows,
                       .rows = rows};
}

abn_table abn_extract_claims_table(const abn_extraction *extraction)
{
    size_t n;
    const abn_claim_row *rows = abn_extraction_claims(extraction, &n);
    return (abn_table){.name = "claims",
                       COLUMNS(claim_columns),
                       .n_rows = n,
                       .row_size = sizeof *rows,
                       .rows = rows};
}

abn_table abn_extract_events_table(const abn_extraction *extraction)
{
    size_t n;
    const abn_event *rows = abn_extraction_events(extraction, &n);
    return (abn_table){.name = "events",
                       COLUMNS(event_columns),
                       .n_rows = n,
                       .row_size = sizeof(event_row),
                       .row = fill_event,
                       .context = rows};
}

abn_status abn_extract_write(const abn_extraction *extraction, abn_results *results, int digits,
                             int threads, abn_error *err)
{
    abn_table tables[] = {abn_extract_documents_table(extraction),
                          abn_extract_claims_table(extraction),
                          abn_extract_events_table(extraction)};
    const abn_table *all[] = {&tables[0], &tables[1], &tables[2]};
    return abn_results_tables(results, all, 3, digits, threads, NULL, err);
}
