/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From dated documents to events, and from events to documents that have no day of their own. */
#include "extraction.h"
#include "named.h"
#include <abnorm/buf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EAST_SEC      (7 * 3600) /* exchanges that close before New York opens */
#define AMERICA       "XNYS"     /* whose day the news of an overnight gap is of */
#define GAP_PCT       2.0        /* an opening move that overnight news explains */
#define GAP_SHARE     0.4        /* of the session's */
#define REACTION_DAYS 4          /* moves this close to the writing are about its news */
#define EVENT_TRUST   0.96       /* that a text without a day tells of the event it matches */

static const abn_listing *listing_of(const abn_extraction *x, const char *symbol)
{
    uint32_t i = abn_listings_find(x->facts.listings, abn_slice_of(symbol));
    return i == ABN_NO_LISTING ? NULL : abn_listings_at(x->facts.listings, i);
}

static bool names_company(const char *companies, const char *company)
{
    size_t len = strlen(company);
    for (const char *p = companies; (p = strstr(p, company)); p += len)
        if ((p == companies || p[-1] == ';') && (p[len] == '\0' || p[len] == ';')) return true;
    return false;
}

static bool of_a_day(const abn_claim *c)
{
    return c->kind != ABN_CLAIM_YTD && c->horizon == ABN_HORIZON_DAY &&
           (c->pct == c->pct || c->level == c->level);
}

/* Whether another listing of the company had made a good part of the move before the session. */
static bool moved_elsewhere(const abn_extraction *x, const abn_listing *l, abn_date session,
                            double pct)
{
    for (uint32_t i = 0; i < abn_listings_count(x->facts.listings); i++) {
        const abn_listing *other = abn_listings_at(x->facts.listings, i);
        const abn_tape *t = abn_dater_tape(x->dater, other->symbol);
        size_t row = t ? abn_tape_at(t, session - 1) : ABN_NO_SESSION;
        if (other == l || strcmp(other->company, l->company) || row == ABN_NO_SESSION) continue;
        if (t->pct[row] * pct > 0 && fabs(t->pct[row]) >= GAP_SHARE * fabs(pct)) return true;
    }
    return false;
}

/* A session in Asia that opened with a good part of its move had met the news overnight: it broke
 * on the day before, while America was at work. Over a weekend, only where America's prices show
 * it. */
static abn_date day_of_news(const abn_extraction *x, const abn_listing *l,
                            const abn_claim_session *s, const char **mic)
{
    const abn_tape *t = abn_dater_tape(x->dater, l->symbol);
    const abn_exchange *e = abn_dater_exchange(x->dater, l->symbol);
    *mic = e ? e->mic : NULL;
    if (!t || !e || s->row == ABN_NO_SESSION || !s->row || e->zone.standard_sec < EAST_SEC)
        return s->session;
    double open = t->pct_open[s->row], close = t->pct[s->row];
    bool gapped =
        open * close > 0 && fabs(open) >= GAP_PCT && fabs(open) >= GAP_SHARE * fabs(close);
    bool next_day = t->date[s->row - 1] == s->session - 1;
    if (!gapped || (!next_day && !moved_elsewhere(x, l, s->session, close))) return s->session;
    *mic = AMERICA;
    return t->date[s->row - 1];
}

/* Whether a claim is a reaction that a text may report of these companies. */
static const abn_listing *reacting(const abn_extraction *x, const abn_read_document *d, size_t i,
                                   const char *companies, bool before_open)
{
    const abn_claim *c = &d->reading.claim[i];
    abn_date written = d->dating.published.date, session = d->dating.claim[i].session;
    const abn_listing *l = listing_of(x, c->symbol);
    if (!l || session == ABN_NO_DATE || !of_a_day(c) || c->pct != c->pct ||
        (c->kind == ABN_CLAIM_PREMARKET) != before_open || !names_company(companies, l->company))
        return NULL;
    if (written != ABN_NO_DATE && (session > written || written - session > REACTION_DAYS))
        return NULL;
    return l;
}

/* Whether the text goes on to a later session of the market that turned: then that is its news. */
static bool superseded(const abn_extraction *x, const abn_read_document *d, size_t i,
                       const char *companies, const abn_listing *l, bool before_open)
{
    for (size_t j = 0; j < d->reading.n_claims; j++) {
        const abn_listing *other = reacting(x, d, j, companies, before_open);
        if (other && !strcmp(other->mic, l->mic) &&
            d->dating.claim[j].session > d->dating.claim[i].session &&
            d->reading.claim[j].pct * d->reading.claim[i].pct < 0)
            return true;
    }
    return false;
}

/* The day of the news that the document reports a reaction to, the first of its sessions. `from`
 * and `to`: only claims inside these code points; 0, 0: all. */
static abn_date first_move(const abn_extraction *x, const abn_read_document *d,
                           const char *companies, size_t from, size_t to, bool before_open,
                           const char **mic)
{
    abn_date first = ABN_NO_DATE;
    for (size_t i = 0; i < d->reading.n_claims; i++) {
        const abn_claim *c = &d->reading.claim[i];
        const abn_listing *l = reacting(x, d, i, companies, before_open);
        if (!l || (to && (c->start >= to || c->end <= from)) ||
            superseded(x, d, i, companies, l, before_open))
            continue;
        const char *of = NULL;
        abn_date day = day_of_news(x, l, &d->dating.claim[i], &of);
        if (first != ABN_NO_DATE && day >= first) continue;
        first = day;
        *mic = of;
    }
    return first;
}

/* Written in the evening of a session that it reports, a text tells nothing of the hour. */
static bool reports_close_of(const abn_read_document *d, abn_date day)
{
    for (size_t i = 0; i < d->reading.n_claims; i++)
        if (d->reading.claim[i].kind == ABN_CLAIM_CLOSE && d->dating.claim[i].session == day)
            return true;
    return false;
}

static abn_told told_of(const abn_extraction *x, size_t i, const abn_mention *mention)
{
    const abn_read_document *d = &x->document[i];
    abn_date written = d->dating.published.date;
    bool timely = written != ABN_NO_DATE && !reports_close_of(d, written);
    const char *mic = NULL;
    size_t from = mention->main ? 0 : mention->start, to = mention->main ? 0 : mention->end;
    abn_date moved = first_move(x, d, mention->companies, from, to, false, &mic);
    if (moved == ABN_NO_DATE) /* quotes before the open are of the news too, with no session yet */
        moved = first_move(x, d, mention->companies, from, to, true, &mic);
    return (abn_told){.document = i,
                      .document_id = d->id,
                      .mention = mention,
                      .written = written,
                      .written_probability = d->dating.published.probability,
                      .written_at = timely ? d->published_at : ABN_NO_INSTANT,
                      .written_offset_sec = d->published_offset_sec,
                      .moved_mic = mic,
                      .moved = moved};
}

/* Background read into the very words of the main news says nothing more. */
static bool shadowed(const abn_reading *r, size_t m)
{
    const abn_mention *a = &r->mention[m];
    if (a->main || a->day_word != ABN_SESSION_UNSTATED || a->partial[0] || a->date != ABN_NO_DATE)
        return false;
    for (size_t i = 0; i < r->n_mentions; i++) {
        const abn_mention *b = &r->mention[i];
        if (b->main && a->start < b->end && b->start < a->end) return true;
    }
    return false;
}

/* ---- documents that only report prices ---- */

static bool has_news(const abn_reading *r)
{
    for (size_t i = 0; i < r->n_mentions; i++)
        if (r->mention[i].main) return true;
    return false;
}

/* Whether two listings of one company moved, one on each of two days. */
static bool listed_twice(const abn_extraction *x, const abn_read_document *d, abn_date a,
                         abn_date b)
{
    for (size_t i = 0; i < d->reading.n_claims; i++)
        for (size_t j = 0; j < d->reading.n_claims; j++) {
            const abn_listing *l = listing_of(x, d->reading.claim[i].symbol);
            const abn_listing *m = listing_of(x, d->reading.claim[j].symbol);
            if (l && m && l != m && d->dating.claim[i].session == a &&
                d->dating.claim[j].session == b && !strcmp(l->company, m->company))
                return true;
        }
    return false;
}

/* The session that most of its moves are of; of several the latest, but the first of one company's
 * listings, where the news met it. */
static abn_date main_session(const abn_extraction *x, const abn_read_document *d)
{
    abn_date best = ABN_NO_DATE;
    int most = 0;
    for (size_t i = 0; i < d->reading.n_claims; i++) {
        abn_date session = d->dating.claim[i].session;
        int n = 0;
        if (session == ABN_NO_DATE || !of_a_day(&d->reading.claim[i])) continue;
        for (size_t j = 0; j < d->reading.n_claims; j++)
            n += d->dating.claim[j].session == session && of_a_day(&d->reading.claim[j]);
        bool after = session > best && !listed_twice(x, d, best, session);
        bool before = session < best && listed_twice(x, d, session, best);
        if (n > most || (n == most && (after || before))) most = n, best = session;
    }
    return best;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of the session's moves, of stocks where there are any, each once, sorted. */
static const char *moved_names(abn_extraction *x, const abn_read_document *d, abn_date session,
                               bool symbols)
{
    enum { MOST = 64 };
    const char *name[MOST];
    size_t n = 0;
    for (int pass = 0; pass < 2 && !n; pass++)
        for (size_t i = 0; i < d->reading.n_claims && n < MOST; i++) {
            const abn_listing *l = listing_of(x, d->reading.claim[i].symbol);
            if (!l || d->dating.claim[i].session != session || (!pass && strcmp(l->kind, "stock")))
                continue;
            name[n++] = symbols ? l->symbol : l->company;
        }
    qsort(name, n, sizeof *name, by_name);
    abn_buf out = {0};
    for (size_t i = 0; i < n; i++) {
        if (i && !strcmp(name[i], name[i - 1])) continue;
        if (out.len) abn_buf_char(&out, ';');
        abn_buf_text(&out, name[i]);
    }
    char *text = out.failed ? NULL : abn_arena_slice(x->arena, (abn_slice){out.data, out.len});
    abn_buf_free(&out);
    return text;
}

static const abn_claim *first_of(const abn_read_document *d, abn_date session)
{
    for (size_t i = 0; i < d->reading.n_claims; i++)
        if (d->dating.claim[i].session == session && of_a_day(&d->reading.claim[i]))
            return &d->reading.claim[i];
    return NULL;
}

/* NULL without a dated move, or without memory (`*status`). */
static const abn_mention *market_mention(abn_extraction *x, const abn_read_document *d,
                                         abn_status *status, abn_error *err)
{
    abn_date session = main_session(x, d);
    const abn_claim *c = session == ABN_NO_DATE ? NULL : first_of(d, session);
    if (!c) return NULL;
    abn_mention *m = abn_arena_alloc(x->arena, sizeof *m);
    const char *companies = m ? moved_names(x, d, session, false) : NULL;
    if (!companies) {
        *status = abn_fail_memory(err);
        return NULL;
    }
    *m = (abn_mention){.type = ABN_EVENT_MARKET,
                       .status = ABN_EVENT_REPORTED,
                       .companies = companies,
                       .actor = "",
                       .topic = "",
                       .main = true,
                       .day_word = ABN_SESSION_DATE,
                       .date = session,
                       .instant = ABN_NO_INSTANT,
                       .precision = ABN_PRECISION_DAY,
                       .confidence = d->dating.claim[c - d->reading.claim].probability,
                       .start = c->start,
                       .end = c->end,
                       .quote = c->quote};
    return m;
}

abn_status abn_extraction_told(abn_extraction *x, bool dated_only, abn_told **told, size_t *n,
                               abn_error *err)
{
    size_t most = 0, count = 0;
    abn_status status = ABN_OK;
    for (size_t i = 0; i < x->n_documents; i++)
        most += x->document[i].reading.n_mentions + 1;
    abn_told *list = calloc(most + 1, sizeof *list);
    if (!list) return abn_fail_memory(err);
    for (size_t i = 0; i < x->n_documents && status == ABN_OK; i++) {
        const abn_read_document *d = &x->document[i];
        if (dated_only && d->dating.published.date == ABN_NO_DATE) continue;
        for (size_t m = 0; m < d->reading.n_mentions; m++)
            if (!shadowed(&d->reading, m)) list[count++] = told_of(x, i, &d->reading.mention[m]);
        if (dated_only || has_news(&d->reading)) continue;
        const abn_mention *m = market_mention(x, d, &status, err);
        if (!m) continue;
        list[count] = told_of(x, i, m);
        if (!(list[count++].symbols = moved_names(x, d, m->date, true)))
            status = abn_fail_memory(err);
    }
    if (status != ABN_OK) {
        free(list);
        return status;
    }
    *told = list, *n = count;
    return ABN_OK;
}

/* ---- documents that events date ---- */

/* Texts about an announcement appear on its day and, fading, after it. */
static double days_after(int lag)
{
    static const double share[] = {0.62, 0.24, 0.06, 0.04, 0.03, 0.01};
    return lag < 0 || lag >= (int)(sizeof share / sizeof *share) ? 0 : share[lag];
}

enum { NEWS_DAYS = 6 };

/* The best day near one event, and what the claims leave of the event's days: 0 when they exclude
 * it. */
static abn_status day_near(const abn_extraction *x, abn_read_document *d, abn_date event,
                           abn_day *best, double *total, abn_error *err)
{
    double p[NEWS_DAYS] = {0};
    bool told = false;
    *best = (abn_day){ABN_NO_DATE, 0};
    *total = 0;
    abn_status status =
        abn_dater_weigh(x->dater, &d->reading, d->lang, event, NEWS_DAYS, p, &told, err);
    if (status != ABN_OK) return status;
    for (int lag = 0; lag < NEWS_DAYS; lag++) {
        p[lag] = days_after(lag) * (told ? p[lag] : 1);
        *total += p[lag];
        if (p[lag] > best->probability) *best = (abn_day){event + lag, p[lag]};
    }
    if (told && *total < 0.25 / x->dater->n) *total = 0; /* its claims deny it */
    if (*total > 0) best->probability *= EVENT_TRUST / *total;
    return ABN_OK;
}

static bool dates_documents(const abn_event *e)
{
    return e->on != ABN_NO_DATE && e->status != ABN_EVENT_SCHEDULED &&
           e->precision >= ABN_PRECISION_DAY &&
           (e->type == ABN_EVENT_PARTNERSHIP || e->type == ABN_EVENT_REGULATORY ||
            e->type == ABN_EVENT_PRODUCT || e->type == ABN_EVENT_LEGAL);
}

typedef struct dating_events {
    const abn_event *at;
    abn_named *named; /* those that can date documents */
} dating_events;

static abn_status index_events(const abn_events *events, dating_events *out, abn_error *err)
{
    bool room = (out->named = abn_named_new()) != NULL;
    out->at = events->at;
    for (size_t i = 0; room && i < events->count; i++)
        if (dates_documents(&events->at[i]))
            room = abn_named_add(out->named, events->at[i].companies, i);
    return room ? ABN_OK : abn_fail_memory(err);
}

/* The event that a document's main mentions match best; of several, the one that its claims fit. */
static abn_status event_for(const abn_extraction *x, abn_read_document *d,
                            const dating_events *events, const abn_event **found, abn_day *day,
                            abn_error *err)
{
    double most = 0;
    abn_status status = ABN_OK;
    for (size_t m = 0; m < d->reading.n_mentions; m++) {
        const abn_mention *mention = &d->reading.mention[m];
        const size_t *at;
        size_t n;
        if (!mention->main || mention->status == ABN_EVENT_SCHEDULED) continue;
        if (!abn_named_find(events->named, mention->companies, 0, &at, &n))
            return abn_fail_memory(err);
        for (size_t i = 0; i < n && status == ABN_OK; i++) {
            const abn_event *event = &events->at[at[i]];
            abn_day near;
            double fit;
            if (!abn_event_matches(event, mention)) continue;
            status = day_near(x, d, event->on, &near, &fit, err);
            if (status != ABN_OK || fit <= most) continue;
            most = fit, *found = event, *day = near;
        }
    }
    return status;
}

static abn_status date_by_event(abn_extraction *x, abn_read_document *d,
                                const dating_events *events, abn_error *err)
{
    abn_day day = {ABN_NO_DATE, 0};
    const abn_event *event = NULL;
    abn_status status = event_for(x, d, events, &event, &day, err);
    if (status != ABN_OK || !event || day.probability < 0.5) return status;
    d->event = abn_arena_strdup(x->arena, event->id);
    if (!d->event) return abn_fail_memory(err);
    return abn_dater_place(x->dater, &d->reading, d->lang, day, &d->dating, err);
}

abn_status abn_extraction_date_by_events(abn_extraction *x, abn_error *err)
{
    abn_told *told = NULL;
    abn_events events = {0};
    dating_events dating = {0};
    size_t n = 0;
    abn_arena *arena = abn_arena_new();
    abn_status status = arena ? abn_extraction_told(x, true, &told, &n, err) : abn_fail_memory(err);
    if (status == ABN_OK)
        status = abn_events_merge(told, n, x->facts.listings, arena, &events, err);
    if (status == ABN_OK) status = index_events(&events, &dating, err);
    for (size_t i = 0; i < x->n_documents && status == ABN_OK && events.count; i++)
        if (x->document[i].dating.published.date == ABN_NO_DATE)
            status = date_by_event(x, &x->document[i], &dating, err);
    abn_named_free(dating.named);
    free(told);
    abn_arena_free(arena);
    return status;
}
