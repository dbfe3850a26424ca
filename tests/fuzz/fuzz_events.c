/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <abnorm/events.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    abn_event_list *events = NULL;
    abn_notes *notes = abn_notes_new();
    if (abn_events_read("events.csv", fuzz_slice(data, size), notes, &events, NULL) == ABN_OK) {
        size_t n = abn_events_count(events);
        for (size_t i = 0; i < n; i++)
            abn_events_cell(events, i, "event_id");
        abn_events_group(events, "type", NULL);
        abn_events_free(events);
    }
    events = NULL;
    if (abn_events_request(fuzz_file(data, size), notes, &events, NULL) == ABN_OK)
        abn_events_free(events);
    abn_notes_free(notes);
    return 0;
}
