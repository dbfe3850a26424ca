/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture that a page takes in is part of the page: whoever wrote it could have scripts run
 * there, or other addresses asked. So it may hold what gnuplot draws with, and nothing else. */
#include "svg.h"

#include <stdbool.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr(":-_.", c));
}

static abn_slice take_name(abn_slice *rest)
{
    abn_slice name = {rest->ptr, 0};
    while (name.len < rest->len && is_name(name.ptr[name.len]))
        name.len++;
    *rest = (abn_slice){rest->ptr + name.len, rest->len - name.len};
    return name;
}

static void skip_blanks(abn_slice *rest)
{
    while (rest->len && is_blank(*rest->ptr))
        *rest = (abn_slice){rest->ptr + 1, rest->len - 1};
}

static bool take(abn_slice *rest, char c)
{
    if (!rest->len || *rest->ptr != c) return false;
    *rest = (abn_slice){rest->ptr + 1, rest->len - 1};
    return true;
}

static bool draws(abn_slice element)
{
    static const char *const known[] = {"svg",      "title",          "desc",
                                        "g",        "rect",           "defs",
                                        "circle",   "path",           "use",
                                        "filter",   "feFlood",        "feComposite",
                                        "text",     "tspan",          "polygon",
                                        "line",     "ellipse",        "polyline",
                                        "clipPath", "linearGradient", "radialGradient",
                                        "pattern",  "stop",           "mask"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (abn_slice_eq(element, known[i])) return true;
    return false;
}

static bool has(abn_slice value, const char *part)
{
    size_t n = strlen(part);
    for (size_t i = 0; i + n <= value.len; i++)
        if (abn_slice_ieq((abn_slice){value.ptr + i, n}, part)) return true;
    return false;
}

/* No script, and nothing from outside: an address begins with '#', also behind url(. References and
 * escapes, which could spell what is looked for, have no use here. */
static bool is_harmless(abn_slice name, abn_slice value)
{
    abn_slice rest = value;
    bool link = abn_slice_ieq(name, "href") || abn_slice_ieq(name, "xlink:href") ||
                abn_slice_ieq(name, "src");
    if (name.len >= 2 && abn_slice_ieq((abn_slice){name.ptr, 2}, "on")) return false;
    if (has(value, "&") || has(value, "\\") || has(value, "javascript:") || has(value, "@import"))
        return false;
    if (link && (!value.len || *value.ptr != '#')) return false;
    for (; rest.len >= 4; rest = (abn_slice){rest.ptr + 1, rest.len - 1})
        if (abn_slice_ieq((abn_slice){rest.ptr, 4}, "url(") &&
            (rest.len == 4 || rest.ptr[4] != '#'))
            return false;
    return true;
}

static bool take_attribute(abn_slice *rest)
{
    abn_slice name = take_name(rest), value;
    skip_blanks(rest);
    if (!name.len || !take(rest, '=')) return false;
    skip_blanks(rest);
    char quote = rest->len ? *rest->ptr : 0;
    if ((quote != '"' && quote != '\'') || !take(rest, quote)) return false;
    return abn_slice_split(rest, quote, &value) && rest->ptr && is_harmless(name, value);
}

/* From behind '<' to behind '>'. */
static bool take_tag(abn_slice *rest, long *depth)
{
    bool closes = take(rest, '/');
    if (!draws(take_name(rest))) return false;
    for (;;) {
        skip_blanks(rest);
        bool empty = !closes && take(rest, '/');
        if (take(rest, '>')) {
            *depth += closes ? -1 : !empty;
            return *depth >= 0;
        }
        if (empty || closes || !take_attribute(rest)) return false;
    }
}

bool abn_svg_is_picture(abn_slice svg)
{
    long depth = 0;
    abn_slice rest = svg;
    if (svg.len < 4 || memcmp(svg.ptr, "<svg", 4) != 0) return false;
    while (rest.len) {
        const char *open = memchr(rest.ptr, '<', rest.len);
        size_t text = open ? (size_t)(open - rest.ptr) : rest.len;
        if (depth == 0 && rest.ptr != svg.ptr && abn_slice_trim((abn_slice){rest.ptr, text}).len)
            return false;
        rest = (abn_slice){rest.ptr + text, rest.len - text};
        if (depth == 0 && open && open != svg.ptr) return false;
        if (take(&rest, '<') && !take_tag(&rest, &depth)) return false;
    }
    return depth == 0;
}
