/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ABNORM_REPORT_SVG_H
#define ABNORM_REPORT_SVG_H

#include <abnorm/slice.h>

#pragma GCC visibility push(hidden)

/* Whether an SVG, from its "<svg" on, holds shapes and texts alone: no script, no style sheet, no
 * reference to anything outside of it. */
bool abn_svg_is_picture(abn_slice svg);

#pragma GCC visibility pop

#endif
