/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "real_list.h"

#include <abnorm/number.h>

abn_status real_list_parse(cli *c, const char *name, const char *otherwise, double least,
                           real_list *out)
{
    const char *text = cli_text(c, name);
    abn_slice rest = abn_slice_of(text ? text : otherwise), part;
    out->n = 0;
    while (abn_slice_split(&rest, ',', &part)) {
        double value;
        if (out->n == REAL_LIST_MAX)
            return cli_usage(c, name, "more than %d values", REAL_LIST_MAX);
        if (!abn_number_parse(abn_slice_trim(part), &value))
            return cli_usage(c, name, "\"%.*s\" is no number", (int)part.len, part.ptr);
        if (!(value >= least)) return cli_usage(c, name, "%g is below %g", value, least);
        out->value[out->n++] = value;
    }
    return out->n ? ABN_OK : cli_usage(c, name, "no value");
}
