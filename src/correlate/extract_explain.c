/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a document has the day it has, in words. */
#include "extraction.h"
#include <abnorm/buf.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN_CLAIMS = 3, SHOWN_DAYS = 5 };

static const char *text_of(abn_extraction *x, abn_buf *buf)
{
    char *text = buf->failed ? NULL : abn_arena_slice(x->arena, (abn_slice){buf->data, buf->len});
    abn_buf_free(buf);
    return text;
}

static void put_date(abn_buf *out, abn_date date)
{
    char text[ABN_DATE_MAX];
    abn_buf_text(out, abn_date_format(date, text));
}

/* "AAPL close +2.18 % at 232.62". */
static void put_claim(abn_buf *out, const abn_claim *c)
{
    abn_buf_printf(out, "%s %s", c->symbol, abn_claim_kind_name(c->kind));
    if (c->hedge != ABN_HEDGE_NONE) {
        abn_buf_char(out, ' ');
        for (const char *p = abn_hedge_name(c->hedge); *p; p++)
            abn_buf_char(out, *p == '_' ? ' ' : *p);
    }
    if (!isnan(c->pct)) abn_buf_printf(out, " %+.10g %%", c->pct);
    if (!isnan(c->level)) abn_buf_printf(out, " at %.10g", c->level);
    if (c->extreme != ABN_EXTREME_NONE && c->since[0])
        abn_buf_printf(out, " %sest since %s", abn_extreme_name(c->extreme), c->since);
    if (c->streak > 1) abn_buf_printf(out, ", %d in a row", c->streak);
}

/* Candidates after the runner-up, while they matter. */
static const char *candidates(abn_extraction *x, const abn_dating *dating, abn_date runner_up)
{
    abn_buf out = {0};
    int shown = 0;
    for (size_t i = 0; i < dating->n_days && shown < SHOWN_DAYS; i++) {
        const abn_day *day = &dating->day[i];
        if (day->date == dating->published.date || day->date == runner_up ||
            day->probability < 0.001)
            continue;
        if (shown++) abn_buf_text(&out, "; ");
        put_date(&out, day->date);
        abn_buf_printf(&out, " %.3f", day->probability);
    }
    return text_of(x, &out);
}

/* The claims that tell days apart most, the strongest first. */
static size_t strongest(const abn_read_document *d, size_t best[SHOWN_CLAIMS])
{
    size_t n = 0;
    for (size_t i = 0; i < d->reading.n_claims; i++) {
        double ratio = d->dating.claim[i].ratio;
        if (ratio <= 1.5) continue;
        size_t at = n;
        if (n < SHOWN_CLAIMS)
            n++;
        else if (d->dating.claim[best[--at]].ratio >= ratio)
            continue;
        for (; at > 0 && d->dating.claim[best[at - 1]].ratio < ratio; at--)
            best[at] = best[at - 1];
        best[at] = i;
    }
    return n;
}

static const char *evidence(abn_extraction *x, const abn_read_document *d)
{
    abn_buf out = {0};
    size_t best[SHOWN_CLAIMS] = {0};
    if (d->dating.basis == ABN_BASIS_METADATA || d->dating.basis == ABN_BASIS_TEXT)
        abn_buf_text(&out, d->where);
    if (d->event) abn_buf_printf(&out, "tells of %s", d->event);
    if (d->dating.basis == ABN_BASIS_CLAIMS || d->event) {
        size_t n = strongest(d, best);
        for (size_t k = 0; k < n; k++) {
            const abn_claim_session *s = &d->dating.claim[best[k]];
            const abn_tape *h = abn_dater_tape(x->dater, d->reading.claim[best[k]].symbol);
            if (out.len) abn_buf_text(&out, "; ");
            put_claim(&out, &d->reading.claim[best[k]]);
            abn_buf_text(&out, ": ");
            put_date(&out, s->session);
            if (h) abn_buf_printf(&out, ", 1 of %zu in %zu sessions", s->n_fitting, h->n);
        }
    }
    return text_of(x, &out);
}

/* ---- the long account ---- */

static const char *word_name(abn_session_word word, int day)
{
    static const char *const weekday[] = {"",         "Monday", "Tuesday",  "Wednesday",
                                          "Thursday", "Friday", "Saturday", "Sunday"};
    switch (word) {
    case ABN_SESSION_TODAY:
        return "said of the day of writing";
    case ABN_SESSION_YESTERDAY:
        return "said of the session before";
    case ABN_SESSION_WEEKDAY:
        return weekday[day];
    case ABN_SESSION_DATE:
        return "said with its date";
    default:
        return "day not said";
    }
}

static void account_of_claim(const abn_extraction *x, const abn_read_document *d, size_t i,
                             abn_buf *out)
{
    const abn_claim *c = &d->reading.claim[i];
    const abn_claim_session *s = &d->dating.claim[i];
    const abn_tape *h = abn_dater_tape(x->dater, c->symbol);
    abn_buf_text(out, "  ");
    put_claim(out, c);
    abn_buf_printf(out, " (%s): ", word_name(c->session_word, c->session_weekday));
    if (!h) {
        abn_buf_text(out, "no quotes\n");
        return;
    }
    if (s->session == ABN_NO_DATE) {
        abn_buf_text(out, "its session is open\n");
        return;
    }
    put_date(out, s->session);
    if (s->row == ABN_NO_SESSION) {
        abn_buf_text(out, ", no bar\n");
        return;
    }
    abn_verification v;
    abn_verify(c, h, s->row, false, &v);
    abn_buf_printf(out, ", %s", abn_verdict_name(v.verdict));
    if (v.reason[0]) abn_buf_printf(out, " by %s", v.reason);
    abn_buf_printf(out, " (close %+.2f %%, range %+.2f to %+.2f %%)", h->pct[s->row],
                   h->pct_low[s->row], h->pct_high[s->row]);
    if (s->n_fitting)
        abn_buf_printf(out, "; %zu of %zu sessions would explain it, this one %.3g times chance",
                       s->n_fitting, h->n, s->ratio);
    abn_buf_char(out, '\n');
}

static void account_of_mention(const abn_read_document *d, const abn_mention *m, abn_buf *out)
{
    abn_told told = {.mention = m, .written = d->dating.published.date, .moved = ABN_NO_DATE};
    abn_told_day day = abn_told_resolve(&told);
    abn_buf_printf(out, "  %s: %s %s of %s", m->main ? "tells" : "mentions",
                   abn_event_type_name(m->type), abn_event_status_name(m->status), m->companies);
    if (m->actor[0]) abn_buf_printf(out, " by %s", m->actor);
    if (m->topic[0]) abn_buf_printf(out, " (%s)", m->topic);
    abn_buf_text(out, day.day == ABN_NO_DATE ? ", day not said" : ", on ");
    put_date(out, day.day);
    abn_buf_text(out, day.day != ABN_NO_DATE && !day.stated ? " at the latest\n" : "\n");
}

static const char *account(abn_extraction *x, const abn_read_document *d)
{
    abn_buf out = {0};
    const abn_dating *dating = &d->dating;
    abn_buf_printf(&out, "%s (%s): ", d->id, d->lang[0] ? d->lang : "?");
    if (dating->published.date != ABN_NO_DATE) {
        abn_buf_text(&out, "published ");
        put_date(&out, dating->published.date);
        abn_buf_printf(&out, ", probability %.3f, by %s", dating->published.probability,
                       abn_basis_name(dating->basis));
        if (d->event) abn_buf_printf(&out, " (%s)", d->event);
    } else {
        abn_buf_text(&out, dating->n_days ? "no day reaches one half" : "nothing dates it");
    }
    abn_buf_char(&out, '\n');
    for (size_t i = 0; i < dating->n_days && i < SHOWN_DAYS; i++) {
        abn_buf_text(&out, i ? ", " : "  by claims alone: ");
        put_date(&out, dating->day[i].date);
        abn_buf_printf(&out, " %.3f", dating->day[i].probability);
    }
    if (dating->n_days) abn_buf_printf(&out, "; no day of the quotes %.3f\n", dating->elsewhere);
    for (size_t i = 0; i < d->reading.n_claims; i++)
        account_of_claim(x, d, i, &out);
    for (size_t i = 0; i < d->reading.n_mentions; i++)
        account_of_mention(d, &d->reading.mention[i], &out);
    return text_of(x, &out);
}

abn_status abn_extraction_explain(abn_extraction *x, size_t document, abn_document_row *row,
                                  abn_error *err)
{
    const abn_read_document *d = &x->document[document];
    row->candidates = candidates(x, &d->dating, row->runner_up);
    row->evidence = evidence(x, d);
    row->explanation = x->options.explain ? account(x, d) : "";
    return row->candidates && row->evidence && row->explanation ? ABN_OK : abn_fail_memory(err);
}
