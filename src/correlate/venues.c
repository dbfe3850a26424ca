/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lines.h"

#include <abnorm/venues.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    AFTER = 2,         /* closes of each listing after an announcement */
    PREMIUM_DAYS = 60, /* closes that tell a listing's usual premium */
    LEAST = 20         /* pairs of returns for a regression */
};

/* One listing with its sessions on the clock. */
typedef struct side {
    const abn_listing *listing;
    const abn_exchange *exchange;
    const abn_series *series;
    abn_instant *open, *close; /* a row; ABN_NO_INSTANT on days when the exchange was closed */
    double
        *price; /* log of an ordinary share in the first listing's currency, NaN without a close */
} side;

/* A growing array of rows of one size. */
typedef struct rows {
    void *at;
    size_t n, room;
} rows;

struct abn_venues {
    rows parity, leadlag, steps;
};

static void *add_row(rows *r, size_t size)
{
    if (r->n == r->room) {
        size_t room = r->room ? 2 * r->room : 256;
        void *grown = realloc(r->at, room * size);
        if (!grown) return NULL;
        r->at = grown;
        r->room = room;
    }
    return (char *)r->at + size * r->n++;
}

/* ---- sides ---- */

static void free_side(side *s)
{
    free(s->open);
    free(s->close);
    free(s->price);
}

static abn_status make_side(const abn_study_input *in, const abn_listing *listing,
                            const char *currency, side *s, abn_error *err)
{
    *s = (side){.listing = listing,
                .exchange = abn_exchanges_find(in->exchanges, abn_slice_of(listing->mic)),
                .series = abn_quotes_find(in->quotes, abn_slice_of(listing->symbol))};
    size_t n = s->series->n;
    s->open = malloc((n + 1) * sizeof *s->open);
    s->close = malloc((n + 1) * sizeof *s->close);
    s->price = malloc((n + 1) * sizeof *s->price);
    if (!s->open || !s->close || !s->price) return abn_fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        abn_session session;
        bool open = abn_exchange_session(s->exchange, s->series->date[i], &session);
        s->open[i] = open ? session.open : ABN_NO_INSTANT;
        s->close[i] = open ? session.close : ABN_NO_INSTANT;
        double rate =
            abn_actions_rate(in->actions, listing->currency, currency, s->series->date[i]);
        double close = s->series->close[i];
        bool stale = abn_bar_is_stale(s->series, i);
        s->price[i] = open && !stale && close > 0 ? log(close / listing->ratio * rate) : NAN;
    }
    return ABN_OK;
}

static bool is_usable(const abn_study_input *in, const abn_listing *l)
{
    const abn_series *series = abn_quotes_find(in->quotes, abn_slice_of(l->symbol));
    return series && series->close && l->ratio > 0 && *l->company && *l->currency &&
           abn_exchanges_find(in->exchanges, abn_slice_of(l->mic));
}

/* The last row of `s` whose close is at or before `at`, or -1. */
static ptrdiff_t last_closed(const side *s, abn_instant at)
{
    ptrdiff_t low = 0, high = (ptrdiff_t)s->series->n;
    while (low < high) { /* days without a session are passed over below */
        ptrdiff_t middle = (low + high) / 2;
        abn_instant close = s->close[middle];
        if (close == ABN_NO_INSTANT) close = (abn_instant)s->series->date[middle] * 86400 + 43200;
        if (close <= at)
            low = middle + 1;
        else
            high = middle;
    }
    ptrdiff_t i = low - 1;
    while (i >= 0 && (s->close[i] == ABN_NO_INSTANT || isnan(s->price[i])))
        i--;
    return i;
}

/* ---- parity ---- */

/* The instant at which an event counts for a listing: its own, or the open of its day there. */
static abn_instant instant_on(const abn_study_input *in, const abn_study_event *e,
                              const abn_exchange *x)
{
    abn_session session;
    abn_instant at = abn_event_instant(e, in->exchanges);
    if (at != ABN_NO_INSTANT) return at;
    abn_date date = abn_exchange_next(x, e->on);
    return abn_exchange_session(x, date, &session) ? session.open : ABN_NO_INSTANT;
}

static const char *event_on(const abn_study_input *in, const side *s, abn_date date)
{
    for (size_t i = 0; i < in->n_events; i++) {
        const abn_study_event *e = &in->event[i];
        abn_phase phase;
        if (strcmp(e->symbol, s->listing->symbol) != 0) continue;
        abn_instant at = instant_on(in, e, s->exchange);
        if (at != ABN_NO_INSTANT &&
            abn_exchange_first_session(s->exchange, at, &phase).date == date)
            return e->event_id;
    }
    return "";
}

static abn_status add_parity(abn_venues *v, const abn_study_input *in, const side *a, const side *b,
                             abn_error *err)
{
    for (size_t i = 0; i < a->series->n; i++) {
        if (isnan(a->price[i])) continue;
        ptrdiff_t j = last_closed(b, a->close[i]);
        if (j < 0 || a->series->date[i] - b->series->date[j] > 7) continue;
        abn_parity_row *row = add_row(&v->parity, sizeof *row);
        if (!row) return abn_fail_memory(err);
        double rate = abn_actions_rate(in->actions, b->listing->currency, a->listing->currency,
                                       a->series->date[i]);
        double implied = b->series->close[j] * a->listing->ratio / b->listing->ratio * rate;
        *row = (abn_parity_row){.company = a->listing->company,
                                .depositary = a->listing->symbol,
                                .ordinary = b->listing->symbol,
                                .date = a->series->date[i],
                                .close = a->series->close[i],
                                .ordinary_date = b->series->date[j],
                                .ordinary_close = b->series->close[j],
                                .rate = rate,
                                .implied = implied,
                                .deviation = a->series->close[i] / implied - 1,
                                .event_id = event_on(in, a, a->series->date[i])};
    }
    return ABN_OK;
}

/* ---- lead and lag ---- */

typedef enum segment { CLOSE_TO_CLOSE, OVERNIGHT, SESSION } segment;

/* The follower's return over a segment of session `i`, and the segment's ends. */
static double segment_return(const side *f, size_t i, segment kind, abn_instant *from,
                             abn_instant *to)
{
    const abn_series *s = f->series;
    double open = s->open ? s->open[i] : NAN;
    if (i == 0 || f->close[i] == ABN_NO_INSTANT || f->close[i - 1] == ABN_NO_INSTANT) return NAN;
    *from = kind == SESSION ? f->open[i] : f->close[i - 1];
    *to = kind == OVERNIGHT ? f->open[i] : f->close[i];
    switch (kind) {
    case CLOSE_TO_CLOSE:
        return f->price[i] - f->price[i - 1];
    case OVERNIGHT:
        return isnan(f->price[i]) ? NAN : log(open / s->close[i - 1]);
    case SESSION:
        return isnan(f->price[i]) ? NAN : log(s->close[i] / open);
    }
    return NAN;
}

typedef struct sums {
    double n, x, y, xx, yy, xy, overlap;
} sums;

static void add_pair(sums *s, double x, double y, double overlap)
{
    s->n++;
    s->x += x;
    s->y += y;
    s->xx += x * x;
    s->yy += y * y;
    s->xy += x * y;
    s->overlap += overlap;
}

static double hours_shared(abn_instant a, abn_instant b, abn_instant c, abn_instant d)
{
    abn_instant from = a > c ? a : c, to = b < d ? b : d;
    return to > from ? (double)(to - from) / 3600 : 0;
}

/* Only what was known counts: the leader's close lies before the follower's open. */
static sums pair_up(const side *leader, const side *f, segment kind, int lag)
{
    sums s = {0};
    for (size_t i = 1; i < f->series->n; i++) {
        abn_instant from = 0, to = 0;
        double y = segment_return(f, i, kind, &from, &to);
        if (isnan(y) || !isfinite(y)) continue;
        ptrdiff_t j = last_closed(leader, f->open[i] - 1) - (lag - 1);
        if (j < 1 || leader->close[j - 1] == ABN_NO_INSTANT) continue;
        double x = leader->price[j] - leader->price[j - 1];
        if (isnan(x)) continue;
        add_pair(&s, x, y, hours_shared(leader->close[j - 1], leader->close[j], from, to));
    }
    return s;
}

static abn_leadlag_row regress(const sums *s)
{
    double n = s->n, sxx = s->xx - s->x * s->x / n, syy = s->yy - s->y * s->y / n;
    double sxy = s->xy - s->x * s->y / n, r = sxy / sqrt(sxx * syy);
    abn_test test = {.value = r * sqrt((n - 2) / (1 - r * r)), .df = n - 2, .p = NAN};
    abn_test_student(&test);
    return (abn_leadlag_row){.overlap_hours = s->overlap / n,
                             .n = (int64_t)n,
                             .beta = sxy / sxx,
                             .correlation = r,
                             .t = test.value,
                             .p = test.p};
}

static abn_status add_leadlag(abn_venues *v, const side *leader, const side *f, abn_error *err)
{
    static const char *const names[] = {"close_to_close", "overnight", "session"};
    for (int kind = CLOSE_TO_CLOSE; kind <= SESSION; kind++)
        for (int lag = 1; lag <= 2; lag++) {
            sums s = pair_up(leader, f, (segment)kind, lag);
            if (s.n < LEAST) continue;
            abn_leadlag_row *row = add_row(&v->leadlag, sizeof *row);
            if (!row) return abn_fail_memory(err);
            *row = regress(&s);
            row->company = f->listing->company;
            row->leader = leader->listing->symbol;
            row->follower = f->listing->symbol;
            row->segment = names[kind];
            row->lag = lag;
        }
    return ABN_OK;
}

/* ---- steps around an event ---- */

typedef struct step {
    const side *side;
    size_t row;
    abn_instant at;
    double price;
} step;

static int by_instant(const void *a, const void *b)
{
    const step *x = a, *y = b;
    if (x->at != y->at) return x->at < y->at ? -1 : 1;
    return strcmp(x->side->listing->symbol, y->side->listing->symbol);
}

/* Mean distance of b's price from a's over the closes before: what is usual is no news. */
static double premium(const side *a, const side *b, abn_instant before)
{
    double sum = 0;
    int n = 0;
    for (ptrdiff_t i = last_closed(b, before); i >= 0 && n < PREMIUM_DAYS; i--) {
        ptrdiff_t j = isnan(b->price[i]) ? -1 : last_closed(a, b->close[i]);
        if (j < 0) continue;
        sum += b->price[i] - a->price[j];
        n++;
    }
    return n ? sum / n : 0;
}

static size_t add_side(step *steps, size_t n, const side *s, double usual, abn_instant at)
{
    ptrdiff_t base = last_closed(s, at);
    if (base < 0) return n;
    int taken = 0;
    for (size_t i = (size_t)base; i < s->series->n && taken <= AFTER; i++)
        if (!isnan(s->price[i])) {
            steps[n++] = (step){s, i, s->close[i], s->price[i] - usual};
            taken++;
        }
    return n;
}

static abn_status put_steps(abn_venues *v, const abn_study_event *e, const step *steps, size_t n,
                            size_t base, abn_error *err)
{
    double whole = steps[n - 1].price - steps[base].price;
    for (size_t i = base; i < n; i++) {
        const side *s = steps[i].side;
        abn_venue_row *row = add_row(&v->steps, sizeof *row);
        if (!row) return abn_fail_memory(err);
        double added = i > base ? steps[i].price - steps[i - 1].price : 0;
        *row = (abn_venue_row){.event_id = e->event_id,
                               .company = s->listing->company,
                               .symbol = s->listing->symbol,
                               .mic = s->exchange->mic,
                               .step = (int64_t)(i - base),
                               .at = steps[i].at,
                               .offset_sec = abn_zone_offset_sec(&s->exchange->zone, steps[i].at),
                               .log_price = steps[i].price,
                               .added = added,
                               .cumulative = steps[i].price - steps[base].price,
                               .share = fabs(whole) > 1e-9 ? added / whole : NAN};
    }
    return ABN_OK;
}

/* Both listings' closes from the last before the announcement, merged on the clock. */
static abn_status add_steps(abn_venues *v, const abn_study_input *in, const side *a, const side *b,
                            abn_error *err)
{
    for (size_t i = 0; i < in->n_events; i++) {
        const abn_study_event *e = &in->event[i];
        step steps[2 * (AFTER + 1)];
        if (strcmp(e->symbol, a->listing->symbol) != 0) continue;
        abn_instant at = instant_on(in, e, a->exchange), other = instant_on(in, e, b->exchange);
        if (at == ABN_NO_INSTANT || other == ABN_NO_INSTANT) continue;
        if (other < at) at = other;
        size_t n = add_side(steps, 0, a, 0, at);
        n = add_side(steps, n, b, premium(a, b, at), at);
        qsort(steps, n, sizeof *steps, by_instant);
        size_t base = 0;
        while (base + 1 < n && steps[base + 1].at <= at)
            base++;
        if (n < base + 2) continue;
        abn_status status = put_steps(v, e, steps, n, base, err);
        if (status != ABN_OK) return status;
    }
    return ABN_OK;
}

/* ---- pairs ---- */

static abn_status compare(abn_venues *v, const abn_study_input *in, const abn_listing *first,
                          const abn_listing *second, abn_error *err)
{
    bool swap = second->ratio > first->ratio; /* the depositary listing stands for more shares */
    const abn_listing *la = swap ? second : first, *lb = swap ? first : second;
    side a = {0}, b = {0};
    abn_status status = make_side(in, la, la->currency, &a, err);
    if (status == ABN_OK) status = make_side(in, lb, la->currency, &b, err);
    if (status == ABN_OK) status = add_parity(v, in, &a, &b, err);
    if (status == ABN_OK) status = add_leadlag(v, &a, &b, err);
    if (status == ABN_OK) status = add_leadlag(v, &b, &a, err);
    if (status == ABN_OK) status = add_steps(v, in, &a, &b, err);
    free_side(&a);
    free_side(&b);
    return status;
}

abn_status abn_venues_run(const abn_study_input *input, abn_venues **out, abn_error *err)
{
    abn_venues *v = calloc(1, sizeof *v);
    if (!v) return abn_fail_memory(err);
    abn_status status = ABN_OK;
    uint32_t n = input->listings && input->exchanges && input->actions
                     ? (uint32_t)abn_listings_count(input->listings)
                     : 0;
    for (uint32_t i = 0; status == ABN_OK && i < n; i++) {
        const abn_listing *a = abn_listings_at(input->listings, i);
        if (!is_usable(input, a)) continue;
        for (uint32_t j = i + 1; status == ABN_OK && j < n; j++) {
            const abn_listing *b = abn_listings_at(input->listings, j);
            if (strcmp(a->company, b->company) == 0 && is_usable(input, b))
                status = compare(v, input, a, b, err);
        }
    }
    if (status == ABN_OK)
        *out = v;
    else
        abn_venues_free(v);
    return status;
}

void abn_venues_free(abn_venues *v)
{
    if (!v) return;
    free(v->parity.at);
    free(v->leadlag.at);
    free(v->steps.at);
    free(v);
}

const abn_parity_row *abn_venues_parity(const abn_venues *v, size_t *n)
{
    *n = v->parity.n;
    return v->parity.at;
}

const abn_leadlag_row *abn_venues_leadlag(const abn_venues *v, size_t *n)
{
    *n = v->leadlag.n;
    return v->leadlag.at;
}

const abn_venue_row *abn_venues_steps(const abn_venues *v, size_t *n)
{
    *n = v->steps.n;
    return v->steps.at;
}
