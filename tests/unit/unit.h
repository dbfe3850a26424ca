/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmocka with what it needs, and a main that speaks TAP. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A test without its reference material says so and passes: cmocka's own skip() reads as a failure
 * to TAP. */
#undef skip
#define skip()                                                                         \
    do {                                                                               \
        printf("# skipped: %s needs reference material that is not here\n", __func__); \
        return;                                                                        \
    } while (0)

#define unit(f) cmocka_unit_test(f)
#define UNIT_MAIN(...)                                    \
    int main(void)                                        \
    {                                                     \
        const struct CMUnitTest tests[] = {__VA_ARGS__};  \
        cmocka_set_message_output(CM_OUTPUT_TAP);         \
        return cmocka_run_group_tests(tests, NULL, NULL); \
    }

#endif
