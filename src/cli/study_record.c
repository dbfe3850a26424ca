/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study_record.h"

#include <string.h>

static void add_range(abn_buf *out, abn_window w)
{
    abn_buf_printf(out, "%s%d:%d", out->len ? "," : "", w.from, w.to);
}

/* What an option that was not given came to; nothing where it has no meaning then. */
static void resolve(const char *name, const study_plan *plan, abn_buf *out)
{
    const abn_study_settings *s = &plan->settings;
    if (strcmp(name, "model") == 0) abn_buf_text(out, "market");
    if (strcmp(name, "tests") == 0) abn_buf_text(out, "all");
    if (strcmp(name, "kp-align") == 0) abn_buf_text(out, "calendar");
    if (strcmp(name, "alternative") == 0) abn_buf_text(out, "two-sided");
    if (strcmp(name, "negative-price") == 0) abn_buf_text(out, "missing");
    if (strcmp(name, "level") == 0) abn_buf_printf(out, "%g", s->level);
    if (strcmp(name, "replicates") == 0) abn_buf_printf(out, "%zu", s->replicates);
    if (strcmp(name, "estimation") == 0) add_range(out, s->estimation);
    if (strcmp(name, "event-window") == 0) add_range(out, s->window);
    for (size_t i = 0; strcmp(name, "windows") == 0 && i < s->n_windows; i++)
        add_range(out, s->windows[i]);
    for (size_t i = 0; strcmp(name, "benchmark") == 0 && i < s->n_rules; i++)
        abn_buf_printf(out, "%s%s%s%s", i ? "," : "", s->rule[i].key, *s->rule[i].key ? "=" : "",
                       s->rule[i].symbol);
    if (strcmp(name, "min-estimation") == 0)
        abn_buf_printf(out, "%d", (7 * (s->estimation.to - s->estimation.from + 1) + 9) / 10);
}

void study_record_start(record *r, const cli *c, const option *options, const study_plan *plan)
{
    abn_buf text = {0};
    record_start(r);
    record_options(r, c, options);
    for (const option *o = options; o->name; o++) {
        if (o->kind == OPTION_FLAG || cli_text(c, o->name)) continue;
        abn_buf_clear(&text);
        resolve(o->name, plan, &text);
        if (text.len) record_setting(r, o->name, text.data);
    }
    r->spoilt |= text.failed;
    abn_buf_free(&text);
}

abn_status study_record_end(record *r, const cli *c, const market_facts *facts,
                            const abn_quotes *market, abn_buf *out, abn_error *err)
{
    record_quotes(r, market);
    record_data(r, c, false);
    record_found(r, facts);
    return record_format(r, c, cli_int(c, "seed", 0), out, err);
}
