/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "script.h"

#include <abnorm/map.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A doubled apostrophe would do, but not at the start of a string in each gnuplot; a text in double
 * quotes would run what stands between backquotes. So apostrophes are strings of their own. */
static void put_string(abn_buf *out, const char *text, bool format)
{
    bool joined = strchr(text, '\'') != NULL;
    abn_buf_text(out, joined ? "('" : "'");
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '\'')
            abn_buf_text(out, "'.\"'\".'");
        else if (format && c == '%')
            abn_buf_text(out, "%%");
        else
            abn_buf_char(out, c < 0x20 || c == 0x7f ? ' ' : (char)c);
    }
    abn_buf_text(out, joined ? "')" : "'");
}

void abn_script_string(abn_buf *out, const char *text)
{
    put_string(out, text, false);
}

void abn_script_tic(abn_buf *out, const char *text)
{
    put_string(out, text, true);
}

void abn_script_cell(abn_buf *out, const char *text)
{
    abn_buf_char(out, '"');
    for (; *text; text++)
        abn_buf_char(out, *text == '"' ? '\'' : (unsigned char)*text < 0x20 ? ' ' : *text);
    abn_buf_char(out, '"');
}

void abn_script_title(abn_buf *out, const char *text)
{
    abn_buf_text(out, "set title ");
    abn_script_string(out, text);
    abn_buf_text(out, " noenhanced\n");
}

void abn_script_cut(abn_buf *out, const char *text, size_t most)
{
    size_t characters = 0, fits = 0, at = 0;
    for (; text[at]; at++) {
        if (((unsigned char)text[at] & 0xC0) == 0x80) continue;
        if (++characters == most) fits = at;
    }
    abn_buf_add(out, text, characters > most ? fits : at);
    if (characters > most) abn_buf_text(out, "…");
}

static bool same_cells(const abn_frame *frame, const char *const columns[3], size_t a, size_t b)
{
    for (int c = 0; c < 3 && columns[c]; c++)
        if (strcmp(abn_frame_text(frame, a, columns[c]), abn_frame_text(frame, b, columns[c])) != 0)
            return false;
    return true;
}

/* gnuplot ends a cell at its first quote or comma, so rows with such cells go by number. */
void abn_script_is(abn_buf *out, const abn_frame *frame, const char *const columns[3], size_t first)
{
    bool plain = true;
    abn_buf_text(out, "is(x) = ");
    for (int c = 0; c < 3 && columns[c]; c++)
        plain = plain && !strpbrk(abn_frame_text(frame, first, columns[c]), "\",");
    for (int c = 0; plain && c < 3 && columns[c]; c++) {
        abn_buf_printf(out, "%sstrcol('%s') eq ", c ? " && " : "", columns[c]);
        abn_script_string(out, abn_frame_text(frame, first, columns[c]));
    }
    if (!plain) {
        size_t last = first;
        while (last + 1 < abn_frame_rows(frame) && same_cells(frame, columns, first, last + 1))
            last++;
        abn_buf_printf(out, "column(0) >= %zu && column(0) <= %zu", first, last);
    }
    abn_buf_text(out, " ? x : NaN\n");
}

/* The colours are Okabe and Ito's, which people with any colour vision tell apart. */
void abn_script_head(abn_buf *out, const char *name, const char *shows, int width, int height)
{
    abn_buf_printf(out,
                   "# %s\n# Draw it again:  gnuplot %s.gp    other forms:  gnuplot -e "
                   "\"form='svg'\" %s.gp   (png, svg, pdf)\n\n",
                   shows, name, name);
    abn_buf_printf(out,
                   "if (!exists('form')) form = 'png'\n"
                   "if (form eq 'png') set terminal pngcairo size %d,%d font 'Sans,11' background "
                   "'white'\n"
                   "if (form eq 'svg') set terminal svg size %d,%d font 'Sans,11' background "
                   "'white'\n"
                   "if (form eq 'pdf') set terminal pdfcairo size %.2fin,%.2fin font 'Sans,10'\n"
                   "if (!exists('target')) target = '%s.'.form\n"
                   "set output target\n",
                   width, height, width, height, width / 110.0, height / 110.0, name);
    abn_buf_text(out, "set encoding utf8\n"
                      "set datafile separator comma\n"
                      "set datafile columnheaders\n"
                      "blue = '#0072B2'; orange = '#D55E00'; green = '#009E73'; "
                      "purple = '#CC79A7'; sky = '#56B4E9'; amber = '#E69F00'; grey = '#777777'\n"
                      "set linetype 1 lc rgb blue; set linetype 2 lc rgb orange; "
                      "set linetype 3 lc rgb green; set linetype 4 lc rgb purple\n"
                      "set linetype 5 lc rgb sky; set linetype 6 lc rgb amber; "
                      "set linetype 7 lc rgb grey; set linetype 8 lc rgb 'black'\n"
                      "set border 3 lc rgb '#444444'\n"
                      "set tics out nomirror\n"
                      "set grid ytics lc rgb '#e4e4e4' lw 0.7\n"
                      "set style fill solid 0.18 noborder\n\n");
}

void abn_groups_free(abn_groups *groups)
{
    free(groups->first);
    free(groups->rows);
    *groups = (abn_groups){0};
}

abn_status abn_groups_of(const abn_frame *frame, const char *const columns[3], const char *value,
                         abn_groups *groups, abn_error *err)
{
    size_t n = abn_frame_rows(frame);
    abn_groups g = {calloc(n + 1, sizeof *g.first), calloc(n + 1, sizeof *g.rows), 0};
    abn_map *map = abn_map_new();
    abn_buf key = {0};
    abn_status status = g.first && g.rows && map ? ABN_OK : abn_fail_memory(err);
    for (size_t i = 0; status == ABN_OK && i < n; i++) {
        if (value && !isfinite(abn_frame_real(frame, i, value))) continue;
        abn_buf_clear(&key);
        for (int c = 0; c < 3 && columns[c]; c++) {
            abn_buf_text(&key, abn_frame_text(frame, i, columns[c]));
            abn_buf_char(&key, '\n'); /* no key of a table holds one */
        }
        uint32_t at = abn_map_add(map, (abn_slice){key.data, key.len});
        status = at == ABN_MAP_NONE ? abn_fail_memory(err) : abn_buf_status(&key, err);
        if (status == ABN_OK && g.rows[at]++ == 0) g.first[at] = i;
    }
    g.count = map ? abn_map_count(map) : 0;
    abn_map_free(map);
    abn_buf_free(&key);
    if (status != ABN_OK)
        abn_groups_free(&g);
    else
        *groups = g;
    return status;
}

void abn_script_layout(size_t n, size_t *rows, size_t *columns)
{
    *columns = n <= 3 ? (n ? n : 1) : n <= 6 ? 3 : 4;
    *rows = n ? (n + *columns - 1) / *columns : 1;
}

void abn_script_marks(const abn_frame *frame, const char *value, abn_buf *out)
{
    const char *key = abn_frame_has(frame, "symbol") ? "symbol" : "depositary";
    abn_buf_printf(out, "$sessions << EOD\nkey,date,%s\n", value);
    for (size_t i = 0; i < abn_frame_rows(frame); i++) {
        if (!abn_frame_text(frame, i, "event_id")[0]) continue;
        abn_script_cell(out, abn_frame_text(frame, i, key));
        abn_buf_printf(out, ",%s,%s\n", abn_frame_plain(frame, i, "date"),
                       abn_frame_plain(frame, i, value));
    }
    abn_buf_text(out, "EOD\n");
}
