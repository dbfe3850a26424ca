/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each announcement on every market's own clock: drawn for the first events, a table for all. */
#include "page_parts.h"
#include "script.h"

#include <abnorm/date.h>
#include <abnorm/instant.h>
#include <stdio.h>
#include <string.h>

#define MOST_ROWS    500
#define MOST_DRAWN   6
#define MOST_MARKETS 6
#define LEFT         70
#define WIDTH        820
#define ROW          64
#define HOUR         3600

/* An event in time: an instant, or a whole day by some market's clock. */
typedef struct moment {
    abn_instant from, to;
} moment;

/* One market of an event. */
typedef struct market {
    const abn_exchange *exchange;
    abn_session first;
} market;

typedef struct drawing {
    abn_buf *out;
    moment event;
    market market[MOST_MARKETS];
    size_t n;
    abn_instant from, to; /* of the axis */
} drawing;

static const abn_exchange *exchange_of(const abn_page_parts *p, const char *mic)
{
    return p->exchanges ? abn_exchanges_find(p->exchanges, abn_slice_of(mic)) : NULL;
}

static bool find_moment(const abn_page_parts *p, const char *id, moment *m)
{
    const abn_frame *events = p->t[ABN_PAGE_EVENTS];
    ptrdiff_t at = abn_page_event(p, id);
    abn_date day;
    if (at < 0) return false;
    if (abn_instant_parse(abn_slice_of(abn_frame_text(events, (size_t)at, "announced_at")),
                          &m->from, NULL)) {
        m->to = m->from;
        return true;
    }
    const abn_exchange *x = exchange_of(p, abn_frame_text(events, (size_t)at, "clock"));
    if (!x ||
        !abn_date_parse(abn_slice_of(abn_frame_text(events, (size_t)at, "announced_on")), &day))
        return false;
    m->from = abn_zone_instant(&x->zone, day, 0);
    m->to = abn_zone_instant(&x->zone, day + 1, 0);
    return true;
}

static double place(const drawing *d, abn_instant at)
{
    return LEFT + WIDTH * (double)(at - d->from) / (double)(d->to - d->from);
}

/* "Wed 12 Feb 09:30" or, without an hour, "Wed 12 Feb" of a market's own clock. */
static void put_local(abn_buf *out, const abn_exchange *x, abn_instant at, bool hour)
{
    static const char days[] = "MonTueWedThuFriSatSun";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t local = at + abn_exchange_offset_sec(x, at);
    int64_t day = local >= 0 ? local / 86400 : (local - 86399) / 86400;
    abn_civil civil = abn_date_civil((abn_date)day);
    abn_buf_printf(out, "%.3s %d %.3s", days + 3 * (abn_weekday((abn_date)day) - 1), civil.day,
                   months + 3 * (civil.month - 1));
    int minute = (int)((local - day * 86400) / 60);
    if (hour) abn_buf_printf(out, " %02d:%02d", minute / 60, minute % 60);
}

static void draw_days(const drawing *d, const abn_exchange *x, double y)
{
    abn_date last = abn_zone_date(&x->zone, d->to, NULL);
    for (abn_date day = abn_zone_date(&x->zone, d->from, NULL); day <= last; day++) {
        abn_instant midnight = abn_zone_instant(&x->zone, day, 0);
        if (midnight < d->from || midnight > d->to - 5 * HOUR) continue;
        abn_buf_printf(d->out,
                       "<line class=day x1=%.1f y1=%.1f x2=%.1f y2=%.1f />"
                       "<text class=day x=%.1f y=%.1f>",
                       place(d, midnight), y + 8, place(d, midnight), y + 44,
                       place(d, midnight) + 3, y + 44);
        put_local(d->out, x, midnight, false);
        abn_buf_text(d->out, "</text>");
    }
}

static void draw_sessions(const drawing *d, const market *m, double y)
{
    abn_date last = abn_zone_date(&m->exchange->zone, d->to, NULL);
    for (abn_date day = abn_zone_date(&m->exchange->zone, d->from, NULL); day <= last; day++) {
        abn_session s;
        if (!abn_exchange_session(m->exchange, day, &s) || s.close < d->from || s.open > d->to)
            continue;
        double from = place(d, s.open < d->from ? d->from : s.open);
        double to = place(d, s.close > d->to ? d->to : s.close);
        abn_buf_printf(d->out, "<rect class=%s x=%.1f y=%.1f width=%.1f height=14 />",
                       s.date == m->first.date ? "first" : "open", from, y + 16, to - from);
    }
}

static void draw_market(const drawing *d, const market *m, double y)
{
    double at = place(d, d->event.from), to = place(d, d->event.to);
    bool right = at > LEFT + WIDTH * 0.6;
    abn_buf_printf(d->out, "<text class=mic x=0 y=%.1f>", y + 28);
    abn_html_text(d->out, m->exchange->mic);
    abn_buf_text(d->out, "</text>");
    draw_days(d, m->exchange, y);
    draw_sessions(d, m, y);
    if (to > at)
        abn_buf_printf(d->out, "<rect class=span x=%.1f y=%.1f width=%.1f height=36 />", at, y + 8,
                       to - at);
    else
        abn_buf_printf(d->out, "<line class=news x1=%.1f y1=%.1f x2=%.1f y2=%.1f />", at, y + 8, at,
                       y + 44);
    abn_buf_printf(d->out, "<text x=%.1f y=%.1f%s>", right ? to : at, y + 4,
                   right ? " text-anchor=end" : "");
    abn_buf_text(d->out, to > at ? "announced between " : "announced ");
    put_local(d->out, m->exchange, d->event.from, true);
    if (to > at) {
        abn_buf_text(d->out, " and ");
        put_local(d->out, m->exchange, d->event.to, true);
    }
    abn_buf_text(d->out, "; first session ");
    put_local(d->out, m->exchange, m->first.open, true);
    abn_buf_text(d->out, "</text>\n");
}

static void take_market(const abn_page_parts *p, size_t row, drawing *d)
{
    const abn_frame *a = p->t[ABN_PAGE_ALIGNMENT];
    const abn_exchange *x = exchange_of(p, abn_frame_text(a, row, "mic"));
    abn_date day;
    abn_session s;
    for (size_t k = 0; k < d->n; k++)
        if (d->market[k].exchange == x) return;
    if (!x || d->n == MOST_MARKETS ||
        !abn_date_parse(abn_slice_of(abn_frame_text(a, row, "first_session")), &day) ||
        !abn_exchange_session(x, day, &s))
        return;
    d->market[d->n++] = (market){x, s};
    if (s.open < d->from) d->from = s.open;
    if (s.close > d->to) d->to = s.close;
}

/* Nothing where the moment or the markets' hours are not known, or the axis would span weeks. */
static void draw_event(const abn_page_parts *p, const char *id)
{
    const abn_frame *a = p->t[ABN_PAGE_ALIGNMENT];
    drawing d = {.out = p->out};
    if (!find_moment(p, id, &d.event)) return;
    d.from = d.event.from;
    d.to = d.event.to;
    for (size_t i = 0; i < abn_frame_rows(a); i++)
        if (strcmp(abn_frame_text(a, i, "event_id"), id) == 0) take_market(p, i, &d);
    if (!d.n || d.to - d.from > 10 * 24 * HOUR) return;
    d.from -= 8 * HOUR;
    d.to += 8 * HOUR;
    abn_buf_text(d.out, "<div class=scroll tabindex=0 role=region aria-label=\"Clocks of event ");
    abn_html_text(d.out, id);
    abn_buf_printf(d.out,
                   "\"><svg class=clock viewBox=\"0 0 %d %zu\" role=img aria-label=\"Sessions of "
                   "each market around event ",
                   LEFT + WIDTH + 10, d.n * ROW + 30);
    abn_html_text(d.out, id);
    abn_buf_text(d.out, "\">\n<text class=mic x=0 y=14>");
    abn_html_text(d.out, id);
    abn_buf_text(d.out, "</text>\n");
    for (size_t k = 0; k < d.n; k++)
        draw_market(&d, &d.market[k], 34 + (double)(k * ROW));
    abn_buf_text(d.out, "</svg></div>\n");
}

/* ---- table ---- */

static void put_clock(const abn_page_parts *p, const char *mic, ptrdiff_t event)
{
    abn_instant at;
    const abn_exchange *x = exchange_of(p, mic);
    const char *announced =
        event < 0 ? "" : abn_frame_text(p->t[ABN_PAGE_EVENTS], (size_t)event, "announced_at");
    char text[ABN_INSTANT_MAX];
    if (!abn_instant_parse(abn_slice_of(announced), &at, NULL) || !x) {
        if (event >= 0) {
            abn_html_text(p->out,
                          abn_frame_text(p->t[ABN_PAGE_EVENTS], (size_t)event, "announced_on"));
            abn_buf_text(p->out, ", ");
        }
        abn_buf_text(p->out, "hour not stated");
        return;
    }
    abn_instant_format(at, abn_exchange_offset_sec(x, at), text);
    text[10] = ' ';
    text[16] = '\0';
    abn_html_text(p->out, text);
}

static void put_cell(const abn_page_parts *p, size_t row, const char *column)
{
    abn_buf_text(p->out, strcmp(column, "note") == 0 ? "<td class=wide>" : "<td>");
    abn_html_text(p->out, abn_frame_text(p->t[ABN_PAGE_ALIGNMENT], row, column));
    abn_buf_text(p->out, "</td>");
}

static void put_row(const abn_page_parts *p, size_t row)
{
    const abn_frame *a = p->t[ABN_PAGE_ALIGNMENT];
    abn_buf_text(p->out, "<tr>");
    put_cell(p, row, "event_id");
    put_cell(p, row, "symbol");
    put_cell(p, row, "mic");
    abn_buf_text(p->out, "<td>");
    put_clock(p, abn_frame_text(a, row, "mic"),
              abn_page_event(p, abn_frame_text(a, row, "event_id")));
    abn_buf_text(p->out, "</td>");
    put_cell(p, row, "first_session");
    put_cell(p, row, "phase");
    put_cell(p, row, "note");
    abn_buf_text(p->out, "</tr>\n");
}

abn_status abn_page_timeline(const abn_page_parts *p, abn_error *err)
{
    static const char *const by_event[3] = {"event_id", NULL, NULL};
    const abn_frame *a = p->t[ABN_PAGE_ALIGNMENT];
    abn_groups events = {0};
    if (!abn_frame_rows(a)) return ABN_OK;
    abn_status status = abn_groups_of(a, by_event, NULL, &events, err);
    if (status != ABN_OK) return status;
    abn_buf_text(p->out, "<h2 id=timeline>When each market could react</h2>\n");
    for (size_t g = 0; g < events.count && g < MOST_DRAWN; g++)
        draw_event(p, abn_frame_text(a, events.first[g], "event_id"));
    abn_groups_free(&events);
    abn_buf_text(p->out, "<div class=scroll tabindex=0 role=region aria-label=\"Timeline\">"
                         "<table><caption>Announcement on each market's own clock, and the first "
                         "session that met it");
    if (abn_frame_rows(a) > MOST_ROWS)
        abn_buf_printf(p->out, " (first %d of %zu rows)", MOST_ROWS, abn_frame_rows(a));
    abn_buf_text(p->out, "</caption><thead><tr><th scope=col>event</th>"
                         "<th scope=col>listing</th><th scope=col>market</th><th scope=col>"
                         "announced, local time</th><th scope=col>first session</th><th scope=col>"
                         "phase</th><th scope=col>note</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < abn_frame_rows(a) && i < MOST_ROWS; i++)
        put_row(p, i);
    abn_buf_text(p->out, "</tbody></table></div>\n");
    return ABN_OK;
}
