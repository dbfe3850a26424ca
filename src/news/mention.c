/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mention.h"

#include "utf8.h"

#include <abnorm/buf.h>
#include <stdlib.h>
#include <string.h>

#define IS ABN_IS

/* Sentences at the head of a text say what it is about. */
enum { LEAD_SENTENCES = 4, TYPES = ABN_EVENT_MARKET + 1, NEAR = 9 };

/* Until other sentences tell. */
#define STATUS_OPEN ((abn_event_status)(ABN_EVENT_SCHEDULED + 1))

static const double LEAST_MAIN = 2.0; /* weight below which a text is about no announcement */

/* What one sentence tells. */
typedef struct told {
    double type[TYPES];    /* cues of each */
    size_t type_at[TYPES]; /* unit of the first */
    bool reported, confirmed, denied, scheduled;
    size_t status_at; /* unit of the cue that decides, SIZE_MAX none */
    const char *medium;
    uint32_t company[ABN_MENTION_COMPANIES];
    size_t n_companies;
    const char *topic[ABN_MENTION_TOPICS];
    size_t n_topics;
    bool percent;
} told;

static void add_company(told *t, uint32_t company)
{
    for (size_t i = 0; i < t->n_companies; i++)
        if (t->company[i] == company) return;
    if (t->n_companies < ABN_MENTION_COMPANIES) t->company[t->n_companies++] = company;
}

static void add_topic(const char **topic, size_t *n, const char *word)
{
    for (size_t i = 0; i < *n; i++)
        if (strcmp(topic[i], word) == 0) return;
    if (*n < ABN_MENTION_TOPICS) topic[(*n)++] = word;
}

static void gather_unit(const abn_mentions *m, const abn_sentence *s, size_t i, told *t)
{
    const abn_unit *u = &s->at[i];
    if (u->is & (IS(NAME) | IS(EPITHET)) &&
        !abn_lexicon_company(m->lexicon, u->term->company)->index)
        add_company(t, u->term->company);
    t->percent |= (u->is & IS(PERCENT)) != 0;
    if (!u->tells) return;
    if (u->tells & IS(TYPE)) {
        if (t->type[u->term->event] == 0) t->type_at[u->term->event] = i;
        t->type[u->term->event] += 1;
    }
    bool dateline = abn_unit_mark(s, i + 1, ')') && i > 0 && abn_unit_mark(s, i - 1, '(');
    if (u->tells & IS(MEDIUM) && u->capital && !dateline && !t->medium) t->medium = u->term->text;
    if (u->tells & IS(TOPIC)) add_topic(t->topic, &t->n_topics, u->term->text);
    if (!(u->tells & IS(STATUS))) return;
    bool *flag[] = {&t->reported, &t->confirmed, &t->denied, &t->scheduled};
    bool first = !*flag[u->term->status];
    *flag[u->term->status] = true;
    if (first && (t->status_at == SIZE_MAX || u->term->status == ABN_EVENT_CONFIRMED))
        t->status_at = i;
}

/* The medium's name and the topic share one field of the term; a medium is no topic. */
static void gather(const abn_mentions *m, const abn_sentence *s, told *t)
{
    *t = (told){.status_at = SIZE_MAX};
    for (size_t i = 0; i < s->n; i++)
        gather_unit(m, s, i, t);
}

/* A medium that confirms has only reported too; a sentence without a cue leaves the status to
 * others. */
static abn_event_status status_of(const told *t, bool dated)
{
    if (t->denied) return ABN_EVENT_DENIED;
    if (t->scheduled && dated) return ABN_EVENT_SCHEDULED;
    if (t->confirmed && !t->medium && !t->reported) return ABN_EVENT_CONFIRMED;
    return t->reported || t->medium ? ABN_EVENT_REPORTED : STATUS_OPEN;
}

/* ---- when ---- */

static size_t gap(size_t a, size_t b)
{
    return a > b ? a - b : b - a;
}

/* The day word nearest the cue, when no figure stands between: "confirmed on Thursday". */
static uint8_t day_near(const abn_sentence *s, size_t cue)
{
    uint8_t day = 0;
    size_t best = NEAR;
    for (size_t i = 0; i < s->n; i++) /* beside a figure, the day is sooner the move's */
        if (s->at[i].is & IS(PERCENT)) best = 4;
    for (size_t i = cue > NEAR ? cue - NEAR : 0; i < s->n && i < cue + NEAR; i++) {
        if (s->at[i].is & (IS(PERCENT) | IS(STOCK))) {
            if (i > cue) break;
            day = 0;
        }
        if (s->at[i].is & IS(DAY) && gap(i, cue) < best) {
            best = gap(i, cue);
            day = s->at[i].term->day;
        }
    }
    return day;
}

/* Is the value a day or a month of the calendar, with or without its year? */
static bool names_day(const char *value)
{
    size_t n = strlen(value);
    if (n != 7 && n != 10) return false;
    for (size_t i = 0; i < n; i++) {
        bool digit = value[i] >= '0' && value[i] <= '9';
        if (i == 4 || i == 7 ? value[i] != '-' : !digit && !(i < 4 && value[i] == 'X'))
            return false;
    }
    return true;
}

/* The first day or month that the sentence names. */
static abn_status find_date(abn_mentions *m, const abn_sentence *s, const char *text, char *value,
                            abn_error *err)
{
    value[0] = 0;
    bool month = false;
    for (size_t i = 0; i < s->n && !month; i++)
        month = s->at[i].is & (IS(MONTH) | IS(HORIZON)) ||
                (s->at[i].kind == ABN_UNIT_NUMBER && s->at[i].tail);
    if (!month) return ABN_OK;
    abn_slice slice = {text + s->start, s->end - s->start};
    m->timexes.count = 0;
    abn_status status = abn_timex_tag(m->languages, m->lang, slice, ABN_NO_DATE, &m->timexes, err);
    for (size_t i = 0; status == ABN_OK && i < m->timexes.count; i++)
        if (m->timexes.at[i].type == ABN_TIMEX_DATE && names_day(m->timexes.at[i].value)) {
            memcpy(value, m->timexes.at[i].value, ABN_TIMEX_VALUE);
            break;
        }
    return status;
}

/* ---- drafts ---- */

static abn_told_draft *draft_of(abn_mentions *m, abn_event_type type, abn_event_status status,
                                const char *value)
{
    for (size_t i = 0; i < m->n; i++) {
        abn_told_draft *d = &m->draft[i];
        bool due = status == ABN_EVENT_SCHEDULED;
        if (d->type == type && d->status == status && (!due || strcmp(d->value, value) == 0))
            return d;
    }
    if (m->n == ABN_MENTIONS_MAX) return NULL;
    abn_told_draft *d = &m->draft[m->n++];
    *d = (abn_told_draft){.type = type, .status = status};
    return d;
}

static double place_weight(const abn_mentions *m, bool title)
{
    if (title || m->sentences == 0) return 3;
    return m->sentences < LEAD_SENTENCES ? 2 : 0.5;
}

/* The companies of the weightiest sentence, and those that share one with it. */
static void put_companies(abn_told_draft *d, const told *t, bool better)
{
    bool shared = d->n_companies == 0 || better;
    for (size_t i = 0; i < t->n_companies && !shared; i++)
        for (size_t j = 0; j < d->n_companies; j++)
            shared |= t->company[i] == d->company[j];
    if (!t->n_companies || !shared) return;
    if (better && t->n_companies >= d->n_companies) d->n_companies = 0;
    if (d->n_companies >= 2) return;
    for (size_t i = 0; i < t->n_companies && d->n_companies < ABN_MENTION_COMPANIES; i++) {
        bool have = false;
        for (size_t j = 0; j < d->n_companies; j++)
            have |= d->company[j] == t->company[i];
        if (!have) d->company[d->n_companies++] = t->company[i];
    }
}

static void put(abn_mentions *m, abn_told_draft *d, const told *t, const abn_sentence *s,
                bool title, const char *value)
{
    double weight = place_weight(m, title) * (t->type[d->type] > 2 ? 2 : t->type[d->type]) *
                    (t->n_companies || d->type == ABN_EVENT_MACRO ? 1 : 0.4);
    double best = place_weight(m, title) + (t->n_companies >= 2 ? 0.4 : 0) +
                  (t->status_at != SIZE_MAX ? 0.3 : 0) - (t->n_companies ? 0 : 1);
    bool better = best > d->best || (d->end == d->start && !title);
    size_t cue = t->status_at != SIZE_MAX ? t->status_at : t->type_at[d->type];
    uint8_t day = day_near(s, cue);
    d->weight += weight;
    put_companies(d, t, better);
    for (size_t i = 0; i < t->n_topics; i++)
        add_topic(d->topic, &d->n_topics, t->topic[i]);
    if (!d->actor && t->medium) d->actor = t->medium;
    bool lead = m->sentences < LEAD_SENTENCES && t->status_at != SIZE_MAX;
    if (day && ((!d->day && lead) || d->status == ABN_EVENT_SCHEDULED || (better && !title)))
        d->day = day;
    if (!d->value[0] && d->status == ABN_EVENT_SCHEDULED) memcpy(d->value, value, ABN_TIMEX_VALUE);
    if (!better) return;
    if (best > d->best) d->best = best;
    if (title) return;
    d->start = s->start;
    d->end = s->end;
}

/* Who a sentence that names nobody is about: whom the weightiest announcement so far is. */
static void borrow_companies(const abn_mentions *m, told *t)
{
    const abn_told_draft *best = NULL;
    for (size_t i = 0; i < m->n; i++)
        if (m->draft[i].n_companies && (!best || m->draft[i].weight > best->weight))
            best = &m->draft[i];
    for (size_t i = 0; best && i < best->n_companies; i++)
        add_company(t, best->company[i]);
    for (size_t i = 0; !best && i < m->n_first; i++)
        add_company(t, m->first[i]);
}

/* "The group", "its": the sentence goes on about somebody named before. */
static bool goes_on(const abn_sentence *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->at[i].is & (IS(FIRM) | IS(PRONOUN) | IS(STOCK))) return true;
    return false;
}

abn_status abn_mentions_read(abn_mentions *m, const abn_sentence *s, bool title, abn_error *err)
{
    told t;
    char value[ABN_TIMEX_VALUE] = "";
    abn_status status = ABN_OK;
    gather(m, s, &t);
    bool any = false;
    for (size_t k = 0; k < TYPES; k++)
        any |= t.type[k] > 0;
    if (any && t.scheduled && !title) status = find_date(m, s, m->text, value, err);
    bool dated = value[0] || (t.scheduled && t.status_at != SIZE_MAX && day_near(s, t.status_at));
    abn_event_status is = status_of(&t, dated);
    if (m->n_first == 0) {
        memcpy(m->first, t.company, sizeof m->first);
        m->n_first = t.n_companies;
    }
    if (t.n_companies == 0 && (dated || t.type[ABN_EVENT_REGULATORY] > 0 || goes_on(s)))
        borrow_companies(m, &t);
    for (size_t k = 0; k < TYPES && status == ABN_OK; k++) {
        if (t.type[k] == 0) continue;
        bool due = is == ABN_EVENT_SCHEDULED &&
                   (k == ABN_EVENT_PRODUCT || k == ABN_EVENT_EARNINGS || k == ABN_EVENT_MACRO ||
                    k == ABN_EVENT_OTHER || k == ABN_EVENT_LEGAL);
        abn_event_status own = is == ABN_EVENT_SCHEDULED && !due ? STATUS_OPEN : is;
        abn_told_draft *d = draft_of(m, (abn_event_type)k, own, value);
        if (d) put(m, d, &t, s, title, value);
    }
    if (!m->medium) m->medium = t.medium;
    for (size_t i = 0; i < t.n_topics && (title || m->sentences < LEAD_SENTENCES); i++)
        add_topic(m->topic, &m->n_topics, t.topic[i]);
    if (!title) m->sentences++;
    return status;
}

/* ---- rows ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *join(abn_arena *arena, const char **word, size_t n, char separator)
{
    abn_buf out = {0};
    qsort(word, n, sizeof *word, by_text);
    for (size_t i = 0; i < n; i++) {
        if (i) abn_buf_char(&out, separator);
        abn_buf_text(&out, word[i]);
    }
    const char *text =
        out.failed ? NULL : abn_arena_slice(arena, (abn_slice){out.data ? out.data : "", out.len});
    abn_buf_free(&out);
    return text;
}

static void put_day(abn_mention *to, const abn_told_draft *d)
{
    to->date = ABN_NO_DATE;
    to->instant = ABN_NO_INSTANT;
    if (d->value[0]) {
        to->day_word = ABN_SESSION_DATE;
        to->precision = strlen(d->value) == 10 ? ABN_PRECISION_DAY : ABN_PRECISION_MONTH;
        memcpy(to->partial, d->value, ABN_TIMEX_VALUE);
        if (d->value[0] != 'X') {
            char full[ABN_TIMEX_VALUE];
            memcpy(full, d->value, ABN_TIMEX_VALUE);
            if (strlen(full) == 7) memcpy(full + 7, "-01", 4);
            abn_date_parse(abn_slice_of(full), &to->date);
            to->partial[0] = 0;
        }
        return;
    }
    if (d->day == ABN_DAY_TODAY) to->day_word = ABN_SESSION_TODAY;
    if (d->day == ABN_DAY_YESTERDAY) to->day_word = ABN_SESSION_YESTERDAY;
    if (d->day >= 1 && d->day <= 7) {
        to->day_word = ABN_SESSION_WEEKDAY;
        to->weekday = d->day;
    }
    if (d->day) to->precision = ABN_PRECISION_DAY;
}

static bool worth(const abn_mentions *m, const abn_told_draft *d, const abn_told_draft *main)
{
    if (d->weight <= 0 || d->end == d->start || (!d->n_companies && d->type != ABN_EVENT_MACRO))
        return false;
    if (d == main || d->status == ABN_EVENT_SCHEDULED || d->type == ABN_EVENT_REGULATORY)
        return true;
    (void)m;
    return d->best >= 1 && d->type != ABN_EVENT_MACRO && d->type != ABN_EVENT_OTHER;
}

/* The announcement that the text is about: the weightiest; of one type, what a party itself said
 * outweighs what was reported before. */
static const abn_told_draft *main_of(const abn_mentions *m)
{
    const abn_told_draft *best = NULL;
    for (size_t i = 0; i < m->n; i++) {
        const abn_told_draft *d = &m->draft[i];
        if (d->status == ABN_EVENT_SCHEDULED && d->best < 2) continue;
        if (d->weight < LEAST_MAIN || d->best < 2 || d->end == d->start) continue;
        if (!best || d->weight > best->weight) best = d;
    }
    return best;
}

static abn_status settle_one(const abn_mentions *m, const abn_told_draft *d, bool main,
                             abn_reading *out, abn_error *err)
{
    abn_mention *to = &out->mention[out->n_mentions];
    const char *name[ABN_MENTION_COMPANIES], *topic[ABN_MENTION_TOPICS];
    *to = (abn_mention){.type = d->type, .status = d->status, .main = main};
    for (size_t i = 0; i < d->n_companies; i++)
        name[i] = abn_lexicon_company(m->lexicon, d->company[i])->name;
    size_t n_topics = d->n_topics;
    memcpy(topic, d->topic, sizeof topic);
    for (size_t i = 0; main && i < m->n_topics; i++)
        add_topic(topic, &n_topics, m->topic[i]);
    to->companies = join(out->arena, name, d->n_companies, ';');
    to->topic = join(out->arena, topic, n_topics, ' ');
    to->quote = abn_arena_slice(out->arena, (abn_slice){m->text + d->start, d->end - d->start});
    const char *actor = main && d->status == ABN_EVENT_REPORTED ? m->medium : d->actor;
    to->actor = abn_arena_strdup(out->arena, actor ? actor : "");
    if (!to->companies || !to->topic || !to->quote || !to->actor) return abn_fail_memory(err);
    put_day(to, d);
    to->confidence = d->weight >= 6 ? 0.9 : d->weight >= 3 ? 0.7 : 0.5;
    to->start = abn_utf8_count(m->text, d->start);
    to->end = to->start + abn_utf8_count(m->text + d->start, d->end - d->start);
    out->n_mentions++;
    return ABN_OK;
}

static void absorb(abn_told_draft *to, const abn_told_draft *open)
{
    told companies = {.n_companies = open->n_companies};
    memcpy(companies.company, open->company, sizeof open->company);
    if (open->n_companies >= 2 && open->best >= to->best)
        to->n_companies = 0; /* the title's are it */
    put_companies(to, &companies, false);
    for (size_t k = 0; k < open->n_topics; k++)
        add_topic(to->topic, &to->n_topics, open->topic[k]);
    to->weight += open->weight;
    if (open->best > to->best) {
        to->best = open->best;
        if (open->end > open->start) to->start = open->start, to->end = open->end;
    }
    if (!to->day) to->day = open->day;
}

/* Sentences that left the status open are about the weightiest announcement of their type. */
static void close_open(abn_mentions *m)
{
    for (size_t i = 0; i < m->n; i++) {
        abn_told_draft *open = &m->draft[i], *to = NULL;
        if (open->status != STATUS_OPEN) continue;
        for (size_t j = 0; j < m->n; j++) {
            abn_told_draft *d = &m->draft[j];
            if (d->type == open->type && d->status < ABN_EVENT_SCHEDULED &&
                (!to || d->weight > to->weight))
                to = d;
        }
        if (to) absorb(to, open);
        open->status = ABN_EVENT_REPORTED;
        if (to) open->weight = 0;
    }
}

/* A partnership takes two: the other is whom the text began with. */
static void find_partners(abn_mentions *m)
{
    for (size_t i = 0; i < m->n; i++) {
        told first = {.n_companies = m->n_first ? 1 : 0, .company = {m->first[0]}};
        abn_told_draft *d = &m->draft[i];
        if (d->type != ABN_EVENT_PARTNERSHIP || d->n_companies != 1 || !first.n_companies) continue;
        if (d->company[0] != first.company[0]) d->company[d->n_companies++] = first.company[0];
    }
}

abn_status abn_mentions_settle(abn_mentions *m, abn_reading *out, abn_error *err)
{
    close_open(m);
    find_partners(m);
    const abn_told_draft *main = main_of(m);
    abn_status status = ABN_OK;
    out->mention = abn_arena_alloc(out->arena, (m->n + 1) * sizeof *out->mention);
    if (!out->mention) return abn_fail_memory(err);
    for (size_t i = 0; i < m->n && status == ABN_OK; i++)
        if (worth(m, &m->draft[i], main))
            status = settle_one(m, &m->draft[i], &m->draft[i] == main, out, err);
    return status;
}
