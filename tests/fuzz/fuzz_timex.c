/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

static const char *const LANGUAGES[] = {"en", "fr", "de", ""};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    static abn_timexes found;
    abn_slice text = fuzz_slice(data + 1, size - 1);
    abn_date anchor = data[0] & 4 ? ABN_NO_DATE : abn_date_of(2025, 2, 11);
    abn_error err = {0};
    if (abn_timex_tag(fuzz_languages(), LANGUAGES[data[0] & 3], text, anchor, &found, &err) !=
        ABN_OK)
        return 0;
    size_t end = 0;
    for (size_t i = 0; i < found.count; i++) {
        FUZZ_HOLDS(found.at[i].start >= end && found.at[i].start < found.at[i].end);
        FUZZ_HOLDS(memchr(found.at[i].value, 0, ABN_TIMEX_VALUE) != NULL);
        FUZZ_HOLDS(found.at[i].weekday >= 0 && found.at[i].weekday <= 7);
        end = found.at[i].end;
    }
    FUZZ_HOLDS(end <= text.len);
    return 0;
}
