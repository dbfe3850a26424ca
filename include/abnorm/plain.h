/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Strangers' text before people's eyes: nothing in it steers a terminal. */
#ifndef ABNORM_PLAIN_H
#define ABNORM_PLAIN_H

#include <abnorm/buf.h>
#include <abnorm/slice.h>

/* Length of the UTF-8 character that `text` begins with, 0 where that is none. */
size_t abn_letter(abn_slice text);
/* The same, and 0 for a control character and for what turns the direction of text. */
size_t abn_plain_letter(abn_slice text);
/* Make one line of a terminated text, in place: blanks for line breaks and tabs, '?' for each other
 * byte that is no letter. */
char *abn_plain_line(char *text);
/* The same, but line breaks stay. */
char *abn_plain_text(char *text);
/* Append a JSON string, quotes and all; U+FFFD for each byte that is no UTF-8. */
void abn_plain_json(abn_buf *out, abn_slice text);

#endif
