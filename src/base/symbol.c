/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/symbol.h>

#include <string.h>

static bool is_reserved(abn_slice symbol)
{
    static const char *const plain[] = {"CON", "PRN", "AUX", "NUL"}, *const numbered[] = {"COM",
                                                                                          "LPT"};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (abn_slice_ieq(symbol, plain[i])) return true;
    if (symbol.len != 4 || symbol.ptr[3] < '0' || symbol.ptr[3] > '9') return false;
    for (size_t i = 0; i < sizeof numbered / sizeof *numbered; i++)
        if (abn_slice_ieq((abn_slice){symbol.ptr, 3}, numbered[i])) return true;
    return false;
}

const char *abn_symbol_flaw(abn_slice symbol)
{
    if (symbol.len == 0) return "is empty";
    if (symbol.ptr[0] == '.') return "begins with a dot";
    for (size_t i = 0; i < symbol.len; i++) {
        unsigned char c = (unsigned char)symbol.ptr[i];
        if (c == '/' || c == '\\') return "holds a slash";
        if (c < ' ' || c == 0x7f) return "holds a control character";
    }
    return is_reserved(symbol) ? "is a name that systems reserve" : NULL;
}
