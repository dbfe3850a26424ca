/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "html.h"
#include "svg.h"

#include <abnorm/file.h>
#include <abnorm/number.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void abn_html_text(abn_buf *out, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        switch (c) {
        case '&':
            abn_buf_text(out, "&amp;");
            break;
        case '<':
            abn_buf_text(out, "&lt;");
            break;
        case '>':
            abn_buf_text(out, "&gt;");
            break;
        case '"':
            abn_buf_text(out, "&quot;");
            break;
        case '\'':
            abn_buf_text(out, "&#39;");
            break;
        default:
            abn_buf_char(out, c < 0x20 || c == 0x7f ? ' ' : (char)c);
        }
    }
}

void abn_html_percent(abn_buf *out, double value)
{
    double size = fabs(100 * value);
    const char *sign = value < 0 ? "−" : "+";
    if (!isfinite(value))
        abn_buf_text(out, "–");
    else if (size < 1e6)
        abn_buf_printf(out, "%s%.2f&nbsp;%%", sign, size);
    else if (isfinite(size))
        abn_buf_printf(out, "%s%.4g&nbsp;%%", sign, size);
    else
        abn_buf_printf(out, "%s1e308&nbsp;%% and more", sign);
}

/* ---- tables ---- */

static bool is_numeric(const abn_frame *frame, const char *column)
{
    bool some = false;
    for (size_t i = 0; i < abn_frame_rows(frame); i++) {
        if (!abn_frame_text(frame, i, column)[0]) continue;
        if (!isfinite(abn_frame_real(frame, i, column))) return false;
        some = true;
    }
    return some;
}

/* Five digits to read; all of them in the title of the cell. */
static void put_cell(abn_buf *out, const abn_frame *frame, size_t row, const char *column,
                     bool numeric)
{
    const char *text = abn_frame_text(frame, row, column);
    if (!numeric || strlen(text) <= 7) {
        abn_buf_text(out, numeric ? "<td class=n>" : "<td>");
        abn_html_text(out, text);
    } else {
        char digits[ABN_NUMBER_MAX];
        size_t len = abn_number_print(digits, abn_frame_real(frame, row, column), 5);
        abn_buf_text(out, "<td class=n title=\"");
        abn_html_text(out, text);
        abn_buf_text(out, "\">");
        abn_buf_add(out, digits, len);
    }
    abn_buf_text(out, "</td>");
}

static size_t pick(const abn_frame *frame, const char *const *columns, const char **picked,
                   bool *numeric, size_t most)
{
    size_t n = 0;
    if (columns) {
        for (; *columns && n < most; columns++)
            if (abn_frame_has(frame, *columns)) picked[n++] = *columns;
    } else {
        for (; n < abn_frame_columns(frame) && n < most; n++)
            picked[n] = abn_frame_column(frame, n);
    }
    for (size_t c = 0; c < n; c++)
        numeric[c] = is_numeric(frame, picked[c]);
    return n;
}

void abn_html_table(abn_buf *out, const abn_frame *frame, const char *caption,
                    const char *const *columns, size_t most)
{
    const char *picked[48];
    bool numeric[48];
    size_t n = pick(frame, columns, picked, numeric, 48), rows = abn_frame_rows(frame);
    if (!rows) return;
    abn_buf_text(out, "<div class=scroll tabindex=0 role=region aria-label=\"");
    abn_html_text(out, caption);
    abn_buf_text(out, "\"><table class=sorts><caption>");
    abn_html_text(out, caption);
    if (rows > most) abn_buf_printf(out, " (first %zu of %zu rows)", most, rows);
    abn_buf_text(out, "</caption><thead><tr>");
    for (size_t c = 0; c < n; c++) {
        abn_buf_text(out, "<th scope=col><button type=button>");
        abn_html_text(out, picked[c]);
        abn_buf_text(out, "</button></th>");
    }
    abn_buf_text(out, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < rows && i < most; i++) {
        abn_buf_text(out, "<tr>");
        for (size_t c = 0; c < n; c++)
            put_cell(out, frame, i, picked[c], numeric[c]);
        abn_buf_text(out, "</tr>\n");
    }
    abn_buf_text(out, "</tbody></table></div>\n");
}

/* ---- pictures ---- */

/* Length of a hint, shown under the pointer, in which gnuplot repeats a command; 0 of any other. */
static size_t code_hint(abn_slice svg)
{
    static const char *const begins[] = {"<title>'", "<title>gnuplot", "<title>$"};
    static const char end[] = "</title>";
    bool code = false;
    for (size_t k = 0; !code && k < sizeof begins / sizeof *begins; k++) {
        size_t len = strlen(begins[k]);
        code = svg.len >= len && abn_slice_ieq((abn_slice){svg.ptr, len}, begins[k]);
    }
    for (size_t i = 0; code && i + sizeof end - 1 <= svg.len; i++)
        if (memcmp(svg.ptr + i, end, sizeof end - 1) == 0) return i + sizeof end - 1;
    return 0;
}

/* Pictures share one page: what names an id, or points to one, gets the picture's name in front. */
static void put_renamed(abn_buf *out, abn_slice svg, const char *name)
{
    static const char *const before[] = {" id=\"", " id='", "href=\"#", "href='#", "url(#"};
    for (size_t i = 0; i < svg.len;) {
        size_t hit = 0, hint = code_hint((abn_slice){svg.ptr + i, svg.len - i});
        if (hint) {
            i += hint;
            continue;
        }
        for (size_t k = 0; !hit && k < sizeof before / sizeof *before; k++) {
            size_t len = strlen(before[k]);
            if (svg.len - i >= len && memcmp(svg.ptr + i, before[k], len) == 0) hit = len;
        }
        if (!hit) {
            abn_buf_char(out, svg.ptr[i++]);
            continue;
        }
        abn_buf_add(out, svg.ptr + i, hit);
        abn_buf_printf(out, "%s-", name);
        i += hit;
    }
}

abn_status abn_html_svg(abn_buf *out, const char *folder, const char *name, const char *shows,
                        bool *there, abn_error *err)
{
    abn_buf path = {0};
    abn_file file = {0};
    abn_buf_printf(&path, "%s/%s.svg", folder, name);
    abn_status status = abn_buf_status(&path, err);
    *there = status == ABN_OK && abn_is_file(path.data);
    if (*there) status = abn_file_open(path.data, 64u << 20, &file, err);
    /* The XML head of the file has no place inside a page. */
    abn_slice svg = {file.data, file.len};
    while (svg.len > 4 && memcmp(svg.ptr, "<svg", 4) != 0) {
        svg.ptr++;
        svg.len--;
    }
    bool picture = *there && status == ABN_OK && abn_svg_is_picture(svg);
    if (*there && status == ABN_OK && !picture)
        abn_buf_printf(out, "<p class=soft>%s.svg is not shown: it is more than a picture.</p>\n",
                       name);
    if (picture) {
        abn_buf_text(out, "<figure role=img aria-label=\"");
        abn_html_text(out, shows);
        abn_buf_text(out, "\">");
        put_renamed(out, svg, name);
        abn_buf_text(out, "<figcaption>");
        abn_html_text(out, shows);
        abn_buf_text(out, "</figcaption></figure>\n");
    }
    abn_file_close(&file);
    abn_buf_free(&path);
    return status;
}
