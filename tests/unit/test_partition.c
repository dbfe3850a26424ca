/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How listings are divided into blocks and among processes. */
#include "unit.h"

#include <abnorm/partition.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS = 5000, LISTINGS = 300 };

static char name[LISTINGS][8];
static abn_study_event event[EVENTS];

/* Listings have one event to many, in no order. */
static void make_events(void)
{
    unsigned seed = 7;
    for (int l = 0; l < LISTINGS; l++)
        snprintf(name[l], sizeof name[l], "L%d", (l * 37) % LISTINGS);
    for (int e = 0; e < EVENTS; e++) {
        seed = seed * 1103515245 + 12345;
        unsigned a = seed >> 16;
        event[e] = (abn_study_event){.symbol = name[(a % LISTINGS) * (a % 7) / 6]};
    }
}

static abn_partition *divide(size_t n, size_t ranks)
{
    abn_partition *p = NULL;
    assert_int_equal(abn_partition_make(event, n, ranks, &p, NULL), ABN_OK);
    return p;
}

static void test_blocks(void **state)
{
    (void)state;
    make_events();
    abn_partition *p = divide(EVENTS, 3);
    size_t *count = calloc(p->blocks, sizeof *count);
    for (size_t i = 0; i < EVENTS; i++) {
        assert_string_equal(p->symbol[p->symbol_of[i]], event[i].symbol);
        count[abn_partition_block(p, i)]++;
    }
    for (size_t s = 1; s < p->symbols; s++) {
        assert_true(strcmp(p->symbol[s - 1], p->symbol[s]) < 0);
        assert_true(p->block_of[s] - p->block_of[s - 1] <= 1);
        assert_true(p->rank_of[s] >= p->rank_of[s - 1]);
        if (p->rank_of[s] != p->rank_of[s - 1]) assert_true(p->block_of[s] != p->block_of[s - 1]);
    }
    for (size_t b = 0; b + 1 < p->blocks; b++)
        assert_true(count[b] >= EVENTS / 64);
    free(count);
    abn_partition_free(p);
}

static void test_ranks_change_no_block(void **state)
{
    (void)state;
    abn_partition *one = divide(EVENTS, 1);
    for (size_t ranks = 2; ranks <= 1000; ranks *= 3) {
        abn_partition *p = divide(EVENTS, ranks);
        assert_int_equal(p->blocks, one->blocks);
        size_t most = 0, own = 0;
        for (size_t i = 0; i < EVENTS; i++) {
            assert_int_equal(abn_partition_block(p, i), abn_partition_block(one, i));
            assert_true(abn_partition_rank(p, i) < ranks);
            own += abn_partition_rank(p, i) == ranks / 2;
            most += abn_partition_rank(one, i);
        }
        assert_int_equal(most, 0);
        if (ranks < 10) assert_true(own > EVENTS / ranks / 2 && own < 2 * EVENTS / ranks);
        abn_partition_free(p);
    }
    abn_partition_free(one);
}

static void test_owners(void **state)
{
    (void)state;
    abn_partition *p = divide(EVENTS, 4);
    for (size_t s = 0; s < p->symbols; s++)
        assert_int_equal(abn_partition_owner(p, p->symbol[s]), p->rank_of[s]);
    assert_int_equal(abn_partition_owner(p, "A"), 0);
    assert_int_equal(abn_partition_owner(p, "Z"), 3);
    size_t last = 0;
    for (int l = 0; l < LISTINGS; l++) { /* between two that have events */
        char other[16];
        snprintf(other, sizeof other, "%s ", p->symbol[(size_t)l * p->symbols / LISTINGS]);
        assert_true(abn_partition_owner(p, other) >= last);
        last = abn_partition_owner(p, other);
    }
    abn_partition_free(p);
    p = divide(0, 4);
    assert_int_equal(p->blocks, 0);
    assert_int_equal(abn_partition_owner(p, "A"), 0);
    abn_partition_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_ranks_change_no_block),
        cmocka_unit_test(test_owners),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
