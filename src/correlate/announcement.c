/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "named.h"
#include <abnorm/announcement.h>
#include <abnorm/buf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RETOLD_DAYS    6  /* later texts that state no day still speak of the same announcement */
#define STATED_DAYS    1  /* stated days differ by zones only */
#define CONFIRM_DAYS   90 /* a confirmation follows its report within these */
#define SCHEDULE_SLACK 14 /* a due day without its year may just have passed */

/* ---- when ---- */

static abn_told_day day_of(abn_date day, bool stated)
{
    return (abn_told_day){day, day == ABN_NO_DATE ? ABN_PRECISION_NONE : ABN_PRECISION_DAY, stated};
}

static int digits(const char *s, int n)
{
    int v = 0;
    for (int i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9') return -1;
        v = v * 10 + s[i] - '0';
    }
    return v;
}

/* "XXXX-03-25", "XXXX-04", also with the year: the next one for what is due, the last one for what
 * was. */
static abn_told_day complete(const char *partial, abn_date written, bool due)
{
    abn_told_day none = {ABN_NO_DATE, ABN_PRECISION_NONE, false};
    size_t len = strlen(partial);
    int month = len >= 7 ? digits(partial + 5, 2) : -1;
    int day = len >= 10 ? digits(partial + 8, 2) : 1;
    int year = digits(partial, 4);
    if (month < 1 || month > 12 || day < 1) return none;
    if (year < 0) {
        if (written == ABN_NO_DATE) return none;
        year = abn_date_civil(written).year;
        int last = abn_days_in_month(year, month);
        abn_date then = abn_date_of(year, month, len >= 10 && day <= last ? day : last);
        if (due && then < written - SCHEDULE_SLACK) year++;
        if (!due && abn_date_of(year, month, len >= 10 && day <= last ? day : 1) > written) year--;
    }
    abn_date date = abn_date_of(year, month, day);
    if (date == ABN_NO_DATE) return none;
    return (abn_told_day){date, len >= 10 ? ABN_PRECISION_DAY : ABN_PRECISION_MONTH, true};
}

/* The last such weekday for what was, the next for what is due. */
static abn_date weekday_near(abn_date written, int weekday, bool due)
{
    int back = (abn_weekday(written) - weekday + 7) % 7;
    if (!due) return written - back;
    return back ? written + 7 - back : written + 7;
}

abn_told_day abn_told_resolve(const abn_told *told)
{
    const abn_mention *m = told->mention;
    abn_date written = told->written;
    bool due = m->status == ABN_EVENT_SCHEDULED;
    if (m->partial[0]) {
        abn_told_day day = complete(m->partial, written, due);
        if (day.day != ABN_NO_DATE || m->date == ABN_NO_DATE) return day;
    }
    if (m->date != ABN_NO_DATE)
        return (abn_told_day){m->date, m->precision ? m->precision : ABN_PRECISION_DAY, true};
    if (written == ABN_NO_DATE) return day_of(ABN_NO_DATE, false);
    switch (m->day_word) {
    case ABN_SESSION_TODAY:
        return day_of(written, true);
    case ABN_SESSION_YESTERDAY:
        return day_of(written - 1, true);
    case ABN_SESSION_WEEKDAY:
        return m->weekday ? day_of(weekday_near(written, m->weekday, due), true)
                          : day_of(ABN_NO_DATE, false);
    default:
        break;
    }
    if (due || (!m->main && told->moved == ABN_NO_DATE)) return day_of(ABN_NO_DATE, false);
    return day_of(told->moved != ABN_NO_DATE ? told->moved : written, false);
}

/* ---- which are one ---- */

typedef struct cluster {
    abn_event_type type;
    abn_event_status status;
    const char *companies;
    const char *topic;  /* of its first mention */
    abn_told_day first; /* of its first mention in order of days */
    size_t *member;     /* indices of told, in order of joining */
    size_t n, cap;
} cluster;

/* Whether `word` of length `len` is one of the `separator`-joined words of `list`. */
static bool has_word(const char *list, const char *word, size_t len, char separator)
{
    for (const char *p = list; p && *p;) {
        const char *end = strchr(p, separator);
        size_t n = end ? (size_t)(end - p) : strlen(p);
        if (n == len && !memcmp(p, word, len)) return true;
        p = end ? end + 1 : NULL;
    }
    return false;
}

static void overlap(const char *a, const char *b, char separator, int *shared, int *of_a)
{
    *shared = *of_a = 0;
    for (const char *p = a; p && *p;) {
        const char *end = strchr(p, separator);
        size_t n = end ? (size_t)(end - p) : strlen(p);
        *of_a += 1;
        *shared += has_word(b, p, n, separator);
        p = end ? end + 1 : NULL;
    }
}

/* The same companies, or one text names fewer of them. */
static bool same_companies(const char *a, const char *b)
{
    int shared, of_a, of_b;
    overlap(a, b, ';', &shared, &of_a);
    overlap(b, a, ';', &shared, &of_b);
    return shared > 0 ? shared == of_a || shared == of_b : !of_a && !of_b;
}

/* Topics are few words; a third of the shorter one in common is enough, and none said fits all. */
static bool same_topic(const char *a, const char *b)
{
    int shared, of_a, of_b;
    overlap(a, b, ' ', &shared, &of_a);
    overlap(b, a, ' ', &shared, &of_b);
    return !of_a || !of_b || 3 * shared >= (of_a < of_b ? of_a : of_b);
}

/* News of a kind that comes every day is one event a day. */
static bool daily(abn_event_type type)
{
    return type == ABN_EVENT_MACRO || type == ABN_EVENT_MARKET || type == ABN_EVENT_ANALYST ||
           type == ABN_EVENT_OTHER;
}

static bool same_day(const cluster *c, const abn_told_day *day)
{
    if (c->first.day == ABN_NO_DATE || day->day == ABN_NO_DATE)
        return c->first.day == day->day || (!daily(c->type) && c->status != ABN_EVENT_SCHEDULED);
    int apart = day->day - c->first.day;
    if (apart < 0) apart = -apart;
    if (c->status == ABN_EVENT_SCHEDULED &&
        (c->first.precision == ABN_PRECISION_MONTH || day->precision == ABN_PRECISION_MONTH))
        return c->first.precision == day->precision && !apart;
    if (daily(c->type)) return !apart;
    return apart <= (c->first.stated && day->stated ? STATED_DAYS : RETOLD_DAYS);
}

bool abn_event_matches(const abn_event *event, const abn_mention *mention)
{
    int shared, words;
    if (event->type != mention->type || event->status != mention->status) return false;
    overlap(mention->topic, event->topic, ' ', &shared, &words);
    return shared > 1 && same_companies(event->companies, mention->companies) &&
           same_topic(event->topic, mention->topic);
}

typedef struct entry {
    size_t told;
    abn_told_day day;
} entry;

/* Dated before undated, earlier first, stated before inferred; then in order of documents. */
static int by_day(const void *pa, const void *pb)
{
    const entry *a = pa, *b = pb;
    bool none_a = a->day.day == ABN_NO_DATE, none_b = b->day.day == ABN_NO_DATE;
    if (none_a != none_b) return none_a ? 1 : -1;
    if (a->day.day != b->day.day) return a->day.day < b->day.day ? -1 : 1;
    if (a->day.stated != b->day.stated) return a->day.stated ? -1 : 1;
    return a->told < b->told ? -1 : a->told > b->told;
}

static bool push(cluster *c, size_t told)
{
    if (c->n == c->cap) {
        size_t cap = c->cap ? 2 * c->cap : 4;
        size_t *member = realloc(c->member, cap * sizeof *member);
        if (!member) return false;
        c->member = member, c->cap = cap;
    }
    c->member[c->n++] = told;
    return true;
}

static bool fits(const cluster *c, const abn_mention *m, const abn_told_day *day)
{
    return c->type == m->type && c->status == m->status && same_day(c, day) &&
           same_companies(c->companies, m->companies) && same_topic(c->topic, m->topic);
}

typedef struct merging {
    const abn_told *told;
    size_t n;
    entry *entry;
    cluster *cluster;
    size_t n_clusters;
    abn_named *named; /* clusters by their companies */
} merging;

/* The latest fitting cluster on or before the mention's day; the largest for one without a day. */
static abn_status find(merging *g, size_t from, const abn_mention *m, const abn_told_day *day,
                       cluster **out, abn_error *err)
{
    const size_t *at;
    size_t n;
    cluster *best = NULL;
    if (!abn_named_find(g->named, m->companies, from, &at, &n)) return abn_fail_memory(err);
    while (n-- > 0) {
        cluster *c = &g->cluster[at[n]];
        if (!fits(c, m, day)) continue;
        if (!best || c->n >= best->n) best = c;
        if (day->day != ABN_NO_DATE) break;
    }
    *out = best;
    return ABN_OK;
}

static bool name_cluster(merging *g, cluster *c, const char *companies)
{
    c->companies = companies;
    return abn_named_add(g->named, companies, (size_t)(c - g->cluster));
}

static abn_status gather(merging *g, abn_error *err)
{
    size_t window = 0; /* clusters before it are too long past for any dated mention */
    for (size_t i = 0; i < g->n; i++) {
        const abn_mention *m = g->told[g->entry[i].told].mention;
        const abn_told_day *day = &g->entry[i].day;
        while (day->day != ABN_NO_DATE && window < g->n_clusters &&
               g->cluster[window].first.day < day->day - RETOLD_DAYS - 1)
            window++;
        size_t from = day->day != ABN_NO_DATE ? window : 0;
        cluster *c = NULL;
        abn_status status = find(g, from, m, day, &c, err);
        if (status != ABN_OK) return status;
        if (!c) {
            c = &g->cluster[g->n_clusters++];
            *c = (cluster){m->type, m->status, "", m->topic, *day, NULL, 0, 0};
            if (!name_cluster(g, c, m->companies)) return abn_fail_memory(err);
        }
        if (!push(c, g->entry[i].told)) return abn_fail_memory(err);
        /* the fuller list of companies names the event */
        if (strlen(m->companies) > strlen(c->companies) && !name_cluster(g, c, m->companies))
            return abn_fail_memory(err);
    }
    return ABN_OK;
}

static bool named_before(const merging *g, const cluster *c, size_t i)
{
    const char *names = g->told[c->member[i]].mention->companies;
    for (size_t j = 0; j < i; j++)
        if (strcmp(g->told[c->member[j]].mention->companies, names) == 0) return true;
    return false;
}

/* What most of its texts name, those that name one company left aside where others name more: a
 * text that recalls a former partner does not make it one of this. */
static void vote(const merging *g, cluster *c)
{
    size_t most = 0;
    bool two = strchr(c->companies, ';') != NULL;
    for (size_t i = 0; i < c->n; i++) {
        const char *names = g->told[c->member[i]].mention->companies;
        size_t votes = 0;
        /* Many texts name few companies: each name is counted once. */
        if ((two && !strchr(names, ';')) || named_before(g, c, i)) continue;
        for (size_t j = 0; j < c->n; j++)
            votes += strcmp(g->told[c->member[j]].mention->companies, names) == 0;
        if (votes <= most) continue;
        most = votes;
        c->companies = names;
    }
    for (size_t i = 0; i < c->n; i++) { /* the fullest topic is the easiest to know again */
        const char *topic = g->told[c->member[i]].mention->topic;
        if (strlen(topic) > strlen(c->topic)) c->topic = topic;
    }
}

/* ---- rows ---- */

/* Of market reports, only what moved. */
static bool moved(const merging *g, const cluster *c, const char *symbol)
{
    bool told = false;
    for (size_t i = 0; i < c->n; i++) {
        const char *symbols = g->told[c->member[i]].symbols;
        if (symbols && has_word(symbols, symbol, strlen(symbol), ';')) return true;
        told |= symbols != NULL;
    }
    return !told;
}

static const char *symbols_of(const merging *g, const cluster *c, const abn_listings *listings,
                              abn_arena *arena)
{
    abn_buf out = {0};
    for (uint32_t i = 0; i < abn_listings_count(listings); i++) {
        const abn_listing *l = abn_listings_at(listings, i);
        if (!has_word(c->companies, l->company, strlen(l->company), ';') ||
            !moved(g, c, l->symbol) || (strcmp(l->kind, "stock") && c->type != ABN_EVENT_MARKET))
            continue;
        if (out.len) abn_buf_char(&out, ';');
        abn_buf_text(&out, l->symbol);
    }
    char *text = out.failed ? NULL : abn_arena_slice(arena, (abn_slice){out.data, out.len});
    abn_buf_free(&out);
    return text;
}

static int by_index(const void *pa, const void *pb)
{
    size_t a = *(const size_t *)pa, b = *(const size_t *)pb;
    return a < b ? -1 : a > b;
}

/* The mention that shows the event best: main, of the first day, surest, earliest. */
static const abn_told *best_told(const merging *g, const cluster *c)
{
    const abn_told *best = NULL;
    double most = -1;
    for (size_t i = 0; i < c->n; i++) {
        const abn_told *t = &g->told[c->member[i]];
        abn_told_day day = abn_told_resolve(t);
        double score = t->mention->confidence + (t->mention->main ? 0.5 : 0) +
                       (day.day == c->first.day ? 1 : 0);
        if (score > most) most = score, best = t;
    }
    return best;
}

static double confidence_of(const merging *g, const cluster *c)
{
    double doubt = 1;
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < c->n; i++) {
        const abn_told *t = &g->told[c->member[i]];
        if (t->document == last) continue; /* one witness a document */
        last = t->document;
        double p = t->written != ABN_NO_DATE ? t->written_probability : 0.5;
        doubt *= 1 - t->mention->confidence * p;
    }
    return doubt < 0.01 ? 0.99 : 1 - doubt;
}

static const char *documents_of(const merging *g, const cluster *c, abn_arena *arena, size_t *n)
{
    abn_buf out = {0};
    size_t last = SIZE_MAX;
    *n = 0;
    for (size_t i = 0; i < c->n; i++) {
        const abn_told *t = &g->told[c->member[i]];
        if (t->document == last) continue;
        last = t->document;
        if (out.len) abn_buf_char(&out, ';');
        abn_buf_text(&out, t->document_id);
        ++*n;
    }
    char *text = out.failed ? NULL : abn_arena_slice(arena, (abn_slice){out.data, out.len});
    abn_buf_free(&out);
    return text;
}

static const char *evidence_of(const abn_told *t, abn_arena *arena)
{
    abn_buf out = {0};
    abn_buf_printf(&out, "%s:%zu-%zu: %s", t->document_id, t->mention->start, t->mention->end,
                   t->mention->quote);
    char *text = out.failed ? NULL : abn_arena_slice(arena, (abn_slice){out.data, out.len});
    abn_buf_free(&out);
    return text;
}

/* The first instant among the mentions and, where they state none, documents of that day. */
static void instant_of(const merging *g, const cluster *c, abn_event *e)
{
    e->at = ABN_NO_INSTANT;
    for (int pass = 0; pass < 2 && e->at == ABN_NO_INSTANT; pass++)
        for (size_t i = 0; i < c->n; i++) {
            const abn_told *t = &g->told[c->member[i]];
            if (pass &&
                (!t->mention->main || abn_told_resolve(t).day != e->on || t->written != e->on))
                continue;
            abn_instant at = pass ? t->written_at : t->mention->instant;
            if (at == ABN_NO_INSTANT || (e->at != ABN_NO_INSTANT && at >= e->at)) continue;
            e->at = at;
            e->offset_sec = t->written_offset_sec;
        }
    if (e->at != ABN_NO_INSTANT) e->precision = ABN_PRECISION_INSTANT;
}

/* Whose day it is: of the exchange where a text of the event saw the first move, on that day. */
static const char *clock_of(const merging *g, const cluster *c)
{
    for (size_t i = 0; i < c->n; i++) {
        const abn_told *t = &g->told[c->member[i]];
        if (t->moved_mic && t->moved == c->first.day) return t->moved_mic;
    }
    return "";
}

static abn_status row_of(const merging *g, cluster *c, const abn_listings *listings,
                         abn_arena *arena, abn_event *e, abn_error *err)
{
    qsort(c->member, c->n, sizeof *c->member, by_index);
    vote(g, c);
    *e = (abn_event){.at = ABN_NO_INSTANT,
                     .on = c->first.day,
                     .precision = c->first.precision,
                     .type = c->type,
                     .status = c->status,
                     .clock = clock_of(g, c),
                     .confirms = "",
                     .confidence = confidence_of(g, c)};
    if (c->status != ABN_EVENT_SCHEDULED && e->precision == ABN_PRECISION_DAY) instant_of(g, c, e);
    e->companies = abn_arena_strdup(arena, c->companies);
    e->topic = abn_arena_strdup(arena, c->topic);
    e->symbols = symbols_of(g, c, listings, arena);
    e->documents = documents_of(g, c, arena, &e->n_documents);
    e->evidence = evidence_of(best_told(g, c), arena);
    return e->companies && e->topic && e->symbols && e->documents && e->evidence
               ? ABN_OK
               : abn_fail_memory(err);
}

typedef struct sorted {
    abn_event event;
    size_t cluster;
} sorted;

static int by_event(const void *pa, const void *pb)
{
    const abn_event *a = &((const sorted *)pa)->event, *b = &((const sorted *)pb)->event;
    bool none_a = a->on == ABN_NO_DATE, none_b = b->on == ABN_NO_DATE;
    if (none_a != none_b) return none_a ? 1 : -1;
    if (a->on != b->on) return a->on < b->on ? -1 : 1;
    if (a->type != b->type) return a->type < b->type ? -1 : 1;
    if (a->status != b->status) return a->status < b->status ? -1 : 1;
    int order = strcmp(a->companies, b->companies);
    return order ? order : strcmp(a->evidence, b->evidence);
}

/* "TYPE-DAY", numbered where several share it. */
static const char *id_of(const abn_event *events, size_t i, abn_arena *arena)
{
    char day[ABN_DATE_MAX], base[64], id[96];
    const abn_event *e = &events[i];
    abn_date_format(e->on, day);
    if (e->precision == ABN_PRECISION_MONTH) day[7] = '\0';
    snprintf(base, sizeof base, "%s-%s", abn_event_type_name(e->type), day[0] ? day : "undated");
    size_t same = 1, len = strlen(base);
    for (size_t j = i; j-- > 0 && events[j].on == e->on;)
        if (!strncmp(events[j].id, base, len) && (!events[j].id[len] || events[j].id[len] == '-') &&
            events[j].type == e->type && strlen(events[j].id) < len + 8)
            same += events[j].precision == ABN_PRECISION_MONTH
                        ? e->precision == ABN_PRECISION_MONTH
                        : e->precision != ABN_PRECISION_MONTH;
    if (same > 1)
        snprintf(id, sizeof id, "%s-%zu", base, same);
    else
        snprintf(id, sizeof id, "%s", base);
    return abn_arena_strdup(arena, id);
}

/* The latest report of the same on or before its confirmation. */
static void link_confirmation(abn_event *events, size_t i)
{
    abn_event *e = &events[i];
    if (e->status != ABN_EVENT_CONFIRMED || e->on == ABN_NO_DATE) return;
    for (size_t j = i; j-- > 0 && events[j].on >= e->on - CONFIRM_DAYS;)
        if (events[j].type == e->type && events[j].status == ABN_EVENT_REPORTED &&
            same_companies(events[j].companies, e->companies)) {
            e->confirms = events[j].id;
            return;
        }
}

static abn_status rows(merging *g, const abn_listings *listings, abn_arena *arena, abn_events *out,
                       abn_error *err)
{
    abn_status status = ABN_OK;
    sorted *list = calloc(g->n_clusters + 1, sizeof *list);
    abn_event *events = abn_arena_alloc(arena, (g->n_clusters + 1) * sizeof *events);
    size_t *event_of = abn_arena_alloc(arena, (g->n + 1) * sizeof *event_of);
    if (!list || !events || !event_of) status = abn_fail_memory(err);
    for (size_t i = 0; i < g->n_clusters && status == ABN_OK; i++) {
        list[i].cluster = i;
        status = row_of(g, &g->cluster[i], listings, arena, &list[i].event, err);
    }
    if (status == ABN_OK) {
        qsort(list, g->n_clusters, sizeof *list, by_event);
        for (size_t i = 0; i < g->n_clusters; i++) {
            const cluster *c = &g->cluster[list[i].cluster];
            events[i] = list[i].event;
            for (size_t m = 0; m < c->n; m++)
                event_of[c->member[m]] = i;
            if (!(events[i].id = id_of(events, i, arena))) status = abn_fail_memory(err);
            if (status != ABN_OK) break;
            link_confirmation(events, i);
        }
    }
    free(list);
    if (status == ABN_OK) *out = (abn_events){events, g->n_clusters, event_of};
    return status;
}

abn_status abn_events_merge(const abn_told *told, size_t n, const abn_listings *listings,
                            abn_arena *arena, abn_events *out, abn_error *err)
{
    merging g = {.told = told, .n = n};
    abn_status status = ABN_OK;
    g.entry = calloc(n + 1, sizeof *g.entry);
    g.cluster = calloc(n + 1, sizeof *g.cluster);
    g.named = abn_named_new();
    if (!g.entry || !g.cluster || !g.named) status = abn_fail_memory(err);
    for (size_t i = 0; i < n && status == ABN_OK; i++)
        g.entry[i] = (entry){i, abn_told_resolve(&told[i])};
    if (status == ABN_OK) {
        qsort(g.entry, n, sizeof *g.entry, by_day);
        status = gather(&g, err);
    }
    if (status == ABN_OK) status = rows(&g, listings, arena, out, err);
    for (size_t i = 0; i < g.n_clusters; i++)
        free(g.cluster[i].member);
    abn_named_free(g.named);
    free(g.cluster);
    free(g.entry);
    return status;
}
