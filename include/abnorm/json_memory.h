/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happens when jansson, which reads and writes JSON here, gets no memory. */
#ifndef ABNORM_JSON_MEMORY_H
#define ABNORM_JSON_MEMORY_H

/* From here on `lack` is called where jansson's allocation fails; it must end the process. Jansson
 * does not look whether its buffer of a token grew: it loses bytes, and reads and writes past the
 * end where the closing quote is among them. Global, as jansson's allocator is: for a program to
 * call, before it makes threads or reads JSON. Without it a call that lacked memory, and lived, is
 * ABN_MEMORY. */
void abn_json_on_no_memory(void (*lack)(void));

#endif
