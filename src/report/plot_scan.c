/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of a scan: moves, chance, venues. */
#include "script.h"

#include <abnorm/date.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void time_axis(abn_buf *out)
{
    abn_buf_text(out, "set xdata time\nset timefmt '%Y-%m-%d'\nset format x \"%b\\n%Y\"\n");
}

/* ---- moves ---- */

static void move_panel(const char *symbol, size_t rows, abn_buf *out)
{
    abn_buf title = {0};
    abn_buf_printf(&title, "%s (n = %zu)", symbol, rows);
    abn_script_title(out, title.data ? title.data : "");
    abn_buf_free(&title);
    abn_buf_text(out, "is(e) = strcol('symbol') eq ");
    abn_script_string(out, symbol);
    abn_buf_text(out, " && strcol('explained') eq e ? 100*column('abnormal') : NaN\n");
    static const char *const kind[][2] = {{"yes", "blue"}, {"partly", "sky"}, {"no", "orange"}};
    for (int k = 0; k < 3; k++)
        abn_buf_printf(out,
                       "%s'moves.csv' using (strptime('%%Y-%%m-%%d', strcol('date'))):(is('%s')) "
                       "with impulses lw 3 lc "
                       "rgb %s title '%s'",
                       k ? ", \\\n     " : "plot ", kind[k][0], kind[k][1],
                       k == 0   ? "explained"
                       : k == 1 ? "partly"
                                : "unexplained");
    abn_buf_char(out, '\n');
}

/* A day some days away, as text; the same text where it is no day. */
static void put_day(abn_buf *out, const char *day, int days)
{
    char text[ABN_DATE_MAX];
    abn_date date;
    bool good = abn_date_parse(abn_slice_of(day), &date);
    abn_script_string(out, good ? abn_date_format(date + days, text) : day);
}

/* One axis of time for all panels. */
static void move_range(const abn_frame *moves, abn_buf *out)
{
    const char *first = abn_frame_text(moves, 0, "date"), *last = first;
    for (size_t i = 1; i < abn_frame_rows(moves); i++) {
        const char *date = abn_frame_text(moves, i, "date");
        if (strcmp(date, first) < 0) first = date;
        if (strcmp(date, last) > 0) last = date;
    }
    abn_buf_text(out, "set xrange [");
    put_day(out, first, -5);
    abn_buf_char(out, ':');
    put_day(out, last, 5);
    abn_buf_text(out, "]\n");
}

/* The events that explain a listing's moves, by name. */
static void move_labels(const abn_frame *moves, const char *symbol, abn_buf *out)
{
    size_t shown = 0;
    abn_buf_text(out, "unset label\n");
    for (size_t i = 0; i < abn_frame_rows(moves) && shown < 8; i++) {
        const char *event = abn_frame_text(moves, i, "event_id");
        if (!event[0] || strcmp(abn_frame_text(moves, i, "explained"), "no") == 0 ||
            strcmp(abn_frame_text(moves, i, "symbol"), symbol) != 0)
            continue;
        abn_buf label = {0};
        abn_script_cut(&label, event, 26);
        abn_buf_text(out, "set label ");
        abn_script_string(out, label.data ? label.data : "");
        abn_buf_free(&label);
        abn_buf_text(out, " at ");
        put_day(out, abn_frame_text(moves, i, "date"), 0);
        abn_buf_printf(out, ", graph %.2f right offset -0.5,0 noenhanced font ',9'\n",
                       0.95 - 0.1 * (double)(shown++ % 3));
    }
}

abn_status abn_plot_moves(const char *folder, abn_buf *out, abn_error *err)
{
    static const char *const by_symbol[3] = {"symbol", NULL, NULL};
    abn_frame *moves = NULL;
    abn_groups listings = {0};
    abn_status status = abn_frame_load(folder, "moves", &moves, err);
    if (status == ABN_OK && moves)
        status = abn_groups_of(moves, by_symbol, "abnormal", &listings, err);
    size_t shown = listings.count < 8 ? listings.count : 8;
    if (status == ABN_OK && shown) {
        abn_script_head(out, "moves", "Abnormal moves over time, by whether an event explains them",
                        1000, (int)shown * 220 + 80);
        abn_buf_printf(
            out,
            "set multiplot layout %zu,1 title 'Abnormal moves' font ',13'\n"
            "set format y '%%g %%%%'\nset xzeroaxis\nset lmargin 9\nset key outside right top\n",
            shown);
        time_axis(out);
        move_range(moves, out);
        for (size_t g = 0; g < shown; g++) {
            const char *symbol = abn_frame_text(moves, listings.first[g], "symbol");
            move_labels(moves, symbol, out);
            move_panel(symbol, listings.rows[g], out);
        }
        abn_buf_text(out, "unset multiplot\n");
    }
    abn_groups_free(&listings);
    abn_frame_free(moves);
    return status;
}

/* ---- chance ---- */

abn_status abn_plot_coincidence(const char *folder, abn_buf *out, abn_error *err)
{
    abn_frame *frame = NULL;
    abn_status status = abn_frame_load(folder, "coincidence", &frame, err);
    const char *events = "";
    for (size_t i = 0; i < abn_frame_rows(frame); i++)
        if (strcmp(abn_frame_text(frame, i, "measure"), "cross_correlation") == 0)
            events = abn_frame_plain(frame, i, "events");
    if (status == ABN_OK && events[0]) {
        abn_script_head(out, "coincidence", "Events against the size of abnormal returns, by lag",
                        760, 460);
        abn_buf_printf(
            out,
            "set title 'Events against |abnormal return|, by lag (n = %s); band: 95 %% of "
            "shifts, all lags at once'\n"
            "set xlabel 'sessions after the event'\nset ylabel 'correlation, in standard "
            "deviations'\nunset key\nset xzeroaxis\nset boxwidth 0.5\n"
            "is(x) = strcol('measure') eq 'cross_correlation' ? x : NaN\n"
            "plot 'coincidence.csv' using (is(column('lag'))):(column('lo')):"
            "(column('hi')) with filledcurves lc rgb grey, \\\n"
            "     'coincidence.csv' using (is(column('lag'))):(column('observed')) with "
            "boxes fs solid 0.75 lc rgb blue\n",
            events);
    }
    abn_frame_free(frame);
    return status;
}

/* ---- venues ---- */

static void parity_lines(const char *depositary, abn_buf *out)
{
    abn_buf_text(out, "plot 'parity.csv' using (strcol('depositary') eq ");
    abn_script_string(out, depositary);
    abn_buf_text(out, " ? strptime('%Y-%m-%d', strcol('date')) : NaN):(100*column('deviation')) "
                      "with lines lc rgb blue, \\\n     $sessions using (strcol('key') eq ");
    abn_script_string(out, depositary);
    abn_buf_text(out, " ? strptime('%Y-%m-%d', strcol('date')) : NaN):(100*column('deviation')) "
                      "with points pt 7 ps 1.2 lc rgb orange\n");
}

abn_status abn_plot_parity(const char *folder, abn_buf *out, abn_error *err)
{
    static const char *const by_pair[3] = {"depositary", "ordinary", NULL};
    abn_frame *frame = NULL;
    abn_groups pairs = {0};
    abn_status status = abn_frame_load(folder, "parity", &frame, err);
    if (status == ABN_OK && frame) status = abn_groups_of(frame, by_pair, "deviation", &pairs, err);
    size_t shown = pairs.count < 6 ? pairs.count : 6;
    if (status == ABN_OK && shown) {
        abn_script_head(out, "parity", "Price of a depositary listing over that of its shares",
                        1000, (int)shown * 330 + 60);
        abn_buf_printf(out,
                       "set multiplot layout %zu,1 title 'Depositary listing against its ordinary "
                       "shares; dots: first sessions of events' font ',13'\n"
                       "set format y '%%g %%%%'\nset xzeroaxis\nunset key\n",
                       shown);
        time_axis(out);
        abn_script_marks(frame, "deviation", out);
        for (size_t g = 0; g < shown; g++) {
            abn_buf title = {0};
            const char *depositary = abn_frame_text(frame, pairs.first[g], "depositary");
            abn_buf_printf(&title, "%s over %s (n = %zu)", depositary,
                           abn_frame_text(frame, pairs.first[g], "ordinary"), pairs.rows[g]);
            abn_script_title(out, title.data ? title.data : "");
            abn_buf_free(&title);
            parity_lines(depositary, out);
        }
        abn_buf_text(out, "unset multiplot\n");
    }
    abn_groups_free(&pairs);
    abn_frame_free(frame);
    return status;
}

/* One bar a segment and lag, labelled by what follows what. */
abn_status abn_plot_leadlag(const char *folder, abn_buf *out, abn_error *err)
{
    abn_frame *frame = NULL;
    abn_status status = abn_frame_load(folder, "leadlag", &frame, err);
    size_t rows = abn_frame_rows(frame), shown = rows < 48 ? rows : 48;
    if (status == ABN_OK && shown) {
        abn_script_head(out, "leadlag", "What a listing does after another has closed", 900,
                        (int)shown * 22 + 130);
        abn_buf_text(out, "set title 'Correlation of a listing with the other one before it'\n"
                          "set ytics scale 0 noenhanced\nset ytics (");
        for (size_t i = 0; i < shown; i++) {
            abn_buf label = {0};
            abn_buf_printf(&label, "%s after %s, %s, lag %s", abn_frame_text(frame, i, "follower"),
                           abn_frame_text(frame, i, "leader"), abn_frame_text(frame, i, "segment"),
                           abn_frame_text(frame, i, "lag"));
            abn_buf_text(out, i ? ", " : "");
            abn_script_tic(out, label.data ? label.data : "");
            abn_buf_printf(out, " %zu", i);
            abn_buf_free(&label);
        }
        abn_buf_printf(out,
                       ")\nset yrange [%zu.5:-0.5]\nset grid noytics xtics\nunset key\n"
                       "set xlabel 'correlation; bar: 1.96 / sqrt(n)'\n"
                       "set arrow from 0, graph 0 to 0, graph 1 nohead dt 2 lc rgb grey\n"
                       "plot 'leadlag.csv' using (column('correlation')):(column(0)):"
                       "(1.96/sqrt(column('n'))) with xerrorbars pt 7 lc rgb blue\n",
                       shown - 1);
    }
    abn_frame_free(frame);
    return status;
}

static const char *const by_event[3] = {"event_id", "company", NULL};

/* Steps of one event, labelled by listing and local day of the close. */
static void venue_panel(const abn_frame *frame, size_t first, size_t rows, abn_buf *out)
{
    abn_buf_text(out, "set xtics (");
    for (size_t i = first; i < first + rows && i < abn_frame_rows(frame); i++) {
        abn_buf label = {0};
        const char *closed = abn_frame_text(frame, i, "closed_at"),
                   *step = abn_frame_plain(frame, i, "step");
        abn_buf_printf(&label, "%s %.5s", abn_frame_text(frame, i, "symbol"),
                       strlen(closed) > 5 ? closed + 5 : "");
        abn_buf_text(out, i > first ? ", " : "");
        abn_script_tic(out, label.data ? label.data : "");
        abn_buf_printf(out, " %s", step[0] ? step : "0");
        abn_buf_free(&label);
    }
    abn_buf_text(out, ") rotate by -30 noenhanced font ',9'\n");
    abn_script_is(out, frame, by_event, first);
    abn_buf_text(out, "plot 'venues.csv' using (is(column('step'))):(100*column('cumulative')) "
                      "with linespoints lc rgb blue lw 2 pt 7\n");
}

/* Closes on the common clock: where each step of the move was made. */
abn_status abn_plot_venues(const char *folder, abn_buf *out, abn_error *err)
{
    abn_frame *frame = NULL;
    abn_groups events = {0};
    abn_status status = abn_frame_load(folder, "venues", &frame, err);
    if (status == ABN_OK && frame)
        status = abn_groups_of(frame, by_event, "cumulative", &events, err);
    size_t shown = events.count < 9 ? events.count : 9, rows, columns;
    abn_script_layout(shown, &rows, &columns);
    if (status == ABN_OK && shown) {
        int width = (int)columns * 400 + 40;
        abn_script_head(out, "venues", "Which exchange made which part of a move",
                        width < 740 ? 740 : width, (int)rows * 330 + 60);
        abn_buf_printf(
            out,
            "set multiplot layout %zu,%zu title 'Price of one share on the common clock, "
            "close by close' font ',13'\n"
            "set format y '%%g %%%%'\nunset key\nset bmargin 5\nset rmargin 6\n"
            "set offsets 0.3,0.3,1,1\n",
            rows, columns);
        for (size_t g = 0; g < shown; g++) {
            abn_script_title(out, abn_frame_text(frame, events.first[g], "event_id"));
            venue_panel(frame, events.first[g], events.rows[g], out);
        }
        abn_buf_text(out, "unset multiplot\n");
    }
    abn_groups_free(&events);
    abn_frame_free(frame);
    return status;
}
