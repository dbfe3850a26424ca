/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Size and power of the tests, as a simulation found them. */
#include "script.h"

static const char *const by_test[3] = {"statistic", NULL, NULL};

static const char *const by_setting[3] = {"rho", "event_sd", NULL};
static const char *const by_shock[3] = {"shock_pct", NULL, NULL};

/* What a simulation varied: tests, shocks, and settings of correlation and event variance. */
typedef struct grid {
    abn_groups tests, shocks, settings;
} grid;

static void setting_name(const abn_frame *sim, const grid *g, size_t k, abn_buf *out)
{
    abn_buf name = {0};
    abn_buf_printf(&name, "rho %s, sd %s", abn_frame_plain(sim, g->settings.first[k], "rho"),
                   abn_frame_plain(sim, g->settings.first[k], "event_sd"));
    abn_script_string(out, name.data ? name.data : "");
    abn_buf_free(&name);
}

/* y, or NaN on rows of another setting. */
static void pick_setting(const abn_frame *sim, const grid *g, size_t k, abn_buf *out)
{
    size_t row = g->settings.first[k];
    abn_buf_printf(out, "of%zu(y) = ", k);
    if (g->settings.count == 1)
        abn_buf_text(out, "y\n");
    else
        abn_buf_printf(out, "column('rho') == %.10g && column('event_sd') == %.10g ? y : NaN\n",
                       abn_frame_real(sim, row, "rho"), abn_frame_real(sim, row, "event_sd"));
}

/* One shock: a row a test. */
static void power_rows(const abn_frame *sim, const grid *g, abn_buf *out)
{
    double level = 100 * abn_frame_real(sim, 0, "level");
    abn_script_head(out, "power", "Rejection rates of the tests, with 95 % intervals", 900,
                    (int)(g->tests.count * (15 + 7 * g->settings.count)) + 150);
    abn_buf_printf(out,
                   "set title 'Share of samples rejected (n = %s samples of %s), %s %% shock'\n",
                   abn_frame_plain(sim, 0, "samples"), abn_frame_plain(sim, 0, "securities"),
                   abn_frame_plain(sim, 0, "shock_pct"));
    abn_buf_printf(out,
                   "set format x '%%g %%%%'\nset grid noytics xtics\n%s\n"
                   "set arrow from %g, graph 0 to %g, graph 1 nohead dt 2\n"
                   "set ytics scale 0 noenhanced\nset ytics (",
                   g->settings.count > 1 ? "set key outside bottom center horizontal" : "unset key",
                   level, level);
    for (size_t t = 0; t < g->tests.count; t++) {
        abn_buf_text(out, t ? ", " : "");
        abn_script_tic(out, abn_frame_text(sim, g->tests.first[t], "statistic"));
        abn_buf_printf(out, " %zu", t);
    }
    abn_buf_printf(out, ")\nset yrange [%zu.5:-0.5]\nplace(s) = ", g->tests.count - 1);
    for (size_t t = 0; t < g->tests.count; t++) {
        abn_buf_text(out, "s eq ");
        abn_script_string(out, abn_frame_text(sim, g->tests.first[t], "statistic"));
        abn_buf_printf(out, " ? %zu : ", t);
    }
    abn_buf_text(out, "NaN\n");
    for (size_t k = 0; k < g->settings.count; k++)
        pick_setting(sim, g, k, out);
    for (size_t k = 0; k < g->settings.count; k++) {
        double aside = ((double)k + 0.5) / (double)g->settings.count * 0.7 - 0.35;
        abn_buf_printf(out,
                       "%s'simulation.csv' using (100*column('rejection_rate')):"
                       "(of%zu(place(strcol('statistic')) + %.3g)):(100*column('lo95')):"
                       "(100*column('hi95')) with xerrorbars pt 7 lt %zu title ",
                       k ? ", \\\n     " : "plot ", k, aside, k % 8 + 1);
        setting_name(sim, g, k, out);
    }
    abn_buf_char(out, '\n');
}

/* The shocks themselves, every so many of them where they are many. */
static void shock_tics(const abn_frame *sim, const abn_groups *shocks, abn_buf *out)
{
    size_t every = (shocks->count + 5) / 6;
    abn_buf_text(out, "set xtics (");
    for (size_t g = 0; g < shocks->count; g += every) {
        double shock = abn_frame_real(sim, shocks->first[g], "shock_pct");
        abn_buf_printf(out, "%s%g", g ? ", " : "", shock);
    }
    abn_buf_text(out, ")\n");
}

static void power_panel(const abn_frame *sim, const grid *g, size_t test, abn_buf *out)
{
    abn_buf_char(out, '\n');
    abn_script_is(out, sim, by_test, g->tests.first[test]);
    abn_script_title(out, abn_frame_text(sim, g->tests.first[test], "statistic"));
    abn_buf_text(out, "plot ");
    if (g->settings.count == 1)
        abn_buf_text(out, "'simulation.csv' using (is(column('shock_pct'))):(100*column('lo95')):"
                          "(100*column('hi95')) with filledcurves lc rgb blue, \\\n     ");
    for (size_t k = 0; k < g->settings.count; k++)
        abn_buf_printf(out,
                       "%s'simulation.csv' using (of%zu(is(column('shock_pct')))):"
                       "(100*column('rejection_rate')) with linespoints lt %zu pt 7 ps 0.5",
                       k ? ", \\\n     " : "", k, k % 8 + 1);
    abn_buf_char(out, '\n');
}

/* What the colours mean, in the place of a panel. */
static void power_key(const abn_frame *sim, const grid *g, abn_buf *out)
{
    abn_buf_text(out, "\nunset title\nunset border\nunset tics\nunset arrow\n"
                      "set lmargin 1\nset key center left reverse Left samplen 1 font ',9'\nplot ");
    for (size_t k = 0; k < g->settings.count; k++) {
        abn_buf_printf(out, "%sNaN with linespoints lt %zu pt 7 title ", k ? ", " : "", k % 8 + 1);
        setting_name(sim, g, k, out);
    }
    abn_buf_char(out, '\n');
}

/* Several: a panel a test. Rows of other tests count as missing, so that they part no curve. */
static void power_panels(const abn_frame *sim, const grid *g, abn_buf *out)
{
    bool key = g->settings.count > 1;
    double level = 100 * abn_frame_real(sim, 0, "level");
    size_t cells = g->tests.count + key, columns = cells < 6 ? cells : 6;
    size_t rows = (cells + columns - 1) / columns;
    abn_script_head(out, "power", "Rejection rates of the tests by shock, with 95 % bands",
                    (int)columns * 210 + (columns < 4 ? 220 : 20), (int)rows * 190 + 60);
    abn_buf_printf(
        out,
        "set datafile missing NaN\n"
        "set multiplot layout %zu,%zu title 'Share of samples rejected by size of the "
        "shock (n = %s samples of %s)' font ',13'\n"
        "set format '%%g %%%%'\nset tics font ',9'\nset xtics font ',8'\nset yrange [0:100]\nset "
        "ytics 25\n"
        "unset key\n"
        "set arrow from graph 0, first %g to graph 1, first %g nohead dt 2 lc rgb grey\n",
        rows, columns, abn_frame_plain(sim, 0, "samples"), abn_frame_plain(sim, 0, "securities"),
        level, level);
    shock_tics(sim, &g->shocks, out);
    for (size_t k = 0; k < g->settings.count; k++)
        pick_setting(sim, g, k, out);
    for (size_t t = 0; t < g->tests.count; t++)
        power_panel(sim, g, t, out);
    if (key) power_key(sim, g, out);
    abn_buf_text(out, "unset multiplot\n");
}

abn_status abn_plot_power(const char *folder, abn_buf *out, abn_error *err)
{
    abn_frame *sim = NULL;
    grid g = {0};
    const char *value = "rejection_rate";
    abn_status status = abn_frame_load(folder, "simulation", &sim, err);
    if (status == ABN_OK && sim) status = abn_groups_of(sim, by_test, value, &g.tests, err);
    if (status == ABN_OK && sim) status = abn_groups_of(sim, by_shock, value, &g.shocks, err);
    if (status == ABN_OK && sim) status = abn_groups_of(sim, by_setting, value, &g.settings, err);
    if (status == ABN_OK && g.shocks.count > 1)
        power_panels(sim, &g, out);
    else if (status == ABN_OK && g.tests.count)
        power_rows(sim, &g, out);
    abn_groups_free(&g.tests);
    abn_groups_free(&g.shocks);
    abn_groups_free(&g.settings);
    abn_frame_free(sim);
    return status;
}
