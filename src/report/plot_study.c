/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of a study: abnormal returns, their sums, their averages, their fits. */
#include "script.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_PANELS 12
#define MOST_LABELS 40

static const char *const by_listing[3] = {"event_id", "symbol", "model"};

/* Draws one panel: row `first` of the frame names its group. */
typedef void panel_function(const abn_frame *frame, size_t first, abn_buf *out);

static void panel_title(const abn_frame *frame, size_t first, bool model, abn_buf *out)
{
    abn_buf title = {0};
    abn_script_cut(&title, abn_frame_text(frame, first, "symbol"), 20);
    abn_buf_text(&title, ", ");
    abn_script_cut(&title, abn_frame_text(frame, first, "event_id"), 26);
    if (model) abn_buf_printf(&title, " (%s)", abn_frame_text(frame, first, "model"));
    abn_script_title(out, title.data ? title.data : "");
    abn_buf_free(&title);
}

static bool several_models(const abn_frame *frame)
{
    for (size_t i = 1; i < abn_frame_rows(frame); i++)
        if (strcmp(abn_frame_text(frame, i, "model"), abn_frame_text(frame, 0, "model")) != 0)
            return true;
    return false;
}

static void page_title(abn_buf *out, const char *what, size_t shown, size_t all)
{
    abn_buf title = {0};
    if (shown < all)
        abn_buf_printf(&title, "%s (first %zu of %zu)", what, shown, all);
    else
        abn_buf_printf(&title, "%s (n = %zu)", what, all);
    abn_script_string(out, title.data ? title.data : "");
    abn_buf_free(&title);
}

/* A page of panels, one a listing, event and model. */
static abn_status panels(const char *folder, const char *table, const char *value, const char *name,
                         const char *shows, panel_function *draw, abn_buf *out, abn_error *err)
{
    abn_frame *frame = NULL;
    abn_groups groups = {0};
    abn_status status = abn_frame_load(folder, table, &frame, err);
    if (status == ABN_OK && frame) status = abn_groups_of(frame, by_listing, value, &groups, err);
    size_t shown = groups.count < MOST_PANELS ? groups.count : MOST_PANELS, rows, columns;
    abn_script_layout(shown, &rows, &columns);
    if (status == ABN_OK && shown) {
        bool model = several_models(frame);
        int width = (int)columns * 340 + 60;
        abn_script_head(out, name, shows, width < 740 ? 740 : width,
                        (int)rows * (columns == 1 ? 400 : 290) + 60);
        abn_buf_printf(out, "set multiplot layout %zu,%zu title ", rows, columns);
        page_title(out, shows, shown, groups.count);
        abn_buf_text(out, " noenhanced font ',13'\nset format y '%g %%'\nunset key\n");
        for (size_t g = 0; g < shown; g++) {
            abn_buf_char(out, '\n');
            abn_script_is(out, frame, by_listing, groups.first[g]);
            panel_title(frame, groups.first[g], model, out);
            draw(frame, groups.first[g], out);
        }
        abn_buf_text(out, "unset multiplot\n");
    }
    abn_groups_free(&groups);
    abn_frame_free(frame);
    return status;
}

static void event_line(abn_buf *out)
{
    abn_buf_text(out, "set xlabel 'session relative to the event'\nset autoscale xfix\n"
                      "unset arrow\n"
                      "set arrow from 0, graph 0 to 0, graph 1 nohead dt 2 lc rgb grey\n"
                      "set xzeroaxis lt 1 lc rgb '#999999'\n");
}

static void draw_car(const abn_frame *frame, size_t first, abn_buf *out)
{
    (void)first;
    event_line(out);
    abn_buf_text(out, "plot ");
    if (abn_frame_has(frame, "cumulative_se"))
        abn_buf_text(out, "'returns.csv' using (is(column('event_time'))):"
                          "(100*(column('cumulative') - 1.96*column('cumulative_se'))):"
                          "(100*(column('cumulative') + 1.96*column('cumulative_se'))) "
                          "with filledcurves lc rgb blue, \\\n     ");
    abn_buf_text(out, "'returns.csv' using (is(column('event_time'))):(100*column('cumulative')) "
                      "with linespoints lc rgb blue lw 2 pt 7 ps 0.5\n");
}

abn_status abn_plot_car(const char *folder, abn_buf *out, abn_error *err)
{
    return panels(folder, "returns", "cumulative", "car",
                  "Cumulative abnormal return, with its 95 % band", draw_car, out, err);
}

static bool same_rows(const abn_frame *frame, size_t a, size_t b)
{
    for (int k = 0; k < 3; k++)
        if (strcmp(abn_frame_text(frame, a, by_listing[k]),
                   abn_frame_text(frame, b, by_listing[k])) != 0)
            return false;
    return true;
}

/* Room for the outermost bars. */
static void bar_range(const abn_frame *frame, size_t first, abn_buf *out)
{
    double from = abn_frame_real(frame, first, "event_time"), to = from;
    for (size_t i = first; i < abn_frame_rows(frame) && same_rows(frame, first, i); i++)
        to = abn_frame_real(frame, i, "event_time");
    abn_buf_printf(out, "set xrange [%g:%g]\nset boxwidth 0.7\n", from - 0.7, to + 0.7);
}

static void draw_ar(const abn_frame *frame, size_t first, abn_buf *out)
{
    event_line(out);
    bar_range(frame, first, out);
    abn_buf_text(out,
                 "plot 'returns.csv' using (is(column('event_time'))):(100*column('abnormal')) "
                 "with boxes fs solid 0.75 lc rgb blue, \\\n"
                 "     'returns.csv' using (is(column('event_time'))):"
                 "(196*column('abnormal_se')) with lines dt 2 lc rgb grey, \\\n"
                 "     'returns.csv' using (is(column('event_time'))):"
                 "(-196*column('abnormal_se')) with lines dt 2 lc rgb grey\n");
}

abn_status abn_plot_ar(const char *folder, abn_buf *out, abn_error *err)
{
    return panels(folder, "returns", "abnormal", "ar",
                  "Abnormal return of each session, and 1.96 standard errors", draw_ar, out, err);
}

/* Tics in steps of 1, 2 or 5 that leave room for their labels in a narrow panel. */
static void sparse_tics(const abn_frame *frame, size_t first, const char *column, abn_buf *out)
{
    double least = INFINITY, most = -INFINITY;
    for (size_t i = first; i < abn_frame_rows(frame) && same_rows(frame, first, i); i++) {
        double x = 100 * abn_frame_real(frame, i, column);
        if (x < least) least = x;
        if (x > most) most = x;
    }
    double size = pow(10, floor(log10((most - least) / 4))), step = size;
    if (!(most > least) || !isfinite(most - least) || !isnormal(size)) return;
    while (step * 4 < most - least)
        step = step < 1.5 * size ? 2 * size : step < 3 * size ? 5 * size : 10 * size;
    abn_buf_printf(out, "set xtics %g\n", step);
}

static void draw_fit(const abn_frame *frame, size_t first, abn_buf *out)
{
    double alpha = abn_frame_real(frame, first, "alpha");
    double beta = abn_frame_real(frame, first, "beta");
    sparse_tics(frame, first, "benchmark", out);
    abn_buf_text(out, "set xlabel 'benchmark'\nset format x '%g %%'\nset xzeroaxis\n"
                      "plot 'estimation.csv' using (is(100*column('benchmark'))):"
                      "(100*column('return')) with points pt 7 ps 0.4 lc rgb blue");
    if (isfinite(100 * alpha) && isfinite(beta))
        abn_buf_printf(out, ", \\\n     %.10g + %.10g*x with lines lw 2 lc rgb orange", 100 * alpha,
                       beta);
    abn_buf_char(out, '\n');
}

abn_status abn_plot_fit(const char *folder, abn_buf *out, abn_error *err)
{
    return panels(folder, "estimation", "benchmark", "fit",
                  "Estimation window: return against benchmark, and the fit", draw_fit, out, err);
}

/* ---- averages ---- */

static const char *const by_group[3] = {"group", "model", NULL};

static void caar_panel(const abn_frame *frame, size_t first, abn_buf *out)
{
    abn_buf title = {0};
    abn_buf_char(out, '\n');
    abn_script_is(out, frame, by_group, first);
    abn_script_cut(&title, abn_frame_text(frame, first, "group"), 24);
    abn_buf_printf(&title, ", %s model (n = %s)", abn_frame_text(frame, first, "model"),
                   abn_frame_text(frame, first, "n"));
    abn_script_title(out, title.data ? title.data : "");
    abn_buf_free(&title);
    event_line(out);
    abn_buf_text(out, "plot 'caar.csv' using (is(column('event_time'))):(100*column('lo')):"
                      "(100*column('hi')) with filledcurves lc rgb blue, \\\n"
                      "     'caar.csv' using (is(column('event_time'))):(100*column('caar')) with "
                      "linespoints lc rgb blue lw 2 pt 7 ps 0.6, \\\n"
                      "     'caar.csv' using (is(column('event_time'))):(100*column('aar')) with "
                      "impulses lc rgb orange lw 3\n");
}

abn_status abn_plot_caar(const char *folder, abn_buf *out, abn_error *err)
{
    abn_frame *frame = NULL;
    abn_groups groups = {0};
    abn_status status = abn_frame_load(folder, "caar", &frame, err);
    if (status == ABN_OK && frame) status = abn_groups_of(frame, by_group, "caar", &groups, err);
    size_t shown = groups.count < MOST_PANELS ? groups.count : MOST_PANELS, rows, columns;
    abn_script_layout(shown, &rows, &columns);
    if (status == ABN_OK && shown) {
        int width = shown == 1 ? 760 : (int)columns * 380 + 40;
        int height = shown == 1 ? 500 : (int)rows * 320 + 60;
        abn_script_head(out, "caar", "Average cumulative abnormal return, with its 95 % band",
                        width, height);
        abn_buf_printf(out,
                       "set multiplot layout %zu,%zu title 'Average cumulative abnormal return, "
                       "95 %% band; bars: each session' font ',13'\n"
                       "set format y '%%g %%%%'\nunset key\n",
                       rows, columns);
        for (size_t g = 0; g < shown; g++)
            caar_panel(frame, groups.first[g], out);
        abn_buf_text(out, "unset multiplot\n");
    }
    abn_groups_free(&groups);
    abn_frame_free(frame);
    return status;
}

/* ---- forest ---- */

typedef struct estimate {
    double car;
    size_t row;
} estimate;

static int by_size(const void *a, const void *b)
{
    const estimate *x = a, *y = b;
    if (x->car != y->car) return x->car < y->car ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static void forest_label(const abn_frame *frame, size_t row, abn_buf *label)
{
    abn_script_cut(label, abn_frame_text(frame, row, "event_id"), 40);
    abn_buf_text(label, "  ");
    abn_script_cut(label, abn_frame_text(frame, row, "symbol"), 20);
}

/* Rows of one window and model, smallest CAR first, as an inline block: position, CAR, bounds. An
 * estimate without an interval is a point. */
static void forest_rows(const abn_frame *frame, const estimate *e, size_t n, size_t number,
                        abn_buf *out)
{
    abn_buf_printf(out, "\n$window%zu << EOD\nposition,car,lo,hi\n", number);
    for (size_t i = 0; i < n; i++) {
        const char *car = abn_frame_plain(frame, e[i].row, "car");
        const char *lo = abn_frame_plain(frame, e[i].row, "lo");
        const char *hi = abn_frame_plain(frame, e[i].row, "hi");
        abn_buf_printf(out, "%zu,%s,%s,%s\n", i + 1, car, lo[0] ? lo : car, hi[0] ? hi : car);
    }
    abn_buf_text(out, "EOD\n");
}

static void forest_tics(const abn_frame *frame, const estimate *e, size_t n, abn_buf *out)
{
    abn_buf_text(out, "unset ytics\n");
    if (n > MOST_LABELS) {
        abn_buf_text(out, "set lmargin 5\n");
        return;
    }
    abn_buf_text(out, "set ytics scale 0 noenhanced\nset ytics (");
    for (size_t i = 0; i < n; i++) {
        abn_buf label = {0};
        forest_label(frame, e[i].row, &label);
        abn_buf_text(out, i ? ", " : "");
        abn_script_tic(out, label.data ? label.data : "");
        abn_buf_printf(out, " %zu", i + 1);
        abn_buf_free(&label);
    }
    abn_buf_text(out, ")\n");
}

static void forest_panel(const abn_frame *frame, estimate *e, size_t n, size_t number, abn_buf *out)
{
    qsort(e, n, sizeof *e, by_size);
    forest_rows(frame, e, n, number, out);
    forest_tics(frame, e, n, out);
    abn_buf title = {0};
    abn_buf_printf(
        &title, "CAR[%s, %s], %s model (n = %zu)", abn_frame_text(frame, e[0].row, "window_from"),
        abn_frame_text(frame, e[0].row, "window_to"), abn_frame_text(frame, e[0].row, "model"), n);
    abn_script_title(out, title.data ? title.data : "");
    abn_buf_free(&title);
    abn_buf_printf(out, "set yrange [0.3:%zu.7]\n", n);
    if (n <= MOST_LABELS)
        abn_buf_printf(out,
                       "plot $window%zu using (100*column('car')):(column('position')):"
                       "(100*column('lo')):(100*column('hi')) with xerrorbars pt 7 ps 0.9 lw 1.4 "
                       "lc rgb blue\n",
                       number);
    else /* so many that their ends would hide the estimates */
        abn_buf_printf(out,
                       "plot $window%zu using (100*column('lo')):(column('position')):"
                       "(100*(column('hi') - column('lo'))):(0) with vectors nohead lw 0.5 lc rgb "
                       "'#B5DAF0', \\\n"
                       "     $window%zu using (100*column('car')):(column('position')) with points "
                       "pt 7 ps 0.35 lc rgb blue\n",
                       number, number);
}

static abn_status forest_panels(const abn_frame *frame, const abn_groups *groups, size_t shown,
                                abn_buf *out, abn_error *err)
{
    static const char *const key[] = {"window_from", "window_to", "model"};
    estimate *e = calloc(abn_frame_rows(frame) + 1, sizeof *e);
    if (!e) return abn_fail_memory(err);
    for (size_t g = 0; g < shown; g++) {
        size_t n = 0;
        for (size_t i = 0; i < abn_frame_rows(frame); i++) {
            bool same = true;
            for (size_t k = 0; k < 3; k++)
                same = same && strcmp(abn_frame_text(frame, i, key[k]),
                                      abn_frame_text(frame, groups->first[g], key[k])) == 0;
            double car = abn_frame_real(frame, i, "car");
            if (same && isfinite(car)) e[n++] = (estimate){car, i};
        }
        if (n) forest_panel(frame, e, n, g + 1, out);
    }
    free(e);
    return ABN_OK;
}

/* The widest label, in characters. */
static size_t label_width(const abn_frame *frame)
{
    size_t most = 0;
    for (size_t i = 0; i < abn_frame_rows(frame); i++) {
        size_t event = strlen(abn_frame_text(frame, i, "event_id"));
        size_t symbol = strlen(abn_frame_text(frame, i, "symbol"));
        size_t width = (event < 40 ? event : 40) + (symbol < 20 ? symbol : 20) + 2;
        if (width > most) most = width;
    }
    return most;
}

static void forest_head(const abn_frame *frame, const abn_groups *groups, size_t shown,
                        abn_buf *out)
{
    size_t most = groups->rows[0], columns = shown == 1 ? 1 : 2;
    size_t rows = (shown + columns - 1) / columns;
    bool labels = most <= MOST_LABELS;
    int height = (int)(most < 6 ? 6 : labels ? most : MOST_LABELS) * 20 + 110;
    int width = labels ? 440 + 8 * (int)label_width(frame) : 500;
    abn_script_head(out, "forest", "Cumulative abnormal returns with their intervals",
                    (int)columns * width, (int)rows * height + 50);
    abn_buf_printf(out,
                   "set multiplot layout %zu,%zu title 'Cumulative abnormal returns and their "
                   "intervals' font ',13'\n"
                   "set format x '%%g %%%%'\nset xtics font ',9'\nset rmargin 4\nunset key\n"
                   "set grid noytics xtics\n"
                   "set arrow from 0, graph 0 to 0, graph 1 nohead dt 2 lc rgb grey front\n",
                   rows, columns);
}

abn_status abn_plot_forest(const char *folder, abn_buf *out, abn_error *err)
{
    static const char *const by_window[3] = {"model", "window_from", "window_to"};
    abn_frame *frame = NULL;
    abn_groups groups = {0};
    abn_status status = abn_frame_load(folder, "cars", &frame, err);
    if (status == ABN_OK && frame) status = abn_groups_of(frame, by_window, "car", &groups, err);
    size_t shown = groups.count < 6 ? groups.count : 6;
    if (status == ABN_OK && shown) {
        forest_head(frame, &groups, shown, out);
        status = forest_panels(frame, &groups, shown, out, err);
        abn_buf_text(out, "unset multiplot\n");
    }
    abn_groups_free(&groups);
    abn_frame_free(frame);
    return status;
}
