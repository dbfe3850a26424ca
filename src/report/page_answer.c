/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answer of the page: how much each event moved each listing, or all of them on average. */
#include "page_parts.h"
#include "script.h"

#include <math.h>
#include <string.h>

#define MOST_EVENTS   6  /* told one by one */
#define MOST_LISTINGS 12 /* of one event */
#define LARGEST       4  /* named in a summary */

/* The rows that answer: one model, one window. */
typedef struct view {
    const char *model, *from, *to;
} view;

static bool same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static bool in_view(const abn_frame *cars, size_t i, const view *v)
{
    return same(abn_frame_text(cars, i, "model"), v->model) &&
           same(abn_frame_text(cars, i, "window_from"), v->from) &&
           same(abn_frame_text(cars, i, "window_to"), v->to) &&
           isfinite(abn_frame_real(cars, i, "car"));
}

/* The first model; [0, 1], which holds a day whose hour is not known, else the first window. */
static view choose_view(const abn_frame *cars)
{
    view v = {abn_frame_text(cars, 0, "model"), abn_frame_text(cars, 0, "window_from"),
              abn_frame_text(cars, 0, "window_to")};
    for (size_t i = 0; i < abn_frame_rows(cars); i++)
        if (same(abn_frame_text(cars, i, "window_from"), "0") &&
            same(abn_frame_text(cars, i, "window_to"), "1"))
            return (view){v.model, "0", "1"};
    return v;
}

static void put_window(abn_buf *out, const view *v)
{
    abn_buf_text(out, same(v->from, v->to) ? "session " : "sessions ");
    abn_html_text(out, v->from);
    if (!same(v->from, v->to)) {
        abn_buf_text(out, " to ");
        abn_html_text(out, v->to);
    }
}

static void put_event_name(const abn_page_parts *p, const char *id)
{
    const abn_frame *events = p->t[ABN_PAGE_EVENTS];
    ptrdiff_t at = abn_page_event(p, id);
    if (at < 0 || !abn_frame_text(events, (size_t)at, "type")[0]) {
        abn_buf_text(p->out, "event ");
        abn_html_text(p->out, id);
        return;
    }
    abn_buf_text(p->out, "the ");
    abn_html_text(p->out, abn_frame_text(events, (size_t)at, "type"));
    abn_buf_text(p->out, " news ");
    abn_html_text(p->out, abn_frame_text(events, (size_t)at, "status"));
    abn_buf_text(p->out, " on ");
    abn_html_text(p->out, abn_frame_text(events, (size_t)at, "announced_on"));
}

static void put_p(abn_buf *out, double p)
{
    if (isfinite(p))
        abn_buf_printf(out, p < 0.0001 ? ", p&nbsp;&lt;&nbsp;.0001" : ", p&nbsp;=&nbsp;%.4f", p);
}

static void put_move(const abn_page_parts *p, size_t row)
{
    const abn_frame *cars = p->t[ABN_PAGE_CARS];
    double lo = abn_frame_real(cars, row, "lo"), hi = abn_frame_real(cars, row, "hi");
    abn_buf_text(p->out, " <strong>");
    abn_html_text(p->out, abn_frame_text(cars, row, "symbol"));
    abn_buf_text(p->out, "</strong> ");
    abn_html_percent(p->out, abn_frame_real(cars, row, "car"));
    if (!isfinite(lo) || !isfinite(hi)) return;
    abn_buf_text(p->out, " (95&nbsp;% interval ");
    abn_html_percent(p->out, lo);
    abn_buf_text(p->out, " to ");
    abn_html_percent(p->out, hi);
    put_p(p->out, abn_frame_real(cars, row, "p"));
    abn_buf_text(p->out, ")");
}

/* ---- few events ---- */

static void put_event(const abn_page_parts *p, const view *v, const char *id)
{
    const abn_frame *cars = p->t[ABN_PAGE_CARS];
    size_t told = 0, more = 0;
    for (size_t i = 0; i < abn_frame_rows(cars); i++) {
        if (!in_view(cars, i, v) || !same(abn_frame_text(cars, i, "event_id"), id)) continue;
        if (told == MOST_LISTINGS) {
            more++;
            continue;
        }
        if (!told) {
            abn_buf_text(p->out, "<p class=answer>After ");
            put_event_name(p, id);
            abn_buf_text(p->out, ", in ");
            put_window(p->out, v);
            abn_buf_text(p->out, ", beyond what the benchmarks explain:");
        }
        abn_buf_text(p->out, told++ ? "," : "");
        put_move(p, i);
    }
    if (more) abn_buf_printf(p->out, ", and %zu further listings", more);
    if (told) abn_buf_text(p->out, ".</p>\n");
}

/* ---- many ---- */

typedef struct tally {
    size_t n, rose, fell, beyond;
    double sum;
} tally;

static tally count(const abn_frame *cars, const view *v)
{
    tally t = {0};
    for (size_t i = 0; i < abn_frame_rows(cars); i++) {
        if (!in_view(cars, i, v)) continue;
        double car = abn_frame_real(cars, i, "car");
        t.n++;
        t.sum += car;
        t.rose += car > 0;
        t.fell += car < 0;
        t.beyond += abn_frame_real(cars, i, "lo") > 0 || abn_frame_real(cars, i, "hi") < 0;
    }
    return t;
}

static void put_test(const abn_page_parts *p, const view *v)
{
    const abn_frame *tests = p->t[ABN_PAGE_TESTS];
    for (size_t i = 0; i < abn_frame_rows(tests); i++) {
        if (!same(abn_frame_text(tests, i, "statistic"), "cross_sectional_t") ||
            !same(abn_frame_text(tests, i, "group"), "all") ||
            !same(abn_frame_text(tests, i, "model"), v->model) ||
            !same(abn_frame_text(tests, i, "window_from"), v->from) ||
            !same(abn_frame_text(tests, i, "window_to"), v->to))
            continue;
        double t = abn_frame_real(tests, i, "value");
        if (!isfinite(t)) return;
        abn_buf_printf(p->out, " (cross-sectional t&nbsp;=&nbsp;%s%.2f", t < 0 ? "−" : "", fabs(t));
        put_p(p->out, abn_frame_real(tests, i, "p"));
        abn_buf_text(p->out, ")");
        return;
    }
}

/* The next row after those of size `below` (or of that size and after `last`), by size. */
static ptrdiff_t next_largest(const abn_frame *cars, const view *v, double below, ptrdiff_t last)
{
    ptrdiff_t best = -1;
    double most = -1;
    for (size_t i = 0; i < abn_frame_rows(cars); i++) {
        if (!in_view(cars, i, v)) continue;
        double size = fabs(abn_frame_real(cars, i, "car"));
        bool after = size < below || (size == below && (ptrdiff_t)i > last);
        if (after && size > most) {
            most = size;
            best = (ptrdiff_t)i;
        }
    }
    return best;
}

static void put_largest(const abn_page_parts *p, const view *v)
{
    const abn_frame *cars = p->t[ABN_PAGE_CARS];
    double below = INFINITY;
    ptrdiff_t at = -1;
    abn_buf_text(p->out, "<p class=answer>The largest moves:");
    for (int k = 0; k < LARGEST && (at = next_largest(cars, v, below, at)) >= 0; k++) {
        below = fabs(abn_frame_real(cars, (size_t)at, "car"));
        abn_buf_text(p->out, k ? ";" : "");
        put_move(p, (size_t)at);
        abn_buf_text(p->out, " after ");
        put_event_name(p, abn_frame_text(cars, (size_t)at, "event_id"));
    }
    abn_buf_text(p->out, ".</p>\n<p class=soft>This is a summary: cars.csv, in the tables below, "
                         "has every event.</p>\n");
}

static void put_summary(const abn_page_parts *p, const view *v, size_t events)
{
    tally t = count(p->t[ABN_PAGE_CARS], v);
    if (!t.n) return;
    abn_buf_printf(p->out, "<p class=answer>%zu events, %zu moves measured. In ", events, t.n);
    put_window(p->out, v);
    abn_buf_text(p->out, " the listings moved on average <strong>");
    abn_html_percent(p->out, t.sum / (double)t.n);
    abn_buf_text(p->out, "</strong> beyond what their benchmarks explain");
    put_test(p, v);
    abn_buf_printf(p->out,
                   ". %zu rose and %zu fell; the 95&nbsp;%% interval of %zu leaves out zero, where "
                   "chance alone would let about %.0f.</p>\n",
                   t.rose, t.fell, t.beyond, 0.05 * (double)t.n);
    put_largest(p, v);
}

abn_status abn_page_answer(const abn_page_parts *p, abn_error *err)
{
    static const char *const by_event[3] = {"event_id", NULL, NULL};
    const abn_frame *cars = p->t[ABN_PAGE_CARS];
    abn_groups events = {0};
    if (!abn_frame_rows(cars)) return ABN_OK;
    abn_status status = abn_groups_of(cars, by_event, "car", &events, err);
    view v = choose_view(cars);
    if (status == ABN_OK && events.count > MOST_EVENTS)
        put_summary(p, &v, events.count);
    else
        for (size_t g = 0; status == ABN_OK && g < events.count; g++)
            put_event(p, &v, abn_frame_text(cars, events.first[g], "event_id"));
    abn_groups_free(&events);
    return status;
}
