/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "news/document_stamp.h"
#include "news/languages.h"

#include <abnorm/instant.h>
#include <abnorm/number.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    abn_slice text = fuzz_slice(data, size);
    char day[ABN_DATE_MAX], at[ABN_INSTANT_MAX];
    abn_date date, again;
    if (abn_date_parse(text, &date)) FUZZ_HOLDS(abn_slice_eq(text, abn_date_format(date, day)));
    abn_instant instant, same;
    int offset, other;
    if (abn_instant_parse(text, &instant, &offset)) {
        abn_instant_format(instant, offset, at);
        FUZZ_HOLDS(abn_instant_parse(abn_slice_of(at), &same, &other));
        FUZZ_HOLDS(instant == same && offset == other);
    }
    abn_zone zone;
    if (abn_zone_parse(text, &zone, NULL) == ABN_OK)
        for (int year = 1960; year < 2040; year += 7)
            FUZZ_HOLDS(abn_zone_date(&zone, abn_zone_instant(&zone, abn_date_of(year, 7, 1), 43200),
                                     NULL) == abn_date_of(year, 7, 1));
    const abn_page_words *words = abn_languages_page(fuzz_languages());
    abn_stamp stamp;
    for (int order = 0; order < 2; order++)
        if (abn_stamp_find(text, 0, (abn_stamp_ways){order, words}, &stamp)) {
            abn_date_format(stamp.date, day);
            FUZZ_HOLDS(abn_date_parse(abn_slice_of(day), &again) && again == stamp.date);
            FUZZ_HOLDS(stamp.start < stamp.end && stamp.end <= size);
            FUZZ_HOLDS(stamp.sec >= -1 && stamp.sec < 86400);
        }
    abn_stamp_address(text, &stamp);
    return 0;
}
