/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <abnorm/status.h>

const char *abn_status_text(abn_status status)
{
    switch (status) {
#define ROW(name, code, text) \
    case ABN_##name:          \
        return text;
        ABN_STATUS_LIST(ROW)
#undef ROW
    }
    return "unknown status";
}

int abn_status_exit_code(abn_status status)
{
    switch (status) {
#define ROW(name, code, text) \
    case ABN_##name:          \
        return code;
        ABN_STATUS_LIST(ROW)
#undef ROW
    }
    return 70;
}
