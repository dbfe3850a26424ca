/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char prolog[] = "<?xml version=\"1.0\"?><rss>";
    char bytes[4096];
    fuzz_document("feed.xml", data, size);
    /* What does not start as XML is read as the inside of a feed. */
    if (size == 0 || data[0] == '<' || size > sizeof bytes - sizeof prolog) return 0;
    memcpy(bytes, prolog, sizeof prolog - 1);
    memcpy(bytes + sizeof prolog - 1, data, size);
    fuzz_document("feed.xml", (const uint8_t *)bytes, sizeof prolog - 1 + size);
    return 0;
}
