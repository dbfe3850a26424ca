/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTML pieces that the page is made of. */
#ifndef HTML_H
#define HTML_H

#include "frame.h"

#include <abnorm/buf.h>

#pragma GCC visibility push(hidden)

/* The look and the behaviour, each one string. */
extern const char abn_html_style[];
extern const char abn_html_script[];

/* Text with everything escaped that markup could read. */
void abn_html_text(abn_buf *out, const char *text);
/* A decimal as percent with sign, "+5.27 %"; a dash when it is NaN. */
void abn_html_percent(abn_buf *out, double value);
/* A table that sorts, of `columns` (NULL-terminated; NULL: all) of a frame, at most `most` rows. */
void abn_html_table(abn_buf *out, const abn_frame *frame, const char *caption,
                    const char *const *columns, size_t most);
/* An SVG file inline, its ids made unique by `name`; nothing when there is no such file. */
abn_status abn_html_svg(abn_buf *out, const char *folder, const char *name, const char *shows,
                        bool *there, abn_error *err);

#pragma GCC visibility pop

#endif
