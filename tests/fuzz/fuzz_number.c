/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <abnorm/number.h>
#include <stdlib.h>
#include <string.h>

/* The number parser agrees with strtod to the last bit on what both read. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[512];
    double value = 0;
    if (size >= sizeof text || memchr(data, 0, size)) return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (!abn_number_parse(fuzz_slice(data, size), &value)) return 0;
    double same = strtod(text, NULL);
    FUZZ_HOLDS(memcmp(&value, &same, sizeof same) == 0 || (value == 0 && same == 0));
    return 0;
}
