/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Symbols: what a listing is called, and what its files are named after. */
#ifndef ABNORM_SYMBOL_H
#define ABNORM_SYMBOL_H

#include <abnorm/slice.h>

/* Why a symbol cannot name a file inside any folder, as a phrase that follows "it": "holds a
 * slash"; NULL when it can. Names that some systems reserve (CON, NUL) are none; with an ending
 * (CON.DE) they are listings. */
const char *abn_symbol_flaw(abn_slice symbol);

#endif
