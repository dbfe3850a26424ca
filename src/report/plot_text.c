/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures where prices and texts meet: prices with events, claims against moves. */
#include "script.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void time_axis(abn_buf *out)
{
    abn_buf_text(out, "set xdata time\nset timefmt '%Y-%m-%d'\nset format x \"%d %b\\n%Y\"\n");
}

/* ---- prices ---- */

static void price_lines(const abn_frame *prices, const abn_groups *listings, abn_buf *out)
{
    for (size_t g = 0; g < listings->count; g++) {
        const char *symbol = abn_frame_text(prices, listings->first[g], "symbol");
        abn_buf_text(out, g ? ", \\\n     " : "plot ");
        abn_buf_text(out, "'prices.csv' using (strcol('symbol') eq ");
        abn_script_string(out, symbol);
        abn_buf_printf(out,
                       " ? strptime('%%Y-%%m-%%d', strcol('date')) : NaN):(column('index')) with "
                       "lines lt %zu dt %zu lw 2 title ",
                       g % 8 + 1, g / 8 % 5 + 1);
        abn_script_string(out, symbol);
        abn_buf_text(out, " noenhanced");
    }
    abn_buf_text(out, ", \\\n     $sessions using (strptime('%Y-%m-%d', strcol('date'))):"
                      "(column('index')) with points pt 7 ps 1.2 lc rgb 'black' title "
                      "'first session of an event'\n");
}

/* Each event once, at the earliest first session of its listings. */
static abn_status event_lines(const abn_frame *prices, abn_buf *out, abn_error *err)
{
    static const char *const by_event[3] = {"event_id", NULL, NULL};
    abn_groups events = {0};
    abn_status status = abn_groups_of(prices, by_event, NULL, &events, err);
    size_t shown = 0;
    for (size_t g = 0; status == ABN_OK && g < events.count && shown < 12; g++) {
        const char *event = abn_frame_text(prices, events.first[g], "event_id");
        if (!event[0]) continue;
        const char *date = abn_frame_text(prices, events.first[g], "date");
        for (size_t i = 0; i < abn_frame_rows(prices); i++)
            if (strcmp(abn_frame_text(prices, i, "event_id"), event) == 0 &&
                strcmp(abn_frame_text(prices, i, "date"), date) < 0)
                date = abn_frame_text(prices, i, "date");
        abn_buf_text(out, "set arrow from ");
        abn_script_string(out, date);
        abn_buf_text(out, ", graph 0 to ");
        abn_script_string(out, date);
        abn_buf_text(out, ", graph 1 nohead dt 2 lc rgb grey\nset label ");
        abn_buf label = {0};
        abn_script_cut(&label, event, 40);
        abn_script_string(out, label.data ? label.data : "");
        abn_buf_free(&label);
        abn_buf_text(out, " at ");
        abn_script_string(out, date);
        abn_buf_printf(out,
                       ", graph %.2f left offset 0.5,0 noenhanced font ',9' tc rgb '#444444'\n",
                       0.97 - 0.05 * (double)(shown % 6));
        shown++;
    }
    abn_groups_free(&events);
    return status;
}

abn_status abn_plot_prices(const char *folder, abn_buf *out, abn_error *err)
{
    static const char *const by_symbol[3] = {"symbol", NULL, NULL};
    abn_frame *prices = NULL;
    abn_groups listings = {0};
    abn_status status = abn_frame_load(folder, "prices", &prices, err);
    if (status == ABN_OK && prices)
        status = abn_groups_of(prices, by_symbol, "index", &listings, err);
    if (status == ABN_OK && listings.count) {
        abn_script_head(out, "prices", "Prices indexed to 100, dots: first session of an event",
                        1000, 560);
        abn_buf_text(out, "set title 'Closing prices, first day shown = 100; dots: the first "
                          "session that each market had after an event'\n");
        abn_buf_text(out, listings.count <= 12 ? "set key left top\n"
                                               : "set key outside right top font ',9' samplen 2\n");
        time_axis(out);
        status = event_lines(prices, out, err);
        abn_script_marks(prices, "index", out);
        price_lines(prices, &listings, out);
    }
    abn_groups_free(&listings);
    abn_frame_free(prices);
    return status;
}

/* ---- claims ---- */

#define MOST_CLAIMS 30

static bool is_drawn(const abn_frame *claims, size_t i)
{
    return isfinite(abn_frame_real(claims, i, "pct")) &&
           isfinite(abn_frame_real(claims, i, "actual_pct"));
}

static void claim_rows(const abn_frame *claims, size_t n, abn_buf *out)
{
    abn_buf_text(out, "$claims << EOD\nposition,claimed,actual,contradicted\n");
    size_t at = n;
    for (size_t i = 0; i < abn_frame_rows(claims); i++)
        if (is_drawn(claims, i))
            abn_buf_printf(out, "%zu,%s,%s,%d\n", at--, abn_frame_plain(claims, i, "pct"),
                           abn_frame_plain(claims, i, "actual_pct"),
                           strcmp(abn_frame_text(claims, i, "verdict"), "contradicted") == 0);
    abn_buf_text(out, "EOD\n");
}

static void claim_labels(const abn_frame *claims, size_t n, abn_buf *out)
{
    abn_buf_text(out, "set ytics scale 0 noenhanced\nset ytics (");
    size_t at = n;
    for (size_t i = 0; i < abn_frame_rows(claims); i++) {
        if (!is_drawn(claims, i)) continue;
        abn_buf label = {0};
        abn_script_cut(&label, abn_frame_text(claims, i, "doc"), 40);
        abn_buf_printf(&label, "  %s %s  %s", abn_frame_text(claims, i, "symbol"),
                       abn_frame_text(claims, i, "kind"), abn_frame_text(claims, i, "session"));
        abn_buf_text(out, at == n ? "" : ", ");
        abn_script_tic(out, label.data ? label.data : "");
        abn_buf_printf(out, " %zu", at--);
        abn_buf_free(&label);
    }
    abn_buf_text(out, ")\n");
}

/* A line from claimed to actual each. */
static void few_claims(const abn_frame *claims, size_t n, abn_buf *out)
{
    claim_labels(claims, n, out);
    abn_buf_printf(out,
                   "set key at screen 0.5, screen 0.02 center bottom horizontal\nset bmargin 5\n"
                   "set yrange [0.3:%zu.7]\nset grid noytics xtics\n"
                   "plot $claims using 'claimed':'position':(column('actual') - "
                   "column('claimed')):(0) with vectors nohead lw 1.5 lc rgb grey "
                   "notitle, \\\n"
                   "     $claims using 'claimed':'position' with points pt 6 ps 1.5 lw 2 "
                   "lc rgb blue title 'claimed', \\\n"
                   "     $claims using (column('contradicted') == 1 ? NaN : "
                   "column('actual')):'position' with points pt 7 ps 1 lc rgb green "
                   "title 'actual, confirms', \\\n"
                   "     $claims using (column('contradicted') == 1 ? column('actual') : "
                   "NaN):'position' with points pt 7 ps 1.2 lc rgb orange title 'actual, "
                   "contradicts'\n",
                   n);
}

/* A scatter about the diagonal. */
static void many_claims(abn_buf *out)
{
    abn_buf_text(out, "set format y '%g %%'\nset xlabel 'claimed'\nset ylabel 'actual'\n"
                      "set key outside bottom center horizontal\n"
                      "plot x with lines lc rgb grey dt 2 notitle, \\\n"
                      "     $claims using 'claimed':(column('contradicted') == 1 ? NaN : "
                      "column('actual')) with points pt 7 ps 0.6 lc rgb blue title "
                      "'confirmed', \\\n"
                      "     $claims using 'claimed':(column('contradicted') == 1 ? "
                      "column('actual') : NaN) with points pt 7 ps 0.8 lc rgb orange "
                      "title 'contradicted'\n");
}

abn_status abn_plot_claims(const char *folder, abn_buf *out, abn_error *err)
{
    abn_frame *claims = NULL;
    abn_status status = abn_frame_load(folder, "claims", &claims, err);
    size_t n = 0;
    for (size_t i = 0; i < abn_frame_rows(claims); i++)
        n += is_drawn(claims, i);
    if (status == ABN_OK && n) {
        bool few = n <= MOST_CLAIMS;
        abn_script_head(out, "claims", "What the texts claim against what the prices show",
                        few ? 940 : 700, few ? (int)n * 26 + 170 : 640);
        claim_rows(claims, n, out);
        abn_buf_printf(out, "set title 'Claimed and actual moves (n = %zu)'\n", n);
        abn_buf_text(out, "set format x '%g %%'\n");
        if (few)
            few_claims(claims, n, out);
        else
            many_claims(out);
    }
    abn_frame_free(claims);
    return status;
}
